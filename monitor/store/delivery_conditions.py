"""Conditions on deliveries: what may be shown now, in which order, and what a budget holds back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, or_

from monitor.domain.alert import Severity
from monitor.domain.delivery import URGENT_NEWS_KINDS, DeliveryKind, DeliveryState
from monitor.store.schema import deliveries

#: The states in which a request may be under way or its answer unknown.
IN_FLIGHT = (DeliveryState.ATTEMPTING, DeliveryState.UNCERTAIN)

BY_SEVERITY = case(
    {str(severity): severity.rank for severity in Severity},
    value=deliveries.c.severity,
    else_=len(Severity),
)
_IS_URGENT_NEWS = and_(
    deliveries.c.severity == str(Severity.URGENT),
    deliveries.c.kind.in_([str(kind) for kind in URGENT_NEWS_KINDS]),
)
_SHOWS_CLICK = and_(deliveries.c.prompt, deliveries.c.kind == str(DeliveryKind.UPDATE))
#: What happened at one moment is told in its order.
SENDING_ORDER = (
    BY_SEVERITY,
    deliveries.c.created_at,
    deliveries.c.alert_id,
    func.coalesce(deliveries.c.event_id, 0),
    deliveries.c.home.desc(),
    deliveries.c.id,
)
#: A card that is sent again, labelled, does not count against the budget a second time.
BUDGETED_CARD = and_(
    deliveries.c.kind == str(DeliveryKind.CARD), deliveries.c.budgeted, not_(deliveries.c.repeat)
)
_card = deliveries.alias("card")
#: What needs a shown card: one whose card is not shown yet waits, one whose card was merged goes
#: with it. A call whose card was given up is shown without it: nobody may miss it.
BELOW_CARD = (
    str(DeliveryKind.UPDATE),
    str(DeliveryKind.ENTRY),
    str(DeliveryKind.DIGEST_PART),
    str(DeliveryKind.DIGEST_FILE),
)
ABOUT_CARD = (*BELOW_CARD, str(DeliveryKind.CALL))
_HAS_CARD = exists().where(_card.c.id == deliveries.c.card_id)
#: The states of a card that is shown or will be.
LIVE_STATES = (DeliveryState.PENDING, *IN_FLIGHT, DeliveryState.SENT)
_HAS_LIVE_CARD = _HAS_CARD.where(_card.c.state.in_([str(state) for state in LIVE_STATES]))
#: A card that was tried and waits, since its channel is out of reach.
_HAS_STUCK_CARD = _HAS_CARD.where(_card.c.state == str(DeliveryState.PENDING), _card.c.attempts > 0)
_picture = deliveries.alias("picture")
#: The message of a digest waits for its pictures, as long as they are not given up.
_HAS_WAITING_PICTURE = exists().where(
    _picture.c.card_id == deliveries.c.id,
    _picture.c.kind == str(DeliveryKind.DIGEST_PICTURE),
    _picture.c.state.in_([str(state) for state in (DeliveryState.PENDING, *IN_FLIGHT)]),
)
SHOWABLE = or_(
    and_(
        deliveries.c.kind.not_in(ABOUT_CARD),
        or_(deliveries.c.kind != str(DeliveryKind.DIGEST), not_(_HAS_WAITING_PICTURE)),
    ),
    _HAS_CARD.where(_card.c.state == str(DeliveryState.SENT)),
    and_(deliveries.c.kind == str(DeliveryKind.CALL), or_(not_(_HAS_LIVE_CARD), _HAS_STUCK_CARD)),
)
_earlier = deliveries.alias("earlier")
#: What is posted in the thread below a message.
_IN_THREAD = (
    str(DeliveryKind.ENTRY),
    str(DeliveryKind.DIGEST_PART),
    str(DeliveryKind.DIGEST_FILE),
)
#: The lines below a card come in the order of what they tell: one that was not tried yet, or whose
#: fate is unknown, is waited for. One that was refused holds up no other.
#: The sections of a digest wait for each other in any case.
_is_waited_for = or_(
    and_(
        _earlier.c.state == str(DeliveryState.PENDING),
        or_(_earlier.c.attempts == 0, _earlier.c.kind != str(DeliveryKind.ENTRY)),
    ),
    _earlier.c.state.in_([str(state) for state in IN_FLIGHT]),
)
IN_TURN = or_(
    deliveries.c.kind.not_in(_IN_THREAD),
    not_(
        exists().where(
            _earlier.c.card_id == deliveries.c.card_id,
            _earlier.c.kind.in_(_IN_THREAD),
            _earlier.c.event_id < deliveries.c.event_id,
            _is_waited_for,
        )
    ),
)


def sending_order(*, urgent_first: bool = False) -> tuple[ColumnElement[Any], ...]:
    """Return the order in which deliveries go out.

    First the cards that a person has clicked on, then what is urgent and new, then the lines about
    what people did; `urgent_first` puts what is urgent before those cards. Whoever sends takes
    turns, so that a click waits for one urgent message at most, and that for one click.
    """
    first, second = _SHOWS_CLICK, _IS_URGENT_NEWS
    if urgent_first:
        first, second = second, first
    rank = case((first, 0), (second, 1), (deliveries.c.prompt, 2), else_=3)
    return (rank, *SENDING_ORDER)


def state_in(*states: DeliveryState) -> ColumnElement[bool]:
    """Return the condition that a delivery is in one of these states."""
    return deliveries.c.state.in_([str(state) for state in states])


def kind_is(kind: DeliveryKind) -> ColumnElement[bool]:
    """Return the condition that a delivery is of this kind."""
    return deliveries.c.kind == str(kind)
