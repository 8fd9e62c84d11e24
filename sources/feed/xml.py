"""Parse RSS and Atom with feedparser, which is given bytes and never fetches."""

from __future__ import annotations

import calendar
import codecs
import html
import io
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import feedparser

from monitor.domain.feedback import Author, Markup
from sources._normalise import (
    parse_leading_number,
    parse_rating,
    to_clean_text,
    to_http_link,
    to_language_tag,
)
from sources._times import time_from_epoch
from sources.feed import feedparser_limits
from sources.feed.document import FeedDocument, FeedEntry, NotAFeed

feedparser_limits.apply()

#: What feedparser calls malformed although nothing is missing: a wrong or missing declaration.
_HARMLESS_ERRORS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
#: The names that feedparser gives to the ratings of review namespaces.
_RATING_NAMES = ("im_rating", "review_rating", "r_rating", "g_rating", "rating")
_TAG = re.compile(r"<[^<>]{1,500}>")
_ENTRY_TAG = re.compile(rb"<(/?)(?:[\w.-]{1,50}:)?(?:item|entry)\b", re.IGNORECASE)
_CHARACTER_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")


def parse_xml_feed(
    body: bytes, base: str, headers: Mapping[str, str], rating_field: str = ""
) -> FeedDocument:
    """Parse an RSS or Atom feed from the bytes that a host sent.

    Relative links are resolved against the document's own xml:base, then against `base`.
    `rating_field` names the element with the rating where it is none of the usual ones. Of a
    truncated document the complete entries are kept. Raises NotAFeed.
    """
    body = _strip_leading_space(body)
    parsed = _parse_with_feedparser(body, base, headers)
    if not parsed.get("version"):
        is_html = _is_html(body, headers)
        raise NotAFeed("a web page, perhaps to log in, not a feed" if is_html else "not a feed")
    feed = dict(parsed.feed)
    entries, warnings = _build_entries(
        map(dict, parsed.entries), feed, base, _rating_names(rating_field)
    )
    fault: Any = parsed.get("bozo_exception") if parsed.bozo else None
    whole = fault is None or isinstance(fault, _HARMLESS_ERRORS)
    if not whole and _is_truncated(body) and entries:
        entries.pop()
    if not whole:
        where = f" at line {fault.getLineNumber()}" if hasattr(fault, "getLineNumber") else ""
        warnings.append(f"the feed is malformed{where}; what could be read was kept")
    return FeedDocument(
        entries=tuple(entries), warnings=tuple(warnings), whole=whole, ttl=_ttl_seconds(feed)
    )


def _build_entries(
    items: Iterable[dict[str, Any]], feed: dict[str, Any], base: str, ratings: Iterable[str]
) -> tuple[list[FeedEntry], list[str]]:
    """Build (entries, warnings about those that were skipped) of the items in plain dictionaries.

    feedparser's own dictionaries look each name up in several ways, which is slow.
    """
    entries, warnings = [], []
    feed_language = to_language_tag(feed.get("language"))
    for position, item in enumerate(items, start=1):
        try:
            entries.append(_build_xml_entry(item, feed_language, base, ratings))
        except (TypeError, ValueError, AttributeError, KeyError, OverflowError) as error:
            warnings.append(f"entry {position} was skipped: {error}")
    return entries, warnings


def _ttl_seconds(feed: dict[str, Any]) -> float:
    """Return the seconds that a feed asks readers to wait; it writes minutes."""
    minutes = parse_leading_number(feed.get("ttl")) or 0.0
    return max(minutes * 60, 0.0)


def _is_truncated(body: bytes) -> bool:
    """Return whether the last entry has no end tag: half an id is the id of something else."""
    ends = [bool(tag[1]) for tag in _ENTRY_TAG.finditer(body)]
    return bool(ends) and not ends[-1]


def _strip_leading_space(body: bytes) -> bytes:
    """Remove white space before the XML declaration, which feedparser takes for an error."""
    mark = codecs.BOM_UTF8 if body.startswith(codecs.BOM_UTF8) else b""
    return mark + body.removeprefix(mark).lstrip(b" \t\r\n")


