"""One feedback in, one analysis out; pure, and safe to share between threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.analysis.clean import own_words
from monitor.analysis.emotion import EmotionModel, Weights
from monitor.analysis.grams import Grams
from monitor.analysis.journey import Journey, Place, Step
from monitor.analysis.language import identify
from monitor.analysis.lexicon import Lexicon, LexiconScorer, Reading
from monitor.analysis.patterns import Patterns
from monitor.analysis.problem import WORKING, Given, Likelihood, ProblemModel
from monitor.analysis.sentiment import tone
from monitor.analysis.signals import Signals
from monitor.analysis.taught import Taught
from monitor.analysis.vader import VaderScorer
from monitor.feedback import Analysis, Feedback, Signal, Vader
from monitor.words import words as words_of


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
        self._lexicon = LexiconScorer(Lexicon.load(lexicon), self._vader) if deep else None
        #: what the team's verdicts have taught, laid over every analysis; may be exchanged at any time
        self.team: Taught | None = None
        self._named = _Named.of(Signals.load(signals), Journey.load(journey, expected)) if deep else None
        self._models = _Models.of(problem or ProblemModel.load(), EmotionModel.load()) if deep else None

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
        found, tokens = words_of(text), text.split()
        words = " ".join(found)
        read = identify(text, words, feedback.language, found)
        unscored = read.unread
        weighed = None if unscored else self._vader.weigh(text, tokens)
        vader = Vader(**self._vader.scored(weighed)) if weighed else None
        reading = self._lexicon.read(text, tokens, weighed) if self._lexicon and weighed else vader
        signals, step = self._named.read(feedback, text, words, found) if self._named else (None, None)
        likelihood, emotion = self._weighed(feedback, text, words, found, vader, reading, signals or ())
        probability = likelihood.probability if likelihood else None
        sentiment, why = tone(reading, feedback.rating, feedback.question, words, probability)
        if unscored:
            why = (*why, f"the words are not scored ({unscored})")
        if likelihood and likelihood.why:
            why = (*why, likelihood.why)
        return Analysis(
            text=text,
            words=words,
            language=read.code,
            unscored=unscored,
            vader=vader,
            sentiment=sentiment,
            problem=probability,
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
        tokens: Sequence[str],
        vader: Vader | None,
        reading: Reading | Vader | None,
        signals: tuple[Signal, ...],
    ) -> tuple[Likelihood | None, str | None]:
        """How likely it is a problem, and a hint at the emotion; of words that are not scored, what the rating says."""
        if self._models is None:
            return None, None
        if vader is None or not isinstance(reading, Reading):
            return self._models.problem.of_rating(feedback.rating) if feedback.rating else None, None
        return self._models.read(
            Given(
                text=text,
                words=words,
                vader=vader,
                reading=reading,
                signals=signals,
                question=feedback.question,
                rating=feedback.rating,
                tokens=tokens,
            )
        )


@dataclass(frozen=True, slots=True)
class _Models:
    """The linear models, with the words and pairs of both, which are found in one pass."""

    problem: ProblemModel
    emotion: EmotionModel
    grams: Grams[tuple[float | None, Weights | None]]

    @classmethod
    def of(cls, problem: ProblemModel, emotion: EmotionModel) -> _Models:
        return cls(problem, emotion, problem.grams & emotion.grams)

    def read(self, given: Given) -> tuple[Likelihood, str | None]:
        """How likely it is a problem, and a hint at the emotion."""
        found = self.grams.find(given.tokens)
        weights = {gram: weight for gram, (weight, _) in found.items() if weight is not None}
        felt = [each for _, each in found.values() if each is not None]
        likelihood = self.problem.score(given, weights)
        return likelihood, self.emotion.shown(felt, problem=likelihood.probability >= WORKING)


@dataclass(frozen=True, slots=True)
class _Named:
    """What patterns find: signals and the journey, in one pass over the words."""

    signals: Signals
    journey: Journey
    patterns: Patterns

    @classmethod
    def of(cls, signals: Signals, journey: Journey) -> _Named:
        return cls(signals, journey, signals.patterns | journey.patterns)

    def read(self, feedback: Feedback, text: str, words: str, tokens: Sequence[str]) -> tuple[tuple[Signal, ...], Step]:
        found = self.patterns.find(text, words, tokens)
        return self.signals.among(found), self.journey.read(feedback, found)


def _readable(feedback: Feedback) -> str:
    """Title and own words; the title once, where a source repeats it at the head of the body."""
    body = own_words(feedback.body)
    title = feedback.title.strip()
    if not title or body.startswith(title.rstrip("…. ")):
        return body
    return f"{title}\n{body}" if body else title
