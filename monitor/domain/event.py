"""What happens to an alert: the event, its kinds, and what depends on the kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus


class EventKind(StrEnum):
    """What happened to an alert.

    A value that this version does not know, stored by a newer one, gives a member of its own that
    keeps it: it can be shown, compared and stored again, and belongs to none of the sets below.
    """

    OPENED = "opened"
    GROUPED = "grouped"  #: another feedback joined
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    RELEASED = "released"  #: given back: nobody holds it
    CONFIRMED = "confirmed"  #: the holder is still on it
    REPLIED = "replied"  #: the customer was answered
    RESOLVED = "resolved"
    RECOVERED = "recovered"  #: the program's own problem is over
    DISMISSED = "dismissed"
    SNOOZED = "snoozed"
    WOKEN = "woken"
    REOPENED = "reopened"
    RAISED = "raised"  #: a more severe rule holds as well, and leads from now on
    REDIRECTED = "redirected"  #: a channel that it was meant for is out of reach
    RELATED = "related"  #: another alert is about the same words
    ESCALATED = "escalated"
    CORRECTED = "corrected"  #: a person corrected what was read out of the words
    NOTED = "noted"
    LINKED = "linked"  #: to a ticket elsewhere
    JOINED = "joined"  #: a person made one alert of two; the detail "into" or "from" is the other
    PARTED = "parted"  #: they are two again; the detail "from" or "out" is the other
    NUDGED = "nudged"  #: a limit comes near
    LATE = "late"  #: a limit was missed
    REPLY_PROPOSED = "reply_proposed"
    REPLY_QUEUED = "reply_queued"
    REPLY_APPROVED = "reply_approved"
    REPLY_REJECTED = "reply_rejected"
    REPLY_FAILED = "reply_failed"
    REPLY_UNCERTAIN = "reply_uncertain"
    OUTCOME = "outcome"  #: the customer reacted to a reply

    @classmethod
    def _missing_(cls, value: object) -> EventKind | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = "UNKNOWN"
        unknown._value_ = value
        return unknown

    @property
    def is_known(self) -> bool:
        """Whether this version knows what it means."""
        return self.value in EventKind._value2member_map_


#: From these events on an alert's limits count.
SLA_START_EVENTS = frozenset({EventKind.OPENED, EventKind.REOPENED, EventKind.RAISED})
#: The whole channel sees these, not only those who follow the alert.
BROADCAST_EVENTS = frozenset({EventKind.REOPENED, EventKind.RAISED, EventKind.ESCALATED})
#: An alert that was only summarised gets a card of its own when one of these happens.
EVENTS_THAT_NEED_CARD = BROADCAST_EVENTS | {EventKind.LATE}
#: No channel's budget holds back the card of an alert that one of these happens to.
EVENTS_BEYOND_BUDGET = frozenset({EventKind.ESCALATED})
#: The card itself shows these: they get no line in its thread.
CARD_ONLY_EVENTS = frozenset({EventKind.OPENED, EventKind.GROUPED, EventKind.REPLY_QUEUED})
#: The details of these hold the text of a reply, which goes when its customer is forgotten.
EVENTS_WITH_REPLY_TEXT = frozenset(
    {
        EventKind.REPLY_PROPOSED,
        EventKind.REPLY_FAILED,
        EventKind.REPLY_UNCERTAIN,
        EventKind.REPLIED,
    }
)


#: Details of events that are told elsewhere than in the thread: that of a hand-over in one message
#: about all its alerts, that of the duty by the card itself.
HANDOVER_DETAIL, DUTY_DETAIL = "handover", "duty"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvent:
    """One thing that happened to an alert; events are only ever added."""

    alert_id: int
    at: datetime
    kind: EventKind
    actor: Actor
    before: AlertStatus | None = None
    after: AlertStatus | None = None
    note: str = ""
    via: str = ""  #: from where: "slack:button", "slack:reaction", "cli", "source", "clock"
    #: what this kind of event has to say more
    details: Mapping[str, str] = field(default_factory=dict, hash=False)
    id: int = 0  #: given by the store, 0 before

    @property
    def is_told_elsewhere(self) -> bool:
        """Whether a card or one message about many alerts tells it, and no line in the thread."""
        is_detailed = HANDOVER_DETAIL in self.details or DUTY_DETAIL in self.details
        return self.kind in CARD_ONLY_EVENTS or is_detailed
