"""One feedback in, one analysis out; pure, and safe to share between threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from monitor.analysis.clean import strip_quoted_text
from monitor.analysis.cues import CueFinder
from monitor.analysis.emotion import EmotionModel, EmotionWeights
from monitor.analysis.grams import NGramTablePair
from monitor.analysis.journey import JourneyClassifier, JourneyPlace, JourneyResult
from monitor.analysis.language import Language, identify_language
from monitor.analysis.lexicon import Lexicon, LexiconScore, LexiconScorer
from monitor.analysis.patterns import PatternSet
from monitor.analysis.problem import WORKING, ProblemInput, ProblemLikelihood, ProblemModel
from monitor.analysis.sentiment import decide_sentiment
from monitor.analysis.signals import SignalFinder
from monitor.analysis.spelling import Spelling
from monitor.analysis.taught import ActiveTeamModels
from monitor.analysis.vader import VaderScorer, WeighedText
from monitor.domain.feedback import Analysis, Feedback, Signal, VaderScores
from monitor.domain.tokens import tokenize as words_of


class Analyzer:
    """Runs every analyzer over a feedback whose text is plain."""

    def __init__(
        self,
        *,
        deep: bool = True,
        lexicon: Path | None = None,
        signals: Path | None = None,
        journey: Path | None = None,
        expected: Mapping[str, JourneyPlace] | None = None,
        problem: ProblemModel | None = None,
    ) -> None:
        """Load the tables; with `deep`, also those for complaints, signals and the journey.

        `lexicon`, `signals` and `journey` are a workspace's own files, laid over the shipped ones;
        `expected` is where the feedback of each source, by its id, belongs; `problem` is a model in
        place of the shipped one. Raises ConfigError.
        """
        self._vader, self._spelling = VaderScorer(), Spelling.load()
        self._lexicon = LexiconScorer(Lexicon.load(lexicon), self._vader) if deep else None
        #: what the team's verdicts have taught, laid over every analysis; may be exchanged at any
        #: time
        self.team: ActiveTeamModels | None = None
        self._finders: _PatternFinders | None = None
        self._models: _LinearModels | None = None
        if deep:
            self._finders = _PatternFinders.from_finders(
                SignalFinder.load(signals),
                JourneyClassifier.load(journey, expected),
                CueFinder.load(),
            )
            self._models = _LinearModels.from_models(
                problem or ProblemModel.load(), EmotionModel.load()
            )

    @property
    def signal_names(self) -> tuple[str, ...]:
        """The names of the signals that are looked for; none without `deep`."""
        return tuple(self._finders.signals.about) if self._finders else ()

    def analyze(self, feedback: Feedback) -> Analysis:
        """Return what the feedback's own words and rating say, and what the team has taught."""
        return self.analyze_all((feedback,))[0]

    def analyze_all(self, page: Sequence[Feedback]) -> list[Analysis]:
        """Return the analysis of each feedback of a page, as `analyze` would.

        A page of fifty takes two thirds of the time of fifty calls.
        """
        analyses = self.analyze_all_without_team(page)
        team = self.team  # once: it may be exchanged at any time
        if team is None:
            return analyses
        return list(map(team.apply_to_analysis, page, analyses))

    def analyze_without_team(self, feedback: Feedback) -> Analysis:
        """Return what the feedback's own words and rating say."""
        return self.analyze_all_without_team((feedback,))[0]

    def analyze_all_without_team(self, page: Sequence[Feedback]) -> list[Analysis]:
        """Return the analysis of each feedback of a page, as `analyze_without_team` would.

        One stage runs over the whole page before the next, so that its tables stay in the
        processor's caches.
        """
        texts = [self._prepare_text(feedback) for feedback in page]
        readings = [self._score_with_lexicon(text) for text in texts]
        findings = [_NOTHING_FOUND] * len(texts)
        if self._finders:
            findings = [self._finders.find_in_text(text) for text in texts]
        scores = [self._apply_models(*row) for row in zip(texts, readings, findings, strict=True)]
        rows = zip(texts, readings, findings, scores, strict=True)
        return [_build_analysis(*row) for row in rows]

    def _prepare_text(self, feedback: Feedback) -> _PreparedText:
        """Return the feedback's own words, with VADER's scores where they can be scored."""
        text = _merge_title_and_body(feedback)
        tokens, split = words_of(text), text.split()
        words = " ".join(tokens)
        language = identify_language(text, words, feedback.language, tokens)
        if language.unread:
            return _PreparedText(feedback, text, words, tokens, split, language, None, None)
        meant = self._spelling.read_tokens(tokens)
        weighed = self._vader.weigh_text(text, split)
        scores = VaderScores(**self._vader.score_weighed(weighed))
        return _PreparedText(feedback, text, words, meant, split, language, weighed, scores)

    def _score_with_lexicon(self, text: _PreparedText) -> LexiconScore | VaderScores | None:
        """Score the words with the feedback lexicon; without it, return VADER's scores.

        None where the words cannot be scored.
        """
        if self._lexicon is None or text.weighed is None:
            return text.vader
        return self._lexicon.score(text.text, text.split, text.weighed)

    def _apply_models(
        self,
        text: _PreparedText,
        reading: LexiconScore | VaderScores | None,
        findings: _PatternFindings,
    ) -> _ModelScores:
        """Run the models; on words that are not scored, the rating alone counts."""
        feedback, vader = text.feedback, text.vader
        if self._models is None:
            return None, None
        if vader is None or not isinstance(reading, LexiconScore):
            if feedback.rating is None:
                return None, None
            return self._models.problem.score_rating(feedback.rating), None
        tokens = text.tokens
        if self._finders and findings.cues:
            tokens = self._finders.cues.take_back_praise(tokens, findings.cues)
        return self._models.score_text(
            ProblemInput(
                text.text,
                text.words,
                vader,
                reading,
                findings.signals or (),
                findings.cues,
                feedback.question,
                feedback.rating,
                tokens,
            )
        )


