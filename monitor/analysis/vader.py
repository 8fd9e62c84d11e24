"""VADER sentiment in linear time: to the last bit what the vaderSentiment package answers.

The package stays the base: lexicon, emoji table, word lists and constants are its own. Only the
walk over the text is ours, because the package's is quadratic and a comment full of emoji can hold
it for minutes. Its mistakes are kept on purpose: whoever has the package can reproduce every score.

Method: Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social
Media Text", 2014.
"""

from __future__ import annotations

import math
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from itertools import compress, groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypedDict

from vaderSentiment import vaderSentiment

from monitor.analysis.token_cache import TokenCache

#: Distance of a booster from the word, and what is left of it.
_DAMPING: Final = ((1, 1.0), (2, 0.95), (3, 0.9))
_NEVER_SO: Final = 1.25  # "never so good", "never this good"
_BEFORE_BUT, _AFTER_BUT = 0.5, 1.5
_EXCLAMATION: Final = 0.292  # each, for at most four
_QUESTION, _MANY_QUESTIONS = 0.18, 0.96  # each of two or three; four and more together

_SO_THIS: Final = frozenset({"so", "this"})
_ACTING: Final = frozenset({"no", "least", "kind", "so", "this"})  # beside boosters and negations
_READ_WITH_THEM: Final = frozenset({"or", "nor", "at", "very", "of", "doubt", "but"})

_NEGATIONS: Final = frozenset(vaderSentiment.NEGATE)
_CONTRACTED_NOT: Final = "n't"  # "isn't" is a negation, and so is every word that holds this

_LISTED: Final = (*vaderSentiment.SPECIAL_CASES, *vaderSentiment.BOOSTER_DICT)
_PHRASES: Final = tuple(phrase.split() for phrase in _LISTED if " " in phrase)
_ASCII: Final = bytes(range(128))
#: Of each phrase the longest word, which is a rare one.
_PHRASE_KEYS: Final = frozenset(max(phrase, key=len) for phrase in _PHRASES)


class PolarityScores(TypedDict):
    """The package's answer: proportions and `compound`, from -1 to 1.

    The three proportions sum to 1, or to 0 without words.
    """

    neg: float
    neu: float
    pos: float
    compound: float


class ScoreExplanation(NamedTuple):
    """What lies behind a compound score, in the unit of the lexicon (-4 to 4 for one word)."""

    #: place in `text.split()` and value after all rules, those of 0 left out
    values: tuple[tuple[int, float], ...]
    emphasis: float  #: what exclamation and question marks add, with its sign
    total: float  #: the sum of values and emphasis
    compound: float  #: exactly as `VaderScorer.score` gives it


class WeighedText(NamedTuple):
    """The words of a text with their values after all rules."""

    text: str  #: with emoji spelled out
    places: Sequence[int]  #: of the words that can differ from 0
    values: list[float]  #: of all words


