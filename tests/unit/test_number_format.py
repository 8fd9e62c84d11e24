"""Numbers, times and dates in a locale, and names that are cut where a reader sees a boundary."""

from __future__ import annotations

from datetime import date

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.number_format import (
    ENGLISH,
    NOTHING,
    NumberFormat,
    cut_text,
    isolate_name,
    measure_text,
)
from monitor.domain.measure import Unit
from monitor.notifiers.plain_text import one_line

DAY = date(2026, 11, 16)
HOUR = 3_600


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "expected"),
    [
        (1234567, 0, False, "1,234,567"),
        (9, 0, True, "+9"),
        (-9.5, 0, True, "−10"),
        (-9, 0, False, "−9"),
        (-0.4, 0, True, "0"),
        (0.5, 0, True, "+1"),
        (4.325, 2, False, "4.33"),
        (2, 1, False, "2.0"),
    ],
)
def test_number_is_rounded_and_signed(
    value: float, decimals: int, signed: bool, expected: str
) -> None:
    """Halves are rounded away from zero, the minus is a true one, and zero has no sign."""
    assert ENGLISH.write_number(value, decimals, signed=signed) == expected


@pytest.mark.parametrize(
    ("locale", "number", "percent", "day", "weekday"),
    [
        ("en", "1,234.5", "+3%", "Nov 16", "Mon 16"),
        ("de", "1.234,5", "+3\u00a0%", "16. Nov.", "Mo. 16"),
        ("fr-CA", "1\u00a0234,5", "+3\u00a0%", "16 nov.", "lun. 16"),
        ("tr", "1.234,5", "+%3", "16 Kas", "Pzt 16"),
        ("ja", "1,234.5", "+3%", "11月16日", "月 16"),
    ],
)
def test_locale_is_kept(locale: str, number: str, percent: str, day: str, weekday: str) -> None:
    """Separators, the place of the percent sign and the order of dates are the locale's."""
    written = NumberFormat(locale)

    assert written.write_number(1234.5, 1) == number
    assert written.write_percent(3, signed=True) == percent
    assert written.write_day(DAY) == day
    assert written.write_weekday(DAY) == weekday


@pytest.mark.parametrize("locale", ["", "xx", "english please", "../../etc", "de_DE_zz_1"])
def test_unknown_locale_is_refused_with_a_sentence(locale: str) -> None:
    """What is no locale is named, with what to write instead."""
    with pytest.raises(ValueError, match="is no locale: write a language, such as en, de or pt_BR"):
        NumberFormat(locale)


def test_language_is_a_tag_for_pages() -> None:
    """A page names its language with hyphens."""
    assert NumberFormat("pt_BR").language == "pt-BR"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (90, "1 min 30 s"),
        (3 * HOUR + 1_200, "3 h 20 min"),
        (HOUR - 1, "1 h"),
        (24 * HOUR - 1, "1 d"),
        (48 * HOUR, "2 d"),
        (49 * HOUR, "2 d 1 h"),
        (-90, "−1 min 30 s"),
    ],
)
def test_duration_has_at_most_two_units(seconds: float, expected: str) -> None:
    """A length of time is rounded to the smaller of its two units, and never to 60 of them."""
    assert ENGLISH.write_duration(seconds).replace("\u00a0", " ") == expected


def test_duration_is_in_the_locales_words() -> None:
    """Other languages have Babel's short units."""
    assert NumberFormat("de").write_duration(12_000).replace("\u00a0", " ") == "3 Std. 20 Min."


@pytest.mark.parametrize(
    ("unit", "value", "expected"),
    [
        (Unit.POINTS, -5.2, "−5"),
        (Unit.PERCENT, 41.4, "41%"),
        (Unit.PERCENT, 0.4, "0.4%"),
        (Unit.STARS, 4.3, "4.30"),
        (Unit.PER_DAY, 12.34, "12.3"),
        (Unit.COUNT, 1234, "1,234"),
        (Unit.POINTS, None, NOTHING),
    ],
)
def test_value_is_written_in_its_unit(unit: Unit, value: float | None, expected: str) -> None:
    """Each unit has its decimals, and nothing is a dash."""
    assert ENGLISH.write_value(unit, value) == expected


def test_change_of_a_share_is_in_points() -> None:
    """A share that rises from 40 to 43 % rises by 3 points, not by 3 %."""
    assert ENGLISH.write_change(Unit.PERCENT, 3.2) == "+3\u00a0points"
    assert ENGLISH.write_change(Unit.POINTS, 9.0) == "+9"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(31, 52, "31 to 52"), (31, None, "at least 31"), (None, 5, "at most 5"), (None, None, "")],
)
def test_unknown_limit_is_said(low: float | None, high: float | None, expected: str) -> None:
    """An interval that is open on one side says so."""
    assert ENGLISH.write_range(Unit.POINTS, low, high) == expected


@given(st.text(max_size=200), st.integers(1, 40))
def test_cut_keeps_whole_characters_and_the_width(text: str, columns: int) -> None:
    """What is left is no wider than asked for and made of characters of the text."""
    kept = cut_text(text, columns)
    whole = regex.findall(r"\X", one_line(text))

    assert measure_text(kept) <= columns or kept == "…"
    if kept != one_line(text):
        assert kept.endswith("…")
        stem = regex.findall(r"\X", kept[:-1])
        assert stem == whole[: len(stem)]


def test_cut_is_as_quick_for_a_book_as_for_a_name() -> None:
    """Only the beginning of a very long name is looked at, and its cut is marked."""
    assert cut_text("x" * 10_000_000, 5) == "xxxx…"
    assert cut_text("👩‍👩‍👧" * 9, 5) == "👩‍👩‍👧👩‍👩‍👧…"


def test_name_from_right_to_left_is_isolated() -> None:
    """Figures that follow such a name are not drawn into it; other names stay as they are."""
    assert isolate_name("متجر") == "\u200eمتجر\u200e"
    assert isolate_name("東京") == "東京"
