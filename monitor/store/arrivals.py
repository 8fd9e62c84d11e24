"""Queries about what had arrived at a time: who had written before, and which texts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from monitor.domain.feedback import Author
from monitor.store.column_types import to_key_text
from monitor.store.compiled import run_compiled
from monitor.store.mapping import to_utc
from monitor.store.schema import analyses, feedback
from monitor.store.statements import DIALECTS, column_among

#: Texts that new ones are compared with, the newest first: a busy day costs no more.
MOST_ARRIVALS = 5_000
#: Characters of a text that are compared; near copies look at its first 2,000 words.
_MOST_CHARACTERS = 16_000
#: How long before a time texts that arrived since may have been written, and how far behind our
#: clock may be: the time of writing is what the index has.
_WRITTEN_BEFORE, _CLOCK_SKEW = timedelta(days=7), timedelta(days=1)


#: One statement for each dialect.
_Statements = Mapping[str, Any]


def cut_compared_words(words: str) -> str:
    """Return so much of the words of a text as is compared with those of others."""
    return words[:_MOST_CHARACTERS]


class FirstArrival(NamedTuple):
    """The first feedback of an author that is stored."""

    feedback_id: int
    arrived: datetime


class ArrivedText(NamedTuple):
    """A text, who wrote it, and when it arrived."""

    feedback_id: int
    source_id: str
    author: Author
    arrived: datetime
    words: str  #: as in `Analysis.words`, cut where it is very long


class ArrivedProblem(NamedTuple):
    """How likely a text that arrived is a problem."""

    content_hash: str
    written: datetime
    arrived: datetime
    problem: float  #: 0 to 1


class ArrivalRepository:
    """The feedback in the order in which it arrived: what was known at any time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_first_by_id(self, source_id: str, ids: Collection[str]) -> dict[str, FirstArrival]:
        """The first feedback of each author of a source, by the source's own ids."""
        return self._find_first(_FIRST_BY_ID, source_id, ids)

    def find_first_by_name(self, source_id: str, names: Collection[str]) -> dict[str, FirstArrival]:
        """The first feedback of each author of a source to whom it gives no id, by name."""
        return self._find_first(_FIRST_BY_NAME, source_id, names)

    def find_first_contact(self, source_id: str) -> datetime | None:
        """When the first feedback of a source that is still stored arrived; None without any."""
        arrived = feedback.c.first_seen_at
        statement = select(arrived).where(feedback.c.source_id == source_id)
        return self._connection.execute(statement.order_by(feedback.c.id).limit(1)).scalar()

    def iterate_problems(
        self, source_id: str, since: datetime, until: datetime
    ) -> Iterator[ArrivedProblem]:
        """The texts of others than our own accounts of a source that arrived from `since` to before
        `until`, each with its probability of a problem.

        In order of arrival. What was written more than a week before it arrived is left out, and
        what could not be read.
        """
        arrived, written = feedback.c.first_seen_at, feedback.c.at
        statement = (
            select(feedback.c.content_hash, written, arrived, analyses.c.problem)
            .join_from(feedback, analyses, feedback.c.id == analyses.c.feedback_id)
            .where(
                feedback.c.source_id == source_id,
                written.between(to_utc(since - _WRITTEN_BEFORE), to_utc(until + _CLOCK_SKEW)),
                arrived >= to_utc(since),
                arrived < to_utc(until),
                feedback.c.own.is_(False),
                analyses.c.problem.is_not(None),
            )
            .order_by(feedback.c.id)
        )
        found = (ArrivedProblem(*row) for row in self._connection.execute(statement))
        return (one for one in found if one.arrived - one.written <= _WRITTEN_BEFORE)

    def iterate_texts(self, since: datetime, until: datetime) -> Iterator[ArrivedText]:
        """The texts of others than our own accounts that arrived between two times, both included.

        At most the 5,000 that arrived last.
        """
        arrived = feedback.c.first_seen_at
        statement = (
            select(
                feedback.c.id,
                feedback.c.source_id,
                feedback.c.author_name,
                feedback.c.author_id,
                arrived,
                func.substr(analyses.c.words, 1, _MOST_CHARACTERS),
            )
            .join_from(feedback, analyses, feedback.c.id == analyses.c.feedback_id)
            .where(arrived.between(to_utc(since), to_utc(until)), feedback.c.own.is_(False))
            .order_by(arrived.desc(), feedback.c.id.desc())
            .limit(MOST_ARRIVALS)
        )
        for feedback_id, source_id, name, author_id, at, words in self._connection.execute(
            statement
        ):
            author = Author(name=name, id=author_id)
            yield ArrivedText(feedback_id, source_id, author, at, words)

    def _find_first(
        self, statements: _Statements, source_id: str, keys: Collection[str]
    ) -> dict[str, FirstArrival]:
        if not keys:
            return {}
        asked = {to_key_text(key): key for key in keys}
        values = {"source": source_id, "keys": sorted(asked)}
        rows = run_compiled(self._connection, statements[self._connection.dialect.name], values)
        return {asked[key]: FirstArrival(first, arrived) for key, first, arrived in rows}


def _first_by(column: ColumnElement[str], *others: ColumnElement[bool]) -> _Statements:
    """Build the query for the first feedback of each author that a column tells."""
    arrived = func.min(feedback.c.first_seen_at, type_=feedback.c.first_seen_at.type)
    return {
        dialect: select(column, func.min(feedback.c.id), arrived)
        .where(
            feedback.c.source_id == bindparam("source"),
            column_among(dialect, column, "keys"),
            *others,
        )
        .group_by(column)
        for dialect in DIALECTS
    }


_FIRST_BY_ID = _first_by(feedback.c.author_id)
_FIRST_BY_NAME = _first_by(feedback.c.author_name, feedback.c.author_id == "")
