"""The emotion head: a hint at what the writer felt, where the words say it clearly.

One logistic model over words and pairs of words for each emotion, trained by benchmarks/train_emotion.py on GoEmotions.
Each speaks up only from a threshold on that was set for precision, so that most texts get no hint. A hint is there to
be shown, not to be decided by.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from monitor.analysis.grams import Grams, spread

SHIPPED: Final = Path(__file__).parent / "data" / "emotion.json"
#: Where the feedback is probably a problem, words of these are more often irony than feeling.
PLEASANT: Final = frozenset({"admiration", "gratitude", "joy"})


class EmotionModel:
    """Hints at one emotion or none.

    Nothing that can be seen changes after construction, so one instance serves all threads.
    """

    __slots__ = ("_grams", "_limits")

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Take the tables of a model file: for each emotion the log-odds of words and pairs, and the least that do."""
        #: What is missing to the threshold before any word counts.
        self._limits: dict[str, float] = {name: table["bias"] - table["threshold"] for name, table in data.items()}
        grams = {gram for table in data.values() for gram in table["grams"]}
        # For each gram what it adds to each emotion, in their order.
        self._grams = Grams({gram: tuple(table["grams"].get(gram, 0.0) for table in data.values()) for gram in grams})

    @classmethod
    def load(cls) -> EmotionModel:
        """The shipped model."""
        return _shipped()

    @property
    def emotions(self) -> tuple[str, ...]:
        """What can be hinted at."""
        return tuple(self._limits)

    def hint(self, words: str, *, problem: bool = False) -> str | None:
        """The emotion that the normalised `words` show most clearly, None where none is clear.

        What is a `problem` gets no pleasant one.
        """
        found = self._grams.find(words.split(" "))
        if not found:
            return None
        factor = spread(len(found))
        margins = {
            name: limit + factor * total
            for (name, limit), total in zip(
                self._limits.items(), map(sum, zip(*found.values(), strict=True)), strict=True
            )
            if not (problem and name in PLEASANT)
        }
        best = max(margins, key=margins.__getitem__, default=None)
        return best if best is not None and margins[best] >= 0 else None


@cache
def _shipped() -> EmotionModel:
    return EmotionModel(json.loads(SHIPPED.read_text("utf-8")))
