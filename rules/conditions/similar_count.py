"""similar_count: several people have sent the same text, or nearly the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from monitor.domain.alert import Clause
from monitor.domain.facts import NeededFacts
from monitor.domain.feedback import Evidence
from monitor.settings import Duration
from rules.base import Condition, ConditionOptions
from rules.spans import format_span


class SimilarCountOptions(ConditionOptions):
    """How many authors, and in which time."""

    #: authors with such a text, this one counted
    min: Annotated[int, Field(strict=True, ge=2, le=1000)]
    #: how long ago the others may have arrived
    within: Annotated[Duration, Field(ge=timedelta(minutes=1), le=timedelta(days=7))] = timedelta(
        hours=24
    )


class SimilarCountCondition(Condition):
    """Holds where near copies of the text have arrived from so many different authors.

    By what was stored when the feedback arrived. From eight words on, texts are alike in which at
    least half of the pairs of words are the same; shorter ones only where all words are. All whom a
    source does not name are one author. Without words it never holds.
    """

    Options = SimilarCountOptions
    short = "min"
    counts_arrivals = True

    def __init__(self, value: object) -> None:
        self._options = SimilarCountOptions.model_validate(self.table(value))

    @property
    def facts(self) -> NeededFacts:
        """The copies that arrived within the time."""
        return NeededFacts(copies_within=self._options.within)

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the number of authors, or None."""
        copies, options = evidence.facts.copies, self._options
        if copies is None:
            return None
        since = evidence.now - options.within
        authors = 1 + sum(arrived >= since for arrived in copies)
        if authors < options.min:
            return None
        span = format_span(options.within)
        return self.clause(f"says nearly the same as others: {authors} authors within {span}")

    def describe(self) -> str:
        """Return what is asked for: the number of authors and the time."""
        span = format_span(self._options.within)
        return f"says nearly the same as others: {self._options.min} authors or more within {span}"
