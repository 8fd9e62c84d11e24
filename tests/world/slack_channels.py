"""The conversations of a Slack workspace and what is said there; `conversations.*` and
`users.conversations`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from tests.world.slack_delivery import Delivery
from tests.world.slack_directory import Directory
from tests.world.slack_messages import (
    HISTORY_SCOPES,
    Channel,
    Message,
    Privacy,
    shown,
    shown_channel,
)
from tests.world.slack_payloads import edit_event, message_event, reaction_event
from tests.world.slack_wire import YES, Json, Refused, missing, page_of


class Channels:
    """Every conversation, and the events that come of what happens in them.

    `history_lag` is how many seconds pass before history and replies know of a message; `tell`
    takes an event and the name under which an app subscribes to it.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        directory: Directory,
        scopes: set[str],
        history_lag: float,
        tell: Callable[[str, Json], Delivery | None],
    ) -> None:
        self.history_lag = history_lag
        self._clock = clock
        self._directory = directory
        self._scopes = scopes
        self._tell = tell
        self._all: dict[str, Channel] = {}
        self._last_ts = 0

    @property
    def calls(self) -> Mapping[str, Callable[[Json], Json]]:
        """The methods of the Web API that it answers."""
        return {
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": lambda arguments: {
                "channel": shown_channel(self.find(arguments))
            },
            "conversations.join": self._join,
            "conversations.open": self._open,
            "conversations.list": self._list,
            "users.conversations": self._mine,
        }

    # Conversations

    def add(self, channel: Channel) -> None:
        """Let a conversation be there, in place of one with the same id."""
        self._all[channel.id] = channel

    def __getitem__(self, channel: str) -> Channel:
        return self._all[channel]

    def direct(self, user: str) -> Channel:
        """The conversation between the bot and a person."""
        if user not in self._directory.users:
            raise Refused("user_not_found")
        channel = f"D{user[1:]}"
        return self._all.setdefault(channel, Channel(channel, "", kind="im", user=user))

    def find(self, arguments: Json, *, by_name: bool = False) -> Channel:
        """The conversation that a call names; Refused if there is none."""
        wanted = str(arguments.get("channel") or "")
        if not wanted:
            raise missing("channel")
        if by_name and wanted in self._directory.users:
            return self.direct(wanted)
        for channel in self._all.values():
            if wanted == channel.id or (
                by_name and channel.name and wanted.removeprefix("#") == channel.name
            ):
                return channel
        raise Refused("channel_not_found")

    def readable(self, arguments: Json) -> Channel:
        """The conversation that a call names, if the bot is in it."""
        channel = self.find(arguments)
        if not channel.member:
            raise Refused("not_in_channel")
        return channel

    def writable(self, arguments: Json, *, by_name: bool = False) -> Channel:
        """The conversation that a call names, if the bot may write there."""
        channel = self.find(arguments, by_name=by_name)
        if channel.archived:
            raise Refused("is_archived")
        if not channel.member:
            raise Refused("not_in_channel")
        return channel

    # Messages

    def next_ts(self) -> str:
        """A ts that is later than every one before."""
        self._last_ts = max(self._last_ts + 1, int(self._clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def keep(self, message: Message) -> tuple[Message, Delivery | None]:
        """Let a message appear, and return it with what the app hears of it."""
        channel = self._all[message.channel]
        kept = channel.messages[message.ts] = replace(message, posted_at=self._clock())
        return kept, self._tell(_subscription(channel), message_event(kept, channel))

    def change(self, before: Message, after: Message) -> Message:
        """Let a message be seen in its new state, or no more."""
        channel = self._all[before.channel]
        channel.messages[before.ts] = after
        self._tell(_subscription(channel), edit_event(before, after, channel, self.next_ts()))
        return after

    def react(self, message: Message, user: str, name: str) -> Delivery | None:
        """Let somebody react, and return what the app hears of it; Refused if they did so
        before.
        """
        if (name, user) in message.reacted:
            raise Refused("already_reacted")
        return self._reacted(
            message, (*message.reacted, (name, user)), "reaction_added", user, name
        )

    def unreact(self, message: Message, user: str, name: str) -> Delivery | None:
        """Let somebody take a reaction back, and return what the app hears of it; Refused if there
        is none.
        """
        if (name, user) not in message.reacted:
            raise Refused("no_reaction")
        left = tuple(given for given in message.reacted if given != (name, user))
        return self._reacted(message, left, "reaction_removed", user, name)

    def _reacted(
        self,
        message: Message,
        reacted: tuple[tuple[str, str], ...],
        kind: str,
        user: str,
        name: str,
    ) -> Delivery | None:
        changed = self._all[message.channel].messages[message.ts] = replace(
            message, reacted=reacted
        )
        return self._tell(kind, reaction_event(kind, changed, user, name, self.next_ts()))

    # What a client asks

    def _history(self, arguments: Json) -> Json:
        known = [m for m in self._known(arguments) if m.thread_ts is None or m.broadcast]
        return self._page(known[::-1], arguments, 100)

    def _replies(self, arguments: Json) -> Json:
        root = arguments.get("ts")
        known = [
            message for message in self._known(arguments) if root in {message.ts, message.thread_ts}
        ]
        if not known:
            raise Refused("thread_not_found")
        return self._page(known, arguments, 999)

    def _known(self, arguments: Json) -> Iterator[Message]:
        """Yield what history knows by now, oldest first."""
        channel = self.readable(arguments)
        if (needed := HISTORY_SCOPES[channel.kind]) not in self._scopes:
            raise Refused("missing_scope", needed=needed, provided=",".join(sorted(self._scopes)))
        newest = self._clock() - self.history_lag
        return (m for m in channel.messages.values() if not m.deleted and m.posted_at <= newest)

    def _page(self, messages: list[Message], arguments: Json, default: int) -> Json:
        stamps, cursor = page_of([message.ts for message in messages], arguments, default)
        full = arguments.get("include_all_metadata") in YES
        return {
            "messages": [shown(message, full) for message in messages if message.ts in stamps],
            "has_more": bool(cursor),
            "response_metadata": {"next_cursor": cursor},
        }

    def _join(self, arguments: Json) -> Json:
        channel = self.find(arguments)
        if channel.archived:
            raise Refused("is_archived")
        channel.member = True
        return {"channel": shown_channel(channel)}

    def _open(self, arguments: Json) -> Json:
        if not (users := str(arguments.get("users") or "")):
            raise Refused("users_list_not_supplied")
        if "," in users:
            raise Refused(
                "not_enough_users"
            )  # a conversation of several is more than this workspace knows
        return {"channel": {"id": self.direct(users).id}}

    def _list(self, arguments: Json) -> Json:
        """The channels that there are, page by page, whoever is in them; private ones need a scope
        and the bot in them.
        """
        wanted = _wanted_kinds(arguments)
        if "group" in wanted and "groups:read" not in self._scopes:
            provided = ",".join(sorted(self._scopes))
            raise Refused("missing_scope", needed="groups:read", provided=provided)
        found = [
            channel
            for channel in self._all.values()
            if channel.kind in wanted
            and (channel.kind == "channel" or channel.member)
            and not (channel.archived and arguments.get("exclude_archived") in YES)
        ]
        start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or 100)
        end = start + limit
        return {
            "channels": [shown_channel(channel) for channel in found[start:end]],
            "response_metadata": {"next_cursor": str(end) if end < len(found) else ""},
        }

    def _mine(self, arguments: Json) -> Json:
        wanted = _wanted_kinds(arguments)
        mine = [
            channel for channel in self._all.values() if channel.member and channel.kind in wanted
        ]
        return {
            "channels": [shown_channel(channel) for channel in mine],
            "response_metadata": {"next_cursor": ""},
        }


_KINDS: Mapping[str, Privacy] = {
    "public_channel": "channel",
    "private_channel": "group",
    "im": "im",
}


def _wanted_kinds(arguments: Json) -> set[Privacy]:
    kinds = str(arguments.get("types") or "public_channel").split(",")
    return {_KINDS[kind.strip()] for kind in kinds if kind.strip() in _KINDS}


def _subscription(channel: Channel) -> str:
    return "message.im" if channel.kind == "im" else f"message.{channel.kind}s"
