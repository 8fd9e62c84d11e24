"""The times in feeds: the two usual ways to write one, read at once; feedparser reads all
others.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from feedparser.datetimes import _parse_date

from sources._normalise import plausible

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        start=1,
    )
}
_RFC_3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,9})?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
_RFC_822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{1,2}) "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4})"
    r" ([0-9]{2}):([0-9]{2}):([0-9]{2}) (?:GMT|UTC|Z|([+-])([0-9]{2})([0-9]{2}))"
)


def moment(written: str) -> datetime | None:
    """The time that feedparser reads in a text, None for none and for one that cannot be meant."""
    if found := _RFC_3339.fullmatch(written):
        year, month, day, *rest = found.groups()
        month_number = int(month)
    elif found := _RFC_822.fullmatch(written):
        day, month, year, *rest = found.groups()
        month_number = _MONTHS[month]
    else:
        return in_utc(_parse_date(written))
    hour, minute, second, sign, zone_hours, zone_minutes = rest
    try:
        at = datetime(
            int(year), month_number, int(day), int(hour), int(minute), int(second), tzinfo=UTC
        )
        if sign:
            zone = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
            at = at + zone if sign == "-" else at - zone
    except (ValueError, OverflowError):
        return in_utc(_parse_date(written))
    return plausible(at)


def in_utc(parsed: Any) -> datetime | None:
    """The time in a tuple of feedparser's, which is UTC whatever zone the feed wrote."""
    if parsed is None or isinstance(parsed, datetime):
        return parsed
    try:
        return plausible(datetime.fromtimestamp(calendar.timegm(parsed), UTC))
    except (OverflowError, ValueError, OSError):
        return None
