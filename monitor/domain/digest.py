"""A digest: the figures of a period as they were when it was made; they never change afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from monitor.domain.item_query import ItemQuery
from monitor.domain.measure import Measure
from monitor.domain.period import Period


class Audience(StrEnum):
    """For whom a digest is worded: the same figures, other sections first."""

    LEADERSHIP = "leadership"
    PRODUCT = "product"
    SUPPORT = "support"
    PLACES = "places"


class Outlook(StrEnum):
    """The judgement of a period, by the rule that its reason states."""

    RISK = "risk"
    WATCH = "watch"
    STEADY = "steady"
    GOOD = "good"
    UNKNOWN = "unknown"  #: too little was heard


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLead:
    """The first screen: a judgement, what moved most, and what follows."""

    outlook: Outlook
    reason: str  #: what the judgement rests on, one sentence
    movers: tuple[str, ...] = ()  #: keys of up to three measures, the surest change first
    driver: str = ""  #: what goes with it, one sentence
    watch: str = ""  #: what to keep an eye on
    action: str = ""  #: what follows, with its owner and date
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMeasure:
    """A measure with its name, what is good of it, and where its items are."""

    key: str  #: "nps:survey": unique in a digest
    title: str  #: "NPS (survey)"
    measure: Measure
    noun: str = "items"  #: what n counts, in the plural
    #: whether more is better; None where neither is, as of volume
    is_more_better: bool | None = None
    items: ItemQuery | None = None
    note: str = ""  #: what must be known to read it, such as a mix that explains the change


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFailure:
    """A part that could not be made; the others are as they are."""

    key: str
    title: str
    message: str  #: one sentence for people, without secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A figure of the period before that has changed since it was sent."""

    key: str
    title: str
    sent: float
    now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """All that a digest says, before it is worded for anybody."""

    id: str  #: "2026-W47", with the scope behind it: "2026-W47.country=DE"
    period: Period
    made_at: datetime
    lead: DigestLead
    scope: str = ""  #: "country=DE", the name of a persona; empty: everything
    few: int | None = None  #: how many people it is about, where a persona has too few of them
    brand: str = ""  #: its name
    vision: str = ""
    locale: str = "en"  #: how numbers and dates are written, BCP 47
    #: of each part that had something to say its value, by the part's key
    parts: Mapping[str, Any] = field(default_factory=dict, hash=False)
    failures: tuple[PartFailure, ...] = ()
    corrections: tuple[Correction, ...] = ()
