"""Learning from the team: verdicts out of the store, trained models into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol, TypeVar

import structlog

from monitor.analysis import corrections, learning
from monitor.analysis.corrections import StageFigures, StageModel
from monitor.analysis.learning import ProblemFigures, TeamProblemModel
from monitor.analysis.taught import ActiveTeamModels
from monitor.domain.feedback import Analysis, Feedback, Label
from monitor.domain.verdict import ModelState, ModelTraining, Verdict, VerdictKind
from monitor.errors import LearningError
from monitor.store import Store, Transaction

log = structlog.get_logger(__name__)

#: What is learned: whether a feedback needs a human, and where on the customer's way it belongs.
PROBLEM, STAGE = "problem", "stage"
#: The verdicts that each is learned from, and of how many feedbacks there must be some.
VERDICTS_FOR: Mapping[str, tuple[VerdictKind, ...]] = {
    PROBLEM: (VerdictKind.USEFUL, VerdictKind.SENTIMENT),
    STAGE: (VerdictKind.STAGE,),
}
_MIN_VERDICTS: Mapping[str, int] = {PROBLEM: learning.ENOUGH, STAGE: corrections.ENOUGH}
#: How often `run` trains anew, at most.
TRAIN_EVERY = timedelta(days=1)


class _JudgedFeedback(NamedTuple):
    """A feedback that people have given verdicts on."""

    feedback: Feedback
    shown: Analysis  #: as people saw it
    verdicts: tuple[Verdict, ...]  #: oldest first
    analysis: Analysis  #: without the team's models


class _TrainedModel(Protocol):
    def to_json(self) -> str: ...


_Model = TypeVar("_Model", TeamProblemModel, StageModel)


def train_models(
    store: Store, analyze: Callable[[Feedback], Analysis], now: datetime
) -> dict[str, ModelTraining]:
    """Train both models on every verdict, measure them, and store the results.

    Returns the trainings by kind, without those that had too few verdicts. `analyze` must read
    without a team's model: one that learned from itself would believe only itself.
    """
    with store.read() as tx:
        labelled = tx.verdicts.list_labelled()
    judged = [
        _JudgedFeedback(feedback, shown, verdicts, analyze(feedback))
        for feedback, shown, verdicts in labelled
    ]
    trainings = [
        _to_stored_model(PROBLEM, *_learn_problem(judged), judged, now),
        _to_stored_model(STAGE, *_learn_stage(judged), judged, now),
    ]
    with store.write() as tx:
        for training in trainings:
            # A training that found too few is stored too, so that it is not tried again every hour,
            # and what was learned from people who are gone goes.
            has_enough = training.figures["verdicts"] >= _MIN_VERDICTS[training.kind]
            was_trained = tx.models.find_newest(training.kind) is not None
            if training.state is not ModelState.FEW or has_enough or was_trained:
                tx.models.add(training)
    return {
        training.kind: training for training in trainings if training.state is not ModelState.FEW
    }


def _to_stored_model(
    kind: str,
    model: _TrainedModel | None,
    figures: ProblemFigures | StageFigures,
    judged: Sequence[_JudgedFeedback],
    now: datetime,
) -> ModelTraining:
    state = ModelState.FEW
    if model is not None:
        state = ModelState.ACTIVE if figures.is_better else ModelState.WORSE
    verdict_count = sum(
        any(verdict.kind in VERDICTS_FOR[kind] for verdict in item.verdicts) for item in judged
    )
    measured = {**figures.as_dict(), "verdicts": verdict_count}
    return ModelTraining(
        at=now, kind=kind, state=state, model=model.to_json() if model else "", figures=measured
    )


def _learn_problem(
    judged: Sequence[_JudgedFeedback],
) -> tuple[TeamProblemModel | None, ProblemFigures]:
    examples = []
    for item in judged:
        needed = needed_human(item.verdicts)
        if needed is None:
            continue
        act = _judgement_id(item.verdicts)
        examples.append(
            learning.make_problem_example(item.feedback, item.analysis, needed=needed, act=act)
        )
    return learning.train_problem_model(examples)


def _learn_stage(judged: Sequence[_JudgedFeedback]) -> tuple[StageModel | None, StageFigures]:
    examples = []
    verdicts = [verdict for item in judged for verdict in item.verdicts]
    correctors = {verdict.actor for verdict in verdicts if verdict.kind is VerdictKind.STAGE}
    for item in judged:
        analysis = item.analysis
        corrected = stage = corrected_stage(item.verdicts)
        judges = {verdict.actor for verdict in item.verdicts}
        if not stage and not correctors.isdisjoint(judges):
            stage = uncorrected_stage(item.shown, analysis)
        if not stage or not analysis.stage or analysis.unscored:
            continue
        examples.append(
            corrections.make_stage_example(
                item.feedback,
                analysis,
                stage,
                corrected=corrected is not None,
                act=_judgement_id(item.verdicts),
            )
        )
    return corrections.train_stage_model(examples)


def _judgement_id(verdicts: Sequence[Verdict]) -> str:
    """Return who judged last, and when: the same for all that one click was about."""
    last = verdicts[-1]
    return f"{last.actor} {last.at.isoformat()}"


def needed_human(verdicts: Iterable[Verdict]) -> bool | None:
    """Return whether a feedback needed a human, by its verdicts, oldest first.

    The last word on whether an alert was useful counts; without one, a corrected tone does. None
    where neither was given.
    """
    last = {verdict.kind: verdict.value for verdict in verdicts}
    if VerdictKind.USEFUL in last:
        return last[VerdictKind.USEFUL] == "yes"
    if VerdictKind.SENTIMENT in last:
        return last[VerdictKind.SENTIMENT] in (Label.NEGATIVE, Label.MIXED)
    return None


def corrected_stage(verdicts: Iterable[Verdict]) -> str | None:
    """Return the stage that was last given by hand; None where nobody gave one."""
    return {verdict.kind: verdict.value for verdict in verdicts}.get(VerdictKind.STAGE)


def uncorrected_stage(shown: Analysis, read: Analysis) -> str | None:
    """Return the stage that people saw and left as it was; None for one of the team's model.

    `read` is the analysis without that model; UNSURE is a stage too. It says something only of
    people who correct stages; others may not look at them.
    """
    return shown.stage if shown.stage == read.stage else None


def newest_training(store: Store, kind: str = PROBLEM) -> ModelTraining | None:
    """Return the last training of a kind, or the record that learning was switched off."""
    with store.read() as tx:
        return tx.models.find_newest(kind)


def load_team_models(store: Store) -> ActiveTeamModels | None:
    """Return the team's models that are in use, None without any; a damaged one is left out."""
    models = ActiveTeamModels(
        _load_active_model(store, PROBLEM, TeamProblemModel.from_json),
        _load_active_model(store, STAGE, StageModel.from_json),
    )
    return None if models == ActiveTeamModels() else models


