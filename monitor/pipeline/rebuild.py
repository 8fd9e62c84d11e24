"""Count all feedback anew, from what is stored and from what the configuration says now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitor.domain.feedback import Author, Feedback
from monitor.domain.reply import OfficialAccounts, is_by_official_account
from monitor.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildResult:
    """What was counted anew."""

    months: int
    feedback: int  #: customers' feedback that the counts hold now
    marked: int  #: feedback whose mark as our own changed


def rebuild_counts(
    store: Store,
    official: OfficialAccounts,
    on_start: Callable[[int], None],
    on_month: Callable[[], None],
) -> RebuildResult:
    """Mark what our own accounts wrote, and count every month anew.

    Each month is a transaction of its own, so that others may read and write meanwhile, and an
    interrupted run may simply be started again. `on_start` is told the number of months, `on_month`
    is called after each. Raises StoreError.
    """
    marked = _mark_own(store, official)
    with store.read() as tx:
        months = tx.rollups.list_months()
    on_start(len(months))
    counted = 0
    for month in months:
        with store.write() as tx:
            counted += tx.rollups.rebuild_month(month)
        on_month()
    return RebuildResult(months=len(months), feedback=counted, marked=marked)


def _mark_own(store: Store, official: OfficialAccounts) -> int:
    with store.read() as tx:
        source_ids = sorted({*official, *tx.own_feedback.list_sources()})
    changed = 0
    for source_id in source_ids:
        with store.write() as tx:
            wrong: dict[bool, list[Author]] = {True: [], False: []}
            for author, own in tx.own_feedback.list_authors(source_id):
                is_own = _is_own(source_id, author, official)
                if is_own != own:
                    wrong[is_own].append(author)
            for own, authors in wrong.items():
                changed += tx.own_feedback.mark(source_id, authors, own=own)
    return changed


def _is_own(source_id: str, author: Author, official: OfficialAccounts) -> bool:
    item = Feedback(source_id=source_id, external_id="", author=author)
    return is_by_official_account(item, official)
