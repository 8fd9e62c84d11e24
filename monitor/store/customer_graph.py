"""Who belongs together: a walk over identities, the feedback they stand in, and links by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, or_, select

from monitor.domain.linking import MOST_BESIDE, MOST_USES, find_components
from monitor.store.customer_schema import customer_links, identities, identity_uses
from monitor.store.statements import split_batches

#: Steps from one identity to the next: further ones are no longer seen.
_MOST_STEPS = 12


@dataclass(slots=True)
class CustomerGraph:
    """What was walked: which identity stands in which feedback, and which are linked by hand."""

    uses: set[tuple[int, int]] = field(default_factory=set)  #: identity id, feedback id
    links: set[tuple[int, int]] = field(default_factory=set)  #: two identity ids
    barred: set[int] = field(default_factory=set)  #: identities that link nobody
    seen: set[int] = field(default_factory=set)

    def group(self) -> list[CustomerGroup]:
        """Return the customers, each as the ids of what they are known by and what they wrote."""
        edges = [
            (("identity", one), ("feedback", other))
            for one, other in self.uses
            if one not in self.barred
        ]
        by_hand = [
            (("identity", first), ("identity", second))
            for first, second in self.links
            if first not in self.barred and second not in self.barred
        ]
        lone = [("feedback", feedback_id) for _, feedback_id in self.uses]
        groups: dict[tuple[str, int], CustomerGroup] = defaultdict(CustomerGroup)
        for (kind, number), root in find_components(lone, [*edges, *by_hand]).items():
            group = groups[root]
            (group.identities if kind == "identity" else group.feedback).add(number)
        return list(groups.values())


@dataclass(slots=True)
class CustomerGroup:
    """One customer: ids of identities, and of feedback."""

    identities: set[int] = field(default_factory=set)
    feedback: set[int] = field(default_factory=set)


def group_feedback(connection: Connection, feedback_ids: Iterable[int]) -> list[CustomerGroup]:
    """Return the customers who wrote these feedback, each with all that is theirs.

    Feedback whose author is known by nothing is left out.
    """
    graph = CustomerGraph()
    asked = sorted(set(feedback_ids))
    frontier = _load_uses(connection, graph, asked)
    for _ in range(_MOST_STEPS):
        if not frontier:
            break
        frontier = _expand(connection, graph, sorted(frontier))
    return [group for group in graph.group() if not group.feedback.isdisjoint(asked)]


def _expand(connection: Connection, graph: CustomerGraph, frontier: Sequence[int]) -> set[int]:
    """Walk one step on from identities; return those that were not seen before."""
    graph.seen.update(frontier)
    graph.barred |= _find_barred(connection, frontier)
    crossed = [one for one in frontier if one not in graph.barred]
    found: set[int] = set()
    feedback_ids: set[int] = set()
    for chunk in split_batches(crossed):
        statement = select(identity_uses.c.identity_id, identity_uses.c.feedback_id).where(
            identity_uses.c.identity_id.in_(chunk)
        )
        for identity_id, feedback_id in connection.execute(statement):
            graph.uses.add((identity_id, feedback_id))
            feedback_ids.add(feedback_id)
        live = customer_links.c.undone_at.is_(None)
        ends = (customer_links.c.first_id, customer_links.c.second_id)
        statement = select(*ends).where(live, or_(*(end.in_(chunk) for end in ends)))
        for first, second in connection.execute(statement):
            graph.links.add((first, second))
            found |= {first, second}
    found |= _load_uses(connection, graph, sorted(feedback_ids))
    graph.barred |= _find_crowded(connection, graph, crossed)
    reached = _beside(graph, frontier)
    return (found & reached) - graph.seen


def _beside(graph: CustomerGraph, identity_ids: Iterable[int]) -> set[int]:
    """Return what stands in one feedback with these, or is linked to them, past nobody barred."""
    open_ones = set(identity_ids) - graph.barred
    reached_feedback = {feedback for one, feedback in graph.uses if one in open_ones}
    found = {one for one, feedback in graph.uses if feedback in reached_feedback}
    for first, second in graph.links:
        if first in open_ones or second in open_ones:
            found |= {first, second}
    return found


def _load_uses(connection: Connection, graph: CustomerGraph, ids: Sequence[int]) -> set[int]:
    """Note what stands in these feedback; return the identities."""
    found: set[int] = set()
    for chunk in split_batches(ids):
        statement = select(identity_uses.c.identity_id, identity_uses.c.feedback_id).where(
            identity_uses.c.feedback_id.in_(chunk)
        )
        for identity_id, feedback_id in connection.execute(statement):
            graph.uses.add((identity_id, feedback_id))
            found.add(identity_id)
    return found


def _find_barred(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Return those that people called shared, and those that are used too often for one person."""
    found: set[int] = set()
    for chunk in split_batches(ids):
        shared = select(identities.c.id).where(identities.c.id.in_(chunk), identities.c.shared)
        often = (
            select(identity_uses.c.identity_id)
            .where(identity_uses.c.identity_id.in_(chunk))
            .group_by(identity_uses.c.identity_id)
            .having(func.count() > MOST_USES)
        )
        found.update(connection.execute(shared).scalars(), connection.execute(often).scalars())
    return found


def _find_crowded(connection: Connection, graph: CustomerGraph, ids: Sequence[int]) -> set[int]:
    """Return those beside which more of one kind stand than one person has."""
    by_feedback: dict[int, set[int]] = defaultdict(set)
    by_identity: dict[int, set[int]] = defaultdict(set)
    for identity_id, feedback_id in graph.uses:
        by_feedback[feedback_id].add(identity_id)
        by_identity[identity_id].add(feedback_id)
    # Most people have few: only where there may be too many are they told apart.
    many = [
        one
        for one in ids
        if sum(len(by_feedback[feedback]) - 1 for feedback in by_identity[one]) > MOST_BESIDE
    ]
    beside = {
        one: set().union(*(by_feedback[feedback] for feedback in by_identity[one])) - {one}
        for one in many
    }
    crowds = {one: others for one, others in beside.items() if len(others) > MOST_BESIDE}
    kinds = _load_kinds(connection, set().union(*crowds.values()) if crowds else set())
    return {one for one, others in crowds.items() if _has_crowd([kinds[o] for o in others])}


def _has_crowd(kinds: Sequence[tuple[str, str]]) -> bool:
    return any(kinds.count(kind) > MOST_BESIDE for kind in set(kinds))


def _load_kinds(connection: Connection, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for chunk in split_batches(sorted(ids)):
        columns = select(identities.c.id, identities.c.kind, identities.c.source_id)
        for row in connection.execute(columns.where(identities.c.id.in_(chunk))):
            found[row.id] = (row.kind, row.source_id)
    return found
