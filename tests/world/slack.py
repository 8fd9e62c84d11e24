"""A Slack workspace for tests: the Web API over HTTP, state in memory, as strict as the real one.

It has no idempotency, as Slack has none: what is posted twice is there twice. Limits are checked by
`slack_blocks`, what a reader sees is told by `slack_mrkdwn`, and what goes wrong on the line is in `faults`.
"""

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.world.faults import Fault, Reply, Request, answers, answers_after_commit
from tests.world.server import LocalServer
from tests.world.slack_blocks import metadata_problem
from tests.world.slack_mrkdwn import Reading, read_message
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
    page_of,
    reply_with,
)

BOT_TOKEN = "xoxb-world-bot"
BOT_USER = "U0BOT"
BOT_ID = "B0BOT"
TEAM = "T0WORLD"
CHANNEL = "C0REVIEWS"  #: there from the start, with the bot in it

_MOST_TEXT = 40_000  # characters, cut on posting
_MOST_UPDATE_TEXT = 4_000
_SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "conversations.info": "channels:read",
    "conversations.join": "channels:join",
    "users.info": "users:read",
    "reactions.add": "reactions:write",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message in a channel."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: tuple[Json, ...] = ()
    metadata: Json | None = None
    thread_ts: str | None = None  #: the root's ts, for a reply
    broadcast: bool = False  #: a reply that is shown in the channel as well
    edits: int = 0
    reactions: tuple[str, ...] = ()
    posted_at: float = 0.0  #: seconds, by the server's clock
    deleted: bool = False

    @property
    def reading(self) -> Reading:
        """What people see, who is pinged, and what can be clicked."""
        return read_message(self.text, list(self.blocks))


@dataclass(slots=True)
class Channel:
    """One conversation."""

    id: str
    name: str
    member: bool = True  #: whether the bot is in it
    archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)  # by ts, oldest first
    allowance: float = 0.0  # messages that may be posted at once
    counted_at: float = 0.0


