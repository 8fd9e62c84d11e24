"""Trains the problem model from public labelled texts and writes the file that is shipped.

    python benchmarks/train_problem.py --data DIR [--out FILE]

DIR is described in docs/reference/problem-model.md. The same data and the same versions give the
same file. Needs scikit-learn. Prints what the model is made of; how good it is,
detection_quality.py says.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from labelled import Labelled, labelled
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from monitor.analysis.cues import CueFinder
from monitor.analysis.grams import length_factor
from monitor.analysis.lexicon import LexiconScorer
from monitor.analysis.problem import CUED_MEASURES, MEASURES, SHIPPED, ProblemInput, text_measures
from monitor.analysis.signals import SignalFinder
from monitor.analysis.spelling import Spelling
from monitor.analysis.vader import VaderScorer
from monitor.domain.feedback import VaderScores
from monitor.domain.tokens import tokenize

GROUPS = Path(__file__).parent / "problem_words.toml"
#: Sets of one origin are left out together, since what they hold in common would give the answer
#: away.
ORIGIN = {
    "nhs answers": "nhs",
    "nhs comments": "nhs",
    "apps": "is22",
    "apps read": "is22",
    "app reviews": "is22",
}
#: How much a set counts; 1 where nothing is said. The product reviews are most like customers'
#: feedback; neutral sentences count so much that few of those that the model has not seen are
#: flagged, and ours of many trades twice.
SAY = {"amazon": 3.0, "neutral": 1.5, "trades": 2.0, "hard": 3.0}
#: The set that only corrects a model of the others: it is hard on purpose, and what it says of
#: common words holds nowhere else.
HARD = "hard"
#: How freely words and groups are corrected, beside cues and signals.
CORRECTION = 0.3
MOST_GRAMS = 15_000  #: words and pairs that are learnt from texts
#: that a word or pair must stand in; a word of one set alone says little elsewhere
FEWEST_TEXTS, FEWEST_SETS = (
    8,
    2,
)
#: inverse of the regularisation; strong, so that the model carries over to other sources
STRENGTH = 0.06
ENOUGH_TEXTS = 10  #: with a word or pair, for half of what a set may say about it
#: How freely a word or pair may weigh that tells nothing, and what the others have more on average.
LEAST_FREEDOM, MORE_FREEDOM = 0.3, 0.8
NEWTON_STEPS = 25
#: Sets that are not trained on: they hold nothing that a business would be told.
LEFT_OUT = frozenset({"banking"})
#: Sets that are not calibrated on: sentences of our own are no sample of anything.
UNCHECKED = frozenset({"neutral", "trades", "hard"})
_WORD = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Sheet:
    """Labelled texts as numbers, a row each."""

    grams: sparse.csr_matrix  #: 1 where the text holds the word or pair
    measures: np.ndarray  #: those of the product, then its signals
    problems: np.ndarray  #: 0 or 1
    stars: np.ndarray  #: nan where there are none
    folds: np.ndarray

    def __len__(self) -> int:
        return len(self.problems)

    def rows(self, chosen: np.ndarray) -> Sheet:
        """The texts that are chosen by a mask."""
        return Sheet(*(getattr(self, part.name)[chosen] for part in fields(self)))


Sheets = Mapping[str, Sheet]
_Set = TypeVar("_Set")


class Reader:
    """Reads labelled texts with the analyzers of the product."""

    def __init__(self) -> None:
        self._vader, self._lexicon = VaderScorer(), LexiconScorer()
        self._signals, self._cues = SignalFinder.load(), CueFinder.load()
        self._patterns = self._signals.patterns | self._cues.patterns
        self._spelling = Spelling.load()
        self.signals, self.cues = tuple(self._signals.about), tuple(self._cues.about)

    def given(self, item: Labelled) -> ProblemInput:
        """The text with all that the model looks at, except stars: what they add is fitted
        afterwards.
        """
        tokens = tokenize(item.text)
        words, meant = " ".join(tokens), self._spelling.read_tokens(tokens)
        found = self._patterns.find_in_text(item.text, words, meant)
        cues = self._cues.select_cues(found)
        return ProblemInput(
            text=item.text,
            words=words,
            vader=VaderScores(**self._vader.score(item.text)),
            reading=self._lexicon.score(item.text),
            signals=self._signals.select_signals(found),
            cues=cues,
            question=item.question,
            tokens=self._cues.take_back_praise(meant, cues),
        )

    def measured(self, given: ProblemInput) -> tuple[float, ...]:
        """The measures, and 1 or 0 for each signal and for each cue."""
        found = {signal.name for signal in given.signals}
        return (
            *text_measures(given, given.tokens),
            *(float(name in found) for name in self.signals),
            *(float(name in given.cues) for name in self.cues),
        )


@dataclass(frozen=True)
class Corpus:
    """All labelled sets, with the words and pairs that stand in enough texts."""

    sheets: Sheets
    grams: tuple[str, ...]
    signals: tuple[str, ...]
    cues: tuple[str, ...]

    @classmethod
    def of(cls, sets: Mapping[str, Sequence[Labelled]]) -> Corpus:
        """Read every text once."""
        reader = Reader()
        given = {name: [reader.given(item) for item in items] for name, items in sets.items()}
        texts = {name: [grams(one.tokens) for one in some] for name, some in given.items()}
        counted = Counter(gram for some in texts.values() for text in some for gram in text)
        enough = {
            gram for gram, count in counted.items() if count >= FEWEST_TEXTS and _WORD.search(gram)
        }
        known = sorted(enough | set(groups()))
        columns = {gram: number for number, gram in enumerate(known)}
        sheets = {
            name: Sheet(
                grams=_binary(texts[name], columns),
                measures=np.array([reader.measured(one) for one in given[name]]),
                problems=np.array([int(item.problem) for item in items]),
                stars=np.array([np.nan if item.stars is None else item.stars for item in items]),
                folds=np.array([item.fold for item in items]),
            )
            for name, items in sets.items()
        }
        return cls(sheets, tuple(known), reader.signals, reader.cues)

    def without_fold(self, fold: int) -> Sheets:
        """The sets without one of their fifths."""
        return {name: sheet.rows(sheet.folds != fold) for name, sheet in self.sheets.items()}


def grams(tokens: Sequence[str]) -> frozenset[str]:
    """The words and pairs of words among `tokens`, each once."""
    return frozenset(tokens).union(map(" ".join, pairwise(tokens)))


@cache
def groups() -> Mapping[str, tuple[int, ...]]:
    """The words and pairs of the hand-made groups, and the numbers of their groups."""
    found: dict[str, tuple[int, ...]] = {}
    for number, text in enumerate(tomllib.loads(GROUPS.read_text("utf-8")).values()):
        for entry in dict.fromkeys(
            quoted or word for quoted, word in re.findall(r'"([^"]+)"|(\S+)', text)
        ):
            found[entry] = (*found.get(entry, ()), number)
    return found


class Trainer:
    """One linear model over words, pairs, hand-made groups of them, and measures."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        pairs = [
            (row, group)
            for row, gram in enumerate(corpus.grams)
            for group in groups().get(gram, ())
        ]
        rows, numbers = zip(*pairs, strict=True)
        shape = (len(corpus.grams), max(numbers) + 1)
        self._membership = sparse.csr_matrix((np.ones(len(pairs)), (rows, numbers)), shape=shape)
        self._grouped = np.asarray(self._membership.sum(axis=1)).ravel() > 0

    def fit(self, sheets: Sheets) -> dict[str, Any]:
        """The tables of a model file: weights in log-odds, calibrated by texts of origins that were
        not trained on.
        """
        checked = {name: sheet for name, sheet in sheets.items() if name not in UNCHECKED}
        outside = [
            self.odds(self.weigh(without(sheets, name)), sheet) for name, sheet in checked.items()
        ]
        slope, shift = _platt(outside, list(checked.values()))
        stars = _stars([slope * odds + shift for odds in outside], list(checked.values()))
        return {**self.tables(self.weigh(sheets), slope, shift), "stars": stars}

    def weigh(self, sheets: Sheets) -> Weights:
        """The weights, not calibrated: those of all sets but the hard one, corrected by all."""
        columns = self._columns(sheets)
        design = self._design(sheets, columns, _freedom(sheets, columns))
        easy = {name: sheet for name, sheet in sheets.items() if name != HARD}
        rows = np.concatenate([np.full(len(sheet), name != HARD) for name, sheet in sheets.items()])
        problems = np.concatenate([sheet.problems for sheet in sheets.values()])
        model = LogisticRegression(C=STRENGTH, max_iter=500, tol=1e-4)
        model.fit(design.matrix[rows], problems[rows], sample_weight=_balance(easy))
        weights, bias = model.coef_[0], float(model.intercept_[0])
        if HARD in sheets:
            known = design.matrix @ weights + bias
            change, shift = _correct(
                design.correcting(), problems, known, sample_weight=_balance(sheets)
            )
            weights, bias = weights + design.scale * change, bias + shift
        return design.weights(weights, bias)

    def _design(self, sheets: Sheets, columns: np.ndarray, freedom: np.ndarray) -> Design:
        """The rows of all sets, as the regression sees them."""
        words = sparse.vstack([_spread(sheet.grams[:, columns]) for sheet in sheets.values()])
        membership = self._membership[columns]
        measured = sparse.csr_matrix(np.concatenate([sheet.measures for sheet in sheets.values()]))
        matrix = sparse.hstack([words @ sparse.diags_array(freedom), words @ membership, measured])
        return Design(matrix.tocsr(), columns, freedom, membership)

    def _columns(self, sheets: Sheets) -> np.ndarray:
        """The words and pairs of the model: the commonest of those in several sets, and all of the
        groups.
        """
        counts = np.array(
            [np.asarray(sheet.grams.sum(axis=0)).ravel() for sheet in sheets.values()]
        )
        texts = counts.sum(axis=0)
        usable = (texts >= FEWEST_TEXTS) & ((counts > 1).sum(axis=0) >= FEWEST_SETS)
        usable &= np.array([bool(_WORD.search(gram)) for gram in self._corpus.grams])
        commonest = np.argsort(np.where(usable, -texts, 1), kind="stable")[
            : min(MOST_GRAMS, usable.sum())
        ]
        return np.union1d(commonest, np.flatnonzero(self._grouped))

    def odds(self, weights: Weights, sheet: Sheet) -> np.ndarray:
        """The log-odds of the texts."""
        return (
            weights.bias
            + _spread(sheet.grams[:, weights.columns]) @ weights.grams
            + sheet.measures @ weights.rest
        )

    def tables(self, weights: Weights, slope: float, shift: float) -> dict[str, Any]:
        """What stands in a model file: calibrated and rounded; a weight of 0 stays, since `spread`
        counts the word.
        """
        names = [self._corpus.grams[column] for column in weights.columns]
        rest = [round(float(weight) * slope, 4) for weight in weights.rest]
        named = len(MEASURES) + len(self._corpus.signals)
        return {
            "bias": round(weights.bias * slope + shift, 4),
            "measures": dict(zip(MEASURES, rest, strict=False)),
            "signals": dict(zip(self._corpus.signals, rest[len(MEASURES) : named], strict=True)),
            "cues": dict(zip(self._corpus.cues, rest[named:], strict=True)),
            "grams": {
                name: round(float(weight) * slope, 3)
                for name, weight in zip(names, weights.grams, strict=True)
            },
        }


