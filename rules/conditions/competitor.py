"""competitor: a competitor of the brand is named, or the source is about one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, Field

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence
from monitor.domain.quoting import quote_words
from monitor.domain.workspace import Competitor, Workspace
from monitor.errors import suggest_nearest
from rules.base import Condition, ConditionOptions, ensure_sequence, join_with_or
from rules.query import Query, parse_query
from rules.wildcards import matches_wildcard, normalise_name

_ANY = "*"
_MOST_QUOTED = 5  # words in what is said; the clause holds them all


def _read_names(value: object) -> object:
    """Return `true` as any name, and a single name as a list of one."""
    if value is False:
        raise ValueError("write { competitor = true } under none instead")
    return (_ANY,) if value is True else ensure_sequence(value)


class CompetitorOptions(ConditionOptions):
    """Which competitors; one is enough."""

    #: as `[[brand.competitors]]` has them; a * stands for anything, true for any of them
    name: Annotated[
        tuple[Annotated[str, Field(strict=True, min_length=1)], ...], BeforeValidator(_read_names)
    ]


class CompetitorCondition(Condition):
    """Holds where the words name one of the competitors, or its own source brings the feedback.

    By the words and sources that `[[brand.competitors]]` gives, as the digest counts mentions.
    """

    Options = CompetitorOptions
    short = "name"

    def __init__(self, value: object) -> None:
        self._names = CompetitorOptions.model_validate(self.table(value)).name
        self._patterns = tuple(map(normalise_name, self._names))

    def find_gaps(self, workspace: Workspace) -> Sequence[str]:
        """Return the names that no competitor has."""
        known = [one.name for one in workspace.competitors]
        if not known:
            return (
                "competitor needs to know whom you are compared with; set [[brand.competitors]]",
            )
        return [
            f"no competitor is called {name!r}; {suggest_nearest(name, known)}"
            for name, pattern in zip(self._names, self._patterns, strict=True)
            if not any(matches_wildcard(pattern, normalise_name(one)) for one in known)
        ]

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the competitors and the words that name them, or None."""
        said: list[str] = []
        words: dict[str, None] = {}  # in order
        for competitor in evidence.workspace.competitors:
            if not self._is_asked(competitor):
                continue
            if evidence.feedback.source_id in competitor.sources:
                said.append(f"is about {competitor.name}")
                continue
            found = _find_words(competitor.query, evidence)
            if found:
                said.append(f"names {competitor.name}: {quote_words(found[:_MOST_QUOTED])}")
                words.update(dict.fromkeys(found))
        return self.clause(" and ".join(said), tuple(words)) if said else None

    def describe(self) -> str:
        """Return what is asked for: the competitors."""
        if _ANY in self._names:
            return "names a competitor"
        return f"names {join_with_or(self._names)}"

    def _is_asked(self, competitor: Competitor) -> bool:
        name = normalise_name(competitor.name)
        return any(matches_wildcard(pattern, name) for pattern in self._patterns)


def _find_words(query: str, evidence: Evidence) -> tuple[str, ...]:
    """Return the customer's words by which the query finds the text; none where it does not."""
    if not query or not _parse(query).matches(evidence.analysis.words):
        return ()
    return _parse(query).find_matching_words(evidence.analysis.text)


@lru_cache(maxsize=64)
def _parse(query: str) -> Query:
    return parse_query(query)
