"""sources, collect: how the sources fare, and reading their history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.application import app, make_command_group
from monitor.cli.options import CONFIG, ConfigOption, JsonOption, parse_day_option
from monitor.cli.output import print_json
from monitor.errors import ConfigError, ConfigProblem, suggest_nearest

if TYPE_CHECKING:
    from datetime import datetime

    from rich.table import Table

    from monitor.bootstrap import App
    from monitor.domain.source_health import Gap, SourceHealth
    from monitor.domain.unread import UnreadCounts
    from monitor.pipeline.poller import ConfiguredSource

source_commands = make_command_group(invoke_without_command=True)
SourceArgument = Annotated[str, typer.Argument(help="The id of a source.", metavar="SOURCE")]
_COLUMNS = ("state", "last success", "usual a day", "last 24 h", "seen of 7 days")
_COLOURS = {"ok": "green", "new": "yellow", "failing": "red", "silent": "red", "stopped": "red"}


@source_commands.callback(invoke_without_command=True)
def show_sources(
    context: typer.Context, config: ConfigOption = CONFIG, json: JsonOption = False
) -> None:
    """Show how every source fares, judged against its own history.

    Example: [bold]repwatch sources --json[/bold]
    """
    if context.invoked_subcommand:
        return
    from monitor import bootstrap
    from monitor.cli.program import open_program
    from monitor.cli.terminal import out, to_terminal_text
    from monitor.health.source_alerts import load_source_health

    now = bootstrap.utc_now()
    with open_program(config) as program, program.store.read() as tx:
        sources = [load_source_health(tx, polled.id, now) for polled in program.poller.sources]
        since = now - timedelta(days=1)
        unread = {
            health.source_id: tx.unread.count_by_reason(health.source_id, since, now)
            for health in sources
        }
    if json:
        print_json([_health_to_dict(health, unread[health.source_id], now) for health in sources])
        return
    if not sources:
        out.print("no sources: add a [[sources]] table to the configuration")
        return
    out.print(_build_source_table(sources, now))
    for health in sources:
        for note in _source_note_lines(health, unread[health.source_id]):
            out.print(to_terminal_text(note), markup=False)


@source_commands.command("resume")
def resume_source(source: SourceArgument, config: ConfigOption = CONFIG) -> None:
    """Ask a source again that had stopped because its place was gone.

    Example: [bold]repwatch sources resume reviews[/bold]
    """
    from monitor.cli.program import open_program
    from monitor.cli.terminal import out

    with open_program(config) as program:
        _find_source(program, source)
        with program.store.write() as tx:
            state = tx.sources.get_state(source)
            tx.sources.save(replace(state, stopped=False, failures=0, error="", due_at=None))
    out.print(f"{source} is asked again at the next poll", markup=False)


@app.command("collect")
def collect_history(
    since: Annotated[str, typer.Option("--since", help="How far back, like 2026-11-01.")],
    config: ConfigOption = CONFIG,
    source: Annotated[
        str | None, typer.Option("--source", help="Only this source (its id).")
    ] = None,
) -> None:
    """Read the history of the sources, as far as they still give it; nothing of it alerts.

    Example: [bold]repwatch collect --since 2026-11-01 --source reviews[/bold]
    """
    from monitor import bootstrap
    from monitor.cli.cycle import print_poll_report
    from monitor.cli.program import open_program
    from monitor.cli.terminal import show_progress

    earliest = parse_day_option(since, "--since") or bootstrap.utc_now()
    failed = False
    with open_program(config) as program, show_progress("reading history", None) as advance:
        chosen = [_find_source(program, source)] if source else program.poller.sources
        for polled in chosen:
            report = program.poller.backfill(polled, earliest, bootstrap.utc_now())
            advance()
            print_poll_report(report)
            failed = failed or bool(report.error)
    if failed:
        raise typer.Exit(1)


def _find_source(program: App, source_id: str) -> ConfiguredSource:
    """Return the source with this id; raises ConfigError where the configuration has none."""
    sources = {polled.id: polled for polled in program.poller.sources}
    if source_id not in sources:
        message = f"there is no source {source_id!r}; {suggest_nearest(source_id, list(sources))}"
        raise ConfigError([ConfigProblem("source", message)])
    return sources[source_id]


def _build_source_table(sources: list[SourceHealth], now: datetime) -> Table:
    from rich.table import Column, Table

    table = Table(Column("source", no_wrap=True), *_COLUMNS, box=None, pad_edge=False)
    for health in sources:
        condition = f"[{_COLOURS[health.condition]}]{health.condition}[/]"
        table.add_row(health.source_id, condition, *_health_cells(health, now))
    return table


def _health_cells(health: SourceHealth, now: datetime) -> tuple[str, str, str, str]:
    last = health.state.last_success_at
    ago = f"{(now - last).total_seconds() / 60:.0f} min ago" if last else "never"
    usual = "learning" if health.per_day is None else f"{health.per_day:.1f}"
    share = "" if health.coverage is None else f"{health.coverage:.0%}"
    return ago, usual, str(health.last_day), share


def _source_note_lines(health: SourceHealth, unread: UnreadCounts) -> Iterator[str]:
    """Yield a line for each gap of a source, and what else it says; an open gap says it already."""
    from monitor.notifiers.unread_text import format_unread_day

    for gap in health.gaps:
        until = f"{gap.until:%Y-%m-%d %H:%M}" if gap.until else "now"
        yield f"{health.source_id}: gap from {gap.since:%Y-%m-%d %H:%M} to {until}: {gap.reason}"
    reasons = {gap.reason for gap in health.gaps if gap.until is None}
    if health.summary and health.summary not in reasons:
        yield f"{health.source_id}: {health.summary}"
    if unread:
        yield f"{health.source_id}: {format_unread_day(unread)}"


def _health_to_dict(health: SourceHealth, unread: UnreadCounts, now: datetime) -> dict[str, object]:
    from monitor.notifiers.unread_text import name_unread_language

    state = health.state
    last = state.last_success_at
    return {
        "id": health.source_id,
        "state": health.condition,
        "says": health.summary,
        "last_success_at": last.isoformat() if last else None,
        "lag_seconds": (now - last).total_seconds() if last else None,
        "failures": state.failures,
        "expected_per_day": health.per_day,
        "last_day": health.last_day,
        "unread_last_day": {name_unread_language(reason): count for reason, count in unread},
        "newest_at": health.newest_at.isoformat() if health.newest_at else None,
        "coverage": health.coverage,
        "gaps": [_gap_to_dict(gap) for gap in health.gaps],
    }


def _gap_to_dict(gap: Gap) -> dict[str, object]:
    until = gap.until.isoformat() if gap.until else None
    return {"since": gap.since.isoformat(), "until": until, "reason": gap.reason}
