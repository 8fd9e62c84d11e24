"""Leadership over a task: one process at a time, and what a successor takes over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from monitor.leadership import Leadership
from monitor.store import Store, Transaction
from monitor.testing import NOON, memory_store

TTL = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = memory_store()
    yield opened
    opened.close()


@dataclass
class Candidate:
    """A process that wants to lead, and when it took over."""

    store: Store
    name: str
    dead: frozenset[str] = frozenset()  #: processes that it knows to have ended
    renew_after: timedelta = timedelta()
    takeovers: list[datetime] = field(default_factory=list)
    leadership: Leadership = field(init=False)

    def __post_init__(self) -> None:
        self.leadership = Leadership(
            store=self.store,
            task="task",
            holder=self.name,
            ttl=TTL,
            renew_after=self.renew_after,
            on_takeover=self._take_over,
            is_holder_dead=self.dead.__contains__,
        )

    def _take_over(self, tx: Transaction, now: datetime) -> None:
        self.takeovers.append(now)

    def still_leads(self) -> bool:
        with self.store.write() as tx:
            return self.leadership.still_leads(tx)


def test_one_process_leads_at_a_time(store: Store) -> None:
    """The second one follows when the first gives the lease back."""
    first, second = Candidate(store, "first"), Candidate(store, "second")
    assert first.leadership.acquire(NOON)
    assert not second.leadership.acquire(NOON)
    first.leadership.release()
    assert second.leadership.acquire(NOON)
    assert (first.still_leads(), second.still_leads()) == (False, True)


def test_renewing_is_no_takeover(store: Store) -> None:
    """What a leader is doing itself does not become uncertain while it leads."""
    leader = Candidate(store, "leader")
    for step in range(5):
        assert leader.leadership.acquire(NOON + step * TTL)
    assert leader.takeovers == [NOON]


def test_a_leader_that_ran_out_is_succeeded(store: Store) -> None:
    """The successor takes over at once, and the former leader knows when it looks."""
    hanging, heir = Candidate(store, "hanging"), Candidate(store, "heir")
    assert hanging.leadership.acquire(NOON)
    assert hanging.still_leads()
    assert heir.leadership.acquire(NOON + TTL)
    assert heir.takeovers == [NOON + TTL]
    assert not hanging.still_leads()


def test_running_out_alone_changes_nothing(store: Store) -> None:
    """Where nobody else took the lease, its work still counts."""
    leader = Candidate(store, "leader")
    assert leader.leadership.acquire(NOON)
    assert leader.still_leads()
    assert leader.leadership.acquire(NOON + 10 * TTL)
    assert leader.takeovers == [NOON]


def test_a_dead_leader_is_succeeded_at_once(store: Store) -> None:
    """Its lease need not run out."""
    assert Candidate(store, "dead").leadership.acquire(NOON)
    heir = Candidate(store, "heir", dead=frozenset({"dead"}))
    assert heir.leadership.acquire(NOON + SECOND)
    assert heir.takeovers == [NOON + SECOND]


def test_who_leads_again_after_another_takes_over(store: Store) -> None:
    """The one in between may have left something unfinished."""
    first, second = Candidate(store, "first"), Candidate(store, "second")
    assert first.leadership.acquire(NOON)
    assert second.leadership.acquire(NOON + TTL)
    assert first.leadership.acquire(NOON + 2 * TTL)
    assert first.takeovers == [NOON, NOON + 2 * TTL]


def test_failed_work_becomes_uncertain_in_the_same_process_too(store: Store) -> None:
    """A leader that could not record its result takes over from itself."""
    leader = Candidate(store, "leader", renew_after=TTL)
    assert leader.leadership.acquire(NOON)
    with pytest.raises(ZeroDivisionError), leader.leadership.abandoned_on_error():
        raise ZeroDivisionError
    assert leader.leadership.acquire(NOON + SECOND)
    assert leader.takeovers == [NOON, NOON + SECOND]


def test_a_young_lease_is_not_renewed(store: Store) -> None:
    """A leader of many small steps writes its lease rarely, and in time."""
    leader, other = Candidate(store, "leader", renew_after=TTL / 3), Candidate(store, "other")
    assert leader.leadership.acquire(NOON)
    assert leader.leadership.acquire(NOON + 19 * SECOND)
    assert other.leadership.acquire(NOON + TTL)
    other.leadership.release()

    assert leader.leadership.acquire(NOON + TTL)
    assert leader.leadership.acquire(NOON + TTL + 20 * SECOND)
    assert not other.leadership.acquire(NOON + 2 * TTL)


def test_only_a_leader_gives_the_lease_back(store: Store) -> None:
    """Releasing what somebody else holds does nothing."""
    leader, other = Candidate(store, "leader"), Candidate(store, "other")
    assert leader.leadership.acquire(NOON)
    other.leadership.release()
    assert leader.still_leads()


def test_a_clock_that_is_set_back_keeps_nobody_from_leading(store: Store) -> None:
    """The leader renews its lease at once; one that nobody renews does not last until the time has
    come round again.
    """
    leader, heir = Candidate(store, "leader", renew_after=TTL / 3), Candidate(store, "heir")
    assert leader.leadership.acquire(NOON)
    back = NOON - timedelta(hours=1)
    assert leader.leadership.acquire(back)
    assert not heir.leadership.acquire(back + TTL - SECOND)
    assert heir.leadership.acquire(back + TTL)
    assert leader.takeovers == [NOON]
    assert not leader.still_leads()

    assert heir.leadership.acquire(NOON)
    other = Candidate(store, "other")
    assert not other.leadership.acquire(NOON - timedelta(minutes=4))
    assert other.leadership.acquire(back)