def _parse_with_feedparser(body: bytes, base: str, headers: Mapping[str, str]) -> Any:
    """Parse the body with feedparser; where it fails, once more without invalid characters.

    Raises NotAFeed where it fails again.
    """
    declared = {
        name: headers[name] for name in ("content-type", "content-language") if name in headers
    }
    without_nul = body.replace(b"\x00", b"")
    repaired = _CHARACTER_REFERENCE.sub(_replace_invalid_reference, without_nul)
    for attempt in (body, repaired):
        try:
            return feedparser.parse(
                io.BytesIO(attempt),
                response_headers={"content-location": base, **declared},
                sanitize_html=False,
                resolve_relative_uris=False,
            )
        except Exception as error:  # noqa: BLE001 (hostile input makes feedparser raise anything)
            failure = type(error).__name__
    raise NotAFeed(f"not readable as a feed ({failure})")


def _replace_invalid_reference(reference: re.Match[bytes]) -> bytes:
    """Return a reference to a valid character as it is, any other as one to U+FFFD."""
    point = int(reference[1], 16) if reference[1] else int(reference[2][:9])
    is_valid = 0 < point < 0xD800 or 0xDFFF < point < 0x110000
    return reference[0] if is_valid else b"&#xFFFD;"


def _is_html(body: bytes, headers: Mapping[str, str]) -> bool:
    start = body[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" in headers.get("content-type", "") or start.startswith(
        (b"<!doctype html", b"<html")
    )


def _build_xml_entry(
    item: dict[str, Any], feed_language: str, base: str, ratings: Iterable[str]
) -> FeedEntry:
    body, markup, declared = _entry_content(item)
    language = to_language_tag(declared) if declared else ""
    return FeedEntry(
        id=to_clean_text(item.get("id")),
        link=to_http_link(item.get("link"), base),
        title=_entry_title(item, markup),
        body=body,
        markup=markup,
        author=_item_author(item),
        published=_to_utc(item.get("published_parsed")),
        updated=_to_utc(item.get("updated_parsed")),
        language=language or feed_language,
        rating=_find_rating(item, ratings),
        replies=_parse_reply_count(item.get("slash_comments") or item.get("thr_total")),
        parent_id=to_clean_text(_item_part(item, "thr_in-reply-to").get("ref")),
        app_version=to_clean_text(item.get("im_version")),
    )


def _to_utc(parsed: Any) -> datetime | None:
    """Convert a time tuple of feedparser, which is UTC whatever zone the feed wrote.

    None for None, for a date that does not exist and for an implausible year.
    """
    if parsed is None:
        return None
    try:
        seconds = calendar.timegm(parsed)
    except (OverflowError, ValueError):
        return None
    return time_from_epoch(seconds)


def _item_part(item: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the dictionary that feedparser holds under a name; {} for none."""
    part = item.get(name)
    return dict(part) if part else {}


def _entry_content(item: dict[str, Any]) -> tuple[str, Markup, object]:
    """Return (text, its markup, the language that is declared) of an item.

    The text is the full one where there is one, else the summary.
    """
    summary = item.get("summary_detail") or {"value": item.get("summary", "")}
    parts = map(dict, [*item.get("content", ()), summary])
    content = next((part for part in parts if str(part.get("value", "")).strip()), {})
    markup = Markup.TEXT if content.get("type") == "text/plain" else Markup.HTML
    declared = content.get("language") or _item_part(item, "title_detail").get("language")
    return to_clean_text(content.get("value")), markup, declared


def _entry_title(item: dict[str, Any], markup: Markup) -> str:
    """Return the title in the markup of the body: a feedback has one markup for both."""
    title = to_clean_text(item.get("title"))
    is_plain = _item_part(item, "title_detail").get("type", "text/plain") == "text/plain"
    if markup is Markup.HTML:
        return html.escape(title, quote=False) if is_plain else title
    return title if is_plain else html.unescape(_TAG.sub("", title))


def _item_author(item: dict[str, Any]) -> Author:
    detail = _item_part(item, "author_detail")
    name = detail.get("name") or ("" if detail.get("email") else item.get("author"))
    return Author(name=to_clean_text(name).strip(), id=to_http_link(detail.get("href")))


def _rating_names(rating_field: str) -> tuple[str, ...]:
    """Return the names under which feedparser may hold the rating; it writes a:b as a_b."""
    return (rating_field.replace(":", "_").lower(),) if rating_field else _RATING_NAMES


def _find_rating(item: dict[str, Any], names: Iterable[str]) -> Any:
    ratings = (parse_rating(item[name]) for name in names if isinstance(item.get(name), str))
    return next((rating for rating in ratings if rating), None)


def _parse_reply_count(value: object) -> int | None:
    number = parse_leading_number(value)
    return int(number) if number is not None and number >= 0 else None
