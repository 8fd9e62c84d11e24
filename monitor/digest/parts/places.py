"""Shops and branches: each believed as far as its own answers carry, the surest problem first."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.shrinkage import PlaceEstimate, rank_worst, shrink_balances
from monitor.digest.wording import Wording, muted, paragraph
from monitor.domain.document import DocumentBlock, Table
from monitor.domain.measure import Unit

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
        balances = data.count_balances(attribute)
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
