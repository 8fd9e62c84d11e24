"""Queries about people who wrote more than once."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from monitor.feedback import Feedback
from monitor.store.schema import feedback
from monitor.store.text import key_text
from monitor.store.values import to_utc

#: How much of a source is looked through: there is no index of authors, and nobody waits long for a
#: card.
LOOKED_THROUGH = 20_000


def earlier(connection: Connection, of: Feedback) -> int:
    """How often the author wrote to the same source before, among the last that came there.

    A person is known by the source's own id, by name where the source gives no ids, and not at all
    without either.
    """
    if not of.author.known:
        return 0
    before = (
        feedback.c.source_id == key_text(of.source_id),
        feedback.c.at < to_utc(of.seen_or_created),
    )
    columns = (feedback.c.author_id, feedback.c.author_name)
    last = (
        select(*columns)
        .where(*before)
        .order_by(feedback.c.at.desc())
        .limit(LOOKED_THROUGH)
        .subquery()
    )
    same = [
        last.c.author_id == of.author.id,
        *([] if of.author.id else [last.c.author_name == of.author.name]),
    ]
    return connection.execute(select(func.count()).select_from(last).where(*same)).scalar_one()
