"""The draft of a rule on the command line: its text in an editor, its preview, its outcome."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from monitor.bootstrap import App
from monitor.cli.backtest import make_request
from monitor.cli.terminal import print_text, to_terminal_text, warn
from monitor.domain.rule_change import RuleChangeKind, RuleOwner, RuleStanding
from monitor.errors import ConfigError, ConfigProblem, RuleError
from monitor.tuning.backtest import run_backtest
from monitor.tuning.backtest_words import describe_outcome
from monitor.tuning.saving import (
    RuleRefusal,
    SaveConflict,
    SavedRule,
    SaveOutcome,
    find_rule,
    format_plain,
    read_text,
)
from rules.difference import describe_difference
from rules.rule import Rule, RuleMode
from rules.show import format_value


@dataclass(frozen=True, slots=True)
class DraftSubject:
    """A rule that somebody wants to change, as they see it."""

    rule: Rule  #: what is changed: the text that is tried in shadow, else the one in force
    number: int  #: of the rule's newest change
    is_tried: bool  #: whether it is the one that is tried in shadow
    file: str  #: the rules file that it stands in; empty where it can be changed here


def load_subject(program: App, rule_id: str) -> DraftSubject:
    """Return the rule with an id as it stands now; raises RuleError where there is none."""
    with program.store.read() as tx:
        history = tx.rule_changes.history(rule_id)
    effective, configured = program.rules.load_rules(), program.rules.configured
    found = find_rule(effective, rule_id)
    if isinstance(found, RuleRefusal):
        raise RuleError(found.reason)
    tried = read_text(history.candidate)
    is_file = configured.owner_of(rule_id) is RuleOwner.FILE
    return DraftSubject(
        rule=tried or found,
        number=history.number,
        is_tried=tried is not None,
        file=configured.file if is_file else "",
    )


def set_keys(subject: DraftSubject, changes: Sequence[str]) -> str:
    """Return the rule's TOML with other values; raises ConfigError for what is no KEY=VALUE."""
    definition = dict(subject.rule.definition)
    for change in changes:
        key, equals, value = change.partition("=")
        key = key.strip()
        if not equals or not key:
            message = f"{change!r} is no KEY=VALUE, like respond_within=4h"
            raise ConfigError([ConfigProblem("--set", message)])
        if key == "id":
            message = "a rule keeps its id; import a rule with another one and delete this one"
            raise ConfigError([ConfigProblem("--set", message)])
        definition.pop(key, None)
        if value.strip():
            definition[key] = _read_value(value.strip())
    lines = (f"{_write_key(key)} = {format_value(value)}" for key, value in definition.items())
    return "\n".join(("[[rules]]", *lines)) + "\n"


def edit_text(subject: DraftSubject, *, live: bool) -> str:
    """Return the rule's TOML as somebody has changed it in $EDITOR.

    Raises RuleError where no editor can be started, and where nothing was saved in it.
    """
    text = f"{_explain_saving(subject, live=live)}\n{format_plain(subject.rule)}"
    try:
        edited = click.edit(text, extension=".toml")
    except click.ClickException as error:
        raise RuleError(
            f"no editor could be started ({error.message}); set EDITOR, or use --set"
        ) from error
    if edited is None:
        raise RuleError("nothing was saved in the editor: the rule stays as it is")
    return edited


def read_draft(program: App, subject: DraftSubject, text: str) -> Rule:
    """Return the one rule of a text, checked.

    Raises ConfigError with every mistake; the text is then kept in a file that is named.
    """
    try:
        return program.rules.configured.read(_parse(subject, text), "draft")
    except ConfigError as error:
        with tempfile.NamedTemporaryFile(
            "w", suffix=".toml", prefix=f"{subject.rule.id}-", encoding="utf-8", delete=False
        ) as kept:
            kept.write(text)
        message = f"your text is kept there; mend it and use `repwatch rules import {kept.name}`"
        raise ConfigError([*error.problems, ConfigProblem(kept.name, message)]) from error


def preview(program: App, rule: Rule, *, is_tried: bool) -> None:
    """Print what is different in a draft, and what it would have sent in the last 28 days."""
    in_force = program.rules.load_rules().get(rule.id)
    lines = describe_difference(in_force, rule) if in_force else ("a new rule",)
    shown = lines or ("says what the rule in force says",)
    print_text("\n".join((f"{rule.id}:", *(f"  {line}" for line in shown))))
    if is_tried and lines and rule.mode is not RuleMode.OFF:
        with program.store.read() as tx:
            print_text(describe_outcome(run_backtest(tx, make_request(program, rule, None))))


