"""What people ask to see: dialogs, the Home tab, answers to commands."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.domain.alert import AlertEvent, Explained
from monitor.domain.business_hours import Calendar
from monitor.domain.delivery import Card
from monitor.followup.workload import with_waits
from monitor.masking import masked, masked_event, masked_explained
from monitor.pipeline.ingest import Note
from monitor.replies.workflow import Answers
from monitor.slack.errors import TriggerExpired
from monitor.slack.views import action_ids, home, modals
from monitor.slack.views.action_ids import Click, Handle
from monitor.slack_app.commands import Commands
from monitor.slack_app.interactions import Arrival, Kind
from monitor.slack_app.message_to_feedback import Capture
from monitor.slack_app.replies import View, Voice, in_words
from monitor.store import Store


@dataclass(frozen=True, slots=True)
class Seen:
    """An alert at one moment, without what must not be shown of the customer."""

    card: Card
    events: Sequence[AlertEvent]
    explained: Sequence[Explained]
    #: the service's own ids of the card's channel and message; empty where there is none
    shown_at: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Dialogs:
    """Builds dialogs; changes nothing."""

    store: Store
    answers: Answers
    calendar: Calendar
    mask: Callable[[str], str]
    address: Callable[[str, str], str]  #: where people see a message

    def slow(self, click: Click) -> bool:
        """Whether the dialog may take longer than Slack waits: a model drafts the answer."""
        return click.name == action_ids.REPLY and self.answers.drafter is not None

    def __call__(self, click: Click, now: datetime) -> View | None:
        """The dialog; None where the alert is gone or the click opens nothing."""
        seen = self._seen(click.handle.alert_id) if click.handle else None
        if seen is None:
            return None
        card = seen.card
        match click.name:
            case action_ids.REPLY | action_ids.TEMPLATE:
                return self._reply(card, click.choice)
            case action_ids.RESOLVE:
                return modals.resolve(card)
            case action_ids.ASSIGN:
                return modals.assign(card)
            case action_ids.SNOOZE:
                return modals.snooze(card, now, ZoneInfo(self.calendar.zone))
            case action_ids.CORRECT:
                return modals.correct(card)
            case action_ids.ESCALATE:
                return modals.escalate(card)
            case action_ids.REJECT if click.proposal:
                return modals.send_back(click.proposal, self._proposed(click.proposal.reply_id))
            case action_ids.WHY | action_ids.OPEN_CARD:
                address = self.address(*seen.shown_at) if all(seen.shown_at) else ""
                return modals.why(card, seen.events, seen.explained, address)
        return None

    def _reply(self, card: Card, template: str) -> View:
        draft = self.answers.draft(card, template=template)
        return modals.reply(card, draft, voice=self.answers.voice.tone)

    def _proposed(self, reply_id: int) -> str:
        with self.store.read() as tx:
            reply = self.answers.proposal(tx, reply_id)
        return reply.text if reply else ""

    def _seen(self, alert_id: int) -> Seen | None:
        with self.store.read() as tx:
            card = tx.alerts.card(alert_id)
            if card is None:
                return None
            events, shown = tx.alerts.events(alert_id), tx.deliveries.shown(alert_id)
            explained = tx.alerts.explained(card.feedback.id)
        return Seen(
            with_waits(masked(card, self.mask), events, self.calendar),
            [masked_event(event, self.mask) for event in events],
            [masked_explained(one, self.mask) for one in explained],
            (shown.posted_to, shown.message_id) if shown else ("", ""),
        )


_AGAIN = "That took too long for Slack to open a dialog. Please click again."
_GONE = "This alert is no longer there; it was removed with its feedback."
_MOMENT = "One moment: an answer is being drafted."
_HOMES_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Shows:
    """Shows what somebody asked for; raises DeliveryError."""

    voice: Voice
    dialogs: Dialogs
    commands: Commands
    capture: Capture
    #: the hash of each Home tab that was shown
    _homes: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, arrival: Arrival, now: datetime, note: Note) -> str:
        """Show it; what to say in private besides, if anything. `note` goes with whatever is
        stored.
        """
        match arrival.kind:
            case Kind.HOME:
                self.home(arrival.person, now)
            case Kind.COMMAND:
                self.voice.answer(arrival, self.commands(arrival, now))
            case Kind.SHORTCUT:
                return self._ask(arrival)
            case Kind.SUBMIT:
                return self.capture(arrival, now, note)
            case Kind.CLICK:
                return self._click(arrival, now)
        return ""

    def home(self, person: str, now: datetime) -> None:
        """Bring somebody's Home tab up to date."""
        self._publish(person, home.view(self.commands.overview(f"user:{person}", now)))

    def shut(self, person: str, says: str) -> None:
        """Say in somebody's Home tab why there is nothing to see."""
        text = {"type": "mrkdwn", "text": in_words(says)}
        self._publish(person, {"type": "home", "blocks": [{"type": "section", "text": text}]})

    def watches_home(self, person: str) -> bool:
        """Whether somebody has opened their Home tab since the program started."""
        with self._lock:
            return person in self._homes

    def _publish(self, person: str, view: View) -> None:
        with self._lock:
            known = self._homes.get(person, "")
        shown = self.voice.publish(person, view, known)
        with self._lock:
            self._homes[person] = shown
            self._homes.move_to_end(person)
            while len(self._homes) > _HOMES_REMEMBERED:
                self._homes.popitem(last=False)

    def _click(self, arrival: Arrival, now: datetime) -> str:
        click = arrival.click
        if click.name == action_ids.TEMPLATE:
            click = replace(click, handle=Handle.parse(arrival.view.get("private_metadata")))
        if click.handle is None:
            return ""
        shown = str(arrival.view.get("id", "")) if click.name == action_ids.TEMPLATE else ""
        try:
            if self.dialogs.slow(click):
                shown = self.voice.open(arrival.trigger, modals.message(_MOMENT))
            view = self.dialogs(click, now)
            if view is None and not shown:
                return _GONE
            if shown:
                self.voice.replace(shown, view or modals.message(_GONE))
            elif view:
                self.voice.open(arrival.trigger, view)
        except TriggerExpired:
            return _AGAIN
        return ""

    def _ask(self, arrival: Arrival) -> str:
        try:
            self.voice.open(arrival.trigger, self.capture.dialog(arrival))
        except TriggerExpired:
            return _AGAIN
        return ""
