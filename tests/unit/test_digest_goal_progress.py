"""Goals: reached, on track, or what it takes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitor.digest.goal_progress import GoalPoint, GoalState, judge_goal

TODAY = date(2026, 11, 30)
BY = TODAY + timedelta(weeks=10)


def weekly(*values: float | None) -> list[GoalPoint]:
    """One value a week, the last one today."""
    weeks = range(len(values) - 1, -1, -1)
    return [
        GoalPoint(TODAY - timedelta(weeks=back), value)
        for back, value in zip(weeks, values, strict=True)
    ]


def test_a_goal_that_needs_more_than_its_pace_says_how_much() -> None:
    """From 32 to 40 in ten weeks takes 0.8 a week; it has been 0.5."""
    progress = judge_goal(weekly(30.5, 31, 31.5, 32), target=40, by=BY, today=TODAY)

    assert progress.state is GoalState.NEEDS
    assert progress.needed == pytest.approx(0.8)
    assert progress.pace == pytest.approx(0.5)
    assert progress.distance == pytest.approx(8)


def test_a_goal_whose_pace_is_enough_is_on_track() -> None:
    """One odd week does not change the pace."""
    progress = judge_goal(weekly(28, 29, 30, 3, 32, 33), target=40, by=BY, today=TODAY)

    assert progress.state is GoalState.ON_TRACK
    assert progress.pace == pytest.approx(1)


def test_a_goal_may_be_to_fall() -> None:
    """Response times: lower is better, and so is a pace below 0."""
    falling = judge_goal(weekly(9, 8, 7, 6), target=2, by=BY, today=TODAY, higher_is_better=False)
    rising = judge_goal(weekly(6, 7, 8, 9), target=2, by=BY, today=TODAY, higher_is_better=False)

    assert falling.state is GoalState.ON_TRACK
    assert rising.state is GoalState.NEEDS
    assert rising.needed == pytest.approx(-0.7)
    assert (
        judge_goal(weekly(1.0), target=2, by=BY, today=TODAY, higher_is_better=False).state
        is GoalState.REACHED
    )


def test_two_weeks_are_no_pace() -> None:
    """What it takes is told all the same."""
    progress = judge_goal(weekly(20, 39), target=40, by=BY, today=TODAY)

    assert (progress.state, progress.pace) == (GoalState.NEEDS, None)
    assert progress.needed == pytest.approx(0.1)


def test_what_is_long_ago_says_nothing_of_the_pace() -> None:
    """A rise of last year does not carry on."""
    history = [GoalPoint(TODAY - timedelta(weeks=30 + back), 50.0 - back) for back in range(9)]

    assert judge_goal(history, target=60, by=BY, today=TODAY).pace is None


def test_a_goal_without_data_says_so() -> None:
    """None is not zero, and weeks without answers are passed over."""
    assert judge_goal([], target=40, by=BY, today=TODAY).state is GoalState.NO_DATA
    assert judge_goal(weekly(None, None), target=40, by=BY, today=TODAY).value is None
    assert judge_goal(weekly(41, None), target=40, by=BY, today=TODAY).value == 41


def test_a_goal_is_reached_or_missed_when_its_day_has_come() -> None:
    """And there is no week left to need anything in."""
    missed = judge_goal(weekly(30, 31, 32), target=40, by=TODAY, today=TODAY)

    assert (missed.state, missed.needed) == (GoalState.MISSED, None)
    assert judge_goal(weekly(40), target=40, by=TODAY, today=TODAY).state is GoalState.REACHED