def require_kept(outcome: SaveOutcome, *, may_be_unchanged: bool = False) -> None:
    """Raise RuleError for what was not kept, which undoes the transaction around it.

    Both changes of a conflict are told on standard error; TOML to copy goes to standard output.
    """
    if isinstance(outcome, SaveConflict):
        warn(f"Version {outcome.newest.number}, by {outcome.newest.author.display_name}:")
        warn("\n".join(f"  {to_terminal_text(line)}" for line in outcome.theirs) or "  nothing")
        warn("Yours:")
        warn("\n".join(f"  {to_terminal_text(line)}" for line in outcome.mine) or "  nothing")
        raise RuleError(to_terminal_text(outcome.reason))
    if isinstance(outcome, RuleRefusal):
        if outcome.is_unchanged and may_be_unchanged:
            return
        first, _, rest = outcome.reason.partition("\n")
        if rest:
            print_text(rest)
        raise RuleError(first)


def print_outcome(outcome: SaveOutcome) -> None:
    """Print what became of a change that was kept, or that changed nothing."""
    if isinstance(outcome, SavedRule):
        print_text(describe_saved(outcome))
    else:
        print_text(outcome.reason)


def describe_saved(saved: SavedRule) -> str:
    """Return in one line what holds after a change."""
    change, rule_id = saved.change, saved.change.rule_id
    head = f"{rule_id}, version {change.number}, {change.kind}"
    if change.standing is RuleStanding.CANDIDATE:
        said = (
            "is tried in shadow beside the version in force, which stays live; "
            f"`repwatch rules promote {rule_id}` puts it in force"
        )
    elif change.standing is RuleStanding.GONE:
        last = change.based_on
        said = f"the rule is gone; `repwatch rules revert {rule_id} {last}` brings it back"
    elif change.kind is RuleChangeKind.DISCARDED:
        said = "what was in force stays so"
    elif saved.rule.mode is RuleMode.SHADOW:
        said = f"is in shadow and sends nothing; `repwatch rules promote {rule_id}` lets it be live"
    elif saved.rule.mode is RuleMode.OFF:
        said = "the rule is off"
    else:
        said = "is in force"
    ended = ""
    if saved.ended and change.kind is not RuleChangeKind.PROMOTED:
        ended = f"; version {saved.ended} is no longer tried"
    return f"{head}: {said}{ended}"


def _explain_saving(subject: DraftSubject, *, live: bool) -> str:
    """Return comments that say what saving the text will do."""
    rule, number = subject.rule, subject.number
    lines = [f"{rule.id}: what you change here is saved as version {number + 1}."]
    if subject.file:
        lines = [
            f"{rule.id} stands in {subject.file}: what you change here is tried and printed, to be",
            "copied into that file.",
        ]
    elif live:
        lines.append("It is in force at once.")
    elif rule.mode is RuleMode.LIVE:
        lines.append("It is tried in shadow; the version in force stays live until you promote it.")
    else:
        lines.append("The rule is not live, and stays so until you promote it.")
    if subject.is_tried:
        lines.append("This is the text that is tried in shadow now; yours takes its place.")
    lines.append("Close the editor without saving to change nothing.")
    return "\n".join(f"# {line}" for line in lines)


def _parse(subject: DraftSubject, text: str) -> dict[str, Any]:
    try:
        tables = tomllib.loads(text).get("rules", [])
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([ConfigProblem("draft", f"this is no TOML: {error}")]) from error
    if not isinstance(tables, list) or len(tables) != 1 or not isinstance(tables[0], dict):
        raise ConfigError([ConfigProblem("draft", "one rule is needed, headed [[rules]]")])
    table: dict[str, Any] = tables[0]
    if table.get("id") != subject.rule.id:
        message = f"the id must stay {subject.rule.id!r}; import a rule with another one"
        raise ConfigError([ConfigProblem("draft", message)])
    return table


def _read_value(text: str) -> Any:
    """Return a value as TOML has it; what is none is a text: 4h, #support."""
    try:
        value = tomllib.loads(f"value = {text}").get("value")
    except tomllib.TOMLDecodeError:
        return text
    return value if isinstance(value, (bool, int, float, str, list, dict)) else text


def _write_key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else format_value(key)
