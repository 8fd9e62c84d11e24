"""author: who wrote."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from monitor.domain.alert import Clause
from monitor.domain.feedback import Author, Evidence
from rules.base import Condition, ConditionOptions, Texts, join_with_or
from rules.wildcards import matches_wildcard, normalise_name


class AuthorOptions(ConditionOptions):
    """Which names, how many followers, whether named at all; all that is given must hold."""

    name: Texts = ()  #: a * stands for anything; case does not matter, nor does a leading @
    min_reach: Annotated[int, Field(strict=True, ge=1)] | None = None  #: followers or karma
    known: Annotated[bool, Field(strict=True)] | None = None  #: whether the source names anybody


class AuthorCondition(Condition):
    """Holds where the author is as asked; a reach that the source does not tell is never enough."""

    Options = AuthorOptions
    short = "name"

    def __init__(self, value: object) -> None:
        self._options = AuthorOptions.model_validate(self.table(value))
        self._names = tuple(_normalise_author(name) for name in self._options.name)

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the author's name and reach, or None."""
        author, options = evidence.feedback.author, self._options
        if self._names and not self._is_named(author):
            return None
        if options.min_reach is not None and (author.reach or 0) < options.min_reach:
            return None
        if options.known is not None and author.is_known != options.known:
            return None
        return self.clause(_describe_author(author))

    def _is_named(self, author: Author) -> bool:
        """Return whether the author has one of the names that were asked for."""
        if not author.name:
            return False
        name = _normalise_author(author.name)
        return any(matches_wildcard(pattern, name) for pattern in self._names)

    def describe(self) -> str:
        """Return what is asked for: the names and limits."""
        options = self._options
        parts = []
        if options.name:
            parts.append(f"is by {join_with_or(options.name)}")
        if options.min_reach:
            parts.append(f"is by somebody with a reach of {options.min_reach} or more")
        if options.known is not None:
            named = "a named" if options.known else "an unnamed"
            parts.append(f"is by {named} author")
        return " and ".join(parts)


def _describe_author(author: Author) -> str:
    name = author.name or ("a known author" if author.is_known else "an unnamed author")
    reach = "" if author.reach is None else f" (reach {author.reach})"
    return f"is by {name}{reach}"


def _normalise_author(name: str) -> str:
    return normalise_name(name).removeprefix("@")
