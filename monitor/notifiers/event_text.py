"""What happened to an alert, in one line of plain text or of a notifier's own markup."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.domain.actor import Actor, ActorKind
from monitor.domain.alert import Alert
from monitor.domain.event import DUTY_DETAIL, HANDOVER_DETAIL, AlertEvent, EventKind
from monitor.domain.sla import seconds_by_limit
from monitor.notifiers import wording
from monitor.notifiers.wording import PLAIN_FORMAT, TextFormatter, format_duration

#: From this on it is not said how long something took: the dates tell it well enough.
_MAX_ELAPSED_SECONDS = 3 * 86_400


@dataclass(frozen=True, slots=True)
class _AlertEventContext:
    """An event, its alert where that is known, and how people, times and texts are written."""

    event: AlertEvent
    alert: Alert | None
    formatter: TextFormatter

    @property
    def is_by_person(self) -> bool:
        """Whether a person of the team did it."""
        return self.event.actor.is_person

    @property
    def actor_name(self) -> str:
        """The name of who did it."""
        actor = self.event.actor
        if actor.is_person:
            return self.formatter.actor(actor)
        return self.formatter.text(actor.display_name)

    @property
    def by_actor(self) -> str:
        """The word "by" and who did it; empty where that was no person of the team."""
        return f" by {self.actor_name}" if self.is_by_person else ""

    @property
    def note(self) -> str:
        """The note of the event made safe by the formatter; empty where it has none."""
        return self._format_text(self.event.note)

    @property
    def note_suffix(self) -> str:
        """A colon and the note of the event; empty where it has none."""
        return f": {self.note}" if self.event.note.strip() else ""

    @property
    def elapsed_suffix(self) -> str:
        """The word "after" and how long the alert was open; empty where that is unknown or long."""
        if self.alert is None:
            return ""
        seconds = _seconds_open(self.event, self.alert)
        return f" after {format_duration(seconds)}" if seconds < _MAX_ELAPSED_SECONDS else ""

    def format_detail(self, name: str) -> str:
        """Return one of the event's details made safe by the formatter; empty where missing."""
        return self._format_text(self.event.details.get(name, ""))

    def assignee_name(self) -> str:
        """Return who the event gave the alert to, else who has it now, else "somebody"."""
        assignee = Actor.parse_optional(self.event.details.get("assignee", ""))
        if assignee is None and self.alert:
            assignee = self.alert.assignee
        return self.formatter.person(assignee) if assignee else "somebody"

    def _format_text(self, text: str) -> str:
        return self.formatter.text(text) if text.strip() else ""


def describe_event(
    event: AlertEvent, alert: Alert | None = None, formatter: TextFormatter = PLAIN_FORMAT
) -> str:
    """Return an event in one line, with who did it; with its alert, also how long that took."""
    describe = _DESCRIPTIONS.get(event.kind, _describe_other)
    return describe(_AlertEventContext(event, alert, formatter))


def _describe_other(context: _AlertEventContext) -> str:
    return f"{context.formatter.text(context.event.kind)}{context.by_actor}{context.note_suffix}"


def _describe_opened(context: _AlertEventContext) -> str:
    actor = context.event.actor
    if actor.kind is ActorKind.RULE and actor.id:
        return f"🔔 opened by the rule {context.formatter.text(actor.id)}"
    return f"🔔 opened{context.by_actor}{context.note_suffix}"


def _describe_acknowledged(context: _AlertEventContext) -> str:
    return f"👀 {context.actor_name} took it{context.elapsed_suffix}{context.note_suffix}"


def _describe_assigned(context: _AlertEventContext) -> str:
    details = context.event.details
    if HANDOVER_DETAIL in details:
        return _describe_handed_over(context)
    if DUTY_DETAIL in details:
        return f"👉 {context.assignee_name()} has duty{context.note_suffix}"
    if not context.is_by_person:
        return f"👉 it is the turn of {context.assignee_name()}{context.note_suffix}"
    if details.get("assignee") == str(context.event.actor):
        return _describe_acknowledged(context)
    return f"👉 {context.actor_name} assigned it to {context.assignee_name()}{context.note_suffix}"


def _describe_handed_over(context: _AlertEventContext) -> str:
    before = Actor.parse_optional(context.event.details.get("from", ""))
    giver = context.formatter.person(before) if before else "somebody"
    receiver, actor = context.assignee_name(), context.actor_name
    if before == context.event.actor:
        return f"🤝 {giver} handed it over to {receiver}"
    if receiver == actor:
        return f"🤝 {receiver} took it back from {giver}"
    return f"🤝 {actor} handed it over from {giver} to {receiver}"


def _describe_released(context: _AlertEventContext) -> str:
    if context.is_by_person:
        return f"↩️ {context.actor_name} gave it back: nobody has it{context.note_suffix}"
    before = Actor.parse_optional(context.event.details.get("from", ""))
    holder = f" from {context.formatter.person(before)}" if before else ""
    return f"↩️ no sign of life{holder}: given back, nobody has it{context.note_suffix}"


