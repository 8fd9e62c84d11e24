"""Who has duty: a rotation of people, overrides for holidays and swaps, and when it changes.

Pure, and right across changes of daylight-saving time: a hand-over is at its local time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.domain.actor import Actor
from monitor.domain.business_hours import DAYS, parse_time_of_day
from monitor.errors import suggest_nearest

_DAY = timedelta(days=1)
_WEEK = 7  # days
_HANDOVER = re.compile(r"(?:([A-Za-z]+)\s+)?(\d{1,2}:\d{2})")
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyOverride:
    """Somebody has duty in a span of time, whoever the rotation names."""

    person: Actor
    since: datetime  #: aware
    until: datetime  #: aware, later than `since`; no longer part of it

    def covers(self, at: datetime) -> bool:
        """Return whether a moment is in the span."""
        return self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class Shift:
    """One person has duty, from one change to the next."""

    person: Actor
    since: datetime | None  #: UTC; None where nobody had it before
    until: datetime | None  #: UTC; None where nobody will have it afterwards


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRotation:
    """People who have duty in turn, each for the same number of local days."""

    people: tuple[Actor, ...]  #: not empty
    zone: str  #: IANA name
    first_day: date  #: on which the first of `people` takes over
    handover: time  #: local
    days: int  #: between two hand-overs, at least 1
    overrides: tuple[DutyOverride, ...] = ()  #: where several cover a moment, the last one wins

    def person_at(self, at: datetime) -> Actor:
        """Return who has duty at a moment, which is aware; there is always exactly one."""
        override = self._override_at(at)
        return override.person if override else self.people[self._turn_at(at) % len(self.people)]

    def shift_at(self, at: datetime) -> Shift:
        """Return who has duty at a moment, since when and until when."""
        return Shift(self.person_at(at), self._changed_before(at), self.next_change(at))

    def next_change(self, at: datetime) -> datetime | None:
        """Return when somebody else has duty for the first time after a moment; None for never."""
        person = self.person_at(at)
        later = self._next_edge(at)
        while later is not None and self.person_at(later) == person:
            later = self._next_edge(later)
        return later

    def shifts_from(self, at: datetime) -> Iterator[Shift]:
        """Yield the shift of a moment and those that follow; it may never end."""
        shift = self.shift_at(at)
        yield shift
        while shift.until is not None:
            shift = self.shift_at(shift.until)
            yield shift

    def _changed_before(self, at: datetime) -> datetime | None:
        """Return since when the person of a moment has had duty without a break."""
        person = self.person_at(at)
        edge = self._last_edge(at)
        while edge is not None and self.person_at(edge - _MOMENT) == person:
            edge = self._last_edge(edge - _MOMENT)
        return edge

    def _next_edge(self, at: datetime) -> datetime | None:
        """Return the first moment after `at` at which the rotation or an override may change it."""
        edges = [edge for edge in self._override_edges() if edge > at]
        if self._takes_turns and not self._override_at(at):
            edges.append(self._turn_begins(self._turn_at(at) + 1))
        return min(edges, default=None)

    def _last_edge(self, at: datetime) -> datetime | None:
        """Return the last moment until `at` at which the rotation or an override may change it."""
        edges = [edge for edge in self._override_edges() if edge <= at]
        if self._takes_turns and not self._override_at(at):
            edges.append(self._turn_begins(self._turn_at(at)))
        return max(edges, default=None)

    @property
    def _takes_turns(self) -> bool:
        """Whether the rotation ever changes anything."""
        return len(set(self.people)) > 1

    def _override_edges(self) -> Iterator[datetime]:
        for override in self.overrides:
            yield override.since.astimezone(UTC)
            yield override.until.astimezone(UTC)

    def _override_at(self, at: datetime) -> DutyOverride | None:
        return next((entry for entry in reversed(self.overrides) if entry.covers(at)), None)

    def _turn_at(self, at: datetime) -> int:
        """Return the number of the turn of a moment; 0 is the first, those before are negative."""
        local_day = at.astimezone(ZoneInfo(self.zone)).date()
        turn = (local_day - self.first_day).days // self.days
        # On the day of a hand-over it depends on the hour.
        return turn if self._turn_begins(turn) <= at else turn - 1

    def _turn_begins(self, turn: int) -> datetime:
        """Return when a turn begins, in UTC."""
        day = self.first_day + turn * self.days * _DAY
        return datetime.combine(day, self.handover, ZoneInfo(self.zone)).astimezone(UTC)


def parse_handover(text: str, every: timedelta) -> tuple[int | None, time]:
    """Return the weekday (0 is Monday) and the local time of a hand-over, like "Mon 09:00".

    The weekday is None where `every`, the length of a shift, is no number of weeks: "09:00". Raises
    ValueError for anything else.
    """
    found = _HANDOVER.fullmatch(text.strip())
    if not found:
        raise ValueError('write a day and a time, like "Mon 09:00"; for shifts of days "09:00"')
    name, in_weeks = (found[1] or "").lower(), every.days % _WEEK == 0
    if in_weeks and not name:
        raise ValueError(f'shifts of weeks need a day, like "Mon {found[2]}"')
    if name and not in_weeks:
        raise ValueError(f'shifts of days have no day of the week; write "{found[2]}"')
    if name and name not in DAYS:
        raise ValueError(f"{found[1]!r} is no day; {suggest_nearest(name, DAYS)}")
    return (DAYS.index(name) if name else None), parse_time_of_day(found[2])


def first_turn_day(starts: date, weekday: int | None) -> date:
    """Return the last day until `starts` that is this weekday; `starts` itself where it is None."""
    if weekday is None:
        return starts
    return starts - (starts.weekday() - weekday) % _WEEK * _DAY
