"""Deliveries over HTTP, signed as Slack signs them: events as JSON, interactions and commands as
forms.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from tests.world.slack_delivery import SOON, Answer, Delivery, Kind, Transport
from tests.world.slack_messages import VERIFICATION
from tests.world.slack_wire import Json
from tests.world.waiting import LAST_RESORT

SIGNING_SECRET = "5ig9in-world-secret"
_FORM = "application/x-www-form-urlencoded"
_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request to the app; a test may sign it anew, wrongly too, and post it again."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def signed(
        self, timestamp: str, *, secret: str = SIGNING_SECRET, signature: str | None = None
    ) -> Self:
        """The same request with this timestamp, signed with this secret, or with a signature as it
        is given.
        """
        base = b"v0:" + timestamp.encode() + b":" + self.body
        honest = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
        proof = {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": honest if signature is None else signature,
        }
        return replace(self, headers={**self.headers, **proof})

    def without(self, header: str) -> Self:
        """The same request without one header."""
        return replace(
            self, headers={name: value for name, value in self.headers.items() if name != header}
        )


@dataclass(frozen=True, slots=True)
class Heard:
    """What the app answered over HTTP."""

    status: int
    headers: Mapping[str, str]  #: names in lower case
    body: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class SignedHttp(Transport):
    """The request URLs of an app: one for all, or one each for events, interactions and
    commands.
    """

    def __init__(
        self,
        url: str,
        *,
        interactivity: str = "",
        commands: str = "",
        secret: str = SIGNING_SECRET,
        ack_within: float = LAST_RESORT,
        retry_after: tuple[float, ...] = SOON,
    ) -> None:
        super().__init__(ack_within=ack_within, retry_after=retry_after)
        self.secret = secret
        #: the workspace's, once it uses this transport
        self.clock: Callable[[], float] = lambda: 0.0
        self.sent: list[Sent] = []  #: every request so far, oldest first
        self._urls: Mapping[Kind, str] = {
            "events_api": url,
            "interactive": interactivity or url,
            "slash_commands": commands or url,
        }

    def verify(
        self, challenge: str = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
    ) -> bool:
        """Ask the app for the challenge, as Slack does before it takes a URL; True if it answers
        right.
        """
        payload = {"token": VERIFICATION, "challenge": challenge, "type": "url_verification"}
        heard = self.post(self.request_with("events_api", payload))
        return heard.status == 200 and challenge in heard.body

    def request_with(self, kind: Kind, payload: Json) -> Sent:
        """The request that carries this payload, signed now."""
        match kind:
            case "events_api":
                body, mime = json.dumps(payload), "application/json"
            case "interactive":
                body, mime = urlencode({"payload": json.dumps(payload)}), _FORM
            case "slash_commands":
                body, mime = urlencode(payload), _FORM
        headers = {"Content-Type": mime, "User-Agent": _AGENT, "Accept": "*/*"}
        return Sent(self._urls[kind], body.encode(), headers).signed(
            str(int(self.clock())), secret=self.secret
        )

    def post(self, request: Sent) -> Heard:
        """Post a request just as it is; OSError or HTTPException if no whole answer comes in
        time.
        """
        self.sent.append(request)
        address = urlsplit(request.url)
        connection = HTTPConnection(address.netloc, timeout=self.ack_within)
        try:
            connection.request("POST", address.path or "/", request.body, dict(request.headers))
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return Heard(answer.status, headers, answer.read().decode())
        finally:
            connection.close()

    def attempt(self, delivery: Delivery, number: int, reason: str) -> Answer:
        request = self.request_with(delivery.kind, delivery.payload)
        if number:
            again = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
            request = replace(request, headers={**request.headers, **again})
        try:
            heard = self.post(request)
        except TimeoutError:
            return Answer("http_timeout")
        except (OSError, HTTPException):
            return Answer("connection_failed")
        if heard.status != 200:
            return Answer("http_error", final=heard.headers.get("x-slack-no-retry") == "1")
        is_json = heard.headers.get("content-type", "").startswith("application/json")
        return Answer(response=(heard.json if is_json else heard.body) if heard.body else None)
