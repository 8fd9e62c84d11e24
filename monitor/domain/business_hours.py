"""Business hours: how much working time a span holds, and when so much has passed.

Pure, and right across changes of daylight-saving time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from monitor.errors import suggest_nearest

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDNIGHT = time(0)
_DAY = timedelta(days=1)
_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
#: No limit is meant to be reached later; a calendar that is open for a minute a week ends here too.
_HORIZON = timedelta(days=36_525)


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """When a team works.

    A shift belongs to the day on which it opens, also where it closes on the following one.
    """

    zone: str  #: IANA name
    days: frozenset[int]  #: 0 is Monday; not empty
    opens: time  #: local
    #: local; not after `opens`: on the following day, so that two equal times are a whole day
    closes: time
    place: str = ""  #: whose public holidays are free: "DE", "DE-BE"; empty for none

    @classmethod
    def always_open(cls) -> BusinessCalendar:
        """Return the calendar that is open round the clock: working time is wall time."""
        return cls("UTC", frozenset(range(7)), _MIDNIGHT, _MIDNIGHT)

    @property
    def is_always_open(self) -> bool:
        """Whether all time is working time."""
        return len(self.days) == len(DAYS) and self.opens == self.closes and not self.place

    def working_seconds_between(self, start: datetime, end: datetime) -> float:
        """Return the working seconds from `start` to `end`, both aware; 0 where that is no span."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if self.is_always_open or end <= start:
            return max(0.0, (end - start).total_seconds())
        worked = timedelta()
        for opens, closes in self._shifts_ending_after(start):
            if opens >= end:
                break
            worked += min(closes, end) - max(opens, start)
        return worked.total_seconds()

    def add_working_seconds(self, start: datetime, seconds: float) -> datetime:
        """Return the first moment, in UTC, at which so much working time has passed since `start`.

        It is at most 100 years later.
        """
        start = start.astimezone(UTC)
        left = timedelta(seconds=seconds)
        if self.is_always_open or left <= timedelta():
            return start + max(left, timedelta())
        for opens, closes in self._shifts_ending_after(start):
            begins = max(opens, start)
            if begins - start > _HORIZON:
                break
            if left <= closes - begins:
                return begins + left
            left -= closes - begins
        return start + _HORIZON

    def is_open_at(self, at: datetime) -> bool:
        """Return whether this moment is working time; the closing one is not."""
        return self.is_always_open or next(self._shifts_ending_after(at))[0] <= at

    def _is_working_day(self, day: date) -> bool:
        is_holiday = bool(self.place) and day in _public_holidays(self.place, day.year)
        return day.weekday() in self.days and not is_holiday

    def _shifts_ending_after(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield opening and closing, in UTC, of every shift that ends after `start`.

        They are in order and do not overlap. Never ends.
        """
        zone = ZoneInfo(self.zone)
        overnight = _DAY if self.closes <= self.opens else timedelta()
        day = start.astimezone(zone).date() - 2 * _DAY
        closed = datetime.min.replace(tzinfo=UTC)
        while True:
            if self._is_working_day(day):
                # A time that the clocks jump over or show twice can make a shift begin before the
                # last one has ended.
                opens = max(closed, datetime.combine(day, self.opens, zone).astimezone(UTC))
                closed = max(
                    opens, datetime.combine(day + overnight, self.closes, zone).astimezone(UTC)
                )
                if closed > max(opens, start):
                    yield opens, closed
            day += _DAY


@lru_cache(maxsize=512)
def _public_holidays(place: str, year: int) -> frozenset[date]:
    """Return the public holidays of a year.

    The set is our own, because the calendars of the `holidays` package change as they are read.
    """
    # It takes a tenth of a second to load, and not everybody has a place.
    from holidays import country_holidays

    country, _, region = place.partition("-")
    return frozenset(country_holidays(country, subdiv=region or None, years=year, expand=False))


def validate_timezone(name: str) -> str:
    """Return the name of a time zone, which may be empty.

    Raises ValueError for one that is not known, with the nearest that is.
    """
    known = _known_timezones() if name else ()
    if name and name not in known:
        hint = suggest_nearest(name, sorted(known))
        if not hint.startswith("did you mean"):  # there are too many to be listed
            hint = 'write one like "Europe/Berlin"'
        raise ValueError(f"no such time zone; {hint}")
    return name


@cache
def _known_timezones() -> frozenset[str]:
    """Return the names of all zones; to look for them takes milliseconds each time."""
    return frozenset(available_timezones())


def validate_weekdays(names: Sequence[str]) -> Sequence[str]:
    """Return short English names of days of the week, at least one.

    Raises ValueError for anything else.
    """
    for name in names:
        if name not in DAYS:
            raise ValueError(f"{name!r} is no day; {suggest_nearest(name, DAYS)}")
    if not names:
        raise ValueError("at least one day is needed")
    return names


def parse_time_of_day(value: object) -> time:
    """Return the time that "9:00" or "17:30" stands for; "24:00" is midnight.

    Raises ValueError for anything else.
    """
    if isinstance(value, time):
        return value
    if value == "24:00":
        return _MIDNIGHT
    found = _TIME_OF_DAY.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError('a time of the day is needed, like "09:00" or "17:30"')
    return time(int(found[1]), int(found[2]))


def validate_holiday_region(name: str) -> str:
    """Return a country, perhaps with a region, whose public holidays are known; it may be empty.

    Raises ValueError for any other.
    """
    if not name:
        return name
    from holidays import list_supported_countries  # loaded late, as in _public_holidays

    country, _, region = name.partition("-")
    known = list_supported_countries(include_aliases=True)
    if country not in known:
        hint = 'write its two letters, like "DE", perhaps with a region, like "DE-BE"'
        if country.upper() in known:
            hint = f"did you mean {name.upper()!r}?"
        raise ValueError(f"no holidays are known of {country!r}; {hint}")
    if region and region not in known[country]:
        raise ValueError(
            f"no region {region!r} of {country} is known; {suggest_nearest(region, known[country])}"
        )
    return name
