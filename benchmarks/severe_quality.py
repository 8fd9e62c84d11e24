"""Which severe cases call somebody by the presets, and which texts that only sound so.

    python benchmarks/severe_quality.py [--half develop|held_out] [--cases FILE] [--show]

The sentences are ours (benchmarks/severe_sentences.toml): of each list every second one is held
out, and only counted. FILE has one JSON object a line, with `kind` and `text`, all of them severe.
The texts come without stars. Shown is for each kind the share of severe texts, and of others, of
which a live rule of severity urgent or high holds (called), and any but praise and information
(alerted). `--show` prints what is missed and what is called for nothing, but for held-out ones.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from monitor.analysis.analyzer import Analyzer
from monitor.domain.alert import Match, Severity
from monitor.domain.feedback import Evidence, Feedback
from rules.engine import Engine
from rules.load import load_preset, preset_names

SENTENCES = Path(__file__).parent / "severe_sentences.toml"
HALVES = ("develop", "held_out")
NOW = datetime(2026, 11, 18, tzinfo=UTC)
CALLING = (Severity.URGENT, Severity.HIGH)
SILENT = (Severity.INFO, Severity.PRAISE)


class Sentence(NamedTuple):
    """A text of a kind, and whether it is severe."""

    kind: str
    text: str
    severe: bool


@dataclass
class CallCount:
    """What rules made of texts of one kind."""

    texts: int = 0
    called: int = 0
    alerted: int = 0

    def count(self, matches: Sequence[Match]) -> None:
        """Count one text, by the rules that hold for it."""
        self.texts += 1
        self.called += any(match.severity in CALLING for match in matches)
        self.alerted += any(match.severity not in SILENT for match in matches)

    def row(self) -> str:
        """Return how many texts there are, and which shares are called and alerted."""
        if not self.texts:
            return f"{'-':>7}{'-':>8}{'-':>9}"
        return f"{self.texts:>7}{self.called / self.texts:>8.0%}{self.alerted / self.texts:>9.0%}"


def load_half(half: str) -> list[Sentence]:
    """Return the sentences of a half."""
    start = HALVES.index(half)
    return [
        Sentence(kind, text, severe)
        for kind, lists in tomllib.loads(SENTENCES.read_text("utf-8")).items()
        for name, severe in (("severe", True), ("others", False))
        for text in lists[name][start::2]
    ]


def load_cases(path: Path) -> list[Sentence]:
    """Return the severe texts of a file of JSON lines."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [Sentence(row["kind"], row["text"], severe=True) for row in rows]


def read_sentences(sentences: Iterable[Sentence]) -> list[tuple[Sentence, Evidence]]:
    """Return each sentence with what is read out of it."""
    analyzer = Analyzer()
    read = []
    for sentence in sentences:
        feedback = Feedback(source_id="severe", external_id="1", body=sentence.text)
        analysis = analyzer.analyze(feedback)
        read.append((sentence, Evidence(feedback=feedback, analysis=analysis, now=NOW)))
    return read


def count_calls(
    engine: Engine, read: Iterable[tuple[Sentence, Evidence]]
) -> dict[tuple[str, bool], CallCount]:
    """Count what the rules make of the sentences, by kind and severity."""
    counts: dict[tuple[str, bool], CallCount] = {}
    for sentence, evidence in read:
        matches = engine.evaluate(evidence)
        for kind in (sentence.kind, "all"):
            counts.setdefault((kind, sentence.severe), CallCount()).count(matches)
    return counts


def print_counts(label: str, counts: Mapping[tuple[str, bool], CallCount]) -> None:
    """Print a row for each kind, and one for all."""
    print(f"\n{label}\n{'kind':20}{'severe':>7}{'called':>8}{'alerted':>9}", end="")
    print(f"{'others':>9}{'called':>8}{'alerted':>9}")
    for kind in sorted({kind for kind, _ in counts}, key=lambda kind: (kind == "all", kind)):
        severe, others = (counts.get((kind, which), CallCount()) for which in (True, False))
        print(f"{kind:20}{severe.row()}  {others.row()}")


def print_mistakes(engine: Engine, read: Iterable[tuple[Sentence, Evidence]]) -> None:
    """Print the severe texts that call nobody, and the others that do, with the rules that hold."""
    for sentence, evidence in read:
        matches = engine.evaluate(evidence)
        if any(match.severity in CALLING for match in matches) != sentence.severe:
            named = ", ".join(match.rule_id for match in matches)
            mark = "missed" if sentence.severe else "called"
            print(
                f"{mark} {sentence.kind:15} {evidence.analysis.problem!s:6} {sentence.text}", end=""
            )
            print(f"  [{named}]" if named else "")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Which severe cases call somebody by the presets.")
    parser.add_argument("--half", choices=HALVES, help="only this half")
    parser.add_argument("--cases", type=Path, help="severe texts of another file, JSON lines")
    parser.add_argument("--show", action="store_true", help="print mistakes, but for held-out ones")
    arguments = parser.parse_args()
    halves = [arguments.half] if arguments.half else HALVES
    sets = {half: load_half(half) for half in halves}
    if arguments.cases:
        sets[arguments.cases.stem] = load_cases(arguments.cases)
    engines = {name: Engine(load_preset(name)) for name in preset_names()}
    for name, sentences in sets.items():
        read = read_sentences(sentences)
        print_counts(f"{name}, preset support", count_calls(engines["support"], read))
        for preset, engine in engines.items():
            total = {
                ("all", severe): count
                for (kind, severe), count in count_calls(engine, read).items()
                if kind == "all"
            }
            print_counts(f"{name}, preset {preset}", total)
        if arguments.show and name != "held_out":
            print_mistakes(engines["support"], read)


if __name__ == "__main__":
    main()
