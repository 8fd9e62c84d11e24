"""The Slack app as Slack is asked to make it: exactly the scopes, events and words that are
used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitor.slack.views.action_ids import CAPTURE

#: What each scope of the bot is for, and what does not work without it.
SCOPES: Mapping[str, str] = {
    "chat:write": "showing cards, and answering people; without it nothing works",
    "channels:read": "finding channels by name, and `repwatch check`",
    "channels:history": "finding a message whose answer got lost, and hearing that somebody wrote below a card",
    "groups:read": "finding private channels by name",
    "groups:history": "the same as channels:history in private channels",
    "metadata.message:read": "telling our own messages apart in a channel's history",
    "reactions:read": "taking and resolving by 👀 and ✅",
    "commands": "/repwatch, and “Add feedback” in the menu of a message",
    "im:write": "telling somebody in private who is not in the channel",
    "usergroups:read": "knowing who is in the groups named under [respond]",
}
#: What the bot hears of.
EVENTS = ("app_home_opened", "message.channels", "message.groups", "reaction_added")
COMMAND = "/repwatch"

_COLOUR = "#1f4e5f"


def build_manifest(url: str = "") -> dict[str, Any]:
    """The manifest for Socket Mode, or with `url` for HTTP: the address at which Slack reaches
    repwatch.
    """
    called = {"request_url": url} if url else {}
    command = {
        "command": COMMAND,
        "description": "Find, list and count what customers said",
        "usage_hint": "search WORDS | mine | open | stats | mute RULE 2h | help",
        "should_escape": False,
    }
    return {
        "display_information": {
            "name": "repwatch",
            "description": "Shows the customer feedback that needs a human, and follows it until it is answered",
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
            "slash_commands": [{**command, **({"url": url} if url else {})}],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**called, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **called},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def to_yaml(value: Mapping[str, Any]) -> str:
    """The same in YAML; every text is in quotes, as in JSON."""
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
