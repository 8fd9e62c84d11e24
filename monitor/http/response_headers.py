"""Parse how long a host asks to wait, and how long its response stays fresh."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

#: The longest Retry-After that is believed, in seconds: a day.
MAX_RETRY_AFTER = 86_400.0
#: The longest freshness that is believed, in seconds: an hour. What may be cached for a year can
#: still be news.
MAX_FRESHNESS = 3_600.0


def parse_retry_after_header(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of Retry-After (RFC 9110, section 10.2.3): 0 to 86,400, or None.

    None stands for a header that is missing or cannot be read. A date counts from the host's own
    Date header, so that a wrong clock on either side does no harm.
    """
    value = headers.get("retry-after", "").strip()
    seconds = _parse_seconds(value)
    if seconds is None:
        seconds = _seconds_until(value, headers)
    return None if seconds is None else min(max(seconds, 0.0), MAX_RETRY_AFTER)


def freshness_seconds(headers: Mapping[str, str]) -> float:
    """Return the seconds for which a response stays fresh (RFC 9111, section 4.2): 0 to 3,600.

    0 where the host does not say.
    """
    directives = _parse_directives(headers.get("cache-control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return 0.0
    lifetime = _parse_seconds(directives.get("max-age"))
    if lifetime is None:
        lifetime = _seconds_until(headers.get("expires", ""), headers) or 0.0
    age = _parse_seconds(headers.get("age")) or 0.0
    return min(max(lifetime - age, 0.0), MAX_FRESHNESS)


def parse_http_date(value: str) -> datetime | None:
    """Return the moment of a date with a zone; None for anything else."""
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return at if at.tzinfo else None


def _parse_directives(cache_control: str) -> dict[str, str]:
    parts = (part.partition("=") for part in cache_control.lower().split(","))
    return {name.strip(): value.strip(' "') for name, _, value in parts}


def _parse_seconds(value: str | None) -> float | None:
    text = (value or "").strip()
    return float(text) if text.isascii() and text.isdigit() else None


def _seconds_until(value: str, headers: Mapping[str, str]) -> float | None:
    """Return the seconds from the Date header to a date; None where either cannot be read."""
    then, sent_at = parse_http_date(value), parse_http_date(headers.get("date", ""))
    return (then - sent_at).total_seconds() if then and sent_at else None
