"""Parse a page of an App Store review feed, JSON or Atom, and track how far pages were read."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
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

_LINK_TAG = re.compile(rb"<link\b[^<>]{0,2000}>")
_REL_LAST = re.compile(rb"rel=[\"']last")
_HREF = re.compile(rb"""\bhref=["']([^"']*)["']""")
_PAGE_IN_PATH = re.compile(r"/page=(\d{1,4})(?:/|$)")


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
    """The reviews on one page, and what it says about further pages."""

    reviews: tuple[AppStoreReview, ...]
    last: int | None  #: the number of the last page; None where every link is empty
    full: bool  #: it holds as many reviews as a page can
    warnings: tuple[str, ...] = ()


def parse_json_page(feed: Mapping[str, Any]) -> ReviewPage:
    """Parse the value of "feed" in the JSON form of a page."""
    entries = _as_list(feed.get("entry", []))
    parsed = [_parse_review(dict_or_empty(entry)) for entry in entries]
    links = [_link_attributes(link) for link in _as_list(feed.get("link", []))]
    return ReviewPage(
        reviews=tuple(review for review in parsed if review),
        last=_last_page(links),
        full=len(entries) >= PAGE_SIZE,
        warnings=_skipped_entry_warnings(entries, parsed),
    )


def parse_atom_page(body: bytes, url: str, headers: Mapping[str, str]) -> ReviewPage:
    """Parse the Atom form of a page. Raises NotAFeed."""
    document = xml.parse_xml_feed(body, url, headers)
    last_tags = [tag for tag in _LINK_TAG.findall(body) if _REL_LAST.search(tag)]
    links = [{"rel": "last", "href": _find_href(tag)} for tag in last_tags]
    reviews = [
        _review_from_atom(entry, entry.rating)
        for entry in document.entries
        if entry.id and entry.rating
    ]
    return ReviewPage(
        reviews=tuple(reviews),
        last=_last_page(links),
        full=len(document.entries) >= PAGE_SIZE,
        warnings=document.warnings,
    )


def _parse_review(entry: Mapping[str, Any]) -> AppStoreReview | None:
    """Convert an entry; None for the one about the app itself, which has no rating.

    None also for an entry without an id or with an impossible rating.
    """
    author = dict_or_empty(entry.get("author"))
    rating = parse_rating(_label_text(entry, "im:rating"))
    id_ = _label_text(entry, "id")
    if rating is None or not id_:
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
        rating=rating,
        version=_label_text(entry, "im:version"),
        updated=parse_iso_time(_label_text(entry, "updated")),
        votes=None if votes is None else int(votes),
    )


def _review_from_atom(entry: FeedEntry, rating: Rating) -> AppStoreReview:
    return AppStoreReview(
        id=entry.id.rpartition("/")[2],  # feedparser takes a bare number for a relative address
        title=entry.title,
        body=entry.body,
        markup=entry.markup,
        author=entry.author,
        rating=rating,
        version=entry.app_version,
        updated=entry.updated,
        votes=None,
    )


def _as_list(value: Any) -> list[Any]:
    """Return a list as it is, anything else as a list of one: Apple writes a single entry bare."""
    return value if isinstance(value, list) else [value]


def _label_text(values: Mapping[str, Any], name: str) -> str:
    """Return the text of a value, which Apple wraps in {"label": ...}; "" for none."""
    value = values.get(name)
    return to_clean_text(value.get("label") if isinstance(value, dict) else value).strip()


def _link_attributes(link: object) -> Mapping[str, Any]:
    return dict_or_empty(dict_or_empty(link).get("attributes"))


def _find_href(tag: bytes) -> str:
    found = _HREF.search(tag)
    return found[1].decode("utf-8", "replace") if found else ""


def _last_page(links: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the number of the page that a "last" link leads to; None where no link tells.

    It is that of the path: the query of the link names another page.
    """
    urls = [to_clean_text(link.get("href")) for link in links if link.get("rel") == "last"]
    matches = [_PAGE_IN_PATH.search(urlsplit(url).path) for url in urls]
    return max((int(match[1]) for match in matches if match), default=None)


def _skipped_entry_warnings(
    entries: list[Any], parsed: list[AppStoreReview | None]
) -> tuple[str, ...]:
    """Word a warning for each entry that has a rating and still could not be parsed."""
    broken = [
        position
        for position, (entry, review) in enumerate(zip(entries, parsed, strict=True), start=1)
        if review is None and (not isinstance(entry, dict) or "im:rating" in entry)
    ]
    return tuple(
        f"entry {position} was skipped: no id, or no rating from 1 to 5" for position in broken
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StorefrontProgress:
    """How far one storefront was read, from its newest review on; times in seconds since 1970."""

    known: float = 0.0  #: the newest review of the last complete reading; 0 before the first
    pages: int = 0  #: pages of this reading so far
    last: int = 1  #: the last page that is known to exist
    full: bool = False  #: the page read last was full
    newest: float = 0.0  #: the newest review of this reading
    oldest: float = math.inf  #: the oldest review of this reading
    holes: tuple[int, ...] = ()  #: pages that came blank although reviews belong there
    reached: bool = False  #: a whole page is older than `known`, the overlap subtracted

    def with_page(self, page: ReviewPage) -> StorefrontProgress:
        """Return the progress after the next page."""
        number = self.pages + 1
        last_shown = number if page.reviews else 0
        likely_last = number + 1 if page.full else last_shown
        last = max(self.last, page.last or likely_last)
        times = [review.updated.timestamp() for review in page.reviews if review.updated]
        all_dated = bool(times) and len(times) == len(page.reviews)
        is_hole = not page.reviews and number <= last and bool(self.known or last > 1)
        floor = self.known - OVERLAP.total_seconds()
        return replace(
            self,
            pages=number,
            last=last,
            full=page.full,
            newest=max([self.newest, *times]),
            oldest=min([self.oldest, *times]),
            holes=(*self.holes, number) if is_hole else self.holes,
            reached=bool(self.known) and all_dated and max(times) < floor,
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
        """The warnings about a reading that is done."""
        warnings = []
        if self.holes:
            numbers = ", ".join(map(str, self.holes))
            warnings.append(
                f"page {numbers} came blank although there are reviews; all is read again next time"
            )
        if self._has_coverage_gap:
            start, end = _format_epoch(self.known), _format_epoch(self.oldest)
            warnings.append(f"coverage lost from {start} to {end} UTC: Apple shows no more")
        return tuple(warnings)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The time of which reviews are missing for good; ask once the reading is done."""
        if not self._has_coverage_gap or not math.isfinite(self.oldest):
            return ()
        start, end = (datetime.fromtimestamp(time, UTC) for time in (self.known, self.oldest))
        return (Gap(start, end, "Apple shows no more reviews"),)

    @property
    def _has_coverage_gap(self) -> bool:
        return bool(self.known) and not self.reached and self.full and self.pages >= MAX_PAGES


def _format_epoch(time: float) -> str:
    if not math.isfinite(time):
        return "an unknown time"
    return format_minute(datetime.fromtimestamp(time, UTC))
