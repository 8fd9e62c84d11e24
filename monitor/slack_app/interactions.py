"""Interactions: what people did in Slack, parsed from Slack's payloads into frozen values.

Only what is needed of a payload is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from monitor.domain.actor import Actor
from monitor.slack.views import shown_alert
from monitor.slack.views.action_ids import OPEN_ORIGINAL, RULE_FORMS, Click, parse_click
from monitor.slack.views.forms import FormSubmission

Json = Mapping[str, Any]


class InteractionKind(StrEnum):
    """The kind of an interaction."""

    CLICK = "click"  #: a button or an entry of a menu
    SUBMIT = "submit"  #: sent off a modal
    COMMAND = "command"  #: typed /repwatch
    SHORTCUT = "shortcut"  #: chose ours in the menu of a message
    REACTION = "reaction"  #: put an emoji on a message
    WORDS = "words"  #: wrote in a thread; the words themselves are not kept
    HOME = "home"  #: opened the Home tab


#: The emoji that do something, without colons.
TAKE_EMOJI, RESOLVE_EMOJI = "eyes", "white_check_mark"
#: A message of a person has none of Slack's subtypes but these.
_PERSON_SUBTYPES = frozenset({"thread_broadcast", "file_share"})
#: A control without a name is none of ours; for a link the browser does it all.
_IGNORED_CLICKS = ("", OPEN_ORIGINAL)
_KEPT_OF_VIEW = ("id", "callback_id", "private_metadata", "hash", "type")
_KEPT_OF_ACTION = ("action_id", "block_id", "value", "selected_option")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """One thing that one person did in Slack."""

    kind: InteractionKind
    key: str  #: the same whenever Slack delivers it again, and for nothing else
    app: str  #: the id of the Slack app that it came through
    person: str  #: the id of a Slack user
    channel: str = ""
    #: Slack's ts of the message clicked, reacted to or chosen, or of the thread's first
    message: str = ""
    text: str = ""  #: of a command, a chosen message or an emoji
    author: str = ""  #: who wrote the chosen message
    action: Json = field(default_factory=dict, hash=False)  #: what was clicked
    #: the modal or the Home tab in which it was done
    view: Json = field(default_factory=dict, hash=False)
    values: Json = field(default_factory=dict, hash=False)  #: what was filled in
    trigger: str = field(default="", repr=False)  #: opens a modal within three seconds
    answer_url: str = field(default="", repr=False)  #: takes five answers within half an hour

    @property
    def actor(self) -> Actor:
        """The person as an actor of events and alerts."""
        return Actor.slack(self.person)

    @property
    def dedupe_key(self) -> str:
        """The key by which the inbox recognises what Slack delivers again."""
        unique = f"{self.kind}\x1f{self.key}".encode(errors="surrogatepass")
        return hashlib.blake2b(unique, digest_size=16).hexdigest()

    @property
    def view_mark(self) -> str:
        """The external id of the modal that is shown while this is worked on."""
        return f"rule-{self.dedupe_key}"

    @property
    def click(self) -> Click:
        """What was clicked."""
        return parse_click(self.action)

    @property
    def is_on_answer(self) -> bool:
        """Whether it was clicked in an answer that shows one person an alert or the register."""
        return self.action.get("block_id") == shown_alert.BUTTONS or bool(self.click.improvement)

    @property
    def form_submission(self) -> FormSubmission:
        """The modal that was sent off; its values were checked before."""
        return FormSubmission.from_carried(
            _get_text(self.view, "callback_id"),
            _get_text(self.view, "private_metadata"),
            self.values,
        )

    def to_json(self) -> bytes:
        """Return the body of the inbox entry."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return json.dumps(fields).encode()

    @classmethod
    def from_json(cls, body: bytes) -> Self:
        """Parse what `to_json` made; for other bytes raises LookupError, TypeError, ValueError."""
        values = json.loads(body)
        return cls(**{**values, "kind": InteractionKind(values["kind"])})


def parse_payload(body: Json) -> Interaction | None:
    """Parse a payload of Slack; None where repwatch does not act on it."""
    if body.get("type") == "event_callback":
        return _from_event(body, _get_mapping(body, "event"))
    if "command" in body:
        return _from_command(body)
    readers = {"block_actions": _from_block_actions, "message_action": _from_shortcut}
    reader = readers.get(str(body.get("type")))
    return reader(body) if reader else None


