"""What is done about a match, and the reason, also for silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.alert import Alert, AlertStatus, Clause, Match, MatchOutcome, Severity
from monitor.domain.feedback import Analysis
from monitor.pipeline.grouping import JOIN_WITHIN, AlertPolicy, decide_matches, format_span
from monitor.testing import NOON, make_feedback

HOUR = timedelta(hours=1)
KEY = ("crash", "g")
ANALYSIS = Analysis(text="x", words="x")


def match(
    created_at: datetime | None = NOON,
    *,
    group: str = "g",
    rule: str = "crash",
    cooldown: float = 0,
) -> Match:
    return Match(
        rule_id=rule,
        rule_name="Crash",
        rule_version="1",
        severity=Severity.HIGH,
        live=True,
        feedback=make_feedback(created_at=created_at),
        analysis=ANALYSIS,
        clauses=(Clause("text", "says “crash”"),),
        group=group,
        cooldown=cooldown,
    )


def alert(
    status: AlertStatus = AlertStatus.OPEN, *, opened: timedelta = HOUR, updated: timedelta = HOUR
) -> Alert:
    return Alert(
        id=41,
        rule_id="crash",
        rule_name="Crash",
        rule_version="1",
        severity=Severity.HIGH,
        status=status,
        group="g",
        channel="#s",
        mention="",
        reason="r",
        words=(),
        opened_at=NOON - opened,
        updated_at=NOON - updated,
        version=1,
    )


def one(
    found: Match, latest: Alert | None = None, policy: AlertPolicy | None = None
) -> tuple[MatchOutcome, str, int]:
    (decision,) = decide_matches(
        [found], {KEY: latest} if latest else {}, NOON, policy or AlertPolicy()
    )
    assert decision.match == found
    return decision.outcome, decision.reason, decision.alert_id


def test_a_fresh_match_opens_an_alert_with_its_reason() -> None:
    """The reason is what the conditions said."""
    assert one(match()) == (MatchOutcome.OPENED, "says “crash”", 0)


@pytest.mark.parametrize(
    ("created", "policy", "reason"),
    [
        (NOON, AlertPolicy(backfill=True), "history that was read in never alerts"),
        (None, AlertPolicy(first_contact=True), "no date, and first contact with its source"),
        (NOON - 25 * HOUR, AlertPolicy(), "older than 24 h"),
        (NOON - 2 * HOUR, AlertPolicy(alert_if_newer_than=HOUR), "older than 60 min"),
        (datetime.min.replace(tzinfo=UTC), AlertPolicy(), "older than 24 h"),
    ],
)
def test_every_silence_has_its_reason(
    created: datetime | None, policy: AlertPolicy, reason: str
) -> None:
    """Old, undated at first contact, or read in as history: nobody is alerted, and it is said
    why.
    """
    assert one(match(created), policy=policy) == (MatchOutcome.SUPPRESSED, reason, 0)


@pytest.mark.parametrize(
    ("created", "policy"),
    [
        (None, AlertPolicy()),
        (NOON - 24 * HOUR, AlertPolicy()),
        (NOON, AlertPolicy(first_contact=True)),
        (NOON + HOUR, AlertPolicy()),
        (datetime.max.replace(tzinfo=UTC), AlertPolicy(first_contact=True)),
    ],
)
def test_what_may_be_new_alerts(created: datetime | None, policy: AlertPolicy) -> None:
    """The limit itself still counts, a date in the future is new, and without a date it is new but
    at first contact.
    """
    assert one(match(created), policy=policy)[0] is MatchOutcome.OPENED


def test_reasons_come_in_order() -> None:
    """History before age, age before grouping, grouping before cooldown."""
    old = match(NOON - 30 * HOUR, cooldown=86400)
    assert one(old, alert(), AlertPolicy(backfill=True, first_contact=True))[1].startswith(
        "history"
    )
    assert one(old, alert())[1] == "older than 24 h"
    assert one(match(cooldown=86400), alert())[1] == "grouped into alert 41"
    assert one(match(cooldown=86400), alert(AlertStatus.RESOLVED))[1].startswith("cooldown until")


@pytest.mark.parametrize("status", [status for status in AlertStatus if not status.is_closed])
def test_a_match_joins_the_alert_that_is_not_closed(status: AlertStatus) -> None:
    """Whoever works on it already sees the new report there."""
    assert one(match(), alert(status)) == (MatchOutcome.GROUPED, "grouped into alert 41", 41)


@pytest.mark.parametrize("status", [status for status in AlertStatus if status.is_closed])
def test_what_comes_after_the_closing_is_a_new_alert(status: AlertStatus) -> None:
    """Without a cooldown a closed problem that comes back is shown again."""
    assert one(match(), alert(status))[0] is MatchOutcome.OPENED


def test_the_join_window_counts_from_the_last_report() -> None:
    """At the limit it still joins; a second later the alert is over, however open it is."""
    assert one(match(), alert(opened=90 * HOUR, updated=JOIN_WITHIN))[0] is MatchOutcome.GROUPED
    assert (
        one(match(), alert(opened=90 * HOUR, updated=JOIN_WITHIN + timedelta(seconds=1)))[0]
        is MatchOutcome.OPENED
    )


def test_the_cooldown_counts_from_the_opening() -> None:
    """Until its last second a closed problem stays silent, with the time at which that ends; then
    it opens again.
    """
    closed = alert(AlertStatus.RESOLVED, opened=2 * HOUR, updated=HOUR)
    until = "cooldown until 2026-11-18 12:00 UTC after alert 41"
    assert one(match(cooldown=7201), closed) == (MatchOutcome.SUPPRESSED, until, 0)
    assert one(match(cooldown=7200), closed)[0] is MatchOutcome.OPENED


def test_matches_of_one_batch_are_grouped() -> None:
    """The first opens, later ones of the same rule and group join; another rule or group opens its
    own.
    """
    found = [match(), match(), match(group="h"), match(rule="other"), match()]
    decisions = decide_matches(found, {}, NOON, AlertPolicy())
    opened, grouped = MatchOutcome.OPENED, MatchOutcome.GROUPED
    assert [decision.outcome for decision in decisions] == [
        opened,
        grouped,
        opened,
        opened,
        grouped,
    ]
    assert decisions[1].reason == "grouped into the alert just opened"
    assert [decision.match for decision in decisions] == found


def test_what_is_silent_opens_nothing_for_others() -> None:
    """An old match at the head of a batch does not swallow the fresh one behind it."""
    decisions = decide_matches([match(NOON - 30 * HOUR), match()], {}, NOON, AlertPolicy())
    assert [decision.outcome for decision in decisions] == [
        MatchOutcome.SUPPRESSED,
        MatchOutcome.OPENED,
    ]


def test_a_cooldown_holds_for_the_whole_batch() -> None:
    """Suppression does not open the way for the next one."""
    closed = replace(alert(AlertStatus.DISMISSED), group="g")
    decisions = decide_matches([match(cooldown=86400)] * 3, {KEY: closed}, NOON, AlertPolicy())
    assert {decision.outcome for decision in decisions} == {MatchOutcome.SUPPRESSED}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "30 s"),
        (60, "60 s"),
        (120, "2 min"),
        (5400, "90 min"),
        (3600, "60 min"),
        (86400, "24 h"),
        (172800, "2 d"),
    ],
)
def test_spans_are_said_as_people_write_them(seconds: int, words: str) -> None:
    """The largest unit of which there are at least two."""
    assert format_span(timedelta(seconds=seconds)) == words
