"""Queries about rules: what each said when it decided something."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from monitor.store.column_types import from_json, to_json
from monitor.store.mapping import RuleVersion, to_utc
from monitor.store.schema import rule_versions
from monitor.store.statements import insert_for


class RuleVersionRepository:
    """The versions of rules; they are only ever added."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_version(
        self, rule_id: str, version: str, definition: Mapping[str, Any], at: datetime
    ) -> bool:
        """Keep a version of a rule; False, and nothing changed, when it is known."""
        row = {
            "rule_id": rule_id,
            "version": version,
            "definition": to_json(dict(definition)),
            "at": to_utc(at),
        }
        statement = insert_for(self._connection, rule_versions).values(row).on_conflict_do_nothing()
        added = self._connection.execute(statement.returning(rule_versions.c.version))
        return added.one_or_none() is not None

    def versions(self, rule_id: str) -> list[RuleVersion]:
        """Every version of a rule, newest first."""
        newest_first = (rule_versions.c.at.desc(), rule_versions.c.version)
        statement = (
            select(rule_versions).where(rule_versions.c.rule_id == rule_id).order_by(*newest_first)
        )
        return [
            RuleVersion(
                rule_id=row.rule_id,
                version=row.version,
                definition=from_json(row.definition),
                at=row.at,
            )
            for row in self._connection.execute(statement)
        ]
