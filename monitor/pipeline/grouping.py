"""What is done about each match: open an alert, join one, or stay silent; always with the
reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from monitor.domain.alert import Alert, AlertStatus, Decision, Match, Outcome
from monitor.domain.reply import Official, is_official

#: A problem that nothing joined for so long is over: the next report of it is a new alert, seen by
#: everyone.
JOIN_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What holds for every rule."""

    alert_if_newer_than: timedelta = timedelta(hours=24)
    #: of a rule that does not say itself; zero never reopens
    reopen_within: timedelta = timedelta()
    first_contact: bool = False  #: the source is read for the first time
    official: Official = field(default_factory=dict, hash=False)  #: our own accounts
    backfill: bool = False  #: history is being read in: nothing alerts


def decide(
    matches: Sequence[Match],
    latest: Mapping[tuple[str, str], Alert],
    now: datetime,
    policy: Policy,
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
        silence = _silence(match, now, policy) or muted.get(match.rule_id, "")
        if silence:
            decisions.append(Decision(match=match, outcome=Outcome.SUPPRESSED, reason=silence))
        elif key in opening:
            joined = opening[key]
            which = f"alert {joined}" if joined else "the alert just opened"
            decisions.append(
                Decision(
                    match=match,
                    outcome=Outcome.GROUPED,
                    reason=f"grouped into {which}",
                    alert_id=joined,
                )
            )
        else:
            decision = _against(match, latest.get(key), now, policy)
            decisions.append(decision)
            if decision.outcome in (Outcome.OPENED, Outcome.REOPENED):
                opening[key] = decision.alert_id
    return decisions


def _silence(match: Match, now: datetime, policy: Policy) -> str:
    """Why the match must not alert at all; empty when it may."""
    if policy.backfill:
        return "history that was read in never alerts"
    if is_official(match.feedback, policy.official):
        return "written by an account of our own"
    created = match.feedback.created_at
    if created is None:
        return "no date, and first contact with its source" if policy.first_contact else ""
    if now - created > policy.alert_if_newer_than:
        return f"older than {in_words(policy.alert_if_newer_than)}"
    return ""


def _against(match: Match, alert: Alert | None, now: datetime, policy: Policy) -> Decision:
    """The decision in view of the newest alert of the same rule and group."""
    cooling = alert is not None and now < alert.opened_at + timedelta(seconds=match.cooldown)
    if (
        alert is not None
        and not alert.status.closed
        and (cooling or now - alert.updated_at <= JOIN_WITHIN)
    ):
        return Decision(
            match=match,
            outcome=Outcome.GROUPED,
            reason=f"grouped into alert {alert.id}",
            alert_id=alert.id,
        )
    if alert is not None and cooling:
        until = alert.opened_at + timedelta(seconds=match.cooldown)
        reason = f"cooldown until {until:%Y-%m-%d %H:%M} UTC after alert {alert.id}"
        return Decision(match=match, outcome=Outcome.SUPPRESSED, reason=reason)
    if alert is not None and _comes_back(match, alert, now, policy):
        reason = f"the same came back after alert {alert.id} was resolved: {match.reason}"
        return Decision(match=match, outcome=Outcome.REOPENED, reason=reason, alert_id=alert.id)
    return Decision(match=match, outcome=Outcome.OPENED, reason=match.reason)


def _comes_back(match: Match, alert: Alert, now: datetime, policy: Policy) -> bool:
    """Whether what was resolved is not: dismissed alerts stay so, since they should not have
    fired.
    """
    within = (
        policy.reopen_within
        if match.reopen_within is None
        else timedelta(seconds=match.reopen_within)
    )
    return alert.status is AlertStatus.RESOLVED and now - alert.updated_at < within


def in_words(span: timedelta) -> str:
    """A length of time as people write it in the configuration: "24 h", "90 s"."""
    seconds = span.total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds / 3600:g} h" if seconds >= 3600 else f"{seconds:g} s"
