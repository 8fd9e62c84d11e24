"""Which language a text is in, and who is believed when source and text disagree."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from monitor.analysis.language import (
    ENOUGH_LETTERS,
    LANGUAGES,
    READABLE,
    SHIPPED,
    Language,
    LanguageBasis,
    identify_language,
    unscorable_reason,
)
from monitor.demo.server import RecordedFeedback
from monitor.domain.tokens import normalize_text

SENTENCES = Path(__file__).parents[1] / "data" / "languages" / "sentences.tsv"
OTHER_SCRIPTS = frozenset(["ru", "uk", "el", "ja", "ko", "zh", "ar", "hi", "he", "th"])


def read(text: str, declared: str = "") -> Language:
    return identify_language(text, normalize_text(text), declared)


def sentences() -> list[tuple[str, str]]:
    """Language and text of each sentence of the data file."""
    lines = SENTENCES.read_text("utf-8").splitlines()
    return [(code, text) for code, _, text in (line.partition("\t") for line in lines)]


def english() -> list[str]:
    """What people wrote in the recorded reviews and posts."""
    data = RecordedFeedback.from_package()
    return [str(entry["body"]) for entry in (*data.reviews, *data.posts) if entry["body"]]


def test_the_data_has_enough_of_each_language() -> None:
    """Seventeen languages in Latin letters have eight sentences each."""
    counted: dict[str, int] = defaultdict(int)
    for code, _ in sentences():
        counted[code] += 1

    assert len(counted.keys() - OTHER_SCRIPTS) == 17
    assert all(counted[code] == 8 for code in counted.keys() - OTHER_SCRIPTS)


@pytest.mark.parametrize("declared", ["", "en", "en-US"])
def test_other_languages_are_caught(declared: str) -> None:
    """Every sentence is recognised as not English, and nearly every one in Latin letters gets its
    own language.
    """
    found = [(code, read(text, declared)) for code, text in sentences()]
    latin = [(code, language) for code, language in found if code not in OTHER_SCRIPTS]
    named = sum(code == language.code for code, language in latin)

    assert [code for code, language in found if not language.unread] == []
    assert named >= 0.95 * len(latin)


def test_the_first_few_words_are_enough() -> None:
    """Sentences cut to 25 characters are still caught, at least 95 in 100."""
    cut = [read(text[:25]) for _, text in sentences()]
    guessed = [language for language in cut if language.basis is not LanguageBasis.UNKNOWN]

    assert len(guessed) > 0.8 * len(cut)
    assert sum(bool(language.unread) for language in guessed) >= 0.95 * len(guessed)


@pytest.mark.parametrize("declared", ["", "en-GB", "de"])
def test_english_is_not_lost(declared: str) -> None:
    """Of what people really wrote in English at most two texts in a hundred are lost, if long
    enough to tell.
    """
    texts = [text for text in english() if len(text) > 60]
    lost = [text for text in texts if read(text, declared).unread]

    assert len(texts) > 100
    assert len(lost) <= 0.02 * len(texts)


def test_shouting_is_english_too() -> None:
    """Capitals, long vowels and exclamation marks change nothing."""
    lost = [text for text in english() if len(text) > 60 and read(text.upper()).unread]
    screamed = read("SOOOOOOO BAAAAAAAD!!!!! WORST APP EVEEEEEER, DO NOT BUYYYYYY!!!!")

    assert len(lost) <= 1
    assert screamed.code == "en"


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("super", "de", Language("de", 1.0, LanguageBasis.DECLARED, "language: de")),
        ("super", "de_AT", Language("de", 1.0, LanguageBasis.DECLARED, "language: de")),
        ("super", "en-US", Language("en", 1.0, LanguageBasis.DECLARED)),
        ("super", "", Language("", 0.0, LanguageBasis.UNKNOWN)),
        ("!!!", "", Language("", 0.0, LanguageBasis.UNKNOWN, "no words")),
        ("", "fr", Language("fr", 1.0, LanguageBasis.DECLARED, "no words")),
        (
            "die app ist super fun",
            "de",
            Language("de", 1.0, LanguageBasis.DECLARED, "language: de"),
        ),
        ("не работает", "", Language("", 0.0, LanguageBasis.SCRIPT, "script: Cyrillic")),
        ("не работает", "uk", Language("uk", 1.0, LanguageBasis.SCRIPT, "language: uk")),
        ("не работает", "en-US", Language("", 0.0, LanguageBasis.SCRIPT, "script: Cyrillic")),
        ("アプリが落ちる app", "", Language("ja", 1.0, LanguageBasis.SCRIPT, "language: ja")),
        ("更新後に起動しない", "", Language("ja", 1.0, LanguageBasis.SCRIPT, "language: ja")),
        ("无法登录", "", Language("zh", 1.0, LanguageBasis.SCRIPT, "language: zh")),
        ("無料", "ja-JP", Language("ja", 1.0, LanguageBasis.SCRIPT, "language: ja")),
        ("ᐃᓄᒃᑎᑐᑦ", "", Language("", 0.0, LanguageBasis.SCRIPT, "script: not Latin")),
        ("crashes 😡😡😡 ©®™", "en", Language("en", 1.0, LanguageBasis.DECLARED)),
    ],
)
def test_what_decides(text: str, declared: str, expected: Language) -> None:
    """Short texts are what is declared, other alphabets what they are; nothing is made up."""
    assert read(text, declared) == expected
    assert unscorable_reason(text, normalize_text(text), declared) == expected.unread


@pytest.mark.parametrize("declared", ["de", "ja", "pt-BR"])
def test_clear_english_is_read_whatever_is_declared(declared: str) -> None:
    """Customers write English in foreign shops: what is clearly English gets its score."""
    language = read("The app keeps crashing since the last update, please fix it", declared)

    assert (language.code, language.basis, language.unread) == ("en", LanguageBasis.DETECTED, "")
    assert language.probability > 0.9


def test_a_declared_english_does_not_hide_another_language() -> None:
    """Many feeds declare `en-US` for everything: the text itself tells better."""
    language = read("Leider war das Essen kalt und der Kellner unfreundlich.", "en-US")

    assert (language.code, language.basis, language.unread) == (
        "de",
        LanguageBasis.DETECTED,
        "language: de",
    )


def test_addresses_and_handles_are_no_language() -> None:
    """What is only a link, a handle or a hashtag is not guessed at."""
    only = read("@kundendienst_berlin #schlechterservice https://www.beispiel.de/ueber-uns/kontakt")
    beside = read(
        "The checkout page is broken again https://www.beispiel.de/ueber-uns/kontakt/bestellung"
    )

    assert only.basis is LanguageBasis.UNKNOWN
    assert beside.code == "en"


def test_enough_letters_are_needed() -> None:
    """One letter less than enough is not guessed, one more is; digits and signs are no letters."""
    short = "sehr schlecht 123456 !!!!"
    letters = "sehr schlechter b"
    assert sum(map(str.isalpha, letters)) == ENOUGH_LETTERS

    assert read(short).basis is LanguageBasis.UNKNOWN
    assert read(letters[:-2]).basis is LanguageBasis.UNKNOWN
    assert read(letters).basis is LanguageBasis.DETECTED


def test_a_long_text_is_told_by_its_beginning() -> None:
    """A text of a million characters is as its first thousand are."""
    sentence = "Leider war das Essen kalt und der Kellner unfreundlich. "

    assert read(sentence * 20_000) == read(sentence * 40)


def test_threads_agree() -> None:
    """The answer is the same from every thread, also while the model is being loaded."""
    script = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from monitor.analysis.language import identify_language\n"
        "text = 'Leider war das Essen kalt und der Kellner unfreundlich'\n"
        "with ThreadPoolExecutor(4) as threads:\n"
        "    print(len(set(threads.map(lambda _: identify_language(text, 'x', ''), range(40)))))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    text = sentences()[0][1]
    with ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(lambda _: read(text), range(40)))

    assert ran.stdout.strip() == "1"
    assert len(answers) == 1


def test_numpy_is_loaded_at_first_need_only() -> None:
    """Commands that analyse nothing do not pay for the detector: importing it loads no numpy."""
    script = "import sys, monitor.analysis.language; print('numpy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603 - our own words

    assert ran.stdout.split() == ["False"]


def test_the_shipped_model_is_the_package_s_cut_down() -> None:
    """Cutting the installed package's model again gives the arrays of the shipped file."""
    cutting = pytest.importorskip(
        "benchmarks.cut_language_model", reason="the benchmarks are not part of what is installed"
    )
    with np.load(SHIPPED, allow_pickle=False) as shipped:
        made = cutting.cut_model(cutting.load_package())
        assert made.keys() == set(shipped)
        assert all(np.array_equal(array, shipped[name]) for name, array in made.items())


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="reads the process's size as Linux tells it"
)
def test_the_detector_is_small() -> None:
    """Numpy and the model together add at most 45 MB; the package as it comes adds 130."""
    script = (
        "from pathlib import Path\n"
        "from monitor.analysis.language import identify_language\n"
        "size = lambda: "
        "int(Path('/proc/self/status').read_text().partition('VmRSS:')[2].split()[0])\n"
        "before = size()\n"
        "identify_language('Leider war das Essen kalt und der Kellner unfreundlich', 'x', '')\n"
        "print(size() - before)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603 - our own words

    assert 0 < int(ran.stdout) < 45_000


def test_the_languages_are_listed_once() -> None:
    """English is among them, and none stands there twice."""
    assert READABLE in LANGUAGES
    assert len(set(LANGUAGES)) == len(LANGUAGES) == 26
