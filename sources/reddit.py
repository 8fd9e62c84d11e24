"""Reddit through PRAW: the newest posts and comments of subreddits, or the newest posts that a search finds.

The listings are polled without `before`, which comes back empty when its anchor was deleted and serves stale pages:
each tick reads newest first until ten minutes before the newest item that it knew, or to the end of what Reddit shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Annotated, Any, Self, cast

import praw
import prawcore
import requests
from praw.config import Config
from pydantic import Field, model_validator

from monitor import __version__
from monitor.config import Secrets
from monitor.errors import SourceError, SourceRefused, SourceUnavailable
from monitor.feedback import Author, Feedback, Kind
from monitor.http.waiting import retry_after
from sources._text import clean, link, plausible
from sources.base import Page, Source, SourceContext, SourceOptions

PAGE_SIZE = 100  #: the most items that Reddit returns at once
DEPTH = 1_000  #: about how far a listing goes back
NEARLY_ALL = 900  #: a listing that ends after so many was cut off, what was deleted from it counted in
OVERLAP = 600.0  #: seconds that are read again, because items arrive late and out of order
TIMEOUT = 20  #: seconds for one request

_VARIED = 30  # page sizes from 100 to 71: an unusual one is not answered from a cache
#: PRAW's own errors, and those that it stumbles over when an answer has another shape than it expects.
_FAILURES = (
    prawcore.PrawcoreException,
    praw.exceptions.PRAWException,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
)
_GONE = {"[deleted]", "[removed]"}
_SITE = "https://www.reddit.com"

SubredditName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]{1,20}$")]


class RedditOptions(SourceOptions):
    """The keys of a Reddit source."""

    subreddits: tuple[SubredditName, ...] = ()  #: without r/; all of Reddit for a query that names none
    query: str = ""  #: posts that this search finds, in Reddit's own query language, instead of all posts
    posts: bool = True  #: whether posts are read
    comments: bool = True  #: whether comments are read: all of the subreddits' comments, since none can be searched
    reddit_url: str = _SITE  #: where access is granted
    oauth_url: str = "https://oauth.reddit.com"  #: where listings are read
    user_agent: Annotated[str, Field(min_length=7)] = f"python:repwatch:{__version__} (self-hosted)"  #: who is asking

    @model_validator(mode="after")
    def _reads_something(self) -> Self:
        if not self.subreddits and not self.query:
            raise ValueError("subreddits or a query is needed")
        if not self.listings:
            raise ValueError("posts or comments must be true; comments need subreddits, a search finds posts only")
        return self

    @property
    def listings(self) -> tuple[str, ...]:
        """Which listings are read: "posts" and "comments"."""
        wanted = {"posts": self.posts, "comments": self.comments and bool(self.subreddits)}
        return tuple(name for name, on in wanted.items() if on)


class RedditSource(Source):
    """Posts and comments, read-only, with the credentials of an application."""

    Options = RedditOptions

    def __init__(self, source_id: str, options: RedditOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._secrets = context.secrets
        self._stopping = context.stopping
        self._connection: _Connection | None = None
        self._rest_until: datetime | None = None

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield each listing's pages; the cursor moves on once a listing was read without a gap."""
        state = _state(cursor)
        tick = int(state.get("tick", 0)) + 1
        state["tick"] = tick
        try:
            for listing in self._options.listings:
                yield from self._listing(listing, state, PAGE_SIZE - tick % _VARIED, now)
        finally:
            if self._connection:
                self._connection.close()

    def _listing(self, listing: str, state: dict[str, float], size: int, now: datetime) -> Iterator[Page]:
        """One listing from its newest item back to what is known; `state` is changed when that is reached."""
        known = state.get(listing) or None  # nothing is known of a listing that was empty
        newest, oldest, after, read = known or 0.0, now.timestamp(), "", 0
        while True:
            things, following = self._page(listing, after, size, now)
            times = [float(thing.get("created_utc") or 0.0) for thing in things]
            newest, oldest, read = max([newest, *times]), min([oldest, *times]), read + len(things)
            caught_up = known is not None and _reaches(times, known - OVERLAP)
            done = caught_up or not following or read >= DEPTH
            if done:
                state[listing] = min(newest, now.timestamp())
            cut_off = read >= NEARLY_ALL or (bool(after) and not things)
            missed = known is not None and done and not caught_up and cut_off
            yield Page(
                items=tuple(_feedback(self._source_id, thing) for thing in things),
                cursor=json.dumps(state),
                warnings=(_gap(listing, known or 0.0, oldest),) if missed else (),
                wait=self._connection.seconds_to_rest if self._connection else 0.0,
            )
            if done or self._stopping():
                return
            after = following

    def _page(self, listing: str, after: str, size: int, now: datetime) -> tuple[list[Mapping[str, Any]], str]:
        """The things on one page, newest first, and where the next one starts ("" for nowhere)."""
        if self._rest_until and now < self._rest_until:
            raise _used_up((self._rest_until - now).total_seconds())
        path, params = self._path(listing)
        connection = self._connection = self._connection or _Connection(self._options, self._secrets)
        try:
            found = connection.get(path, {**params, "limit": size, **({"after": after} if after else {})})
        except _FAILURES as error:
            raise self._explained(error) from error
        rest = connection.seconds_to_rest
        self._rest_until = now + timedelta(seconds=rest) if rest else None
        if not isinstance(found, praw.models.Listing):
            raise SourceUnavailable("Reddit answered with something that is not a listing; tried again later")
        return [vars(thing) for thing in found.children if _is_thing(thing)], str(found.after or "")

    def _path(self, listing: str) -> tuple[str, dict[str, str | int]]:
        place = "+".join(self._options.subreddits)
        if listing == "comments":
            return f"r/{place}/comments", {}
        if not self._options.query:
            return f"r/{place}/new", {}
        search: dict[str, str | int] = {"q": self._options.query, "sort": "new", "syntax": "lucene", "type": "link"}
        return (f"r/{place}/search", {**search, "restrict_sr": "true"}) if place else ("r/all/search", search)

    def _explained(self, error: Exception) -> SourceError:
        """PRAW's failure in words for people."""
        place = "+".join(self._options.subreddits) or "all"
        match error:
            case prawcore.Redirect():
                return SourceRefused(f"Reddit knows no subreddit {place}; check [[sources]] subreddits")
            case prawcore.Forbidden():
                return SourceRefused(f"Reddit forbids reading r/{place} (403): it is private or quarantined")
            case prawcore.NotFound():
                return SourceRefused(f"Reddit has no r/{place} any more (404): it is banned or gone")
            case prawcore.BadJSON():
                return SourceUnavailable("Reddit answered with a page instead of data: it blocks this address or agent")
            case prawcore.OAuthException() | prawcore.InvalidToken():
                return _bad_credentials()
            case prawcore.ResponseException() if error.response.status_code == 401:
                return _bad_credentials()
            case prawcore.ResponseException():
                return SourceUnavailable(f"Reddit failed ({error.response.status_code}); tried again later")
            case prawcore.RequestException():
                return SourceUnavailable(f"Reddit cannot be reached: {_network_reason(error.original_exception)}")
        return SourceUnavailable(f"Reddit gave an answer that PRAW cannot read ({type(error).__name__})")


