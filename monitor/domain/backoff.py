"""Exponential backoff: how long to leave something alone that keeps failing."""

from __future__ import annotations

from datetime import timedelta

#: More doublings than this overflow no timedelta, and every limit is reached long before.
_MAX_DOUBLINGS = 20


def exponential_backoff(failures: int, *, first: timedelta, longest: timedelta) -> timedelta:
    """Return the wait after `failures` failures in a row: `first`, doubled with each further one.

    It is never more than `longest`. No failure waits as long as one.
    """
    doublings = min(max(failures - 1, 0), _MAX_DOUBLINGS)
    wait: timedelta = first * 2**doublings
    return min(wait, longest)
