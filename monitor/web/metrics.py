"""Metrics for Prometheus: counts, ages and times; no secrets and no customer's words or names."""

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
    """The metrics of one application."""

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
        """Return all metrics in Prometheus' text format; raises StoreError."""
        return generate_latest(self._registry)


class _StoreCollector(Collector):
    """Reads the database and the auditor at the moment of each scrape."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], repaired: Callable[[], int]
    ) -> None:
        self._store = store
        self._now = now
        self._repaired = repaired

    def collect(self) -> Iterable[Metric]:
        """Return every metric, all of one moment."""
        now = self._now()
        text = "Clocks of alerts that went wrong and were set right"
        repaired = CounterMetricFamily("repwatch_clocks_repaired", text, value=self._repaired())
        with self._store.read() as tx:
            return [*_count_metrics(tx), *_age_metrics(tx, now), *_source_metrics(tx), repaired]


def _count_metrics(tx: Transaction) -> Iterable[Metric]:
    feedback = {count.source_id: count.count for count in tx.feedback.count_by_source()}
    inbox = tx.inbox.count()
    entries = {"waiting": inbox.waiting, "dead": inbox.dead}
    repeats = tx.system_statistics.count_repeats()
    text = "Messages sent again, labelled"
    yield _make_gauge("repwatch_feedback", "Stored feedback", "source", feedback)
    yield _make_gauge("repwatch_alerts", "Alerts", "state", tx.system_statistics.count_alerts())
    yield _make_gauge("repwatch_deliveries", "Deliveries", "state", tx.deliveries.count_by_state())
    yield GaugeMetricFamily("repwatch_possible_repeats", text, value=repeats)
    yield _make_gauge("repwatch_inbox", "Received and not worked off", "state", entries)


def _age_metrics(tx: Transaction, now: datetime) -> Iterable[Metric]:
    delivery_at, timer_at = (
        tx.system_statistics.oldest_outbox_at(now),
        tx.system_statistics.oldest_timer_at(now),
    )
    request_at = tx.inbox.count().oldest
    ages = (
        ("repwatch_outbox_oldest_seconds", "the oldest delivery that is due", delivery_at),
        ("repwatch_step_oldest_seconds", "the oldest step of an alert that is due", timer_at),
        ("repwatch_inbox_oldest_seconds", "the oldest waiting request", request_at),
    )
    for name, what, oldest_at in ages:
        age = seconds_since(oldest_at, now)
        yield GaugeMetricFamily(name, f"Age of {what}; 0 for none", value=age)


def _source_metrics(tx: Transaction) -> Iterable[Metric]:
    states = tx.sources.list_states()
    succeeded_at = {
        state.source_id: state.last_success_at.timestamp()
        for state in states
        if state.last_success_at
    }
    failures = {state.source_id: state.failures for state in states}
    stopped = {state.source_id: int(state.stopped) for state in states}
    name = "repwatch_source_last_success_timestamp_seconds"
    yield _make_gauge(name, "When it was last read", "source", succeeded_at)
    yield _make_gauge("repwatch_source_failures", "Failures in a row", "source", failures)
    yield _make_gauge("repwatch_source_stopped", "1 for gone for good", "source", stopped)


def seconds_since(since: datetime | None, now: datetime) -> float:
    """Return the seconds since a time; 0 for none and for one to come."""
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _make_gauge(name: str, text: str, label: str, values: Mapping[LabelT, float]) -> Metric:
    gauge = GaugeMetricFamily(name, text, labels=[label])
    for label_value, value in values.items():
        gauge.add_metric([str(label_value)], value)
    return gauge
