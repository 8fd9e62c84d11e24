"""An index of many queries: which of them a text satisfies, in one pass.

All words and phrases of all queries stand in one RE2 set, which reads a text once however many
there are. A query is then looked at only where one of its necessary words was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import re2

from rules.nodes import IndexedText, Leaf, iter_leaves, required_literals
from rules.query import Query

_BASE_MEMORY = 8 << 20  # bytes; what RE2 allows itself by default
_MEMORY_PER_PATTERN = 4 << 10  # bytes; with the default alone 50,000 patterns do not compile


class QueryIndex:
    """Some queries, compiled once; threads may share it."""

    def __init__(self, queries: Iterable[Query]) -> None:
        self._queries = tuple(queries)
        nodes = [query.node for query in self._queries]
        self._patterns = tuple(
            dict.fromkeys(leaf.pattern for node in nodes for leaf in iter_leaves(node))
        )
        self._set = _compile_patterns(self._patterns)
        self._waiting: dict[str, list[int]] = {}  # queries that need one of these, by pattern
        for at, node in enumerate(nodes):
            for pattern in min(required_literals(node, _leaf_patterns), key=_rarity_key):
                self._waiting.setdefault(pattern, []).append(at)

    def match_queries(self, words: str) -> frozenset[int]:
        """Return the positions of the queries that the words satisfy.

        They are exactly those for which `Query.matches` is true.
        """
        found = self._set.Match(f" {words} ".encode("utf-8", "replace")) or ()
        if not found:
            return frozenset()
        patterns = frozenset(self._patterns[at] for at in found)
        text = IndexedText(words, patterns)
        candidates = {at for pattern in patterns for at in self._waiting.get(pattern, ())}
        return frozenset(at for at in candidates if self._queries[at].matches_indexed(text))


def _compile_patterns(patterns: Sequence[str]) -> re2.Set:
    options = re2.Options()
    options.literal = True
    options.max_mem = _BASE_MEMORY + _MEMORY_PER_PATTERN * len(patterns)
    pattern_set = re2.Set.SearchSet(options)
    for pattern in patterns:
        pattern_set.Add(pattern)
    pattern_set.Compile()
    return pattern_set


def _leaf_patterns(leaf: Leaf) -> tuple[str, ...]:
    return (leaf.pattern,)


def _rarity_key(group: tuple[str, ...]) -> tuple[int, int]:
    """Return a key that is lower for rarer groups: few alternatives, then long ones."""
    return len(group), -min(map(len, group))
