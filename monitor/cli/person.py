"""All that is stored of one person: as rows for them, and counted before it is removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from monitor.cli.export_rows import feedback_to_row
from monitor.errors import CustomerError

if TYPE_CHECKING:
    from monitor.domain.feedback import Analysis, Feedback
    from monitor.store import Transaction


def describe_person(tx: Transaction, author: str, *, linked: bool) -> Iterator[str]:
    """Yield what `forget` would remove, and what of the same person it would leave."""
    found = tx.customers.find_person(author)
    yield f"would remove {len(found.own)} feedback of {author!r}{_count_sources(tx, found.own)}"
    for handle, count in _count_handles(tx, found.linked):
        fate = "would remove too" if linked else "linked, would stay"
        yield f"{fate}: {handle} ({count} feedback)"
    if found.linked and not linked:
        yield "nothing was removed; add --linked to remove what is linked as well"
    else:
        yield "nothing was removed"


def list_person_rows(tx: Transaction, author: str, *, linked: bool) -> Iterator[dict[str, Any]]:
    """Yield a row for each feedback, answer and alert of a person, oldest first, unmasked.

    Raises CustomerError where nothing is stored of them.
    """
    found = tx.customers.find_person(author)
    ids = sorted({*found.own, *(found.linked if linked else ())})
    if not ids:
        raise CustomerError(f"nothing of {author!r} is stored; `repwatch search` shows what is")
    alert_by_feedback = tx.alerts.newest_by_feedback(ids)
    for feedback, analysis in _load(tx, ids):
        yield {"what": "feedback", **feedback_to_row(feedback, analysis, lambda text: text)}
        alert = alert_by_feedback.get(feedback.id)
        if alert is None:
            continue
        yield {
            "what": "alert",
            "id": alert.id,
            "rule": alert.rule_id,
            "status": alert.status,
            "opened_at": alert.opened_at.isoformat(),
            "of_feedback": feedback.external_id,
        }
        for reply in tx.replies.list_for_alert(alert.id):
            if reply.feedback_id == feedback.id:
                yield {
                    "what": "reply",
                    "at": reply.at.isoformat(),
                    "state": reply.state,
                    "text": reply.text,
                    "of_feedback": feedback.external_id,
                }


def _load(tx: Transaction, ids: Sequence[int]) -> Iterator[tuple[Feedback, Analysis]]:
    for feedback_id in ids:
        found = tx.feedback.get(feedback_id)
        if found:
            yield found


def _count_sources(tx: Transaction, ids: Sequence[int]) -> str:
    counts = Counter(feedback.source_id for feedback, _ in _load(tx, ids))
    return f" ({', '.join(f'{name}: {count}' for name, count in counts.items())})" if counts else ""


def _count_handles(tx: Transaction, ids: Sequence[int]) -> list[tuple[str, int]]:
    """Return the linked handles as `SOURCE:AUTHOR` with the number of their feedback."""
    counts: Counter[str] = Counter()
    for feedback, _ in _load(tx, ids):
        author = feedback.author
        counts[f"{feedback.source_id}:{author.name or author.id or '(no name)'}"] += 1
    return counts.most_common()