class _PreparedText(NamedTuple):
    """A feedback with its own words, and VADER's scores of them."""

    feedback: Feedback
    text: str
    words: str  #: normalised, one space between them
    tokens: Sequence[str]  #: the same, each by itself and as it is meant
    split: Sequence[str]  #: the text between its spaces
    language: Language
    weighed: WeighedText | None  #: by the package; None where the words cannot be scored
    vader: VaderScores | None


class _PatternFindings(NamedTuple):
    """What patterns find in one text; nothing without `deep`."""

    signals: tuple[Signal, ...] | None = None
    journey: JourneyResult | None = None
    cues: Mapping[str, tuple[str, ...]] = MappingProxyType({})


_NOTHING_FOUND = _PatternFindings()
#: How likely a problem is, and a hint at the emotion.
_ModelScores = tuple[ProblemLikelihood | None, str | None]


def _build_analysis(
    text: _PreparedText,
    reading: LexiconScore | VaderScores | None,
    findings: _PatternFindings,
    scores: _ModelScores,
) -> Analysis:
    """Join all that was read out of one feedback, and why its tone is what it is."""
    likelihood, emotion = scores
    language = text.language
    probability = None if likelihood is None else likelihood.probability
    sentiment, why = decide_sentiment(
        reading, text.feedback.rating, text.feedback.question, text.words, probability
    )
    if language.unread:
        why = (*why, f"the words are not scored ({language.unread})")
    if likelihood and likelihood.why:
        why = (*why, likelihood.why)
    stage = touchpoint = drivers = None
    if findings.journey:
        stage, touchpoint, drivers, journey_why = findings.journey
        why = (*why, *journey_why)
    return Analysis(
        text=text.text,
        words=text.words,
        language=language.code,
        unscored=language.unread,
        vader=text.vader,
        sentiment=sentiment,
        problem=probability,
        signals=findings.signals,
        stage=stage,
        touchpoint=touchpoint,
        drivers=drivers,
        emotion=emotion,
        why=why,
    )


@dataclass(frozen=True, slots=True)
class _LinearModels:
    """The linear models, and the n-grams of both in one table, which one pass finds."""

    problem: ProblemModel
    emotion: EmotionModel
    grams: NGramTablePair[float, EmotionWeights]

    @classmethod
    def from_models(cls, problem: ProblemModel, emotion: EmotionModel) -> _LinearModels:
        return cls(problem, emotion, problem.grams & emotion.grams)

    def score_text(self, given: ProblemInput) -> tuple[ProblemLikelihood, str | None]:
        """Return how likely it is a problem, and a hint at the emotion."""
        troubling, felt = self.grams.find_known(given.tokens)
        likelihood = self.problem.score(given, troubling)
        is_problem = likelihood.probability >= WORKING
        return likelihood, self.emotion.hint_for_weights(felt.values(), problem=is_problem)


@dataclass(frozen=True, slots=True)
class _PatternFinders:
    """Signals, the journey and cues, found by patterns in one pass over the words."""

    signals: SignalFinder
    journey: JourneyClassifier
    cues: CueFinder
    patterns: PatternSet

    @classmethod
    def from_finders(
        cls, signals: SignalFinder, journey: JourneyClassifier, cues: CueFinder
    ) -> _PatternFinders:
        return cls(signals, journey, cues, signals.patterns | journey.patterns | cues.patterns)

    def find_in_text(self, text: _PreparedText) -> _PatternFindings:
        found = self.patterns.find_in_text(text.text, text.words, text.tokens)
        return _PatternFindings(
            self.signals.select_signals(found),
            self.journey.classify_feedback(text.feedback, found),
            self.cues.select_cues(found),
        )


def _merge_title_and_body(feedback: Feedback) -> str:
    """Return title and own words; the title once, where the body repeats it at its head."""
    body = strip_quoted_text(feedback.body)
    title = feedback.title.strip()
    if not title or body.startswith(title.rstrip("…. ")):
        return body
    return f"{title}\n{body}" if body else title
