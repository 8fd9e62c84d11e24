"""The cursor, the end and the gaps of reading one of Reddit's listings."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.domain.source_health import Gap
from sources._json import parse_cursor
from sources._times import format_minute, format_utc_interval


def parse_reddit_cursor(cursor: str) -> dict[str, float]:
    """Read a cursor: the newest time of each listing, and as "tick" the number of polls.

    A cursor that cannot be read is an empty one.
    """
    held = parse_cursor(cursor)
    return {name: float(value) for name, value in held.items() if isinstance(value, (int, float))}


def reaches_back_to(times: list[float], floor: float) -> bool:
    """Return whether a page goes back to `floor`, in seconds since 1970.

    Its last three times must, since single old items turn up anywhere.
    """
    return bool(times) and all(time < floor for time in times[-3:])


def listing_gap(listing: str, known: float, oldest: float) -> Gap:
    """Return the gap that Reddit does not show, from `known` to `oldest` (seconds since 1970)."""
    start, end = (datetime.fromtimestamp(time, UTC) for time in (known, max(known, oldest)))
    span = format_utc_interval(start, end)
    reason = f"coverage gap: {listing} {span} were not all read, Reddit showed no more"
    return Gap(start, end, reason)


def broken_listing_warning(listing: str, oldest: float) -> str:
    """Word the warning for a listing that broke off at `oldest`, in seconds since 1970."""
    at = format_minute(datetime.fromtimestamp(oldest, UTC))
    broke_off = f"the listing of {listing} broke off at {at} UTC"
    return f"{broke_off}; it is read again from the top at the next poll"
