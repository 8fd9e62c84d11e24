"""PRAW, kept from waiting, from praw.ini files and from asking for more than it is told to."""

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

#: What of ours is looked through for an answer, newest first: as far as Reddit shows it.
OWN_COMMENTS = 1_000

_COMMENT = "api/comment"
_WAIT = re.compile(r"(\d+) (second|minute)")
_SECONDS_PER = {"second": 1, "minute": 60}
#: seconds, where Reddit does not say how long somebody who writes too much has to wait
_DEFAULT_WAIT = 600.0
_PAGE = 100
_RATE_LIMIT_HEADERS = ("x-ratelimit-remaining", "x-ratelimit-used", "x-ratelimit-reset")


class RedditConnection:
    """The connection to Reddit, made by the first request that needs it.

    It reads as the application that it belongs to; with `account` it reads and writes as the
    account of the secrets.
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
        """Seconds until Reddit's next window when this one's requests are used up, else 0."""
        return self._requestor.seconds_to_rest if self._requestor else 0.0

    def get_listing(self, path: str, params: dict[str, str | int]) -> Any:
        """One page of a listing as Reddit sends it: PRAW's own objects fail as a whole where one
        item is broken.
        """
        return self._reddit.request(method="GET", path=path, params=params)

    def get_items_by_name(self, fullnames: Sequence[str]) -> Any:
        """A listing of the things of up to 100 names as they are now."""
        return self.get_listing("api/info/", {"id": ",".join(fullnames)})

    def get_account_name(self) -> str:
        """The name of the account, in one request."""
        own = self._reddit.get("api/v1/me")
        return str((own if isinstance(own, Mapping) else vars(own)).get("name") or "")

    def publish_comment(self, parent: str, text: str) -> Mapping[str, Any]:
        """Publish a comment below a thing, by one request, and return it as Reddit shows it.

        SourceUncertain where it may have been published.
        """
        try:
            made = self._reddit.post(_COMMENT, data={"thing_id": parent, "text": text})
            return dict(vars(made[0]))
        except praw.exceptions.RedditAPIException as error:
            raise _comment_refused_error(error) from error
        except (prawcore.BadJSON, LookupError, TypeError, ValueError, AttributeError) as error:
            raise SourceUncertain(
                "Reddit's answer to the comment cannot be read; it may be there"
            ) from error

    def list_comments_by(self, name: str) -> Iterator[Mapping[str, Any]]:
        """The comments of an account, newest first, as far as Reddit shows them; one request for
        100.
        """
        after: str | None = ""
        for _ in range(OWN_COMMENTS // _PAGE):
            params: dict[str, str | int] = {"limit": _PAGE, "sort": "new"}
            params |= {"after": after} if after else {}
            page = self._reddit.get(f"user/{name}/comments", params=params)
            if not isinstance(page, praw.models.Listing):
                raise SourceUnavailable(
                    "Reddit answered with something that is not a listing; tried again later"
                )
            yield from (
                vars(thing) for thing in page.children if isinstance(thing, praw.models.Comment)
            )
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
    """Leaves PRAW nothing to wait for: it would sleep up to ten minutes for a limit, and for
    seconds after a failure.

    The limits are the source's to mind, and a failing Reddit is asked again at the next poll. Only
    a lost connection is tried again, at once: a kept one may have been closed by the other side.
    """

    seconds_to_rest = 0.0

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        url = str(kwargs.get("url", "") or next(iter(args[1:]), "")).rstrip("/")
        publishing = url.endswith(_COMMENT)
        if publishing:
            # On a new connection: what is lost on a kept one may have been closed before, or not.
            self.close()
        try:
            response = self._send_request(*args, publishing=publishing, **kwargs)
        except prawcore.RequestException as error:
            reason = _network_reason(error.original_exception)
            if publishing and not _was_never_sent(error.original_exception):
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
            if publishing:
                raise SourceUncertain(
                    f"Reddit failed ({response.status_code}); it may have published the comment"
                )
            failed = f"Reddit failed ({response.status_code}); tried again later"
            raise SourceUnavailable(failed, parse_retry_after_header(headers))
        self.seconds_to_rest = _seconds_to_rest(headers)
        for name in _RATE_LIMIT_HEADERS:
            response.headers.pop(name, None)
        return response

    def _send_request(self, *args: Any, publishing: bool, **kwargs: Any) -> requests.Response:
        try:
            return super().request(*args, **kwargs)
        except prawcore.RequestException as error:
            if publishing or isinstance(error.original_exception, requests.Timeout):
                raise
        self.close()  # other kept connections may have been closed with it
        return super().request(*args, **kwargs)


def _seconds_to_rest(headers: Mapping[str, str]) -> float:
    try:
        remaining = float(headers.get("x-ratelimit-remaining", "1"))
        return max(float(headers.get("x-ratelimit-reset", "0")), 1.0) if remaining < 1 else 0.0
    except ValueError:
        return 0.0


@dataclass(frozen=True, slots=True)
class _RedditLogin:
    """How an account is logged in to; nothing for none."""

    username: str | None = None
    password: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)


def can_log_in(secrets: Secrets) -> bool:
    """Whether the secrets name an account, and prove that it is ours."""
    password = (
        secrets.reddit_username.get_secret_value() and secrets.reddit_password.get_secret_value()
    )
    application = (
        secrets.reddit_client_id.get_secret_value()
        and secrets.reddit_client_secret.get_secret_value()
    )
    return bool(application and (password or secrets.reddit_refresh_token.get_secret_value()))


def _choose_login(secrets: Secrets) -> _RedditLogin:
    """A refresh token is asked for first: it can be taken back, and lets do no more than it was
    given for.
    """
    if token := secrets.reddit_refresh_token.get_secret_value():
        return _RedditLogin(refresh_token=token)
    return _RedditLogin(
        secrets.reddit_username.get_secret_value(), secrets.reddit_password.get_secret_value()
    )


def _comment_refused_error(error: praw.exceptions.RedditAPIException) -> SourceError:
    """Why Reddit has not published a comment, in its own words."""
    item = error.items[0]
    said = " ".join(f"{item.error_type}: {item.message or ''}".split())[:200]
    if item.error_type != "RATELIMIT":
        return SourceRefused(f"Reddit does not take the comment ({said})")
    seconds = _DEFAULT_WAIT
    if wait := _WAIT.search(item.message or ""):
        seconds = float(wait[1]) * _SECONDS_PER[wait[2]]
    return SourceUnavailable(f"Reddit does not take the comment yet ({said})", seconds)


def _was_never_sent(error: BaseException) -> bool:
    """Whether a request has certainly not left: no connection came about."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    cause = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    return isinstance(getattr(cause, "reason", cause), urllib3.exceptions.NewConnectionError)


def _ignore_praw_ini() -> None:
    """Let PRAW know its own defaults only: a praw.ini that lies about could redirect the
    credentials.
    """
    defaults = ConfigParser(interpolation=None)
    defaults.read_string(files("praw").joinpath("praw.ini").read_text("utf-8"))
    Config.CONFIG = defaults


def credentials_error() -> SourceRefused:
    """The error for credentials that are missing or refused."""
    return SourceRefused(
        "Reddit refuses the credentials; set REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET in the "
        "environment or in .env"
    )


def reddit_rate_limit_error(seconds: float | None) -> SourceUnavailable:
    """The error for a limit that is reached, with the seconds until it opens again."""
    when = f"in {seconds:.0f} seconds" if seconds is not None else "later"
    return SourceUnavailable(
        f"Reddit's limit on requests is reached; it wants to be asked again {when}", seconds
    )


def _network_reason(error: BaseException) -> str:
    """Why Reddit could not be reached, without addresses."""
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT} seconds"
    if isinstance(error, requests.exceptions.SSLError):
        return "the certificate is not valid"
    return "no connection"
