"""What was learned from the team's verdicts, on the terminal and for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.analysis import corrections
from monitor.analysis.learning import ENOUGH, ENOUGH_OF_EACH
from monitor.cli.terminal import print_text
from monitor.domain.verdict import ModelState, ModelTraining, VerdictKind
from monitor.learning.training import PROBLEM, STAGE, VERDICTS_FOR
from monitor.store import Transaction

#: What is wrong where there are too few verdicts to train on.
TOO_FEW_VERDICTS = (
    f"too few verdicts to learn from: {ENOUGH} are needed, with {ENOUGH_OF_EACH} different texts "
    f"that needed a human and {ENOUGH_OF_EACH} that did not, or {corrections.ENOUGH} corrected "
    "stages; `repwatch model status` counts them"
)
#: What holds from the moment on at which learning was switched off.
SWITCHED_OFF = (
    "the shipped model is used: learning is switched off; `repwatch model train` switches it on"
)
#: What models can learn from.
_TEACHING = [kind for kind in VerdictKind if kind is not VerdictKind.MISSED]
_PROBLEM_STATES = {
    ModelState.ACTIVE: "the team's model is used: it was better",
    ModelState.WORSE: "the shipped model is used: the team's was not better",
    ModelState.FEW: "the shipped model is used: too few verdicts to learn from",
    ModelState.OFF: SWITCHED_OFF,
}
_STAGE_STATES = {
    ModelState.ACTIVE: "stages as the team corrected them are used: they were better",
    ModelState.WORSE: "the shipped stages are used: the team's were not better",
    ModelState.FEW: "the shipped stages are used: too few corrections to learn from",
    ModelState.OFF: "the shipped stages are used: learning is switched off",
}


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How many feedbacks have a verdict."""

    total: int
    new: int | None  #: since the last training; None where there was none

    @property
    def untrained(self) -> int:
        """How many no training has seen."""
        return self.total if self.new is None else self.new

    def describe_new(self) -> str:
        """Return how many are new, in words."""
        return "never trained" if self.new is None else f"{self.new} since the last training"


@dataclass(frozen=True, slots=True)
class LearningStatus:
    """The verdicts and the newest training of both models; None where there was none."""

    verdicts: VerdictCount
    problem: ModelTraining | None
    corrections: VerdictCount
    stage: ModelTraining | None

    def to_dict(self) -> dict[str, Any]:
        """Return the status for machines."""
        return {
            "verdicts": self.verdicts.total,
            "new": self.verdicts.untrained,
            **_training_to_dict(self.problem),
            "stage": {
                "corrections": self.corrections.total,
                "new": self.corrections.untrained,
                **_training_to_dict(self.stage),
            },
        }


def load_learning_status(tx: Transaction) -> LearningStatus:
    """Return how learning stands."""
    return LearningStatus(
        verdicts=_count_verdicts(tx, _TEACHING, PROBLEM),
        problem=tx.models.find_newest(PROBLEM),
        corrections=_count_verdicts(tx, VERDICTS_FOR[STAGE], STAGE),
        stage=tx.models.find_newest(STAGE),
    )


def print_learning_status(status: LearningStatus) -> None:
    """Print how learning stands."""
    verdicts, corrected = status.verdicts, status.corrections
    print_text(f"{verdicts.total} feedback with a verdict of the team, {verdicts.describe_new()}")
    if status.problem:
        _print_training(status.problem)
    else:
        nothing = "the shipped model is used: nothing was trained yet"
        print_text(f"{nothing}, which takes {ENOUGH} verdicts")
    counted = f"{corrected.total} feedback with a stage that the team corrected"
    print_text(f"{counted}, {corrected.describe_new()}")
    if status.stage:
        _print_training(status.stage)
    else:
        nothing = "the shipped stages are used: nothing was trained yet"
        print_text(f"{nothing}, which takes {corrections.ENOUGH} corrections")


def print_trainings(trainings: Mapping[str, ModelTraining]) -> None:
    """Print what came of each training; `trainings` is by kind of model."""
    for training in trainings.values():
        _print_training(training)


def trainings_to_dict(trainings: Mapping[str, ModelTraining]) -> dict[str, Any]:
    """Return trainings, by kind of model, for machines; what was not trained is null."""
    stage = _training_to_dict(trainings.get(STAGE))
    return {**_training_to_dict(trainings.get(PROBLEM)), "stage": stage}


def _count_verdicts(tx: Transaction, kinds: Sequence[VerdictKind], model: str) -> VerdictCount:
    total = tx.verdicts.count_feedback(kinds)
    last = tx.models.find_newest(model, trained=True)
    if last is None:
        return VerdictCount(total, None)
    return VerdictCount(total, tx.verdicts.count_feedback(kinds, since=last.at))


def _print_training(training: ModelTraining) -> None:
    is_problem = training.kind == PROBLEM
    states = _PROBLEM_STATES if is_problem else _STAGE_STATES
    print_text(f"{states[training.state]} ({training.at:%Y-%m-%d %H:%M})")
    if training.state not in (ModelState.ACTIVE, ModelState.WORSE):
        return
    lines = _problem_figure_lines if is_problem else _stage_figure_lines
    for line in lines(training.figures):
        print_text(line)


def _problem_figure_lines(figures: Mapping[str, Any]) -> Iterator[str]:
    yield f"measured on {figures['labels']} verdicts, {figures['needed']} of which needed a human:"
    for name, label in (("team", "the team's"), ("shipped", "shipped")):
        measured = figures[name]
        precision, recall = f"{measured['precision']:.2f}", f"{measured['recall']:.2f}"
        quality = f"precision {precision} at recall {recall}, AUC {measured['auc']:.2f}"
        yield f"  {label:11} {quality}"


def _stage_figure_lines(figures: Mapping[str, Any]) -> Iterator[str]:
    corrected, left = figures["corrections"], figures["left"]
    total = corrected + left
    yield f"measured on {corrected} corrected stages and {left} that the team let stand:"
    changes = f"{figures['changed_right']} of the {figures['changed']} it changes"
    yield f"  the team's  right {figures['right']} of {total}, {changes}"
    yield f"  shipped     right {figures['shipped']} of {total}"


def _training_to_dict(training: ModelTraining | None) -> dict[str, Any]:
    if training is None:
        return {"state": None, "at": None, "figures": None}
    return {
        "state": training.state,
        "at": training.at.isoformat(),
        "figures": dict(training.figures) or None,
    }
