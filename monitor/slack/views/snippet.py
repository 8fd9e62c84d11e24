"""A customer's words in one line, as lists and modals show them."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.domain.feedback import Feedback
from monitor.notifiers import wording
from monitor.notifiers.plain_text import PlainText, one_line, safe_url
from monitor.slack.mrkdwn import Mrkdwn, bold_words, escape, excerpt, link

#: Longer addresses are not linked.
MAX_URL = 300


def snippet(feedback: Feedback, words: Sequence[str], room: int) -> PlainText:
    """Return what the customer said, in `room` characters around the words that mattered.

    A note stands in its place where nothing is kept of it.
    """
    said = one_line(wording.quoted_words(feedback, words))
    return excerpt(said or wording.missing_words_note(feedback), words, room)


def linked_snippet(
    feedback: Feedback, words: Sequence[str], room: int, max_url: int = MAX_URL
) -> Mrkdwn:
    """Return the snippet as a link to the original; without one, with the words in bold.

    An address that is longer than `max_url` is not linked.
    """
    said = snippet(feedback, words, room)
    url = safe_url(feedback.url, max_url)
    return link(url, escape(said)) if url else bold_words(said, words)
