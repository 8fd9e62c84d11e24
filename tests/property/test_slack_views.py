"""Whatever strangers and colleagues write: entries, dialogs, Home and answers are valid and command
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus, Clause, MatchOutcome, Severity, Snooze
from monitor.domain.delivery import Card, ThreadEntry
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.feedback import Author, Signal
from monitor.domain.reply import ReplyDraft
from monitor.domain.workload import TeamFigures, Workload
from monitor.notifiers.event_text import describe_event
from monitor.notifiers.plain_text import sanitize_text
from monitor.slack import limits
from monitor.slack.message import SlackMessage
from monitor.slack.mrkdwn import Mrkdwn
from monitor.slack.views import card as cards
from monitor.slack.views import home, lists, modals, thread
from monitor.slack.views.action_ids import (
    AlertVersion,
    ListKind,
    PageRequest,
    ReplyProposal,
    parse_click,
)
from monitor.slack.views.forms import FormSubmission, parse_submission
from monitor.slack.views.pages import (
    PAGE_SIZE,
    AlertPage,
    FoundFeedback,
    ListPart,
    SearchPage,
    render_alert_page,
    render_search_page,
)
from monitor.slack.views.reply_text import render_copy_modal
from monitor.slack.views.shown_alert import render_shown_alert
from tests.golden.slack.examples import ANALYSIS, ANNA, AT, CARDS, URGENT, minutes
from tests.golden.slack.views import ENTRIES, Decided
from tests.property.test_slack_cards import METADATA, TEXT, hostile
from tests.world.slack_blocks import block_problems, is_too_long, view_problems
from tests.world.slack_elements import elements, identified, state_of
from tests.world.slack_mrkdwn import read_message, read_mrkdwn

MAXIMAL = [
    "x" * 3_000,
    "‮مرحبا بالعالم" * 300,
    "🧑‍🚀" * 1_500,
    "語" * 3_000,
    "<!here> " * 400,
    "&<> " * 750,
    "```\n* a\n# b\n> c\n```\n" * 200,
    "",
    " ",
]
STATUSES = [*AlertStatus]
KINDS = sorted({entry.event.kind for entry in ENTRIES.values()})
OURS = {"@U0ANNA123", "@U0BERT456"}


def alike(text: str, number: int = 0) -> Card:
    """A card in one of the states, in which everybody has written this wherever they can."""
    card = hostile(text)
    analysis = replace(
        ANALYSIS,
        signals=tuple(Signal(text or "x", (text,) * 3) for _ in range(15)),
        stage=text,
        drivers=(text,) * 8,
        unscored=text,
        sentiment=None,
        touchpoint=text,
        emotion=text,
        why=(text,) * 30,
    )
    alert = replace(
        card.alert,
        id=10**17 + number,
        turn=10**8,
        rule_name=text,
        status=STATUSES[number % len(STATUSES)],
        severity=[*Severity][number % 5],
        assignee=(None, ANNA, Actor.cli(text))[number % 3],
        members=10**9,
        snooze=Snooze(until=minutes(9_000), members=10**9, worse=True) if number % 6 == 3 else None,
    )
    return replace(
        card,
        alert=alert,
        analysis=analysis,
        earlier_count=10**6,
        limit_statuses=URGENT.limit_statuses,
        as_of=AT,
        sources=(text,) * 40,
        repeat=True,
    )


def check_message(message: SlackMessage) -> None:
    """A message passes both looks at Slack's limits, and can be sent as bytes."""
    payload = {**message.payload, "metadata": METADATA}
    assert limits.check_message(payload) == []
    assert limits.check_message(message.plain_payload) == []
    assert block_problems(list(message.blocks)) == []
    assert not is_too_long(list(message.blocks))
    json.dumps(payload, ensure_ascii=False).encode()


def check_view(view: Mapping[str, Any]) -> None:
    """A view passes both looks at Slack's limits, and can be sent as bytes."""
    assert limits.check_view(view) == []
    assert view_problems(dict(view), view["type"]) == []
    json.dumps(view, ensure_ascii=False).encode()


def check_reading(view: Mapping[str, Any]) -> None:
    """What stands in a dialog at first is read, or gives mistakes at fields that there are."""
    blocks = identified(view["blocks"])
    answer = parse_submission({**view, "blocks": blocks, "state": state_of(blocks, {})})
    if isinstance(answer, FormSubmission):
        assert answer.callback == view["callback_id"]
        assert all(answer.values.values())
    else:
        assert set(answer) <= {block["block_id"] for block in blocks if block["type"] == "input"}


