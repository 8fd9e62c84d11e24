"""What people do to alerts, applied in the transaction that marks the inbox entry as done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.action import Action, ActionKind, Refusal
from monitor.domain.actor import Actor
from monitor.domain.alert import Alert
from monitor.domain.delivery import VIA_THREAD, DeliveryKind
from monitor.domain.event import AlertEvent
from monitor.followup.act import apply_action
from monitor.followup.handover import (
    HandoverRequest,
    describe_outcome,
    give_back,
    hand_over,
)
from monitor.followup.reminders import queue_reminder
from monitor.notifiers.notice_text import format_local_time
from monitor.replies.workflow import ReplyWorkflow
from monitor.slack.views import action_ids
from monitor.slack.views.duty import parse_carried_turns
from monitor.slack.views.forms import ASSIGNEE, HOW, NOTE, PUBLISH, TEXT
from monitor.slack_app.digest_commands import send_previewed_digest
from monitor.slack_app.improvement_desk import apply_improvement, is_about_improvement
from monitor.slack_app.interactions import RESOLVE_EMOJI, TAKE_EMOJI, Interaction, InteractionKind
from monitor.slack_app.permissions import Role
from monitor.store import Transaction

#: Buttons that act at once; every other button opens something.
_CLICK_ACTIONS: Mapping[str, ActionKind] = {
    action_ids.TAKE: ActionKind.TAKE,
    action_ids.WAKE: ActionKind.WAKE,
    action_ids.REOPEN: ActionKind.REOPEN,
    action_ids.CONFIRM: ActionKind.CONFIRM,
    action_ids.DISMISS: ActionKind.DISMISS,
}
_REACTION_ACTIONS: Mapping[str, ActionKind] = {
    TAKE_EMOJI: ActionKind.TAKE,
    RESOLVE_EMOJI: ActionKind.RESOLVE,
}
#: Buttons that change something at once and are no action on the one alert that they carry.
_OTHER_CHANGES = (
    action_ids.APPROVE,
    action_ids.GIVE_BACK,
    action_ids.SEND_DIGEST,
    action_ids.FINISH_IMPROVEMENT,
)
_FOR_MANAGERS = (
    action_ids.APPROVE,
    action_ids.REJECT,
    action_ids.SEND_DIGEST,
    *action_ids.RULE_FORMS,
    *action_ids.IN_RULE_MENU,
    *action_ids.SUGGESTION_BUTTONS,
    *action_ids.AUDIT_BUTTONS,
)

#: Somebody who writes line after line gives one sign of life in this time.
_CONFIRM_EVERY = timedelta(minutes=5)
_MESSAGE_TOO_OLD = (
    "This message is too old to be used: open the Home tab of repwatch, or /repwatch open."
)


def required_role(interaction: Interaction) -> Role:
    """Return the role that a person needs for an interaction."""
    match interaction.kind:
        case InteractionKind.CLICK:
            control = interaction.click.name
        case InteractionKind.SUBMIT:
            control = interaction.form_submission.callback
        case _:
            return Role.AGENT
    return Role.MANAGER if control in _FOR_MANAGERS else Role.AGENT


def asks_for_suggestions(interaction: Interaction) -> bool:
    """Return whether somebody who said that an alert is not useful can be offered changes."""
    is_click = interaction.kind is InteractionKind.CLICK and bool(interaction.answer_url)
    return is_click and interaction.click.name == action_ids.DISMISS


def changes_alert(interaction: Interaction) -> bool:
    """Return whether an interaction changes an alert at once, rather than shows something."""
    match interaction.kind:
        case InteractionKind.CLICK:
            control = interaction.click.name
            return control in _CLICK_ACTIONS or control in _OTHER_CHANGES
        case InteractionKind.SUBMIT:
            shown = (action_ids.CAPTURE, *action_ids.RULE_FORMS)
            return interaction.form_submission.callback not in shown
    return interaction.kind in (InteractionKind.REACTION, InteractionKind.WORDS)


@dataclass(frozen=True, slots=True)
class ActionExecutor:
    """Applies to alerts what people click, send off, react with and write."""

    workflow: ReplyWorkflow
    managers: Sequence[str] = ()  #: whom an escalation calls where its rule names nobody
    zone: str = "UTC"  #: IANA name: in which times are told

    def execute(
        self, tx: Transaction, interaction: Interaction, now: datetime, *, is_manager: bool = False
    ) -> str:
        """Apply an interaction, and return what to tell the person in private.

        The text is empty where the card shows all there is to know.
        """
        if is_about_improvement(interaction):
            return apply_improvement(tx, interaction, now, is_manager=is_manager)
        outcome: Alert | Refusal | None = None
        match interaction.kind:
            case InteractionKind.CLICK if interaction.click.name == action_ids.GIVE_BACK:
                return _give_back(tx, interaction, now)
            case InteractionKind.CLICK if interaction.click.name == action_ids.SEND_DIGEST:
                order_id = interaction.action.get("value")
                return send_previewed_digest(tx, order_id, now)
            case InteractionKind.CLICK:
                outcome = self._apply_click(tx, interaction, now)
            case InteractionKind.SUBMIT if _is_handover(interaction):
                return _hand_over(tx, interaction, now)
            case InteractionKind.SUBMIT if interaction.form_submission.remind_at:
                return self._remind(tx, interaction, now)
            case InteractionKind.SUBMIT:
                outcome = self._apply_form(tx, interaction, now)
            case InteractionKind.REACTION:
                outcome = _apply_reaction(tx, interaction, now)
            case InteractionKind.WORDS:
                _record_sign_of_life(tx, interaction, now)
        return outcome.message if isinstance(outcome, Refusal) else ""

    def _apply_click(
        self, tx: Transaction, interaction: Interaction, now: datetime
    ) -> Alert | Refusal:
        click = interaction.click
        if click.proposal and click.name == action_ids.APPROVE:
            return self.workflow.approve(tx, click.proposal.reply_id, interaction.actor, now)
        if click.version is None:
            return Refusal(_MESSAGE_TOO_OLD)
        action = Action(
            kind=_CLICK_ACTIONS[click.name],
            actor=interaction.actor,
            via="slack:home" if interaction.view else "slack:button",
            turn=click.version.turn,
        )
        return apply_action(tx, click.version.alert_id, action, now)

    def _remind(self, tx: Transaction, interaction: Interaction, now: datetime) -> str:
        """Remind the person of the alert at the time that they chose, and say so."""
        form = interaction.form_submission
        if form.version is None or form.remind_at is None:
            return _MESSAGE_TOO_OLD
        refusal = queue_reminder(
            tx,
            form.version.alert_id,
            interaction.actor,
            form.remind_at,
            now,
            request_id=interaction.dedupe_key,
        )
        if refusal:
            return refusal.message
        at = format_local_time(form.remind_at, self.zone)
        return f"You will be reminded of alert {form.version.alert_id} in private: {at}."

    def _apply_form(
        self, tx: Transaction, interaction: Interaction, now: datetime
    ) -> Alert | Refusal:
        form = interaction.form_submission
        actor = interaction.actor
        if form.callback == action_ids.REJECT and form.proposal:
            note = form.values.get(NOTE, "")
            return self.workflow.reject(tx, form.proposal.reply_id, actor, now, note)
        if form.version is None:
            return Refusal(_MESSAGE_TOO_OLD)
        alert_id = form.version.alert_id
        action = form.to_action(actor, "slack:modal")
        if action.kind is not ActionKind.REPLY:
            return apply_action(tx, alert_id, action, now, self.managers)
        text = form.values.get(TEXT, "")
        publish = form.values.get(HOW) == PUBLISH
        outcome = self.workflow.submit(tx, alert_id, text, publish, action, now)
        if isinstance(outcome, Refusal):  # what somebody has written is not lost with the modal
            return Refusal(f"{outcome.message} You wrote:\n{text}")
        return outcome


def _is_handover(interaction: Interaction) -> bool:
    return interaction.form_submission.callback == action_ids.HAND_OVER


def _hand_over(tx: Transaction, interaction: Interaction, now: datetime) -> str:
    """Hand over the alerts that the modal showed, as they were then, and say what was done."""
    form = interaction.form_submission
    request = HandoverRequest(
        id=interaction.dedupe_key,
        giver=interaction.actor,
        receiver=Actor.slack(form.values[ASSIGNEE]),
        actor=interaction.actor,
        via="slack:modal",
        seen=parse_carried_turns(form.carried),
    )
    return describe_outcome(hand_over(tx, request, now))


def _give_back(tx: Transaction, interaction: Interaction, now: datetime) -> str:
    """Undo the person's last hand-over, and say what was done."""
    key = interaction.dedupe_key
    return describe_outcome(give_back(tx, interaction.actor, now, request_id=key, via="slack:home"))


