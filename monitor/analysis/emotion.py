"""The emotion model: a hint at what the writer felt, where the words say it clearly.

One logistic model over words and pairs of words for each emotion, trained by
benchmarks/train_emotion.py on GoEmotions. Each answers only above a threshold that was set for
precision, so that most texts get no hint. A hint is there to be shown, not to be decided by.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cache
from math import inf
from pathlib import Path
from typing import Any, Final

from monitor.analysis.grams import NGramTable, length_factor

SHIPPED: Final = Path(__file__).parent / "data" / "emotion.json"
#: Where the feedback is probably a problem, words of these are more often irony than feeling.
PLEASANT: Final = frozenset({"admiration", "gratitude", "joy"})
_ROUNDING: Final = 1e-9

#: What a word or pair adds to each emotion, in their order, and behind them the most of these.
EmotionWeights = tuple[float, ...]


class EmotionModel:
    """Hints at one emotion or none.

    Nothing that can be seen changes after construction, so one instance serves all threads.
    """

    __slots__ = (
        "_base_margins",
        "_base_margins_of_problems",
        "_least_needed",
        "emotions",
        "grams",
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Take the tables of a model file, by emotion.

        Each table has the log-odds of words and pairs, a bias, and the threshold from which on it
        counts.
        """
        #: what can be hinted at
        self.emotions = tuple(data)
        # How far each emotion is above its threshold before any word counts, and the same where
        # nothing pleasant is meant.
        self._base_margins: EmotionWeights = tuple(
            table["bias"] - table["threshold"] for table in data.values()
        )
        #: what words must add to the emotion that is nearest; less a rounding error
        self._least_needed = -max(self._base_margins) - _ROUNDING
        margins = zip(self.emotions, self._base_margins, strict=True)
        self._base_margins_of_problems: EmotionWeights = tuple(
            -inf if name in PLEASANT else margin for name, margin in margins
        )
        known = sorted({gram for table in data.values() for gram in table["grams"]})
        weights = {
            gram: tuple(table["grams"].get(gram, 0.0) for table in data.values()) for gram in known
        }
        self.grams: NGramTable[EmotionWeights] = NGramTable(
            {gram: (*each, max(each)) for gram, each in weights.items()}
        )

    @classmethod
    def load(cls) -> EmotionModel:
        """Return the shipped model."""
        return _load_emotion_model()

    def hint_for_words(self, words: str, *, problem: bool = False) -> str | None:
        """Return the emotion that the normalised `words` show most clearly; None where none is.

        What is a `problem` gets no pleasant one.
        """
        return self.hint_for_weights(
            self.grams.find_known(words.split(" ")).values(), problem=problem
        )

    def hint_for_weights(
        self, found: Collection[EmotionWeights], *, problem: bool = False
    ) -> str | None:
        """Return the emotion that words and pairs with these weights show most clearly.

        As `hint_for_words`, for callers that have looked the weights up.
        """
        if not found:
            return None
        factor = length_factor(len(found))
        # Most texts are far from any emotion, which one sum tells.
        if factor * sum([weights[-1] for weights in found]) < self._least_needed:
            return None
        base = self._base_margins_of_problems if problem else self._base_margins
        totals = map(sum, zip(*found, strict=True))
        margins = [start + factor * total for start, total in zip(base, totals, strict=False)]
        best = max(margins)
        return self.emotions[margins.index(best)] if best >= 0 else None


@cache
def _load_emotion_model() -> EmotionModel:
    return EmotionModel(json.loads(SHIPPED.read_text("utf-8")))
