"""RSS, Atom and JSON Feed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import Field, field_validator

from monitor.errors import SourceUnavailable
from monitor.feedback import Feedback, Kind
from monitor.http import Fetched, redact_url
from monitor.http.waiting import MAX_FRESHNESS
from sources import _jsonfeed, _xmlfeed
from sources._document import Document, Entry, NotAFeed
from sources._text import digest, identity
from sources.base import Page, Source, SourceContext, SourceOptions

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, application/rdf+xml;q=0.8, "
    "application/xml;q=0.7, text/xml;q=0.7, */*;q=0.1"
)


class FeedOptions(SourceOptions):
    """The keys of a feed."""

    url: str = Field(repr=False)  #: the feed's address; a private feed has its secret in it
    items: Kind = Kind.POST  #: what the entries are
    language: str = ""  #: of the entries, where the feed says something else or nothing
    rating_field: str = ""  #: the element or key that holds stars from 1 to 5, where it is not a known one

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if not url.lower().startswith(("http://", "https://")):
            raise ValueError("an address that starts with https:// or http:// is needed")
        return url


class FeedSource(Source):
    """A feed, read politely: asked only for what changed, and not more often than it wishes."""

    Options = FeedOptions

    def __init__(self, source_id: str, options: FeedOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._http = context.http

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield the whole feed if it changed, one empty page if not."""
        known = self._validators(cursor)
        fetched = self._http.get(
            self._options.url, etag=known["etag"], last_modified=known["last_modified"], accept=_ACCEPT
        )
        moved = self._moved(fetched)
        if fetched.not_modified:
            yield Page(items=(), cursor=self._cursor(fetched), warnings=moved, wait=fetched.wait)
            return
        document = self._document(fetched)
        yield Page(
            items=self._items(document),
            cursor=self._cursor(fetched) if document.whole else "",
            warnings=moved + document.warnings,
            wait=max(fetched.wait, min(document.ttl, MAX_FRESHNESS)),
        )

    def _document(self, fetched: Fetched) -> Document:
        where = redact_url(self._options.url)
        if not fetched.body.strip():
            raise SourceUnavailable(f"{where}: the answer is empty; check the address in a browser")
        try:
            if fetched.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
                return _jsonfeed.parse(fetched.body, fetched.url, self._options.rating_field)
            return _xmlfeed.parse(fetched.body, fetched.url, fetched.headers, self._options.rating_field)
        except NotAFeed as error:
            raise SourceUnavailable(f"{where}: the answer is {error}; check the address in a browser") from error

    def _items(self, document: Document) -> tuple[Feedback, ...]:
        """The entries as feedback. An id that stands for different pages says nothing: there the page counts too."""
        pages: defaultdict[str, set[str]] = defaultdict(set)
        for entry in document.entries:
            pages[entry.id].add(entry.link)
        vague = {id_ for id_, links in pages.items() if id_ and len(links) > 1}
        return tuple(
            self._feedback(replace(entry, id=digest(entry.id, entry.link)) if entry.id in vague else entry)
            for entry in document.entries
        )

    def _feedback(self, entry: Entry) -> Feedback:
        """The entry as feedback; without an id its link is what it is known by, without both its words."""
        written = entry.published or entry.updated
        edited = entry.updated if entry.published and entry.updated and entry.updated > entry.published else None
        external_id = entry.id or entry.link or digest(entry.title, str(written), entry.body)
        return Feedback(
            source_id=self._source_id,
            external_id=identity(external_id),
            kind=self._options.items,
            title=entry.title,
            body=entry.body,
            markup=entry.markup,
            author=entry.author,
            created_at=written,
            edited_at=edited,
            url=entry.link,
            parent_id=entry.parent_id,
            language=self._options.language or entry.language,
            rating=entry.rating,
            replies=entry.replies,
            app_version=entry.app_version,
        )

    def _moved(self, fetched: Fetched) -> tuple[str, ...]:
        if not fetched.permanent_url or fetched.permanent_url == self._options.url:
            return ()
        return (f"the feed has moved for good; write the new address: {redact_url(fetched.permanent_url)}",)

    def _cursor(self, fetched: Fetched) -> str:
        validators = {"etag": fetched.etag, "last_modified": fetched.last_modified}
        return json.dumps({**validators, "feed": digest(self._options.url)})

    def _validators(self, cursor: str) -> dict[str, str]:
        """What was handed out for this very address; another address or a foreign cursor starts afresh."""
        try:
            held: Any = json.loads(cursor or "{}")
        except ValueError:
            held = {}
        if not isinstance(held, dict) or held.get("feed") != digest(self._options.url):
            held = {}
        return {name: str(held.get(name, "")) for name in ("etag", "last_modified")}
