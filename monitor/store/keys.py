"""Looking up many keys with few statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, and_, or_

T = TypeVar("T")

#: Keys, ids or rows in one statement.
CHUNK = 200


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The items, at most `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def pairs_in(
    first: Column[Any], second: Column[Any], pairs: Sequence[tuple[Any, Any]]
) -> ColumnElement[bool]:
    """Whether two columns hold one of these pairs, of which there is at least one.

    Written so that SQLite uses an index on both: it scans the whole table for `(a, b) IN (VALUES
    …)`.
    """
    seconds: dict[Any, list[Any]] = {}
    for one, other in pairs:
        seconds.setdefault(one, []).append(other)
    return or_(*(and_(first == one, second.in_(others)) for one, others in seconds.items()))
