"""first_time_author: the author has written nothing before that is stored."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from monitor.domain.alert import Clause
from monitor.domain.facts import NeededFacts
from monitor.domain.feedback import Evidence
from rules.base import Condition, ConditionOptions


class FirstTimeAuthorOptions(ConditionOptions):
    """Whether it must be the author's first feedback, or must not be."""

    #: true: nothing by the author in this source was stored before; false: something was
    first: Annotated[bool, Field(strict=True)]


class FirstTimeAuthorCondition(Condition):
    """Holds where the author is known and wrote for the first time in this source, or not.

    By what was stored when the feedback arrived. An author is known by the source's own id, or by
    name where it gives none; of somebody whom the source does not name it never holds.
    """

    Options = FirstTimeAuthorOptions
    short = "first"

    def __init__(self, value: object) -> None:
        self._first = FirstTimeAuthorOptions.model_validate(self.table(value)).first

    @property
    def facts(self) -> NeededFacts:
        """Whether something by the author was stored before."""
        return NeededFacts(first_by_author=True)

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the author, or None."""
        if evidence.facts.is_first_by_author is not self._first:
            return None
        author = evidence.feedback.author.name or "this author"
        if self._first:
            return self.clause(f"is the first by {author} here")
        return self.clause(f"is by {author}, who wrote here before")

    def describe(self) -> str:
        """Return what is asked for."""
        if self._first:
            return "is the first by its author here"
        return "is by an author who wrote here before"
