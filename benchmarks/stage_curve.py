"""How much a team's corrected stages help, by a stand-in: topics that people sorted texts into,
read as stages.

    python benchmarks/stage_curve.py --data DIR [--draws N]

DIR holds banking77/ (questions to a bank with what they ask for) and nhs-feedback/ (comments of
patients with their topic). Nobody has sorted texts into the stages of a journey that may be shown
here. So each topic is given the stage that a team might file it under, by TEAMS below. What is
measured is whether a team's own, consistent way of filing is learned, not how right the shipped
patterns are: those were not made for that way.

A team handles texts, drawn by chance, until it has corrected so many stages. It corrects nine of
ten that it would file otherwise and lets the others stand, wrong or right. Prints means over the
draws, on a fifth that is kept aside:

* the share of texts whose shown stage is the team's: the learned one in those draws in which it
  was used;
* in how many draws that was so; in these, how many readings it changed, how many of the changes
  were right, and how
  right the readings were of texts that the patterns had placed;
* the CPU seconds of training and measuring.
"""

from __future__ import annotations

import argparse
import csv
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.corrections import (
    StageExample,
    StageModel,
    make_stage_example,
    train_stage_model,
)
from monitor.domain.feedback import Feedback, Stage

SEED = 20
KEPT_ASIDE = 5  #: one in
CORRECTED = 0.9  #: the part of the wrong stages that people bother to correct
CORRECTIONS = (50, 100, 200, 500)

#: Of each set, the stage that a team might file a topic under; a name stands for all topics that
#: hold it, the first that fits counts, and what none fits is left out.
TEAMS: Mapping[str, Mapping[str, Stage]] = {
    "banking77": {
        "lost_or_stolen": Stage.SUPPORT,
        "compromised": Stage.SUPPORT,
        "forgotten": Stage.SUPPORT,
        "blocked": Stage.SUPPORT,
        "swallowed": Stage.SUPPORT,
        "verify": Stage.SUPPORT,
        "not_recognised": Stage.SUPPORT,
        "arrival": Stage.POST_PURCHASE,
        "delivery": Stage.POST_PURCHASE,
        "efund": Stage.POST_PURCHASE,
        "terminate": Stage.POST_PURCHASE,
        "cancel": Stage.POST_PURCHASE,
        "country_support": Stage.RESEARCH,
        "supported": Stage.RESEARCH,
        "atm_support": Stage.RESEARCH,
        "limit": Stage.RESEARCH,
        "acceptance": Stage.RESEARCH,
        "visa": Stage.RESEARCH,
        "apple_pay": Stage.RESEARCH,
        "order": Stage.PURCHASE,
        "get_": Stage.PURCHASE,
        "getting": Stage.PURCHASE,
        "top_up": Stage.PURCHASE,
        "topping": Stage.PURCHASE,
        "payment": Stage.PURCHASE,
        "transaction": Stage.PURCHASE,
        "activate": Stage.USE,
        "change_pin": Stage.USE,
        "linking": Stage.USE,
        "not_working": Stage.USE,
        "transfer": Stage.USE,
        "withdrawal": Stage.USE,
        "balance": Stage.USE,
        "exchange": Stage.USE,
    },
    "nhs-feedback": {
        "Access": Stage.PURCHASE,
        "Communication": Stage.SUPPORT,
        "Staff": Stage.SUPPORT,
        "Dignity": Stage.SUPPORT,
        "Care received": Stage.USE,
        "Environment": Stage.USE,
        "Transition": Stage.POST_PURCHASE,
        "improved": Stage.ENGAGEMENT,
    },
}


@dataclass(frozen=True)
class Drawn:
    """What came of one team."""

    right: float  #: the share of shown stages that are the team's
    used: bool
    changed: float
    changed_right: float
    sure_right: float
    seconds: float


