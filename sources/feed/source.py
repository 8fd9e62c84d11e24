"""RSS, Atom and JSON Feed."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from pydantic import Field

from monitor.domain.feedback import Feedback, Kind
from monitor.errors import SourceError, SourceUnavailable
from monitor.http import HttpResponse, redact_url
from monitor.http.response_headers import MAX_FRESHNESS
from sources._json import parse_cursor_of, to_positive_number
from sources._normalise import stable_hash, to_external_id
from sources._options import WebAddress
from sources._times import edit_time
from sources.base import Page, Source, SourceContext, SourceOptions
from sources.feed import json as json_feed
from sources.feed import xml
from sources.feed.document import FeedDocument, FeedEntry, NotAFeed

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, "
    "application/rdf+xml;q=0.8, application/xml;q=0.7, text/xml;q=0.7, */*;q=0.1"
)
#: A permanent redirect is believed after so many polls in a row.
_ADOPT_REDIRECT_AFTER = 3


class FeedOptions(SourceOptions):
    """The keys of a feed."""

    url: WebAddress = Field(repr=False)  #: the feed's address; a private feed has its secret in it
    items: Kind = Kind.POST  #: what the entries are
    language: str = ""  #: of the entries, where the feed says something else or nothing
    #: the element or key that holds stars from 1 to 5, where it is not a known one
    rating_field: str = ""


@dataclass(frozen=True, slots=True)
class _FeedCursor:
    """What the cursor holds."""

    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""  #: where the last poll was redirected permanently
    moves: int = 0  #: how many polls in a row were redirected there
    #: hash of the document that was read last; hosts without validators send it again
    read: str = ""
    ttl: float = 0.0  #: seconds that the feed asks readers to wait

    @property
    def is_redirect_adopted(self) -> bool:
        """Whether the new address is used: one wrong redirect must not lead a feed astray."""
        return bool(self.moved_to) and self.moves >= _ADOPT_REDIRECT_AFTER

    def with_response(self, fetched: HttpResponse, url: str) -> _FeedCursor:
        """Return the cursor after a response from `url`, or from the adopted address."""
        cursor = _FeedCursor(fetched.etag, fetched.last_modified, read=self.read, ttl=self.ttl)
        target = fetched.permanent_url
        if target and target != url:
            moves = self.moves + 1 if target == self.moved_to else 1
            return replace(cursor, moved_to=target, moves=moves)
        if self.is_redirect_adopted and fetched.url == self.moved_to:
            return replace(cursor, moved_to=self.moved_to, moves=self.moves)
        return cursor

    def to_text(self, url: str) -> str:
        """Return the text of the cursor, bound to the configured address."""
        held: dict[str, object] = {
            "etag": self.etag,
            "last_modified": self.last_modified,
            "feed": stable_hash(url),
        }
        if self.read:
            held |= {"read": self.read, "ttl": self.ttl}
        has_secret = redact_url(self.moved_to) != self.moved_to
        if not has_secret:  # a secret must not be stored
            held |= {"moved_to": self.moved_to, "moves": self.moves}
        return json.dumps(held)


class FeedSource(Source):
    """A feed, fetched only if it has changed and no more often than it asks for."""

    Options = FeedOptions

    def __init__(self, source_id: str, options: FeedOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._http = context.http

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield the whole feed if it changed, one empty page if not."""
        held = self._parse_cursor(cursor)
        fetched = self._fetch_feed(held)
        held = held.with_response(fetched, self._options.url)
        warnings = self._redirect_warnings(held)
        document_hash = _hash_document(fetched)
        if fetched.not_modified or document_hash == held.read:
            yield Page(
                items=(),
                cursor=held.to_text(self._options.url),
                warnings=warnings,
                wait=fetched.retry_after,
                fresh=max(fetched.fresh_seconds, held.ttl),
            )
            return
        document = self._parse_document(fetched)
        ttl = min(document.ttl, MAX_FRESHNESS)
        held = replace(held, read=document_hash, ttl=ttl)
        yield Page(
            items=self._to_feedback_items(document),
            cursor=held.to_text(self._options.url) if document.whole else "",
            warnings=warnings + document.warnings,
            wait=fetched.retry_after,
            fresh=max(fetched.fresh_seconds, ttl),
        )

    def _fetch_feed(self, held: _FeedCursor) -> HttpResponse:
        """Fetch the feed from its adopted address, else from the configured one.

        Raises SourceError.
        """
        get_feed = partial(self._http.get, accept=_ACCEPT)
        if held.is_redirect_adopted:
            try:
                return get_feed(held.moved_to, etag=held.etag, last_modified=held.last_modified)
            except SourceError:
                return get_feed(self._options.url)
        return get_feed(self._options.url, etag=held.etag, last_modified=held.last_modified)

    def _parse_document(self, fetched: HttpResponse) -> FeedDocument:
        where = redact_url(self._options.url)
        if not fetched.body.strip():
            raise SourceUnavailable(f"{where}: the answer is empty; check the address in a browser")
        is_json = fetched.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
        rating_field = self._options.rating_field
        try:
            if is_json:
                return json_feed.parse_json_feed(fetched.body, fetched.url, rating_field)
            return xml.parse_xml_feed(fetched.body, fetched.url, fetched.headers, rating_field)
        except NotAFeed as error:
            raise SourceUnavailable(
                f"{where}: the answer is {error}; check the address in a browser"
            ) from error

    def _to_feedback_items(self, document: FeedDocument) -> tuple[Feedback, ...]:
        """Convert the entries; where different pages share an id, the link is part of the id."""
        links_by_id: defaultdict[str, set[str]] = defaultdict(set)
        for entry in document.entries:
            links_by_id[entry.id].add(entry.link)
        ambiguous = {id_ for id_, links in links_by_id.items() if id_ and len(links) > 1}
        items = []
        for entry in document.entries:
            id_ = stable_hash(entry.id, entry.link) if entry.id in ambiguous else entry.id
            items.append(self._to_feedback(replace(entry, id=id_)))
        return tuple(items)

    def _to_feedback(self, entry: FeedEntry) -> Feedback:
        """Convert an entry; without an id its link identifies it, without both its text."""
        written = entry.published or entry.updated
        external_id = entry.id or entry.link or stable_hash(entry.title, str(written), entry.body)
        return Feedback(
            source_id=self._source_id,
            external_id=to_external_id(external_id),
            kind=self._options.items,
            title=entry.title,
            body=entry.body,
            markup=entry.markup,
            author=entry.author,
            created_at=written,
            edited_at=edit_time(entry.published, entry.updated),
            url=entry.link,
            parent_id=entry.parent_id,
            language=self._options.language or entry.language,
            rating=entry.rating,
            replies=entry.replies,
            app_version=entry.app_version,
        )

    def _redirect_warnings(self, held: _FeedCursor) -> tuple[str, ...]:
        if not held.moved_to:
            return ()
        return (f"the feed has moved for good; write the new address: {redact_url(held.moved_to)}",)

    def _parse_cursor(self, cursor: str) -> _FeedCursor:
        """Parse a cursor of the configured address; any other one starts afresh."""
        held = parse_cursor_of(cursor, "feed", stable_hash(self._options.url))
        moves = held.get("moves")
        return _FeedCursor(
            etag=str(held.get("etag", "")),
            last_modified=str(held.get("last_modified", "")),
            moved_to=str(held.get("moved_to", "")),
            moves=moves if isinstance(moves, int) else 0,
            read=str(held.get("read", "")),
            ttl=to_positive_number(held.get("ttl")),
        )


def _hash_document(fetched: HttpResponse) -> str:
    """Return a hash that is equal for the same document from the same address."""
    content = fetched.url.encode() + b"\0" + fetched.body
    return hashlib.blake2b(content, digest_size=16).hexdigest()
