"""sources, collect: how the sources fare, and reading their history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Column, Table

from monitor import bootstrap
from monitor.cli.frame import (
    CONFIG,
    ConfigOption,
    JsonOption,
    app,
    err,
    open_program,
    out,
    parse_day_option,
    print_json,
    show_progress,
    to_terminal_text,
)
from monitor.domain.source_health import SourceHealth
from monitor.errors import ConfigError, ConfigProblem, suggest_nearest
from monitor.health.source_alerts import load_source_health
from monitor.pipeline.poller import ConfiguredSource

sources_app = typer.Typer(invoke_without_command=True)
SourceName = Annotated[str, typer.Argument(help="The id of a source.", metavar="SOURCE")]
_COLUMNS = ("state", "last success", "usual a day", "last 24 h", "seen of 7 days")
_COLOURS = {"ok": "green", "new": "yellow", "failing": "red", "silent": "red", "stopped": "red"}


@sources_app.callback(invoke_without_command=True)
def show_sources(
    context: typer.Context, config: ConfigOption = CONFIG, json: JsonOption = False
) -> None:
    """Show how every source fares, judged against its own history.

    Example: [bold]repwatch sources --json[/bold]
    """
    if context.invoked_subcommand:
        return
    now = bootstrap.utc_now()
    with open_program(config) as program, program.store.read() as tx:
        found = [load_source_health(tx, polled.id, now) for polled in program.poller.sources]
    if json:
        print_json([_health_to_dict(health, now) for health in found])
        return
    table = Table(Column("source", no_wrap=True), *_COLUMNS, box=None, pad_edge=False)
    for health in found:
        condition = f"[{_COLOURS[health.condition]}]{health.condition}[/]"
        table.add_row(health.source_id, condition, *_health_cells(health, now))
    out.print(table if found else "no sources: add a [[sources]] table to the configuration")
    for note in [note for health in found for note in _source_note_lines(health)]:
        out.print(to_terminal_text(note), markup=False)


@sources_app.command()
def resume(source: SourceName, config: ConfigOption = CONFIG) -> None:
    """Ask a source again that had stopped because its place was gone.

    Example: [bold]repwatch sources resume reviews[/bold]
    """
    with open_program(config) as program:
        _find_source(program, source)
        with program.store.write() as tx:
            state = tx.sources.get_state(source)
            tx.sources.save(replace(state, stopped=False, failures=0, error="", due_at=None))
    out.print(f"{source} is asked again at the next poll", markup=False)


@app.command()
def collect(
    since: Annotated[str, typer.Option("--since", help="How far back, like 2026-11-01.")],
    config: ConfigOption = CONFIG,
    source: Annotated[
        str | None, typer.Option("--source", help="Only this source (its id).")
    ] = None,
) -> None:
    """Read the history of the sources, as far as they still give it; nothing of it alerts.

    Example: [bold]repwatch collect --since 2026-11-01 --source reviews[/bold]
    """
    earliest = parse_day_option(since, "--since")
    failed = False
    with open_program(config) as program, show_progress("reading history", None) as advance:
        chosen = [_find_source(program, source)] if source else program.poller.sources
        for polled in chosen:
            report = program.poller.backfill(
                polled, earliest or bootstrap.utc_now(), bootstrap.utc_now()
            )
            advance()
            read = report.ingested
            out.print(
                f"{report.id}: {read.fetched} fetched, {read.new} new, {read.updated} updated",
                markup=False,
            )
            for warning in (*report.warnings, report.error):
                if warning:
                    err.print(f"{report.id}: {warning}", markup=False, soft_wrap=True)
            failed = failed or bool(report.error)
    if failed:
        raise typer.Exit(1)


def _find_source(program: bootstrap.App, source_id: str) -> ConfiguredSource:
    known = {polled.id: polled for polled in program.poller.sources}
    if source_id not in known:
        message = f"there is no source {source_id!r}; {suggest_nearest(source_id, list(known))}"
        raise ConfigError([ConfigProblem("source", message)])
    return known[source_id]


def _source_note_lines(health: SourceHealth) -> Iterator[str]:
    """What a source says and where it was blind, a line each; the blindness of this moment once."""
    for gap in health.gaps:
        until = f"{gap.until:%Y-%m-%d %H:%M}" if gap.until else "now"
        yield f"{health.source_id}: gap from {gap.since:%Y-%m-%d %H:%M} to {until}: {gap.reason}"
    if health.summary and health.summary not in {
        gap.reason for gap in health.gaps if gap.until is None
    }:
        yield f"{health.source_id}: {health.summary}"


def _health_cells(health: SourceHealth, now: datetime) -> tuple[str, str, str, str]:
    last = health.state.last_success_at
    ago = f"{(now - last).total_seconds() / 60:.0f} min ago" if last else "never"
    usual = "learning" if health.per_day is None else f"{health.per_day:.1f}"
    share = "" if health.coverage is None else f"{health.coverage:.0%}"
    return ago, usual, str(health.last_day), share


def _health_to_dict(health: SourceHealth, now: datetime) -> dict[str, object]:
    state = health.state
    lag = (now - state.last_success_at).total_seconds() if state.last_success_at else None
    return {
        "id": health.source_id,
        "state": health.condition,
        "says": health.summary,
        "last_success_at": state.last_success_at.isoformat() if state.last_success_at else None,
        "lag_seconds": lag,
        "failures": state.failures,
        "expected_per_day": health.per_day,
        "last_day": health.last_day,
        "newest_at": health.newest_at.isoformat() if health.newest_at else None,
        "coverage": health.coverage,
        "gaps": [
            {
                "since": gap.since.isoformat(),
                "until": gap.until.isoformat() if gap.until else None,
                "reason": gap.reason,
            }
            for gap in health.gaps
        ],
    }