def main() -> None:
    """Print a curve for each set."""
    parser = argparse.ArgumentParser(
        description="The learning curve of corrected stages, by a stand-in."
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with banking77 and nhs-feedback"
    )
    parser.add_argument(
        "--draws", type=int, default=5, help="teams for each number of corrections (default 5)"
    )
    arguments = parser.parse_args()
    for name in TEAMS:
        examples = read(name, arguments.data / name)
        draw = random.Random(SEED)
        draw.shuffle(examples)
        aside, rest = (
            examples[::KEPT_ASIDE],
            [item for at, item in enumerate(examples) if at % KEPT_ASIDE],
        )
        placed_by_patterns = mean(item.before != Stage.UNSURE for item in aside)
        print(
            f"{name}: {len(aside):,} texts kept aside, {placed_by_patterns:.0%} of them placed by "
            "the patterns"
        )
        print(
            f"{'corrections':>11} {'right':>6} {'used in':>9} {'changed':>8} {'right':>6} "
            f"{'placed':>7} {'seconds':>8}"
        )
        print(line(0, [judged(aside, None, 0.0)]))
        for corrections in CORRECTIONS:
            teams = (team(rest, corrections, draw) for _ in range(arguments.draws))
            print(line(corrections, [learned(aside, given) for given in teams]), flush=True)


def read(name: str, folder: Path) -> list[StageExample]:
    """The texts as the analyzer reads them, each wording once, with the stage of their topic."""
    analyzer = Analyzer()
    found: dict[str, StageExample] = {}
    for number, (text, topic) in enumerate(rows(name, folder)):
        stage = next((stage for part, stage in TEAMS[name].items() if part in topic), None)
        item = Feedback(source_id=name, external_id=str(number), body=text)
        analysis = analyzer.analyze_without_team(item)
        if stage and analysis.words and not analysis.unscored:
            found.setdefault(
                analysis.words, make_stage_example(item, analysis, stage, corrected=True)
            )
    return list(found.values())


def rows(name: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Text and topic of each row."""
    files = ("text_data.csv",) if name == "nhs-feedback" else ("train.csv", "test.csv")
    text, topic = ("feedback", "label") if name == "nhs-feedback" else ("text", "category")
    for file in files:
        with (folder / file).open(encoding="utf-8-sig", newline="") as lines:
            yield from ((row[text], row[topic]) for row in csv.DictReader(lines))


def team(
    texts: Sequence[StageExample], corrections: int, draw: random.Random
) -> list[StageExample]:
    """What a team has said when it has corrected so many."""
    given: list[StageExample] = []
    left = corrections
    for item in draw.sample(texts, len(texts)):
        if item.stage != item.before and draw.random() < CORRECTED:
            given.append(item)
            left -= 1
        else:
            given.append(replace(item, stage=item.before, corrected=False))
        if not left:
            break
    return given


def learned(aside: Sequence[StageExample], given: Sequence[StageExample]) -> Drawn:
    """What the team sees from then on."""
    start = time.process_time()
    model, figures = train_stage_model(given)
    seconds = time.process_time() - start
    return judged(aside, model if figures.is_better else None, seconds)


def judged(aside: Sequence[StageExample], model: StageModel | None, seconds: float) -> Drawn:
    """How right the shown stages are, with the learned ones where there are some."""
    pairs = [(item, shown(item, model)) for item in aside]
    changed = [stage == item.stage for item, stage in pairs if stage != item.before]
    return Drawn(
        right=mean(stage == item.stage for item, stage in pairs),
        used=model is not None,
        changed=len(changed) / len(aside),
        changed_right=mean(changed or [0]),
        sure_right=mean(
            stage == item.stage for item, stage in pairs if item.before != Stage.UNSURE
        ),
        seconds=seconds,
    )


def shown(item: StageExample, model: StageModel | None) -> str:
    """The stage that a card would show."""
    if model is None:
        return item.before
    stage, margin, _ = model.predict_stage(item.words, item.measures)
    return stage if stage and margin >= model.margin else item.before


def line(corrections: int, drawn: Sequence[Drawn]) -> str:
    """The means of some draws."""
    used = [each for each in drawn if each.used]
    right, seconds = mean(each.right for each in drawn), mean(each.seconds for each in drawn)
    said = f"{corrections:>11,} {right:>6.3f} {len(used):>4} of {len(drawn):<2}"
    if not used:
        return f"{said} {'':8} {'':6} {drawn[0].sure_right:>7.2f} {seconds:>8.2f}"
    changed, good, sure = (
        mean(getattr(each, name) for each in used)
        for name in ("changed", "changed_right", "sure_right")
    )
    return f"{said} {changed:>8.2f} {good:>6.2f} {sure:>7.2f} {seconds:>8.2f}"


if __name__ == "__main__":
    main()
