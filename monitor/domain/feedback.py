"""Feedback and what was read out of it: frozen values, no input or output."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from monitor.domain.facts import NO_FACTS, StoredFacts
from monitor.domain.tokens import fingerprint_text
from monitor.domain.window import WindowView
from monitor.domain.workspace import NO_WORKSPACE, Workspace


class Kind(StrEnum):
    """What a feedback is."""

    POST = "post"
    COMMENT = "comment"
    REVIEW = "review"
    SURVEY = "survey"
    TICKET = "ticket"


class Markup(StrEnum):
    """What a body is written in when a source hands it over; what is stored is always TEXT."""

    TEXT = "text"
    HTML = "html"


class Scale(StrEnum):
    """A scale that services and surveys rate on."""

    STARS5 = "stars5"  #: 1 worst to 5 best
    INVERTED5 = "inverted5"  #: 1 best to 5 worst, as in the NHS Friends and Family Test
    NPS = "nps"  #: 0 to 10, would recommend
    CSAT5 = "csat5"  #: 1 very dissatisfied to 5 very satisfied
    CES7 = "ces7"  #: 1 to 7, agrees that it was easy
    CES5 = "ces5"  #: 1 to 5, agrees that it was easy
    THUMBS = "thumbs"  #: 0 down or 1 up

    @property
    def bounds(self) -> tuple[int, int]:
        """The lowest and the highest point."""
        return _SCALE_BOUNDS[self]


_SCALE_BOUNDS: Mapping[Scale, tuple[int, int]] = {
    Scale.STARS5: (1, 5),
    Scale.INVERTED5: (1, 5),
    Scale.NPS: (0, 10),
    Scale.CSAT5: (1, 5),
    Scale.CES7: (1, 7),
    Scale.CES5: (1, 5),
    Scale.THUMBS: (0, 1),
}


@dataclass(frozen=True, slots=True)
class Rating:
    """A customer's own figure, on the scale it was given on."""

    value: float
    scale: Scale = Scale.STARS5

    @classmethod
    def from_value(cls, value: float, scale: Scale = Scale.STARS5) -> Rating | None:
        """Return the rating, or None where the value lies outside its scale.

        Surveys have such values ("6 = don't know"), and so have shops (0 stars).
        """
        low, high = scale.bounds
        return cls(value, scale) if low <= value <= high else None

    @property
    def stars(self) -> float:
        """The rating as 1 (worst) to 5 (best).

        NPS keeps its bands: detractors (0-6) become 1 to 2, passives (7, 8) 3 and 3.5, promoters
        (9, 10) 4.5 and 5.
        """
        match self.scale:
            case Scale.STARS5 | Scale.CSAT5 | Scale.CES5:
                return self.value
            case Scale.INVERTED5:
                return 6 - self.value
            case Scale.CES7:
                return 1 + (self.value - 1) * 4 / 6
            case Scale.THUMBS:
                return 1 + 4 * self.value
            case Scale.NPS if self.value <= 6:
                return 1 + self.value / 6
            case Scale.NPS:
                return 3 + (self.value - 7) / 2 if self.value <= 8 else 4.5 + (self.value - 9) / 2


