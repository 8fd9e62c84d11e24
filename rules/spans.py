"""Spans of time as people say them."""

from __future__ import annotations

from datetime import timedelta

_UNITS = (("week", 7 * 86400), ("day", 86400), ("hour", 3600), ("minute", 60))


def format_span(span: timedelta) -> str:
    """Return the span in its largest unit of which there is just one, or one and a half or more."""
    seconds = max(span.total_seconds(), 0)
    for unit, size in _UNITS:
        if seconds >= 1.5 * size or seconds == size:
            plural = "" if seconds == size else "s"
            return f"{seconds / size:.3g} {unit}{plural}"
    return f"{seconds:.0f} seconds"
