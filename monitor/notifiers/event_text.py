"""What happened to an alert, in one line for people: the same words in a thread, on a console and
in a log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.domain.alert import Alert, AlertEvent
from monitor.notifiers import wording
from monitor.notifiers.wording import PLAIN, Voice, duration

# Later than this, how long something took is no news: the times of the two tell.
_WORTH_TELLING = 3 * 86_400


@dataclass(frozen=True, slots=True)
class _Told:
    """An event, and how to speak of it."""

    event: AlertEvent
    alert: Alert | None
    voice: Voice

    @property
    def by_person(self) -> bool:
        """Whether a person did it."""
        return self.event.actor.startswith(("user:", "cli:"))

    @property
    def who(self) -> str:
        """Who did it."""
        if self.by_person:
            return self.voice.person(self.event.actor)
        return (
            "repwatch"
            if self.event.actor == "system"
            else self.voice.text(self.event.actor.partition(":")[2])
        )

    @property
    def by(self) -> str:
        """By whom, where that was a person."""
        return f" by {self.who}" if self.by_person else ""

    @property
    def note(self) -> str:
        """What was said about it."""
        return f": {self.voice.text(self.event.note)}" if self.event.note.strip() else ""

    @property
    def after(self) -> str:
        """How long it took since the alert was opened."""
        seconds = (
            (self.event.at - self.alert.opened_at).total_seconds() if self.alert else _WORTH_TELLING
        )
        return f" after {duration(seconds)}" if seconds < _WORTH_TELLING else ""

    def detail(self, name: str) -> str:
        """One of the details, harmless."""
        given = self.event.details.get(name, "")
        return self.voice.text(given) if given.strip() else ""

    def whom(self) -> str:
        """Whom it was given to."""
        given = self.event.details.get("assignee", "") or (
            self.alert.assignee if self.alert else ""
        )
        return self.voice.person(given) if given else "somebody"


def happened(event: AlertEvent, alert: Alert | None = None, voice: Voice = PLAIN) -> str:
    """An event in one line, with who did it; with its alert, also how long it took."""
    return _PHRASES.get(event.kind, _other)(_Told(event, alert, voice))


def _other(told: _Told) -> str:
    return f"{told.voice.text(told.event.kind)}{told.by}{told.note}"


def _opened(told: _Told) -> str:
    rule = told.event.actor.removeprefix("rule:") if told.event.actor.startswith("rule:") else ""
    return (
        f"🔔 opened by the rule {told.voice.text(rule)}"
        if rule
        else f"🔔 opened{told.by}{told.note}"
    )


def _taken(told: _Told) -> str:
    return f"👀 {told.who} took it{told.after}{told.note}"


def _assigned(told: _Told) -> str:
    if not told.by_person:
        return f"👉 it is the turn of {told.whom()}{told.note}"
    if told.event.details.get("assignee") == told.event.actor:
        return _taken(told)
    return f"👉 {told.who} assigned it to {told.whom()}{told.note}"


def _released(told: _Told) -> str:
    if told.by_person:
        return f"↩️ {told.who} gave it back: nobody has it{told.note}"
    before = told.event.details.get("from", "")
    of = f" from {told.voice.person(before)}" if before else ""
    return f"↩️ no sign of life{of}: given back, nobody has it{told.note}"


def _replied(told: _Told) -> str:
    if told.event.actor.startswith("source:"):
        return f"💬 answered in public by an official account{told.after}{told.note}"
    return f"💬 {told.who} answered the customer{told.after}{told.note}"


def _resolved(told: _Told) -> str:
    named = (("root cause", told.detail("root_cause")), ("done", told.detail("action_taken")))
    facts = [f"{name}: {said}" for name, said in named if said]
    said = told.voice.text(told.event.note) if told.event.note.strip() else ""
    more = " · ".join(part for part in (*facts, said) if part)
    return f"✅ resolved{told.by}{told.after}" + (f" — {more}" if more else "")


def _dismissed(told: _Told) -> str:
    return f"➖ {told.who} marked it as not useful{told.note}"


def _snoozed(told: _Told) -> str:
    snooze = told.alert.snooze if told.alert else None
    until = f" {wording.snoozed(snooze, told.voice)}" if snooze else ""
    return f"💤 {told.who} put it away{until}{told.note}"


def _woken(told: _Told) -> str:
    why = _WOKEN.get(told.event.details.get("why", ""), "it is back")
    return f"🔔 {told.who} woke it{told.note}" if told.by_person else f"🔔 {why}{told.note}"


def _reopened(told: _Told) -> str:
    return (
        f"🔁 {told.who} opened it again{told.note}"
        if told.by_person
        else f"🔁 the same came back{told.note}"
    )


def _escalated(told: _Told) -> str:
    if told.by_person:
        return f"📣 {told.who} asks for help{told.note}"
    return f"📣 escalated{told.note or ': nobody has taken it'}{_since(told)}"


def _since(told: _Told) -> str:
    """How long an alert has waited, where no calendar stands between."""
    if told.alert is None or told.alert.limits.working_hours or told.event.note.strip():
        return ""
    return f" for {duration((told.event.at - told.alert.opened_at).total_seconds())}"


def _nudged(told: _Told) -> str:
    name = told.event.details.get("limit", "")
    if name == "confirm":
        return f"⏰ no sign of life: still on it? Else it is given back{told.note}"
    waiting = _WAITING.get(name, "it waits")
    return f"⏰ {waiting}{_since(told)}{_limit(told, name, ' (limit {})')}{told.note}"


def _late(told: _Told) -> str:
    name = told.event.details.get("limit", "")
    return f"🚨 late: {_MISSED.get(name, 'its limit has passed')}{_limit(told, name, ' within {}')}{told.note}"


def _limit(told: _Told, name: str, form: str) -> str:
    """The limit in words, with what an alert of that kind has; empty where it is not known."""
    limits = told.alert.limits if told.alert else None
    known = (
        {"acknowledge": limits.acknowledge, "respond": limits.respond, "resolve": limits.resolve}
        if limits
        else {}
    )
    seconds = known.get(name)
    hours = " of working time" if limits and limits.working_hours else ""
    return form.format(f"{duration(seconds)}{hours}") if seconds else ""


def _corrected(told: _Told) -> str:
    named = (("sentiment", "sentiment"), ("stage", "stage"), ("useful", "useful"))
    said = ", ".join(f"{name} is {told.detail(key)}" for key, name in named if told.detail(key))
    return f"✏️ {told.who} corrected what was read{f': {said}' if said else ''}{told.note}"


def _proposed(told: _Told) -> str:
    return f"✍️ {told.who} proposes an answer{told.note}"


def _outcome(told: _Told) -> str:
    before, after = told.detail("before"), told.detail("after")
    from_to = f" from {before} to {after}" if before and after else ""
    said = _OUTCOMES.get(told.event.details.get("outcome", ""), "🔎 the customer reacted")
    return f"{said}{from_to}{told.note}"


def _by_person(mark: str, said: str) -> Callable[[_Told], str]:
    return lambda told: f"{mark} {told.who} {said}{told.note}"


_WAITING: Mapping[str, str] = {
    "acknowledge": "nobody has taken it",
    "respond": "the customer has no answer",
    "resolve": "it is not resolved",
}
_MISSED: Mapping[str, str] = {
    "acknowledge": "nobody took it",
    "respond": "the customer had no answer",
    "resolve": "it was not resolved",
}
_WOKEN: Mapping[str, str] = {
    "time": "the time is over: it is back",
    "members": "more reports came: it is back",
    "worse": "it gets worse: it is back",
}
_OUTCOMES: Mapping[str, str] = {
    "rating_raised": "⭐ the customer raised the rating",
    "rating_lowered": "📉 the customer lowered the rating",
    "edited": "✏️ the customer changed the words",
    "deleted": "🗑️ the customer took the words back",
    "came_back": "👋 the customer wrote again",
}
_PHRASES: Mapping[str, Callable[[_Told], str]] = {
    "opened": _opened,
    "grouped": lambda told: f"➕ another report joined{told.note}",
    "acknowledged": _taken,
    "assigned": _assigned,
    "released": _released,
    "confirmed": _by_person("👍", "is still on it"),
    "replied": _replied,
    "resolved": _resolved,
    "recovered": lambda told: f"💚 all is well again{told.note}",
    "dismissed": _dismissed,
    "snoozed": _snoozed,
    "woken": _woken,
    "reopened": _reopened,
    "escalated": _escalated,
    "corrected": _corrected,
    "noted": lambda told: f"📝 {told.who}{told.note}",
    "nudged": _nudged,
    "late": _late,
    "reply_proposed": _proposed,
    "reply_queued": _by_person("📤", "publishes an answer"),
    "reply_failed": lambda told: f"⚠️ the answer could not be published{told.note}",
    "reply_uncertain": lambda told: (
        f"⚠️ the answer may or may not be public, please look{told.note}"
    ),
    "reply_approved": _by_person("👍", "approved the answer"),
    "reply_rejected": _by_person("↩️", "sent the answer back"),
    "outcome": _outcome,
}
