"""Reddit through PRAW: the newest posts and comments of subreddits, or the newest posts that a
search finds.

The listings are polled without `before`, which comes back empty when its anchor was deleted and
serves stale pages: each tick reads newest first until ten minutes before the newest item that it
knew, or to the end of what Reddit shows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self, TypeVar

import praw
import prawcore
from pydantic import Field, model_validator

from monitor import __version__
from monitor.domain.feedback import Author, Feedback, Kind
from monitor.domain.source_health import Gap
from monitor.errors import SourceError, SourceRefused, SourceUnavailable, SourceUncertain
from sources._json import dict_or_empty, to_count, to_epoch_seconds
from sources._normalise import to_clean_text, to_http_link, to_plausible_utc
from sources.base import (
    Page,
    PublishedReply,
    Recheckable,
    ReplyingSource,
    Source,
    SourceContext,
    SourceOptions,
)
from sources.reddit.connection import (
    RedditConnection,
    can_log_in,
    credentials_error,
    reddit_rate_limit_error,
)

PAGE_SIZE = 100  #: the most items that Reddit returns at once
DEPTH = 1_000  #: about how far a listing goes back
#: a listing that ends after so many was cut off, what was deleted from it counted in
NEARLY_ALL = 900
OVERLAP = 600.0  #: seconds that are read again, because items arrive late and out of order

_PAGE_SIZE_SPREAD = 30  # page sizes from 100 to 71: an unusual one is not answered from a cache
#: PRAW's own errors, and those that it stumbles over when an answer has another shape than it
#: expects.
_FAILURES = (
    prawcore.PrawcoreException,
    praw.exceptions.PRAWException,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
)
_GONE = {"[deleted]", "[removed]", "[ Removed by Reddit ]"}
_FULLNAME = re.compile(r"t[13]_[0-9a-z]+")
_MAX_VANISHED_AT_ONCE = (
    10  # so many items do not vanish at once: a blank answer, or a subreddit that has gone private
)
_SITE = "https://www.reddit.com"
_SKEW = timedelta(minutes=2)  #: how far Reddit's clock may be behind ours

AnswerT = TypeVar("AnswerT")

SubredditName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]{1,20}$")]


class RedditOptions(SourceOptions):
    """The keys of a Reddit source."""

    #: without r/; all of Reddit for a query that names none
    subreddits: tuple[SubredditName, ...] = ()
    #: posts that this search finds, in Reddit's own query language, instead of all posts
    query: str = ""
    posts: bool = True  #: whether posts are read
    #: whether comments are read: all of the subreddits' comments, since none can be searched
    comments: bool = True
    reddit_url: str = _SITE  #: where access is granted
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
        """Which listings are read: "posts" and "comments"."""
        wanted = {"posts": self.posts, "comments": self.comments and bool(self.subreddits)}
        return tuple(name for name, on in wanted.items() if on)


class RedditSource(Source, Recheckable, ReplyingSource):
    """Posts and comments, read with the credentials of an application; answered as an account where
    one is given.
    """

    Options = RedditOptions
    space = "reddit"
    max_reply_length = 10_000  #: Reddit's limit for a comment

    def __init__(self, source_id: str, options: RedditOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._secrets = context.secrets
        self._stopping = context.stopping
        self._connection: RedditConnection | None = None
        self._rest_until: datetime | None = None

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield each listing's pages; the cursor moves on once a listing was read to what is known
        or to its end.
        """
        state = _parse_reddit_cursor(cursor)
        tick = int(state.get("tick", 0)) + 1
        state["tick"] = tick
        try:
            for listing in self._options.listings:
                yield from self._read_listing(
                    listing, state, PAGE_SIZE - tick % _PAGE_SIZE_SPREAD, now
                )
                if self._stopping():
                    return
        finally:
            if self._connection:
                self._connection.close()

    def recheck(self, external_ids: Sequence[str], now: datetime) -> Iterator[Page]:
        """Yield these items as they are now, a page for each request of 100.

        Deleted is what Reddit shows without its words, without its author, or not at all when asked
        twice. It asks on a connection of its own, since it may run beside `collect`.
        """
        names = list(dict.fromkeys(name for name in external_ids if _FULLNAME.fullmatch(name)))
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
        """Publish a comment below a post or comment."""
        with closing(self._open_connection(account=True)) as connection:
            try:
                return _reply_from_comment(connection.publish_comment(feedback.external_id, text))
            except (prawcore.ResponseException, prawcore.OAuthException) as error:
                raise self._explain_reply_error(error) from error
            except _FAILURES as error:
                raise SourceUncertain(
                    f"PRAW stumbled ({type(error).__name__}); the comment may be there"
                ) from error

    def find_reply(self, feedback: Feedback, text: str, since: datetime) -> PublishedReply | None:
        """Look through the account's own comments, back to `since`."""
        floor = (since - _SKEW).timestamp()
        with closing(self._open_connection(account=True)) as connection:
            try:
                for comment in connection.list_comments_by(connection.get_account_name()):
                    if float(comment.get("created_utc") or 0) < floor:
                        return None
                    if comment.get("parent_id") == feedback.external_id and _has_same_words(
                        comment.get("body"), text
                    ):
                        return _reply_from_comment(comment)
            except _FAILURES as error:
                raise self._explain_reply_error(error) from error
        return None

    def _fetch_current_items(
        self, connection: RedditConnection, names: Sequence[str], now: datetime
    ) -> tuple[Feedback, ...]:
        found = self._fetch_items_by_name(connection, names, now)
        missing = [name for name in names if name not in found]
        if missing:
            found |= self._fetch_items_by_name(connection, missing, now)
        if not found and len(names) >= _MAX_VANISHED_AT_ONCE:
            raise SourceUnavailable(
                f"Reddit shows none of {len(names)} known items; none was taken for deleted"
            )
        return tuple(found.get(name) or _deleted_feedback(self._source_id, name) for name in names)

    def _fetch_items_by_name(
        self, connection: RedditConnection, names: Sequence[str], now: datetime
    ) -> dict[str, Feedback]:
        """By fullname what Reddit shows of these."""
        things, _ = _parse_listing(
            self._send_within_limit(connection, lambda: connection.get_items_by_name(names), now)
        )
        shown = (_feedback_from_thing(self._source_id, thing) for thing in things)
        return {item.external_id: item for item in shown}

    def _read_listing(
        self, listing: str, state: dict[str, float], size: int, now: datetime
    ) -> Iterator[Page]:
        """One listing from its newest item back to what is known; `state` is changed when that is
        reached.

        It is also changed at the end of what Reddit shows: what came before is lost. An empty page
        in the middle is no end but an item to go on from that has vanished, or a blank answer: the
        next poll reads from the top again.
        """
        known = state.get(listing) or None  # nothing is known of a listing that was empty
        newest, oldest, after, read = known or 0.0, now.timestamp(), "", 0
        while True:
            things, following = self._fetch_page(listing, after, size, now)
            times = [at for thing in things if (at := to_epoch_seconds(thing.get("created_utc")))]
            newest, oldest, read = max([newest, *times]), min([oldest, *times]), read + len(things)
            caught_up = known is not None and _reaches_back_to(times, known - OVERLAP)
            done = caught_up or not following or read >= DEPTH
            broken = bool(after) and not things and read < NEARLY_ALL
            if done and not broken:
                state[listing] = min(newest, now.timestamp())
            lost = known is not None and done and not caught_up and read >= NEARLY_ALL
            gaps = (_listing_gap(listing, known or 0.0, oldest),) if lost else ()
            yield Page(
                items=tuple(_feedback_from_thing(self._source_id, thing) for thing in things),
                cursor=json.dumps(state),
                warnings=(
                    *(gap.reason for gap in gaps),
                    *((_broken_listing_warning(listing, oldest),) if broken else ()),
                ),
                wait=self._connection.seconds_to_rest if self._connection else 0.0,
                gaps=gaps,
            )
            if done or self._stopping():
                return
            after = following

    def _fetch_page(
        self, listing: str, after: str, size: int, now: datetime
    ) -> tuple[list[dict[str, Any]], str]:
        """The things on one page, newest first, and where the next one starts ("" for nowhere)."""
        path, params = self._listing_path(listing)
        connection = self._connection = self._connection or self._open_connection()
        params |= {"limit": size} | ({"after": after} if after else {})
        return _parse_listing(
            self._send_within_limit(connection, lambda: connection.get_listing(path, params), now)
        )

    def _open_connection(self, *, account: bool = False) -> RedditConnection:
        own = self._options
        return RedditConnection(
            self._secrets,
            user_agent=own.user_agent,
            reddit_url=own.reddit_url,
            oauth_url=own.oauth_url,
            account=account,
        )

    def _send_within_limit(
        self, connection: RedditConnection, ask: Callable[[], AnswerT], now: datetime
    ) -> AnswerT:
        """The answer to one request; none is made while the limit is used up."""
        if self._rest_until and now < self._rest_until:
            raise reddit_rate_limit_error((self._rest_until - now).total_seconds())
        try:
            answer = ask()
        except _FAILURES as error:
            raise self._explain_error(error) from error
        rest = connection.seconds_to_rest
        self._rest_until = now + timedelta(seconds=rest) if rest else None
        return answer

    def _listing_path(self, listing: str) -> tuple[str, dict[str, str | int]]:
        place = "+".join(self._options.subreddits)
        if listing == "comments":
            return f"r/{place}/comments", {}
        if not self._options.query:
            return f"r/{place}/new", {}
        search: dict[str, str | int] = {
            "q": self._options.query,
            "sort": "new",
            "syntax": "lucene",
            "type": "link",
        }
        return (
            (f"r/{place}/search", {**search, "restrict_sr": "true"})
            if place
            else ("r/all/search", search)
        )

    def _explain_error(self, error: Exception) -> SourceError:
        """PRAW's failure in words for people."""
        place = "+".join(self._options.subreddits) or "all"
        match error:
            case prawcore.Redirect():
                return SourceRefused(
                    f"Reddit knows no subreddit {place}; check [[sources]] subreddits"
                )
            case prawcore.Forbidden():
                return SourceRefused(
                    f"Reddit forbids reading r/{place} (403): it is private or quarantined"
                )
            case prawcore.NotFound():
                return SourceRefused(
                    f"Reddit has no r/{place} any more (404): it is banned or gone"
                )
            case prawcore.BadJSON():
                return SourceUnavailable(
                    "Reddit answered with a page instead of data: it blocks this address or agent"
                )
            case prawcore.OAuthException() | prawcore.InvalidToken():
                return credentials_error()
            case prawcore.ResponseException() if error.response.status_code in (400, 401):
                return credentials_error()
            case prawcore.ResponseException():
                return SourceUnavailable(
                    f"Reddit failed ({error.response.status_code}); tried again later"
                )
        return SourceUnavailable(
            f"Reddit gave an answer that PRAW cannot read ({type(error).__name__})"
        )

    def _explain_reply_error(self, error: Exception) -> SourceError:
        """Why nothing could be published or looked for, in words for people."""
        match error:
            case prawcore.OAuthException() | prawcore.InvalidToken():
                return _account_refused_error()
            case prawcore.ResponseException() if error.response.status_code in (400, 401):
                return _account_refused_error()
            case prawcore.Forbidden():
                return SourceRefused(
                    "Reddit does not let the account do this (403): it is banned there, the thread "
                    "is locked, or its "
                    "token lacks one of the scopes submit, read, history, identity"
                )
            case prawcore.NotFound():
                return SourceRefused("Reddit does not know the account or the post any more (404)")
        return self._explain_error(error)


