"""Hand over all alerts of one person to another, and give them back, each in one step.

A hand-over is as many ordinary actions in one transaction. Handed-over alerts keep their state: who
has them now has not taken or answered anything yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.action import Action, ActionKind, Refusal
from monitor.domain.actor import Actor, ActorKind
from monitor.domain.alert import Alert, AlertStatus
from monitor.domain.event import HANDOVER_DETAIL
from monitor.domain.handover import Handover
from monitor.domain.notice import Notice, NoticeKind
from monitor.followup.act import apply_action
from monitor.store import Transaction

_UNCLOSED = tuple(status for status in AlertStatus if not status.is_closed)
#: Nobody has more; it bounds one transaction.
_MAX_ALERTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRequest:
    """What somebody wants to be handed over."""

    id: str  #: the same for the same wish, however often it arrives
    giver: Actor
    receiver: Actor
    actor: Actor  #: who wants it: one of the two, or somebody else
    via: str = ""
    #: the turn of each alert as the actor saw it, by its id; None: all that the giver has now
    seen: Mapping[int, int] | None = None


def find_held(tx: Transaction, holder: Actor) -> list[Alert]:
    """Return the alerts that somebody has and that are not closed, the oldest first."""
    return tx.alerts.find(status=_UNCLOSED, assignee=holder, limit=_MAX_ALERTS)[::-1]


def hand_over(tx: Transaction, request: HandoverRequest, now: datetime) -> Handover | Refusal:
    """Assign all that the giver has to the receiver, and tell them once, in one message.

    An alert that has changed since it was seen is left alone. The same request, done again, changes
    nothing and returns what was done the first time.
    """
    if done := tx.handovers.get(request.id):
        return done
    if request.giver == request.receiver:
        return Refusal(f"These are with {request.receiver} already.")
    held = find_held(tx, request.giver)
    if not held:
        return Refusal(f"There is nothing to hand over: {request.giver} has no open alert.")
    return _move(tx, request, held, now)


def find_returnable(tx: Transaction, person: Actor) -> tuple[Handover | None, list[Alert]]:
    """Return somebody's last hand-over, and what of it is still open with its receiver."""
    last = tx.handovers.find_last(person)
    if last is None:
        return None, []
    return last, [alert for alert in find_held(tx, last.receiver) if alert.id in last.moved]


def give_back(
    tx: Transaction, person: Actor, now: datetime, *, request_id: str, via: str = ""
) -> Handover | Refusal:
    """Return what went over in somebody's last hand-over and is still open with its receiver.

    It is the last one in which `person` gave or received. Done again, it changes nothing more.
    """
    if done := tx.handovers.get(request_id):
        return done
    last, still = find_returnable(tx, person)
    if last is None:
        return Refusal(f"There is nothing to give back: {person} took part in no hand-over.")
    if not still:
        return Refusal(
            f"There is nothing to give back: {last.receiver} has nothing open any more of what "
            f"{last.giver} handed over."
        )
    request = HandoverRequest(
        id=request_id, giver=last.receiver, receiver=last.giver, actor=person, via=via
    )
    return _move(tx, request, still, now, returns=last.id)


def describe_outcome(outcome: Handover | Refusal) -> str:
    """Return what was done, or why nothing was."""
    return outcome.message if isinstance(outcome, Refusal) else describe_handover(outcome)


def describe_handover(handover: Handover) -> str:
    """Return what was done, for whoever wanted it; people in it as "user:U1"."""
    count = len(handover.moved)
    verb = "went back" if handover.returns else "went over"
    alerts = "1 alert" if count == 1 else f"{count:,} alerts"
    done = f"{alerts} {verb} from {handover.giver} to {handover.receiver}."
    if not handover.skipped:
        return done
    skipped = ", ".join(map(str, handover.skipped))
    return f"{done} These had changed meanwhile and were left alone: {skipped}."


def _move(
    tx: Transaction,
    request: HandoverRequest,
    held: Sequence[Alert],
    now: datetime,
    returns: str | None = None,
) -> Handover | Refusal:
    """Assign those of the held alerts that are as they were seen, and note which."""
    turns = {alert.id: alert.turn for alert in held}
    wanted = turns if request.seen is None else request.seen
    moved = [
        alert_id
        for alert_id, turn in wanted.items()
        if alert_id in turns and _assign(tx, request, alert_id, turn, now)
    ]
    skipped = [alert_id for alert_id in wanted if alert_id not in moved]
    if not moved:
        return Refusal("All of these had changed meanwhile. Nothing was done.")
    handover = Handover(
        id=request.id,
        at=now,
        giver=request.giver,
        receiver=request.receiver,
        moved=tuple(moved),
        skipped=tuple(skipped),
        returns=returns,
    )
    tx.handovers.add(handover)
    _queue_notice(tx, handover, request.actor)
    return handover


def _assign(
    tx: Transaction, request: HandoverRequest, alert_id: int, turn: int, now: datetime
) -> bool:
    """Assign one alert unless it has changed since it was seen; return whether that was done."""
    action = Action(
        kind=ActionKind.ASSIGN,
        actor=request.actor,
        via=request.via,
        turn=turn,
        assignee=request.receiver,
        details={HANDOVER_DETAIL: request.id, "from": str(request.giver)},
    )
    return not isinstance(apply_action(tx, alert_id, action, now), Refusal)


def _queue_notice(tx: Transaction, handover: Handover, actor: Actor) -> None:
    """Tell the one who did not do it: the receiver, or the giver of what the receiver took back."""
    taken_back = actor == handover.receiver
    person = handover.giver if taken_back else handover.receiver
    if person.kind is not ActorKind.SLACK:
        return
    notice = Notice(
        kind=NoticeKind.TAKEN_BACK if taken_back else NoticeKind.HANDOVER,
        person=person,
        alert_ids=handover.moved,
        actor=actor,
    )
    tx.notices.queue(notice, person.id, handover.at, f"handover:{handover.id}", is_private=True)