_SILENT: Final = ScoreExplanation((), 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Word:
    """All that the rules ask of one word."""

    text: str = ""  #: lower case, punctuation stripped; empty for a word that no list names
    #: lexicon value; None for boosters too, which are never scored themselves
    value: float | None = None
    in_lexicon: bool = False
    boost: float = 0.0
    negates: bool = False
    acts: bool = False  #: some rule names it, so that words nearby cannot take the short way
    counts: bool = False  #: has a value, or is "but"


_COUNTS: Final = attrgetter("counts")
_PLAIN: Final = _Word()
_CONTRACTION: Final = _Word(negates=True, acts=True)
#: In front of the text: the rules look through lexicon words.
_OUTSIDE: Final = _Word(in_lexicon=True)


class VaderScorer:
    """Scores text exactly as `SentimentIntensityAnalyzer.polarity_scores` of vaderSentiment does.

    Nothing that can be seen changes after construction, so one instance serves all threads.
    """

    __slots__ = ("_emoji", "_emoji_characters", "_words")

    def __init__(self, lexicon: Mapping[str, float] | None = None) -> None:
        """Take a copy of `lexicon` (lower-case word to value), or of the package's.

        Raises ValueError for a value that is not finite.
        """
        analyzer = _package_analyzer()
        values = dict(analyzer.lexicon if lexicon is None else lexicon)
        for word, value in values.items():
            if not math.isfinite(value):
                raise ValueError(f"lexicon: the value of {word!r} is {value}; give a finite number")
        known = _known_words(values)
        self._words = TokenCache(lambda token: _read_word(token, known))
        # The package sees single characters only; a space too many is lost when the text is split.
        self._emoji = {
            emoji: f" {text}" for emoji, text in analyzer.emojis.items() if len(emoji) == 1
        }
        self._emoji_characters = frozenset(self._emoji)

    def score(self, text: str, tokens: Sequence[str] | None = None) -> PolarityScores:
        """Return the package's four values for `text`, in time that grows with its length.

        `tokens` are `text.split()`, for callers that have them already.
        """
        return self.score_weighed(self.weigh_text(text, tokens))

    def score_weighed(self, weighed: WeighedText) -> PolarityScores:
        """Return the package's four values for a text that has been weighed."""
        if not weighed.places:
            return {"neg": 0.0, "neu": 1.0 if weighed.values else 0.0, "pos": 0.0, "compound": 0.0}
        values = weighed.values
        return _summarise_valences(
            values, [values[place] for place in weighed.places], _punctuation_emphasis(weighed.text)
        )

    def explain(self, text: str, tokens: Sequence[str] | None = None) -> ScoreExplanation:
        """Return what each token of `text.split()` adds to the sum behind compound.

        Emoji count where they stand.
        """
        return self.explain_weighed(text, self.weigh_text(text, tokens))

    def weigh_text(self, text: str, tokens: Sequence[str] | None = None) -> WeighedText:
        """Return the values of the words; a score and its explanation follow from them."""
        spelled = self._spell_out_emoji(text)
        if tokens is None or spelled is not text:
            tokens = spelled.split()
        words = list(map(self._words.__getitem__, tokens))
        places = list(compress(range(len(words)), map(_COUNTS, words)))
        return WeighedText(
            spelled, places, _word_valences(tokens, words, places) if places else [0] * len(words)
        )

    def explain_weighed(self, text: str, weighed: WeighedText) -> ScoreExplanation:
        """Return what lies behind the compound score of a text that has been weighed."""
        if not weighed.places:
            return _SILENT
        values = weighed.values
        found: Iterable[tuple[int, float]] = [
            (place, values[place]) for place in weighed.places if values[place]
        ]
        if weighed.text is not text:
            found = self._map_to_written_tokens(text, found)
        total = float(sum(values))
        emphasis = math.copysign(_punctuation_emphasis(weighed.text), total) if total else 0.0
        total += emphasis
        return ScoreExplanation(
            tuple(found), emphasis, total, round(vaderSentiment.normalize(total), 4)
        )

    def is_same_word(self, other: VaderScorer, token: str) -> bool:
        """Return whether `token` is the same word to both scorers, and no emoji."""
        ours, theirs = self._words[token], other._words[token]
        same = ours.value == theirs.value and ours.in_lexicon == theirs.in_lexicon
        return same and self._spell_out_emoji(token) is token

    def is_negation(self, token: str) -> bool:
        """Return whether `token` is a negation."""
        return self._words[token].negates

    def _map_to_written_tokens(
        self, text: str, values: Iterable[tuple[int, float]]
    ) -> Iterator[tuple[int, float]]:
        """Yield the values at the places that the words had before emoji became several."""
        lengths = (len(self._spell_out_emoji(token).split()) for token in text.split())
        owners = [place for place, length in enumerate(lengths) for _ in range(length)]
        for owner, group in groupby(values, key=lambda item: owners[item[0]]):
            if value := sum(value for _, value in group):
                yield owner, value

    def _spell_out_emoji(self, text: str) -> str:
        # In UTF-8 the bytes of ASCII stand for nothing else: without them there is little left to
        # look through.
        if text.isascii():
            return text
        rest = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
        if self._emoji_characters.isdisjoint(rest.decode("utf-8", "surrogatepass")):
            return text
        return "".join(map(self._emoji.get, text, text))


def is_negation(word: str) -> bool:
    """Return whether `word` negates; it is lower-case, without punctuation.

    As the package's `negated` says, which is slow.
    """
    return word in _NEGATIONS or _CONTRACTED_NOT in word


def package_lexicon() -> dict[str, float]:
    """Return the package's lexicon, lower-case word to value; a copy of one's own."""
    return dict(_package_analyzer().lexicon)


@cache
def _package_analyzer() -> Any:
    """Return the package's analyzer, made once: it reads two files."""
    return vaderSentiment.SentimentIntensityAnalyzer()


def _read_word(token: str, known: Mapping[str, _Word]) -> _Word:
    """Return what the rules ask of a token as written; `known` are the words that lists name."""
    bare = token.strip(string.punctuation)
    # One or two characters between punctuation may be an emoticon, such as ":D".
    lower = (bare if len(bare) > 2 else token).lower()
    return known.get(lower) or (_CONTRACTION if _CONTRACTED_NOT in lower else _PLAIN)


def _known_words(lexicon: Mapping[str, float]) -> dict[str, _Word]:
    acting = {*_ACTING, *vaderSentiment.BOOSTER_DICT, *vaderSentiment.NEGATE, *_PHRASE_KEYS}
    texts = {*lexicon, *acting, *_READ_WITH_THEM, *(text for phrase in _PHRASES for text in phrase)}
    return {
        text: _Word(
            text=text,
            value=None if text in vaderSentiment.BOOSTER_DICT else lexicon.get(text),
            in_lexicon=text in lexicon,
            boost=vaderSentiment.BOOSTER_DICT.get(text, 0.0),
            negates=is_negation(text.lower()),
            acts=text in acting or _CONTRACTED_NOT in text,
            counts=text == "but" or (text in lexicon and text not in vaderSentiment.BOOSTER_DICT),
        )
        for text in texts
    }


def _word_valences(tokens: Sequence[str], words: list[_Word], places: Sequence[int]) -> list[float]:
    """Return one value per word after all rules, 0 for words that carry none."""
    # Integers, as the package's: sum() tells them from floats.
    values: list[float] = [0] * len(words)
    if all(map(str.isupper, tokens)):
        tokens = [""] * len(tokens)  # capitals throughout emphasise nothing
    # Two words behind the end, and in front of the start, which indices -1 to -3 reach, three more.
    words = [*words, _PLAIN, _PLAIN, _OUTSIDE, _OUTSIDE, _OUTSIDE]
    for i in places:
        if (value := words[i].value) is not None:
            if not _is_alone(words, i) or tokens[i].isupper():
                value = _apply_word_rules(words, tokens, i, value)
            values[i] = value
    but = next((i for i in places if words[i].text == "but"), None)
    if but is not None:
        _apply_but_rule(values, places, but)
    return values


def _is_alone(words: Sequence[_Word], i: int) -> bool:
    """Return whether no rule about neighbours can touch word `i`."""
    if words[i].acts or words[i - 1].acts or words[i - 2].acts or words[i - 3].acts:
        return False
    return not (words[i + 1].acts or words[i + 2].acts)


def _apply_word_rules(words: Sequence[_Word], tokens: Sequence[str], i: int, value: float) -> float:
    """Return `value` of word `i` after the rules.

    They run in the package's order: each depends on the sign that the last one left.
    """
    if words[i].text == "kind" and words[i + 1].text == "of":
        return 0
    value = _apply_no_negation(words, i, value)
    if tokens[i].isupper():
        value += vaderSentiment.C_INCR if value > 0 else -vaderSentiment.C_INCR
    for distance, damping in _DAMPING:
        before = words[i - distance]
        if before.in_lexicon:
            continue
        if before.boost:
            value += _booster_increment(before, value, tokens[i - distance].isupper()) * damping
        if before.acts or distance == 3:
            value *= _negation_factor(words, i, distance)
        if distance == 3:
            value = _apply_special_phrases(words, i, value)
    return value * vaderSentiment.N_SCALAR if _follows_least(words, i) else value


def _apply_no_negation(words: Sequence[_Word], i: int, value: float) -> float:
    """Return `value` of word `i` after the rules for "no".

    As a negation it flips the words behind it and then counts nothing itself.
    """
    near, middle, far = words[i - 1].text, words[i - 2].text, words[i - 3].text
    if "no" in (near, middle) or (far == "no" and near in ("or", "nor")):
        value *= vaderSentiment.N_SCALAR
    elif words[i].text == "no" and words[i + 1].in_lexicon:
        value = 0.0
    return value


def _booster_increment(booster: _Word, value: float, in_capitals: bool) -> float:
    boost = -booster.boost if value < 0 else booster.boost
    if in_capitals:
        boost += vaderSentiment.C_INCR if value > 0 else -vaderSentiment.C_INCR
    return boost


def _negation_factor(words: Sequence[_Word], i: int, distance: int) -> float:
    """Return the factor that the word `distance` before word `i` brings in."""
    before, near = words[i - distance], words[i - 1].text
    # Three words back, "so" or "this" next to word `i` counts as "never so" whatever comes first: a
    # slip, and kept.
    if distance == 3 and near in _SO_THIS:
        return _NEVER_SO
    if distance > 1:
        behind = words[i - distance + 1].text
        if before.text == "never" and behind in _SO_THIS:
            return _NEVER_SO
        if before.text == "without" and "doubt" in (behind, near):
            return 1.0
    return vaderSentiment.N_SCALAR if before.negates else 1.0


def _apply_special_phrases(words: Sequence[_Word], i: int, value: float) -> float:
    """Return `value` of word `i` after the set phrases around it.

    A set phrase replaces it, then "kind of" and the like in front of it change it.
    """
    around = [word.text for word in words[i - 3 : i + 3]]
    if _PHRASE_KEYS.isdisjoint(around):
        return value
    cases = vaderSentiment.SPECIAL_CASES
    far, middle, near, own, next_, after = around
    in_front = three, farther, nearer = (
        f"{far} {middle} {near}",
        f"{far} {middle}",
        f"{middle} {near}",
    )
    through = (f"{near} {own}", f"{middle} {near} {own}", nearer, three, farther)
    value = next((cases[phrase] for phrase in through if phrase in cases), value)
    value = cases.get(f"{own} {next_}", value)
    value = cases.get(f"{own} {next_} {after}", value)
    for phrase in in_front:
        value += vaderSentiment.BOOSTER_DICT.get(phrase, 0)
    return value


def _follows_least(words: Sequence[_Word], i: int) -> bool:
    before = words[i - 1]
    return (
        before.text == "least" and not before.in_lexicon and words[i - 2].text not in ("at", "very")
    )


def _apply_but_rule(values: list[float], places: Sequence[int], but: int) -> None:
    """Halve what stands before the first "but" and raise what follows.

    The package finds each value's place by its first equal, so of equal values the first is changed
    again and again, by what it has become. A heap of places per value finds that first one in
    logarithmic time.
    """
    if 0 in values and (zero := values.index(0)) != but:
        # As the package leaves it: the type decides how sum() rounds since Python 3.12.
        values[zero] = 0.0
    where: dict[float, list[int]] = {}
    for place in places:
        where.setdefault(values[place], []).append(place)
    for place in places:
        value = values[place]
        first = where[value][0]
        if value == 0 or first == but:
            continue
        values[first] = value * (_BEFORE_BUT if first < but else _AFTER_BUT)
        heappop(where[value])
        heappush(where.setdefault(values[first], []), first)


def _punctuation_emphasis(text: str) -> float:
    questions = text.count("?")
    amplified = 0.0
    if questions > 1:
        amplified = questions * _QUESTION if questions < 4 else _MANY_QUESTIONS
    return min(text.count("!"), 4) * _EXCLAMATION + amplified


def _summarise_valences(
    values: list[float], counted: Sequence[float], emphasis: float
) -> PolarityScores:
    """Return the four values of a text whose words have `values`.

    Only those in `counted` can differ from 0; `emphasis` is what its punctuation adds.
    """
    total = float(sum(values))
    total += math.copysign(emphasis, total) if total else 0.0
    # Added one by one, as the package does: sum() would round differently since Python 3.12.
    pos = neg = 0.0
    for value in counted:
        if value > 0:
            pos += value + 1
        elif value < 0:
            neg += value - 1
    if pos > -neg:
        pos += emphasis
    elif pos < -neg:
        neg -= emphasis
    neutral = values.count(0)
    whole = pos - neg + neutral
    return {
        "neg": round(abs(neg / whole), 3),
        "neu": round(neutral / whole, 3),
        "pos": round(pos / whole, 3),
        "compound": round(vaderSentiment.normalize(total), 4),
    }
