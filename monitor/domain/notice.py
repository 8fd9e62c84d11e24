"""Messages that are about no one alert's card or thread: the duty, a hand-over, a reminder, a
digest that failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.actor import Actor


class NoticeKind(StrEnum):
    """What a notice tells."""

    DUTY = "duty"  #: who has duty from now on
    HANDOVER = "handover"  #: alerts that the person has from now on
    TAKEN_BACK = "taken_back"  #: alerts that the person has no longer
    REMINDER = "reminder"  #: an alert that somebody wanted to be reminded of
    DIGEST_FAILED = "digest_failed"  #: a digest that the person asked for
    SHADOW_RULE = "shadow_rule"  #: what a rule in shadow would have sent; it addresses nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one message tells one person, in private or before a channel."""

    kind: NoticeKind
    #: whom it addresses, and the only one whom it calls; the program itself for nobody
    person: Actor
    alert_ids: tuple[int, ...] = ()  #: which alerts it names
    actor: Actor | None = None  #: who handed the alerts over, or had duty before and has them
    until: datetime | None = None  #: how long the duty lasts; None for no end
    zone: str = ""  #: IANA name of the time zone in which that is told
    text: str = ""  #: what failed and why, or what would have been sent, in plain text
    command: str = ""  #: what to type about it; of letters, digits, spaces and hyphens
