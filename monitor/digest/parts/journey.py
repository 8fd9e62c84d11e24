"""The customer's journey: each stage and touchpoint with its tone, why, and where it hurts most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from monitor.digest.counts import Series
from monitor.digest.intervals import bound_balance
from monitor.digest.measures import FEWEST, measure_ease, measure_satisfaction, measure_tone
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.tallies import Tallies
from monitor.digest.tally_counts import count_points, count_tones
from monitor.digest.wording import (
    STAGE_TITLES,
    TOUCHPOINT_TITLES,
    Wording,
    bullets,
    muted,
    paragraph,
    show_chart,
    strong,
    text_line,
)
from monitor.domain.chart import HeatCell, HeatMap
from monitor.domain.document import DocumentBlock, QuoteList, Table, TextLine
from monitor.domain.feedback import Label, Scale, Stage, Touchpoint
from monitor.domain.item_query import ItemQuery
from monitor.domain.measure import Estimate, Measure, Unit
from monitor.domain.reading import ReasonCount

_MOST_PAIN_POINTS = 5
#: Negative feedback from which on a field of the map can be a pain point.
_FEWEST_NEGATIVE = 3
#: A trend counts at most so much in either direction, since few can double by chance.
_LARGEST_TREND = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """How many of a stage's feedback show a driver or an emotion."""

    name: str
    count: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSummary:
    """One stage of the journey in a period."""

    stage: Stage
    n: int
    balance: Measure
    asked: Estimate  #: balance of what was asked for, in surveys
    unasked: Estimate  #: and of what people wrote by themselves
    csat: Estimate | None = None
    ease: Estimate | None = None
    emotion: Hint | None = None
    drivers: tuple[Hint, ...] = ()  #: of negative feedback, the most frequent first
    quotes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPain:
    """A field of the map that hurts, with each factor of its rank."""

    stage: Stage
    touchpoint: Touchpoint
    volume: int  #: negative feedback
    negativity: float  #: share of negative among what was scored, 0 to 1
    trend: float  #: negative feedback a day, against the four periods before; 1: as before
    quote: int = 0  #: the id of a typical one; 0 for none
    owner: str = ""  #: who has promised something about it
    action: str = ""
    improvement_id: int = 0
    items: ItemQuery = field(default_factory=ItemQuery)

    @property
    def score(self) -> float:
        """What it is ranked by: volume x negativity x trend."""
        return self.volume * self.negativity * self.trend


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyMap:
    """Stages against touchpoints and sources, and what hurts most."""

    stages: tuple[StageSummary, ...]  #: in the order of the journey
    by_touchpoint: HeatMap
    by_source: HeatMap
    pains: tuple[RankedPain, ...]  #: the highest score first
    unplaced: int  #: feedback whose words do not tell the stage


class JourneyPart(DigestPart[JourneyMap]):
    """Where on their way customers are glad or suffer, and who does something about it."""

    key = "journey"
    title = "The customer's journey"
    value_type = JourneyMap

    def load(self, data: PeriodData) -> JourneyMap | None:
        counted = data.count_people(data.period)
        if not counted.total:
            return None
        present = [stage for stage in _STAGES if counted.of_stage(stage).total]
        return JourneyMap(
            stages=tuple(_summarize_stage(data, stage) for stage in present),
            by_touchpoint=_map_stages(counted, present, "touchpoint", _TOUCHPOINT_NAMES),
            by_source=_map_stages(
                counted, present, "source", {name: name for name in counted.source_ids}
            ),
            pains=tuple(_rank_pains(data)),
            unplaced=counted.of_stage(Stage.UNSURE).total + counted.of_stage("").total,
        )

    def list_quoted(self, value: JourneyMap) -> tuple[int, ...]:
        of_stages = [quote for summary in value.stages for quote in summary.quotes]
        return (*of_stages, *(pain.quote for pain in value.pains if pain.quote))

    def describe(self, value: JourneyMap, wording: Wording) -> tuple[DocumentBlock, ...]:
        if not value.stages:
            return (paragraph("No feedback told where in the journey it belongs."),)
        blocks: list[DocumentBlock] = [
            show_chart(value.by_touchpoint, wording.numbers),
            _table_stages(value, wording),
        ]
        for summary in value.stages:
            blocks += _describe_voices(summary, wording)
        blocks += _describe_pains(value, wording)
        if value.unplaced:
            count = wording.count(value.unplaced, "items")
            blocks.append(paragraph(muted(f"{count} did not tell where in the journey it was.")))
        return tuple(blocks)


_STAGES = tuple(stage for stage in Stage if stage is not Stage.UNSURE)
_TOUCHPOINT_NAMES = {str(point): TOUCHPOINT_TITLES[point] for point in Touchpoint}


