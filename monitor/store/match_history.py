"""Queries about earlier matches: how long a rule has held, and which open alerts silence others."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from monitor.domain.alert import AlertStatus, MatchOutcome
from monitor.domain.feedback import Feedback
from monitor.store.column_types import to_key_text
from monitor.store.mapping import to_feedback, to_utc
from monitor.store.schema import alerts, feedback, matches

_CLOSED = [str(status) for status in AlertStatus if status.is_closed]


def digest_group(rule_id: str, group: str) -> str:
    """What stands for a rule's group: the group itself may name a person."""
    text = f"{to_key_text(rule_id)}\x1f{to_key_text(group)}".encode("utf-8", "replace")
    return hashlib.blake2b(text, digest_size=8).hexdigest()


class MatchHistoryRepository:
    """What rules held for before."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_times(self, rule_id: str, group: str, since: datetime) -> list[datetime]:
        """When a rule that must hold for a while has held for a group, since a time."""
        wanted = (
            matches.c.group_digest == digest_group(rule_id, group),
            matches.c.at >= to_utc(since),
        )
        return list(self._connection.execute(select(matches.c.at).where(*wanted)).scalars())

    def list_openers(
        self, rule_ids: Collection[str], since: datetime
    ) -> list[tuple[int, str, str, Feedback]]:
        """The alerts of these rules that are not closed and were changed since a time: id, rule,
        its name, and for which feedback each was opened, newest first.
        """
        if not rule_ids:
            return []
        statement = (
            select(alerts.c.id.label("alert_id"), alerts.c.rule_id, alerts.c.rule_name, *feedback.c)
            .join_from(alerts, matches, matches.c.alert_id == alerts.c.id)
            .join(feedback, feedback.c.id == matches.c.feedback_id)
            .where(
                alerts.c.rule_id.in_([to_key_text(rule_id) for rule_id in rule_ids]),
                alerts.c.status.not_in(_CLOSED),
                alerts.c.updated_at >= to_utc(since),
                matches.c.outcome == str(MatchOutcome.OPENED),
            )
            .order_by(alerts.c.id.desc())
        )
        return [
            (row.alert_id, row.rule_id, row.rule_name, to_feedback(row))
            for row in self._connection.execute(statement)
        ]
