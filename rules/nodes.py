"""The tree of a text query: its nodes as frozen values, and what is asked of them.

Every word in here is normalised by `monitor.domain.tokens`; how a query is written is the business
of `rules.query`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import NamedTuple, TypeAlias, TypeVar


class Literal(NamedTuple):
    """One word that a text must hold, or the beginning of one."""

    word: str
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One whole word."""

    word: str
    #: a text " w1 w2 ... " holds the leaf where it holds this
    pattern: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out the pattern once."""
        object.__setattr__(self, "pattern", f" {self.word} ")

    @property
    def words(self) -> tuple[str, ...]:
        """The words, in order; here one."""
        return (self.word,)

    @property
    def open_end(self) -> bool:
        """Whether the last word may go on."""
        return False


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word that begins so."""

    word: str
    pattern: str = field(init=False, repr=False, compare=False)  #: as of a term, without its end

    def __post_init__(self) -> None:
        """Work out the pattern once."""
        object.__setattr__(self, "pattern", f" {self.word}")

    @property
    def words(self) -> tuple[str, ...]:
        """The words, in order; here one."""
        return (self.word,)

    @property
    def open_end(self) -> bool:
        """Whether the last word may go on."""
        return True


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two or more words side by side."""

    words: tuple[str, ...]
    open_end: bool = False  #: the last word may go on: "slow load*"
    pattern: str = field(init=False, repr=False, compare=False)  #: as of a term or a prefix

    def __post_init__(self) -> None:
        """Work out the pattern once."""
        object.__setattr__(
            self, "pattern", f" {' '.join(self.words)}{'' if self.open_end else ' '}"
        )


@dataclass(frozen=True, slots=True)
class Near:
    """Two things near each other, in any order.

    The nearer end of one is at most `distance` words from the other; 1 is side by side.
    """

    left: Leaf | Or
    right: Leaf | Or
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    """Every one of its items; at least one of them is positive."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of its items; all of them are positive."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The absence of its item."""

    item: Node


Leaf: TypeAlias = Term | Prefix | Phrase
Node: TypeAlias = Leaf | Near | And | Or | Not
WordSpan: TypeAlias = tuple[int, int]  # first and last word of an occurrence

LiteralT = TypeVar("LiteralT", bound=Sequence[object])
ValueT = TypeVar("ValueT")


def make_leaf(words: Sequence[str], *, open_end: bool) -> Leaf:
    """Return the words as a term, a prefix or a phrase, whichever they are."""
    if len(words) > 1:
        return Phrase(tuple(words), open_end)
    return Prefix(words[0]) if open_end else Term(words[0])


def make_conjunction(items: Iterable[Node]) -> Node:
    """Return all of the items as one node, without a conjunction in a conjunction."""
    flat = tuple(
        chain.from_iterable(item.items if isinstance(item, And) else (item,) for item in items)
    )
    return And(flat) if len(flat) > 1 else flat[0]


def make_disjunction(items: Iterable[Node]) -> Node:
    """Return any of the items as one node, without a disjunction in a disjunction."""
    flat = tuple(
        chain.from_iterable(item.items if isinstance(item, Or) else (item,) for item in items)
    )
    return Or(flat) if len(flat) > 1 else flat[0]


def iter_leaves(node: Node) -> Iterator[Leaf]:
    """Yield every term, prefix and phrase in the node, the negative ones too."""
    match node:
        case And() | Or():
            for item in node.items:
                yield from iter_leaves(item)
        case Not():
            yield from iter_leaves(node.item)
        case Near():
            yield from iter_leaves(node.left)
            yield from iter_leaves(node.right)
        case _:
            yield node


def is_positive(node: Node) -> bool:
    """Return whether a text must hold some word to satisfy the node."""
    match node:
        case And():
            return any(is_positive(item) for item in node.items)
        case Or():
            return all(is_positive(item) for item in node.items)
        case Not():
            return False
        case _:
            return True


def without_negations(node: Node) -> Node:
    """Return the node without what it forbids.

    It holds wherever the node holds, and in every longer text.
    """
    match node:
        case And():
            return make_conjunction(
                without_negations(item) for item in node.items if is_positive(item)
            )
        case Or():
            return make_disjunction(without_negations(item) for item in node.items)
        case _:
            return node


class IndexedText:
    """Normalised words, indexed for the questions of this module.

    `patterns` may hold the patterns of leaves that are known to be present; without it they are
    looked for in the words.
    """

    def __init__(self, words: str, patterns: Container[str] | None = None) -> None:
        self._words = words
        self._patterns: Container[str] = f" {words} " if patterns is None else patterns

    def contains_leaf(self, node: Leaf) -> bool:
        """Return whether the leaf is anywhere in the words."""
        return node.pattern in self._patterns

    def leaf_spans(self, node: Leaf | Or) -> list[WordSpan]:
        """Return where the leaf, or any leaf of the disjunction, stands, in the words' order."""
        found = {place for part in iter_leaves(node) for place in self._single_leaf_spans(part)}
        return sorted(found)

    def _single_leaf_spans(self, node: Leaf) -> Iterator[WordSpan]:
        words, last = node.words, len(node.words) - 1
        if last == 0 and node.open_end:
            beginning_so = [word for word in self._word_positions if word.startswith(words[0])]
            yield from ((at, at) for word in beginning_so for at in self._word_positions[word])
            return
        for at in self._word_positions.get(words[0], ()):
            here = self._word_list[at : at + last + 1]
            if len(here) <= last or tuple(here[:-1]) != words[:-1]:
                continue
            if self._matches_last_word(here[-1], node):
                yield at, at + last

    @staticmethod
    def _matches_last_word(word: str, node: Leaf) -> bool:
        return word.startswith(node.words[-1]) if node.open_end else word == node.words[-1]

    @cached_property
    def _word_list(self) -> list[str]:
        return self._words.split(" ")

    @cached_property
    def _word_positions(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        for at, word in enumerate(self._word_list):
            index.setdefault(word, []).append(at)
        return index


def node_matches(node: Node, text: IndexedText) -> bool:
    """Return whether the text satisfies the node."""
    match node:
        case Term() | Prefix() | Phrase():
            return text.contains_leaf(node)
        case And():
            return all(node_matches(item, text) for item in node.items)
        case Or():
            return any(node_matches(item, text) for item in node.items)
        case Not():
            return not node_matches(node.item, text)
        case Near():
            return (
                node_matches(node.left, text)
                and node_matches(node.right, text)
                and any(_iter_near_pairs(node, text))
            )


def iter_matched_spans(node: Node, text: IndexedText) -> Iterator[WordSpan]:
    """Yield where the words stand that make the text satisfy the node; it must satisfy it.

    A place may come twice.
    """
    match node:
        case And():
            for item in node.items:
                yield from iter_matched_spans(item, text)
        case Or():
            for item in node.items:
                if node_matches(item, text):
                    yield from iter_matched_spans(item, text)
        case Not():
            return
        case Near():
            yield from chain.from_iterable(_iter_near_pairs(node, text))
        case _:
            yield from text.leaf_spans(node)


def _iter_near_pairs(node: Near, text: IndexedText) -> Iterator[tuple[WordSpan, WordSpan]]:
    """Yield the pairs near enough: each place with the first of the other side behind it."""
    left, right = text.leaf_spans(node.left), text.leaf_spans(node.right)
    for before, behind in ((left, right), (right, left)):
        for place in before:
            at = bisect_right(behind, place[1], key=lambda other: other[0])
            if at < len(behind) and behind[at][0] - place[1] <= node.distance:
                yield place, behind[at]


def required_literals(
    node: Node, literals_of: Callable[[Leaf], Iterable[LiteralT]]
) -> tuple[tuple[LiteralT, ...], ...]:
    """Return groups of literals; every text that satisfies the node holds one of each group.

    `literals_of` returns the literals of a leaf. A disjunction becomes one group, from the most
    telling group of each side: a filter that lets too much through, never too little.
    """
    match node:
        case And():
            return _unique_values(
                group for item in node.items for group in required_literals(item, literals_of)
            )
        case Or():
            groups = (required_literals(item, literals_of) for item in node.items)
            most_telling = (min(group, key=_selectivity_key) for group in groups)
            return (_unique_values(chain.from_iterable(most_telling)),)
        case Not():
            return ()
        case Near():
            left = required_literals(node.left, literals_of)
            right = required_literals(node.right, literals_of)
            return _unique_values((*left, *right))
        case _:
            return _unique_values((literal,) for literal in literals_of(node))


def _unique_values(values: Iterable[ValueT]) -> tuple[ValueT, ...]:
    return tuple(dict.fromkeys(values))


def _selectivity_key(group: Sequence[Sequence[object]]) -> tuple[int, int]:
    """Return a key that is lower for groups that fewer texts satisfy: few and long alternatives."""
    words = (literal if isinstance(literal, str) else literal[0] for literal in group)
    return len(group), -min(len(str(word)) for word in words)


def leaf_literals(node: Leaf) -> Iterator[Literal]:
    """Return the single words of a leaf."""
    last = len(node.words) - 1
    return (Literal(word, node.open_end and at == last) for at, word in enumerate(node.words))


def format_node(node: Node) -> str:
    """Return the node in the query language; reads back as an equal node."""
    match node:
        case And():
            return " AND ".join(_format_grouped(item, Or) for item in node.items)
        case Or():
            return " OR ".join(_format_grouped(item, And) for item in node.items)
        case Not():
            return f"NOT {_format_grouped(node.item, And, Or, Not)}"
        case Near():
            left, right = _format_grouped(node.left, Or), _format_grouped(node.right, Or)
            return f"{left} NEAR/{node.distance} {right}"
        case _:
            return _format_leaf(node)


def _format_grouped(node: Node, *kinds: type) -> str:
    return f"({format_node(node)})" if isinstance(node, kinds) else format_node(node)


def _format_leaf(node: Leaf) -> str:
    content = " ".join(node.words) + ("*" if node.open_end else "")
    plain = len(node.words) == 1 and content[0].isalnum()
    return content if plain else f'"{content}"'
