"""The audit of what was missed: a few negatives that alerted nobody, and what people raised."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.domain.actor import Actor
from monitor.domain.missed import AuditItem, AuditReason, MissedAudit
from monitor.domain.verdict import VerdictKind
from monitor.store import Transaction
from monitor.tuning.backtest import find_first_day
from monitor.tuning.marked_feedback import list_raised

#: So many are drawn of what alerted nobody: two minutes of reading.
DRAWN = 5
_LONGEST_DAYS = 28


def list_audit_items(
    tx: Transaction, now: datetime, *, days: int = 1, zone: str = "UTC"
) -> MissedAudit:
    """Return what is to be looked at of the last whole local days, 1 to 28.

    The same all day long, whoever asks: the day is the seed. Raises ValueError for other days.
    """
    if not 1 <= days <= _LONGEST_DAYS:
        raise ValueError(f"{days} days: 1 to {_LONGEST_DAYS} can be looked at")
    since, until = find_first_day(now, days + 1, zone), find_first_day(now, 1, zone)
    unalerted = tx.unalerted.list_negative(since, until)
    today = now.astimezone(ZoneInfo(zone)).date().isoformat()
    drawn = draw_feedback(unalerted, f"{today} {days}")
    raised = list_raised(tx, since, until)
    reasons = dict.fromkeys(drawn, (AuditReason.DRAWN, 0)) | raised
    return MissedAudit(
        since=since,
        until=until,
        unalerted=len(unalerted),
        items=tuple(_load_items(tx, reasons)),
    )


def draw_feedback(feedback_ids: Collection[int], seed: str, most: int = DRAWN) -> tuple[int, ...]:
    """Return so many of the ids at random, the same for the same seed, in order.

    One that is removed meanwhile leaves the other choices as they are.
    """

    def lot(which: int) -> bytes:
        return hashlib.blake2b(f"{seed}:{which}".encode(), digest_size=8).digest()

    return tuple(sorted(sorted(feedback_ids, key=lot)[:most]))


def judge(tx: Transaction, feedback_id: int, *, missed: bool, actor: Actor, at: datetime) -> bool:
    """Keep whether a feedback should have alerted somebody; the last word of each person counts.

    False, and nothing kept, where the feedback is gone.
    """
    value = "yes" if missed else "no"
    return tx.verdicts.add(feedback_id, VerdictKind.MISSED, value, actor=actor, at=at)


def _load_items(
    tx: Transaction, reasons: dict[int, tuple[AuditReason, int]]
) -> Iterator[AuditItem]:
    said = tx.unalerted.find_missed(list(reasons))
    stored = {item.id: (item, read) for item, read in tx.period_feedback.list_by_ids(list(reasons))}
    for which, (reason, alert_id) in reasons.items():
        if which not in stored:
            continue
        item, read = stored[which]
        yield AuditItem(
            reason=reason,
            feedback_id=which,
            at=item.first_seen_at or item.seen_or_created,
            source_id=item.source_id,
            text=read.text,
            url=item.url,
            alert_id=alert_id,
            missed=said.get(which),
        )
