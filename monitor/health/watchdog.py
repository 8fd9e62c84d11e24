"""The watchdog of repwatch itself: tells people of problems that persist, and when they end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.domain.clock_step import ClockStep
from monitor.errors import RepwatchError
from monitor.notifiers.operator import OperatorAlarm
from monitor.store import Store

#: How long after a notification people are told again of a problem that lasts.
NOTIFY_AGAIN_AFTER = timedelta(hours=6)

#: Finds the problems of a moment: for each a key, which stays the same while it lasts, and a text
#: for people, which need not.
HealthCheck = Callable[[datetime], Iterable[tuple[str, str]]]


class Blockable(Protocol):
    """A part of the program that can say what keeps it from its work."""

    @property
    def blocked_reason(self) -> str:
        """What keeps it from its work, in words for people; empty while nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedProblem:
    """One thing that is or was wrong with repwatch itself."""

    text: str
    since: datetime  #: when it was found first
    seen_at: datetime  #: when it was found last
    notified_at: datetime | None = None  #: when people were told last

    def needs_notification(self, now: datetime, persist_for: timedelta) -> bool:
        """Return whether it persists and people were not told of it, or not lately."""
        if self.seen_at != now or now - self.since < persist_for:
            return False
        return self.notified_at is None or now - self.notified_at >= NOTIFY_AGAIN_AFTER

    def moved(self, step: ClockStep) -> TrackedProblem:
        """Return it in the time as it is told after a step of the clock."""
        notified_at = None if self.notified_at is None else self.notified_at + step.by
        return replace(
            self,
            since=self.since + step.by,
            seen_at=self.seen_at + step.by,
            notified_at=notified_at,
        )

    def is_gone(self, now: datetime, persist_for: timedelta) -> bool:
        """Return whether it was not found for `persist_for`."""
        return now - self.seen_at >= persist_for


#: By the key of the problem.
TrackedProblems = Mapping[str, TrackedProblem]


def track_problems(
    problems: TrackedProblems,
    found: Iterable[tuple[str, str]],
    now: datetime,
    persist_for: timedelta,
) -> TrackedProblems:
    """Return the problems with those that were `found` now added, or seen again.

    A problem that is back within `persist_for` counts as the same one. One that is gone for longer
    is dropped, unless people were told of it: they have to hear that it is over.
    """
    tracked = dict(problems)
    for key, text in found:
        earlier = tracked.get(key, TrackedProblem(text=text, since=now, seen_at=now))
        tracked[key] = replace(earlier, text=text, seen_at=now)
    return {
        key: problem
        for key, problem in tracked.items()
        if problem.notified_at or not problem.is_gone(now, persist_for)
    }


def split_for_notification(
    problems: TrackedProblems, now: datetime, persist_for: timedelta
) -> tuple[TrackedProblems, TrackedProblems]:
    """Split the problems that need a notification now into (ongoing, resolved)."""
    ongoing = {
        key: problem
        for key, problem in problems.items()
        if problem.needs_notification(now, persist_for)
    }
    resolved = {
        key: problem
        for key, problem in problems.items()
        if problem.notified_at and problem.is_gone(now, persist_for)
    }
    return ongoing, resolved


def mark_notified(
    problems: TrackedProblems, ongoing: TrackedProblems, resolved: TrackedProblems, now: datetime
) -> TrackedProblems:
    """Return the problems once people were told of these: the resolved ones are dropped."""
    remaining = {key: problem for key, problem in problems.items() if key not in resolved}
    return {
        key: replace(problem, notified_at=now) if key in ongoing else problem
        for key, problem in remaining.items()
    }


def format_notification(ongoing: TrackedProblems, resolved: TrackedProblems) -> tuple[str, str]:
    """Return the subject and the text of a notification about these problems."""
    lines = [
        f"Since {problem.since:%Y-%m-%d %H:%M} UTC: {problem.text}" for problem in ongoing.values()
    ]
    lines += [
        f"Over at {problem.seen_at:%Y-%m-%d %H:%M} UTC: {problem.text}"
        for problem in resolved.values()
    ]
    if not ongoing:
        return "repwatch: the trouble is over", "\n".join(lines)
    first = next(iter(ongoing.values())).text
    return f"repwatch is in trouble: {first}", "\n".join(lines)


@dataclass(slots=True)
class Watchdog:
    """Checks that repwatch does its work, and raises the alarm or sends a heartbeat."""

    alarm: OperatorAlarm
    checks: Sequence[HealthCheck]
    persist_for: timedelta  #: how long a problem lasts before people are told of it
    _problems: TrackedProblems = field(default_factory=dict)

    def run_checks(self, now: datetime) -> None:
        """Run every check and tell people what is due; send a heartbeat if nothing was found.

        Called once a minute.
        """
        found = [problem for check in self.checks for problem in _run_check(check, now)]
        self._problems = track_problems(self._problems, found, now, self.persist_for)
        ongoing, resolved = split_for_notification(self._problems, now, self.persist_for)
        if ongoing or resolved:
            self._notify(ongoing, resolved, now)
        if not found:
            self.alarm.send_heartbeat()

    def follow_clock(self, step: ClockStep) -> None:
        """Keep how long every problem lasts, after the clock was set."""
        self._problems = {key: problem.moved(step) for key, problem in self._problems.items()}

    def _notify(self, ongoing: TrackedProblems, resolved: TrackedProblems, now: datetime) -> None:
        """Tell people of these problems; where nobody can be told, the next run tries again."""
        subject, text = format_notification(ongoing, resolved)
        if self.alarm.raise_alarm(subject, text, now):
            self._problems = mark_notified(self._problems, ongoing, resolved, now)


def _run_check(check: HealthCheck, now: datetime) -> Sequence[tuple[str, str]]:
    """Return what a check finds; one that fails with RepwatchError is a problem itself."""
    try:
        return list(check(now))
    except RepwatchError as error:
        return [(f"cannot look: {type(error).__name__}", str(error))]


def build_sender_check(store: Store, sender: Blockable, max_age: timedelta) -> HealthCheck:
    """Return a check that the sender is not blocked and no message waits longer than `max_age`."""

    def check_sender(now: datetime) -> Iterable[tuple[str, str]]:
        if sender.blocked_reason:
            yield "sender", sender.blocked_reason
        with store.read() as tx:
            oldest_at = tx.system_statistics.oldest_outbox_at(now)
        if oldest_at and now - oldest_at > max_age:
            minutes = (now - oldest_at).total_seconds() / 60
            yield "outbox", f"the oldest message has waited for {minutes:.0f} minutes"

    return check_sender
