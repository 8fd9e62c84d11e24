"""problem: how likely it is that the feedback needs attention."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from monitor.domain.alert import Clause
from monitor.domain.facts import NO_NEEDED_FACTS, NeededFacts, ProblemLimit
from monitor.domain.feedback import Evidence, Glance
from rules.base import Condition, ConditionOptions

_BUDGET = re.compile(r"(?P<count>[0-9]{1,4}) ?/ ?(?P<unit>day|week)")
_DAYS = {"day": 1, "week": 7}


def _check_budget(value: str) -> str:
    found = _BUDGET.fullmatch(value.strip())
    if found is None or int(found["count"]) == 0:
        raise ValueError(f'{value!r} is no budget; write it like "10/day" or "20/week"')
    return f"{int(found['count'])}/{found['unit']}"


_Probability = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
_Budget = Annotated[str, Field(strict=True), AfterValidator(_check_budget)]


class ProblemOptions(ConditionOptions):
    """From which probability on, below which one, or both; or how many a day may hold."""

    at_least: _Probability | None = None  #: 0.5 is where the model says "rather yes"
    below: _Probability | None = None  #: the limit itself is out
    #: the likeliest ones of each source, about so many: `"10/day"` or `"20/week"`
    budget: _Budget | None = None

    @model_validator(mode="after")
    def _check_limits(self) -> ProblemOptions:
        if self.at_least is not None and self.below is not None and self.at_least >= self.below:
            raise ValueError(
                f"no probability is at least {self.at_least:g} and below {self.below:g}; exchange "
                "them"
            )
        if self.budget is not None and len(self.model_fields_set) > 1:
            raise ValueError("a budget finds the limit by itself; leave at_least and below out")
        return self

    @property
    def per_day(self) -> float | None:
        """The budget in texts a day."""
        if self.budget is None:
            return None
        count, _, unit = self.budget.partition("/")
        return int(count) / _DAYS[unit]


class ProblemCondition(Condition):
    """Holds where the probability of a problem is as asked; without one it never holds.

    With a budget, where it is among the likeliest of its source: the limit is learned anew each
    UTC day from what the source brought in the 28 days before, from 0.2 to 0.98. With less than 50
    texts or a day of history it is 0.8. From 50 verdicts on, the limit rises where the team calls
    what lies just above it not useful.
    """

    Options = ProblemOptions
    short = "at_least"

    def __init__(self, value: object) -> None:
        self._options = ProblemOptions.model_validate(self.table(value))

    @property
    def facts(self) -> NeededFacts:
        """The limit that is learned for a budget."""
        per_day = self._options.per_day
        if per_day is None:
            return NO_NEEDED_FACTS
        return NeededFacts(problem_budgets=frozenset({per_day}))

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the probability and the heaviest words, or None."""
        probability, options = evidence.analysis.problem, self._options
        if probability is None:
            return None
        if options.budget is not None:
            return self._check_budget(evidence, probability)
        if options.at_least is not None and probability < options.at_least:
            return None
        if options.below is not None and probability >= options.below:
            return None
        return self.clause(f"is {_describe_problem(evidence, probability)}")

    def _check_budget(self, evidence: Evidence, probability: float) -> Clause | None:
        limits = evidence.facts.problem_limits or ()
        limit = next((one for one in limits if one.per_day == self._options.per_day), None)
        if limit is None or probability < limit.at_least:
            return None
        said = _describe_problem(evidence, probability)
        return self.clause(f"is {said}, {self._explain(limit, evidence.feedback.source_id)}")

    def _explain(self, limit: ProblemLimit, source_id: str) -> str:
        """Return where the limit is, and why there."""
        at_least = f"at least {limit.at_least:.0%}"
        if not limit.is_learned:
            return f"{at_least}, as long as little is known of {source_id}"
        if limit.is_raised_by_verdicts:
            return f"{at_least}, below which your team finds {source_id} seldom useful"
        return f"{at_least}, which brings about {_say_budget(self._options)} from {source_id}"

    def rules_out(self, glance: Glance) -> bool:
        """Return whether no probability is known, or it is less than asked for."""
        least = self._options.at_least
        return glance.problem is None or (least is not None and glance.problem < least)

    def describe(self) -> str:
        """Return what is asked for: the limits of the probability."""
        options = self._options
        if options.budget is not None:
            return f"is among the likeliest problems of its source, about {_say_budget(options)}"
        parts = []
        if options.at_least is not None:
            parts.append(f"at least {options.at_least:.3g}")
        if options.below is not None:
            parts.append(f"below {options.below:.3g}")
        return f"is a problem with a probability of {' and '.join(parts)}"


def _describe_problem(evidence: Evidence, probability: float) -> str:
    return evidence.analysis.problem_reason or f"a problem with {probability:.0%}"


def _say_budget(options: ProblemOptions) -> str:
    count, _, unit = (options.budget or "").partition("/")
    return f"{count} a {unit}"
