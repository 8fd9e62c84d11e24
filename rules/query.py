"""The query language of rules and search; every mistake in a query is named with its place.

    refund                      the word, whatever its case, width or punctuation
    "charged twice"             the words side by side
    freez*                      any word that begins so; also at the end of a phrase
    refund invoice              both, the same as refund AND invoice
    crash OR freez*             at least one; AND binds tighter than OR
    refund NOT policy           without; the same as refund -policy
    charged NEAR/3 twice        in any order, at most three words from one to the other
    (slow OR laggy) app         parentheses group
    #fail @brand c++ 👍 返品     as they are; scripts without spaces match anywhere in a text

Operators are written in capitals: `and`, `or`, `not` and `near` are words. Two operators side by
side, wildcards elsewhere than at the end, and signs that mean something in other query languages
are mistakes, never silently words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from monitor.domain.tokens import locate_tokens, normalize_text
from monitor.domain.tokens import tokenize as words_of
from monitor.errors import QueryError
from rules.nodes import (
    And,
    IndexedText,
    Leaf,
    Literal,
    Near,
    Node,
    Not,
    Or,
    format_node,
    is_positive,
    iter_matched_spans,
    leaf_literals,
    make_conjunction,
    make_disjunction,
    make_leaf,
    node_matches,
    required_literals,
    without_negations,
)

MOST_TERMS = 50  #: words and phrases in one query
MOST_DEPTH = 50  #: parentheses in parentheses
MOST_WORDS = 50  #: in one phrase; a script without spaces counts each character
MOST_DISTANCE = 100  #: in NEAR/n
MOST_CHARACTERS = 5_000  #: of a query as written
MOST_FOUND = 50  #: words that one `find_matching_words` returns

_QUOTES = '"“”„‟'
_PIECE = re.compile(rf"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]|[()]|[^\s(){_QUOTES}]+")
_NEAR = re.compile(r"NEAR/(\d{1,3})")
_LIKE_NEAR = re.compile(r"NEAR|(?i:o?near/.*)", re.DOTALL)
_NO_TERMS = frozenset({"(", ")", "-", "AND", "OR", "NOT"})
_FOREIGN = re.compile(r"[~^?\[\]{}|&\\<>=:]")
_DASHES = "‐‑‒–—−"
_IN_QUOTES = "; put it in double quotes if it is meant as it stands"


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed text query; equal to every query that says the same in the same order."""

    node: Node

    def matches(self, words: str) -> bool:
        """Return whether normalised words, one space between them, satisfy the query."""
        return node_matches(self.node, IndexedText(words))

    def matches_indexed(self, text: IndexedText) -> bool:
        """Return the same as `matches`, for a text whose patterns have been looked for already."""
        return node_matches(self.node, text)

    def find_matching_words(self, text: str) -> tuple[str, ...]:
        """Return the words of the text that satisfy the query, as the customer wrote them.

        In their order; words that differ only in case or punctuation are named once, at most
        MOST_FOUND in all; what the query forbids is never named; empty when the text does not
        satisfy the query.
        """
        words = words_of(text)
        indexed = IndexedText(" ".join(words))
        if not node_matches(self.node, indexed):
            return ()
        firsts: dict[tuple[str, ...], tuple[int, int]] = {}
        for first, last in sorted(iter_matched_spans(self.node, indexed)):
            firsts.setdefault(tuple(words[first : last + 1]), (first, last))
            if len(firsts) == MOST_FOUND:
                break
        places = locate_tokens(text)
        written = (text[places[first][0] : places[last][1]] for first, last in firsts.values())
        return tuple(dict.fromkeys(written))

    def required_literals(self) -> tuple[tuple[Literal, ...], ...]:
        """Return groups of single words; every satisfying text holds one of each group.

        A text may hold them all and still not satisfy the query: a filter for an index, to be
        followed by `matches`.
        """
        return required_literals(self.node, leaf_literals)

    def without_negations(self) -> Query:
        """Return the query without what it forbids."""
        return Query(without_negations(self.node))

    def __str__(self) -> str:
        """Return the query written out, every word normalised; reads back as an equal query."""
        return format_node(self.node)


