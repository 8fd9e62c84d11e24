"""What is done about a match, and the reason, also for silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.domain.alert import (
    Alert,
    AlertReference,
    AlertStatus,
    Clause,
    EscalationStep,
    Match,
    MatchOutcome,
    Severity,
    SlaLimits,
)
from monitor.domain.feedback import Analysis
from monitor.pipeline.grouping import (
    JOIN_WITHIN,
    AlertPolicy,
    KnownAlerts,
    decide_matches,
    format_span,
)
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
    feedback_id: int = 1,
    **fields: Any,
) -> Match:
    return Match(
        rule_id=rule,
        rule_name=rule.capitalize(),
        rule_version="1",
        feedback=replace(make_feedback(created_at=created_at), id=feedback_id),
        analysis=ANALYSIS,
        clauses=(Clause("text", f"says “{rule}”"),),
        group=group,
        cooldown=cooldown,
        **{"severity": Severity.HIGH, "live": True, **fields},
    )


def decided(
    matches: Sequence[Match], known: KnownAlerts | None = None
) -> list[tuple[MatchOutcome, str]]:
    """What was decided, and about which alert."""
    decisions = decide_matches(matches, known or KnownAlerts(), NOON, AlertPolicy())
    assert [decision.match for decision in decisions] == list(matches)
    return [(decision.outcome, str(decision.alert or "")) for decision in decisions]


def alert(
    status: AlertStatus = AlertStatus.OPEN,
    *,
    opened: timedelta = HOUR,
    updated: timedelta = HOUR,
    severity: Severity = Severity.HIGH,
) -> Alert:
    return Alert(
        id=41,
        rule_id="crash",
        rule_name="Crash",
        rule_version="1",
        severity=severity,
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
    known = KnownAlerts(by_group={KEY: latest} if latest else {})
    (decision,) = decide_matches([found], known, NOON, policy or AlertPolicy())
    assert decision.match == found
    return decision.outcome, decision.reason, decision.alert.alert_id if decision.alert else 0


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
    kinds: tuple[dict[str, Any], ...] = ({}, {}, {"group": "h"}, {"rule": "other"}, {})
    found = [match(feedback_id=at, **fields) for at, fields in enumerate(kinds, 1)]
    decisions = decide_matches(found, KnownAlerts(), NOON, AlertPolicy())
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
    found = [match(NOON - 30 * HOUR, feedback_id=1), match(feedback_id=2)]
    decisions = decide_matches(found, KnownAlerts(), NOON, AlertPolicy())
    assert [decision.outcome for decision in decisions] == [
        MatchOutcome.SUPPRESSED,
        MatchOutcome.OPENED,
    ]


def test_a_cooldown_holds_for_the_whole_batch() -> None:
    """Suppression does not open the way for the next one."""
    known = KnownAlerts(by_group={KEY: alert(AlertStatus.DISMISSED)})
    found = [match(cooldown=86400, feedback_id=at) for at in (1, 2, 3)]
    decisions = decide_matches(found, known, NOON, AlertPolicy())
    assert {decision.outcome for decision in decisions} == {MatchOutcome.SUPPRESSED}


URGENT, HIGH, NORMAL = Severity.URGENT, Severity.HIGH, Severity.NORMAL
HOME = "the alert just opened"


def test_all_rules_that_hold_for_a_feedback_are_one_alert() -> None:
    """The most severe leads, and the others are named on its alert."""
    found = [match(rule="fire", severity=URGENT), match(), match(rule="slow", severity=NORMAL)]
    assert decided(found) == [
        (MatchOutcome.OPENED, HOME),
        (MatchOutcome.ALSO, HOME),
        (MatchOutcome.ALSO, HOME),
    ]


def test_the_shortest_limits_of_all_rules_count_and_escalations_are_joined() -> None:
    """Each limit is the strictest rule's; working time counts only where all rules agree."""
    early, late = EscalationStep(60, "@a"), EscalationStep(900, "@b")
    found = [
        match(severity=URGENT, limits=SlaLimits(acknowledge=900, escalate=(late,))),
        match(
            rule="slow",
            limits=SlaLimits(acknowledge=3600, resolve=7200, escalate=(early,), working_hours=True),
        ),
        match(rule="other"),
    ]
    opened, *_ = decide_matches(found, KnownAlerts(), NOON, AlertPolicy())
    assert opened.limits == SlaLimits(acknowledge=900, resolve=7200, escalate=(early, late))


