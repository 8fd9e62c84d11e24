"""rules history and export: what was done to rules, and what they say now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.options import CONFIG, ConfigOption, JsonOption
from monitor.cli.output import print_json
from monitor.cli.rules import rule_commands
from monitor.domain.rule_change import RuleChange, RuleChangeKind, RuleHistory, RuleUse

if TYPE_CHECKING:
    from collections.abc import Mapping

RuleArgument = Annotated[str, typer.Argument(metavar="ID", help="The id of the rule.")]
_NO_USE = RuleUse()


@rule_commands.command("history")
def show_rule_history(
    rule_id: RuleArgument, config: ConfigOption = CONFIG, json: JsonOption = False
) -> None:
    """Show every change of a rule, newest first: when, by whom, why, and what is different.

    With how many alerts came of each version, and how many of them the team called useful. Example:
    [bold]repwatch rules history billing[/bold]
    """
    from monitor.cli.program import open_program
    from monitor.cli.terminal import print_text
    from monitor.errors import RuleError, suggest_nearest
    from monitor.tuning.saving import list_differences

    with open_program(config) as program, program.store.read() as tx:
        history, used = tx.rule_changes.history(rule_id), tx.rule_changes.count_use(rule_id)
        known = sorted(tx.rule_changes.histories())
    if not history.changes:
        hint = suggest_nearest(rule_id, known) if known else "there are no rules"
        raise RuleError(f"no rule is or was called {rule_id!r}; {hint}")
    told = list_differences(history)
    if json:
        print_json([_to_dict(one, history, told, used) for one in reversed(history.changes)])
        return
    for change in reversed(history.changes):
        print_text("\n".join(_describe(change, history, told, used)))
    if use := used.get(0):
        print_text(f"   from before versions had numbers: {_describe_use(use)}")


@rule_commands.command("export")
def export_rules(
    rule_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Which rules; all by default.")
    ] = None,
    config: ConfigOption = CONFIG,
) -> None:
    """Print rules as they hold now, as the TOML of a rules file: of presets, store and file.

    Example: [bold]repwatch rules export billing > rules.toml[/bold]
    """
    from monitor.cli.program import load_effective_rules
    from monitor.cli.terminal import print_text
    from monitor.errors import RuleError
    from monitor.tuning.saving import RuleRefusal, find_rule, format_plain

    effective = load_effective_rules(config)
    wanted = rule_ids or [rule.id for rule in effective.rules]
    found = [find_rule(effective, rule_id) for rule_id in dict.fromkeys(wanted)]
    for one in found:
        if isinstance(one, RuleRefusal):
            raise RuleError(one.reason)
    print_text("\n".join(format_plain(one) for one in found if not isinstance(one, RuleRefusal)))


def _describe(
    change: RuleChange,
    history: RuleHistory,
    told: Mapping[int, tuple[str, ...]],
    used: Mapping[int, RuleUse],
) -> list[str]:
    """Return the lines of one change."""
    reason = f": {change.reason}" if change.reason else ""
    mark = f" ({_name_standing(change, history)})" if _name_standing(change, history) else ""
    when, who = f"{change.at:%Y-%m-%d %H:%M} UTC", change.author.display_name
    head = f"{change.number:>2} {when} {change.kind} by {who}{mark}{reason}"
    details = [*told[change.number]]
    if use := used.get(change.number):
        details.append(_describe_use(use))
    return [head, *(f"   {line}" for line in details)]


def _name_standing(change: RuleChange, history: RuleHistory) -> str:
    if change == history.in_force:
        return "in force"
    if change == history.candidate:
        return "tried in shadow"
    is_candidate = change.is_candidate and change.kind is RuleChangeKind.SAVED
    return "was tried in shadow" if is_candidate else ""


def _describe_use(use: RuleUse) -> str:
    alerts = f"{use.alerts:,} alert{'' if use.alerts == 1 else 's'}"
    if not use.judged:
        return f"{alerts}, none judged yet"
    return f"{alerts}, {use.useful:,} of {use.judged:,} judged were useful"


def _to_dict(
    change: RuleChange,
    history: RuleHistory,
    told: Mapping[int, tuple[str, ...]],
    used: Mapping[int, RuleUse],
) -> dict[str, Any]:
    use = used.get(change.number, _NO_USE)
    return {
        "number": change.number,
        "at": change.at.isoformat(),
        "author": str(change.author),
        "kind": change.kind,
        "standing": change.standing,
        "in_force": change == history.in_force,
        "tried": change == history.candidate,
        "owner": change.owner,
        "version": change.version,
        "based_on": change.based_on,
        "reason": change.reason,
        "difference": list(told[change.number]),
        "alerts": use.alerts,
        "judged": use.judged,
        "useful": use.useful,
    }
