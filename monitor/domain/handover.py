"""Alerts that one person handed over to another, all at once: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """All that somebody had went to somebody else; what had changed meanwhile was left alone."""

    id: str  #: the same for the same wish, however often it arrives
    at: datetime
    giver: Actor
    receiver: Actor
    moved: tuple[int, ...]  #: ids of the alerts that the receiver has since
    skipped: tuple[int, ...] = ()  #: ids of those that had changed since they were seen
    returns: str | None = None  #: the id of the hand-over that it takes back
