"""The query language: what people write, what it means, and how mistakes are answered."""

from __future__ import annotations

import pytest

from monitor.domain.tokens import normalize_text
from monitor.errors import QueryError
from rules.nodes import And, Near, Not, Or, Phrase, Prefix, Term
from rules.query import Query, parse_query


@pytest.mark.parametrize(
    ("written", "node"),
    [
        ("Refund", Term("refund")),
        ('"refund"', Term("refund")),
        ("freez*", Prefix("freez")),
        ('"Slow Loading"', Phrase(("slow", "loading"))),
        ('"slow load*"', Phrase(("slow", "load"), open_end=True)),
        ("“slow loading”", Phrase(("slow", "loading"))),
        ("well-known", Phrase(("well", "known"))),
        ("don’t", Term("don't")),
        ("#fail", Phrase(("#", "fail"))),
        ("@brand", Phrase(("@", "brand"))),
        ("c++", Phrase(("c", "+", "+"))),
        ("👍🏽", Term("👍")),
        ("返品", Phrase(("返", "品"))),
        ("ＲＥＦＵＮＤ", Term("refund")),
        ("a b", And((Term("a"), Term("b")))),
        ("a AND b c", And((Term("a"), Term("b"), Term("c")))),
        ("(a b) c", And((Term("a"), Term("b"), Term("c")))),
        ("a or b", And((Term("a"), Term("or"), Term("b")))),
        ("a OR b c", Or((Term("a"), And((Term("b"), Term("c")))))),
        ("(a OR b) OR c", Or((Term("a"), Term("b"), Term("c")))),
        ("a -b", And((Term("a"), Not(Term("b"))))),
        ("a NOT b", And((Term("a"), Not(Term("b"))))),
        ('a -"b c"', And((Term("a"), Not(Phrase(("b", "c")))))),
        ("a NOT(b OR c)", And((Term("a"), Not(Or((Term("b"), Term("c"))))))),
        ("a NEAR/3 b", Near(Term("a"), Term("b"), 3)),
        ("a NEAR/3 b c", And((Near(Term("a"), Term("b"), 3), Term("c")))),
        ("(a OR b*) NEAR/3 c", Near(Or((Term("a"), Prefix("b"))), Term("c"), 3)),
        ("c NOT a NEAR/3 b", And((Term("c"), Not(Near(Term("a"), Term("b"), 3))))),
    ],
)
def test_what_is_written_means(written: str, node: object) -> None:
    """Words are normalised, side by side means AND, AND binds tighter than OR, and only capitals
    are operators.
    """
    assert parse_query(written).node == node


@pytest.mark.parametrize(
    ("written", "column", "said"),
    [
        ("", 1, "empty"),
        ("  \n", 1, "empty"),
        ("!!!", 1, "no word in '!!!'"),
        ('a "!!!"', 4, "no word in"),
        ("\ud800", 1, "no word"),
        ("NOT a", 1, "only says what must be absent"),
        ("-a -b", 1, "only says what must be absent"),
        ("a OR -b", 3, "one side of OR"),
        ("NOT a OR b", 7, "one side of OR"),
        ("a NOT (b OR NOT c)", 10, "one side of OR"),
        ("*fund", 1, "only stand at the end"),
        ("re*fund", 3, "only stand at the end"),
        ("*", 1, "beginning of a word before it"),
        ('"slow *"', 7, "beginning of a word before it"),
        ("a NEAR b", 3, "write NEAR/5"),
        ("a NEAR/x b", 3, "write NEAR/5"),
        ("a near/5 b", 3, "write NEAR/5"),
        ("a ONEAR/5 b", 3, "write NEAR/5"),
        ("a NEAR/0 b", 3, "from 1 to 100"),
        ("a NEAR/101 b", 3, "from 1 to 100"),
        ("a NEAR/3 b NEAR/3 c", 12, "joins two things"),
        ("a NEAR/3 (b c)", 3, "NEAR needs a word"),
        ("a NEAR/3 -b", 10, "operators in a row"),
        ("-a NEAR/3 b", 4, "NEAR needs a word"),
        ("NEAR/3 b", 1, "NEAR needs a word"),
        ('"a b"~5', 6, "unknown operator '~'"),
        ("a ~5", 3, "unknown operator '~'"),
        ("title:crash", 6, "unknown operator ':'"),
        ("AT&T", 3, "put it in double quotes"),
        ("wh?t", 3, "unknown operator '?'"),
        ("!a", 1, "unknown operator '!'"),
        ("+a", 1, "unknown operator '+'"),
        ("a –b", 3, "plain -"),
        ("'slow app'", 1, "double quotes"),
        ("/slow/", 1, "double quotes"),
        ("a, b", 2, "write OR"),
        ("refund(s)", 7, "a space is missing"),
        ('a"b"', 2, "a space is missing"),
        ('a "b c', 3, "never closed"),
        ("(a", 3, "a ) is missing"),
        ("a)", 2, "never opened"),
        ("()", 2, "missing before ')'"),
        ("a AND", 6, "missing at the end"),
        ("OR a", 1, "missing before 'OR'"),
        ("a AND OR b", 7, "missing before 'OR'"),
        ("a NOT -b", 7, "operators in a row"),
        ("a - b", 3, "must follow '-' directly"),
        ("--a", 1, "must follow '-' directly"),
        ("(" * 51 + "a" + ")" * 51, 51, "more than 50 parentheses"),
        ("(" * 5000 + "a" + ")" * 5000, 5001, "longer than 5000 characters"),
        (" ".join("a" * 51), 101, "more than 50 words"),
        (f'"{" ".join("a" * 51)}"', 2, "more than 50 words"),
    ],
)
def test_mistakes_are_named_with_their_place(written: str, column: int, said: str) -> None:
    """What cannot be meant is refused loudly, at its character, with what to write instead."""
    with pytest.raises(QueryError) as caught:
        parse_query(written)
    assert said in str(caught.value)
    assert caught.value.column == column


