"""What people did in Slack, read from what Slack brings: frozen values, and only as much as is
needed of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from monitor.slack.views.action_ids import OPEN_ORIGINAL, Click, Handle, Proposal, clicked
from monitor.slack.views.forms import Submitted

Json = Mapping[str, Any]


class Kind(StrEnum):
    """What somebody did."""

    CLICK = "click"  #: a button or an entry of a menu
    SUBMIT = "submit"  #: sent off a dialog
    COMMAND = "command"  #: typed /repwatch
    SHORTCUT = "shortcut"  #: chose ours in the menu of a message
    REACTION = "reaction"  #: put an emoji on a message
    WORDS = "words"  #: wrote in a thread; the words themselves are not kept
    HOME = "home"  #: opened the Home tab


#: The emoji that do something, without colons.
TAKES, RESOLVES = "eyes", "white_check_mark"
#: A message of a person has none of Slack's subtypes but these.
_WRITTEN = frozenset({"thread_broadcast", "file_share"})
#: A link, which Slack tells of although the browser does it all, and what is no control of ours.
_NOTHING_TO_DO = ("", OPEN_ORIGINAL)
_KEPT_OF_VIEW = ("id", "callback_id", "private_metadata", "hash", "type")
_KEPT_OF_ACTION = ("action_id", "value", "selected_option")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One thing that one person did."""

    kind: Kind
    key: str  #: the same whenever Slack brings it again, and for nothing else
    app: str  #: the id of the Slack app that it came through
    person: str  #: the id of a Slack user
    channel: str = ""
    #: Slack's ts of the message clicked, reacted to or chosen, or of the thread's first
    message: str = ""
    text: str = ""  #: of a command, a chosen message or an emoji
    author: str = ""  #: who wrote the chosen message
    action: Json = field(default_factory=dict, hash=False)  #: what was clicked
    #: the dialog or the Home tab in which it was done
    view: Json = field(default_factory=dict, hash=False)
    values: Json = field(default_factory=dict, hash=False)  #: what was filled into the dialog
    trigger: str = field(default="", repr=False)  #: opens a dialog within three seconds
    answer_url: str = field(default="", repr=False)  #: takes five answers within half an hour

    @property
    def actor(self) -> str:
        """The person as events and alerts name them."""
        return f"user:{self.person}"

    @property
    def digest(self) -> str:
        """Tells it apart from everything else that ever arrives."""
        return hashlib.blake2b(
            f"{self.kind}\x1f{self.key}".encode(errors="surrogatepass"), digest_size=16
        ).hexdigest()

    @property
    def click(self) -> Click:
        """What was clicked."""
        return clicked(self.action)

    @property
    def submitted(self) -> Submitted:
        """The dialog that was sent off, as it was read before."""
        carried = _text(self.view, "private_metadata")
        proposal = Proposal.parse(carried)
        handle = proposal.handle if proposal else Handle.parse(carried)
        return Submitted(_text(self.view, "callback_id"), handle, self.values, proposal, carried)

    def dumped(self) -> bytes:
        """As it is kept in the inbox."""
        return json.dumps(
            {name: getattr(self, name) for name in self.__dataclass_fields__}
        ).encode()

    @classmethod
    def parse(cls, kept: bytes) -> Self:
        """What `dumped` has kept."""
        values = json.loads(kept)
        return cls(**{**values, "kind": Kind(values["kind"])})


def read(body: Json) -> Arrival | None:
    """What a payload of Slack tells, or None where it is nothing that repwatch acts on."""
    if body.get("type") == "event_callback":
        return _event(body, _table(body, "event"))
    if "command" in body:
        return _command(body)
    readers = {"block_actions": _click, "message_action": _shortcut}
    reader = readers.get(str(body.get("type")))
    return reader(body) if reader else None


def submission(body: Json, dialog: Submitted) -> Arrival:
    """A dialog that was sent off and is filled in well."""
    view = _table(body, "view")
    key = f"{_text(view, 'id')}:{_text(view, 'hash')}"
    return _arrival(
        Kind.SUBMIT, body, key, view=_part(view, _KEPT_OF_VIEW), values=dict(dialog.values)
    )


def _click(body: Json) -> Arrival | None:
    actions = body.get("actions")
    action = (
        actions[0]
        if isinstance(actions, list) and actions and isinstance(actions[0], Mapping)
        else {}
    )
    if clicked(action).name in _NOTHING_TO_DO:
        return None
    trigger = _text(body, "trigger_id")
    return _arrival(
        Kind.CLICK,
        body,
        f"{trigger}:{_text(action, 'action_id')}:{_text(action, 'action_ts')}",
        message=_text(_table(body, "container"), "message_ts"),
        action=_part(action, _KEPT_OF_ACTION),
        view=_part(_table(body, "view"), _KEPT_OF_VIEW),
        trigger=trigger,
        answer_url=_text(body, "response_url"),
    )


def _shortcut(body: Json) -> Arrival:
    message = _table(body, "message")
    return _arrival(
        Kind.SHORTCUT,
        body,
        f"{_text(body, 'trigger_id')}:{_text(body, 'action_ts')}",
        message=_text(message, "ts"),
        text=_text(message, "text"),
        author=_text(message, "user"),
        trigger=_text(body, "trigger_id"),
    )


def _command(body: Json) -> Arrival:
    return Arrival(
        kind=Kind.COMMAND,
        key=_text(body, "trigger_id"),
        app=_text(body, "api_app_id"),
        person=_text(body, "user_id"),
        channel=_text(body, "channel_id"),
        text=_text(body, "text"),
        trigger=_text(body, "trigger_id"),
        answer_url=_text(body, "response_url"),
    )


def _event(body: Json, event: Json) -> Arrival | None:
    place: dict[str, Any] = {}
    match event.get("type"):
        case "reaction_added" if event.get("reaction") in (TAKES, RESOLVES):
            item = _table(event, "item")
            place = {
                "channel": _text(item, "channel"),
                "message": _text(item, "ts"),
                "text": _text(event, "reaction"),
            }
            kind = Kind.REACTION
        case "message" if _by_person_below(event):
            place = {"channel": _text(event, "channel"), "message": _text(event, "thread_ts")}
            kind = Kind.WORDS
        case "app_home_opened" if event.get("tab") == "home":
            kind = Kind.HOME
        case _:
            return None
    return Arrival(
        kind=kind,
        key=_text(body, "event_id"),
        app=_text(body, "api_app_id"),
        person=_text(event, "user"),
        **place,
    )


def _by_person_below(event: Json) -> bool:
    """Whether a person wrote this below a message, rather than a program, or Slack about
    somebody.
    """
    below = _text(event, "thread_ts")
    written = event.get("subtype") in (None, "", *_WRITTEN)
    return bool(
        below
        and below != event.get("ts")
        and written
        and event.get("user")
        and not event.get("bot_id")
    )


def _arrival(kind: Kind, body: Json, key: str, **values: Any) -> Arrival:
    return Arrival(
        kind=kind,
        key=key,
        app=_text(body, "api_app_id"),
        person=_text(_table(body, "user"), "id"),
        channel=_text(_table(body, "channel"), "id"),
        **values,
    )


def _table(of: Json, name: str) -> Json:
    found = of.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(of: Json, name: str) -> str:
    found = of.get(name)
    return found if isinstance(found, str) else ""


def _part(of: Json, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: of[name] for name in names if of.get(name)}
