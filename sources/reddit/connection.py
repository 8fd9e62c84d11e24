"""The connection to Reddit through PRAW, kept from sleeping and from reading praw.ini files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from configparser import ConfigParser
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, cast

import praw
import prawcore
import requests
import urllib3.exceptions
from praw.config import Config

from monitor.errors import SourceError, SourceRefused, SourceUnavailable, SourceUncertain
from monitor.http.response_headers import parse_retry_after_header
from monitor.settings import Secrets

TIMEOUT = 20  #: seconds for one request

#: The account's own comments that are looked through for a reply: as many as Reddit shows.
OWN_COMMENTS = 1_000

_COMMENT_PATH = "api/comment"
_WAIT_TEXT = re.compile(r"(\d+) (second|minute)")
_SECONDS_PER = {"second": 1, "minute": 60}
#: Seconds to wait after too many comments, where Reddit does not say how long.
_DEFAULT_WAIT = 600.0
_PAGE_SIZE = 100
_RATE_LIMIT_HEADERS = ("x-ratelimit-remaining", "x-ratelimit-used", "x-ratelimit-reset")


class RedditConnection:
    """A connection to Reddit, opened by its first request.

    It reads as the application of the secrets; with `account` it reads and writes as their account.
    Raises SourceRefused where the secrets have no application.
    """

    def __init__(
        self,
        secrets: Secrets,
        *,
        user_agent: str,
        reddit_url: str,
        oauth_url: str,
        account: bool = False,
    ) -> None:
        client_id = secrets.reddit_client_id.get_secret_value()
        client_secret = secrets.reddit_client_secret.get_secret_value()
        if not client_id or not client_secret:
            raise credentials_error()
        login = _choose_login(secrets) if account else _RedditLogin()
        _ignore_praw_ini()
        self._session = requests.Session()
        self._requestor: _ImmediateRequestor | None = None
        self._reddit = praw.Reddit(
            "DEFAULT",
            requestor_class=cast("type[prawcore.Requestor]", self._make_requestor),
            client_id=client_id,
            client_secret=client_secret,
            user_agent=user_agent,
            reddit_url=reddit_url.rstrip("/"),
            oauth_url=oauth_url.rstrip("/"),
            timeout=TIMEOUT,
            username=login.username,
            password=login.password,
            refresh_token=login.refresh_token,
            redirect_uri=None,
            ratelimit_seconds=0,
            check_for_updates=False,
            check_for_async=False,
        )

    def _make_requestor(self, **settings: Any) -> _ImmediateRequestor:
        self._requestor = _ImmediateRequestor(session=self._session, timeout=TIMEOUT, **settings)
        return self._requestor

    @property
    def seconds_to_rest(self) -> float:
        """Seconds until the rate limit opens again; 0 while requests are left."""
        return self._requestor.seconds_to_rest if self._requestor else 0.0

    def get_listing(self, path: str, params: dict[str, str | int]) -> Any:
        """Fetch a page of a listing as Reddit sends it.

        PRAW's own objects would fail as a whole where one item is broken.
        """
        return self._reddit.request(method="GET", path=path, params=params)

    def get_items_by_name(self, fullnames: Sequence[str]) -> Any:
        """Fetch a listing of up to 100 posts and comments as they are now, by their fullnames."""
        return self.get_listing("api/info/", {"id": ",".join(fullnames)})

    def get_account_name(self) -> str:
        """Fetch the name of the account, in one request."""
        account = self._reddit.get("api/v1/me")
        values = account if isinstance(account, Mapping) else vars(account)
        return str(values.get("name") or "")

    def publish_comment(self, parent: str, text: str) -> Mapping[str, Any]:
        """Publish a comment below a post or comment, by one request; return it as Reddit shows it.

        Raises SourceUncertain where it may have been published, else SourceUnavailable or
        SourceRefused.
        """
        try:
            published = self._reddit.post(_COMMENT_PATH, data={"thing_id": parent, "text": text})
            return dict(vars(published[0]))
        except praw.exceptions.RedditAPIException as error:
            raise _comment_refused_error(error) from error
        except (prawcore.BadJSON, LookupError, TypeError, ValueError, AttributeError) as error:
            raise SourceUncertain(
                "Reddit's answer to the comment cannot be read; it may be there"
            ) from error

    def list_comments_by(self, name: str) -> Iterator[Mapping[str, Any]]:
        """Yield the comments of an account, newest first; one request for 100.

        Raises SourceUnavailable after 1,000, since Reddit shows no more.
        """
        after: str | None = ""
        for _ in range(OWN_COMMENTS // _PAGE_SIZE):
            params: dict[str, str | int] = {"limit": _PAGE_SIZE, "sort": "new"}
            params |= {"after": after} if after else {}
            page = self._reddit.get(f"user/{name}/comments", params=params)
            if not isinstance(page, praw.models.Listing):
                raise SourceUnavailable(
                    "Reddit answered with something that is not a listing; tried again later"
                )
            for thing in page.children:
                if isinstance(thing, praw.models.Comment):
                    yield vars(thing)
            after = page.after
            if not after:
                return
        raise SourceUnavailable(
            f"the account wrote more than {OWN_COMMENTS:,} comments meanwhile; Reddit shows no more"
        )

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        self._session.close()


class _ImmediateRequestor(prawcore.Requestor):
    """Keeps PRAW from sleeping: up to ten minutes for a rate limit, seconds after a failure.

    The source itself keeps to the rate limit, and after a failure asks again at the next poll. Only
    a lost connection is tried again, at once: an idle one may have been closed by the other side.
    """

    seconds_to_rest = 0.0

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request; raise SourceError for a failure, without waiting."""
        url = str(kwargs.get("url", "") or next(iter(args[1:]), "")).rstrip("/")
        is_publishing = url.endswith(_COMMENT_PATH)
        if is_publishing:
            # On a new connection: a failure on an idle one does not tell whether it was closed
            # before the request.
            self.close()
        try:
            response = self._send_request(*args, is_publishing=is_publishing, **kwargs)
        except prawcore.RequestException as error:
            reason = _network_reason(error.original_exception)
            if is_publishing and not _was_never_sent(error.original_exception):
                raise SourceUncertain(f"Reddit may have published the comment: {reason}") from error
            raise SourceUnavailable(f"Reddit cannot be reached: {reason}") from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        if response.status_code == 429:
            raise reddit_rate_limit_error(parse_retry_after_header(headers))
        if response.status_code == 400 and not url.endswith("access_token"):
            raise SourceRefused(
                "Reddit cannot read the request (400); check [[sources]] query and subreddits"
            )
        if response.status_code == 408 or response.status_code >= 500:
            if is_publishing:
                raise SourceUncertain(
                    f"Reddit failed ({response.status_code}); it may have published the comment"
                )
            failed = f"Reddit failed ({response.status_code}); tried again later"
            raise SourceUnavailable(failed, parse_retry_after_header(headers))
        self.seconds_to_rest = _seconds_to_rest(headers)
        for name in _RATE_LIMIT_HEADERS:
            response.headers.pop(name, None)
        return response

    def _send_request(self, *args: Any, is_publishing: bool, **kwargs: Any) -> requests.Response:
        try:
            return super().request(*args, **kwargs)
        except prawcore.RequestException as error:
            if is_publishing or isinstance(error.original_exception, requests.Timeout):
                raise
        self.close()  # other idle connections may have been closed with it
        return super().request(*args, **kwargs)


