"""RSS and Atom through feedparser, which is given bytes and never fetches."""

from __future__ import annotations

import calendar
import html
import io
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser

from monitor.feedback import Author, Markup
from sources._document import Document, Entry, NotAFeed
from sources._text import clean, language, link, number, plausible, rating

#: What feedparser calls malformed although nothing is missing: a wrong or absent declaration.
_HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
#: Names under which feedparser hands over the stars of the review namespaces.
_RATINGS = ("im_rating", "review_rating", "r_rating", "g_rating", "rating")
_TAG = re.compile(r"<[^<>]{1,500}>")
_CHARACTER_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")


def parse(body: bytes, base: str, headers: Mapping[str, str], rating_field: str = "") -> Document:
    """The feed in `body`; relative links are resolved against xml:base, then `base`. Raises NotAFeed."""
    parsed = _parsed(body, {"content-location": base, **_told(headers)})
    if not parsed.get("version"):
        raise NotAFeed("a web page, perhaps to log in, not a feed" if _is_html(body, headers) else "not a feed")
    entries, warnings = [], []
    for position, item in enumerate(parsed.entries, start=1):
        try:
            entries.append(_entry(item, parsed.feed, base, rating_field))
        except (TypeError, ValueError, AttributeError, KeyError, OverflowError) as error:
            warnings.append(f"entry {position} was skipped: {error}")
    fault: Any = parsed.get("bozo_exception") if parsed.bozo else None
    whole = fault is None or isinstance(fault, _HARMLESS)
    if not whole:
        where = f" at line {fault.getLineNumber()}" if hasattr(fault, "getLineNumber") else ""
        warnings.append(f"the feed is malformed{where}; what could be read was kept")
    ttl = (number(parsed.feed.get("ttl")) or 0.0) * 60
    return Document(entries=tuple(entries), warnings=tuple(warnings), whole=whole, ttl=max(ttl, 0.0))


def _told(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in ("content-type", "content-language") if name in headers}


def _parsed(body: bytes, headers: Mapping[str, str]) -> Any:
    """What feedparser makes of the body; once more without impossible characters where it fails on them."""
    for attempt in (body, _CHARACTER_REFERENCE.sub(_possible, body.replace(b"\x00", b""))):
        try:
            return feedparser.parse(
                io.BytesIO(attempt), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
            )
        except Exception as error:  # noqa: BLE001 (hostile input raises anything in there)
            failure = type(error).__name__
    raise NotAFeed(f"not readable as a feed ({failure})")


def _possible(reference: re.Match[bytes]) -> bytes:
    point = int(reference[1], 16) if reference[1] else int(reference[2][:9])
    return reference[0] if 0 < point < 0xD800 or 0xDFFF < point < 0x110000 else b"&#xFFFD;"


def _is_html(body: bytes, headers: Mapping[str, str]) -> bool:
    start = body[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" in headers.get("content-type", "") or start.startswith((b"<!doctype html", b"<html"))


def _entry(item: Any, feed: Any, base: str, rating_field: str) -> Entry:
    body, markup, declared = _content(item)
    return Entry(
        id=clean(item.get("id")),
        link=link(item.get("link"), base),
        title=_title(item, markup),
        body=body,
        markup=markup,
        author=_author(item),
        published=_time(item.get("published_parsed")),
        updated=_time(
            dict.get(item, "updated_parsed")
        ),  # item.get() would give the other date where this one is missing
        language=language(declared) or language(feed.get("language")),
        rating=_rating(item, rating_field),
        replies=_count(item.get("slash_comments") or item.get("thr_total")),
        parent_id=clean((item.get("thr_in-reply-to") or {}).get("ref")),
        app_version=clean(item.get("im_version")),
    )


def _content(item: Any) -> tuple[str, Markup, object]:
    """The full text where there is one, else the summary; how it is written, and in which declared language."""
    parts = [*item.get("content", ()), item.get("summary_detail") or {"value": item.get("summary", "")}]
    found: Mapping[str, Any] = next((part for part in parts if str(part.get("value", "")).strip()), {})
    markup = Markup.TEXT if found.get("type") == "text/plain" else Markup.HTML
    declared = found.get("language") or (item.get("title_detail") or {}).get("language")
    return clean(found.get("value")), markup, declared


def _title(item: Any, markup: Markup) -> str:
    """The title in the markup of the body, because a feedback has one markup for both."""
    title, kind = clean(item.get("title")), (item.get("title_detail") or {}).get("type", "text/plain")
    if markup is Markup.HTML:
        return html.escape(title, quote=False) if kind == "text/plain" else title
    return title if kind == "text/plain" else html.unescape(_TAG.sub("", title))


def _author(item: Any) -> Author:
    detail = item.get("author_detail") or {}
    name = detail.get("name") or ("" if detail.get("email") else item.get("author"))
    return Author(name=clean(name).strip(), id=link(detail.get("href")))


def _rating(item: Any, rating_field: str) -> Any:
    names = (rating_field.replace(":", "_").lower(),) if rating_field else _RATINGS
    found = (rating(item.get(name)) for name in names if isinstance(item.get(name), str))
    return next((value for value in found if value), None)


def _count(value: object) -> int | None:
    found = number(value)
    return int(found) if found is not None and found >= 0 else None


def _time(parsed: time.struct_time | None) -> datetime | None:
    """feedparser's times are UTC, whatever zone the feed wrote."""
    if parsed is None:
        return None
    try:
        return plausible(datetime.fromtimestamp(calendar.timegm(parsed), UTC))
    except (OverflowError, ValueError, OSError):
        return None
