"""How much a team's verdicts help: the shipped model against one that learned from some labels.

    python benchmarks/learning_curve.py --data DIR [--draws N] [--model FILE]

DIR holds nhs-feedback/text_data.csv: comments of patients with their criticality. A comment with a
criticality below 0 stands for one that needed a human. A fifth of the comments is kept aside; of
the rest, labels are drawn by chance, as if the team had judged these. Prints means over the draws,
on the comments kept aside, at the working threshold of 0.5:

* of what repwatch would show: the team's model in those draws in which it was found better, the
  shipped one in others;
* in how many draws that was so, and the AUC of the team's model in all draws;
* the CPU seconds of training and measuring.

The shipped model was trained on these comments too, so it has little to learn from them. FILE is
another in its place, such as benchmarks/train_problem.py makes from a folder of data without
nhs-feedback/: then the curve is that of a team whose kind of feedback was never seen before.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from sklearn.metrics import roc_auc_score

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.learning import ProblemExample, make_problem_example, train_problem_model
from monitor.analysis.problem import WORKING, ProblemModel
from monitor.domain.feedback import Feedback

SEED = 20
KEPT_ASIDE = 5  #: one in
LABELS = (50, 200, 1_000)


def main() -> None:
    """Print the curve."""
    parser = argparse.ArgumentParser(
        description="The learning curve of a team's verdicts, by simulation."
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with nhs-feedback/text_data.csv"
    )
    parser.add_argument(
        "--draws", type=int, default=5, help="draws of labels for each size (default 5)"
    )
    parser.add_argument("--model", type=Path, help="a model file in place of the shipped one")
    arguments = parser.parse_args()
    examples = read(arguments.data, arguments.model)
    draw = random.Random(SEED)
    draw.shuffle(examples)
    aside, rest = (
        examples[::KEPT_ASIDE],
        [item for at, item in enumerate(examples) if at % KEPT_ASIDE],
    )
    known = {item.words for item in aside}
    rest = [item for item in rest if item.words not in known]
    share = mean(item.needed for item in aside)
    print(
        f"{len(aside):,} comments kept aside, {share:.0%} of them critical; labels are drawn from "
        f"{len(rest):,}"
    )
    print(
        f"{'labels':>7} {'AUC':>7} {'precision':>10} {'recall':>7} {'used in':>9} {'team AUC':>9} "
        f"{'seconds':>8}"
    )
    shipped = measured(aside, [item.before for item in aside])
    print(f"{0:>7} {columns(shipped)}")
    for labels in LABELS:
        print(
            f"{labels:>7,} {curve(aside, rest, labels, arguments.draws, draw, shipped)}", flush=True
        )


def read(data: Path, model: Path | None) -> list[ProblemExample]:
    """The comments as the analyzer reads them, each wording once."""
    analyzer = Analyzer(
        problem=ProblemModel(json.loads(model.read_text("utf-8"))) if model else None
    )
    found: dict[str, ProblemExample] = {}
    with (data / "nhs-feedback" / "text_data.csv").open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            item = Feedback(source_id="nhs", external_id=str(number), body=row["feedback"])
            analysis = analyzer.analyze(item)
            found.setdefault(
                analysis.words,
                make_problem_example(item, analysis, needed=row["criticality"].startswith("-")),
            )
    return list(found.values())


def curve(
    aside: Sequence[ProblemExample],
    rest: Sequence[ProblemExample],
    labels: int,
    draws: int,
    draw: random.Random,
    shipped: tuple[float, float, float],
) -> str:
    """The line for so many labels."""
    shown, alone, used, seconds = [], [], 0, []
    for _ in range(draws):
        start = time.process_time()
        model, figures = train_problem_model(draw.sample(rest, labels))
        seconds.append(time.process_time() - start)
        team = (
            measured(aside, [model.score(item.words, item.measures)[0] for item in aside])
            if model
            else shipped
        )
        used += figures.is_better
        alone.append(team[0])
        shown.append(team if figures.is_better else shipped)
    auc, precision, recall = (mean(values) for values in zip(*shown, strict=True))
    line = f"{columns((auc, precision, recall))} {used:>4} of {draws:<2}"
    return f"{line} {mean(alone):>9.3f} {mean(seconds):>8.2f}"


def columns(result: tuple[float, float, float]) -> str:
    """AUC, precision and recall."""
    auc, precision, recall = result
    return f"{auc:>7.3f} {precision:>10.3f} {recall:>7.3f}"


def measured(
    items: Sequence[ProblemExample], scores: Sequence[float]
) -> tuple[float, float, float]:
    """AUC, precision and recall at the working threshold."""
    needed = [item.needed for item in items]
    flagged = [score >= WORKING for score in scores]
    right = sum(flag and need for flag, need in zip(flagged, needed, strict=True))
    return roc_auc_score(needed, scores), right / max(1, sum(flagged)), right / sum(needed)


if __name__ == "__main__":
    main()
