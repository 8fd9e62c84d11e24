"""The section [digest] of config.toml: who gets the digest, where and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
)

from monitor.domain.business_hours import DAYS, parse_time_of_day, validate_timezone
from monitor.domain.digest_schedule import (
    DigestFormat,
    DigestSchedule,
    DigestSpan,
    DigestTarget,
)
from monitor.domain.segment import check_segment
from monitor.section import EmailAddress, Section

#: Every month has a day of these numbers.
_LAST_DAY = 28
_UNSET = ""


class DigestSubscriptionSettings(Section):
    """One `[[digest.subscriptions]]` table: a digest for a channel or for addresses."""

    period: Annotated[str, Field(pattern="^(week|month|last)$")] = "week"
    #: "mon" to "sun"; of a monthly digest a day from 1 to 28
    day: Annotated[str | int, Field(validate_default=True)] = _UNSET
    at: Annotated[time, BeforeValidator(parse_time_of_day)] = time(9)  #: local
    #: IANA name; empty: that of [hours], else UTC
    timezone: Annotated[str, AfterValidator(lambda name: name and validate_timezone(name))] = ""
    channel: str = ""
    audience: Annotated[str, Field(pattern="^(leadership|product|support|places)$")] = "leadership"
    segment: Annotated[str, AfterValidator(check_segment)] = ""  #: "country=DE"; empty: everything
    persona: str = ""  #: the name of one of [brand]
    formats: tuple[DigestFormat, ...] = (DigestFormat.SLACK, DigestFormat.HTML)
    email_to: tuple[EmailAddress, ...] = ()

    @field_validator("day")
    @classmethod
    def _validate_day(cls, day: str | int, info: ValidationInfo) -> str | int:
        if info.data.get("period") == "month":
            return _require_day_of_month(day)
        if day == _UNSET:
            return DAYS[0]
        if day not in DAYS:
            raise ValueError(f"a day of the week is needed: {', '.join(DAYS)}")
        return day

    @field_validator("persona")
    @classmethod
    def _refuse_two_scopes(cls, persona: str, info: ValidationInfo) -> str:
        if persona and info.data.get("segment"):
            raise ValueError("a digest is about a segment or a persona; take one of them out")
        return persona

    @property
    def is_wanted(self) -> bool:
        """Whether anybody gets it."""
        return bool((self.channel and self._is_for_slack) or self.email_to)

    @property
    def lacks_addresses(self) -> bool:
        """Whether it is to go by mail, and nobody is named."""
        return DigestFormat.EMAIL in self.formats and not self.email_to

    @property
    def _is_for_slack(self) -> bool:
        """Whether messages are wanted: a page goes below one."""
        return any(wanted is not DigestFormat.EMAIL for wanted in self.formats)

    def to_schedule(self, default_zone: str) -> DigestSchedule:
        """Return the schedule that it describes; `default_zone` where it names none."""
        target = DigestTarget(
            channel=self.channel if self._is_for_slack else "",
            audience=self.audience,
            segment=self.segment or self.persona,
            span=DigestSpan(self.period),
            zone=self.timezone or default_zone or "UTC",
            formats=self.formats,
            email_to=self.email_to,
        )
        day = DAYS.index(self.day) if isinstance(self.day, str) else self.day
        return DigestSchedule(target=target, day=day, at=self.at)


class DigestSettings(DigestSubscriptionSettings):
    """The digest; sent where `channel` or `email_to` is set, here or in a subscription."""

    email_from: EmailAddress | None = None  #: the first of `email_to` where it is not given
    subscriptions: tuple[DigestSubscriptionSettings, ...] = ()

    @property
    def every(self) -> tuple[DigestSubscriptionSettings, ...]:
        """This one and all subscriptions."""
        return (self, *self.subscriptions)

    @field_validator("subscriptions")
    @classmethod
    def _refuse_equal_schedules(
        cls, subscriptions: tuple[DigestSubscriptionSettings, ...], info: ValidationInfo
    ) -> tuple[DigestSubscriptionSettings, ...]:
        names = DigestSubscriptionSettings.model_fields.keys()
        if not names <= info.data.keys():
            return subscriptions  # a mistake there is told by itself
        first = DigestSubscriptionSettings.model_construct(**{n: info.data[n] for n in names})
        seen: set[str] = set()
        wanted = (one for one in (first, *subscriptions) if one.is_wanted)
        for target in (one.to_schedule("").target for one in wanted):
            if target.key in seen:
                place = target.channel or ", ".join(target.email_to)
                raise ValueError(
                    f"{place} gets the {target.span} digest for {target.audience} twice; leave one "
                    "of the two out, or give it another audience, segment, persona or period"
                )
            seen.add(target.key)
        return subscriptions

    def schedules(self, default_zone: str) -> Iterator[DigestSchedule]:
        """Yield every schedule that anybody gets something of."""
        for wanted in self.every:
            if wanted.is_wanted:
                yield wanted.to_schedule(default_zone)

    @property
    def has_mail(self) -> bool:
        """Whether somebody is to get it by mail."""
        return any(wanted.email_to for wanted in self.every)


def _require_day_of_month(day: str | int) -> int:
    if day == _UNSET:
        return 1
    if not isinstance(day, int) or isinstance(day, bool) or not 1 <= day <= _LAST_DAY:
        raise ValueError(f"of a monthly digest the day is a number from 1 to {_LAST_DAY}")
    return day
