"""Counts of feedback that are kept ready, and how a period is made of them: pure values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from monitor.domain.feedback import Analysis, Feedback, Kind, Rating, Scale

#: The probability from which on a feedback counts as a problem.
PROBLEM_FROM = 0.5
#: Scales that only a question is answered on.
ASKED_SCALES = frozenset({Scale.NPS, Scale.CSAT5, Scale.CES7, Scale.CES5})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RollupKey:
    """What the feedback of one count has in common."""

    source_id: str
    stage: str  #: as the team corrected it; empty where it was not read
    touchpoint: str  #: empty where it was not read
    label: str  #: a Label, as the team corrected it; empty for what could not be read
    scale: str  #: a Scale; empty without a rating
    #: the rating in tenths of its scale, rounded, so that no odd scale makes endless keys
    tenths: int = 0
    problem: bool = False  #: whether it probably needs attention
    asked: bool = False  #: whether it answers a question, as surveys do

    @property
    def rating(self) -> Rating | None:
        """The rating, to a tenth; None without one."""
        return Rating(self.tenths / 10, Scale(self.scale)) if self.scale else None


@dataclass(frozen=True, slots=True)
class RollupCell:
    """How many feedback share a key."""

    key: RollupKey
    count: int


def make_rollup_key(feedback: Feedback, analysis: Analysis) -> RollupKey | None:
    """Return the key under which a feedback counts, as long as nobody corrects what was read.

    None for what our own accounts wrote: it is no customer's.
    """
    if feedback.own:
        return None
    rating, sentiment = feedback.rating, analysis.sentiment
    return RollupKey(
        source_id=feedback.source_id,
        stage=analysis.stage or "",
        touchpoint=analysis.touchpoint or "",
        label=str(sentiment.label) if sentiment else "",
        scale=str(rating.scale) if rating else "",
        tenths=int(rating.value * 10 + 0.5) if rating else 0,
        problem=(analysis.problem or 0) >= PROBLEM_FROM,
        asked=is_asked(feedback),
    )


def is_asked(feedback: Feedback) -> bool:
    """Return whether somebody asked for it: an answer in a survey, or on a scale of surveys."""
    on_asked_scale = feedback.rating is not None and feedback.rating.scale in ASKED_SCALES
    return feedback.kind is Kind.SURVEY or bool(feedback.question) or on_asked_scale


def subtract_cells(
    cells: Iterable[RollupCell], others: Iterable[RollupCell]
) -> tuple[RollupCell, ...]:
    """Return the counts without the others, such as those of people who answered again."""
    left: dict[RollupKey, RollupCell] = {}
    for cell in cells:
        same = left.get(cell.key)
        left[cell.key] = RollupCell(cell.key, same.count + cell.count) if same else cell
    for cell in others:
        if (had := left.get(cell.key)) is not None:
            left[cell.key] = RollupCell(cell.key, had.count - cell.count)
    return tuple(cell for cell in left.values() if cell.count > 0)


class Grain(IntEnum):
    """The span of UTC time that one stored count is about."""

    HOUR = 0
    DAY = 1
    MONTH = 2

    def unit_of(self, at: datetime) -> int:
        """Return the number of the span in which a moment lies.

        Hours and days count from 1970 on, months from the year 0.
        """
        if self is Grain.MONTH:
            utc = at.astimezone(UTC)
            return utc.year * 12 + utc.month - 1
        return (at - _EPOCH) // (_HOUR if self is Grain.HOUR else _DAY)

    def start_of(self, unit: int) -> datetime:
        """Return when a span begins; raises OverflowError or ValueError beyond the year 9999."""
        if self is Grain.MONTH:
            return datetime(unit // 12, unit % 12 + 1, 1, tzinfo=UTC)
        return _EPOCH + unit * (_HOUR if self is Grain.HOUR else _DAY)


@dataclass(frozen=True, slots=True)
class StoredSpan:
    """Whole spans of one grain, one after the other; `until` is not included."""

    grain: Grain
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class RawSpan:
    """A part of an hour, which only the feedback itself can be counted for."""

    since: datetime
    until: datetime  #: not included


def split_into_spans(since: datetime, until: datetime) -> list[StoredSpan | RawSpan]:
    """Return the fewest spans that make up a period, `until` not included.

    Whole months, days at their edges, hours at the edges of those, and the feedback itself where an
    hour is cut, as by zones with half hours. They neither overlap nor leave a gap.
    """
    return list(_split_by_grain(since, until, (Grain.MONTH, Grain.DAY, Grain.HOUR)))


def _split_by_grain(
    since: datetime, until: datetime, grains: tuple[Grain, ...]
) -> Iterator[StoredSpan | RawSpan]:
    if since >= until:
        return
    if not grains:
        yield RawSpan(since, until)
        return
    grain, *finer = grains
    first, last = grain.unit_of(since), grain.unit_of(until)
    if grain.start_of(first) < since:
        first += 1
    if first >= last:
        yield from _split_by_grain(since, until, tuple(finer))
        return
    yield from _split_by_grain(since, grain.start_of(first), tuple(finer))
    yield StoredSpan(grain, first, last)
    yield from _split_by_grain(grain.start_of(last), until, tuple(finer))
