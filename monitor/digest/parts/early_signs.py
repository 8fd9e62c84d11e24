"""Early signs: what rose some days before the load of support did."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.digest.early_signs import FEWEST_WEEKS, find_early_signs
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.tallies import Tallies
from monitor.digest.wording import (
    STAGE_TITLES,
    Wording,
    bullets,
    muted,
    paragraph,
    strong,
    text_line,
)
from monitor.domain.document import DocumentBlock
from monitor.domain.feedback import Label, Stage
from monitor.domain.theme import EarlySigns

#: A sign has to prove itself over so long.
_WEEKS = 2 * FEWEST_WEEKS


class EarlySignsPart(DigestPart[EarlySigns]):
    """Series that have run ahead of negative feedback in support, with their lead in days."""

    key = "early_signs"
    title = "Early signs"
    value_type = EarlySigns

    def load(self, data: PeriodData) -> EarlySigns | None:
        days = data.count_utc_days(_WEEKS * 7)
        load = [tallies.of_stage(Stage.SUPPORT).count_label(Label.NEGATIVE) for tallies in days]
        signs = find_early_signs(_count_series(days), load)
        return signs if signs.signs else None

    def describe(self, value: EarlySigns, wording: Wording) -> tuple[DocumentBlock, ...]:
        lines = [
            text_line(
                strong(sign.name),
                f" rose {wording.count(sign.lead_days, 'days')} before support did, again and "
                f"again in {wording.count(sign.days, 'days')} "
                f"(correlation {wording.numbers.write_number(sign.correlation, 2)}).",
            )
            for sign in value.signs
        ]
        note = "When it rises next, tell customers before they ask."
        return (bullets(*lines), paragraph(muted(note)))


def _count_series(days: Sequence[Tallies]) -> dict[str, list[int]]:
    """Return the negative feedback of each day at each stage and touchpoint but support."""
    negative = [tallies.where(lambda key: key.label == Label.NEGATIVE) for tallies in days]
    places = {
        (Stage(cell.key.stage), cell.key.touchpoint)
        for tallies in negative
        for cell in tallies.cells
        if cell.key.stage not in ("", Stage.SUPPORT, Stage.UNSURE)
    }
    return {
        f"Trouble in {STAGE_TITLES[stage].lower()}, at {point}": [
            _count_place(tallies, stage, point) for tallies in negative
        ]
        for stage, point in sorted(places)
    }


def _count_place(tallies: Tallies, stage: Stage, point: str) -> int:
    return tallies.count(lambda key: (key.stage, key.touchpoint) == (stage, point))
