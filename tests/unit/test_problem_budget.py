"""A budget of problems a day: which limit a source gets, from what, and what a card says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.actor import Actor
from monitor.domain.facts import NeededFacts, ProblemLimit, StoredFacts
from monitor.domain.feedback import Analysis, Evidence, Feedback
from monitor.domain.problem_budget import (
    DEFAULT_LIMIT,
    HIGHEST_LIMIT,
    LOWEST_LIMIT,
    DayOfProblems,
    find_problem_limit,
    fit_intercept,
)
from monitor.domain.verdict import VerdictKind
from monitor.pipeline.facts import add_facts
from monitor.pipeline.problem_limits import ProblemLimits
from monitor.store import Store
from monitor.testing import make_feedback, memory_store
from rules.conditions.problem import ProblemCondition

BEGINS = datetime(2026, 9, 1, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
#: A day of a hundred texts, whose probabilities are evenly spread.
EVEN_DAY = DayOfProblems({step * 10: 1 for step in range(100)}, 100)
TEAM = Actor.parse("user:U1")


@pytest.fixture
def store() -> Iterator[Store]:
    opened = memory_store()
    yield opened
    opened.close()


def add_texts(
    store: Store,
    at: datetime,
    problems: list[float],
    *,
    source_id: str = "shop",
    own: bool = False,
) -> list[Feedback]:
    """Texts that arrive at a time, each with a probability of a problem and words of its own."""
    items = []
    for number, problem in enumerate(problems):
        name = f"{source_id} {at.isoformat()} {number}"
        item = make_feedback(name, source_id=source_id, external_id=name, created_at=at)
        item = replace(item, first_seen_at=at, own=own)
        items.append((item, Analysis(text=name, words=name, problem=problem)))
    with store.write() as tx:
        return [item for item, _ in tx.feedback.add(items)]


def find_limit(store: Store, now: datetime, per_day: float = 10.0) -> ProblemLimit:
    """The limit of the shop at a time, found anew."""
    with store.read() as tx:
        (limit,) = ProblemLimits().find(tx, "shop", now, {per_day})
    return limit


def judge(problem: float, said: str) -> Evidence:
    """The evidence of a text with this probability, where the limit of "10/day" is as said."""
    limits = {
        "learned": ProblemLimit(10.0, 0.74, is_learned=True),
        "default": ProblemLimit(10.0, 0.8, is_learned=False),
        "raised": ProblemLimit(10.0, 0.74, is_learned=True, is_raised_by_verdicts=True),
    }
    return Evidence(
        feedback=make_feedback("It broke", source_id="app_store"),
        analysis=Analysis(text="It broke", words="it broke", problem=problem),
        now=BEGINS,
        facts=StoredFacts(problem_limits=(ProblemLimit(5.0, 0.1, is_learned=True), limits[said])),
    )


@pytest.mark.parametrize(("per_day", "limit"), [(10, 0.9), (25, 0.75), (50, 0.5)])
def test_limit_is_the_quantile_that_brings_so_many(per_day: float, limit: float) -> None:
    """Of a hundred texts a day, ten are above the ninetieth percentile."""
    found = find_problem_limit([EVEN_DAY] * 28, 28, per_day)
    assert found == ProblemLimit(per_day, found.at_least, is_learned=True)
    assert found.at_least == pytest.approx(limit, abs=0.011)


def test_limit_stays_between_its_bounds() -> None:
    """A budget that nothing exhausts asks for 0.2, a tiny one for 0.98."""
    assert find_problem_limit([EVEN_DAY] * 28, 28, 500).at_least == LOWEST_LIMIT
    assert find_problem_limit([EVEN_DAY] * 28, 28, 90).at_least == LOWEST_LIMIT
    assert find_problem_limit([EVEN_DAY] * 28, 28, 0.1).at_least == HIGHEST_LIMIT


def test_a_source_of_one_week_is_measured_by_that_week() -> None:
    """Days before the first contact are not read as days that brought nothing."""
    empty = DayOfProblems({}, 0)
    young = find_problem_limit([empty] * 21 + [EVEN_DAY] * 7, 7, 10)
    assert young == find_problem_limit([EVEN_DAY] * 28, 28, 10)


def test_a_backlog_does_not_count_for_how_many_come() -> None:
    """Six hundred old texts on the first day change nothing about ten a day of a hundred."""
    backlog = DayOfProblems({step * 10: 6 for step in range(100)}, 0)
    found = find_problem_limit([backlog, *[EVEN_DAY] * 7], 7, 10)
    assert found.at_least == pytest.approx(0.9, abs=0.011)


def test_too_little_history_gives_the_default() -> None:
    """Below 50 texts, or a day, nothing is learned."""
    few = DayOfProblems({900: 49}, 49)
    for days, exposure in (([few], 28.0), ([EVEN_DAY], 0.9), ([], 0.0)):
        assert find_problem_limit(days, exposure, 10) == ProblemLimit(
            10, DEFAULT_LIMIT, is_learned=False
        )


def test_verdicts_raise_the_limit_where_little_is_useful() -> None:
    """Where one in ten of those at 0.8 is useful, those below 0.9 are not worth a card."""
    judged = [(0.8, number % 10 == 0) for number in range(100)]
    found = find_problem_limit([EVEN_DAY] * 28, 28, 50, judged)
    assert found.is_raised_by_verdicts
    assert 0.85 < found.at_least < 0.93


def test_verdicts_that_agree_change_nothing() -> None:
    """The limit stays where the model is right, where it is too careful, and below 50 verdicts."""
    plain = find_problem_limit([EVEN_DAY] * 28, 28, 50)
    agreeing = [(0.8, number % 5 > 0) for number in range(100)]
    useful = [(0.3, True)] * 100
    few = [(0.8, False)] * 49
    for judged in (agreeing, useful, few):
        assert find_problem_limit([EVEN_DAY] * 28, 28, 50, judged) == plain


def test_intercept_is_that_of_a_logistic_regression() -> None:
    """With many verdicts it is the difference of the log-odds, with none it is 0."""
    judged = [(0.5, number % 4 == 0) for number in range(40_000)]
    assert fit_intercept(judged) == pytest.approx(-1.0986, abs=0.01)
    assert fit_intercept([]) == pytest.approx(0, abs=1e-6)


def test_only_what_arrived_before_the_day_counts(store: Store) -> None:
    """What comes in the course of a day changes the limit of the next one."""
    for day in range(8):
        add_texts(store, BEGINS + day * DAY + HOUR, [step / 100 for step in range(100)])
    eighth = BEGINS + 8 * DAY
    before = find_limit(store, eighth)
    assert before.at_least == pytest.approx(0.9, abs=0.03)
    add_texts(store, eighth + HOUR, [0.99] * 500)
    assert find_limit(store, eighth + 20 * HOUR) == before
    assert find_limit(store, eighth + DAY).at_least == HIGHEST_LIMIT


def test_own_texts_and_other_sources_do_not_count(store: Store) -> None:
    """Nor does the same text twice on one day."""
    even = [step / 100 for step in range(100)]
    for day in range(3):
        add_texts(store, BEGINS + day * DAY + HOUR, even)
    at = BEGINS + 3 * DAY
    plain = find_limit(store, at)
    add_texts(store, BEGINS + 2 * DAY + 2 * HOUR, [0.99] * 90, own=True)
    add_texts(store, BEGINS + 2 * DAY + 2 * HOUR, [0.99] * 90, source_id="forum")
    same = [
        replace(make_feedback("Broken", external_id=f"same {number}"), source_id="shop")
        for number in range(90)
    ]
    seen = BEGINS + 2 * DAY + 3 * HOUR
    with store.write() as tx:
        tx.feedback.add(
            [
                (
                    replace(item, created_at=seen, first_seen_at=seen),
                    Analysis(text="Broken", words="broken", problem=0.005),
                )
                for item in same
            ]
        )
    assert find_limit(store, at).at_least == pytest.approx(plain.at_least, abs=0.011)


def test_verdicts_of_the_source_count_from_the_next_day_on(store: Store) -> None:
    """What the team says in the course of a day, or of another source, does not move its limit."""
    for day in range(3):
        items = add_texts(store, BEGINS + day * DAY + HOUR, [0.7] * 100)
        others = add_texts(store, BEGINS + day * DAY + HOUR, [0.7] * 100, source_id="forum")
    at = BEGINS + 3 * DAY + 2 * HOUR
    plain = find_limit(store, at, 200)
    with store.write() as tx:
        for item in others:
            said_at = BEGINS + 2 * DAY + 5 * HOUR
            tx.verdicts.add(item.id, VerdictKind.USEFUL, "no", actor=TEAM, at=said_at)
        for item in items:
            tx.verdicts.add(item.id, VerdictKind.USEFUL, "no", actor=TEAM, at=at)
    assert find_limit(store, at + HOUR, 200) == plain
    assert find_limit(store, at + DAY, 200).is_raised_by_verdicts


def test_facts_carry_a_limit_for_each_budget(store: Store) -> None:
    """Rules with other budgets each get theirs, and nothing is loaded where none asks."""
    evidence = replace(judge(0.8, "learned"), facts=StoredFacts())
    with store.read() as tx:
        (found,) = add_facts(tx, [evidence], NeededFacts(problem_budgets=frozenset({5.0, 1.0})))
        (without,) = add_facts(tx, [evidence], NeededFacts(first_by_author=True))
    assert found.facts.problem_limits == (
        ProblemLimit(1.0, DEFAULT_LIMIT, is_learned=False),
        ProblemLimit(5.0, DEFAULT_LIMIT, is_learned=False),
    )
    assert without.facts.problem_limits is None


def test_what_is_read_ahead_is_what_is_read_day_by_day(store: Store) -> None:
    """A replay that reads all days at once finds the same limits."""
    for day in range(20):
        spread = [((step * 7 + day * 13) % 100) / 100 for step in range(20 + day)]
        add_texts(store, BEGINS + day * DAY + day * HOUR, spread)
    ahead = ProblemLimits(read_until=BEGINS + 20 * DAY)
    times = [BEGINS + day * DAY + 5 * HOUR for day in range(20)]
    with store.read() as tx:
        at_once = [ahead.find(tx, "shop", at, {3.0})[0] for at in times]
    assert at_once == [find_limit(store, at, 3.0) for at in times]
    assert len(set(at_once)) > 5


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("learned", "at least 74%, which brings about 10 a day from app_store"),
        ("default", "at least 80%, as long as little is known of app_store"),
        ("raised", "at least 74%, below which your team finds app_store seldom useful"),
    ],
)
def test_clause_says_where_the_limit_comes_from(known: str, said: str) -> None:
    """The probability, the limit, and why it is there."""
    clause = ProblemCondition({"budget": "10/day"}).check(judge(0.82, known))
    assert clause
    assert clause.description.endswith(f"is a problem with 82%, {said}")


def test_it_does_not_hold_below_the_limit_or_without_one() -> None:
    """The limit itself is in; where no limit is known, nothing is."""
    condition = ProblemCondition({"budget": "10/day"})
    assert condition.check(judge(0.74, "learned"))
    assert condition.check(judge(0.739, "learned")) is None
    assert condition.check(replace(judge(0.9, "learned"), facts=StoredFacts())) is None


@pytest.mark.parametrize(
    ("written", "per_day"), [("10/day", 10.0), ("21/week", 3.0), (" 7 / week ", 1.0)]
)
def test_budget_is_a_number_a_day_or_a_week(written: str, per_day: float) -> None:
    """Rules ask for facts by texts a day."""
    condition = ProblemCondition({"budget": written})
    assert condition.facts == NeededFacts(problem_budgets=frozenset({per_day}))


@pytest.mark.parametrize(
    "value",
    [
        {"budget": "0/day"},
        {"budget": "ten a day"},
        {"budget": "10/month"},
        {"budget": "10/day\n20/day"},
        {"budget": 10},
        {"budget": "10/day", "at_least": 0.5},
        {"budget": "10/day", "below": 0.9},
    ],
)
def test_wrong_budgets_are_refused(value: dict[str, object]) -> None:
    """Nothing but "N/day" or "N/week", and no other limit beside it."""
    with pytest.raises(ValueError, match="budget"):
        ProblemCondition(value)
