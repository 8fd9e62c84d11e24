"""Words and pairs of words that models weigh: two tables found in one pass."""

from __future__ import annotations

from monitor.analysis.grams import NGramTable, length_factor

TROUBLE = NGramTable({"late": 1.0, "very late": 2.0, "late again": 0.0})
FELT = NGramTable({"late": "worry", "very": "anger", "again never": "anger"})


def test_words_and_pairs_are_found_once_in_the_order_in_which_they_end() -> None:
    """A pair stands before the word that ends it; a weight of nothing is one all the same."""
    found = TROUBLE.find_known(["very", "late", "again", "and", "very", "late"])
    assert list(found.items()) == [("very late", 2.0), ("late", 1.0), ("late again", 0.0)]


def test_two_tables_in_one_pass_find_what_each_finds_alone() -> None:
    """Whatever one table knows and the other does not."""
    tokens = ["late", "late", "again", "never", "very", "late"]
    assert (TROUBLE & FELT).find_known(tokens) == (
        TROUBLE.find_known(tokens),
        FELT.find_known(tokens),
    )


def test_an_unknown_word_parts_a_pair() -> None:
    """Only words side by side make a pair."""
    assert TROUBLE.find_known(["very", "so", "late"]) == {"late": 1.0}


def test_more_known_words_weigh_less_each() -> None:
    """None weighs nothing; four weigh half of one each."""
    assert [length_factor(known) for known in (0, 1, 4)] == [0.0, 2.0, 1.0]
