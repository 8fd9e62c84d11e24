"""One call to Slack's Web API: sent once, answered or failed with its fate."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from monitor.errors import DeliveryDelayed, DeliveryError, DeliveryForbidden, DeliveryUncertain
from monitor.slack import errors

# Seconds for connecting and for each wait on the line.
TIMEOUT = 15

_PAGES_AT_MOST = 200
# The client's own log repeats errors that we report, and at DEBUG whole messages and a proxy's
# password.
_SILENT = logging.getLogger("repwatch.slack_sdk")
_SILENT.setLevel(logging.CRITICAL)
_BROKEN = (
    OSError,
    http.client.HTTPException,
    ValueError,
    LookupError,
    AttributeError,
    SlackRequestError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack said."""

    data: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)  #: names in lower case


class SlackApi:
    """Calls methods with a bot's token; safe to use from several threads. Proxies are taken from
    the environment.
    """

    def __init__(
        self,
        token: SecretStr,
        base_url: str,
        timeout: int = TIMEOUT,
        *,
        variable: str = errors.BOT_TOKEN,
    ) -> None:
        self._variable = variable
        self._mistake = _mistake_in(token.get_secret_value(), base_url, variable)
        # The client's default handlers send again when an answer is lost, and so post twice.
        self._client = WebClient(
            token=token.get_secret_value(),
            base_url=f"{base_url.rstrip('/')}/",
            timeout=timeout,
            retry_handlers=[],
            logger=_SILENT,
        )

    def post(self, method: str, arguments: Mapping[str, Any]) -> Answer:
        """Call a method that may not be called twice; raises the DeliveryError that tells the
        fate.
        """
        return self._call(method, str(arguments.get("channel", "")), json=dict(arguments))

    def repeat(self, method: str, arguments: Mapping[str, Any]) -> Answer:
        """Call a method that changes nothing when called twice: what is uncertain is merely
        late.
        """
        try:
            return self.post(method, arguments)
        except DeliveryUncertain as error:
            raise DeliveryDelayed(str(error)) from error

    def read(self, method: str, arguments: Mapping[str, Any]) -> Answer:
        """Call a method that only reads; it takes a form instead of JSON."""
        try:
            return self._call(method, str(arguments.get("channel", "")), params=dict(arguments))
        except DeliveryUncertain as error:
            raise DeliveryDelayed(str(error)) from error

    def pages(self, method: str, arguments: Mapping[str, Any]) -> Iterator[Answer]:
        """Read every page of a list; DeliveryDelayed should it not come to an end."""
        cursor = ""
        for _ in range(_PAGES_AT_MOST):
            answer = self.read(method, {**arguments, "cursor": cursor} if cursor else arguments)
            yield answer
            following = answer.data.get("response_metadata")
            cursor = following.get("next_cursor") or "" if isinstance(following, Mapping) else ""
            if not cursor:
                return
        raise DeliveryDelayed(f"{method} does not end after {_PAGES_AT_MOST} pages")

    def _call(self, method: str, channel: str, **arguments: Any) -> Answer:
        if self._mistake:
            raise DeliveryForbidden(self._mistake)
        # Raised here and not where it is caught: the client's errors hold the request with its
        # token.
        result = self._sent(method, channel, arguments)
        if isinstance(result, DeliveryError):
            raise result
        return result

    def _sent(
        self, method: str, channel: str, arguments: Mapping[str, Any]
    ) -> Answer | DeliveryError:
        try:
            response = self._client.api_call(method, **arguments)
        except SlackApiError as error:
            response = error.response
            return self._refused(method, response, channel)
        except _BROKEN as error:
            return errors.broken(method, error)
        if not isinstance(response.data, Mapping):
            return self._refused(method, response, channel)
        return Answer(
            response.data, {name.lower(): str(value) for name, value in response.headers.items()}
        )

    def _refused(self, method: str, response: SlackResponse, channel: str) -> DeliveryError:
        status, headers = response.status_code, response.headers
        return errors.refused(method, status, headers, response.data, channel, self._variable)


_BEGINS = {errors.BOT_TOKEN: "xoxb-", errors.APP_TOKEN: "xapp-"}


def _mistake_in(token: str, base_url: str, variable: str) -> str:
    """What is wrong with the token or the address; a library would quote the token whole in its
    error.
    """
    if not base_url.lower().startswith(("https://", "http://")):
        return 'slack.api_url is no address; write "https://slack.com/api/" or leave it out'
    if not token:
        return f"no Slack token; set {variable} to the token of your app ({_BEGINS.get(variable, '')}...)"
    if not token.isascii() or not token.isprintable() or " " in token:
        return (
            f"{variable} holds characters that no token has; copy it again from the app's settings"
        )
    return ""
