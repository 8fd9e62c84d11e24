"""One customer over all channels: what they wrote, how they rated, what our answers changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain.actor import Actor
from monitor.domain.feedback import Label, Rating, Scale

#: How far back complaints count as repeated.
REPEAT_WITHIN = timedelta(days=60)
#: Complaints within that time that make somebody a repeat detractor.
REPEAT_FROM = 2
#: The last ones of a customer that are looked at.
MOST_CONTACTS = 200
_FACTS_SHOWN = 2
_CHANNELS_SHOWN = 2
_HAPPY_STARS, _UNHAPPY_STARS = 4.5, 2.0
_ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh"}
_TIMES = {1: "once", 2: "twice"}


class Loyalty(StrEnum):
    """Whether a customer would recommend us, as their own rating says."""

    PROMOTER = "promoter"  #: NPS 9 and 10, five stars
    PASSIVE = "passive"
    DETRACTOR = "detractor"  #: NPS 0 to 6, one and two stars


class ReplyEffect(StrEnum):
    """What followed our answer to a customer."""

    QUIET = "quiet"  #: nothing was heard since
    CAME_BACK = "came back"  #: the next thing was a complaint again
    SATISFIED = "satisfied"  #: the next thing was no complaint


@dataclass(frozen=True, slots=True)
class Identity:
    """One thing that a customer is known by, without its value: that is stored as a digest only."""

    id: int
    kind: str  #: "author", "name", or the attribute that holds it, such as "email"
    source_id: str = ""  #: of an author or a name; empty for what means the same everywhere


@dataclass(frozen=True, slots=True)
class CustomerLink:
    """A link between two identities that a person has made."""

    id: int
    first: Identity
    second: Identity
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One feedback of a customer, without its words."""

    feedback_id: int
    source_id: str
    at: datetime
    label: str = ""  #: a Label, as the team corrected it; empty for what could not be read
    rating: Rating | None = None
    answered_at: datetime | None = None  #: when it was answered the last time
    came_back: bool = False  #: whether its author was seen to write again in that source

    @property
    def is_complaint(self) -> bool:
        """Whether it is negative, by its words or by its stars."""
        return self.label == Label.NEGATIVE or (
            self.rating is not None and self.rating.stars <= _UNHAPPY_STARS
        )

    @property
    def loyalty(self) -> Loyalty | None:
        """What an NPS answer or stars say; None without, for effort and satisfaction say less."""
        if self.rating is None or self.rating.scale not in _LOYAL_SCALES:
            return None
        if self.rating.stars >= _HAPPY_STARS:
            return Loyalty.PROMOTER
        return Loyalty.DETRACTOR if self.rating.stars <= _UNHAPPY_STARS else Loyalty.PASSIVE


_LOYAL_SCALES = frozenset({Scale.NPS, Scale.STARS5, Scale.INVERTED5})


@dataclass(frozen=True, slots=True)
class AnsweredContact:
    """A contact that was answered, and what followed."""

    contact: Contact
    effect: ReplyEffect


@dataclass(frozen=True, slots=True)
class CustomerHistory:
    """All that is known of one customer."""

    contacts: tuple[Contact, ...]  #: first to last, at most the last `MOST_CONTACTS`
    identities: tuple[Identity, ...] = ()

    @property
    def last(self) -> Contact | None:
        """What the customer wrote last."""
        return self.contacts[-1] if self.contacts else None

    @property
    def complaints(self) -> tuple[Contact, ...]:
        """What is negative, first to last."""
        return tuple(contact for contact in self.contacts if contact.is_complaint)

    @property
    def ratings(self) -> tuple[Contact, ...]:
        """What tells whether the customer would recommend us, first to last."""
        return tuple(contact for contact in self.contacts if contact.loyalty)

    @property
    def contacts_by_channel(self) -> Mapping[str, int]:
        """How often the customer wrote in each source, the most first."""
        return dict(Counter(contact.source_id for contact in self.contacts).most_common())

    @property
    def answered(self) -> tuple[AnsweredContact, ...]:
        """What was answered, first to last, with what followed."""
        return tuple(
            AnsweredContact(contact, _find_effect(contact, contact.answered_at, self.contacts))
            for contact in self.contacts
            if contact.answered_at
        )

    def as_of(self, feedback_id: int) -> CustomerHistory:
        """Return the history as it was when a feedback came: that is the last of it."""
        ids = [contact.feedback_id for contact in self.contacts]
        if feedback_id not in ids:
            return replace(self, contacts=())
        return replace(self, contacts=self.contacts[: ids.index(feedback_id) + 1])

    def complaints_between(self, since: datetime, until: datetime) -> tuple[Contact, ...]:
        """Return what is negative and was written from a time on and not after another."""
        return tuple(contact for contact in self.complaints if since <= contact.at <= until)


@dataclass(frozen=True, slots=True)
class Turn:
    """A customer whose rating went from one side to the other."""

    before: Contact
    after: Contact
    history: CustomerHistory

    @property
    def is_lost(self) -> bool:
        """Whether a promoter became a detractor; else a detractor was won."""
        return self.after.loyalty is Loyalty.DETRACTOR


