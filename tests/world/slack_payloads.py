"""The payloads that Slack sends to an app, as docs.slack.dev/reference/interaction-payloads and
/events have them.
"""

from typing import Any

from tests.world.slack_elements import Element, Filled, identified, state_of
from tests.world.slack_messages import (
    APP,
    BOT_USER,
    DOMAIN,
    TEAM,
    VERIFICATION,
    Channel,
    Message,
    shown,
)
from tests.world.slack_views import View, shown_view
from tests.world.slack_wire import Json

_NO_ENTERPRISE: Json = {"is_enterprise_install": False, "enterprise": None}


def who(user: str, name: str) -> Json:
    """A person in an interaction."""
    return {"id": user, "username": name, "name": name, "team_id": TEAM}


def message_action(
    person: Json,
    channel: Channel,
    message: Message,
    element: Element,
    choice: Any,
    filled: Filled,
    **stamps: str,
) -> Json:
    """The block_actions payload of a click on a message; `stamps`: trigger_id, response_url and
    action_ts.
    """
    blocks = identified(message.blocks)
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container |= {"is_ephemeral": bool(message.only_for)}
    container |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
    source: Json = {} if message.only_for else {"message": shown(message) | {"blocks": blocks}}
    return (
        _common("block_actions", person)
        | {"container": container, "trigger_id": stamps["trigger_id"], "channel": _place(channel)}
        | source
        | {"state": state_of(blocks, filled), "response_url": stamps["response_url"]}
        | {"actions": [element.act(choice, stamps["action_ts"])]}
    )


def view_action(
    person: Json, view: View, element: Element, choice: Any, filled: Filled, **stamps: str
) -> Json:
    """The block_actions payload of a click in a modal or on a home tab; `stamps`: trigger_id and
    action_ts.
    """
    return (
        _common("block_actions", person)
        | {"container": {"type": "view", "view_id": view.id}, "trigger_id": stamps["trigger_id"]}
        | {"view": shown_view(view, filled), "actions": [element.act(choice, stamps["action_ts"])]}
    )


def submission(person: Json, view: View, filled: Filled, trigger_id: str) -> Json:
    """The view_submission payload."""
    asked: Json = {"trigger_id": trigger_id, "view": shown_view(view, filled), "response_urls": []}
    return _common("view_submission", person) | asked


def closing(person: Json, view: View, filled: Filled, cleared: bool) -> Json:
    """The view_closed payload."""
    return _common("view_closed", person) | {
        "view": shown_view(view, filled),
        "is_cleared": cleared,
    }


def message_shortcut(
    person: Json, channel: Channel, message: Message, callback_id: str, **stamps: str
) -> Json:
    """The message_action payload; `stamps`: trigger_id, response_url and action_ts."""
    return (
        _common("message_action", person)
        | {
            "callback_id": callback_id,
            "channel": _place(channel),
            "message_ts": message.ts,
            "message": shown(message),
        }
        | stamps
    )


def global_shortcut(person: Json, callback_id: str, **stamps: str) -> Json:
    """The shortcut payload; `stamps`: trigger_id and action_ts."""
    return _common("shortcut", person) | {"callback_id": callback_id} | stamps


def slash_command(person: Json, channel: Channel, command: str, text: str, **stamps: str) -> Json:
    """The fields of a slash command; `stamps`: trigger_id and response_url."""
    return {
        "token": VERIFICATION,
        "team_id": TEAM,
        "team_domain": DOMAIN,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.kind == "im" else channel.name,
        "user_id": person["id"],
        "user_name": person["name"],
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        **stamps,
    }


def event_callback(event: Json, event_id: str, event_time: int) -> Json:
    """An event of the Events API in its envelope."""
    bot = {
        "enterprise_id": None,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": VERIFICATION,
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": event_time,
        "authorizations": [bot],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def message_event(message: Message, channel: Channel) -> Json:
    """The event of a new message."""
    return shown(message) | _in(channel, message.ts)


def edit_event(before: Message, after: Message, channel: Channel, event_ts: str) -> Json:
    """The event of a message that was edited, or deleted."""
    told: Json = {"type": "message", "hidden": True, "ts": event_ts} | _in(channel, event_ts)
    if after.deleted:
        return told | {
            "subtype": "message_deleted",
            "deleted_ts": before.ts,
            "previous_message": shown(before),
        }
    return told | {
        "subtype": "message_changed",
        "message": shown(after),
        "previous_message": shown(before),
    }


def reaction_event(kind: str, message: Message, user: str, name: str, event_ts: str) -> Json:
    """The event reaction_added or reaction_removed."""
    item = {"type": "message", "channel": message.channel, "ts": message.ts}
    about = {"item": item, "item_user": message.user, "event_ts": event_ts}
    return {"type": kind, "user": user, "reaction": name, **about}


def home_event(user: str, channel: Channel, view: View | None, event_ts: str) -> Json:
    """The event app_home_opened; it names the view that the person saw until now, if there was
    one.
    """
    event = {
        "type": "app_home_opened",
        "user": user,
        "channel": channel.id,
        "tab": "home",
        "event_ts": event_ts,
    }
    return event | ({"view": shown_view(view, {})} if view else {})


def _common(kind: str, person: Json) -> Json:
    place = {
        "team": {"id": TEAM, "domain": DOMAIN},
        "user": person,
        "api_app_id": APP,
        "token": VERIFICATION,
    }
    return {"type": kind} | place | _NO_ENTERPRISE


def _place(channel: Channel) -> Json:
    return {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.name}


def _in(channel: Channel, event_ts: str) -> Json:
    return {"channel": channel.id, "channel_type": channel.kind, "event_ts": event_ts}
