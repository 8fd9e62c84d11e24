"""What must go when a feedback goes: its rows, and the customer's words and name wherever they were
copied.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, delete, select, union, update

from monitor.domain.event import EVENTS_WITH_REPLY_TEXT
from monitor.domain.feedback import Feedback
from monitor.store.alert_cards import find_quoting_alerts
from monitor.store.column_types import to_storable_text
from monitor.store.compiled import insert_rows, run_raw_sql
from monitor.store.digest_erasure import erase_from_digests
from monitor.store.mapping import to_utc
from monitor.store.outbox import queue_updates
from monitor.store.schema import alert_events, alerts, feedback, forgotten, inbox, matches, replies
from monitor.store.statements import split_batches

#: A name that is forgotten counts wherever it is written; an id only in the source that gave it.
ANY_SOURCE = ""


ForgottenPerson = tuple[str, str]  # (source id or ANYWHERE, name or id)


def fold_name(name: str) -> str:
    """A name or an id as it is compared: case and surrounding space do not count."""
    return to_storable_text(name).strip().casefold()


def remember_people(
    connection: Connection, people: Iterable[ForgottenPerson], at: datetime
) -> None:
    """Know these people again; those without a name are nobody."""
    named = sorted({(source_id, name) for source_id, name in people if name})
    key = _digest_key(connection) or secrets.token_hex(16)
    rows = [
        {"digest": _keyed_digest(key, *person), "key": key, "at": to_utc(at)} for person in named
    ]
    insert_rows(connection, forgotten, rows, ignore_existing=True)


def keys_by_forgotten_people(
    connection: Connection, items: Sequence[Feedback]
) -> set[tuple[str, str]]:
    """The keys of the feedback that forgotten people wrote."""
    key = _digest_key(connection)
    if key is None:
        return set()
    authored = {item.key: _author_digests(key, item) for item in items if _names_anybody(item)}
    asked = sorted({digest for digests in authored.values() for digest in digests})
    known: set[str] = set()
    for chunk in split_batches(asked):
        wanted = select(forgotten.c.digest).where(forgotten.c.digest.in_(chunk))
        known.update(connection.execute(wanted).scalars())
    return {item_key for item_key, digests in authored.items() if not known.isdisjoint(digests)}


def _digest_key(connection: Connection) -> str | None:
    """The key of all digests; None while nobody is forgotten."""
    found = run_raw_sql(connection, "SELECT key FROM forgotten LIMIT 1", ()).fetchone()
    return None if found is None else str(found[0])


def _names_anybody(item: Feedback) -> bool:
    return bool(item.author.is_known or item.attributes)


def attribute_scope(name: str) -> str:
    """Where the value of an attribute is a person: no source has such an id."""
    return f"attribute:{name}"


def _author_digests(key: str, item: Feedback) -> list[str]:
    name, own_id = fold_name(item.author.name), fold_name(item.author.id)
    people = [(ANY_SOURCE, name), (ANY_SOURCE, own_id), (item.source_id, own_id)]
    people += [
        (attribute_scope(attribute), fold_name(value))
        for attribute, value in item.attributes.items()
    ]
    return [_keyed_digest(key, *person) for person in people if person[1]]


@lru_cache(maxsize=4096)
def _keyed_digest(key: str, source_id: str, name: str) -> str:
    text = f"{source_id}\x1f{name}".encode("utf-8", "replace")
    return hashlib.blake2b(text, key=bytes.fromhex(key), digest_size=16).hexdigest()


_BATCH = 5000
#: Bodies in memory at a time: each may have a megabyte.
_BODIES_AT_A_TIME = 20


def erase_feedback(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """Remove feedback (its analysis goes with it) and its words in matches, alerts and events,
    which stay.

    The cards that show these words are brought up to date, so that they go from there too.
    """
    quoting = sorted(find_quoting_alerts(connection, ids))
    held = select(matches.c.alert_id).where(
        matches.c.feedback_id.in_(ids), matches.c.alert_id.is_not(None)
    )
    moved = select(matches.c.joined_from).where(
        matches.c.feedback_id.in_(ids), matches.c.joined_from != 0
    )
    shown = sorted({*quoting, *connection.execute(held.union(moved)).scalars()})
    blanked = {"words": "[]", "reason": "", "copy_group": ""}
    for chunk in split_batches(quoting):
        connection.execute(update(alerts).where(alerts.c.id.in_(chunk)).values(blanked))
    for chunk in split_batches(shown):
        newer = {"version": alerts.c.version + 1}
        connection.execute(update(alerts).where(alerts.c.id.in_(chunk)).values(newer))
    connection.execute(
        update(matches)
        .where(matches.c.feedback_id.in_(ids))
        .values(clauses="[]", reason="", group_digest="")
    )
    connection.execute(
        update(alert_events).where(alert_events.c.feedback_id.in_(ids)).values(note="")
    )
    _erase_reply_texts(connection, ids)
    erase_from_digests(connection, ids, at)
    connection.execute(delete(feedback).where(feedback.c.id.in_(ids)))
    queue_updates(connection, shown, at)


def _erase_reply_texts(connection: Connection, ids: Sequence[int]) -> None:
    """Answers speak to the customer by name and in the customer's words: theirs go too."""
    theirs = replies.c.feedback_id.in_(ids)
    of_them = alert_events.c.alert_id.in_(select(replies.c.alert_id).where(theirs))
    kinds = sorted(map(str, EVENTS_WITH_REPLY_TEXT))
    worded = (of_them, alert_events.c.kind.in_(kinds))
    connection.execute(update(alert_events).where(*worded).values(details="{}", note=""))
    connection.execute(update(replies).where(theirs).values(text="", error=""))


