"""The team's stage model: where feedback belongs here, by the stages that people corrected.

Only what is wrong gets corrected, so corrections alone would praise whatever contradicts the
patterns. So what people judged and left as it was, also where the patterns were unsure, counts for
the patterns, in learning and in measuring: a model that had not learned where to be silent would
place everything. Where it is not sure, the patterns' stage stays. It is kept as plain JSON;
predicting needs no library.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from monitor.analysis.cross_validation import (
    FOLDS,
    assign_folds,
    count_independent,
    iter_splits,
)
from monitor.analysis.learning import MOST_SHOWN, analysis_measures, fit_logistic, weigh_terms
from monitor.domain.feedback import Analysis, Feedback
from monitor.domain.quoting import quote_words
from monitor.errors import LearningError

#: Corrected feedback from which on anything is learned.
ENOUGH: Final = 50
#: Different texts of a stage before it can be an answer: one for each part that is kept aside in
#: turn.
ENOUGH_OF_EACH: Final = FOLDS
#: The part of its changes that must be right where silence counts against it, and how many say
#: anything.
PRECISE, MEASURED_FROM = 0.5, 5

#: By how much the likeliest stage may have to be likelier than the next.
_MARGINS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_NEVER: Final = 1.0
_SIGNIFICANCE: Final = 0.05  # one chance in twenty
_OTHER: Final = ""  # stands for the stages that were seen too rarely, and for no answer


@dataclass(frozen=True, slots=True)
class StageExample:
    """A feedback with the stage that people gave it, or left it."""

    words: str  #: normalised, one space between them
    measures: Mapping[str, float]
    before: str  #: the stage that the shipped patterns read
    stage: str  #: the one that it should have
    corrected: bool  #: False where people judged it and let the stage stand
    act: str = ""  #: of the person who said so: one click may be about all feedback of an alert


@dataclass(frozen=True, slots=True)
class StageFigures:
    """What was measured in training, by cross-validation."""

    corrections: int
    left: int  #: whose stage people let stand
    right: int = 0  #: of all these, as they would be shown with the team's model
    shipped: int = 0  #: of all these, as the patterns read them
    changed: int = 0  #: which the model reads otherwise than the patterns
    changed_right: int = 0
    stages: tuple[str, ...] = ()  #: that it can answer; none where there was too little to measure

    @property
    def is_better(self) -> bool:
        """Whether more changes were right than wrong, by more than luck."""
        return (
            self.changed >= MEASURED_FROM
            and _sign_test_p_value(self.changed_right, self.changed) <= _SIGNIFICANCE
        )

    def as_dict(self) -> dict[str, Any]:
        """The figures as plain values."""
        return asdict(self) | {"stages": list(self.stages)}


@dataclass(frozen=True, slots=True)
class StageModel:
    """What was learned; answers as the trained model does, or not at all."""

    stages: tuple[str, ...]  #: "" for those that were seen too rarely
    biases: tuple[float, ...]  #: of each stage
    #: a word, or two with a space: its rarity and its weights
    terms: Mapping[str, tuple[float, tuple[float, ...]]]
    measures: Mapping[str, tuple[float, ...]]  #: weights
    margin: float = _NEVER  #: by which the likeliest stage must be likelier than the next
    corrections: int = 0  #: that it was trained on
    measured: tuple[int, int, int] = (0, 0, 0)  #: right with it, right without, of how many

    def __post_init__(self) -> None:
        """Raise ValueError for fewer than two stages, or without a weight for each."""
        rows = (self.biases, *self.measures.values(), *(row for _, row in self.terms.values()))
        if len(self.stages) < 2 or any(len(row) != len(self.stages) for row in rows):
            raise ValueError("a model needs two stages, and weights for each")

    def to_json(self) -> str:
        """Return the model as one JSON document."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> StageModel:
        """Read the model from its JSON; raises LearningError when it is not one."""
        try:
            read = json.loads(text)
            right, shipped, total = map(int, read["measured"])
            return cls(
                stages=tuple(map(str, read["stages"])),
                biases=_to_float_row(read["biases"]),
                terms={
                    str(term): (float(rarity), _to_float_row(row))
                    for term, (rarity, row) in read["terms"].items()
                },
                measures={str(name): _to_float_row(row) for name, row in read["measures"].items()},
                margin=float(read["margin"]),
                corrections=int(read["corrections"]),
                measured=(right, shipped, total),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise LearningError(
                "the team's stages cannot be read; run `repwatch model train`"
            ) from None

    def predict_stage(
        self, words: str, measures: Mapping[str, float]
    ) -> tuple[str, float, tuple[str, ...]]:
        """Return the likeliest stage, its margin, and the words that speak most for it.

        The margin is how much likelier it is than the next stage: the difference of their
        probabilities by softmax, 0 to 1.
        """
        parts = weigh_terms(words, self.terms)
        sums = self._stage_scores(parts, measures)
        highest = max(sums)
        shares = [math.exp(each - highest) for each in sums]
        best, next_best, *_ = sorted(shares, reverse=True)
        at = shares.index(best)
        spoken = {term: value * self.terms[term][1][at] for term, value in parts.items()}
        most = sorted(
            (term for term in spoken if spoken[term] > 0), key=lambda term: (-spoken[term], term)
        )
        return self.stages[at], (best - next_best) / sum(shares), tuple(most[:MOST_SHOWN])

    def _stage_scores(
        self, parts: Mapping[str, float], measures: Mapping[str, float]
    ) -> list[float]:
        """Return the logit of each stage: the higher, the likelier."""
        rows = [(self.terms[term][1], value) for term, value in parts.items()]
        rows += [
            (self.measures[name], value)
            for name, value in measures.items()
            if name in self.measures
        ]
        return [
            bias + sum(row[at] * value for row, value in rows)
            for at, bias in enumerate(self.biases)
        ]

    def apply_to_analysis(self, feedback: Feedback, analysis: Analysis) -> Analysis:
        """Return the analysis with the team's stage in place of the shipped one.

        It stays as it is where the model is not sure.
        """
        before = analysis.stage
        if analysis.unscored or before is None:
            return analysis
        stage, margin, words = self.predict_stage(
            analysis.words, stage_measures(feedback, analysis)
        )
        if stage in (_OTHER, before) or margin < self.margin:
            return analysis
        right, shipped, total = self.measured
        named = f": {quote_words(words)}" if words else ""
        line = (
            f"stage {stage} from what your team corrected, instead of {before}{named} "
            f"({self.corrections} corrections; "
            f"right {right} of {total} where the shipped reading was right {shipped})"
        )
        others = tuple(fact for fact in analysis.why if not fact.startswith(f"stage {before}: "))
        return replace(analysis, stage=stage, why=(*others, line))


def stage_measures(feedback: Feedback, analysis: Analysis) -> dict[str, float]:
    """Return what is looked at beside the words, by name: also the patterns' stage."""
    return analysis_measures(feedback, analysis) | {f"stage {analysis.stage}": 1.0}


def make_stage_example(
    feedback: Feedback, analysis: Analysis, stage: str, *, corrected: bool, act: str = ""
) -> StageExample:
    """Return an example to learn from: a feedback and the stage that it should have.

    `analysis` was made without a team's model.
    """
    return StageExample(
        analysis.words,
        stage_measures(feedback, analysis),
        analysis.stage or "",
        stage,
        corrected,
        act,
    )


def train_stage_model(examples: Sequence[StageExample]) -> tuple[StageModel | None, StageFigures]:
    """Return the model that the examples teach, and its figures from cross-validation.

    The model is None where there are too few examples to learn from.
    """
    corrections = sum(item.corrected for item in examples)
    figures = StageFigures(corrections, len(examples) - corrections)
    labels = _stage_labels(examples)
    if corrections < ENOUGH or len(set(labels)) < 2:
        return None, figures
    folds = assign_folds([item.words for item in examples], labels, [item.act for item in examples])
    answers = [("", 0.0)] * len(examples)
    for training, held_out in iter_splits(folds):
        if len({labels[at] for at in training}) < 2:
            continue  # the only text of another stage is held out: there is nothing to tell apart
        learned = _fit_stage_model(
            [examples[at] for at in training], [labels[at] for at in training]
        )
        for at in held_out:
            answers[at] = learned.predict_stage(examples[at].words, examples[at].measures)[:2]
    figures = replace(
        _measure_changes(figures, examples, answers, folds),
        stages=tuple(sorted({*labels} - {_OTHER})),
    )
    changes = _find_changes(examples, answers)
    model = replace(
        _fit_stage_model(examples, labels),
        margin=_choose_margin(list(changes.values())),
        corrections=corrections,
        measured=(figures.right, figures.shipped, len(examples)),
    )
    return model, figures


def _stage_labels(examples: Sequence[StageExample]) -> list[str]:
    """Return the label of each example: its stage, or `_OTHER` for a stage that is too rare.

    A stage is rare with too few different texts, or with too few acts that gave it.
    """
    by_stage: dict[str, list[StageExample]] = {}
    for item in examples:
        by_stage.setdefault(item.stage, []).append(item)
    enough = {
        stage for stage, given in by_stage.items() if count_independent(given) >= ENOUGH_OF_EACH
    }
    return [item.stage if item.stage in enough else _OTHER for item in examples]


def _fit_stage_model(examples: Sequence[StageExample], labels: Sequence[str]) -> StageModel:
    learned = fit_logistic(examples, labels)
    return StageModel(learned.classes, learned.biases, learned.terms, learned.measures)


_StagePrediction = tuple[str, float]  # a stage, and the margin before the next


def _find_changes(
    examples: Sequence[StageExample], answers: Sequence[_StagePrediction]
) -> dict[int, tuple[float, bool]]:
    """Return, by position, the answers that differ from the patterns' stage.

    Each with its margin, and whether it is right.
    """
    both = enumerate(zip(examples, answers, strict=True))
    return {
        at: (margin, stage == item.stage)
        for at, (item, (stage, margin)) in both
        if stage not in (_OTHER, item.before)
    }


def _choose_margin(changes: Sequence[tuple[float, bool]]) -> float:
    """Return the lowest margin from which on enough of the changes are right."""
    for least in _MARGINS:
        right = [good for margin, good in changes if margin >= least]
        if len(right) >= MEASURED_FROM and sum(right) >= PRECISE * len(right):
            return least
    return _NEVER


def _measure_changes(
    figures: StageFigures,
    examples: Sequence[StageExample],
    answers: Sequence[_StagePrediction],
    folds: Sequence[int],
) -> StageFigures:
    """Measure the answers, each fold with the margin that the other folds ask for."""
    changes = _find_changes(examples, answers)
    kept: list[tuple[bool, bool]] = []  # whether the patterns were right, and the change is
    for training, held_out in iter_splits(folds):
        margin = _choose_margin([changes[at] for at in training if at in changes])
        for at in held_out:
            if at not in changes:
                continue
            lead, is_right = changes[at]
            if lead >= margin:
                was_right = examples[at].before == examples[at].stage
                kept.append((was_right, is_right))
    shipped = sum(item.before == item.stage for item in examples)
    right = sum(is_right for _, is_right in kept)
    spoiled = sum(was_right for was_right, _ in kept)
    return replace(
        figures,
        shipped=shipped,
        right=shipped + right - spoiled,
        changed=len(kept),
        changed_right=right,
    )


def _sign_test_p_value(right: int, total: int) -> float:
    """Return the p-value of a one-sided sign test: `right` or more of `total` by luck.

    Exact, also for small numbers.
    """
    combinations = outcomes = 1  # in which all are right
    for number in range(total, right, -1):
        combinations = combinations * number // (total - number + 1)
        outcomes += combinations
    return outcomes / (1 << total)


def _to_float_row(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(map(float, values))