def test_a_feedback_joins_the_alert_of_its_first_match_whose_group_has_one() -> None:
    """A lesser match finds the open alert; the leading one is named there."""
    known = KnownAlerts(by_group={KEY: alert()})
    found = [match(rule="lost"), match()]
    assert decided(found, known) == [
        (MatchOutcome.ALSO, "alert 41"),
        (MatchOutcome.GROUPED, "alert 41"),
    ]


def test_what_is_more_severe_than_the_alert_it_would_join_opens_its_own() -> None:
    """Nobody overlooks it among reports of something smaller, and each alert names the other."""
    known = KnownAlerts(by_group={KEY: alert()})
    opened, also = decide_matches(
        [match(rule="fire", severity=URGENT), match()], known, NOON, AlertPolicy()
    )
    assert (opened.outcome, opened.related) == (MatchOutcome.OPENED, AlertReference(41))
    assert (also.outcome, also.alert) == (MatchOutcome.ALSO, AlertReference(opener=1))


def test_an_edit_adds_to_the_alert_that_the_feedback_has() -> None:
    """What is as severe is named there; what is more severe leads from then on."""
    known = KnownAlerts(by_feedback={1: alert()})
    lesser = decide_matches([match(rule="slow")], known, NOON, AlertPolicy())
    worse = decide_matches([match(rule="fire", severity=URGENT)], known, NOON, AlertPolicy())
    assert [(one.outcome, one.raises) for one in (*lesser, *worse)] == [
        (MatchOutcome.ALSO, False),
        (MatchOutcome.ALSO, True),
    ]


def test_near_copies_join_whatever_rule_holds() -> None:
    """The same words under another id or at another place are no second problem."""
    known = KnownAlerts(by_copy_group={"words": alert()})
    copies = [
        match(rule="other", group="own", copy_group="words"),
        match(rule="fire", group="own", copy_group="words", severity=URGENT, feedback_id=2),
        match(rule="crash", group="own", copy_group="words", feedback_id=3),
    ]
    assert decided(copies, known) == [
        (MatchOutcome.GROUPED, "alert 41"),
        (MatchOutcome.OPENED, HOME),
        (MatchOutcome.GROUPED, HOME),
    ]


@pytest.mark.parametrize(
    "gone", [alert(AlertStatus.RESOLVED), alert(opened=90 * HOUR, updated=25 * HOUR)]
)
def test_a_copy_of_what_is_over_is_a_new_alert(gone: Alert) -> None:
    """A closed alert, or one that nothing joined for a day, is not joined by words."""
    known = KnownAlerts(by_copy_group={"words": gone})
    assert decided([match(copy_group="words")], known) == [(MatchOutcome.OPENED, HOME)]


def test_a_shadow_rule_changes_nothing() -> None:
    """It neither leads nor is it named, and what it would have done is counted."""
    found = [
        match(rule="trial", severity=URGENT, live=False),
        match(),
        match(rule="trial", severity=URGENT, live=False, feedback_id=2),
    ]
    assert [outcome for outcome, _ in decided(found)] == [
        MatchOutcome.OPENED,
        MatchOutcome.OPENED,
        MatchOutcome.GROUPED,
    ]


def test_a_silenced_rule_leaves_the_lead_to_the_next() -> None:
    """A muted rule and one in its cooldown are not named either."""
    known = KnownAlerts(by_group={("done", "g"): alert(AlertStatus.RESOLVED)})
    found = [match(rule="quiet"), match(rule="done", cooldown=86400), match(rule="slow")]
    decisions = decide_matches(found, known, NOON, AlertPolicy(), {"quiet": "muted"})
    assert [decision.outcome for decision in decisions] == [
        MatchOutcome.SUPPRESSED,
        MatchOutcome.SUPPRESSED,
        MatchOutcome.OPENED,
    ]


def test_the_rules_channels_are_all_shown_the_alert() -> None:
    """Each with whom its rule addresses; a private rule that leads keeps others' default out."""
    lesser = [match(rule="law", channel="#law", mention="@law"), match(rule="slow")]
    for leading, channels in (
        (match(rule="fire", severity=URGENT), [("", ""), ("#law", "@law"), ("", "")]),
        (
            match(rule="fire", severity=URGENT, channel="#hr", fallback=False),
            [("#hr", ""), ("#law", "@law")],
        ),
    ):
        opened, *_ = decide_matches([leading, *lesser], KnownAlerts(), NOON, AlertPolicy())
        assert [(place.channel, place.mention) for place in opened.places] == channels


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
