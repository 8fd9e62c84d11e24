"""What people ask to see: dialogs, the Home tab, answers to commands."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.domain.actor import Actor
from monitor.domain.alert import StoredDecision
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.delivery import Card
from monitor.domain.event import AlertEvent
from monitor.followup.workload import with_waits
from monitor.masking import mask_alert_card, mask_event, mask_explained
from monitor.pipeline.ingest import ExtraWrite
from monitor.replies.workflow import ReplyWorkflow
from monitor.slack.errors import TriggerExpired
from monitor.slack.views import action_ids, home, modals
from monitor.slack.views.action_ids import AlertVersion, Click
from monitor.slack_app.commands import SlashCommands
from monitor.slack_app.interactions import Interaction, InteractionKind
from monitor.slack_app.message_to_feedback import FeedbackCapture
from monitor.slack_app.responder import SlackResponder, View, mention_people
from monitor.store import Store


@dataclass(frozen=True, slots=True)
class MaskedAlert:
    """An alert at one moment, without what must not be shown of the customer."""

    card: Card
    events: Sequence[AlertEvent]
    explained: Sequence[StoredDecision]
    #: the service's own ids of the card's channel and message; empty where there is none
    shown_at: tuple[str, str]


@dataclass(frozen=True, slots=True)
class ModalBuilder:
    """Builds dialogs; changes nothing."""

    store: Store
    answers: ReplyWorkflow
    calendar: BusinessCalendar
    mask: Callable[[str], str]
    address: Callable[[str, str], str]  #: where people see a message

    def is_slow(self, click: Click) -> bool:
        """Whether the dialog may take longer than Slack waits: a model drafts the answer."""
        return click.name == action_ids.REPLY and self.answers.drafter is not None

    def __call__(self, click: Click, now: datetime) -> View | None:
        """The dialog; None where the alert is gone or the click opens nothing."""
        seen = self._load_masked_alert(click.handle.alert_id) if click.handle else None
        if seen is None:
            return None
        card = seen.card
        match click.name:
            case action_ids.REPLY | action_ids.TEMPLATE:
                return self._reply_modal(card, click.choice)
            case action_ids.RESOLVE:
                return modals.render_resolve_modal(card)
            case action_ids.ASSIGN:
                return modals.render_assign_modal(card)
            case action_ids.SNOOZE:
                return modals.render_snooze_modal(card, now, ZoneInfo(self.calendar.zone))
            case action_ids.CORRECT:
                return modals.render_correct_modal(card)
            case action_ids.ESCALATE:
                return modals.render_escalate_modal(card)
            case action_ids.REJECT if click.proposal:
                return modals.render_reject_modal(
                    click.proposal, self._proposed_text(click.proposal.reply_id)
                )
            case action_ids.WHY | action_ids.OPEN_CARD:
                address = self.address(*seen.shown_at) if all(seen.shown_at) else ""
                return modals.render_why_modal(card, seen.events, seen.explained, address)
        return None

    def _reply_modal(self, card: Card, template: str) -> View:
        draft = self.answers.draft(card, template=template)
        return modals.render_reply_modal(card, draft, tone=self.answers.voice.tone)

    def _proposed_text(self, reply_id: int) -> str:
        with self.store.read() as tx:
            reply = self.answers.find_reply(tx, reply_id)
        return reply.text if reply else ""

    def _load_masked_alert(self, alert_id: int) -> MaskedAlert | None:
        with self.store.read() as tx:
            card = tx.alerts.card(alert_id)
            if card is None:
                return None
            events, shown = tx.alerts.events(alert_id), tx.deliveries.find_shown_card(alert_id)
            explained = tx.alerts.list_decisions(card.feedback.id)
        return MaskedAlert(
            with_waits(mask_alert_card(card, self.mask), events, self.calendar),
            [mask_event(event, self.mask) for event in events],
            [mask_explained(one, self.mask) for one in explained],
            (shown.posted_to, shown.message_id) if shown else ("", ""),
        )


_CLICK_AGAIN = "That took too long for Slack to open a dialog. Please click again."
_ALERT_REMOVED = "This alert is no longer there; it was removed with its feedback."
_DRAFT_IN_PROGRESS = "One moment: an answer is being drafted."
_HOMES_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class ViewPresenter:
    """Shows what somebody asked for; raises DeliveryError."""

    voice: SlackResponder
    dialogs: ModalBuilder
    commands: SlashCommands
    capture: FeedbackCapture
    #: the hash of each Home tab that was shown
    _homes: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, interaction: Interaction, now: datetime, extra_write: ExtraWrite) -> str:
        """Show it; what to say in private besides, if anything. `note` goes with whatever is
        stored.
        """
        match interaction.kind:
            case InteractionKind.HOME:
                self.update_home(interaction.person, now)
            case InteractionKind.COMMAND:
                self.voice.answer_command(interaction, self.commands(interaction, now))
            case InteractionKind.SHORTCUT:
                return self._open_capture_modal(interaction)
            case InteractionKind.SUBMIT:
                return self.capture(interaction, now, extra_write)
            case InteractionKind.CLICK:
                return self._open_for_click(interaction, now)
        return ""

    def update_home(self, person: str, now: datetime) -> None:
        """Bring somebody's Home tab up to date."""
        self._publish_home(
            person, home.render_home(self.commands.load_overview(Actor.slack(person), now))
        )

    def refuse_home(self, person: str, says: str) -> None:
        """Say in somebody's Home tab why there is nothing to see."""
        text = {"type": "mrkdwn", "text": mention_people(says)}
        self._publish_home(person, {"type": "home", "blocks": [{"type": "section", "text": text}]})

    def has_opened_home(self, person: str) -> bool:
        """Whether somebody has opened their Home tab since the program started."""
        with self._lock:
            return person in self._homes

    def _publish_home(self, person: str, view: View) -> None:
        with self._lock:
            known = self._homes.get(person, "")
        shown = self.voice.publish_home(person, view, known)
        with self._lock:
            self._homes[person] = shown
            self._homes.move_to_end(person)
            while len(self._homes) > _HOMES_REMEMBERED:
                self._homes.popitem(last=False)

    def _open_for_click(self, interaction: Interaction, now: datetime) -> str:
        click = interaction.click
        if click.name == action_ids.TEMPLATE:
            click = replace(
                click, handle=AlertVersion.from_value(interaction.view.get("private_metadata"))
            )
        if click.handle is None:
            return ""
        shown = str(interaction.view.get("id", "")) if click.name == action_ids.TEMPLATE else ""
        try:
            if self.dialogs.is_slow(click):
                shown = self.voice.open_view(
                    interaction.trigger, modals.render_message_modal(_DRAFT_IN_PROGRESS)
                )
            view = self.dialogs(click, now)
            if view is None and not shown:
                return _ALERT_REMOVED
            if shown:
                self.voice.replace_view(shown, view or modals.render_message_modal(_ALERT_REMOVED))
            elif view:
                self.voice.open_view(interaction.trigger, view)
        except TriggerExpired:
            return _CLICK_AGAIN
        return ""

    def _open_capture_modal(self, interaction: Interaction) -> str:
        try:
            self.voice.open_view(interaction.trigger, self.capture.render_modal(interaction))
        except TriggerExpired:
            return _CLICK_AGAIN
        return ""
