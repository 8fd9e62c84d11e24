"""One feedback in, one analysis out; pure, and safe to share between threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.analysis.clean import own_words
from monitor.analysis.emotion import EmotionModel
from monitor.analysis.journey import Journey, Place, Step
from monitor.analysis.language import identify
from monitor.analysis.learning import TeamModel
from monitor.analysis.lexicon import Lexicon, LexiconScorer, Reading
from monitor.analysis.patterns import Patterns
from monitor.analysis.problem import WORKING, Given, Likelihood, ProblemModel
from monitor.analysis.sentiment import tone
from monitor.analysis.signals import Signals
from monitor.analysis.vader import VaderScorer
from monitor.feedback import Analysis, Feedback, Signal, Vader
from monitor.words import joined


class Analyzer:
    """Runs every analyzer over a feedback whose text is plain."""

    def __init__(
        self,
        *,
        deep: bool = True,
        lexicon: Path | None = None,
        signals: Path | None = None,
        journey: Path | None = None,
        expected: Mapping[str, Place] | None = None,
        problem: ProblemModel | None = None,
    ) -> None:
        """`deep` also reads the words of complaints, names signals and finds the place in the journey.

        `lexicon`, `signals` and `journey` are a workspace's own files, laid over the shipped ones; `expected` is where
        the feedback of each source, by its id, belongs; `problem` is a model in place of the shipped one. Raises
        ConfigError.
        """
        self._vader = VaderScorer()
        self._lexicon = LexiconScorer(Lexicon.load(lexicon)) if deep else None
        #: what the team's verdicts have taught, laid over every analysis; may be exchanged at any time
        self.team: TeamModel | None = None
        self._named = _Named.of(Signals.load(signals), Journey.load(journey, expected)) if deep else None
        self._models = (problem or ProblemModel.load(), EmotionModel.load()) if deep else None

    @property
    def signals(self) -> tuple[str, ...]:
        """The names of the signals that are looked for; none without `deep`."""
        return tuple(self._named.signals.about) if self._named else ()

    def analyze(self, feedback: Feedback) -> Analysis:
        """What can be read out of the feedback's own words and rating, and what the team has taught."""
        analysis, team = self.read(feedback), self.team
        return analysis if team is None else team.applied(feedback, analysis)

    def read(self, feedback: Feedback) -> Analysis:
        """What can be read out of the feedback's own words and rating."""
        text = _readable(feedback)
        words, tokens = joined(text), text.split()
        read = identify(text, words, feedback.language)
        unscored = read.unread
        vader = None if unscored else Vader(**self._vader.score(text, tokens))
        reading = self._lexicon.read(text, tokens) if self._lexicon and not unscored else vader
        sentiment, why = tone(reading, feedback.rating, feedback.question, words)
        if unscored:
            why = (*why, f"the words are not scored ({unscored})")
        signals, step = self._named.read(feedback, text, words) if self._named else (None, None)
        likelihood, emotion = self._weighed(feedback, text, words, vader, reading, signals or ())
        if likelihood and likelihood.why:
            why = (*why, likelihood.why)
        return Analysis(
            text=text,
            words=words,
            language=read.code,
            unscored=unscored,
            vader=vader,
            sentiment=sentiment,
            problem=likelihood.probability if likelihood else None,
            signals=signals,
            stage=step.stage if step else None,
            touchpoint=step.touchpoint if step else None,
            drivers=step.drivers if step else None,
            emotion=emotion,
            why=(*why, *step.why) if step else why,
        )

    def _weighed(
        self,
        feedback: Feedback,
        text: str,
        words: str,
        vader: Vader | None,
        reading: Reading | Vader | None,
        signals: tuple[Signal, ...],
    ) -> tuple[Likelihood | None, str | None]:
        """How likely it is a problem, and a hint at the emotion; of words that are not scored, what the rating says."""
        if self._models is None:
            return None, None
        problem, emotion = self._models
        if vader is None or not isinstance(reading, Reading):
            return problem.of_rating(feedback.rating) if feedback.rating else None, None
        likelihood = problem.score(
            Given(
                text=text,
                words=words,
                vader=vader,
                reading=reading,
                signals=signals,
                question=feedback.question,
                rating=feedback.rating,
            )
        )
        return likelihood, emotion.hint(words, problem=likelihood.probability >= WORKING)


@dataclass(frozen=True, slots=True)
class _Named:
    """What patterns find: signals and the journey, in one pass over the words."""

    signals: Signals
    journey: Journey
    patterns: Patterns

    @classmethod
    def of(cls, signals: Signals, journey: Journey) -> _Named:
        return cls(signals, journey, signals.patterns | journey.patterns)

    def read(self, feedback: Feedback, text: str, words: str) -> tuple[tuple[Signal, ...], Step]:
        found = self.patterns.find(text, words)
        return self.signals.among(found), self.journey.read(feedback, found)


def _readable(feedback: Feedback) -> str:
    """Title and own words; the title once, where a source repeats it at the head of the body."""
    body = own_words(feedback.body)
    title = feedback.title.strip()
    if not title or body.startswith(title.rstrip("…. ")):
        return body
    return f"{title}\n{body}" if body else title
