"""Who would be alerted of what: the presets of today beside those of 0.1.0, on labelled texts.

    python benchmarks/alert_quality.py --data DIR [--most 2000]

DIR is described in docs/reference/problem-model.md; a set that is not there is left out. Before a
set is asked about, the problem model is trained without it and those of the same origin, so that
nothing is measured on what it was trained on. The texts come without stars. An alert is a match of
a live rule that is no praise and no information. Shown are the share of problems that raise an
alert (recall), the share of alerting texts that are problems (precision), and how many cards an
alerting text opens: by 0.1.0, one for each rule; today, as the decisions of the pipeline say.
Needs scikit-learn; takes some minutes.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from labelled import Labelled, labelled
from train_problem import UNCHECKED, Corpus, Trainer, trainable, without

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.problem import ProblemModel
from monitor.domain.alert import Match, MatchOutcome, Severity
from monitor.domain.feedback import Evidence, Feedback
from monitor.pipeline.grouping import AlertPolicy, KnownAlerts, decide_matches
from rules.engine import Engine
from rules.load import load_preset, load_rules_file, preset_names

BEFORE_NAME = "0.1.0"
BEFORE = Path(__file__).parent / "data" / "presets_0_1"
NOW = datetime(2026, 11, 18, tzinfo=UTC)
SEED = 7


@dataclass
class AlertCount:
    """What a set of rules made of some texts."""

    problems: int = 0
    found: int = 0  #: problems that raised an alert
    alerting: int = 0  #: texts that raised an alert
    cards: int = 0
    by_rule: Counter[str] = field(default_factory=Counter)
    right_by_rule: Counter[str] = field(default_factory=Counter)

    def count(self, fired: Sequence[str], cards: int, *, problem: bool) -> None:
        """Count the rules that fired for one text, and the cards that it opened."""
        self.problems += problem
        self.found += problem and bool(fired)
        self.alerting += bool(fired)
        self.cards += cards
        self.by_rule.update(fired)
        self.right_by_rule.update(fired if problem else ())

    def row(self) -> str:
        """Return recall, precision and cards for each alerting text."""
        recall, precision = self.found / self.problems, self.found / (self.alerting or 1)
        return f"{recall:>8.2f}{precision:>11.2f}{self.cards / (self.alerting or 1):>7.2f}"


def load_engines() -> dict[str, Engine]:
    """Return the presets together, and each by itself, as they were and as they are."""
    before = {path.stem: load_rules_file(path) for path in sorted(BEFORE.glob("*.toml"))}
    today = {name: load_preset(name) for name in preset_names()}
    engines = {}
    for age, presets in ((BEFORE_NAME, before), ("today", today)):
        together = {rule.id: rule for rules in presets.values() for rule in rules}
        engines[f"all, {age}"] = Engine(together.values())
        engines |= {f"{name}, {age}": Engine(rules) for name, rules in presets.items()}
    return dict(sorted(engines.items()))


def find_alerts(engine: Engine, evidence: Evidence) -> list[Match]:
    """Return the matches by which somebody is alerted."""
    silent = (Severity.INFO, Severity.PRAISE)
    return [match for match in engine.evaluate(evidence) if match.severity not in silent]


def count_cards(matches: Sequence[Match], age: str) -> int:
    """Return how many cards these matches of one text open."""
    if age == BEFORE_NAME:
        return len(matches)
    decisions = decide_matches(matches, KnownAlerts(), NOW, AlertPolicy())
    return sum(decision.outcome is MatchOutcome.OPENED for decision in decisions)


def measure_set(
    items: Sequence[Labelled], model: ProblemModel, engines: Mapping[str, Engine]
) -> dict[str, AlertCount]:
    """Count what each engine makes of the texts, read with a model that does not know them."""
    analyzer = Analyzer(problem=model)
    counts = {name: AlertCount() for name in engines}
    for item in items:
        feedback = Feedback(
            source_id="quality", external_id="1", body=item.text, question=item.question
        )
        evidence = Evidence(feedback=feedback, analysis=analyzer.analyze(feedback), now=NOW)
        for name, engine in engines.items():
            matches = find_alerts(engine, evidence)
            cards = count_cards(matches, name.rpartition(", ")[2])
            rules = [match.rule_id for match in matches]
            counts[name].count(rules, cards, problem=item.problem)
    return counts


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Who would be alerted of what by the presets.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sets")
    parser.add_argument("--most", type=int, default=2_000, help="texts of a set")
    arguments = parser.parse_args()
    sets = {name: items for name, items in labelled(arguments.data).items() if items}
    corpus, engines = Corpus.of(sets), load_engines()
    trainer = Trainer(corpus)
    every: dict[str, list[AlertCount]] = {name: [] for name in engines}
    print(f"{'set':18}{'texts':>7}{'problems':>9}  {'presets':22}  recall  precision  cards")
    for name, items in sets.items():
        if name in UNCHECKED:
            continue
        chosen = random.Random(SEED).sample(items, min(arguments.most, len(items)))
        model = ProblemModel(trainer.fit(without(trainable(corpus.sheets), name)))
        counts = measure_set(chosen, model, engines)
        share = sum(item.problem for item in chosen) / len(chosen)
        label = f"{name:18}{len(chosen):>7}{share:>9.0%}  "
        for engine, count in counts.items():
            every[engine].append(count)
            if engine.startswith("all"):
                print(f"{label}{engine:22}{count.row()}", flush=True)
                label = " " * len(label)
    print(f"\n{'mean of all sets':36}{'presets':22}  recall  precision  cards")
    for engine, found in every.items():
        print(f"{'':36}{engine:22}{mean_row(found)}")
    print_rules(every["all, today"])


def mean_row(counts: Sequence[AlertCount]) -> str:
    """Return the means of the sets' figures: a set that is large counts no more than another."""
    recall = sum(one.found / one.problems for one in counts) / len(counts)
    alerting = [one for one in counts if one.alerting]
    if not alerting:
        return f"{recall:>8.2f}{'-':>11}{'-':>7}"
    precision = sum(one.found / one.alerting for one in alerting) / len(alerting)
    cards = sum(one.cards / one.alerting for one in alerting) / len(alerting)
    return f"{recall:>8.2f}{precision:>11.2f}{cards:>7.2f}"


def print_rules(counts: Sequence[AlertCount]) -> None:
    """Print how often each rule fires over all sets, and for how many problems."""
    fired = sum((one.by_rule for one in counts), Counter[str]())
    right = sum((one.right_by_rule for one in counts), Counter[str]())
    print(f"\n{'rule, all presets of today':36}{'fires':>7}{'precision':>11}")
    for rule_id, number in fired.most_common():
        print(f"{rule_id:36}{number:>7,}{right[rule_id] / number:>11.2f}")


if __name__ == "__main__":
    main()