def _seconds_to_rest(headers: Mapping[str, str]) -> float:
    """Return the seconds until the rate limit opens again; 0.0 while requests are left."""
    try:
        remaining = float(headers.get("x-ratelimit-remaining", "1"))
        reset = float(headers.get("x-ratelimit-reset", "0"))
    except ValueError:
        return 0.0
    return max(reset, 1.0) if remaining < 1 else 0.0


@dataclass(frozen=True, slots=True)
class _RedditLogin:
    """How to log in to an account; all None: read as the application."""

    username: str | None = None
    password: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)


def can_log_in(secrets: Secrets) -> bool:
    """Return whether the secrets hold an application, and an account to log in to."""
    application = (secrets.reddit_client_id, secrets.reddit_client_secret)
    password_login = (secrets.reddit_username, secrets.reddit_password)
    has_application = all(secret.get_secret_value() for secret in application)
    has_password = all(secret.get_secret_value() for secret in password_login)
    has_refresh_token = bool(secrets.reddit_refresh_token.get_secret_value())
    return has_application and (has_password or has_refresh_token)


def _choose_login(secrets: Secrets) -> _RedditLogin:
    """Choose the refresh token before the password: it can be revoked, and allows less."""
    if token := secrets.reddit_refresh_token.get_secret_value():
        return _RedditLogin(refresh_token=token)
    return _RedditLogin(
        secrets.reddit_username.get_secret_value(), secrets.reddit_password.get_secret_value()
    )


def _comment_refused_error(error: praw.exceptions.RedditAPIException) -> SourceError:
    """Return the error for a comment that Reddit refuses, with Reddit's own words.

    SourceUnavailable, with the seconds to wait, for too many comments; else SourceRefused.
    """
    item = error.items[0]
    reason = " ".join(f"{item.error_type}: {item.message or ''}".split())[:200]
    if item.error_type != "RATELIMIT":
        return SourceRefused(f"Reddit does not take the comment ({reason})")
    seconds = _DEFAULT_WAIT
    if wait := _WAIT_TEXT.search(item.message or ""):
        seconds = float(wait[1]) * _SECONDS_PER[wait[2]]
    return SourceUnavailable(f"Reddit does not take the comment yet ({reason})", seconds)


def _was_never_sent(error: BaseException) -> bool:
    """Return whether a request was certainly not sent: no connection was made."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    cause = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    return isinstance(getattr(cause, "reason", cause), urllib3.exceptions.NewConnectionError)


def _ignore_praw_ini() -> None:
    """Give PRAW its own defaults only: a praw.ini in a folder could redirect the credentials."""
    defaults = ConfigParser(interpolation=None)
    defaults.read_string(files("praw").joinpath("praw.ini").read_text("utf-8"))
    Config.CONFIG = defaults


def credentials_error() -> SourceRefused:
    """Return the error for credentials that are missing or refused."""
    return SourceRefused(
        "Reddit refuses the credentials; set REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET in the "
        "environment or in .env"
    )


def reddit_rate_limit_error(seconds: float | None) -> SourceUnavailable:
    """Return the error for a rate limit that is used up; `seconds` until it opens, if known."""
    when = f"in {seconds:.0f} seconds" if seconds is not None else "later"
    return SourceUnavailable(
        f"Reddit's limit on requests is reached; it wants to be asked again {when}", seconds
    )


def _network_reason(error: BaseException) -> str:
    """Return why Reddit could not be reached, without addresses."""
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT} seconds"
    if isinstance(error, requests.exceptions.SSLError):
        return "the certificate is not valid"
    return "no connection"
