"""The daily message about what nobody read: once a day for each source, where there is any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Self

from monitor.domain.unread import SummarySubject, UnreadDay, UnreadSummary, UnreadText
from monitor.health.trouble import rank_by_trouble
from monitor.settings import Settings
from monitor.store import Store, Transaction
from monitor.store.unread import complainer_key

#: Texts that a message names.
TEXTS_SHOWN = 3
#: Texts that are weighed: the latest ones where there are more.
_MOST_WEIGHED = 2000


#: A day ends so long before it is told: longer than the longest poll, whose texts count as seen
#: when it began.
_SETTLE = timedelta(minutes=10)


@dataclass(slots=True, kw_only=True)
class UnreadReporter:
    """Queues the messages when a day is over; which were queued is known in the store."""

    store: Store
    source_ids: Sequence[str]
    channel: str
    ends_at: time | None  #: when a day ends; None: nobody is told
    timezone: str  #: IANA name, empty for UTC
    _checked: dict[str, date] = field(default_factory=dict)  # by source, the last day looked at

    @classmethod
    def from_settings(cls, settings: Settings, store: Store, channel: str) -> Self:
        """Return the reporter that the configuration asks for; `channel` is the default one."""
        collect = settings.collect
        return cls(
            store=store,
            source_ids=[source.id for source in settings.sources],
            channel=channel,
            ends_at=collect.unread_summary_at if collect.unread_summary else None,
            timezone=settings.hours.timezone,
        )

    def queue_due(self, now: datetime) -> int:
        """Queue the messages about the last day that is over; return how many are new.

        Called often: a day that was looked at is not looked at again. Raises StoreError.
        """
        if self.ends_at is None:
            return 0
        told = UnreadDay.last_before(now, self.ends_at, self.timezone)
        day = replace(told, since=told.since - _SETTLE, until=told.until - _SETTLE)
        return sum(self._queue_for_source(source_id, day, now) for source_id in self.source_ids)

    def _queue_for_source(self, source_id: str, day: UnreadDay, now: datetime) -> bool:
        if self._checked.get(source_id) == day.name:
            return False
        with self.store.read() as tx:
            is_any = bool(tx.unread.count_by_reason(source_id, day.since, day.until))
        queued = False
        if is_any:
            with self.store.write() as tx:
                queued = tx.unread.queue_summary(source_id, day, self.channel, now)
        self._checked[source_id] = day.name
        return queued


def load_unread_summary(tx: Transaction, subject: SummarySubject) -> UnreadSummary:
    """Return what was not read of a source in a time, with the few that are most likely trouble."""
    source_id, since, until = subject.source_id, subject.since, subject.until
    texts = tx.unread.list_texts(source_id, since, until, _MOST_WEIGHED)
    authors = [text.feedback.author for text in texts]
    complaints = tx.unread.find_first_complaints(source_id, authors, until)
    return UnreadSummary(
        subject=subject,
        by_reason=tx.unread.count_by_reason(source_id, since, until),
        worst=rank_by_trouble([_with_history(text, complaints) for text in texts], TEXTS_SHOWN),
    )


def _with_history(text: UnreadText, complaints: Mapping[tuple[str, str], datetime]) -> UnreadText:
    """Return the text with whether its author had complained before."""
    author = text.feedback.author
    first = complaints.get(complainer_key(author)) if author.is_known else None
    written = text.feedback.created_at or text.feedback.first_seen_at
    complained = first is not None and written is not None and first < written
    return replace(text, complained_before=complained)
