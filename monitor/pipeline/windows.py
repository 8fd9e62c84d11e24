"""Let the windows of rules see what came before a feedback, and keep what they count.

What a window sees from a feedback is all that had arrived before it: the ingest asks for what is
not stored yet, a back-test for what was stored long ago, and both see the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import Protocol

from monitor.domain.feedback import Analysis, Evidence, Feedback
from monitor.domain.window import (
    UnseenSpan,
    WindowHistory,
    WindowItem,
    WindowView,
    start_of_day,
    start_of_hour,
)
from monitor.domain.workspace import Workspace
from monitor.pipeline.facts import add_facts, order_of_arrival
from monitor.store import Transaction
from monitor.store.windows import WindowProgress
from rules.engine import Engine
from rules.window_condition import WindowCondition

_CHUNK = 200
#: Hours of which is remembered what was learned: polls that began before a full hour may come after
#: others that began later.
_STATES_KEPT = 4
#: Ids of feedback, with the keys of the windows that count each.
CountedKeys = Mapping[int, Sequence[str]]


class WindowSource(Protocol):
    """Where windows look: the store, or a back-test's memory."""

    def list_items(
        self, key: str, since: datetime, until: datetime | None = None, *, with_words: bool = False
    ) -> Sequence[WindowItem]:
        """What a key counts of what arrived from `since` to before `until`, in order."""

    def list_blind_spans(
        self, source_ids: Collection[str], since: datetime, until: datetime
    ) -> Sequence[UnseenSpan]:
        """When these sources could not be read, between two times."""

    def find_seen_until(
        self, source_ids: Collection[str], before: datetime
    ) -> Mapping[str, datetime]:
        """The end of the last hour before a full hour in which each source answered."""


@dataclass(frozen=True, slots=True)
class _Learned:
    """What a condition has learned, of what had arrived before an hour."""

    hour: datetime
    value: object
    source_ids: frozenset[str]  #: of all that it has learned from


class WindowReader:
    """Lets windows see; what was learned is kept and only added to, hour by hour."""

    def __init__(self) -> None:
        self._learned: dict[Hashable, deque[_Learned]] = {}

    def add_windows(
        self,
        source: WindowSource,
        evidences: Sequence[Evidence],
        keys: Sequence[Sequence[str]],
        engine: Engine,
    ) -> list[Evidence]:
        """Return the evidences with what windows see from each; `keys` are those that count it.

        Stored feedback sees what has a lower id, what is not stored yet all that is stored, and
        what is stored before it.
        """
        found = list(evidences)
        for key in dict.fromkeys(key for own in keys for key in own):
            places = [at for at, own in enumerate(keys) if key in own]
            views = self._see(source, key, engine.windows[key], [evidences[at] for at in places])
            for at, view in zip(places, views, strict=True):
                found[at] = replace(found[at], windows={**found[at].windows, key: view})
        return found

    def look_back(
        self, source: WindowSource, key: str, evidence: Evidence, engine: Engine
    ) -> Evidence:
        """Return the evidence of a stored feedback with what a window sees at a full hour later."""
        (view,) = self._see(source, key, engine.windows[key], [evidence])
        seen = source.find_seen_until([view.own.source_id], start_of_hour(evidence.now))
        return replace(evidence, windows={key: replace(view, seen_until=seen)})

    def _see(
        self,
        source: WindowSource,
        key: str,
        conditions: Sequence[WindowCondition],
        evidences: Sequence[Evidence],
    ) -> Iterator[WindowView]:
        with_words = any(one.reads_words for one in conditions)
        written = start_of_hour(min(one.feedback.seen_or_created for one in evidences))
        since = written - max(one.span for one in conditions)
        stored = source.list_items(key, since, with_words=with_words)
        own = [_make_item(one) for one in evidences]
        unstored = [place for place in order_of_arrival(evidences) if not own[place].feedback_id]
        arrived = [*stored, *(own[place] for place in unstored)]
        ranks = {place: len(stored) + rank for rank, place in enumerate(unstored)}
        ids = [item.feedback_id for item in stored]
        learned = self._learn(source, key, conditions, start_of_hour(evidences[0].now))
        for place, item in enumerate(own):
            upto = ranks[place] if place in ranks else bisect_left(ids, item.feedback_id)
            yield WindowView(item, arrived, upto, learned)

    def _learn(
        self,
        source: WindowSource,
        key: str,
        conditions: Sequence[WindowCondition],
        hour: datetime,
    ) -> Mapping[Hashable, object]:
        """Return what each condition has learned of what had arrived before an hour."""
        return {
            condition.key: self._learn_one(source, key, condition, hour)
            for condition in conditions
            if condition.memory
        }

    def _learn_one(
        self, source: WindowSource, key: str, condition: WindowCondition, hour: datetime
    ) -> object:
        states = self._learned.setdefault((key, condition.key), deque(maxlen=_STATES_KEPT))
        known = [state for state in states if state.hour <= hour]
        before = max(known, key=lambda state: state.hour, default=None)
        if before is not None and before.hour == hour:
            return before.value
        begins = start_of_day(hour - condition.memory)
        since = before.hour if before else begins
        items = source.list_items(key, since, hour, with_words=condition.reads_words)
        source_ids = frozenset(item.source_id for item in items)
        if before is not None:
            source_ids |= before.source_ids
        blind = source.list_blind_spans(source_ids, begins, hour)
        history = WindowHistory(hour, begins, items, blind)
        value = condition.learn(before.value if before else None, history)
        states.append(_Learned(hour, value, source_ids))
        return value


