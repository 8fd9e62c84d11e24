"""The team's problem model: what needs a human here, by the verdicts of those who handle it.

A logistic model over words, pairs of words and what the other analyzers read. It is trained anew
from all verdicts, which takes a moment, and used only where it was measured to be better than the
shipped model on verdicts that it had not seen. It is kept as plain JSON; scoring needs no library.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from monitor.analysis.cross_validation import assign_folds, count_independent, iter_splits
from monitor.analysis.problem import WORKING, to_probability
from monitor.domain.feedback import Analysis, Feedback
from monitor.domain.quoting import quote_words
from monitor.errors import LearningError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Labels from which on anything is learned, and how many of them must say yes and no.
ENOUGH: Final = 50
ENOUGH_OF_EACH: Final = 5
#: Texts that must hold a word or a pair before it is kept: nobody's own words are remembered.
KNOWN_FROM: Final = 3
MOST_TERMS: Final = 5_000
#: Precision is compared where both find as much as the shipped model does, within these limits.
LEAST_RECALL, MOST_RECALL = 0.7, 0.9
MOST_SHOWN: Final = 3  #: words that are named with a probability

_INVERSE_REGULARISATION: Final = 2.0  # C of LogisticRegression
_RECALL_TOLERANCE: Final = 0.1  # that is forgiven: of 50 labels, two or three
_DIGITS: Final = 6
_MOST_WORDS: Final = 2_000  # words of a text that are looked at


class TrainingItem(Protocol):
    """What a model looks at in a feedback."""

    @property
    def words(self) -> str:
        """The words, normalised, one space between them."""

    @property
    def measures(self) -> Mapping[str, float]:
        """What is looked at beside the words, by name."""


_Label = TypeVar("_Label", bool, str)


@dataclass(frozen=True, slots=True)
class ProblemExample:
    """A feedback that somebody judged."""

    words: str  #: normalised, one space between them
    measures: Mapping[str, float]
    before: float  #: the probability that the shipped model gives it
    needed: bool  #: whether it needed a human
    act: str = ""  #: of the person who said so: one click may be about all feedback of an alert


@dataclass(frozen=True, slots=True)
class ModelQuality:
    """How good a score was on labels that it had not seen."""

    precision: float
    recall: float
    auc: float


@dataclass(frozen=True, slots=True)
class ProblemFigures:
    """What was measured in training, by cross-validation."""

    labels: int
    needed: int  #: how many of them needed a human
    team: ModelQuality | None = None  #: None where there were too few labels to measure
    shipped: ModelQuality | None = None
    aim: float = 0.0  #: the recall at which they were compared

    @property
    def is_better(self) -> bool:
        """Whether the team's model ranks better and is more precise at the same recall."""
        if self.team is None or self.shipped is None:
            return False
        finds_enough = self.team.recall >= round(self.aim - _RECALL_TOLERANCE, 3)
        return (
            finds_enough
            and self.team.precision > self.shipped.precision
            and self.team.auc >= self.shipped.auc
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class TeamProblemModel:
    """What was learned; scores as the trained model does, to the sixth digit."""

    bias: float  #: log-odds
    #: a word, or two with a space: its rarity and its weight
    terms: Mapping[str, tuple[float, float]]
    measures: Mapping[str, float]  #: weights
    labels: int  #: that it was trained on

    def to_json(self) -> str:
        """Return the model as one JSON document."""
        document = {
            "bias": self.bias,
            "labels": self.labels,
            "measures": dict(self.measures),
            "terms": {term: list(pair) for term, pair in self.terms.items()},
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> TeamProblemModel:
        """Read the model from its JSON; raises LearningError when it is not one."""
        try:
            read = json.loads(text)
            return cls(
                bias=float(read["bias"]),
                terms={
                    str(term): (float(rarity), float(weight))
                    for term, (rarity, weight) in read["terms"].items()
                },
                measures={str(name): float(weight) for name, weight in read["measures"].items()},
                labels=int(read["labels"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise LearningError(
                "the team's model cannot be read; run `repwatch model train`"
            ) from None

    def score(self, words: str, measures: Mapping[str, float]) -> tuple[float, tuple[str, ...]]:
        """Return the probability that it needs a human, and the words that speak most for it.

        The probability has three decimals.
        """
        contributions = self._term_contributions(words)
        probability = to_probability(self._sum_log_odds(contributions, measures))
        speaking_for = [term for term in contributions if contributions[term] > 0]
        speaking_for.sort(key=lambda term: (-contributions[term], term))
        return probability, tuple(speaking_for[:MOST_SHOWN])

    def log_odds(self, words: str, measures: Mapping[str, float]) -> float:
        """Return the log-odds that it needs a human."""
        return self._sum_log_odds(self._term_contributions(words), measures)

    def _sum_log_odds(
        self, contributions: Mapping[str, float], measures: Mapping[str, float]
    ) -> float:
        of_measures = sum(self.measures.get(name, 0.0) * value for name, value in measures.items())
        return self.bias + sum(contributions.values()) + of_measures

    def _term_contributions(self, words: str) -> dict[str, float]:
        """Return what each known term of a text adds to the log-odds."""
        return {
            term: value * self.terms[term][1]
            for term, value in weigh_terms(words, self.terms).items()
        }

    def apply_to_analysis(self, feedback: Feedback, analysis: Analysis) -> Analysis:
        """Return the analysis with the team's probability in place of the shipped one.

        It stays as it is where the words cannot be read.
        """
        if analysis.unscored or analysis.problem is None:
            return analysis
        probability, words = self.score(analysis.words, analysis_measures(feedback, analysis))
        named = f": {quote_words(words)}" if words and probability >= WORKING else ""
        line = (
            f"by {self.labels} verdicts of your team {probability:.0%}, "
            f"instead of {analysis.problem:.0%}{named}"
        )
        return replace(analysis, problem=probability, why=(*analysis.why, line))


def make_problem_example(
    feedback: Feedback, analysis: Analysis, *, needed: bool, act: str = ""
) -> ProblemExample:
    """Return an example to learn from: a feedback and whether it needed a human.

    `analysis` was made without a team's model.
    """
    return ProblemExample(
        analysis.words, analysis_measures(feedback, analysis), analysis.problem or 0.0, needed, act
    )


def analysis_measures(feedback: Feedback, analysis: Analysis) -> dict[str, float]:
    """Return what is looked at beside the words, by name; each about -1 to 1."""
    found: dict[str, float] = {}
    if analysis.problem is not None:
        found["problem"] = _to_log_odds(analysis.problem) / 4
    if vader := analysis.vader:
        found |= {
            "compound": vader.compound,
            "neg": vader.neg,
            "pos": vader.pos,
            "balance": vader.neg - vader.pos,
        }
    if feedback.rating is not None:
        found |= {"rated": 1.0, "stars": (feedback.rating.stars - 3) / 2}
    return found | {f"signal {signal.name}": 1.0 for signal in analysis.signals or ()}


def iter_terms(words: str) -> Iterator[str]:
    """Yield the words and pairs of a text, of its first 2,000 words.

    Words that are not all letters are left out: a number or a code may stand for one person.
    """
    tokens = words.split(" ", _MOST_WORDS)[:_MOST_WORDS]
    before = ""
    for token in tokens:
        if not token.replace("'", "").isalpha():
            before = ""
            continue
        yield token
        if before:
            yield f"{before} {token}"
        before = token


def weigh_terms(words: str, known: Mapping[str, tuple[float, Any]]) -> dict[str, float]:
    """Return the TF-IDF weights of the known terms of a text: (1 + ln count) * rarity, L2 norm 1.

    `known` is, by term, its rarity (inverse document frequency) and something else.
    """
    counts = Counter(term for term in iter_terms(words) if term in known)
    values = {term: (1 + math.log(count)) * known[term][0] for term, count in counts.items()}
    norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {term: value / norm for term, value in values.items()}


def train_problem_model(
    examples: Sequence[ProblemExample],
) -> tuple[TeamProblemModel | None, ProblemFigures]:
    """Return the model that the examples teach, and its figures from cross-validation.

    The model is None where there are too few examples to learn from. Its bias is shifted so that
    WORKING, the threshold of the shipped model, finds as much as that model does there, within
    LEAST_RECALL and MOST_RECALL.
    """
    labels = [item.needed for item in examples]
    figures = ProblemFigures(len(labels), sum(labels))
    folds = assign_folds([item.words for item in examples], labels, [item.act for item in examples])
    if len(labels) < ENOUGH or not _has_enough_of_each(examples, folds):
        return None, figures
    import numpy as np

    needed = np.array(labels)
    shipped = np.array([item.before for item in examples])
    team = np.zeros(len(labels))
    for training, held_out in iter_splits(folds):
        learned = _fit_problem_model([examples[at] for at in training])
        for at in held_out:
            team[at] = learned.log_odds(examples[at].words, examples[at].measures)
    aim = min(MOST_RECALL, max(LEAST_RECALL, float(np.mean(shipped[needed] >= WORKING))))
    figures = replace(
        figures,
        team=_measure_quality(team, needed, folds, aim),
        shipped=_measure_quality(shipped, needed, folds, aim),
        aim=round(aim, 3),
    )
    model = _fit_problem_model(examples)
    threshold = _threshold_for_recall(team[needed], aim)
    bias = round(model.bias - threshold + _to_log_odds(WORKING), _DIGITS)
    return replace(model, bias=bias), figures


def _has_enough_of_each(examples: Sequence[ProblemExample], folds: Sequence[int]) -> bool:
    """Return whether both answers are given often enough, and in every part to learn from."""
    for needed in (True, False):
        given = [item for item in examples if item.needed is needed]
        if count_independent(given) < ENOUGH_OF_EACH:
            return False
    answers = [{examples[at].needed for at in training} for training, _ in iter_splits(folds)]
    return all(len(answer) == 2 for answer in answers)


def _fit_problem_model(examples: Sequence[ProblemExample]) -> TeamProblemModel:
    learned = fit_logistic(examples, [item.needed for item in examples])
    return TeamProblemModel(
        bias=learned.biases[-1],
        terms={term: (rarity, weights[-1]) for term, (rarity, weights) in learned.terms.items()},
        measures={name: weights[-1] for name, weights in learned.measures.items()},
        labels=len(examples),
    )


@dataclass(frozen=True, slots=True)
class FittedModel:
    """A logistic model over terms and measures; of two classes the first has no weights."""

    classes: tuple[Any, ...]  #: sorted
    biases: tuple[float, ...]
    terms: Mapping[str, tuple[float, tuple[float, ...]]]  #: rarity, and the weight for each class
    measures: Mapping[str, tuple[float, ...]]


def fit_logistic(items: Sequence[TrainingItem], labels: Sequence[_Label]) -> FittedModel:
    """Fit the model that tells the labels apart; items and labels are parallel."""
    import numpy as np
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    names = sorted({name for item in items for name in item.measures})
    columns = csr_matrix([[item.measures.get(name, 0.0) for name in names] for item in items])
    vectorizer = TfidfVectorizer(
        analyzer=iter_terms, sublinear_tf=True, min_df=KNOWN_FROM, max_features=MOST_TERMS
    )
    known: list[str] = []
    rarity: list[float] = []
    with suppress(ValueError):  # that no word is in three texts
        columns = hstack(
            [vectorizer.fit_transform([item.words for item in items]), columns]
        ).tocsr()
        known, rarity = vectorizer.get_feature_names_out().tolist(), vectorizer.idf_.tolist()
    # Of the solvers the one that needs no threads, which take longer to meet than so small a model
    # does to learn.
    learner = LogisticRegression(
        C=_INVERSE_REGULARISATION, class_weight="balanced", max_iter=1000, solver="newton-cg"
    )
    learner.fit(columns, labels)
    coefficients, biases = learner.coef_.round(_DIGITS), learner.intercept_.round(_DIGITS)
    if len(coefficients) == 1:  # of two classes: the first gets weights of 0
        coefficients = np.vstack([np.zeros_like(coefficients), coefficients])
        biases = np.append(0.0, biases)
    weights = [tuple(row) for row in coefficients.T.tolist()]  # of the terms, then of the measures
    pairs = zip((round(idf, _DIGITS) for idf in rarity), weights, strict=False)
    return FittedModel(
        classes=tuple(learner.classes_.tolist()),
        biases=tuple(biases.tolist()),
        terms=dict(zip(known, pairs, strict=True)),
        measures=dict(zip(names, weights[len(known) :], strict=True)),
    )


def _measure_quality(
    scores: NDArray[np.float64], needed: NDArray[np.bool_], folds: Sequence[int], aim: float
) -> ModelQuality:
    """Measure scores, each fold with the threshold that finds `aim` of the other folds.

    `scores`, `needed` and `folds` are parallel; `aim` is a recall.
    """
    import numpy as np
    from sklearn.metrics import roc_auc_score

    flagged = np.zeros(len(scores), np.bool_)
    for training, held_out in iter_splits(folds):
        found_elsewhere = scores[[at for at in training if needed[at]]]
        flagged[held_out] = scores[held_out] >= _threshold_for_recall(found_elsewhere, aim)
    right = int(np.sum(flagged & needed))
    return ModelQuality(
        precision=round(right / max(1, int(np.sum(flagged))), 3),
        recall=round(right / int(np.sum(needed)), 3),
        auc=round(float(roc_auc_score(needed, scores)), 3),
    )


def _threshold_for_recall(scores: NDArray[np.float64], aim: float) -> float:
    """Return the highest threshold that at least the share `aim` of the scores reaches."""
    ranked = sorted(scores.tolist(), reverse=True)
    return float(ranked[max(0, math.ceil(aim * len(ranked)) - 1)])


def _to_log_odds(probability: float) -> float:
    kept = min(0.999, max(0.001, probability))
    return math.log(kept / (1 - kept))
