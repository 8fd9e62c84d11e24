"""Entries below a card: who is mentioned, what can be clicked, and how words for one person are
made safe.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus, SlaLimits
from monitor.notifiers.event_text import describe_event
from monitor.slack.views import action_ids, thread
from monitor.slack.views import card as cards
from monitor.slack.views.action_ids import AlertVersion, ReplyProposal
from tests.golden.slack.examples import ALERT, ANNA, BERT, CARDS
from tests.golden.slack.views import ENTRIES, entry, event
from tests.world.slack_mrkdwn import read_message


def clickable(name: str) -> list[tuple[str, str]]:
    """The id and the value of each button below an example."""
    blocks = thread.render_entry(ENTRIES[name], interactive=True).blocks
    return [
        (part["action_id"], part["value"])
        for block in blocks
        for part in block.get("elements", ())
        if "value" in part
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("taken", "👀 <@U0ANNA123> took it after 4 min"),
        ("nudged", "<!subteam^S0SUPPORT> ⏰ nobody has taken it for 11 min (limit 15 min)"),
        ("nudged-holder", "<@U0ANNA123> ⏰ the customer has no answer for 45 min (limit 1 h)"),
        ("escalated", "<@U0LEAD789> 📣 escalated: nobody has taken it for 30 min"),
        ("came-back", "<@U0BERT456> 🔁 the same came back"),
        ("rating-raised", "<@U0ANNA123> ⭐ the customer raised the rating from 1 to 4"),
        (
            "official",
            (
                "💬 answered in public by an official account after 40 min "
                "<https://apps.example/reviews/1/reply|see it>"
            ),
        ),
        ("failed", "<@U0BERT456> ⚠️ the answer could not be published: Reddit asks for a new login"),
        ("turn", "👉 it is the turn of <@U0ANNA123>"),
    ],
)
def test_entry_says_who_and_what(name: str, said: str) -> None:
    """The line names who did it, mentions once whom it concerns, and says how long it took."""
    assert thread.render_entry(ENTRIES[name]).blocks[0]["text"]["text"].split("\n")[0] == said


def test_who_acts_is_named_and_only_whom_it_concerns_is_called() -> None:
    """The name of the one who acts stands as text, and the one who is given the alert is
    mentioned.
    """
    message = thread.render_entry(ENTRIES["assigned"], actor_name="Bert")

    assert message.blocks[0]["text"]["text"] == "👉 Bert assigned it to <@U0ANNA123>"
    assert set(read_message(message.text, list(message.blocks)).pings) == {"@U0ANNA123"}


def test_the_name_of_who_acts_commands_nothing() -> None:
    """A member who calls themselves a mention, a link and markup is shown so and pings nobody."""
    hostile = "<!channel> *Boss* <https://evil.example|x> @here"
    message = thread.render_entry(ENTRIES["taken"], actor_name=hostile)
    reading = read_message(message.text, list(message.blocks))

    assert (reading.pings, reading.links, reading.automatic) == ((), (), ())
    assert "<!channel> ∗Boss∗" in reading.words


@pytest.mark.parametrize("kind", ["replied", "reply_failed", "reply_uncertain"])
def test_a_reply_is_copied_as_it_was_written(kind: str) -> None:
    """Whoever posts it by hand finds it whole, with its empty lines and its own characters."""
    text = f"Dear Dana,\n\n*please* write to <help@shop.example>: `{'x' * 2_000}`"
    message = thread.render_entry(entry(kind, 5, ANNA, text=text), interactive=True)
    (frame,) = (block for block in message.blocks if block["type"] == "rich_text")

    assert frame["elements"][0]["elements"] == [{"type": "text", "text": text}]
    assert message.keeps_limits()


def test_a_reply_that_does_not_fit_says_so() -> None:
    """A long reply in characters of many bytes is begun, and the rest is not silently left out."""
    message = thread.render_entry(entry("replied", 5, ANNA, text="語" * 3_000))

    assert message.keeps_limits()
    assert "Only the beginning fits here." in str(message.blocks)


def test_a_proposal_is_quoted() -> None:
    """What is still to be approved is not there to be copied."""
    blocks = thread.render_entry(ENTRIES["proposed"]).blocks

    assert all(block["type"] != "rich_text" for block in blocks)


def test_the_same_words_without_markup() -> None:
    """A console and a log say the same with names instead of mentions."""
    assert describe_event(ENTRIES["resolved"].event, ENTRIES["resolved"].alert) == (
        "✅ resolved by U0BERT456 after 5 h — root cause: Mistake in the product"
        " · done: fixed in 6.3.3, notes restored · Thanks, Anna & Carol"
    )
    assert describe_event(event("acknowledged", 4, Actor.cli("anna"))) == "👀 anna took it"


def test_time_that_only_counts_while_people_work_is_not_told_by_the_clock() -> None:
    """A night between two days of work is no waiting."""
    alert = replace(ALERT, limits=SlaLimits(acknowledge=900, working_hours=True))

    assert describe_event(event("nudged", 720, limit="acknowledge"), alert) == (
        "⏰ nobody has taken it (limit 15 min of working time)"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("late", [("take", "41:1")]),
        ("nudged-holder", [("confirm", "41:2")]),
        ("proposed", [("approve", "7:41:2"), ("reject", "7:41:2")]),
        ("resolved", []),
        ("noted", []),
        ("help", []),
    ],
)
def test_what_is_asked_can_be_done_on_the_spot(name: str, expected: list[tuple[str, str]]) -> None:
    """A line that asks somebody to act has the button for it, which carries the alert's turn."""
    assert clickable(name) == expected


