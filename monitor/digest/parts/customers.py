"""Single customers over all channels: who complained again, and who turned for or against us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.wording import Wording, bullets, paragraph, strong, text_line
from monitor.domain.customer import (
    REPEAT_WITHIN,
    CustomerHistory,
    ReplyEffect,
    Turn,
    describe_history,
    describe_turn,
)
from monitor.domain.document import DocumentBlock, TextLine
from monitor.domain.item_query import ItemQuery

#: The customers of each kind that are told one by one.
_MOST_CASES = 3
#: The last complaints of one customer that `search` lists.
_MOST_ITEMS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCase:
    """One customer, without a name: what happened, and what they wrote."""

    said: str
    items: ItemQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerReport:
    """Who complained again, and who changed sides."""

    repeat_count: int
    answered_count: int  #: of them, who came back although they had been answered
    repeats: tuple[CustomerCase, ...]
    lost_count: int
    lost: tuple[CustomerCase, ...]
    won_count: int
    won: tuple[CustomerCase, ...]


class CustomersPart(DigestPart[CustomerReport]):
    """Repeat detractors, promoters lost and detractors won, over all channels of a customer."""

    key = "customers"
    title = "Single customers"
    value_type = CustomerReport

    def load(self, data: PeriodData) -> CustomerReport | None:
        if data.scope.name:
            return None  # a customer writes in many channels and belongs to no segment alone
        since, until, own = data.period.since, data.end, set(data.source_ids)
        found = data.tx.customers.list_repeat_detractors(since, until)
        repeats = [one for one in found if one.last and one.last.source_id in own]
        turned = [
            one for one in data.tx.customers.list_turned(since, until) if one.after.source_id in own
        ]
        lost, won = ([one for one in turned if one.is_lost is side] for side in (True, False))
        if not repeats and not turned:
            return None
        return CustomerReport(
            repeat_count=len(repeats),
            answered_count=sum(map(_came_back, repeats)),
            repeats=tuple(map(_to_repeat_case, repeats[:_MOST_CASES])),
            lost_count=len(lost),
            lost=_to_turn_cases(lost),
            won_count=len(won),
            won=_to_turn_cases(won),
        )

    def describe(self, value: CustomerReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        days = REPEAT_WITHIN.days
        again = wording.count(value.repeat_count, "people")
        kinds = (
            (f"{again} complained at least twice in {days} days", value.repeats),
            (f"{wording.count(value.lost_count, 'promoters')} lost", value.lost),
            (f"{wording.count(value.won_count, 'detractors')} won", value.won),
        )
        blocks: list[DocumentBlock] = []
        for title, cases in kinds:
            if cases:
                blocks.append(paragraph(strong(title)))
                blocks.append(bullets(*_list_lines(cases, wording)))
        if value.answered_count:
            back = wording.count(value.answered_count, "people")
            blocks.append(
                paragraph(f"Of those who complained again, {back} had an answer of ours before.")
            )
        return tuple(blocks)


def _came_back(history: CustomerHistory) -> bool:
    return any(one.effect is ReplyEffect.CAME_BACK for one in history.answered)


def _to_repeat_case(history: CustomerHistory) -> CustomerCase:
    ids = tuple(contact.feedback_id for contact in history.complaints[-_MOST_ITEMS:])
    return CustomerCase(said=describe_history(history), items=ItemQuery(ids=ids))


def _to_turn_cases(turns: Sequence[Turn]) -> tuple[CustomerCase, ...]:
    return tuple(
        CustomerCase(
            said=describe_turn(turn),
            items=ItemQuery(ids=(turn.before.feedback_id, turn.after.feedback_id)),
        )
        for turn in turns[:_MOST_CASES]
    )


def _list_lines(cases: Sequence[CustomerCase], wording: Wording) -> list[TextLine]:
    return [text_line(case.said, " · ", *wording.items_line(case.items)) for case in cases]
