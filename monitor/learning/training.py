"""Learning from the team: verdicts out of the store, models into it, and which are used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import structlog

from monitor.analysis import corrections, learning
from monitor.analysis.corrections import StageFigures, StageModel
from monitor.analysis.learning import Figures, TeamModel
from monitor.analysis.taught import Taught
from monitor.domain.feedback import Analysis, Feedback, Label
from monitor.domain.verdict import ModelState, StoredModel, Verdict, VerdictKind
from monitor.errors import LearningError
from monitor.store import Store, Transaction

log = structlog.get_logger(__name__)

#: What is learned: whether a feedback needs a human, and where on the customer's way it belongs.
PROBLEM, STAGE = "problem", "stage"
#: The verdicts that each is learned from, and of how many feedbacks there must be some.
ABOUT: Mapping[str, tuple[VerdictKind, ...]] = {
    PROBLEM: (VerdictKind.USEFUL, VerdictKind.SENTIMENT),
    STAGE: (VerdictKind.STAGE,),
}
_ENOUGH: Mapping[str, int] = {PROBLEM: learning.ENOUGH, STAGE: corrections.ENOUGH}
#: How often `run` trains anew, at most.
EVERY = timedelta(days=1)

#: A feedback, its analysis as people saw it, what they said of it, oldest first, and its analysis
#: without their models.
_Judged = tuple[Feedback, Analysis, tuple[Verdict, ...], Analysis]


class _Learned(Protocol):
    def to_json(self) -> str: ...


_Model = TypeVar("_Model", TeamModel, StageModel)


def learn(
    store: Store, analyze: Callable[[Feedback], Analysis], now: datetime
) -> dict[str, StoredModel]:
    """Train on every verdict, measure, and keep the results; without what there are too few
    verdicts for.

    `analyze` must read without a team's model: one that learned from itself would believe only
    itself.
    """
    with store.read() as tx:
        labelled = tx.verdicts.labelled()
    judged = [(item, shown, verdicts, analyze(item)) for item, shown, verdicts in labelled]
    kept = [
        _trained(PROBLEM, *_problem(judged), judged, now),
        _trained(STAGE, *_stages(judged), judged, now),
    ]
    with store.write() as tx:
        for one in kept:
            # Kept too, so that it is not tried again every hour, and what was learned from people
            # who are gone goes.
            tried = (
                one.figures["verdicts"] >= _ENOUGH[one.kind]
                or tx.models.newest(one.kind) is not None
            )
            if one.state is not ModelState.FEW or tried:
                tx.models.add(one)
    return {one.kind: one for one in kept if one.state is not ModelState.FEW}


def _trained(
    kind: str,
    model: _Learned | None,
    figures: Figures | StageFigures,
    judged: Sequence[_Judged],
    now: datetime,
) -> StoredModel:
    state = (
        ModelState.FEW
        if model is None
        else ModelState.ACTIVE
        if figures.better
        else ModelState.WORSE
    )
    about = sum(any(one.kind in ABOUT[kind] for one in verdicts) for _, _, verdicts, _ in judged)
    measured = {**figures.as_dict(), "verdicts": about}
    return StoredModel(
        at=now, kind=kind, state=state, model=model.to_json() if model else "", figures=measured
    )


def _problem(judged: Sequence[_Judged]) -> tuple[TeamModel | None, Figures]:
    said = ((item, read, needed(verdicts), _act(verdicts)) for item, _, verdicts, read in judged)
    return learning.train(
        [
            learning.example(item, read, needed=need, act=act)
            for item, read, need, act in said
            if need is not None
        ]
    )


def _stages(judged: Sequence[_Judged]) -> tuple[StageModel | None, StageFigures]:
    placed = []
    said = [one for _, _, verdicts, _ in judged for one in verdicts]
    minding = {one.actor for one in said if one.kind is VerdictKind.STAGE}
    for item, shown, verdicts, read in judged:
        corrected = corrected_stage(verdicts)
        stage = corrected or (
            left_stage(shown, read) if minding & {one.actor for one in verdicts} else None
        )
        if stage and read.stage and not read.unscored:
            act = _act(verdicts)
            placed.append(
                corrections.placed(item, read, stage, corrected=corrected is not None, act=act)
            )
    return corrections.train(placed)


def _act(verdicts: Sequence[Verdict]) -> str:
    """Who judged last, and when: the same for all that one click was about."""
    last = verdicts[-1]
    return f"{last.actor} {last.at.isoformat()}"


def needed(verdicts: Iterable[Verdict]) -> bool | None:
    """Whether a feedback needed a human, by its verdicts, oldest first; None where they do not say.

    The last word on whether an alert was useful counts; without one, a corrected tone does.
    """
    last = {verdict.kind: verdict.value for verdict in verdicts}
    if VerdictKind.USEFUL in last:
        return last[VerdictKind.USEFUL] == "yes"
    if VerdictKind.SENTIMENT in last:
        return last[VerdictKind.SENTIMENT] in (Label.NEGATIVE, Label.MIXED)
    return None


def corrected_stage(verdicts: Iterable[Verdict]) -> str | None:
    """The stage that was last given by hand; None where nobody gave one."""
    return {verdict.kind: verdict.value for verdict in verdicts}.get(VerdictKind.STAGE)


def left_stage(shown: Analysis, read: Analysis) -> str | None:
    """The stage that people let stand who handled a feedback, unsure too; None where it was one of
    the team's model.

    It says something only of those who correct stages; others may not look at them.
    """
    return shown.stage if shown.stage == read.stage else None


def current(store: Store, kind: str = PROBLEM) -> StoredModel | None:
    """The last training of a kind, or that learning is switched off."""
    with store.read() as tx:
        return tx.models.newest(kind)


def in_use(store: Store) -> Taught | None:
    """The team's models, where one is used; a damaged one is as none."""
    taught = Taught(
        _used(store, PROBLEM, TeamModel.from_json), _used(store, STAGE, StageModel.from_json)
    )
    return None if taught == Taught() else taught


def _used(store: Store, kind: str, read: Callable[[str], _Model]) -> _Model | None:
    kept = current(store, kind)
    if kept is None or kept.state is not ModelState.ACTIVE:
        return None
    try:
        return read(kept.model)
    except LearningError as error:
        log.warning("team_model_unreadable", kind=kind, error=str(error))
        return None


def due(store: Store, now: datetime) -> bool:
    """Whether to train anew: there are enough verdicts, other ones than the last time, and a day
    has passed.
    """
    with store.read() as tx:
        newest = [tx.models.newest(kind) for kind in ABOUT]
        if any(kept is not None and kept.state is ModelState.OFF for kept in newest):
            return False
        return any(_due(tx, kind, now) for kind in ABOUT)


def _due(tx: Transaction, kind: str, now: datetime) -> bool:
    kept, there = tx.models.newest(kind), tx.verdicts.count(ABOUT[kind])
    if (kept is None or kept.state is ModelState.FEW) and there < _ENOUGH[kind]:
        return False
    if kept is None:
        return True
    gone = there < kept.figures.get("verdicts", 0)
    return now - kept.at >= EVERY and (gone or tx.verdicts.count(ABOUT[kind], since=kept.at) > 0)


def switch_off(store: Store, now: datetime) -> None:
    """Use no team's model, and train none, until a person trains again."""
    with store.write() as tx:
        for kind in ABOUT:
            tx.models.add(StoredModel(at=now, kind=kind, state=ModelState.OFF, figures={}))