def _load_active_model(store: Store, kind: str, read: Callable[[str], _Model]) -> _Model | None:
    newest = newest_training(store, kind)
    if newest is None or newest.state is not ModelState.ACTIVE:
        return None
    try:
        return read(newest.model)
    except LearningError as error:
        log.warning("team_model_unreadable", kind=kind, error=str(error))
        return None


def is_training_due(store: Store, now: datetime) -> bool:
    """Return whether to train anew, for either model.

    There must be enough verdicts, other ones than the last time, and a day since then. Never where
    learning is switched off.
    """
    with store.read() as tx:
        trainings = [tx.models.find_newest(kind) for kind in VERDICTS_FOR]
        if any(training and training.state is ModelState.OFF for training in trainings):
            return False
        return any(_is_due_for(tx, kind, now) for kind in VERDICTS_FOR)


def _is_due_for(tx: Transaction, kind: str, now: datetime) -> bool:
    newest = tx.models.find_newest(kind)
    verdict_count = tx.verdicts.count_feedback(VERDICTS_FOR[kind])
    was_trained = newest is not None and newest.state is not ModelState.FEW
    if not was_trained and verdict_count < _MIN_VERDICTS[kind]:
        return False
    if newest is None:
        return True
    if now - newest.at < TRAIN_EVERY:
        return False
    were_removed = verdict_count < newest.figures.get("verdicts", 0)
    return were_removed or tx.verdicts.count_feedback(VERDICTS_FOR[kind], since=newest.at) > 0


def switch_off_learning(store: Store, now: datetime) -> None:
    """Use no team's model, and train none, until a person trains again."""
    with store.write() as tx:
        for kind in VERDICTS_FOR:
            tx.models.add(ModelTraining(at=now, kind=kind, state=ModelState.OFF, figures={}))
