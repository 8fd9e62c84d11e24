"""How often `drop` calls a drop of stars where nothing has changed.

    python benchmarks/drops.py [--months 24] [--seed 1]

Simulates ratings that come independently of each other from one distribution, asks the condition
itself at every one of them, and prints false alarms in 28 days for a budget of 0.5: an alarm is
over when it did not hold for a day.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby

import numpy as np

from monitor.domain.feedback import Analysis, Evidence, Feedback, Rating
from monitor.domain.window import WindowHistory, WindowItem, WindowView, start_of_day, start_of_hour
from rules.conditions.drop import DropCondition

_START = datetime(2026, 1, 5, tzinfo=UTC)
_DAY, _MONTH = timedelta(days=1), timedelta(days=28)
_STARS, _CHANCES = (1, 2, 3, 4, 5), (0.15, 0.05, 0.1, 0.2, 0.5)
_BUDGET = 0.5
_CASES = ((5, "7d"), (5, "14d"), (20, "7d"), (20, "14d"), (100, "1d"), (100, "7d"), (100, "14d"))


def main() -> None:
    """Simulate, ask, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    print(f"budget {_BUDGET} in 28 days, {options.months} months each")
    print(f"{'ratings a day':>14}{'window':>8}{'false alarms':>14}")
    for per_day, within in _CASES:
        table = {"of": "stars", "by": 0.01, "within": within, "alarms_per_month": _BUDGET}
        condition = DropCondition(table)
        items = list(_simulate(random, per_day, options.months))
        alarms = _count_alarms(_find_drops(condition, items))
        print(f"{per_day:14}{within:>8}{alarms / options.months:14.2f}")


def _simulate(random: np.random.Generator, per_day: int, months: int) -> Iterator[WindowItem]:
    """Yield the ratings of so many months, after one that is only learned from."""
    days = (months + 2) * 28
    count = random.poisson(per_day * days)
    times = np.sort(random.uniform(0, days, count))
    for number, (at, stars) in enumerate(
        zip(times, random.choice(_STARS, count, p=_CHANCES), strict=True)
    ):
        written = _START + float(at) * _DAY
        yield WindowItem(
            feedback_id=number + 1,
            at=written,
            arrived=written,
            source_id="shop",
            rating=Rating(float(stars)),
        )


def _find_drops(condition: DropCondition, items: list[WindowItem]) -> Iterator[datetime]:
    """Yield when the condition holds, from the third month on."""
    learned: object = None
    arrived: list[WindowItem] = []
    for hour, group in groupby(items, lambda item: start_of_hour(item.arrived)):
        begins = start_of_day(hour - condition.memory)
        learned = condition.learn(learned, WindowHistory(hour, begins, arrived))
        arrived = list(group)
        for at, item in enumerate(arrived):
            view = WindowView(item, arrived, at, {condition.key: learned})
            feedback = Feedback(source_id="shop", external_id="1", created_at=item.at)
            evidence = Evidence(
                feedback=feedback, analysis=Analysis(text="", words=""), now=item.at, window=view
            )
            if item.at >= _START + 2 * _MONTH and condition.check(evidence):
                yield item.at


def _count_alarms(times: Iterator[datetime]) -> int:
    count, last = 0, _START
    for at in times:
        count += at - last > _DAY
        last = at
    return count


if __name__ == "__main__":
    main()
