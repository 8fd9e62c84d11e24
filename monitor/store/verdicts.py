"""Queries about what the team said of feedback, and about the models that learned from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from monitor.domain.actor import Actor
from monitor.domain.feedback import Analysis, Feedback
from monitor.domain.verdict import VERDICT_VALUES, ModelState, ModelTraining, Verdict, VerdictKind
from monitor.errors import StoreError
from monitor.store.column_types import from_json, to_json
from monitor.store.mapping import to_analysis, to_feedback, to_utc
from monitor.store.rollups import recount
from monitor.store.schema import analyses, feedback, team_models, verdicts
from monitor.store.statements import id_among, insert_for

#: Trainings that are remembered; older ones go when a new one is kept.
KEEP_MODELS = 20
#: What is said of these replaces what was read.
_CORRECTING = (VerdictKind.SENTIMENT, VerdictKind.STAGE)


class VerdictRepository:
    """What the team said: labels to learn from. They go with their feedback."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        feedback_id: int,
        kind: VerdictKind,
        value: str,
        *,
        actor: Actor,
        at: datetime,
        rule_id: str = "",
    ) -> bool:
        """Keep what a person says of a feedback, in place of what the same person said before.

        `rule_id` is the rule that it is about, where it is about one.
        False, and nothing kept, where the feedback is gone. StoreError for a value that the kind
        does not have.
        """
        if value not in VERDICT_VALUES[kind]:
            raise StoreError(
                f"{value!r} is no verdict on {kind}; allowed: "
                f"{', '.join(sorted(VERDICT_VALUES[kind]))}"
            )
        there = select(feedback.c.id).where(feedback.c.id == feedback_id)
        if self._connection.execute(there).one_or_none() is None:
            return False
        row = {
            "feedback_id": feedback_id,
            "kind": str(kind),
            "actor": str(actor),
            "value": value,
            "at": to_utc(at),
            "rule_id": rule_id,
        }
        statement = insert_for(self._connection, verdicts).values(row)
        newer = {name: statement.excluded[name] for name in ("value", "at", "rule_id")}
        said = statement.on_conflict_do_update(
            index_elements=("feedback_id", "kind", "actor"), set_=newer
        )
        corrected = [feedback_id] if kind in _CORRECTING else []
        with recount(self._connection, corrected):
            self._connection.execute(said)
        return True

    def list_for_feedback(self, feedback_id: int) -> tuple[Verdict, ...]:
        """What everybody last said of a feedback, oldest first."""
        statement = (
            select(verdicts).where(verdicts.c.feedback_id == feedback_id).order_by(*_OLDEST_FIRST)
        )
        return tuple(_to_verdict(row) for row in self._connection.execute(statement))

    def find_useful(self, feedback_ids: Sequence[int]) -> dict[int, bool]:
        """Whether feedback needed a human, by its id, as the last person said who said so."""
        is_among = id_among(self._connection.dialect.name, verdicts.c.feedback_id, feedback_ids)
        asked = verdicts.c.kind == str(VerdictKind.USEFUL)
        statement = select(verdicts.c.feedback_id, verdicts.c.value).where(is_among, asked)
        rows = self._connection.execute(statement.order_by(*_OLDEST_FIRST))
        return {feedback_id: value == "yes" for feedback_id, value in rows}

    def list_judged_problems(
        self, source_id: str, until: datetime, most: int
    ) -> list[tuple[float, bool]]:
        """How likely a problem feedback of a source was, and whether it needed a human.

        By the last verdict that was given before a time, of the `most` feedback of any source that
        were judged last.
        """
        asked = (verdicts.c.kind == str(VerdictKind.USEFUL), verdicts.c.at < to_utc(until))
        newest = (verdicts.c.at.desc(), verdicts.c.id.desc())
        said = select(verdicts.c.feedback_id, verdicts.c.value).where(*asked).order_by(*newest)
        useful: dict[int, bool] = {}
        for feedback_id, value in self._connection.execute(said.limit(2 * most)):
            useful.setdefault(feedback_id, value == "yes")
        ids = list(useful)[:most]
        if not ids:
            return []
        read = (
            select(analyses.c.feedback_id, analyses.c.problem)
            .join_from(analyses, feedback, feedback.c.id == analyses.c.feedback_id)
            .where(
                id_among(self._connection.dialect.name, analyses.c.feedback_id, ids),
                feedback.c.source_id == source_id,
                analyses.c.problem.is_not(None),
            )
            .order_by(analyses.c.feedback_id)
        )
        rows = self._connection.execute(read)
        return [(problem, useful[feedback_id]) for feedback_id, problem in rows]

    def count_feedback(
        self, kinds: Iterable[VerdictKind] = VerdictKind, since: datetime | None = None
    ) -> int:
        """How many feedbacks have a verdict of these kinds that was given after a time, or at
        all.
        """
        statement = select(func.count(verdicts.c.feedback_id.distinct()))
        statement = statement.where(verdicts.c.kind.in_([str(kind) for kind in kinds]))
        if since is not None:
            statement = statement.where(verdicts.c.at > to_utc(since))
        return self._connection.execute(statement).scalar_one()

    def list_labelled(self) -> list[tuple[Feedback, Analysis, tuple[Verdict, ...]]]:
        """Every feedback that has a verdict, in the order in which it was stored, with its
        verdicts, oldest first.

        What was missed is no label: it tells of the rules, not of the words.
        """
        said: dict[int, list[Verdict]] = {}
        is_label = verdicts.c.kind != str(VerdictKind.MISSED)
        labels = select(verdicts).where(is_label).order_by(*_OLDEST_FIRST)
        for row in self._connection.execute(labels):
            said.setdefault(row.feedback_id, []).append(_to_verdict(row))
        columns = (*feedback.c, *(column.label(f"a_{column.name}") for column in analyses.c))
        read = select(*columns).join_from(
            feedback, analyses, feedback.c.id == analyses.c.feedback_id
        )
        labelled = select(verdicts.c.feedback_id).where(is_label)
        judged = read.where(feedback.c.id.in_(labelled)).order_by(feedback.c.id)
        return [
            (to_feedback(row), to_analysis(row), tuple(said[row.id]))
            for row in self._connection.execute(judged)
        ]


