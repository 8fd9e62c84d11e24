"""Slack's limits on a message, checked over the final JSON, and worded as Slack words them.

Numbers: docs.slack.dev/reference/block-kit. The limit on all the text of a message together stands
nowhere in the documentation; messages of 9,597 characters passed and of 11,341 did not
(slackapi/bolt-js issue 2867).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MOST_BLOCKS = 50  #: in a message
MOST_VIEW_BLOCKS = 100
MOST_TEXT = 11_000  #: characters in all text objects of a message
MOST_BYTES = 16_000  #: of the blocks as compact UTF-8 JSON
MOST_MARKDOWN = 12_000  #: characters in all markdown blocks of a message
MOST_METADATA = 1_000  #: bytes; Slack names no number

#: What is wrong, and the JSON pointer of where.
Problem = tuple[str, str]
Check = Callable[[Any, str], Iterator[Problem]]


def block_problems(blocks: Any) -> list[str]:
    """Return what Slack would say about the blocks of a message, one line each; nothing if it takes
    them.
    """
    return _worded(_block_list(MOST_BLOCKS)(blocks, "/blocks"))


def view_problems(view: Any, kind: str) -> list[str]:
    """Return what Slack would say about a modal or a home tab, one line each; nothing if it takes
    it.
    """
    return _worded(_one_of_kind({kind: VIEWS[kind]})(view, "/view")) or _worded(
        _missing_submit(view)
    )


def is_too_long(blocks: list[Any]) -> bool:
    """True if Slack answers msg_blocks_too_long although each block is within its own limits."""
    texts = [*text_objects(blocks)]
    total = sum(len(text["text"]) for text in texts)
    markdown = sum(len(text["text"]) for text in texts if text["type"] == "markdown")
    size = len(
        json.dumps(blocks, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        )
    )
    return total > MOST_TEXT or size > MOST_BYTES or markdown > MOST_MARKDOWN


def text_objects(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every part of the blocks that has words: plain_text, mrkdwn, markdown, and rich text
    elements.
    """
    if isinstance(node, list):
        for item in node:
            yield from text_objects(item)
    elif isinstance(node, dict):
        if (
            node.get("type") in {"plain_text", "mrkdwn", "markdown", "text", "link"}
            and "text" in node
        ):
            yield node
        for value in node.values():
            yield from text_objects(value)


def metadata_problem(metadata: Any) -> str | None:
    """Return the error code that Slack gives for this message metadata, if it does not take it."""
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        return "invalid_metadata_format"
    if not isinstance(metadata["event_type"], str) or not metadata["event_type"]:
        return "invalid_metadata_schema"
    if not isinstance(metadata["event_payload"], dict):
        return "invalid_metadata_schema"
    return "metadata_too_large" if len(json.dumps(metadata).encode()) >= MOST_METADATA else None


def _worded(problems: Iterator[Problem]) -> list[str]:
    return [f"{message} [json-pointer:{pointer}]" for message, pointer in problems]


def _block_list(at_most: int) -> Check:
    def check(blocks: Any, pointer: str) -> Iterator[Problem]:
        problems = [*_items(_one_of_kind(BLOCKS), at_most, at_least=0)(blocks, pointer)]
        yield from problems or _repeated_ids(blocks, pointer)

    return check


def _missing_submit(view: dict[str, Any]) -> Iterator[Problem]:
    asks = view["type"] == "modal" and any(block["type"] == "input" for block in view["blocks"])
    if asks and "submit" not in view:
        yield "`submit` is required when an `input` block is within the `blocks` array", "/view"


def _string(at_most: int, at_least: int = 1) -> Check:
    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield "must be a string", pointer
        elif len(value) > at_most:
            yield f"must be less than {at_most + 1} characters", pointer
        elif len(value) < at_least:
            yield f"must be more than {at_least - 1} characters", pointer

    return check


