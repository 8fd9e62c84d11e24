"""Whatever fails in whatever state: the decision about a delivery never loses or doubles it."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.delivery import Delivery, DeliveryKind, DeliveryState
from monitor.errors import (
    DeliveryDelayed,
    DeliveryError,
    DeliveryForbidden,
    DeliveryRejected,
    DeliveryUncertain,
    DeliveryUnreachable,
)
from monitor.notifiers.base import PostedMessage
from monitor.pipeline.delivery_fate import (
    DeliveryDecision,
    GiveUp,
    LookAgain,
    RedirectTo,
    SendAgain,
    Shown,
    decide_after_failure,
    decide_after_look,
)
from monitor.testing import NOON

DEFAULT = "#support"
LONGEST_WAIT = timedelta(minutes=10)
SETTLE = st.floats(0, 60).map(lambda seconds: timedelta(seconds=seconds))
RETRY_AFTER = st.none() | st.floats(0, 3600)
ERRORS = st.one_of(
    st.builds(DeliveryDelayed, st.just("delayed"), RETRY_AFTER),
    st.sampled_from(
        [
            DeliveryUncertain("uncertain"),
            DeliveryUnreachable("closed"),
            DeliveryRejected("refused"),
            DeliveryForbidden("revoked"),
            DeliveryError("unknown"),
        ]
    ),
)
DELIVERIES = st.builds(
    Delivery,
    id=st.just("d1"),
    kind=st.sampled_from(DeliveryKind),
    state=st.just(DeliveryState.UNCERTAIN),
    channel=st.sampled_from([DEFAULT, "#sales"]),
    created_at=st.just(NOON),
    not_before=st.just(NOON),
    attempted_at=st.just(NOON),
    probes=st.integers(0, 2),
)
FAILURES = st.integers(0, 10_000)


def assert_never_looks_back(decision: DeliveryDecision, now: datetime) -> None:
    """Nothing is planned for the past."""
    times = [decision.pause.until] if decision.pause else []
    if isinstance(decision.fate, SendAgain | LookAgain):
        times.append(decision.fate.at)
    if decision.channel_closed_until:
        times.append(decision.channel_closed_until)
    assert all(time >= now for time in times)


@given(ERRORS, DELIVERIES, FAILURES, SETTLE)
def test_a_failure_neither_loses_nor_doubles_a_message(
    error: DeliveryError, delivery: Delivery, failures: int, settle: timedelta
) -> None:
    """What may be shown is looked for, what is not shown stays in the queue, and only what is
    refused, or belongs to a card out of reach, is given up.
    """
    decision = decide_after_failure(
        error, delivery, failures=failures, settle=settle, default_channel=DEFAULT, now=NOON
    )
    edit = delivery.kind is DeliveryKind.UPDATE
    of_card = delivery.kind in (DeliveryKind.UPDATE, DeliveryKind.ENTRY)
    may_be_shown = isinstance(error, DeliveryUncertain) and not edit
    hopeless = isinstance(error, DeliveryRejected) or (
        isinstance(error, DeliveryUnreachable) and of_card
    )
    assert isinstance(decision.fate, LookAgain) is may_be_shown
    assert isinstance(decision.fate, GiveUp) is hopeless
    assert isinstance(decision.fate, LookAgain | GiveUp | SendAgain | RedirectTo)
    assert decision.fate != SendAgain(NOON, repeat=True)
    assert decision.error == str(error)
    assert decision.failures in (failures, failures + 1)
    assert_never_looks_back(decision, NOON)


@given(ERRORS, DELIVERIES, FAILURES, SETTLE)
def test_what_is_tried_again_at_once_leaves_something_alone(
    error: DeliveryError, delivery: Delivery, failures: int, settle: timedelta
) -> None:
    """A delivery that goes back into the queue waits, or what it needs is paused or closed: no
    failure is repeated in a busy loop.
    """
    decision = decide_after_failure(
        error, delivery, failures=failures, settle=settle, default_channel=DEFAULT, now=NOON
    )
    if isinstance(decision.fate, SendAgain):
        ends = [decision.channel_closed_until, decision.pause and decision.pause.until]
        assert max(end for end in ends if end) > NOON


@given(
    st.none() | st.just(PostedMessage("1", "C1")) | ERRORS,
    DELIVERIES,
    FAILURES,
    SETTLE,
    st.booleans(),
    st.floats(0, 7200),
)
def test_a_look_sends_again_only_what_is_not_there_or_says_so(
    result: PostedMessage | DeliveryError | None,
    delivery: Delivery,
    failures: int,
    settle: timedelta,
    looks_paused: bool,
    waited: float,
) -> None:
    """Without a label only after a second look in vain; with one only where nobody could look."""
    now = NOON + timedelta(seconds=waited)
    decision = decide_after_look(
        result, delivery, failures=failures, settle=settle, looks_paused=looks_paused, now=now
    )
    match decision.fate:
        case Shown(posted):
            assert posted == result
        case SendAgain(at, repeat=False):
            assert result is None
            assert delivery.probes >= 1
            assert at - now <= LONGEST_WAIT
        case SendAgain(at, repeat=True):
            assert isinstance(result, DeliveryError)
            assert waited >= 3
            assert at == now
        case LookAgain(_, probes):
            assert probes == delivery.probes + (result is None)
        case fate:
            assert fate is None
            assert isinstance(result, DeliveryForbidden)
    assert_never_looks_back(decision, now)
