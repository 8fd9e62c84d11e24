"""Whether repwatch itself is in trouble, and when people are told: once it stands, rarely again,
and at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from monitor.errors import RepwatchError
from monitor.notifiers.operator import Alarm
from monitor.store import Store

#: People are told again of what still stands at most this often.
AGAIN_AFTER = timedelta(hours=6)

#: What finds troubles: each a key that stays the same while it lasts, and a text for people that
#: need not.
Check = Callable[[datetime], Iterable[tuple[str, str]]]


class HasTrouble(Protocol):
    """A part of the program that says what holds it up."""

    @property
    def trouble(self) -> str:
        """What keeps it from its work; empty while nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that is wrong with repwatch itself."""

    text: str
    since: datetime
    seen_at: datetime
    told_at: datetime | None = None


Troubles = Mapping[str, Trouble]


def seen(
    troubles: Troubles, found: Iterable[tuple[str, str]], now: datetime, after: timedelta
) -> Troubles:
    """All that is known of troubles with what was found now; one that comes and goes within `after`
    is one.
    """
    known = dict(troubles)
    for key, text in found:
        before = known.get(key, Trouble(text=text, since=now, seen_at=now))
        known[key] = replace(before, text=text, seen_at=now)
    return {
        key: trouble
        for key, trouble in known.items()
        if trouble.told_at or now - trouble.seen_at < after
    }


def due(troubles: Troubles, now: datetime, after: timedelta) -> tuple[Troubles, Troubles]:
    """What people are to be told now: of these troubles that they stand, and of those that they are
    over.
    """
    over = {key: it for key, it in troubles.items() if it.told_at and now - it.seen_at >= after}
    standing = {
        key: it
        for key, it in troubles.items()
        if it.seen_at == now
        and now - it.since >= after
        and (it.told_at is None or now - it.told_at >= AGAIN_AFTER)
    }
    return standing, over


def told(troubles: Troubles, standing: Troubles, over: Troubles, now: datetime) -> Troubles:
    """All that is known of troubles once people were told of these."""
    return {
        key: replace(trouble, told_at=now) if key in standing else trouble
        for key, trouble in troubles.items()
        if key not in over
    }


def worded(standing: Troubles, over: Troubles) -> tuple[str, str]:
    """The subject and the text of what people are told."""
    lines = [
        f"Since {trouble.since:%Y-%m-%d %H:%M} UTC: {trouble.text}" for trouble in standing.values()
    ]
    lines += [
        f"Over at {trouble.seen_at:%Y-%m-%d %H:%M} UTC: {trouble.text}" for trouble in over.values()
    ]
    if not standing:
        return "repwatch: the trouble is over", "\n".join(lines)
    first = next(iter(standing.values())).text
    return f"repwatch is in trouble: {first}", "\n".join(lines)


@dataclass(slots=True)
class Watchdog:
    """Looks once a minute whether repwatch does its work, and raises the alarm or says that all is
    well.
    """

    alarm: Alarm
    checks: Sequence[Check]
    after: timedelta
    _troubles: Troubles = field(default_factory=dict)

    def look(self, now: datetime) -> None:
        """Ask every check, tell people what is due, and let the heart beat only where nothing is
        wrong at all.
        """
        found = [trouble for check in self.checks for trouble in _found(check, now)]
        self._troubles = seen(self._troubles, found, now, self.after)
        standing, over = due(self._troubles, now, self.after)
        if (standing or over) and self.alarm.raise_(*worded(standing, over), now):
            self._troubles = told(self._troubles, standing, over, now)
        if not found:
            self.alarm.beat()


def _found(check: Check, now: datetime) -> Sequence[tuple[str, str]]:
    """What a check finds; one that cannot look is trouble too."""
    try:
        return list(check(now))
    except RepwatchError as error:
        return [(f"cannot look: {type(error).__name__}", str(error))]


def sending(store: Store, sender: HasTrouble, oldest: timedelta) -> Check:
    """The check of the way to Slack: nothing may hold the sender up, and nothing may wait longer
    than `oldest`.
    """

    def check(now: datetime) -> Iterable[tuple[str, str]]:
        if sender.trouble:
            yield "sender", sender.trouble
        with store.read() as tx:
            since = tx.totals.outbox_oldest(now)
        if since and now - since > oldest:
            yield (
                "outbox",
                (
                    f"the oldest message has waited for {(now - since).total_seconds() / 60:.0f} "
                    "minutes"
                ),
            )

    return check
