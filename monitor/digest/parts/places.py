"""Shops and branches: each believed as far as its own answers carry, the surest problem first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.digest.counts import BalanceCount
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.shrinkage import PlaceEstimate, rank_worst, shrink_balances
from monitor.digest.wording import Wording, muted, paragraph
from monitor.domain.document import DocumentBlock, Table
from monitor.domain.feedback import Label
from monitor.domain.measure import Unit
from monitor.domain.reading import FeedbackReading

_MOST_SHOWN = 10
_FEWEST_PLACES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceReport:
    """The places of a period, the one that is most certainly bad first."""

    attribute: str
    places: tuple[PlaceEstimate, ...]


class PlacesPart(DigestPart[PlaceReport]):
    """The sentiment balance of each place, drawn towards that of all."""

    key = "places"
    title = "Places"
    value_type = PlaceReport

    def load(self, data: PeriodData) -> PlaceReport | None:
        attribute = data.settings.brand.places
        if not attribute:
            return None
        balances = count_by_attribute(data.load_readings(data.period), attribute)
        if len(balances) < _FEWEST_PLACES:
            return None
        places = rank_worst(shrink_balances(balances), higher_is_better=True)
        return PlaceReport(attribute=attribute, places=places)

    def describe(self, value: PlaceReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        numbers = wording.numbers
        rows = tuple(
            (
                place.name,
                numbers.write_count(place.n),
                numbers.write_value(Unit.POINTS, place.raw),
                numbers.write_value(Unit.POINTS, place.value),
                numbers.write_range(Unit.POINTS, place.low, place.high),
            )
            for place in value.places[:_MOST_SHOWN]
        )
        columns = (value.attribute, "n", "balance", "drawn to the mean", "95 % interval")
        note = "Few answers are drawn towards the mean of all; the surest problem comes first."
        table = Table(columns=columns, rows=rows, numeric=(1, 2, 3, 4))
        return (table, paragraph(muted(note)))


def count_by_attribute(
    readings: Iterable[FeedbackReading], attribute: str
) -> dict[str, BalanceCount]:
    """Return the tones by the value of an attribute; what has none or was not read is left out."""
    groups: dict[str, list[str]] = {}
    for reading in readings:
        value = reading.get_attribute(attribute)
        if value and reading.label:
            groups.setdefault(value, []).append(reading.label)
    return {value: count_labels(labels) for value, labels in sorted(groups.items())}


def count_labels(labels: list[str]) -> BalanceCount:
    """Return positive against negative among labels."""
    return BalanceCount(labels.count(Label.POSITIVE), labels.count(Label.NEGATIVE), len(labels))
