"""The days of a back-test."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.tuning.backtest import find_first_day


@pytest.mark.parametrize(
    ("zone", "days", "begins"),
    [
        ("UTC", 1, datetime(2026, 11, 3, tzinfo=UTC)),
        ("Europe/Berlin", 1, datetime(2026, 11, 3, 23, tzinfo=UTC)),
        ("Europe/Berlin", 28, datetime(2026, 10, 7, 22, tzinfo=UTC)),
    ],
)
def test_days_begin_at_local_midnight(zone: str, days: int, begins: datetime) -> None:
    """Today is the last of them, also across the end of daylight saving."""
    assert find_first_day(datetime(2026, 11, 3, 23, 30, tzinfo=UTC), days, zone) == begins
