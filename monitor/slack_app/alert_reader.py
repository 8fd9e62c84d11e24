"""An alert as it may be shown to a person, and where its card is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor.domain.alert import StoredDecision
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.delivery import Card
from monitor.domain.event import AlertEvent
from monitor.followup.workload import with_limit_statuses
from monitor.masking import mask_alert_card, mask_event, mask_explained
from monitor.store import Store


@dataclass(frozen=True, slots=True)
class MaskedAlert:
    """An alert at one moment, without what must not be shown of the customer."""

    card: Card
    events: Sequence[AlertEvent]
    decisions: Sequence[StoredDecision]
    #: the channel and the ts of the card's message in Slack; empty where there is none
    message: tuple[str, str]


@dataclass(frozen=True, slots=True)
class AlertReader:
    """Reads alerts from the store; changes nothing."""

    store: Store
    calendar: BusinessCalendar
    mask: Callable[[str], str]  #: applies the privacy setting to a text
    find_permalink: Callable[[str, str], str]  #: of a message, by its channel and ts

    def load_alert(self, alert_id: int) -> MaskedAlert | None:
        """Return the alert as it stands, or None where there is none."""
        with self.store.read() as tx:
            card = tx.alerts.card(alert_id)
            if card is None:
                return None
            events = tx.alerts.events(alert_id)
            delivery = tx.deliveries.find_shown_card(alert_id)
            decisions = tx.alerts.list_decisions(card.feedback.id)
        return MaskedAlert(
            with_limit_statuses(mask_alert_card(card, self.mask), events, self.calendar),
            [mask_event(event, self.mask) for event in events],
            [mask_explained(decision, self.mask) for decision in decisions],
            (delivery.posted_to, delivery.message_id) if delivery else ("", ""),
        )

    def find_card(self, alert: MaskedAlert) -> str:
        """Return where people see the alert's card; empty where it is not shown."""
        return self.find_permalink(*alert.message) if all(alert.message) else ""
