"""The client of Slack's Web API: each call is sent once, and what fails says its fate."""

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
from monitor.slack.slack_time import SlackTime

#: Seconds for connecting, and for each wait for data.
TIMEOUT = 15

_MAX_PAGES = 200
# slack_sdk logs errors that we report, and at DEBUG whole messages and a proxy's password.
_SILENT = logging.getLogger("repwatch.slack_sdk")
_SILENT.setLevel(logging.CRITICAL)
_FAILURES = (
    OSError,
    http.client.HTTPException,
    ValueError,
    LookupError,
    AttributeError,
    SlackRequestError,
)


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """Slack's answer to a call."""

    data: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)  #: names in lower case


class SlackApi:
    """Calls methods with one token; safe to use from several threads.

    Proxies are taken from the environment.
    """

    def __init__(
        self,
        token: SecretStr,
        base_url: str,
        timeout: int = TIMEOUT,
        *,
        variable: str = errors.BOT_TOKEN,
        slack_time: SlackTime | None = None,
    ) -> None:
        """`variable` is the environment variable of the token, for error messages.

        `slack_time` learns from every answer.
        """
        self._slack_time = slack_time
        self._variable = variable
        self._mistake = _find_token_mistake(token.get_secret_value(), base_url, variable)
        # The client's default handlers send again when an answer is lost, and so post twice.
        self._client = WebClient(
            token=token.get_secret_value(),
            base_url=f"{base_url.rstrip('/')}/",
            timeout=timeout,
            retry_handlers=[],
            logger=_SILENT,
        )

    def call_once(self, method: str, arguments: Mapping[str, Any]) -> ApiResponse:
        """Call a method that may not be called twice.

        Raises the DeliveryError that says whether it may have been carried out.
        """
        return self._call_method(method, _channel_of(arguments), json=dict(arguments))

    def call_idempotent(self, method: str, arguments: Mapping[str, Any]) -> ApiResponse:
        """Call a method that may be called twice: a lost answer raises DeliveryDelayed."""
        try:
            return self.call_once(method, arguments)
        except DeliveryUncertain as error:
            raise DeliveryDelayed(str(error)) from error

    def call_read(self, method: str, arguments: Mapping[str, Any]) -> ApiResponse:
        """Call a method that only reads; its arguments go as a form instead of JSON."""
        try:
            return self._call_method(method, _channel_of(arguments), params=dict(arguments))
        except DeliveryUncertain as error:
            raise DeliveryDelayed(str(error)) from error

    def find_permalink(self, channel: str, ts: str) -> str:
        """Return where people see a message; empty where Slack does not tell."""
        arguments = {"channel": channel, "message_ts": ts}
        try:
            answer = self.call_read("chat.getPermalink", arguments)
        except DeliveryError:
            return ""
        return str(answer.data.get("permalink") or "")

    def read_pages(self, method: str, arguments: Mapping[str, Any]) -> Iterator[ApiResponse]:
        """Yield every page of a list; raises DeliveryDelayed for a list without an end."""
        cursor = ""
        for _ in range(_MAX_PAGES):
            at_cursor = {**arguments, "cursor": cursor} if cursor else arguments
            page = self.call_read(method, at_cursor)
            yield page
            cursor = _next_cursor(page)
            if not cursor:
                return
        raise DeliveryDelayed(f"{method} does not end after {_MAX_PAGES} pages")

    def _call_method(self, method: str, channel: str, **arguments: Any) -> ApiResponse:
        if self._mistake:
            raise DeliveryForbidden(self._mistake)
        # Raised here and not where it is caught: the client's errors hold the request with its
        # token.
        result = self._send_call(method, channel, arguments)
        if isinstance(result, DeliveryError):
            raise result
        return result

    def _send_call(
        self, method: str, channel: str, arguments: Mapping[str, Any]
    ) -> ApiResponse | DeliveryError:
        try:
            response = self._client.api_call(method, **arguments)
        except SlackApiError as error:
            response = error.response
            self._note_answer(_lower_names(response.headers))
            return self._to_delivery_error(method, response, channel)
        except _FAILURES as error:
            return errors.classify_failure(method, error)
        headers = _lower_names(response.headers)
        self._note_answer(headers)
        if not isinstance(response.data, Mapping):
            return self._to_delivery_error(method, response, channel)
        return ApiResponse(response.data, headers)

    def _note_answer(self, headers: Mapping[str, str]) -> None:
        if self._slack_time:
            self._slack_time.note_answer(headers)

    def _to_delivery_error(
        self, method: str, response: SlackResponse, channel: str
    ) -> DeliveryError:
        status, headers = response.status_code, response.headers
        return errors.classify_refusal(
            method, status, headers, response.data, channel, self._variable
        )


def _lower_names(headers: Mapping[str, Any]) -> Mapping[str, str]:
    return {name.lower(): str(value) for name, value in headers.items()}


def _channel_of(arguments: Mapping[str, Any]) -> str:
    return str(arguments.get("channel", ""))


def _next_cursor(page: ApiResponse) -> str:
    """The cursor of the page that follows; empty after the last one."""
    metadata = page.data.get("response_metadata")
    return str(metadata.get("next_cursor") or "") if isinstance(metadata, Mapping) else ""


_TOKEN_PREFIXES = {errors.BOT_TOKEN: "xoxb-", errors.APP_TOKEN: "xapp-"}


def _find_token_mistake(token: str, base_url: str, variable: str) -> str:
    """What is wrong with the token or the address; empty for nothing.

    A library would quote the token whole in its error.
    """
    if not base_url.lower().startswith(("https://", "http://")):
        return 'slack.api_url is no address; write "https://slack.com/api/" or leave it out'
    if not token:
        prefix = _TOKEN_PREFIXES.get(variable, "")
        return f"no Slack token; set {variable} to the token of your app ({prefix}...)"
    if not token.isascii() or not token.isprintable() or " " in token:
        return (
            f"{variable} holds characters that no token has; copy it again from the app's settings"
        )
    return ""