def test_the_limits_themselves_are_allowed() -> None:
    """Fifty words and fifty parentheses are still read."""
    assert parse_query("(" * 50 + "a" + ")" * 50).node == Term("a")
    assert len(str(parse_query(" OR ".join(f"w{at}" for at in range(50)))).split(" OR ")) == 50


@pytest.mark.parametrize(
    ("written", "text", "expected"),
    [
        ("возврат", "Где мой ВОЗВРАТ?", True),
        ("café", "le CAFÉ est bon", True),
        ("返品", "これを返品したい", True),
        ("返品", "品返", False),
        ("refund", "refunds", False),
        ("refund*", "refunds", True),
        ("fail", "#fail", True),
        ("#fail", "fail", False),
        ('"charged twice"', "charged, twice!", True),
        ('"charged twice"', "charged me twice", False),
        ("charged NEAR/1 twice", "twice charged", True),
        ("charged NEAR/1 twice", "charged me twice", False),
        ("charged NEAR/2 twice", "charged me twice", True),
        ("a NEAR/3 a", "a", False),
        ("a NEAR/3 a", "a b a", True),
        ('"a b" NEAR/1 "b a"', "a b a", False),
        ("refund -policy", "refund policy", False),
        ("refund -policy", "refund", True),
        ("עזרה", "אני צריך עזרה ‮now", True),
    ],
)
def test_matching(written: str, text: str, expected: bool) -> None:
    """Words of any script meet whole words only, in every case; NEAR counts from one end to the
    next.
    """
    assert parse_query(written).matches(normalize_text(text)) is expected


@pytest.mark.parametrize(
    ("written", "text", "expected"),
    [
        ("crash*", "It CRASHED. Crashes! crashed", ("CRASHED", "Crashes")),
        ('"log in"', "cannot log–in today", ("log–in",)),
        ("refund", "the refund's late", ("refund's",)),
        ("a OR b", "x b", ("b",)),
        ("(a AND b) OR c", "a c", ("c",)),
        ("a -b", "x a", ("a",)),
        ("a -b", "a b", ()),
        ("slow NEAR/3 load*", "Loading is so slow. Later slow", ("Loading", "slow")),
        ("返品", "これを返品したい", ("返品",)),
        ("missing", "x", ()),
    ],
)
def test_found_are_the_customers_own_words(
    written: str, text: str, expected: tuple[str, ...]
) -> None:
    """The words stand as they were written, once each, in the order of the text, and only those
    that counted.
    """
    assert parse_query(written).find_matching_words(text) == expected


def test_required_is_a_filter_of_single_words() -> None:
    """AND asks for everything, OR for the most telling word of each side, NOT for nothing."""
    query = parse_query('(crash* OR "slow loading") app -policy')
    assert query.required_literals() == ((("crash", True), ("loading", False)), (("app", False),))


def test_the_written_form_shows_how_it_was_understood() -> None:
    """Parentheses make the binding visible."""
    assert str(parse_query("a b OR c -d")) == "(a AND b) OR (c AND NOT d)"


@pytest.mark.parametrize(
    "text", ["x" * 40_000, "a " * 20_000, "a" + " z" * 39_000 + " a", "👍" * 10_000]
)
def test_hostile_texts_are_read_in_full(text: str) -> None:
    """Long words and many words change nothing but the answer."""
    query = parse_query("(a OR x*) NEAR/100 (a OR z) OR nothing NEAR/100 a")
    assert query.matches(normalize_text(text)) is (" a" in text or " z" in text)
    assert len(query.find_matching_words(text)) <= 50


def test_found_names_at_most_fifty_words() -> None:
    """A prefix that meets thousands of words does not fill a card."""
    assert (
        len(parse_query("w*").find_matching_words(" ".join(f"w{at}" for at in range(1000)))) == 50
    )


def test_queries_are_values() -> None:
    """Equal queries are interchangeable as keys."""
    assert {parse_query("a b"), parse_query("a AND b"), Query(And((Term("a"), Term("b"))))} == {
        parse_query("(a b)")
    }
