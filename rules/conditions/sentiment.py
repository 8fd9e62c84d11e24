"""sentiment: the tone of the feedback."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence, Glance, Label
from rules.base import Condition, ConditionOptions, ensure_sequence, enum_validator, join_with_or

_Score = Annotated[float, Field(strict=True, ge=-1, le=1, allow_inf_nan=False)]


class SentimentOptions(ConditionOptions):
    """Which labels will do, and between which scores; all that is given must hold."""

    #: one is enough
    label: Annotated[
        tuple[Annotated[Label, enum_validator(Label)], ...], BeforeValidator(ensure_sequence)
    ] = ()
    below: _Score | None = None  #: of the score; the limit itself is out
    above: _Score | None = None  #: of the score; the limit itself is out

    @model_validator(mode="after")
    def _check_limits(self) -> SentimentOptions:
        if self.above is not None and self.below is not None and self.above >= self.below:
            raise ValueError(
                f"no score is above {self.above:g} and below {self.below:g}; exchange them"
            )
        return self


class SentimentCondition(Condition):
    """Holds where the tone was read and is as asked.

    A text that could not be scored is not neutral: it never holds.
    """

    Options = SentimentOptions
    short = "label"

    def __init__(self, value: object) -> None:
        self._options = SentimentOptions.model_validate(self.table(value))

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the label and the score, or None."""
        sentiment, options = evidence.analysis.sentiment, self._options
        if sentiment is None or (options.label and sentiment.label not in options.label):
            return None
        if options.below is not None and not sentiment.score < options.below:
            return None
        if options.above is not None and not sentiment.score > options.above:
            return None
        return self.clause(f"is {sentiment.label} ({sentiment.score:+.2f})")

    def rules_out(self, glance: Glance) -> bool:
        """Return whether the tone is none of those asked for, or was not read."""
        return glance.label is None or (
            bool(self._options.label) and glance.label not in self._options.label
        )

    def describe(self) -> str:
        """Return what is asked for: the labels and limits."""
        options = self._options
        parts = []
        if options.label:
            parts.append(f"is {join_with_or(options.label)}")
        if options.below is not None:
            parts.append(f"has a score below {options.below:g}")
        if options.above is not None:
            parts.append(f"has a score above {options.above:g}")
        return " and ".join(parts)