class _Connection:
    """The connection to Reddit, made by the first request that needs it."""

    def __init__(self, options: RedditOptions, secrets: Secrets) -> None:
        client_id = secrets.reddit_client_id.get_secret_value()
        client_secret = secrets.reddit_client_secret.get_secret_value()
        if not client_id or not client_secret:
            raise _bad_credentials()
        _ignore_praw_ini()
        self._session = requests.Session()
        self._requestor: _Requestor | None = None
        self._reddit = praw.Reddit(
            "DEFAULT",
            requestor_class=cast("type[prawcore.Requestor]", self._make_requestor),
            client_id=client_id,
            client_secret=client_secret,
            user_agent=options.user_agent,
            reddit_url=options.reddit_url.rstrip("/"),
            oauth_url=options.oauth_url.rstrip("/"),
            timeout=TIMEOUT,
            username=None,
            password=None,
            refresh_token=None,
            redirect_uri=None,
            check_for_updates=False,
            check_for_async=False,
        )

    def _make_requestor(self, **settings: Any) -> _Requestor:
        self._requestor = _Requestor(session=self._session, timeout=TIMEOUT, **settings)
        return self._requestor

    @property
    def seconds_to_rest(self) -> float:
        """Seconds until Reddit's next window when this one's requests are used up, else 0."""
        return self._requestor.seconds_to_rest if self._requestor else 0.0

    def get(self, path: str, params: dict[str, str | int]) -> Any:
        """One page of a listing, in one request."""
        return self._reddit.get(path, params=params)

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        self._session.close()


