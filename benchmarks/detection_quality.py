"""How well problems are found from words alone, beside plain VADER on the same texts.

    python benchmarks/detection_quality.py --data DIR

DIR is described in docs/reference/problem-model.md; a set that is not there is left out. Two
tables:

* held-out fifths: the model is trained on four fifths of every set and asked about the rest, five
  times in turn;
* left-out sources: the model is trained without a set and those of the same origin, and asked about
  all of it.

Nothing is tuned on what it is then tested on. The thresholds are VADER's own (compound from -0.05
down), for "words" the tone of words and question alone, WORKING of a model that is calibrated
without the test part, and for "sentiment" the label that the product shows, in which that model has
a say. The same words are in the same fifth in all sets. Then: how many neutral sentences and how
many of the hard sentences that were kept the shipped model flags, and what reading costs. Needs
scikit-learn; takes some minutes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from labelled import FOLDS, Labelled, hard_kept, labelled
from sklearn.metrics import precision_recall_curve, roc_auc_score
from train_problem import UNCHECKED, Corpus, Reader, Trainer, trainable, without
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.language import identify_language
from monitor.analysis.problem import WORKING, ProblemInput, ProblemModel
from monitor.analysis.sentiment import NEUTRAL, decide_sentiment
from monitor.domain.feedback import Feedback, Label

NEUTRAL_SENTENCES = Path(__file__).parent.parent / "tests" / "data" / "neutral_sentences.txt"
RECALL = 0.8  #: at which precision is shown
LENGTH, MOST_TIMED = 120, 1_000  #: characters of a text whose reading is timed; how many


@dataclass(frozen=True)
class Way:
    """One way to look at the texts of a set."""

    name: str
    scores: np.ndarray  #: higher is worse
    found: np.ndarray  #: flagged at its working threshold

    def row(self, problems: np.ndarray) -> str:
        """Its figures."""
        right = (self.found & problems).sum()
        precision, recall = right / (self.found.sum() or 1), right / problems.sum()
        f1 = 2 * precision * recall / ((precision + recall) or 1)
        precisions, recalls, _ = precision_recall_curve(problems, self.scores)
        at_recall = precisions[recalls >= RECALL].max()
        return (
            f"{self.name:11}{roc_auc_score(problems, self.scores):>7.3f}{precision:>11.2f}"
            f"{recall:>8.2f}{f1:>6.2f}"
            f"{at_recall:>9.2f}"
        )


@dataclass(frozen=True)
class Tested:
    """A labelled set as the product reads it."""

    given: Sequence[ProblemInput]
    problems: np.ndarray
    scored: np.ndarray  #: whether the language could be read
    folds: np.ndarray

    @classmethod
    def of(cls, items: Sequence[Labelled], reader: Reader) -> Tested:
        """Read every text."""
        given = [reader.given(item) for item in items]
        return cls(
            given,
            np.array([item.problem for item in items]),
            np.array([not identify_language(one.text, one.words, "").unread for one in given]),
            np.array([item.fold for item in items]),
        )

    def plain(self) -> list[Way]:
        """What needs no training: VADER, and the tone of words with lexicon and question."""
        compound = np.array([one.vader.compound for one in self.given])
        return [
            Way("VADER", -compound, compound <= -NEUTRAL),
            self.toned("words", [None] * len(self.given)),
        ]

    def toned(self, name: str, probabilities: Sequence[float | None]) -> Way:
        """The sentiment, with what a model makes of the texts, if it may have a say."""
        given = zip(self.given, probabilities, strict=True)
        tones = [
            decide_sentiment(one.reading, None, one.question, one.words, problem)[0]
            for one, problem in given
        ]
        score = np.array([sentiment.score if sentiment else 0.0 for sentiment in tones])
        return Way(
            name, -score, np.array([bool(one and one.label is Label.NEGATIVE) for one in tones])
        )

    def by(self, model: ProblemModel, chosen: np.ndarray) -> np.ndarray:
        """The probabilities of the texts that a mask chooses, 0 for the others."""
        return np.array(
            [
                model.score(one).probability if asked else 0.0
                for one, asked in zip(self.given, chosen, strict=True)
            ]
        )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Quality of problem detection from words alone.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sets")
    sets = labelled(parser.parse_args().data)
    corpus, reader = Corpus.of(sets), Reader()
    trainer = Trainer(corpus)
    tested = {
        name: Tested.of(items, reader) for name, items in sets.items() if name not in UNCHECKED
    }

    heading("held-out fifths")
    models = [
        ProblemModel(trainer.fit(trainable(corpus.without_fold(fold)))) for fold in range(FOLDS)
    ]
    for name in trainable(tested):
        show(
            name,
            tested[name],
            sum(
                tested[name].by(model, tested[name].folds == at) for at, model in enumerate(models)
            ),
        )
    heading("left-out sources")
    for name, one in tested.items():
        model = ProblemModel(trainer.fit(without(trainable(corpus.sheets), name)))
        show(name, one, one.by(model, np.ones(len(one.problems), dtype=bool)))
    neutral(reader)
    hard(reader)
    speed([one.text for test in tested.values() for one in test.given if len(one.text) >= LENGTH])


def heading(table: str) -> None:
    """The first line of a table."""
    print(
        f"\n{table:17}{'texts':>7}{'problems':>9}{'unread':>8}  "
        f"{'by':11}{'AUC':>7}{'precision':>11}{'recall':>8}",
        end="",
    )
    print(f"{'F1':>6}{f'P at {RECALL:.0%}':>9}", flush=True)


def show(name: str, test: Tested, probabilities: np.ndarray) -> None:
    """The lines of a set: figures over the texts that could be read, which are shared by all
    ways.
    """
    problem = Way("problem", probabilities, probabilities >= WORKING)
    ways = [*test.plain(), problem, test.toned("sentiment", probabilities.tolist())]
    counts = f"{len(test.problems):>7}{test.problems.mean():>9.0%}{1 - test.scored.mean():>8.1%}"
    label = f"{name:17}{counts}  "
    for way in ways:
        read = Way(way.name, way.scores[test.scored], way.found[test.scored])
        print(label + read.row(test.problems[test.scored]), flush=True)
        label = " " * len(label)


def neutral(reader: Reader) -> None:
    """How many neutral sentences the shipped model and VADER flag."""
    sentences = NEUTRAL_SENTENCES.read_text("utf-8").splitlines()
    given = [reader.given(Labelled(sentence, problem=False)) for sentence in sentences]
    model = ProblemModel.load()
    probabilities = [model.score(one).probability for one in given]
    flagged = sum(probability >= WORKING for probability in probabilities)
    tones = [
        decide_sentiment(one.reading, None, "", one.words, p)[0]
        for one, p in zip(given, probabilities, strict=True)
    ]
    labelled_so = sum(bool(one and one.label is Label.NEGATIVE) for one in tones)
    negative = sum(one.vader.compound <= -NEUTRAL for one in given)
    print(
        f"\n{len(sentences)} neutral sentences: {flagged} flagged as problems, {labelled_so} "
        "labelled negative, "
        f"{negative} negative to VADER"
    )


def hard(reader: Reader) -> None:
    """How many of the hard sentences that were kept the shipped model flags, by kind."""
    model = ProblemModel.load()
    print(f"\n{'hard sentences':26}{'complaints':>11}{'flagged':>9}{'others':>8}{'flagged':>9}")
    every: list[tuple[bool, bool]] = []
    for kind, items in hard_kept().items():
        flagged = [model.score(reader.given(item)).probability >= WORKING for item in items]
        found = list(zip([item.problem for item in items], flagged, strict=True))
        every += found
        print(f"{kind:26}{hard_row(found)}")
    print(f"{'all':26}{hard_row(every)}")


def hard_row(found: Sequence[tuple[bool, bool]]) -> str:
    """How many are complaints and how many of them are flagged, then the same of the others."""
    complaints = [flagged for problem, flagged in found if problem]
    others = [flagged for problem, flagged in found if not problem]
    return f"{len(complaints):>11}{sum(complaints):>9}{len(others):>8}{sum(others):>9}"


def speed(texts: Sequence[str]) -> None:
    """What reading costs, in microseconds per text."""
    cut = [text[:LENGTH] for text in texts[:: max(1, len(texts) // MOST_TIMED)]]
    analyzer = Analyzer()
    feedback = {text: Feedback(source_id="quality", external_id=text, body=text) for text in cut}
    ways: Mapping[str, Callable[[str], object]] = {
        "vaderSentiment": SentimentIntensityAnalyzer().polarity_scores,
        "whole analysis": lambda text: analyzer.analyze(feedback[text]),
    }
    for name, way in ways.items():
        start = time.process_time()
        for text in cut:
            way(text)
        print(
            f"{name}: {(time.process_time() - start) / len(cut) * 1e6:.0f} us per text of {LENGTH} "
            "characters"
        )


if __name__ == "__main__":
    main()
