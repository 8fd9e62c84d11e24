"""The brand, its competitors and personas, and its goals, as config.toml has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    field_validator,
    model_validator,
)

from monitor.domain.goal import TARGET_RANGES, Goal, GoalMeasure
from monitor.domain.measure import Unit
from monitor.domain.segment import MARK
from monitor.domain.workspace import Competitor
from monitor.section import ONE_LINE, Name, OneLine, Section, parse_duration

#: More than five goals are none.
MAX_GOALS = 5
_MAX_COMPETITORS, _MAX_PERSONAS, _MAX_SEGMENTS = 20, 20, 10
_MAX_WORDS, _MAX_VALUES, _MAX_NAMES = 50, 50, 500
#: "de", "de_DE" or "de-DE", as BCP 47 and CLDR have them; a script may stand between.
LOCALE_PATTERN = r"^([a-z]{2,3}([_-][A-Z][a-z]{3})?([_-]([A-Z]{2}|[0-9]{3}))?)?$"

ShortName = Annotated[str, Field(min_length=1, max_length=60), ONE_LINE]
Sentence = Annotated[str, Field(max_length=200), ONE_LINE]
#: The name of an attribute, as a source gives it; empty for none.
AttributeName = Annotated[str, Field(max_length=60), ONE_LINE]


def _require_filled(value: tuple[str, ...]) -> tuple[str, ...]:
    if any(not text.strip() for text in value):
        raise ValueError("an empty text stands among them; take it out")
    return value


def _to_values(value: object) -> object:
    """One text is a list of one."""
    return (value,) if isinstance(value, str) else value


def _refuse_mark(name: str) -> str:
    if MARK in name:
        raise ValueError(f"no {MARK!r} may stand in a name: that is how a segment is written")
    return name


HelpAddress = Annotated[str, Field(pattern=r"^https?://[^\s/?#]+[^\s?#]*$", max_length=300)]
Words = Annotated[tuple[OneLine, ...], AfterValidator(_require_filled)]
AttributeValues = Annotated[
    tuple[OneLine, ...], BeforeValidator(_to_values), Field(min_length=1, max_length=_MAX_VALUES)
]


class CompetitorSettings(Section):
    """One `[[brand.competitors]]` table: how feedback about somebody else is recognised."""

    name: ShortName
    words: Words = Field(default=(), max_length=_MAX_WORDS)  #: by which it is mentioned
    sources: tuple[Name, ...] = ()  #: ids of sources that are about it alone

    @model_validator(mode="after")
    def _require_sign(self) -> CompetitorSettings:
        if not self.words and not self.sources:
            raise ValueError("say by which words it is mentioned, or which sources are about it")
        return self

    @property
    def competitor(self) -> Competitor:
        """The competitor that this table describes."""
        return Competitor(self.name, self.words, self.sources)


class PersonaSettings(Section):
    """One `[[brand.personas]]` table: a named part of the customers."""

    name: Annotated[ShortName, AfterValidator(_refuse_mark)]
    description: Sentence = ""
    query: Annotated[str, Field(max_length=1_000)] = ""  #: in the rules' language
    #: by name of the attribute, the values of which one must be there
    attributes: Mapping[AttributeName, AttributeValues] = Field(default={}, max_length=10)

    @model_validator(mode="after")
    def _require_filter(self) -> PersonaSettings:
        if not self.query and not self.attributes:
            raise ValueError("say who is meant, by a query or by attributes")
        return self


class BrandSettings(Section):
    """Who the brand is, whom it is compared with, and how its customers are told apart."""

    name: Annotated[str, Field(max_length=60), ONE_LINE] = ""
    vision: Sentence = ""  #: in one sentence
    #: how numbers and dates are written: "en", "de_DE"
    locale: Annotated[str, Field(pattern=LOCALE_PATTERN)] = "en"
    #: for people in danger, as agents read it: "Samaritans, 116 123"
    emergency_line: Annotated[str, Field(max_length=100), ONE_LINE] = ""
    competitors: tuple[CompetitorSettings, ...] = Field(default=(), max_length=_MAX_COMPETITORS)
    personas: tuple[PersonaSettings, ...] = Field(default=(), max_length=_MAX_PERSONAS)
    #: attributes by which customers are told apart: "plan", "country"
    segments: Words = Field(default=(), max_length=_MAX_SEGMENTS)
    places: AttributeName = ""  #: the attribute that names the shop or branch
    revenue: AttributeName = ""  #: the attribute with the band of revenue, never a sum
    renewal: AttributeName = ""  #: the attribute with the day of the next renewal
    #: where your help pages begin: "https://help.acme.com/"; empty: any link in an answer is one
    help_pages: tuple[HelpAddress, ...] = Field(default=(), max_length=_MAX_PERSONAS)
    #: names of colleagues who are never quoted where customers thank people
    thanks_opt_out: Words = Field(default=(), max_length=_MAX_NAMES)

    @field_validator("competitors", "personas")
    @classmethod
    def _require_different_names(cls, tables: tuple[Any, ...]) -> tuple[Any, ...]:
        names = [table.name.casefold() for table in tables]
        twice = next((name for name in names if names.count(name) > 1), "")
        if twice:
            raise ValueError(f"two are called {twice!r}")
        return tables


def _require_day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("a day is needed, without quotes, like 2027-03-31")


class GoalSettings(Section):
    """One `[[goals]]` table: where a measure is to be, by when."""

    measure: GoalMeasure
    #: in the measure's unit; of times a span, "4h"
    target: Annotated[float, Field(validate_default=True)]
    by: Annotated[date, PlainValidator(_require_day)]
    name: Annotated[str, Field(max_length=60), ONE_LINE] = ""
    source: Name | None = None  #: of this source alone

    @field_validator("target", mode="before")
    @classmethod
    def _parse_target(cls, target: object, info: ValidationInfo) -> object:
        measure = info.data.get("measure")
        if measure is None:
            return 0.0  # its unit is not known; the measure's own mistake is told
        if measure.unit is Unit.SECONDS:
            return _check_range(parse_duration(target).total_seconds(), measure)
        if isinstance(target, bool) or not isinstance(target, (int, float)):
            raise ValueError(  # noqa: TRY004 - pydantic names the key of a ValueError alone
                f"a number is needed, from {_format_range(measure)}"
            )
        return _check_range(float(target), measure)

    @property
    def key(self) -> str:
        """What stays the same when target, date or name change."""
        return self.goal.key

    @property
    def goal(self) -> Goal:
        """The goal that this table describes."""
        return Goal(
            measure=self.measure,
            target=self.target,
            by=self.by,
            name=self.name,
            source=self.source or "",
        )


def _check_range(target: float, measure: GoalMeasure) -> float:
    low, high = TARGET_RANGES[measure.unit]
    if low <= target <= high:
        return target
    if measure.unit is Unit.SECONDS:
        raise ValueError('a time of at least "1s" is needed')
    raise ValueError(f"a number from {_format_range(measure)} is needed")


def _format_range(measure: GoalMeasure) -> str:
    low, high = TARGET_RANGES[measure.unit]
    return f"{low:g} to {high:g}"
