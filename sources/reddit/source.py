"""Reddit through PRAW: the newest posts and comments of subreddits, or the hits of a search.

Listings are read without `before`: Reddit answers it with an empty page once the item before was
deleted, and with stale pages. Each poll reads newest first until ten minutes before the newest
known item, or to the end of what Reddit shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Annotated, Any, Self, TypeVar

import prawcore
from pydantic import Field, model_validator

from monitor import __version__
from monitor.domain.feedback import Feedback
from monitor.errors import SourceUnavailable, SourceUncertain
from sources._json import to_positive_number
from sources._normalise import has_same_words
from sources._options import SubredditName
from sources.base import (
    Page,
    PublishedReply,
    Recheckable,
    ReplyingSource,
    Source,
    SourceContext,
    SourceOptions,
)
from sources.reddit.connection import RedditConnection, can_log_in, reddit_rate_limit_error
from sources.reddit.errors import PRAW_FAILURES, explain_read_error, explain_reply_error
from sources.reddit.listing import (
    broken_listing_warning,
    listing_gap,
    parse_reddit_cursor,
    reaches_back_to,
)
from sources.reddit.things import (
    SITE,
    deleted_feedback,
    feedback_from_thing,
    is_fullname,
    parse_listing,
    reply_from_comment,
)

PAGE_SIZE = 100  #: the most items that Reddit returns at once
DEPTH = 1_000  #: about how far a listing goes back
#: a listing that ends after so many items was cut off; the difference is for deleted ones
NEARLY_ALL = 900
OVERLAP = 600.0  #: seconds that are read again, because items arrive late and out of order

_PAGE_SIZE_SPREAD = 30  # page sizes from 100 to 71: an unusual one is not answered from a cache
#: So many items do not vanish at once: it is a blank response, or the subreddit went private.
_MAX_VANISHED_AT_ONCE = 10
_MAX_CLOCK_SKEW = timedelta(minutes=2)  #: how far Reddit's clock may be behind ours

AnswerT = TypeVar("AnswerT")


class RedditOptions(SourceOptions):
    """The keys of a Reddit source."""

    #: without r/; all of Reddit for a query that names none
    subreddits: tuple[SubredditName, ...] = ()
    #: posts that this search finds, in Reddit's own query language, instead of all posts
    query: str = ""
    posts: bool = True  #: whether posts are read
    #: whether comments are read: all of the subreddits' comments, since none can be searched
    comments: bool = True
    reddit_url: str = SITE  #: where access is granted
    oauth_url: str = "https://oauth.reddit.com"  #: where listings are read
    #: who is asking
    user_agent: Annotated[str, Field(min_length=7)] = f"python:repwatch:{__version__} (self-hosted)"

    @model_validator(mode="after")
    def _check_listings(self) -> Self:
        if not self.subreddits and not self.query:
            raise ValueError("subreddits or a query is needed")
        if not self.listings:
            raise ValueError(
                "posts or comments must be true; comments need subreddits, a search finds posts "
                "only"
            )
        return self

    @property
    def listings(self) -> tuple[str, ...]:
        """The listings to read: "posts" and "comments"."""
        wanted = {"posts": self.posts, "comments": self.comments and bool(self.subreddits)}
        return tuple(listing for listing, is_wanted in wanted.items() if is_wanted)


class RedditSource(Source, Recheckable, ReplyingSource):
    """Posts and comments, read as an application; replies are published as an account."""

    Options = RedditOptions
    space = "reddit"
    max_reply_length = 10_000  #: Reddit's limit for a comment

    def __init__(self, source_id: str, options: RedditOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._secrets = context.secrets
        self._stopping = context.stopping
        self._place = "+".join(options.subreddits) or "all"
        self._connection: RedditConnection | None = None
        self._rest_until: datetime | None = None

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield each listing's pages, newest first.

        The cursor of a listing moves on once it was read to the known items or to its end.
        """
        state = parse_reddit_cursor(cursor)
        tick = int(state.get("tick", 0)) + 1
        state["tick"] = tick
        page_size = PAGE_SIZE - tick % _PAGE_SIZE_SPREAD
        try:
            for listing in self._options.listings:
                yield from self._read_listing(listing, state, page_size, now)
                if self._stopping():
                    return
        finally:
            if self._connection:
                self._connection.close()

    def recheck(self, external_ids: Sequence[str], now: datetime) -> Iterator[Page]:
        """Yield these items as they are now, a page for each request of 100.

        An item is deleted if Reddit shows it without its text or its author, or not at all when
        asked twice. Uses a connection of its own, since it may run beside `collect`.
        """
        names = list(dict.fromkeys(name for name in external_ids if is_fullname(name)))
        connection = self._open_connection() if names else None
        try:
            for start in range(0, len(names), PAGE_SIZE):
                if connection is None or self._stopping():
                    return
                items = self._fetch_current_items(connection, names[start : start + PAGE_SIZE], now)
                yield Page(items=items, cursor="", wait=connection.seconds_to_rest)
        finally:
            if connection:
                connection.close()

    @property
    def can_reply(self) -> bool:
        """Whether REDDIT_REFRESH_TOKEN, or REDDIT_USERNAME and REDDIT_PASSWORD, are set."""
        return can_log_in(self._secrets)

    @property
    def account(self) -> str:
        """REDDIT_USERNAME."""
        return self._secrets.reddit_username.get_secret_value()

    def publish_reply(self, feedback: Feedback, text: str) -> PublishedReply:
        """Publish the reply as a comment below a post or comment."""
        with closing(self._open_connection(account=True)) as connection:
            try:
                return reply_from_comment(connection.publish_comment(feedback.external_id, text))
            except (prawcore.ResponseException, prawcore.OAuthException) as error:
                raise explain_reply_error(error, self._place) from error
            except PRAW_FAILURES as error:
                raise SourceUncertain(
                    f"PRAW stumbled ({type(error).__name__}); the comment may be there"
                ) from error

    def find_reply(self, feedback: Feedback, text: str, since: datetime) -> PublishedReply | None:
        """Look through the account's own comments, back to `since`."""
        floor = (since - _MAX_CLOCK_SKEW).timestamp()
        with closing(self._open_connection(account=True)) as connection:
            try:
                for comment in connection.list_comments_by(connection.get_account_name()):
                    if float(comment.get("created_utc") or 0) < floor:
                        return None
                    if comment.get("parent_id") == feedback.external_id and has_same_words(
                        comment.get("body"), text
                    ):
                        return reply_from_comment(comment)
            except PRAW_FAILURES as error:
                raise explain_reply_error(error, self._place) from error
        return None

    def _fetch_current_items(
        self, connection: RedditConnection, names: Sequence[str], now: datetime
    ) -> tuple[Feedback, ...]:
        current = self._fetch_items_by_name(connection, names, now)
        missing = [name for name in names if name not in current]
        if missing:
            current |= self._fetch_items_by_name(connection, missing, now)
        if not current and len(names) >= _MAX_VANISHED_AT_ONCE:
            raise SourceUnavailable(
                f"Reddit shows none of {len(names)} known items; none was taken for deleted"
            )
        return tuple(current.get(name) or deleted_feedback(self._source_id, name) for name in names)

    def _fetch_items_by_name(
        self, connection: RedditConnection, names: Sequence[str], now: datetime
    ) -> dict[str, Feedback]:
        """Fetch the items of these fullnames that Reddit shows, by fullname."""
        answer = self._send_within_limit(
            connection, lambda: connection.get_items_by_name(names), now
        )
        things, _ = parse_listing(answer)
        shown = [feedback_from_thing(self._source_id, thing) for thing in things]
        return {item.external_id: item for item in shown}

    def _read_listing(
        self, listing: str, state: dict[str, float], page_size: int, now: datetime
    ) -> Iterator[Page]:
        """Yield a listing from its newest item back to the known ones, then set `state[listing]`.

        It is also set at the end of what Reddit shows: what came before is lost. An empty page in
        the middle is not the end: the item to go on from has vanished, or the response is blank.
        The next poll then reads from the top again.
        """
        known = state.get(listing) or None  # nothing is known of a listing that was empty
        newest, oldest, after, read = known or 0.0, now.timestamp(), "", 0
        while True:
            things, following = self._fetch_page(listing, after, page_size, now)
            times = [at for thing in things if (at := to_positive_number(thing.get("created_utc")))]
            newest = max([newest, *times])
            oldest = min([oldest, *times])
            read += len(things)
            caught_up = known is not None and reaches_back_to(times, known - OVERLAP)
            done = caught_up or not following or read >= DEPTH
            broke_off = bool(after) and not things and read < NEARLY_ALL
            if done and not broke_off:
                state[listing] = min(newest, now.timestamp())
            gaps, warnings = [], []
            was_cut_off = done and not caught_up and read >= NEARLY_ALL
            if known is not None and was_cut_off:
                gaps.append(listing_gap(listing, known, oldest))
                warnings.append(gaps[0].reason)
            if broke_off:
                warnings.append(broken_listing_warning(listing, oldest))
            yield Page(
                items=tuple(feedback_from_thing(self._source_id, thing) for thing in things),
                cursor=json.dumps(state),
                warnings=tuple(warnings),
                wait=self._connection.seconds_to_rest if self._connection else 0.0,
                gaps=tuple(gaps),
            )
            if done or self._stopping():
                return
            after = following

    def _fetch_page(
        self, listing: str, after: str, page_size: int, now: datetime
    ) -> tuple[list[dict[str, Any]], str]:
        """Fetch (posts or comments of a page, newest first, the fullname to go on from or "")."""
        path, params = self._listing_path(listing)
        connection = self._connection = self._connection or self._open_connection()
        params["limit"] = page_size
        if after:
            params["after"] = after
        answer = self._send_within_limit(
            connection, lambda: connection.get_listing(path, params), now
        )
        return parse_listing(answer)

    def _open_connection(self, *, account: bool = False) -> RedditConnection:
        options = self._options
        return RedditConnection(
            self._secrets,
            user_agent=options.user_agent,
            reddit_url=options.reddit_url,
            oauth_url=options.oauth_url,
            account=account,
        )

    def _send_within_limit(
        self, connection: RedditConnection, send: Callable[[], AnswerT], now: datetime
    ) -> AnswerT:
        """Call `send`, unless the rate limit is known to be used up.

        Raises SourceUnavailable with the seconds to wait where it is, and SourceError for failures.
        """
        if self._rest_until and now < self._rest_until:
            raise reddit_rate_limit_error((self._rest_until - now).total_seconds())
        try:
            answer = send()
        except PRAW_FAILURES as error:
            raise explain_read_error(error, self._place) from error
        rest = connection.seconds_to_rest
        self._rest_until = now + timedelta(seconds=rest) if rest else None
        return answer

    def _listing_path(self, listing: str) -> tuple[str, dict[str, str | int]]:
        """Return the path of a listing, and its parameters where it is a search."""
        if listing == "comments":
            return f"r/{self._place}/comments", {}
        if not self._options.query:
            return f"r/{self._place}/new", {}
        search: dict[str, str | int] = {
            "q": self._options.query,
            "sort": "new",
            "syntax": "lucene",
            "type": "link",
        }
        if self._options.subreddits:
            return f"r/{self._place}/search", {**search, "restrict_sr": "true"}
        return "r/all/search", search
