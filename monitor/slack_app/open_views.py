"""What people ask to see in Slack: modals, the Home tab, answers to commands."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.domain.action import Refusal
from monitor.domain.actor import Actor
from monitor.domain.delivery import Card
from monitor.pipeline.ingest import ExtraWrite, IngestResult
from monitor.replies.workflow import ReplyWorkflow
from monitor.slack.errors import TriggerExpired
from monitor.slack.views import action_ids, home, modals
from monitor.slack.views.action_ids import (
    AlertVersion,
    Click,
    ImprovementVersion,
    ListKind,
    PageRequest,
)
from monitor.slack.views.duty import render_handover_modal
from monitor.slack.views.improvements import render_improvement_modal
from monitor.slack.views.reply_text import render_copy_modal
from monitor.slack_app.alert_reader import AlertReader
from monitor.slack_app.audit_desk import is_about_audit
from monitor.slack_app.commands import (
    SlashCommands,
    find_improvement_title,
    is_handover_without_receiver,
)
from monitor.slack_app.interactions import Interaction, InteractionKind
from monitor.slack_app.message_to_feedback import FeedbackCapture
from monitor.slack_app.responder import SlackResponder, View
from monitor.slack_app.rule_desk import RuleDesk, is_about_rule


@dataclass(frozen=True, slots=True)
class ModalBuilder:
    """Builds the modals that clicks open; changes nothing."""

    alerts: AlertReader
    workflow: ReplyWorkflow
    zone: str  #: IANA name: in which times are offered

    def is_slow(self, click: Click) -> bool:
        """Return whether building may take longer than Slack waits: a model drafts the reply."""
        return click.name == action_ids.REPLY and self.workflow.drafter is not None

    def build(self, click: Click, now: datetime) -> View | None:
        """Return the modal; None where the alert is gone or the click opens nothing."""
        alert = self.alerts.load_alert(click.version.alert_id) if click.version else None
        if alert is None:
            return None
        card = alert.card
        match click.name:
            case action_ids.REPLY | action_ids.TEMPLATE:
                return self._reply_modal(card, click.choice)
            case action_ids.RESOLVE:
                return modals.render_resolve_modal(card)
            case action_ids.ASSIGN:
                return modals.render_assign_modal(card)
            case action_ids.SNOOZE:
                return modals.render_snooze_modal(card, now, ZoneInfo(self.zone))
            case action_ids.CORRECT:
                return modals.render_correct_modal(card)
            case action_ids.ESCALATE:
                return modals.render_escalate_modal(card)
            case action_ids.REJECT if click.proposal:
                text = self._reply_text(click.proposal.reply_id)
                return modals.render_reject_modal(click.proposal, text)
            case action_ids.COPY_REPLY if click.proposal:
                text = self._reply_text(click.proposal.reply_id)
                return render_copy_modal(text, card.feedback.url)
            case action_ids.WHY | action_ids.OPEN_CARD:
                url = self.alerts.find_card(alert)
                return modals.render_why_modal(card, alert.events, alert.decisions, url)
        return None

    def _reply_modal(self, card: Card, template: str) -> View:
        draft = self.workflow.draft(card, template=template)
        return modals.render_reply_modal(card, draft, tone=self.workflow.voice.tone)

    def _reply_text(self, reply_id: int) -> str:
        with self.alerts.store.read() as tx:
            reply = self.workflow.find_reply(tx, reply_id)
        return reply.text if reply else ""


_CLICK_AGAIN = "That took too long for Slack to open a dialog. Please click again."
_ALERT_REMOVED = "This alert is no longer there; it was removed with its feedback."
_IMPROVEMENT_REMOVED = "This improvement is no longer there."
_DRAFT_IN_PROGRESS = "One moment: an answer is being drafted."
_MAX_HOMES = 1_000


@dataclass(frozen=True, slots=True)
class ViewPresenter:
    """Shows what people ask for; its methods raise DeliveryError."""

    responder: SlackResponder
    modal_builder: ModalBuilder
    commands: SlashCommands
    feedback_capture: FeedbackCapture
    rule_desk: RuleDesk
    #: by person, the hash of the Home tab that was published last
    _home_hashes: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def show(self, interaction: Interaction, now: datetime, extra_write: ExtraWrite) -> str:
        """Show what was asked for, and return what to tell the person in private besides.

        `extra_write` is part of the transaction of whatever is stored.
        """
        if is_about_audit(interaction):
            return self._judge_missed(interaction, now, extra_write)
        if is_about_rule(interaction):
            return self._act_on_rule(interaction, now, extra_write)
        match interaction.kind:
            case InteractionKind.HOME:
                self.update_home(interaction.person, now)
            case InteractionKind.COMMAND:
                return self._answer_command(interaction, now)
            case InteractionKind.SHORTCUT:
                return self._open_capture_modal(interaction)
            case InteractionKind.SUBMIT:
                return self.feedback_capture.capture(interaction, now, extra_write)
            case InteractionKind.CLICK if interaction.click.page:
                self._show_page(interaction, interaction.click.page, now)
            case InteractionKind.CLICK if _is_in_list(interaction):
                self._show_listed_alert(interaction, now)
            case InteractionKind.CLICK:
                return self._open_for_click(interaction, now)
        return ""

    def renew_answer(self, interaction: Interaction, now: datetime) -> None:
        """Show what is there now in the answer in which something was clicked."""
        if interaction.click.improvement:
            page = PageRequest(ListKind.IMPROVEMENTS)
            message = self.commands.pages.build(page, interaction.actor, now)
            self.responder.replace_answer(interaction, message)
            return
        if version := interaction.click.version:
            message = self.commands.show_alert(version.alert_id, now)
            self.responder.replace_answer(interaction, message)

    def offer_changes(self, interaction: Interaction, now: datetime) -> None:
        """Offer what to change in the rule of an alert that somebody called not useful, if any."""
        if (version := interaction.click.version) is None:
            return
        message = self.rule_desk.suggest(version.alert_id, now)
        if message is not None:
            self.responder.answer_command(interaction, message)

    def update_home(self, person: str, now: datetime) -> None:
        """Bring somebody's Home tab up to date."""
        overview = self.commands.load_overview(Actor.slack(person), now)
        self._publish_home(person, home.render_home(overview))

    def refuse_home(self, person: str, reason: str) -> None:
        """Show in somebody's Home tab why there is nothing to see."""
        self._publish_home(person, home.render_refusal(reason))

    def has_opened_home(self, person: str) -> bool:
        """Return whether somebody has opened their Home tab since the program started."""
        with self._lock:
            return person in self._home_hashes

    def _publish_home(self, person: str, view: View) -> None:
        with self._lock:
            known_hash = self._home_hashes.get(person, "")
        new_hash = self.responder.publish_home(person, view, known_hash)
        with self._lock:
            self._home_hashes[person] = new_hash
            self._home_hashes.move_to_end(person)
            while len(self._home_hashes) > _MAX_HOMES:
                self._home_hashes.popitem(last=False)

    def _answer_command(self, interaction: Interaction, now: datetime) -> str:
        if is_handover_without_receiver(interaction.text):
            return self._open_handover_modal(interaction)
        if (title := find_improvement_title(interaction.text)) is not None:
            return self._open_own_modal(interaction, render_improvement_modal(title=title))
        self.responder.answer_command(interaction, self.commands.answer(interaction, now))
        return ""

    def _open_handover_modal(self, interaction: Interaction) -> str:
        view = render_handover_modal(self.commands.find_held(interaction.actor))
        return self._open_own_modal(interaction, view)

    def _open_improvement_modal(self, interaction: Interaction, version: ImprovementVersion) -> str:
        improvement = self.commands.find_improvement(version.improvement_id)
        if improvement is None:
            return _IMPROVEMENT_REMOVED
        return self._open_own_modal(interaction, render_improvement_modal(improvement))

    def _show_page(self, interaction: Interaction, page: PageRequest, now: datetime) -> None:
        """Show a page to whoever clicked: in the place of the one before, where there is one."""
        message = self.commands.pages.build(page, interaction.actor, now)
        if interaction.click.name == action_ids.OPEN_SUMMARY:
            self.responder.answer_command(interaction, message)
        else:
            self.responder.replace_answer(interaction, message)

    def _judge_missed(
        self, interaction: Interaction, now: datetime, extra_write: ExtraWrite
    ) -> str:
        """Keep what somebody said of a feedback, and show the list with it."""
        desk = self.commands.audit
        shown = desk.judge(interaction, now, lambda tx: extra_write(tx, IngestResult()))
        if isinstance(shown, Refusal):
            return shown.message
        self.responder.replace_answer(interaction, shown)
        return ""

    def _act_on_rule(self, interaction: Interaction, now: datetime, extra_write: ExtraWrite) -> str:
        """Do what was asked about a rule, and show the list anew where it has changed."""
        try:
            done = self.rule_desk.act(interaction, now, lambda tx: extra_write(tx, IngestResult()))
        except TriggerExpired:
            return _CLICK_AGAIN
        if done.is_list_changed:
            message = self.commands.pages.build(PageRequest(ListKind.RULES), interaction.actor, now)
            self.responder.replace_answer(interaction, message)
        return done.told

    def _show_listed_alert(self, interaction: Interaction, now: datetime) -> None:
        """Show an alert of a list with its buttons: it may have no card in any channel."""
        if version := interaction.click.version:
            message = self.commands.show_alert(version.alert_id, now)
            self.responder.answer_command(interaction, message)

    def _open_for_click(self, interaction: Interaction, now: datetime) -> str:
        click, open_view_id = interaction.click, ""
        if click.name == action_ids.HAND_OVER:
            return self._open_handover_modal(interaction)
        if click.improvement:
            return self._open_improvement_modal(interaction, click.improvement)
        if click.name == action_ids.TEMPLATE:  # a select in a modal carries no alert of its own
            version = AlertVersion.from_value(interaction.view.get("private_metadata"))
            click = replace(click, version=version)
            open_view_id = str(interaction.view.get("id", ""))
        if click.version is None:
            return ""
        try:
            return self._show_modal(interaction.trigger, click, open_view_id, now)
        except TriggerExpired:
            return _CLICK_AGAIN

    def _show_modal(self, trigger: str, click: Click, open_view_id: str, now: datetime) -> str:
        """Show the modal of a click, in place of the one that is open."""
        if self.modal_builder.is_slow(click):
            waiting = modals.render_message_modal(_DRAFT_IN_PROGRESS)
            open_view_id = self.responder.open_view(trigger, waiting)
        view = self.modal_builder.build(click, now)
        if open_view_id:
            removed = modals.render_message_modal(_ALERT_REMOVED)
            self.responder.replace_view(open_view_id, view or removed)
        elif view:
            self.responder.open_view(trigger, view)
        else:
            return _ALERT_REMOVED
        return ""

    def _open_capture_modal(self, interaction: Interaction) -> str:
        return self._open_own_modal(interaction, self.feedback_capture.render_modal(interaction))

    def _open_own_modal(self, interaction: Interaction, view: View) -> str:
        """Open a modal that is about no alert, and return what to tell the person besides."""
        try:
            self.responder.open_view(interaction.trigger, view)
        except TriggerExpired:
            return _CLICK_AGAIN
        return ""


def _is_in_list(interaction: Interaction) -> bool:
    """Whether an alert was opened from a list in a message, which can be answered by another."""
    return interaction.click.name == action_ids.OPEN_CARD and bool(interaction.answer_url)
