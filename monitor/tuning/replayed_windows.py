"""What the windows of rules count in a replay, kept in memory, as the store keeps it otherwise."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from monitor.domain.feedback import Evidence
from monitor.domain.window import UnseenSpan, WindowItem
from monitor.store.windows import StoredGap, WindowRepository, cut_gaps

#: Polls that run side by side are stored in another order than they began, by so much at most.
_SLACK = timedelta(hours=2)


class ReplayedWindows:
    """What each key counts so far; when a source could not be read is known from the store."""

    def __init__(self, stored: WindowRepository) -> None:
        self._stored = stored
        self._items: dict[str, list[WindowItem]] = {}
        self._arrived: dict[str, list[datetime]] = {}
        self._latest: dict[str, Evidence] = {}
        self._gaps: dict[str, list[StoredGap]] = {}

    def add(self, evidences: Sequence[Evidence], keys: Sequence[Sequence[str]]) -> None:
        """Count what has arrived; it comes in order."""
        for evidence, own in zip(evidences, keys, strict=True):
            for key in own:
                item = WindowItem.of(evidence.feedback, evidence.analysis, evidence.now)
                self._items.setdefault(key, []).append(item)
                self._arrived.setdefault(key, []).append(item.arrived)
                self._latest[key] = evidence

    def get_latest(self, key: str) -> Evidence | None:
        """The latest that a key counts, as it was when it arrived."""
        return self._latest.get(key)

    def list_items(
        self, key: str, since: datetime, until: datetime | None = None, *, with_words: bool = False
    ) -> Sequence[WindowItem]:
        """What a key counts of what arrived from `since` to before `until`, in order."""
        arrived, items = self._arrived.get(key, []), self._items.get(key, [])
        first = bisect_left(arrived, since - _SLACK)
        last = len(arrived) if until is None else bisect_left(arrived, until + _SLACK, lo=first)
        return [
            item
            for item in items[first:last]
            if item.arrived >= since and (until is None or item.arrived < until)
        ]

    def list_blind_spans(
        self, source_ids: Collection[str], since: datetime, until: datetime
    ) -> Sequence[UnseenSpan]:
        """When these sources could not be read, between two times."""
        unknown = [source_id for source_id in source_ids if source_id not in self._gaps]
        if unknown:
            self._gaps |= self._stored.list_gaps(unknown)
        gaps = (gap for source_id in source_ids for gap in self._gaps[source_id])
        return cut_gaps(gaps, since, until)

    def find_seen_until(
        self, source_ids: Collection[str], before: datetime
    ) -> Mapping[str, datetime]:
        """The end of the last hour before a full hour in which each source answered."""
        return self._stored.find_seen_until(source_ids, before)