def dialogs(text: str, number: int = 0) -> Sequence[Mapping[str, Any]]:
    """Every dialog about one such card."""
    card = alike(text, number)
    clauses = tuple(Clause("text", text, (text,) * 3) for _ in range(15))
    decided = [
        Decided(text, MatchOutcome.OPENED, text, clauses, card.alert.id),
        *(Decided(text, MatchOutcome.SUPPRESSED, text, clauses, live=False) for _ in range(15)),
    ]
    told = [
        replace(entry.event, note=text, details=dict.fromkeys(DETAILS, text))
        for entry in ENTRIES.values()
    ]
    name = sanitize_text(text)  # templates are named in a file of the team's own
    draft = ReplyDraft(
        text=text,
        options=tuple(f"{n} {name}"[:150] for n in range(120)),
        chosen=f"7 {name}"[:150],
        can_publish=number % 2 == 0,
        needs_approval=number % 3 == 0,
        url=f"https://forum.example/{text}",
        max_length=number or 3_000,
    )
    return [
        modals.render_reply_modal(card, draft, tone=text),
        modals.render_resolve_modal(card),
        modals.render_assign_modal(card),
        modals.render_snooze_modal(card, AT),
        modals.render_correct_modal(card),
        modals.render_escalate_modal(card),
        modals.render_reject_modal(ReplyProposal(10**17, AlertVersion(10**17, 10**8)), text),
        render_copy_modal(text, f"https://forum.example/{text}"),
        modals.render_capture_modal(text, "C1/1"),
        modals.render_why_modal(card, told, decided, "https://example.slack.com/archives/C1/p1"),
        modals.render_message_modal(text),
    ]


DETAILS = (
    "root_cause",
    "action_taken",
    "text",
    "sentiment",
    "stage",
    "useful",
    "limit",
    "before",
    "after",
    "outcome",
)


def told(kind: str, text: str, number: int = 0) -> ThreadEntry:
    """An event of a kind in which everything that somebody writes is this."""
    event = AlertEvent(
        alert_id=1,
        id=1,
        at=minutes(5),
        kind=EventKind(kind),
        actor=ANNA,
        note=text,
        details=dict.fromkeys(DETAILS, text),
    )
    return ThreadEntry(alert=alike(text, number).alert, event=event, repeat=True)


def overview(text: str) -> Workload:
    """As many alerts as there can be."""
    many = tuple(alike(text, number) for number in range(4)) * 4
    figures = TeamFigures(since=AT, until=AT, opened=10**9)
    return Workload(
        person=ANNA,
        at=AT,
        figures=figures,
        mine=many,
        unclaimed=many,
        due_soon=many,
        mine_count=10**9,
    )


def pages(text: str) -> Sequence[Mapping[str, Any]]:
    """A full page of every list, in which everybody has written this wherever they can."""
    cards = tuple(alike(text, number) for number in range(PAGE_SIZE))
    request = PageRequest(ListKind.SEARCH, 10**5, text[:110])
    parts = (
        ListPart(title="Soon late, or late", count=10**6, cards=cards[:3]),
        ListPart(title="Nobody has these", count=10**6, cards=cards[3:]),
    )
    found = tuple(FoundFeedback(card.feedback, card.alert) for card in cards)
    return [
        render_alert_page(AlertPage(request=request, parts=parts, page_count=10**6)),
        render_search_page(SearchPage(request=request, results=found, has_more=True)),
    ]


@settings(max_examples=60)
@example("@HERE", "assigned", 2)
@given(TEXT, st.sampled_from([*ENTRIES]), st.integers(0, 20))
def test_entry_is_always_valid(text: str, name: str, number: int) -> None:
    """Every kind of entry and call keeps the limits, and pings nobody but those of ours that it is
    about.
    """
    entry = told(ENTRIES[name].event.kind, text, number)

    for message in (
        thread.render_entry(entry, interactive=True),
        thread.render_entry(entry, interactive=True, actor_name=text),
        thread.render_escalation(entry, "https://x.example/", interactive=True),
        thread.render_escalation(entry, "https://x.example/", interactive=True, actor_name=text),
    ):
        check_message(message)
        for reading in (
            read_message(message.text, list(message.blocks)),
            read_mrkdwn(message.plain),
        ):
            assert set(reading.pings) <= OURS
            assert reading.automatic == ()
    assert "\n" not in describe_event(entry.event, entry.alert)


