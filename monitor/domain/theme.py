"""A theme: what more or fewer people talk about than in the weeks before, in their own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.domain.feedback import Label
from monitor.domain.measure import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeText:
    """One feedback as themes are found in it."""

    feedback_id: int
    words: str  #: normalised, one space between them, as in `Analysis.words`
    at: datetime  #: when it was written, aware
    author: str = ""  #: whose it is, the same for all of a person's; "" counts for itself
    source_id: str = ""
    label: Label | None = None  #: None where the tone could not be read
    stage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMark:
    """Something that happened to the brand: a release, an outage, a campaign."""

    name: str  #: as people call it: "6.5.0"
    at: datetime


class ThemeKind(StrEnum):
    """How a theme compares with the weeks before."""

    NEW = "new"  #: before, one author at most
    GROWING = "growing"
    FADING = "fading"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStart:
    """On which day a series of daily counts began to run at another rate."""

    day: date  #: the first day of the new rate, by the highest likelihood
    earliest: date  #: the days from here to `latest` are about as likely
    latest: date
    per_day_before: float  #: counts a day, or of each unit of exposure where that is given
    per_day_after: float
    p: float  #: how often days in random order show as sharp a change; 0 to 1
    event: str = ""  #: the marked event that it starts at; empty where none fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Phrases that the same texts hold and that changed together, with all that is known of them.

    Authors count once a period; so do near copies of one text.
    """

    name: str  #: its best phrase, as customers write it
    phrases: tuple[str, ...]  #: all of them, normalised, the best first: what a search finds it by
    kind: ThemeKind
    items: int  #: feedback that was read in the period
    authors: int
    authors_before: int  #: in all the weeks before, each once a period
    per_week_before: float  #: authors a week, of as large a part of all texts as was read now
    expected: float  #: authors now, had it stayed as frequent as before in each source
    #: natural logarithm of the odds now against before, shrunk towards no change; below 0: fading
    log_odds: float
    log_odds_low: float
    log_odds_high: float
    p: float  #: adjusted for all phrases that were tested (Benjamini-Hochberg)
    #: sentiment balance of its items, in points; of a fading theme, of those before
    balance: Estimate
    stage: str | None  #: that most of its items have; None where none is known
    stage_items: int
    quotes: tuple[int, ...]  #: up to three feedback ids, typical and different
    feedback_ids: tuple[int, ...]  #: of the period, oldest first
    earlier_ids: tuple[int, ...]  #: of the weeks before
    start: ChangeStart | None = None  #: None where no day stands out


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsRead:
    """How many texts were read, of how many there are: "2,000 of 6,412 read"."""

    read: int
    total: int
    authors: int  #: people of those that were read, each once a period; near copies are one

    @property
    def is_sample(self) -> bool:
        """Whether some were left out."""
        return self.read < self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeReport:
    """The themes of a period, what they were looked for in, and why there may be none."""

    themes: tuple[Theme, ...]  #: the largest change first
    now: TextsRead
    before: TextsRead
    weeks_before: float
    tested: int = 0  #: phrases
    silent_because: str = ""  #: a sentence for people where nothing could be tested


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlySign:
    """A series that has run ahead of another: its rises were followed, days later."""

    name: str
    lead_days: int
    correlation: float  #: of the changes from day to day, at that lead; 0 to 1
    days: int  #: that were compared
    p: float  #: adjusted for all series that were tested (Benjamini-Hochberg)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlySigns:
    """The series that have run ahead, and which could not be judged."""

    signs: tuple[EarlySign, ...]  #: the surest first
    tested: tuple[str, ...]
    too_little: tuple[str, ...]  #: names of series with too few days of anything
    silent_because: str = ""  #: a sentence for people where nothing could be tested


@dataclass(frozen=True, slots=True, kw_only=True)
class PraiseAndBlame:
    """What a competitor is praised for, and we are blamed for."""

    phrase: str
    praised: int  #: authors who praise them with it
    theirs: int  #: authors who name it of them
    blamed: int  #: authors who blame us with it
    ours: int  #: authors who name it of us
    difference: float  #: share of blame among ours less that among theirs, in percent points
    low: float  #: of its 95 % interval (Newcombe)
    high: float
    p: float  #: adjusted for all phrases that were tested (Benjamini-Hochberg)
    blamed_ids: tuple[int, ...]
    praised_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedWish:
    """What our customers wish for, and a competitor is praised for."""

    phrase: str
    wished: int  #: authors
    praised: int  #: authors
    p: float  #: that wishes hold it no more often than our other texts; adjusted
    wished_ids: tuple[int, ...]
    praised_ids: tuple[int, ...]