def _describe_replied(context: _AlertEventContext) -> str:
    answered = f"{context.actor_name} answered the customer"
    if context.event.actor.kind is ActorKind.SOURCE:
        answered = "answered in public by an official account"
    return f"💬 {answered}{context.elapsed_suffix}{context.note_suffix}"


def _describe_resolved(context: _AlertEventContext) -> str:
    root_cause = context.format_detail("root_cause")
    action_taken = context.format_detail("action_taken")
    facts = wording.join_facts(
        f"root cause: {root_cause}" if root_cause else "",
        f"done: {action_taken}" if action_taken else "",
        context.note,
    )
    resolved = f"✅ resolved{context.by_actor}{context.elapsed_suffix}"
    return f"{resolved} — {facts}" if facts else resolved


def _describe_snoozed(context: _AlertEventContext) -> str:
    snooze = context.alert.snooze if context.alert else None
    until = f" {wording.format_snooze(snooze, context.formatter)}" if snooze else ""
    return f"💤 {context.actor_name} put it away{until}{context.note_suffix}"


def _describe_woken(context: _AlertEventContext) -> str:
    if context.is_by_person:
        return f"🔔 {context.actor_name} woke it{context.note_suffix}"
    why = _WAKE_PHRASES.get(context.event.details.get("why", ""), "it is back")
    return f"🔔 {why}{context.note_suffix}"


def _describe_reopened(context: _AlertEventContext) -> str:
    if context.is_by_person:
        return f"🔁 {context.actor_name} opened it again{context.note_suffix}"
    return f"🔁 the same came back{context.note_suffix}"


def _describe_raised(context: _AlertEventContext) -> str:
    """Return how severe the alert is from then on, and which rule says so."""
    rule = context.format_detail("rule") or context.formatter.text(context.event.actor.id)
    severity = context.format_detail("severity")
    return f"🔺 now {severity}, by the rule {rule}{context.note_suffix}"


def _describe_redirected(context: _AlertEventContext) -> str:
    channel = context.format_detail("channel_meant")
    return f"📪 meant for {channel} too, which cannot be reached"


def _describe_related(context: _AlertEventContext) -> str:
    other, rule = context.format_detail("alert"), context.format_detail("rule")
    severity = context.format_detail("severity")
    return f"🔗 the same words stand in alert {other} too ({severity}: {rule})"


def _describe_escalated(context: _AlertEventContext) -> str:
    if context.is_by_person:
        return f"📣 {context.actor_name} asks for help{context.note_suffix}"
    reason = context.note_suffix or ": nobody has taken it"
    return f"📣 escalated{reason}{_waiting_suffix(context)}"


def _waiting_suffix(context: _AlertEventContext) -> str:
    """Return the word "for" and how long the alert has been open.

    Empty where the alert is unknown, only working hours count, or the event has a note.
    """
    alert = context.alert
    if alert is None or alert.limits.working_hours or context.event.note.strip():
        return ""
    return f" for {format_duration(_seconds_open(context.event, alert))}"


def _seconds_open(event: AlertEvent, alert: Alert) -> float:
    return (event.at - alert.opened_at).total_seconds()


def _describe_reminder(context: _AlertEventContext) -> str:
    name = context.event.details.get("limit", "")
    if name == "confirm":
        return f"⏰ no sign of life: still on it? Else it is given back{context.note_suffix}"
    waiting = f"{_UNMET_PHRASES.get(name, 'it waits')}{_waiting_suffix(context)}"
    limit = _format_limit(context, name, " (limit {})")
    return f"⏰ {waiting}{limit}{context.note_suffix}"


def _describe_late(context: _AlertEventContext) -> str:
    name = context.event.details.get("limit", "")
    missed = _MISSED_PHRASES.get(name, "its limit has passed")
    limit = _format_limit(context, name, " within {}")
    return f"🚨 late: {missed}{limit}{context.note_suffix}"


def _format_limit(context: _AlertEventContext, name: str, template: str) -> str:
    """Return the alert's limit of this name, filled into `template`; empty where it has none."""
    if context.alert is None:
        return ""
    limits = context.alert.limits
    seconds = seconds_by_limit(limits).get(name)
    if not seconds:
        return ""
    hours = " of working time" if limits.working_hours else ""
    return template.format(f"{format_duration(seconds)}{hours}")


def _describe_corrected(context: _AlertEventContext) -> str:
    corrected = {name: context.format_detail(name) for name in ("sentiment", "stage", "useful")}
    values = ", ".join(f"{name} is {value}" for name, value in corrected.items() if value)
    rule = context.format_detail("rule")
    values += f" (of the rule {rule})" if rule else ""
    details = f": {values}" if values else ""
    return f"✏️ {context.actor_name} corrected what was read{details}{context.note_suffix}"


