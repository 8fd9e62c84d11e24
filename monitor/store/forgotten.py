"""Queries about people who asked to be forgotten: known again by a keyed digest, never by their
name.

The key lies beside the digests: it keeps a copy of the table from being looked up in lists of
common names made in advance. Who can guess a name and reads the database can still find out whether
it is among them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, select

from monitor.feedback import Feedback
from monitor.store.bulk import insert_rows
from monitor.store.direct import raw
from monitor.store.keys import chunks
from monitor.store.schema import forgotten
from monitor.store.text import clean
from monitor.store.values import to_utc

#: A name that is forgotten counts wherever it is written; an id only in the source that gave it.
ANYWHERE = ""

Person = tuple[str, str]  # (source id or ANYWHERE, name or id)


def folded(name: str) -> str:
    """A name or an id as it is compared: case and surrounding space do not count."""
    return clean(name).strip().casefold()


def remember(connection: Connection, people: Iterable[Person], at: datetime) -> None:
    """Know these people again; those without a name are nobody."""
    named = sorted({(source_id, name) for source_id, name in people if name})
    key = _key(connection) or secrets.token_hex(16)
    rows = [{"digest": _digest(key, *person), "key": key, "at": to_utc(at)} for person in named]
    insert_rows(connection, forgotten, rows, ignore=True)


def written_by_them(connection: Connection, items: Sequence[Feedback]) -> set[tuple[str, str]]:
    """The keys of the feedback that forgotten people wrote."""
    key = _key(connection)
    if key is None:
        return set()
    authored = {item.key: _digests(key, item) for item in items if item.author.known}
    asked = sorted({digest for digests in authored.values() for digest in digests})
    known: set[str] = set()
    for chunk in chunks(asked):
        wanted = select(forgotten.c.digest).where(forgotten.c.digest.in_(chunk))
        known.update(connection.execute(wanted).scalars())
    return {item_key for item_key, digests in authored.items() if not known.isdisjoint(digests)}


def _key(connection: Connection) -> str | None:
    """The key of all digests; None while nobody is forgotten."""
    found = raw(connection, "SELECT key FROM forgotten LIMIT 1", ()).fetchone()
    return None if found is None else str(found[0])


def _digests(key: str, item: Feedback) -> list[str]:
    name, own_id = folded(item.author.name), folded(item.author.id)
    people = [(ANYWHERE, name), (ANYWHERE, own_id), (item.source_id, own_id)]
    return [_digest(key, *person) for person in people if person[1]]


@lru_cache(maxsize=4096)
def _digest(key: str, source_id: str, name: str) -> str:
    text = f"{source_id}\x1f{name}".encode("utf-8", "replace")
    return hashlib.blake2b(text, key=bytes.fromhex(key), digest_size=16).hexdigest()
