"""What becomes of a delivery after an attempt or after a look into its channel: pure decisions.

An attempt whose answer was lost is looked for before it is ever sent again; only what certainly was
not shown, or what cannot be looked for any longer, is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.backoff import exponential_backoff
from monitor.domain.delivery import Delivery, DeliveryKind
from monitor.domain.digest_schedule import MADE_UP_WITHIN
from monitor.errors import (
    CardDeleted,
    DeliveryDelayed,
    DeliveryError,
    DeliveryForbidden,
    DeliveryRefused,
    DeliveryRejected,
    DeliveryUncertain,
    DeliveryUnreachable,
    NothingToShow,
)
from monitor.notifiers.base import PostedMessage
from monitor.pipeline.blocked_reasons import BlockScope
from monitor.pipeline.rate_limits import ServiceMethod
from monitor.pipeline.refusals import MessageRefusal

#: A message of unknown fate counts as not shown after two looks this many settle times apart (30 s
#: at 5 s).
_SETTLES_BETWEEN_PROBES = 6
#: When the channel cannot be read for so many settle times (2 min at 5 s), it is sent again,
#: labelled.
_SETTLES_UNTIL_RESEND = 24
#: However short the settle time is: one passing error of the history is not yet blindness.
_MIN_WAIT_TO_RESEND = timedelta(seconds=3)
_MIN_PAUSE = timedelta(seconds=0.5)
_FIRST_RETRY = timedelta(seconds=2)
#: A service that fails is tried again after so long at most: what waits goes out soon after it is
#: back.
_MAX_OUTAGE_PAUSE = timedelta(seconds=30)
#: A message that is refused alone is tried again after so long at most.
_MAX_REFUSAL_WAIT = timedelta(minutes=10)
_TOLERATED_LOSSES = 2  #: lost answers in a row that may be chance; more of them are an outage
#: Refusals after which a message is given up that nobody knows why it is refused: after 57 minutes.
MAX_REFUSALS = 14
#: Refusals after which a picture is given up: after 4 minutes, for a digest waits for its pictures.
MAX_PICTURE_REFUSALS = 8
#: So many different messages that are refused one after the other are no chance any more.
_REFUSED_BY_SERVICE = 3
_OPERATOR_RETRY = timedelta(minutes=10)  #: for what a person must mend first


_FIRST_REFUSAL = MessageRefusal(count=1)
#: A digest in its channel: its message, and what hangs on that.
_OF_DIGEST = (
    DeliveryKind.DIGEST,
    DeliveryKind.DIGEST_PICTURE,
    DeliveryKind.DIGEST_PART,
    DeliveryKind.DIGEST_FILE,
)
#: What nothing waits for, so that it is tried as long as anybody wants to read it.
_UNTIL_OUTDATED = (DeliveryKind.DIGEST_MAIL, DeliveryKind.DIGEST_FILE)


@dataclass(frozen=True, slots=True)
class Shown:
    """It is in the channel."""

    posted: PostedMessage


@dataclass(frozen=True, slots=True)
class SendAgain:
    """It goes back into the queue."""

    at: datetime
    repeat: bool = False  #: it may have been shown: the next attempt says so


@dataclass(frozen=True, slots=True)
class LookAgain:
    """It may have been shown, and is looked for later."""

    at: datetime
    probes: int  #: how often it was looked for in vain until now


@dataclass(frozen=True, slots=True)
class RedirectTo:
    """It goes back into the queue, for another channel."""

    channel: str


@dataclass(frozen=True, slots=True)
class PostCardAnew:
    """Its card was deleted: that is posted once more, with what waits for it."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It is never shown: a dead letter."""


DeliveryFate = Shown | SendAgain | LookAgain | RedirectTo | PostCardAnew | GiveUp


@dataclass(frozen=True, slots=True)
class Pause:
    """How long the service is left alone."""

    until: datetime
    methods: tuple[ServiceMethod, ...] = ()  #: empty for all of the chat's


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDecision:
    """What becomes of a delivery, and what follows for the messages after it."""

    fate: DeliveryFate | None  #: None leaves the delivery as it is
    failures: int  #: failures of the service in a row from now on
    error: str = ""  #: stored with the delivery
    pause: Pause | None = None
    channel_closed_until: datetime | None = None
    blocked: BlockScope | None = None  #: what people are told is held up, because of `error`


def last_attempt_at(delivery: Delivery) -> datetime:
    """Return when a delivery was last tried; when it was made, for one that never was."""
    return delivery.attempted_at or delivery.created_at


