"""What Slack makes of texts: only raw markup pings or links."""

import html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world.slack_mrkdwn import Link, read_message, read_mrkdwn


@pytest.mark.parametrize(
    ("text", "pings", "words"),
    [
        ("<!channel> look", ("!channel",), "@channel look"),
        ("<!here|here>", ("!here",), "here"),
        ("<@U123ABC> and <@W9|ann>", ("@U123ABC", "@W9"), "@U123ABC and ann"),
        ("<!subteam^S042|@support>", ("!subteam^S042",), "@support"),
        ("&lt;!channel&gt;", (), "<!channel>"),
        ("&lt;@U123ABC&gt;", (), "<@U123ABC>"),
        ("&amp;lt;!channel&amp;gt;", (), "&lt;!channel&gt;"),
        ("<!date^1392734382^{date}|18 Feb> in <#C024BE7LR|general>", (), "18 Feb in general"),
        ("a < b > c and <3", (), "a < b > c and <3"),
    ],
)
def test_only_raw_markup_pings(text: str, pings: tuple[str, ...], words: str) -> None:
    """Raw `<...>` is markup; what entities spell stays text, decoded once."""
    reading = read_mrkdwn(text)
    assert (reading.pings, reading.words) == (pings, words)


def test_a_link_shows_its_label_and_leads_elsewhere() -> None:
    """A forged label is told apart from where the link leads."""
    reading = read_mrkdwn("<https://evil.example/?a=1&amp;b=2|https://bank.example>")
    assert reading.links == (Link("https://evil.example/?a=1&b=2", "https://bank.example"),)
    assert reading.words == "https://bank.example"


def test_plain_names_and_addresses_may_be_linked_unless_verbatim() -> None:
    """Text that Slack may turn into markup by itself is listed apart, and verbatim prevents it."""
    text = "@channel see https://example.com/a"
    assert read_mrkdwn(text).automatic == ("@channel", "https://example.com/a")
    assert read_mrkdwn(text, verbatim=True).automatic == ()
    assert read_mrkdwn(text).pings == ()


def test_a_message_is_read_in_all_its_parts() -> None:
    """Notification text, mrkdwn, rich text and buttons count; plain_text never pings."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": "<!everyone>"}},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "<@U1>"},
            "fields": [{"type": "mrkdwn", "text": "<@U2>"}],
        },
        {
            "type": "rich_text",
            "elements": [{"type": "broadcast", "range": "here"}, {"type": "user", "user_id": "U3"}],
        },
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "url": "https://a.example",
                    "text": {"type": "plain_text", "text": "Open"},
                }
            ],
        },
    ]
    reading = read_message("<!channel>", blocks)
    assert reading.pings == ("!channel", "@U1", "@U2", "!here", "@U3")
    assert reading.links == (Link("https://a.example", "Open"),)


@given(st.text(alphabet=st.sampled_from("<>&;|!@#ltgampchanelUS^http:/ .1"), max_size=60))
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    """Whatever people write, escaping &, < and > shows it unchanged and pings and links nothing."""
    reading = read_mrkdwn(html.escape(text, quote=False))
    assert (reading.words, reading.pings, reading.links) == (text, (), ())
