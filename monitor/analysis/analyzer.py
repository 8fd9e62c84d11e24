"""One feedback in, one analysis out; pure, and safe to share between threads."""

from __future__ import annotations

from monitor.analysis.clean import own_words
from monitor.analysis.language import unreadable
from monitor.analysis.sentiment import tone
from monitor.analysis.vader import VaderScorer
from monitor.feedback import Analysis, Feedback, Vader
from monitor.words import joined


class Analyzer:
    """Runs every analyzer over a feedback whose text is plain."""

    def __init__(self) -> None:
        self._vader = VaderScorer()

    def analyze(self, feedback: Feedback) -> Analysis:
        """What can be read out of the feedback's own words and rating."""
        text = _readable(feedback)
        words = joined(text)
        unscored = unreadable(text, words, feedback.language)
        vader = None if unscored else Vader(**self._vader.score(text))
        sentiment, why = tone(vader, feedback.rating)
        return Analysis(
            text=text,
            words=words,
            language=feedback.language,
            unscored=unscored,
            vader=vader,
            sentiment=sentiment,
            why=why if not unscored else (*why, f"the words are not scored ({unscored})"),
        )


def _readable(feedback: Feedback) -> str:
    """Title and own words; the title once, where a source repeats it at the head of the body."""
    body = own_words(feedback.body)
    title = feedback.title.strip()
    if not title or body.startswith(title.rstrip("…. ")):
        return body
    return f"{title}\n{body}" if body else title
