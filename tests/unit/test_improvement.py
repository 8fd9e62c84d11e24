"""What can be done to an improvement, when it is stale, and what its effect is measured on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.domain.action import Refusal
from monitor.domain.actor import Actor
from monitor.domain.feedback import Stage, Touchpoint
from monitor.domain.improvement import (
    EFFECT_SPAN,
    MAX_TITLE,
    Improvement,
    ImprovementChange,
    ImprovementEventKind,
    ImprovementState,
    ImprovementStep,
    PainPoint,
    TimeWindow,
    decide_change,
    find_effect_windows,
    find_stale_reason,
    is_stale,
    may_change,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ANNA, BERT = Actor.slack("U0ANNA12"), Actor.cli("bert")
PLANNED = Improvement(
    id=12,
    title="Refunds within two days",
    owner=ANNA,
    created_by=BERT,
    created_at=NOW,
    changed_by=BERT,
    changed_at=NOW,
)


def changed(current: Improvement, at: datetime = NOW, **fields: object) -> Improvement:
    """The improvement after a change that is accepted."""
    step = stepped(current, at, **fields)
    assert isinstance(step, ImprovementStep), step
    return step.improvement


def stepped(
    current: Improvement, at: datetime = NOW, **fields: object
) -> ImprovementStep | Refusal:
    """What comes of a change by Anna."""
    return decide_change(current, ImprovementChange(actor=ANNA, **fields), at)  # type: ignore[arg-type]


def refused(current: Improvement, **fields: object) -> str:
    """Why a change is refused."""
    step = stepped(current, NOW, **fields)
    assert isinstance(step, Refusal), step
    return step.message


def test_a_change_counts_up_and_tells_what_was_before() -> None:
    """The event has each field that is different, with both values, and who did it from where."""
    step = stepped(
        PLANNED,
        NOW + DAY,
        turn=0,
        about=PainPoint(Stage.SUPPORT, Touchpoint.SERVICE, "refund*"),
        due=date(2026, 12, 15),
        via="cli",
        note=" soon ",
    )

    assert isinstance(step, ImprovementStep)
    assert (step.improvement.turn, step.improvement.changed_by) == (1, ANNA)
    assert step.improvement.changed_at == NOW + DAY
    assert step.event.kind is ImprovementEventKind.CHANGED
    assert (step.event.note, step.event.via) == ("soon", "cli")
    assert step.event.changes == {
        "about": ("", "support · service · “refund*”"),
        "due": ("", "2026-12-15"),
    }


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (ImprovementState.DOING, ImprovementEventKind.STARTED),
        (ImprovementState.DONE, ImprovementEventKind.DONE),
        (ImprovementState.DROPPED, ImprovementEventKind.DROPPED),
    ],
)
def test_each_state_has_its_event(state: ImprovementState, kind: ImprovementEventKind) -> None:
    """What history calls it follows from the state that it turned into."""
    step = stepped(PLANNED, state=state)

    assert isinstance(step, ImprovementStep)
    assert (step.event.kind, step.event.changes) == (kind, {"state": ("planned", str(state))})


def test_when_work_began_is_kept_and_when_it_was_done_is_taken_back() -> None:
    """Opened again, it is not done any more; the first beginning stays."""
    doing = changed(PLANNED, NOW + DAY, state=ImprovementState.DOING)
    done = changed(doing, NOW + 2 * DAY, state=ImprovementState.DONE)
    again = changed(done, NOW + 3 * DAY, state=ImprovementState.DOING)

    assert (done.started_at, done.done_at) == (NOW + DAY, NOW + 2 * DAY)
    assert (again.started_at, again.done_at) == (NOW + DAY, None)


def test_what_somebody_saw_before_it_changed_is_refused() -> None:
    """A click on an older turn names who was first, and changes nothing."""
    newer = changed(PLANNED, title="Refunds at once")

    assert refused(newer, turn=0, state=ImprovementState.DONE) == (
        "Improvement 12 was changed meanwhile by user:U0ANNA12: "
        "look at it as it is now, and try again."
    )


def test_what_is_closed_is_opened_before_it_is_changed() -> None:
    """Done cannot become dropped, nor get another title; with a state that opens it, it can."""
    done = changed(PLANNED, state=ImprovementState.DONE)

    assert "is done: open it again" in refused(done, state=ImprovementState.DROPPED)
    assert "is done: open it again" in refused(done, title="Other")
    assert "already done" in refused(done, state=ImprovementState.DONE)
    assert changed(done, title="Other", state=ImprovementState.PLANNED).title == "Other"


def test_a_change_that_changes_nothing_is_said_to_be_none() -> None:
    """Also the same title with other spaces; a note alone is something."""
    same = "Refunds  within\ntwo days"

    assert "Nothing is different" in refused(PLANNED, title=same)
    assert changed(PLANNED, note="asked finance").turn == 1


def test_owner_and_date_can_be_taken_away() -> None:
    """Nobody has it any more, and there is no day by which it is due."""
    dated = replace(PLANNED, due=date(2026, 12, 1))

    bare = changed(dated, without_owner=True, without_due=True)

    assert (bare.owner, bare.due) == (None, None)


@pytest.mark.parametrize("title", ["", " \n", "x" * (MAX_TITLE + 1)])
def test_a_title_is_needed_and_fits_on_a_line(title: str) -> None:
    """What is empty or too long is refused with what to do."""
    assert refused(PLANNED, title=title)


def test_its_owner_and_managers_may_change_it() -> None:
    """Nobody else, and nobody for want of an owner."""
    assert may_change(PLANNED, ANNA, is_manager=False)
    assert may_change(PLANNED, BERT, is_manager=True)
    assert not may_change(PLANNED, BERT, is_manager=False)
    assert not may_change(replace(PLANNED, owner=None), ANNA, is_manager=False)


def test_it_is_stale_the_day_after_its_date_or_untouched_for_four_weeks() -> None:
    """The reason is said; what is closed is never stale."""
    due_today = replace(PLANNED, due=NOW.date())
    later = NOW + timedelta(weeks=5)

    assert not is_stale(due_today, NOW, NOW.date())
    assert find_stale_reason(due_today, NOW + DAY, NOW.date() + DAY) == "1 day late"
    assert not is_stale(PLANNED, NOW + 27 * DAY, NOW.date() + 27 * DAY)
    assert find_stale_reason(PLANNED, later, later.date()) == "untouched for 5 weeks"
    done = changed(due_today, state=ImprovementState.DONE)
    assert not is_stale(done, later, later.date())


def test_the_effect_is_measured_before_work_began_and_after_it_was_done() -> None:
    """Four weeks each; what lies between belongs to neither."""
    doing = changed(PLANNED, NOW + 10 * DAY, state=ImprovementState.DOING)
    done = changed(doing, NOW + 20 * DAY, state=ImprovementState.DONE)

    windows = find_effect_windows(done, NOW + 48 * DAY)

    assert windows.before == TimeWindow(NOW + 10 * DAY - EFFECT_SPAN, NOW + 10 * DAY)
    assert windows.after == TimeWindow(NOW + 20 * DAY, NOW + 48 * DAY)
    assert windows.missing == ""


def test_what_is_not_yet_known_is_said() -> None:
    """The days to come are counted, and before it is done there is nothing to compare."""
    done = changed(PLANNED, NOW + 20 * DAY, state=ImprovementState.DONE)

    early = find_effect_windows(done, NOW + 25 * DAY)

    assert early.before == TimeWindow(NOW - EFFECT_SPAN, NOW)  # it was written down then
    assert early.after == TimeWindow(NOW + 20 * DAY, NOW + 25 * DAY)
    assert early.missing == "23 days of the 28 days after are to come"
    assert find_effect_windows(done, NOW + 20 * DAY).after is None
    nothing = find_effect_windows(PLANNED, NOW)
    assert (nothing.before, nothing.after) == (None, None)
    assert nothing.missing == "it is planned, and was not done yet"
