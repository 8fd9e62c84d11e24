"""The figures of a period: volume, tone, problems, and each survey and shop by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from monitor.digest.counts import RatingCounts, Series, ShareCount, VolumeCount
from monitor.digest.daily import build_daily_chart
from monitor.digest.measures import (
    measure_ease,
    measure_easy_share,
    measure_low_stars,
    measure_nps,
    measure_satisfaction,
    measure_share,
    measure_stars,
    measure_tone,
    measure_volume,
)
from monitor.digest.mix import GroupTotal, decompose_change
from monitor.digest.number_format import cut_text
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.tallies import Tallies
from monitor.digest.tally_counts import count_points, count_problems, count_tones
from monitor.digest.wording import Wording, bullets, show_chart, text_line
from monitor.domain.chart import Chart, DailyChart, IntervalChart, IntervalPoint, PointState
from monitor.domain.digest import NamedMeasure
from monitor.domain.document import DocumentBlock, Table
from monitor.domain.feedback import Scale
from monitor.domain.item_query import ItemQuery
from monitor.domain.measure import Estimate, Measure, Trend, Unit
from monitor.domain.period import Period

#: Questions of one survey that are told apart; the others stand in the stored feedback.
_MOST_QUESTIONS, _QUESTION_WIDTH = 5, 40
#: Weeks, or months, of a trend.
_TREND_PERIODS = 8

RatingMeasure = Callable[[Series[RatingCounts]], Measure]


@dataclass(frozen=True, slots=True)
class Numbers:
    """All measures of a period, and the pictures of them."""

    measures: tuple[NamedMeasure, ...]
    daily: DailyChart
    trends: tuple[IntervalChart, ...] = ()  #: of each survey that asks for the NPS


@dataclass(frozen=True, slots=True)
class _RatingKind:
    """How the ratings on a scale are measured and named."""

    key: str
    title: str
    measure: RatingMeasure
    noun: str = "answers"
    is_more_better: bool = True


_CSAT = _RatingKind("csat", "CSAT", measure_satisfaction)
_RATING_KINDS: Mapping[Scale, tuple[_RatingKind, ...]] = {
    Scale.NPS: (_RatingKind("nps", "NPS", measure_nps),),
    Scale.CSAT5: (_CSAT,),
    Scale.INVERTED5: (_CSAT,),
    Scale.CES7: (
        _RatingKind("ces", "CES (1 to 7)", measure_ease),
        _RatingKind("easy", "Easy: 5 to 7 of 7", measure_easy_share),
    ),
    Scale.CES5: (
        _RatingKind("ces5", "CES (1 to 5)", measure_ease),
        _RatingKind("easy5", "Easy: 4 or 5 of 5", measure_easy_share),
    ),
    Scale.STARS5: (
        _RatingKind("stars", "Stars of new reviews", measure_stars, "reviews"),
        _RatingKind("low_stars", "One or two stars", measure_low_stars, "reviews", False),
    ),
}


class NumbersPart(DigestPart[Numbers]):
    """Every measure with its n, its interval and its change."""

    key = "numbers"
    title = "The numbers"
    value_type = Numbers

    def load(self, data: PeriodData) -> Numbers:
        rated = [
            measure
            for source_id, scale in data.count_people(data.period).rated_scales
            for measure in _measure_ratings(data, source_id, scale)
        ]
        return Numbers(
            measures=(*_measure_feedback(data), *rated),
            daily=build_daily_chart(data),
            trends=tuple(_find_nps_trends(data)),
        )

    def describe(self, value: Numbers, wording: Wording) -> tuple[DocumentBlock, ...]:
        rows = tuple(_describe_row(named, wording) for named in value.measures)
        notes = [text_line(f"{one.title}: {one.note}") for one in value.measures if one.note]
        items = [wording.items_line(one.items) for one in value.measures[:1] if one.items]
        table = Table(
            columns=(
                "measure",
                "value",
                "95 % interval",
                "n",
                "change",
                "mean of 4",
            ),
            rows=rows,
            numeric=(1, 2, 3, 5),
        )
        charts: tuple[Chart, ...] = (value.daily, *value.trends)
        figures = [show_chart(chart, wording.numbers) for chart in charts]
        lists = (bullets(*notes, *items),) if notes or items else ()
        return (table, *lists, *figures)


def _measure_feedback(data: PeriodData) -> Iterator[NamedMeasure]:
    """Yield the measures of all feedback, whatever its source."""
    period = data.period
    everything = ItemQuery(sources=data.searched_sources, since=period.since, until=period.until)
    volume = data.series_of_periods(lambda each: count_volume(data, each))
    yield NamedMeasure(
        key="volume",
        title="Feedback",
        measure=measure_volume(volume),
        items=everything,
    )
    tone = measure_tone(data.series(count_tones))
    yield NamedMeasure(
        key="balance",
        title="Sentiment balance",
        measure=tone,
        is_more_better=True,
        items=everything,
        note=_explain_mix(data, tone, _total_of_balance),
    )
    problems = measure_share(data.series(count_problems))
    yield NamedMeasure(
        key="problems",
        title="Problems",
        measure=problems,
        is_more_better=False,
        items=everything,
        note=_explain_mix(data, problems, _total_of_problems),
    )


def count_volume(data: PeriodData, period: Period) -> VolumeCount:
    """Return how much feedback came in a period, as far as it is over."""
    over = min(period.until, data.now) - period.since
    days = max(over / timedelta(days=1), 1 / 24)
    return VolumeCount(data.count_received(period).total, days)


def _measure_ratings(data: PeriodData, source_id: str, scale: Scale) -> Iterator[NamedMeasure]:
    """Yield the measures of one survey or shop, which is never added to another.

    Several questions of one survey are as many surveys.
    """
    questions = _list_questions(data, source_id, scale)
    if len(questions) < 2:
        yield from _measure_survey(data, source_id, scale, "")
    for question in questions[:_MOST_QUESTIONS] if len(questions) > 1 else ():
        yield from _measure_survey(data, source_id, scale, question)


def _list_questions(data: PeriodData, source_id: str, scale: Scale) -> list[str]:
    """Return the questions that were answered on a scale, the one with most answers first."""
    counts = {
        question: tallies.where(lambda key: key.scale == scale).total
        for (source, question), tallies in data.count_questions(data.period).items()
        if source == source_id
    }
    asked = [question for question, count in counts.items() if count]
    return sorted(asked, key=lambda question: (-counts[question], question))


def _measure_survey(
    data: PeriodData, source_id: str, scale: Scale, question: str
) -> Iterator[NamedMeasure]:
    items = ItemQuery(sources=(source_id,), since=data.period.since, until=data.period.until)
    name = f"{source_id}: {cut_text(question, _QUESTION_WIDTH)}" if question else source_id
    key = f"{source_id}:{question}" if question else source_id

    def read(period: Period) -> Tallies:
        if question:
            return data.count_questions(period).get((source_id, question), Tallies())
        return data.count_people(period).of_sources([source_id])

    if scale is Scale.THUMBS:
        series = data.series_of_periods(lambda period: _count_thumbs(read(period)))
        yield NamedMeasure(
            key=f"thumbs:{key}",
            title=f"Thumbs up ({name})",
            measure=measure_share(series),
            noun="answers",
            is_more_better=True,
            items=items,
        )
        return
    ratings = data.series_of_periods(lambda period: count_points(read(period), scale))
    for kind in _RATING_KINDS[scale]:
        yield NamedMeasure(
            key=f"{kind.key}:{key}",
            title=f"{kind.title} ({name})",
            measure=kind.measure(ratings),
            noun=kind.noun,
            is_more_better=kind.is_more_better,
            items=items,
        )


def _count_thumbs(tallies: Tallies) -> ShareCount:
    ratings = tallies.count_ratings(Scale.THUMBS)
    return ShareCount(ratings.get(1.0, 0), sum(ratings.values()))


def _total_of_balance(tallies: Tallies) -> GroupTotal:
    balance = count_tones(tallies).balance
    return GroupTotal(balance.n, 100.0 * (balance.positive - balance.negative))


def _total_of_problems(tallies: Tallies) -> GroupTotal:
    share = count_problems(tallies)
    return GroupTotal(share.n, 100.0 * share.hits)


def _explain_mix(data: PeriodData, measure: Measure, total: Callable[[Tallies], GroupTotal]) -> str:
    """Return what to know where a change is mostly that others were heard; empty otherwise."""
    if measure.verdict not in (Trend.UP, Trend.DOWN):
        return ""
    now, before = (
        {
            source_id: total(tallies)
            for source_id, tallies in data.count_people(period)
            .group_by(lambda key: key.source_id)
            .items()
        }
        for period in (data.period, data.earlier[0])
    )
    mix = decompose_change(now, before)
    if mix is None or not mix.explains_most:
        return ""
    leading = mix.leading
    more = "more" if leading.grew else "less"
    return f"mostly because {more} of it came from {leading.name} than before"


def _find_nps_trends(data: PeriodData) -> Iterator[IntervalChart]:
    for source_id, scale in data.count_people(data.period).rated_scales:
        if scale is Scale.NPS:
            yield _chart_nps(data, source_id)


def _chart_nps(data: PeriodData, source_id: str) -> IntervalChart:
    points = []
    for back in range(_TREND_PERIODS - 1, -1, -1):
        period = data.period.earlier(back) if back else data.period
        ratings = count_points(data.count_people_of(period, source_id), Scale.NPS)
        figure: Estimate = measure_nps(Series(now=ratings)).estimate
        state = PointState.WHOLE if period.is_over(data.now) else PointState.UNFINISHED
        points.append(
            IntervalPoint(
                label=period.name,
                value=figure.value,
                low=figure.low,
                high=figure.high,
                n=figure.n,
                state=state,
            )
        )
    title = f"NPS of {source_id}"
    return IntervalChart(title=title, unit=Unit.POINTS, points=tuple(points), is_over_time=True)


def _describe_row(named: NamedMeasure, wording: Wording) -> tuple[str, ...]:
    measure, numbers = named.measure, wording.numbers
    return (
        named.title,
        numbers.write_value(measure.unit, measure.value),
        numbers.write_range(measure.unit, measure.low, measure.high),
        wording.count(measure.n, named.noun),
        wording.describe_change(measure),
        numbers.write_value(measure.unit, measure.four_period_mean),
    )
