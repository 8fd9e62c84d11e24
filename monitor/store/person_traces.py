"""All that is stored of one person: under a name, an id or an identifier, and what is linked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from monitor.domain.linking import normalize_identifier
from monitor.store import identities
from monitor.store.column_types import from_json
from monitor.store.customer_graph import group_feedback
from monitor.store.customer_schema import identity_uses
from monitor.store.erasure import (
    ANY_SOURCE,
    AuthorTraces,
    attribute_scope,
    find_author_traces,
    fold_name,
)
from monitor.store.schema import feedback
from monitor.store.statements import split_batches


def find_person_traces(connection: Connection, author: str, *, linked: bool) -> AuthorTraces:
    """What a person wrote who is named by name, id or identifier; with `linked`, also what is
    linked to them.
    """
    found = find_author_traces(connection, author)
    kinds = identities.list_attribute_kinds(connection)
    for feedback_id in find_by_identifier(connection, author, kinds):
        if feedback_id not in found.ids:
            found.ids.append(feedback_id)
    found.people.update((attribute_scope(kind), fold_name(author)) for kind in kinds)
    if linked:
        _add_people(connection, found, list_linked(connection, found.ids), kinds)
    return found


def list_linked(connection: Connection, ids: Sequence[int]) -> list[int]:
    """The feedback that is linked to these, without these."""
    groups = group_feedback(connection, ids)
    return sorted(set().union(*(group.feedback for group in groups)) - set(ids))


def find_by_identifier(connection: Connection, value: str, kinds: Sequence[str]) -> list[int]:
    """The feedback with this value in an attribute by which people are known."""
    key = identities.find_key(connection)
    plain = normalize_identifier(value)
    if key is None or not plain:
        return []
    digests = [identities.make_digest(key, identities.KnownBy(kind, "", plain)) for kind in kinds]
    ids = list(identities.find_ids(connection, digests).values())
    statement = select(identity_uses.c.feedback_id).where(identity_uses.c.identity_id.in_(ids))
    return sorted(set(connection.execute(statement).scalars()))


def _add_people(
    connection: Connection, found: AuthorTraces, ids: Sequence[int], kinds: Sequence[str]
) -> None:
    """Add feedback with all that its authors are known by, and so the identifiers of all."""
    columns = (
        feedback.c.source_id,
        feedback.c.author_name,
        feedback.c.author_id,
        feedback.c.attributes,
    )
    for chunk in split_batches([*found.ids, *ids]):
        rows = connection.execute(select(*columns).where(feedback.c.id.in_(chunk)))
        for source_id, name, author_id, attributes in rows:
            own = {fold_name(name), fold_name(author_id)} - {""}
            found.names.update(own)
            found.people.update((ANY_SOURCE, one) for one in own)
            found.people.add((source_id, fold_name(author_id)))
            for kind in kinds:
                value = fold_name(normalize_identifier((from_json(attributes) or {}).get(kind, "")))
                found.people.add((attribute_scope(kind), value))
                found.names.update({value} - {""})
    found.ids.extend(ids)
