"""stars: the customer's own rating."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence, Glance
from rules.base import Condition, ConditionOptions

_Stars = Annotated[float, Field(strict=True, ge=1, le=5, allow_inf_nan=False)]
_Whole = Annotated[int, Field(strict=True, ge=1, le=5)]


class StarsOptions(ConditionOptions):
    """From, to, or exactly so many stars, 1 worst to 5 best.

    Ratings on other scales are converted.
    """

    max: _Stars | None = None  #: the limit itself is in
    min: _Stars | None = None  #: the limit itself is in
    exactly: _Whole | None = None  #: of the nearest whole number of stars; a half counts up

    @model_validator(mode="after")
    def _check_limits(self) -> StarsOptions:
        if self.exactly is not None and (self.max is not None or self.min is not None):
            raise ValueError("exactly goes without max and min")
        if self.max is not None and self.min is not None and self.min > self.max:
            raise ValueError(
                f"no rating is at least {self.min:g} and at most {self.max:g}; exchange them"
            )
        return self


class StarsCondition(Condition):
    """Holds where there is a rating and it is as asked; without a rating it never holds."""

    Options = StarsOptions
    short = "exactly"

    def __init__(self, value: object) -> None:
        self._options = StarsOptions.model_validate(self.table(value))

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the rating in stars, or None."""
        rating = evidence.feedback.rating
        if rating is None or not self._is_asked(rating.stars):
            return None
        return self.clause(f"{self.describe()} ({rating.stars:.3g})")

    def rules_out(self, glance: Glance) -> bool:
        """Return whether there is no rating, or not such a one."""
        return glance.stars is None or not self._is_asked(glance.stars)

    def _is_asked(self, stars: float) -> bool:
        options = self._options
        if options.exactly is not None and int(stars + 0.5) != options.exactly:
            return False
        if options.max is not None and stars > options.max:
            return False
        return options.min is None or stars >= options.min

    def describe(self) -> str:
        """Return what is asked for: the limits in stars."""
        options = self._options
        if options.exactly is not None:
            return f"has {_format_stars(options.exactly)}"
        if options.max is not None and options.min is not None:
            return f"has {options.min:g} to {_format_stars(options.max)}"
        if options.max is not None:
            return f"has {_format_stars(options.max)} or fewer"
        return f"has {_format_stars(options.min or 1)} or more"


def _format_stars(stars: float) -> str:
    return f"{stars:g} star{'' if stars == 1 else 's'}"
