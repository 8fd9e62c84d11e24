"""Where everything is kept: one SQLite file, or a PostgreSQL database with the same tables.

Values of `monitor.domain.feedback`, `monitor.domain.alert` and `monitor.domain.source_health` go in
and come out; rows stay inside. What is done in one `with store.write() as tx:` happens as a whole
or not at all, and every failure is a StoreError of one clear line.
"""

from __future__ import annotations

from monitor.domain.alert import StoredDecision
from monitor.store.engine import parse_url as check_url
from monitor.store.mapping import DecisionResults, KnownFeedback, RuleVersion, SourceCount
from monitor.store.migrate import schema_version, upgrade_schema
from monitor.store.transaction import Store, Transaction, open_store

__all__ = [
    "DecisionResults",
    "KnownFeedback",
    "RuleVersion",
    "SourceCount",
    "Store",
    "StoredDecision",
    "Transaction",
    "check_url",
    "open_store",
    "schema_version",
    "upgrade_schema",
]
