"""The training script and the scorer see the same features."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from monitor.analysis.problem import ProblemModel
from monitor.domain.tokens import normalize_text

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
DATA = Path(__file__).parents[1] / "data"
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
    pytest.skip(
        "the training scripts are in the source tree, not in a wheel", allow_module_level=True
    )


def test_the_scorer_agrees_with_the_trainer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What scikit-learn makes of the training script's rows is what the scorer says of the texts,
    but for rounding.
    """
    monkeypatch.syspath_prepend(BENCHMARKS)
    train, labelled = import_module("train_problem"), import_module("labelled")
    items = [
        labelled.Labelled(f"{text} {more}", text in COMPLAINTS)
        for text in (*COMPLAINTS, *REST)
        for more in "ab"
    ]
    corpus = train.Corpus.of({"first": items, "second": items[::-1]})
    trainer, reader = train.Trainer(corpus), train.Reader()
    weights = trainer.weigh(corpus.sheets)
    model = ProblemModel({**trainer.tables(weights, 1, 0), "stars": STARS})
    expected = 1 / (1 + np.exp(-trainer.odds(weights, corpus.sheets["first"])))
    found = [model.score(reader.given(item)).probability for item in items]
    assert found == pytest.approx(expected.tolist(), abs=0.005)
    assert min(found[:8]) > max(found[8:])


def test_what_is_trained_on_is_not_what_is_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own sentences in the training data, complaints and others, are not among those that the
    tests check.
    """
    monkeypatch.syspath_prepend(BENCHMARKS)
    labelled = import_module("labelled")
    readers = (labelled.trades, labelled.neutral, labelled.hard)
    own = [item for read in readers for item in read(Path())]
    tested = tomllib.loads((DATA / "trade_sentences.toml").read_text("utf-8"))
    checked = {normalize_text(text) for texts in tested.values() for text in texts}
    checked |= {
        normalize_text(text)
        for text in (DATA / "neutral_sentences.txt").read_text("utf-8").splitlines()
    }
    checked |= {normalize_text(one.text) for kind in labelled.hard_kept().values() for one in kind}
    assert {item.problem for item in own} == {True, False}
    assert not [
        item.text for item in own if normalize_text(item.text.removeprefix("@brand ")) in checked
    ]


def test_words_that_tell_more_may_weigh_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word of complaints alone is freer than one that stands on both sides as often."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    train, labelled = import_module("train_problem"), import_module("labelled")
    items = [
        labelled.Labelled(f"the {word} {one}", word == "awful")
        for word in ("awful", "good")
        for one in range(20)
    ]
    corpus = train.Corpus.of({"first": items, "second": items})
    columns = np.array([corpus.grams.index(gram) for gram in ("awful", "the")])
    awful, the = train._freedom(corpus.sheets, columns)
    assert awful > the
