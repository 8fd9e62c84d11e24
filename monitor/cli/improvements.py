"""improvements list, add, show, update, done, drop: the action register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.actors import ByOption, actor_from_name
from monitor.cli.application import make_command_group
from monitor.cli.options import CONFIG, ConfigOption, JsonOption, parse_day_option
from monitor.domain.feedback import Stage, Touchpoint
from monitor.domain.improvement import (
    Improvement,
    ImprovementChange,
    ImprovementState,
    PainPoint,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from pathlib import Path

    from monitor.domain.action import Refusal
    from monitor.store import Transaction

improvement_commands = make_command_group()

ImprovementArgument = Annotated[
    int, typer.Argument(min=1, help="Its number, as the list shows it.", metavar="IMPROVEMENT")
]
StageOption = Annotated[Stage | None, typer.Option("--stage", help="The stage it is about.")]
TouchpointOption = Annotated[
    Touchpoint | None, typer.Option("--touchpoint", help="The touchpoint it is about.")
]
QueryOption = Annotated[
    str | None,
    typer.Option("--query", help="What customers say about it, in the language of the rules."),
]
OwnerOption = Annotated[
    str | None,
    typer.Option("--owner", help='Who does it: a name, or a Slack user\'s id; "" for nobody.'),
]
NextOption = Annotated[str | None, typer.Option("--next", help="What is done first.")]
DueOption = Annotated[
    str | None, typer.Option("--due", help='By which day, like 2026-12-15; "" for none.')
]
NoteOption = Annotated[str, typer.Option("--note", help="What others should know of the change.")]


@improvement_commands.command("list")
def list_improvements(
    config: ConfigOption = CONFIG,
    state: Annotated[
        list[ImprovementState] | None, typer.Option("--state", help="Only in this state.")
    ] = None,
    stale: Annotated[
        bool, typer.Option("--stale", help="Only late ones, and those untouched for four weeks.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """List improvements: open ones by date, then closed ones, newest first.

    Examples: [bold]repwatch improvements list --state doing[/bold], [bold]repwatch improvements
    list --stale[/bold]
    """
    from monitor.bootstrap import utc_now
    from monitor.cli import improvement_views
    from monitor.cli.program import open_program
    from monitor.domain.improvement import is_stale
    from monitor.followup.improvements import local_day

    with open_program(config) as program, program.store.read() as tx:
        found = tx.improvements.list_all(state or ())
        now = utc_now()
        today = local_day(now, program.config.settings.hours.timezone)
    if stale:
        found = [each for each in found if is_stale(each, now, today)]
    improvement_views.print_list(found, now, today, json=json)


@improvement_commands.command("show")
def show_improvement(
    improvement: ImprovementArgument, config: ConfigOption = CONFIG, json: JsonOption = False
) -> None:
    """Show one improvement with its history, and on which weeks its effect is measured.

    Example: [bold]repwatch improvements show 12[/bold]
    """
    from monitor.bootstrap import utc_now
    from monitor.cli import improvement_views
    from monitor.cli.program import open_program
    from monitor.errors import RegisterError
    from monitor.followup.improvements import local_day

    with open_program(config) as program, program.store.read() as tx:
        found = tx.improvements.get(improvement)
        events = tx.improvements.events(improvement)
        zone = program.config.settings.hours.timezone
    if found is None:
        raise RegisterError(f"there is no improvement {improvement}: see improvements list")
    now = utc_now()
    improvement_views.print_details(found, events, now, local_day(now, zone), json=json)


@improvement_commands.command("add")
def add_new_improvement(
    title: Annotated[str, typer.Argument(help="What is to become better, in a few words.")],
    config: ConfigOption = CONFIG,
    stage: StageOption = None,
    touchpoint: TouchpointOption = None,
    query: QueryOption = None,
    owner: OwnerOption = None,
    next_action: NextOption = None,
    due: DueOption = None,
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Write down what somebody has promised to do about a pain point.

    Example: [bold]repwatch improvements add "Refunds within two days" --stage post-purchase --query
    "refund*" --owner anna --next "Ask finance for the limit" --due 2026-12-15[/bold]
    """
    from uuid import uuid4

    from monitor.followup.improvements import ImprovementWish, add_improvement

    wish = ImprovementWish(
        title=title,
        actor=actor_from_name(by),
        request_id=uuid4().hex,
        via="cli",
        about=PainPoint(stage, touchpoint, (query or "").strip()),
        owner=actor_from_name(owner) if owner else None,
        next_action=next_action or "",
        due=_parse_due(due),
    )
    _apply(config, lambda tx, now: add_improvement(tx, wish, now), "Written down", json=json)