def _parse_reddit_cursor(cursor: str) -> dict[str, float]:
    """The newest time of each listing, and how many ticks there were."""
    try:
        held = json.loads(cursor or "{}")
    except ValueError:
        return {}
    found = held.items() if isinstance(held, dict) else ()
    return {str(name): float(value) for name, value in found if isinstance(value, (int, float))}


def _reaches_back_to(times: list[float], floor: float) -> bool:
    """Whether a page goes back to `floor`; its last three must, since single old items turn up
    anywhere.
    """
    return bool(times) and all(time < floor for time in times[-3:])


def _listing_gap(listing: str, known: float, oldest: float) -> Gap:
    """What was written between these times, and is shown no more."""
    start, end = (datetime.fromtimestamp(time, UTC) for time in (known, max(known, oldest)))
    span = f"from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC"
    return Gap(
        start, end, f"coverage gap: {listing} {span} were not all read, Reddit showed no more"
    )


def _broken_listing_warning(listing: str, oldest: float) -> str:
    at = datetime.fromtimestamp(oldest, UTC).strftime("%Y-%m-%d %H:%M")
    return f"the listing of {listing} broke off at {at} UTC; it is read again from the top at the next poll"


def _parse_listing(answer: object) -> tuple[list[dict[str, Any]], str]:
    """The posts and comments in a listing that have a name, and the one to go on after ("" for
    none).
    """
    listing = dict_or_empty(dict_or_empty(answer).get("data"))
    children = listing.get("children")
    if not isinstance(children, list):
        raise SourceUnavailable(
            "Reddit answered with something that is not a listing; tried again later"
        )
    things = [
        dict_or_empty(child.get("data"))
        for child in map(dict_or_empty, children)
        if child.get("kind") in ("t1", "t3")
    ]
    return [
        thing for thing in things if _FULLNAME.fullmatch(_thing_fullname(thing))
    ], to_clean_text(listing.get("after"))


