"""What happened to an alert, in one line for people: the same words in a thread, on a console and
in a log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.domain.actor import Actor, ActorKind
from monitor.domain.alert import Alert
from monitor.domain.event import AlertEvent, EventKind
from monitor.notifiers import wording
from monitor.notifiers.wording import PLAIN_FORMAT, TextFormatter, format_duration

# Later than this, how long something took is no news: the times of the two tell.
_LONGEST_TOLD_SECONDS = 3 * 86_400


@dataclass(frozen=True, slots=True)
class _DescribedEvent:
    """An event, and how to speak of it."""

    event: AlertEvent
    alert: Alert | None
    voice: TextFormatter

    @property
    def is_by_person(self) -> bool:
        """Whether a person did it."""
        return self.event.actor.is_person

    @property
    def actor_name(self) -> str:
        """Who did it."""
        actor = self.event.actor
        return self.voice.person(actor) if actor.is_person else self.voice.text(actor.display_name)

    @property
    def by_actor(self) -> str:
        """By whom, where that was a person."""
        return f" by {self.actor_name}" if self.is_by_person else ""

    @property
    def note_suffix(self) -> str:
        """What was said about it."""
        return f": {self.voice.text(self.event.note)}" if self.event.note.strip() else ""

    @property
    def elapsed_suffix(self) -> str:
        """How long it took since the alert was opened."""
        seconds = (
            (self.event.at - self.alert.opened_at).total_seconds()
            if self.alert
            else _LONGEST_TOLD_SECONDS
        )
        return f" after {format_duration(seconds)}" if seconds < _LONGEST_TOLD_SECONDS else ""

    def safe_detail(self, name: str) -> str:
        """One of the details, harmless."""
        given = self.event.details.get(name, "")
        return self.voice.text(given) if given.strip() else ""

    def assignee_name(self) -> str:
        """Whom it was given to."""
        holder = self.alert.assignee if self.alert else None
        given = Actor.parse_optional(self.event.details.get("assignee", "")) or holder
        return self.voice.person(given) if given else "somebody"


def describe_event(
    event: AlertEvent, alert: Alert | None = None, formatter: TextFormatter = PLAIN_FORMAT
) -> str:
    """An event in one line, with who did it; with its alert, also how long it took."""
    return _PHRASES.get(event.kind, _describe_other)(_DescribedEvent(event, alert, formatter))


def _describe_other(context: _DescribedEvent) -> str:
    return f"{context.voice.text(context.event.kind)}{context.by_actor}{context.note_suffix}"


def _describe_opened(context: _DescribedEvent) -> str:
    actor = context.event.actor
    if actor.kind is ActorKind.RULE and actor.id:
        return f"🔔 opened by the rule {context.voice.text(actor.id)}"
    return f"🔔 opened{context.by_actor}{context.note_suffix}"


def _describe_taken(context: _DescribedEvent) -> str:
    return f"👀 {context.actor_name} took it{context.elapsed_suffix}{context.note_suffix}"


def _describe_assigned(context: _DescribedEvent) -> str:
    if not context.is_by_person:
        return f"👉 it is the turn of {context.assignee_name()}{context.note_suffix}"
    if context.event.details.get("assignee") == str(context.event.actor):
        return _describe_taken(context)
    return f"👉 {context.actor_name} assigned it to {context.assignee_name()}{context.note_suffix}"


def _describe_released(context: _DescribedEvent) -> str:
    if context.is_by_person:
        return f"↩️ {context.actor_name} gave it back: nobody has it{context.note_suffix}"
    before = Actor.parse_optional(context.event.details.get("from", ""))
    of = f" from {context.voice.person(before)}" if before else ""
    return f"↩️ no sign of life{of}: given back, nobody has it{context.note_suffix}"


def _describe_replied(context: _DescribedEvent) -> str:
    if context.event.actor.kind is ActorKind.SOURCE:
        return (
            "💬 answered in public by an official "
            f"account{context.elapsed_suffix}{context.note_suffix}"
        )
    return (
        f"💬 {context.actor_name} answered the "
        f"customer{context.elapsed_suffix}{context.note_suffix}"
    )


def _describe_resolved(context: _DescribedEvent) -> str:
    named = (
        ("root cause", context.safe_detail("root_cause")),
        ("done", context.safe_detail("action_taken")),
    )
    facts = [f"{name}: {said}" for name, said in named if said]
    said = context.voice.text(context.event.note) if context.event.note.strip() else ""
    more = " · ".join(part for part in (*facts, said) if part)
    return f"✅ resolved{context.by_actor}{context.elapsed_suffix}" + (f" — {more}" if more else "")


def _describe_dismissed(context: _DescribedEvent) -> str:
    return f"➖ {context.actor_name} marked it as not useful{context.note_suffix}"


def _describe_snoozed(context: _DescribedEvent) -> str:
    snooze = context.alert.snooze if context.alert else None
    until = f" {wording.format_snooze(snooze, context.voice)}" if snooze else ""
    return f"💤 {context.actor_name} put it away{until}{context.note_suffix}"


def _describe_woken(context: _DescribedEvent) -> str:
    why = _WAKE_PHRASES.get(context.event.details.get("why", ""), "it is back")
    return (
        f"🔔 {context.actor_name} woke it{context.note_suffix}"
        if context.is_by_person
        else f"🔔 {why}{context.note_suffix}"
    )


def _describe_reopened(context: _DescribedEvent) -> str:
    return (
        f"🔁 {context.actor_name} opened it again{context.note_suffix}"
        if context.is_by_person
        else f"🔁 the same came back{context.note_suffix}"
    )


def _describe_escalated(context: _DescribedEvent) -> str:
    if context.is_by_person:
        return f"📣 {context.actor_name} asks for help{context.note_suffix}"
    return f"📣 escalated{context.note_suffix or ': nobody has taken it'}{_waiting_suffix(context)}"


def _waiting_suffix(context: _DescribedEvent) -> str:
    """How long an alert has waited, where no calendar stands between."""
    if context.alert is None or context.alert.limits.working_hours or context.event.note.strip():
        return ""
    return f" for {format_duration((context.event.at - context.alert.opened_at).total_seconds())}"


def _describe_reminder(context: _DescribedEvent) -> str:
    name = context.event.details.get("limit", "")
    if name == "confirm":
        return f"⏰ no sign of life: still on it? Else it is given back{context.note_suffix}"
    waiting = _UNMET_PHRASES.get(name, "it waits")
    return (
        "⏰ "
        f"{waiting}{_waiting_suffix(context)}"
        f"{_format_limit(context, name, ' (limit {})')}{context.note_suffix}"
    )


def _describe_late(context: _DescribedEvent) -> str:
    name = context.event.details.get("limit", "")
    return (
        "🚨 late: "
        f"{_MISSED_PHRASES.get(name, 'its limit has passed')}"
        f"{_format_limit(context, name, ' within {}')}{context.note_suffix}"
    )


def _format_limit(context: _DescribedEvent, name: str, form: str) -> str:
    """The limit in words, with what an alert of that kind has; empty where it is not known."""
    limits = context.alert.limits if context.alert else None
    known = (
        {"acknowledge": limits.acknowledge, "respond": limits.respond, "resolve": limits.resolve}
        if limits
        else {}
    )
    seconds = known.get(name)
    hours = " of working time" if limits and limits.working_hours else ""
    return form.format(f"{format_duration(seconds)}{hours}") if seconds else ""


def _describe_corrected(context: _DescribedEvent) -> str:
    named = (("sentiment", "sentiment"), ("stage", "stage"), ("useful", "useful"))
    said = ", ".join(
        f"{name} is {context.safe_detail(key)}" for key, name in named if context.safe_detail(key)
    )
    return (
        f"✏️ {context.actor_name} corrected what was "
        f"read{f': {said}' if said else ''}{context.note_suffix}"
    )


def _describe_proposed(context: _DescribedEvent) -> str:
    return f"✍️ {context.actor_name} proposes an answer{context.note_suffix}"


def _describe_outcome(context: _DescribedEvent) -> str:
    before, after = context.safe_detail("before"), context.safe_detail("after")
    from_to = f" from {before} to {after}" if before and after else ""
    said = _OUTCOME_PHRASES.get(context.event.details.get("outcome", ""), "🔎 the customer reacted")
    return f"{said}{from_to}{context.note_suffix}"


def _make_person_phrase(mark: str, said: str) -> Callable[[_DescribedEvent], str]:
    return lambda told: f"{mark} {told.actor_name} {said}{told.note_suffix}"


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
_PHRASES: Mapping[EventKind, Callable[[_DescribedEvent], str]] = {
    EventKind.OPENED: _describe_opened,
    EventKind.GROUPED: lambda told: f"➕ another report joined{told.note_suffix}",
    EventKind.ACKNOWLEDGED: _describe_taken,
    EventKind.ASSIGNED: _describe_assigned,
    EventKind.RELEASED: _describe_released,
    EventKind.CONFIRMED: _make_person_phrase("👍", "is still on it"),
    EventKind.REPLIED: _describe_replied,
    EventKind.RESOLVED: _describe_resolved,
    EventKind.RECOVERED: lambda told: f"💚 all is well again{told.note_suffix}",
    EventKind.DISMISSED: _describe_dismissed,
    EventKind.SNOOZED: _describe_snoozed,
    EventKind.WOKEN: _describe_woken,
    EventKind.REOPENED: _describe_reopened,
    EventKind.ESCALATED: _describe_escalated,
    EventKind.CORRECTED: _describe_corrected,
    EventKind.NOTED: lambda told: f"📝 {told.actor_name}{told.note_suffix}",
    EventKind.NUDGED: _describe_reminder,
    EventKind.LATE: _describe_late,
    EventKind.REPLY_PROPOSED: _describe_proposed,
    EventKind.REPLY_QUEUED: _make_person_phrase("📤", "publishes an answer"),
    EventKind.REPLY_FAILED: lambda told: f"⚠️ the answer could not be published{told.note_suffix}",
    EventKind.REPLY_UNCERTAIN: lambda told: (
        f"⚠️ the answer may or may not be public, please look{told.note_suffix}"
    ),
    EventKind.REPLY_APPROVED: _make_person_phrase("👍", "approved the answer"),
    EventKind.REPLY_REJECTED: _make_person_phrase("↩️", "sent the answer back"),
    EventKind.OUTCOME: _describe_outcome,
}
