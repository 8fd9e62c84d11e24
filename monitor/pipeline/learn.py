"""Learning from the team: verdicts out of the store, a model into it, and whether it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog

from monitor.analysis.learning import ENOUGH, Example, TeamModel, example, train
from monitor.errors import LearningError
from monitor.feedback import Analysis, Feedback, Label
from monitor.store import Store
from monitor.store.verdicts import ModelState, StoredModel, Verdict, VerdictKind

log = structlog.get_logger(__name__)

#: What is learned: whether a feedback needs a human.
PROBLEM = "problem"
#: How often `run` trains anew, at most.
EVERY = timedelta(days=1)


def learn(store: Store, analyze: Callable[[Feedback], Analysis], now: datetime) -> StoredModel | None:
    """Train on every verdict, measure, and keep the result; None where there are too few verdicts to learn from.

    `analyze` must read without a team's model: one that learned from itself would believe only itself.
    """
    with store.read() as tx:
        labelled = tx.verdicts.labelled()
    judged = ((item, needed(verdicts)) for item, _, verdicts in labelled)
    examples: list[Example] = [
        example(item, analyze(item), needed=verdict) for item, verdict in judged if verdict is not None
    ]
    model, figures = train(examples)
    if model is None:
        return None
    state = ModelState.ACTIVE if figures.better else ModelState.WORSE
    kept = StoredModel(at=now, kind=PROBLEM, state=state, model=model.to_json(), figures=figures.as_dict())
    with store.write() as tx:
        tx.models.add(kept)
    return kept


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


def current(store: Store) -> StoredModel | None:
    """The last training, or that learning is switched off."""
    with store.read() as tx:
        return tx.models.newest(PROBLEM)


def in_use(store: Store) -> TeamModel | None:
    """The team's model, where one is used; a damaged one is as none."""
    kept = current(store)
    if kept is None or kept.state is not ModelState.ACTIVE:
        return None
    try:
        return TeamModel.from_json(kept.model)
    except LearningError as error:
        log.warning("team_model_unreadable", error=str(error))
        return None


def due(store: Store, now: datetime) -> bool:
    """Whether to train anew: there are enough verdicts, new ones since the last time, and a day has passed."""
    with store.read() as tx:
        kept = tx.models.newest(PROBLEM)
        if tx.verdicts.count() < ENOUGH:
            return False
        if kept is None:
            return True
        return kept.state is not ModelState.OFF and now - kept.at >= EVERY and tx.verdicts.count(since=kept.at) > 0


def switch_off(store: Store, now: datetime) -> None:
    """Use no team's model, and train none, until a person trains again."""
    with store.write() as tx:
        tx.models.add(StoredModel(at=now, kind=PROBLEM, state=ModelState.OFF, figures={}))
