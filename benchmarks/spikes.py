"""How many false alarms the spike test raises, and how many bursts it finds.

    python benchmarks/spikes.py [--series N] [--seed N] [--workers N] [--json]

Draws hourly counts of six kinds with a daily and a weekly season and lets the test of
rules/spikes.py look at the last three hours at every full hour, after four weeks of history, with
a budget of one false alarm in 28 days. It prints

* the alarms in 28 days where nothing has happened, beside two ratios of the last three hours to the
  three before (as ElastAlert's rule "spike" has them) and a z score over seven days;
* the same over 52 weeks in which the level rises by 1 % a week, with and without an outage of 6 to
  24 hours each week;
* the share of bursts that is found: 3 hours in which four times the mean of all hours comes on top
  of what is usual ("4x"), or three times ("4x in all"), with the budget as it is, and with the one
  that gives one alarm in 28 days ("matched"), as far as that is within 16 times the budget; without
  the guard; 12 hours of twice the mean on top; and the same 12 hours once more on the next day.

A burst counts as found where the test says so within the burst or in the hour after it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from math import sqrt
from typing import Any

import numpy as np
from scipy.special import gammaincinv, ndtr

from rules.spikes import (
    LEAST_COUNT,
    LEAST_RATIO,
    USUAL,
    HourlyCounts,
    SpikeTest,
    assess_spike,
)

DAY, WEEK = 24, 168
HISTORY = 4 * WEEK
LONGEST_SERIES = 9 * WEEK
WINDOW = 3
BURST_HOURS, BURST_ADDS, LESS_ADDS = 3, 4.0, 3.0  #: means of all hours that are added in each hour
SLOW_HOURS, SLOW_ADDS = 12, 2.0
BURSTS_PER_SERIES = 8
DRIFT = 0.01
SEED = 20
BUDGETS = tuple(2.0 ** (step / 4) for step in range(-8, 17))  #: for "matched"
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Process:
    """How people write: so many an hour, more or less in bursts."""

    name: str
    rate: float  #: an hour
    shape: float  #: k of the negative binomial; 0 is Poisson
    memory: float  #: correlation of one hour with the next


PROCESSES = (
    Process("Poisson .1/h", 0.1, 0, 0),
    Process("Poisson 1/h", 1, 0, 0),
    Process("NB k=1 .1/h", 0.1, 1, 0),
    Process("NB k=1 1/h", 1, 1, 0),
    Process("NB k=.5 AR.8 .3/h", 0.3, 0.5, 0.8),
    Process("NB k=1 AR.8 3/h", 3, 1, 0.8),
)


@dataclass(frozen=True, slots=True)
class Stream:
    """A simulated series: what is counted, and what hours a source could be seen."""

    counts: Array
    exposure: Array
    strength: Array  #: how talkative people are in each hour, 1 on average


@dataclass(frozen=True, slots=True)
class Looks:
    """What the test said at each hour."""

    count: Array
    expected: Array
    probability: Array


def make_season() -> Array:
    """Return the season of a week, 1 on average: by day up to four times as much as by night."""
    by_hour = 1 + 0.6 * np.sin((np.arange(DAY) - 9) / DAY * 2 * np.pi)
    by_day = np.array([1.1, 1.1, 1.1, 1.1, 1.1, 0.75, 0.75])
    season: Array = (by_day[:, None] * by_hour[None, :]).ravel()
    return season / season.mean()


def draw_stream(
    random: np.random.Generator, process: Process, hours: int, drift: float, outages: bool
) -> Stream:
    """Return one series; in an outage nothing is counted and nothing could be."""
    level = process.rate * (1 + drift) ** (np.arange(hours) / WEEK)
    level = level * np.tile(make_season(), hours // WEEK + 1)[:hours]
    strength = draw_strength(random, process, hours)
    exposure = np.ones(hours)
    for week in range(hours // WEEK if outages else 0):
        start = week * WEEK + int(random.integers(0, WEEK))
        exposure[start : start + int(random.integers(6, 25))] = 0
    counts = random.poisson(level * strength) * (exposure > 0)
    return Stream(counts, exposure, strength)


def draw_strength(random: np.random.Generator, process: Process, hours: int) -> Array:
    """Return how talkative people are, hour by hour: a gamma variable, perhaps with a memory."""
    if not process.shape:
        return np.ones(hours)
    normal = random.standard_normal(hours)
    step = sqrt(1 - process.memory**2)
    for hour in range(1, hours):
        normal[hour] = process.memory * normal[hour - 1] + step * normal[hour]
    strength: Array = gammaincinv(process.shape, ndtr(normal)) / process.shape
    return strength


def look(stream: Stream, hours: Sequence[int], test: SpikeTest) -> Looks:
    """Return what the test says at the end of each of the hours."""
    counts, exposure = tuple(stream.counts.tolist()), tuple(stream.exposure.tolist())
    found = np.empty((3, len(hours)))
    for place, hour in enumerate(hours):
        kept = slice(max(0, hour + 1 - LONGEST_SERIES), hour + 1)
        series = HourlyCounts(kept.start, counts[kept], exposure[kept])
        result = assess_spike(series, test)
        found[:, place] = result.count, result.expected, result.probability
    return Looks(*found)


def is_spike(looks: Looks, budget: float) -> Array:
    """Return at which hours a budget calls a spike; the same as `SpikeResult.is_spike`."""
    large = looks.count >= np.maximum(LEAST_COUNT, LEAST_RATIO * looks.expected)
    return large & (looks.probability <= budget / (4 * WEEK))


def count_episodes(spikes: Array, usual: Array) -> int:
    """Return how many alarms that is: one ends after two hours running that are as usual."""
    episodes, calm = 0, 2
    for spike, is_usual in zip(spikes.tolist(), usual.tolist(), strict=True):
        if spike:
            episodes += calm >= 2
            calm = 0
        elif calm < 2:
            calm = calm + 1 if is_usual else 0
    return episodes


def sum_windows(counts: Array) -> Array:
    """Return what was counted in the window that ends with each hour."""
    return np.convolve(counts, np.ones(WINDOW))[: len(counts)]


def find_ratio_spikes(counts: Array, least_now: int, least_before: int) -> Array:
    """Return the hours at which the last window holds three times the one before it."""
    now = sum_windows(counts)
    before = np.concatenate([np.zeros(WINDOW), now[:-WINDOW]])
    return (now >= 3 * before) & (now >= least_now) & (before >= least_before)


def find_z_spikes(counts: Array) -> Array:
    """Return the hours whose window is three deviations above the mean of seven days before."""
    now = sum_windows(counts)
    spikes = np.zeros(len(now), dtype=bool)
    for hour in range(WEEK + WINDOW, len(now)):
        past = now[hour - WINDOW - WEEK : hour - WINDOW]
        spikes[hour] = now[hour] > past.mean() + 3 * max(past.std(), 1e-9)
    return spikes


RIVALS: dict[str, Callable[[Array], Array]] = {
    "ratio x3, >= 3": partial(find_ratio_spikes, least_now=3, least_before=0),
    "ratio x3, >= 5, before >= 1": partial(find_ratio_spikes, least_now=5, least_before=1),
    "z > 3 of 7 days": find_z_spikes,
}


@dataclass(frozen=True, slots=True)
class QuietJob:
    """A series in which nothing happens."""

    process: Process
    seed: int
    weeks: int
    drift: float = 0.0
    outages: bool = False


def measure_quiet(job: QuietJob) -> dict[str, float]:
    """Return the alarms in 28 days of the test, of other budgets and of the rivals."""
    random = np.random.default_rng([job.seed, job.weeks])
    hours = HISTORY + job.weeks * WEEK
    stream = draw_stream(random, job.process, hours, job.drift, job.outages)
    looks = look(stream, range(HISTORY, hours), SpikeTest(WINDOW, 1.0))
    usual, months = looks.probability > USUAL, job.weeks / 4
    found = {
        f"budget {budget:.3f}": count_episodes(is_spike(looks, budget), usual) / months
        for budget in BUDGETS
    }
    if not job.outages:
        for name, find in RIVALS.items():
            spikes = find(stream.counts)[HISTORY:]
            found[name] = count_episodes(spikes, ~spikes) / months
    return found


@dataclass(frozen=True, slots=True)
class BurstJob:
    """A series in which bursts are tried one by one."""

    process: Process
    seed: int
    budget: float


def measure_bursts(job: BurstJob) -> dict[str, float]:
    """Return the share of bursts that is found, for each kind."""
    random = np.random.default_rng([job.seed, 99])
    hours = HISTORY + 8 * WEEK
    stream = draw_stream(random, job.process, hours, 0.0, outages=False)
    plain, free = SpikeTest(WINDOW, 1.0), SpikeTest(WINDOW, 1.0, guard_hours=0)
    found: dict[str, list[bool]] = {}

    def note(name: str, stream: Stream, start: int, length: int, test: SpikeTest) -> None:
        looks = look(stream, range(start, start + length + 1), test)
        found.setdefault(name, []).append(bool(is_spike(looks, 1.0).any()))
        found.setdefault(f"{name} matched", []).append(bool(is_spike(looks, job.budget).any()))

    for start in random.integers(HISTORY, hours - 3 * DAY, BURSTS_PER_SERIES).tolist():
        sharp = add_burst(random, job.process, stream, [start], BURST_HOURS, BURST_ADDS)
        note("4x", sharp, start, BURST_HOURS, plain)
        note("4x without guard", sharp, start, BURST_HOURS, free)
        lesser = add_burst(random, job.process, stream, [start], BURST_HOURS, LESS_ADDS)
        note("4x in all", lesser, start, BURST_HOURS, plain)
        days = [start, start + DAY]
        slow = add_burst(random, job.process, stream, days, SLOW_HOURS, SLOW_ADDS)
        note("slow", slow, start, SLOW_HOURS, plain)
        note("slow again", slow, start + DAY, SLOW_HOURS, plain)
        note("slow again without guard", slow, start + DAY, SLOW_HOURS, free)
        wide = SpikeTest(SLOW_HOURS, 1.0)
        note("slow, window 12", slow, start, SLOW_HOURS, wide)
        note("slow again, window 12", slow, start + DAY, SLOW_HOURS, wide)
    return {name: float(np.mean(each)) for name, each in found.items()}


def add_burst(
    random: np.random.Generator,
    process: Process,
    stream: Stream,
    starts: Sequence[int],
    length: int,
    adds: float,
) -> Stream:
    """Return the series with a burst more at each of the hours."""
    counts = stream.counts.copy()
    for start in starts:
        hours = slice(start, start + length)
        counts[hours] += random.poisson(adds * process.rate * stream.strength[hours])
    return Stream(counts, stream.exposure, stream.strength)


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """What was measured on one kind of series; alarms are in 28 days."""

    process: str
    quiet: dict[str, float]
    matched_budget: float
    year: float  #: 52 weeks with drift
    year_with_outages: float
    power: dict[str, float] = field(default_factory=dict)


def average(results: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the mean of each figure."""
    return {name: float(np.mean([each[name] for each in results])) for name in results[0]}


