"""What new feedback says about replies: our own public replies, and how customers react to them.

Called in the transaction that stores feedback; where no alert is concerned it costs one query, or
none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from monitor.domain.action import Action, ActionKind, AlertChange, Refusal
from monitor.domain.actor import Actor
from monitor.domain.alert import Alert
from monitor.domain.event import EventKind
from monitor.domain.feedback import Author, Feedback
from monitor.domain.reply import OfficialAccounts, is_by_official_account
from monitor.followup.act import apply_action
from monitor.store import Transaction
from monitor.store.answered_feedback import AnsweredFeedback, author_key

#: For so long after a reply a customer who writes again counts as its outcome.
FOLLOW_FOR = timedelta(days=14)
VIA = "source"


def record_outcomes(
    tx: Transaction,
    new: Sequence[Feedback],
    edited: Sequence[Feedback],
    gone: Sequence[tuple[str, str]],
    now: datetime,
) -> None:
    """Record what became of feedback that was replied to, before new text replaces the old.

    `edited` is known feedback with its new text, `gone` holds the keys of what was deleted.
    """
    for answered, outcome, details in _find_outcomes(tx, new, edited, gone, now):
        change = AlertChange(kind=EventKind.OUTCOME, details={"outcome": outcome, **details})
        actor = Actor.source(answered.feedback.source_id)
        tx.alerts.apply_change(answered.alert_id, change, at=now, actor=actor, via=VIA)


def record_public_replies(
    tx: Transaction,
    new: Sequence[Feedback],
    opened: Sequence[Alert],
    official: OfficialAccounts,
    now: datetime,
) -> None:
    """Mark alerts as replied whose customer has a public reply by one of our own accounts.

    The reply may have come now, among `new`, or have been stored before its alert was `opened`.
    """
    if not official:
        return
    done: set[int] = set()
    new_replies = _replies_to_waiting(tx, new, official)
    stored_replies = _replies_to_opened(tx, opened, official)
    for alert_id, reply in (*new_replies, *stored_replies):
        if alert_id in done:
            continue
        details = {"url": reply.url, "account": reply.author.name}
        actor = Actor.source(reply.source_id)
        action = Action(kind=ActionKind.REPLY, actor=actor, via=VIA, details=details)
        if not isinstance(apply_action(tx, alert_id, action, now), Refusal):
            done.add(alert_id)


def _find_outcomes(
    tx: Transaction,
    new: Sequence[Feedback],
    edited: Sequence[Feedback],
    gone: Sequence[tuple[str, str]],
    now: datetime,
) -> Iterator[tuple[AnsweredFeedback, str, Mapping[str, str]]]:
    """Yield each feedback that was replied to and has an outcome, with the outcome's details."""
    yield from _edit_outcomes(tx, edited)
    yield from _deletion_outcomes(tx, gone)
    for answered, item in _find_returned_customers(tx, new, now):
        tx.answered.mark_came_back(answered)
        yield answered, "came_back", {"url": item.url}


def _edit_outcomes(
    tx: Transaction, edited: Sequence[Feedback]
) -> Iterator[tuple[AnsweredFeedback, str, Mapping[str, str]]]:
    if not edited:
        return
    after = {item.id: item for item in edited}
    for answered in tx.answered.find_answered(after):
        item = after[answered.feedback.id]
        if item.edited_at is None or item.edited_at > answered.at:
            outcome, details = _classify_edit(answered.feedback, item)
            yield answered, outcome, details


def _deletion_outcomes(
    tx: Transaction, gone: Sequence[tuple[str, str]]
) -> Iterator[tuple[AnsweredFeedback, str, Mapping[str, str]]]:
    if not gone:
        return
    deleted = [known.id for known in tx.feedback.find_known(gone).values()]
    if not deleted:
        return
    for answered in tx.answered.find_answered(deleted):
        yield answered, "deleted", {}


def _classify_edit(before: Feedback, after: Feedback) -> tuple[str, Mapping[str, str]]:
    """Return the outcome of an edit: a changed rating says more than changed words."""
    if before.rating is None or after.rating is None:
        return "edited", {}
    old, new = before.rating.stars, after.rating.stars
    if old == new:
        return "edited", {}
    outcome = "rating_raised" if new > old else "rating_lowered"
    return outcome, {"before": f"{old:g}", "after": f"{new:g}"}


