"""Exponential backoff: doubled with each failure, up to a limit."""

from __future__ import annotations

from datetime import timedelta

from monitor.domain.backoff import exponential_backoff

FIRST, LONGEST = timedelta(seconds=2), timedelta(minutes=10)


def test_each_failure_doubles_the_wait_up_to_the_longest() -> None:
    """2, 4, 8 seconds and so on, and never more than ten minutes, however many there were."""
    waits = [exponential_backoff(n, first=FIRST, longest=LONGEST) for n in (1, 2, 3, 4, 9, 10, 999)]
    assert [wait.total_seconds() for wait in waits] == [2, 4, 8, 16, 512, 600, 600]


def test_no_failure_waits_as_long_as_one() -> None:
    """Failures that are tolerated may be subtracted before."""
    for failures in (0, -3):
        assert exponential_backoff(failures, first=FIRST, longest=LONGEST) == FIRST


def test_a_first_wait_beyond_the_longest_is_cut() -> None:
    """The limit holds for the first failure too."""
    assert exponential_backoff(1, first=LONGEST, longest=FIRST) == FIRST
