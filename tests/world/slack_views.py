"""Slack's modals and home tabs: `views.open`, `views.push`, `views.update` and `views.publish`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.world.slack_blocks import view_problems
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
    user: str = ""  #: whose home tab it is
    root: str = ""  #: the first modal of the stack, for a modal


class Views:
    """Every view that is open, and the trigger_ids that may open more."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.open: dict[str, View] = {}  #: by view id, oldest first
        self._clock = clock
        self._triggers: dict[str, float] = {}  # when each was issued
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

    def issue_trigger(self) -> str:
        """Return the trigger_id of a click that a person just made."""
        trigger = f"trigger.{self._next()}"
        self._triggers[trigger] = self._clock()
        return trigger

    def home(self, user: str) -> View | None:
        """The home tab that this person sees, if one was published."""
        return next((view for view in self.open.values() if view.user == user), None)

    def _open(self, arguments: Json) -> Json:
        content = _content(arguments, "modal")
        self._spend_trigger(arguments)
        number = self._next()
        return self._show(View(f"V{number}", content, str(number), root=f"V{number}"))

    def _push(self, arguments: Json) -> Json:
        content = _content(arguments, "modal")
        self._spend_trigger(arguments)
        stack = [view for view in self.open.values() if view.root]
        if not stack:
            raise Refused("not_found")
        root = stack[-1].root
        if sum(view.root == root for view in stack) >= DEEPEST:
            raise Refused("push_limit_reached")
        number = self._next()
        return self._show(View(f"V{number}", content, str(number), root=root))

    def _update(self, arguments: Json) -> Json:
        view = self._find(arguments)
        content = _content(arguments, view.content["type"])
        _check_hash(view, arguments)
        return self._show(View(view.id, content, str(self._next()), view.user, view.root))

    def _publish(self, arguments: Json) -> Json:
        if not (user := arguments.get("user_id")):
            raise missing("user_id")
        content = _content(arguments, "home")
        current = self.home(user)
        if current is not None:
            _check_hash(current, arguments)
        number = self._next()
        return self._show(View(current.id if current else f"V{number}", content, str(number), user=user))

    def _spend_trigger(self, arguments: Json) -> None:
        trigger = arguments.get("trigger_id")
        if not trigger:
            raise missing("trigger_id")
        if trigger in self._used:
            raise Refused("exchanged_trigger_id")
        if trigger not in self._triggers:
            raise Refused("invalid_trigger_id")
        if self._clock() - self._triggers[trigger] > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")
        self._used.add(trigger)

    def _find(self, arguments: Json) -> View:
        for view in self.open.values():
            named = view.content.get("external_id")
            if view.id == arguments.get("view_id") or (named and named == arguments.get("external_id")):
                return view
        raise Refused("not_found")

    def _show(self, view: View) -> Json:
        self.open[view.id] = view
        return {"view": {**view.content, "id": view.id, "hash": view.hash, "root_view_id": view.root or view.id}}

    def _next(self) -> int:
        self._count += 1
        return self._count


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
