"""What people are known by, as keyed digests: written with the feedback, gone with the last of it.

Whoever adds, changes or removes feedback calls the functions here in the same transaction.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, delete, exists, select

from monitor.domain.customer import Identity
from monitor.domain.feedback import Author, Feedback
from monitor.domain.linking import normalize_identifier
from monitor.store.column_types import to_storable_text
from monitor.store.compiled import insert_rows, run_compiled, run_raw_sql
from monitor.store.customer_schema import customer_keys, identities, identity_uses
from monitor.store.statements import DIALECTS, column_among, split_batches

#: An author by the source's own id, and by name alone: a name is followed only where a person has
#: linked it, for two people may have the same.
AUTHOR, NAME = "author", "name"
_KEY_NAME = "identities"


class KnownBy(NamedTuple):
    """An identity with its value, which is never stored."""

    kind: str
    source_id: str
    value: str


def list_identities(item: Feedback, link_by: Iterable[str]) -> list[KnownBy]:
    """What the author of a feedback is known by: what the source calls them, and the attributes
    that are named.
    """
    found = [author_identity(item.source_id, item.author)] if item.author.is_known else []
    for name in link_by:
        value = normalize_identifier(item.attributes.get(name, ""))
        if value:
            found.append(KnownBy(name, "", value))
    return found


def author_identity(source_id: str, author: Author) -> KnownBy:
    """What a source calls somebody: by its own id, or by name where it gives none."""
    if author.id.strip():
        return KnownBy(AUTHOR, source_id, author.id.strip())
    return KnownBy(NAME, source_id, author.name.strip().casefold())


def record_uses(connection: Connection, items: Sequence[Feedback], link_by: Sequence[str]) -> None:
    """Note what the authors of stored feedback are known by.

    Without `link_by` only those are noted whom a person has linked.
    """
    key = find_key(connection)
    if key is None:
        if not link_by:
            return
        key = make_key(connection)
    wanted: dict[str, tuple[KnownBy, list[int]]] = {}
    for item in items:
        if item.own or not item.id:
            continue
        for known in list_identities(item, link_by):
            uses = wanted.setdefault(make_digest(key, known), (known, []))[1]
            uses.append(item.id)
    ids = find_ids(connection, list(wanted))
    new = [
        known for digest, (known, _) in wanted.items() if digest not in ids and known.kind != NAME
    ]
    if link_by and new:
        add_identities(connection, key, new)
        ids = find_ids(connection, list(wanted))
    rows = [
        {"identity_id": ids[digest], "feedback_id": feedback_id}
        for digest, (_, uses) in wanted.items()
        if digest in ids
        for feedback_id in uses
    ]
    insert_rows(connection, identity_uses, rows, ignore_existing=True)


def renew_uses(connection: Connection, items: Sequence[Feedback], link_by: Sequence[str]) -> None:
    """Note anew what the authors of edited feedback are known by."""
    if not items or find_key(connection) is None:
        record_uses(connection, items, link_by)
        return
    ids = [item.id for item in items]
    before = list_used(connection, ids)
    for chunk in split_batches(ids):
        connection.execute(delete(identity_uses).where(identity_uses.c.feedback_id.in_(chunk)))
    record_uses(connection, items, link_by)
    sweep_unused(connection, before)


def add_identities(connection: Connection, key: str, known: Iterable[KnownBy]) -> None:
    """Add what is not there yet."""
    rows = [
        {
            "digest": make_digest(key, one),
            "kind": one.kind,
            "source_id": one.source_id,
            "shared": False,
        }
        for one in known
    ]
    insert_rows(
        connection,
        identities,
        sorted(rows, key=lambda row: str(row["digest"])),
        ignore_existing=True,
    )


def add_uses(connection: Connection, identity_id: int, feedback_ids: Iterable[int]) -> None:
    """Note that an identity stands in these feedback."""
    rows = [{"identity_id": identity_id, "feedback_id": one} for one in feedback_ids]
    insert_rows(connection, identity_uses, rows, ignore_existing=True)


def find_ids(connection: Connection, digests: Sequence[str]) -> dict[str, int]:
    """The ids of those that are there, by their digests."""
    if not digests:
        return {}
    statement = _BY_DIGEST[connection.dialect.name]
    return dict(run_compiled(connection, statement, {"digests": list(digests)}))


def list_used(connection: Connection, feedback_ids: Sequence[int]) -> list[int]:
    """The identities that stand in these feedback."""
    found: set[int] = set()
    for chunk in split_batches(feedback_ids):
        statement = select(identity_uses.c.identity_id).where(
            identity_uses.c.feedback_id.in_(chunk)
        )
        found.update(connection.execute(statement).scalars())
    return sorted(found)


def sweep_unused(connection: Connection, identity_ids: Sequence[int]) -> None:
    """Remove those that stand in no feedback any more, with the links to them."""
    used = exists().where(identity_uses.c.identity_id == identities.c.id)
    for chunk in split_batches(identity_ids):
        connection.execute(delete(identities).where(identities.c.id.in_(chunk), ~used))


def load_identities(connection: Connection, ids: Iterable[int]) -> dict[int, Identity]:
    """These identities, by their ids."""
    found: dict[int, Identity] = {}
    for chunk in split_batches(sorted(set(ids))):
        columns = select(identities.c.id, identities.c.kind, identities.c.source_id)
        for row in connection.execute(columns.where(identities.c.id.in_(chunk))):
            found[row.id] = Identity(row.id, row.kind, row.source_id)
    return found


def list_attribute_kinds(connection: Connection) -> list[str]:
    """The attributes that people are known by; empty while nobody is."""
    kinds = select(identities.c.kind).where(identities.c.kind.not_in((AUTHOR, NAME))).distinct()
    return sorted(connection.execute(kinds).scalars())


def find_key(connection: Connection) -> str | None:
    """The key of all digests; None while there are none."""
    found = run_raw_sql(connection, "SELECT key FROM customer_keys LIMIT 1", ()).fetchone()
    return None if found is None else str(found[0])


def make_key(connection: Connection) -> str:
    """The key of all digests, made where there is none."""
    row = {"name": _KEY_NAME, "key": secrets.token_hex(32)}
    insert_rows(connection, customer_keys, [row], ignore_existing=True)
    return find_key(connection) or row["key"]


@lru_cache(maxsize=4096)
def make_digest(key: str, known: KnownBy) -> str:
    """What stands for an identity in the tables: nobody can tell its value without the key."""
    text = to_storable_text("\x1f".join(known)).encode()
    return hashlib.blake2b(text, key=bytes.fromhex(key), digest_size=16).hexdigest()


_BY_DIGEST = {
    dialect: select(identities.c.digest, identities.c.id).where(
        column_among(dialect, identities.c.digest, "digests")
    )
    for dialect in DIALECTS
}
