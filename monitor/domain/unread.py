"""What nobody read: feedback in a language that is not scored, without stars or an alert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from monitor.domain.feedback import Analysis, Feedback

_DAY = timedelta(days=1)

#: How many texts there are by why they were not read ("language: es", "script: Cyrillic"), most
#: first.
UnreadCounts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class UnreadText:
    """One feedback that nobody read."""

    feedback: Feedback
    analysis: Analysis
    complained_before: bool = False  #: its author did, or an alert was about them


@dataclass(frozen=True, slots=True)
class UnreadDay:
    """A day, as the daily message about what was not read counts it."""

    name: date  #: on which it ends
    since: datetime
    until: datetime  #: not included

    @classmethod
    def last_before(cls, now: datetime, ends_at: time, timezone: str) -> UnreadDay:
        """Return the last day that is over, from one `ends_at` in a time zone to the next.

        UTC where no zone is named. A day in which the clocks change has 23 or 25 hours.
        """
        zone: tzinfo = ZoneInfo(timezone) if timezone else UTC
        local = now.astimezone(zone)
        name = local.date() if local.time() >= ends_at else local.date() - _DAY
        return cls(name, _moment(name - _DAY, ends_at, zone), _moment(name, ends_at, zone))


@dataclass(frozen=True, slots=True)
class SummarySubject:
    """What a daily message is about."""

    source_id: str
    since: datetime
    until: datetime  #: not included


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadSummary:
    """What the daily message about one source says."""

    subject: SummarySubject
    by_reason: UnreadCounts
    worst: tuple[UnreadText, ...] = ()  #: those that are most likely trouble
    repeat: bool = False  #: sent again although the first try may have been shown

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(count for _, count in self.by_reason)


def _moment(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