def find_repeats(history: CustomerHistory, since: datetime, until: datetime) -> tuple[Contact, ...]:
    """Return the complaints that make the customer a repeat detractor of a period; else none.

    The last of them lies in the period, `until` not included, the others in the 60 days before it.
    """
    inside = [contact for contact in history.complaints if since <= contact.at < until]
    if not inside:
        return ()
    last = inside[-1].at
    found = history.complaints_between(last - REPEAT_WITHIN, last)
    return found if len(found) >= REPEAT_FROM else ()


def find_turn(history: CustomerHistory, since: datetime, until: datetime) -> Turn | None:
    """Return how the customer turned in a period, `until` not included; None for who did not.

    The last rating of the period is compared with the last one before the period.
    """
    before = [contact for contact in history.ratings if contact.at < since]
    inside = [contact for contact in history.ratings if since <= contact.at < until]
    if not (before and inside):
        return None
    pair = {before[-1].loyalty, inside[-1].loyalty}
    turned = pair == {Loyalty.PROMOTER, Loyalty.DETRACTOR}
    return Turn(before[-1], inside[-1], history) if turned else None


def describe_history(history: CustomerHistory) -> str:
    """Return in one line what the history adds to its last contact; empty where it adds nothing.

    "third complaint in 60 days, here and in nps · promoter until now (9 in October)". Of several
    facts it has the first two.
    """
    last = history.last
    if last is None or len(history.contacts) < 2:
        return ""
    facts = (
        _describe_repeats(history, last),
        _describe_turn(history, last),
        _describe_answers(history),
    )
    return " · ".join([fact for fact in facts if fact][:_FACTS_SHOWN])


def describe_turn(turn: Turn) -> str:
    """Return how a customer turned: "9 in nps in October, now 2 in nps"."""
    before, after = (
        f"{format_rating(one.rating)} in {one.source_id}" if one.rating else one.source_id
        for one in (turn.before, turn.after)
    )
    return f"{before} in {turn.before.at:%B}, now {after}"


def format_rating(rating: Rating) -> str:
    """Return a rating as it was given: "9" for NPS, "1 star", "4 stars"."""
    if rating.scale is Scale.NPS:
        return f"{rating.value:g}"
    return f"{rating.stars:.2g} star" + ("" if rating.stars == 1 else "s")


def _describe_repeats(history: CustomerHistory, last: Contact) -> str:
    if not last.is_complaint:
        return ""
    recent = history.complaints_between(last.at - REPEAT_WITHIN, last.at)
    if len(recent) < REPEAT_FROM:
        return ""
    before = dict.fromkeys(contact.source_id for contact in recent[:-1])
    number = _ORDINALS.get(len(recent), f"{len(recent)}th")
    places = _name_channels(list(before), last.source_id)
    return f"{number} complaint in {REPEAT_WITHIN.days} days{places}"


def _name_channels(before: Sequence[str], here: str) -> str:
    """Return where the earlier ones were: nothing where all were in the same source."""
    others = [source for source in before if source != here]
    if not others:
        return ""
    unnamed = len(others) - _CHANNELS_SHOWN
    names = others[:_CHANNELS_SHOWN] if unnamed <= 0 else [*others[:1], f"{unnamed + 1} more"]
    where = " and ".join(names)
    return f", here and in {where}" if here in before else f", before in {where}"


def _describe_turn(history: CustomerHistory, last: Contact) -> str:
    earlier = [contact for contact in history.ratings[:] if contact is not last]
    before = earlier[-1] if earlier else None
    if before is None or before.rating is None:
        return ""
    unhappy = last.is_complaint or last.loyalty is Loyalty.DETRACTOR
    lost = before.loyalty is Loyalty.PROMOTER and unhappy
    won = before.loyalty is Loyalty.DETRACTOR and last.loyalty is Loyalty.PROMOTER
    if not (lost or won):
        return ""
    year = "" if before.at.year == last.at.year else f" {before.at.year}"
    return f"{before.loyalty} until now ({format_rating(before.rating)} in {before.at:%B}{year})"


def _describe_answers(history: CustomerHistory) -> str:
    answered = [one for one in history.answered if one.contact is not history.last]
    back = sum(one.effect is ReplyEffect.CAME_BACK for one in answered)
    if not back:
        return ""
    times = _format_times(len(answered))
    if len(answered) == 1:
        return f"answered {times}, came back"
    if back == len(answered):
        return f"answered {times}, came back {'both times' if back == 2 else 'each time'}"
    return f"answered {times}, came back {_format_times(back)}"


def _format_times(count: int) -> str:
    return _TIMES.get(count, f"{count} times")


def _find_effect(
    contact: Contact, answered_at: datetime | None, contacts: Sequence[Contact]
) -> ReplyEffect:
    later = [
        other
        for other in contacts
        if answered_at is not None and other.at > answered_at and other is not contact
    ]
    if later:
        return ReplyEffect.CAME_BACK if later[0].is_complaint else ReplyEffect.SATISFIED
    return ReplyEffect.CAME_BACK if contact.came_back else ReplyEffect.QUIET
