"""text: the words satisfy a query."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence
from monitor.domain.quoting import quote_words
from monitor.domain.tokens import normalize_text
from monitor.errors import QueryError
from rules.base import Condition, ConditionOptions
from rules.query import Query, parse_query

_MOST_QUOTED = 5  # words in what is said; the clause holds them all


def _validate_query(value: object) -> Query:
    if not isinstance(value, str):
        raise ValueError('a query in quotes is needed, like "refund OR \\"charged twice\\""')  # noqa: TRY004
    try:
        return parse_query(value)
    except QueryError as error:
        raise ValueError(str(error)) from None


class TextOptions(ConditionOptions):
    """`query`, and which part of the feedback it is put to."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    #: in the language of [queries](#queries)
    query: Annotated[Query, BeforeValidator(_validate_query)]
    #: the part of the feedback that the query is put to
    part: Literal["any", "title", "body"] = Field(default="any", alias="in")


class TextCondition(Condition):
    """Holds where the customer's own words, without what they quote, satisfy the query."""

    Options = TextOptions
    short = "query"

    def __init__(self, value: object) -> None:
        options = TextOptions.model_validate(self.table(value))
        self._query, self._part = options.query, options.part
        self._needs = options.query if options.part == "any" else options.query.without_negations()

    @property
    def needs(self) -> Query:
        """The query itself; for a part of the feedback, only what must be there.

        What is forbidden in the part may stand elsewhere.
        """
        return self._needs

    def check(self, evidence: Evidence) -> Clause | None:
        """Return a clause with the words that satisfied the query, or None."""
        text, words = self._select_text(evidence)
        if not self._query.matches(words):
            return None
        found = self._query.find_matching_words(text)
        return self.clause(_describe_found_words(found) if found else self.describe(), found)

    def describe(self) -> str:
        """Return what is asked for: the query as it is understood, every word normalised."""
        place = "" if self._part == "any" else f" in the {self._part}"
        return f"says {self._query}{place}"

    def _select_text(self, evidence: Evidence) -> tuple[str, str]:
        """Return the text in question and its words; the analysed text begins with the title."""
        title, analysis = evidence.feedback.title, evidence.analysis
        if self._part == "any":
            return analysis.text, analysis.words
        text = title if self._part == "title" else analysis.text.removeprefix(title)
        return text, normalize_text(text)


def _describe_found_words(found: tuple[str, ...]) -> str:
    quoted = quote_words(" ".join(words.split()) for words in found[:_MOST_QUOTED])
    more = len(found) - _MOST_QUOTED
    return f"says {quoted} and {more} more" if more > 0 else f"says {quoted}"
