"""The manifest from which Slack creates the app: exactly the scopes and events that are used."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitor.slack.views.action_ids import CAPTURE

#: For each scope of the bot, what it is for.
SCOPES: Mapping[str, str] = {
    "chat:write": "showing cards, and answering people; without it nothing works",
    "channels:read": "finding channels by name, and `repwatch check`",
    "channels:history": (
        "finding a message whose answer got lost, and hearing that somebody wrote below a card"
    ),
    "groups:read": "finding private channels by name",
    "groups:history": "the same as channels:history in private channels",
    "metadata.message:read": "telling our own messages apart in a channel's history",
    "files:write": "the pictures and the page of a digest; without it text stands for them",
    "files:read": "knowing that a picture can be shown, and that a file has arrived",
    "reactions:read": "taking and resolving by 👀 and ✅",
    "commands": "/repwatch, and “Add feedback” in the menu of a message",
    "im:write": "telling somebody in private who is not in the channel",
    "users:read": "naming who did something below a card, instead of calling them by a mention",
    "usergroups:read": "knowing who is in the groups named under [respond]",
}
#: The events that the bot subscribes to.
EVENTS = ("app_home_opened", "message.channels", "message.groups", "reaction_added")
COMMAND = "/repwatch"

_USAGE_HINT = (
    "search WORDS | mine | open | show 41 | duty | handover @name | giveback | stats | "
    "improve | improvements | event 6.5.0 release | mute RULE 2h | digest | help"
)
_COLOUR = "#1f4e5f"
_DESCRIPTION = "Shows the customer feedback that needs a human, and follows it until it is answered"


def build_manifest(url: str = "") -> dict[str, Any]:
    """Return the manifest for Socket Mode or, with the `url` that Slack is to call, for HTTP."""
    request_url = {"request_url": url} if url else {}
    command: dict[str, Any] = {
        "command": COMMAND,
        "description": "Find, list and count what customers said",
        "usage_hint": _USAGE_HINT,
        "should_escape": True,
    }
    if url:
        command["url"] = url
    return {
        "display_information": {
            "name": "repwatch",
            "description": _DESCRIPTION,
            "background_color": _COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "repwatch", "always_online": True},
            "shortcuts": [
                {
                    "name": "Add feedback",
                    "type": "message",
                    "callback_id": CAPTURE,
                    "description": "Make customer feedback of this message",
                }
            ],
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def to_yaml(value: Mapping[str, Any]) -> str:
    """Return a value in YAML; every text is in quotes, as in JSON."""
    return "\n".join(_yaml_lines(value)) + "\n"


def _yaml_lines(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(item, (Mapping, list)):
                yield f"{key}:"
                yield from (f"  {line}" for line in _yaml_lines(item))
            else:
                yield f"{key}: {json.dumps(item, ensure_ascii=False)}"
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            first, *rest = _yaml_lines(item)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    else:
        yield json.dumps(value, ensure_ascii=False)
