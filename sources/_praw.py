"""PRAW, kept from waiting, from praw.ini files and from asking for more than it is told to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from configparser import ConfigParser
from importlib.resources import files
from typing import Any, cast

import praw
import prawcore
import requests
from praw.config import Config

from monitor.config import Secrets
from monitor.errors import SourceRefused, SourceUnavailable
from monitor.http.waiting import retry_after

TIMEOUT = 20  #: seconds for one request

_LIMITS = ("x-ratelimit-remaining", "x-ratelimit-used", "x-ratelimit-reset")


class Connection:
    """The connection to Reddit, made by the first request that needs it."""

    def __init__(self, secrets: Secrets, *, user_agent: str, reddit_url: str, oauth_url: str) -> None:
        client_id = secrets.reddit_client_id.get_secret_value()
        client_secret = secrets.reddit_client_secret.get_secret_value()
        if not client_id or not client_secret:
            raise bad_credentials()
        _ignore_praw_ini()
        self._session = requests.Session()
        self._requestor: _Requestor | None = None
        self._reddit = praw.Reddit(
            "DEFAULT",
            requestor_class=cast("type[prawcore.Requestor]", self._make_requestor),
            client_id=client_id,
            client_secret=client_secret,
            user_agent=user_agent,
            reddit_url=reddit_url.rstrip("/"),
            oauth_url=oauth_url.rstrip("/"),
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

    def info(self, fullnames: Sequence[str]) -> Iterator[object]:
        """The things of these names as they are now; one request for 100."""
        return self._reddit.info(fullnames=fullnames)

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        self._session.close()


class _Requestor(prawcore.Requestor):
    """Leaves PRAW nothing to wait for: it would sleep up to ten minutes for a limit, and for seconds after a failure.

    The limits are the source's to mind, and a failing Reddit is asked again at the next poll. Only a lost connection is
    tried again, at once: a kept one may have been closed by the other side.
    """

    seconds_to_rest = 0.0

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        try:
            response = self._sent(*args, **kwargs)
        except prawcore.RequestException as error:
            reason = _network_reason(error.original_exception)
            raise SourceUnavailable(f"Reddit cannot be reached: {reason}") from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        if response.status_code == 429:
            raise used_up(retry_after(headers))
        if response.status_code == 400:
            raise SourceRefused("Reddit cannot read the request (400); check [[sources]] query and subreddits")
        if response.status_code == 408 or response.status_code >= 500:
            failed = f"Reddit failed ({response.status_code}); tried again later"
            raise SourceUnavailable(failed, retry_after(headers))
        self.seconds_to_rest = _seconds_to_rest(headers)
        for name in _LIMITS:
            response.headers.pop(name, None)
        return response

    def _sent(self, *args: Any, **kwargs: Any) -> requests.Response:
        try:
            return super().request(*args, **kwargs)
        except prawcore.RequestException as error:
            if isinstance(error.original_exception, requests.Timeout):
                raise
        return super().request(*args, **kwargs)


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


def bad_credentials() -> SourceRefused:
    """The error for credentials that are missing or refused."""
    return SourceRefused(
        "Reddit refuses the credentials; set REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET in the environment or in .env"
    )


def used_up(seconds: float | None) -> SourceUnavailable:
    """The error for a limit that is reached, with the seconds until it opens again."""
    when = f"in {seconds:.0f} seconds" if seconds is not None else "later"
    return SourceUnavailable(f"Reddit's limit on requests is reached; it wants to be asked again {when}", seconds)


def _network_reason(error: BaseException) -> str:
    """Why Reddit could not be reached, without addresses."""
    if isinstance(error, requests.Timeout):
        return f"no answer within {TIMEOUT} seconds"
    return "the certificate is not valid" if isinstance(error, requests.exceptions.SSLError) else "no connection"
