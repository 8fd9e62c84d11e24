"""Counts of a period, and the sums that measures are made of; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from monitor.domain.feedback import Label, Scale
from monitor.domain.rollup import RollupCell, RollupKey

KeyTest = Callable[[RollupKey], bool]


@dataclass(frozen=True)
class Tallies:
    """How many feedback of a period share what; sorted by source and stage when first asked."""

    cells: tuple[RollupCell, ...] = ()

    def __add__(self, other: Tallies) -> Tallies:
        return Tallies(self.cells + other.cells)

    def where(self, test: KeyTest) -> Tallies:
        """Return the counts of what passes a test."""
        return Tallies(tuple(cell for cell in self.cells if test(cell.key)))

    def of_sources(self, source_ids: Iterable[str]) -> Tallies:
        """Return the counts of some sources."""
        wanted = sorted(self._by_source.keys() & set(source_ids))
        return Tallies(tuple(cell for name in wanted for cell in self._by_source[name].cells))

    def of_stage(self, stage: str) -> Tallies:
        """Return the counts of a journey stage."""
        return self._by_stage.get(stage, Tallies())

    @cached_property
    def _by_source(self) -> Mapping[str, Tallies]:
        return self.group_by(lambda key: key.source_id)

    @cached_property
    def _by_stage(self) -> Mapping[str, Tallies]:
        return self.group_by(lambda key: key.stage)

    @cached_property
    def total(self) -> int:
        """How many there are."""
        return sum(cell.count for cell in self.cells)

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The sources that have any, in order of their ids."""
        return tuple(self._by_source)

    def count(self, test: KeyTest) -> int:
        """Return how many pass a test."""
        return sum(cell.count for cell in self.cells if test(cell.key))

    def count_label(self, label: Label) -> int:
        """Return how many have a tone."""
        return self.count(lambda key: key.label == label)

    @cached_property
    def scored(self) -> int:
        """How many have a tone: what was not read is none of them."""
        return self.count(lambda key: bool(key.label))

    @property
    def problems(self) -> int:
        """How many probably need attention."""
        return self.count(lambda key: key.problem)

    def count_ratings(self, scale: Scale) -> dict[float, int]:
        """Return how many gave each rating on a scale, the lowest first."""
        found: dict[float, int] = {}
        for cell in self.cells:
            if cell.key.scale == scale:
                value = cell.key.tenths / 10
                found[value] = found.get(value, 0) + cell.count
        return dict(sorted(found.items()))

    @property
    def rated_scales(self) -> tuple[tuple[str, Scale], ...]:
        """The pairs of source and scale with ratings: each is a survey or a shop of its own."""
        found = {(cell.key.source_id, cell.key.scale) for cell in self.cells if cell.key.scale}
        return tuple((source_id, Scale(scale)) for source_id, scale in sorted(found))

    def group_by(self, name: Callable[[RollupKey], str]) -> Mapping[str, Tallies]:
        """Return the counts by what a key is called, in order of the names."""
        grouped: dict[str, list[RollupCell]] = {}
        for cell in self.cells:
            grouped.setdefault(name(cell.key), []).append(cell)
        return {called: Tallies(tuple(cells)) for called, cells in sorted(grouped.items())}