def test_a_closed_alert_asks_nothing() -> None:
    """A reminder that is sent late, below an alert that was closed meanwhile, has no button."""
    late = replace(
        ENTRIES["late"], alert=replace(ALERT, status=AlertStatus.RESOLVED, assignee=BERT)
    )

    assert all(
        block["type"] != "actions" for block in thread.render_entry(late, interactive=True).blocks
    )


@pytest.mark.parametrize("reply", ["", "0", "x", "7:1"])
def test_a_proposal_without_an_id_cannot_be_approved(reply: str) -> None:
    """Buttons that could not be carried out are not shown."""
    proposed = entry("reply_proposed", 1, ANNA, reply=reply, text="Sorry")

    assert all(
        block["type"] != "actions"
        for block in thread.render_entry(proposed, interactive=True).blocks
    )


def test_loud_entries_say_which_alert() -> None:
    """What the whole channel sees can be understood without the thread around it."""
    (_, about) = thread.render_entry(ENTRIES["came-back"]).blocks

    assert about["elements"][0]["text"] == "🚨 URGENT · Alert 41 · Crash after update"


def test_words_for_one_person_name_people() -> None:
    """People become mentions; nothing else in the words commands anything."""
    text = "Alert 4 is taken, held by user:U0ANNA123: ask user:U0BERT456. <!here> *now* user:bob"

    assert thread.format_direct_text(text, 200) == (
        "Alert 4 is taken, held by <@U0ANNA123>: ask <@U0BERT456>. &lt;!here&gt; ∗now∗ user:bob"
    )


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ({"action_id": "take", "value": "41:3"}, action_ids.Click("take", AlertVersion(41, 3))),
        (
            {"action_id": "more", "selected_option": {"value": "snooze:41:3"}},
            action_ids.Click("snooze", AlertVersion(41, 3)),
        ),
        (
            {"action_id": "more", "selected_option": {"value": "drop:41:3"}},
            action_ids.Click("", AlertVersion(41, 3)),
        ),
        (
            {"action_id": "approve", "value": "7:41:3"},
            action_ids.Click("approve", AlertVersion(41, 3), ReplyProposal(7, AlertVersion(41, 3))),
        ),
        (
            {"action_id": "template", "selected_option": {"value": "Thanks"}},
            action_ids.Click("template", choice="Thanks"),
        ),
        ({"action_id": "open_original"}, action_ids.Click("open_original")),
        ({"action_id": "take", "value": "41"}, action_ids.Click("take")),
        ({"action_id": "take", "value": "0:1"}, action_ids.Click("take")),
        ({"action_id": "take", "value": ["41:3"]}, action_ids.Click("take")),
        ({}, action_ids.Click("")),
    ],
)
def test_a_click_is_read(action: dict[str, object], expected: action_ids.Click) -> None:
    """What a control carried comes back as it went out; anything else is no handle."""
    assert action_ids.parse_click(action) == expected


@pytest.mark.parametrize(
    "name", ["urgent", "taken", "replied", "snoozed", "resolved", "notice", "purged", "praise"]
)
def test_every_button_is_known_and_carries_the_turn(name: str) -> None:
    """Each control of a card, the menu's choices included, is one of the acts and carries the alert
    as it is shown.
    """
    card = CARDS[name]
    for part in cards.card_buttons(card):
        values = [option["value"] for option in part.get("options", ())] or [part["value"]]
        for value in values:
            menu = {"action_id": part["action_id"], "selected_option": {"value": value}}
            click = action_ids.parse_click(menu if "options" in part else part)
            assert click.name
            assert click.version == AlertVersion(card.alert.id, card.alert.turn)


def test_what_slack_takes_as_simple_text_only_says_how_to_act() -> None:
    """A card, a call and a line that asks for something have no buttons then."""
    way = "`/repwatch show 41`"
    late = ENTRIES["late"]
    shown = {
        "card": cards.render_card(CARDS["urgent"], interactive=True),
        "call": thread.render_escalation(late, "", interactive=True),
        "line": thread.render_entry(late, interactive=True),
    }
    assert {name: way in message.plain for name, message in shown.items()} == dict.fromkeys(
        shown, True
    )
    assert way not in cards.render_card(CARDS["urgent"]).plain
    assert way not in thread.render_entry(ENTRIES["taken"], interactive=True).plain
