"""What may have been missed: a few that alerted nobody, and what people had to raise by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AuditReason(StrEnum):
    """Why somebody is to look at a feedback."""

    DRAWN = "drawn"  #: it is negative, no rule alerted of it, and chance drew it
    ESCALATED = "escalated"  #: a person escalated its alert by hand
    OPENED = "opened"  #: a person opened its alert by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditItem:
    """One feedback that somebody is to look at."""

    reason: AuditReason
    feedback_id: int
    at: datetime  #: when it arrived
    source_id: str
    text: str  #: as it was written: markup in it is only text
    url: str = ""
    alert_id: int = 0  #: its alert; 0 for none
    missed: bool | None = None  #: whether it should have alerted somebody; None: nobody has said


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedAudit:
    """What is looked at of a time, the same for everybody on that day."""

    since: datetime
    until: datetime
    unalerted: int  #: negative feedback that alerted nobody, of which some were drawn
    items: tuple[AuditItem, ...]  #: those drawn first


@dataclass(frozen=True, slots=True)
class CaughtCount:
    """Of what the team marked as urgent or missed: how much a rule would have alerted of."""

    caught: int
    marked: int
