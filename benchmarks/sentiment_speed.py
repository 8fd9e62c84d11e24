"""How fast the linear VADER and the whole analysis are beside the vaderSentiment package, in one
run on one core.

    python benchmarks/sentiment_speed.py [--data DIR] [--stages]

Prints medians of interleaved rounds, in CPU microseconds per text, and the median of their ratios;
then the memory that all of it needs. The whole analysis is measured text by text, and by pages of
50, as collecting does it. The sentences are real ones of every kind
(benchmarks/data/sentences.txt); DIR may hold all of the package's published ground truth
(DIR/vader-groundtruth/*_GroundTruth.txt) to take them from. Texts in which nearly every sentence is
about trouble take longer, since all that is found in them is shown: they have rows of their own.

With --stages: where the time of the whole analysis goes. Each stage is measured by itself, so that
its code and tables stay in the caches of the processor; in turn they take up to two thirds more
together.
"""

import argparse
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.clean import strip_quoted_text
from monitor.analysis.emotion import EmotionModel
from monitor.analysis.journey import JourneyClassifier
from monitor.analysis.language import identify_language
from monitor.analysis.lexicon import LexiconScorer
from monitor.analysis.problem import ProblemInput, ProblemModel
from monitor.analysis.sentiment import decide_sentiment
from monitor.analysis.signals import SignalFinder
from monitor.analysis.vader import VaderScorer
from monitor.domain.feedback import Feedback, VaderScores
from monitor.domain.tokens import tokenize as words_of

SENTENCES = Path(__file__).parent / "data" / "sentences.txt"
TROUBLE = (
    "The app worked fine until the last update, now it closes as soon as I open my orders.",
    "I waited forty minutes on the phone and nobody could tell me where the parcel was.",
    "Delivery came a day early and the driver was really friendly.",
    "I don't understand why you removed the dark theme.",
    "Support answered within the hour, but the refund has still not arrived!",
    "Great prices, slow website.",
    "We ordered two chairs in March and one of them was delivered without screws.",
    "This is the third time my card was charged twice and I am VERY angry.",
    "It does what it says, nothing more and nothing less.",
    "Can I change the address after I have paid?",
    "The new checkout is so much better than the old one :)",
    "Please bring back the button for saved searches, I used it every day.",
    "My son loves the game, although the ads between the levels are terrible.",
    "The shop on the corner of our street never has the size that the website promises.",
    "Thanks to Maria at the front desk, who found us a quiet room at midnight.",
    "I would not recommend this phone to anybody who needs a good camera.",
)

#: Length in characters, texts per round, rounds, and the ratios that are aimed for: exact scores,
#: whole analysis.
LENGTHS = (
    (120, 200, 15, 4, 0.5),
    (500, 60, 15, 9, 1),
    (5_000, 8, 11, 40, 1),
    (40_000, 1, 3, 250, 1),
)
STAGED = 2  # of these lengths
PAGE = 50  # feedback that is analysed together, as a source's page is
EMOJI = 10_000
EMOJI_ROUNDS = 5


def main() -> None:
    """Print the tables, the time for an emoji flood, and the memory."""
    parser = argparse.ArgumentParser(
        description="Speed of the analysis against the vaderSentiment package."
    )
    parser.add_argument("--data", type=Path, help="folder that holds vader-groundtruth/")
    parser.add_argument(
        "--stages", action="store_true", help="print what each stage of the analysis takes instead"
    )
    arguments = parser.parse_args()
    prose = sentences(arguments.data)
    if arguments.stages:
        print_stages(prose)
        return
    before = resident()
    analyzer, package = Analyzer(), SentimentIntensityAnalyzer()
    # Loads what is loaded at first need.
    analyzer.analyze(
        Feedback(
            source_id="speed", external_id="1", body="It is so, and nobody knows why das so ist"
        )
    )
    loaded = resident()
    print(
        f"{'characters':>10} {'package us':>12} {'exact us':>10} {'ratio':>8} {'target':>7}", end=""
    )
    print(f" {'whole us':>10} {'ratio':>8} {'by page us':>11} {'ratio':>8} {'target':>7}")
    for row in LENGTHS:
        print_row(analyzer, package, prose, *row)
    print("texts full of trouble")
    for row in LENGTHS[:STAGED]:
        print_row(analyzer, package, shuffled(TROUBLE), *row)
    exact = VaderScorer().score
    flood = median(
        seconds(lambda page: exact(page[0]), ["😂" * EMOJI]) for _ in range(EMOJI_ROUNDS)
    )
    print(f"{EMOJI:,} emoji: {flood * 1e3:.1f} ms (target 50 ms)")
    print(
        f"memory: {resident():.0f} MB, of which the analyzers took {loaded - before:.0f} MB "
        "(target under 200 MB)"
    )


def print_row(
    analyzer: Analyzer,
    package: SentimentIntensityAnalyzer,
    prose: Iterator[str],
    length: int,
    count: int,
    rounds: int,
    exact_target: float,
    whole_target: float,
) -> None:
    """Print how fast texts of a length are read."""
    feedback = [
        Feedback(source_id="speed", external_id="1", body=text)
        for text in cut(prose, length, count)
    ]
    exact = VaderScorer().score
    runners: Sequence[Callable[[Sequence[Feedback]], object]] = (
        lambda page: [package.polarity_scores(each.body) for each in page],
        lambda page: [exact(each.body) for each in page],
        lambda page: [analyzer.analyze(each) for each in page],
        lambda page: [
            analyzer.analyze_all(page[at : at + PAGE]) for at in range(0, len(page), PAGE)
        ],
    )
    (theirs, ours, alone, by_page), (faster, alone_faster, page_faster) = race(
        runners, feedback, rounds
    )
    print(
        f"{length:>10,} {theirs:>12,.1f} {ours:>10,.1f} {faster:>7.1f}x {exact_target:>6}x", end=""
    )
    print(
        f" {alone:>10,.1f} {alone_faster:>7.2f}x {by_page:>11,.1f} {page_faster:>7.2f}x "
        f"{whole_target:>6}x"
    )


