"""events list, add, remove: releases, outages and campaigns that explain a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.actors import ByOption, actor_from_name
from monitor.cli.application import make_command_group
from monitor.cli.options import CONFIG, ConfigOption, JsonOption, LimitOption, parse_day_option
from monitor.cli.output import print_json
from monitor.domain.marked_event import (
    MarkedEvent,
    MarkedEventKind,
    MarkOrigin,
    make_marked_event,
)
from monitor.errors import ConfigError, ConfigProblem, RegisterError

if TYPE_CHECKING:
    from datetime import datetime

event_commands = make_command_group()


@event_commands.command("list")
def list_events(
    config: ConfigOption = CONFIG, limit: LimitOption = 50, json: JsonOption = False
) -> None:
    """List marked events, newest first, with how each became known.

    Example: [bold]repwatch events list --limit 10[/bold]
    """
    from monitor.cli.program import open_program
    from monitor.cli.terminal import print_text

    with open_program(config) as program, program.store.read() as tx:
        found = tx.marked_events.newest(limit)
    if json:
        print_json([_to_dict(event) for event in found])
        return
    if not found:
        print_text("Nothing is marked. `repwatch events add NAME` marks the first event.")
    for event in found:
        print_text(_describe(event))


@event_commands.command("add")
def add_event(
    name: Annotated[str, typer.Argument(help='What happened: 6.5.0, "Spring sale".')],
    config: ConfigOption = CONFIG,
    kind: Annotated[
        MarkedEventKind, typer.Option("--kind", help="What kind of thing it is.")
    ] = MarkedEventKind.OTHER,
    at: Annotated[
        str | None, typer.Option("--at", help="When it began: a day in UTC, or a time; now.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="When it was over, of what took a while.")
    ] = None,
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Mark a release, an outage, a campaign: the digest names it where a change starts there.

    Examples: [bold]repwatch events add 6.5.0 --kind release[/bold], [bold]repwatch events add
    "Login down" --kind outage --at 2026-11-20T08:30 --until 2026-11-20T10:15[/bold]
    """
    from monitor.bootstrap import utc_now
    from monitor.cli.program import open_program
    from monitor.cli.terminal import print_text

    begins = parse_day_option(at, "--at") or utc_now()
    event = _make_event(name, kind, begins, parse_day_option(until, "--until"), by)
    with open_program(config) as program, program.store.write() as tx:
        marked, is_new = tx.marked_events.add(event)
    if json:
        print_json({**_to_dict(marked), "new": is_new})
    else:
        print_text(f"{'Marked' if is_new else 'Marked before'}: {_describe(marked)}")


@event_commands.command("remove")
def remove_event(
    event: Annotated[int, typer.Argument(min=1, help="Its number, as the list shows it.")],
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Take a mark back; what came from an app version is not marked again by itself.

    Example: [bold]repwatch events remove 7[/bold]
    """
    from monitor.bootstrap import utc_now
    from monitor.cli.program import open_program
    from monitor.cli.terminal import print_text

    with open_program(config) as program, program.store.write() as tx:
        removed = tx.marked_events.remove(event, utc_now())
    if removed is None:
        raise RegisterError(f"there is no event {event}: `repwatch events list` shows them all")
    if json:
        print_json(_to_dict(removed))
    else:
        print_text(f"Taken back: {_describe(removed)}")


def _make_event(
    name: str, kind: MarkedEventKind, at: datetime, until: datetime | None, by: str
) -> MarkedEvent:
    """Return the event; raises ConfigError where its name or its end does not fit."""
    actor = actor_from_name(by)
    try:
        return make_marked_event(
            name, kind, at, until=until, origin=MarkOrigin.COMMAND, actor=actor
        )
    except ValueError as error:
        raise ConfigError([ConfigProblem("events add", str(error))]) from None


def _describe(event: MarkedEvent) -> str:
    until = f" to {event.until:%Y-%m-%d %H:%M}" if event.until else ""
    by = f"{event.origin} by {event.actor.display_name}"
    return f"{event.id}  {event.at:%Y-%m-%d %H:%M}{until} UTC  {event.kind}  {event.name}  ({by})"


def _to_dict(event: MarkedEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "name": event.name,
        "kind": event.kind,
        "at": event.at.isoformat(),
        "until": event.until.isoformat() if event.until else None,
        "origin": event.origin,
        "by": str(event.actor),
    }
