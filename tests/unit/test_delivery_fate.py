"""What becomes of a delivery after each failure, and after each look into its channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.delivery import Delivery, DeliveryKind, DeliveryState
from monitor.errors import (
    CardDeleted,
    DeliveryDelayed,
    DeliveryError,
    DeliveryForbidden,
    DeliveryRefused,
    DeliveryRejected,
    DeliveryUncertain,
    DeliveryUnreachable,
)
from monitor.notifiers.base import PostedMessage
from monitor.pipeline.blocked_reasons import BlockScope
from monitor.pipeline.delivery_fate import (
    MAX_REFUSALS,
    DeliveryDecision,
    GiveUp,
    LookAgain,
    Pause,
    PostCardAnew,
    RedirectTo,
    SendAgain,
    Shown,
    decide_after_failure,
    decide_after_look,
    decide_after_success,
)
from monitor.pipeline.rate_limits import ServiceMethod
from monitor.pipeline.refusals import MessageRefusal
from monitor.testing import NOON

SETTLE = timedelta(seconds=5)
TEN_MINUTES = NOON + timedelta(minutes=10)
DEFAULT, OTHER = "#support", "#sales"
FIRST_REFUSAL = MessageRefusal(1)
POSTED = PostedMessage("1.0", "C1")


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def delivery(kind: DeliveryKind = DeliveryKind.CARD, channel: str = DEFAULT) -> Delivery:
    return Delivery(
        id="d1",
        kind=kind,
        state=DeliveryState.ATTEMPTING,
        channel=channel,
        created_at=NOON - seconds(60),
        not_before=NOON,
        attempted_at=NOON,
    )


def after_failure(
    error: DeliveryError,
    tried: Delivery | None = None,
    failures: int = 0,
    refusal: MessageRefusal = FIRST_REFUSAL,
) -> DeliveryDecision:
    return decide_after_failure(
        error,
        tried or delivery(),
        failures=failures,
        settle=SETTLE,
        default_channel=DEFAULT,
        now=NOON,
        refusal=refusal,
    )


def after_look(
    result: PostedMessage | DeliveryError | None,
    *,
    probes: int = 0,
    failures: int = 0,
    waited: float = 5,
    looks_paused: bool = False,
) -> DeliveryDecision:
    return decide_after_look(
        result,
        replace(delivery(), probes=probes),
        failures=failures,
        settle=SETTLE,
        looks_paused=looks_paused,
        now=NOON + seconds(waited),
    )


def test_a_lost_answer_is_looked_for() -> None:
    """The message may be shown: it is looked for once it can be found."""
    assert after_failure(DeliveryUncertain("no answer")) == DeliveryDecision(
        fate=LookAgain(NOON + SETTLE, probes=0), failures=1, error="no answer"
    )


@pytest.mark.parametrize(("before", "wait"), [(1, None), (2, 2), (3, 4), (99, 30)])
def test_many_lost_answers_are_an_outage(before: int, wait: float | None) -> None:
    """From the third in a row on nothing is posted for up to 30 s; edits and looks go on."""
    decision = after_failure(DeliveryUncertain("no answer"), failures=before)
    expected = None if wait is None else Pause(NOON + seconds(wait), (ServiceMethod.POST,))
    assert (decision.pause, decision.failures) == (expected, before + 1)


def test_a_lost_answer_to_an_edit_is_tried_again() -> None:
    """To edit twice is harmless: it counts as an outage of the service."""
    decision = after_failure(DeliveryUncertain("no answer"), delivery(DeliveryKind.UPDATE))
    assert (decision.fate, decision.pause) == (SendAgain(NOON), Pause(NOON + seconds(2)))


def test_a_refused_message_is_given_up_and_reported() -> None:
    """Nothing waits for it."""
    assert after_failure(DeliveryRejected("invalid_blocks"), failures=1) == DeliveryDecision(
        fate=GiveUp(), failures=1, error="invalid_blocks", blocked=BlockScope.DEAD_LETTER
    )


@pytest.mark.parametrize(("count", "wait"), [(1, 2), (2, 4), (9, 512), (13, 600)])
def test_a_message_that_is_refused_without_a_known_reason_waits_alone(
    count: int, wait: float
) -> None:
    """It is tried ever later, and nothing else is paused, closed or told, whatever came before."""
    tried = replace(delivery(), attempts=99)
    decision = after_failure(
        DeliveryRefused("odd"), tried, 1, MessageRefusal(count, others_refused=1)
    )
    assert decision == DeliveryDecision(
        fate=SendAgain(NOON + seconds(wait)), failures=1, error="odd"
    )


def test_a_message_that_is_refused_again_and_again_is_given_up_and_reported() -> None:
    """After fourteen refusals it is a dead letter, if others were shown meanwhile."""
    refusal = MessageRefusal(MAX_REFUSALS, others_shown=True)
    assert after_failure(DeliveryRefused("odd"), refusal=refusal) == DeliveryDecision(
        fate=GiveUp(), failures=0, error="odd", blocked=BlockScope.DEAD_LETTER
    )


def test_nothing_is_given_up_while_nothing_is_shown() -> None:
    """The last word is left to people: they are told, and it is tried every ten minutes."""
    refusal = MessageRefusal(MAX_REFUSALS)
    assert after_failure(DeliveryRefused("odd"), refusal=refusal) == DeliveryDecision(
        fate=SendAgain(TEN_MINUTES), failures=0, error="odd", blocked=BlockScope.SERVICE
    )


def test_refusals_of_several_messages_are_told() -> None:
    """Where the third message is refused and none was shown, people hear of it; nothing waits."""
    decision = after_failure(DeliveryRefused("odd"), refusal=MessageRefusal(1, others_refused=2))
    assert decision == DeliveryDecision(
        fate=SendAgain(NOON + seconds(2)), failures=0, error="odd", blocked=BlockScope.SERVICE
    )


def test_refused_credentials_stop_the_service() -> None:
    """The delivery stays in the queue while a person mends them."""
    assert after_failure(DeliveryForbidden("token revoked")) == DeliveryDecision(
        fate=SendAgain(NOON),
        failures=0,
        error="token revoked",
        pause=Pause(TEN_MINUTES),
        blocked=BlockScope.SERVICE,
    )


@pytest.mark.parametrize("kind", [DeliveryKind.CARD, DeliveryKind.SUMMARY, DeliveryKind.CALL])
def test_a_closed_channel_falls_back_to_the_default_one(kind: DeliveryKind) -> None:
    """Somebody reads it there, and the operator is told."""
    decision = after_failure(DeliveryUnreachable("closed"), delivery(kind, OTHER))
    assert decision == DeliveryDecision(
        fate=RedirectTo(DEFAULT), failures=0, error="closed", blocked=BlockScope.CHANNEL
    )


def test_what_is_private_waits_for_its_own_channel() -> None:
    """It is never shown in the default one: it is tried again later, and the operator is told."""
    private = replace(delivery(DeliveryKind.CARD, OTHER), fallback=False)
    decision = after_failure(DeliveryUnreachable("closed"), private)
    assert (decision.fate, decision.blocked) == (SendAgain(NOON), BlockScope.CHANNEL)
    assert decision.channel_closed_until == TEN_MINUTES


@pytest.mark.parametrize(
    "kind", [DeliveryKind.DIGEST, DeliveryKind.DIGEST_PART, DeliveryKind.DIGEST_FILE]
)
@pytest.mark.parametrize(
    ("age", "prompt", "given_up"),
    [(47, False, False), (49, False, True), (0, True, True)],
    ids=["young", "old", "asked for"],
)
def test_a_digest_for_a_closed_channel_is_given_up_when_nobody_waits(
    age: int, prompt: bool, given_up: bool, kind: DeliveryKind
) -> None:
    """With what comes below it; a card in the same place waits for ever, since somebody must read
    it.
    """
    made_at = NOON - timedelta(hours=age)
    digest = replace(delivery(kind), created_at=made_at, prompt=prompt)
    decision = after_failure(DeliveryUnreachable("closed"), digest)
    assert (decision.fate == GiveUp()) is given_up
    card = after_failure(DeliveryUnreachable("closed"), replace(digest, kind=DeliveryKind.CARD))
    assert card.fate == SendAgain(NOON)


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        (DeliveryKind.DIGEST_MAIL, ServiceMethod.MAIL),
        (DeliveryKind.DIGEST_PICTURE, ServiceMethod.FILE),
        (DeliveryKind.DIGEST_FILE, ServiceMethod.FILE),
    ],
)
def test_mail_and_files_pause_themselves_alone(kind: DeliveryKind, method: ServiceMethod) -> None:
    """Neither lost answers nor an outage of theirs say anything of messages."""
    lost = after_failure(DeliveryUncertain("lost"), delivery(kind), failures=5)
    down = after_failure(DeliveryDelayed("down"), delivery(kind))
    pauses = [one.pause.methods for one in (lost, down) if one.pause]
    assert pauses == [(method,), (method,)]


def test_what_is_shown_to_some_alone_is_told() -> None:
    """It counts as shown, and people hear that somebody did not get it."""
    posted = PostedMessage("m1", "", "not for 1 of the 2 addresses")
    decision = decide_after_success(posted)
    assert (decision.fate, decision.blocked) == (Shown(posted), BlockScope.PARTLY_SENT)


@pytest.mark.parametrize(("age", "given_up"), [(47, False), (49, True)])
def test_a_mail_that_no_server_takes_is_given_up_when_nobody_waits(
    age: int, given_up: bool
) -> None:
    """Until then it is tried, also where no other mail shows that the server works."""
    mail = replace(delivery(DeliveryKind.DIGEST_MAIL), created_at=NOON - timedelta(hours=age))
    decision = after_failure(DeliveryRefused("down"), mail, refusal=MessageRefusal(MAX_REFUSALS))
    assert (decision.fate == GiveUp()) is given_up
    expected = BlockScope.DEAD_LETTER if given_up else BlockScope.MAIL
    assert decision.blocked is expected


def test_what_is_about_a_deleted_card_lets_it_be_posted_anew() -> None:
    """It is no trouble of the service."""
    update = delivery(DeliveryKind.UPDATE, OTHER)
    assert after_failure(CardDeleted("gone"), update) == DeliveryDecision(
        fate=PostCardAnew(), failures=0, error="gone"
    )


@pytest.mark.parametrize("kind", [DeliveryKind.UPDATE, DeliveryKind.ENTRY])
def test_what_belongs_to_a_card_in_a_closed_channel_is_given_up(kind: DeliveryKind) -> None:
    """Its card is out of reach, and that is no trouble for people."""
    decision = after_failure(DeliveryUnreachable("closed"), delivery(kind, OTHER))
    assert decision == DeliveryDecision(fate=GiveUp(), failures=0, error="closed")


def test_a_closed_default_channel_is_tried_again_later() -> None:
    """Nothing is given up because of a wrong name in the configuration; other channels go on."""
    assert after_failure(DeliveryUnreachable("closed")) == DeliveryDecision(
        fate=SendAgain(NOON),
        failures=0,
        error="closed",
        channel_closed_until=TEN_MINUTES,
        blocked=BlockScope.CHANNEL,
    )


@pytest.mark.parametrize(("asked", "wait"), [(30, 30), (0, 0.5), (7.5, 7.5)])
def test_a_wait_that_the_service_asks_for_holds_for_its_method(asked: float, wait: float) -> None:
    """Zero seconds are a pause all the same, and it is no failure."""
    later = NOON + seconds(wait)
    post = after_failure(DeliveryDelayed("slow down", asked))
    assert (post.fate, post.pause, post.failures, post.blocked) == (
        SendAgain(later),
        Pause(later, (ServiceMethod.POST,)),
        0,
        None,
    )
    edit = after_failure(DeliveryDelayed("slow down", asked), delivery(DeliveryKind.UPDATE))
    assert edit.pause == Pause(later, (ServiceMethod.EDIT,))


@pytest.mark.parametrize(("before", "wait"), [(0, 2), (1, 4), (2, 8), (50, 30)])
def test_an_outage_is_waited_for_longer_and_longer_up_to_half_a_minute(
    before: int, wait: float
) -> None:
    """Every message would fail the same way, and people are told."""
    assert after_failure(DeliveryDelayed("refused"), failures=before) == DeliveryDecision(
        fate=SendAgain(NOON),
        failures=before + 1,
        error="refused",
        pause=Pause(NOON + seconds(wait)),
        blocked=BlockScope.SERVICE,
    )


def test_a_message_that_is_found_is_shown() -> None:
    """The service has answered after all."""
    assert after_look(POSTED, failures=3) == DeliveryDecision(fate=Shown(POSTED), failures=0)


def test_a_first_look_in_vain_is_followed_by_a_second() -> None:
    """It may be the service's lag."""
    assert after_look(None) == DeliveryDecision(
        fate=LookAgain(NOON + seconds(35), probes=1), failures=0
    )


