"""How often the intervals of measures hold what is true, and how often "changed" is said wrongly.

    python benchmarks/interval_coverage.py [--draws N] [--seed N]

Draws samples of 10, 20, 50 and 400 from publics that are known, five or six of each kind, and
prints two tables, in percent:

* in how many samples the interval of 95 % holds what is true. For shares, where that is outside 93
  to 97, also what it would be if one count more (or less) were held: with so few answers there is
  nothing in between;
* in how many pairs of samples from one public a change is called.

Then the two things that a table of cells cannot show: the spread of places (Cochran's Q), and
places drawn towards the mean of all.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from scipy.special import bdtr, ndtri

from monitor.digest.counts import (
    BalanceCount,
    RatingCounts,
    Series,
    ShareCount,
    VolumeCount,
    WaitTimes,
)
from monitor.digest.heterogeneity import compare_places
from monitor.digest.intervals import (
    bound_balance,
    bound_mean,
    bound_percentile,
    bound_rate,
    bound_share,
)
from monitor.digest.measures import (
    measure_balance,
    measure_share,
    measure_stars,
    measure_volume,
)
from monitor.digest.response_times import measure_waits
from monitor.digest.shrinkage import shrink_balances
from monitor.domain.measure import Interval, Measure, Trend

SIZES = (10, 20, 50, 400)
SEED = 20
_Random = np.random.Generator
_Array = np.ndarray[Any, Any]

#: Shares of promoters, passives and detractors.
PUBLICS = {
    "even": (0.35, 0.30, 0.35),
    "promoters": (0.75, 0.18, 0.07),
    "detractors": (0.15, 0.20, 0.65),
    "divided": (0.60, 0.02, 0.38),
    "indifferent": (0.15, 0.70, 0.15),
    "delighted": (0.90, 0.07, 0.03),
}
STARS = {
    "even": (0.2, 0.2, 0.2, 0.2, 0.2),
    "good": (0.04, 0.06, 0.1, 0.2, 0.6),
    "best": (0.02, 0.01, 0.02, 0.05, 0.9),
    "divided": (0.35, 0.05, 0.05, 0.05, 0.5),
    "bad": (0.6, 0.2, 0.1, 0.06, 0.04),
}
SHARES = {f"{share:.0%}": (share, 1 - share) for share in (0.05, 0.1, 0.3, 0.5, 0.8)}
#: Distributions of times, by their quantile function.
TIMES: Mapping[str, Callable[[_Array], _Array]] = {
    "even": lambda part: 3600 * part,
    "exponential": lambda part: -3600 * np.log1p(-part),
    "long tail": lambda part: np.exp(8 + 1.5 * ndtri(part)),
    "two humps": lambda part: np.where(part < 0.7, 600 * part / 0.7, 40_000 + 9_000 * part),
    "some open": lambda part: np.where(part < 0.93, -3600 * np.log1p(-part), np.inf),
}


@dataclass(frozen=True, slots=True)
class IntervalKind:
    """One kind of measure, with publics of which it is drawn."""

    name: str
    publics: tuple[str, ...]
    draw: Callable[[_Random, str, int, int], list[Any]]  #: public, n and draws -> counts
    true: Callable[[str, int], float]  #: of a public and n
    bound: Callable[[Any], Interval]
    measure: Callable[[Series[Any]], Measure]


@dataclass(frozen=True, slots=True)
class CellResult:
    """How often something happened in one cell, in percent."""

    kind: str
    public: str
    sizes: tuple[int, ...]
    percent: float


def draw_rows(random: _Random, shares: tuple[float, ...], n: int, draws: int) -> list[list[int]]:
    """Return how many answered what in each sample."""
    rows: list[list[int]] = random.multinomial(n, shares, draws).tolist()
    return rows


def draw_times(random: _Random, public: str, n: int, draws: int) -> list[WaitTimes]:
    """Return samples of times, of which the endless are open."""
    found = TIMES[public](random.random((draws, n)))
    return [
        WaitTimes(tuple(row[np.isfinite(row)].tolist()), int(np.isinf(row).sum())) for row in found
    ]


def make_times_kind(name: str, share: float) -> IntervalKind:
    """Return the kind of one percentile."""
    return IntervalKind(
        name,
        tuple(TIMES),
        draw_times,
        lambda public, _: float(TIMES[public](np.array(share))),
        lambda times: bound_percentile(times, share),
        lambda series: measure_waits(series, share),
    )


KINDS = (
    IntervalKind(
        "NPS",
        tuple(PUBLICS),
        lambda random, public, n, draws: [
            BalanceCount(row[0], row[2], n) for row in draw_rows(random, PUBLICS[public], n, draws)
        ],
        lambda public, _: 100 * (PUBLICS[public][0] - PUBLICS[public][2]),
        bound_balance,
        measure_balance,
    ),
    IntervalKind(
        "share",
        tuple(SHARES),
        lambda random, public, n, draws: [
            ShareCount(row[0], n) for row in draw_rows(random, SHARES[public], n, draws)
        ],
        lambda public, _: 100 * SHARES[public][0],
        bound_share,
        measure_share,
    ),
    IntervalKind(
        "stars",
        tuple(STARS),
        lambda random, public, n, draws: [
            RatingCounts(1, tuple(row)) for row in draw_rows(random, STARS[public], n, draws)
        ],
        lambda public, _: sum(star * part for star, part in enumerate(STARS[public], 1)),
        bound_mean,
        measure_stars,
    ),
    make_times_kind("median", 0.5),
    make_times_kind("90th", 0.9),
    IntervalKind(
        "a day",
        ("ten",),
        lambda random, _, n, draws: [
            VolumeCount(count, n / 10) for count in random.poisson(n, draws).tolist()
        ],
        lambda _, n: 10.0,
        bound_rate,
        measure_volume,
    ),
)


def measure_coverage(
    random: _Random, kind: IntervalKind, draws: int, sizes: tuple[int, ...] = SIZES
) -> list[CellResult]:
    """Return how often the interval holds what is true, for each public and size."""
    cells = []
    for public in kind.publics:
        for n in sizes:
            true = kind.true(public, n)
            known: dict[Any, bool] = {}
            held = 0
            for counts in kind.draw(random, public, n, draws):
                if counts not in known:
                    known[counts] = holds(kind.bound(counts), true)
                held += known[counts]
            cells.append(CellResult(kind.name, public, (n,), 100 * held / draws))
    return cells


def holds(interval: Interval, true: float) -> bool:
    """Return whether what is true lies within; a limit that is not known excludes nothing."""
    above = interval.low is None or interval.low <= true + 1e-9
    return above and (interval.high is None or true - 1e-9 <= interval.high)


def measure_false_alarms(
    random: _Random, kind: IntervalKind, draws: int, sizes: tuple[int, ...] = SIZES
) -> list[CellResult]:
    """Return how often a change is called between two samples of one public."""
    cells = []
    for public in kind.publics:
        for first, second in combinations_with_replacement(sizes, 2):
            known: dict[Any, bool] = {}
            called = 0
            samples = (kind.draw(random, public, n, draws) for n in (first, second))
            for pair in zip(*samples, strict=True):
                if pair not in known:
                    verdict = kind.measure(Series(pair[0], (pair[1],))).verdict
                    known[pair] = verdict in (Trend.UP, Trend.DOWN)
                called += known[pair]
            cells.append(CellResult(kind.name, public, (first, second), 100 * called / draws))
    return cells


def find_next_step(share: float, n: int) -> float:
    """Return what the coverage of a share would be with one count more, or less, held."""
    held = [k for k in range(n + 1) if holds(bound_share(ShareCount(k, n)), 100 * share)]
    low, high = held[0], held[-1]

    def cover(first: int, last: int) -> float:
        below = bdtr(first - 1, n, share) if first > 0 else 0.0
        return 100 * float(bdtr(min(last, n), n, share) - below)

    now = cover(low, high)
    more = cover(low - 1, high), cover(low, high + 1)
    less = cover(low + 1, high), cover(low, high - 1)
    other = [step for step in (more if now < 95 else less) if abs(step - now) > 1e-9]
    return min(other, key=lambda step: abs(step - 95))


def measure_places(random: _Random, draws: int) -> None:
    """Print how often equal places are told apart, and how often drawn ones hold what is true."""
    print("\nplaces that do not differ, told apart by Q / by the surest gap")
    for places, n in ((2, 10), (4, 10), (7, 20), (5, 200)):
        found = []
        for _ in range(draws):
            rows = draw_rows(random, (0.6, 0.2, 0.2), n, places)
            told = compare_places(
                {str(at): BalanceCount(row[0], row[2], n) for at, row in enumerate(rows)}
            )
            assert told
            found.append((told.differs, told.gap.is_certain))
        q, gap = 100 * np.mean(found, axis=0)
        print(f"{places:>3} places of {n:>3}   {q:5.1f} / {gap:4.1f} %")
    print("\nplaces drawn towards the mean of all: balance holds what is true")
    for places, n, deviation in ((30, 6, 0.0), (30, 6, 0.2), (30, 20, 0.1), (8, 12, 0.1)):
        held = [draw_places(random, places, n, deviation) for _ in range(draws // 20)]
        print(f"{places:>3} of {n:>2}, deviation {deviation:.1f}   {100 * np.mean(held):5.1f} %")


def draw_places(random: _Random, places: int, n: int, deviation: float) -> float:
    """Return in which part of the places the balance holds what is true."""
    true = np.clip(random.normal(0.35, deviation, places), 0.02, 0.98).tolist()
    # A tenth of all is neither; the rest is for or against.
    rows = [random.multinomial(n, (0.9 * part, 0.1, 0.9 * (1 - part))).tolist() for part in true]
    balances = shrink_balances(
        {f"{at:03}": BalanceCount(row[0], row[2], n) for at, row in enumerate(rows)}
    )
    kept = [
        e.low <= 100 * (1.8 * part - 0.9) <= e.high for e, part in zip(balances, true, strict=True)
    ]
    return float(np.mean(kept))


def print_coverage(cells: list[CellResult]) -> None:
    """Print a line for each public."""
    for at in range(0, len(cells), len(SIZES)):
        row = cells[at : at + len(SIZES)]
        notes = [
            f"n {cell.sizes[0]}: or {find_next_step(SHARES[cell.public][0], cell.sizes[0]):.1f}"
            for cell in row
            if cell.kind == "share" and not 93 <= cell.percent <= 97
        ]
        figures = "".join(f"{cell.percent:8.1f}" for cell in row)
        print(f"{row[0].kind:<8}{row[0].public:<13}{figures}   {'; '.join(notes)}".rstrip())


def print_false_alarms(cells: list[CellResult]) -> None:
    """Print a line for each public."""
    pairs = list(combinations_with_replacement(SIZES, 2))
    for at in range(0, len(cells), len(pairs)):
        row = cells[at : at + len(pairs)]
        figures = "".join(f"{cell.percent:8.1f}" for cell in row)
        print(f"{row[0].kind:<8}{row[0].public:<13}{figures}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Coverage of the intervals, by simulation.")
    parser.add_argument("--draws", type=int, default=10_000, help="samples for each cell")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    random = np.random.default_rng(arguments.seed)
    print("holds what is true, %".ljust(21) + "".join(f"{f'n {n}':>8}" for n in SIZES))
    for kind in KINDS:
        print_coverage(measure_coverage(random, kind, arguments.draws))
    pairs = combinations_with_replacement(SIZES, 2)
    print("\nchange called, none is".ljust(22) + "".join(f"{f'{a}/{b}':>8}" for a, b in pairs))
    for kind in KINDS:
        print_false_alarms(measure_false_alarms(random, kind, arguments.draws))
    measure_places(random, arguments.draws // 5)


if __name__ == "__main__":
    main()
