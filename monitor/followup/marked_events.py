"""Marks releases by themselves: an app version that feedback names for the first time."""

from __future__ import annotations

from datetime import datetime

from monitor.domain.marked_event import MarkedEvent, find_version_events
from monitor.store import Store


def mark_new_versions(store: Store, now: datetime) -> list[MarkedEvent]:
    """Mark a release for each new app version, and return those that were marked.

    Every version is looked at once: what was there from the beginning is never taken for new.
    Raises StoreError.
    """
    with store.read() as tx:
        if not tx.marked_events.count_unseen_versions(now):
            return []
    with store.write() as tx:
        counts = tx.marked_events.count_unseen_versions(now)
        added = [tx.marked_events.add(event) for event in find_version_events(counts)]
        tx.marked_events.mark_versions_seen(counts)
    return [event for event, is_new in added if is_new]
