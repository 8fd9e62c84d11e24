"""The span of time that a digest is about: local weeks and months, right through clock changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_WEEK_NAME = re.compile(r"(\d{4})-W(\d{2})")
_MONTH_NAME = re.compile(r"(\d{4})-(\d{2})")


class PeriodKind(StrEnum):
    """How long a period is."""

    WEEK = "week"  #: from Monday, as ISO 8601 counts
    MONTH = "month"
    SPAN = "span"  #: from any moment to any other, as for "since the last digest"


@dataclass(frozen=True, slots=True)
class LocalDay:
    """One local day of a period, or the part of it that belongs to the period."""

    date: date
    since: datetime  #: UTC
    until: datetime  #: UTC, not included

    @property
    def hours(self) -> float:
        """How long it is: 23 or 25 hours where the clocks change."""
        return (self.until - self.since).total_seconds() / 3600


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time with a name by which people ask for it."""

    kind: PeriodKind
    name: str  #: "2026-W47", "2026-11", "2026-11-03..2026-11-20"
    since: datetime  #: UTC
    until: datetime  #: UTC, not included
    zone: str = "UTC"  #: IANA name: days and weeks begin at its midnight

    @classmethod
    def from_name(cls, name: str, zone: str = "UTC") -> Period:
        """Return the week ("2026-W47") or month ("2026-11") of a name.

        Raises ValueError, with a sentence for people, for any other name.
        """
        if week := _WEEK_NAME.fullmatch(name):
            return cls._from_week(_parse_monday(int(week[1]), int(week[2]), name), zone)
        if month := _MONTH_NAME.fullmatch(name):
            return cls._from_month(_parse_first(int(month[1]), int(month[2]), name), zone)
        raise ValueError(f"{name!r} is no period: write a week, 2026-W47, or a month, 2026-11")

    @classmethod
    def containing(cls, kind: PeriodKind, at: datetime, zone: str = "UTC") -> Period:
        """Return the week or month in which a moment lies."""
        day = at.astimezone(ZoneInfo(zone)).date()
        if kind is PeriodKind.MONTH:
            return cls._from_month(day.replace(day=1), zone)
        return cls._from_week(day - day.weekday() * _DAY, zone)

    @classmethod
    def last_complete(cls, kind: PeriodKind, now: datetime, zone: str = "UTC") -> Period:
        """Return the last week or month that is over."""
        return cls.containing(kind, now, zone).earlier(1)

    @classmethod
    def between(cls, since: datetime, until: datetime, zone: str = "UTC") -> Period:
        """Return the span from one moment to another, named by its first and last local day.

        Raises ValueError where that is no span.
        """
        if until <= since:
            raise ValueError("a period ends after it begins")
        local = ZoneInfo(zone)
        first = since.astimezone(local).date()
        last = (until - timedelta(microseconds=1)).astimezone(local).date()
        since, until = since.astimezone(UTC), until.astimezone(UTC)
        return cls(PeriodKind.SPAN, f"{first}..{last}", since, until, zone)

    def earlier(self, count: int) -> Period:
        """Return the period of the same kind `count` before this one.

        A span is followed backwards without a gap, at its own length.
        """
        if self.kind is PeriodKind.SPAN:
            back = (self.until - self.since) * count
            return self.between(self.since - back, self.until - back, self.zone)
        first = self.since.astimezone(ZoneInfo(self.zone)).date()
        if self.kind is PeriodKind.MONTH:
            months = first.year * 12 + first.month - 1 - count
            return self._from_month(date(months // 12, months % 12 + 1, 1), self.zone)
        return self._from_week(first - count * _WEEK, self.zone)

    def year_ago(self) -> Period | None:
        """Return the week or month of the same number a year before.

        None for a span, and for a week 53 whose year before has none.
        """
        if self.kind is PeriodKind.SPAN:
            return None
        if self.kind is PeriodKind.MONTH:
            return self.earlier(12)
        year, week, _ = self.since.astimezone(ZoneInfo(self.zone)).isocalendar()
        try:
            return self._from_week(date.fromisocalendar(year - 1, week, 1), self.zone)
        except ValueError:
            return None

    @property
    def days(self) -> tuple[LocalDay, ...]:
        """Its local days in order; the first and last of a span may be cut."""
        zone = ZoneInfo(self.zone)
        found = []
        day = self.since.astimezone(zone).date()
        while (begins := _midnight(day, zone)) < self.until:
            ends = _midnight(day + _DAY, zone)
            found.append(LocalDay(day, max(begins, self.since), min(ends, self.until)))
            day += _DAY
        return tuple(found)

    @property
    def hours(self) -> float:
        """How long it is: a week has 167 or 169 hours where the clocks change."""
        return (self.until - self.since).total_seconds() / 3600

    @property
    def clock_shift(self) -> timedelta:
        """By how much its local clocks are set forward in it (an hour in spring), or back."""
        zone = ZoneInfo(self.zone)
        before, after = self.since.astimezone(zone), self.until.astimezone(zone)
        return (after.utcoffset() or timedelta()) - (before.utcoffset() or timedelta())

    def is_over(self, now: datetime) -> bool:
        """Return whether it has ended."""
        return now >= self.until

    @classmethod
    def _from_week(cls, monday: date, zone: str) -> Period:
        year, week, _ = monday.isocalendar()
        local = ZoneInfo(zone)
        since, until = _midnight(monday, local), _midnight(monday + _WEEK, local)
        return cls(PeriodKind.WEEK, f"{year}-W{week:02}", since, until, zone)

    @classmethod
    def _from_month(cls, first: date, zone: str) -> Period:
        local = ZoneInfo(zone)
        following = (first + 31 * _DAY).replace(day=1)
        since, until = _midnight(first, local), _midnight(following, local)
        return cls(PeriodKind.MONTH, f"{first.year}-{first.month:02}", since, until, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return when a local day begins; where no midnight exists, the moment the clocks jump over."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _parse_monday(year: int, week: int, name: str) -> date:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        raise ValueError(f"{name!r} is no week: {year} has no week {week}") from None


def _parse_first(year: int, month: int, name: str) -> date:
    try:
        return date(year, month, 1)
    except ValueError:
        raise ValueError(f"{name!r} is no month: months are 01 to 12") from None
