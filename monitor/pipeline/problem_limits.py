"""Learn anew each day from which probability of a problem on a source brings so many texts.

Only what had arrived, and what the team had said, before a UTC day began counts for that day: so a
back-test works with the very limits that held then. A day that is over does not change, and is read
once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from monitor.domain.facts import ProblemLimit
from monitor.domain.problem_budget import (
    BUDGET_DAYS,
    MOST_VERDICTS,
    DayOfProblems,
    find_problem_limit,
    is_fresh,
    measure_exposure,
    sort_into_step,
)
from monitor.store import Transaction

_DAY = timedelta(days=1)
_NO_PROBLEMS = DayOfProblems({}, 0)
#: Days that are remembered, of all sources: so many sources are learned without reading anew.
_MOST_DAYS, _MOST_LIMITS = 40 * BUDGET_DAYS, 1_000


class ProblemLimits:
    """The limits of one database; threads may share it: at worst a day is read twice."""

    def __init__(self, read_until: datetime | None = None) -> None:
        """Remember nothing yet; what arrived before `read_until` is read together with the rest."""
        self._read_until = None if read_until is None else _begin_day(read_until)
        self._first_contacts: dict[str, datetime] = {}
        self._days: dict[tuple[str, datetime], DayOfProblems] = {}
        self._limits: dict[tuple[str, datetime, float], ProblemLimit] = {}

    def find(
        self, tx: Transaction, source_id: str, now: datetime, budgets: Iterable[float]
    ) -> tuple[ProblemLimit, ...]:
        """Return the limit of each budget, in texts a day, that holds on the day of `now`."""
        day = _begin_day(now)
        return tuple(self._find_one(tx, source_id, day, budget) for budget in sorted(budgets))

    def _find_one(
        self, tx: Transaction, source_id: str, day: datetime, per_day: float
    ) -> ProblemLimit:
        key = source_id, day, per_day
        found = self._limits.get(key)
        if found is None:
            found = self._learn(tx, source_id, day, per_day)
            if len(self._limits) >= _MOST_LIMITS:
                self._limits.clear()
            self._limits[key] = found
        return found

    def _learn(
        self, tx: Transaction, source_id: str, day: datetime, per_day: float
    ) -> ProblemLimit:
        first_contact = self._first_contacts.get(source_id)
        if first_contact is None:
            first_contact = tx.arrivals.find_first_contact(source_id)
        if first_contact is None or first_contact >= day:
            return find_problem_limit((), 0.0, per_day)
        self._first_contacts[source_id] = first_contact
        days = self._load_days(tx, source_id, day, first_contact)
        judged = tx.verdicts.list_judged_problems(source_id, day, MOST_VERDICTS)
        return find_problem_limit(days, measure_exposure(day, first_contact), per_day, judged)

    def _load_days(
        self, tx: Transaction, source_id: str, until: datetime, first_contact: datetime
    ) -> list[DayOfProblems]:
        """Return the 28 days before `until`; those that are not known yet are one query."""
        wanted = _list_days(until - BUDGET_DAYS * _DAY, until)
        known = {day: self._days.get((source_id, day)) for day in wanted}
        missing = [day for day, found in known.items() if found is None]
        if missing:
            end = max(until, self._read_until or until)
            read = _read_days(tx, source_id, missing[0], end, first_contact)
            filled = {day: read.get(day, _NO_PROBLEMS) for day in _list_days(missing[0], end)}
            known |= filled
            if len(self._days) >= _MOST_DAYS:
                self._days.clear()
            self._days |= {(source_id, day): found for day, found in filled.items()}
        return [found for day in wanted if (found := known[day]) is not None]


def _read_days(
    tx: Transaction, source_id: str, since: datetime, until: datetime, first_contact: datetime
) -> dict[datetime, DayOfProblems]:
    """Return each UTC day that brought anything; the same words on one day are one text."""
    met: set[tuple[datetime, str]] = set()
    steps: dict[datetime, Counter[int]] = {}
    fresh: Counter[datetime] = Counter()
    for text in tx.arrivals.iterate_problems(source_id, since, until):
        day = _begin_day(text.arrived)
        if (day, text.content_hash) in met:
            continue
        met.add((day, text.content_hash))
        steps.setdefault(day, Counter())[sort_into_step(text.problem)] += 1
        fresh[day] += is_fresh(text.written, text.arrived, first_contact)
    return {day: DayOfProblems(found, fresh[day]) for day, found in steps.items()}


def _begin_day(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _list_days(since: datetime, until: datetime) -> list[datetime]:
    return [since + number * _DAY for number in range((until - since).days)]
