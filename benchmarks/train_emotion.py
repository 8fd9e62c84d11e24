"""Trains the emotion head from GoEmotions and writes the file that is shipped.

    python benchmarks/train_emotion.py --data DIR [--out FILE]

DIR/goemotions holds the data as published. The training part alone is learnt from, thresholds are
set on the dev part, and the figures that are printed are those of the test part. The same data and
versions give the same file. Needs scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from labelled import Emotional, emotional
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve

from monitor.analysis.emotion import SHIPPED, EmotionModel
from monitor.analysis.grams import length_factor
from monitor.domain.tokens import normalize_text

#: What is hinted at, and which of the published emotions it stands for.
HINTS: Mapping[str, frozenset[str]] = {
    "admiration": frozenset({"admiration"}),
    "anger": frozenset({"anger", "annoyance", "disgust"}),
    "confusion": frozenset({"confusion"}),
    "gratitude": frozenset({"gratitude"}),
    "joy": frozenset({"joy", "excitement", "love"}),
    "sadness": frozenset({"sadness", "disappointment", "grief", "remorse"}),
    "surprise": frozenset({"surprise"}),
    "worry": frozenset({"fear", "nervousness"}),
}
PRECISION = 0.6  #: aimed for on the dev part
FEWEST_HINTS = 15  #: on the dev part, or the threshold is not trusted
MOST_GRAMS = 2_500
FEWEST_TEXTS = 10
STRENGTH = 1.0  #: inverse of the regularisation
LIGHTEST = 0.35  #: log-odds; nearer to 0 a word is left out
_WORD = re.compile(r"[^\W\d_]")


def grams(text: str) -> frozenset[str]:
    """The normalised words and pairs of words of a text, each once."""
    tokens = normalize_text(text).split(" ")
    return frozenset(tokens).union(map(" ".join, pairwise(tokens)))


def matrix(texts: Sequence[frozenset[str]], columns: Mapping[str, int]) -> sparse.csr_matrix:
    """One row per text, as the model looks at it."""
    indices: list[int] = []
    starts = [0]
    values: list[float] = []
    for text in texts:
        known = sorted(columns[gram] for gram in text if gram in columns)
        indices += known
        starts.append(len(indices))
        values += [length_factor(len(known))] * len(known)
    return sparse.csr_matrix((values, indices, starts), shape=(len(texts), len(columns)))


def train(items: Sequence[Emotional]) -> dict[str, Any]:
    """The tables of the model file."""
    parts = {part: [item for item in items if item.part == part] for part in ("train", "dev")}
    texts = {part: [grams(item.text) for item in chosen] for part, chosen in parts.items()}
    counted = Counter(gram for text in texts["train"] for gram in text if _WORD.search(gram))
    usable = sorted(counted, key=lambda gram: (-counted[gram], gram))[:MOST_GRAMS]
    columns = {
        gram: number
        for number, gram in enumerate(sorted(g for g in usable if counted[g] >= FEWEST_TEXTS))
    }
    labels = {
        (part, name): [not item.emotions.isdisjoint(meant) for item in chosen]
        for part, chosen in parts.items()
        for name, meant in HINTS.items()
    }
    learnt = matrix(texts["train"], columns)
    models = {
        name: LogisticRegression(C=STRENGTH, max_iter=500).fit(learnt, labels["train", name])
        for name in HINTS
    }
    weights = np.stack([model.coef_[0] for model in models.values()])
    weights[np.abs(weights) < LIGHTEST] = 0
    kept = [gram for gram, at in columns.items() if weights[:, at].any()]
    weights = weights[:, [columns[gram] for gram in kept]].round(2)
    checked = matrix(texts["dev"], {gram: at for at, gram in enumerate(kept)})
    tables: dict[str, Any] = {}
    for (name, model), own in zip(models.items(), weights, strict=True):
        bias = float(model.intercept_[0])
        tables[name] = {
            "bias": round(bias, 3),
            "threshold": round(threshold(labels["dev", name], checked @ own + bias), 3),
            "grams": {
                gram: float(weight) for gram, weight in zip(kept, own, strict=True) if weight
            },
        }
    return tables


def threshold(labels: Sequence[bool], scores: np.ndarray) -> float:
    """The least log-odds with the precision aimed for."""
    precision, _, limits = precision_recall_curve(labels, scores)
    enough = np.sort(scores)[-FEWEST_HINTS]
    fit = [
        limit
        for at, limit in zip(precision, limits, strict=False)
        if at >= PRECISION and limit <= enough
    ]
    return float(min(fit, default=enough))


def main() -> None:
    """Train, write the file, print the figures of the test part."""
    parser = argparse.ArgumentParser(description="Train the emotion head.")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds goemotions/")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="the model file")
    arguments = parser.parse_args()
    items = emotional(arguments.data)
    tables = train(items)
    arguments.out.write_text(
        json.dumps(tables, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8"
    )
    report(EmotionModel(tables), [item for item in items if item.part == "test"])


def report(model: EmotionModel, items: Sequence[Emotional]) -> None:
    """Precision and recall of every hint on texts that were not learnt from."""
    hints = [model.hint_for_words(normalize_text(item.text)) for item in items]
    print(f"{'emotion':16}{'hints':>7}{'right':>7}{'found':>7}")
    for name, meant in HINTS.items():
        given = [item for item, hint in zip(items, hints, strict=True) if hint == name]
        right = sum(not item.emotions.isdisjoint(meant) for item in given)
        there = sum(not item.emotions.isdisjoint(meant) for item in items)
        print(
            f"{name:16}{len(given):>7}{right / (len(given) or 1):>7.2f}{right / (there or 1):>7.2f}"
        )
    print(f"no hint: {hints.count(None) / len(hints):.0%} of {len(hints):,}")


if __name__ == "__main__":
    main()
