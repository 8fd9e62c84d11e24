"""What a competitor is praised for and we are blamed for, and what is wished for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from scipy.stats import fisher_exact

from monitor.digest.praise_and_blame import compare_praise_and_blame, find_unmatched_wishes
from monitor.domain.feedback import Label
from monitor.domain.theme import ThemeText

AT = datetime(2026, 11, 18, tzinfo=UTC)
BAD, GOOD, FLAT = Label.NEGATIVE, Label.POSITIVE, Label.NEUTRAL


def texts(first: int, *groups: tuple[int, str, Label | None]) -> list[ThemeText]:
    """So many texts of each saying and tone."""
    said = [(words, label) for count, words, label in groups for _ in range(count)]
    return [
        ThemeText(feedback_id=number, words=words, label=label, at=AT, source_id=f"{first}")
        for number, (words, label) in enumerate(said, first)
    ]


OURS = texts(
    1, (20, "slow delivery", BAD), (2, "quick delivery", GOOD), (20, "lovely colour", GOOD)
)
THEIRS = texts(
    1000, (18, "delivery came early", GOOD), (3, "delivery lost", BAD), (20, "dull colour", BAD)
)


def test_what_they_are_praised_for_and_we_are_blamed_for_is_told() -> None:
    """With the authors on each side, the difference and its interval, and the items."""
    (found,) = compare_praise_and_blame(OURS, THEIRS)

    assert found.phrase == "delivery"
    assert (found.blamed, found.ours, found.praised, found.theirs) == (20, 22, 18, 21)
    assert found.difference == pytest.approx(100 * (20 / 22 - 3 / 21))
    assert 40 < found.low < found.difference < found.high < 95
    assert len(found.blamed_ids) == 20
    assert set(found.praised_ids) == set(range(1000, 1018))


def test_its_p_is_that_of_fishers_exact_test() -> None:
    """One phrase is tested, so nothing is adjusted."""
    (found,) = compare_praise_and_blame(OURS, THEIRS)

    assert found.p == pytest.approx(fisher_exact([[20, 2], [3, 18]], "greater").pvalue)


def test_the_interval_is_that_of_statisticians() -> None:
    """Newcombe's own example (a) of method 10: 56/70 against 48/80 is 0.0524 to 0.3339."""
    ours = texts(1, (56, "delivery", BAD), (14, "delivery", GOOD))
    theirs = texts(1000, (48, "delivery", BAD), (32, "delivery", GOOD))
    # words that tell the general tone apart from the phrase
    ours += texts(200, (90, "colour", GOOD))
    theirs += texts(2000, (90, "colour", BAD))
    (found,) = compare_praise_and_blame(ours, theirs)

    assert found.low == pytest.approx(5.24, abs=0.01)
    assert found.high == pytest.approx(33.39, abs=0.01)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (OURS, []),
        ([], THEIRS),
        (texts(1, (4, "slow delivery", BAD)), THEIRS),
        (texts(1, (20, "slow delivery", None)), THEIRS),
        (texts(1, (10, "delivery", BAD), (10, "delivery", GOOD)),) * 2,
    ],
)
def test_nothing_is_told_of_few_unread_or_equal(
    ours: Sequence[ThemeText], theirs: Sequence[ThemeText]
) -> None:
    """Five authors on either side, a tone that was read, and a difference beyond chance."""
    assert compare_praise_and_blame(ours, theirs) == ()


def test_one_author_counts_once() -> None:
    """Twenty complaints of one person are one."""
    loud = [
        ThemeText(
            feedback_id=text.feedback_id, words=text.words, label=text.label, at=AT, author="a"
        )
        for text in OURS
    ]

    assert compare_praise_and_blame(loud, THEIRS) == ()


def test_what_customers_wish_for_and_a_competitor_has_is_told() -> None:
    """A wish that only wishes hold, and for which others are praised."""
    wishes = texts(5000, (8, "please add dark mode", FLAT), (8, "add a nicer colour", FLAT))
    ours = [*wishes, *texts(1, (60, "nice colour", GOOD))]
    theirs = texts(1000, (7, "dark mode rocks", GOOD), (9, "colour", GOOD), (9, "dark mode", BAD))
    (found,) = find_unmatched_wishes(wishes, ours, theirs)

    assert found.phrase == "dark mode"
    assert (found.wished, found.praised) == (8, 7)
    assert found.wished_ids == tuple(range(5000, 5008))
    assert found.praised_ids == tuple(range(1000, 1007))


def test_a_wish_that_nobody_is_praised_for_is_not_told() -> None:
    """What no competitor has is no gap to them."""
    wishes = texts(5000, (8, "please add dark mode", FLAT))

    assert find_unmatched_wishes(wishes, texts(1, (40, "fine", GOOD)), THEIRS) == ()
    assert find_unmatched_wishes([], [], []) == ()
