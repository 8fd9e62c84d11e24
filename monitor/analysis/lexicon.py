"""The feedback lexicon: what words of complaint and praise weigh, and what made a score.

The package's own lexicon was made for tweets: "app crashes", "refund" and "unable to log in" weigh
nothing in it. The shipped file adds such words, phrases and emoji; a file of a workspace's own is
laid over it. The package's scores stay as they are: this is a second score beside them.
"""

from __future__ import annotations

import math
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import regex

from monitor.analysis.normalise import (
    FREE,
    TextNormaliser,
    combine_flags,
    phrase_word,
    positions_with_flags,
)
from monitor.analysis.vader import ScoreExplanation, VaderScorer, WeighedText, package_lexicon
from monitor.config import read_toml
from monitor.errors import ConfigError, ConfigProblem, suggest_nearest

SHIPPED: Final = Path(__file__).parent / "data" / "lexicon.toml"
MOST: Final = 4.0  #: the heaviest weight, as in the package's lexicon
MOST_WORDS: Final = 6  #: in one phrase
MOST_ENTRIES: Final = 5_000  #: in one file
_LONGEST: Final = 60  # characters of an entry

_KEY: Final = "weights"
_EMOJI: Final = regex.compile(r"\p{Extended_Pictographic}")
_EMOJI_MODIFIERS: Final = regex.compile(r"[\uFE0E\uFE0F\U0001F3FB-\U0001F3FF]")
_WORD: Final = regex.compile(r"[\w'#$€£%+&-]+")
#: VADER divides the sum of all values by its square root with this added (Hutto & Gilbert 2014).
_ALPHA: Final = 15
_NEGATION_REACH: Final = 3  # words over which VADER lets a negation act
_SENTENCE_ENDS: Final = tuple(
    mark + quote for mark in ".!?…" for quote in ("", '"', "'", ")", "”", "’")
)
#: A word that weighs nothing and, in capitals, leaves a text in capitals what it is.
_SILENT_WORD: Final = "A"
_PUNCTUATION: Final = string.punctuation + "“”„’‘"
#: What a token is to the scorer beside its weight: the end of a sentence, a negation, another word
#: than to the package, a workspace's own.
_SENTENCE_END, _NEGATION, _DIFFERENT, _OWN = FREE, 2 * FREE, 4 * FREE, 8 * FREE


class Contribution(NamedTuple):
    """What some of the customer's own words add to a score."""

    words: str
    change: float  #: of the score from -1 to 1; all of a text sum to the score