class _Requestor(prawcore.Requestor):
    """Reads the limits before PRAW acts on them: PRAW would sleep up to ten minutes inside a request."""

    seconds_to_rest = 0.0

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().request(*args, **kwargs)
        headers = {name.lower(): value for name, value in response.headers.items()}
        if response.status_code == 429:
            raise _used_up(retry_after(headers))
        if response.status_code == 400:
            raise SourceRefused("Reddit cannot read the request (400); check [[sources]] query and subreddits")
        self.seconds_to_rest = _seconds_to_rest(headers)
        return response


def _seconds_to_rest(headers: Mapping[str, str]) -> float:
    try:
        remaining = float(headers.get("x-ratelimit-remaining", "1"))
        return max(float(headers.get("x-ratelimit-reset", "0")), 1.0) if remaining < 1 else 0.0
    except ValueError:
        return 0.0


def _ignore_praw_ini() -> None:
    """Let PRAW know its own defaults only: a praw.ini that lies about could redirect the credentials."""
    defaults = ConfigParser(interpolation=None)
    defaults.read_string(files("praw").joinpath("praw.ini").read_text("utf-8"))
    Config.CONFIG = defaults


def _bad_credentials() -> SourceRefused:
    return SourceRefused(
        "Reddit refuses the credentials; set REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET in the environment or in .env"
    )


def _used_up(seconds: float | None) -> SourceUnavailable:
    when = f"in {seconds:.0f} seconds" if seconds is not None else "later"
    return SourceUnavailable(f"Reddit's limit on requests is reached; it wants to be asked again {when}", seconds)


def _network_reason(error: BaseException) -> str:
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT} seconds"
    return "the certificate is not valid" if isinstance(error, requests.exceptions.SSLError) else "no connection"


def _state(cursor: str) -> dict[str, float]:
    """The newest time of each listing, and how many ticks there were."""
    try:
        held = json.loads(cursor or "{}")
    except ValueError:
        return {}
    found = held.items() if isinstance(held, dict) else ()
    return {str(name): float(value) for name, value in found if isinstance(value, (int, float))}


def _reaches(times: list[float], floor: float) -> bool:
    """Whether a page goes back to `floor`; its last three must, since single old items turn up anywhere."""
    return bool(times) and all(time < floor for time in times[-3:])


def _gap(listing: str, known: float, oldest: float) -> str:
    start, end = (datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M") for time in (known, oldest))
    return f"coverage gap: {listing} from {start} to {end} UTC were not all read, Reddit showed no more"


def _is_thing(thing: object) -> bool:
    return isinstance(thing, (praw.models.Submission, praw.models.Comment))


def _feedback(source_id: str, thing: Mapping[str, Any]) -> Feedback:
    """A post or comment from the attributes that the listing gave; PRAW would fetch a missing one by a request."""
    is_comment = "body" in thing
    fullname = clean(thing.get("name")) or f"{'t1' if is_comment else 't3'}_{clean(thing.get('id'))}"
    body = clean(thing.get("body" if is_comment else "selftext"))
    deleted = body.strip() in _GONE
    return Feedback(
        source_id=source_id,
        external_id=fullname,
        kind=Kind.COMMENT if is_comment else Kind.POST,
        title="" if deleted else clean(thing.get("title")),
        body="" if deleted else body,
        author=_author(thing),
        created_at=_time(thing.get("created_utc")),
        edited_at=_time(thing.get("edited")),
        url=link(thing.get("permalink"), _SITE),
        thread_id=clean(thing.get("link_id")) if is_comment else fullname,
        parent_id=clean(thing.get("parent_id")),
        score=None if thing.get("score_hidden") else _count(thing.get("score")),
        replies=None if is_comment else _count(thing.get("num_comments")),
        attributes=_attributes(thing),
        deleted=deleted,
    )


def _author(thing: Mapping[str, Any]) -> Author:
    redditor = thing.get("author")
    name = clean(vars(redditor).get("name")) if redditor is not None else ""
    known = name not in ("", "[deleted]")
    return Author(name=name, id=clean(thing.get("author_fullname"))) if known else Author()


def _attributes(thing: Mapping[str, Any]) -> dict[str, str]:
    subreddit = thing.get("subreddit")
    name = vars(subreddit).get("display_name") if subreddit is not None else ""
    linked = link(thing.get("url")) if thing.get("is_self") is False else ""
    found = {"subreddit": clean(name), "flair": clean(thing.get("link_flair_text")), "link": linked}
    return {key: value for key, value in found.items() if value}


def _time(value: object) -> datetime | None:
    """The time of a number of seconds since 1970; False stands for "never edited"."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return plausible(datetime.fromtimestamp(value, UTC))
    except (OverflowError, ValueError, OSError):
        return None


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
