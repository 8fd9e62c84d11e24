"""Early signs: what rose some days before the load of support did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from monitor.digest.early_signs import FEWEST_WEEKS, find_early_signs
from monitor.digest.part import DigestPart
from monitor.digest.period_data import JourneyField, PeriodData
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
from monitor.domain.feedback import Stage, Touchpoint
from monitor.domain.theme import EarlySigns

#: A sign has to prove itself over so long.
_WEEKS = 2 * FEWEST_WEEKS


class EarlySignsPart(DigestPart[EarlySigns]):
    """Series that have run ahead of negative feedback in support, with their lead in days."""

    key = "early_signs"
    title = "Early signs"
    value_type = EarlySigns

    def load(self, data: PeriodData) -> EarlySigns | None:
        days = data.count_negative_days(_WEEKS * 7)
        load = [_count_stage(day, Stage.SUPPORT) for day in days]
        signs = find_early_signs(_collect_series(days), load)
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


def _collect_series(days: Sequence[Counter[JourneyField]]) -> dict[str, list[int]]:
    """Return the negative feedback of each day at each stage and touchpoint but support."""
    fields = {field for day in days for field in day if not _NOT_AHEAD.intersection(field)}
    return {
        f"Trouble in {STAGE_TITLES[Stage(stage)].lower()}, at {point}": [
            day[stage, point] for day in days
        ]
        for stage, point in sorted(fields)
    }


def _count_stage(day: Counter[JourneyField], stage: Stage) -> int:
    return sum(count for field, count in day.items() if field[0] == stage)


#: What cannot run ahead of support: itself, and what has no place.
_NOT_AHEAD = frozenset({"", Stage.SUPPORT, Stage.UNSURE, Touchpoint.UNSURE})