def parse_query(text: str) -> Query:
    """Parse the query that a person wrote.

    Raises QueryError, which says what is wrong, where, and what to write instead.
    """
    _check_pieces(text)
    try:
        # A node, not a tree: the transformer runs with the parser.
        node = cast("Node", _query_parser().parse(text))
    except UnexpectedCharacters as error:
        _refuse_character(text, cast("int", error.pos_in_stream))
    except UnexpectedToken as error:
        _refuse_token(text, error.token)
    if not is_positive(node):
        raise QueryError("the query only says what must be absent; add a word that must be there")
    return Query(node)


def _check_pieces(text: str) -> None:
    """Raise QueryError for what can be refused before parsing: it bounds the parser's work."""
    if not text.strip():
        raise QueryError("the query is empty; write at least one word")
    if len(text) > MOST_CHARACTERS:
        raise QueryError(
            f"the query is longer than {MOST_CHARACTERS} characters; split it", MOST_CHARACTERS + 1
        )
    depth = terms = 0
    for found in _PIECE.finditer(text):
        piece = found.group()
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if depth > MOST_DEPTH:
            raise QueryError(f"more than {MOST_DEPTH} parentheses in each other", found.start() + 1)
        if piece in _NO_TERMS or _NEAR.fullmatch(piece):
            continue
        terms += 1
        if terms > MOST_TERMS:
            raise QueryError(
                f"more than {MOST_TERMS} words and phrases; split the query", found.start() + 1
            )
        _refuse_glued(text, found.end())


def _refuse_glued(text: str, end: int) -> None:
    """Raise QueryError unless a word or phrase ends at a space or a closing parenthesis.

    What `"slow app"~5` and `refund(s)` mean is not guessed at.
    """
    if end < len(text) and not text[end].isspace() and text[end] != ")":
        if text[end] == "~":
            raise QueryError(
                "unknown operator '~'; write a NEAR/5 b for words near each other", end + 1
            )
        raise QueryError(
            f"a space is missing before {_quote_excerpt(text[end:].split()[0])}", end + 1
        )


class _NodeBuilder(Transformer[Token, Node]):
    """Turns the parser's reductions into nodes; keeps no state, so that threads may share it."""

    def start(self, items: list[Node]) -> Node:
        return items[0]

    def either(self, items: list[Any]) -> Node:
        """Join the sides of OR; each must be positive, otherwise nearly every text would do."""
        sides = items[0::2]
        for at, side in enumerate(sides):
            if not is_positive(side):
                message = (
                    "one side of OR only says what must be absent; add a word to it, or use AND"
                )
                raise QueryError(message, _token_column(items[max(2 * at - 1, 1)]))
        return make_disjunction(sides)

    def every(self, items: list[Any]) -> Node:
        return make_conjunction(item for item in items if not isinstance(item, Token))

    def negation(self, items: list[Any]) -> Node:
        return Not(items[1])

    def close(self, items: list[Any]) -> Node:
        if len(items) > 3:
            message = "NEAR joins two things; write a NEAR/3 b AND b NEAR/3 c for more"
            raise QueryError(message, _token_column(items[3]))
        left, operator, right = items
        for side in (left, right):
            if not _can_stand_near(side):
                raise QueryError(
                    "NEAR needs a word, a phrase or (a OR b) on either side",
                    _token_column(operator),
                )
        return Near(left, right, _parse_distance(operator))

    def group(self, items: list[Node]) -> Node:
        return items[0]

    def word(self, items: list[Token]) -> Node:
        token = items[0]
        _refuse_foreign(token)
        return _parse_leaf(token, str(token), token.start_pos or 0)

    def phrase(self, items: list[Token]) -> Node:
        token = items[0]
        return _parse_leaf(token, str(token)[1:-1], (token.start_pos or 0) + 1)


def _can_stand_near(node: Node) -> bool:
    if isinstance(node, Or):
        return all(_can_stand_near(item) for item in node.items)
    return not isinstance(node, (And, Not, Near))


def _parse_leaf(token: Token, content: str, start: int) -> Leaf:
    """Parse the words in `content`, which stands at `start` of the query."""
    stem, open_end = content.removesuffix("*"), content.endswith("*")
    if open_end and (not stem or stem[-1].isspace()):
        raise QueryError(
            "a * needs the beginning of a word before it, like freez*", start + len(content)
        )
    if "*" in stem:
        raise QueryError(
            "a * may only stand at the end of a word or phrase", start + stem.index("*") + 1
        )
    words = _normalise_words(stem)
    if not words:
        raise QueryError(f"there is no word in {_quote_excerpt(token)}", start + 1)
    if len(words) > MOST_WORDS:
        raise QueryError(f"a phrase of more than {MOST_WORDS} words", start + 1)
    return make_leaf(words, open_end=open_end)


