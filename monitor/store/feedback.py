"""Queries about feedback: what is known, what is new, what is to be found, what must go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Text,
    bindparam,
    delete,
    func,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.selectable import Select
from sqlalchemy.types import NullType

from monitor.domain.feedback import Analysis, Feedback, Glance
from monitor.store import erasure, identities, person_traces, rollups, search
from monitor.store.column_types import to_key_text
from monitor.store.compiled import insert_rows, run_compiled
from monitor.store.mapping import (
    KnownFeedback,
    SourceCount,
    analysis_row,
    clamp_integer,
    feedback_row,
    to_analysis,
    to_feedback,
    to_utc,
    with_id,
)
from monitor.store.schema import analyses, feedback
from monitor.store.statements import DIALECTS, column_among, id_among, split_batches

_PAGE = 500
_ARRIVALS = 5_000  #: of which most words are read and forgotten
_READ = (*feedback.c, *(column.label(f"a_{column.name}") for column in analyses.c))
_KEY_COLUMNS = ("source_id", "external_id")
_UNCHANGED = {"id", "first_seen_at", *_KEY_COLUMNS}

FeedbackKey = tuple[str, str]
AnalysedFeedback = tuple[Feedback, Analysis]


@dataclass(frozen=True, slots=True)
class _FeedbackFilter:
    """Which feedback a reader asked for."""

    source_id: str | None
    since: datetime | None
    until: datetime | None

    def to_sql_conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.source_id is not None:
            found.append(feedback.c.source_id == self.source_id)
        if self.since is not None:
            found.append(feedback.c.at >= to_utc(self.since))
        if self.until is not None:
            found.append(feedback.c.at < to_utc(self.until))
        return found


class Arrival(NamedTuple):
    """One feedback as it came in."""

    at: datetime  #: when it was first seen
    source_id: str
    own: bool  #: whether an account of our own wrote it
    found: AnalysedFeedback | None  #: None where its words are not wanted


class FeedbackRepository:
    """The feedback that was collected, with what was read out of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.has_erased = False  #: whether text was removed that SQLite's files must not keep

    def find_known(self, keys: Iterable[FeedbackKey]) -> dict[FeedbackKey, KnownFeedback]:
        """Those of the (source id, external id) that are stored already."""
        asked: dict[FeedbackKey, list[FeedbackKey]] = {}
        for key in keys:
            asked.setdefault(_to_stored_key(key), []).append(key)
        by_source: dict[str, list[str]] = {}
        for source_id, external_id in asked:
            by_source.setdefault(source_id, []).append(external_id)
        found: dict[FeedbackKey, KnownFeedback] = {}
        statement = _KNOWN[self._connection.dialect.name]
        for source_id, names in by_source.items():
            for name, *rest in run_compiled(
                self._connection, statement, {"source": source_id, "names": names}
            ):
                found.update((key, KnownFeedback(*rest)) for key in asked[source_id, name])
        return found

    def add(self, items: Sequence[AnalysedFeedback]) -> list[AnalysedFeedback]:
        """Store what is not stored yet; return exactly that, in the order given, with ids that grow
        with time.

        Of two writers with the same feedback one adds it, the other learns that it is not new. What
        forgotten people wrote is left out.
        """
        unwanted = erasure.keys_by_forgotten_people(self._connection, [item for item, _ in items])
        by_key: dict[FeedbackKey, AnalysedFeedback] = {}
        for item in items:
            if item[0].key not in unwanted:
                by_key.setdefault(_to_stored_key(item[0].key), item)
        ids = self._insert_new(sorted(by_key.values(), key=lambda item: item[0].seen_or_created))
        added = [
            (with_id(item[0], ids[key]), item[1]) for key, item in by_key.items() if key in ids
        ]
        if added:
            insert_rows(
                self._connection,
                analyses,
                [analysis_row(item.id, analysis) for item, analysis in added],
            )
            search.index_feedback(
                self._connection, [(item.id, analysis.words) for item, analysis in added]
            )
            rollups.count_added(self._connection, added)
        return added

    def revise(self, items: Sequence[AnalysedFeedback]) -> int:
        """Replace the text, rating and analysis of stored feedback (by its id); returns how many
        were still there.
        """
        revised = 0
        for chunk in split_batches(items):
            before = self._words_by_id([item.id for item, _ in chunk])
            present = [(item, analysis) for item, analysis in chunk if item.id in before]
            if not present:
                continue
            with rollups.recount(self._connection, list(before)):
                self._replace_texts(present, before)
            revised += len(present)
        return revised

    def update_counts(self, items: Sequence[Feedback]) -> None:
        """Keep the votes and replies of stored feedback (by its id) as they are now; a figure not
        given stays.
        """
        rows = [
            {
                "which": item.id,
                "its_score": clamp_integer(item.score),
                "its_replies": clamp_integer(item.replies),
            }
            for item in items
        ]
        if rows:
            self._connection.execute(_RECOUNT, rows)

    def purge(self, keys: Iterable[FeedbackKey], at: datetime) -> int:
        """Remove feedback that is deleted upstream, with the customer's words wherever they were
        copied.

        Its alerts and their events stay, without those words. Returns how many were there.
        """
        return self._erase_by_ids([known.id for known in self.find_known(keys).values()], at)

    def forget_author(self, author: str, at: datetime, *, linked: bool = False) -> int:
        """Remove every feedback of an author, named by name, id or identifier in any case, as
        `purge` does; returns how many.

        What services sent of them and nobody has read yet goes too, and what they are seen to write
        later is not kept. With `linked`, all that is linked to them goes in the same way.
        """
        if not author.strip():
            return 0
        found = person_traces.find_person_traces(self._connection, author, linked=linked)
        removed = self._erase_by_ids(found.ids, at)
        erasure.anonymize_groups(self._connection, found.ids, found.names)
        self.has_erased |= erasure.empty_inbox_entries(self._connection, found.names, at) > 0
        erasure.remember_people(self._connection, found.people, at)
        return removed

    def get(self, feedback_id: int) -> AnalysedFeedback | None:
        """The feedback with this id and its analysis, or None."""
        row = self._connection.execute(
            _select_feedback().where(feedback.c.id == feedback_id)
        ).one_or_none()
        return None if row is None else (to_feedback(row), to_analysis(row))

    def iterate_stored(
        self,
        *,
        source_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[AnalysedFeedback]:
        """Feedback written from `since` to before `until`, in the order in which it was stored, a
        page at a time.
        """
        wanted = _FeedbackFilter(source_id, since, until).to_sql_conditions()
        first, last = self._id_bounds(wanted)
        while first <= last:
            page = (
                _select_feedback()
                .where(feedback.c.id.between(first, last), *wanted)
                .order_by(feedback.c.id)
                .limit(_PAGE)
            )
            rows = self._connection.execute(page).all()
            for row in rows:
                yield to_feedback(row), to_analysis(row)
            if len(rows) < _PAGE:
                return
            first = rows[-1].id + 1

    def iterate_arrivals(
        self,
        is_wanted: Callable[[Glance], bool],
        *,
        since: datetime,
        until: datetime | None = None,
        after: int = 0,
    ) -> Iterator[Arrival]:
        """Feedback written from `since` to before `until`, in the order in which it was stored, a
        page at a time; read whole only where a glance says that it is wanted.

        `after` is the id after which it begins.
        """
        wanted = _FeedbackFilter(None, since, until).to_sql_conditions()
        wanted += [feedback.c.id > after] if after else []
        first, last = self._id_bounds(wanted)
        between = feedback.c.id.between(bindparam("first"), bindparam("last"))
        here = _GLANCES.where(between, *wanted).order_by(feedback.c.id).limit(_ARRIVALS)
        while first <= last:
            rows = run_compiled(self._connection, here, {"first": first, "last": last})
            glances = ((row[0], Glance._make(row[3:])) for row in rows)
            found = self._read_whole([which for which, glance in glances if is_wanted(glance)])
            for which, arrived, own, source_id, *_ in rows:
                yield Arrival(arrived, source_id, bool(own), found.get(which))
            if len(rows) < _ARRIVALS:
                return
            first = rows[-1][0] + 1

    def _read_whole(self, ids: Sequence[int]) -> dict[int, AnalysedFeedback]:
        if not ids:
            return {}
        is_among = id_among(self._connection.dialect.name, feedback.c.id, ids)
        rows = self._connection.execute(_select_feedback().where(is_among))
        return {row.id: (to_feedback(row), to_analysis(row)) for row in rows}

    def external_ids(self, source_id: str, *, since: datetime) -> list[str]:
        """The source's own ids of its feedback written, or first seen where that is not known,
        after a time.
        """
        wanted = (feedback.c.source_id == source_id, feedback.c.at >= to_utc(since))
        return list(
            self._connection.execute(select(feedback.c.external_id).where(*wanted)).scalars()
        )

    def search_candidates(
        self,
        all_of: search.SearchClauses,
        *,
        source_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[AnalysedFeedback]:
        """Feedback that may hold, of each clause, one of its words (or beginnings of words), last
        stored first.

        Never misses one that does; may find more. No clause at all is true of everything.
        """
        wanted = _FeedbackFilter(source_id, since, until).to_sql_conditions()
        first, last = self._id_bounds(wanted)
        written = search.build_query(self._connection.dialect, all_of)
        below = last + 1
        while first < below:
            if written is None:
                ids = self._ids_below(first, below, wanted)
            else:
                ids = search.find_matching_ids(
                    self._connection, written, first=first, below=below, limit=_PAGE
                )
            if not ids:
                return
            page = (
                _select_feedback()
                .where(feedback.c.id.in_(ids), *wanted)
                .order_by(feedback.c.id.desc())
            )
            for row in self._connection.execute(page).all():
                yield to_feedback(row), to_analysis(row)
            below = ids[-1]

    def count_by_source(self, since: datetime | None = None) -> tuple[SourceCount, ...]:
        """How much feedback each source has, written since a time or at all; sources without any
        are left out.
        """
        newest = func.max(feedback.c.at, type_=feedback.c.at.type)
        statement = (
            select(feedback.c.source_id, func.count(), newest)
            .where(*_FeedbackFilter(None, since, None).to_sql_conditions())
            .group_by(feedback.c.source_id)
            .order_by(feedback.c.source_id)
        )
        return tuple(
            SourceCount(source_id=source_id, count=count, newest=at)
            for source_id, count, at in self._connection.execute(statement)
        )

    def _insert_new(self, items: list[AnalysedFeedback]) -> dict[FeedbackKey, int]:
        """The id of each item that was new, by its stored key."""
        rows = [feedback_row(item) for item, _ in items]
        if not rows:
            return {}
        if self._connection.dialect.name == "sqlite":
            # The only writer there can be: what has an id above the highest one is new.
            [(highest,)] = run_compiled(self._connection, _HIGHEST, {})
            insert_rows(self._connection, feedback, rows, ignore_existing=True)
            found: Iterable[Sequence[Any]] = run_compiled(
                self._connection, _ABOVE, {"highest": highest or 0}
            )
        else:
            found = self._connection.execute(_INSERT, rows)
        return {
            (source_id, external_id): feedback_id for feedback_id, source_id, external_id in found
        }

    def _replace_texts(self, items: list[AnalysedFeedback], before: dict[int, str]) -> None:
        self._connection.execute(_REVISE, [_to_revised_values(item) for item, _ in items])
        search.unindex_feedback(self._connection, list(before.items()))
        self._connection.execute(delete(analyses).where(analyses.c.feedback_id.in_(list(before))))
        rows = [analysis_row(item.id, analysis) for item, analysis in items]
        insert_rows(self._connection, analyses, rows)
        search.index_feedback(
            self._connection, [(item.id, analysis.words) for item, analysis in items]
        )

    def _words_by_id(self, ids: Sequence[int]) -> dict[int, str]:
        statement = select(analyses.c.feedback_id, analyses.c.words).where(
            analyses.c.feedback_id.in_(ids)
        )
        return {row.feedback_id: row.words for row in self._connection.execute(statement)}

    def _id_bounds(self, wanted: list[ColumnElement[bool]]) -> tuple[int, int]:
        """The lowest and highest id among what is wanted; an empty range where there is none."""
        lowest, highest = self._connection.execute(
            select(func.min(feedback.c.id), func.max(feedback.c.id)).where(*wanted)
        ).one()
        return (1, 0) if lowest is None else (lowest, highest)

    def _ids_below(self, first: int, below: int, wanted: list[ColumnElement[bool]]) -> list[int]:
        here = (feedback.c.id >= first, feedback.c.id < below)
        statement = (
            select(feedback.c.id).where(*here, *wanted).order_by(feedback.c.id.desc()).limit(_PAGE)
        )
        return list(self._connection.execute(statement).scalars())

    def _erase_by_ids(self, ids: Sequence[int], at: datetime) -> int:
        known_by = identities.list_used(self._connection, ids)
        for chunk in split_batches(ids):
            search.unindex_feedback(self._connection, list(self._words_by_id(chunk).items()))
            rollups.uncount(self._connection, chunk)
            erasure.erase_feedback(self._connection, chunk, at)
        identities.sweep_unused(self._connection, known_by)
        if ids:
            search.rewrite_index(self._connection)
            self.has_erased = True
        return len(ids)


def _to_stored_key(key: FeedbackKey) -> FeedbackKey:
    return to_key_text(key[0]), to_key_text(key[1])


#: Texts and numbers are taken as they come: nothing has to be made of them.
_GLANCES = select(
    feedback.c.id,
    feedback.c.first_seen_at,
    feedback.c.own,
    type_coerce(feedback.c.source_id, Text),
    type_coerce(feedback.c.rating, NullType),
    type_coerce(feedback.c.rating_scale, Text),
    type_coerce(analyses.c.label, Text),
    type_coerce(analyses.c.problem, NullType),
    type_coerce(analyses.c.words, Text),
).join_from(feedback, analyses, feedback.c.id == analyses.c.feedback_id)


def _select_feedback() -> Select[tuple[object, ...]]:
    return select(*_READ).join_from(feedback, analyses, feedback.c.id == analyses.c.feedback_id)


def _to_revised_values(item: Feedback) -> dict[str, object]:
    columns = feedback_row(item)
    return {"which": item.id} | {
        f"new_{name}": columns[name] for name in columns if name not in _UNCHANGED
    }


_REVISE = (
    update(feedback)
    .where(feedback.c.id == bindparam("which"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in feedback.c.keys()  # noqa: SIM118
            if name not in _UNCHANGED
        }
    )
)
#: Built once: building a statement takes longer than running it.
_KNOWN = {
    dialect: select(
        feedback.c.external_id,
        feedback.c.id,
        feedback.c.content_hash,
        feedback.c.first_seen_at,
        feedback.c.score,
        feedback.c.replies,
    ).where(
        feedback.c.source_id == bindparam("source"),
        column_among(dialect, feedback.c.external_id, "names"),
    )
    for dialect in DIALECTS
}
_RECOUNT = (
    update(feedback)
    .where(feedback.c.id == bindparam("which"))
    .values(
        score=func.coalesce(bindparam("its_score", type_=BigInteger), feedback.c.score),
        replies=func.coalesce(bindparam("its_replies", type_=BigInteger), feedback.c.replies),
    )
)
_NEW = (feedback.c.id, feedback.c.source_id, feedback.c.external_id)
_HIGHEST = select(func.max(feedback.c.id))
_ABOVE = select(*_NEW).where(feedback.c.id > bindparam("highest"))
_INSERT = (
    postgresql.insert(feedback).on_conflict_do_nothing(index_elements=_KEY_COLUMNS).returning(*_NEW)
)
