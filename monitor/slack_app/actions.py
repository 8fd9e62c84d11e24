"""What people do to alerts: carried out in one transaction with the note that it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.action import Action, ActionKind, Refusal
from monitor.domain.alert import Alert
from monitor.domain.delivery import VIA_THREAD, DeliveryKind
from monitor.followup.act import apply_action
from monitor.replies.workflow import ReplyWorkflow
from monitor.slack.views import action_ids
from monitor.slack.views.forms import HOW, NOTE, PUBLISH, TEXT
from monitor.slack_app.interactions import RESOLVE_EMOJI, TAKE_EMOJI, Interaction, InteractionKind
from monitor.slack_app.permissions import Role
from monitor.store import Transaction

#: What happens at once when it is clicked; every other button opens something.
_CLICK_ACTS: Mapping[str, ActionKind] = {
    action_ids.TAKE: ActionKind.TAKE,
    action_ids.WAKE: ActionKind.WAKE,
    action_ids.REOPEN: ActionKind.REOPEN,
    action_ids.CONFIRM: ActionKind.CONFIRM,
    action_ids.DISMISS: ActionKind.DISMISS,
}
_REACTION_ACTS: Mapping[str, ActionKind] = {
    TAKE_EMOJI: ActionKind.TAKE,
    RESOLVE_EMOJI: ActionKind.RESOLVE,
}


#: Somebody who writes line after line gives one sign of life.
_CONFIRM_EVERY = timedelta(minutes=5)
_MESSAGE_TOO_OLD = (
    "This message is too old to be used: open the Home tab of repwatch, or /repwatch open."
)


def required_role(interaction: Interaction) -> Role:
    """What somebody has to be for this."""
    manages = action_ids.APPROVE, action_ids.REJECT
    named = (
        interaction.click.name
        if interaction.kind is InteractionKind.CLICK
        else interaction.form_submission.callback
    )
    return (
        Role.MANAGER
        if interaction.kind in (InteractionKind.CLICK, InteractionKind.SUBMIT) and named in manages
        else Role.AGENT
    )


def changes_alert(interaction: Interaction) -> bool:
    """Whether this changes something at once, rather than show something."""
    match interaction.kind:
        case InteractionKind.CLICK:
            return (
                interaction.click.name in _CLICK_ACTS
                or interaction.click.name == action_ids.APPROVE
            )
        case InteractionKind.SUBMIT:
            return interaction.form_submission.callback != action_ids.CAPTURE
    return interaction.kind in (InteractionKind.REACTION, InteractionKind.WORDS)


@dataclass(frozen=True, slots=True)
class ActionExecutor:
    """Carries out what changes something."""

    answers: ReplyWorkflow
    managers: Sequence[str] = ()  #: whom an escalation calls where its rule names nobody

    def __call__(self, tx: Transaction, interaction: Interaction, now: datetime) -> str:
        """Do it; what to tell the one who did it in private, nothing where the card says it all."""
        outcome: Alert | Refusal | None = None
        match interaction.kind:
            case InteractionKind.CLICK:
                outcome = self._apply_click(tx, interaction, now)
            case InteractionKind.SUBMIT:
                outcome = self._apply_form(tx, interaction, now)
            case InteractionKind.REACTION:
                outcome = _apply_reaction(tx, interaction, now)
            case InteractionKind.WORDS:
                _record_sign_of_life(tx, interaction, now)
        return outcome.says if isinstance(outcome, Refusal) else ""

    def _apply_click(
        self, tx: Transaction, interaction: Interaction, now: datetime
    ) -> Alert | Refusal:
        click = interaction.click
        if click.proposal and click.name == action_ids.APPROVE:
            return self.answers.approve(tx, click.proposal.reply_id, interaction.actor, now)
        if click.handle is None:
            return Refusal(_MESSAGE_TOO_OLD)
        via = "slack:home" if interaction.view else "slack:button"
        action = Action(
            act=_CLICK_ACTS[click.name], actor=interaction.actor, via=via, turn=click.handle.turn
        )
        return apply_action(tx, click.handle.alert_id, action, now)

    def _apply_form(
        self, tx: Transaction, interaction: Interaction, now: datetime
    ) -> Alert | Refusal:
        dialog = interaction.form_submission
        if dialog.callback == action_ids.REJECT and dialog.proposal:
            return self.answers.reject(
                tx, dialog.proposal.reply_id, interaction.actor, now, dialog.values.get(NOTE, "")
            )
        if dialog.handle is None:
            return Refusal(_MESSAGE_TOO_OLD)
        action = dialog.to_action(interaction.actor, "slack:modal")
        if action.act is not ActionKind.REPLY:
            return apply_action(tx, dialog.handle.alert_id, action, now, self.managers)
        text, publish = dialog.values.get(TEXT, ""), dialog.values.get(HOW) == PUBLISH
        outcome = self.answers.submit(tx, dialog.handle.alert_id, text, publish, action, now)
        if isinstance(outcome, Refusal):  # what somebody has written is not lost with the dialog
            return Refusal(f"{outcome.says} You wrote:\n{text}")
        return outcome


def is_about_alert(tx: Transaction, interaction: Interaction) -> bool:
    """Whether this was done to something of ours: people react to all kinds of messages."""
    return interaction.kind is not InteractionKind.REACTION or _find_alert_id(tx, interaction) > 0


def _find_alert_id(tx: Transaction, interaction: Interaction) -> int:
    """The id of the alert that a message tells of; 0 for somebody else's message."""
    delivery = tx.deliveries.find_by_message(interaction.channel, interaction.message)
    return delivery.alert_id if delivery else 0


def _apply_reaction(
    tx: Transaction, interaction: Interaction, now: datetime
) -> Alert | Refusal | None:
    delivery = tx.deliveries.find_by_message(interaction.channel, interaction.message)
    act = _REACTION_ACTS[interaction.text]
    if delivery is None or not delivery.alert_id:
        return None
    if act is ActionKind.RESOLVE and delivery.kind in (DeliveryKind.ENTRY, DeliveryKind.CALL):
        return None  # a check mark below a card agrees with what is said there
    return apply_action(
        tx, delivery.alert_id, Action(act=act, actor=interaction.actor, via="slack:reaction"), now
    )


def _record_sign_of_life(tx: Transaction, interaction: Interaction, now: datetime) -> None:
    """Somebody wrote below a card: whoever has taken it is at it. The words stand in the thread and
    nowhere else.
    """
    alert = tx.alerts.get(_find_alert_id(tx, interaction))
    if alert is None or alert.status.is_closed:
        return
    last = next(
        (
            event
            for event in reversed(tx.alerts.events(alert.id))
            if event.actor == interaction.actor
        ),
        None,
    )
    if last is None or now - last.at >= _CONFIRM_EVERY:
        apply_action(
            tx,
            alert.id,
            Action(act=ActionKind.CONFIRM, actor=interaction.actor, via=VIA_THREAD),
            now,
        )
