"""Queries about what we have answered in public, through repwatch or seen where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, not_, select
from sqlalchemy.sql import Select

from monitor.domain.reply import PublicAnswer, ReplyState
from monitor.store.mapping import to_utc
from monitor.store.rollup_cells import of_sources, written_between
from monitor.store.schema import feedback, replies
from monitor.store.statements import split_batches

_SHOWN = (str(ReplyState.PUBLISHED), str(ReplyState.COPIED))
#: By source, and the source's own id, which feedback it is.
_Places = dict[tuple[str, str], Row[Any]]


class PublicAnswerRepository:
    """Our answers to customers whose words are known.

    An answer that somebody gave elsewhere, and only noted here, has none.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_between(
        self, since: datetime, until: datetime, source_ids: Sequence[str]
    ) -> list[PublicAnswer]:
        """Return the answers of a time, oldest first; one that was seen again counts once."""
        sent = self._list_sent(since, until, source_ids)
        written = {(row.source_id, row.external_id) for row in sent if row.external_id}
        seen = self._list_seen(since, until, source_ids, written)
        known = {(row.feedback_id, _fold(row.text)) for row in sent}
        answers = [_to_answer(row, row.feedback_id, row.text) for row in sent]
        answers += [one for one in seen if (one.feedback_id, _fold(one.text)) not in known]
        return sorted(answers, key=lambda one: (one.at, one.feedback_id, one.shown_id))

    def _list_sent(
        self, since: datetime, until: datetime, source_ids: Sequence[str]
    ) -> Sequence[Row[Any]]:
        """Return what was published through repwatch, or copied from it by a person."""
        wanted = (
            replies.c.at >= to_utc(since),
            replies.c.at < to_utc(until),
            replies.c.source_id.in_(list(source_ids)),
            replies.c.state.in_(_SHOWN),
            replies.c.text != "",
        )
        columns = (
            replies.c.feedback_id,
            replies.c.source_id,
            replies.c.text,
            replies.c.at,
            replies.c.external_id,
            feedback.c.thread_id,
        )
        joined = replies.join(feedback, feedback.c.id == replies.c.feedback_id)
        statement: Select[Any] = select(*columns).select_from(joined).where(*wanted)
        return self._connection.execute(statement).all()

    def _list_seen(
        self,
        since: datetime,
        until: datetime,
        source_ids: Sequence[str],
        written: set[tuple[str, str]],
    ) -> list[PublicAnswer]:
        """Return what our own accounts wrote below a customer's feedback, but what is known."""
        wanted = (written_between(since, until), *of_sources(source_ids), feedback.c.own)
        columns = (*_PLACE, feedback.c.parent_id, feedback.c.body, feedback.c.at)
        statement: Select[Any] = select(*columns).where(*wanted, _HAS_WORDS)
        rows = [
            row
            for row in self._connection.execute(statement)
            if (row.source_id, row.external_id) not in written
        ]
        named = {name for row in rows for name in (row.parent_id, row.thread_id) if name}
        places = self._find_customers(sorted(named))
        answers = []
        for row in rows:
            parent = places.get((row.source_id, row.parent_id))
            root = places.get((row.source_id, row.thread_id))
            customer = parent or root
            if customer is not None:
                answers.append(_to_answer(row, customer.id, row.body, shown_id=row.id))
        return answers

    def _find_customers(self, external_ids: Sequence[str]) -> _Places:
        found: _Places = {}
        for batch in split_batches(external_ids):
            wanted = (feedback.c.external_id.in_(batch), not_(feedback.c.own))
            statement: Select[Any] = select(*_PLACE).where(*wanted)
            for row in self._connection.execute(statement):
                found[row.source_id, row.external_id] = row
        return found


_PLACE = (feedback.c.id, feedback.c.source_id, feedback.c.external_id, feedback.c.thread_id)
_HAS_WORDS = feedback.c.body != ""


def _to_answer(row: Row[Any], feedback_id: int, text: str, shown_id: int = 0) -> PublicAnswer:
    return PublicAnswer(
        feedback_id=feedback_id,
        source_id=row.source_id,
        thread_id=row.thread_id,
        text=text,
        at=row.at,
        shown_id=shown_id or feedback_id,
    )


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
