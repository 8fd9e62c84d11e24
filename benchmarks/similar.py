"""Near duplicates: how many altered copies are recognised, how many strangers are mistaken for one,
and what it costs.

    python benchmarks/similar.py [--rounds 5]

Recall is measured on the recorded reviews, posts and answers of eight words or more, each altered
in six ways, and looked up among all of them. Strangers are pairs of different recorded texts. Times
are CPU time per text of about 120 characters, with the rows on a SQLite file, in transactions of
200.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import combinations
from tempfile import TemporaryDirectory

from monitor.analysis.similar import (
    ALIKE,
    FEWEST_WORDS,
    bands_of_signature,
    estimate_similarity,
    group_near_copies,
    minhash_signature,
)
from monitor.demo.server import RecordedFeedback
from monitor.domain.feedback import Analysis, Feedback
from monitor.domain.tokens import fingerprint_text, normalize_text
from monitor.store import Store, open_store
from monitor.store.near_copies import SimilarText

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
_CHUNK = 200
_LENGTH = 120


def recorded() -> list[str]:
    """Every recorded text of enough words, each once."""
    data = RecordedFeedback.from_package()
    bodies = [str(entry["body"]) for entry in (*data.reviews, *data.posts)]
    return [
        text for text in dict.fromkeys(bodies) if len(normalize_text(text).split()) >= FEWEST_WORDS
    ]


def typos(text: str, chosen: random.Random) -> str:
    """One letter in fifty swapped with the next."""
    letters = list(text)
    for place in chosen.sample(range(len(letters) - 1), max(1, len(letters) // 50)):
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)


def replaced(text: str, chosen: random.Random) -> str:
    """One word in eight replaced by a word of no other text."""
    parts = text.split()
    for place in chosen.sample(range(len(parts)), len(parts) // 8):
        parts[place] = f"zz{chosen.randrange(10**6)}"
    return " ".join(parts)


ALTERED: dict[str, Callable[[str, random.Random], str]] = {
    "case": lambda text, _: text.upper(),
    "signature added": lambda text, _: f"{text} -- sent from my phone",
    "RT prefix": lambda text, _: f"RT @someone: {text}",
    "typos": typos,
    "cut to 75 %": lambda text, _: text[: len(text) * 3 // 4],
    "1 word in 8": replaced,
}


def recall(
    texts: list[str], alter: Callable[[str, random.Random], str], chosen: random.Random
) -> tuple[float, float]:
    """The share of altered texts settled on their own original, and by their exact words only."""
    known = [shape(number, normalize_text(text)) for number, text in enumerate(texts, 1)]
    altered = [normalize_text(alter(text, chosen)) for text in texts]
    found = group_near_copies(
        [shape(len(texts) + number, words) for number, words in enumerate(altered, 1)], known
    ).leaders
    own = sum(found[len(texts) + one.feedback_id] == one.fingerprint for one in known)
    exact = sum(
        fingerprint_text(words) == one.fingerprint
        for one, words in zip(known, altered, strict=True)
    )
    return own / len(texts), exact / len(texts)


def mistaken(texts: list[str]) -> float:
    """The share of texts that are taken for a copy of another one."""
    signatures = [minhash_signature(normalize_text(text)) for text in texts]
    pairs = combinations(range(len(texts)), 2)
    alike = {
        n
        for pair in pairs
        if estimate_similarity(*(signatures[n] for n in pair)) >= ALIKE
        for n in pair
    }
    return len(alike) / len(texts)


def shape(feedback_id: int, words: str) -> SimilarText:
    """What is compared and kept of a text."""
    sign = minhash_signature(words)
    return SimilarText(
        feedback_id=feedback_id,
        fingerprint=fingerprint_text(words),
        signature=sign,
        bands=bands_of_signature(sign),
    )


def made(texts: list[str], count: int) -> list[str]:
    """Recorded sentences in new combinations of about 120 characters, as words."""
    sentences = [
        part
        for text in texts
        for part in re.split(r"(?<=[.!?])\s+", text)
        if 20 < len(part) < _LENGTH
    ]
    chosen = random.Random(7)
    return [normalize_text(" ".join(chosen.sample(sentences, 3))[:_LENGTH]) for _ in range(count)]


def microseconds(work: Callable[[], object], count: int, rounds: int) -> float:
    """CPU time per text, the median of some rounds."""
    return statistics.median(list(_timed(work, rounds))) / count * 1e6


def _timed(work: Callable[[], object], rounds: int) -> Iterator[float]:
    for _ in range(rounds):
        started = time.process_time()
        work()
        yield time.process_time() - started


def costs(texts: list[str], rounds: int) -> Iterator[tuple[str, float]]:
    """What each step takes per text, in microseconds."""
    words = made(texts, 10 * _CHUNK)
    signatures = [minhash_signature(one) for one in words]
    yield (
        "signature",
        microseconds(lambda: [minhash_signature(one) for one in words], len(words), rounds),
    )
    yield (
        "bands",
        microseconds(lambda: [bands_of_signature(one) for one in signatures], len(words), rounds),
    )
    shapes = [shape(number, one) for number, one in enumerate(words, 1)]
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.db")
        _feedback(store, words)
        parts = [shapes[start : start + _CHUNK] for start in range(0, len(shapes), _CHUNK)]
        yield "rows written", microseconds(partial(_add, store, parts), len(words), 1)
        yield (
            "looked up and settled",
            microseconds(partial(_settle, store, parts), len(words), rounds),
        )
        store.close()


def _feedback(store: Store, words: list[str]) -> None:
    items = [
        (
            Feedback(source_id="b", external_id=str(n), body=one, created_at=NOW),
            Analysis(text=one, words=one),
        )
        for n, one in enumerate(words)
    ]
    with store.write() as tx:
        tx.feedback.add(items)


def _add(store: Store, parts: list[list[SimilarText]]) -> None:
    for part in parts:
        with store.write() as tx:
            tx.similar_texts.add(part, NOW)


def _settle(store: Store, parts: list[list[SimilarText]]) -> None:
    for part in parts:
        with store.read() as tx:
            group_near_copies(
                part,
                tx.similar_texts.find_candidates(
                    [key for one in part for key in one.bands], NOW - timedelta(days=30)
                ),
            )


def main() -> None:
    """Measure and print the two tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    texts = recorded()
    length = statistics.mean(len(normalize_text(text).split()) for text in texts)
    print(f"{len(texts)} recorded texts of {length:.0f} words on average\n")
    print(f"{'recall':24}{'similar':>10}{'exact':>10}")
    for name, alter in ALTERED.items():
        own, exact = recall(texts, alter, random.Random(3))
        print(f"{name:24}{own:10.2f}{exact:10.2f}")
    print(f"{'strangers mistaken':24}{mistaken(texts):10.4f}\n")
    print(f"{'CPU time':24}{'µs/text':>10}")
    steps = list(costs(texts, rounds))
    for name, cost in [*steps, ("together", sum(cost for _, cost in steps))]:
        print(f"{name:24}{cost:10.1f}")
    print(
        "\nOnly feedback for which a rule held is looked up, and only the first of its kind is "
        "written."
    )


if __name__ == "__main__":
    main()
