"""A Slack workspace for tests: the Web API over HTTP, state in memory, as strict as the real one.

It has no idempotency, as Slack has none: what is posted twice is there twice. Limits are checked by
`slack_blocks`, what a reader sees is told by `slack_mrkdwn`, and what goes wrong on the line is in
`faults`. What people do is in `slack_people`, and how the app hears of it in `slack_socket` and
`slack_http`.
"""

import json
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from tests.world.faults import Fault, Reply, Request, answers, answers_after_commit
from tests.world.server import LocalServer
from tests.world.slack_app import EVENT_SCOPES, METHOD_SCOPES, AppSettings
from tests.world.slack_blocks import metadata_problem
from tests.world.slack_channels import Channels
from tests.world.slack_delivery import Delivery, Transport
from tests.world.slack_directory import Directory
from tests.world.slack_files import PREFIX as UPLOADS
from tests.world.slack_files import Files
from tests.world.slack_http import SignedHttp
from tests.world.slack_messages import (
    BOT_ID,
    BOT_USER,
    DOMAIN,
    TEAM,
    Channel,
    Message,
    Privacy,
    shown,
)
from tests.world.slack_payloads import event_callback
from tests.world.slack_replies import PREFIX, ResponseUrls
from tests.world.slack_socket import SocketMode
from tests.world.slack_views import Views
from tests.world.slack_wire import (
    JSON_TYPE,
    YES,
    Json,
    Refused,
    TooFast,
    arguments_of,
    content_of,
    decoded,
    missing,
    reply_with,
)

BOT_TOKEN = "xoxb-world-bot"
APP_TOKEN = "xapp-1-A0WORLD-world"
CHANNEL = "C0REVIEWS"  #: there from the start, with the bot in it

_MOST_TEXT = 40_000  # characters, cut on posting
_MOST_UPDATE_TEXT = 4_000
_FOR_APP_TOKENS = {"apps.connections.open"}
#: What the bot is granted unless a test says otherwise: everything but private channels.
_SCOPES = {*METHOD_SCOPES.values(), *EVENT_SCOPES.values(), "commands"} - {"", "groups:history"}


