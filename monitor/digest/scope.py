"""Which part of the customers a digest is about: all of them, or a segment such as "country=DE"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.period_facts import SegmentCells
from monitor.domain.reading import FeedbackReading
from monitor.domain.rollup import RollupCell
from monitor.domain.segment import split_segment
from monitor.domain.theme import ThemeText
from monitor.errors import ConfigError, ConfigProblem
from monitor.store import Transaction

#: The attribute under which the version of an app is known, which is no attribute of a source.
VERSION = "version"


def count_segments(
    tx: Transaction, attribute: str, since: datetime, until: datetime, source_ids: Sequence[str]
) -> Sequence[SegmentCells]:
    """Return the counts of a time by the value of an attribute, or by app version."""
    if attribute == VERSION:
        return tx.period_feedback.count_by_app_version(since, until, source_ids)
    return tx.period_feedback.count_by_attribute(attribute, since, until, source_ids)


@dataclass(frozen=True, slots=True)
class DigestScope:
    """The feedback whose attribute has a value; without an attribute, all feedback."""

    attribute: str = ""
    value: str = ""

    @classmethod
    def from_name(cls, name: str) -> DigestScope:
        """Return the scope that people name: empty for everything, else "plan=pro".

        Raises ConfigError for anything else.
        """
        try:
            return cls(*split_segment(name))
        except ValueError as error:
            raise ConfigError([ConfigProblem("--segment", str(error))]) from None

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not self.attribute

    @property
    def name(self) -> str:
        """What people name it by; empty for everything."""
        return "" if self.is_everything else f"{self.attribute}={self.value}"

    def count_cells(
        self, tx: Transaction, since: datetime, until: datetime, source_ids: Sequence[str]
    ) -> tuple[RollupCell, ...]:
        """Return the counts of some sources in a time."""
        if self.is_everything:
            return tuple(tx.rollups.count_cells(since, until, source_ids))
        segments = count_segments(tx, self.attribute, since, until, source_ids)
        return next((one.cells for one in segments if one.value == self.value), ())

    def count_repeats(
        self, tx: Transaction, since: datetime, until: datetime, source_ids: Sequence[str]
    ) -> tuple[RollupCell, ...]:
        """Return the counts of all but the last feedback of each person.

        Of a segment nothing: there each feedback counts.
        """
        if self.is_everything:
            return tuple(tx.period_feedback.count_repeats(since, until, source_ids))
        return ()

    def keep_readings(self, readings: Sequence[FeedbackReading]) -> list[FeedbackReading]:
        """Return the readings that belong to it."""
        if self.is_everything:
            return list(readings)
        return [each for each in readings if each.get_attribute(self.attribute) == self.value]

    def keep_texts(
        self, texts: Sequence[ThemeText], readings: Sequence[FeedbackReading]
    ) -> list[ThemeText]:
        """Return the texts that belong to it, by the readings of the same time."""
        if self.is_everything:
            return list(texts)
        kept = {each.feedback_id for each in self.keep_readings(readings)}
        return [text for text in texts if text.feedback_id in kept]


#: All customers.
EVERYTHING = DigestScope()