def decide_after_success(posted: PostedMessage) -> DeliveryDecision:
    """Decide what follows from a message that is shown."""
    blocked = BlockScope.PARTLY_SENT if posted.trouble else None
    return DeliveryDecision(fate=Shown(posted), failures=0, error=posted.trouble, blocked=blocked)


def decide_after_failure(
    error: DeliveryError,
    delivery: Delivery,
    *,
    failures: int,
    settle: timedelta,
    default_channel: str,
    now: datetime,
    refusal: MessageRefusal = _FIRST_REFUSAL,
) -> DeliveryDecision:
    """Decide what follows from an attempt that failed.

    `failures` are the service's failures in a row before this one, `settle` is the time until a
    message that was shown can be found in the channel; `refusal` counts for DeliveryRefused.
    """
    text = str(error)
    match error:
        case DeliveryUncertain() if delivery.kind is not DeliveryKind.UPDATE:
            return _after_lost_answer(delivery, text, failures + 1, now, settle)
        case CardDeleted():
            return DeliveryDecision(fate=PostCardAnew(), error=text, failures=failures)
        case NothingToShow():
            return DeliveryDecision(fate=GiveUp(), error=text, failures=failures)
        case DeliveryRejected():
            return _give_up(text, failures)
        case DeliveryRefused():
            is_picture = delivery.kind is DeliveryKind.DIGEST_PICTURE
            if is_picture and refusal.count >= MAX_PICTURE_REFUSALS:
                return _give_up(text, failures)
            return _after_refusal(delivery, refusal, text, failures, now)
        case DeliveryForbidden():
            return _after_forbidden(SendAgain(now), text, failures, now)
        case DeliveryUnreachable():
            return _after_closed_channel(delivery, text, failures, default_channel, now)
        case DeliveryDelayed(retry_after=float() | int() as seconds):
            later = now + max(timedelta(seconds=seconds), _MIN_PAUSE)
            method = ServiceMethod.from_delivery_kind(delivery.kind)
            return DeliveryDecision(
                fate=SendAgain(later), error=text, failures=failures, pause=Pause(later, (method,))
            )
        case _:
            return _after_outage(delivery, text, failures + 1, now)


def _after_lost_answer(
    delivery: Delivery, error: str, failures: int, now: datetime, settle: timedelta
) -> DeliveryDecision:
    """Look for the message; in an outage, post nothing: each would be one more to look for."""
    pause = None
    if failures > _TOLERATED_LOSSES:
        method = ServiceMethod.from_delivery_kind(delivery.kind)
        pause = Pause(now + _outage_pause(failures - _TOLERATED_LOSSES), (method,))
    return DeliveryDecision(
        fate=LookAgain(now + settle, probes=0), error=error, failures=failures, pause=pause
    )


def _give_up(error: str, failures: int) -> DeliveryDecision:
    return DeliveryDecision(
        fate=GiveUp(), error=error, failures=failures, blocked=BlockScope.DEAD_LETTER
    )


def _after_refusal(
    delivery: Delivery, refusal: MessageRefusal, error: str, failures: int, now: datetime
) -> DeliveryDecision:
    """Try this message ever later, and hold up no other one.

    It is given up only where others were shown meanwhile, or where it is a mail or a page that
    nobody waits for any more. Where several are refused and none is shown, the service may be to
    blame: people are told, and nothing is lost.
    """
    is_hopeless = refusal.count >= MAX_REFUSALS
    is_too_late = delivery.kind in _UNTIL_OUTDATED and _is_outdated(delivery, now)
    if is_hopeless and (refusal.others_shown or is_too_late):
        return _give_up(error, failures)
    concerns_all = is_hopeless or refusal.others_refused + 1 >= _REFUSED_BY_SERVICE
    wait = exponential_backoff(refusal.count, first=_FIRST_RETRY, longest=_MAX_REFUSAL_WAIT)
    return DeliveryDecision(
        fate=SendAgain(now + wait),
        error=error,
        failures=failures,
        blocked=_service_scope(delivery) if concerns_all else None,
    )


def _after_forbidden(
    fate: DeliveryFate | None, error: str, failures: int, now: datetime
) -> DeliveryDecision:
    """Leave the service alone until a person may have mended the credentials; keep the queue."""
    return DeliveryDecision(
        fate=fate,
        error=error,
        failures=failures,
        pause=Pause(now + _OPERATOR_RETRY),
        blocked=BlockScope.SERVICE,
    )


