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
from sources._json import count, seconds, table
from sources._normalise import clean, link, plausible
from sources.base import (
    Answered,
    Answering,
    Page,
    Recheckable,
    Source,
    SourceContext,
    SourceOptions,
)
from sources.reddit.connection import Connection, bad_credentials, can_log_in, used_up

PAGE_SIZE = 100  #: the most items that Reddit returns at once
DEPTH = 1_000  #: about how far a listing goes back
#: a listing that ends after so many was cut off, what was deleted from it counted in
NEARLY_ALL = 900
OVERLAP = 600.0  #: seconds that are read again, because items arrive late and out of order

_VARIED = 30  # page sizes from 100 to 71: an unusual one is not answered from a cache
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
_UNBELIEVABLE = (
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
    def _reads_something(self) -> Self:
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


class RedditSource(Source, Recheckable, Answering):
    """Posts and comments, read with the credentials of an application; answered as an account where
    one is given.
    """

    Options = RedditOptions
    space = "reddit"
    longest = 10_000  #: Reddit's limit for a comment

    def __init__(self, source_id: str, options: RedditOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._secrets = context.secrets
        self._stopping = context.stopping
        self._connection: Connection | None = None
        self._rest_until: datetime | None = None

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield each listing's pages; the cursor moves on once a listing was read to what is known
        or to its end.
        """
        state = _state(cursor)
        tick = int(state.get("tick", 0)) + 1
        state["tick"] = tick
        try:
            for listing in self._options.listings:
                yield from self._listing(listing, state, PAGE_SIZE - tick % _VARIED, now)
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
        connection = self._connect() if names else None
        try:
            for start in range(0, len(names), PAGE_SIZE):
                if connection is None or self._stopping():
                    return
                items = self._as_they_are(connection, names[start : start + PAGE_SIZE], now)
                yield Page(items=items, cursor="", wait=connection.seconds_to_rest)
        finally:
            if connection:
                connection.close()

    @property
    def can_answer(self) -> bool:
        """Whether REDDIT_REFRESH_TOKEN, or REDDIT_USERNAME and REDDIT_PASSWORD, are set."""
        return can_log_in(self._secrets)

    @property
    def account(self) -> str:
        """REDDIT_USERNAME."""
        return self._secrets.reddit_username.get_secret_value()

    def answer(self, feedback: Feedback, text: str) -> Answered:
        """Publish a comment below a post or comment."""
        with closing(self._connect(account=True)) as connection:
            try:
                return _answered(connection.comment(feedback.external_id, text))
            except (prawcore.ResponseException, prawcore.OAuthException) as error:
                raise self._unpublished(error) from error
            except _FAILURES as error:
                raise SourceUncertain(
                    f"PRAW stumbled ({type(error).__name__}); the comment may be there"
                ) from error

    def find_answer(self, feedback: Feedback, text: str, since: datetime) -> Answered | None:
        """Look through the account's own comments, back to `since`."""
        floor = (since - _SKEW).timestamp()
        with closing(self._connect(account=True)) as connection:
            try:
                for comment in connection.comments_of(connection.me()):
                    if float(comment.get("created_utc") or 0) < floor:
                        return None
                    if comment.get("parent_id") == feedback.external_id and _same(
                        comment.get("body"), text
                    ):
                        return _answered(comment)
            except _FAILURES as error:
                raise self._unpublished(error) from error
        return None

    def _as_they_are(
        self, connection: Connection, names: Sequence[str], now: datetime
    ) -> tuple[Feedback, ...]:
        found = self._info(connection, names, now)
        missing = [name for name in names if name not in found]
        if missing:
            found |= self._info(connection, missing, now)
        if not found and len(names) >= _UNBELIEVABLE:
            raise SourceUnavailable(
                f"Reddit shows none of {len(names)} known items; none was taken for deleted"
            )
        return tuple(found.get(name) or _vanished(self._source_id, name) for name in names)

    def _info(
        self, connection: Connection, names: Sequence[str], now: datetime
    ) -> dict[str, Feedback]:
        """By fullname what Reddit shows of these."""
        things, _ = _listed(self._asked(connection, lambda: connection.info(names), now))
        shown = (_feedback(self._source_id, thing) for thing in things)
        return {item.external_id: item for item in shown}

    def _listing(
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
            things, following = self._page(listing, after, size, now)
            times = [at for thing in things if (at := seconds(thing.get("created_utc")))]
            newest, oldest, read = max([newest, *times]), min([oldest, *times]), read + len(things)
            caught_up = known is not None and _reaches(times, known - OVERLAP)
            done = caught_up or not following or read >= DEPTH
            broken = bool(after) and not things and read < NEARLY_ALL
            if done and not broken:
                state[listing] = min(newest, now.timestamp())
            lost = known is not None and done and not caught_up and read >= NEARLY_ALL
            gaps = (_gap(listing, known or 0.0, oldest),) if lost else ()
            yield Page(
                items=tuple(_feedback(self._source_id, thing) for thing in things),
                cursor=json.dumps(state),
                warnings=(
                    *(gap.reason for gap in gaps),
                    *((_broken(listing, oldest),) if broken else ()),
                ),
                wait=self._connection.seconds_to_rest if self._connection else 0.0,
                gaps=gaps,
            )
            if done or self._stopping():
                return
            after = following

    def _page(
        self, listing: str, after: str, size: int, now: datetime
    ) -> tuple[list[dict[str, Any]], str]:
        """The things on one page, newest first, and where the next one starts ("" for nowhere)."""
        path, params = self._path(listing)
        connection = self._connection = self._connection or self._connect()
        params |= {"limit": size} | ({"after": after} if after else {})
        return _listed(self._asked(connection, lambda: connection.get(path, params), now))

    def _connect(self, *, account: bool = False) -> Connection:
        own = self._options
        return Connection(
            self._secrets,
            user_agent=own.user_agent,
            reddit_url=own.reddit_url,
            oauth_url=own.oauth_url,
            account=account,
        )

    def _asked(self, connection: Connection, ask: Callable[[], AnswerT], now: datetime) -> AnswerT:
        """The answer to one request; none is made while the limit is used up."""
        if self._rest_until and now < self._rest_until:
            raise used_up((self._rest_until - now).total_seconds())
        try:
            answer = ask()
        except _FAILURES as error:
            raise self._explained(error) from error
        rest = connection.seconds_to_rest
        self._rest_until = now + timedelta(seconds=rest) if rest else None
        return answer

    def _path(self, listing: str) -> tuple[str, dict[str, str | int]]:
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

    def _explained(self, error: Exception) -> SourceError:
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
                return bad_credentials()
            case prawcore.ResponseException() if error.response.status_code in (400, 401):
                return bad_credentials()
            case prawcore.ResponseException():
                return SourceUnavailable(
                    f"Reddit failed ({error.response.status_code}); tried again later"
                )
        return SourceUnavailable(
            f"Reddit gave an answer that PRAW cannot read ({type(error).__name__})"
        )

    def _unpublished(self, error: Exception) -> SourceError:
        """Why nothing could be published or looked for, in words for people."""
        match error:
            case prawcore.OAuthException() | prawcore.InvalidToken():
                return _bad_account()
            case prawcore.ResponseException() if error.response.status_code in (400, 401):
                return _bad_account()
            case prawcore.Forbidden():
                return SourceRefused(
                    "Reddit does not let the account do this (403): it is banned there, the thread "
                    "is locked, or its "
                    "token lacks one of the scopes submit, read, history, identity"
                )
            case prawcore.NotFound():
                return SourceRefused("Reddit does not know the account or the post any more (404)")
        return self._explained(error)


def _state(cursor: str) -> dict[str, float]:
    """The newest time of each listing, and how many ticks there were."""
    try:
        held = json.loads(cursor or "{}")
    except ValueError:
        return {}
    found = held.items() if isinstance(held, dict) else ()
    return {str(name): float(value) for name, value in found if isinstance(value, (int, float))}


def _reaches(times: list[float], floor: float) -> bool:
    """Whether a page goes back to `floor`; its last three must, since single old items turn up
    anywhere.
    """
    return bool(times) and all(time < floor for time in times[-3:])


def _gap(listing: str, known: float, oldest: float) -> Gap:
    """What was written between these times, and is shown no more."""
    start, end = (datetime.fromtimestamp(time, UTC) for time in (known, max(known, oldest)))
    span = f"from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC"
    return Gap(
        start, end, f"coverage gap: {listing} {span} were not all read, Reddit showed no more"
    )


def _broken(listing: str, oldest: float) -> str:
    at = datetime.fromtimestamp(oldest, UTC).strftime("%Y-%m-%d %H:%M")
    return f"the listing of {listing} broke off at {at} UTC; it is read again from the top at the next poll"


def _listed(answer: object) -> tuple[list[dict[str, Any]], str]:
    """The posts and comments in a listing that have a name, and the one to go on after ("" for
    none).
    """
    listing = table(table(answer).get("data"))
    children = listing.get("children")
    if not isinstance(children, list):
        raise SourceUnavailable(
            "Reddit answered with something that is not a listing; tried again later"
        )
    things = [
        table(child.get("data"))
        for child in map(table, children)
        if child.get("kind") in ("t1", "t3")
    ]
    return [thing for thing in things if _FULLNAME.fullmatch(_fullname(thing))], clean(
        listing.get("after")
    )


def _fullname(thing: Mapping[str, Any]) -> str:
    return (
        clean(thing.get("name")) or f"{'t1' if 'body' in thing else 't3'}_{clean(thing.get('id'))}"
    )


def _feedback(source_id: str, thing: Mapping[str, Any]) -> Feedback:
    """A post or comment as the listing gave it."""
    is_comment, fullname = "body" in thing, _fullname(thing)
    body = clean(thing.get("body" if is_comment else "selftext"))
    author = _author(thing)
    anonymous = "author" in thing and not author.known
    deleted = body.strip() in _GONE or anonymous or bool(thing.get("removed_by_category"))
    return Feedback(
        source_id=source_id,
        external_id=fullname,
        kind=Kind.COMMENT if is_comment else Kind.POST,
        title="" if deleted else clean(thing.get("title")),
        body="" if deleted else body,
        author=author,
        created_at=_time(thing.get("created_utc")),
        edited_at=_time(thing.get("edited")),
        url=link(thing.get("permalink"), _SITE),
        thread_id=clean(thing.get("link_id")) if is_comment else fullname,
        parent_id=clean(thing.get("parent_id")),
        score=None if thing.get("score_hidden") else count(thing.get("score")),
        replies=None if is_comment else count(thing.get("num_comments")),
        attributes=_attributes(thing),
        deleted=deleted,
    )


def _answered(comment: Mapping[str, Any]) -> Answered:
    """Where a comment of ours stands."""
    return Answered(
        url=link(comment.get("permalink"), _SITE), external_id=clean(comment.get("name"))
    )


def _same(body: object, text: str) -> bool:
    """Whether a comment holds these words: Reddit may change the white space around and between
    them.
    """
    return clean(body).split() == clean(text).split()


def _bad_account() -> SourceRefused:
    return SourceRefused(
        "Reddit refuses the account that answers; check REDDIT_REFRESH_TOKEN, or REDDIT_USERNAME "
        "and REDDIT_PASSWORD"
    )


def _vanished(source_id: str, name: str) -> Feedback:
    """What Reddit does not know any more."""
    kind = Kind.COMMENT if name.startswith("t1_") else Kind.POST
    return Feedback(source_id=source_id, external_id=name, kind=kind, deleted=True)


def _author(thing: Mapping[str, Any]) -> Author:
    name = clean(thing.get("author"))
    known = name not in ("", "[deleted]")
    return Author(name=name, id=clean(thing.get("author_fullname"))) if known else Author()


def _attributes(thing: Mapping[str, Any]) -> dict[str, str]:
    linked = link(thing.get("url")) if thing.get("is_self") is False else ""
    found = {
        "subreddit": clean(thing.get("subreddit")),
        "flair": clean(thing.get("link_flair_text")),
        "link": linked,
    }
    return {key: value for key, value in found.items() if value}


def _time(value: object) -> datetime | None:
    """The time of a number of seconds since 1970; False stands for "never edited"."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return plausible(datetime.fromtimestamp(value, UTC))
    except (OverflowError, ValueError, OSError):
        return None
