"""rules import, edit, promote, discard, delete and revert: changing rules in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.actors import ByOption, actor_from_name
from monitor.cli.options import CONFIG, ConfigOption
from monitor.cli.rules import rule_commands
from monitor.cli.rules_history import RuleArgument

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitor.bootstrap import App
    from monitor.store import Transaction
    from monitor.tuning.rule_layers import ConfiguredRules
    from monitor.tuning.saving import Authorship, SaveOutcome
    from rules.rule import Rule

ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for those who come after you.")]
LiveOption = Annotated[
    bool, typer.Option("--live", help="Put it in force at once, without trying it in shadow.")
]
UntriedOption = Annotated[
    bool, typer.Option("--no-backtest", help="Do not try it on the last 28 days first.")
]
SeenOption = Annotated[
    int | None,
    typer.Option(
        "--seen",
        min=0,
        help="The number of the version that you have seen; refused where there is a newer one.",
    ),
]


@rule_commands.command("import")
def import_rules(
    file: Annotated[Path, typer.Argument(help="A rules file; each of its rules is saved.")],
    reason: ReasonOption = "",
    live: LiveOption = False,
    seen: SeenOption = None,
    no_backtest: UntriedOption = False,
    by: ByOption = "",
    config: ConfigOption = CONFIG,
) -> None:
    """Save the rules of a file in the store: all of them or, where one is refused, none.

    A rule without conditions changes the one in force in part. Each is compared with it and tried
    on the last 28 days first. Example: [bold]repwatch rules import draft.toml --reason "too
    noisy"[/bold]
    """
    from monitor.cli.backtest import load_draft
    from monitor.cli.program import open_program
    from monitor.errors import ConfigError, ConfigProblem

    with open_program(config) as program:
        written = load_draft(file, program.rules.load_rules().rules)
        read = program.rules.configured.read
        drafts = [read(each.definition, file.name) for each in written]
        if seen is not None and len(drafts) != 1:
            message = f"is of one rule, and {file.name} holds {len(drafts)}; import them one by one"
            raise ConfigError([ConfigProblem("--seen", message)])
        _save_drafts(program, drafts, _sign(by, reason, seen), live=live, is_tried=not no_backtest)


@rule_commands.command("edit")
def edit_rule(
    rule_id: RuleArgument,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Change one key, as in TOML; without a value it is left out. May be repeated.",
        ),
    ] = None,
    reason: ReasonOption = "",
    live: LiveOption = False,
    seen: SeenOption = None,
    no_backtest: UntriedOption = False,
    by: ByOption = "",
    config: ConfigOption = CONFIG,
) -> None:
    """Change a rule: in $EDITOR, or with --set key by key.

    The version in force stays live; the new one is tried in shadow beside it until it is promoted.
    Where one is tried already, its text is what you change.

    Example: [bold]repwatch rules edit billing[/bold]
    Example: [bold]repwatch rules edit billing --set respond_within=4h --live[/bold]
    """
    from monitor.cli import rules_draft
    from monitor.cli.program import open_program

    with open_program(config) as program:
        subject = rules_draft.load_subject(program, rule_id)
        if changes:
            text = rules_draft.set_keys(subject, changes)
        else:
            text = rules_draft.edit_text(subject, live=live)
        draft = rules_draft.read_draft(program, subject, text)
        known = subject.number if seen is None else seen
        author = _sign(by, reason, known)
        _save_drafts(program, [draft], author, live=live, is_tried=not no_backtest)


@rule_commands.command("promote")
def promote_saved_rule(
    rule_id: RuleArgument,
    reason: ReasonOption = "",
    seen: SeenOption = None,
    by: ByOption = "",
    config: ConfigOption = CONFIG,
) -> None:
    """Put what is tried in shadow in force.

    Example: [bold]repwatch rules promote billing[/bold]
    """
    from monitor.tuning.saving import promote_rule

    def promote(tx: Transaction, rules: ConfiguredRules, author: Authorship) -> SaveOutcome:
        return promote_rule(tx, rules, rule_id, author)

    _change(config, promote, _sign(by, reason, seen))


@rule_commands.command("discard")
def discard_rule(
    rule_id: RuleArgument,
    reason: ReasonOption = "",
    seen: SeenOption = None,
    by: ByOption = "",
    config: ConfigOption = CONFIG,
) -> None:
    """Give up what is tried in shadow; the version in force stays.

    Example: [bold]repwatch rules discard billing[/bold]
    """
    from monitor.tuning.saving import discard_candidate

    def discard(tx: Transaction, rules: ConfiguredRules, author: Authorship) -> SaveOutcome:
        return discard_candidate(tx, rules, rule_id, author)

    _change(config, discard, _sign(by, reason, seen))


@rule_commands.command("delete")
def delete_saved_rule(
    rule_id: RuleArgument,
    reason: ReasonOption = "",
    seen: SeenOption = None,
    by: ByOption = "",
    config: ConfigOption = CONFIG,
) -> None:
    """Delete what was saved of a rule, with a reason; a preset's rule of that id holds again.

    Its history stays, and `revert` brings it back. Example: [bold]repwatch rules delete prices
    --reason "the campaign is over"[/bold]
    """
    from monitor.tuning.saving import delete_rule

    def delete(tx: Transaction, rules: ConfiguredRules, author: Authorship) -> SaveOutcome:
        return delete_rule(tx, rules, rule_id, author)

    _change(config, delete, _sign(by, reason, seen))


@rule_commands.command("revert")
def revert_saved_rule(
    rule_id: RuleArgument,
    number: Annotated[
        int, typer.Argument(min=1, metavar="NUMBER", help="Of a version, as history shows it.")
    ],
    reason: ReasonOption = "",
    seen: SeenOption = None,
    by: ByOption = "",
    config: ConfigOption = CONFIG,
) -> None:
    """Let a rule say at once what it said in an earlier version, also after it was deleted.

    Example: [bold]repwatch rules revert billing 4[/bold]
    """
    from monitor.tuning.saving import revert_rule

    def revert(tx: Transaction, rules: ConfiguredRules, author: Authorship) -> SaveOutcome:
        return revert_rule(tx, rules, rule_id, number, author)

    _change(config, revert, _sign(by, reason, seen))


def _sign(by: str, reason: str, seen: int | None) -> Authorship:
    from monitor.bootstrap import utc_now
    from monitor.tuning.saving import Authorship

    return Authorship(author=actor_from_name(by), at=utc_now(), reason=reason, seen=seen)


def _save_drafts(
    program: App, drafts: Sequence[Rule], author: Authorship, *, live: bool, is_tried: bool
) -> None:
    """Show what each draft would do, and save all of them in one transaction or none."""
    from dataclasses import replace

    from monitor.cli import rules_draft
    from monitor.tuning.saving import save_rule

    with program.store.read() as tx:
        numbers = {rule.id: tx.rule_changes.history(rule.id).number for rule in drafts}
    for rule in drafts:
        rules_draft.preview(program, rule, is_tried=is_tried)
    outcomes: list[SaveOutcome] = []
    with program.store.write() as tx:
        for rule in drafts:
            signed = replace(author, seen=numbers[rule.id] if author.seen is None else author.seen)
            outcome = save_rule(tx, program.rules.configured, rule.definition, signed, live=live)
            rules_draft.require_kept(outcome, may_be_unchanged=len(drafts) > 1)
            outcomes.append(outcome)
    for outcome in outcomes:
        rules_draft.print_outcome(outcome)


def _change(
    config: Path,
    act: Callable[[Transaction, ConfiguredRules, Authorship], SaveOutcome],
    author: Authorship,
) -> None:
    """Change one rule and say what became of it."""
    from monitor.cli import rules_draft
    from monitor.cli.program import open_program

    with open_program(config) as program:
        with program.store.write() as tx:
            outcome = act(tx, program.rules.configured, author)
            rules_draft.require_kept(outcome)
        rules_draft.print_outcome(outcome)