def _after_closed_channel(
    delivery: Delivery, error: str, failures: int, default_channel: str, now: datetime
) -> DeliveryDecision:
    """Fall back to the default channel, and tell people; try a closed one later where there is
    none, or where what is private must not go there. What is of yesterday's interest is given up;
    what comes below a digest waits as long as its message would.
    """
    if delivery.kind in (DeliveryKind.UPDATE, DeliveryKind.ENTRY):  # its card is out of reach
        return DeliveryDecision(fate=GiveUp(), error=error, failures=failures)
    nobody_waits = delivery.prompt or _is_outdated(delivery, now)  # who asked can ask again
    if delivery.kind in _OF_DIGEST and nobody_waits:
        return _give_up(error, failures)
    if delivery.channel != default_channel and delivery.fallback:
        return DeliveryDecision(
            fate=RedirectTo(default_channel),
            error=error,
            failures=failures,
            blocked=BlockScope.CHANNEL,
        )
    return DeliveryDecision(
        fate=SendAgain(now),
        error=error,
        failures=failures,
        channel_closed_until=now + _OPERATOR_RETRY,
        blocked=BlockScope.CHANNEL,
    )


def _is_outdated(delivery: Delivery, now: datetime) -> bool:
    """Whether it is a digest that nobody waits for any more, as one that was not made in time."""
    return now - delivery.created_at > MADE_UP_WITHIN


def _service_scope(delivery: Delivery) -> BlockScope:
    """What is held up where the service of a delivery fails."""
    return BlockScope.MAIL if delivery.kind is DeliveryKind.DIGEST_MAIL else BlockScope.SERVICE


def _after_outage(delivery: Delivery, error: str, failures: int, now: datetime) -> DeliveryDecision:
    """Leave the service alone ever longer, and keep the queue: every message would fail alike."""
    service = ServiceMethod.from_delivery_kind(delivery.kind).service
    methods = () if service is ServiceMethod.POST else (service,)
    return DeliveryDecision(
        fate=SendAgain(now),
        error=error,
        failures=failures,
        pause=Pause(now + _outage_pause(failures), methods),
        blocked=_service_scope(delivery),
    )


def decide_after_look(
    result: PostedMessage | DeliveryError | None,
    delivery: Delivery,
    *,
    failures: int,
    settle: timedelta,
    looks_paused: bool,
    now: datetime,
) -> DeliveryDecision:
    """Decide what follows from a look for a delivery of unknown fate.

    `result` is the message, None where it is not in the channel, or why nobody could look.
    `looks_paused` says that the service did not want the channel to be read just now.
    """
    match result:
        case PostedMessage():
            return decide_after_success(result)
        case None:
            return _after_look_in_vain(delivery, failures, settle, now)
        case DeliveryForbidden():
            return _after_forbidden(None, str(result), failures, now)
        case _:
            wait = _wait_for_history(settle, looks_paused)
            return _after_failed_look(result, delivery, failures, settle, wait, now)


def _after_look_in_vain(
    delivery: Delivery, failures: int, settle: timedelta, now: datetime
) -> DeliveryDecision:
    """Not found once may be the service's lag; not found twice, some time apart, is certain."""
    if delivery.probes == 0:
        return DeliveryDecision(
            fate=LookAgain(now + settle * _SETTLES_BETWEEN_PROBES, probes=1), failures=failures
        )
    outage = failures > 1
    wait = _outage_pause(failures) if outage else timedelta()
    return DeliveryDecision(fate=SendAgain(now + wait), failures=failures)


def _after_failed_look(
    error: DeliveryError,
    delivery: Delivery,
    failures: int,
    settle: timedelta,
    wait_for_history: timedelta,
    now: datetime,
) -> DeliveryDecision:
    """Look again later; after too long, send it again, labelled as a possible repeat."""
    asked = timedelta(seconds=_seconds_asked(error))
    if now - last_attempt_at(delivery) >= max(wait_for_history, asked):
        fate: DeliveryFate = SendAgain(now, repeat=True)
    else:
        fate = LookAgain(now + max(asked, settle, _MIN_PAUSE), delivery.probes)
    return DeliveryDecision(fate=fate, error=str(error), failures=failures)


def _wait_for_history(settle: timedelta, looks_paused: bool) -> timedelta:
    """How long after its attempt a message is sent again although nobody could look for it."""
    wait = max(settle * _SETTLES_UNTIL_RESEND, _MIN_WAIT_TO_RESEND)
    # While looks are paused it was another message's that was refused: this one may have its turn.
    return 2 * wait if looks_paused else wait


def _seconds_asked(error: DeliveryError) -> float:
    """The wait in seconds that the service asked for; 0 where it asked for none."""
    if isinstance(error, DeliveryDelayed) and error.retry_after:
        return error.retry_after
    return 0


def _outage_pause(failures: int) -> timedelta:
    """How long a service that failed so often in a row is left alone."""
    return exponential_backoff(failures, first=_FIRST_RETRY, longest=_MAX_OUTAGE_PAUSE)
