"""alerts ack, assign, reply, resolve and the others: the same life as in Slack, for scripts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.actors import ByOption, actor_from_name
from monitor.cli.alerts import AlertArgument, alert_commands
from monitor.cli.options import CONFIG, ConfigOption, JsonOption, parse_day_option
from monitor.domain.action import Action, ActionKind
from monitor.domain.alert import Snooze
from monitor.domain.feedback import Label, Stage
from monitor.errors import ConfigError, ConfigProblem

NoteOption = Annotated[str, typer.Option("--note", help="What the team should know.")]
PersonArgument = Annotated[
    str, typer.Argument(help="A name, or the id of a Slack user.", metavar="PERSON")
]


@alert_commands.command("ack")
def acknowledge_alert(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Take an alert: others see that somebody has it.

    Example: [bold]repwatch alerts ack 41 --note "I call them"[/bold]
    """
    action = Action(kind=ActionKind.TAKE, actor=actor_from_name(by), note=note)
    _act_on_alert(alert, config, action, json=json)


@alert_commands.command("assign")
def assign_alert(
    alert: AlertArgument,
    person: PersonArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Give an alert to somebody.

    Example: [bold]repwatch alerts assign 41 U0123ABC[/bold]
    """
    assignee = actor_from_name(_require_value("PERSON", person))
    actor = actor_from_name(by)
    action = Action(kind=ActionKind.ASSIGN, actor=actor, assignee=assignee, note=note)
    _act_on_alert(alert, config, action, json=json)


@alert_commands.command("release")
def release_alert(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Give an alert back: nobody has it, and whoever is to be called is called anew.

    Example: [bold]repwatch alerts release 41[/bold]
    """
    action = Action(kind=ActionKind.RELEASE, actor=actor_from_name(by), note=note)
    _act_on_alert(alert, config, action, json=json)


@alert_commands.command("reply")
def record_reply(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Note that the customer was answered; nothing is sent to them. A closed alert stays closed.

    Example: [bold]repwatch alerts reply 41 --note "by e-mail"[/bold]
    """
    action = Action(kind=ActionKind.REPLY, actor=actor_from_name(by), note=note)
    _act_on_alert(alert, config, action, json=json)


@alert_commands.command("resolve")
def resolve_alert(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    root_cause: Annotated[
        str, typer.Option("--root-cause", help="Where it came from, like delivery.")
    ] = "",
    action_taken: Annotated[str, typer.Option("--action", help="What was done about it.")] = "",
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Close an alert: the problem is dealt with.

    Example: [bold]repwatch alerts resolve 41 --root-cause delivery --action "refunded"[/bold]
    """
    details = _drop_empty_values({"root_cause": root_cause, "action_taken": action_taken})
    actor = actor_from_name(by)
    action = Action(kind=ActionKind.RESOLVE, actor=actor, note=note, details=details)
    _act_on_alert(alert, config, action, json=json)


@alert_commands.command("link")
def link_ticket(
    alert: AlertArgument,
    url: Annotated[
        str, typer.Argument(help='The address of the ticket; "" takes it away.', metavar="URL")
    ],
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Link an alert to its ticket elsewhere, which the card then shows.

    Example: [bold]repwatch alerts link 41 https://tracker.example/T-41[/bold]
    """
    actor = actor_from_name(by)
    action = Action(kind=ActionKind.LINK, actor=actor, note=note, details={"ticket": url.strip()})
    _act_on_alert(alert, config, action, json=json)


@alert_commands.command("join")
def join_alert(
    alert: AlertArgument,
    target: Annotated[int, typer.Argument(help="The alert that keeps going.", metavar="TARGET")],
    config: ConfigOption = CONFIG,
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Make one alert of two: what the first one holds moves into the target.

    Example: [bold]repwatch alerts join 41 38[/bold]
    """
    from monitor.cli.alert_actions import join_two_alerts

    join_two_alerts(alert, target, config, actor_from_name(by), json=json)


@alert_commands.command("part")
def part_alert(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Make two alerts of one again: it opens with what it held before it was joined.

    Example: [bold]repwatch alerts part 41[/bold]
    """
    from monitor.cli.alert_actions import part_joined_alert

    part_joined_alert(alert, config, actor_from_name(by), json=json)


@alert_commands.command("dismiss")
def dismiss_alert(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Close an alert that was of no use: it should not have fired, and the models learn from that.

    Example: [bold]repwatch alerts dismiss 41 --note "a quotation"[/bold]
    """
    action = Action(kind=ActionKind.DISMISS, actor=actor_from_name(by), note=note)
    _act_on_alert(alert, config, action, json=json)


@alert_commands.command("snooze")
def snooze_alert(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    until: Annotated[
        str | None, typer.Option("--until", help="A day or a time, like 2026-11-20T09:00+01:00.")
    ] = None,
    span: Annotated[
        str | None, typer.Option("--for", help='A time with its unit, like "4h" or "2d".')
    ] = None,
    members: Annotated[
        int | None, typer.Option("--members", min=1, help="Until it has so many reports.")
    ] = None,
    worse: Annotated[
        bool, typer.Option("--worse", help="Until reports come faster than before.")
    ] = False,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Put an alert away for a while, 30 days at most; whichever comes first brings it back.

    Example: [bold]repwatch alerts snooze 41 --for 2d --worse[/bold]
    """
    snooze = Snooze(until=_parse_snooze_end(until, span), members=members, worse=worse)
    action = Action(kind=ActionKind.SNOOZE, actor=actor_from_name(by), snooze=snooze, note=note)
    _act_on_alert(alert, config, action, json=json)


@alert_commands.command("wake")
def wake_alert(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Bring back an alert that was put away.

    Example: [bold]repwatch alerts wake 41[/bold]
    """
    action = Action(kind=ActionKind.WAKE, actor=actor_from_name(by), note=note)
    _act_on_alert(alert, config, action, json=json)


@alert_commands.command("reopen")
def reopen_alert(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Open a closed alert again; its limits begin anew.

    Example: [bold]repwatch alerts reopen 41 --note "not fixed"[/bold]
    """
    action = Action(kind=ActionKind.REOPEN, actor=actor_from_name(by), note=note)
    _act_on_alert(alert, config, action, json=json)


@alert_commands.command("escalate")
def escalate_alert(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Call for help now: whoever the rule calls next, or the managers.

    Example: [bold]repwatch alerts escalate 41 --note "Who can refund?"[/bold]
    """
    action = Action(kind=ActionKind.ESCALATE, actor=actor_from_name(by), note=note)
    _act_on_alert(alert, config, action, json=json)


@alert_commands.command("correct")
def correct_analysis(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    sentiment: Annotated[
        Label | None, typer.Option("--sentiment", help="How it was meant.")
    ] = None,
    stage: Annotated[
        Stage | None, typer.Option("--stage", help="Where the customer was on the way.")
    ] = None,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Say what the words were really about; the models learn from that.

    Example: [bold]repwatch alerts correct 41 --sentiment negative[/bold]
    """
    details = _drop_empty_values({"sentiment": str(sentiment or ""), "stage": str(stage or "")})
    if not details:
        message = "say what was read wrongly, here or with --stage"
        raise ConfigError([ConfigProblem("--sentiment", message)])
    actor = actor_from_name(by)
    action = Action(kind=ActionKind.CORRECT, actor=actor, note=note, details=details)
    _act_on_alert(alert, config, action, json=json)


@alert_commands.command("note")
def add_note(
    alert: AlertArgument,
    text: Annotated[str, typer.Argument(help="What the team should know.", metavar="TEXT")],
    config: ConfigOption = CONFIG,
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Write something down below an alert; for one that is taken it is a sign of life.

    Example: [bold]repwatch alerts note 41 "They wait for a call"[/bold]
    """
    note = _require_value("TEXT", text)
    action = Action(kind=ActionKind.NOTE, actor=actor_from_name(by), note=note)
    _act_on_alert(alert, config, action, json=json)


def _act_on_alert(number: int, config: Path, action: Action, *, json: bool) -> None:
    from monitor.cli.alert_actions import act_on_alert

    act_on_alert(number, config, action, json=json)


def _parse_snooze_end(until: str | None, span: str | None) -> datetime | None:
    """Return when a snooze ends; None where no time ends it.

    Raises ConfigError where both are given, or one cannot be read.
    """
    if until and span:
        message = "--until says already when it comes back: leave out one of the two"
        raise ConfigError([ConfigProblem("--for", message)])
    end = parse_day_option(until, "--until")
    if end is None and span:
        from monitor import bootstrap

        return bootstrap.utc_now() + _parse_duration_option(span)
    return end


def _parse_duration_option(text: str) -> timedelta:
    from monitor.settings import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise ConfigError([ConfigProblem("--for", str(error))]) from None


def _drop_empty_values(details: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in details.items() if value}


def _require_value(argument: str, value: str) -> str:
    if not value.strip():
        raise ConfigError([ConfigProblem(argument, "must not be empty")])
    return value
