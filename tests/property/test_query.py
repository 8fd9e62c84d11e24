"""The query language: what is written, what it means, and what many queries together find."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.tokens import normalize_text, tokenize
from monitor.errors import QueryError
from rules.nodes import (
    And,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    is_positive,
    make_conjunction,
    make_disjunction,
)
from rules.query import Query, parse_query
from rules.terms import QueryIndex

VOCABULARY = (
    "a",
    "ab",
    "abc",
    "b",
    "refund",
    "refunds",
    "don't",
    "é",
    "返",
    "品",
    "👍",
    "#",
    "возврат",
)
WORDS = st.sampled_from(VOCABULARY)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    WORDS.map(Term),
    WORDS.map(Prefix),
    st.builds(Phrase, st.lists(WORDS, min_size=2, max_size=3).map(tuple), st.booleans()),
)


def _near(side: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    alternatives = st.lists(side, min_size=2, max_size=3).map(make_disjunction)
    sides = st.one_of(side, alternatives)
    return st.builds(Near, sides, sides, st.integers(1, 5))


def _larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3)
    with_not = st.tuples(several, inner.map(Not)).map(
        lambda parts: make_conjunction([*parts[0], parts[1]])
    )
    return st.one_of(several.map(make_conjunction), several.map(make_disjunction), with_not)


NODES = st.recursive(st.one_of(LEAVES, _near(LEAVES)), _larger, max_leaves=8).filter(is_positive)
QUERIES = NODES.map(Query)


def _spots(node: Node, text: list[str]) -> list[tuple[int, int]]:
    """Where a leaf or a disjunction of leaves stands, found by trying every place."""
    if isinstance(node, Or):
        return [spot for item in node.items for spot in _spots(item, text)]
    assert isinstance(node, Term | Prefix | Phrase)
    size = len(node.words)
    spots = []
    for start in range(len(text) - size + 1):
        *body, last = text[start : start + size]
        ends = last.startswith(node.words[-1]) if node.open_end else last == node.words[-1]
        if ends and tuple(body) == node.words[:-1]:
            spots.append((start, start + size - 1))
    return spots


def naive(node: Node, text: list[str]) -> bool:
    """The meaning of a query, written down without any thought for speed."""
    match node:
        case And():
            return all(naive(item, text) for item in node.items)
        case Or():
            return any(naive(item, text) for item in node.items)
        case Not():
            return not naive(node.item, text)
        case Near():
            pairs = [
                (one, two) for one in _spots(node.left, text) for two in _spots(node.right, text)
            ]
            gaps = [max(two[0] - one[1], one[0] - two[1]) for one, two in pairs]
            return any(1 <= gap <= node.distance for gap in gaps)
        case _:
            return bool(_spots(node, text))


def _read(text: str) -> tuple[Query | None, int]:
    """The query, or None and the column of the mistake."""
    try:
        return parse_query(text), 1
    except QueryError as error:
        return None, error.column


@given(QUERIES)
def test_a_written_query_reads_back_as_itself(query: Query) -> None:
    """The canonical form loses nothing."""
    assert parse_query(str(query)) == query


@given(st.text(max_size=40))
def test_any_text_is_a_query_or_a_mistake_with_its_column(text: str) -> None:
    """No input makes another error than QueryError, whose column lies in the text; a query that is
    read reads back.
    """
    query, column = _read(text)
    assert 1 <= column <= len(text) + 1
    assert query is None or parse_query(str(query)) == query


@given(st.text(alphabet='ab "()*-~/NEAR3OT\x00\ud800‮’', max_size=30))
def test_anything_near_the_language_is_a_query_or_a_mistake(text: str) -> None:
    """Broken operators, quotes, parentheses and hostile characters are refused or read back."""
    query, column = _read(text)
    assert 1 <= column <= len(text) + 1
    assert query is None or parse_query(str(query)) == query


@given(QUERIES, TEXTS)
def test_matches_is_what_the_naive_reading_says(query: Query, text: str) -> None:
    """The fast evaluation means what the slow one means."""
    assert query.matches(text) is naive(query.node, text.split())


@given(QUERIES, TEXTS)
def test_what_matches_holds_what_is_required(query: Query, text: str) -> None:
    """The filter for an index never drops a match, and always asks for something."""
    groups = query.required_literals()
    assert groups
    assert all(groups)
    if query.matches(text):
        held = text.split()
        for group in groups:
            assert any(
                word.startswith(literal.word) if literal.is_prefix else word == literal.word
                for literal in group
                for word in held
            )


@given(QUERIES, TEXTS)
def test_the_positive_part_holds_wherever_the_query_does(query: Query, text: str) -> None:
    """Leaving out what is forbidden only ever lets more through, in any longer text."""
    if query.matches(text):
        assert query.without_negations().matches(f"refund {text} b")


@given(QUERIES, TEXTS)
def test_found_is_there_exactly_when_the_query_matches(query: Query, text: str) -> None:
    """A match always has words to show, each a piece of the text, none twice."""
    found = query.find_matching_words(text)
    assert bool(found) is query.matches(normalize_text(text))
    assert all(piece in text for piece in found)
    assert len(set(found)) == len(found)


@given(st.lists(QUERIES, max_size=8), TEXTS)
def test_all_queries_together_find_what_each_finds_alone(queries: list[Query], text: str) -> None:
    """The shared set and its index change speed, never an answer."""
    expected = {at for at, query in enumerate(queries) if query.matches(text)}
    assert QueryIndex(queries).match_queries(text) == expected


@given(QUERIES, st.text(max_size=200))
def test_any_text_can_be_asked(query: Query, text: str) -> None:
    """No character in a customer's text disturbs the evaluation, alone or in the set."""
    normal = " ".join(tokenize(text))
    assert QueryIndex([query]).match_queries(normal) == ({0} if query.matches(normal) else set())
    query.find_matching_words(text)


def test_threads_share_the_parser_and_the_set() -> None:
    """Eight threads read 400 queries and texts and every answer is right."""
    texts = [f"refund {at} charged twice {at % 7}" for at in range(400)]
    queries = [f'"charged twice" AND {at} OR (x NEAR/3 y{at})' for at in range(400)]
    terms = QueryIndex([parse_query(query) for query in queries])
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda text: str(parse_query(text)), queries))
        found = list(pool.map(terms.match_queries, texts))
    assert read == [f'("charged twice" AND {at}) OR x NEAR/3 y{at}' for at in range(400)]
    assert found == [frozenset({at, at % 7}) for at in range(400)]
