"""How the app is set up in the workspace: what it hears of, and which of its words people can
use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tests.world.slack_messages import HISTORY_SCOPES
from tests.world.slack_wire import Json

#: What the app must be granted to hear of each event that it can subscribe to; empty: nothing.
EVENT_SCOPES: Mapping[str, str] = {
    **{
        f"message.{kind}s" if kind != "im" else "message.im": scope
        for kind, scope in HISTORY_SCOPES.items()
    },
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "app_home_opened": "",
}

#: What the bot must be granted for each method of the Web API; what is not named needs nothing.
METHOD_SCOPES: Mapping[str, str] = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.info": "channels:read",
    "conversations.join": "channels:join",
    "conversations.list": "channels:read",
    "conversations.open": "im:write",
    "users.conversations": "channels:read",
    "users.info": "users:read",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.info": "files:read",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
}


@dataclass(frozen=True, slots=True)
class AppSettings:
    """What the pages of the app's settings say; None stands for whatever it likes."""

    events: frozenset[str] = frozenset(EVENT_SCOPES)
    commands: frozenset[str] | None = None
    shortcuts: frozenset[str] | None = None  #: by callback_id
    interactive: bool = True
    home_tab: bool = True

    @classmethod
    def from_manifest(cls, manifest: Json) -> Self:
        """The settings that an app manifest asks for; KeyError or TypeError for what Slack would
        not take either.
        """
        features, settings = manifest["features"], manifest["settings"]
        return cls(
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
            commands=frozenset(
                command["command"] for command in features.get("slash_commands", [])
            ),
            shortcuts=frozenset(
                shortcut["callback_id"] for shortcut in features.get("shortcuts", [])
            ),
            interactive=settings.get("interactivity", {}).get("is_enabled", False),
            home_tab=features.get("app_home", {}).get("home_tab_enabled", False),
        )
