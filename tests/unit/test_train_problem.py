"""The training script and the scorer see the same features."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from monitor.analysis.problem import ProblemModel

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
STARS = {name: {"bias": 0.0, "star": 0.0} for name in ("beside", "alone")}
COMPLAINTS = (
    "it broke after a week",
    "the app is slow",
    "waiting for hours, awful!",
    "rude, why?",
)
REST = ("it works great", "the app is fine, thanks", "how do I pay?", "we came on Monday")

pytest.importorskip("sklearn")
if not BENCHMARKS.is_dir():
    pytest.skip("the training scripts are in the source tree, not in a wheel", allow_module_level=True)


def test_the_scorer_agrees_with_the_trainer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What scikit-learn makes of the training script's rows is what the scorer says of the texts, but for rounding."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    train, labelled = import_module("train_problem"), import_module("labelled")
    items = [labelled.Labelled(f"{text} {more}", text in COMPLAINTS) for text in (*COMPLAINTS, *REST) for more in "ab"]
    corpus = train.Corpus.of({"first": items, "second": items[::-1]})
    trainer, reader = train.Trainer(corpus), train.Reader()
    weights = trainer.weigh(corpus.sheets)
    model = ProblemModel({**trainer.tables(weights, 1, 0), "stars": STARS})
    expected = 1 / (1 + np.exp(-trainer.odds(weights, corpus.sheets["first"])))
    found = [model.score(reader.given(item)).probability for item in items]
    assert found == pytest.approx(expected.tolist(), abs=0.005)
    assert min(found[:8]) > max(found[8:])
