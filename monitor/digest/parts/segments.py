"""Personas and segments: how parts of the customers fare beside all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.digest.counts import BalanceCount
from monitor.digest.intervals import bound_balance
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.persona import FEWEST_OF_PERSONA, keep_persona
from monitor.digest.shrinkage import PlaceEstimate, rank_worst, shrink_balances
from monitor.digest.wording import Wording, bullets, muted, paragraph, strong, text_line
from monitor.domain.document import DocumentBlock, TextLine
from monitor.domain.feedback import Label, Stage
from monitor.domain.measure import Estimate, Unit
from monitor.domain.reading import keep_last_of_people

_MOST_VALUES = 5
_FEWEST_VALUES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaSummary:
    """One persona in a period."""

    name: str
    description: str
    n: int  #: each person once, with the last feedback
    balance: Estimate
    top_pain: str  #: the stage with most of its negative feedback; empty where there is none
    channel: str  #: from which most of it comes


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentTable:
    """The values of one attribute, the one that is most certainly bad first."""

    attribute: str
    values: tuple[PlaceEstimate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentReport:
    """Personas, and segments by attribute."""

    personas: tuple[PersonaSummary, ...]
    tables: tuple[SegmentTable, ...]


class SegmentsPart(DigestPart[SegmentReport]):
    """Each persona and each value of the attributes that the configuration names."""

    key = "segments"
    title = "Who says what"
    value_type = SegmentReport

    def load(self, data: PeriodData) -> SegmentReport | None:
        personas = tuple(_summarize_personas(data))
        tables = tuple(_tabulate_segments(data))
        if not personas and not tables:
            return None
        return SegmentReport(personas=personas, tables=tables)

    def describe(self, value: SegmentReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        blocks: list[DocumentBlock] = []
        if value.personas:
            blocks.append(bullets(*(_describe_persona(one, wording) for one in value.personas)))
        for table in value.tables:
            blocks.append(paragraph(strong(table.attribute.capitalize())))
            shown = table.values[:_MOST_VALUES]
            blocks.append(bullets(*(_describe_value(one, wording) for one in shown)))
        if value.tables:
            note = "Small segments are drawn towards the mean of all; the surest problem first."
            blocks.append(paragraph(muted(note)))
        return tuple(blocks)


def _summarize_personas(data: PeriodData) -> Iterator[PersonaSummary]:
    for persona in data.settings.brand.personas:
        if persona == data.scope.persona:
            continue  # the whole digest is about it
        members = keep_persona(data.tx, persona, data.load_readings(data.period))
        readings = keep_last_of_people(members)
        labels = [each.label for each in readings if each.label]
        balance = BalanceCount(
            labels.count(Label.POSITIVE), labels.count(Label.NEGATIVE), len(labels)
        )
        limits = bound_balance(balance)
        negative = [each.stage for each in readings if each.label == Label.NEGATIVE]
        yield PersonaSummary(
            name=persona.name,
            description=persona.description,
            n=len(readings),
            balance=Estimate(value=balance.value, n=balance.n, low=limits.low, high=limits.high),
            top_pain=_most_frequent([stage for stage in negative if stage != Stage.UNSURE]),
            channel=_most_frequent([each.source_id for each in readings]),
        )


def _most_frequent(names: Sequence[str]) -> str:
    counts = Counter(name for name in names if name)
    return min(counts, key=lambda name: (-counts[name], name), default="")


def _tabulate_segments(data: PeriodData) -> Iterator[SegmentTable]:
    for attribute in data.settings.brand.segments:
        balances = data.count_balances(attribute)
        if len(balances) >= _FEWEST_VALUES:
            values = rank_worst(shrink_balances(balances), higher_is_better=True)
            yield SegmentTable(attribute=attribute, values=values)


def _describe_persona(one: PersonaSummary, wording: Wording) -> TextLine:
    balance = wording.describe_estimate(one.balance, Unit.POINTS)
    parts = [f"balance {balance}"]
    if one.top_pain:
        parts.append(f"most trouble in {one.top_pain}")
    if one.channel:
        parts.append(f"mostly through {one.channel}")
    if one.n < FEWEST_OF_PERSONA:
        parts.append(f"fewer than {FEWEST_OF_PERSONA}: read with care")
    about = f" ({one.description})" if one.description else ""
    return text_line(strong(one.name), f"{about} · {' · '.join(parts)}")


def _describe_value(one: PlaceEstimate, wording: Wording) -> TextLine:
    figure = Estimate(value=one.value, n=one.n, low=one.low, high=one.high)
    return text_line(strong(one.name), f": {wording.describe_estimate(figure, Unit.POINTS)}")
