"""What keeps a match quiet for a while: it has not held for long, or an open alert says it all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.alert import Match
from monitor.domain.feedback import Feedback
from rules.spans import format_span


@dataclass(frozen=True, slots=True)
class SilencingAlert:
    """An alert that is not closed, of a rule that silences others."""

    rule_id: str
    rule_name: str
    feedback: Feedback  #: for which it was opened
    alert_id: int = 0  #: 0 where it is only being opened


def describe_silencer(match: Match, alerts: Iterable[SilencingAlert]) -> str:
    """Return which open alert keeps a match quiet; empty where none does."""
    for silencer in match.silenced_by:
        for alert in alerts:
            if alert.rule_id == silencer.rule and silencer.covers(match.feedback, alert.feedback):
                which = f"alert {alert.alert_id}" if alert.alert_id else "a new alert"
                return f"quiet while {which} ({alert.rule_name}) is open"
    return ""


def longest_wait(match: Match) -> timedelta:
    """Return how far back earlier matches tell whether this one has held for long enough."""
    return timedelta(seconds=match.hold_for) + _allowed_pause(match)


def describe_wait(match: Match, earlier: Sequence[datetime], now: datetime) -> str:
    """Return how long a match still has to hold; empty where it has held long enough.

    `earlier` are the times of the matches of its rule and group, in any order. It holds without a
    break as long as no two of them are farther apart than the rule lets it pause.
    """
    if not match.hold_for:
        return ""
    wait = timedelta(seconds=match.hold_for)
    pause = _allowed_pause(match)
    since = now
    for at in sorted(earlier, reverse=True):
        if since - at > pause:
            break
        since = min(since, at)
    if now - since >= wait:
        return ""
    return f"waits until it has held for {format_span(wait)}, since {since:%Y-%m-%d %H:%M} UTC"


def _allowed_pause(match: Match) -> timedelta:
    return timedelta(seconds=match.hold_for if match.keep_for is None else match.keep_for)
