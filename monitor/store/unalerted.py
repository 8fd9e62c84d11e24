"""Queries about negative feedback that alerted nobody, and what the team marked as missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, not_, or_, select

from monitor.domain.feedback import Label
from monitor.domain.verdict import VerdictKind
from monitor.store.mapping import to_utc
from monitor.store.schema import analyses, feedback, matches, verdicts
from monitor.store.statements import id_among

#: From which probability on a feedback is rather a problem.
_RATHER_A_PROBLEM = 0.5


class UnalertedRepository:
    """Feedback by when it arrived; what our own accounts wrote is left out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_negative(self, since: datetime, until: datetime) -> list[int]:
        """Return the ids of negative feedback, or probable problems, that are in no alert."""
        is_negative = or_(
            analyses.c.label == str(Label.NEGATIVE), analyses.c.problem >= _RATHER_A_PROBLEM
        )
        in_alert = (
            select(matches.c.id)
            .where(matches.c.feedback_id == feedback.c.id, matches.c.alert_id.is_not(None))
            .exists()
        )
        statement = (
            select(feedback.c.id)
            .join(analyses, analyses.c.feedback_id == feedback.c.id)
            .where(_arrived(since, until), not_(feedback.c.own), is_negative, not_(in_alert))
            .order_by(feedback.c.id)
        )
        return list(self._connection.execute(statement).scalars())

    def list_marked(self, since: datetime, until: datetime) -> list[int]:
        """Return the ids of feedback of which the team last said that it was missed."""
        statement = (
            select(verdicts.c.feedback_id, verdicts.c.value)
            .join(feedback, feedback.c.id == verdicts.c.feedback_id)
            .where(_arrived(since, until), verdicts.c.kind == str(VerdictKind.MISSED))
            .order_by(verdicts.c.at, verdicts.c.id)
        )
        last = {row.feedback_id: row.value for row in self._connection.execute(statement)}
        return sorted(which for which, value in last.items() if value == "yes")

    def find_missed(self, feedback_ids: Sequence[int]) -> dict[int, bool]:
        """Whether feedback was missed, by its id, as the last person said who said so."""
        is_among = id_among(self._connection.dialect.name, verdicts.c.feedback_id, feedback_ids)
        statement = (
            select(verdicts.c.feedback_id, verdicts.c.value)
            .where(is_among, verdicts.c.kind == str(VerdictKind.MISSED))
            .order_by(verdicts.c.at, verdicts.c.id)
        )
        return {which: value == "yes" for which, value in self._connection.execute(statement)}


def _arrived(since: datetime, until: datetime) -> ColumnElement[bool]:
    arrived = feedback.c.first_seen_at
    return and_(arrived >= to_utc(since), arrived < to_utc(until))
