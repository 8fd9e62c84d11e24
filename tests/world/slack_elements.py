"""What people can click and fill in: the interactive elements of blocks, and what Slack tells an
app about them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.world.slack_wire import Json

#: What the value of an element is called in a payload, and where its first value stands in the
#: element itself.
_FIELDS: Mapping[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_STATELESS = {"button", "overflow", "image"}

#: The values that people gave to elements, by block_id and action_id.
Filled = Mapping[tuple[str, str], Any]


@dataclass(frozen=True, slots=True)
class Element:
    """One interactive element where it stands."""

    block: Json
    content: Json

    @property
    def place(self) -> tuple[str, str]:
        """Its block_id and action_id."""
        return self.block["block_id"], self.content["action_id"]

    @property
    def kind(self) -> str:
        """Its type."""
        return str(self.content["type"])

    @property
    def is_input(self) -> bool:
        """True in an input block, which tells the app only on submission unless it says
        otherwise.
        """
        return bool(self.block["type"] == "input")

    @property
    def options(self) -> list[Json]:
        """What can be chosen from."""
        groups = self.content.get("option_groups", [])
        return [
            *self.content.get("options", []),
            *(option for group in groups for option in group["options"]),
        ]

    def value(self, choice: Any) -> Any:
        """What a payload holds for a choice: an option by its value or its words, anything else as
        it is.
        """
        if choice is None or not self.options:
            return choice
        if isinstance(choice, (list, tuple)):
            return [self._option(one) for one in choice]
        return self._option(choice)

    def state(self, filled: Filled) -> Json:
        """What the state of a message or a view says of it."""
        name, initial = _FIELDS[self.kind]
        value = filled[self.place] if self.place in filled else self.content.get(initial)
        return {"type": self.kind, name: value or ([] if self.kind == "checkboxes" else None)}

    def act(self, choice: Any, action_ts: str) -> Json:
        """The entry in `actions` when somebody uses it."""
        block_id, action_id = self.place
        action: Json = {
            "type": self.kind,
            "block_id": block_id,
            "action_id": action_id,
            "action_ts": action_ts,
        }
        if self.kind == "button":
            return action | {
                key: self.content[key]
                for key in ("text", "value", "style", "url")
                if key in self.content
            }
        shown = {key: self.content[key] for key in ("placeholder",) if key in self.content}
        return action | shown | {_FIELDS[self.kind][0]: choice}

    def problem(self, filled: Filled) -> str:
        """Why Slack does not let a dialog with this be submitted; empty if it does."""
        (value,) = (content for name, content in self.state(filled).items() if name != "type")
        if not value:
            return "" if self.block.get("optional") else "must be filled in"
        if self.kind == "plain_text_input":
            if len(value) < self.content.get("min_length", 0):
                return f"needs {self.content['min_length']} characters"
            if len(value) > self.content.get("max_length", 3_000):
                return f"takes {self.content.get('max_length', 3_000)} characters"
        if self.kind == "number_input":
            return self._number_problem(str(value))
        return ""

    def _number_problem(self, value: str) -> str:
        try:
            number = float(value)
        except ValueError:
            return "takes a number"
        if not self.content["is_decimal_allowed"] and "." in value:
            return "takes a whole number"
        low = float(self.content.get("min_value", number))
        high = float(self.content.get("max_value", number))
        return "" if low <= number <= high else f"takes {low:g} to {high:g}"

    def _option(self, choice: str) -> Json:
        for option in self.options:
            if choice in {option["value"], option["text"]["text"]}:
                return option
        values = ", ".join(option["value"] for option in self.options)
        raise AssertionError(f"{self.place[1]} offers no {choice!r}, only: {values}")


def identified(blocks: list[Json] | tuple[Json, ...]) -> list[Json]:
    """The blocks with an id for each block and element that came without one, as Slack gives
    them.
    """
    return [_identified(block, number) for number, block in enumerate(blocks)]


def elements(blocks: list[Json]) -> Iterator[Element]:
    """Yield every interactive element of identified blocks, as they stand from top to bottom."""
    for block in blocks:
        parts = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for content in parts:
            if isinstance(content, dict) and "action_id" in content:
                yield Element(block, content)


def state_of(blocks: list[Json], filled: Filled) -> Json:
    """The `state` of a message or a view."""
    values: dict[str, Json] = {}
    for element in elements(blocks):
        if element.kind not in _STATELESS:
            block_id, action_id = element.place
            values.setdefault(block_id, {})[action_id] = element.state(filled)
    return {"values": values}


def _identified(block: Json, number: int) -> Json:
    named = {"block_id": f"b{number}", **block}
    for key in ("accessory", "element"):
        if key in block:
            named[key] = _element(block[key], f"b{number}")
    if block["type"] == "actions":
        named["elements"] = [
            _element(part, f"b{number}.{place}") for place, part in enumerate(block["elements"])
        ]
    return named


def _element(content: Json, name: str) -> Json:
    return content if content["type"] == "image" else {"action_id": name, **content}
