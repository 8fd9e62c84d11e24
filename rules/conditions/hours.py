"""hours: at which time of the day and on which days, on the clock of a place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.domain.alert import Clause
from monitor.domain.business_hours import (
    DAYS,
    parse_time_of_day,
    validate_timezone,
    validate_weekdays,
)
from monitor.domain.feedback import Evidence
from monitor.domain.workspace import Workspace
from rules.base import Condition, ConditionOptions, ensure_sequence, join_with_or

_DAY = timedelta(days=1)
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NEEDS_TEAM = "working needs to know when the team works; set timezone under [hours]"
_NEEDS_ZONE = (
    'hours needs a time zone; write zone = "Europe/Berlin" beside it, or set timezone under [hours]'
)


def _parse_time(value: object) -> time:
    if isinstance(value, time):  # TOML has such values, and the version of a rule cannot
        raise ValueError(f'a time of the day is written in quotes, like "{value:%H:%M}"')  # noqa: TRY004
    return parse_time_of_day(value)


_TimeOfDay = Annotated[time, BeforeValidator(_parse_time)]


class HoursOptions(ConditionOptions):
    """A span of the day, days, or the team's working time; all that is given must hold."""

    #: local time at which the span begins, like "22:00"
    since: _TimeOfDay | None = Field(default=None, alias="from")
    #: local time at which it ends and which is not in it; before `from`: on the following day
    until: _TimeOfDay | None = Field(default=None, alias="to")
    #: mon, tue, wed, thu, fri, sat, sun; a span over midnight belongs to the day on which it begins
    days: Annotated[
        tuple[Annotated[str, Field(strict=True)], ...],
        BeforeValidator(ensure_sequence),
        AfterValidator(validate_weekdays),
    ] = ()
    #: IANA name of the time zone; without it that of the team, `hours.timezone`
    zone: Annotated[str, Field(strict=True, min_length=1), AfterValidator(validate_timezone)] = ""
    #: whether it is working time by the calendar of the team, `[hours]`, holidays included
    working: Annotated[bool, Field(strict=True)] | None = None
    #: which time is meant: when it was written, by the source's own time, or when it arrived here
    time: Literal["written", "arrived"] = "written"

    @model_validator(mode="after")
    def _check_span(self) -> HoursOptions:
        if (self.since is None) != (self.until is None):
            raise ValueError('from and to go together: { from = "22:00", to = "06:00" }')
        if self.since is not None and self.since == self.until:
            raise ValueError("from and to are the same: leave both out for whole days")
        if self.since is None and not self.days and self.working is None:
            raise ValueError("from and to, days, or working is needed")
        if self.zone and self.since is None and not self.days:
            raise ValueError("zone goes with from and to, or with days: [hours] has its own")
        return self


class HoursCondition(Condition):
    """Holds where the local time is in the span, on one of the days, and in working time or not.

    The clock on the wall decides, also when daylight-saving time begins or ends. It looks at when
    the feedback was written; where the source does not tell that, it never holds. With `time =
    "arrived"` it looks at when repwatch first saw it, which decides who is there to answer.
    """

    Options = HoursOptions

    def __init__(self, value: object) -> None:
        self._options = HoursOptions.model_validate(self.table(value))
        self._weekdays = frozenset(map(DAYS.index, self._options.days))

    def find_gaps(self, workspace: Workspace) -> Sequence[str]:
        """Return what is not known: when the team works, or which clock is meant."""
        if workspace.calendar is not None:
            return ()
        gaps = [_NEEDS_TEAM] if self._options.working is not None else []
        return gaps if self._options.zone or not self._asks_clock else [*gaps, _NEEDS_ZONE]

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the day, the local time and what it is in, or None."""
        at, zone = self._find_time(evidence), self._find_zone(evidence.workspace)
        if at is None or zone is None:
            return None
        local = at.astimezone(ZoneInfo(zone))
        if self._asks_clock and not self._is_in_span(local):
            return None
        if not self._is_as_working(at, evidence.workspace):
            return None
        place = f" ({zone})" if self._options.zone else ""
        told = f"{self._verb} on {_DAY_NAMES[local.weekday()]} at {local:%H:%M}{place}"
        return self.clause(", ".join([told, *self._describe_parts(with_days=False)]))

    def describe(self) -> str:
        """Return what is asked for: span, days, working time and zone."""
        place = f" ({self._options.zone})" if self._options.zone else ""
        return f"{self._verb} {' and '.join(self._describe_parts(with_days=True))}{place}"

    @property
    def _verb(self) -> str:
        return "arrived" if self._options.time == "arrived" else "was written"

    @property
    def _asks_clock(self) -> bool:
        """Whether a span or days are asked for."""
        return self._options.since is not None or bool(self._weekdays)

    def _find_time(self, evidence: Evidence) -> datetime | None:
        feedback = evidence.feedback
        if self._options.time == "arrived":
            return feedback.first_seen_at or evidence.now
        return feedback.created_at

    def _find_zone(self, workspace: Workspace) -> str | None:
        """Return the zone whose clock is meant; None where nobody said which."""
        if self._options.zone:
            return self._options.zone
        return workspace.calendar.zone if workspace.calendar else None

    def _is_in_span(self, local: datetime) -> bool:
        """Return whether a local time is in the span that began on one of the days."""
        began, options = local, self._options
        if options.since is not None and options.until is not None:
            clock = local.time()
            is_over_midnight = options.until < options.since
            if is_over_midnight and clock < options.until:
                began -= _DAY
            elif clock < options.since or (not is_over_midnight and clock >= options.until):
                return False
        return not self._weekdays or began.weekday() in self._weekdays

    def _is_as_working(self, at: datetime, workspace: Workspace) -> bool:
        working, calendar = self._options.working, workspace.calendar
        if working is None:
            return True
        return calendar is not None and calendar.is_open_at(at) is working

    def _describe_parts(self, *, with_days: bool) -> list[str]:
        options, parts = self._options, []
        if options.since is not None and options.until is not None:
            parts.append(f"between {options.since:%H:%M} and {options.until:%H:%M}")
        if options.days and with_days:
            days = join_with_or([_DAY_NAMES[day] for day in sorted(self._weekdays)])
            parts.append(f"on {days}")
        if options.working is not None:
            parts.append(f"{'in' if options.working else 'outside of'} working hours")
        return parts
