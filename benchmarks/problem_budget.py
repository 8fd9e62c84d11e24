"""How many cards a day `problem = { budget = "10/day" }` brings, and how many of them are problems.

    python benchmarks/problem_budget.py --data DIR [--budget 10] [--texts 80] [--seed N] [--json]

DIR is described in docs/reference/problem-model.md. Five labelled sets play five sources in which 5
to 65 % complain: so many texts a day are drawn of each for six weeks, read with a problem model
that was trained without the set, and taken in hour by hour by the pipeline itself, with one rule.

The cards of the last four weeks are counted, day by day, beside those of the one threshold for all
sources that brings as many in all, chosen with hindsight. *right* is the share of cards that are
problems, *most* what nobody could exceed with so many cards. In a second run the team judges the
cards of the first two weeks by their labels, which may raise the limits.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from labelled import Labelled, labelled
from train_problem import Corpus, Trainer, trainable, without

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.problem import ProblemModel
from monitor.domain.actor import Actor
from monitor.domain.feedback import Feedback
from monitor.domain.verdict import VerdictKind
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.store import Store
from monitor.testing import memory_store
from rules.engine import Engine
from rules.load import parse_rules

#: Of each set, the share of complaints that its source shall have.
SHARES = {
    "goemotions": 0.05,
    "nhs comments": 0.20,
    "nhs answers": 0.35,
    "banking": 0.50,
    "movies": 0.65,
}
DAYS, LEARNING_DAYS = 42, 14
BEGINS = datetime(2026, 9, 1, tzinfo=UTC)
SEED = 20
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Card:
    """An alert that was opened."""

    feedback_id: int
    day: int
    is_problem: bool


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What the last four weeks of a source brought."""

    source: str
    share: float  #: of complaints
    a_day: float
    fewest: int
    most: int
    right: float  #: share of cards that are problems
    single_a_day: float  #: by the one threshold for all
    single_right: float
    possible: float  #: the share that nobody could exceed with so many cards


def draw_texts(items: Sequence[Labelled], share: float, number: int, seed: int) -> list[Labelled]:
    """Return texts of which a share are problems, in random order, each once."""
    chosen = random.Random(seed)
    problems = [item for item in items if item.problem]
    others = [item for item in items if not item.problem]
    wanted = round(share * number)
    texts = chosen.sample(problems, wanted) + chosen.sample(others, number - wanted)
    chosen.shuffle(texts)
    return texts


def build_ingest(store: Store, model: ProblemModel, budget: str) -> Ingest:
    """Return the pipeline with one rule, which has the budget."""
    rule = {"id": "r", "group_by": "feedback", "all": [{"problem": {"budget": budget}}]}
    engine = Engine(parse_rules({"rules": [rule]}, "rules.toml"))
    return Ingest(store, Analyzer(problem=model), engine, "#support")


def run_source(
    name: str, texts: Sequence[Labelled], model: ProblemModel, budget: str, *, judged: bool
) -> tuple[list[Card], list[tuple[int, float, bool]]]:
    """Return the cards of a source, and day, probability and label of each text."""
    store = memory_store()
    ingest = build_ingest(store, model, budget)
    a_day = len(texts) // DAYS
    cards: list[Card] = []
    for number in range(DAYS * 24):
        day, hour = divmod(number, 24)
        now = BEGINS + number * timedelta(hours=1) + timedelta(minutes=59)
        first, last = day * a_day + hour * a_day // 24, day * a_day + (hour + 1) * a_day // 24
        items = [
            Feedback(
                source_id=name,
                external_id=str(place),
                body=texts[place].text,
                question=texts[place].question,
                created_at=now - timedelta(minutes=5),
                first_seen_at=now,
            )
            for place in range(first, last)
        ]
        policy = AlertPolicy(first_contact=number == 0)
        opened = ingest(items, now, policy).opened
        for alert in opened:
            with store.read() as tx:
                item = tx.alerts.members(alert.id)[0][0]
            card = Card(item.id, day, texts[int(item.external_id)].problem)
            cards.append(card)
            if judged and day < LEARNING_DAYS:
                judge(store, card, now)
    with store.read() as tx:
        read = [
            (
                (item.seen_or_created - BEGINS) // _DAY,
                analysis.problem or 0.0,
                texts[int(item.external_id)].problem,
            )
            for item, analysis in tx.feedback.iterate_stored()
        ]
    store.close()
    return cards, read


