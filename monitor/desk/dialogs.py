"""Which dialog a click opens, with the alert as it is now in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.alert import AlertEvent, Card
from monitor.hours import Calendar
from monitor.notifiers.slack import controls, modals
from monitor.notifiers.slack.controls import Click
from monitor.pipeline.answer import Answers
from monitor.pipeline.masking import masked, masked_event, masked_explained
from monitor.pipeline.overview import with_waits
from monitor.store import Store
from monitor.store.values import Explained

View = Mapping[str, Any]


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
        return click.name == controls.REPLY and self.answers.drafter is not None

    def __call__(self, click: Click, now: datetime) -> View | None:
        """The dialog; None where the alert is gone or the click opens nothing."""
        seen = self._seen(click.handle.alert_id) if click.handle else None
        if seen is None:
            return None
        card = seen.card
        match click.name:
            case controls.REPLY | controls.TEMPLATE:
                return self._reply(card, click.choice)
            case controls.RESOLVE:
                return modals.resolve(card)
            case controls.ASSIGN:
                return modals.assign(card)
            case controls.SNOOZE:
                return modals.snooze(card, now, ZoneInfo(self.calendar.zone))
            case controls.CORRECT:
                return modals.correct(card)
            case controls.ESCALATE:
                return modals.escalate(card)
            case controls.REJECT if click.proposal:
                return modals.send_back(click.proposal, self._proposed(click.proposal.reply_id))
            case controls.WHY | controls.OPEN_CARD:
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