@dataclass(frozen=True)
class Weights:
    """A model that has been fitted."""

    bias: float
    columns: np.ndarray  #: of the corpus
    grams: np.ndarray  #: parallel to them
    rest: np.ndarray


@dataclass(frozen=True)
class Design:
    """Texts as the regression sees them: words, their groups, measures with signals and cues."""

    matrix: sparse.csr_matrix
    columns: np.ndarray  #: of the corpus
    freedom: np.ndarray  #: parallel to them
    membership: sparse.csr_matrix

    @property
    def scale(self) -> np.ndarray:
        """How freely each column may be corrected; not at all what is measured of the tone."""
        named = sum(self.membership.shape)
        scale = np.ones(self.matrix.shape[1])
        scale[:named] = CORRECTION
        scale[named : named + len(MEASURES)] = [name in CUED_MEASURES for name in MEASURES]
        return scale

    def correcting(self) -> sparse.csr_matrix:
        """The columns as far as they may be corrected."""
        return (self.matrix @ sparse.diags_array(self.scale)).tocsr()

    def weights(self, weights: np.ndarray, bias: float) -> Weights:
        """The weights of words, those of their groups included, and of the rest."""
        words, groups = self.membership.shape
        own, grouped, rest = np.split(weights, [words, words + groups])
        return Weights(bias, self.columns, self.freedom * own + self.membership @ grouped, rest)