def judge(store: Store, card: Card, now: datetime) -> None:
    """Let the team say of a card whether it was a problem."""
    said = "yes" if card.is_problem else "no"
    person = Actor.parse("user:U1")
    with store.write() as tx:
        tx.verdicts.add(card.feedback_id, VerdictKind.USEFUL, said, actor=person, at=now)


def compare(
    cards: dict[str, list[Card]], read: dict[str, list[tuple[int, float, bool]]]
) -> list[SourceResult]:
    """Return the figures of each source in the last four weeks."""
    late = {name: [card for card in of if card.day >= LEARNING_DAYS] for name, of in cards.items()}
    number = sum(map(len, late.values()))
    texts = {name: [one for one in of if one[0] >= LEARNING_DAYS] for name, of in read.items()}
    ranked = sorted((one[1] for of in texts.values() for one in of), reverse=True)
    threshold = ranked[number - 1]
    results = []
    days = DAYS - LEARNING_DAYS
    for name, own in late.items():
        by_day = Counter(card.day for card in own)
        counts = [by_day[day] for day in range(LEARNING_DAYS, DAYS)]
        single = [problem for _, probability, problem in texts[name] if probability >= threshold]
        problems = sum(problem for _, _, problem in texts[name])
        results.append(
            SourceResult(
                source=name,
                share=problems / len(texts[name]),
                a_day=len(own) / days,
                fewest=min(counts),
                most=max(counts),
                right=sum(card.is_problem for card in own) / max(len(own), 1),
                single_a_day=len(single) / days,
                single_right=sum(single) / max(len(single), 1),
                possible=min(1.0, problems / max(len(own), 1)),
            )
        )
    return results


def print_results(title: str, results: Sequence[SourceResult]) -> None:
    """Print a row for each source, then all together and the mean of sources."""
    print(
        f"\n{title}\n{'source':16}{'share':>7}{'a day':>8}{'days':>9}{'right':>7}{'most':>7}",
        end="",
    )
    print(f"{'one threshold: a day':>23}{'right':>7}")
    for one in results:
        span = f"{one.fewest}-{one.most}"
        print(f"{one.source:16}{one.share:>7.0%}{one.a_day:>8.1f}{span:>9}", end="")
        print(
            f"{one.right:>7.2f}{one.possible:>7.2f}{one.single_a_day:>23.1f}{one.single_right:>7.2f}"
        )
    budget, single = sum(one.a_day for one in results), sum(one.single_a_day for one in results)
    right = sum(one.a_day * one.right for one in results) / max(budget, 1e-9)
    single_right = sum(one.single_a_day * one.single_right for one in results) / max(single, 1e-9)
    print(f"{'all cards':16}{'':>7}{budget:>8.1f}{'':>9}{right:>7.2f}{'':>7}", end="")
    print(f"{single:>23.1f}{single_right:>7.2f}")
    mean = sum(one.right for one in results) / len(results)
    single_mean = sum(one.single_right for one in results) / len(results)
    print(f"{'mean of sources':40}{mean:>7.2f}{'':>7}{'':>23}{single_mean:>7.2f}")


def main() -> None:
    """Run each source twice and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sets")
    parser.add_argument("--budget", type=int, default=10, help="cards a day")
    parser.add_argument("--texts", type=int, default=80, help="a day of each source")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    sets = {name: items for name, items in labelled(options.data).items() if items}
    corpus = Corpus.of(sets)
    trainer = Trainer(corpus)
    names = {False: "by the scores alone", True: "with verdicts on the first two weeks"}
    cards: dict[bool, dict[str, list[Card]]] = {False: {}, True: {}}
    read: dict[str, list[tuple[int, float, bool]]] = {}
    for name, share in SHARES.items():
        model = ProblemModel(trainer.fit(without(trainable(corpus.sheets), name)))
        texts = draw_texts(sets[name], share, options.texts * DAYS, options.seed)
        for judged in (False, True):
            found = run_source(name, texts, model, f"{options.budget}/day", judged=judged)
            cards[judged][name], read[name] = found
        print(f"{name} done", file=sys.stderr, flush=True)
    results = {names[judged]: compare(of, read) for judged, of in cards.items()}
    if options.json:
        print(json.dumps({name: [asdict(one) for one in of] for name, of in results.items()}))
        return
    for name, of in results.items():
        print_results(name, of)


if __name__ == "__main__":
    main()