def find_window_keys(engine: Engine, evidences: Sequence[Evidence]) -> list[Sequence[str]]:
    """Return which windows count each feedback; what our own accounts wrote counts for none."""
    if not engine.windows:
        return [()] * len(evidences)
    return [() if one.feedback.own else engine.find_window_keys(one) for one in evidences]


def see_stored(tx: Transaction, evidence: Evidence, engine: Engine) -> Evidence:
    """Return the evidence of a stored feedback with what windows saw when it arrived.

    By what was counted so far: a rule that has never run has counted nothing.
    """
    keys = find_window_keys(engine, [evidence])
    if not any(keys):
        return evidence
    (seen,) = WindowReader().add_windows(tx.windows, [evidence], keys, engine)
    return seen


def find_longest_memory(conditions: Iterable[WindowCondition]) -> timedelta:
    """Return how far back of any time some conditions look at most, in whole days and one more."""
    longest = max((max(one.span, one.memory) for one in conditions), default=timedelta())
    return timedelta(days=longest.days + 2)


@dataclass(frozen=True, slots=True)
class CountedWindow:
    """What was found for the windows with a key among feedback that was not looked at before."""

    key: str
    feedback_ids: tuple[int, ...]
    progress: WindowProgress


def look_through(
    tx: Transaction, engine: Engine, workspace: Workspace, now: datetime
) -> list[CountedWindow]:
    """Return what windows count of the stored feedback that they have not looked at yet.

    So a rule sees from its first moment on what came before it. It only reads, since history is
    long: `count_found` writes it.
    """
    if not engine.windows:
        return []
    last, progress = tx.windows.find_last_id(), tx.windows.find_progress(engine.windows)
    found = []
    for key, conditions in engine.windows.items():
        done = progress.get(key)
        if done is None or _is_missing(done, conditions, now):
            # Twice as far as needed, so that nothing is counted anew each day.
            since = now - 2 * find_longest_memory(conditions)
            done = WindowProgress(since, 0, now)
        elif done.counted_to >= last:
            continue
        ids = tuple(_count_stored(tx, engine, workspace, key, done))
        found.append(CountedWindow(key, ids, WindowProgress(done.since, last, now)))
    return found


def count_found(tx: Transaction, found: Iterable[CountedWindow]) -> None:
    """Count what was found; what has gone since then is left out."""
    for one in found:
        tx.windows.add_stored((one.key, which) for which in one.feedback_ids)
        tx.windows.save_progress([one.key], one.progress)


def count_chunk(
    tx: Transaction, engine: Engine, now: datetime, counted: CountedKeys = MappingProxyType({})
) -> None:
    """Count what this transaction has stored, and was asked about already.

    What another writer has stored meanwhile is left to `look_through`.
    """
    tx.windows.add((key, which) for which, keys in counted.items() for key in keys)
    last, progress = tx.windows.find_last_id(), tx.windows.find_progress(engine.windows)
    whole = [
        key
        for key, done in progress.items()
        if not set(tx.windows.list_ids(done.counted_to)) - counted.keys()
    ]
    tx.windows.mark_counted(whole, last)
    tx.windows.mark_used(list(engine.windows), now)


def _is_missing(done: WindowProgress, conditions: Sequence[WindowCondition], now: datetime) -> bool:
    return done.since > now - find_longest_memory(conditions)


def _count_stored(
    tx: Transaction, engine: Engine, workspace: Workspace, key: str, done: WindowProgress
) -> Iterator[int]:
    """Yield the ids of stored feedback that the windows with a key count."""
    arrivals = tx.feedback.iterate_arrivals(
        engine.may_hold, since=done.since, after=done.counted_to
    )
    found = (one.found for one in arrivals if one.found is not None and not one.own)
    while chunk := list(islice(found, _CHUNK)):
        evidences = [_make_evidence(item, read, workspace) for item, read in chunk]
        if engine.facts:
            evidences = add_facts(tx, evidences, engine.facts)
        for evidence in evidences:
            if key in engine.find_window_keys(evidence):
                yield evidence.feedback.id


def list_waiting_keys(engine: Engine) -> list[str]:
    """Return the keys of the windows that are asked each hour."""
    return [
        key
        for key, conditions in engine.windows.items()
        if any(condition.is_asked_hourly for condition in conditions)
    ]


def find_latest(tx: Transaction, keys: Collection[str], now: datetime) -> dict[str, Evidence]:
    """Return the latest feedback that each key counts, in hand at a later time."""
    found = {}
    for key, which in tx.windows.find_latest(keys).items() if keys else ():
        if stored := tx.feedback.get(which):
            found[key] = Evidence(feedback=stored[0], analysis=stored[1], now=now)
    return found


def _make_evidence(item: Feedback, read: Analysis, workspace: Workspace) -> Evidence:
    """Return the evidence of a stored feedback as of when it arrived."""
    now = item.first_seen_at or item.seen_or_created
    return Evidence(feedback=item, analysis=read, now=now, workspace=workspace)


def _make_item(evidence: Evidence) -> WindowItem:
    item = evidence.feedback
    arrived = evidence.now if not item.id else item.first_seen_at or evidence.now
    return WindowItem.of(item, evidence.analysis, arrived)
