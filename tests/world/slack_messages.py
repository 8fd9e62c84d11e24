"""What lies in a Slack workspace: conversations, messages, and how Slack shows them to an app."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tests.world.slack_mrkdwn import Reading, read_message
from tests.world.slack_wire import Json

TEAM = "T0WORLD"
DOMAIN = "world"
APP = "A0WORLD"
BOT_USER = "U0BOT"
BOT_ID = "B0BOT"
VERIFICATION = "Shh_its_a_seekrit"  #: the deprecated token that every payload still carries

Privacy = Literal["channel", "group", "im"]  #: public, private, direct

#: What an app must be granted to read the messages of a conversation of this kind, and to hear of
#: new ones.
HISTORY_SCOPES: Mapping[Privacy, str] = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
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
    #: which reaction by whom, in the order they were given
    reacted: tuple[tuple[str, str], ...] = ()
    posted_at: float = 0.0  #: seconds, by the server's clock
    deleted: bool = False
    files: tuple[str, ...] = ()  #: ids of the files that it shares
    only_for: str = ""  #: the one person who sees it, for an ephemeral message

    @property
    def reading(self) -> Reading:
        """What people see, who is pinged, and what can be clicked."""
        return read_message(self.text, list(self.blocks))

    @property
    def reactions(self) -> tuple[str, ...]:
        """The names of its reactions, each once."""
        return tuple(dict.fromkeys(name for name, _ in self.reacted))


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
    kind: Privacy = "channel"
    user: str = ""  #: with whom, for a direct conversation


def shown(message: Message, with_metadata: bool = False) -> Json:
    """A message as an app is shown it."""
    value: Json = {"type": "message", "ts": message.ts, "user": message.user, "text": message.text}
    value |= {"bot_id": BOT_ID, "app_id": APP, "team": TEAM} if message.user == BOT_USER else {}
    value |= {"subtype": "thread_broadcast"} if message.broadcast else {}
    value |= {"blocks": list(message.blocks)} if message.blocks else {}
    value |= {"metadata": message.metadata} if with_metadata and message.metadata else {}
    value |= {"edited": {"user": message.user, "ts": message.ts}} if message.edits else {}
    value |= {"reactions": [_reaction(message, name) for name in message.reactions]}
    return value | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def shown_channel(channel: Channel) -> Json:
    """A conversation as an app is shown it."""
    kinds = {"is_channel": channel.kind == "channel", "is_im": channel.kind == "im"}
    state = {"is_private": channel.kind != "channel", "is_archived": channel.archived}
    if channel.kind == "im":
        return {"id": channel.id, "user": channel.user} | kinds | state
    names = {"id": channel.id, "name": channel.name, "name_normalized": channel.name}
    return names | kinds | state | {"is_member": channel.member}


def _reaction(message: Message, name: str) -> Json:
    users = [user for given, user in message.reacted if given == name]
    return {"name": name, "count": len(users), "users": users}
