"""Feeds for tests, in each format that is read; what is in them was written just now unless a test
says otherwise.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

ATOM = "application/atom+xml; charset=utf-8"
JSON = "application/feed+json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed."""

    id: str
    text: str
    title: str = ""
    age: timedelta | None = timedelta(minutes=1)  #: None for an entry without a date
    author: str = "someone"

    @property
    def at(self) -> datetime | None:
        """When it was written."""
        return None if self.age is None else datetime.now(UTC) - self.age


def entries(count: int, text: str = "it is broken", *, start: int = 0) -> list[Entry]:
    """So many entries with different texts."""
    return [
        Entry(f"e{number}", f"{text}, report {number}") for number in range(start, start + count)
    ]


def rss(items: list[Entry]) -> str:
    """The entries as RSS 2.0."""
    shown = "".join(
        f"<item><guid isPermaLink='false'>{escape(item.id)}</guid><title>"
        f"{escape(item.title)}</title>"
        f"<description>{escape(escape(item.text, quote=False))}</description>"
        f"{f'<pubDate>{format_datetime(item.at)}</pubDate>' if item.at else ''}</item>"
        for item in items
    )
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Reviews</title>'
        f"{shown}</channel></rss>"
    )


def atom(items: list[Entry]) -> str:
    """The entries as Atom."""
    shown = "".join(
        f"<entry><id>{escape(item.id)}</id><title>{escape(item.title)}</title>"
        f"<author><name>{escape(item.author)}</name></author><content "
        f"type='text'>{escape(item.text)}</content>"
        f"{f'<published>{item.at.isoformat()}</published>' if item.at else ''}</entry>"
        for item in items
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Reviews</title>{shown}</feed>'


def json_feed(items: list[Entry]) -> str:
    """The entries as JSON Feed 1.1."""
    shown = [
        {
            "id": item.id,
            "title": item.title,
            "content_text": item.text,
            "authors": [{"name": item.author}],
        }
        | ({"date_published": item.at.isoformat()} if item.at else {})
        for item in items
    ]
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Reviews", "items": shown}
    )
