"""The action register: what somebody has promised to do about a pain point, and what becomes of it.

Pure values and decisions; `monitor.followup.improvements` keeps what they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from monitor.domain.action import Refusal
from monitor.domain.actor import Actor
from monitor.domain.feedback import Stage, Touchpoint

#: Characters that fit on one line of a digest, and what somebody writes beside it.
MAX_TITLE, MAX_QUERY, MAX_NEXT_ACTION, MAX_NOTE = 150, 200, 300, 1_000
#: An open improvement that nobody has touched for so long is stale.
STALE_AFTER = timedelta(weeks=4)
#: What is compared: so long before the work began, and so long after it was done.
EFFECT_SPAN = timedelta(weeks=4)


class ImprovementState(StrEnum):
    """How far an improvement is."""

    PLANNED = "planned"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"  #: nobody will do it

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self in (ImprovementState.PLANNED, ImprovementState.DOING)


#: From each state, those that it can turn into.
TRANSITIONS: Mapping[ImprovementState, frozenset[ImprovementState]] = MappingProxyType(
    {state: frozenset(ImprovementState) - {state} for state in ImprovementState}
    | {
        ImprovementState.DONE: frozenset({ImprovementState.PLANNED, ImprovementState.DOING}),
        ImprovementState.DROPPED: frozenset({ImprovementState.PLANNED, ImprovementState.DOING}),
    }
)


@dataclass(frozen=True, slots=True)
class PainPoint:
    """What an improvement is about: a part of the journey, words of customers, or both."""

    stage: Stage | None = None
    touchpoint: Touchpoint | None = None
    query: str = ""  #: a theme's phrase, or any query of the rules' language

    @property
    def is_named(self) -> bool:
        """Whether it says anything: an effect can be measured only where it does."""
        return bool(self.stage or self.touchpoint or self.query)

    def __str__(self) -> str:
        """Return it on one line: "support · service · “crash*”"; empty for nothing."""
        quoted = f"“{self.query}”" if self.query else ""
        return " · ".join(part for part in (self.stage, self.touchpoint, quoted) if part)


#: About nothing in particular.
NO_PAIN_POINT = PainPoint()


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """One entry of the register."""

    id: int = 0  #: 0: not stored yet
    turn: int = 0  #: how often it was changed; a change of what somebody saw before is refused
    title: str
    about: PainPoint = NO_PAIN_POINT
    owner: Actor | None = None  #: who promised it; None: nobody has yet
    next_action: str = ""
    due: date | None = None  #: a day of the brand's calendar
    state: ImprovementState = ImprovementState.PLANNED
    created_by: Actor
    created_at: datetime
    changed_by: Actor
    changed_at: datetime
    started_at: datetime | None = None  #: when the work began, for the first time
    done_at: datetime | None = None  #: when it was done; None again where it was reopened


class ImprovementEventKind(StrEnum):
    """What happened to an improvement."""

    ADDED = "added"
    CHANGED = "changed"  #: title, subject, owner, next action or date
    STARTED = "started"
    DONE = "done"
    DROPPED = "dropped"
    REOPENED = "reopened"  #: planned again


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementEvent:
    """One thing that happened to an improvement; events are only ever added."""

    improvement_id: int
    kind: ImprovementEventKind
    at: datetime
    actor: Actor
    via: str = ""  #: from where: "cli", "slack:button", "slack:modal"
    note: str = ""
    #: what it was before and what it is now, by the name of the field
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementChange:
    """What somebody wants to be different; None leaves a value as it is."""

    actor: Actor
    via: str = ""
    #: the turn as the person saw it; None changes whatever it is by now
    turn: int | None = None
    state: ImprovementState | None = None
    title: str | None = None
    about: PainPoint | None = None
    owner: Actor | None = None
    without_owner: bool = False
    next_action: str | None = None
    due: date | None = None
    without_due: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class ImprovementStep:
    """An improvement after a change, and the event that tells of it."""

    improvement: Improvement
    event: ImprovementEvent


def decide_change(
    current: Improvement, change: ImprovementChange, now: datetime
) -> ImprovementStep | Refusal:
    """Return what a change makes of an improvement, or why it changes nothing.

    The step's improvement has the next turn. What is done or dropped changes its state alone.
    """
    if change.turn is not None and change.turn != current.turn:
        return Refusal(
            f"Improvement {current.id} was changed meanwhile by {current.changed_by}: "
            "look at it as it is now, and try again."
        )
    state = change.state or current.state
    if change.state and (refusal := _refuse_state(current, change.state)):
        return refusal
    changed = _apply_fields(current, change)
    if refusal := find_mistake(changed):
        return refusal
    differences = _differences(current, changed)
    if differences and not (current.state.is_open or state.is_open):
        return Refusal(
            f"Improvement {current.id} is {current.state}: open it again before you change it."
        )
    if not (differences or change.state or change.note):
        return Refusal(f"Nothing is different: improvement {current.id} says that already.")
    moved = _move_state(changed, state, now)
    stored = replace(moved, turn=current.turn + 1, changed_by=change.actor, changed_at=now)
    if current.state is not state:
        differences["state"] = (str(current.state), str(state))
    event = ImprovementEvent(
        improvement_id=current.id,
        kind=_event_kind(current.state, state),
        at=now,
        actor=change.actor,
        via=change.via,
        note=change.note.strip()[:MAX_NOTE],
        changes=differences,
    )
    return ImprovementStep(stored, event)


def find_mistake(improvement: Improvement) -> Refusal | None:
    """Return what is wrong with what somebody has written, or None."""
    limits = (
        ("title", improvement.title, MAX_TITLE),
        ("next action", improvement.next_action, MAX_NEXT_ACTION),
        ("query", improvement.about.query, MAX_QUERY),
    )
    if not improvement.title:
        return Refusal("Say in a few words what is to become better.")
    for name, text, limit in limits:
        if len(text) > limit:
            return Refusal(f"The {name} has {len(text):,} characters; {limit:,} are allowed.")
    return None


def may_change(improvement: Improvement, actor: Actor, *, is_manager: bool) -> bool:
    """Return whether somebody may change an improvement: managers and its owner."""
    return is_manager or improvement.owner == actor


def find_stale_reason(improvement: Improvement, now: datetime, today: date) -> str:
    """Return why an open improvement needs a push, in words for people; empty where it needs none.

    `today` is the day of the brand's calendar in which `now` lies.
    """
    if not improvement.state.is_open:
        return ""
    if improvement.due and improvement.due < today:
        days = (today - improvement.due).days
        return f"{days} {'day' if days == 1 else 'days'} late"
    untouched = now - improvement.changed_at
    if untouched >= STALE_AFTER:
        return f"untouched for {untouched.days // 7} weeks"
    return ""


def is_stale(improvement: Improvement, now: datetime, today: date) -> bool:
    """Return whether its date has passed, or nobody has touched it for four weeks."""
    return bool(find_stale_reason(improvement, now, today))


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """A span of time."""

    since: datetime
    until: datetime  #: not included


@dataclass(frozen=True, slots=True)
class EffectWindows:
    """What to compare to see whether an improvement has changed a number.

    What lies between the two windows, while the work went on, belongs to neither.
    """

    before: TimeWindow | None  #: None: nothing can be said of it
    after: TimeWindow | None  #: as far as it is over; None: nothing can be compared yet
    missing: str = ""  #: what is not yet known, for people; empty where both are whole


def find_effect_windows(improvement: Improvement, now: datetime) -> EffectWindows:
    """Return the four weeks before the work began, and the four after it was done.

    Where nobody has said when it began, it began when it was written down. The window after ends
    `now` where four weeks have not passed; `missing` says how much is still to come.
    """
    if improvement.done_at is None:
        return EffectWindows(None, None, f"it is {improvement.state}, and was not done yet")
    start = min(improvement.started_at or improvement.created_at, improvement.done_at)
    before = TimeWindow(start - EFFECT_SPAN, start)
    whole = improvement.done_at + EFFECT_SPAN
    if now <= improvement.done_at:
        return EffectWindows(before, None, "it was only just done")
    after = TimeWindow(improvement.done_at, min(now, whole))
    days_left = -((now - whole) // timedelta(days=1))
    if days_left <= 0:
        return EffectWindows(before, after)
    of_days = f"{EFFECT_SPAN.days} days after"
    plural = "day" if days_left == 1 else "days"
    return EffectWindows(before, after, f"{days_left} {plural} of the {of_days} are to come")


def _refuse_state(current: Improvement, wanted: ImprovementState) -> Refusal | None:
    if wanted is current.state:
        return Refusal(f"Improvement {current.id} is already {wanted}.")
    if wanted not in TRANSITIONS[current.state]:
        return Refusal(
            f"Improvement {current.id} is {current.state}: open it again before it is {wanted}."
        )
    return None


def _apply_fields(current: Improvement, change: ImprovementChange) -> Improvement:
    """The improvement with the new values, its state as it was."""
    owner = change.owner or current.owner
    due = change.due or current.due
    title, next_action = change.title, change.next_action
    return replace(
        current,
        title=current.title if title is None else one_line(title),
        about=change.about or current.about,
        owner=None if change.without_owner else owner,
        next_action=current.next_action if next_action is None else one_line(next_action),
        due=None if change.without_due else due,
    )


def one_line(text: str) -> str:
    """Return a text with single spaces, so that it fits where there is one line."""
    return " ".join(text.split())


def _differences(before: Improvement, after: Improvement) -> dict[str, tuple[str, str]]:
    names = ("title", "about", "owner", "next_action", "due")
    values = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return {name: (_to_text(old), _to_text(new)) for name, old, new in values if old != new}


def _to_text(value: object) -> str:
    return "" if value is None else str(value)


def _move_state(changed: Improvement, state: ImprovementState, now: datetime) -> Improvement:
    """The improvement in a state, with when the work began and was done."""
    started, done = changed.started_at, changed.done_at
    if state is ImprovementState.DOING:
        started = started or now
    if state is not changed.state:
        done = now if state is ImprovementState.DONE else None
    return replace(changed, state=state, started_at=started, done_at=done)


def _event_kind(before: ImprovementState, after: ImprovementState) -> ImprovementEventKind:
    if before is after:
        return ImprovementEventKind.CHANGED
    return {
        ImprovementState.PLANNED: ImprovementEventKind.REOPENED,
        ImprovementState.DOING: ImprovementEventKind.STARTED,
        ImprovementState.DONE: ImprovementEventKind.DONE,
        ImprovementState.DROPPED: ImprovementEventKind.DROPPED,
    }[after]
