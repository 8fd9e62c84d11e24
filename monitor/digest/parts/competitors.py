"""Competitors: the same measures with the same intervals, and who is praised for our faults."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.brand_settings import CompetitorSettings
from monitor.digest.counts import Series, ShareCount
from monitor.digest.intervals import bound_balance, bound_share
from monitor.digest.measures import measure_share
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.praise_and_blame import compare_praise_and_blame, find_unmatched_wishes
from monitor.digest.tallies import Tallies
from monitor.digest.tally_counts import count_tones
from monitor.digest.voices import count_mentions, count_voices, load_rival_texts
from monitor.digest.wording import Wording, bullets, paragraph, show_chart, strong, text_line
from monitor.domain.chart import IntervalChart, IntervalPoint
from monitor.domain.digest import NamedMeasure
from monitor.domain.document import DocumentBlock
from monitor.domain.measure import Estimate, Unit
from monitor.domain.theme import PraiseAndBlame, UnmatchedWish

_MOST_SHOWN = 5
_OURS = "We"


@dataclass(frozen=True, slots=True, kw_only=True)
class RivalSummary:
    """One competitor in a period."""

    name: str
    mentions: int  #: feedback in its own sources, and ours that names it
    voice: Estimate  #: its share of all that speaks of us or a competitor, in percent
    balance: Estimate  #: of its own sources, in points


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetitorReport:
    """Us beside the competitors that the configuration names."""

    ours: NamedMeasure  #: our share of voice
    balance: Estimate  #: ours
    rivals: tuple[RivalSummary, ...]
    blamed: tuple[PraiseAndBlame, ...]
    wishes: tuple[UnmatchedWish, ...]


class CompetitorsPart(DigestPart[CompetitorReport]):
    """Share of voice and balance, what they are praised for and we are blamed for."""

    key = "competitors"
    title = "Competitors"
    value_type = CompetitorReport

    def load(self, data: PeriodData) -> CompetitorReport | None:
        rivals = data.settings.brand.competitors
        if not rivals or not data.scope.is_everything:
            return None
        now, before = (count_voices(data, each) for each in (data.period, data.earlier[0]))
        ours = NamedMeasure(
            key="share_of_voice",
            title="Share of voice",
            measure=measure_share(Series(now=now, before=(before,) if before.n else ())),
            noun="mentions",
            is_more_better=True,
        )
        texts = load_rival_texts(data)
        return CompetitorReport(
            ours=ours,
            balance=_estimate_tone(data.count_people(data.period)),
            rivals=tuple(_summarize_rival(data, rival, now.n) for rival in rivals),
            blamed=compare_praise_and_blame(texts.ours, texts.theirs)[:_MOST_SHOWN],
            wishes=find_unmatched_wishes(texts.wishes, texts.ours, texts.theirs)[:_MOST_SHOWN],
        )

    def describe(self, value: CompetitorReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        fact = wording.fact(value.ours.title, value.ours.measure, value.ours.noun)
        blocks: list[DocumentBlock] = [
            paragraph(strong(f"{fact.label}: {fact.value}"), f" ({fact.detail}); {fact.change}.")
        ]
        blocks.append(show_chart(_chart_voices(value), wording.numbers))
        ours = wording.describe_estimate(value.balance, Unit.POINTS)
        lines = [text_line(strong(_OURS), f": balance {ours}")]
        lines += [
            text_line(
                strong(rival.name),
                f": {wording.count(rival.mentions, 'mentions')}, balance "
                f"{wording.describe_estimate(rival.balance, Unit.POINTS)}"
                if rival.mentions
                else ": nobody mentioned it",
            )
            for rival in value.rivals
        ]
        lines += [
            text_line(
                f"They are praised with “{one.phrase}” ({one.praised} people), "
                f"we are blamed with it ({one.blamed})."
            )
            for one in value.blamed
        ]
        lines += [
            text_line(
                f"Wished for here ({one.wished} people), praised there ({one.praised}): "
                f"“{one.phrase}”."
            )
            for one in value.wishes
        ]
        return (*blocks, bullets(*lines))


def _estimate_balance(data: PeriodData, source_ids: tuple[str, ...]) -> Estimate:
    span = (data.period.since, data.period.until)
    cells = data.tx.rollups.count_cells(*span, source_ids) if source_ids else ()
    return _estimate_tone(Tallies(tuple(cells)))


def _estimate_tone(tallies: Tallies) -> Estimate:
    balance = count_tones(tallies).balance
    limits = bound_balance(balance)
    return Estimate(value=balance.value, n=balance.n, low=limits.low, high=limits.high)


def _summarize_rival(data: PeriodData, rival: CompetitorSettings, voices: int) -> RivalSummary:
    voice = ShareCount(count_mentions(data, rival, data.period), voices)
    limits = bound_share(voice)
    return RivalSummary(
        name=rival.name,
        mentions=voice.hits,
        voice=Estimate(value=voice.value, n=voice.n, low=limits.low, high=limits.high),
        balance=_estimate_balance(data, rival.sources),
    )


def _chart_voices(value: CompetitorReport) -> IntervalChart:
    ours = value.ours.measure
    voices = [(_OURS, ours.estimate), *((rival.name, rival.voice) for rival in value.rivals)]
    points = tuple(
        IntervalPoint(
            is_own=label == _OURS,
            label=label,
            value=voice.value,
            low=voice.low,
            high=voice.high,
            n=voice.n,
        )
        for label, voice in voices
    )
    return IntervalChart(title="Share of voice", unit=Unit.PERCENT, points=points)
