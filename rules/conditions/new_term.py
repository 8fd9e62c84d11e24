"""new_term: several people use a word that nobody used before."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence
from monitor.domain.window import WindowHistory, WindowView, start_of_day
from monitor.settings import Duration
from rules.base import ConditionOptions
from rules.spans import format_span
from rules.window_condition import WindowCondition

_DAY = timedelta(days=1)
_MEMORY = timedelta(days=28)
_LEAST_HISTORY, _LEAST_TEXTS = timedelta(days=7), 100
#: Shorter words are mostly parts of others, unless they are of a script without spaces.
_SHORTEST = 3


class NewTermOptions(ConditionOptions):
    """How many people, and in which time."""

    min: Annotated[int, Field(strict=True, ge=2, le=1_000)] = 4  #: so many people or more
    #: since the start of the UTC day so long before the feedback
    within: Annotated[Duration, Field(ge=timedelta(hours=1), le=timedelta(days=7))] = _DAY
    #: about so many false alarms in 28 days
    alarms_per_month: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)] = 0.5


@dataclass(frozen=True, slots=True)
class _KnownWords:
    """The words of a time, with the days on which each was used."""

    begins: datetime
    days: Mapping[str, int]  #: by word; bit n is the day n after the beginning
    texts: Mapping[int, int]  #: how many there were, by the number of the day


@dataclass(frozen=True, slots=True)
class _NewWord:
    """A word that was not used before the window, and how many people use it now."""

    word: str
    people: int
    texts_before: int
    probability: float  #: that so many would use some such word by chance


class NewTermCondition(WindowCondition):
    """Holds where the feedback has a word that so many people have used since the start of the
    window, and nobody in the 28 days before it.

    Of all for which the other conditions hold. What is rare is not new: so many people must be more
    than chance brings with words that are too rare to have been seen before. It needs a week of
    history with a hundred texts.
    """

    Options = NewTermOptions
    short = "min"
    reads_words: ClassVar[bool] = True

    def __init__(self, value: object) -> None:
        self._options = NewTermOptions.model_validate(self.table(value))

    @property
    def alarms_per_month(self) -> float:
        """About how many false alarms it promises in 28 days."""
        return self._options.alarms_per_month

    @property
    def span(self) -> timedelta:
        """The window, with the day in which it begins."""
        return self._options.within + _DAY

    @property
    def memory(self) -> timedelta:
        """28 days before the window."""
        return _MEMORY + self.span

    def learn(self, known: object, history: WindowHistory) -> _KnownWords:
        """Return on which days each word was used."""
        days: defaultdict[str, int] = defaultdict(int)
        texts: defaultdict[int, int] = defaultdict(int)
        if isinstance(known, _KnownWords):
            gone = (history.begins - known.begins) // _DAY
            days.update((word, mask >> gone) for word, mask in known.days.items() if mask >> gone)
            texts.update((day - gone, n) for day, n in known.texts.items() if day >= gone)
        for item in history.items:
            day = (item.at - history.begins) // _DAY
            if day < 0:
                continue
            texts[day] += 1
            for word in _list_words(item.words):
                days[word] |= 1 << day
        return _KnownWords(history.begins, dict(days), dict(texts))

    def check_window(self, window: WindowView, evidence: Evidence) -> Clause | None:
        """Return a clause with the word and the number of people, or None."""
        found = self._find_newest(window)
        if found is None or found.people < self._options.min:
            return None
        if found.probability >= self._options.alarms_per_month / 28:
            return None
        return self.clause(
            f"has a word that is new: {found.people} people within "
            f"{format_span(self._options.within)}, none of {found.texts_before} texts before",
            [found.word],
        )

    def measure_window(self, window: WindowView, evidence: Evidence) -> str:
        """Return the newest word and how many people use it."""
        if not self._has_history(window):
            return "too little history to know which words are new"
        found = self._find_newest(window)
        if found is None:
            return "no new word"
        return f"{found.word!r} is new: {found.people} of {self._options.min} people"

    def describe(self) -> str:
        """Return what is asked for: how many people, and the time."""
        options = self._options
        span = format_span(options.within)
        return f"has a word that is new, used by {options.min} people or more within {span}"

    def _has_history(self, window: WindowView) -> bool:
        known = window.learned.get(self.key)
        if not isinstance(known, _KnownWords):
            return False
        before = self._days_before(window, known)
        texts = {day: count for day, count in known.texts.items() if day < before}
        lasting = before - min(texts, default=before)
        return lasting >= _LEAST_HISTORY / _DAY and sum(texts.values()) >= _LEAST_TEXTS

    def _days_before(self, window: WindowView, known: _KnownWords) -> int:
        """Return the number of the day in which the window begins."""
        return (start_of_day(window.own.at - self._options.within) - known.begins) // _DAY

    def _find_newest(self, window: WindowView) -> _NewWord | None:
        """Return the new word of the feedback that most people use; None where none is new."""
        known = window.learned.get(self.key)
        if not isinstance(known, _KnownWords) or not self._has_history(window):
            return None
        before = self._days_before(window, known)
        old = (1 << before) - 1
        new = [word for word in _list_words(window.own.words) if not known.days.get(word, 0) & old]
        if not new:
            return None
        begins = start_of_day(window.own.at - self._options.within)
        users: defaultdict[str, set[Hashable]] = defaultdict(set)
        texts = 0
        for item in window.iterate_since(begins):
            texts += 1
            words = set(item.words.split())
            for word in new:
                if word in words:
                    users[word].add(item.person)
        word = max(new, key=lambda one: (len(users[one]), one))
        texts_before = sum(count for day, count in known.texts.items() if day < before)
        chance = _tail(len(users[word]), texts / (texts_before + 1)) * len(known.days)
        return _NewWord(word, len(users[word]), texts_before, chance)


def _list_words(words: str) -> Iterator[str]:
    """Yield each word of a text once: what has letters, and at least three of them in Latin."""
    for word in dict.fromkeys(words.split()):
        if not word.isdigit() and (len(word) >= _SHORTEST or not word.isascii()):
            yield word


def _tail(count: int, mean: float) -> float:
    """Return the probability of so many or more where so many are expected (Poisson)."""
    below = sum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count))
    if below < 1 - 1e-9:
        return 1 - below
    # So small that the difference to 1 has no digits left: the first terms of the tail.
    return sum(
        math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count, count + 20)
    )
