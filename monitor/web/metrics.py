"""Figures for Prometheus: counts, ages and times; no secrets and no customer's words or names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from monitor.store import Store, Transaction

LabelT = TypeVar("LabelT", bound=str)


class Metrics:
    """The figures of one application."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], repaired: Callable[[], int]
    ) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_StoreCollector(store, now, repaired))
        self._hooks = Counter(
            "repwatch_hooks",
            "Requests to hooks of known sources, by what was answered",
            ["source", "outcome"],
            registry=self._registry,
        )

    def count_hook(self, source_id: str, outcome: str) -> None:
        """Count one request to a known source."""
        self._hooks.labels(source_id, outcome).inc()

    def render_text(self) -> bytes:
        """Everything in Prometheus' text format; StoreError when the database does not answer."""
        return generate_latest(self._registry)


class _StoreCollector(Collector):
    """What the database and the auditor say at the moment of asking."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], repaired: Callable[[], int]
    ) -> None:
        self._store = store
        self._now = now
        self._repaired = repaired

    def collect(self) -> Iterable[Metric]:
        """Every figure, all of one moment."""
        now = self._now()
        says = "Clocks of alerts that went wrong and were set right"
        repaired = CounterMetricFamily("repwatch_clocks_repaired", says, value=self._repaired())
        with self._store.read() as tx:
            return [*_count_metrics(tx), *_age_metrics(tx, now), *_source_metrics(tx), repaired]


def _count_metrics(tx: Transaction) -> Iterable[Metric]:
    feedback = {count.source_id: count.count for count in tx.feedback.count_by_source()}
    inbox = tx.inbox.count()
    yield _make_gauge("repwatch_feedback", "Stored feedback", "source", feedback)
    yield _make_gauge("repwatch_alerts", "Alerts", "state", tx.totals.count_alerts())
    yield _make_gauge("repwatch_deliveries", "Deliveries", "state", tx.deliveries.count_by_state())
    yield GaugeMetricFamily(
        "repwatch_possible_repeats",
        "Messages sent again, labelled",
        value=tx.totals.count_repeats(),
    )
    yield _make_gauge(
        "repwatch_inbox",
        "Received and not worked off",
        "state",
        {"waiting": inbox.waiting, "dead": inbox.dead},
    )


def _age_metrics(tx: Transaction, now: datetime) -> Iterable[Metric]:
    for name, says, oldest in (
        (
            "repwatch_outbox_oldest_seconds",
            "Age of the oldest delivery that is due",
            tx.totals.oldest_outbox_at(now),
        ),
        (
            "repwatch_step_oldest_seconds",
            "Age of the oldest step of an alert that is due",
            tx.totals.oldest_timer_at(now),
        ),
        (
            "repwatch_inbox_oldest_seconds",
            "Age of the oldest waiting request",
            tx.inbox.count().oldest,
        ),
    ):
        yield GaugeMetricFamily(name, f"{says}; 0 for none", value=seconds_since(oldest, now))


def _source_metrics(tx: Transaction) -> Iterable[Metric]:
    states = tx.sources.list_states()
    success = {
        state.source_id: state.last_success_at.timestamp()
        for state in states
        if state.last_success_at
    }
    failures = {state.source_id: state.failures for state in states}
    stopped = {state.source_id: int(state.stopped) for state in states}
    yield _make_gauge(
        "repwatch_source_last_success_timestamp_seconds", "When it was last read", "source", success
    )
    yield _make_gauge("repwatch_source_failures", "Failures in a row", "source", failures)
    yield _make_gauge("repwatch_source_stopped", "1 for gone for good", "source", stopped)


def seconds_since(since: datetime | None, now: datetime) -> float:
    """Seconds since a time; 0 for none and for one to come."""
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _make_gauge(name: str, says: str, label: str, values: Mapping[LabelT, float]) -> Metric:
    found = GaugeMetricFamily(name, says, labels=[label])
    for value in values:
        found.add_metric([str(value)], values[value])
    return found
