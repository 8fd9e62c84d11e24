"""Pages of lists: which entries are on a page, read from the store as it is at that moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from monitor.domain.actor import Actor
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.feedback import Feedback
from monitor.domain.item_query import ItemQuery
from monitor.errors import QueryError
from monitor.followup.improvements import local_day
from monitor.followup.workload import list_open_alerts, list_own_alerts, load_cards
from monitor.pipeline.search import search_feedback
from monitor.slack.views import lists
from monitor.slack.views.action_ids import ListKind, PageRequest
from monitor.slack.views.improvements import ImprovementPage, render_improvement_page
from monitor.slack.views.pages import (
    PAGE_SIZE,
    AlertPage,
    FoundFeedback,
    ListPart,
    SearchPage,
    render_alert_page,
    render_search_page,
)
from monitor.slack.views.rules import RULES_SHOWN, RulePage, render_rule_page
from monitor.store import Store, Transaction
from monitor.tuning.rule_book import RuleBook
from monitor.tuning.rule_summaries import summarize_rules
from rules.query import parse_query

Message = Mapping[str, Any]
#: The ids of the alerts of a list, by the title of the part they are in.
AlertIds = Mapping[str, Sequence[int]]

_SUMMARY_GONE = "What this summary accounts for is no longer kept here."


@dataclass(frozen=True, slots=True)
class PageBuilder:
    """Builds the message that shows a page of a list."""

    store: Store
    calendar: BusinessCalendar
    mask: Callable[[str], str]  #: applies the privacy setting to a text
    rules: RuleBook

    def build(self, request: PageRequest, person: Actor, now: datetime) -> Message:
        """Return the page, or the last one where the list has become shorter than that."""
        if request.kind is ListKind.SEARCH:
            return self._build_search_page(request)
        if request.kind is ListKind.IMPROVEMENTS:
            return self._build_improvement_page(request, now)
        if request.kind is ListKind.RULES:
            return self._build_rule_page(request, now)
        with self.store.read() as tx:
            ids = self._list_alerts(tx, request, person, now)
            if request.kind is ListKind.SUMMARY and not any(ids.values()):
                return lists.render_text(_SUMMARY_GONE)
            return render_alert_page(self._load_page(tx, request, ids, now))

    def _list_alerts(
        self, tx: Transaction, request: PageRequest, person: Actor, now: datetime
    ) -> AlertIds:
        match request.kind:
            case ListKind.MINE:
                return {"Yours": list_own_alerts(tx, person)}
            case ListKind.SUMMARY:
                return {"In this summary": tx.deliveries.find_merged_alerts(request.subject)}
        due_soon, unclaimed = list_open_alerts(tx, now, self.calendar)
        return {"Soon late, or late": due_soon, "Nobody has these": unclaimed}

    def _load_page(
        self, tx: Transaction, request: PageRequest, ids: AlertIds, now: datetime
    ) -> AlertPage:
        page_count = count_pages(sum(map(len, ids.values())))
        number = min(request.number, page_count)
        parts = []
        for title, shown in cut_page(ids, number).items():
            cards = load_cards(tx, shown, self.calendar, self.mask)
            as_of_now = tuple(replace(card, as_of=now) for card in cards)
            parts.append(ListPart(title=title, count=len(ids[title]), cards=as_of_now))
        return AlertPage(request=request.at(number), parts=tuple(parts), page_count=page_count)

    def _build_improvement_page(self, request: PageRequest, now: datetime) -> Message:
        with self.store.read() as tx:
            count = tx.improvements.count()
            page_count = count_pages(count)
            number = min(request.number, page_count)
            first = (number - 1) * PAGE_SIZE
            shown = tx.improvements.list_all(limit=PAGE_SIZE, offset=first)
        page = ImprovementPage(
            request=request.at(number),
            improvements=tuple(shown),
            count=count,
            page_count=page_count,
            now=now,
            today=local_day(now, self.calendar.zone),
        )
        return render_improvement_page(page)

    def _build_rule_page(self, request: PageRequest, now: datetime) -> Message:
        effective = self.rules.load_rules()
        with self.store.read() as tx:
            found = summarize_rules(tx, effective, self.calendar, now)
        page_count = count_pages(len(found), RULES_SHOWN)
        number = min(request.number, page_count)
        first = (number - 1) * RULES_SHOWN
        page = RulePage(
            request=request.at(number),
            rules=tuple(found[first : first + RULES_SHOWN]),
            count=len(found),
            page_count=page_count,
            now=now,
        )
        return render_rule_page(page)

    def _build_search_page(self, request: PageRequest) -> Message:
        try:
            parse_query(request.subject)
        except QueryError as error:
            return lists.render_text(str(error))
        return render_search_page(self._search(request))

    def _search(self, request: PageRequest) -> SearchPage:
        first = (request.number - 1) * PAGE_SIZE
        wanted = ItemQuery(query=request.subject)
        with self.store.read() as tx:
            found = islice(search_feedback(tx, wanted), first, first + PAGE_SIZE + 1)
            feedback = [item for item, _ in found]
            alerts = tx.alerts.newest_by_feedback([item.id for item in feedback])
        shown = [
            FoundFeedback(self._mask_feedback(item), alerts.get(item.id))
            for item in feedback[:PAGE_SIZE]
        ]
        has_more = len(feedback) > PAGE_SIZE
        return SearchPage(request=request, results=tuple(shown), has_more=has_more)

    def _mask_feedback(self, feedback: Feedback) -> Feedback:
        return replace(feedback, title=self.mask(feedback.title), body=self.mask(feedback.body))


def count_pages(entries: int, size: int = PAGE_SIZE) -> int:
    """Return how many pages of a size so many entries take; at least one."""
    return max(1, -(-entries // size))


def cut_page(ids: AlertIds, number: int) -> dict[str, Sequence[int]]:
    """Return what of each part is on a page; the parts follow one another without a gap."""
    first = (number - 1) * PAGE_SIZE
    shown: dict[str, Sequence[int]] = {}
    for title, part in ids.items():
        shown[title] = part[max(0, first) : max(0, first + PAGE_SIZE)]
        first -= len(part)
    return shown
