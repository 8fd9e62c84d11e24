"""Whatever a stranger writes: the card is valid, and nothing in it pings, links or formats by their
will.
"""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.actor import Actor
from monitor.domain.delivery import Card, OverflowSummary
from monitor.domain.feedback import Author
from monitor.notifiers.plain_text import sanitize_text, split_graphemes, utf16_length
from monitor.slack import limits, mrkdwn
from monitor.slack.views import card as cards
from tests.golden.slack.examples import ALERT, AT, DELIVERY, FEEDBACK, URGENT
from tests.world.slack_blocks import block_problems, is_too_long
from tests.world.slack_mrkdwn import read_message, read_mrkdwn

ATTACKS = st.sampled_from(
    [
        "<!channel>",
        "<@U1>",
        "<https://evil.example|bank>",
        "@here",
        "https://evil.example",
        "&lt;",
        "*b*",
        "_i_",
        "~s~",
        "`c`",
        ">",
        ">>>",
        "\n",
        "\u202e",
        "\ud800",
        "\u2069",
        "\x1b[31m",
        "|",
        "😀",
        "e\u0301",
        ":x:",
        " ",
        "crashes",
    ]
)
TEXT = st.one_of(
    st.text(alphabet=st.characters(), max_size=300),
    st.lists(st.one_of(ATTACKS, st.text(max_size=5)), max_size=40).map("".join),
    st.text(alphabet="語😀&<>\n*_", min_size=1, max_size=20).map(lambda piece: piece * 300),
)

METADATA = {
    "event_type": "repwatch_delivery",
    "event_payload": {"delivery_id": "0193b0a0-0000-7000-8000-000000000000"},
}


def hostile(text: str) -> Card:
    """A card in which a stranger wrote this wherever a stranger can write."""
    feedback = replace(
        FEEDBACK,
        title=f"T{text}",
        body=f"crashes {text}",
        author=Author(name=text),
        url=f"https://forum.example/{text}",
        question=text,
        app_version=text,
    )
    return replace(
        URGENT,
        feedback=feedback,
        alert=replace(ALERT, reason=text, words=("crashes", text), mention=""),
    )


@given(TEXT)
def test_card_is_always_valid(text: str) -> None:
    """Every card, its plain form and every summary keep our limits and those of the strict
    Slack.
    """
    card = hostile(text)
    card = replace(
        card,
        repeat=True,
        alert=replace(card.alert, mention=f"@here {text}", assignee=Actor.parse_optional(text)),
    )
    summary = OverflowSummary(
        channel="#c",
        since=AT,
        total=9,
        by_rule=((text, 4), (text, 5)),
        by_severity=((ALERT.severity, 9),),
        first=(card,) * 9,
    )

    for message in (
        cards.render_card(card, interactive=True),
        cards.render_summary(summary, DELIVERY.id),
    ):
        assert limits.check_message({**message.payload, "metadata": METADATA}) == []
        assert limits.check_message(message.plain_payload) == []
        assert block_problems(list(message.blocks)) == []
        assert not is_too_long(list(message.blocks))
        json.dumps(message.payload, ensure_ascii=False).encode()


@given(TEXT)
def test_stranger_commands_nothing(text: str) -> None:
    """Slack sees no mention, and no link but the one to the original."""
    message = cards.render_card(hostile(text))

    for reading in (read_message(message.text, list(message.blocks)), read_mrkdwn(message.plain)):
        assert reading.pings == ()
        assert reading.automatic == ()
        assert {link.url.startswith("https://forum.example/") for link in reading.links} <= {True}


@given(TEXT)
def test_escaped_text_has_no_raw_command(text: str) -> None:
    """No angle bracket, formatting character or override of the stranger's survives escaping."""
    escaped = mrkdwn.escape(sanitize_text(text))

    assert not set("<>*~`\x1b\u202e\u2066") & set(escaped)
    assert all(not line.startswith("&gt;") for line in escaped.split("\n"))


@given(TEXT)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """Clean text stays as it is."""
    assert sanitize_text(sanitize_text(text)) == sanitize_text(text)


@given(TEXT, st.lists(st.text(max_size=6), max_size=4))
def test_marks_change_nothing_else(text: str, words: list[str]) -> None:
    """Without our marks, a marked text is the text; and their number is even."""
    marked = mrkdwn.bold_words(sanitize_text(text), words)
    escaped_alone = mrkdwn.escape(sanitize_text(text))

    assert marked.count("*") % 2 == 0
    assert len(marked.replace("*", "").replace("\u200b", "")) >= len(sanitize_text(text))
    assert words or marked == escaped_alone


@given(TEXT, st.integers(min_value=1, max_value=200))
def test_cut_keeps_its_limit_and_whole_characters(text: str, limit: int) -> None:
    """A cut text is short enough once escaped, and made of whole visible characters from the
    beginning.
    """
    shown = mrkdwn.cut(sanitize_text(text), limit)
    whole = sanitize_text(text)

    assert utf16_length(mrkdwn.escape(shown)) <= limit
    assert shown == whole or shown.endswith("…")
    kept = split_graphemes(shown.removesuffix("…")) if shown != whole else split_graphemes(whole)
    assert kept == split_graphemes(whole)[: len(kept)]
