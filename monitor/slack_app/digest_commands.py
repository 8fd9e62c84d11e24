"""/repwatch digest: who gets the digest in a channel, and a digest on demand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from monitor.domain.actor import Actor
from monitor.domain.business_hours import DAYS, parse_time_of_day
from monitor.domain.digest_schedule import (
    DigestOrder,
    DigestSchedule,
    DigestSpan,
    DigestSubscription,
    DigestTarget,
    next_slot,
)
from monitor.domain.segment import resolve_scope
from monitor.errors import suggest_nearest
from monitor.pipeline.digest_desk import find_same_schedule
from monitor.store import Transaction

AUDIENCES = ("leadership", "product", "support", "places")
#: What can be asked, for managers but for `list`.
VERBS = ("subscribe", "unsubscribe", "list", "now", "preview")
_SPANS = tuple(str(span) for span in DigestSpan)
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_USAGE = (
    "Write `/repwatch digest subscribe`, with any of an audience (leadership, product, support, "
    "places), week, month or last, a day (mon to sun, or 1 to 28), a time (09:00), and `for` with "
    "a segment or a persona at the end; or `unsubscribe`, `list`, `now`, `preview`."
)
#: 1 to 28: every month has them.
_DAY_OF_MONTH = re.compile(r"0?[1-9]|1\d|2[0-8]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestCommand:
    """What somebody typed after `/repwatch digest`, and where."""

    text: str
    channel: str
    actor: Actor
    id: str  #: the same whenever Slack delivers it again


@dataclass(frozen=True, slots=True)
class ConfiguredDigests:
    """What config.toml sends, and whom it names."""

    schedules: Sequence[DigestSchedule] = ()
    #: the service's ids of their channels, by name, as far as they are known
    channel_ids: Mapping[str, str] = field(default_factory=dict)
    personas: Sequence[str] = ()  #: names of those that a digest can be about


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the words of a command say, as far as they say it."""

    audience: str = "leadership"
    span: DigestSpan = DigestSpan.WEEK
    day: int | None = None
    at: time = time(9)
    segment: str = ""  #: or the name of a persona

    def to_schedule(self, channel: str, zone: str) -> DigestSchedule:
        """Return the schedule for a channel."""
        first_day = 1 if self.span is DigestSpan.MONTH else 0
        day = first_day if self.day is None else self.day
        return DigestSchedule(target=self.to_target(channel, zone), day=day, at=self.at)

    def to_target(self, channel: str, zone: str) -> DigestTarget:
        """Return the target for a channel."""
        return DigestTarget(
            channel=channel,
            audience=self.audience,
            segment=self.segment,
            span=self.span,
            zone=zone,
        )


_NOTHING_CONFIGURED = ConfiguredDigests()


def verb_of(text: str) -> str:
    """Return what a command asks for; empty where it is nothing that there is."""
    word = text.strip().partition(" ")[0].lower()
    return word if word in VERBS else ""


def run_digest_command(
    tx: Transaction,
    command: DigestCommand,
    zone: str,
    now: datetime,
    configured: ConfiguredDigests = _NOTHING_CONFIGURED,
) -> str:
    """Carry out a command of somebody who may, and return what to tell them."""
    verb = verb_of(command.text)
    words = command.text.split()[1:]
    match verb:
        case "list":
            return _list_subscriptions(tx, command.channel, now)
        case "unsubscribe":
            return _unsubscribe(tx, command, words)
        case "subscribe" | "now" | "preview":
            wish = _parse_wish(words, configured.personas)
            if isinstance(wish, str):
                return wish
            if verb == "subscribe":
                return _subscribe(
                    tx, command, wish.to_schedule(command.channel, zone), configured, now
                )
            return _order(tx, command, wish, zone, now)
        case _:
            return _USAGE


def send_previewed_digest(tx: Transaction, order_id: object, now: datetime) -> str:
    """Order what a preview shows, for its channel, and return what to tell the person."""
    order = tx.digest_orders.get(order_id) if isinstance(order_id, str) else None
    if order is None or not order.is_preview:
        return "This preview is too old to be sent: write `/repwatch digest now` in the channel."
    if not tx.digest_orders.add(order.as_sent, now):
        return "It was sent already, or is on its way."
    return f"The digest of {order.period.name} is sent to its channel in a minute or two."


def _subscribe(
    tx: Transaction,
    command: DigestCommand,
    schedule: DigestSchedule,
    configured: ConfiguredDigests,
    now: datetime,
) -> str:
    served = find_same_schedule(tx, schedule, configured.schedules, configured.channel_ids)
    if served is not None:
        return (
            f"config.toml sends this channel the digest already, {_describe(served, now)}; whoever "
            "runs repwatch changes it under [digest]. Nothing was subscribed."
        )
    tx.digest_orders.put_subscription(
        DigestSubscription(schedule=schedule, actor=str(command.actor), at=now)
    )
    tx.digest_orders.renew_schedule(schedule, now)
    return f"This channel gets the digest {_describe(schedule, now)}."


