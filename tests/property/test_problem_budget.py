"""A back-test works with the limits that held on arrival, and more budget brings more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.facts import NeededFacts, ProblemLimit
from monitor.domain.feedback import Analysis, Evidence
from monitor.domain.problem_budget import (
    HIGHEST_LIMIT,
    LOWEST_LIMIT,
    DayOfProblems,
    find_problem_limit,
)
from monitor.pipeline.facts import add_facts
from monitor.pipeline.problem_limits import ProblemLimits
from monitor.store import Store
from monitor.testing import make_feedback, memory_store

BEGINS = datetime(2026, 9, 1, 22, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEEDS = NeededFacts(problem_budgets=frozenset({1.0, 5.0, 20 / 7}))
PROBABILITIES = st.lists(st.integers(0, 100).map(lambda part: part / 100), max_size=30)
#: Pages: hours since the one before, how old its texts are, what is read of each.
PAGES = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from([0, 1, 30, 200]), PROBABILITIES), max_size=12
)
DAYS = st.lists(
    st.builds(
        DayOfProblems,
        st.dictionaries(st.integers(0, 1000), st.integers(1, 50), max_size=20),
        st.integers(0, 400),
    ),
    max_size=28,
)
JUDGED = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=120)


def build_page(at: datetime, age: int, problems: list[float], page: int) -> list[Evidence]:
    """The evidence of a page that arrives at a time, as the ingest has it."""
    found = []
    for number, problem in enumerate(problems):
        text = f"page {page} text {number // 2 if problem < 0.5 else number}"
        item = make_feedback(text, external_id=f"{page}-{number}", created_at=at - age * HOUR)
        read = Analysis(text=text, words=text, problem=problem)
        found.append(Evidence(feedback=replace(item, first_seen_at=at), analysis=read, now=at))
    return found


def find_limits(
    store: Store, evidences: list[Evidence], limits: ProblemLimits
) -> dict[str, tuple[ProblemLimit, ...] | None]:
    """What the facts of each feedback say."""
    with store.read() as tx:
        found = add_facts(tx, evidences, NEEDS, limits)
    return {one.feedback.external_id: one.facts.problem_limits for one in found}


@settings(max_examples=60, deadline=None)
@given(PAGES)
def test_a_replay_finds_the_limits_that_held(pages: list[tuple[int, int, list[float]]]) -> None:
    """Of new feedback of any page, and of all of it once it is stored, read ahead or one by one."""
    store, now, live = memory_store(), BEGINS, ProblemLimits()
    on_arrival: dict[str, tuple[ProblemLimit, ...] | None] = {}
    for page, (hours, age, problems) in enumerate(pages):
        now += hours * HOUR
        evidences = build_page(now, age, problems, page)
        on_arrival |= find_limits(store, evidences, live)
        with store.write() as tx:
            tx.feedback.add([(one.feedback, one.analysis) for one in evidences])
    with store.read() as tx:
        stored = [
            Evidence(feedback=item, analysis=read, now=item.first_seen_at or now)
            for item, read in tx.feedback.iterate_stored()
        ]
    replayed = find_limits(store, stored, ProblemLimits(read_until=now))
    alone = [find_limits(store, [one], ProblemLimits()) for one in stored[::7]]
    store.close()
    assert replayed == on_arrival
    assert all(one.items() <= on_arrival.items() for one in alone)


@given(DAYS, st.floats(0, 28), JUDGED)
def test_more_budget_never_asks_for_more(
    days: list[DayOfProblems], exposure: float, judged: list[tuple[float, bool]]
) -> None:
    """The limit falls with the budget, and stays within its bounds."""
    limits = [
        find_problem_limit(days, exposure, per_day, judged).at_least
        for per_day in (0.1, 1, 3, 10, 100, 10_000)
    ]
    assert all(LOWEST_LIMIT <= limit <= HIGHEST_LIMIT for limit in limits)
    assert all(more <= less for less, more in pairwise(limits))
