"""When a digest is due and for whom: schedules, the slots that they have, and single orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from monitor.domain.period import Period, PeriodKind

#: A digest that could not be made in its slot is made up so much later at the most.
MADE_UP_WITHIN = timedelta(days=2)
_DAY = timedelta(days=1)
#: Slots further back are nobody's business any more.
_LOOK_BACK = timedelta(days=62)


class DigestSpan(StrEnum):
    """What a scheduled digest is about."""

    WEEK = "week"  #: the last week that is over
    MONTH = "month"  #: the last month that is over
    LAST = "last"  #: all since the digest before


class DigestFormat(StrEnum):
    """A form in which a digest is handed over."""

    SLACK = "slack"  #: messages with pictures
    HTML = "html"  #: a page that goes with them
    EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTarget:
    """Who gets which digest, and where."""

    channel: str = ""  #: a channel or a person; empty: by mail alone
    audience: str = "leadership"
    segment: str = ""  #: a segment, or the name of a persona; empty for all feedback
    span: DigestSpan = DigestSpan.WEEK
    zone: str = "UTC"  #: IANA name
    formats: tuple[DigestFormat, ...] = (DigestFormat.SLACK, DigestFormat.HTML)
    email_to: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What tells it from every other, however its times and its further readers change."""
        place = self.channel or ", ".join(self.email_to)
        return "|".join((place, self.audience, self.segment, str(self.span)))


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSchedule:
    """A digest that comes again and again at a local time."""

    target: DigestTarget
    #: 0 is Monday; of a monthly digest the day of the month, from 1 to 28
    day: int = 0
    at: time = time(9)

    def is_day(self, day: date) -> bool:
        """Return whether it is due on a local day."""
        if self.target.span is DigestSpan.MONTH:
            return day.day == self.day
        return day.weekday() == self.day


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSlot:
    """A time at which a schedule wants a digest."""

    schedule: DigestSchedule
    day: date  #: local: a schedule has at most one slot a day
    at: datetime  #: UTC
    is_missed: bool = False  #: too long ago to be made up

    @property
    def id(self) -> str:
        """What it is called in the store: a slot exists once."""
        return f"{self.day.isoformat()}@{self.schedule.target.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestOrder:
    """One digest that is to be made and sent."""

    id: str
    target: DigestTarget
    at: datetime  #: when it was due
    since: datetime | None = None  #: when the digest before was due, for `DigestSpan.LAST`
    preview_for: str = ""  #: the person who looks at it before it is sent; empty for none
    requested_by: str = ""  #: an actor; empty for the schedule
    snapshot_of: str = ""  #: the order whose numbers are sent; empty where they are made anew

    @property
    def is_preview(self) -> bool:
        """Whether it is for one person to look at."""
        return bool(self.preview_for)

    @property
    def as_sent(self) -> DigestOrder:
        """The order that sends what a preview shows."""
        return replace(self, id=f"{self.id}:sent", preview_for="", snapshot_of=self.id)

    @property
    def period(self) -> Period:
        """What it is about; all since the digest before is at least an hour."""
        zone = self.target.zone
        match self.target.span:
            case DigestSpan.WEEK:
                return Period.last_complete(PeriodKind.WEEK, self.at, zone)
            case DigestSpan.MONTH:
                return Period.last_complete(PeriodKind.MONTH, self.at, zone)
            case DigestSpan.LAST:
                since = self.since or self.at - timedelta(weeks=1)
                return Period.between(min(since, self.at - timedelta(hours=1)), self.at, zone)


class DigestOrderState(StrEnum):
    """What has become of an order."""

    DUE = "due"
    QUEUED = "queued"  #: made, and handed to the outbox
    MISSED = "missed"  #: too late to be made up
    FAILED = "failed"  #: given up


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSubscription:
    """A schedule that somebody made in Slack."""

    schedule: DigestSchedule
    actor: str  #: who made it
    at: datetime


def due_slots(
    now: datetime, last: Mapping[str, datetime], schedules: Iterable[DigestSchedule]
) -> tuple[DueSlot, ...]:
    """Return the slots that nobody has dealt with, the oldest first.

    `last` is, by the key of the target, when the last slot was that somebody has dealt with, or
    since when the schedule is known. Of the slots of one schedule only the newest is made up, and
    only within `MADE_UP_WITHIN`; the others are missed. A local time that the clocks jump over is
    due an hour later, one that comes twice is due the first time.
    """
    found = [
        slot
        for schedule in schedules
        for slot in _due_slots_of(schedule, last.get(schedule.target.key, now), now)
    ]
    return tuple(sorted(found, key=lambda slot: (slot.at, slot.id)))


def next_slot(schedule: DigestSchedule, now: datetime) -> datetime:
    """Return when a schedule is due next, after a moment; UTC."""
    return next(at for _, at in _slots_from(schedule, now) if at > now)


def _due_slots_of(schedule: DigestSchedule, last: datetime, now: datetime) -> Iterator[DueSlot]:
    past = []
    for day, at in _slots_from(schedule, max(last, now - _LOOK_BACK)):
        if at > now:
            break
        if at > last:
            past.append((day, at))
    for number, (day, at) in enumerate(past, 1):
        is_late = now - at > MADE_UP_WITHIN
        is_missed = is_late or number < len(past)
        yield DueSlot(schedule=schedule, day=day, at=at, is_missed=is_missed)


def _slots_from(schedule: DigestSchedule, moment: datetime) -> Iterator[tuple[date, datetime]]:
    """Yield the days and times at which it is due, from about a day before a moment on."""
    zone = ZoneInfo(schedule.target.zone)
    day = moment.astimezone(zone).date() - _DAY
    while True:
        if schedule.is_day(day):
            # Of a time that comes twice it is the first, and what does not exist is moved on.
            yield day, datetime.combine(day, schedule.at, zone).astimezone(UTC)
        day += _DAY