def find_matched_budget(quiet: dict[str, float]) -> float:
    """Return the largest of the budgets that gave at most one alarm in 28 days."""
    return max(b for b in BUDGETS if b == BUDGETS[0] or quiet[f"budget {b:.3f}"] <= 1.0)


def measure(
    run: Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[Any]],
    process: Process,
    seeds: Sequence[int],
    years: int,
) -> ProcessResult:
    """Return all figures of one kind of series."""
    quiet = average(list(run(measure_quiet, [QuietJob(process, seed, 8) for seed in seeds])))
    drifting = []
    for outages in (False, True):
        jobs = [QuietJob(process, seed, 52, DRIFT, outages) for seed in seeds[:years]]
        drifting.append(average(list(run(measure_quiet, jobs)))["budget 1.000"])
    budget = find_matched_budget(quiet)
    power = average(list(run(measure_bursts, [BurstJob(process, seed, budget) for seed in seeds])))
    kept = {"test": quiet["budget 1.000"]} | {name: quiet[name] for name in RIVALS}
    return ProcessResult(process.name, kept, budget, *drifting, power)


def print_table(title: str, rows: dict[str, list[float]], names: Sequence[str]) -> None:
    """Print one figure a row, with a column for each process."""
    print(f"\n{title}\n{'':34}" + "".join(f"{name:>20}" for name in names))
    for name, figures in rows.items():
        print(f"{name:34}" + "".join(f"{figure:20.2f}" for figure in figures))


