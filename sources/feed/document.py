"""A parsed feed and its entries, whatever format it came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from monitor.domain.feedback import Author, Markup, Rating


class NotAFeed(ValueError):
    """The document cannot be read as a feed; the message completes "the answer is ..."."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry, with absolute links and text as it was written."""

    id: str = ""  #: as the feed gives it; "" when it gives none
    link: str = ""  #: http(s) or ""
    title: str = ""  #: in the same markup as the body
    body: str = ""
    markup: Markup = Markup.HTML
    author: Author = field(default_factory=Author)
    published: datetime | None = None
    updated: datetime | None = None
    language: str = ""
    rating: Rating | None = None
    replies: int | None = None
    parent_id: str = ""
    app_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """A parsed feed, as far as it could be read."""

    entries: tuple[FeedEntry, ...]
    warnings: tuple[str, ...] = ()
    whole: bool = True  #: False when something is missing, so that it should be fetched again
    ttl: float = 0.0  #: seconds that the feed asks readers to wait