def ratelimited(retry_after: int | None) -> Fault:
    """Answer 429 as Slack does; None leaves the header out."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return answers(429, JSON_TYPE | headers, b'{"ok":false,"error":"ratelimited"}')


def failed_after_commit(error: str = "fatal_error") -> Fault:
    """Do what was asked, and answer 200 with an error that says nothing about it: fatal_error, internal_error."""
    return answers_after_commit(200, JSON_TYPE, json.dumps({"ok": False, "error": error}).encode())


class Slack(LocalServer):
    """One workspace with one bot.

    `posts_per_second` (None switches it off) and `burst` are the limit on chat.postMessage in each channel;
    `history_lag` is how many seconds pass before history and replies know of a message.
    """

    def __init__(
        self,
        *,
        posts_per_second: float | None = 1.0,
        burst: int = 3,
        history_lag: float = 0.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(clock=clock)
        self.posts_per_second = posts_per_second
        self.burst = burst
        self.history_lag = history_lag
        self.views = Views(clock)
        self.scopes = set(_SCOPES.values())
        self.users: dict[str, Json] = {BOT_USER: {"name": "repwatch", "is_bot": True}}
        self._tokens = {BOT_TOKEN: ""}  # the error that it gives, if any
        self._channels: dict[str, Channel] = {}
        self._postings: list[Message] = []
        self._last_ts = 0
        self.add_channel(CHANNEL, "reviews")

    # What a test does

    @property
    def api_url(self) -> str:
        """What a client takes as its base_url."""
        return f"{self.url}/api/"

    def add_channel(self, channel: str, name: str, *, member: bool = True, archived: bool = False) -> None:
        """Open a channel, or change the one with this id to these settings without its messages."""
        with self._lock:
            self._channels[channel] = Channel(channel, name, member, archived, {}, self.burst, self.clock())

    def add_user(self, user: str, name: str, **fields: Any) -> None:
        """Let a person join the workspace."""
        with self._lock:
            self.users[user] = {"name": name, "is_bot": False, **fields}

    def revoke(self, token: str = BOT_TOKEN, error: str = "token_revoked") -> None:
        """Answer every call with this token with an error: token_revoked, token_expired, account_inactive."""
        with self._lock:
            self._tokens[token] = error

    def say(self, channel: str, user: str, text: str, *, thread_ts: str | None = None) -> str:
        """Let a person write, and return the ts."""
        with self._lock:
            return self._keep(Message(self._next_ts(), channel, user, text, thread_ts=thread_ts)).ts

    @property
    def postings(self) -> tuple[Message, ...]:
        """Every message that chat.postMessage accepted, as it was posted, oldest first."""
        with self._lock:
            return tuple(self._postings)

    def visible(self, channel: str = CHANNEL) -> tuple[Message, ...]:
        """The messages that people see in a channel and its threads now, oldest first."""
        with self._lock:
            return tuple(message for message in self._channels[channel].messages.values() if not message.deleted)

    # What a client asks

    def answer(self, request: Request) -> Reply:
        """Return the reply of the Web API to one call."""
        try:
            arguments = arguments_of(request)
            self._authorize(request, arguments)
            return reply_with(self._call(request.path.removeprefix("/api/"), arguments), self.scopes)
        except TooFast as pause:
            return ratelimited(pause.seconds)(request, self.answer)
        except Refused as refusal:
            return reply_with({"ok": False, "error": refusal.error, **refusal.more}, self.scopes)

    def _authorize(self, request: Request, arguments: Json) -> None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ") or arguments.get("token")
        if not token:
            raise Refused("not_authed")
        if (error := self._tokens.get(token, "invalid_auth")) != "":
            raise Refused(error)

    def _call(self, method: str, arguments: Json) -> Json:
        calls: Mapping[str, Callable[[Json], Json]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": self._channel_info,
            "conversations.join": self._join,
            "users.info": self._user_info,
            "reactions.add": self._react,
            **self.views.calls,
        }
        if method not in calls:
            raise Refused("unknown_method", req_method=method)
        if (needed := _SCOPES.get(method)) is not None and needed not in self.scopes:
            raise Refused("missing_scope", needed=needed, provided=",".join(sorted(self.scopes)))
        return {"ok": True, **calls[method](arguments)}

    def _auth_test(self, arguments: Json) -> Json:
        names = {"url": "https://world.slack.com/", "team": "World", "user": "repwatch"}
        return names | {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID, "is_enterprise_install": False}

    def _post(self, arguments: Json) -> Json:
        channel = self._writable(arguments, by_name=True)
        self._slow_down(channel)
        text, blocks = content_of(arguments)
        metadata = _metadata(arguments)
        thread_ts = arguments.get("thread_ts")
        if thread_ts is not None and thread_ts not in channel.messages:
            raise Refused("thread_not_found")
        message = Message(
            ts=self._next_ts(),
            channel=channel.id,
            user=BOT_USER,
            text=text[:_MOST_TEXT],
            blocks=tuple(blocks or ()),
            metadata=metadata,
            thread_ts=channel.messages[thread_ts].thread_ts or thread_ts if thread_ts else None,
            broadcast=arguments.get("reply_broadcast") in YES,
        )
        self._postings.append(self._keep(message))
        warned = {"warning": "message_truncated"} if len(text) > _MOST_TEXT else {}
        return {"channel": channel.id, "ts": message.ts, "message": self._shown(message, True)} | warned

    def _update(self, arguments: Json) -> Json:
        channel = self._writable(arguments)
        message = self._own_message(channel, arguments, "cant_update_message")
        text, blocks = content_of(arguments, has_blocks=bool(message.blocks))
        if len(text) > _MOST_UPDATE_TEXT:
            raise Refused("msg_too_long")
        metadata = _metadata(arguments)
        changed = replace(
            message,
            text=text if "text" in arguments else message.text,
            blocks=message.blocks if blocks is None else tuple(blocks),
            metadata=message.metadata if metadata is None else metadata,
            edits=message.edits + 1,
        )
        channel.messages[message.ts] = changed
        return {"channel": channel.id, "ts": message.ts, "text": changed.text, "message": self._shown(changed, True)}

    def _delete(self, arguments: Json) -> Json:
        channel = self._writable(arguments)
        message = self._own_message(channel, arguments, "cant_delete_message")
        channel.messages[message.ts] = replace(message, deleted=True)
        return {"channel": channel.id, "ts": message.ts}

    def _react(self, arguments: Json) -> Json:
        channel = self._readable(arguments)
        message = channel.messages.get(arguments.get("timestamp", ""))
        if message is None or message.deleted:
            raise Refused("message_not_found")
        name = arguments.get("name")
        if not name:
            raise Refused("no_reaction" if name is None else "invalid_name")
        if name in message.reactions:
            raise Refused("already_reacted")
        channel.messages[message.ts] = replace(message, reactions=(*message.reactions, name))
        return {}

    def _history(self, arguments: Json) -> Json:
        channel = self._readable(arguments)
        known = [m for m in self._known(channel) if m.thread_ts is None or m.broadcast]
        return self._page(known[::-1], arguments, 100)

    def _replies(self, arguments: Json) -> Json:
        channel = self._readable(arguments)
        root = arguments.get("ts")
        known = [message for message in self._known(channel) if root in {message.ts, message.thread_ts}]
        if not known:
            raise Refused("thread_not_found")
        return self._page(known, arguments, 999)

    def _page(self, messages: list[Message], arguments: Json, default: int) -> Json:
        stamps, cursor = page_of([message.ts for message in messages], arguments, default)
        full = arguments.get("include_all_metadata") in YES
        return {
            "messages": [self._shown(message, full) for message in messages if message.ts in stamps],
            "has_more": bool(cursor),
            "response_metadata": {"next_cursor": cursor},
        }

    def _channel_info(self, arguments: Json) -> Json:
        channel = self._find(arguments)
        names = {"id": channel.id, "name": channel.name, "name_normalized": channel.name}
        kinds = {"is_channel": True, "is_im": False, "is_private": False}
        return {"channel": names | kinds | {"is_archived": channel.archived, "is_member": channel.member}}

    def _join(self, arguments: Json) -> Json:
        channel = self._find(arguments)
        if channel.archived:
            raise Refused("is_archived")
        channel.member = True
        return self._channel_info(arguments)

    def _user_info(self, arguments: Json) -> Json:
        user = str(arguments.get("user", ""))
        if user not in self.users:
            raise Refused("user_not_found")
        profile = {"display_name": self.users[user]["name"], "real_name": self.users[user]["name"]}
        return {"user": {"id": user, "team_id": TEAM, "deleted": False, "profile": profile} | self.users[user]}

    # What it remembers

    def _find(self, arguments: Json, *, by_name: bool = False) -> Channel:
        wanted = arguments.get("channel")
        if not wanted:
            raise missing("channel")
        for channel in self._channels.values():
            if wanted == channel.id or (by_name and str(wanted).removeprefix("#") == channel.name):
                return channel
        raise Refused("channel_not_found")

    def _readable(self, arguments: Json) -> Channel:
        channel = self._find(arguments)
        if not channel.member:
            raise Refused("not_in_channel")
        return channel

    def _writable(self, arguments: Json, *, by_name: bool = False) -> Channel:
        channel = self._find(arguments, by_name=by_name)
        if channel.archived:
            raise Refused("is_archived")
        if not channel.member:
            raise Refused("not_in_channel")
        return channel

    def _own_message(self, channel: Channel, arguments: Json, refusal: str) -> Message:
        message = channel.messages.get(arguments.get("ts", ""))
        if message is None or message.deleted:
            raise Refused("message_not_found")
        if message.user != BOT_USER:
            raise Refused(refusal)
        return message

    def _known(self, channel: Channel) -> Iterator[Message]:
        """Yield what history knows by now, oldest first."""
        newest = self.clock() - self.history_lag
        return (m for m in channel.messages.values() if not m.deleted and m.posted_at <= newest)

    def _keep(self, message: Message) -> Message:
        kept = replace(message, posted_at=self.clock())
        self._channels[message.channel].messages[message.ts] = kept
        return kept

    def _next_ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

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

    def _shown(self, message: Message, with_metadata: bool) -> Json:
        shown: Json = {"type": "message", "ts": message.ts, "user": message.user, "text": message.text}
        shown |= {"bot_id": BOT_ID, "app_id": "A0WORLD", "team": TEAM} if message.user == BOT_USER else {}
        shown |= {"blocks": list(message.blocks)} if message.blocks else {}
        shown |= {"metadata": message.metadata} if with_metadata and message.metadata else {}
        shown |= {"edited": {"user": message.user, "ts": message.ts}} if message.edits else {}
        shown |= {"reactions": [{"name": n, "count": 1, "users": [BOT_USER]} for n in message.reactions]}
        return shown | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def _metadata(arguments: Json) -> Json | None:
    """Return the metadata of a call, if it has any that Slack takes."""
    metadata: Json | None = decoded(arguments, "metadata", "invalid_metadata_format")
    if metadata is not None and (error := metadata_problem(metadata)) is not None:
        raise Refused(error)
    return metadata