def _normalise_words(content: str) -> list[str]:
    """Return the words, normalised until they stay as they are.

    So a written query reads back as the same one.
    """
    again = normalize_text(content)
    while again != content:
        content, again = again, normalize_text(again)
    return content.split()


def _parse_distance(operator: Token) -> int:
    digits = _NEAR.fullmatch(operator)
    distance = int(digits[1]) if digits else 0
    if not 1 <= distance <= MOST_DISTANCE:
        raise QueryError(
            f"{_quote_excerpt(operator)} needs a distance from 1 to {MOST_DISTANCE}",
            _token_column(operator),
        )
    return distance


def _classify_token(token: Token) -> Token:
    """Mark a run of characters as an operator, where it is one."""
    if token in ("AND", "OR", "NOT"):
        return token.update(type=str(token))
    if _NEAR.fullmatch(token):
        return token.update(type="NEAR")
    if _LIKE_NEAR.fullmatch(token):
        raise QueryError(
            f"unknown operator {_quote_excerpt(token)}; write NEAR/5 for at most five words apart",
            _token_column(token),
        )
    return token


def _refuse_foreign(token: Token) -> None:
    """Raise QueryError for signs that mean something in other query languages.

    They would silently become nothing, or a word that no text holds.
    """
    column, shown = _token_column(token), _quote_excerpt(token)
    if not normalize_text(token) and not token.startswith("*"):
        raise QueryError(f"there is no word in {shown}", column)
    if token[0] in _DASHES:
        raise QueryError(
            f"{shown} begins with a dash; write a plain - or NOT for what must be absent", column
        )
    if token[0] in "!+":
        raise QueryError(
            f"unknown operator {token[0]!r}; every word is needed anyway, NOT excludes{_IN_QUOTES}",
            column,
        )
    if token[0] in "'‘’‚‹›«»/`":
        raise QueryError(
            f"{shown} begins with {token[0]!r}; phrases stand in double quotes", column
        )
    if token[-1] in ",;":
        raise QueryError(
            f"{shown} ends with {token[-1]!r}; write OR between alternatives",
            column + len(token) - 1,
        )
    if foreign := _FOREIGN.search(token):
        raise QueryError(
            f"unknown operator {foreign.group()!r} in {shown}{_IN_QUOTES}", column + foreign.start()
        )


def _refuse_character(text: str, at: int) -> NoReturn:
    if text[at] in _QUOTES:
        raise QueryError("this quotation mark is never closed", at + 1)
    raise QueryError(f"a word, a phrase or ( must follow {text[at]!r} directly", at + 1)


def _refuse_token(text: str, token: Token) -> NoReturn:
    if token.type == "$END":
        message = "a ) is missing" if _open_parentheses(text) else "a word or a phrase is missing"
        raise QueryError(f"{message} at the end", len(text.rstrip()) + 1)
    if token.type == "RPAR" and _open_parentheses(text[: token.start_pos]) < 1:
        raise QueryError("this ) was never opened", _token_column(token))
    if token.type == "MINUS":
        raise QueryError(
            "two operators in a row; a word or a phrase must stand between them",
            _token_column(token),
        )
    if token.type == "NEAR":
        raise QueryError(
            "NEAR needs a word, a phrase or (a OR b) on either side", _token_column(token)
        )
    raise QueryError(
        f"a word or a phrase is missing before {_quote_excerpt(token)}", _token_column(token)
    )


def _open_parentheses(text: str) -> int:
    pieces = [found.group() for found in _PIECE.finditer(text)]
    return pieces.count("(") - pieces.count(")")


def _token_column(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _quote_excerpt(text: str) -> str:
    return repr(text[:40]) if len(text) <= 40 else f"{text[:40]!r}..."


@cache
def _query_parser() -> Lark:
    """Return the parser: LALR, with the nodes built on the way.

    It is linear, without recursion, and safe to share between threads.
    """
    grammar = (Path(__file__).parent / "grammar.lark").read_text("utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer="basic",
        transformer=_NodeBuilder(),
        lexer_callbacks={"WORD": _classify_token},
    )
