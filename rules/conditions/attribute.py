"""attribute: what a source tells beside the words, such as a subreddit, a country or a plan."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, model_validator

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence
from monitor.domain.quoting import quote_words, shorten_quote
from monitor.section import ONE_LINE
from rules.base import Condition, ConditionOptions, Texts, join_with_or
from rules.wildcards import matches_wildcard, normalise_name

#: A number as services write it; what a comma would mean in it differs between countries.
_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_Bound = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class AttributeOptions(ConditionOptions):
    """The name of the attribute, and what it must be; all that is given must hold.

    The name alone asks whether there is such an attribute at all.
    """

    #: as the source gives it; case does not matter
    name: Annotated[str, Field(strict=True, min_length=1, max_length=200), ONE_LINE]
    #: values of which one is enough; a * stands for anything, case does not matter
    values: Texts = Field(default=(), alias="is")
    #: of a value that is a number, the limit itself is in; any other value never holds
    min: _Bound | None = None
    max: _Bound | None = None  #: the same from above
    given: Annotated[bool, Field(strict=True)] | None = None  #: whether there is one at all

    @model_validator(mode="after")
    def _check_limits(self) -> AttributeOptions:
        asked = self.values or self.min is not None or self.max is not None
        if self.given is not None and asked:
            raise ValueError("given goes without is, min and max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(
                f"no number is at least {self.min:g} and at most {self.max:g}; exchange them"
            )
        return self


class AttributeCondition(Condition):
    """Holds where the feedback has the attribute and its value is as asked.

    Of an attribute that lists several values, with commas between them, one is enough.
    """

    Options = AttributeOptions
    short = "name"

    def __init__(self, value: object) -> None:
        self._options = AttributeOptions.model_validate(self.table(value))
        self._name = normalise_name(self._options.name)
        self._patterns = tuple(self._normalise_value(one) for one in self._options.values)

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the value, or None."""
        options = self._options
        value = self._find_value(evidence)
        if options.given is False:
            return None if value else self.clause(f"has no {options.name}")
        if not value or not (self._is_named(value) and self._is_within(value)):
            return None
        return self.clause(f"has {options.name} {quote_words((shorten_quote(value),))}")

    def describe(self) -> str:
        """Return what is asked for: the attribute, its values and limits."""
        options = self._options
        if options.given is False:
            return f"has no {options.name}"
        parts = []
        if options.values:
            parts.append(join_with_or([quote_words((value,)) for value in options.values]))
        if options.min is not None:
            parts.append(f"of at least {options.min:.15g}")
        if options.max is not None:
            parts.append(f"of at most {options.max:.15g}")
        return f"has {options.name} {' and '.join(parts)}" if parts else f"has any {options.name}"

    def _find_value(self, evidence: Evidence) -> str:
        """Return the value of the attribute; empty where there is none."""
        attributes = evidence.feedback.attributes
        if self._options.name in attributes:
            return attributes[self._options.name].strip()
        named = (value for name, value in attributes.items() if normalise_name(name) == self._name)
        return next(named, "").strip()

    def _is_named(self, value: str) -> bool:
        """Return whether it, or one of the values it lists, is among those asked for."""
        if not self._patterns:
            return True
        listed = {self._normalise_value(part) for part in (value, *value.split(","))}
        return any(matches_wildcard(one, part) for one in self._patterns for part in listed)

    def _is_within(self, value: str) -> bool:
        """Return whether it is a number between the limits, where there are any."""
        options = self._options
        if options.min is None and options.max is None:
            return True
        if not _NUMBER.fullmatch(value):
            return False
        number = float(value)
        low = options.min is None or number >= options.min
        return low and (options.max is None or number <= options.max)

    def _normalise_value(self, value: str) -> str:
        """Return the value as it is compared: people write r/apple for what is stored as apple."""
        normalised = normalise_name(value)
        if self._name == "subreddit":
            return normalised.removeprefix("/").removeprefix("r/")
        return normalised
