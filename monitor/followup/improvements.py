"""Keeps the action register: what people write down, change and finish, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from monitor.domain.action import Refusal
from monitor.domain.actor import Actor
from monitor.domain.improvement import (
    NO_PAIN_POINT,
    Improvement,
    ImprovementChange,
    PainPoint,
    decide_change,
    find_mistake,
    may_change,
    one_line,
)
from monitor.errors import QueryError
from monitor.store import Transaction
from rules.query import parse_query


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementWish:
    """What somebody wants to be written down."""

    title: str
    actor: Actor
    request_id: str  #: the same wish, delivered twice, is written down once
    via: str = ""
    about: PainPoint = NO_PAIN_POINT
    owner: Actor | None = None
    next_action: str = ""
    due: date | None = None


def add_improvement(tx: Transaction, wish: ImprovementWish, now: datetime) -> Improvement | Refusal:
    """Write an improvement down and return it, or why it was not."""
    improvement = Improvement(
        title=one_line(wish.title),
        about=wish.about,
        owner=wish.owner,
        next_action=one_line(wish.next_action),
        due=wish.due,
        created_by=wish.actor,
        created_at=now,
        changed_by=wish.actor,
        changed_at=now,
    )
    refusal = find_mistake(improvement) or find_query_mistake(wish.about.query)
    if refusal:
        return refusal
    added, _ = tx.improvements.add(improvement, wish.request_id, wish.via)
    return added


def change_improvement(
    tx: Transaction,
    improvement_id: int,
    change: ImprovementChange,
    now: datetime,
    *,
    is_manager: bool,
) -> Improvement | Refusal:
    """Change an improvement and return it, or why nothing was changed.

    Only managers and its owner may; whoever is at the command line is taken for a manager.
    """
    current = tx.improvements.get(improvement_id)
    if current is None:
        return Refusal(f"There is no improvement {improvement_id}: `improvements` lists them all.")
    if not may_change(current, change.actor, is_manager=is_manager):
        owner = f" ({current.owner})" if current.owner else ""
        return Refusal(f"Nothing was done: this is for its owner{owner} and for managers.")
    if change.about and (refusal := find_query_mistake(change.about.query)):
        return refusal
    step = decide_change(current, change, now)
    if isinstance(step, Refusal):
        return step
    if not tx.improvements.save(step):  # only where a second process was first
        return Refusal(f"Improvement {improvement_id} was changed meanwhile: try again.")
    return step.improvement


def find_query_mistake(query: str) -> Refusal | None:
    """Return what is wrong with a query of the rules' language, or None; an empty one is none."""
    if not query:
        return None
    try:
        parse_query(query)
    except QueryError as error:
        return Refusal(f"The words it is about cannot be searched for: {error}")
    return None


def local_day(now: datetime, zone: str) -> date:
    """Return the day of a time zone in which a moment lies; of UTC for an empty name."""
    return now.astimezone(ZoneInfo(zone or "UTC")).date()
