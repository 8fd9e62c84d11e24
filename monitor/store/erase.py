"""What must go when a feedback goes: its rows, and the customer's words and name wherever they were copied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from monitor.alert import Outcome
from monitor.store.outbox import queue_updates
from monitor.store.schema import alert_events, alerts, feedback, matches
from monitor.store.text import clean

_BATCH = 5000


def blank(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """Remove feedback (its analysis goes with it) and its words in matches, alerts and events, which stay.

    The cards that show these words are brought up to date, so that they go from there too.
    """
    opened = select(matches.c.alert_id).where(
        matches.c.feedback_id.in_(ids), matches.c.outcome == str(Outcome.OPENED), matches.c.alert_id.is_not(None)
    )
    shown = sorted(set(connection.execute(opened).scalars()))
    blanked = {"words": "[]", "reason": "", "version": alerts.c.version + 1}
    connection.execute(update(alerts).where(alerts.c.id.in_(shown)).values(blanked))
    connection.execute(update(matches).where(matches.c.feedback_id.in_(ids)).values(clauses="[]", reason=""))
    connection.execute(update(alert_events).where(alert_events.c.feedback_id.in_(ids)).values(note=""))
    connection.execute(delete(feedback).where(feedback.c.id.in_(ids)))
    queue_updates(connection, shown, at)


def written_by(connection: Connection, author: str) -> tuple[list[int], set[str]]:
    """The ids of the feedback of an author, and every name and id that it was written under, in folded case.

    Compared in Python, because SQLite folds only the case of ASCII.
    """
    wanted = _folded(clean(author))
    ids: list[int] = []
    names: set[str] = set()
    named = select(feedback.c.id, feedback.c.author_name, feedback.c.author_id)
    for feedback_id, *own in connection.execute(named.execution_options(yield_per=_BATCH)):
        folded = {_folded(name) for name in own if name.strip()}
        if wanted in folded:
            ids.append(feedback_id)
            names |= folded
    return ids, names


def unname_groups(connection: Connection, ids: Sequence[int], names: set[str]) -> None:
    """Rename the groups of alerts about this feedback that hold one of the names: nothing joins them any more."""
    for start in range(0, len(ids), _BATCH):
        of_theirs = select(matches.c.alert_id).where(matches.c.feedback_id.in_(ids[start : start + _BATCH]))
        rows = connection.execute(select(alerts.c.id, alerts.c.group_key).where(alerts.c.id.in_(of_theirs))).all()
        for alert_id, group in rows:
            if any(name in group.casefold() for name in names):
                renamed = update(alerts).where(alerts.c.id == alert_id).values(group_key=f"forgotten:{alert_id}")
                connection.execute(renamed)


def _folded(name: str) -> str:
    return name.strip().casefold()