@pytest.mark.parametrize(("failures", "wait"), [(0, 0), (1, 0), (2, 4), (50, 30)])
def test_a_second_look_in_vain_sends_it_again(failures: int, wait: float) -> None:
    """It certainly was not shown; in an outage it waits for the service."""
    decision = after_look(None, probes=1, failures=failures)
    assert decision.fate == SendAgain(NOON + seconds(5 + wait))


@pytest.mark.parametrize(
    ("asked", "wait"), [(None, 5), (0, 5), (1, 5), (20, 20)], ids=["none", "zero", "short", "long"]
)
def test_a_failed_look_is_repeated(asked: float | None, wait: float) -> None:
    """No sooner than the service asks for, and it is no look in vain."""
    decision = after_look(DeliveryDelayed("history", asked), probes=1)
    assert decision == DeliveryDecision(
        fate=LookAgain(NOON + seconds(5 + wait), probes=1), failures=0, error="history"
    )


@pytest.mark.parametrize(
    ("waited", "asked", "looks_paused", "repeated"),
    [
        (119, None, False, False),
        (120, None, False, True),
        (120, 150, False, False),
        (150, 150, False, True),
        (239, None, True, False),
        (240, None, True, True),
    ],
)
def test_what_cannot_be_looked_for_is_sent_again_labelled(
    waited: float, asked: float | None, looks_paused: bool, repeated: bool
) -> None:
    """After two minutes; longer where the service asks for it or where only others were refused."""
    error = DeliveryDelayed("history", asked)
    decision = after_look(error, waited=waited, looks_paused=looks_paused)
    again = SendAgain(NOON + seconds(waited), repeat=True)
    assert (decision.fate == again) is repeated


def test_credentials_that_are_refused_while_looking_leave_the_message_as_it_is() -> None:
    """Whether it was shown is found out once a person has mended them."""
    decision = after_look(DeliveryForbidden("token revoked"))
    assert (decision.fate, decision.blocked) == (None, BlockScope.SERVICE)
    assert decision.pause == Pause(TEN_MINUTES + seconds(5))
