"""Queries about customers over all channels: who belongs together, and what they wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select, update

from monitor.domain.actor import Actor
from monitor.domain.customer import (
    MOST_CONTACTS,
    Contact,
    CustomerHistory,
    CustomerLink,
    Turn,
    find_repeats,
    find_turn,
)
from monitor.domain.feedback import Author, Feedback, Label
from monitor.domain.linking import normalize_identifier
from monitor.errors import CustomerError
from monitor.store import identities, person_traces
from monitor.store.column_types import to_key_text
from monitor.store.customer_graph import CustomerGroup, group_feedback
from monitor.store.customer_schema import customer_links, identity_uses
from monitor.store.customer_schema import identities as identity_rows
from monitor.store.erasure import fold_name
from monitor.store.identities import KnownBy
from monitor.store.mapping import to_utc
from monitor.store.rollup_cells import select_keys, to_rollup_key, written_between
from monitor.store.schema import answered, feedback
from monitor.store.statements import split_batches


@dataclass(frozen=True, slots=True)
class PersonFeedback:
    """The ids of what a person wrote: under the name that was given, and under linked ones."""

    own: tuple[int, ...]
    linked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _NamedAuthor:
    """Whom a person on the command line means: `SOURCE:AUTHOR`, found in the store."""

    known: KnownBy
    feedback_ids: tuple[int, ...]


class CustomerRepository:
    """One customer, whatever the channel."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, items: Sequence[Feedback], link_by: Sequence[str]) -> None:
        """Note by what the authors of stored feedback are known; `link_by` names attributes whose
        values identify a person.

        Without `link_by` only whom a person has linked is noted.
        """
        identities.record_uses(self._connection, items, link_by)

    def renew(self, items: Sequence[Feedback], link_by: Sequence[str]) -> None:
        """Note it anew for feedback that was edited, or of which the settings have changed."""
        identities.renew_uses(self._connection, items, link_by)

    def find_history(self, feedback_id: int) -> CustomerHistory | None:
        """All that is known of whoever wrote a feedback; None where they are known by nothing."""
        return next(iter(self.find_histories([feedback_id])), None)

    def find_histories(self, feedback_ids: Iterable[int]) -> list[CustomerHistory]:
        """The history of each customer who wrote one of these feedback, each customer once."""
        if identities.find_key(self._connection) is None:
            return []
        return self._load_histories(group_feedback(self._connection, feedback_ids))

    def find_person(self, author: str) -> PersonFeedback:
        """What somebody wrote who is named by name, id or identifier, and what is linked to it."""
        own = person_traces.find_person_traces(self._connection, author, linked=False).ids
        return PersonFeedback(tuple(own), tuple(person_traces.list_linked(self._connection, own)))

    def list_customers(self, since: datetime, until: datetime) -> list[CustomerHistory]:
        """Everybody who wrote in a time and of whom more than one feedback is known."""
        written = select(feedback.c.id).where(
            written_between(since, until),
            feedback.c.id.in_(select(identity_uses.c.feedback_id)),
        )
        ids = self._connection.execute(written).scalars().all()
        return [one for one in self.find_histories(ids) if len(one.contacts) > 1]

    def list_repeat_detractors(self, since: datetime, until: datetime) -> list[CustomerHistory]:
        """Those who complained in a period, and at least twice in 60 days, over any channels.

        Each history ends with the last complaint of the period; the most complaints come first.
        """
        found = [
            (repeats, history.as_of(repeats[-1].feedback_id))
            for history in self.find_histories(self._list_negative(since, until))
            if (repeats := find_repeats(history, since, until))
        ]
        found.sort(key=lambda pair: (-len(pair[0]), pair[0][-1].at, pair[0][-1].feedback_id))
        return [history for _, history in found]

    def list_turned(self, since: datetime, until: datetime) -> list[Turn]:
        """Those whose NPS answer or stars went from one side to the other in a period: the lost
        first, then the won.
        """
        rated = select(feedback.c.id).where(
            written_between(since, until), feedback.c.rating.is_not(None)
        )
        ids = self._connection.execute(rated).scalars().all()
        found = [
            turn
            for history in self.find_histories(ids)
            if (turn := find_turn(history, since, until))
        ]
        return sorted(
            found, key=lambda turn: (not turn.is_lost, turn.after.at, turn.after.feedback_id)
        )

    def link(self, first: str, second: str, *, actor: Actor, at: datetime) -> CustomerLink:
        """Link two people, each named as `SOURCE:AUTHOR`; raises CustomerError.

        From then on they are one customer, until the link is taken back.
        """
        ends = [self._find_author(first), self._find_author(second)]
        if ends[0].known == ends[1].known:
            raise CustomerError(f"{first} and {second} are the same already: nothing to link")
        key = identities.make_key(self._connection)
        ids = [self._add_identity(key, end) for end in ends]
        if self._find_links(*ids):
            raise CustomerError(f"{first} and {second} are linked already")
        row = {
            "first_id": ids[0],
            "second_id": ids[1],
            "actor": str(actor),
            "at": to_utc(at),
            "undone_by": "",
            "undone_at": None,
        }
        added = customer_links.insert().values(row).returning(customer_links.c.id)
        link_id = self._connection.execute(added).scalar_one()
        return self._load_links([customer_links.c.id == link_id])[0]

    def unlink(self, first: str, second: str, *, actor: Actor, at: datetime) -> None:
        """Take back what `link` did; raises CustomerError where nobody has linked the two.

        The link stays in the table, with who took it back.
        """
        key = identities.find_key(self._connection) or ""
        known = [self._find_author(name).known for name in (first, second)]
        digests = [identities.make_digest(key, one) for one in known] if key else []
        ids = identities.find_ids(self._connection, digests)
        links = self._find_links(*ids.values()) if len(ids) == len({*digests}) == 2 else []
        if not links:
            raise CustomerError(
                f"nobody has linked {first} and {second}; `repwatch customers show` tells what "
                "joins them: an identifier that several people share is set apart with `repwatch "
                "customers shared NAME VALUE`"
            )
        undone = {"undone_by": str(actor), "undone_at": to_utc(at)}
        these = customer_links.c.id.in_(links)
        self._connection.execute(update(customer_links).where(these).values(undone))

    def set_shared(self, name: str, value: str, *, shared: bool) -> None:
        """Say that several people have an identifier, so that it links nobody, or take it back.

        Raises CustomerError for one that is not known.
        """
        key, plain = identities.find_key(self._connection), normalize_identifier(value)
        digest = identities.make_digest(key, KnownBy(name, "", plain)) if key else ""
        where = identity_rows.c.digest == digest
        changed = self._connection.execute(update(identity_rows).where(where).values(shared=shared))
        if changed.rowcount != 1:
            kinds = ", ".join(identities.list_attribute_kinds(self._connection)) or "none"
            raise CustomerError(
                f"nobody is known by this value of {name!r}; what people are known by: {kinds}"
            )

    def list_links(self) -> list[CustomerLink]:
        """The links that people have made and nobody has taken back, first to last."""
        return self._load_links([customer_links.c.undone_at.is_(None)])

    def drop_unnamed(self, link_by: Collection[str]) -> None:
        """Remove what is known by attributes that are no longer named."""
        kept = (identities.AUTHOR, identities.NAME, *link_by)
        gone = identity_rows.c.kind.not_in(kept)
        self._connection.execute(delete(identity_rows).where(gone))

    def _list_negative(self, since: datetime, until: datetime) -> list[int]:
        wanted = [written_between(since, until)]
        keyed = select_keys(self._connection.dialect.name, wanted, feedback.c.id)
        negative = or_(keyed.c.label == str(Label.NEGATIVE), keyed.c.scale != "")
        return list(self._connection.execute(select(keyed.c.id).where(negative)).scalars())

    def _load_histories(self, groups: Sequence[CustomerGroup]) -> list[CustomerHistory]:
        wanted = {one: sorted(group.feedback) for one, group in enumerate(groups)}
        contacts = self._load_contacts(sorted(set().union(*map(set, wanted.values()))))
        known = identities.load_identities(
            self._connection, set().union(*(group.identities for group in groups))
        )
        histories = []
        for number, group in enumerate(groups):
            own = [contacts[one] for one in wanted[number] if one in contacts]
            own.sort(key=lambda contact: (contact.at, contact.feedback_id))
            by = [known[one] for one in sorted(group.identities) if one in known]
            histories.append(CustomerHistory(tuple(own[-MOST_CONTACTS:]), tuple(by)))
        return histories

    def _load_contacts(self, ids: Sequence[int]) -> dict[int, Contact]:
        found: dict[int, Contact] = {}
        for chunk in split_batches(ids):
            answers = self._load_answers(chunk)
            wanted = [feedback.c.id.in_(chunk)]
            dialect = self._connection.dialect.name
            keyed = select_keys(dialect, wanted, feedback.c.id, feedback.c.at)
            for row in self._connection.execute(select(keyed)):
                found[row.id] = _to_contact(row, answers.get(row.id))
        return found

    def _load_answers(self, ids: Sequence[int]) -> dict[int, tuple[datetime, bool]]:
        columns = (answered.c.feedback_id, answered.c.at, answered.c.came_back)
        statement = select(*columns).where(answered.c.feedback_id.in_(ids)).order_by(answered.c.at)
        return {row[0]: (row[1], row[2]) for row in self._connection.execute(statement)}

    def _find_author(self, name: str) -> _NamedAuthor:
        """Who is meant by `SOURCE:AUTHOR`; raises CustomerError for nobody and for several."""
        source_id, _, author = name.partition(":")
        if not (source_id and author.strip()):
            raise CustomerError(f"{name!r} names nobody; write it as SOURCE:AUTHOR, like app:anna")
        columns = (feedback.c.id, feedback.c.author_name, feedback.c.author_id)
        mine = feedback.c.source_id == to_key_text(source_id)
        wanted = fold_name(author)
        found: dict[KnownBy, list[int]] = {}
        for feedback_id, its_name, its_id in self._connection.execute(select(*columns).where(mine)):
            if wanted in {fold_name(its_name), fold_name(its_id)}:
                known = identities.author_identity(source_id, Author(name=its_name, id=its_id))
                found.setdefault(known, []).append(feedback_id)
        exact = [known for known in found if known.value == author.strip()]
        chosen = exact if len(exact) == 1 else list(found)
        if not chosen:
            raise CustomerError(f"nothing of {name} is stored; `repwatch search` shows what is")
        if len(chosen) > 1:
            raise CustomerError(
                f"{name} is the name of {len(chosen)} people; name one by the source's own id, as "
                "`repwatch export feedback` has it"
            )
        return _NamedAuthor(chosen[0], tuple(found[chosen[0]]))

    def _add_identity(self, key: str, author: _NamedAuthor) -> int:
        identities.add_identities(self._connection, key, [author.known])
        digest = identities.make_digest(key, author.known)
        identity_id = identities.find_ids(self._connection, [digest])[digest]
        identities.add_uses(self._connection, identity_id, author.feedback_ids)
        return identity_id

    def _find_links(self, first: int, second: int) -> list[int]:
        ends = (customer_links.c.first_id, customer_links.c.second_id)
        both = [end.in_((first, second)) for end in ends]
        live = customer_links.c.undone_at.is_(None)
        return list(
            self._connection.execute(select(customer_links.c.id).where(live, *both)).scalars()
        )

    def _load_links(self, wanted: Sequence[Any]) -> list[CustomerLink]:
        statement = select(customer_links).where(*wanted).order_by(customer_links.c.id)
        rows = self._connection.execute(statement).all()
        ends = {one for row in rows for one in (row.first_id, row.second_id)}
        known = identities.load_identities(self._connection, ends)
        return [
            CustomerLink(
                row.id, known[row.first_id], known[row.second_id], Actor.parse(row.actor), row.at
            )
            for row in rows
        ]


def _to_contact(row: Row[Any], answer: tuple[datetime, bool] | None) -> Contact:
    key = to_rollup_key(row)
    at, came_back = answer or (None, False)
    return Contact(
        feedback_id=row.id,
        source_id=key.source_id,
        at=row.at,
        label=key.label,
        rating=key.rating,
        answered_at=at,
        came_back=came_back,
    )
