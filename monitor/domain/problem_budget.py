"""From which probability of a problem on a source brings about so many texts a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log

from monitor.domain.facts import ProblemLimit

BUDGET_DAYS = 28  #: of history that a limit is learned from
DEFAULT_LIMIT = 0.8  #: while there is too little history
LOWEST_LIMIT, HIGHEST_LIMIT = 0.2, 0.98
LEAST_TEXTS = 50  #: of history for a limit to be learned
LEAST_VERDICTS, MOST_VERDICTS = 50, 2_000  #: the most of all sources together
#: What was written longer before it arrived alerts nobody, and is no part of what a day brings.
_FRESH = timedelta(days=7)
_STEPS = 1000  #: into which probabilities are sorted
_DAY = timedelta(days=1)
_PRIOR_VERDICTS = 4.0  #: weight of "the model is right" against that of verdicts


@dataclass(frozen=True, slots=True)
class DayOfProblems:
    """What one UTC day brought of a source: each text once."""

    by_step: Mapping[int, int]  #: how many texts, by probability in thousandths
    fresh: int  #: of these, how many may have alerted somebody


def sort_into_step(problem: float) -> int:
    """Return the probability in whole thousandths."""
    return round(min(max(problem, 0.0), 1.0) * _STEPS)


def is_fresh(written: datetime, arrived: datetime, first_contact: datetime) -> bool:
    """Return whether a text counts for how many a day come: no backlog does."""
    return arrived > first_contact and arrived - written <= _FRESH


def measure_exposure(day: datetime, first_contact: datetime) -> float:
    """Return for how many of the 28 days before `day` the source was known."""
    return min(float(BUDGET_DAYS), (day - first_contact) / _DAY)


def find_problem_limit(
    days: Sequence[DayOfProblems],
    exposure: float,
    per_day: float,
    judged: Iterable[tuple[float, bool]] = (),
) -> ProblemLimit:
    """Return the limit above which the days had `per_day` texts on average.

    `exposure` is for how many days the source was known, `judged` what the team said of its texts:
    their probability, and whether they needed a human. Below 50 texts or a day it is the default.
    """
    total = sum(sum(day.by_step.values()) for day in days)
    if total < LEAST_TEXTS or exposure < 1:
        return ProblemLimit(per_day, DEFAULT_LIMIT, is_learned=False)
    arriving = sum(day.fresh for day in days) / exposure
    limit = LOWEST_LIMIT
    if arriving > per_day:
        limit = _find_quantile(days, total * per_day / arriving)
    lowest = _find_lowest_useful(judged)
    raised = lowest > max(limit, LOWEST_LIMIT)
    at_least = min(max(limit, lowest, LOWEST_LIMIT), HIGHEST_LIMIT)
    return ProblemLimit(per_day, at_least, is_learned=True, is_raised_by_verdicts=raised)


def _find_quantile(days: Sequence[DayOfProblems], wanted: float) -> float:
    """Return the limit that as many texts as wanted reach, as nearly as equal ones allow."""
    counts = [0] * (_STEPS + 1)
    for day in days:
        for step, count in day.by_step.items():
            counts[step] += count
    reached = 0
    for step in range(_STEPS, -1, -1):
        if reached + counts[step] / 2 > wanted:
            return (step + 0.5) / _STEPS
        reached += counts[step]
    return 0.0


def _find_lowest_useful(judged: Iterable[tuple[float, bool]]) -> float:
    """Return the probability below which a text is less likely useful than the lowest limit says.

    The verdicts shift the model's log-odds for this source by one number.
    """
    verdicts = list(judged)
    if len(verdicts) < LEAST_VERDICTS:
        return LOWEST_LIMIT
    return _to_probability(_to_log_odds(LOWEST_LIMIT) - fit_intercept(verdicts))


def fit_intercept(judged: Sequence[tuple[float, bool]]) -> float:
    """Return by how much the log-odds of the probabilities are to be shifted to meet the verdicts.

    A logistic regression on one intercept, drawn towards 0 by a few verdicts that say so.
    """
    odds = [_to_log_odds(min(max(problem, 0.001), 0.999)) for problem, _ in judged]
    useful = sum(is_useful for _, is_useful in judged)
    low, high = -10.0, 10.0
    for _ in range(40):  # the slope falls with the shift, so halving finds where it is 0
        shift = (low + high) / 2
        expected = sum(_to_probability(one + shift) for one in odds)
        slope = useful - expected - shift * _PRIOR_VERDICTS / 4
        low, high = (shift, high) if slope > 0 else (low, shift)
    return (low + high) / 2


def _to_log_odds(probability: float) -> float:
    return log(probability / (1 - probability))


def _to_probability(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))