def _find_pain_items(pain: RankedPain, data: PeriodData) -> ItemQuery:
    """Return what opens the negative feedback of a pain point."""
    return ItemQuery(
        stage=pain.stage,
        touchpoint=pain.touchpoint,
        tone=Label.NEGATIVE,
        sources=data.searched_sources,
        since=data.period.since,
        until=data.period.until,
    )


def name_pain(pain: RankedPain) -> str:
    """Return "Support, at service"."""
    return f"{STAGE_TITLES[pain.stage]}, at {pain.touchpoint}"


def _summarize_stage(data: PeriodData, stage: Stage) -> StageSummary:
    counted = data.count_people(data.period).of_stage(stage)
    here = [reason for reason in data.load_reasons() if reason.stage == stage]
    negative = [reason for reason in here if reason.label == Label.NEGATIVE]
    emotions = [(each, (each.emotion,)) for each in here if each.emotion]
    return StageSummary(
        stage=stage,
        n=counted.total,
        balance=measure_tone(data.series(lambda tallies: count_tones(tallies.of_stage(stage)))),
        asked=_estimate_balance(counted.where(lambda key: key.asked)),
        unasked=_estimate_balance(counted.where(lambda key: not key.asked)),
        csat=_estimate_ratings(counted, Scale.CSAT5, Scale.INVERTED5),
        ease=_estimate_ratings(counted, Scale.CES7),
        emotion=next(iter(_count_hints(emotions, here, most=1)), None),
        drivers=_count_hints([(each, each.drivers) for each in negative], negative, most=2),
        quotes=_choose_quotes(data, stage),
    )


def _estimate_balance(tallies: Tallies) -> Estimate:
    balance = count_tones(tallies).balance
    limits = bound_balance(balance)
    return Estimate(value=balance.value, n=balance.n, low=limits.low, high=limits.high)


def _estimate_ratings(tallies: Tallies, *scales: Scale) -> Estimate | None:
    """Return CSAT or CES of the first of the scales that anybody answered on."""
    for scale in scales:
        points = count_points(tallies, scale)
        if points.n:
            measure = measure_ease if scale is Scale.CES7 else measure_satisfaction
            return measure(Series(now=points)).estimate
    return None


def _count_hints(
    named: Iterable[tuple[ReasonCount, Sequence[str]]], among: Iterable[ReasonCount], most: int
) -> tuple[Hint, ...]:
    """Return the names that most feedback has, the most frequent first."""
    counts: Counter[str] = Counter()
    for reason, names in named:
        for name in names:
            counts[name] += reason.count
    n = sum(reason.count for reason in among)
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(Hint(name=name, count=count, n=n) for name, count in ordered[:most])


def _choose_quotes(data: PeriodData, stage: Stage) -> tuple[int, ...]:
    """Return the surest problem and the gladdest voice of a stage, where there are any."""
    found = (data.find_typical(label, stage) for label in (Label.NEGATIVE, Label.POSITIVE))
    return tuple(quote for quote in found if quote)


def _map_stages(
    counted: Tallies, stages: Sequence[Stage], across: str, columns: Mapping[str, str]
) -> HeatMap:
    """Return the balances of stages against touchpoints or sources; empty columns are left out."""
    by_column = counted.group_by(
        lambda key: key.source_id if across == "source" else key.touchpoint
    )
    placed = {
        name: tallies.where(lambda key: key.stage in stages).scored
        for name, tallies in by_column.items()
    }
    shown = [name for name in columns if placed.get(name)]
    return HeatMap(
        title=f"Sentiment balance by stage and {across}",
        rows=tuple(STAGE_TITLES[stage] for stage in stages),
        columns=tuple(columns[name] for name in shown),
        cells=tuple(
            tuple(_fill_cell(by_column[name].of_stage(stage)) for name in shown) for stage in stages
        ),
    )


def _fill_cell(tallies: Tallies) -> HeatCell:
    balance = count_tones(tallies).balance
    return HeatCell(balance.value, balance.n)


def _rank_pains(data: PeriodData) -> Iterator[RankedPain]:
    counted = data.count_people(data.period)
    pains = [
        pain
        for stage in _STAGES
        for point in Touchpoint
        if point is not Touchpoint.UNSURE
        if (pain := _measure_pain(data, counted, stage, point)) is not None
    ]
    pains.sort(key=lambda pain: (-pain.score, pain.stage, pain.touchpoint))
    for pain in pains[:_MOST_PAIN_POINTS]:
        yield _add_people(data, pain)