def _thing_fullname(thing: Mapping[str, Any]) -> str:
    return (
        to_clean_text(thing.get("name"))
        or f"{'t1' if 'body' in thing else 't3'}_{to_clean_text(thing.get('id'))}"
    )


def _feedback_from_thing(source_id: str, thing: Mapping[str, Any]) -> Feedback:
    """A post or comment as the listing gave it."""
    is_comment, fullname = "body" in thing, _thing_fullname(thing)
    body = to_clean_text(thing.get("body" if is_comment else "selftext"))
    author = _thing_author(thing)
    anonymous = "author" in thing and not author.is_known
    deleted = body.strip() in _GONE or anonymous or bool(thing.get("removed_by_category"))
    return Feedback(
        source_id=source_id,
        external_id=fullname,
        kind=Kind.COMMENT if is_comment else Kind.POST,
        title="" if deleted else to_clean_text(thing.get("title")),
        body="" if deleted else body,
        author=author,
        created_at=_parse_reddit_time(thing.get("created_utc")),
        edited_at=_parse_reddit_time(thing.get("edited")),
        url=to_http_link(thing.get("permalink"), _SITE),
        thread_id=to_clean_text(thing.get("link_id")) if is_comment else fullname,
        parent_id=to_clean_text(thing.get("parent_id")),
        score=None if thing.get("score_hidden") else to_count(thing.get("score")),
        replies=None if is_comment else to_count(thing.get("num_comments")),
        attributes=_thing_attributes(thing),
        deleted=deleted,
    )


