"""What follows an answer: our own accounts that answer in public, and customers who change their
mind or come back.

Called in the transaction that stores feedback; where no alert is concerned that costs one query, or
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

#: For so long after an answer its outcome is looked for.
FOLLOW_FOR = timedelta(days=14)
VIA = "source"


def record_outcomes(
    tx: Transaction,
    new: Sequence[Feedback],
    edited: Sequence[Feedback],
    gone: Sequence[tuple[str, str]],
    now: datetime,
) -> None:
    """Note what became of feedback that was answered, before the new words replace the old ones.

    `edited` are known feedback as they are from now on, `gone` the keys of those that are deleted.
    """
    for watched, outcome, details in _find_outcomes(tx, new, edited, gone, now):
        change = AlertChange(kind=EventKind.OUTCOME, details={"outcome": outcome, **details})
        tx.alerts.apply_change(
            watched.alert_id,
            change,
            at=now,
            actor=Actor.source(watched.feedback.source_id),
            via=VIA,
        )


def record_public_replies(
    tx: Transaction,
    new: Sequence[Feedback],
    opened: Sequence[Alert],
    official: OfficialAccounts,
    now: datetime,
) -> None:
    """Let alerts whose customer one of our own accounts has answered be `replied`.

    The answer may be stored after the feedback (`new`) or have been there before its alert was
    `opened`.
    """
    if not official:
        return
    done: set[int] = set()
    for alert_id, answer in (
        *_replies_to_waiting(tx, new, official),
        *_replies_to_opened(tx, opened, official),
    ):
        if alert_id in done:
            continue
        actor, details = (
            Actor.source(answer.source_id),
            {"url": answer.url, "account": answer.author.name},
        )
        answered = apply_action(
            tx, alert_id, Action(act=ActionKind.REPLY, actor=actor, via=VIA, details=details), now
        )
        if not isinstance(answered, Refusal):
            done.add(alert_id)


def _find_outcomes(
    tx: Transaction,
    new: Sequence[Feedback],
    edited: Sequence[Feedback],
    gone: Sequence[tuple[str, str]],
    now: datetime,
) -> Iterator[tuple[AnsweredFeedback, str, Mapping[str, str]]]:
    changed = {item.id: item for item in edited}
    for watched in tx.answered.find_answered(changed) if changed else ():
        item = changed[watched.feedback.id]
        if item.edited_at is None or item.edited_at > watched.at:
            yield watched, *_classify_edit(watched.feedback, item)
    deleted = [known.id for known in tx.feedback.find_known(gone).values()] if gone else []
    for watched in tx.answered.find_answered(deleted) if deleted else ():
        yield watched, "deleted", {}
    for watched, item in _find_returned_customers(tx, new, now):
        tx.answered.mark_came_back(watched)
        yield watched, "came_back", {"url": item.url}


def _classify_edit(before: Feedback, after: Feedback) -> tuple[str, Mapping[str, str]]:
    """What an edit is: a changed rating says more than changed words."""
    old, new = (item.rating.stars if item.rating else None for item in (before, after))
    if old is None or new is None or old == new:
        return "edited", {}
    return "rating_raised" if new > old else "rating_lowered", {
        "before": f"{old:g}",
        "after": f"{new:g}",
    }


def _find_returned_customers(
    tx: Transaction, new: Sequence[Feedback], now: datetime
) -> Iterator[tuple[AnsweredFeedback, Feedback]]:
    """Whoever was answered and has written again in the same source, with the first that they wrote
    then.
    """
    for source_id in sorted({item.source_id for item in new}):
        here = [item for item in new if item.source_id == source_id and item.author.is_known]
        wrote: dict[str, list[Feedback]] = {}
        for item in sorted(here, key=lambda item: item.seen_or_created):
            wrote.setdefault(author_key(item.author), []).append(item)
        authors = [items[0].author for items in wrote.values()]
        for watched in (
            tx.answered.find_by_authors(source_id, authors, now - FOLLOW_FOR) if authors else ()
        ):
            later = wrote[author_key(watched.feedback.author)]
            first = next((item for item in later if item.seen_or_created > watched.at), None)
            if first:
                yield watched, first


def _replies_to_waiting(
    tx: Transaction, new: Sequence[Feedback], official: OfficialAccounts
) -> Iterator[tuple[int, Feedback]]:
    """Alerts that nobody has answered, each with the answer that has just come."""
    ours = [
        item
        for item in new
        if is_by_official_account(item, official) and (item.parent_id or item.thread_id)
    ]
    for source_id in sorted({item.source_id for item in ours}):
        answers = [item for item in ours if item.source_id == source_id]
        places = sorted(
            {place for item in answers for place in (item.parent_id, item.thread_id) if place}
        )
        waiting = tx.answered.find_unanswered(source_id, places)
        parents = _parent_authors(tx, answers) if waiting else {}
        for one in waiting:
            yield from (
                (one.alert_id, item)
                for item in answers
                if _is_reply_to(item, one.feedback, parents)
            )


def _replies_to_opened(
    tx: Transaction, opened: Sequence[Alert], official: OfficialAccounts
) -> Iterator[tuple[int, Feedback]]:
    """Alerts that were opened late: the answer had been read before the question."""
    for card in tx.alerts.cards([alert.id for alert in opened]).values():
        if card.feedback.deleted:
            continue
        ours = [
            item
            for item in tx.answered.find_follow_ups(card.feedback)
            if is_by_official_account(item, official)
        ]
        parents = _parent_authors(tx, ours)
        yield from (
            (card.alert.id, item) for item in ours if _is_reply_to(item, card.feedback, parents)
        )


def _parent_authors(
    tx: Transaction, answers: Iterable[Feedback]
) -> Mapping[tuple[str, str], Author]:
    """Who wrote what these answers stand below, as far as it is stored."""
    found: dict[tuple[str, str], Author] = {}
    asked: dict[str, list[str]] = {}
    for item in answers:
        asked.setdefault(item.source_id, []).append(item.parent_id)
    for source_id, ids in asked.items():
        found |= {
            (source_id, name): author
            for name, author in tx.answered.authors_by_external_id(source_id, ids).items()
        }
    return found


def _is_reply_to(
    item: Feedback, original: Feedback, parents: Mapping[tuple[str, str], Author]
) -> bool:
    """Whether one of ours answers this feedback.

    It does right below it, below something else that the same person wrote in its thread, and
    anywhere later in its thread where the source does not say what an answer stands below.
    """
    if (
        item.id == original.id
        or item.key == original.key
        or item.seen_or_created < original.seen_or_created
    ):
        return False
    if item.parent_id == original.external_id:
        return True
    if not item.thread_id or item.thread_id != original.thread_id:
        return False
    parent = parents.get((item.source_id, item.parent_id))
    same = (
        parent is not None and parent.is_known and author_key(parent) == author_key(original.author)
    )
    return same or not item.parent_id
