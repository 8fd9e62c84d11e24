"""Phrases: what counts as one, and who counts for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.near_texts import find_originals
from monitor.digest.phrase_ends import remove_signature
from monitor.digest.phrases import (
    PhraseCounts,
    choose_sample,
    count_phrases,
    format_phrase,
    read_texts,
)
from monitor.domain.period import Period
from monitor.domain.theme import ThemeText
from monitor.domain.tokens import normalize_text

PERIOD = Period.from_name("2026-W47")
LONG = "they promised me a call within two working days and nobody has ever called"


def texts(
    *words: str, first: int = 1, weeks_ago: int = 0, author: str = "", source: str = "a"
) -> list[ThemeText]:
    """Texts of one week, a minute apart."""
    begins = PERIOD.since - weeks_ago * timedelta(weeks=1)
    return [
        ThemeText(
            feedback_id=number,
            words=normalize_text(each),
            at=begins + (number - first + 1) * timedelta(minutes=1),
            author=author,
            source_id=source,
        )
        for number, each in enumerate(words, first)
    ]


def count(found: Sequence[ThemeText], fewest: int = 5) -> PhraseCounts:
    """The phrases of texts."""
    return count_phrases(read_texts(found, PERIOD.since, PERIOD.until), fewest)


def counted(counts: PhraseCounts) -> dict[str, tuple[int, int]]:
    """For each phrase as it is mostly written, its authors now and before."""
    return {
        counts.writings_of(phrase)[0]: (int(counts.now[phrase]), int(counts.before[phrase]))
        for phrase in range(len(counts.lengths))
    }


def test_phrases_are_counted_in_each_length_without_function_words_at_their_ends() -> None:
    """Words, pairs and triples; "the", "to" and numbers never stand at an end or alone."""
    found = counted(count(texts(*["wait for the refund of 20 coins"] * 5)))

    assert found == {
        "wait": (5, 0),
        "refund": (5, 0),
        "coins": (5, 0),
        "20 coins": (5, 0),
    }


@pytest.mark.parametrize(
    ("said", "phrase"),
    [
        ("it is not working", "not working"),
        ("it keeps logging me out", "logging me out"),
        ("error 500 again", "error 500"),
        ("waited for hours", "waited for hours"),
    ],
)
def test_a_phrase_may_begin_with_a_negation_and_end_with_a_particle(said: str, phrase: str) -> None:
    """What turns a word round, or completes it, belongs to the phrase."""
    assert phrase in counted(count(texts(*[said] * 5)))


def test_an_author_counts_once_in_a_period_and_an_unknown_one_for_each_text() -> None:
    """Nine texts of one person are one, in each week anew."""
    loud = texts(*["broken zip"] * 9, author="anna")
    loud += texts(*["broken zip"] * 9, first=10, weeks_ago=1, author="anna")
    others = texts(*["broken zip"] * 4, first=20)

    assert counted(count(loud + others))["broken zip"] == (5, 1)


def test_near_copies_of_a_text_count_once_and_short_texts_alike_each() -> None:
    """What is copied is one voice; who writes three words may write the same as others."""
    copies = texts(*[f"{LONG} number{place}" for place in range(6)])

    assert counted(count(copies)) == {}
    assert counted(count(texts(*["nobody ever called"] * 6)))["called"] == (6, 0)


def test_a_phrase_that_a_form_or_signature_brings_is_none() -> None:
    """What nearly all of a source have said in every week is no one's own words."""
    own = ["red", "blue", "green", "pink", "gray", "teal", "gold", "lime"]
    before = [f"score given by mail {own[place % 8]}" for place in range(40)]
    now = [f"score given by mail {own[place % 8]}" for place in range(40)]
    found = counted(count(texts(*before, weeks_ago=2) + texts(*now, first=100)))

    assert set(found) == set(own)


def test_a_new_form_is_seen_where_everybody_uses_it_at_once() -> None:
    """Hardly any two people choose the same words: what all of a source have is a form."""
    own = ["red", "blue", "green", "pink", "gray", "teal", "gold", "lime"]
    now = [f"powered by surveyor {own[place % 8]}" for place in range(40)]

    assert set(counted(count(texts(*now)))) == set(own)


@pytest.mark.parametrize(
    "line",
    ["Sent from my iPhone", "Get Outlook for Android", "Von meinem iPhone gesendet"],
)
def test_the_line_of_a_mail_program_is_not_read(line: str) -> None:
    """A text ends where a program goes on."""
    assert remove_signature(normalize_text(f"The zip broke. {line}")) == "the zip broke"


def test_words_in_a_text_that_only_look_like_such_a_line_are_kept() -> None:
    """Only the end of a text is looked at."""
    said = normalize_text(f"It was sent from my brother. {LONG} {LONG}")

    assert remove_signature(said) == said