class LexiconScore(NamedTuple):
    """A text as the lexicon reads it."""

    compound: float  #: -1 to 1, the sum of all contributions, rounded to four decimals
    contributions: tuple[Contribution, ...] = ()  #: in the order of the text
    own: bool = False  #: whether a complaint in a workspace's own words is among them


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What words, phrases and emoji weigh, -4 to 4; 0 for those that say nothing."""

    weights: Mapping[str, float]
    own: frozenset[str] = frozenset()  #: the entries that a workspace added or changed

    @classmethod
    def load(cls, own: Path | None = None) -> Lexicon:
        """Return the shipped lexicon with a workspace's own file laid over it.

        Raises ConfigError with every mistake in that file.
        """
        weights = _load_entries(SHIPPED)
        added = _load_entries(own) if own else {}
        return cls({**weights, **added}, frozenset(added))

    @property
    def phrases(self) -> tuple[str, ...]:
        """The entries of several words."""
        return tuple(entry for entry in self.weights if " " in entry)

    @property
    def emoji(self) -> Mapping[str, str]:
        """The emoji among the entries, and the word that each becomes for the scorer."""
        return {entry: emoji_word(entry) for entry in self.weights if _EMOJI.fullmatch(entry)}

    def to_scorer_word(self, entry: str) -> str:
        """Return the word that an entry becomes for the scorer."""
        if _EMOJI.fullmatch(entry):
            return emoji_word(entry)
        return phrase_word(entry) if " " in entry else entry

    def overlay_on(self, words: Mapping[str, float]) -> dict[str, float]:
        """Return `words` with this lexicon laid over them: what a scorer needs of single words.

        Words that this lexicon weighs with 0 are left out.
        """
        own = {self.to_scorer_word(entry): weight for entry, weight in self.weights.items()}
        silenced = {word for word, weight in own.items() if not weight}
        overlaid = {**words, **own}
        return {word: weight for word, weight in overlaid.items() if word not in silenced}


class LexiconScorer:
    """Scores texts by VADER's rules over normalised text, with a lexicon laid over the package's.

    Nothing that can be seen changes after construction, so one instance serves all threads.
    """

    __slots__ = ("_normalise", "_own", "_package", "_scorer")

    def __init__(self, lexicon: Lexicon | None = None, package: VaderScorer | None = None) -> None:
        """Use `lexicon`, or the shipped one.

        `package` scores as the package does, for callers that have such a scorer.
        """
        lexicon = lexicon or Lexicon.load()
        words = lexicon.overlay_on(package_lexicon())
        self._scorer, self._package = VaderScorer(words), package or VaderScorer()
        self._normalise = TextNormaliser(
            words, lexicon.phrases, lexicon.emoji, self._flags_for_token
        )
        self._own = frozenset(
            lexicon.to_scorer_word(entry) for entry in lexicon.own if lexicon.weights[entry]
        )

    def score(
        self, text: str, tokens: Sequence[str] | None = None, package: WeighedText | None = None
    ) -> LexiconScore:
        """Return the score of `text` and what made it.

        `tokens` are `text.split()` and `package` is how the package weighs them, for callers that
        have these already.
        """
        normalised = self._normalise(text, tokens)
        words, written = normalised.tokens, normalised.written
        flags = combine_flags(normalised.flags)
        may_reach_over = flags & _SENTENCE_END and flags & _NEGATION
        if may_reach_over and (gaps := _find_negation_gaps(normalised.flags)):
            words, written = _pad_gaps(words, gaps), _pad_gaps(written, gaps)
            explanation = self._scorer.explain(" ".join(words), words)
        elif package is not None and words is tokens and not flags & _DIFFERENT:
            explanation = self._scorer.explain_weighed(text, package)
        else:
            explanation = self._scorer.explain(normalised.text, words)
        if not explanation.total and not explanation.values:
            return LexiconScore(0.0)
        own = bool(flags & _OWN) and self._complains_in_own_words(words, explanation)
        return LexiconScore(explanation.compound, _build_contributions(written, explanation), own)

    def _complains_in_own_words(self, words: Sequence[str], explanation: ScoreExplanation) -> bool:
        """Return whether one of the words that count against it is a workspace's own."""
        against = [words[at] for at, value in explanation.values if value < 0]
        return bool(combine_flags(self._normalise.flag_tokens(against)) & _OWN)

    def _flags_for_token(self, token: str) -> int:
        """Return what `token` is to the scorer beside its weight: any of the flags above."""
        own = token.strip(string.punctuation).lower() in self._own
        different = not self._scorer.is_same_word(self._package, token)
        return (
            _SENTENCE_END * token.endswith(_SENTENCE_ENDS)
            | _NEGATION * self._scorer.is_negation(token)
            | _DIFFERENT * different
            | _OWN * own
        )

    def contributions(self, text: str) -> tuple[Contribution, ...]:
        """Return what each word adds to the score of `text`; the sum is the score before rounding.

        VADER sums the values of words to x and scores x / sqrt(x² + 15). Every word has its share
        of that: its value divided by the same root.
        """
        return self.score(text).contributions


def emoji_word(emoji: str) -> str:
    """Return the one word that an emoji becomes."""
    return f"emoji_{ord(emoji):x}"


def _find_negation_gaps(flags: bytes) -> list[int]:
    """Return the tokens that end a sentence over which the scorer would carry a negation.

    By their positions; the scorer does not stop at the end of a sentence.
    """
    reached = {
        place + step
        for place in positions_with_flags(_NEGATION, flags)
        for step in range(_NEGATION_REACH)
    }
    return [
        place for place in sorted(reached) if place < len(flags) and flags[place] & _SENTENCE_END
    ]


