"""Slack's modals and home tabs: `views.open`, `views.push`, `views.update` and `views.publish`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.world.slack_blocks import view_problems
from tests.world.slack_elements import Filled, identified, state_of
from tests.world.slack_messages import APP, BOT_ID, TEAM
from tests.world.slack_wire import Json, Refused, decoded, missing

TRIGGER_SECONDS = 3.0  #: how long a trigger_id may be used
DEEPEST = 3  #: the most modals on top of each other
MOST_BYTES = 250_000  #: of a view as JSON


@dataclass(frozen=True, slots=True)
class View:
    """One modal or home tab as people see it now."""

    id: str
    content: Json
    hash: str
    user: str = ""  #: who sees it
    root: str = ""  #: the first modal of the stack, for a modal
    previous: str = ""  #: the modal under it

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, each with its ids."""
        return identified(self.content["blocks"])


class Views:
    """Every view that is open, and the trigger_ids that may open more."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.open: dict[str, View] = {}  #: by view id, oldest first
        self.home_enabled = True
        self._clock = clock
        self._triggers: dict[str, tuple[float, str]] = {}  # when each was issued, and to whom
        self._filled: dict[str, dict[tuple[str, str], Any]] = {}  # what people gave, by view id
        self._used: set[str] = set()
        self._count = 0

    @property
    def calls(self) -> Mapping[str, Callable[[Json], Json]]:
        """The methods of the Web API that it answers."""
        return {
            "views.open": self._open,
            "views.push": self._push,
            "views.update": self._update,
            "views.publish": self._publish,
        }

    def issue_trigger(self, user: str = "") -> str:
        """Return the trigger_id of a click that a person just made."""
        trigger = f"trigger.{self._next()}"
        self._triggers[trigger] = self._clock(), user
        return trigger

    def home(self, user: str) -> View | None:
        """The home tab that this person sees, if one was published."""
        return next(
            (view for view in self.open.values() if view.user == user and not view.root), None
        )

    def stack(self, user: str) -> list[View]:
        """The modals that this person has open, the topmost last."""
        return [view for view in self.open.values() if view.user == user and view.root]

    def filled(self, view: View) -> Filled:
        """What a person gave to the elements of a view so far."""
        return dict(self._filled.get(view.id, {}))

    def fill(self, view: View, values: Filled) -> None:
        """Let a person give values to elements of a view."""
        self._filled.setdefault(view.id, {}).update(values)

    def close(self, views: list[View]) -> None:
        """Take views away."""
        for view in views:
            self.open.pop(view.id, None)

    def respond(self, view: View, response: Any) -> str:
        """Act on what came with the acknowledgement of a submission; return what is wrong with it,
        if anything.
        """
        match response.get("response_action") if isinstance(response, dict) else None:
            case None:
                self.close([view])
            case "clear":
                self.close(self.stack(view.user))
            case "errors":
                asked = {block["block_id"] for block in view.blocks if block["type"] == "input"}
                unknown = sorted(set(response.get("errors", {})) - asked)
                return f"errors for what is no input block: {', '.join(unknown)}" if unknown else ""
            case "update" | "push" as action:
                return self._replace(view, response, pushing=action == "push")
            case other:
                return f"unknown response_action: {other}"
        return ""

    def _replace(self, view: View, response: Json, pushing: bool) -> str:
        """Show the view of a response on top of a modal, or in its place."""
        if pushing and len(self._pile(view)) >= DEEPEST:
            return "push_limit_reached"
        try:
            content = _content(response, "modal")
        except Refused as refusal:
            return f"{refusal.error}: {refusal.more}"
        number = self._next()
        if pushing:
            self._show(View(f"V{number}", content, str(number), view.user, view.root, view.id))
        else:
            self._show(View(view.id, content, str(number), view.user, view.root, view.previous))
        return ""

    def _pile(self, view: View) -> list[View]:
        """Every modal of the same stack."""
        return [other for other in self.stack(view.user) if other.root == view.root]

    def _open(self, arguments: Json) -> Json:
        content = _content(arguments, "modal")
        user = self._spend_trigger(arguments)
        number = self._next()
        return self._show(View(f"V{number}", content, str(number), user, f"V{number}"))

    def _push(self, arguments: Json) -> Json:
        content = _content(arguments, "modal")
        user = self._spend_trigger(arguments)
        if not (stack := self.stack(user)):
            raise Refused("not_found")
        if len(self._pile(stack[-1])) >= DEEPEST:
            raise Refused("push_limit_reached")
        number = self._next()
        return self._show(
            View(f"V{number}", content, str(number), user, stack[-1].root, stack[-1].id)
        )

    def _update(self, arguments: Json) -> Json:
        view = self._find(arguments)
        content = _content(arguments, view.content["type"])
        _check_hash(view, arguments)
        return self._show(
            View(view.id, content, str(self._next()), view.user, view.root, view.previous)
        )

    def _publish(self, arguments: Json) -> Json:
        if not (user := arguments.get("user_id")):
            raise missing("user_id")
        if not self.home_enabled:
            raise Refused("not_enabled")
        content = _content(arguments, "home")
        current = self.home(user)
        if current is not None:
            _check_hash(current, arguments)
        number = self._next()
        return self._show(
            View(current.id if current else f"V{number}", content, str(number), user=user)
        )

    def _spend_trigger(self, arguments: Json) -> str:
        """Return who clicked."""
        trigger = arguments.get("trigger_id")
        if not trigger:
            raise missing("trigger_id")
        if trigger in self._used:
            raise Refused("exchanged_trigger_id")
        if trigger not in self._triggers:
            raise Refused("invalid_trigger_id")
        issued_at, user = self._triggers[trigger]
        if self._clock() - issued_at > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")
        self._used.add(trigger)
        return user

    def _find(self, arguments: Json) -> View:
        for view in self.open.values():
            named = view.content.get("external_id")
            if view.id == arguments.get("view_id") or (
                named and named == arguments.get("external_id")
            ):
                return view
        raise Refused("not_found")

    def _show(self, view: View) -> Json:
        self.open[view.id] = view
        return {"view": shown_view(view, self.filled(view))}

    def _next(self) -> int:
        self._count += 1
        return self._count


def shown_view(view: View, filled: Filled) -> Json:
    """A view as an app is shown it."""
    empty: Json = {"private_metadata": "", "callback_id": "", "external_id": ""}
    if view.root:
        empty |= {"submit": None, "close": None, "clear_on_close": False, "notify_on_close": False}
    ours = {"team_id": TEAM, "app_id": APP, "app_installed_team_id": TEAM, "bot_id": BOT_ID}
    place = {"id": view.id, "hash": view.hash, "root_view_id": view.root or view.id}
    state = {"previous_view_id": view.previous or None, "state": state_of(view.blocks, filled)}
    return empty | view.content | {"blocks": view.blocks} | ours | place | state


def _check_hash(view: View, arguments: Json) -> None:
    """Refuse a change that was made against an older state of the view."""
    if arguments.get("hash", view.hash) != view.hash:
        raise Refused("hash_conflict")


def _content(arguments: Json, kind: str) -> Json:
    content: Any = decoded(arguments, "view", "invalid_arguments")
    if content is None:
        raise missing("view")
    if problems := view_problems(content, kind):
        messages = {"messages": [f"[ERROR] {problem}" for problem in problems]}
        raise Refused("invalid_arguments", response_metadata=messages)
    if len(json.dumps(content)) > MOST_BYTES:
        raise Refused("view_too_large")
    return dict(content)
