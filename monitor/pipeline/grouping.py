"""Decide about each match: open, join or reopen an alert, or stay silent; with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from monitor.domain.alert import Alert, AlertStatus, Decision, Match, MatchOutcome
from monitor.domain.reply import OfficialAccounts, is_by_official_account
from monitor.settings import Settings

#: A problem that nothing joined for so long is over: the next report of it is a new alert, seen by
#: everyone.
JOIN_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """Which feedback may alert, whatever the rule."""

    alert_if_newer_than: timedelta = timedelta(hours=24)
    #: after it was resolved, the same problem is the same alert; zero never reopens, and a rule may
    #: have a span of its own
    reopen_within: timedelta = timedelta()
    first_contact: bool = False  #: the source is read for the first time
    official: OfficialAccounts = field(default_factory=dict, hash=False)  #: our own accounts
    backfill: bool = False  #: history is being read in: nothing alerts

    @classmethod
    def from_settings(cls, settings: Settings) -> AlertPolicy:
        """Return what the configuration says about when feedback may alert."""
        return cls(
            alert_if_newer_than=settings.collect.alert_if_newer_than,
            reopen_within=settings.respond.reopen_within,
        )


def decide_matches(
    matches: Sequence[Match],
    latest: Mapping[tuple[str, str], Alert],
    now: datetime,
    policy: AlertPolicy,
    muted: Mapping[str, str] = MappingProxyType({}),
) -> list[Decision]:
    """Return one decision for each match, in order.

    `latest` is the newest alert of each (rule, group) that the matches name; `muted` has the reason
    for each rule that is silenced. A match that opens or reopens an alert lets later ones of the
    same rule and group join it.
    """
    opening: dict[tuple[str, str], int] = {}  # alert ids; 0 for an alert that is not stored yet
    decisions = []
    for match in matches:
        key = (match.rule_id, match.group)
        silence = _silence_reason(match, now, policy) or muted.get(match.rule_id)
        if silence:
            decision = Decision(match=match, outcome=MatchOutcome.SUPPRESSED, reason=silence)
        elif key in opening:
            decision = _join_alert(match, opening[key])
        else:
            decision = _decide_by_latest_alert(match, latest.get(key), now, policy)
        if decision.outcome in (MatchOutcome.OPENED, MatchOutcome.REOPENED):
            opening[key] = decision.alert_id
        decisions.append(decision)
    return decisions


def format_span(span: timedelta) -> str:
    """Return a length of time as people write it in the configuration: "24 h", "90 s"."""
    seconds = span.total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    if seconds >= 3600:
        return f"{seconds / 3600:g} h"
    return f"{seconds:g} s"


def _silence_reason(match: Match, now: datetime, policy: AlertPolicy) -> str:
    """Return why the match must not alert at all; empty when it may."""
    if policy.backfill:
        return "history that was read in never alerts"
    if is_by_official_account(match.feedback, policy.official):
        return "written by an account of our own"
    created = match.feedback.created_at
    if created is None and policy.first_contact:
        return "no date, and first contact with its source"
    if created is not None and now - created > policy.alert_if_newer_than:
        return f"older than {format_span(policy.alert_if_newer_than)}"
    return ""


def _decide_by_latest_alert(
    match: Match, alert: Alert | None, now: datetime, policy: AlertPolicy
) -> Decision:
    """Return the decision in view of the newest alert of the same rule and group."""
    if alert is None:
        return Decision(match=match, outcome=MatchOutcome.OPENED, reason=match.reason)
    cooldown_until = alert.opened_at + timedelta(seconds=match.cooldown)
    in_cooldown = now < cooldown_until
    is_current = in_cooldown or now - alert.updated_at <= JOIN_WITHIN
    if is_current and not alert.status.is_closed:
        return _join_alert(match, alert.id)
    if in_cooldown:
        reason = f"cooldown until {cooldown_until:%Y-%m-%d %H:%M} UTC after alert {alert.id}"
        return Decision(match=match, outcome=MatchOutcome.SUPPRESSED, reason=reason)
    if _should_reopen(match, alert, now, policy):
        reason = f"the same came back after alert {alert.id} was resolved: {match.reason}"
        return Decision(
            match=match, outcome=MatchOutcome.REOPENED, reason=reason, alert_id=alert.id
        )
    return Decision(match=match, outcome=MatchOutcome.OPENED, reason=match.reason)


def _join_alert(match: Match, alert_id: int) -> Decision:
    """Return the decision to join an alert; id 0 is the one that a match before has opened."""
    joined = f"alert {alert_id}" if alert_id else "the alert just opened"
    return Decision(
        match=match,
        outcome=MatchOutcome.GROUPED,
        reason=f"grouped into {joined}",
        alert_id=alert_id,
    )


def _should_reopen(match: Match, alert: Alert, now: datetime, policy: AlertPolicy) -> bool:
    """Return whether a resolved problem is back; a dismissed one should not have alerted at all."""
    within = policy.reopen_within
    if match.reopen_within is not None:
        within = timedelta(seconds=match.reopen_within)
    return alert.status is AlertStatus.RESOLVED and now - alert.updated_at < within
