"""The day on which a rate changes, and the event that is named for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from monitor.digest.change_start import find_change_start
from monitor.domain.theme import EventMark

FIRST = date(2026, 10, 1)
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


def after(days: float) -> datetime:
    """A moment so many days after noon of the first day."""
    return NOON + timedelta(days=days)


def draw_days(seed: int, *rates: tuple[int, float]) -> list[int]:
    """Poisson counts: so many days at each rate."""
    random = np.random.default_rng(seed)
    return [int(value) for days, rate in rates for value in random.poisson(rate, days)]


@pytest.mark.parametrize("rates", [((50, 0.5), (7, 6.0)), ((30, 8.0), (26, 2.0))])
def test_the_first_day_of_another_rate_is_found_within_a_day(
    rates: tuple[tuple[int, float], ...],
) -> None:
    """A rise and a fall are placed within a day in nine of ten drawn series."""
    starts = [find_change_start(FIRST, draw_days(seed, *rates)) for seed in range(20)]
    off = [abs((start.day - FIRST).days - rates[0][0]) for start in starts if start]

    assert len(off) == 20
    assert sum(days <= 1 for days in off) >= 18
    assert all(start.earliest <= start.day <= start.latest for start in starts if start)


def test_a_steady_series_has_no_start() -> None:
    """Of forty series at one rate, hardly one is said to change."""
    found = [find_change_start(FIRST, draw_days(seed, (60, 3.0))) for seed in range(40)]

    assert sum(start is not None for start in found) <= 5


def test_bursts_all_along_are_no_change() -> None:
    """Counts that vary more than Poisson are compared with themselves in random order."""
    random = np.random.default_rng(3)
    found = [
        find_change_start(FIRST, random.negative_binomial(0.3, 0.05, 60).tolist())
        for _ in range(40)
    ]

    assert sum(start is not None for start in found) <= 5


def test_more_texts_on_some_days_are_no_change_of_rate() -> None:
    """With exposures the rate is what counts, and days without any texts are passed over."""
    sizes = [10] * 30 + [100] * 20 + [0] * 3
    counts = [1] * 30 + [10] * 20 + [0] * 3

    assert find_change_start(FIRST, counts) is not None
    assert find_change_start(FIRST, counts, sizes) is None


def test_the_event_of_the_day_is_named() -> None:
    """Of several events the one at the change, also where it came on the evening before."""
    counts = [0, 1, 0, 0, 1] * 8 + [6, 8, 7, 5, 9]
    events = [
        EventMark(name="campaign", at=after(20)),
        EventMark(name="6.5.0", at=after(39.4)),
        EventMark(name="6.6.0", at=after(43)),
    ]

    start = find_change_start(FIRST, counts, events=events)
    late = find_change_start(FIRST, counts, events=events[::2])

    assert start is not None
    assert (start.day, start.event) == (FIRST + timedelta(days=40), "6.5.0")
    assert start.per_day_before == pytest.approx(0.4)
    assert start.per_day_after == pytest.approx(7)
    assert late is not None
    assert late.event == ""


def test_an_event_is_placed_by_the_local_day() -> None:
    """An hour before midnight in one zone is the next day in another."""
    counts = [0] * 40 + [6] * 6
    event = EventMark(name="6.5.0", at=datetime(2026, 11, 8, 23, 30, tzinfo=UTC))

    here = find_change_start(FIRST, counts, events=[event])
    there = find_change_start(FIRST, counts, events=[event], zone="Asia/Tokyo")

    assert here is not None
    assert here.day == date(2026, 11, 10)
    assert here.event == ""
    assert there is not None
    assert there.event == "6.5.0"


def test_a_slow_drift_names_no_event() -> None:
    """Where the day could be any of many, nothing is said to begin with a release."""
    counts = [day // 6 for day in range(60)]
    events = [EventMark(name=f"event {day}", at=after(day)) for day in range(60)]
    start = find_change_start(FIRST, [value % 4 for value in counts], events=events)

    assert start is None or start.latest - start.earliest <= timedelta(days=7) or not start.event


@pytest.mark.parametrize("counts", [[], [5] * 13, [0] * 40])
def test_too_short_or_empty_a_series_has_no_start(counts: list[int]) -> None:
    """Under fourteen days, or without any count, nothing is said."""
    assert find_change_start(FIRST, counts) is None
