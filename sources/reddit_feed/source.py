"""Reddit without a key: the feeds that it publishes of subreddits and searches.

A feed shows the newest items only, and without a token Reddit answers about one request a minute.
So each poll makes one request: posts and comments take turns, and what one page does not reach is
read page by page in the next polls.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from pydantic import Field, model_validator

from monitor.domain.feedback import Feedback
from monitor.domain.source_health import Gap
from monitor.errors import SourceError, SourceRefused, SourceUnavailable
from monitor.http import HttpResponse, redact_url
from sources._json import dict_or_empty, parse_cursor_of, to_positive_number
from sources._normalise import stable_hash, to_clean_text
from sources._options import SubredditName
from sources._times import format_utc_interval
from sources.base import Page, Source, SourceContext, SourceOptions
from sources.feed import xml
from sources.feed.document import FeedDocument, NotAFeed
from sources.reddit_feed.entry import feedback_from_entry

PAUSE = 60.0  #: seconds between two requests without a token
PAGE_SIZE = 100  #: asked for; Reddit gives 25 where it does not listen
FEWEST = 25  #: the fewest items of a full page; a listing that ends before was read completely
DEPTH = 900  #: items after which a reading stops; what lies behind is a gap
OVERLAP = 600.0  #: seconds that are read again, because items arrive late and out of order
SEARCH_OVERLAP = 3_600.0  #: the same for searches, whose index lags
PAGES = 10  #: the most pages of one listing in one poll with a token


class RedditFeedOptions(SourceOptions):
    """The keys of a source that reads Reddit's feeds."""

    #: without r/; all of Reddit for a query that names none
    subreddits: tuple[SubredditName, ...] = ()
    query: str = ""  #: posts that this search finds instead of all posts
    #: whether comments are read too: all of the subreddits' comments, in turn with posts
    comments: bool = False
    user: str = ""  #: the account whose private feed token is in REDDIT_FEED_TOKEN
    #: where the feeds are; for tests
    base_url: str = Field(default="https://www.reddit.com", repr=False)

    @model_validator(mode="after")
    def _check_listings(self) -> Self:
        if not self.subreddits and not self.query:
            raise ValueError("subreddits or a query is needed")
        if self.comments and not self.subreddits:
            raise ValueError("comments need subreddits; a search finds posts only")
        return self

    @property
    def listings(self) -> tuple[str, ...]:
        """The listings to read: "posts" and "comments"."""
        return ("posts", "comments") if self.comments else ("posts",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingProgress:
    """How far one listing was read, from its newest item on; times in seconds since 1970."""

    known: float = 0.0  #: the newest item of the last complete reading; 0 before the first
    newest: float = 0.0  #: the newest item of this reading
    after: str = ""  #: fullname of the item after which this reading goes on; "" for a new one
    oldest: float = 0.0  #: the item that was read last
    count: int = 0  #: items of this reading so far
    blanks: int = 0  #: pages without items in this reading

    def with_page(
        self, items: list[Feedback], now: float, overlap: float
    ) -> tuple[ListingProgress, Gap | None]:
        """Return (the reading after another page, the gap that it leaves or None).

        The first contact reads one page.
        """
        times = [item.created_at.timestamp() for item in items if item.created_at]
        newest = max([self.newest, self.known, *(min(time, now) for time in times)])
        if not items and self.after and not self.blanks:
            # The item before was deleted, the page is missing for once, or the listing ends: read
            # once more from the top.
            return ListingProgress(known=self.known, newest=newest, blanks=1), None
        count = self.count + len(items)
        oldest = times[-1] if times else self.oldest
        # Single old items turn up anywhere, so that the last three must be old.
        reached = bool(times) and all(time < self.known - overlap for time in times[-3:])
        if self.known and items and not reached and count < DEPTH:
            after = items[-1].external_id
            return replace(self, newest=newest, oldest=oldest, count=count, after=after), None
        has_gap = 0 < self.known < oldest and not reached and count >= FEWEST
        gap = _feed_gap(self.known, oldest) if has_gap else None
        return ListingProgress(known=newest), gap


@dataclass(frozen=True, slots=True)
class _RedditFeedCursor:
    """What the cursor holds; times in seconds since 1970."""

    readings: dict[str, ListingProgress]  #: by listing
    turn: str  #: the listing to read next
    asked: float  #: when Reddit was asked last; 0 for never


class RedditFeedSource(Source):
    """Posts and comments from Reddit's feeds; one request a minute without a private token."""

    Options = RedditFeedOptions
    space = "reddit"

    def __init__(self, source_id: str, options: RedditFeedOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._http = context.http
        self._token = context.secrets.reddit_feed_token
        self._stopping = context.stopping

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield one page of the listing whose turn it is; with a token, all pages of all listings.

        Within a minute of the last request without a token, the page is empty.
        """
        state = self._parse_cursor(cursor)
        if self._has_private_token:
            yield from self._read_all_listings(state, now)
            return
        rest = PAUSE - (now.timestamp() - state.asked)
        if state.asked and 0 < rest <= PAUSE:
            yield Page(items=(), cursor=cursor, wait=rest)
            return
        yield self._read_next_page(state, now)

    @property
    def _has_private_token(self) -> bool:
        return bool(self._options.user and self._token.get_secret_value())

    def _read_all_listings(self, state: _RedditFeedCursor, now: datetime) -> Iterator[Page]:
        for listing in self._options.listings:
            for _ in range(PAGES):
                state = replace(state, turn=listing)
                page = self._read_next_page(state, now)
                state = self._parse_cursor(page.cursor)
                yield page
                if self._stopping():
                    return
                if not state.readings.get(listing, ListingProgress()).after:
                    break

    def _read_next_page(self, state: _RedditFeedCursor, now: datetime) -> Page:
        """Fetch the next page of the listing whose turn it is."""
        listing = state.turn
        reading = state.readings.get(listing, ListingProgress())
        fetched = self._fetch_listing(listing, reading.after)
        document = self._parse_document(fetched)
        found = (feedback_from_entry(self._source_id, entry) for entry in document.entries)
        items = [item for item in found if item]
        is_search = bool(self._options.query) and listing == "posts"
        overlap = SEARCH_OVERLAP if is_search else OVERLAP
        reading, gap = reading.with_page(items, now.timestamp(), overlap)
        gaps = (replace(gap, reason=f"{listing}: {gap.reason}"),) if gap else ()
        pause = 0.0 if self._has_private_token else PAUSE
        return Page(
            items=tuple(items),
            cursor=self._build_cursor({**state.readings, listing: reading}, listing, now),
            warnings=document.warnings + tuple(gap.reason for gap in gaps),
            wait=max(fetched.retry_after, pause),
            gaps=gaps,
        )

    def _fetch_listing(self, listing: str, after: str) -> HttpResponse:
        """Fetch a page of a listing; `after` is a fullname, "" for the first page.

        Raises SourceError.
        """
        try:
            fetched = self._http.get(
                self._listing_url(listing, after),
                accept="application/atom+xml, application/rss+xml",
            )
        except SourceUnavailable as error:
            if self._has_private_token:
                raise
            raise SourceUnavailable(str(error), max(error.retry_after or 0.0, PAUSE)) from error
        except SourceRefused as error:
            raise self._explain_error(error) from error
        if "/subreddits/search" in urlsplit(fetched.url).path:
            raise SourceRefused(
                f"Reddit knows no subreddit {self._joined_subreddits}; check [[sources]] subreddits"
            )
        return fetched

    def _parse_document(self, fetched: HttpResponse) -> FeedDocument:
        where = redact_url(fetched.url)[:300]
        try:
            return xml.parse_xml_feed(fetched.body, fetched.url, fetched.headers)
        except NotAFeed as error:
            raise SourceUnavailable(
                f"{where}: the answer is {error}; Reddit may block this address", PAUSE
            ) from error

    def _listing_url(self, listing: str, after: str) -> str:
        place = f"/r/{self._joined_subreddits}" if self._options.subreddits else ""
        params = {"limit": str(PAGE_SIZE)}
        if after:
            params["after"] = after
        if listing == "comments":
            path = f"{place}/comments/.rss"
        elif self._options.query:
            path = f"{place}/search.rss"
            params |= {"q": self._options.query, "sort": "new"}
            if place:
                params["restrict_sr"] = "on"
        else:
            path = f"{place}/new/.rss"
        if self._has_private_token:
            params |= {"feed": self._token.get_secret_value(), "user": self._options.user}
        return f"{self._options.base_url.rstrip('/')}{path}?{urlencode(params)}"

    @property
    def _joined_subreddits(self) -> str:
        return "+".join(self._options.subreddits)

    def _explain_error(self, error: SourceError) -> SourceRefused:
        """Convert a refusal to one that says what to do."""
        place = f"r/{self._joined_subreddits}" if self._options.subreddits else "the search"
        match error.status:
            case 403 if self._has_private_token:
                return SourceRefused(
                    f"Reddit forbids reading {place} (403); check that it is public, user and token"
                )
            case 403:
                return SourceRefused(
                    f"Reddit forbids reading {place} (403): it is private, or the address of this "
                    "machine is blocked; set user and REDDIT_FEED_TOKEN"
                )
            case 404:
                return SourceRefused(f"Reddit has no {place} (404): it is banned, gone or misspelt")
        return SourceRefused(str(error))

    def _parse_cursor(self, cursor: str) -> _RedditFeedCursor:
        held = parse_cursor_of(cursor, "place", self._cursor_key)
        listings = self._options.listings
        readings = {
            listing: _parse_listing_progress(dict_or_empty(reading))
            for listing, reading in dict_or_empty(held.get("readings")).items()
        }
        last = held.get("last")
        turn = listings[0]
        if last in listings:
            turn = listings[(listings.index(last) + 1) % len(listings)]
        return _RedditFeedCursor(readings, turn, to_positive_number(held.get("asked")))

    def _build_cursor(self, readings: dict[str, ListingProgress], last: str, now: datetime) -> str:
        held = {name: asdict(reading) for name, reading in readings.items()}
        return json.dumps(
            {"place": self._cursor_key, "readings": held, "last": last, "asked": now.timestamp()}
        )

    @property
    def _cursor_key(self) -> str:
        """Hash of the subreddits and the query: others start afresh."""
        return stable_hash(self._joined_subreddits, self._options.query)


def _parse_listing_progress(held: dict[str, Any]) -> ListingProgress:
    return ListingProgress(
        known=to_positive_number(held.get("known")),
        newest=to_positive_number(held.get("newest")),
        after=to_clean_text(held.get("after")),
        oldest=to_positive_number(held.get("oldest")),
        count=int(to_positive_number(held.get("count"))),
        blanks=int(to_positive_number(held.get("blanks"))),
    )


def _feed_gap(known: float, oldest: float) -> Gap:
    """Return the gap between two times in seconds since 1970."""
    start, end = (datetime.fromtimestamp(time, UTC) for time in (known, oldest))
    return Gap(start, end, f"coverage gap {format_utc_interval(start, end)}: Reddit shows no more")
