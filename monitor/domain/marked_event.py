"""Marked events: releases, outages, campaigns, that explain why a number changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from monitor.domain.actor import SYSTEM, Actor

MAX_EVENT_NAME: Final = 100
#: So many feedback must name a version before it is taken for a release: one may be a typing error.
MIN_VERSION_COUNT: Final = 5
#: How far back new versions are looked for.
VERSION_WINDOW: Final = timedelta(weeks=4)
_WEEK = timedelta(weeks=1)


class MarkedEventKind(StrEnum):
    """What kind of thing happened."""

    RELEASE = "release"
    OUTAGE = "outage"
    CAMPAIGN = "campaign"
    OTHER = "other"


class MarkOrigin(StrEnum):
    """How it became known."""

    COMMAND = "command"
    SLACK = "slack"
    WEBHOOK = "webhook"
    VERSION = "version"  #: feedback named an app version that nobody had named before


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedEvent:
    """Something that happened at a time, and may be why a number changed."""

    id: int = 0  #: 0: not stored yet
    name: str
    kind: MarkedEventKind = MarkedEventKind.OTHER
    at: datetime
    until: datetime | None = None  #: of an outage, a campaign; None: a moment
    origin: MarkOrigin
    actor: Actor = SYSTEM  #: who marked it
    #: equal for what is the same event, however often it is told
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCount:
    """How often the feedback of a source names an app version, and since when."""

    source_id: str
    version: str
    count: int
    first_at: datetime
    source_since: datetime  #: the oldest feedback of that source


def make_marked_event(
    name: str,
    kind: MarkedEventKind,
    at: datetime,
    *,
    origin: MarkOrigin,
    actor: Actor = SYSTEM,
    until: datetime | None = None,
) -> MarkedEvent:
    """Return an event; the same name, kind and day give the same event, also when told twice.

    Raises ValueError, with a sentence for people, where it has no name, a name that is too long,
    or ends before it begins.
    """
    name = " ".join(name.split())
    if not name:
        raise ValueError('an event needs a name, like 6.5.0 or "spring sale"')
    if len(name) > MAX_EVENT_NAME:
        raise ValueError(f"the name has {len(name):,} characters; {MAX_EVENT_NAME} are allowed")
    if until is not None and until <= at:
        raise ValueError("it ends before it begins: until must be later than at")
    key = make_event_key(str(kind), name.casefold(), at.date().isoformat())
    return MarkedEvent(
        name=name, kind=kind, at=at, until=until, origin=origin, actor=actor, key=key
    )


def make_event_key(*parts: str) -> str:
    """Return the key of an event that is the same wherever all of these are."""
    joined = "\x1f".join(parts).encode(errors="surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()


def is_new_version(counted: VersionCount) -> bool:
    """Return whether an app version was first seen late enough to be a release.

    Enough feedback names it, and the first of it came after the source's first complete week: what
    was there from the beginning may have been out for long.
    """
    return counted.count >= MIN_VERSION_COUNT and counted.first_at >= end_of_first_week(
        counted.source_since
    )


def end_of_first_week(since: datetime) -> datetime:
    """Return when the first complete week, from Monday, 0:00 UTC, after a time is over."""
    midnight = since.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=midnight.weekday())
    begins = monday if monday == since else monday + _WEEK
    return begins + _WEEK


def find_version_events(counts: Iterable[VersionCount]) -> Iterator[MarkedEvent]:
    """Yield a release for each version that is new."""
    for counted in counts:
        if is_new_version(counted):
            version = counted.version[: MAX_EVENT_NAME // 2]
            source = counted.source_id[: MAX_EVENT_NAME // 3]
            yield MarkedEvent(
                name=f"{version} ({source})",
                kind=MarkedEventKind.RELEASE,
                at=counted.first_at,
                origin=MarkOrigin.VERSION,
                actor=Actor.source(counted.source_id),
                key=make_event_key("version", counted.source_id, counted.version),
            )
