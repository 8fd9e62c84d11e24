"""Marked events, and when an app version is taken for a release."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.marked_event import (
    MAX_EVENT_NAME,
    MarkedEventKind,
    MarkOrigin,
    VersionCount,
    end_of_first_week,
    find_version_events,
    make_marked_event,
)

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
DAY = timedelta(days=1)
COUNTED = VersionCount(
    source_id="app-store",
    version="6.5.0",
    count=5,
    first_at=MONDAY + 14 * DAY,
    source_since=MONDAY + DAY,
)


def test_the_same_told_twice_is_one_event() -> None:
    """The same name, kind and day have the same key, whatever the spaces and the case."""
    first = make_marked_event(
        " Spring  sale ", MarkedEventKind.CAMPAIGN, MONDAY, origin=MarkOrigin.SLACK
    )
    again = make_marked_event(
        "spring sale", MarkedEventKind.CAMPAIGN, MONDAY + DAY / 2, origin=MarkOrigin.WEBHOOK
    )
    other = make_marked_event(
        "spring sale", MarkedEventKind.CAMPAIGN, MONDAY + DAY, origin=MarkOrigin.SLACK
    )

    assert first.name == "Spring sale"
    assert first.key == again.key
    assert first.key != other.key


@pytest.mark.parametrize("name", ["", "  ", "x" * (MAX_EVENT_NAME + 1)])
def test_an_event_needs_a_name_that_fits(name: str) -> None:
    """What cannot be shown on a chart is refused with a sentence."""
    with pytest.raises(ValueError, match="name"):
        make_marked_event(name, MarkedEventKind.OTHER, MONDAY, origin=MarkOrigin.COMMAND)


def test_an_event_ends_after_it_begins() -> None:
    """A span of nothing is a mistake."""
    with pytest.raises(ValueError, match="before it begins"):
        make_marked_event(
            "Outage", MarkedEventKind.OUTAGE, MONDAY, origin=MarkOrigin.COMMAND, until=MONDAY
        )


def test_a_version_that_enough_feedback_names_is_a_release() -> None:
    """It begins with the first feedback that names it, and says of which source it is."""
    [event] = find_version_events([COUNTED])

    assert (event.name, event.kind) == ("6.5.0 (app-store)", MarkedEventKind.RELEASE)
    assert (event.at, event.origin) == (COUNTED.first_at, MarkOrigin.VERSION)


@pytest.mark.parametrize(
    "counted",
    [
        replace(COUNTED, count=4),
        replace(COUNTED, first_at=MONDAY + 14 * DAY - timedelta(seconds=1)),
        replace(COUNTED, source_since=MONDAY + 8 * DAY),
    ],
    ids=["too-few", "in-the-first-week", "a-source-that-is-new"],
)
def test_what_may_have_been_out_for_long_is_no_release(counted: VersionCount) -> None:
    """Too little feedback, or the first of it before the source's first complete week was over."""
    assert list(find_version_events([counted])) == []


def test_a_first_week_is_complete_from_monday_to_monday() -> None:
    """A source that begins on a Monday at midnight has that week, any other the next."""
    assert end_of_first_week(MONDAY) == MONDAY + 7 * DAY
    assert end_of_first_week(MONDAY + timedelta(seconds=1)) == MONDAY + 14 * DAY
    assert end_of_first_week(MONDAY - DAY) == MONDAY + 7 * DAY
