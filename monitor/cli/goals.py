"""goals list, history: where the measures are to be, and how that has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.cli.application import make_command_group
from monitor.cli.options import CONFIG, ConfigOption, JsonOption
from monitor.cli.output import print_json
from monitor.domain.goal import Goal, format_target

if TYPE_CHECKING:
    from monitor.domain.goal import GoalVersion

goal_commands = make_command_group()


@goal_commands.command("list")
def list_goals(config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """List the goals that the configuration sets.

    Example: [bold]repwatch goals list[/bold]
    """
    import os

    from monitor import bootstrap
    from monitor.cli.terminal import print_text

    checked = bootstrap.load_checked_config(config, os.environ)
    checked.http.close()
    goals = [table.goal for table in checked.settings.goals]
    if json:
        print_json([_to_dict(goal) for goal in goals])
        return
    if not goals:
        print_text("No goal is set: write [[goals]] into the configuration.")
    for goal in goals:
        print_text(_describe(goal))


@goal_commands.command("history")
def show_goal_history(config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """Show how the goals have changed, newest first: what was set, changed, taken out, and when.

    A change is kept when the program starts with it.

    Example: [bold]repwatch goals history --json[/bold]
    """
    from monitor.cli.program import open_program
    from monitor.cli.terminal import print_text

    with open_program(config) as program, program.store.read() as tx:
        history = tx.goals.history()
    if json:
        print_json([_version_to_dict(version) for version in history])
        return
    if not history:
        print_text("No goal was ever set.")
    for version in history:
        said = _describe(version.goal) if version.goal else f"{version.key}: taken out"
        print_text(f"{version.at:%Y-%m-%d %H:%M} UTC  {said}")


def _describe(goal: Goal) -> str:
    named = f" ({goal.key})" if goal.name else ""
    way = "at most" if goal.measure.lower_is_better else "at least"
    return f"{goal.label}{named}: {way} {format_target(goal)} by {goal.by.isoformat()}"


def _version_to_dict(version: GoalVersion) -> dict[str, Any]:
    goal = _to_dict(version.goal) if version.goal else None
    return {"at": version.at.isoformat(), "key": version.key, "goal": goal}


def _to_dict(goal: Goal) -> dict[str, Any]:
    return {
        "key": goal.key,
        "measure": goal.measure,
        "target": goal.target,
        "unit": goal.measure.unit,
        "by": goal.by.isoformat(),
        "name": goal.name or None,
        "source": goal.source or None,
    }
