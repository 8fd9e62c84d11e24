"""Romanised and code-mixed texts: a few function words tell them from English."""

from __future__ import annotations

import pytest

from monitor.analysis.function_words import find_mixed_language
from monitor.analysis.language import identify_language
from monitor.domain.tokens import normalize_text, tokenize


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Order abhi tak nahi aaya, bahut late hai", "hi"),
        ("delivery boy ka behaviour bekar tha", "hi"),
        ("login hi nahi hota, kya karu", "hi"),
        ("app slow hai aur payment fail", "hi"),
        ("Paket saya belum datang, sudah dua minggu", "id"),
        ("loading lama banget, tolong perbaiki", "id"),
        ("Servis teruk sekali, tak akan beli lagi", "id"),
        ("Ang tagal dumating ng order ko", "tl"),
        ("walang kwenta yung customer service nila", "tl"),
        ("bakit ayaw mag open ng app", "tl"),
    ],
)
def test_mixed_languages_are_found(text: str, language: str) -> None:
    """Hindi in Latin letters, Indonesian or Malay, and Tagalog, with English words among them."""
    assert find_mixed_language(tokenize(text)) == language
    assert identify_language(text, normalize_text(text), "").unread == f"language: {language}"


@pytest.mark.parametrize(
    "text",
    [
        "The Hindi subtitles are out of sync",
        "Please add Hindi, the app crashes at start",
        "The driver dropped me a mile away and drove off",
        "They charged me per mile, twice at par",
        "Bina charged me twice, Meri hurt me",
        "My friend Sana waited at home with gusto",
        "We flew to Ko Samui and stayed at Di Ke's house",
        "Dan and Sam are on hold again",
        "Aap Ki Kitchen is the best restaurant in town and the staff are lovely",
        "Our guide Siya was late and nobody told us that the tour had been moved",
        "no",
        "",
    ],
)
def test_english_with_such_names_is_english(text: str) -> None:
    """A name or a single word of another language makes no text foreign."""
    assert not find_mixed_language(tokenize(text))


def test_a_declared_language_decides_as_before() -> None:
    """Where a source names another language, the lists are not asked."""
    text = "App bahut slow hai yaar, paise wapas karo"
    assert identify_language(text, normalize_text(text), "ur").code == "ur"
