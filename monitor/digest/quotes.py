"""Three texts that speak for many: typical, different, of different people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from monitor.digest.phrase_ends import may_stand_alone
from monitor.digest.phrases import choose_sample
from monitor.domain.theme import ThemeText

QUOTES: Final = 3
_MOST_COMPARED: Final = 100
#: Words of a text that is read at a glance and still says something.
_SHORT: Final = 6
_LONG: Final = 60
_LIKENESS_WEIGHT: Final = 0.5


def choose_quotes(texts: Sequence[ThemeText], copies_of: Callable[[int], object]) -> list[int]:
    """Return the ids of up to three texts, the most typical first.

    A text is typical when its words are those of many of the others; what is like a chosen one
    counts less (maximal marginal relevance, Carbonell and Goldstein 1998). `copies_of` gives for an
    id whom it counts for: two of one are not chosen.
    """
    chosen_ids = set(choose_sample([text.feedback_id for text in texts], _MOST_COMPARED))
    words = {
        text.feedback_id: {word for word in text.words.split(" ") if may_stand_alone(word)}
        for text in texts
        if text.feedback_id in chosen_ids
    }
    frequency = Counter(word for each in words.values() for word in each)
    lengths = {text.feedback_id: text.words.count(" ") + 1 for text in texts}
    typical = {
        number: _typicality(own, frequency, len(words)) * _length_factor(lengths[number])
        for number, own in words.items()
    }
    quotes: list[int] = []
    voices: set[object] = set()
    while len(quotes) < QUOTES:
        left = [number for number in words if copies_of(number) not in voices]
        if not left:
            break
        best = max(
            left,
            key=lambda number: (
                typical[number]
                - _LIKENESS_WEIGHT
                * max((_likeness(words[number], words[one]) for one in quotes), default=0.0),
                -number,
            ),
        )
        quotes.append(best)
        voices.add(copies_of(best))
    return quotes


def _typicality(own: set[str], frequency: Counter[str], texts: int) -> float:
    """Return the mean share of texts that hold each of its words: 0 to 1."""
    return sum(frequency[word] for word in own) / (max(len(own), 1) * texts)


def _length_factor(words: int) -> float:
    if words < _SHORT:
        return words / _SHORT
    return min(1.0, _LONG / words)


def _likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(len(one | other), 1)
