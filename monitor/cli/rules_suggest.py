"""rules suggest: what to change in a rule, by what the team said of its cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.actors import ByOption, actor_from_name
from monitor.cli.options import CONFIG, ConfigOption, JsonOption
from monitor.cli.output import print_json
from monitor.cli.rules import rule_commands
from monitor.errors import ConfigError, ConfigProblem, RepwatchError, suggest_nearest

if TYPE_CHECKING:
    from monitor.bootstrap import App
    from monitor.domain.suggestion import Suggestion, SuggestionReport
    from monitor.tuning.saving import SavedRule

_DAYS = 56  #: 28 that are looked at, and as many before


@rule_commands.command("suggest")
def suggest_rule(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="The id of the rule.")],
    apply: Annotated[
        int, typer.Option("--apply", min=0, help="Save the suggestion of this number.")
    ] = 0,
    live: Annotated[
        bool, typer.Option("--live", help="Put what is saved in force at once, not in shadow.")
    ] = False,
    by: ByOption = "",
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Suggest at most three changes of a rule: cards saved, useful ones lost.

    By what the team said of its cards of 28 days, and only what held in the 28 days before too.

    Example: [bold]repwatch rules suggest billing[/bold]
    Example: [bold]repwatch rules suggest billing --apply 1[/bold]
    """
    from monitor.cli.backtest import make_request
    from monitor.cli.program import open_program
    from monitor.tuning.suggesting import suggest_changes

    with open_program(config) as program:
        rules = program.rules.load_rules().rules
        tried = next((rule for rule in rules if rule.id == rule_id), None)
        if tried is None:
            hint = suggest_nearest(rule_id, [rule.id for rule in rules])
            raise ConfigError([ConfigProblem("rules", f"no rule is called {rule_id!r}; {hint}")])
        with program.store.read() as tx:
            report = suggest_changes(tx, make_request(program, tried, None, _DAYS))
        saved = _apply_suggestion(program, report, apply, by, live=live) if apply else None
    if json:
        print_json({**_to_report_json(report), "saved": _to_saved_json(saved)})
    else:
        _print_report(report)
        if saved is not None:
            _print_saved(saved)


def _apply_suggestion(
    program: App, report: SuggestionReport, number: int, by: str, *, live: bool
) -> SavedRule:
    """Save a suggestion as a person would; raises RepwatchError where that is refused."""
    from monitor import bootstrap
    from monitor.tuning.saving import Authorship, SavedRule, save_rule

    if number > len(report.suggestions):
        count = len(report.suggestions)
        raise RepwatchError(
            f"there is no suggestion {number} for {report.rule_id}, which has {count}: see "
            f"`repwatch rules suggest {report.rule_id}`"
        )
    chosen = report.suggestions[number - 1]
    author = Authorship(author=actor_from_name(by), at=bootstrap.utc_now(), reason=chosen.text)
    with program.store.write() as tx:
        outcome = save_rule(tx, program.rules.configured, chosen.edit.definition, author, live=live)
    if not isinstance(outcome, SavedRule):
        raise RepwatchError(outcome.reason)
    return outcome


def _print_report(report: SuggestionReport) -> None:
    from monitor.cli.terminal import print_text
    from monitor.notifiers.wording import format_plural

    judged = f"{report.dismissed} of {report.judged} judged were not useful"
    print_text(f"{report.rule_id}: {format_plural(report.cards, 'card')} in 28 days; {judged}")
    if report.reason:
        print_text(f"No suggestion: {report.reason}.")
        return
    for number, suggestion in enumerate(report.suggestions, 1):
        print_text("\n".join(_describe(number, suggestion)))
    print_text(f"or {report.choices[-1]}")


def _describe(number: int, suggestion: Suggestion) -> list[str]:
    before = f"{suggestion.dismissed_before} of {suggestion.judged_before}"
    saved = f"   saves {suggestion.saved} of {suggestion.cards} cards"
    confirmed = f"in the 28 days before {before} judged were dismissed there"
    lines = [f"{number}. {suggestion.text}", f"{saved}; {confirmed}"]
    lines += [f"   loses alert {one.alert_id}: {one.text}" for one in suggestion.lost]
    return lines


def _print_saved(saved: SavedRule) -> None:
    from monitor.cli.terminal import print_text

    how = "tried in shadow" if saved.change.is_candidate else "in force"
    print_text(f"saved as version {saved.change.number} of {saved.change.rule_id}, {how}:")
    print_text("\n".join(f"  {line}" for line in saved.difference))


def _to_report_json(report: SuggestionReport) -> dict[str, Any]:
    return {
        "rule": report.rule_id,
        "from": report.since.isoformat(),
        "to": report.until.isoformat(),
        "cards": report.cards,
        "judged": report.judged,
        "dismissed": report.dismissed,
        "tried": report.tried,
        "reason": report.reason,
        "suggestions": [_to_suggestion_json(one) for one in report.suggestions],
        "choices": list(report.choices),
    }


def _to_suggestion_json(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "text": suggestion.text,
        "kind": suggestion.edit.kind,
        "saved": suggestion.saved,
        "dismissed": suggestion.dismissed,
        "lost": [{"alert": one.alert_id, "text": one.text} for one in suggestion.lost],
        "dismissed_before": suggestion.dismissed_before,
        "judged_before": suggestion.judged_before,
        "probability": suggestion.probability,
        "definition": dict(suggestion.edit.definition),
    }


def _to_saved_json(saved: SavedRule | None) -> dict[str, Any] | None:
    if saved is None:
        return None
    change = saved.change
    return {
        "rule": change.rule_id,
        "number": change.number,
        "version": change.version,
        "in_shadow": change.is_candidate,
        "difference": list(saved.difference),
    }
