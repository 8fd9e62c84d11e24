"""Queries about what nobody read, and the daily message about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from monitor.domain.alert import MatchOutcome, Severity
from monitor.domain.delivery import DeliveryKind
from monitor.domain.feedback import Author, Label
from monitor.domain.unread import SummarySubject, UnreadCounts, UnreadDay, UnreadText
from monitor.store.mapping import to_analysis, to_feedback, to_utc
from monitor.store.outbox import delivery_row
from monitor.store.schema import analyses, deliveries, feedback, matches
from monitor.store.statements import split_batches

#: Feedback that was written so long before a time counts as of it: it was found late. What is older
#: was found when a source was first read.
_FOUND_WITHIN = timedelta(days=2)
#: How far back a complaint of the same person is looked for.
_COMPLAINTS_BACK = timedelta(days=365)
#: What the key of a daily message begins with: one that was told, and one told by a clock that
#: was ahead.
_UNREAD, _TOLD_EARLY = "unread", "early"
_TOLD = f"{_UNREAD}:"
#: A clock that is wrong for longer is not mended as if it had never been.
_LONGEST_WRONG = timedelta(days=35)
_ALERTED = exists().where(
    matches.c.feedback_id == feedback.c.id,
    matches.c.alert_id.is_not(None),
    matches.c.outcome != str(MatchOutcome.SUPPRESSED),
)
_COMPLAINED = or_(
    analyses.c.label == str(Label.NEGATIVE),
    _ALERTED.where(matches.c.severity != str(Severity.PRAISE)),
)


class UnreadRepository:
    """Feedback in a language that is not scored, without stars, that alerted nobody."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count_by_reason(self, source_id: str, since: datetime, until: datetime) -> UnreadCounts:
        """Count what was found from a time on and before another, by why it was not read, most
        first.
        """
        number = func.count().label("number")
        statement = (
            select(analyses.c.unscored, number)
            .join_from(feedback, analyses, feedback.c.id == analyses.c.feedback_id)
            .where(*_unread_within(source_id, since, until))
            .group_by(analyses.c.unscored)
            .order_by(number.desc(), analyses.c.unscored)
        )
        return tuple((row.unscored, row.number) for row in self._connection.execute(statement))

    def list_texts(
        self, source_id: str, since: datetime, until: datetime, limit: int
    ) -> list[UnreadText]:
        """The texts that `count_by_reason` counts, the latest ones where there are more."""
        read = (*feedback.c, *(column.label(f"a_{column.name}") for column in analyses.c))
        statement = (
            select(*read)
            .join_from(feedback, analyses, feedback.c.id == analyses.c.feedback_id)
            .where(*_unread_within(source_id, since, until))
            .order_by(feedback.c.id.desc())
            .limit(limit)
        )
        rows = self._connection.execute(statement)
        return [UnreadText(to_feedback(row), to_analysis(row)) for row in rows]

    def find_first_complaints(
        self, source_id: str, authors: Iterable[Author], until: datetime
    ) -> Mapping[tuple[str, str], datetime]:
        """Return when these people first complained in a source within a year, by name and id.

        A complaint is negative in tone, as few stars make it, or was alerted about.
        """
        ids = sorted({author.id for author in authors if author.id})
        names = sorted({author.name for author in authors if author.name and not author.id})
        found: dict[tuple[str, str], datetime] = {}
        for column, values in ((feedback.c.author_id, ids), (feedback.c.author_name, names)):
            for chunk in split_batches(values):
                wanted = (
                    column.in_(chunk),
                    feedback.c.source_id == source_id,
                    feedback.c.at >= to_utc(until - _COMPLAINTS_BACK),
                    _COMPLAINED,
                )
                found |= self._first_by_author(wanted)
        return found

    def queue_summary(self, source_id: str, day: UnreadDay, channel: str, at: datetime) -> bool:
        """Queue the message about a day of a source; False where it was queued before."""
        told = f"{_TOLD}{source_id}:{day.name}:"
        known = deliveries.c.dedupe_key.startswith(told, autoescape=True)
        if self._connection.execute(select(deliveries.c.id).where(known).limit(1)).first():
            return False
        row = delivery_row(
            DeliveryKind.UNREAD,
            f"{told}{day.since.isoformat()}/{day.until.isoformat()}",
            channel=channel,
            severity=Severity.INFO,
            at=at,
        )
        self._connection.execute(insert(deliveries).values(row))
        return True

    def forget_days_after(self, now: datetime) -> None:
        """Let the days that only a wrong clock had reached be told when they come.

        What was not sent yet of them is not sent; for where the clock was set back.
        """
        told = (
            deliveries.c.kind == str(DeliveryKind.UNREAD),
            deliveries.c.dedupe_key.startswith(_TOLD),
            deliveries.c.created_at > to_utc(now - _LONGEST_WRONG),
        )
        columns = (deliveries.c.id, deliveries.c.dedupe_key)
        ahead = [
            (delivery_id, key)
            for delivery_id, key in self._connection.execute(select(*columns).where(*told))
            if _read_subject(key).until > now
        ]
        for chunk in split_batches([delivery_id for delivery_id, _ in ahead]):
            untried = (deliveries.c.id.in_(chunk), deliveries.c.attempted_at.is_(None))
            self._connection.execute(delete(deliveries).where(*untried))
        for delivery_id, key in ahead:
            renamed = {"dedupe_key": f"{_TOLD_EARLY}-{delivery_id}{key.removeprefix(_UNREAD)}"}
            row = deliveries.c.id == delivery_id
            self._connection.execute(update(deliveries).where(row).values(renamed))

    def get_summary_subject(self, delivery_id: str) -> SummarySubject:
        """Return what the message of a delivery is about, which its key tells."""
        statement = select(deliveries.c.dedupe_key).where(deliveries.c.id == delivery_id)
        return _read_subject(self._connection.execute(statement).scalar_one())

    def _first_by_author(
        self, wanted: Sequence[ColumnElement[bool]]
    ) -> dict[tuple[str, str], datetime]:
        first = func.min(feedback.c.at, type_=feedback.c.at.type).label("first")
        who = (feedback.c.author_name, feedback.c.author_id)
        statement = (
            select(*who, first)
            .join_from(feedback, analyses, feedback.c.id == analyses.c.feedback_id)
            .where(*wanted)
            .group_by(*who)
        )
        return {
            complainer_key(Author(name=row.author_name, id=row.author_id)): row.first
            for row in self._connection.execute(statement)
        }


def _read_subject(key: str) -> SummarySubject:
    """Return what a message is about by the key of its delivery."""
    _, source_id, _, span = key.split(":", 3)
    since, until = map(datetime.fromisoformat, span.split("/"))
    return SummarySubject(source_id, since, until)


def complainer_key(author: Author) -> tuple[str, str]:
    """Return what a person is known by again: the id where there is one, else the name."""
    return ("", author.id) if author.id else (author.name, "")


def _unread_within(
    source_id: str, since: datetime, until: datetime
) -> tuple[ColumnElement[bool], ...]:
    unread = or_(
        analyses.c.unscored.startswith("language: "), analyses.c.unscored.startswith("script: ")
    )
    found = and_(
        feedback.c.first_seen_at >= to_utc(since), feedback.c.first_seen_at < to_utc(until)
    )
    return (
        feedback.c.source_id == source_id,
        feedback.c.at >= to_utc(since - _FOUND_WITHIN),
        found,
        feedback.c.rating.is_(None),
        unread,
        ~_ALERTED,
    )