@improvement_commands.command("update")
def update_improvement(
    improvement: ImprovementArgument,
    config: ConfigOption = CONFIG,
    title: Annotated[str | None, typer.Option("--title", help="Another title.")] = None,
    state: Annotated[
        ImprovementState | None, typer.Option("--state", help="How far it is.")
    ] = None,
    stage: StageOption = None,
    touchpoint: TouchpointOption = None,
    query: QueryOption = None,
    owner: OwnerOption = None,
    next_action: NextOption = None,
    due: DueOption = None,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Change an improvement; what is not named stays as it is, and its history keeps both.

    Stage, touchpoint and query are changed together: those that are not named become empty.

    Examples: [bold]repwatch improvements update 12 --state doing[/bold], [bold]repwatch
    improvements update 12 --due 2027-01-15 --note "Finance answers in January"[/bold]
    """
    is_about = not (stage is None and touchpoint is None and query is None)
    change = ImprovementChange(
        actor=actor_from_name(by),
        via="cli",
        state=state,
        title=title,
        about=PainPoint(stage, touchpoint, (query or "").strip()) if is_about else None,
        owner=actor_from_name(owner) if owner else None,
        without_owner=owner == "",
        next_action=next_action,
        due=_parse_due(due),
        without_due=due == "",
        note=note,
    )
    _change(config, improvement, change, json=json)


@improvement_commands.command("done")
def finish_improvement(
    improvement: ImprovementArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Say that it is done: from now on the digest compares what was before with what comes after.

    Example: [bold]repwatch improvements done 12 --note "In 6.5.0"[/bold]
    """
    change = ImprovementChange(
        actor=actor_from_name(by), via="cli", state=ImprovementState.DONE, note=note
    )
    _change(config, improvement, change, json=json)


@improvement_commands.command("drop")
def drop_improvement(
    improvement: ImprovementArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Say that nobody will do it; say why with a note.

    Example: [bold]repwatch improvements drop 12 --note "The law does not allow it"[/bold]
    """
    change = ImprovementChange(
        actor=actor_from_name(by), via="cli", state=ImprovementState.DROPPED, note=note
    )
    _change(config, improvement, change, json=json)


def _change(config: Path, number: int, change: ImprovementChange, *, json: bool) -> None:
    """Change an improvement; whoever is at the command line may."""
    from monitor.followup.improvements import change_improvement

    _apply(
        config,
        lambda tx, now: change_improvement(tx, number, change, now, is_manager=True),
        "Changed",
        json=json,
    )


def _apply(
    config: Path,
    step: Callable[[Transaction, datetime], Improvement | Refusal],
    done: str,
    *,
    json: bool,
) -> None:
    """Do it in one transaction and print the result; raises RegisterError where it is refused."""
    from monitor.bootstrap import utc_now
    from monitor.cli import improvement_views
    from monitor.cli.program import open_program
    from monitor.domain.action import Refusal
    from monitor.errors import RegisterError
    from monitor.followup.improvements import local_day

    now = utc_now()
    with open_program(config) as program, program.store.write() as tx:
        outcome = step(tx, now)
        if isinstance(outcome, Refusal):
            raise RegisterError(outcome.message)
        today = local_day(now, program.config.settings.hours.timezone)
    improvement_views.print_outcome(outcome, done, now, today, json=json)


def _parse_due(text: str | None) -> date | None:
    """Return the day that `--due` names; raises ConfigError for what is none."""
    found = parse_day_option(text or None, "--due")
    return found.date() if found else None