def _pad_gaps(tokens: Sequence[str], gaps: Sequence[int]) -> list[str]:
    """Return the tokens with so many silent ones behind each gap that nothing reaches over it."""
    spaced: list[str] = []
    start = 0
    for gap in gaps:
        spaced += [*tokens[start : gap + 1], *[_SILENT_WORD] * _NEGATION_REACH]
        start = gap + 1
    return [*spaced, *tokens[start:]]


def _build_contributions(
    written: Sequence[str], explanation: ScoreExplanation
) -> tuple[Contribution, ...]:
    root = math.sqrt(explanation.total**2 + _ALPHA)
    found = [
        Contribution(_strip_punctuation(written[place]), value / root)
        for place, value in explanation.values
    ]
    if explanation.emphasis:
        marks = "!" if any("!" in token for token in written) else "?"
        found.append(Contribution(marks, explanation.emphasis / root))
    return tuple(found)


def _strip_punctuation(words: str) -> str:
    """Return the words without punctuation around them; as they are if that is all, like ":)"."""
    return words.strip(_PUNCTUATION) or words


def _load_entries(path: Path) -> dict[str, float]:
    return parse_entries(read_toml(path), path.name)


def parse_entries(data: Mapping[str, Any], file: str) -> dict[str, float]:
    """Return the weights of a parsed file by entry; `file` names it in mistakes.

    Raises ConfigError with all of them.
    """
    problems = [
        ConfigProblem(f"{file}: {key}", f"unknown key; {suggest_nearest(key, [_KEY])}")
        for key in data
        if key != _KEY
    ]
    table = data.get(_KEY, {})
    if not isinstance(table, dict):
        raise ConfigError(
            [
                *problems,
                ConfigProblem(f"{file}: {_KEY}", f"write the entries below a line [{_KEY}]"),
            ]
        )
    if len(table) > MOST_ENTRIES:
        problems.append(
            ConfigProblem(
                f"{file}: {_KEY}", f"{len(table)} entries; at most {MOST_ENTRIES} are allowed"
            )
        )
    weights: dict[str, float] = {}
    for entry, weight in table.items():
        name = _normalise_entry(entry)
        if message := _entry_error(name, weight, weights):
            problems.append(ConfigProblem(f"{file}: {_KEY}.{entry!r}", message))
        else:
            weights[name] = float(weight)
    if problems:
        raise ConfigError(problems)
    return weights


def _normalise_entry(written: str) -> str:
    """Return an entry in lower case, with plain quotes and single spaces, emoji unmodified."""
    plain = _EMOJI_MODIFIERS.sub("", written.replace("’", "'").replace("‘", "'"))
    return " ".join(plain.lower().split())


def _entry_error(entry: str, weight: object, others: Mapping[str, float]) -> str:
    """Return what is wrong with an entry; empty when nothing is."""
    if not isinstance(weight, (int, float)) or isinstance(weight, bool):
        return "a number is needed, from -4 (worst) to 4 (best); 0 makes it say nothing"
    if not -MOST <= weight <= MOST:  # also refuses nan
        return f"{weight:g} is out of range; numbers from -4 (worst) to 4 (best) are allowed"
    if entry in others:
        return "it is there twice, perhaps in other case or with other quotes; keep one of them"
    words = entry.split()
    if len(words) > MOST_WORDS or len(entry) > _LONGEST:
        return f"it is too long; at most {MOST_WORDS} words and {_LONGEST} characters are allowed"
    if not _EMOJI.fullmatch(entry) and not (words and all(map(_is_plain_word, words))):
        return (
            "write a word, words with one space between them, or one emoji, "
            "without punctuation around them"
        )
    return ""


def _is_plain_word(word: str) -> bool:
    return bool(_WORD.fullmatch(word)) and word.strip(string.punctuation) == word