def trainable(sets: Mapping[str, _Set]) -> dict[str, _Set]:
    """The sets that the model is trained on."""
    return {name: one for name, one in sets.items() if name not in LEFT_OUT}


def without(sets: Mapping[str, _Set], name: str) -> dict[str, _Set]:
    """The sets of another origin than `name`."""
    return {
        other: one
        for other, one in sets.items()
        if ORIGIN.get(other, other) != ORIGIN.get(name, name)
    }


def _binary(texts: Sequence[frozenset[str]], columns: Mapping[str, int]) -> sparse.csr_matrix:
    indices: list[int] = []
    starts = [0]
    for text in texts:
        indices += sorted(columns[gram] for gram in text if gram in columns)
        starts.append(len(indices))
    return sparse.csr_matrix(
        (np.ones(len(indices)), indices, starts), shape=(len(texts), len(columns))
    )


def _spread(known: sparse.csr_matrix) -> sparse.csr_matrix:
    return (
        sparse.diags_array(
            [length_factor(int(count)) for count in np.asarray(known.sum(axis=1)).ravel()]
        )
        @ known
    )


def _freedom(sheets: Sheets, columns: np.ndarray) -> np.ndarray:
    """How freely each word or pair may weigh: the more, the rarer it is on one side, on average
    over the sets.

    Without this the commonest words would take the weight of those that tell more.
    """
    ratios, heard = np.zeros(len(columns)), np.zeros(len(columns))
    for sheet in sheets.values():
        if sheet.problems.any():
            known, problem = sheet.grams[:, columns], sheet.problems == 1
            worse, other = (
                np.asarray(known[rows].sum(axis=0)).ravel() for rows in (problem, ~problem)
            )
            ratio = np.log((worse + 1) / (problem.sum() + 2)) - np.log(
                (other + 1) / ((~problem).sum() + 2)
            )
            say = (worse + other) / (worse + other + ENOUGH_TEXTS)
            ratios, heard = ratios + say * ratio, heard + say
    told = np.sqrt(np.abs(ratios) / np.maximum(heard, LEAST_FREEDOM))
    return np.asarray(LEAST_FREEDOM + MORE_FREEDOM * told / told.mean())


