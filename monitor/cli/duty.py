"""duty: who has it now, or had it or will have it at another time, and who is next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.application import app
from monitor.cli.options import CONFIG, ConfigOption, JsonOption
from monitor.cli.output import print_json
from monitor.errors import ConfigError, ConfigProblem

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.domain.duty import DutyRotation, Shift

#: Shifts that are told after the one that was asked for.
_NEXT_SHOWN = 3


@app.command("duty")
def show_duty(
    config: ConfigOption = CONFIG,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", help="Another time, in the duty's own time zone: a day, or 2026-12-24T18:00."
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Tell who has duty, until when, and who comes next.

    Nothing is stored or sent. The rotation stands in the configuration, under \\[duty].

    Examples: [bold]repwatch duty[/bold], [bold]repwatch duty --at 2026-12-24T18:00[/bold],
    [bold]repwatch duty --json[/bold]
    """
    import os
    from itertools import islice

    from monitor.bootstrap import utc_now
    from monitor.config import load_settings

    settings, problems = load_settings(config, os.environ)
    if problems:
        raise ConfigError(problems)
    rotation = settings.duty.rotation
    if rotation is None:
        message = "nobody has duty: name people here, see docs/howto/share-the-duty.md"
        raise ConfigError([ConfigProblem(f"{config.name}: duty.people", message)])
    moment = _parse_moment(at, rotation.zone) if at else utc_now()
    shift, *later = islice(rotation.shifts_from(moment), _NEXT_SHOWN + 1)
    if json:
        print_json(_to_dict(moment, rotation, shift, later))
    else:
        _print_shifts(rotation, shift, later)


def _parse_moment(text: str, zone: str) -> datetime:
    """Return the moment that `--at` names; raises ConfigError where it names none."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"{text!r} is no time; write it like 2026-12-24 or 2026-12-24T18:00"
        raise ConfigError([ConfigProblem("--at", message)]) from None


def _print_shifts(rotation: DutyRotation, shift: Shift, later: list[Shift]) -> None:
    from monitor.cli.terminal import print_text
    from monitor.notifiers.notice_text import describe_shift, format_local_time
    from monitor.notifiers.wording import PLAIN_FORMAT

    print_text(describe_shift(shift, rotation.zone, PLAIN_FORMAT))
    for after in later:
        since = format_local_time(after.since, rotation.zone) if after.since else ""
        print_text(f"  then {PLAIN_FORMAT.person(after.person)} from {since}")


def _to_dict(
    at: datetime, rotation: DutyRotation, shift: Shift, later: list[Shift]
) -> dict[str, object]:
    return {
        "at": _in_zone(at, rotation),
        "timezone": rotation.zone,
        **_shift_to_dict(shift, rotation),
        "next": [_shift_to_dict(after, rotation) for after in later],
    }


def _shift_to_dict(shift: Shift, rotation: DutyRotation) -> dict[str, object]:
    return {
        "person": shift.person.id,
        "since": _in_zone(shift.since, rotation),
        "until": _in_zone(shift.until, rotation),
    }


def _in_zone(at: datetime | None, rotation: DutyRotation) -> str | None:
    """Return a time in the duty's zone, with its offset; None for none."""
    from zoneinfo import ZoneInfo

    return at.astimezone(ZoneInfo(rotation.zone)).isoformat() if at else None