def _unsubscribe(tx: Transaction, command: DigestCommand, words: Sequence[str]) -> str:
    before, segment = _split_words(words)
    named = {"audience": "", "span": ""}
    for word in before:
        if word not in (*AUDIENCES, *_SPANS):
            nearest = suggest_nearest(word, (*AUDIENCES, *_SPANS))
            return f"There is no audience {word[:40]!r}; {nearest}"
        named["audience" if word in AUDIENCES else "span"] = word
    scope = _resolve_subscribed(tx, command.channel, segment)
    count = tx.digest_orders.remove_subscriptions(command.channel, segment=scope, **named)
    if not count:
        return "This channel had no such subscription; what config.toml sends here is ended there."
    return "This channel gets the digest no more."


def _resolve_subscribed(tx: Transaction, channel: str, typed: str) -> str:
    """Return the scope of a channel's subscriptions that somebody means.

    Also of a persona that the configuration names no more.
    """
    held = [one.schedule.target.segment for one in tx.digest_orders.list_subscriptions(channel)]
    try:
        return resolve_scope(typed, filter(None, held))
    except ValueError:
        return typed


def _list_subscriptions(tx: Transaction, channel: str, now: datetime) -> str:
    found = tx.digest_orders.list_subscriptions(channel)
    if not found:
        return (
            "Nobody has subscribed this channel; config.toml may send a digest here all the same."
        )
    lines = [f"• {_describe(one.schedule, now)}, since {one.at:%Y-%m-%d}" for one in found]
    return "This channel gets the digest\n" + "\n".join(lines)


def _order(tx: Transaction, command: DigestCommand, wish: _Wish, zone: str, now: datetime) -> str:
    is_preview = verb_of(command.text) == "preview"
    order = DigestOrder(
        id=f"asked:{command.id}",
        target=wish.to_target(command.channel, zone),
        at=now,
        preview_for=command.actor.id if is_preview else "",
        requested_by=str(command.actor),
    )
    tx.digest_orders.add(order, now)
    where = "to you alone" if is_preview else "to this channel"
    return f"The digest of {order.period.name} is being made; it comes {where} in a minute or two."


def _parse_wish(words: Sequence[str], personas: Sequence[str]) -> _Wish | str:
    """Return what the words say, or what is wrong with them."""
    before, segment = _split_words(words)
    try:
        segment = resolve_scope(segment, personas)
    except ValueError as error:
        return f"{str(error)[:200]}."
    given: dict[str, object] = {"segment": segment} if segment else {}
    for word in before:
        read = _read_word(word)
        if read is None:
            known = (*AUDIENCES, *_SPANS, *DAYS)
            return f"{word[:40]!r} says nothing here; {suggest_nearest(word, known)}"
        given |= read
    wish = _Wish(**given)  # type: ignore[arg-type]  # _read_word knows the types
    is_monthly = wish.span is DigestSpan.MONTH
    if wish.day is not None and is_monthly != ("day_of_month" in _kind_of_day(before)):
        needed = "a day from 1 to 28" if is_monthly else "a day from mon to sun"
        return f"For that span, say {needed}."
    return wish


def _split_words(words: Sequence[str]) -> tuple[list[str], str]:
    """Return the words before "for", in small letters, and the scope behind it."""
    lowered = [word.lower() for word in words]
    at_segment = lowered.index("for") if "for" in lowered else len(words)
    return lowered[:at_segment], " ".join(words[at_segment + 1 :])


def _kind_of_day(words: Sequence[str]) -> str:
    return "day_of_month" if any(word.isdecimal() for word in words) else "weekday"


def _read_word(word: str) -> dict[str, object] | None:
    """Return what one word says; None for nothing."""
    if word in AUDIENCES:
        return {"audience": word}
    if word in _SPANS:
        return {"span": DigestSpan(word)}
    if word in DAYS:
        return {"day": DAYS.index(word)}
    if _DAY_OF_MONTH.fullmatch(word):
        return {"day": int(word)}
    try:
        return {"at": parse_time_of_day(word)}
    except ValueError:
        return None


def _describe(schedule: DigestSchedule, now: datetime) -> str:
    """Return in words when it comes, for whom, and when next."""
    target = schedule.target
    is_monthly = target.span is DigestSpan.MONTH
    day = f"day {schedule.day} of each month" if is_monthly else f"each {_DAY_NAMES[schedule.day]}"
    about = {
        DigestSpan.WEEK: "about the week before",
        DigestSpan.MONTH: "about the month before",
        DigestSpan.LAST: "about all since the last one",
    }[target.span]
    segment = f", {target.segment} alone" if target.segment else ""
    coming = next_slot(schedule, now).astimezone(ZoneInfo(target.zone))
    when = f"{day} at {schedule.at:%H:%M} ({target.zone})"
    return (
        f"for {target.audience}{segment} {when}, {about}; next on {coming:%Y-%m-%d} at "
        f"{coming:%H:%M}"
    )
