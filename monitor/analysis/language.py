"""Which language a text is in, and whether the scorer can read it.

What it cannot read gets no score, and a reason. The scorer's words are English, and many of them
mean something else elsewhere (German "die", "war"): a score of other languages is noise. English
must not be lost either, so a text counts as foreign only on strong evidence.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from monitor.analysis.function_words import find_mixed_language

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Cut from the model of the py3langid package (BSD-3-Clause, NOTICE.md beside it).
SHIPPED: Final = Path(__file__).parent / "data" / "language.npz"
#: The scorer's lexicon is English.
READABLE = "en"
#: Letters that a text must have before its language is guessed; shorter ones are what their source
#: says they are.
ENOUGH_LETTERS = 15
#: A text is foreign when English is less likely than this, and another language this many times
#: likelier: on 32,000 English texts 1 in 1,000 is lost, half of what the first condition alone
#: loses.
FOREIGN_BELOW = 0.2
FOREIGN_TIMES = 3
#: From this probability of English on, a text is English although its source declares another
#: language.
ENGLISH_FROM = 0.8
#: What is told apart: languages in Latin letters; other scripts are told by their letters alone.
LANGUAGES = tuple(
    "ca cs da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl sv tl tr vi".split()  # noqa: SIM905 - reads better
)

#: Frequent words of English of which no other of these languages has two that are frequent there.
_ENGLISH_WORDS = frozenset(
    re.findall(
        r"[\w']+",
        "the and with this that have they would because when what which your you it's don't "
        "can't were about after again there their could should every other than then those where "
        "while why but been very these some how does did didn't doesn't isn't wasn't i'm i've "
        "i'd i'll we're they're my just only our get got out still she him his are of has never "
        "people think know want going really something nothing anything everything here before",
    )
)
_ENOUGH_ENGLISH = 2  #: different ones that a text must hold
_ONE_IN = 10  #: of so many words one must be among them
_WORDS_LOOKED_AT = 200

#: Characters that are looked at: more do not change the answer.
_LOOKED_AT = 1000
_LETTER = regex.compile(r"\p{L}")
_LATIN = regex.compile(r"\p{Latin}")
#: All but Latin letters in lower case: ASCII, Latin-1, Extended-A and -B, Extended Additional
#: (Vietnamese).
_NOT_LATIN = re.compile("[^a-z'\xdf-\xf6\xf8-\u024f\u1e00-\u1eff]+")
_ADDRESS = regex.compile(r"(?:https?://|www\.)\S++|[@#]\w++|\S++@\S++")
_REPEATED = re.compile(rb"(.)\1\1+")
#: Scripts, the language that has one to itself, and the languages that may be declared in it.
_SCRIPTS = (
    ("Cyrillic", "", "ru uk bg sr mk be kk ky mn tg tt"),
    ("Arabic", "", "ar fa ur ps ku ug sd"),
    ("Hiragana", "ja", ""),
    ("Katakana", "ja", ""),
    ("Han", "zh", "ja"),
    ("Hangul", "ko", ""),
    ("Devanagari", "", "hi mr ne sa"),
    ("Bengali", "", "bn as"),
    ("Greek", "el", ""),
    ("Hebrew", "he", "yi"),
    ("Thai", "th", ""),
    ("Tamil", "ta", ""),
    ("Telugu", "te", ""),
    ("Georgian", "ka", ""),
    ("Armenian", "hy", ""),
)


class LanguageBasis(StrEnum):
    """What told the language."""

    DECLARED = "declared"  #: the source of the feedback
    DETECTED = "detected"  #: the text's own letters and words
    SCRIPT = "script"  #: its alphabet
    UNKNOWN = "unknown"  #: nothing: too short, and nothing is declared


class Language(NamedTuple):
    """The language of a text, and how it is known."""

    code: str  #: ISO 639-1; empty where it is not known
    #: of `code`, 0 to 1, three decimals; 1 where it was not guessed, 0 where it is not known
    probability: float
    basis: LanguageBasis
    unread: str = ""  #: why the words cannot be scored, "language: de"; empty when they can


_PLAINLY_ENGLISH = Language(READABLE, 1.0, LanguageBasis.DETECTED)


def identify_language(text: str, words: str, declared: str, tokens: Sequence[str] = ()) -> Language:
    """Return the language of `text`, whose normalised words are `words`.

    `declared` is the language that the source names, BCP 47, or empty; `tokens` are the words, for
    callers that have them split. A declaration counts where the text is too short to tell. Else the
    text itself decides between English and not, because many feeds declare `en-US` for everything,
    and many customers write English in a shop that declares `de`.
    """
    primary = declared.replace("_", "-").partition("-")[0].strip().lower()
    if not words:
        return _declared_language(primary, "no words")
    if primary in ("", READABLE):
        first_words = (tokens or words.split(" ", _WORDS_LOOKED_AT))[:_WORDS_LOOKED_AT]
        if mixed := find_mixed_language(first_words):
            return Language(mixed, 1.0, LanguageBasis.DETECTED, _language_reason(mixed))
        if _is_plainly_english(first_words):
            return _PLAINLY_ENGLISH
    if not text.isascii() and (by_script := _identify_by_script(text[:_LOOKED_AT], primary)):
        return by_script
    letters = _extract_letters(text)
    if len(letters) - letters.count(b" ") < ENOUGH_LETTERS:
        return _declared_language(primary, _language_reason(primary or READABLE))
    return _decide_language(*_language_model().guess_language(letters), primary)


def _is_plainly_english(words: Sequence[str]) -> bool:
    """Return whether enough frequent English words settle it without the model; most texts do."""
    english = list(filter(_ENGLISH_WORDS.__contains__, words))
    return len(english) * _ONE_IN >= len(words) and len(set(english)) >= _ENOUGH_ENGLISH


def unscorable_reason(text: str, words: str, declared: str) -> str:
    """Return why the words cannot be scored; empty when they can. See `identify_language`."""
    return identify_language(text, words, declared).unread


def _decide_language(english: float, code: str, probability: float, declared: str) -> Language:
    """Weigh what the model says against the declaration.

    `english` is the probability of English, `probability` that of `code`, the likeliest language.
    """
    if declared not in ("", READABLE):
        if english < ENGLISH_FROM:
            return Language(declared, 1.0, LanguageBasis.DECLARED, _language_reason(declared))
    elif english < FOREIGN_BELOW and probability > FOREIGN_TIMES * english:
        return Language(code, round(probability, 3), LanguageBasis.DETECTED, _language_reason(code))
    return Language(READABLE, round(english, 3), LanguageBasis.DETECTED)


def _declared_language(code: str, unread: str) -> Language:
    """Return the declared language of a text that does not tell; `code` may be empty."""
    if not code:
        return Language("", 0.0, LanguageBasis.UNKNOWN, unread)
    return Language(code, 1.0, LanguageBasis.DECLARED, unread)


def _language_reason(code: str) -> str:
    return "" if code == READABLE else f"language: {code}"


def _identify_by_script(text: str, declared: str) -> Language | None:
    """Return the language of a text whose letters are mostly not Latin; None for all others."""
    ascii_letters = text.encode("ascii", "ignore").translate(None, _NO_LETTERS)
    if 2 * len(ascii_letters) >= len(text):
        return None
    letters = "".join(_LETTER.findall(text))
    if not letters or len(_LATIN.findall(letters)) * 2 >= len(letters):
        return None
    counted = (
        (len(regex.findall(rf"\p{{{name}}}", letters)), name, own, others)
        for name, own, others in _SCRIPTS
    )
    count, name, own, others = max(counted, key=lambda script: script[0])
    if not count:
        return Language("", 0.0, LanguageBasis.SCRIPT, "script: not Latin")
    # Japanese mixes three scripts; its syllables tell it from Chinese.
    if name == "Han" and regex.search(r"[\p{Hiragana}\p{Katakana}]", letters):
        own = "ja"
    code = declared if declared and declared in (own, *others.split()) else own
    if not code:
        return Language("", 0.0, LanguageBasis.SCRIPT, f"script: {name}")
    return Language(code, 1.0, LanguageBasis.SCRIPT, _language_reason(code))


def _extract_letters(text: str) -> bytes:
    """Return the first letters of a text for the model, in UTF-8.

    They are in lower case, with one space between words and long repetitions cut to two. Addresses,
    handles and hashtags are left out: they are no language.
    """
    text = text[:_LOOKED_AT]
    if "@" in text or "#" in text or "://" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    if text.isascii():
        data = text.encode().translate(_ASCII)
    else:
        lower = unicodedata.normalize("NFC", text).replace("’", "'").lower()
        data = _NOT_LATIN.sub(" ", lower).encode("utf-8", "ignore")
    return _REPEATED.sub(rb"\1\1", b" ".join(data.split()))


def _to_letter(code: int) -> int:
    """Return the code of the small letter; an apostrophe stays, all else becomes a space."""
    if code < 128 and chr(code).isalpha():
        return ord(chr(code).lower())
    return code if code == ord("'") else ord(" ")


_ASCII = bytes(_to_letter(code) for code in range(256))
_NO_LETTERS = bytes(code for code in range(256) if not (code < 128 and chr(code).isalpha()))
#: The bytes that `_extract_letters` yields for Latin letters; the first stands for all others.
LETTER_BYTES = bytes(
    [*b"\0 'abcdefghijklmnopqrstuvwxyz", *range(0x80, 0xC0), *range(0xC3, 0xCA), 0xE1]
)
_CLASSES = bytes(max(0, LETTER_BYTES.find(code)) for code in range(256))


@dataclass(frozen=True, slots=True)
class _LanguageModel:
    """A naive Bayes classifier over byte sequences, which an automaton finds.

    At each place of a text the longest known sequence that ends there counts. The automaton's next
    state is `move[row[state] + class of a byte]`, and each state has the log-probabilities of its
    sequence (or zeros) in `table`, one for each of LANGUAGES.
    """

    move: array[int]
    row: array[int]
    table: NDArray[np.float32]
    prior: NDArray[np.float32]

    def guess_language(self, letters: bytes) -> tuple[float, str, float]:
        """Return the probability of English, the likeliest language and its probability."""
        import numpy as np

        states = self._count_states(letters)
        counts = np.fromiter(states.values(), np.float32, len(states))
        rows = self.table.take(np.fromiter(states.keys(), np.intp, len(states)), axis=0)
        scores = np.log1p(counts) @ rows + self.prior
        # Neighbouring places repeat each other's evidence: the root of the length makes up for
        # that.
        scores /= sqrt(len(letters))
        odds = np.exp(scores - scores.max())
        odds /= odds.sum()
        best = int(odds.argmax())
        return float(odds[_ENGLISH]), LANGUAGES[best], float(odds[best])

    def _count_states(self, letters: bytes) -> Counter[int]:
        """Return how often each state is visited."""
        move, row, state = self.move, self.row, 0
        return Counter([state := move[row[state] + kind] for kind in letters.translate(_CLASSES)])


_ENGLISH = LANGUAGES.index(READABLE)
_loaded: _LanguageModel | None = None
_loading = threading.Lock()


def _language_model() -> _LanguageModel:
    """Return the model, loaded at first need and kept: 11 MB."""
    global _loaded
    if _loaded is None:
        with _loading:
            if _loaded is None:
                _loaded = _load_language_model()
    return _loaded


def _load_language_model() -> _LanguageModel:
    """Load the shipped model, which benchmarks/cut_language_model.py has made."""
    import numpy as np

    with np.load(SHIPPED, allow_pickle=False) as arrays:
        return _LanguageModel(
            move=array("H", arrays["move"].tobytes()),
            row=array("I", arrays["row"].tobytes()),
            table=arrays["table"],
            prior=arrays["prior"],
        )
