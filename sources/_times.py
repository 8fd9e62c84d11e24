"""Times as services write them, and how warnings write them."""

from __future__ import annotations

from datetime import UTC, datetime

from sources._json import to_positive_number
from sources._normalise import to_clean_text

#: There were no feeds before, and nobody plans feedback for later: a year outside is a placeholder
#: for "unknown".
_PLAUSIBLE_YEARS = range(1990, 2100)


def to_plausible_utc(at: datetime | None) -> datetime | None:
    """Convert a time to UTC; None for a year before 1990 or after 2099.

    A time without a zone is UTC already.
    """
    if at is None or at.year not in _PLAUSIBLE_YEARS:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def parse_iso_time(value: object) -> datetime | None:
    """Parse an ISO 8601 text to UTC; None for anything else and for an implausible year."""
    try:
        return to_plausible_utc(datetime.fromisoformat(to_clean_text(value).strip()))
    except ValueError:
        return None


def time_from_epoch(value: object) -> datetime | None:
    """Convert seconds since 1970 to UTC; None for what is no number or an implausible year."""
    try:
        return to_plausible_utc(datetime.fromtimestamp(to_positive_number(value), UTC))
    except (OverflowError, ValueError, OSError):
        return None


def edit_time(created_at: datetime | None, updated_at: datetime | None) -> datetime | None:
    """Return `updated_at` where it is later than `created_at`, else None: it is no edit."""
    is_edit = created_at is not None and updated_at is not None and updated_at > created_at
    return updated_at if is_edit else None


def format_minute(at: datetime) -> str:
    """Write a time to the minute, without its zone: 2026-11-30 09:05."""
    return f"{at:%Y-%m-%d %H:%M}"


def format_utc_interval(start: datetime, end: datetime) -> str:
    """Write a span of UTC times, like "from 2026-11-30 09:05 to 2026-11-30 10:05 UTC"."""
    return f"from {format_minute(start)} to {format_minute(end)} UTC"