def print_results(results: Sequence[ProcessResult]) -> None:
    """Print false alarms, then power."""
    names = [each.process for each in results]
    rows = {name: [each.quiet[name] for each in results] for name in results[0].quiet}
    rows["test, 52 weeks, +1 % a week"] = [each.year for each in results]
    rows["the same with outages"] = [each.year_with_outages for each in results]
    print_table("False alarms in 28 days, budget 1", rows, names)
    power = {name: [each.power[name] for each in results] for name in results[0].power}
    power["matched budget"] = [each.matched_budget for each in results]
    print_table("Share of bursts found", power, names)


def time_call() -> float:
    """Return how many milliseconds one call takes on nine weeks of hours."""
    stream = draw_stream(np.random.default_rng(SEED), PROCESSES[3], LONGEST_SERIES, 0.0, False)
    series = HourlyCounts(0, tuple(stream.counts.tolist()), tuple(stream.exposure.tolist()))
    started = time.perf_counter()
    for _ in range(200):
        assess_spike(series, SpikeTest(WINDOW, 1.0))
    return (time.perf_counter() - started) / 200 * 1000


def main() -> None:
    """Measure each kind of series and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--series", type=int, default=120, help="of each kind")
    parser.add_argument("--years", type=int, default=24, help="series of 52 weeks of each kind")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    seeds = range(options.seed * 100_000, options.seed * 100_000 + options.series)
    results = []
    with ProcessPoolExecutor(options.workers) as pool:
        for process in PROCESSES:
            started = time.perf_counter()
            run = partial(pool.map, chunksize=2)
            results.append(measure(run, process, seeds, options.years))
            took = time.perf_counter() - started
            print(f"{process.name}: {took:.0f} s", file=sys.stderr, flush=True)
    if options.json:
        print(json.dumps([asdict(each) for each in results], indent=1))
        return
    print_results(results)
    print(f"\none call on nine weeks of hours: {time_call():.2f} ms")


if __name__ == "__main__":
    main()