@dataclass(frozen=True, slots=True)
class AuthorTraces:
    """What is stored of an author."""

    ids: list[int]  #: of the feedback
    names: set[str]  #: every name and id that it was written under, folded
    people: set[ForgottenPerson]  #: how the author is known again


def find_author_traces(connection: Connection, author: str) -> AuthorTraces:
    """What the author wrote who is named by name or id, in any case.

    Compared in Python, because SQLite folds only the case of ASCII.
    """
    wanted = fold_name(author)
    found = AuthorTraces([], {wanted}, {(ANY_SOURCE, wanted)})
    columns = (feedback.c.id, feedback.c.source_id, feedback.c.author_name, feedback.c.author_id)
    named = select(*columns).execution_options(yield_per=_BATCH)
    for feedback_id, source_id, name, author_id in connection.execute(named):
        own = {fold_name(name), fold_name(author_id)} - {""}
        if wanted in own:
            found.ids.append(feedback_id)
            found.names.update(own)
            found.people.add((source_id, fold_name(author_id)))
    return found


def anonymize_groups(connection: Connection, ids: Sequence[int], names: set[str]) -> None:
    """Rename the groups of alerts about this feedback that hold one of the names: nothing joins
    them any more.
    """
    for start in range(0, len(ids), _BATCH):
        theirs = matches.c.feedback_id.in_(ids[start : start + _BATCH])
        of_theirs = union(
            select(matches.c.alert_id).where(theirs, matches.c.alert_id.is_not(None)),
            select(matches.c.joined_from).where(theirs),
        )
        rows = connection.execute(
            select(alerts.c.id, alerts.c.group_key).where(alerts.c.id.in_(of_theirs))
        ).all()
        for alert_id, group in rows:
            if any(name in group.casefold() for name in names):
                renamed = (
                    update(alerts)
                    .where(alerts.c.id == alert_id)
                    .values(group_key=f"forgotten:{alert_id}")
                )
                connection.execute(renamed)


def empty_inbox_entries(connection: Connection, names: set[str], at: datetime) -> int:
    """Empty what services sent and nobody has worked off, where it names the person; returns how
    much.

    It is remembered as done, so that the service cannot bring it back.
    """
    waiting = (
        select(inbox.c.id, inbox.c.body)
        .where(inbox.c.done_at.is_(None))
        .execution_options(yield_per=_BODIES_AT_A_TIME)
    )
    theirs = [
        entry_id for entry_id, body in connection.execute(waiting) if _mentions_name(body, names)
    ]
    for chunk in split_batches(theirs):
        emptied = {
            "body": b"",
            "headers": "{}",
            "query": "{}",
            "error": "",
            "due_at": None,
            "done_at": to_utc(at),
        }
        connection.execute(update(inbox).where(inbox.c.id.in_(chunk)).values(emptied))
    return len(theirs)


def _mentions_name(body: bytes, names: set[str]) -> bool:
    """Whether a value in the JSON is one of the names; what cannot be read is compared as one
    text.
    """
    try:
        left = [json.loads(body)]
    except (ValueError, RecursionError):
        text = fold_name(body.decode("utf-8", "replace"))
        return any(name in text for name in names)
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left += value.values()
        elif isinstance(value, list):
            left += value
        elif isinstance(value, (str, int)) and fold_name(str(value)) in names:
            return True
    return False
