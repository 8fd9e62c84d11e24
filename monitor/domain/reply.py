"""Replies to customers: how one is drafted, and what may become of it; pure values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from monitor.domain.actor import Actor
from monitor.domain.delivery import Card
from monitor.domain.feedback import Analysis, Feedback

#: By source id our own accounts there, as `official_names` gives them.
OfficialAccounts = Mapping[str, frozenset[str]]

#: The fields that a template may name.
TEMPLATE_FIELDS: Mapping[str, str] = {
    "author": "who wrote, as the source shows the name",
    "brand": "`[respond] brand`",
    "agent": "who answers, as Slack shows the name",
    "signature": "`[respond] signature`",
    "words": "the customer's words that made the rule fire",
    "title": "what the customer wrote above the text",
    "rating": "the stars, from 1 to 5",
    "source": "the id of the source",
}
#: No dialog in Slack holds more characters.
MAX_REPLY_LENGTH = 3_000

_FIELD = re.compile(r"\{([a-z]+)(?:\|([^{}]*))?\}")
_MAX_VALUE_LENGTH = 200
#: What would make a link, a mention of a group, a heading or a picture out of a customer's name.
_MARKUP = str.maketrans(dict.fromkeys("[](){}<>`*~^|\\#!", " "))
_ADDRESS = re.compile(r"(?i)\S*(?:://|www\.)\S*|\S+\.(?:com|net|org|io|co|ru|cn|xyz|top|info)\b\S*")
#: Joins that letters of Persian and of the Indic scripts, and pictures of families and flags, are
#: written with.
_JOINERS = "\u200c\u200d"


class ReplyState(StrEnum):
    """The fate of a reply."""

    PROPOSED = "proposed"  #: waits for a manager
    REJECTED = "rejected"  #: sent back
    APPROVED = "approved"  #: is to be published
    ATTEMPTING = "attempting"  #: committed before the request leaves
    UNCERTAIN = "uncertain"  #: perhaps published: looked for before it is published again
    PUBLISHED = "published"
    COPIED = "copied"  #: a person has posted it
    FAILED = "failed"  #: given up, with the reason


#: A reply that may still become public: a second one to the same customer has to wait for it.
OPEN_REPLY_STATES = frozenset(
    {ReplyState.PROPOSED, ReplyState.APPROVED, ReplyState.ATTEMPTING, ReplyState.UNCERTAIN}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One reply to the feedback that an alert was opened for."""

    id: int  #: given by the store, 0 before
    alert_id: int
    feedback_id: int
    source_id: str
    text: str  #: empty once the feedback was removed
    state: ReplyState
    actor: Actor  #: who wrote it
    at: datetime
    via: str = ""  #: from where it came: "slack:modal"
    decided_by: Actor | None = None  #: who approved it or sent it back
    not_before: datetime | None = None  #: when it is dealt with next
    attempts: int = 0
    attempted_at: datetime | None = None
    probes: int = 0  #: how often it was looked for in vain since it became uncertain
    looks: int = 0  #: how often looking for it failed since
    url: str = ""  #: where it stands
    external_id: str = ""  #: the source's own id of it
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAnswer:
    """What we wrote to a customer where all can read it, through repwatch or not."""

    feedback_id: int  #: which it answers
    source_id: str
    thread_id: str  #: empty where the source has none
    text: str
    at: datetime
    shown_id: int  #: the feedback at which it is read: itself where it was seen, else as above


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTemplate:
    """A text to start from, and for which alerts it is offered.

    Every list that is not empty must hold what the alert has.
    """

    name: str
    text: str
    rules: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def applies_to(self, card: Card) -> bool:
        """Return whether the template is offered for an alert."""
        analysis = card.analysis
        if self.rules and card.alert.rule_id not in self.rules:
            return False
        if self.stages and analysis.stage not in self.stages:
            return False
        if self.sources and card.feedback.source_id not in self.sources:
            return False
        signals = [signal.name for signal in analysis.signals or ()]
        return not self.signals or any(name in self.signals for name in signals)

    @property
    def specificity(self) -> int:
        """How many lists it asks; the narrower of two templates is offered first."""
        return sum(map(bool, (self.rules, self.signals, self.stages, self.sources)))


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandVoice:
    """How the brand speaks."""

    tone: str = ""  #: one line, shown where replies are written
    brand: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDraft:
    """A reply to start from."""

    text: str
    options: tuple[str, ...] = ()  #: names of the templates that are offered
    chosen: str = ""  #: the template that the text was made of
    can_publish: bool = False
    needs_approval: bool = False
    url: str = ""  #: where a person posts it
    max_length: int = MAX_REPLY_LENGTH  #: characters that the place takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a language model is given to draft a reply from.

    It is hostile text, as all that customers write.
    """

    title: str
    text: str  #: the customer's words, masked as the privacy setting says
    author: str
    language: str  #: BCP 47; empty where it is not known
    rating: str  #: stars from 1 to 5; empty for none
    template: str  #: the filled template that would be shown without a model
    voice: BrandVoice = field(default_factory=BrandVoice)
    most: int = MAX_REPLY_LENGTH


class Drafter(Protocol):
    """Whatever drafts replies: a language model of your own, named by `[respond] drafter`."""

    def draft(self, prompt: Prompt) -> str:
        """Return a draft that a person will read and change.

        It may be slow and may raise anything; the template is shown then.
        """


def normalize_account_names(names: Iterable[str]) -> frozenset[str]:
    """Return the names of accounts as `is_by_official_account` compares them."""
    return frozenset(map(_normalize_account, names)) - {""}


def is_by_official_account(item: Feedback, official: OfficialAccounts) -> bool:
    """Return whether one of our own accounts wrote it, by name or id.

    Case does not matter, nor does a leading @ or u/.
    """
    names = official.get(item.source_id, frozenset())
    return bool(names) and (
        _normalize_account(item.author.name) in names or _normalize_account(item.author.id) in names
    )


def _normalize_account(name: str) -> str:
    return re.sub(r"^(/?u/|@)", "", name.strip().casefold())


def select_templates(templates: tuple[ReplyTemplate, ...], card: Card) -> tuple[ReplyTemplate, ...]:
    """Return the templates for an alert, the narrowest first, then in the order of their file."""
    offered = [template for template in templates if template.applies_to(card)]
    return tuple(sorted(offered, key=lambda template: -template.specificity))


def fill_template(text: str, values: Mapping[str, str]) -> str:
    """Return a template with its fields replaced by `values`.

    `{author|there}` gives "there" where `author` is empty. Values are only text: what looks like a
    field or like markup in them is neither. Unknown fields stay as they are.
    """

    def field_value(found: re.Match[str]) -> str:
        name, default = found[1], found[2] or ""
        if name not in values:
            return found[0]
        return sanitize_field_value(values[name]) or default

    return _FIELD.sub(field_value, text)


def template_field_names(text: str) -> Iterator[str]:
    """Return the names of the fields in a template."""
    return (found[1] for found in _FIELD.finditer(text))


def sanitize_field_value(value: str) -> str:
    """Return what a stranger wrote as it is fit for a public reply.

    One line of at most 200 characters, without links, markup and invisible characters.
    """
    shortened = value[: 10 * _MAX_VALUE_LENGTH]
    visible = "".join(char if _is_visible(char) else " " for char in shortened)
    line = " ".join(_ADDRESS.sub(" ", visible.translate(_MARKUP)).split())
    if len(line) <= _MAX_VALUE_LENGTH:
        return line
    return f"{line[: _MAX_VALUE_LENGTH - 1].rstrip()}…"


def _is_visible(char: str) -> bool:
    return char in _JOINERS or not unicodedata.category(char).startswith(("C", "Z"))


def template_values(
    card: Card, voice: BrandVoice, agent: str, mask_words: Mapping[str, str]
) -> Mapping[str, str]:
    """Return what the fields of a template stand for.

    `mask_words` are the fields with the customer's own words, masked.
    """
    rating = card.feedback.rating
    return {
        "brand": voice.brand,
        "agent": agent,
        "signature": voice.signature,
        "rating": f"{rating.stars:g}" if rating else "",
        "source": card.feedback.source_id,
        **mask_words,
    }


def customer_language(card: Card) -> str:
    """Return the language that the customer wrote in, as far as it is known."""
    return _detected_language(card.analysis) or card.feedback.language


def _detected_language(analysis: Analysis) -> str:
    return "" if analysis.language in ("", "und") else analysis.language