def _reply_from_comment(comment: Mapping[str, Any]) -> PublishedReply:
    """Where a comment of ours stands."""
    return PublishedReply(
        url=to_http_link(comment.get("permalink"), _SITE),
        external_id=to_clean_text(comment.get("name")),
    )


def _has_same_words(body: object, text: str) -> bool:
    """Whether a comment holds these words: Reddit may change the white space around and between
    them.
    """
    return to_clean_text(body).split() == to_clean_text(text).split()


def _account_refused_error() -> SourceRefused:
    return SourceRefused(
        "Reddit refuses the account that answers; check REDDIT_REFRESH_TOKEN, or REDDIT_USERNAME "
        "and REDDIT_PASSWORD"
    )


def _deleted_feedback(source_id: str, name: str) -> Feedback:
    """What Reddit does not know any more."""
    kind = Kind.COMMENT if name.startswith("t1_") else Kind.POST
    return Feedback(source_id=source_id, external_id=name, kind=kind, deleted=True)


def _thing_author(thing: Mapping[str, Any]) -> Author:
    name = to_clean_text(thing.get("author"))
    known = name not in ("", "[deleted]")
    return Author(name=name, id=to_clean_text(thing.get("author_fullname"))) if known else Author()


def _thing_attributes(thing: Mapping[str, Any]) -> dict[str, str]:
    linked = to_http_link(thing.get("url")) if thing.get("is_self") is False else ""
    found = {
        "subreddit": to_clean_text(thing.get("subreddit")),
        "flair": to_clean_text(thing.get("link_flair_text")),
        "link": linked,
    }
    return {key: value for key, value in found.items() if value}


def _parse_reddit_time(value: object) -> datetime | None:
    """The time of a number of seconds since 1970; False stands for "never edited"."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return to_plausible_utc(datetime.fromtimestamp(value, UTC))
    except (OverflowError, ValueError, OSError):
        return None
