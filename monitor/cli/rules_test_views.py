"""How tests of rules are shown: to people, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from monitor.cli.terminal import out
from monitor.domain.rule_test import RuleSuiteResult, RuleTestFailure, RuleTestResult
from monitor.notifiers.plain_text import one_line
from monitor.notifiers.wording import format_plural


def print_suites(results: Sequence[RuleSuiteResult]) -> None:
    """Print how each test went, what was missed and why, and the count at the end."""
    for suite in results:
        out.print(Text(one_line(suite.file), style="bold"))
        for result in suite.results:
            _print_result(result)
    tests = [result for suite in results for result in suite.results]
    failed = sum(not result.passed for result in tests)
    counted = format_plural(len(tests), "test")
    if failed:
        out.print(Text(f"{counted}, {failed} failed", style="red"))
    else:
        out.print(Text(f"{counted}, all passed", style="green"))


def to_suites_json(results: Sequence[RuleSuiteResult]) -> dict[str, Any]:
    """Return the results for machines."""
    return {
        "passed": all(suite.passed for suite in results),
        "suites": [
            {
                "file": suite.file,
                "passed": suite.passed,
                "tests": [_to_result_json(result) for result in suite.results],
            }
            for suite in results
        ],
    }


def _to_result_json(result: RuleTestResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "passed": result.passed,
        "fired": list(result.rules_fired),
        "failures": [
            {
                "at": failure.at.isoformat(),
                "message": failure.message,
                "came": list(failure.came),
                "why": list(failure.why),
            }
            for failure in result.failures
        ],
    }


def _print_result(result: RuleTestResult) -> None:
    mark, style = ("pass", "green") if result.passed else ("FAIL", "red")
    out.print(Text.assemble(("  "), (mark, style), f"  {one_line(result.name)}"), soft_wrap=True)
    for failure in result.failures:
        _print_failure(failure)


def _print_failure(failure: RuleTestFailure) -> None:
    _print_line(f"at {failure.at:%Y-%m-%d %H:%M} UTC: {failure.message}", 8)
    if failure.came:
        _print_line("came:", 8)
    for line in failure.came:
        _print_line(line, 10)
    if failure.why:
        _print_line("why:", 8)
    for line in failure.why:
        _print_line(line, 10)


def _print_line(text: str, indent: int) -> None:
    out.print(Text(" " * indent + one_line(text)), soft_wrap=True)
