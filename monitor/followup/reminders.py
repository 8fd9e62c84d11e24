"""Remind one person of one alert, in private and once; nothing of the alert changes."""

from __future__ import annotations

from datetime import datetime

from monitor.domain.action import MAX_SNOOZE, Refusal
from monitor.domain.actor import Actor
from monitor.domain.notice import Notice, NoticeKind
from monitor.followup.act import refuse_removed
from monitor.store import Transaction


def queue_reminder(
    tx: Transaction, alert_id: int, person: Actor, at: datetime, now: datetime, *, request_id: str
) -> Refusal | None:
    """Queue a reminder for a Slack member at a time; return why it was not.

    The same request, done again, reminds once. The message shows the alert as it is by then.
    """
    if tx.alerts.get(alert_id) is None:
        return refuse_removed(alert_id)
    if at <= now:
        return Refusal("That time has passed already.")
    if at > now + MAX_SNOOZE:
        return Refusal(f"A reminder comes within {MAX_SNOOZE.days} days.")
    notice = Notice(kind=NoticeKind.REMINDER, person=person, alert_ids=(alert_id,))
    tx.notices.queue(notice, person.id, at, f"reminder:{request_id}", is_private=True)
    return None