def _measure_pain(
    data: PeriodData, counted: Tallies, stage: Stage, point: Touchpoint
) -> RankedPain | None:
    def is_here(tallies: Tallies) -> Tallies:
        return tallies.of_stage(stage).where(lambda key: key.touchpoint == point)

    here = is_here(counted)
    negative = here.count_label(Label.NEGATIVE)
    if negative < _FEWEST_NEGATIVE:
        return None
    before = [is_here(data.count_people(period)) for period in data.earlier]
    return RankedPain(
        stage=stage,
        touchpoint=point,
        volume=negative,
        negativity=negative / here.scored,
        trend=_measure_trend(data, negative, [each.count_label(Label.NEGATIVE) for each in before]),
    )


def _measure_trend(data: PeriodData, now: int, before: Sequence[int]) -> float:
    """Return how much more a day than in the periods before; 1 where nothing is known of them.

    Half a feedback is added on both sides, so that from none to one is no endless growth.
    """
    days = max((data.end - data.period.since) / timedelta(days=1), 1 / 24)
    known = [
        (count, period.hours / 24)
        for count, period in zip(before, data.earlier, strict=True)
        if data.count_people(period).total
    ]
    if not known:
        return 1.0
    days_before = sum(length for _count, length in known)
    rate_before = (sum(count for count, _length in known) + 0.5) / days_before
    trend = (now + 0.5) / days / rate_before
    return min(max(trend, 1 / _LARGEST_TREND), _LARGEST_TREND)


def _add_people(data: PeriodData, pain: RankedPain) -> RankedPain:
    """Return the pain point with a customer's words and whoever has promised something about it."""
    promised = data.find_improvement(pain.stage, pain.touchpoint)
    pain = replace(
        pain,
        quote=data.find_typical(Label.NEGATIVE, pain.stage, pain.touchpoint),
        items=_find_pain_items(pain, data),
    )
    if promised is None:
        return pain
    return replace(
        pain,
        improvement_id=promised.id,
        owner=str(promised.owner or ""),
        action=promised.next_action or promised.title,
    )


def _table_stages(value: JourneyMap, wording: Wording) -> Table:
    rows = tuple(_describe_stage(summary, wording) for summary in value.stages)
    columns = ("stage", "n", "balance", "change", "asked / unasked", "CSAT", "CES", "why, and mood")
    return Table(columns=columns, rows=rows, numeric=(1, 2))


def _describe_stage(summary: StageSummary, wording: Wording) -> tuple[str, ...]:
    numbers = wording.numbers
    hints = [f"{hint.name} ({hint.count} of {hint.n})" for hint in summary.drivers]
    if summary.emotion:
        hints.append(f"{summary.emotion.name} ({summary.emotion.count} of {summary.emotion.n})")
    few = "" if summary.n >= FEWEST else " (few)"
    limits = numbers.write_range(Unit.POINTS, summary.balance.low, summary.balance.high)
    balance = numbers.write_value(Unit.POINTS, summary.balance.value)
    return (
        STAGE_TITLES[summary.stage],
        f"{numbers.write_count(summary.n)}{few}",
        f"{balance} ({limits})" if limits else balance,
        wording.describe_change(summary.balance),
        _describe_asked(summary, wording),
        numbers.write_value(Unit.PERCENT, summary.csat.value) if summary.csat else "",
        numbers.write_value(Unit.EASE, summary.ease.value) if summary.ease else "",
        ", ".join(hints),
    )


def _describe_asked(summary: StageSummary, wording: Wording) -> str:
    values = (summary.asked, summary.unasked)
    return " / ".join(wording.numbers.write_value(Unit.POINTS, each.value) for each in values)


def _describe_voices(summary: StageSummary, wording: Wording) -> Iterator[DocumentBlock]:
    quotes = wording.find_quotes(summary.quotes)
    if quotes:
        yield paragraph(strong(STAGE_TITLES[summary.stage]))
        yield QuoteList(quotes)


def _describe_pains(value: JourneyMap, wording: Wording) -> Iterator[DocumentBlock]:
    if not value.pains:
        return
    yield paragraph(
        strong("Where it hurts most"),
        " (negative feedback × share of negative × trend against the four periods before):",
    )
    for pain in value.pains:
        yield bullets(_describe_pain(pain, wording), wording.items_line(pain.items))


def _describe_pain(pain: RankedPain, wording: Wording) -> TextLine:
    numbers = wording.numbers
    factors = " × ".join(
        (
            numbers.write_count(pain.volume),
            numbers.write_percent(100 * pain.negativity),
            numbers.write_number(pain.trend, 1),
        )
    )
    owner = (
        f"{pain.owner or 'nobody yet'}: {pain.action}"
        if pain.improvement_id
        else "nobody has promised anything about it"
    )
    score = numbers.write_number(pain.score, 1)
    return text_line(strong(name_pain(pain)), f" · {factors} = {score} · {owner}")
