"""problem: how likely it is that the feedback needs attention."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence, Glance
from rules.base import Condition, ConditionOptions

_Probability = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]


class ProblemOptions(ConditionOptions):
    """From which probability on, below which one, or both; 0 to 1."""

    at_least: _Probability | None = None  #: 0.5 is where the model says "rather yes"
    below: _Probability | None = None  #: the limit itself is out

    @model_validator(mode="after")
    def _check_limits(self) -> ProblemOptions:
        if self.at_least is not None and self.below is not None and self.at_least >= self.below:
            raise ValueError(
                f"no probability is at least {self.at_least:g} and below {self.below:g}; exchange "
                "them"
            )
        return self


class ProblemCondition(Condition):
    """Holds where the probability of a problem is as asked; without one it never holds."""

    Options = ProblemOptions
    short = "at_least"

    def __init__(self, value: object) -> None:
        self._options = ProblemOptions.model_validate(self.table(value))

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the probability and the heaviest words, or None."""
        probability, options = evidence.analysis.problem, self._options
        if probability is None:
            return None
        if options.at_least is not None and probability < options.at_least:
            return None
        if options.below is not None and probability >= options.below:
            return None
        reason = evidence.analysis.problem_reason
        return self.clause(f"is {reason or f'a problem with {probability:.0%}'}")

    def rules_out(self, glance: Glance) -> bool:
        """Return whether no probability is known, or it is less than asked for."""
        least = self._options.at_least
        return glance.problem is None or (least is not None and glance.problem < least)

    def describe(self) -> str:
        """Return what is asked for: the limits of the probability."""
        options = self._options
        parts = []
        if options.at_least is not None:
            parts.append(f"at least {options.at_least:.3g}")
        if options.below is not None:
            parts.append(f"below {options.below:.3g}")
        return f"is a problem with a probability of {' and '.join(parts)}"
