"""What statsmodels says of some samples: what the tests compare our intervals with.

    python benchmarks/interval_oracle.py > tests/data/statsmodels.json

It needs statsmodels, which comes with pandas and takes 150 MB: too much for every run of the tests,
so the figures are kept. Every sample is written with them. All intervals are of 95 %.
"""

from __future__ import annotations

import itertools
import json

import numpy as np
import statsmodels
import statsmodels.api as sm
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.rates import confint_poisson
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

SHARES = [(0, 6), (0, 10), (3, 10), (10, 10), (1, 20), (17, 20), (25, 50), (49, 50), (120, 400)]
STARS = [
    (0, 0, 0, 0, 5),
    (0, 0, 0, 1, 9),
    (5, 0, 1, 0, 4),
    (2, 3, 5, 3, 2),
    (1, 0, 1, 4, 44),
    (160, 30, 20, 40, 150),
]
VOLUMES = [(0, 7.0), (3, 7.0), (41, 167 / 24), (57, 7.0), (900, 30.0)]
PLACES = [
    [(12, 3, 20), (5, 9, 20), (30, 10, 60)],
    [(10, 0, 10), (9, 1, 12), (8, 2, 15), (80, 15, 120)],
    [(1, 8, 10), (9, 1, 10)],
]


def main() -> None:
    """Print all samples with what statsmodels says of them."""
    found = {
        "statsmodels": statsmodels.__version__,
        "shares": [[*pair, *proportion_confint(*pair, method="wilson")] for pair in SHARES],
        "share_changes": [
            [*now, *before, *confint_proportions_2indep(*now, *before, method="newcomb")]
            for now, before in itertools.permutations(SHARES, 2)
        ],
        "means": [[counts, *describe(counts).tconfint_mean()] for counts in STARS],
        "mean_changes": [
            [now, before, *compare(now, before)] for now, before in itertools.permutations(STARS, 2)
        ],
        "rates": [[*volume, *confint_poisson(*volume, method="exact-c")] for volume in VOLUMES],
        "rate_splits": [
            [now[0], before[0], *proportion_confint(now[0], now[0] + before[0], method="beta")]
            for now, before in itertools.permutations(VOLUMES, 2)
        ],
        "places": [[places, *combine(places)] for places in PLACES],
        "regressions": [regress(seed) for seed in (1, 2, 3)],
    }
    print(json.dumps(found, default=float))


def describe(counts: tuple[int, ...]) -> DescrStatsW:
    """Return the answers on a scale of 1 to 5 with one imaginary answer at each end."""
    answers = [star for star, count in enumerate(counts, 1) for _ in range(count)]
    return DescrStatsW([1, *answers, 5])


def compare(now: tuple[int, ...], before: tuple[int, ...]) -> tuple[float, float]:
    """Return Welch's interval."""
    return CompareMeans(describe(now), describe(before)).tconfint_diff(usevar="unequal")


def combine(places: list[tuple[int, int, int]]) -> tuple[float, float]:
    """Return Cochran's Q and the variance between places, from (for, against, n) of each."""
    positive, negative, n = np.array(places).T
    mean = (positive.sum() - negative.sum()) / n.sum()
    variance = (positive.sum() + negative.sum()) / n.sum() - mean**2
    result = combine_effects((positive - negative) / n, variance / n, method_re="dl")
    return result.q, max(result.tau2, 0.0)


def regress(seed: int) -> dict[str, object]:
    """Return some answers with the ratings of three drivers, and R²."""
    draw = np.random.default_rng(seed)
    ratings = np.clip(np.round(draw.normal(3.5, 1, (60, 3))), 1, 5)
    ratings[:, 1] = np.clip(np.round((ratings[:, 0] + ratings[:, 1]) / 2), 1, 5)
    scores = np.clip(np.round(ratings @ [1.5, 0.5, 0.0] + draw.normal(0, 1.5, 60)), 0, 10)
    explained = sm.OLS(scores, sm.add_constant(ratings)).fit().rsquared
    return {"ratings": ratings.tolist(), "scores": scores.tolist(), "explained": explained}


if __name__ == "__main__":
    main()
