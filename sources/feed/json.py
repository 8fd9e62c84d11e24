"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), which feedparser does not read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from monitor.domain.feedback import Author, Markup
from sources._normalise import clean, iso_time, language, link, number, rating
from sources.feed.document import Document, Entry, NotAFeed

_VERSION = "https://jsonfeed.org/version/1"


def parse(body: bytes, base: str, rating_field: str = "") -> Document:
    """The feed in `body`; `base` is where it came from. Raises NotAFeed."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        raise NotAFeed("not valid JSON") from None
    if not isinstance(feed, dict) or not str(feed.get("version", "")).startswith(_VERSION):
        raise NotAFeed("JSON, but not a JSON Feed")
    items = feed.get("items")
    entries, warnings = [], []
    for position, item in enumerate(items if isinstance(items, list) else [], start=1):
        try:
            entries.append(_entry(item, feed, base, rating_field))
        except (TypeError, ValueError, AttributeError) as error:
            warnings.append(f"item {position} was skipped: {error}")
    return Document(entries=tuple(entries), warnings=tuple(warnings))


def _entry(item: Mapping[str, Any], feed: Mapping[str, Any], base: str, rating_field: str) -> Entry:
    html, text = clean(item.get("content_html")), clean(item.get("content_text"))
    return Entry(
        id=clean(item.get("id")),
        link=link(item.get("url") or item.get("external_url"), base),
        title=clean(item.get("title")) if text or not html else _as_html(clean(item.get("title"))),
        body=text or html or clean(item.get("summary")),
        markup=Markup.HTML if html and not text else Markup.TEXT,
        author=_author(item) if _author(item).known else _author(feed),
        published=iso_time(item.get("date_published")),
        updated=iso_time(item.get("date_modified")),
        language=language(item.get("language")) or language(feed.get("language")),
        rating=rating(item.get(rating_field))
        if rating_field and number(item.get(rating_field)) is not None
        else None,
    )


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _author(holder: Mapping[str, Any]) -> Author:
    """The first author; version 1.0 has one `author`, 1.1 a list of `authors`."""
    authors = holder.get("authors") or [holder.get("author")]
    first = authors[0] if isinstance(authors, list) and authors else None
    if not isinstance(first, dict):
        return Author()
    return Author(name=clean(first.get("name")), id=link(first.get("url")))
