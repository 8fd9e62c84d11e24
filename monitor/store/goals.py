"""Queries about goals: what each said, from when on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from monitor.domain.goal import Goal, GoalMeasure, GoalVersion, find_goal_changes
from monitor.store.column_types import from_json, to_json
from monitor.store.mapping import to_utc
from monitor.store.register_schema import goal_versions


class GoalRepository:
    """The versions of goals; they are only ever added."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, goals: Sequence[Goal], at: datetime) -> list[GoalVersion]:
        """Keep what is different in the goals since they were looked at last, and return it."""
        changes = find_goal_changes(self._newest(), tuple(goals), at)
        rows = [
            {"key": each.key, "at": to_utc(at), "goal": to_json(_to_values(each.goal))}
            for each in changes
            if each.goal
        ]
        rows += [
            {"key": each.key, "at": to_utc(at), "goal": None} for each in changes if not each.goal
        ]
        if rows:
            self._connection.execute(insert(goal_versions), rows)
        return changes

    def history(self) -> list[GoalVersion]:
        """Return every version of every goal, newest first."""
        statement = select(goal_versions).order_by(goal_versions.c.id.desc())
        return [_to_version(row) for row in self._connection.execute(statement)]

    def _newest(self) -> dict[str, Goal | None]:
        """Return what each goal said last, by its key."""
        last = select(func.max(goal_versions.c.id)).group_by(goal_versions.c.key)
        statement = select(goal_versions).where(goal_versions.c.id.in_(last))
        versions = map(_to_version, self._connection.execute(statement))
        return {version.key: version.goal for version in versions}


def _to_values(goal: Goal) -> dict[str, Any]:
    return {
        "measure": str(goal.measure),
        "target": goal.target,
        "by": goal.by.isoformat(),
        "name": goal.name,
        "source": goal.source,
    }


def _to_version(row: Row[Any]) -> GoalVersion:
    values = from_json(row.goal)
    goal = None
    if values:
        measure, by = GoalMeasure(values["measure"]), date.fromisoformat(values["by"])
        goal = Goal(**{**values, "measure": measure, "by": by})
    return GoalVersion(key=row.key, at=row.at, goal=goal)
