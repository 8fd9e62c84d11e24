"""The rules that hold right now: saved changes are taken over without a restart."""

from __future__ import annotations

import threading

import structlog

from monitor.store import Store
from monitor.tuning.rule_layers import ConfiguredRules, EffectiveRules, lay_rules
from rules.engine import Engine

log = structlog.get_logger(__name__)


class RuleBook:
    """The rules of all layers, and the engine that asks them; threads may share it.

    Whoever asks gets those of the newest change in the store; where nothing changed, that is one
    small query.
    """

    def __init__(self, store: Store, configured: ConfiguredRules, emergency_line: str = "") -> None:
        """Take the rules of presets and file; in danger people can call `emergency_line`."""
        self.configured = configured
        self._store, self._emergency_line = store, emergency_line
        self._turn = threading.Lock()
        self._revision = -1
        self._effective = EffectiveRules(rules=configured.rules)
        self._engine = Engine(())  # until somebody asks: an engine of all rules takes megabytes

    def load_rules(self) -> EffectiveRules:
        """Return the rules that hold now. Raises StoreError."""
        with self._turn:
            self._renew()
            return self._effective

    def list_ids(self) -> frozenset[str]:
        """Return the ids of the rules that hold now. Raises StoreError."""
        return frozenset(rule.id for rule in self.load_rules().rules)

    def load_engine(self) -> Engine:
        """Return the engine of the rules that hold now, the same one while nothing has changed.

        Raises StoreError.
        """
        with self._turn:
            self._renew()
            return self._engine

    def _renew(self) -> None:
        with self._store.read() as tx:
            revision = tx.rule_changes.revision()
            if revision == self._revision:
                return
            histories = tx.rule_changes.histories()
        effective = lay_rules(self.configured, histories)
        for note in effective.notes:
            if note not in self._effective.notes:
                log.warning("saved_rule_not_used", reason=note)
        if self._revision >= 0:
            log.info("rules_changed", rules=len(effective.rules), revision=revision)
        self._engine = Engine(effective.asked, self._emergency_line)
        self._effective, self._revision = effective, revision
