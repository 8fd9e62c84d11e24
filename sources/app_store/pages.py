"""One page of an App Store review feed, in the JSON and in the Atom form, and how far pages were
read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from monitor.domain.feedback import Author, Markup, Rating
from monitor.domain.source_health import Gap
from sources._json import dict_or_empty
from sources._normalise import parse_leading_number, parse_rating, to_clean_text, to_http_link
from sources._times import format_minute, parse_iso_time
from sources.feed import xml
from sources.feed.document import FeedEntry

PAGE_SIZE = 50  #: reviews on a full page
MAX_PAGES = 10  #: pages that Apple shows of one storefront
OVERLAP = timedelta(days=2)  #: read again, because reviews appear late and out of order

_LINK = re.compile(rb"<link\b[^<>]{0,2000}>")
_HREF = re.compile(rb"""\bhref=["']([^"']*)["']""")
_PAGE = re.compile(r"/page=(\d{1,4})(?:/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppStoreReview:
    """One review as the feed shows it."""

    id: str
    title: str
    body: str
    markup: Markup
    author: Author
    rating: Rating
    version: str
    updated: datetime | None  #: when it was written or last edited; feeds before 2021 do not say
    votes: int | None  #: the sum of "helpful" and "not helpful"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """The reviews on one page, and what the page says about the others."""

    reviews: tuple[AppStoreReview, ...]
    last: int | None  #: the number of the last page; None where every link is empty
    full: bool
    warnings: tuple[str, ...] = ()


def parse_json_page(feed: Mapping[str, Any]) -> ReviewPage:
    """The page in the value of "feed" in the JSON form, where one entry stands alone and none
    leaves out the key.
    """
    found = feed.get("entry", [])
    entries = found if isinstance(found, list) else [found]
    read = [_parse_review(dict_or_empty(entry)) for entry in entries]
    links = feed.get("link", [])
    return ReviewPage(
        reviews=tuple(review for review in read if review),
        last=_last_page(
            _link_attributes(item) for item in (links if isinstance(links, list) else [links])
        ),
        full=len(entries) >= PAGE_SIZE,
        warnings=_skipped_entry_warnings(entries, read),
    )


def parse_atom_page(body: bytes, url: str, headers: Mapping[str, str]) -> ReviewPage:
    """The page in the Atom form. Raises NotAFeed."""
    document = xml.parse_xml_feed(body, url, headers)
    links = (
        {"rel": "last", "href": _find_href(tag)}
        for tag in _LINK.findall(body)
        if re.search(rb"rel=[\"']last", tag)
    )
    return ReviewPage(
        reviews=tuple(
            _review_from_atom(entry, entry.rating)
            for entry in document.entries
            if entry.id and entry.rating
        ),
        last=_last_page(links),
        full=len(document.entries) >= PAGE_SIZE,
        warnings=document.warnings,
    )


def _parse_review(entry: Mapping[str, Any]) -> AppStoreReview | None:
    """The review in an entry; None for the entry about the app itself, which has no stars, and for
    a broken one.
    """
    author, stars, id_ = (
        dict_or_empty(entry.get("author")),
        parse_rating(_label_text(entry, "im:rating")),
        _label_text(entry, "id"),
    )
    if stars is None or not id_:
        return None
    votes = parse_leading_number(_label_text(entry, "im:voteSum"))
    return AppStoreReview(
        id=id_,
        title=_label_text(entry, "title"),
        body=_label_text(entry, "content"),
        markup=Markup.TEXT,
        author=Author(
            name=_label_text(author, "name"), id=to_http_link(_label_text(author, "uri"))
        ),
        rating=stars,
        version=_label_text(entry, "im:version"),
        updated=parse_iso_time(_label_text(entry, "updated")),
        votes=None if votes is None else int(votes),
    )


def _review_from_atom(entry: FeedEntry, stars: Rating) -> AppStoreReview:
    return AppStoreReview(
        id=entry.id.rpartition("/")[2],  # feedparser takes a bare number for a relative address
        title=entry.title,
        body=entry.body,
        markup=entry.markup,
        author=entry.author,
        rating=stars,
        version=entry.app_version,
        updated=entry.updated,
        votes=None,
    )


def _label_text(values: Mapping[str, Any], name: str) -> str:
    """The text of a value, which Apple wraps in a table of its own."""
    value = values.get(name)
    return to_clean_text(value.get("label") if isinstance(value, dict) else value).strip()


def _link_attributes(item: object) -> Mapping[str, Any]:
    return dict_or_empty(dict_or_empty(item).get("attributes"))


def _find_href(tag: bytes) -> str:
    found = _HREF.search(tag)
    return found[1].decode("utf-8", "replace") if found else ""


def _last_page(links: Any) -> int | None:
    """The page that the link to the last one leads to, from its path: its query names another
    page.
    """
    paths = (
        urlsplit(to_clean_text(item.get("href"))).path
        for item in links
        if item.get("rel") == "last"
    )
    found = [int(match[1]) for path in paths if (match := _PAGE.search(path))]
    return max(found, default=None)


def _skipped_entry_warnings(
    entries: list[Any], read: list[AppStoreReview | None]
) -> tuple[str, ...]:
    """Warnings for entries with a rating that could not be read all the same."""
    broken = [
        position
        for position, (entry, review) in enumerate(zip(entries, read, strict=True), start=1)
        if review is None and (not isinstance(entry, dict) or "im:rating" in entry)
    ]
    return tuple(
        f"entry {position} was skipped: no id, or no rating from 1 to 5" for position in broken
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StorefrontProgress:
    """How far the pages of one storefront were read, from the newest review on; times are seconds
    since 1970.
    """

    known: float = 0.0  #: the newest review of the last walk without a hole; 0 before the first
    pages: int = 0
    last: int = 1  #: the last page that is known to exist
    full: bool = False  #: the page read last was full
    newest: float = 0.0
    oldest: float = math.inf
    holes: tuple[int, ...] = ()  #: pages that came blank although reviews belong there
    reached: bool = False  #: a whole page lies before what was known

    def with_page(self, page: ReviewPage) -> StorefrontProgress:
        """The walk with its next page read."""
        read = self.pages + 1
        shown = read if page.reviews else 0
        likely_last = read + 1 if page.full else shown
        last = max(self.last, page.last or likely_last)
        times = [review.updated.timestamp() for review in page.reviews if review.updated]
        dated = bool(times) and len(times) == len(page.reviews)
        missing = not page.reviews and read <= last and bool(self.known or last > 1)
        return replace(
            self,
            pages=read,
            last=last,
            full=page.full,
            newest=max([self.newest, *times]),
            oldest=min([self.oldest, *times]),
            holes=(*self.holes, read) if missing else self.holes,
            reached=dated
            and bool(self.known)
            and max(times) < self.known - OVERLAP.total_seconds(),
        )

    @property
    def is_done(self) -> bool:
        """Whether no page is left that may hold something new."""
        return self.reached or self.pages >= min(self.last, MAX_PAGES)

    @property
    def is_complete(self) -> bool:
        """Whether everything new was read, as far as Apple shows it."""
        return self.is_done and not self.holes

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know once the walk is done."""
        told = []
        if self.holes:
            numbers = ", ".join(map(str, self.holes))
            told.append(
                f"page {numbers} came blank although there are reviews; all is read again next time"
            )
        if self._has_coverage_gap:
            start, end = _format_epoch(self.known), _format_epoch(self.oldest)
            told.append(f"coverage lost from {start} to {end} UTC: Apple shows no more")
        return tuple(told)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The time from which reviews are missing for good, once the walk is done."""
        if not self._has_coverage_gap or not math.isfinite(self.oldest):
            return ()
        start, end = (datetime.fromtimestamp(time, UTC) for time in (self.known, self.oldest))
        return (Gap(start, end, "Apple shows no more reviews"),)

    @property
    def _has_coverage_gap(self) -> bool:
        return bool(self.known) and not self.reached and self.full and self.pages >= MAX_PAGES


def _format_epoch(time: float) -> str:
    return (
        format_minute(datetime.fromtimestamp(time, UTC))
        if math.isfinite(time)
        else "an unknown time"
    )
