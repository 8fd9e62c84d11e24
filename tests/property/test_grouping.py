"""What holds for the decisions about any batch of matches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.alert import Alert, AlertStatus, Clause, Match, MatchOutcome, Severity
from monitor.domain.feedback import Analysis
from monitor.pipeline.grouping import AlertPolicy, decide_matches
from monitor.testing import NOON, make_feedback

_ANALYSIS = Analysis(text="x", words="x")
SECONDS = st.integers(-3 * 86400, 3 * 86400)
TIMES = st.one_of(st.none(), SECONDS.map(lambda seconds: NOON + timedelta(seconds=seconds)))
ALL_TIMES = st.one_of(TIMES, st.datetimes(timezones=st.just(UTC)))


def _match(rule: str, group: str, created_at: datetime | None, cooldown: int) -> Match:
    return Match(
        rule_id=rule,
        rule_name=rule,
        rule_version="1",
        severity=Severity.NORMAL,
        live=True,
        feedback=make_feedback(created_at=created_at),
        analysis=_ANALYSIS,
        clauses=(Clause("text", "said"),),
        group=group,
        cooldown=cooldown,
    )


def _alert(
    number: int, key: tuple[str, str], status: AlertStatus, opened: int, updated: int
) -> Alert:
    return Alert(
        id=number,
        rule_id=key[0],
        rule_name=key[0],
        rule_version="1",
        severity=Severity.NORMAL,
        status=status,
        group=key[1],
        channel="#s",
        mention="",
        reason="r",
        words=(),
        opened_at=NOON - timedelta(seconds=opened),
        updated_at=NOON - timedelta(seconds=min(opened, updated)),
        version=1,
    )


KEYS = st.tuples(st.sampled_from("ab"), st.sampled_from("gh"))
COOLDOWNS = st.sampled_from([0, 60, 7200, 10**8])
MATCHES = st.lists(
    st.builds(_match, st.sampled_from("ab"), st.sampled_from("gh"), ALL_TIMES, COOLDOWNS),
    max_size=12,
)
AGES = st.integers(0, 3 * 86400)
ALERTS = st.dictionaries(
    KEYS, st.tuples(st.integers(1, 99), st.sampled_from(AlertStatus), AGES, AGES)
).map(lambda found: {key: _alert(number, key, *rest) for key, (number, *rest) in found.items()})
POLICIES = st.builds(
    AlertPolicy,
    alert_if_newer_than=st.integers(0, 172800).map(lambda seconds: timedelta(seconds=seconds)),
    first_contact=st.booleans(),
    backfill=st.booleans(),
)


@given(MATCHES, ALERTS, POLICIES)
def test_every_match_is_decided_once_with_a_reason(
    matches: list[Match], latest: dict[tuple[str, str], Alert], policy: AlertPolicy
) -> None:
    """One decision for each match, in order, with a reason; a rule and group open at most one alert
    in a batch.
    """
    decisions = decide_matches(matches, latest, NOON, policy)
    assert [decision.match for decision in decisions] == matches
    assert all(decision.reason for decision in decisions)
    opened = [
        (item.match.rule_id, item.match.group)
        for item in decisions
        if item.outcome is MatchOutcome.OPENED
    ]
    assert len(opened) == len(set(opened))


@given(MATCHES, ALERTS, POLICIES)
def test_a_match_joins_only_an_alert_of_its_own_that_lives(
    matches: list[Match], latest: dict[tuple[str, str], Alert], policy: AlertPolicy
) -> None:
    """What is joined has the same rule and group and is not closed, or was opened earlier in the
    batch.
    """
    opened: set[tuple[str, str]] = set()
    for decision in decide_matches(matches, latest, NOON, policy):
        key = (decision.match.rule_id, decision.match.group)
        if decision.outcome is MatchOutcome.OPENED:
            opened.add(key)
        elif decision.outcome is MatchOutcome.GROUPED and decision.alert_id:
            assert decision.alert_id == latest[key].id
            assert not latest[key].status.is_closed
        elif decision.outcome is MatchOutcome.GROUPED:
            assert key in opened


@given(MATCHES, ALERTS, POLICIES)
def test_nothing_old_or_read_in_ever_alerts(
    matches: list[Match], latest: dict[tuple[str, str], Alert], policy: AlertPolicy
) -> None:
    """Backfill and age silence every match, whatever the rest."""
    for decision in decide_matches(matches, latest, NOON, policy):
        created = decision.match.feedback.created_at
        if policy.backfill or (created and NOON - created > policy.alert_if_newer_than):
            assert decision.outcome is MatchOutcome.SUPPRESSED
