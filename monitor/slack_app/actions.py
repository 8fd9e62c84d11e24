"""What people do to alerts: carried out in one transaction with the note that it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.action import Act, Action, Refusal
from monitor.domain.alert import Alert
from monitor.domain.delivery import THREAD, DeliveryKind
from monitor.followup.act import respond
from monitor.replies.workflow import Answers
from monitor.slack.views import action_ids
from monitor.slack.views.forms import HOW, NOTE, PUBLISH, TEXT
from monitor.slack_app.interactions import RESOLVES, TAKES, Arrival, Kind
from monitor.slack_app.permissions import Role
from monitor.store import Transaction

#: What happens at once when it is clicked; every other button opens something.
_AT_ONCE: Mapping[str, Act] = {
    action_ids.TAKE: Act.TAKE,
    action_ids.WAKE: Act.WAKE,
    action_ids.REOPEN: Act.REOPEN,
    action_ids.CONFIRM: Act.CONFIRM,
    action_ids.DISMISS: Act.DISMISS,
}
_REACTIONS: Mapping[str, Act] = {TAKES: Act.TAKE, RESOLVES: Act.RESOLVE}


#: Somebody who writes line after line gives one sign of life.
_SIGN_EVERY = timedelta(minutes=5)
_UNKNOWN = "This message is too old to be used: open the Home tab of repwatch, or /repwatch open."


def role_for(arrival: Arrival) -> Role:
    """What somebody has to be for this."""
    manages = action_ids.APPROVE, action_ids.REJECT
    named = arrival.click.name if arrival.kind is Kind.CLICK else arrival.submitted.callback
    return (
        Role.MANAGER
        if arrival.kind in (Kind.CLICK, Kind.SUBMIT) and named in manages
        else Role.AGENT
    )


def changes(arrival: Arrival) -> bool:
    """Whether this changes something at once, rather than show something."""
    match arrival.kind:
        case Kind.CLICK:
            return arrival.click.name in _AT_ONCE or arrival.click.name == action_ids.APPROVE
        case Kind.SUBMIT:
            return arrival.submitted.callback != action_ids.CAPTURE
    return arrival.kind in (Kind.REACTION, Kind.WORDS)


@dataclass(frozen=True, slots=True)
class Acts:
    """Carries out what changes something."""

    answers: Answers
    managers: Sequence[str] = ()  #: whom an escalation calls where its rule names nobody

    def __call__(self, tx: Transaction, arrival: Arrival, now: datetime) -> str:
        """Do it; what to tell the one who did it in private, nothing where the card says it all."""
        outcome: Alert | Refusal | None = None
        match arrival.kind:
            case Kind.CLICK:
                outcome = self._click(tx, arrival, now)
            case Kind.SUBMIT:
                outcome = self._submit(tx, arrival, now)
            case Kind.REACTION:
                outcome = _reaction(tx, arrival, now)
            case Kind.WORDS:
                _sign_of_life(tx, arrival, now)
        return outcome.says if isinstance(outcome, Refusal) else ""

    def _click(self, tx: Transaction, arrival: Arrival, now: datetime) -> Alert | Refusal:
        click = arrival.click
        if click.proposal and click.name == action_ids.APPROVE:
            return self.answers.approve(tx, click.proposal.reply_id, arrival.actor, now)
        if click.handle is None:
            return Refusal(_UNKNOWN)
        via = "slack:home" if arrival.view else "slack:button"
        action = Action(
            act=_AT_ONCE[click.name], actor=arrival.actor, via=via, turn=click.handle.turn
        )
        return respond(tx, click.handle.alert_id, action, now)

    def _submit(self, tx: Transaction, arrival: Arrival, now: datetime) -> Alert | Refusal:
        dialog = arrival.submitted
        if dialog.callback == action_ids.REJECT and dialog.proposal:
            return self.answers.reject(
                tx, dialog.proposal.reply_id, arrival.actor, now, dialog.values.get(NOTE, "")
            )
        if dialog.handle is None:
            return Refusal(_UNKNOWN)
        action = dialog.action(arrival.actor, "slack:modal")
        if action.act is not Act.REPLY:
            return respond(tx, dialog.handle.alert_id, action, now, self.managers)
        text, publish = dialog.values.get(TEXT, ""), dialog.values.get(HOW) == PUBLISH
        outcome = self.answers.submit(tx, dialog.handle.alert_id, text, publish, action, now)
        if isinstance(outcome, Refusal):  # what somebody has written is not lost with the dialog
            return Refusal(f"{outcome.says} You wrote:\n{text}")
        return outcome


def concerns_us(tx: Transaction, arrival: Arrival) -> bool:
    """Whether this was done to something of ours: people react to all kinds of messages."""
    return arrival.kind is not Kind.REACTION or _shown(tx, arrival) > 0


def _shown(tx: Transaction, arrival: Arrival) -> int:
    """The id of the alert that a message tells of; 0 for somebody else's message."""
    delivery = tx.deliveries.shown_as(arrival.channel, arrival.message)
    return delivery.alert_id if delivery else 0


def _reaction(tx: Transaction, arrival: Arrival, now: datetime) -> Alert | Refusal | None:
    delivery = tx.deliveries.shown_as(arrival.channel, arrival.message)
    act = _REACTIONS[arrival.text]
    if delivery is None or not delivery.alert_id:
        return None
    if act is Act.RESOLVE and delivery.kind in (DeliveryKind.ENTRY, DeliveryKind.CALL):
        return None  # a check mark below a card agrees with what is said there
    return respond(
        tx, delivery.alert_id, Action(act=act, actor=arrival.actor, via="slack:reaction"), now
    )


def _sign_of_life(tx: Transaction, arrival: Arrival, now: datetime) -> None:
    """Somebody wrote below a card: whoever has taken it is at it. The words stand in the thread and
    nowhere else.
    """
    alert = tx.alerts.get(_shown(tx, arrival))
    if alert is None or alert.status.closed:
        return
    last = next(
        (event for event in reversed(tx.alerts.events(alert.id)) if event.actor == arrival.actor),
        None,
    )
    if last is None or now - last.at >= _SIGN_EVERY:
        respond(tx, alert.id, Action(act=Act.CONFIRM, actor=arrival.actor, via=THREAD), now)