def test_forms_of_a_word_are_counted_together_and_named_as_most_write_them() -> None:
    """Crash, crashes and crashed are one phrase; crashes is what most say."""
    said = ["app crashes", "app crashes", "app crashes", "app crashed", "app crash"]
    counts = count(texts(*said))

    assert counted(counts) == {"app": (5, 0), "crashes": (5, 0), "app crashes": (5, 0)}
    pair = next(place for place in range(3) if counts.lengths[place] == 2)
    assert counts.writings_of(pair) == ["app crashes", "app crashed", "app crash"]


def test_each_source_is_compared_with_itself() -> None:
    """A source that has grown tenfold brings no more of its words than its texts."""
    small = texts(*["sweet apple"] * 10, weeks_ago=1, source="small")
    small += texts(*["sweet apple"] * 100, first=50, source="small")
    large = texts(*["other words"] * 100, first=200, weeks_ago=1, source="large")
    large += texts(*["other words"] * 100, first=400, source="large")
    half = count([text for text in small + large if text.feedback_id % 2 == 0], 3)

    expected = dict(zip(counted(half), half.expected.tolist(), strict=True))
    assert expected == {} or expected["apple"] == pytest.approx(50)


def test_a_phrase_does_not_reach_over_the_end_of_a_text() -> None:
    """The last word of one text and the first of the next are no pair."""
    assert "end begin" not in counted(count(texts(*["begin middle end"] * 6)))


def test_scripts_without_spaces_are_named_without() -> None:
    """One word per character is for searching, not for people."""
    assert format_phrase(normalize_text("闪退 app")) == "闪退 app"


def test_texts_of_the_period_and_before_are_told_apart_and_later_ones_left_out() -> None:
    """The period has its first moment and not its last."""
    at = [PERIOD.since - timedelta(seconds=1), PERIOD.since, PERIOD.until]
    read = read_texts(
        [ThemeText(feedback_id=place, words="x", at=each) for place, each in enumerate(at)],
        PERIOD.since,
        PERIOD.until,
    )

    assert [text.feedback_id for text in read.texts] == [0, 1]
    assert (read.before.read, read.now.read, read.now.is_sample) == (1, 1, False)


def test_more_texts_than_are_read_are_sampled_and_it_is_said() -> None:
    """2,000 of 2,500 are read, the same ones in any order."""
    many = texts(*["good bread"] * 2500)
    read = read_texts(many, PERIOD.since, PERIOD.until)
    again = read_texts(many[::-1], PERIOD.since, PERIOD.until)

    assert (read.now.read, read.now.total, read.now.is_sample) == (2000, 2500, True)
    assert read.texts == again.texts


@given(
    st.lists(st.integers(0, 10**9), unique=True, max_size=60),
    st.integers(1, 40),
    st.integers(0, 40),
)
def test_a_larger_sample_holds_the_smaller(ids: list[int], most: int, more: int) -> None:
    """Who reads more reads also what was read before, in the order given."""
    smaller = choose_sample(ids, most)
    larger = choose_sample(ids, most + more)

    assert set(smaller) <= set(larger)
    assert len(smaller) == min(most, len(ids))
    assert [number for number in ids if number in set(smaller)] == smaller


def test_a_sample_is_what_it_always_was() -> None:
    """The same feedback is chosen on every machine and in every version."""
    assert choose_sample(range(1, 31), 5) == choose_sample(list(range(1, 31)), 5)
    assert len({tuple(choose_sample(range(start, start + 30), 5)) for start in (0, 40)}) == 2


def number(split: Sequence[Sequence[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Words as numbers, and where each text begins."""
    known: dict[str, int] = {}
    words = [known.setdefault(word, len(known)) for each in split for word in each]
    lengths = [len(each) for each in split]
    return np.array(words), np.cumsum([0, *lengths[:-1]])


def test_the_original_of_copies_of_copies_is_the_first() -> None:
    """Each copy is led back to the oldest text, and a stranger to itself."""
    said = normalize_text(f"{LONG} {LONG} at all").split()
    cut, grown = said[:-1], ["well", *said]
    words, starts = number(
        [said, cut, ["my", "parcel", "was", "late", "and", "the", "box", "is", "torn"], grown]
    )

    assert find_originals(words, starts).tolist() == [0, 0, 2, 0]


def test_no_texts_have_no_phrases() -> None:
    """An empty week is counted without a complaint."""
    read = read_texts([], datetime(2026, 11, 16, tzinfo=PERIOD.since.tzinfo), PERIOD.until)

    assert counted(count_phrases(read)) == {}
