"""Whether customers are treated alike at every touchpoint and in every channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.digest.counts import BalanceCount
from monitor.digest.heterogeneity import Consistency, compare_places
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.tallies import Tallies
from monitor.digest.tally_counts import count_tones
from monitor.digest.wording import Wording, bullets, strong, text_line
from monitor.domain.document import DocumentBlock, TextLine
from monitor.domain.feedback import Touchpoint
from monitor.domain.measure import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyReport:
    """How far tones lie apart; None where fewer than two places have ten feedback."""

    touchpoints: Consistency | None
    channels: Consistency | None


class ConsistencyPart(DigestPart[ConsistencyReport]):
    """The spread between touchpoints and between channels beyond chance, and the surest gap."""

    key = "consistency"
    title = "The same everywhere?"
    value_type = ConsistencyReport

    def load(self, data: PeriodData) -> ConsistencyReport | None:
        counted = data.count_people(data.period)
        placed = counted.where(lambda key: key.touchpoint not in ("", Touchpoint.UNSURE))
        touchpoints = compare_places(_balances(placed.group_by(lambda key: key.touchpoint)))
        channels = compare_places(_balances(counted.group_by(lambda key: key.source_id)))
        if not any(each and each.differs for each in (touchpoints, channels)):
            return None
        return ConsistencyReport(touchpoints=touchpoints, channels=channels)

    def describe(self, value: ConsistencyReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        lines = [
            _describe_spread(name, found, wording)
            for name, found in (("touchpoints", value.touchpoints), ("channels", value.channels))
            if found
        ]
        return (bullets(*lines),)


def _balances(groups: Mapping[str, Tallies]) -> dict[str, BalanceCount]:
    return {name: count_tones(tallies).balance for name, tallies in groups.items()}


def _describe_spread(name: str, found: Consistency, wording: Wording) -> TextLine:
    if not found.differs:
        return text_line(f"Between {name}: no more spread than chance brings.")
    numbers, gap = wording.numbers, found.gap
    limits = numbers.write_range(Unit.POINTS, gap.limits.low, gap.limits.high)
    spread = numbers.write_value(Unit.POINTS, found.spread)
    return text_line(
        f"Between {name}: balances spread by {spread} points beyond chance; ",
        strong(f"{gap.worse} is {numbers.write_value(Unit.POINTS, gap.gap)} below {gap.better}"),
        f" ({limits}).",
    )
