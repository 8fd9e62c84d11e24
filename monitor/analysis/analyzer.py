"""One feedback in, one analysis out; pure, and safe to share between threads."""

from __future__ import annotations

from pathlib import Path

from monitor.analysis.clean import own_words
from monitor.analysis.language import identify
from monitor.analysis.lexicon import Lexicon, LexiconScorer
from monitor.analysis.sentiment import tone
from monitor.analysis.signals import Signals
from monitor.analysis.vader import VaderScorer
from monitor.feedback import Analysis, Feedback, Vader
from monitor.words import joined


class Analyzer:
    """Runs every analyzer over a feedback whose text is plain."""

    def __init__(self, *, deep: bool = True, lexicon: Path | None = None, signals: Path | None = None) -> None:
        """`deep` also reads the words of complaints and names signals, at about twice the time.

        `lexicon` and `signals` are a workspace's own files, laid over the shipped ones. Raises ConfigError.
        """
        self._vader = VaderScorer()
        self._lexicon = LexiconScorer(Lexicon.load(lexicon)) if deep else None
        self._signals = Signals.load(signals) if deep else None

    def analyze(self, feedback: Feedback) -> Analysis:
        """What can be read out of the feedback's own words and rating."""
        text = _readable(feedback)
        words = joined(text)
        read = identify(text, words, feedback.language)
        unscored = read.unread
        vader = None if unscored else Vader(**self._vader.score(text))
        reading = self._lexicon.read(text) if self._lexicon and not unscored else vader
        sentiment, why = tone(reading, feedback.rating, feedback.question, words)
        return Analysis(
            text=text,
            words=words,
            language=read.code,
            unscored=unscored,
            vader=vader,
            sentiment=sentiment,
            signals=self._signals.find(text, words) if self._signals else None,
            why=why if not unscored else (*why, f"the words are not scored ({unscored})"),
        )


def _readable(feedback: Feedback) -> str:
    """Title and own words; the title once, where a source repeats it at the head of the body."""
    body = own_words(feedback.body)
    title = feedback.title.strip()
    if not title or body.startswith(title.rstrip("…. ")):
        return body
    return f"{title}\n{body}" if body else title
