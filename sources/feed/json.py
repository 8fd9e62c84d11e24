"""Parse JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from monitor.domain.feedback import Author, Markup
from sources._json import list_or_empty
from sources._normalise import (
    parse_leading_number,
    parse_rating,
    to_clean_text,
    to_http_link,
    to_language_tag,
)
from sources._times import parse_iso_time
from sources.feed.document import FeedDocument, FeedEntry, NotAFeed

_VERSION = "https://jsonfeed.org/version/1"


def parse_json_feed(body: bytes, base: str, rating_field: str = "") -> FeedDocument:
    """Parse a JSON Feed; relative links are resolved against `base`, where it came from.

    An entry that cannot be read is a warning. Raises NotAFeed.
    """
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        raise NotAFeed("not valid JSON") from None
    if not isinstance(feed, dict) or not str(feed.get("version", "")).startswith(_VERSION):
        raise NotAFeed("JSON, but not a JSON Feed")
    entries, warnings = [], []
    for position, item in enumerate(list_or_empty(feed.get("items")), start=1):
        try:
            entries.append(_build_json_entry(item, feed, base, rating_field))
        except (TypeError, ValueError, AttributeError) as error:
            warnings.append(f"item {position} was skipped: {error}")
    return FeedDocument(entries=tuple(entries), warnings=tuple(warnings))


def _build_json_entry(
    item: Mapping[str, Any], feed: Mapping[str, Any], base: str, rating_field: str
) -> FeedEntry:
    html, text = to_clean_text(item.get("content_html")), to_clean_text(item.get("content_text"))
    is_html = bool(html) and not text
    title = to_clean_text(item.get("title"))
    author = _first_json_author(item)
    rating_text = item.get(rating_field) if rating_field else None
    has_rating = parse_leading_number(rating_text) is not None
    return FeedEntry(
        id=to_clean_text(item.get("id")),
        link=to_http_link(item.get("url") or item.get("external_url"), base),
        title=_escape_html(title) if is_html else title,
        body=text or html or to_clean_text(item.get("summary")),
        markup=Markup.HTML if is_html else Markup.TEXT,
        author=author if author.is_known else _first_json_author(feed),
        published=parse_iso_time(item.get("date_published")),
        updated=parse_iso_time(item.get("date_modified")),
        language=to_language_tag(item.get("language")) or to_language_tag(feed.get("language")),
        rating=parse_rating(rating_text) if has_rating else None,
    )


def _escape_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _first_json_author(holder: Mapping[str, Any]) -> Author:
    """Return the first author: version 1.0 has `author`, 1.1 a list of `authors`."""
    authors = holder.get("authors") or [holder.get("author")]
    first = authors[0] if isinstance(authors, list) and authors else None
    if not isinstance(first, dict):
        return Author()
    return Author(name=to_clean_text(first.get("name")), id=to_http_link(first.get("url")))
