"""Alerts: severities, allowed moves, and what a match says about itself."""

from __future__ import annotations

import pytest

from monitor.domain.alert import TRANSITIONS, AlertStatus, Clause, Match, Severity
from monitor.domain.feedback import Analysis
from monitor.testing import make_feedback


def _match(*clauses: Clause) -> Match:
    return Match(
        rule_id="r",
        rule_name="R",
        rule_version="1",
        severity=Severity.HIGH,
        live=True,
        feedback=make_feedback(),
        analysis=Analysis(text="x", words="x"),
        clauses=clauses,
        group="g",
    )


def test_severities_are_ranked() -> None:
    """Urgent comes first, praise last, and every rank is another."""
    assert [severity.rank for severity in Severity] == list(range(5))
    assert Severity.URGENT.rank == 0
    assert max(Severity, key=lambda severity: severity.rank) is Severity.PRAISE


def test_two_states_are_closed() -> None:
    """Nobody needs to do anything about what is resolved or dismissed; everything else waits for
    somebody.
    """
    assert {status for status in AlertStatus if status.is_closed} == {
        AlertStatus.RESOLVED,
        AlertStatus.DISMISSED,
    }


@pytest.mark.parametrize("status", AlertStatus)
def test_a_closed_alert_can_only_be_reopened(status: AlertStatus) -> None:
    """From a closed state the only way is to open; from any other one every other state can be
    reached.
    """
    allowed = TRANSITIONS[status]
    assert allowed == ({AlertStatus.OPEN} if status.is_closed else set(AlertStatus) - {status})


def test_the_reason_joins_what_each_condition_said() -> None:
    """One line, in the order of the conditions."""
    match = _match(
        Clause("text", "says “crash”", ("crash",)), Clause("stars", "has 2 stars or fewer (1)")
    )
    assert match.reason == "says “crash” and has 2 stars or fewer (1)"
    assert _match().reason == ""


def test_the_words_that_made_it_fire_are_shown_once() -> None:
    """Each of the customer's words once, in the order found, over all conditions."""
    match = _match(
        Clause("text", "a", ("crash", "slow")), Clause("text", "b", ("slow", "refund", "crash"))
    )
    assert match.matched_words == ("crash", "slow", "refund")
