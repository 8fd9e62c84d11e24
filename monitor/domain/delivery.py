"""What is sent about an alert: cards, thread entries, summaries, and the fate of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.domain.alert import Alert, LimitStatus, NamedRule, Severity
from monitor.domain.customer import CustomerHistory
from monitor.domain.event import BROADCAST_EVENTS, AlertEvent
from monitor.domain.feedback import Analysis, Feedback


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a notifier needs to show an alert: the alert, its first feedback, and its numbers."""

    alert: Alert
    feedback: Feedback
    analysis: Analysis
    sources: tuple[str, ...] = ()  #: source ids of every member, each once
    earlier_count: int = 0  #: how much feedback the same person gave before
    #: all that is known of that person over all channels; None where they are known by nothing
    history: CustomerHistory | None = None
    #: its limits: acknowledge, respond, resolve, as far as it has them
    limit_statuses: tuple[LimitStatus, ...] = ()
    #: as of when the waits are shown; None where nothing that is waited for is late
    as_of: datetime | None = None
    repeat: bool = False  #: sent again although the first try may have been shown
    also: tuple[NamedRule, ...] = ()  #: the other rules that hold, the most severe first
    meant_for: str = ""  #: the channel it should be in; empty where it is
    attributes: tuple[str, ...] = ()  #: names of the feedback's attributes that are shown
    replaces_deleted: bool = False  #: posted again after somebody deleted it


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadEntry:
    """One line of an alert's log: what happened, for those who follow it."""

    alert: Alert
    event: AlertEvent
    repeat: bool = False  #: sent again although the first try may have been shown
    home: bool = True  #: below the alert's own card: people are called there only

    @property
    def is_broadcast(self) -> bool:
        """Whether the whole channel is to see it, and not only those who follow the alert."""
        return self.event.kind in BROADCAST_EVENTS


#: From where an event comes that needs no line below a card either: people have written one there
#: themselves.
VIA_THREAD = "slack:thread"


class DeliveryKind(StrEnum):
    """What a delivery shows."""

    CARD = "card"  #: a new message for an alert
    UPDATE = "update"  #: the same message, brought up to date
    SUMMARY = "summary"  #: one message for many alerts beyond the channel's budget
    ENTRY = "entry"  #: a line in the thread below an alert's card
    CALL = "call"  #: a message in another channel that calls people to an alert's card
    NOTICE = "notice"  #: a message that belongs to no card: the duty, a hand-over, a reminder
    UNREAD = "unread"  #: what nobody read of a source in a day
    DIGEST = "digest"  #: the message of a digest; its pictures go before, its thread after it
    DIGEST_PICTURE = "digest_picture"  #: a picture that the message of a digest shows
    DIGEST_PART = "digest_part"  #: a section of a digest, in the thread
    DIGEST_FILE = "digest_file"  #: a file of a digest, in the thread
    DIGEST_MAIL = "digest_mail"  #: a digest as a mail


#: What tells people of an alert that they may not know of.
URGENT_NEWS_KINDS = (DeliveryKind.CARD, DeliveryKind.CALL)


class DeliveryState(StrEnum):
    """The fate of a delivery."""

    PENDING = "pending"
    ATTEMPTING = "attempting"  #: committed before the request leaves
    SENT = "sent"
    UNCERTAIN = "uncertain"  #: perhaps shown: looked for before it is sent again
    MERGED = "merged"  #: accounted for in a summary
    DEAD = "dead"  #: given up, with the reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing to be shown somewhere: an outbox row with a fate."""

    id: str  #: UUID, also in the message's metadata
    kind: DeliveryKind
    state: DeliveryState
    channel: str
    created_at: datetime
    not_before: datetime
    alert_id: int = 0  #: 0 for a summary and for what nobody read
    #: what an entry or a call tells about; of what hangs on a digest its number there
    event_id: int = 0
    attempts: int = 0
    attempted_at: datetime | None = None
    probes: int = 0  #: how often it was looked for in the channel since it became uncertain
    sent_at: datetime | None = None
    message_id: str = ""  #: the service's own id, Slack's ts
    posted_to: str = ""  #: the service's own channel id
    error: str = ""
    severity: Severity = Severity.NORMAL
    repeat: bool = False  #: already sent once with an unknown fate
    #: the card that an update, an entry or a call is about, the message of a digest's parts
    card_id: str = ""
    home: bool = True  #: of a card: in the alert's own channel, not another rule's
    mention: str = ""  #: whom a card elsewhere addresses
    fallback: bool = True  #: whether it may go to the default channel if its own is out of reach
    meant_for: str = ""  #: the channel it was redirected from; empty where it was not
    replaces: str = ""  #: the card that somebody deleted, in whose place it is
    prompt: bool = False  #: a person did what it shows, and looks at the card

    @property
    def shows_click(self) -> bool:
        """Whether it shows on a card what a person did there."""
        return self.kind is DeliveryKind.UPDATE and self.prompt

    @property
    def is_urgent_news(self) -> bool:
        """Whether it is the card of an urgent alert, or calls people to one."""
        return self.severity is Severity.URGENT and self.kind in URGENT_NEWS_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class SendConstraints:
    """What must not be sent now although it is due."""

    spent_channels: Collection[str] = ()  #: no new cards there: their budget is used up
    blocked_channels: Collection[str] = ()  #: nothing there: closed, or their pace is kept
    blocked_kinds: Collection[DeliveryKind] = ()  #: the service's method for them is paused
    #: updates that were queued after this time wait for more changes, but for those of what a
    #: person did; None: none does
    updates_queued_by: datetime | None = None
    #: a click was shown last: what is urgent goes before the next one
    urgent_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OverflowSummary:
    """What one summary message accounts for."""

    channel: str
    since: datetime
    total: int
    by_rule: tuple[tuple[str, int], ...]  #: rule name and count, largest first
    by_severity: tuple[tuple[Severity, int], ...]
    first: tuple[Card, ...] = field(default=())  #: the most urgent few
    repeat: bool = False
