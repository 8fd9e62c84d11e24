"""What somebody typed after /repwatch, however Slack has written it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.domain.actor import Actor
from monitor.domain.alert import Alert
from monitor.slack.views.duty import parse_carried_turns, render_handover_modal
from monitor.slack_app.commands import (
    find_receiver,
    is_handover_without_receiver,
    to_typed_text,
)
from tests.golden.slack.examples import ALERT


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("search crash* AND NOT beta", "search crash* AND NOT beta"),
        ("search <@U0ANNA12|anna> &amp; &lt;b&gt;", "search @anna & <b>"),
        ("search <#C0123|bugs> <http://acme.example|acme.example>", "search #bugs acme.example"),
        ("search <https://acme.example/a?b=1&amp;c>", "search https://acme.example/a?b=1&c"),
        ("search <!subteam^S0123|@team> <!here>", "search @team @here"),
        ("search <#C0123>", "search #C0123"),
    ],
)
def test_a_command_is_read_as_it_was_typed(sent: str, typed: str) -> None:
    """Names, channels, links and signs come back from Slack's own form of them."""
    assert to_typed_text(sent) == typed


@pytest.mark.parametrize(
    ("text", "receiver"),
    [
        ("handover <@U0ANNA12|anna>", "U0ANNA12"),
        ("handover <@W0ANNA12>", "W0ANNA12"),
        ("handover U0ANNA12", "U0ANNA12"),
        ("handover @anna", ""),
        ("handover", ""),
        ("handover <!subteam^S0TEAM12|@team>", ""),
        ("handover UNDERWOOD", ""),
    ],
)
def test_only_an_id_names_a_person(text: str, receiver: str) -> None:
    """A name alone could be anybody's: a dialog asks then."""
    assert find_receiver(text) == (Actor.slack(receiver) if receiver else None)
    assert is_handover_without_receiver(text) is not bool(receiver)


def test_other_commands_open_no_dialog() -> None:
    """Only a hand-over needs a person."""
    assert not is_handover_without_receiver("mine")


@pytest.mark.parametrize("count", [1, 2, 500])
def test_a_dialog_carries_the_turns_of_as_many_alerts_as_fit(count: int) -> None:
    """What it carries back is what it was drawn from, within Slack's limit."""
    held = [numbered(number) for number in range(1, count + 1)]

    carried = render_handover_modal(held)["private_metadata"]

    turns = parse_carried_turns(carried)
    assert len(carried) <= 3_000
    assert turns == {alert.id: alert.turn for alert in held[: len(turns)]}
    assert len(turns) == count or len(carried) > 2_980


def numbered(number: int) -> Alert:
    """An alert under another number."""
    return replace(ALERT, id=number, turn=number % 7 + 1)
