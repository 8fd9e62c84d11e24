"""The alert, its life, and what is decided about it: frozen values, no input or output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from monitor.domain.actor import Actor
from monitor.domain.feedback import Analysis, Feedback
from monitor.domain.silencer import Silencer


class Severity(StrEnum):
    """How much an alert matters; `rank` orders them."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    INFO = "info"
    PRAISE = "praise"

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return list(Severity).index(self)


class AlertStatus(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    REPLIED = "replied"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    DISMISSED = "dismissed"

    @property
    def is_closed(self) -> bool:
        """Whether nobody needs to do anything more."""
        return self in (AlertStatus.RESOLVED, AlertStatus.DISMISSED)


_ALL_STATUSES = frozenset(
    {
        AlertStatus.OPEN,
        AlertStatus.ACKNOWLEDGED,
        AlertStatus.REPLIED,
        AlertStatus.SNOOZED,
        AlertStatus.RESOLVED,
        AlertStatus.DISMISSED,
    }
)

#: From each status, the statuses that a person or a timer may move the alert to.
TRANSITIONS: Mapping[AlertStatus, frozenset[AlertStatus]] = {
    AlertStatus.OPEN: _ALL_STATUSES - {AlertStatus.OPEN},
    AlertStatus.ACKNOWLEDGED: _ALL_STATUSES - {AlertStatus.ACKNOWLEDGED},
    AlertStatus.REPLIED: _ALL_STATUSES - {AlertStatus.REPLIED},
    AlertStatus.SNOOZED: _ALL_STATUSES - {AlertStatus.SNOOZED},
    AlertStatus.RESOLVED: frozenset({AlertStatus.OPEN}),
    AlertStatus.DISMISSED: frozenset({AlertStatus.OPEN}),
}


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """One step of an escalation: whom to call when nobody has taken an alert."""

    #: seconds since the alert became open, of working time where its limits count that
    after: float
    mention: str = ""
    channel: str = ""  #: empty for the card's own


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaLimits:
    """How soon people must act on an alert, in seconds; None is no limit.

    An alert keeps those it was opened with: editing its rule changes nothing that is under way.
    """

    acknowledge: float | None = None
    respond: float | None = None
    resolve: float | None = None
    escalate: tuple[EscalationStep, ...] = ()  #: earliest first
    working_hours: bool = False  #: the time counts only while the team works

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked of anybody by any time."""
        return not self.escalate and {self.acknowledge, self.respond, self.resolve} == {None}

    def merge(self, other: SlaLimits) -> SlaLimits:
        """Return the shorter of each limit, and every step of both escalations.

        Only where both count working time does the result: else what is promised by the clock
        would come too late.
        """
        if self.is_empty or other.is_empty:
            return other if self.is_empty else self
        steps = {*self.escalate, *other.escalate}
        by_time = sorted(steps, key=lambda step: (step.after, step.channel, step.mention))
        return SlaLimits(
            acknowledge=_shorter(self.acknowledge, other.acknowledge),
            respond=_shorter(self.respond, other.respond),
            resolve=_shorter(self.resolve, other.resolve),
            escalate=tuple(by_time),
            working_hours=self.working_hours and other.working_hours,
        )

    def delay(self, seconds: float) -> SlaLimits:
        """Return the limits so much later: those of a rule that holds for an alert by then."""
        return SlaLimits(
            acknowledge=_later(self.acknowledge, seconds),
            respond=_later(self.respond, seconds),
            resolve=_later(self.resolve, seconds),
            escalate=tuple(replace(step, after=step.after + seconds) for step in self.escalate),
            working_hours=self.working_hours,
        )


def _later(span: float | None, seconds: float) -> float | None:
    return None if span is None else span + seconds


def _shorter(one: float | None, other: float | None) -> float | None:
    return min((span for span in (one, other) if span is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Until when an alert is left alone: whichever of these comes first wakes it.

    One of them is always set.
    """

    until: datetime | None = None
    members: int | None = None  #: as many reports as it then has
    worse: bool = False  #: until reports come faster than before


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A rule by its id, and its name for people."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition that held, and what made it hold."""

    condition: str  #: the condition's file name: text, stars, ...
    description: str  #: for people: "2 stars or fewer (1)"
    words: tuple[str, ...] = ()  #: the customer's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A rule that held for one feedback, and why."""

    rule_id: str
    rule_name: str
    rule_version: str
    severity: Severity
    live: bool  #: False for a rule in shadow mode: counted, never sent
    feedback: Feedback
    analysis: Analysis
    clauses: tuple[Clause, ...]
    group: str  #: alerts of the same rule and group are one
    cooldown: float = 0  #: seconds after an alert in which a closed problem does not come back
    channel: str = ""  #: empty for the default channel
    mention: str = ""  #: whom the card addresses, as written in the rule
    limits: SlaLimits = SlaLimits()
    #: seconds in which what was resolved comes back as the same alert
    reopen_within: float | None = None
    #: near copies of one text share it, whatever the rule; empty for a text that has none
    copy_group: str = ""
    copy_of: int = 0  #: the earliest feedback whose text this is a near copy of; 0 for none
    advice: str = ""  #: what to do about it, in one line
    #: whether its card may go to the default channel where its own cannot be reached
    fallback: bool = True
    hold_for: float = 0  #: seconds for which matches of the group must come before one alerts
    #: seconds after the last of them in which an alert that is not closed is joined, and in which
    #: what is waiting to have held for long enough may pause; None for what is usual
    keep_for: float | None = None
    card_after: float = 0  #: seconds that the card waits for more to join it
    silenced_by: tuple[Silencer, ...] = ()
    rule_number: int = 0  #: of the rule's change that holds; 0 where none is known

    @property
    def reason(self) -> str:
        """Why it fired, in one line."""
        return " and ".join(clause.description for clause in self.clauses)

    @property
    def matched_words(self) -> tuple[str, ...]:
        """The customer's words that made it fire, each once, in the order found."""
        return tuple(dict.fromkeys(word for clause in self.clauses for word in clause.words))


class MatchOutcome(StrEnum):
    """What became of a match."""

    OPENED = "opened"
    GROUPED = "grouped"
    REOPENED = "reopened"  #: it joins an alert that was resolved, which is open again
    SUPPRESSED = "suppressed"
    ALSO = "also"  #: its feedback is in an alert through another rule: this one is named there


@dataclass(frozen=True, slots=True)
class AlertReference:
    """An alert that is stored, or one that the same batch of decisions opens."""

    alert_id: int = 0  #: 0 for one that is not stored yet
    opener: int = 0  #: the id of the feedback that opens it; 0 for one that is stored

    def __str__(self) -> str:
        return f"alert {self.alert_id}" if self.alert_id else "the alert just opened"


@dataclass(frozen=True, slots=True)
class CardPlace:
    """A channel in which a rule wants an alert to be shown; its own may be among them."""

    channel: str  #: empty for the default channel
    mention: str = ""  #: whom the card there addresses
    #: whether the card may go to the default channel where this one cannot be reached
    fallback: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is done about a match, and the reason, also when nothing is sent."""

    match: Match
    outcome: MatchOutcome
    reason: str
    alert: AlertReference | None = None  #: the one that it opens or joins, or that names it
    #: the less severe alert that its feedback belongs to as well; each names the other
    related: AlertReference | None = None
    #: whether it makes its alert more severe, which people are then called to as to a new one
    raises: bool = False
    #: the limits of all rules that hold, for an alert that it opens or raises; those of its own
    #: rule for one that it is added to
    limits: SlaLimits = SlaLimits()
    places: tuple[CardPlace, ...] = ()  #: where else the alert is shown because of all rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One problem that a team follows until it is closed."""

    id: int
    rule_id: str
    rule_name: str
    rule_version: str
    severity: Severity
    status: AlertStatus
    group: str
    channel: str
    mention: str
    reason: str
    words: tuple[str, ...]
    opened_at: datetime
    updated_at: datetime  #: last time something joined or changed
    #: grows by one with every change: what is shown of it has to be brought up to date
    version: int
    #: grows by one when its status or holder changes; a click made on an older turn changes nothing
    turn: int = 1
    members: int = 1  #: how many feedback are in it
    assignee: Actor | None = None  #: who holds it; None for nobody
    limits: SlaLimits = SlaLimits()
    advice: str = ""  #: what to do about it, in one line
    ticket: str = ""  #: the address of its ticket elsewhere; empty for none
    #: whether it may be shown in the default channel where its own cannot be reached
    fallback: bool = True
    joined_into: int = 0  #: the alert that a person joined it into; 0 for none
    snooze: Snooze | None = None  #: only while it is snoozed
    #: when its clock has to be looked at next; None when nothing is due any more
    next_at: datetime | None = None
    rule_number: int = 0  #: of the rule's change that opened or raised it; 0 for none known


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitStatus:
    """One of an alert's limits, and how it stands."""

    kind: str  #: acknowledge, respond, resolve
    due_at: datetime
    met_at: datetime | None = None  #: when somebody did it; None while it is waited for

    def is_late(self, now: datetime) -> bool:
        """Return whether it was done too late, or is not done and should be."""
        return (self.met_at or now) > self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision:
    """A stored decision about one feedback."""

    rule_id: str
    rule_version: str
    severity: Severity
    live: bool
    outcome: MatchOutcome
    reason: str
    clauses: tuple[Clause, ...]
    alert_id: int  #: 0 for none
    at: datetime
    rule_name: str = ""  #: empty where it was decided before names were kept
    rule_number: int = 0  #: of the rule's change that held then; 0 for none known