def _describe_linked(context: _AlertEventContext) -> str:
    ticket = context.format_detail("ticket")
    done = f"linked a ticket: {ticket}" if ticket else "took the ticket away"
    return f"🎫 {context.actor_name} {done}{context.note_suffix}"


def _describe_joined(context: _AlertEventContext) -> str:
    if into := context.format_detail("into"):
        return f"🔗 {context.actor_name} joined it into alert {into}"
    return f"🔗 {context.actor_name} joined alert {context.format_detail('from')} into this one"


def _describe_parted(context: _AlertEventContext) -> str:
    if source := context.format_detail("from"):
        return f"✂️ {context.actor_name} parted it from alert {source}: it is open again"
    return f"✂️ {context.actor_name} parted alert {context.format_detail('out')} from this one"


def _describe_outcome(context: _AlertEventContext) -> str:
    outcome = context.event.details.get("outcome", "")
    phrase = _OUTCOME_PHRASES.get(outcome, "🔎 the customer reacted")
    before, after = context.format_detail("before"), context.format_detail("after")
    from_to = f" from {before} to {after}" if before and after else ""
    return f"{phrase}{from_to}{context.note_suffix}"


def _actor_phrase(mark: str, predicate: str) -> Callable[[_AlertEventContext], str]:
    """Return the description of an event as in "👍 Anna is still on it"."""
    return lambda context: f"{mark} {context.actor_name} {predicate}{context.note_suffix}"


def _fixed_phrase(phrase: str) -> Callable[[_AlertEventContext], str]:
    """Return the description of an event by a phrase that does not name its actor."""
    return lambda context: f"{phrase}{context.note_suffix}"


_UNMET_PHRASES: Mapping[str, str] = {
    "acknowledge": "nobody has taken it",
    "respond": "the customer has no answer",
    "resolve": "it is not resolved",
}
_MISSED_PHRASES: Mapping[str, str] = {
    "acknowledge": "nobody took it",
    "respond": "the customer had no answer",
    "resolve": "it was not resolved",
}
_WAKE_PHRASES: Mapping[str, str] = {
    "time": "the time is over: it is back",
    "members": "more reports came: it is back",
    "worse": "it gets worse: it is back",
}
_OUTCOME_PHRASES: Mapping[str, str] = {
    "rating_raised": "⭐ the customer raised the rating",
    "rating_lowered": "📉 the customer lowered the rating",
    "edited": "✏️ the customer changed the words",
    "deleted": "🗑️ the customer took the words back",
    "came_back": "👋 the customer wrote again",
}
_DESCRIPTIONS: Mapping[EventKind, Callable[[_AlertEventContext], str]] = {
    EventKind.OPENED: _describe_opened,
    EventKind.GROUPED: _fixed_phrase("➕ another report joined"),
    EventKind.ACKNOWLEDGED: _describe_acknowledged,
    EventKind.ASSIGNED: _describe_assigned,
    EventKind.RELEASED: _describe_released,
    EventKind.CONFIRMED: _actor_phrase("👍", "is still on it"),
    EventKind.REPLIED: _describe_replied,
    EventKind.RESOLVED: _describe_resolved,
    EventKind.RECOVERED: _fixed_phrase("💚 all is well again"),
    EventKind.DISMISSED: _actor_phrase("➖", "marked it as not useful"),
    EventKind.SNOOZED: _describe_snoozed,
    EventKind.WOKEN: _describe_woken,
    EventKind.REOPENED: _describe_reopened,
    EventKind.RAISED: _describe_raised,
    EventKind.REDIRECTED: _describe_redirected,
    EventKind.RELATED: _describe_related,
    EventKind.ESCALATED: _describe_escalated,
    EventKind.CORRECTED: _describe_corrected,
    EventKind.NOTED: lambda context: f"📝 {context.actor_name}{context.note_suffix}",
    EventKind.LINKED: _describe_linked,
    EventKind.JOINED: _describe_joined,
    EventKind.PARTED: _describe_parted,
    EventKind.NUDGED: _describe_reminder,
    EventKind.LATE: _describe_late,
    EventKind.REPLY_PROPOSED: _actor_phrase("✍️", "proposes an answer"),
    EventKind.REPLY_QUEUED: _actor_phrase("📤", "publishes an answer"),
    EventKind.REPLY_FAILED: _fixed_phrase("⚠️ the answer could not be published"),
    EventKind.REPLY_UNCERTAIN: _fixed_phrase("⚠️ the answer may or may not be public, please look"),
    EventKind.REPLY_APPROVED: _actor_phrase("👍", "approved the answer"),
    EventKind.REPLY_REJECTED: _actor_phrase("↩️", "sent the answer back"),
    EventKind.OUTCOME: _describe_outcome,
}