def _boolean(value: Any, pointer: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield "must be a boolean", pointer


def _number(value: Any, pointer: str) -> Iterator[Problem]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield "must be a number", pointer


def _anything(value: Any, pointer: str) -> Iterator[Problem]:
    yield from ()


def _word(*allowed: str) -> Check:
    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if value not in allowed:
            yield f"must be one of: {', '.join(allowed)}", pointer

    return check


def _text(at_most: int, *kinds: str) -> Check:
    kinds = kinds or ("plain_text", "mrkdwn")

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield "must provide an object", pointer
        elif value.get("type") not in kinds:
            yield f"must be one of: {', '.join(kinds)}", f"{pointer}/type"
        else:
            extra = "emoji" if value["type"] == "plain_text" else "verbatim"
            yield from Shape({"text": _string(min(at_most, 3_000))}, {extra: _boolean})(
                value, pointer
            )

    return check


def _items(check: Check, at_most: int, at_least: int = 1) -> Check:
    def check_all(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield "must be an array", pointer
        elif len(value) > at_most:
            yield f"no more than {at_most} items allowed", pointer
        elif len(value) < at_least:
            yield f"no fewer than {at_least} items allowed", pointer
        else:
            for number, item in enumerate(value):
                yield from check(item, f"{pointer}/{number}")

    return check_all


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields that an object must have, may have, and must have at least one of."""

    required: Mapping[str, Check]
    optional: Mapping[str, Check]
    either: tuple[str, ...] = ()

    def __call__(self, value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield "must provide an object", pointer
            return
        for name in self.required:
            if name not in value:
                yield f"missing required field: {name}", pointer
        if self.either and not any(name in value for name in self.either):
            yield f"missing required field: {' or '.join(self.either)}", pointer
        fields = {**self.required, **self.optional}
        for name, content in value.items():
            if name in fields:
                yield from fields[name](content, f"{pointer}/{name}")
            elif name != "type":
                yield f"invalid additional property: {name}", pointer


def _one_of_kind(shapes: Mapping[str, Shape]) -> Check:
    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield "must provide an object", pointer
        elif value.get("type") not in shapes:
            yield f"unsupported type: {value.get('type')}", f"{pointer}/type"
        else:
            yield from shapes[value["type"]](value, pointer)

    return check


def _repeated_ids(blocks: list[Any], pointer: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        if (block_id := block.get("block_id")) in seen:
            yield f"block_id {block_id} already exists", f"{pointer}/{number}/block_id"
        if block_id is not None:
            seen.add(block_id)
        yield from _repeated_actions(block, f"{pointer}/{number}")


def _repeated_actions(block: dict[str, Any], pointer: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, element in enumerate(block.get("elements", [])):
        if (action_id := element.get("action_id")) in seen:
            yield f"action_id {action_id} already exists", f"{pointer}/elements/{number}/action_id"
        if action_id is not None:
            seen.add(action_id)


_ID = _string(255)
_PLAIN_75 = _text(75, "plain_text")
_OPTION = Shape(
    {"text": _text(75), "value": _string(150)}, {"description": _text(75), "url": _string(3_000)}
)
_OPTIONS = _items(_OPTION, 100)
_OPTION_GROUP = Shape({"label": _PLAIN_75, "options": _OPTIONS}, {})
_CONFIRM = Shape(
    {"title": _text(100, "plain_text"), "text": _text(300), "confirm": _text(30, "plain_text")}
    | {"deny": _text(30, "plain_text")},
    {"style": _word("primary", "danger")},
)
_ACTION: Mapping[str, Check] = {"action_id": _ID, "confirm": _CONFIRM, "focus_on_load": _boolean}
_SELECT: Mapping[str, Check] = {**_ACTION, "placeholder": _text(150, "plain_text")}
_IMAGE: Mapping[str, Check] = {"image_url": _string(3_000), "slack_file": _anything}

ELEMENTS: Mapping[str, Shape] = {
    "button": Shape(
        {"text": _PLAIN_75},
        {
            **_ACTION,
            "value": _string(2_000),
            "url": _string(3_000),
            "style": _word("primary", "danger"),
        }
        | {"accessibility_label": _string(75)},
    ),
    "static_select": Shape(
        {},
        {
            **_SELECT,
            "options": _OPTIONS,
            "option_groups": _items(_OPTION_GROUP, 100),
            "initial_option": _OPTION,
        },
        either=("options", "option_groups"),
    ),
    "users_select": Shape({}, {**_SELECT, "initial_user": _string(255)}),
    "conversations_select": Shape(
        {},
        {
            **_SELECT,
            "initial_conversation": _ID,
            "default_to_current_conversation": _boolean,
            "filter": _anything,
        },
    ),
    "channels_select": Shape({}, {**_SELECT, "initial_channel": _ID}),
    "overflow": Shape({"options": _items(_OPTION, 5)}, _ACTION),
    "checkboxes": Shape(
        {"options": _items(_OPTION, 10)}, {**_ACTION, "initial_options": _items(_OPTION, 10)}
    ),
    "radio_buttons": Shape(
        {"options": _items(_OPTION, 10)}, {**_ACTION, "initial_option": _OPTION}
    ),
    "datepicker": Shape({}, {**_SELECT, "initial_date": _string(10)}),
    "timepicker": Shape({}, {**_SELECT, "initial_time": _string(5), "timezone": _string(255)}),
    "datetimepicker": Shape({}, {**_ACTION, "initial_date_time": _number}),
    "image": Shape({"alt_text": _string(2_000)}, _IMAGE, either=("image_url", "slack_file")),
}
_CONTEXT_ELEMENTS: Mapping[str, Shape] = {
    "image": ELEMENTS["image"],
    "plain_text": Shape({"text": _string(3_000)}, {"emoji": _boolean}),
    "mrkdwn": Shape({"text": _string(3_000)}, {"verbatim": _boolean}),
}
_INPUTS: Mapping[str, Shape] = {
    kind: shape for kind, shape in ELEMENTS.items() if kind not in {"button", "image"}
} | {
    "plain_text_input": Shape(
        {},
        {
            "action_id": _ID,
            "placeholder": _text(150, "plain_text"),
            "multiline": _boolean,
            "min_length": _number,
        }
        | {"max_length": _number, "initial_value": _string(3_000), "focus_on_load": _boolean},
    ),
    "number_input": Shape(
        {"is_decimal_allowed": _boolean},
        {"action_id": _ID, "placeholder": _text(150, "plain_text"), "focus_on_load": _boolean}
        | dict.fromkeys(("initial_value", "min_value", "max_value"), _string(100)),
    ),
}
_BLOCK: Mapping[str, Check] = {"block_id": _ID}

BLOCKS: Mapping[str, Shape] = {
    "section": Shape(
        {},
        {**_BLOCK, "text": _text(3_000), "fields": _items(_text(2_000), 10), "expand": _boolean}
        | {"accessory": _one_of_kind(ELEMENTS)},
        either=("text", "fields"),
    ),
    "header": Shape({"text": _text(150, "plain_text")}, _BLOCK),
    "divider": Shape({}, _BLOCK),
    "context": Shape({"elements": _items(_one_of_kind(_CONTEXT_ELEMENTS), 10)}, _BLOCK),
    "actions": Shape({"elements": _items(_one_of_kind(ELEMENTS), 25)}, _BLOCK),
    "image": Shape(
        {"alt_text": _string(2_000)},
        {**_BLOCK, **_IMAGE, "title": _text(2_000, "plain_text")},
        either=("image_url", "slack_file"),
    ),
    "markdown": Shape({"text": _string(MOST_MARKDOWN)}, _BLOCK),
    "rich_text": Shape({"elements": _items(_anything, 1_000)}, _BLOCK),
    "input": Shape(
        {"label": _text(2_000, "plain_text"), "element": _one_of_kind(_INPUTS)},
        {
            **_BLOCK,
            "hint": _text(2_000, "plain_text"),
            "optional": _boolean,
            "dispatch_action": _boolean,
        },
    ),
}

_VIEW: Mapping[str, Check] = {
    "private_metadata": _string(3_000, at_least=0),
    "callback_id": _string(255, at_least=0),
    "external_id": _string(255, at_least=0),
}
_VIEW_WORD = _text(24, "plain_text")

VIEWS: Mapping[str, Shape] = {
    "home": Shape({"blocks": _block_list(MOST_VIEW_BLOCKS)}, _VIEW),
    "modal": Shape(
        {"title": _VIEW_WORD, "blocks": _block_list(MOST_VIEW_BLOCKS)},
        {**_VIEW, "submit": _VIEW_WORD, "close": _VIEW_WORD}
        | {"clear_on_close": _boolean, "notify_on_close": _boolean, "submit_disabled": _boolean},
    ),
}