def interaction_from_form(body: Json, form: FormSubmission) -> Interaction:
    """Return the interaction for a modal that was sent off and is filled in well."""
    view = _get_mapping(body, "view")
    key = f"{_get_text(view, 'id')}:{_get_text(view, 'hash')}"
    if form.callback in RULE_FORMS:  # it stays open, and is sent off again as it is
        key = f"{key}:{_get_text(body, 'trigger_id')}"
    return _make_interaction(
        InteractionKind.SUBMIT,
        body,
        key,
        view=_pick_keys(view, _KEPT_OF_VIEW),
        values=dict(form.values),
    )


def _from_block_actions(body: Json) -> Interaction | None:
    action = _first_action(body)
    if parse_click(action).name in _IGNORED_CLICKS:
        return None
    trigger = _get_text(body, "trigger_id")
    return _make_interaction(
        InteractionKind.CLICK,
        body,
        f"{trigger}:{_get_text(action, 'action_id')}:{_get_text(action, 'action_ts')}",
        message=_get_text(_get_mapping(body, "container"), "message_ts"),
        action=_pick_keys(action, _KEPT_OF_ACTION),
        view=_pick_keys(_get_mapping(body, "view"), _KEPT_OF_VIEW),
        trigger=trigger,
        answer_url=_get_text(body, "response_url"),
    )


def _first_action(body: Json) -> Json:
    """The first entry of `actions`; empty where it is none."""
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions:
        return {}
    first = actions[0]
    return first if isinstance(first, Mapping) else {}


def _from_shortcut(body: Json) -> Interaction:
    message = _get_mapping(body, "message")
    return _make_interaction(
        InteractionKind.SHORTCUT,
        body,
        f"{_get_text(body, 'trigger_id')}:{_get_text(body, 'action_ts')}",
        message=_get_text(message, "ts"),
        text=_get_text(message, "text"),
        author=_get_text(message, "user"),
        trigger=_get_text(body, "trigger_id"),
    )


def _from_command(body: Json) -> Interaction:
    return Interaction(
        kind=InteractionKind.COMMAND,
        key=_get_text(body, "trigger_id"),
        app=_get_text(body, "api_app_id"),
        person=_get_text(body, "user_id"),
        channel=_get_text(body, "channel_id"),
        text=_get_text(body, "text"),
        trigger=_get_text(body, "trigger_id"),
        answer_url=_get_text(body, "response_url"),
    )


def _from_event(body: Json, event: Json) -> Interaction | None:
    place: dict[str, Any] = {}
    match event.get("type"):
        case "reaction_added" if event.get("reaction") in (TAKE_EMOJI, RESOLVE_EMOJI):
            item = _get_mapping(event, "item")
            place = {
                "channel": _get_text(item, "channel"),
                "message": _get_text(item, "ts"),
                "text": _get_text(event, "reaction"),
            }
            kind = InteractionKind.REACTION
        case "message" if _is_person_in_thread(event):
            place = {
                "channel": _get_text(event, "channel"),
                "message": _get_text(event, "thread_ts"),
            }
            kind = InteractionKind.WORDS
        case "app_home_opened" if event.get("tab") == "home":
            kind = InteractionKind.HOME
        case _:
            return None
    return Interaction(
        kind=kind,
        key=_get_text(body, "event_id"),
        app=_get_text(body, "api_app_id"),
        person=_get_text(event, "user"),
        **place,
    )


def _is_person_in_thread(event: Json) -> bool:
    """Whether a person wrote this below a message, not a program, nor Slack about somebody."""
    thread = _get_text(event, "thread_ts")
    in_thread = bool(thread) and thread != event.get("ts")
    written = event.get("subtype") in (None, "", *_PERSON_SUBTYPES)
    by_person = bool(event.get("user")) and not event.get("bot_id")
    return in_thread and written and by_person


def _make_interaction(kind: InteractionKind, body: Json, key: str, **values: Any) -> Interaction:
    return Interaction(
        kind=kind,
        key=key,
        app=_get_text(body, "api_app_id"),
        person=_get_text(_get_mapping(body, "user"), "id"),
        channel=_get_text(_get_mapping(body, "channel"), "id"),
        **values,
    )


def _get_mapping(mapping: Json, name: str) -> Json:
    value = mapping.get(name)
    return value if isinstance(value, Mapping) else {}


def _get_text(mapping: Json, name: str) -> str:
    value = mapping.get(name)
    return value if isinstance(value, str) else ""


def _pick_keys(mapping: Json, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: mapping[name] for name in names if mapping.get(name)}
