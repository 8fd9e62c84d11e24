"""What holds for the decisions about any batch of matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.alert import (
    Alert,
    AlertReference,
    AlertStatus,
    Clause,
    Match,
    MatchOutcome,
    Severity,
)
from monitor.domain.feedback import Analysis
from monitor.pipeline.grouping import AlertPolicy, KnownAlerts, decide_matches
from monitor.testing import NOON, make_feedback

_ANALYSIS = Analysis(text="x", words="x")
SECONDS = st.integers(-3 * 86400, 3 * 86400)
TIMES = st.one_of(st.none(), SECONDS.map(lambda seconds: NOON + timedelta(seconds=seconds)))
ALL_TIMES = st.one_of(TIMES, st.datetimes(timezones=st.just(UTC)))
ATTACHED = (MatchOutcome.GROUPED, MatchOutcome.REOPENED, MatchOutcome.ALSO)


@st.composite
def _matches(draw: st.DrawFn) -> list[Match]:
    """The matches of a few feedback, those of each together and the most severe first."""
    found: list[Match] = []
    for feedback_id in range(1, 1 + draw(st.integers(0, 8))):
        feedback = replace(make_feedback(created_at=draw(ALL_TIMES)), id=feedback_id)
        copies = draw(st.sampled_from(["", "", "one", "two"]))
        own = [
            Match(
                rule_id=rule,
                rule_name=rule,
                rule_version="1",
                severity=draw(st.sampled_from(Severity)),
                live=draw(st.sampled_from([True, True, True, False])),
                feedback=feedback,
                analysis=_ANALYSIS,
                clauses=(Clause("text", "said"),),
                group=draw(st.sampled_from("gh")),
                cooldown=draw(st.sampled_from([0, 60, 7200, 10**8])),
                copy_group=copies,
            )
            for rule in draw(st.sets(st.sampled_from("abc")))
        ]
        found += sorted(own, key=lambda match: match.severity.rank)
    return found


AGES = st.integers(0, 3 * 86400)


@st.composite
def _alert(draw: st.DrawFn, number: int) -> Alert:
    opened = draw(AGES)
    return Alert(
        id=number,
        rule_id=draw(st.sampled_from("abc")),
        rule_name="r",
        rule_version="1",
        severity=draw(st.sampled_from(Severity)),
        status=draw(st.sampled_from(AlertStatus)),
        group=draw(st.sampled_from("gh")),
        channel="#s",
        mention="",
        reason="r",
        words=(),
        opened_at=NOON - timedelta(seconds=opened),
        updated_at=NOON - timedelta(seconds=min(opened, draw(AGES))),
        version=1,
    )


@st.composite
def _known(draw: st.DrawFn) -> KnownAlerts:
    alerts = [draw(_alert(number)) for number in range(41, 41 + draw(st.integers(0, 4)))]
    unclosed = [alert for alert in alerts if not alert.status.is_closed]
    return KnownAlerts(
        by_group={(alert.rule_id, alert.group): alert for alert in alerts},
        by_copy_group=dict(zip(("one", "two"), alerts, strict=False)),
        by_feedback=dict(zip((1, 2), unclosed, strict=False)) if draw(st.booleans()) else {},
    )


POLICIES = st.builds(
    AlertPolicy,
    alert_if_newer_than=st.integers(0, 172800).map(lambda seconds: timedelta(seconds=seconds)),
    first_contact=st.booleans(),
    backfill=st.booleans(),
    reopen_within=st.sampled_from([timedelta(), timedelta(days=1)]),
)


def _alerts_by_id(known: KnownAlerts) -> dict[int, Alert]:
    every: Sequence[Alert] = (
        *known.by_group.values(),
        *known.by_copy_group.values(),
        *known.by_feedback.values(),
    )
    return {alert.id: alert for alert in every}


@given(_matches(), _known(), POLICIES)
def test_every_match_is_decided_once_with_a_reason(
    matches: list[Match], known: KnownAlerts, policy: AlertPolicy
) -> None:
    """One decision for each match, in order, with a reason; only silence and what a shadow rule
    would have done have no alert.
    """
    decisions = decide_matches(matches, known, NOON, policy)
    assert [decision.match for decision in decisions] == matches
    assert all(decision.reason for decision in decisions)
    for decision in decisions:
        has_alert = decision.match.live and decision.outcome is not MatchOutcome.SUPPRESSED
        assert (decision.alert is not None) == has_alert


@given(_matches(), _known(), POLICIES)
def test_a_feedback_is_in_one_alert_that_is_as_severe_as_its_worst_match(
    matches: list[Match], known: KnownAlerts, policy: AlertPolicy
) -> None:
    """All that is heard of a feedback stands on one alert: opened, joined or made more severe."""
    stored = _alerts_by_id(known)
    severity = {AlertReference(alert.id): alert.severity for alert in stored.values()}
    alert_of: dict[int, AlertReference] = {}
    decisions = [
        decision
        for decision in decide_matches(matches, known, NOON, policy)
        if decision.alert is not None
    ]
    for decision in decisions:
        assert decision.alert
        if decision.outcome is MatchOutcome.OPENED or decision.raises:
            assert (
                decision.match.severity.rank <= severity.get(decision.alert, Severity.PRAISE).rank
            )
            severity[decision.alert] = decision.match.severity
        assert alert_of.setdefault(decision.match.feedback.id, decision.alert) == decision.alert
    for decision in decisions:
        assert decision.alert
        assert severity[decision.alert].rank <= decision.match.severity.rank


@given(_matches(), _known(), POLICIES)
def test_a_feedback_joins_only_an_alert_that_lives(
    matches: list[Match], known: KnownAlerts, policy: AlertPolicy
) -> None:
    """What is joined was opened before in the batch, or is open; a resolved one is reopened."""
    stored = _alerts_by_id(known)
    opened: set[int] = set()
    reopened: set[int] = set()
    for decision in decide_matches(matches, known, NOON, policy):
        if decision.outcome is MatchOutcome.OPENED and decision.match.live:
            opened.add(decision.match.feedback.id)
        if decision.outcome is MatchOutcome.REOPENED:
            assert decision.alert
            assert stored[decision.alert.alert_id].status is AlertStatus.RESOLVED
            reopened.add(decision.alert.alert_id)
        if decision.outcome in ATTACHED and decision.alert and decision.alert.opener:
            assert decision.alert.opener in opened
        if decision.outcome is MatchOutcome.GROUPED and decision.alert and decision.alert.alert_id:
            alert_id = decision.alert.alert_id
            assert alert_id in reopened or not stored[alert_id].status.is_closed


@given(_matches(), _known(), POLICIES)
def test_shadow_rules_change_nothing_for_the_others(
    matches: list[Match], known: KnownAlerts, policy: AlertPolicy
) -> None:
    """Without them every other decision is the same."""
    live = [match for match in matches if match.live]
    everything = decide_matches(matches, known, NOON, policy)
    assert [one for one in everything if one.match.live] == decide_matches(
        live, known, NOON, policy
    )


@given(_matches(), _known(), POLICIES)
def test_nothing_old_or_read_in_ever_alerts(
    matches: list[Match], known: KnownAlerts, policy: AlertPolicy
) -> None:
    """Backfill silences every match, and age those of feedback that have no open alert."""
    for decision in decide_matches(matches, known, NOON, policy):
        created = decision.match.feedback.created_at
        is_old = created and NOON - created > policy.alert_if_newer_than
        if policy.backfill or (is_old and decision.match.feedback.id not in known.by_feedback):
            assert decision.outcome is MatchOutcome.SUPPRESSED
