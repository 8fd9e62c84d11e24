"""What is done about each match: open an alert, join one, or stay silent; always with the
reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from monitor.domain.alert import Alert, AlertStatus, Decision, Match, MatchOutcome
from monitor.domain.reply import OfficialAccounts, is_by_official_account

#: A problem that nothing joined for so long is over: the next report of it is a new alert, seen by
#: everyone.
JOIN_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """What holds for every rule."""

    alert_if_newer_than: timedelta = timedelta(hours=24)
    #: of a rule that does not say itself; zero never reopens
    reopen_within: timedelta = timedelta()
    first_contact: bool = False  #: the source is read for the first time
    official: OfficialAccounts = field(default_factory=dict, hash=False)  #: our own accounts
    backfill: bool = False  #: history is being read in: nothing alerts


def decide_matches(
    matches: Sequence[Match],
    latest: Mapping[tuple[str, str], Alert],
    now: datetime,
    policy: AlertPolicy,
    muted: Mapping[str, str] = MappingProxyType({}),
) -> list[Decision]:
    """One decision for each match, in order.

    `muted` says of each rule that is to be silent why.

    `latest` is the newest alert of each (rule, group) that the matches name. A match that is to
    open an alert lets later ones of the same rule and group join it.
    """
    opening: dict[tuple[str, str], int] = {}
    decisions = []
    for match in matches:
        key = (match.rule_id, match.group)
        silence = _silence_reason(match, now, policy) or muted.get(match.rule_id, "")
        if silence:
            decisions.append(Decision(match=match, outcome=MatchOutcome.SUPPRESSED, reason=silence))
        elif key in opening:
            joined = opening[key]
            which = f"alert {joined}" if joined else "the alert just opened"
            decisions.append(
                Decision(
                    match=match,
                    outcome=MatchOutcome.GROUPED,
                    reason=f"grouped into {which}",
                    alert_id=joined,
                )
            )
        else:
            decision = _decide_by_latest_alert(match, latest.get(key), now, policy)
            decisions.append(decision)
            if decision.outcome in (MatchOutcome.OPENED, MatchOutcome.REOPENED):
                opening[key] = decision.alert_id
    return decisions


def _silence_reason(match: Match, now: datetime, policy: AlertPolicy) -> str:
    """Why the match must not alert at all; empty when it may."""
    if policy.backfill:
        return "history that was read in never alerts"
    if is_by_official_account(match.feedback, policy.official):
        return "written by an account of our own"
    created = match.feedback.created_at
    if created is None:
        return "no date, and first contact with its source" if policy.first_contact else ""
    if now - created > policy.alert_if_newer_than:
        return f"older than {format_span(policy.alert_if_newer_than)}"
    return ""


def _decide_by_latest_alert(
    match: Match, alert: Alert | None, now: datetime, policy: AlertPolicy
) -> Decision:
    """The decision in view of the newest alert of the same rule and group."""
    cooling = alert is not None and now < alert.opened_at + timedelta(seconds=match.cooldown)
    if (
        alert is not None
        and not alert.status.is_closed
        and (cooling or now - alert.updated_at <= JOIN_WITHIN)
    ):
        return Decision(
            match=match,
            outcome=MatchOutcome.GROUPED,
            reason=f"grouped into alert {alert.id}",
            alert_id=alert.id,
        )
    if alert is not None and cooling:
        until = alert.opened_at + timedelta(seconds=match.cooldown)
        reason = f"cooldown until {until:%Y-%m-%d %H:%M} UTC after alert {alert.id}"
        return Decision(match=match, outcome=MatchOutcome.SUPPRESSED, reason=reason)
    if alert is not None and _should_reopen(match, alert, now, policy):
        reason = f"the same came back after alert {alert.id} was resolved: {match.reason}"
        return Decision(
            match=match, outcome=MatchOutcome.REOPENED, reason=reason, alert_id=alert.id
        )
    return Decision(match=match, outcome=MatchOutcome.OPENED, reason=match.reason)


def _should_reopen(match: Match, alert: Alert, now: datetime, policy: AlertPolicy) -> bool:
    """Whether what was resolved is not: dismissed alerts stay so, since they should not have
    fired.
    """
    within = (
        policy.reopen_within
        if match.reopen_within is None
        else timedelta(seconds=match.reopen_within)
    )
    return alert.status is AlertStatus.RESOLVED and now - alert.updated_at < within


def format_span(span: timedelta) -> str:
    """A length of time as people write it in the configuration: "24 h", "90 s"."""
    seconds = span.total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds / 3600:g} h" if seconds >= 3600 else f"{seconds:g} s"
