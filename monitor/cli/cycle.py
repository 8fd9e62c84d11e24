"""One full cycle from the command line: poll, decide, send what is due, and what came of it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from monitor import bootstrap
from monitor.cli.output import print_json
from monitor.cli.program import open_program, stop_on_signals
from monitor.cli.terminal import out, show_progress, warn
from monitor.domain.clock_step import WatchedClock
from monitor.domain.delivery import DeliveryState
from monitor.domain.unread import UnreadCounts
from monitor.notifiers.unread_text import format_unread_day
from monitor.pipeline.ingest import NOTHING_INGESTED, IngestResult
from monitor.pipeline.poller import PollReport
from monitor.pipeline.sender import drain_outbox
from monitor.pipeline.webhooks import InboxEntryResult
from monitor.replies.publisher import publish_due

#: Reasons for silence that a summary names.
_REASONS_SHOWN = 5
_DAY = timedelta(days=1)
#: Seconds after which a wait looks whether a signal has come.
_SIGNAL_CHECK = 0.5
#: Deliveries that a summary counts; those being sent count as uncertain.
_COUNTED_STATES = (
    DeliveryState.SENT,
    DeliveryState.PENDING,
    DeliveryState.UNCERTAIN,
    DeliveryState.DEAD,
)


@dataclass(frozen=True, slots=True)
class CycleResult:
    """What one cycle did, and how the outbox stands after it."""

    reports: tuple[PollReport, ...]  #: one for each source
    waited: IngestResult  #: of the rules that wait for what does not arrive
    unread: Mapping[str, UnreadCounts]  #: by source, what nobody read of the last 24 hours
    deliveries: Mapping[str, int]  #: how many there are in each state
    blocked_reason: str  #: why not everything can be sent; empty when it can

    @property
    def failed(self) -> bool:
        """Whether something did not work."""
        return bool(self.blocked_reason) or any(report.error for report in self.reports)


def run_cycle(config: Path, drain: float, *, cards: Console) -> CycleResult:
    """Run one cycle and wait up to `drain` seconds for what cannot be sent at once.

    Without Slack, alerts are shown on `cards`. Raises ConfigError and StoreError.
    """
    with stop_on_signals() as stop, open_program(config, stop.is_set, cards=cards) as program:
        program.pull_forward(bootstrap.utc_now())
        reports = (*_poll_sources(program), *_ingest_inbox(program, stop))
        waited = program.ingest.ask_hourly(bootstrap.utc_now(), program.poller.policy)
        program.poller.purge_expired(bootstrap.utc_now())
        program.timers.run_due_steps(bootstrap.utc_now(), stop.is_set)
        program.duty.tell_change(bootstrap.utc_now())
        program.unread.queue_due(bootstrap.utc_now())
        program.shadows.queue_due(bootstrap.utc_now())
        publish_due(program.publisher, bootstrap.utc_now, stop.is_set)
        _send_deliveries(program, stop, drain)
        unread = _count_unread(program, reports)
        deliveries, blocked = _count_deliveries(program), program.sender.blocked_reason
        return CycleResult(reports, waited, unread, deliveries, blocked)


def print_cycle(result: CycleResult, *, json: bool) -> None:
    """Print what a cycle did, as one JSON document or for people."""
    if json:
        print_json(_cycle_to_dict(result))
    else:
        _print_summary(result)
    if result.blocked_reason:
        warn(f"not everything can be sent: {result.blocked_reason}")


def print_poll_report(report: PollReport) -> None:
    """Print what one poll read; its warnings and its error go to standard error."""
    read = report.ingested
    counts = f"{read.fetched} fetched, {read.new} new, {read.updated} updated"
    out.print(f"{report.id}: {counts}", markup=False)
    for warning in report.warnings:
        warn(f"{report.id}: {warning}")
    if report.error:
        warn(f"{report.id}: {report.error}", style="red")


def _poll_sources(program: bootstrap.App) -> tuple[PollReport, ...]:
    with show_progress("polling", len(program.poller.polled_sources)) as advance:
        return program.poller.poll_all(bootstrap.utc_now(), lambda _: advance())


def _ingest_inbox(program: bootstrap.App, stop: threading.Event) -> list[PollReport]:
    """Ingest what services have sent to webhooks; returns one report for each push source."""
    results = program.webhooks.ingest_due_entries(bootstrap.utc_now(), stop.is_set)
    return [
        _report_webhook(polled.id, [item for item in results if item.source_id == polled.id])
        for polled in program.poller.push_sources
    ]


def _report_webhook(source_id: str, results: Sequence[InboxEntryResult]) -> PollReport:
    errors = [result.error for result in results if result.error]
    return PollReport(
        id=source_id,
        ingested=sum((result.ingested for result in results), NOTHING_INGESTED),
        error=errors[0] if errors else "",
        warnings=tuple(warning for result in results for warning in result.warnings),
    )


def _send_deliveries(program: bootstrap.App, stop: threading.Event, drain: float) -> None:
    clock = WatchedClock(bootstrap.utc_now, bootstrap.count_seconds, program.sender.follow_clock)
    with show_progress("sending", None) as advance:
        drain_outbox(
            program.sender,
            clock,
            lambda seconds: _wait_unless_stopped(stop, seconds),
            until=bootstrap.utc_now() + timedelta(seconds=drain),
            stopping=stop.is_set,
            on_sent=advance,
        )


def _wait_unless_stopped(stop: threading.Event, seconds: float) -> None:
    """Wait that many seconds, or until a signal comes."""
    end = time.monotonic() + seconds
    while not stop.is_set() and (left := end - time.monotonic()) > 0:
        stop.wait(min(left, _SIGNAL_CHECK))


def _count_unread(program: bootstrap.App, reports: Sequence[PollReport]) -> dict[str, UnreadCounts]:
    now = bootstrap.utc_now()
    with program.store.read() as tx:
        return {
            report.id: tx.unread.count_by_reason(report.id, now - _DAY, now) for report in reports
        }


def _count_deliveries(program: bootstrap.App) -> dict[str, int]:
    with program.store.read() as tx:
        states = tx.deliveries.count_by_state()
    counts = {state.value: states.get(state, 0) for state in _COUNTED_STATES}
    # Another process sends them right now, or died while it did.
    counts[DeliveryState.UNCERTAIN.value] += states.get(DeliveryState.ATTEMPTING, 0)
    return counts


def _cycle_to_dict(result: CycleResult) -> dict[str, object]:
    total = sum((report.ingested for report in result.reports), result.waited)
    return {
        "sources": [
            {
                "id": report.id,
                "fetched": report.ingested.fetched,
                "new": report.ingested.new,
                "updated": report.ingested.updated,
                "error": report.error or None,
            }
            for report in result.reports
        ],
        "alerts": {
            "opened": len(total.opened),
            "grouped": total.grouped,
            "reopened": total.reopened,
            "suppressed": total.suppressed,
        },
        "deliveries": dict(result.deliveries),
    }


def _print_summary(result: CycleResult) -> None:
    for report in result.reports:
        print_poll_report(report)
        if result.unread[report.id]:
            out.print(f"  {format_unread_day(result.unread[report.id])}", markup=False)
    total = sum((report.ingested for report in result.reports), result.waited)
    counts = [f"{len(total.opened)} opened", f"{total.grouped} grouped"]
    if total.reopened:
        counts.append(f"{total.reopened} reopened")
    counts.append(f"{total.suppressed} suppressed")
    out.print(f"alerts: {', '.join(counts)}")
    for reason, count in Counter(total.silences).most_common(_REASONS_SHOWN):
        out.print(f"  {count} suppressed: {reason}", markup=False)
    deliveries = [f"{count} {state}" for state, count in result.deliveries.items()]
    out.print(f"deliveries: {', '.join(deliveries)}")