#: What places call people whom they do not name.
_SHARED_NAMES = frozenset(
    {
        "",
        "[deleted]",
        "a google user",
        "amazon customer",
        "anonymous",
        "deleted",
        "guest",
        "unknown",
        "user",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote, as far as the source tells."""

    name: str = ""
    id: str = ""  #: the source's own id, stable when the name changes
    reach: int | None = None  #: followers or karma

    @property
    def is_known(self) -> bool:
        """Whether the source named anyone."""
        return bool(self.name or self.id)

    @property
    def key(self) -> str:
        """What tells this author from others of the same source: the id, or the folded name.

        Empty where nobody is named, or by a name that many share.
        """
        own = self.id or self.name.strip().casefold()
        return "" if own in _SHARED_NAMES else own


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One review, post, comment, survey answer or ticket.

    A source fills what it knows; `monitor.pipeline.sanitize` makes the text plain and the times
    plausible; the store gives the id. `(source_id, external_id)` never changes for the same
    feedback, whatever is edited.
    """

    source_id: str
    external_id: str
    kind: Kind = Kind.POST
    title: str = ""
    body: str = ""
    markup: Markup = Markup.TEXT
    author: Author = field(default_factory=Author)
    created_at: datetime | None = None  #: the source's time, aware UTC; None where it gives none
    edited_at: datetime | None = None
    first_seen_at: datetime | None = None  #: ours, aware UTC; set when it was sanitized
    url: str = ""  #: where a person reads it; http(s) or empty
    thread_id: str = ""
    parent_id: str = ""
    language: str = ""  #: as declared by the source, BCP 47
    rating: Rating | None = None
    score: int | None = None  #: votes or likes
    replies: int | None = None
    app_version: str = ""
    question: str = ""  #: what a survey asked
    #: segment, country, plan: short names and values
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    deleted: bool = False  #: the source says that it is gone; what we hold of it is removed
    own: bool = False  #: one of our own accounts wrote it: no customer's, and never counted
    id: int = 0  #: given by the store, 0 before

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same feedback wherever it is seen again."""
        return self.source_id, self.external_id

    @property
    def seen_or_created(self) -> datetime:
        """When it was written, or first seen where the source gives no time."""
        at = self.created_at or self.first_seen_at
        if at is None:
            raise ValueError(
                "a feedback without a time was not sanitized: first_seen_at is missing"
            )
        return at

    @property
    def content_hash(self) -> str:
        """Changes when the words or the rating change; votes and replies do not count."""
        rating = f"{self.rating.value}/{self.rating.scale}" if self.rating else ""
        content = "\x1f".join((self.title, self.body, rating))
        return hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=16).hexdigest()


class Label(StrEnum):
    """The tone of a feedback."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    MIXED = "mixed"  #: good stars with a strong complaint in words


class Stage(StrEnum):
    """Where the customer is on the way with the brand."""

    AWARENESS = "awareness"  #: first hears of it
    RESEARCH = "research"  #: asks, compares
    PURCHASE = "purchase"  #: orders, pays
    USE = "use"  #: has it, and what it does
    SUPPORT = "support"  #: needs help
    ENGAGEMENT = "engagement"  #: stays, tells others, takes part
    POST_PURCHASE = "post-purchase"  #: delivery, returns, refunds, leaving
    UNSURE = "unsure"  #: the words do not tell


class Touchpoint(StrEnum):
    """Where it happened."""

    MARKETING = "marketing"
    SALES = "sales"
    SERVICE = "service"
    PRODUCT = "product"
    PLACE = "physical place"
    UNSURE = "unsure"


class Driver(StrEnum):
    """Why it was good or bad."""

    QUALITY = "quality"
    PRICE = "price"
    SPEED = "speed"
    CONVENIENCE = "convenience"
    CONSISTENCY = "consistency"
    EMPATHY = "empathy"
    COMMUNICATION = "communication"
    PERSONALIZATION = "personalization"


@dataclass(frozen=True, slots=True)
class VaderScores:
    """The scores of the vaderSentiment package for a text as given."""

    compound: float  #: -1 to 1
    neg: float  #: proportions, 0 to 1
    neu: float
    pos: float


@dataclass(frozen=True, slots=True)
class Sentiment:
    """The tone that rules look at."""

    label: Label
    score: float  #: -1 to 1


@dataclass(frozen=True, slots=True)
class Signal:
    """Something named that the words say, with the customer's own words."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What was read out of one feedback.

    None in a field means that its analyzer did not run, or that there is nothing to say.
    """

    text: str  #: title and own words, without quoted text
    #: the normalised words of `text`, one space between them: what rules and search look at
    words: str
    language: str = ""
    unscored: str = ""  #: why the words got no score; empty when they did
    vader: VaderScores | None = None
    sentiment: Sentiment | None = None
    problem: float | None = None  #: probability that this needs attention, 0 to 1
    signals: tuple[Signal, ...] | None = None
    stage: str | None = None
    touchpoint: str | None = None
    drivers: tuple[str, ...] | None = None
    emotion: str | None = None
    why: tuple[str, ...] = ()  #: what decided, one fact each

    @property
    def fingerprint(self) -> str:
        """Equal for texts of the same words, whatever their case and punctuation.

        Empty without words.
        """
        return fingerprint_text(self.words)

    @property
    def problem_reason(self) -> str:
        """How likely a problem is and by which words, as `why` says it; empty where it does not."""
        if self.problem is None:
            return ""
        said = describe_problem(self.problem)
        return next((line for line in self.why if line.startswith(said)), "")

    @property
    def scored(self) -> bool:
        """Whether the words could be read; unread is not neutral."""
        return not self.unscored


def describe_problem(probability: float) -> str:
    """Return how a line of `Analysis.why` begins that names the words of a problem."""
    return f"probably a problem ({probability:.0%})"


class Glance(NamedTuple):
    """So much of a stored feedback as tells whether a rule may hold for it at all."""

    source_id: str
    rating: float | None
    scale: str | None  #: a Scale; None without a rating
    label: str | None  #: a Label; None where the tone was not read
    problem: float | None
    words: str  #: as in `Analysis.words`

    @property
    def stars(self) -> float | None:
        """As `Rating.stars`; None without a rating."""
        if self.rating is None or self.scale is None:
            return None
        return _stars_of(self.rating, self.scale)


@lru_cache(maxsize=256)
def _stars_of(value: float, scale: str) -> float:
    return Rating(value, Scale(scale)).stars


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a condition may look at."""

    feedback: Feedback
    analysis: Analysis
    now: datetime  #: the time of the decision, aware UTC
    workspace: Workspace = NO_WORKSPACE
    facts: StoredFacts = NO_FACTS  #: those that the rules ask for
    #: what the windows of rules see from here, by `Rule.window_key`
    windows: Mapping[str, WindowView] = field(default_factory=dict, hash=False)
    window: WindowView | None = None  #: of the rule that is asked
