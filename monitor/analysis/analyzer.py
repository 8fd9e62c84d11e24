"""One feedback in, one analysis out; pure, and safe to share between threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from monitor.analysis.clean import own_words
from monitor.analysis.emotion import EmotionModel, Weights
from monitor.analysis.grams import Grams
from monitor.analysis.journey import Journey, Place, Step
from monitor.analysis.language import Language, identify
from monitor.analysis.lexicon import Lexicon, LexiconScorer, Reading
from monitor.analysis.patterns import Patterns
from monitor.analysis.problem import WORKING, Given, Likelihood, ProblemModel
from monitor.analysis.sentiment import tone
from monitor.analysis.signals import Signals
from monitor.analysis.taught import Taught
from monitor.analysis.vader import VaderScorer, Weighed
from monitor.domain.feedback import Analysis, Feedback, Signal, Vader
from monitor.domain.tokens import words as words_of


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
        """`deep` also reads the words of complaints, names signals and finds the place in the
        journey.

        `lexicon`, `signals` and `journey` are a workspace's own files, laid over the shipped ones;
        `expected` is where the feedback of each source, by its id, belongs; `problem` is a model in
        place of the shipped one. Raises ConfigError.
        """
        self._vader = VaderScorer()
        self._lexicon = LexiconScorer(Lexicon.load(lexicon), self._vader) if deep else None
        #: what the team's verdicts have taught, laid over every analysis; may be exchanged at any
        #: time
        self.team: Taught | None = None
        self._named = (
            _Named.of(Signals.load(signals), Journey.load(journey, expected)) if deep else None
        )
        self._models = (
            _Models.of(problem or ProblemModel.load(), EmotionModel.load()) if deep else None
        )

    @property
    def signals(self) -> tuple[str, ...]:
        """The names of the signals that are looked for; none without `deep`."""
        return tuple(self._named.signals.about) if self._named else ()

    def analyze(self, feedback: Feedback) -> Analysis:
        """What can be read out of the feedback's own words and rating, and what the team has
        taught.
        """
        return self.analyze_all((feedback,))[0]

    def analyze_all(self, page: Sequence[Feedback]) -> list[Analysis]:
        """As `analyze` for each; a page of fifty takes two thirds of the time of fifty by
        themselves.
        """
        read, team = self.read_all(page), self.team
        return read if team is None else list(map(team.applied, page, read))

    def read(self, feedback: Feedback) -> Analysis:
        """What can be read out of the feedback's own words and rating."""
        return self.read_all((feedback,))[0]

    def read_all(self, page: Sequence[Feedback]) -> list[Analysis]:
        """As `read` for each, one stage after the other: so a stage's tables stay in the caches of
        the processor.
        """
        texts = [self._text(feedback) for feedback in page]
        readings = [self._reading(text) for text in texts]
        named = (
            [self._named.read(text) for text in texts]
            if self._named
            else [(None, None)] * len(texts)
        )
        weighed = [self._weighed(*row) for row in zip(texts, readings, named, strict=True)]
        return [_analysis(*row) for row in zip(texts, readings, named, weighed, strict=True)]

    def _text(self, feedback: Feedback) -> _Text:
        """The feedback's own words, with what the package says of them where they can be scored."""
        text = _readable(feedback)
        tokens, split = words_of(text), text.split()
        words = " ".join(tokens)
        language = identify(text, words, feedback.language, tokens)
        if language.unread:
            return _Text(feedback, text, words, tokens, split, language, None, None)
        rated = self._vader.weigh(text, split)
        return _Text(
            feedback,
            text,
            words,
            tokens,
            split,
            language,
            rated,
            Vader(**self._vader.scored(rated)),
        )

    def _reading(self, text: _Text) -> Reading | Vader | None:
        """The words with the lexicon laid over the package's, where they can be scored."""
        if self._lexicon is None or text.weighed is None:
            return text.vader
        return self._lexicon.read(text.text, text.split, text.weighed)

    def _weighed(self, text: _Text, reading: Reading | Vader | None, named: _Said) -> _Weighed:
        """What the models say; of words that are not scored, what the rating says."""
        feedback, vader = text.feedback, text.vader
        if self._models is None:
            return None, None
        if vader is None or not isinstance(reading, Reading):
            return self._models.problem.of_rating(
                feedback.rating
            ) if feedback.rating else None, None
        return self._models.read(
            Given(
                text.text,
                text.words,
                vader,
                reading,
                named[0] or (),
                feedback.question,
                feedback.rating,
                text.tokens,
            )
        )


class _Text(NamedTuple):
    """A feedback with its own words, and what the package says of them."""

    feedback: Feedback
    text: str
    words: str  #: normalised, one space between them
    tokens: Sequence[str]  #: the same, each by itself
    split: Sequence[str]  #: the text between its spaces
    language: Language
    weighed: Weighed | None  #: by the package; None where the words cannot be scored
    vader: Vader | None


#: The signals and the place in the journey; nothing without `deep`.
_Said = tuple[tuple[Signal, ...] | None, Step | None]
#: How likely a problem is, and a hint at the emotion.
_Weighed = tuple[Likelihood | None, str | None]


def _analysis(
    text: _Text, reading: Reading | Vader | None, named: _Said, weighed: _Weighed
) -> Analysis:
    """All that was read out of one feedback, and why its tone is what it is."""
    (signals, step), (likelihood, emotion), language = named, weighed, text.language
    probability = likelihood.probability if likelihood else None
    sentiment, why = tone(
        reading, text.feedback.rating, text.feedback.question, text.words, probability
    )
    if language.unread:
        why = (*why, f"the words are not scored ({language.unread})")
    if likelihood and likelihood.why:
        why = (*why, likelihood.why)
    return Analysis(
        text=text.text,
        words=text.words,
        language=language.code,
        unscored=language.unread,
        vader=text.vader,
        sentiment=sentiment,
        problem=probability,
        signals=signals,
        stage=step.stage if step else None,
        touchpoint=step.touchpoint if step else None,
        drivers=step.drivers if step else None,
        emotion=emotion,
        why=(*why, *step.why) if step else why,
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

    def read(self, text: _Text) -> _Said:
        found = self.patterns.find(text.text, text.words, text.tokens)
        return self.signals.among(found), self.journey.read(text.feedback, found)


def _readable(feedback: Feedback) -> str:
    """Title and own words; the title once, where a source repeats it at the head of the body."""
    body = own_words(feedback.body)
    title = feedback.title.strip()
    if not title or body.startswith(title.rstrip("…. ")):
        return body
    return f"{title}\n{body}" if body else title
