"""Queries about feedback that was answered, and about what customers and our own accounts do about
it then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select, update
from sqlalchemy.sql import Select

from monitor.domain.alert import AlertStatus
from monitor.domain.feedback import Author, Feedback
from monitor.store.alert_cards import IS_MEMBER
from monitor.store.column_types import to_key_text
from monitor.store.compiled import run_compiled
from monitor.store.mapping import to_feedback, to_utc
from monitor.store.schema import alerts, answered, feedback, matches
from monitor.store.statements import DIALECTS, column_among, insert_for, split_batches

_UNANSWERED = tuple(map(str, (AlertStatus.OPEN, AlertStatus.ACKNOWLEDGED, AlertStatus.SNOOZED)))


@dataclass(frozen=True, slots=True)
class AnsweredFeedback:
    """A feedback that was answered."""

    feedback: Feedback
    alert_id: int
    at: datetime  #: when it was answered the last time
    came_back: bool  #: whether its author was seen to write again since


@dataclass(frozen=True, slots=True)
class UnansweredFeedback:
    """A feedback of an alert that nobody has answered."""

    feedback: Feedback
    alert_id: int


class AnsweredRepository:
    """What was answered, and when."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mark_answered(self, alert_id: int, at: datetime) -> None:
        """From now on, notice what the authors of an alert's feedback do about it."""
        members = (
            select(
                feedback.c.id, feedback.c.source_id, feedback.c.author_id, feedback.c.author_name
            )
            .join(matches, matches.c.feedback_id == feedback.c.id)
            .where(matches.c.alert_id == alert_id, IS_MEMBER)
        )
        rows = [
            {
                "feedback_id": feedback_id,
                "alert_id": alert_id,
                "source_id": source_id,
                "author": author_key(Author(name=name, id=author_id)),
                "at": to_utc(at),
                "came_back": False,
            }
            for feedback_id, source_id, author_id, name in self._connection.execute(members)
        ]
        again = insert_for(self._connection, answered)
        again = again.on_conflict_do_update(
            index_elements=["feedback_id", "alert_id"], set_={"at": to_utc(at), "came_back": False}
        )
        for chunk in split_batches(rows):
            self._connection.execute(again, list(chunk))

    def find_answered(self, feedback_ids: Collection[int]) -> list[AnsweredFeedback]:
        """Those of these feedback that were answered, as they are stored now."""
        return [
            one
            for chunk in split_batches(list(feedback_ids))
            for one in self._select_answered(
                _SELECT_ANSWERED.where(answered.c.feedback_id.in_(chunk))
            )
        ]

    def find_by_authors(
        self, source_id: str, authors: Iterable[Author], since: datetime
    ) -> list[AnsweredFeedback]:
        """What these people wrote in a source and was answered since a time, until they have come
        back.
        """
        names = sorted({author_key(author) for author in authors} - {""})
        asked = {"source": to_key_text(source_id), "since": to_utc(since), "authors": names}
        ids = (
            run_compiled(self._connection, _BY_AUTHORS[self._connection.dialect.name], asked)
            if names
            else ()
        )
        return [
            one
            for feedback_id, alert_id in ids
            for one in self._select_answered(
                _SELECT_ANSWERED.where(
                    answered.c.feedback_id == feedback_id, answered.c.alert_id == alert_id
                )
            )
        ]

    def mark_came_back(self, watched: AnsweredFeedback) -> None:
        """Note that an author has come back: that is said once for each answer."""
        where = (
            answered.c.feedback_id == watched.feedback.id,
            answered.c.alert_id == watched.alert_id,
        )
        self._connection.execute(update(answered).where(*where).values(came_back=True))

    def external_ids(self, source_id: str, since: datetime) -> list[str]:
        """The source's own ids of what was answered since a time."""
        wanted = (answered.c.source_id == to_key_text(source_id), answered.c.at >= to_utc(since))
        statement = (
            select(feedback.c.external_id).join_from(answered, feedback).where(*wanted).distinct()
        )
        return list(self._connection.execute(statement).scalars())

    def find_unanswered(self, source_id: str, places: Collection[str]) -> list[UnansweredFeedback]:
        """Feedback of unanswered alerts in these threads of a source, or with these external
        ids.
        """
        return [
            UnansweredFeedback(to_feedback(row), row.a_alert_id)
            for chunk in split_batches(list(places))
            for row in self._connection.execute(
                _SELECT_UNANSWERED.where(
                    feedback.c.source_id == source_id,
                    or_(feedback.c.external_id.in_(chunk), feedback.c.thread_id.in_(chunk)),
                )
            )
        ]

    def find_follow_ups(self, item: Feedback) -> list[Feedback]:
        """What is stored of the same source, was written since an item, and stands below it or in
        its thread.
        """
        thread = [feedback.c.thread_id == item.thread_id] if item.thread_id else []
        wanted = (
            feedback.c.source_id == item.source_id,
            feedback.c.at >= to_utc(item.seen_or_created),
            feedback.c.external_id != item.external_id,
            or_(feedback.c.parent_id == item.external_id, *thread),
        )
        rows = self._connection.execute(_SELECT_FEEDBACK.where(*wanted).order_by(feedback.c.at))
        return [to_feedback(row) for row in rows]

    def authors_by_external_id(
        self, source_id: str, external_ids: Sequence[str]
    ) -> dict[str, Author]:
        """Who wrote these, as far as they are stored."""
        columns = (feedback.c.external_id, feedback.c.author_name, feedback.c.author_id)
        found: dict[str, Author] = {}
        for chunk in split_batches(external_ids):
            statement = select(*columns).where(
                feedback.c.source_id == source_id, feedback.c.external_id.in_(chunk)
            )
            found |= {
                row[0]: Author(name=row[1], id=row[2])
                for row in self._connection.execute(statement)
            }
        return found

    def _select_answered(self, statement: Select[Any]) -> list[AnsweredFeedback]:
        return [_to_answered_feedback(row) for row in self._connection.execute(statement)]


def author_key(author: Author) -> str:
    """What a person is known by again; empty for nobody."""
    return to_key_text((author.id or author.name).casefold())


_SELECT_FEEDBACK: Select[Any] = select(*feedback.c)
_SELECT_ANSWERED: Select[Any] = select(
    *feedback.c,
    answered.c.alert_id.label("a_alert_id"),
    answered.c.at.label("a_at"),
    answered.c.came_back.label("a_came_back"),
).join_from(answered, feedback, feedback.c.id == answered.c.feedback_id)
_BY_AUTHORS = {
    dialect: select(answered.c.feedback_id, answered.c.alert_id).where(
        answered.c.source_id == bindparam("source"),
        column_among(dialect, answered.c.author, "authors"),
        answered.c.at >= bindparam("since"),
        answered.c.came_back.is_(False),
    )
    for dialect in DIALECTS
}
#: Of an alert only the first feedback can be answered through repwatch, but people may answer any.
_SELECT_UNANSWERED: Select[Any] = (
    select(*feedback.c, matches.c.alert_id.label("a_alert_id"))
    .join_from(alerts, matches, matches.c.alert_id == alerts.c.id)
    .join(feedback, feedback.c.id == matches.c.feedback_id)
    .where(alerts.c.status.in_(_UNANSWERED), IS_MEMBER)
)


def _to_answered_feedback(row: Row[Any]) -> AnsweredFeedback:
    return AnsweredFeedback(to_feedback(row), row.a_alert_id, row.a_at, row.a_came_back)
