"""What a person reads in a message to Slack."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.notifiers.plain_text import PlainText
from monitor.slack.mrkdwn import Mrkdwn, bold_words, link, local_time, quote
from monitor.tuning.posted_messages import read_mrkdwn


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            bold_words(PlainText("It crashes <now> & *here*"), ["crashes"]),
            "It crashes <now> & *here*",
        ),
        (quote(PlainText("one\ntwo_words"), ["two_words"]), "one\ntwo_words"),
        (link("https://a.example/x?y=1&z", Mrkdwn("the post")), "the post"),
        (local_time(datetime(2026, 3, 2, 9, tzinfo=UTC)), "2026-03-02 09:00 UTC"),
    ],
)
def test_a_person_reads_the_words_without_the_marks(written: str, read: str) -> None:
    """Labels of links, times as a fallback has them, a stranger's own signs."""
    assert read_mrkdwn(written) == read
