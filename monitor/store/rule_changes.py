"""Queries about the changes of rules."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, case, distinct, func, select

from monitor.domain.actor import Actor
from monitor.domain.rule_change import (
    RuleChange,
    RuleChangeKind,
    RuleHistory,
    RuleOwner,
    RuleStanding,
    RuleUse,
)
from monitor.domain.verdict import VerdictKind
from monitor.store.column_types import from_json, to_json
from monitor.store.mapping import to_utc
from monitor.store.schema import alerts, matches, rule_changes, verdicts
from monitor.store.statements import insert_for


class RuleChangeRepository:
    """The changes of rules; they are only ever added, each with the next number of its rule."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, change: RuleChange) -> bool:
        """Keep a change; False, and nothing kept, where its number is taken.

        So of two that saw the same number one is kept, whichever comes first.
        """
        row = {
            "rule_id": change.rule_id,
            "number": change.number,
            "kind": str(change.kind),
            "standing": str(change.standing),
            "owner": str(change.owner),
            "version": change.version,
            "definition": to_json(dict(change.definition)),
            "author": str(change.author),
            "at": to_utc(change.at),
            "reason": change.reason,
            "based_on": change.based_on,
        }
        statement = insert_for(self._connection, rule_changes).values(row).on_conflict_do_nothing()
        added = self._connection.execute(statement.returning(rule_changes.c.number))
        return added.one_or_none() is not None

    def revision(self) -> int:
        """Return a number that grows with every change of any rule."""
        return self._connection.execute(select(func.count()).select_from(rule_changes)).scalar_one()

    def history(self, rule_id: str) -> RuleHistory:
        """Return every change of a rule; an empty history where nobody knows it."""
        statement = select(rule_changes).where(rule_changes.c.rule_id == rule_id)
        rows = self._connection.execute(statement.order_by(rule_changes.c.number))
        return RuleHistory(tuple(map(_to_change, rows)))

    def histories(self) -> dict[str, RuleHistory]:
        """Return the changes of every rule, by its id."""
        by_rule: dict[str, list[RuleChange]] = {}
        order = (rule_changes.c.rule_id, rule_changes.c.number)
        for row in self._connection.execute(select(rule_changes).order_by(*order)):
            by_rule.setdefault(row.rule_id, []).append(_to_change(row))
        return {rule_id: RuleHistory(tuple(found)) for rule_id, found in by_rule.items()}

    def count_use(self, rule_id: str) -> dict[int, RuleUse]:
        """Return what alerts came of each change of a rule, by its number; 0 for the unknown one.

        An alert is useful where anybody said so of any feedback in it.
        """
        useful = verdicts.c.value == "yes"
        judged = (
            select(
                matches.c.alert_id.label("alert_id"),
                func.max(case((useful, 1), else_=0)).label("useful"),
            )
            .join(verdicts, verdicts.c.feedback_id == matches.c.feedback_id)
            .where(verdicts.c.kind == str(VerdictKind.USEFUL), matches.c.alert_id.is_not(None))
            .group_by(matches.c.alert_id)
            .subquery()
        )
        statement = (
            select(
                alerts.c.rule_number,
                func.count(distinct(alerts.c.id)).label("opened"),
                func.count(judged.c.alert_id).label("judged"),
                func.coalesce(func.sum(judged.c.useful), 0).label("useful"),
            )
            .select_from(alerts.outerjoin(judged, judged.c.alert_id == alerts.c.id))
            .where(alerts.c.rule_id == rule_id)
            .group_by(alerts.c.rule_number)
        )
        return {
            row.rule_number: RuleUse(alerts=row.opened, judged=row.judged, useful=int(row.useful))
            for row in self._connection.execute(statement)
        }


def _to_change(row: Row[Any]) -> RuleChange:
    return RuleChange(
        rule_id=row.rule_id,
        number=row.number,
        kind=RuleChangeKind(row.kind),
        standing=RuleStanding(row.standing),
        owner=RuleOwner(row.owner),
        version=row.version,
        definition=from_json(row.definition),
        author=Actor.parse(row.author),
        at=row.at,
        reason=row.reason,
        based_on=row.based_on,
    )
