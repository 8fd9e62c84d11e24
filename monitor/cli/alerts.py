"""alerts list, show, ack, resolve: the same life as in Slack, for scripts and the terminal."""

from __future__ import annotations

import getpass
import os
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from monitor import bootstrap
from monitor.alert import Alert, AlertStatus
from monitor.cli.frame import CONFIG, ConfigOption, JsonOption, opened, out, plain, print_json, print_text
from monitor.errors import AlertError
from monitor.pipeline.respond import respond
from monitor.response import Act, Action, Refusal, clocks
from monitor.store import Transaction

app = typer.Typer(no_args_is_help=True)

AlertArgument = Annotated[int, typer.Argument(help="The number of the alert.", metavar="ALERT", max=2**31 - 1)]
NoteOption = Annotated[str, typer.Option("--note", help="What the team should know.")]
ActorOption = Annotated[str, typer.Option("--by", help="Who does it; your login name where it is left out.")]


@app.command("list")
def list_alerts(
    config: ConfigOption = CONFIG,
    status: Annotated[list[AlertStatus] | None, typer.Option("--status", help="Only these; may be repeated.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1_000_000, help="At most so many, newest first.")] = 50,
    json: JsonOption = False,
) -> None:
    """List alerts, newest first.

    Example: [bold]repwatch alerts list --status open[/bold]
    """
    with opened(config) as program, program.store.read() as tx:
        found = tx.alerts.find(status=status, limit=limit)
    if json:
        print_json([_as_dict(alert) for alert in found])
        return
    table = Table("alert", "severity", "status", "opened", "reports", "rule", "why", box=None, pad_edge=False)
    for alert in found:
        opened_at = f"{alert.opened_at:%Y-%m-%d %H:%M}"
        row = (alert.severity, alert.status, opened_at, str(alert.members), alert.rule_name, alert.reason)
        table.add_row(str(alert.id), *(Text(plain(cell)) for cell in row))
    out.print(table if found else "no alerts")


@app.command()
def show(alert: AlertArgument, config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """Show one alert: what was said, why it fired, and everything that happened since."""
    with opened(config) as program, program.store.read() as tx:
        value = _get(tx, alert)
        events = tx.alerts.events(alert)
        members = tx.alerts.members(alert)
        hide = bootstrap.masking(program.plan.settings)
    times = clocks(value.opened_at, events)
    if json:
        print_json(
            {
                **_as_dict(value),
                "seconds_to": {
                    "acknowledge": times.to_acknowledge,
                    "reply": times.to_reply,
                    "resolve": times.to_resolve,
                },
                "feedback": [
                    {"source": item.source_id, "id": item.external_id, "url": item.url, "text": hide(analysis.text)}
                    for item, analysis, _, _ in members
                ],
                "events": [
                    {"at": event.at.isoformat(), "kind": event.kind, "actor": event.actor, "note": event.note}
                    for event in events
                ],
            }
        )
        return
    print_text(f"alert {value.id}: {value.rule_name} ({value.severity}), {value.status}")
    print_text(f"why: {value.reason}")
    for item, analysis, _, _ in members:
        print_text(f"\n{item.source_id} {item.url}\n{hide(analysis.text)}")
    out.print()
    spent = (("taken", times.to_acknowledge), ("answered", times.to_reply), ("resolved", times.to_resolve))
    for what, seconds in spent:
        if seconds is not None:
            print_text(f"{what} after {timedelta(seconds=round(seconds))}")
    for event in events:
        print_text(f"{event.at:%Y-%m-%d %H:%M} {event.kind} by {event.actor} {event.note}".rstrip())


@app.command()
def ack(alert: AlertArgument, config: ConfigOption = CONFIG, note: NoteOption = "", by: ActorOption = "") -> None:
    """Take an alert: others see that somebody has it."""
    _respond(alert, config, Act.TAKE, note, by)


@app.command()
def resolve(alert: AlertArgument, config: ConfigOption = CONFIG, note: NoteOption = "", by: ActorOption = "") -> None:
    """Close an alert: the problem is dealt with."""
    _respond(alert, config, Act.RESOLVE, note, by)


def _respond(number: int, config: ConfigOption, act: Act, note: str, by: str) -> None:
    action = Action(act=act, actor=f"cli:{by or _login_name()}", via="cli", note=note)
    with opened(config) as program, program.store.write() as tx:
        _get(tx, number)
        value = respond(tx, number, action, bootstrap.now())
        if isinstance(value, Refusal):
            raise AlertError(value.says)
    out.print(f"alert {value.id} is {value.status}", markup=False)


def _login_name() -> str:
    """Who runs the command; the number where a container knows no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid{os.getuid()}"


def _get(tx: Transaction, number: int) -> Alert:
    found = tx.alerts.get(number)
    if found is None:
        raise AlertError(f"there is no alert {number}; `repwatch alerts list` shows which there are")
    return found


def _as_dict(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "rule": alert.rule_id,
        "name": alert.rule_name,
        "severity": alert.severity,
        "status": alert.status,
        "reason": alert.reason,
        "words": list(alert.words),
        "channel": alert.channel,
        "opened_at": alert.opened_at.isoformat(),
        "updated_at": alert.updated_at.isoformat(),
        "members": alert.members,
        "assignee": alert.assignee or None,
    }