def ratelimited(retry_after: int | None) -> Fault:
    """Answer 429 as Slack does; None leaves the header out."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return answers(429, JSON_TYPE | headers, b'{"ok":false,"error":"ratelimited"}')


def refused(error: str) -> Fault:
    """Do nothing, and answer 200 with this error."""
    return answers(200, JSON_TYPE, json.dumps({"ok": False, "error": error}).encode())


def failed_after_commit(error: str = "fatal_error") -> Fault:
    """Do what was asked, and answer 200 with an error that says nothing about it: fatal_error,
    internal_error.
    """
    return answers_after_commit(200, JSON_TYPE, json.dumps({"ok": False, "error": error}).encode())


class Slack(LocalServer):
    """One workspace with one bot.

    `posts_per_second` (None switches it off) and `burst` are the limit on chat.postMessage in each
    channel; `history_lag` is how many seconds pass before history and replies know of a message;
    `transport` is how the app hears of what people do: Socket Mode, unless a test says otherwise.
    """

    def __init__(
        self,
        *,
        posts_per_second: float | None = 1.0,
        burst: int = 3,
        history_lag: float = 0.0,
        transport: Transport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(clock=clock)
        self.posts_per_second = posts_per_second
        self.burst = burst
        self.app = AppSettings()
        self.scopes = set(_SCOPES)
        self.views = Views(clock)
        self.directory = Directory()
        self.channels = Channels(clock, self.directory, self.scopes, history_lag, self.tell)
        self.files = Files(clock, self.channels)
        self.transport: Transport = transport or SocketMode()
        self.use(self.transport)
        self._response_urls = ResponseUrls(clock)
        self._tokens = {BOT_TOKEN: "", APP_TOKEN: ""}  # the error that each gives, if any
        self._limits: dict[str, tuple[int, float]] = {}  # calls in so many seconds, by method
        self._calls: dict[str, deque[float]] = {}  # when each method was called of late
        self._postings: list[Message] = []
        self._ephemerals: list[Message] = []
        self._events = 0
        self.add_channel(CHANNEL, "reviews")

    # What a test does

    @property
    def api_url(self) -> str:
        """What a client takes as its base_url."""
        return f"{self.url}/api/"

    @property
    def holding(self) -> threading.RLock:
        """The lock under which everything changes; in a `with` statement, nothing else happens."""
        return self._lock

    def add_channel(
        self,
        channel: str,
        name: str,
        *,
        member: bool = True,
        archived: bool = False,
        kind: Privacy = "channel",
    ) -> None:
        """Open a channel, or change the one with this id to these settings without its messages."""
        with self._lock:
            self.channels.add(
                Channel(channel, name, member, archived, {}, self.burst, self.clock(), kind)
            )

    def add_user(self, user: str, name: str, **fields: Any) -> None:
        """Let a person join the workspace."""
        with self._lock:
            self.directory.add_user(user, name, **fields)

    def add_group(self, group: str, handle: str, users: Iterable[str]) -> None:
        """Found a user group, or change who is in it."""
        with self._lock:
            self.directory.add_group(group, handle, users)

    def install(self, manifest: Json) -> None:
        """Set the app up as its manifest asks: scopes, events, commands, shortcuts, home tab."""
        with self._lock:
            self.app = AppSettings.from_manifest(manifest)
            self.views.home_enabled = self.app.home_tab
            self.scopes.clear()
            self.scopes.update(manifest["oauth_config"]["scopes"]["bot"])

    def use(self, transport: Transport) -> Transport:
        """Bring everything to the app this way from now on."""
        if transport is not self.transport:
            self.transport.stop()
        if isinstance(transport, SignedHttp):
            transport.clock = self.clock
        transport.failures = self.failures
        self.transport = transport
        return transport

    @property
    def socket(self) -> SocketMode:
        """The transport, where it is Socket Mode."""
        assert isinstance(self.transport, SocketMode), "the app is called over HTTP"
        return self.transport

    def limit(self, method: str, calls: int, seconds: float = 60.0) -> None:
        """Answer a method with 429 when it is called more often than so in any such time."""
        with self._lock:
            self._limits[method] = calls, seconds

    def revoke(self, token: str = BOT_TOKEN, error: str = "token_revoked") -> None:
        """Answer every call with this token with an error: token_revoked, token_expired,
        account_inactive.
        """
        with self._lock:
            self._tokens[token] = error

    def say(self, channel: str, user: str, text: str, *, thread_ts: str | None = None) -> str:
        """Let a person write, and return the ts."""
        with self._lock:
            message = Message(self.channels.next_ts(), channel, user, text, thread_ts=thread_ts)
            return self.channels.keep(message)[0].ts

    @property
    def postings(self) -> tuple[Message, ...]:
        """Every message that chat.postMessage accepted, as it was posted, oldest first."""
        with self._lock:
            return tuple(self._postings)

    @property
    def ephemerals(self) -> tuple[Message, ...]:
        """The messages that only one person sees, oldest first, as they are now."""
        with self._lock:
            return tuple(message for message in self._ephemerals if not message.deleted)

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Everything that was brought to the app, oldest first."""
        return self.transport.deliveries

    def visible(self, channel: str = CHANNEL) -> tuple[Message, ...]:
        """The messages that people see in a channel and its threads now, oldest first."""
        with self._lock:
            return tuple(
                message
                for message in self.channels[channel].messages.values()
                if not message.deleted
            )

    def thread(self, root: Message) -> tuple[Message, ...]:
        """The replies that people see in the thread of a message, oldest first."""
        return tuple(
            message for message in self.visible(root.channel) if message.thread_ts == root.ts
        )

    def stop(self) -> None:
        self.transport.stop()
        super().stop()

    # What the app hears

    def tell(self, subscription: str, event: Json) -> Delivery | None:
        """Bring an event to the app if it subscribed to it, may know of it, and is there."""
        if subscription not in self.app.events or not self.transport.connected:
            return None
        if (scope := EVENT_SCOPES[subscription]) and scope not in self.scopes:
            return None
        self._events += 1
        payload = event_callback(event, f"Ev{self._events:09d}", int(self.clock()))
        return self.transport.bring(Delivery("events_api", payload))

    def response_url(self, channel: str, user: str, message_ts: str = "") -> str:
        """Return a new address at which the app may answer a person."""
        return self.url + self._response_urls.issue(channel, user, message_ts)

    # What a client asks

    def answer(self, request: Request) -> Reply:
        """Return the reply of the Web API to one call, or of a response URL."""
        if request.path.startswith(PREFIX):
            return self._answer_invited(request)
        if request.path.startswith(UPLOADS):
            return self.files.take(request)
        try:
            arguments = arguments_of(request)
            method = request.path.removeprefix("/api/")
            self._authorize(request, arguments, method)
            return reply_with(self._call(method, arguments), self.scopes)
        except TooFast as pause:
            return ratelimited(pause.seconds)(request, self.answer)
        except Refused as refusal:
            return reply_with({"ok": False, "error": refusal.error, **refusal.more}, self.scopes)

    def _authorize(self, request: Request, arguments: Json, method: str) -> None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ") or arguments.get(
            "token"
        )
        if not token:
            raise Refused("not_authed")
        if (error := self._tokens.get(token, "invalid_auth")) != "":
            raise Refused(error)
        if method != "auth.test" and (token == APP_TOKEN) != (method in _FOR_APP_TOKENS):
            raise Refused("not_allowed_token_type")

    def _call(self, method: str, arguments: Json) -> Json:
        calls: Mapping[str, Callable[[Json], Json]] = {
            "auth.test": self._auth_test,
            "apps.connections.open": self._connect,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._whisper,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "chat.getPermalink": self._permalink,
            "reactions.add": self._react,
            "reactions.remove": self._unreact,
            **self.channels.calls,
            **self.directory.calls,
            **self.views.calls,
            **self.files.calls(self.url),
        }
        if method not in calls:
            raise Refused("unknown_method", req_method=method)
        if (needed := METHOD_SCOPES.get(method)) is not None and needed not in self.scopes:
            raise Refused("missing_scope", needed=needed, provided=",".join(sorted(self.scopes)))
        self._pace(method)
        return {"ok": True, **calls[method](arguments)}

    def _auth_test(self, arguments: Json) -> Json:
        names = {"url": f"https://{DOMAIN}.slack.com/", "team": "World", "user": "repwatch"}
        return names | {
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    def _connect(self, arguments: Json) -> Json:
        if not isinstance(self.transport, SocketMode):
            raise Refused("socket_mode_not_enabled")
        return {"url": self.transport.open_url()}

    def _post(self, arguments: Json) -> Json:
        channel = self.channels.writable(arguments, by_name=True)
        self._slow_down(channel)
        text, blocks = content_of(arguments)
        if problem := self.files.problem(blocks):
            raise Refused("invalid_blocks", errors=[problem])
        metadata = _metadata(arguments)
        thread_ts = arguments.get("thread_ts")
        if thread_ts is not None and thread_ts not in channel.messages:
            raise Refused("thread_not_found")
        message = Message(
            ts=self.channels.next_ts(),
            channel=channel.id,
            user=BOT_USER,
            text=text[:_MOST_TEXT],
            blocks=tuple(blocks or ()),
            metadata=metadata,
            thread_ts=_root_of(channel, thread_ts),
            broadcast=arguments.get("reply_broadcast") in YES,
        )
        self._postings.append(self.channels.keep(message)[0])
        warned = {"warning": "message_truncated"} if len(text) > _MOST_TEXT else {}
        return {"channel": channel.id, "ts": message.ts, "message": shown(message, True)} | warned

    def _whisper(self, arguments: Json) -> Json:
        channel = self.channels.writable(arguments)
        if not (user := arguments.get("user")):
            raise missing("user")
        if user not in self.directory.users:
            raise Refused("user_not_in_channel")
        return {"message_ts": self._show_to(user, channel.id, arguments).ts}

    def _show_to(self, user: str, channel: str, arguments: Json) -> Message:
        """Show a message to one person."""
        text, blocks = content_of(arguments)
        ts, thread_ts = self.channels.next_ts(), arguments.get("thread_ts")
        content = tuple(blocks or ())
        message = Message(ts, channel, BOT_USER, text, content, thread_ts=thread_ts, only_for=user)
        self._ephemerals.append(message)
        return message

    def _update(self, arguments: Json) -> Json:
        channel = self.channels.writable(arguments)
        message = self._own_message(channel, arguments, "cant_update_message")
        changed = self.channels.change(message, _edited(message, arguments))
        return {
            "channel": channel.id,
            "ts": message.ts,
            "text": changed.text,
            "message": shown(changed, True),
        }

    def _delete(self, arguments: Json) -> Json:
        channel = self.channels.writable(arguments)
        message = self._own_message(channel, arguments, "cant_delete_message")
        self.channels.change(message, replace(message, deleted=True))
        return {"channel": channel.id, "ts": message.ts}

    def _permalink(self, arguments: Json) -> Json:
        channel = self.channels.readable(arguments)
        message = _message(channel, arguments.get("message_ts"))
        address = f"https://{DOMAIN}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
        thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
        return {"channel": channel.id, "permalink": address + thread}

    def _react(self, arguments: Json) -> Json:
        self.channels.react(*self._reaction(arguments))
        return {}

    def _unreact(self, arguments: Json) -> Json:
        self.channels.unreact(*self._reaction(arguments))
        return {}

    def _reaction(self, arguments: Json) -> tuple[Message, str, str]:
        message = _message(self.channels.readable(arguments), arguments.get("timestamp"))
        if not (name := arguments.get("name")):
            raise Refused("no_reaction" if name is None else "invalid_name")
        return message, BOT_USER, name

    def _own_message(self, channel: Channel, arguments: Json, refusal: str) -> Message:
        message = _message(channel, arguments.get("ts"))
        if message.user != BOT_USER:
            raise Refused(refusal)
        return message

    # What the app answers to a person

    def _answer_invited(self, request: Request) -> Reply:
        try:
            arguments = arguments_of(request)
            invitation = self._response_urls.use(request.path)
            self.answer_person(
                invitation.channel, invitation.user, arguments, invitation.message_ts
            )
            return Reply(200, {"Content-Type": "text/plain; charset=utf-8"}, b"ok")
        except Refused as refusal:
            gone = refusal.error in {"invalid_url", "expired_url", "used_url"}
            body = json.dumps({"ok": False, "error": refusal.error}).encode()
            return Reply(404 if gone else 400, JSON_TYPE, body)

    def answer_person(self, channel: str, user: str, arguments: Json, message_ts: str = "") -> None:
        """Show what the app answers to a click or a command: to the person alone, unless it says
        otherwise.
        """
        with self._lock:
            clicked = self._clicked(channel, message_ts)
            if clicked and arguments.get("delete_original") in YES:
                self._change(clicked, replace(clicked, deleted=True))
            elif clicked and arguments.get("replace_original") in YES:
                self._change(clicked, _edited(clicked, arguments))
            elif arguments.get("response_type") == "in_channel":
                text, blocks = content_of(arguments)
                ts, thread_ts = self.channels.next_ts(), arguments.get("thread_ts")
                self.channels.keep(
                    Message(ts, channel, BOT_USER, text, tuple(blocks or ()), thread_ts=thread_ts)
                )
            else:
                self._show_to(user, channel, arguments)

    def _clicked(self, channel: str, ts: str) -> Message | None:
        whispered = next((message for message in self.ephemerals if ts == message.ts), None)
        return whispered or self.channels[channel].messages.get(ts)

    def _change(self, before: Message, after: Message) -> None:
        if before.only_for:
            self._ephemerals[self._ephemerals.index(before)] = after
        else:
            self.channels.change(before, after)

    # What is too much

    def _pace(self, method: str) -> None:
        """Count one call against the limit of its method."""
        if method not in self._limits:
            return
        most, seconds = self._limits[method]
        now, calls = self.clock(), self._calls.setdefault(method, deque())
        while calls and calls[0] <= now - seconds:
            calls.popleft()
        if len(calls) >= most:
            raise TooFast(
                max(1, math.ceil(calls[0] + seconds - now)) if calls else math.ceil(seconds)
            )
        calls.append(now)

    def _slow_down(self, channel: Channel) -> None:
        """Count one posting against the channel's allowance."""
        if self.posts_per_second is None:
            return
        now = self.clock()
        earned = (now - channel.counted_at) * self.posts_per_second
        channel.allowance = min(channel.allowance + earned, float(self.burst))
        channel.counted_at = now
        if channel.allowance < 1:
            raise TooFast(max(1, math.ceil((1 - channel.allowance) / self.posts_per_second)))
        channel.allowance -= 1


def _root_of(channel: Channel, thread_ts: str | None) -> str | None:
    """The thread of a reply; below a message that was deleted it comes out at top level."""
    if not thread_ts or channel.messages[thread_ts].deleted:
        return None
    return channel.messages[thread_ts].thread_ts or thread_ts


def _message(channel: Channel, ts: Any) -> Message:
    """The message with this ts, if it can be seen."""
    message = channel.messages.get(ts or "")
    if message is None or message.deleted:
        raise Refused("message_not_found")
    return message


def _edited(message: Message, arguments: Json) -> Message:
    """The message with the words that a call gives, if Slack takes them."""
    text, blocks = content_of(arguments, has_blocks=bool(message.blocks))
    if len(text) > _MOST_UPDATE_TEXT:
        raise Refused("msg_too_long")
    metadata = _metadata(arguments)
    return replace(
        message,
        text=text if "text" in arguments else message.text,
        blocks=message.blocks if blocks is None else tuple(blocks),
        metadata=message.metadata if metadata is None else metadata,
        edits=message.edits + 1,
    )


def _metadata(arguments: Json) -> Json | None:
    """Return the metadata of a call, if it has any that Slack takes."""
    metadata: Json | None = decoded(arguments, "metadata", "invalid_metadata_format")
    if metadata is not None and (error := metadata_problem(metadata)) is not None:
        raise Refused(error)
    return metadata