def is_about_alert(tx: Transaction, interaction: Interaction) -> bool:
    """Return whether an interaction is about a message of ours: people react to all messages."""
    return interaction.kind is not InteractionKind.REACTION or _find_alert_id(tx, interaction) > 0


def _find_alert_id(tx: Transaction, interaction: Interaction) -> int:
    """The id of the alert that a message is about; 0 for somebody else's message."""
    delivery = tx.deliveries.find_by_message(interaction.channel, interaction.message)
    return delivery.alert_id if delivery else 0


def _apply_reaction(
    tx: Transaction, interaction: Interaction, now: datetime
) -> Alert | Refusal | None:
    delivery = tx.deliveries.find_by_message(interaction.channel, interaction.message)
    if delivery is None or not delivery.alert_id:
        return None
    kind = _REACTION_ACTIONS[interaction.text]
    if kind is ActionKind.RESOLVE and delivery.kind in (DeliveryKind.ENTRY, DeliveryKind.CALL):
        return None  # a check mark below a card agrees with what is said there
    action = Action(kind=kind, actor=interaction.actor, via="slack:reaction")
    return apply_action(tx, delivery.alert_id, action, now)


def _record_sign_of_life(tx: Transaction, interaction: Interaction, now: datetime) -> None:
    """Confirm that somebody who wrote below a card is on it; the words stay in the thread alone."""
    alert = tx.alerts.get(_find_alert_id(tx, interaction))
    if alert is None or alert.status.is_closed:
        return
    last = _last_event_by(tx, alert.id, interaction.actor)
    if last is None or now - last.at >= _CONFIRM_EVERY:
        action = Action(kind=ActionKind.CONFIRM, actor=interaction.actor, via=VIA_THREAD)
        apply_action(tx, alert.id, action, now)


def _last_event_by(tx: Transaction, alert_id: int, actor: Actor) -> AlertEvent | None:
    own = [event for event in tx.alerts.events(alert_id) if event.actor == actor]
    return own[-1] if own else None