def _find_returned_customers(
    tx: Transaction, new: Sequence[Feedback], now: datetime
) -> Iterator[tuple[AnsweredFeedback, Feedback]]:
    """Yield feedback whose author wrote again in the same source after the reply.

    Each comes with the first feedback that they wrote then.
    """
    for source_id, items in _group_by_source(new):
        by_author = _group_by_author(items)
        if not by_author:
            continue
        authors = [wrote[0].author for wrote in by_author.values()]
        for answered in tx.answered.find_by_authors(source_id, authors, now - FOLLOW_FOR):
            wrote = by_author[author_key(answered.feedback.author)]
            first = next((item for item in wrote if item.seen_or_created > answered.at), None)
            if first:
                yield answered, first


def _group_by_source(items: Iterable[Feedback]) -> list[tuple[str, list[Feedback]]]:
    """Return the source ids in order, each with its items."""
    groups: dict[str, list[Feedback]] = {}
    for item in items:
        groups.setdefault(item.source_id, []).append(item)
    return sorted(groups.items())


def _group_by_author(items: Iterable[Feedback]) -> dict[str, list[Feedback]]:
    """Return what each known author wrote, oldest first, by the author's key."""
    groups: dict[str, list[Feedback]] = {}
    for item in sorted(items, key=lambda item: item.seen_or_created):
        if item.author.is_known:
            groups.setdefault(author_key(item.author), []).append(item)
    return groups


def _replies_to_waiting(
    tx: Transaction, new: Sequence[Feedback], official: OfficialAccounts
) -> Iterator[tuple[int, Feedback]]:
    """Yield the alerts that nobody has replied to, each with the reply that has just come."""
    ours = [item for item in new if is_by_official_account(item, official) and _ids_above(item)]
    for source_id, replies in _group_by_source(ours):
        ids = {external_id for reply in replies for external_id in _ids_above(reply)}
        waiting = tx.answered.find_unanswered(source_id, sorted(ids))
        if not waiting:
            continue
        parents = _parent_authors(tx, replies)
        for unanswered in waiting:
            for reply in replies:
                if _is_reply_to(reply, unanswered.feedback, parents):
                    yield unanswered.alert_id, reply


def _ids_above(item: Feedback) -> list[str]:
    """Return the external ids of what an item may stand below."""
    return [external_id for external_id in (item.parent_id, item.thread_id) if external_id]


def _replies_to_opened(
    tx: Transaction, opened: Sequence[Alert], official: OfficialAccounts
) -> Iterator[tuple[int, Feedback]]:
    """Yield the alerts that were opened after the reply to their feedback had been stored."""
    for card in tx.alerts.cards([alert.id for alert in opened]).values():
        if card.feedback.deleted:
            continue
        below = tx.answered.find_follow_ups(card.feedback)
        replies = [item for item in below if is_by_official_account(item, official)]
        parents = _parent_authors(tx, replies)
        for reply in replies:
            if _is_reply_to(reply, card.feedback, parents):
                yield card.alert.id, reply


def _parent_authors(
    tx: Transaction, replies: Iterable[Feedback]
) -> Mapping[tuple[str, str], Author]:
    """Return the authors of what these replies stand below, as far as it is stored.

    The keys are source and external id.
    """
    parents: dict[tuple[str, str], Author] = {}
    for source_id, items in _group_by_source(replies):
        ids = [item.parent_id for item in items]
        for external_id, author in tx.answered.authors_by_external_id(source_id, ids).items():
            parents[source_id, external_id] = author
    return parents


def _is_reply_to(
    item: Feedback, original: Feedback, parents: Mapping[tuple[str, str], Author]
) -> bool:
    """Return whether one of our own posts replies to a feedback.

    It does so right below it, and below another post of the same author in the same thread. Where
    the source does not say what a post stands below, anything later in the thread is a reply.
    """
    is_same = item.id == original.id or item.key == original.key
    if is_same or item.seen_or_created < original.seen_or_created:
        return False
    if item.parent_id == original.external_id:
        return True
    if not item.thread_id or item.thread_id != original.thread_id:
        return False
    if not item.parent_id:
        return True
    parent = parents.get((item.source_id, item.parent_id))
    if parent is None or not parent.is_known:
        return False
    return author_key(parent) == author_key(original.author)