def print_stages(prose: Iterator[str]) -> None:
    """Print microseconds per text for each stage, and for all of them in turn."""
    measured = [
        stages(cut(prose, length, count), rounds) for length, count, rounds, *_ in LENGTHS[:STAGED]
    ]
    print(f"{'stage':<28}" + "".join(f"{length:>10,}" for length, *_ in LENGTHS[:STAGED]))
    for stage in measured[0]:
        print(f"{stage:<28}" + "".join(f"{times[stage]:>10.1f}" for times in measured))


def stages(texts: Sequence[str], rounds: int) -> dict[str, float]:
    """The median microseconds per text of each stage, in their order, each with what the stages
    before it found.
    """
    times: dict[str, float] = {}

    def timed(stage: str, run: Callable[..., Any], *columns: Sequence[Any]) -> list[Any]:
        rows = list(zip(*columns, strict=True))
        taken = median(
            seconds(lambda rows: [run(*row) for row in rows], rows) for _ in range(rounds)
        )
        times[stage] = taken / len(rows) * 1e6
        return [run(*row) for row in rows]

    vader, signals, journey = VaderScorer(), SignalFinder.load(), JourneyClassifier.load()
    lexicon, problem, emotion = (
        LexiconScorer(package=vader),
        ProblemModel.load(),
        EmotionModel.load(),
    )
    patterns, grams = signals.patterns | journey.patterns, problem.grams & emotion.grams
    feedback = [Feedback(source_id="speed", external_id="1", body=text) for text in texts]
    timed("own words", strip_quoted_text, texts)
    found = timed("normalised words", words_of, texts)
    tokens = timed("tokens", str.split, texts)
    joined = [" ".join(each) for each in found]
    timed(
        "language",
        lambda text, words, each: identify_language(text, words, "", each),
        texts,
        joined,
        found,
    )
    weighed = timed("words weighed by VADER", vader.weigh_text, texts, tokens)
    scores = timed("VADER's scores", lambda each: VaderScores(**vader.score_weighed(each)), weighed)
    readings = timed("lexicon", lexicon.score, texts, tokens, weighed)
    named = timed("patterns", patterns.find_in_text, texts, joined, found)
    said = timed("signals", signals.select_signals, named)
    timed("journey", journey.classify_feedback, feedback, named)
    timed("grams of both models", grams.find_known, found)
    known = [problem.grams.find_known(each) for each in found]
    given = [ProblemInput(*row) for row in zip(texts, joined, scores, readings, said, strict=True)]
    likely = timed("problem", problem.score, given, known)
    felt = [list(emotion.grams.find_known(each).values()) for each in found]
    timed("emotion", emotion.hint_for_weights, felt)
    timed(
        "tone",
        lambda reading, each: decide_sentiment(reading, None, problem=each.probability),
        readings,
        likely,
    )
    timed("all, in turn", Analyzer().analyze, feedback)
    return times


def resident() -> float:
    """Megabytes of memory that this process holds now; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def sentences(data: Path | None) -> Iterator[str]:
    """Sentences without end, of the data or of those that are here."""
    if data is None:
        return shuffled(SENTENCES.read_text("utf-8").splitlines())
    files = sorted((data / "vader-groundtruth").glob("*_GroundTruth.txt"))
    lines = [
        line.split("\t", 2)[2]
        for file in files
        for line in file.read_text("utf-8").rstrip("\n").split("\n")
    ]
    if not lines:
        raise SystemExit(
            f"{data / 'vader-groundtruth'} holds no *_GroundTruth.txt; leave out --data or name "
            "another"
        )
    return shuffled(lines)


def shuffled(lines: Sequence[str]) -> Iterator[str]:
    """The lines again and again, in an order that is the same in every run."""
    order, shuffle = list(lines), random.Random(4)
    while True:
        shuffle.shuffle(order)
        yield from order


def cut(prose: Iterator[str], length: int, count: int) -> list[str]:
    """`count` texts of about `length` characters, sentences joined and the last one cut."""
    texts = []
    for _ in range(count):
        text = next(prose)
        while len(text) < length:
            text = f"{text} {next(prose)}"
        texts.append(text[:length])
    return texts


def race(
    runners: Sequence[Callable[[Sequence[Any]], object]], texts: Sequence[Any], rounds: int
) -> tuple[list[float], list[float]]:
    """Median microseconds per text of each, taking turns, and how many times faster than the first
    the others are.
    """
    turns = [[seconds(runner, texts) for runner in runners] for _ in range(rounds)]
    times = [median(turn) / len(texts) * 1e6 for turn in zip(*turns, strict=True)]
    return times, [median(turn[0] / turn[at] for turn in turns) for at in range(1, len(runners))]


def seconds(run: Callable[[Sequence[Any]], object], texts: Sequence[Any]) -> float:
    """CPU seconds for all of `texts`."""
    start = time.process_time()
    run(texts)
    return time.process_time() - start


if __name__ == "__main__":
    main()
