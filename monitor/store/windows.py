"""Queries about windows: which feedback the windows of rules count, and how far it was counted.

Rows are derived from feedback and can be made anew at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, literal, select, update

from monitor.domain.feedback import Author, Label, Rating, Scale
from monitor.domain.window import UnseenSpan, WindowItem
from monitor.store.compiled import insert_rows
from monitor.store.mapping import to_utc
from monitor.store.schema import analyses, feedback, source_gaps, source_hours
from monitor.store.statements import id_among, insert_for, split_batches
from monitor.store.window_schema import window_feedback, windows

#: What no rule has asked for in so long is forgotten.
_KEPT_FOR = timedelta(days=90)
#: That a key is in use is written down so often at most.
_TOUCHED_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WindowProgress:
    """How far the feedback was looked through for the windows with a key."""

    since: datetime  #: what was written before was not looked at
    counted_to: int  #: the highest feedback id that was looked at
    used_at: datetime


class StoredGap(NamedTuple):
    """A time in which a source could not be read."""

    source_id: str
    since: datetime
    until: datetime | None  #: None while it lasts


def cut_gaps(gaps: Iterable[StoredGap], since: datetime, until: datetime) -> list[UnseenSpan]:
    """Return the parts of gaps that lie between two times."""
    spans = (
        UnseenSpan(gap.source_id, gap.since, min(gap.until or until, until))
        for gap in gaps
        if gap.since < until
    )
    return [span for span in spans if span.until > since]


class WindowRepository:
    """The feedback that windows count, by the key of the windows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_progress(self, keys: Collection[str]) -> dict[str, WindowProgress]:
        """How far each key was counted; those that never were are left out."""
        statement = select(windows).where(windows.c.key.in_(list(keys)))
        return {
            row.key: WindowProgress(row.since, row.counted_to, row.used_at)
            for row in self._connection.execute(statement)
        }

    def find_last_id(self) -> int:
        """The highest id of any feedback; 0 without any."""
        return self._connection.execute(select(func.max(feedback.c.id))).scalar() or 0

    def list_ids(self, after: int) -> list[int]:
        """The ids of all feedback above one."""
        return list(
            self._connection.execute(select(feedback.c.id).where(feedback.c.id > after)).scalars()
        )

    def add(self, pairs: Iterable[tuple[str, int]]) -> None:
        """Count feedback for windows: key and feedback id; what is counted already stays."""
        rows = [{"key": key, "feedback_id": which} for key, which in pairs]
        insert_rows(self._connection, window_feedback, rows, ignore_existing=True)

    def add_stored(self, pairs: Iterable[tuple[str, int]]) -> None:
        """Count feedback for windows, without what is not stored any more."""
        for chunk in split_batches(list(pairs)):
            ids = [which for _, which in chunk]
            among = id_among(self._connection.dialect.name, feedback.c.id, ids)
            left = set(self._connection.execute(select(feedback.c.id).where(among)).scalars())
            self.add((key, which) for key, which in chunk if which in left)

    def recount(self, ids: Sequence[int], pairs: Iterable[tuple[str, int]]) -> None:
        """Count edited feedback anew for windows, by what holds for it now."""
        if ids:
            among = id_among(self._connection.dialect.name, window_feedback.c.feedback_id, ids)
            self._connection.execute(delete(window_feedback).where(among))
            self.add_stored(pairs)

    def save_progress(self, keys: Iterable[str], progress: WindowProgress) -> None:
        """Remember how far some keys were counted."""
        values = {
            "since": to_utc(progress.since),
            "counted_to": progress.counted_to,
            "used_at": to_utc(progress.used_at),
        }
        for key in keys:
            row = insert_for(self._connection, windows).values({"key": key, **values})
            self._connection.execute(row.on_conflict_do_update(index_elements=["key"], set_=values))

    def mark_counted(self, keys: Sequence[str], counted_to: int) -> None:
        """Remember that some keys were counted further."""
        behind = (windows.c.key.in_(list(keys)), windows.c.counted_to < counted_to)
        self._connection.execute(update(windows).where(*behind).values(counted_to=counted_to))

    def mark_used(self, keys: Sequence[str], at: datetime) -> None:
        """Remember that some keys are in use, and forget what has not been for 90 days."""
        stale = (windows.c.key.in_(list(keys)), windows.c.used_at < to_utc(at - _TOUCHED_EVERY))
        self._connection.execute(update(windows).where(*stale).values(used_at=to_utc(at)))
        unused = select(windows.c.key).where(windows.c.used_at < to_utc(at - _KEPT_FOR))
        gone = list(self._connection.execute(unused).scalars())
        if gone:
            of_them = window_feedback.c.key.in_(gone)
            self._connection.execute(delete(window_feedback).where(of_them))
            self._connection.execute(delete(windows).where(windows.c.key.in_(gone)))

    def find_latest(self, keys: Collection[str]) -> dict[str, int]:
        """The feedback id that each key counted last; keys without any are left out."""
        statement = (
            select(window_feedback.c.key, func.max(window_feedback.c.feedback_id))
            .where(window_feedback.c.key.in_(list(keys)))
            .group_by(window_feedback.c.key)
        )
        return {row.key: row[1] for row in self._connection.execute(statement)}

    def list_items(
        self, key: str, since: datetime, until: datetime | None = None, *, with_words: bool = False
    ) -> list[WindowItem]:
        """What a key counts of what arrived from `since` to before `until`, in order of arrival."""
        wanted = [window_feedback.c.key == key, feedback.c.first_seen_at >= to_utc(since)]
        if until is not None:
            wanted.append(feedback.c.first_seen_at < to_utc(until))
        words = analyses.c.words if with_words else literal("")
        statement = (
            select(*_COLUMNS, words.label("words"))
            .join_from(window_feedback, feedback, window_feedback.c.feedback_id == feedback.c.id)
            .join(analyses, analyses.c.feedback_id == feedback.c.id)
            .where(*wanted)
            .order_by(feedback.c.id)
        )
        return [_to_item(row) for row in self._connection.execute(statement)]

    def list_blind_spans(
        self, source_ids: Collection[str], since: datetime, until: datetime
    ) -> list[UnseenSpan]:
        """When these sources could not be read, between two times."""
        found = self.list_gaps(source_ids)
        return cut_gaps((gap for gaps in found.values() for gap in gaps), since, until)

    def list_gaps(self, source_ids: Collection[str]) -> dict[str, list[StoredGap]]:
        """Every gap of these sources, oldest first."""
        gaps = source_gaps.c
        statement = (
            select(gaps.source_id, gaps.since, gaps.until)
            .where(gaps.source_id.in_(list(source_ids)))
            .order_by(gaps.since)
        )
        found: dict[str, list[StoredGap]] = {source_id: [] for source_id in source_ids}
        for row in self._connection.execute(statement):
            found[row.source_id].append(StoredGap(*row))
        return found

    def find_seen_until(
        self, source_ids: Collection[str], before: datetime
    ) -> Mapping[str, datetime]:
        """The end of the last hour before a full hour in which each source answered."""
        hours = source_hours.c
        statement = (
            select(hours.source_id, func.max(hours.at, type_=hours.at.type))
            .where(
                hours.source_id.in_(list(source_ids)),
                hours.at < to_utc(before),
                hours.polls > hours.failures,
            )
            .group_by(hours.source_id)
        )
        hour = timedelta(hours=1)
        return {source_id: at + hour for source_id, at in self._connection.execute(statement)}


_COLUMNS = (
    feedback.c.id,
    feedback.c.at,
    feedback.c.first_seen_at,
    feedback.c.source_id,
    feedback.c.author_name,
    feedback.c.author_id,
    feedback.c.thread_id,
    feedback.c.rating,
    feedback.c.rating_scale,
    analyses.c.score,
    analyses.c.label,
    analyses.c.problem,
)


def _to_item(row: Any) -> WindowItem:
    return WindowItem(
        feedback_id=row.id,
        at=row.at,
        arrived=row.first_seen_at,
        source_id=row.source_id,
        author=Author(name=row.author_name, id=row.author_id).key,
        thread=row.thread_id,
        rating=None if row.rating is None else Rating(row.rating, Scale(row.rating_scale)),
        score=row.score,
        is_negative=row.label == Label.NEGATIVE,
        problem=row.problem,
        words=row.words,
    )