@settings(max_examples=20)
@given(TEXT, st.integers(0, 20))
def test_dialog_is_always_valid(text: str, number: int) -> None:
    """Every dialog keeps the limits, pings nobody but our own people, and can be sent off as it
    is.
    """
    for view in dialogs(text, number):
        check_view(view)
        reading = read_message("", list(view["blocks"]))
        assert set(reading.pings) <= OURS
        assert reading.automatic == ()
        check_reading(view)


@settings(max_examples=5)
@given(TEXT)
def test_home_and_answers_are_always_valid(text: str) -> None:
    """Home and every answer of the command keep the limits however much there is."""
    seen = overview(text)
    check_view(home.render_home(seen))
    for answer in (
        *pages(text),
        render_shown_alert(alike(text), "https://example.slack.com/archives/C1/p1"),
    ):
        assert limits.check_message(answer) == []
        assert block_problems(answer["blocks"]) == []
        assert not is_too_long(answer["blocks"])
        assert set(read_message(answer["text"], answer["blocks"]).pings) <= OURS


@pytest.mark.parametrize(("number", "text"), [*enumerate(MAXIMAL)], ids=range(len(MAXIMAL)))
def test_the_longest_of_all_fits(number: int, text: str) -> None:
    """Texts of three thousand characters of every sort, in cards of every state and in all that is
    about them.
    """
    card = alike(text, number)
    nameless = replace(card, feedback=replace(card.feedback, author=Author()))

    for message in (cards.render_card(card, interactive=True), cards.render_card(nameless)):
        check_message(message)
    shown = render_shown_alert(card, "https://example.slack.com/archives/C1/p1")
    check_message(SlackMessage(shown["text"], tuple(shown["blocks"]), Mrkdwn("-")))
    for view in dialogs(text, number):
        check_view(view)
    for kind in KINDS:
        check_message(thread.render_entry(told(kind, text, number), interactive=True))


@pytest.mark.parametrize("text", MAXIMAL, ids=range(len(MAXIMAL)))
def test_the_longest_list_fits(text: str) -> None:
    """As many alerts as there can be, each with texts of three thousand characters, on Home and in
    answers.
    """
    seen = overview(text)

    check_view(home.render_home(seen))
    for answer in (
        *pages(text),
        lists.render_text(text),
        lists.render_stats(seen.figures),
    ):
        check_message(SlackMessage(answer["text"], tuple(answer["blocks"]), Mrkdwn("-")))
    for answer in pages(text):
        opened = [each for each in elements(identified(answer["blocks"])) if "Open" in str(each)]
        assert len(opened) == PAGE_SIZE


@given(st.text(max_size=40))
def test_what_comes_back_is_ours_or_nothing(text: str) -> None:
    """A value that was not made here is no handle, and breaks nothing."""
    for found in (
        AlertVersion.from_value(text),
        ReplyProposal.from_value(text),
        PageRequest.from_value(text),
    ):
        assert found is None or found.encoded_value == text
    assert parse_click({"action_id": "more", "selected_option": {"value": text}}).name in (
        "",
        text.partition(":")[0],
    )


@given(st.integers(1_600_000_000, 2_200_000_000), st.integers(-14, 14))
def test_snoozing_offers_only_the_future(seconds: int, offset: int) -> None:
    """Every time that can be chosen lies ahead, the days at nine in the person's zone, and each is
    offered once.
    """
    zone = timezone(timedelta(hours=offset))
    at = datetime.fromtimestamp(seconds, UTC)
    view = modals.render_snooze_modal(CARDS["taken"], at, zone)
    (until,) = (
        found.content for found in elements(identified(view["blocks"])) if found.place[0] == "until"
    )
    times = [int(option["value"]) for option in until["options"] if option["value"].isdecimal()]

    check_view(view)
    assert all(time > at.timestamp() - 1 for time in times)
    assert len(times) == len(set(times)) >= 5
    assert {datetime.fromtimestamp(time, zone).hour for time in times[4:]} == {9}