class ModelTrainingRepository:
    """What was learned from verdicts: of each kind the newest counts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_newest(self, kind: str, *, trained: bool = False) -> ModelTraining | None:
        """The last training of a kind, or the switch that came after it; with `trained`, the
        training alone.
        """
        statement = (
            select(team_models)
            .where(team_models.c.kind == kind)
            .order_by(team_models.c.id.desc())
            .limit(1)
        )
        if trained:
            statement = statement.where(team_models.c.state != str(ModelState.OFF))
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _to_model_training(row)

    def add(self, model: ModelTraining) -> None:
        """Keep a training; from now on it is the newest of its kind, and of those before only the
        figures stay.
        """
        row = {
            "at": to_utc(model.at),
            "kind": model.kind,
            "state": str(model.state),
            "model": model.model,
            "figures": to_json(dict(model.figures)),
        }
        emptied = update(team_models).where(
            team_models.c.kind == model.kind, team_models.c.model != ""
        )
        self._connection.execute(emptied.values(model=""))
        self._connection.execute(team_models.insert().values(row))
        kept = (
            select(team_models.c.id)
            .where(team_models.c.kind == model.kind)
            .order_by(team_models.c.id.desc())
        )
        old = (team_models.c.kind == model.kind, team_models.c.id.not_in(kept.limit(KEEP_MODELS)))
        self._connection.execute(delete(team_models).where(*old))


_OLDEST_FIRST = (verdicts.c.at, verdicts.c.id)


def _to_verdict(row: Row[Any]) -> Verdict:
    return Verdict(
        feedback_id=row.feedback_id,
        kind=VerdictKind(row.kind),
        value=row.value,
        actor=Actor.parse(row.actor),
        at=row.at,
        rule_id=row.rule_id,
    )


def _to_model_training(row: Row[Any]) -> ModelTraining:
    return ModelTraining(
        at=row.at,
        kind=row.kind,
        state=ModelState(row.state),
        model=row.model,
        figures=from_json(row.figures),
    )
