"""version: which version of the app the feedback is about."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence
from monitor.domain.quoting import shorten_quote
from rules.base import Condition, ConditionOptions, Texts, join_with_or
from rules.wildcards import matches_wildcard, normalise_name

#: "4.2.1", also in "v4.2.1-beta (120)"; more than nine digits are no part of a version.
_NUMBERS = re.compile(r"v? ?([0-9]{1,9}(?:\.[0-9]{1,9}){0,7})(?![0-9])")


def _validate_limit(value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9}){0,7}", value):
        raise ValueError('numbers with points between them are needed, like "4.2" or "4.2.1"')
    return value


_Limit = Annotated[str, Field(strict=True), AfterValidator(_validate_limit)]


class VersionOptions(ConditionOptions):
    """Which versions, from which one and up to which one; all that is given must hold."""

    #: as the store tells it; one is enough, a * stands for anything, case does not matter
    values: Texts = Field(default=(), alias="is")
    #: this one or a later one: numbers are compared part by part, so that 4.10 is after 4.9
    min: _Limit | None = None
    #: this one or an earlier one; "4.2" takes in 4.2.1 and every other 4.2
    max: _Limit | None = None

    @model_validator(mode="after")
    def _check_limits(self) -> VersionOptions:
        if self.min and self.max and _is_after(_read_numbers(self.min), _read_numbers(self.max)):
            raise ValueError(
                f"no version is at least {self.min} and at most {self.max}; exchange them"
            )
        return self


class VersionCondition(Condition):
    """Holds where the source tells the version of the app and it is as asked.

    A version that does not begin with a number is neither before nor after another.
    """

    Options = VersionOptions
    short = "is"

    def __init__(self, value: object) -> None:
        self._options = VersionOptions.model_validate(self.table(value))
        self._patterns = tuple(normalise_name(one) for one in self._options.values)

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the version, or None."""
        version = normalise_name(evidence.feedback.app_version)
        if not version:
            return None
        if self._patterns and not any(matches_wildcard(one, version) for one in self._patterns):
            return None
        if not self._is_within(version):
            return None
        return self.clause(
            f"is about version {shorten_quote(evidence.feedback.app_version.strip())}"
        )

    def describe(self) -> str:
        """Return what is asked for: the versions and limits."""
        options = self._options
        parts = []
        if options.values:
            parts.append(join_with_or(options.values))
        if options.min is not None:
            parts.append(f"{options.min} or later")
        if options.max is not None:
            parts.append(f"{options.max} or earlier")
        return f"is about version {' and '.join(parts)}"

    def _is_within(self, version: str) -> bool:
        options = self._options
        if options.min is None and options.max is None:
            return True
        numbers = _read_numbers(version)
        if not numbers:
            return False
        if options.min is not None and _is_after(_read_numbers(options.min), numbers):
            return False
        if options.max is None:
            return True
        most = _read_numbers(options.max)
        return not _is_after(numbers[: len(most)], most)


def _read_numbers(version: str) -> tuple[int, ...]:
    """Return the numbers that a version begins with; none where it begins with none."""
    found = _NUMBERS.match(version)
    return tuple(map(int, found[1].split("."))) if found else ()


def _is_after(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Return whether a version is later than another; 4 is 4.0."""
    pairs = list(zip_longest(one, other, fillvalue=0))
    return [first for first, _ in pairs] > [second for _, second in pairs]
