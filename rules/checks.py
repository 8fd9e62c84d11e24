"""What rules ask for and nobody gives: such a rule would stay silent for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.domain.workspace import Workspace
from monitor.errors import ConfigProblem, suggest_nearest
from rules.rule import Rule, RuleMode


def find_unknown_signals(
    rules: Sequence[Rule], known: Sequence[str], file: str = ""
) -> Iterator[ConfigProblem]:
    """Yield the signals that live rules ask for and nobody looks for."""
    for rule in _list_active(rules):
        for name in (name for one in rule.conditions for name in one.signals):
            if name not in known:
                hint = (
                    suggest_nearest(name, known) if known else "[analysis] deep = false reads none"
                )
                yield ConfigProblem(
                    f'{file}rule "{rule.id}"', f"no signal is called {name!r}; {hint}"
                )


def find_missing_hours(
    rules: Sequence[Rule], workspace: Workspace, file: str
) -> Iterator[ConfigProblem]:
    """Yield the rules that count working time although no working hours are configured."""
    for rule in _list_active(rules):
        if rule.working_hours and workspace.calendar is None:
            yield ConfigProblem(
                f'{file}rule "{rule.id}"',
                "working_hours needs to know when the team works; set timezone under [hours]",
            )


def find_gaps(
    rules: Sequence[Rule], workspace: Workspace, file: str = ""
) -> Iterator[ConfigProblem]:
    """Yield what conditions of live rules lack in the workspace, each once for a rule."""
    for rule in _list_active(rules):
        gaps = (gap for condition in rule.conditions for gap in condition.find_gaps(workspace))
        for gap in dict.fromkeys(gaps):
            yield ConfigProblem(f'{file}rule "{rule.id}"', gap)


def _list_active(rules: Sequence[Rule]) -> Iterator[Rule]:
    return (rule for rule in rules if rule.mode is not RuleMode.OFF)


def find_unknown_silencers(
    rules: Sequence[Rule], file: str = "", others: Sequence[str] = ()
) -> list[ConfigProblem]:
    """Return a mistake for each rule that is to silence another and does not exist.

    `others` are the ids of rules besides these.
    """
    ids = [*(rule.id for rule in rules), *others]
    return [
        ConfigProblem(
            f'{file}rule "{rule.id}".silenced_by',
            f"no rule is called {silencer.rule!r}; {suggest_nearest(silencer.rule, ids)}",
        )
        for rule in rules
        for silencer in rule.silenced_by
        if silencer.rule not in ids
    ]
