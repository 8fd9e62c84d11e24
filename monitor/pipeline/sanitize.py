"""Make what a source hands over safe to store: plain text, plausible times, bounded fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.analysis.clean import to_plain_text
from monitor.domain.feedback import Author, Feedback, Markup

#: Before it there were no feeds: an earlier date is a placeholder for "unknown".
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
#: Clocks of others run ahead: further than this a date is a mistake.
_MAX_CLOCK_AHEAD = timedelta(hours=24)
#: Characters that are kept of every text but the body.
_SHORT_LENGTH = 500
#: Characters of a link; a longer one is none.
_MAX_URL = 2_000
_MAX_ATTRIBUTES = 30


def sanitize_feedback(feedback: Feedback, now: datetime) -> Feedback:
    """Return the feedback as it is stored.

    Title and body are plain text, times are UTC or None, links open a page or are empty, and no
    field is longer than its bound.
    """
    author = feedback.author
    attributes = list(feedback.attributes.items())[:_MAX_ATTRIBUTES]
    return replace(
        feedback,
        title=to_plain_text(feedback.title, feedback.markup, _SHORT_LENGTH),
        body=to_plain_text(feedback.body, feedback.markup),
        markup=Markup.TEXT,
        author=Author(name=_limit_text(author.name), id=_limit_text(author.id), reach=author.reach),
        created_at=_plausible_time(feedback.created_at, now),
        edited_at=_plausible_time(feedback.edited_at, now),
        first_seen_at=feedback.first_seen_at or now,
        url=_keep_web_link(feedback.url),
        thread_id=_limit_text(feedback.thread_id),
        parent_id=_limit_text(feedback.parent_id),
        language=_limit_text(feedback.language),
        app_version=_limit_text(feedback.app_version),
        question=_limit_text(feedback.question),
        attributes={_limit_text(name): _limit_text(value) for name, value in attributes},
    )


def keep_latest(items: tuple[Feedback, ...]) -> tuple[Feedback, ...]:
    """Return each feedback once, as it was handed over last, in the order first seen."""
    return tuple({item.key: item for item in items}.values())


def _plausible_time(at: datetime | None, now: datetime) -> datetime | None:
    """Return a time in UTC, None where it cannot be true; without a zone it is UTC already.

    Sources write "unknown" as the year 1 or 9999.
    """
    if at is None:
        return None
    try:
        utc = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError:
        return None
    return utc if _EARLIEST <= utc <= now + _MAX_CLOCK_AHEAD else None


def _limit_text(text: str) -> str:
    return to_plain_text(text, limit=_SHORT_LENGTH) if text else text


def _keep_web_link(url: str) -> str:
    """Return a link that a browser opens as a page; "" for everything else."""
    is_web_address = url.startswith(("https://", "http://")) and len(url) <= _MAX_URL
    # An unprintable character, such as a change of direction, would hide where it leads.
    is_plain = url.isprintable() and " " not in url
    return url if is_web_address and is_plain else ""
