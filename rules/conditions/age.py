"""age: how long ago the feedback was written."""

from __future__ import annotations

from pydantic import model_validator

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence
from monitor.settings import Duration
from rules.base import Condition, ConditionOptions
from rules.spans import format_span


class AgeOptions(ConditionOptions):
    """Between which ages; all that is given must hold."""

    newer_than: Duration | None = None  #: written at most so long ago
    older_than: Duration | None = None  #: written longer ago than this

    @model_validator(mode="after")
    def _check_limits(self) -> AgeOptions:
        if (
            self.newer_than is not None
            and self.older_than is not None
            and self.older_than >= self.newer_than
        ):
            raise ValueError(
                "nothing is older than older_than and newer than newer_than; exchange them"
            )
        return self


class AgeCondition(Condition):
    """Holds where the feedback's age is as asked; an unknown time never holds.

    Its age is how long ago it was written, by the source's own time.
    """

    Options = AgeOptions
    short = "newer_than"

    def __init__(self, value: object) -> None:
        self._options = AgeOptions.model_validate(self.table(value))

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the age at the time of the decision, or None."""
        written, options = evidence.feedback.created_at, self._options
        if written is None:
            return None
        age = evidence.now - written
        if options.newer_than is not None and age > options.newer_than:
            return None
        if options.older_than is not None and age <= options.older_than:
            return None
        return self.clause(f"was written {format_span(age)} ago")

    def describe(self) -> str:
        """Return what is asked for: the limits of the age."""
        options = self._options
        parts = []
        if options.newer_than is not None:
            parts.append(f"at most {format_span(options.newer_than)}")
        if options.older_than is not None:
            parts.append(f"more than {format_span(options.older_than)}")
        return f"was written {' and '.join(parts)} ago"
