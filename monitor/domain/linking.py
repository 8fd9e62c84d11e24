"""Which identities belong to one customer: exact identifiers and links by hand, never likeness."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

#: What forms and exports write where nobody is named: such a value would make one of all.
_NOBODY = frozenset(
    {"", "-", "--", "0", "n/a", "na", "none", "null", "nil", "unknown", "anonymous", "undefined"}
)
#: An identity beside which more than these of one other kind stand is no single person's: a till, a
#: shared mailbox. It links nobody.
MOST_BESIDE = 10
#: An identity with more feedback is no single person's either.
MOST_USES = 2_000

NodeT = TypeVar("NodeT", bound=Hashable)


def normalize_identifier(value: str) -> str:
    """Return an identifier as it is compared; empty for one that names nobody.

    Surrounding space never counts. Case does not count in an e-mail address; it does in numbers and
    handles, which some services tell apart by it.
    """
    text = value.strip()
    if text.casefold() in _NOBODY:
        return ""
    return text.casefold() if "@" in text.strip("@") else text


def find_components(
    nodes: Iterable[NodeT], edges: Iterable[tuple[NodeT, NodeT]]
) -> dict[NodeT, NodeT]:
    """Return for each node the one that stands for its component: two are joined by any path."""
    parent: dict[NodeT, NodeT] = {node: node for node in nodes}

    def find_root(node: NodeT) -> NodeT:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for first, second in edges:
        parent[find_root(first)] = find_root(second)
    return {node: find_root(node) for node in list(parent)}
