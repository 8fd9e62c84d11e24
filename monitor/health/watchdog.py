"""Whether repwatch itself is in trouble, and when people are told: once it stands, rarely again,
and at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.errors import RepwatchError
from monitor.notifiers.operator import OperatorAlarm
from monitor.store import Store

#: People are told again of what still stands at most this often.
NOTIFY_AGAIN_AFTER = timedelta(hours=6)

#: What finds troubles: each a key that stays the same while it lasts, and a text for people that
#: need not.
HealthCheck = Callable[[datetime], Iterable[tuple[str, str]]]


class Blockable(Protocol):
    """A part of the program that says what holds it up."""

    @property
    def blocked_reason(self) -> str:
        """What keeps it from its work; empty while nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedProblem:
    """One thing that is wrong with repwatch itself."""

    text: str
    since: datetime
    seen_at: datetime
    told_at: datetime | None = None


TrackedProblems = Mapping[str, TrackedProblem]


def track_problems(
    problems: TrackedProblems,
    found: Iterable[tuple[str, str]],
    now: datetime,
    persist_for: timedelta,
) -> TrackedProblems:
    """All that is known of troubles with what was found now; one that comes and goes within `after`
    is one.
    """
    known = dict(problems)
    for key, text in found:
        before = known.get(key, TrackedProblem(text=text, since=now, seen_at=now))
        known[key] = replace(before, text=text, seen_at=now)
    return {
        key: trouble
        for key, trouble in known.items()
        if trouble.told_at or now - trouble.seen_at < persist_for
    }


def split_for_notification(
    problems: TrackedProblems, now: datetime, persist_for: timedelta
) -> tuple[TrackedProblems, TrackedProblems]:
    """What people are to be told now: of these troubles that they stand, and of those that they are
    over.
    """
    over = {
        key: it for key, it in problems.items() if it.told_at and now - it.seen_at >= persist_for
    }
    standing = {
        key: it
        for key, it in problems.items()
        if it.seen_at == now
        and now - it.since >= persist_for
        and (it.told_at is None or now - it.told_at >= NOTIFY_AGAIN_AFTER)
    }
    return standing, over


def mark_notified(
    problems: TrackedProblems, ongoing: TrackedProblems, resolved: TrackedProblems, now: datetime
) -> TrackedProblems:
    """All that is known of troubles once people were told of these."""
    return {
        key: replace(trouble, told_at=now) if key in ongoing else trouble
        for key, trouble in problems.items()
        if key not in resolved
    }


def format_notification(ongoing: TrackedProblems, resolved: TrackedProblems) -> tuple[str, str]:
    """The subject and the text of what people are told."""
    lines = [
        f"Since {trouble.since:%Y-%m-%d %H:%M} UTC: {trouble.text}" for trouble in ongoing.values()
    ]
    lines += [
        f"Over at {trouble.seen_at:%Y-%m-%d %H:%M} UTC: {trouble.text}"
        for trouble in resolved.values()
    ]
    if not ongoing:
        return "repwatch: the trouble is over", "\n".join(lines)
    first = next(iter(ongoing.values())).text
    return f"repwatch is in trouble: {first}", "\n".join(lines)


@dataclass(slots=True)
class Watchdog:
    """Looks once a minute whether repwatch does its work, and raises the alarm or says that all is
    well.
    """

    alarm: OperatorAlarm
    checks: Sequence[HealthCheck]
    after: timedelta
    _troubles: TrackedProblems = field(default_factory=dict)

    def run_checks(self, now: datetime) -> None:
        """Ask every check, tell people what is due, and let the heart beat only where nothing is
        wrong at all.
        """
        found = [trouble for check in self.checks for trouble in _run_check(check, now)]
        self._troubles = track_problems(self._troubles, found, now, self.after)
        standing, over = split_for_notification(self._troubles, now, self.after)
        if (standing or over) and self.alarm.raise_alarm(*format_notification(standing, over), now):
            self._troubles = mark_notified(self._troubles, standing, over, now)
        if not found:
            self.alarm.send_heartbeat()


def _run_check(check: HealthCheck, now: datetime) -> Sequence[tuple[str, str]]:
    """What a check finds; one that cannot look is trouble too."""
    try:
        return list(check(now))
    except RepwatchError as error:
        return [(f"cannot look: {type(error).__name__}", str(error))]


def build_sender_check(store: Store, sender: Blockable, max_age: timedelta) -> HealthCheck:
    """The check of the way to Slack: nothing may hold the sender up, and nothing may wait longer
    than `oldest`.
    """

    def check_sender(now: datetime) -> Iterable[tuple[str, str]]:
        if sender.blocked_reason:
            yield "sender", sender.blocked_reason
        with store.read() as tx:
            since = tx.system_statistics.oldest_outbox_at(now)
        if since and now - since > max_age:
            yield (
                "outbox",
                (
                    f"the oldest message has waited for {(now - since).total_seconds() / 60:.0f} "
                    "minutes"
                ),
            )

    return check_sender