def _balance(sheets: Sheets) -> np.ndarray:
    """Weights that make every set count by its say, and in it problems as much as the rest; 1 on
    average.
    """
    weights = []
    for name, sheet in sheets.items():
        share = sheet.problems.mean()
        problem, other = (0.5 / share, 0.5 / (1 - share)) if 0 < share < 1 else (1.0, 1.0)
        weights.append(
            np.where(sheet.problems == 1, problem, other) * SAY.get(name, 1.0) / len(sheet)
        )
    together = np.concatenate(weights)
    return together * (len(together) / together.sum())


def _correct(
    matrix: sparse.csr_matrix, problems: np.ndarray, known: np.ndarray, sample_weight: np.ndarray
) -> tuple[np.ndarray, float]:
    """Weights and bias of a logistic model on top of log-odds that are `known`."""
    signs, transposed = 2.0 * problems - 1, matrix.T.tocsr()

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (known + matrix @ at[:-1] + at[-1])
        pull = -STRENGTH * sample_weight * signs * expit(-margins)
        value = STRENGTH * (sample_weight * np.logaddexp(0, -margins)).sum() + at[:-1] @ at[:-1] / 2
        return value, np.append(transposed @ pull + at[:-1], pull.sum())

    start = np.zeros(matrix.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return found[:-1], float(found[-1])


def _platt(odds: Sequence[np.ndarray], sheets: Sequence[Sheet]) -> tuple[float, float]:
    """Slope and shift that turn log-odds into calibrated ones, every set counting the same."""
    weights = np.concatenate([np.full(len(sheet), 1 / len(sheet)) for sheet in sheets])
    weights *= len(weights) / weights.sum()
    problems = np.concatenate([sheet.problems for sheet in sheets])
    model = LogisticRegression(C=1e6).fit(
        np.concatenate(odds)[:, None], problems, sample_weight=weights
    )
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _stars(odds: Sequence[np.ndarray], sheets: Sequence[Sheet]) -> dict[str, dict[str, float]]:
    """What stars add to the log-odds of the words, and what they say alone."""
    stars, problems, known = (
        np.concatenate(parts)
        for parts in ([sheet.stars for sheet in sheets], [sheet.problems for sheet in sheets], odds)
    )
    rated = ~np.isnan(stars)
    if not rated.any():
        return {name: {"bias": 0.0, "star": 0.0} for name in ("beside", "alone")}
    stars, problems, known = stars[rated], problems[rated], known[rated]
    return {
        "beside": _line(stars, problems, known),
        "alone": _line(stars, problems, np.zeros_like(known)),
    }


def _line(stars: np.ndarray, problems: np.ndarray, known: np.ndarray) -> dict[str, float]:
    """Bias and slope of a logistic model of `stars` on top of log-odds that are `known`, by
    Newton's method.
    """
    design = np.stack([np.ones_like(stars), stars], axis=1)
    weights = np.zeros(2)
    for _ in range(NEWTON_STEPS):
        expected = 1 / (1 + np.exp(-(known + design @ weights)))
        curvature = design.T @ (design * (expected * (1 - expected))[:, None])
        weights += np.linalg.solve(curvature, design.T @ (problems - expected))
    return {"bias": round(float(weights[0]), 4), "star": round(float(weights[1]), 4)}


def main() -> None:
    """Train on everything and write the file."""
    parser = argparse.ArgumentParser(description="Train the problem model.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sets")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="the model file")
    arguments = parser.parse_args()
    corpus = Corpus.of(labelled(arguments.data))
    sheets = trainable(corpus.sheets)
    model = Trainer(corpus).fit(sheets)
    arguments.out.write_text(
        json.dumps(model, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8"
    )
    for name, sheet in sheets.items():
        print(f"{name:14}{len(sheet):>7} texts, {sheet.problems.mean():>5.1%} problems")
    print(f"{len(model['grams'])} words and pairs, {arguments.out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
