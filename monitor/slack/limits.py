"""Slack's limits, checked before a message is sent: client libraries check little of them, and
nothing in plain JSON.

Where a limit comes from stands beside it:

* [blocks] https://docs.slack.dev/reference/block-kit/blocks/ and the page of each block and element
  there
* [objects] https://docs.slack.dev/reference/block-kit/composition-objects/
* [post] https://docs.slack.dev/reference/methods/chat.postMessage
* [update] https://docs.slack.dev/reference/methods/chat.update
* [views] https://docs.slack.dev/reference/views/ and
  https://docs.slack.dev/reference/methods/views.open
* [ours] documented nowhere: Slack answers `msg_blocks_too_long` from about 10,000 characters of
  text over all blocks, and `metadata_too_large` from a size it does not tell; our messages stay
  well below what was seen to be refused.

Lengths are UTF-16 units, sizes are bytes of JSON as the client sends it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.notifiers.plain_text import utf16_length

POST_TEXT = 4_000  # [post] recommended; more than 40,000 is cut off
UPDATE_TEXT = 4_000  # [update] more is refused with msg_too_long
MESSAGE_BLOCKS = 50  # [blocks]
MESSAGE_ATTACHMENTS = 100  # [post]
BLOCK_TEXT = 8_000  # [ours] over all blocks of a message
MESSAGE_SIZE = 12_000  # [ours] of text, blocks and metadata
METADATA_SIZE = 1_000  # [ours]
MARKDOWN_TEXT = 12_000  # [blocks] over all markdown blocks of a message
CHARTS = 2  # [blocks] data_visualization in a message
VIEW_BLOCKS = 100  # [views]
VIEW_SIZE = 250_000  # [views]
ID = 255  # [blocks] block_id, action_id, callback_id, external_id

#: What the size of a message is made of.
_CONTENT = ("text", "blocks", "attachments", "metadata")
_ITEMS = "items"
_TEXT = "characters"


@dataclass(frozen=True, slots=True)
class LimitViolation:
    """One thing that Slack would refuse."""

    path: str  #: a JSON pointer into the payload
    what: str  #: what is counted, and how much of it there is
    limit: int

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.what}, allowed {self.limit}"


#: For each type of block, element or object: its fields, and how many characters or items they may
#: have.
_FIELDS: Mapping[str, Mapping[str, int]] = {
    "section": {"fields": 10},  # [blocks]
    "header": {"text": 150},  # [blocks]
    "actions": {"elements": 25},  # [blocks]
    "context": {"elements": 10},  # [blocks]
    "context_actions": {"elements": 5},  # [blocks]
    "image": {"image_url": 3_000, "alt_text": 2_000, "title": 2_000},  # [blocks]
    "input": {"label": 2_000, "hint": 2_000},  # [blocks]
    "video": {"title": 200, "author_name": 50},  # [blocks]
    "markdown": {"text": MARKDOWN_TEXT},  # [blocks]
    "table": {"rows": 100},  # [blocks]
    "data_table": {"rows": 201},  # [blocks]
    "card": {"title": 150, "body": 200, "actions": 3},  # [blocks]
    "carousel": {"elements": 10},  # [blocks]
    "alert": {"text": 200},  # [blocks]
    "container": {"child_blocks": 10},  # [blocks]
    "plan": {"tasks": 50},  # [blocks]
    "button": {"text": 75, "value": 2_000, "url": 3_000, "accessibility_label": 75},  # [blocks]
    "overflow": {"options": 5},  # [blocks]
    "checkboxes": {"options": 10},  # [blocks]
    "radio_buttons": {"options": 10},  # [blocks]
    "static_select": {"options": 100, "option_groups": 100, "placeholder": 150},  # [blocks]
    "multi_static_select": {"options": 100, "option_groups": 100, "placeholder": 150},  # [blocks]
    "external_select": {"placeholder": 150},  # [blocks]
    "multi_external_select": {"placeholder": 150},  # [blocks]
    "users_select": {"placeholder": 150},  # [blocks]
    "multi_users_select": {"placeholder": 150},  # [blocks]
    "conversations_select": {"placeholder": 150},  # [blocks]
    "multi_conversations_select": {"placeholder": 150},  # [blocks]
    "channels_select": {"placeholder": 150},  # [blocks]
    "multi_channels_select": {"placeholder": 150},  # [blocks]
    "plain_text_input": {"placeholder": 150, "initial_value": 3_000},  # [blocks]
    "number_input": {"placeholder": 150},  # [blocks]
    "datepicker": {"placeholder": 150},  # [blocks]
    "timepicker": {"placeholder": 150},  # [blocks]
    "mrkdwn": {"text": 3_000},  # [objects]
    "plain_text": {"text": 3_000},  # [objects]
    "modal": {
        "title": 24,
        "submit": 24,
        "close": 24,
        "private_metadata": 3_000,
        "blocks": VIEW_BLOCKS,
    },  # [views]
    "home": {"private_metadata": 3_000, "blocks": VIEW_BLOCKS},  # [views]
}
_IDS = ("block_id", "action_id", "callback_id", "external_id")
_CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}  # [objects]
_OPTION = {"text": 75, "value": 150, "description": 75, "url": 3_000}  # [objects]
_GROUP = {"label": 75, "options": 100}  # [objects]
_TABLE_COLUMNS = 20  # [blocks]
_SECTION_FIELD = 2_000  # [blocks]
_INPUT_LENGTH = 3_000  # [blocks] plain_text_input
_INPUT_FILES = 10  # [blocks] file_input
_DATA_TABLE_TEXT = 20_000  # [blocks]
#: Lists that may not be empty.
_NEVER_EMPTY = ("fields", "elements", "options", "rows")


def check_message(payload: Mapping[str, Any]) -> list[LimitViolation]:
    """Return what Slack would refuse in the arguments of chat.postMessage or chat.update."""
    blocks: Sequence[Any] = payload.get("blocks") or ()
    return [*_check_text(payload), *_check_totals(payload, blocks), *_check_blocks(blocks)]


def _check_text(payload: Mapping[str, Any]) -> Iterator[LimitViolation]:
    text = payload.get("text") or ""
    if not text:
        yield LimitViolation("/text", "no text for notifications and screen readers", 1)
    yield from _check_limit("/text", _TEXT, utf16_length(text), POST_TEXT)


def _check_totals(payload: Mapping[str, Any], blocks: Sequence[Any]) -> Iterator[LimitViolation]:
    """What is counted over a whole message."""
    attachments = payload.get("attachments") or ()
    metadata_size = json_size(payload.get("metadata") or {})
    content = {key: payload[key] for key in _CONTENT if key in payload}
    charts = [block for block in blocks if _has_type(block, "data_visualization")]
    yield from _check_limit("/blocks", _ITEMS, len(blocks), MESSAGE_BLOCKS)
    yield from _check_limit("/blocks", "data_visualization blocks", len(charts), CHARTS)
    yield from _check_limit(
        "/blocks", "characters of text in all blocks", _count_text(blocks), BLOCK_TEXT
    )
    yield from _check_limit("/attachments", _ITEMS, len(attachments), MESSAGE_ATTACHMENTS)
    yield from _check_limit("/metadata", "bytes", metadata_size, METADATA_SIZE)
    yield from _check_limit("", "bytes", json_size(content), MESSAGE_SIZE)


def check_view(payload: Mapping[str, Any]) -> list[LimitViolation]:
    """Return what Slack would refuse in a modal or a Home tab."""
    blocks: Sequence[Any] = payload.get("blocks") or ()
    return [
        *_check_modal_parts(payload, blocks),
        *_check_limit("", "bytes", json_size(payload), VIEW_SIZE),
        *_check_fields(payload, "", _FIELDS.get(payload.get("type", ""), {})),
        *_check_ids(payload, ""),
        *_check_blocks(blocks),
    ]


def _check_modal_parts(
    payload: Mapping[str, Any], blocks: Sequence[Any]
) -> Iterator[LimitViolation]:
    """What a modal must have."""
    if payload.get("type") != "modal":
        return
    if not payload.get("title"):
        yield LimitViolation("/title", "no title", 1)
    has_inputs = any(_has_type(block, "input") for block in blocks)
    if has_inputs and not payload.get("submit"):
        yield LimitViolation("/submit", "no submit button beside an input block", 1)


def _has_type(block: object, kind: str) -> bool:
    return isinstance(block, Mapping) and block.get("type") == kind


def json_size(value: object) -> int:
    """Return the bytes of a value as the client sends it: JSON in ASCII."""
    return len(json.dumps(value)) if value else 0


def _check_blocks(blocks: Sequence[Any]) -> Iterator[LimitViolation]:
    yield from _check_unique(blocks, "/blocks", "block_id")
    for path, thing in _walk_objects(blocks, "/blocks"):
        kind = str(thing.get("type", ""))
        yield from _check_fields(thing, path, _FIELDS.get(kind, {}))
        yield from _check_ids(thing, path)
        if special := _SPECIAL_CHECKS.get(kind):
            yield from special(thing, path)
        yield from _check_untyped_parts(thing, path)


def _walk_objects(value: object, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object in the value with its place, outermost first."""
    if isinstance(value, Mapping):
        yield path, value
        for key, inner in value.items():
            yield from _walk_objects(inner, f"{path}/{key}")
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _walk_objects(inner, f"{path}/{index}")


def _check_fields(
    thing: Mapping[str, Any], path: str, limits: Mapping[str, int]
) -> Iterator[LimitViolation]:
    for key, limit in limits.items():
        value = thing.get(key)
        if isinstance(value, (list, tuple)):
            yield from _check_limit(f"{path}/{key}", _ITEMS, len(value), limit)
        else:
            yield from _check_limit(f"{path}/{key}", _TEXT, utf16_length(_text_value(value)), limit)
    for key in _NEVER_EMPTY:
        if thing.get(key) == []:
            yield LimitViolation(f"{path}/{key}", "nothing in the list", 1)
    if thing.get("type") in ("mrkdwn", "plain_text") and not thing.get("text"):
        yield LimitViolation(f"{path}/text", "an empty text", 1)


def _check_untyped_parts(thing: Mapping[str, Any], path: str) -> Iterator[LimitViolation]:
    """The parts that have no type of their own: dialogs to confirm, options and their groups."""
    if isinstance(thing.get("confirm"), Mapping) and "action_id" in thing:
        yield from _check_fields(thing["confirm"], f"{path}/confirm", _CONFIRM)
    for index, option in enumerate(thing.get("options") or ()):
        yield from _check_fields(option, f"{path}/options/{index}", _OPTION)
    initial = thing.get("initial_option")
    if initial is not None and initial not in (thing.get("options") or ()):
        yield LimitViolation(f"{path}/initial_option", "an option that is not among the options", 1)
    for index, group in enumerate(thing.get("option_groups") or ()):
        yield from _check_fields(group, f"{path}/option_groups/{index}", _GROUP)


def _check_ids(thing: Mapping[str, Any], path: str) -> Iterator[LimitViolation]:
    for key in _IDS:
        yield from _check_limit(
            f"{path}/{key}", _TEXT, utf16_length(_text_value(thing.get(key))), ID
        )
    yield from _check_unique(thing.get("elements") or (), f"{path}/elements", "action_id")


def _check_unique(things: Sequence[Any], path: str, key: str) -> Iterator[LimitViolation]:
    seen: set[str] = set()
    for index, thing in enumerate(things):
        name = thing.get(key) if isinstance(thing, Mapping) else None
        if name in seen:
            yield LimitViolation(f"{path}/{index}/{key}", f"{name!r} a second time", 1)
        if name:
            seen.add(name)


def _check_section(block: Mapping[str, Any], path: str) -> Iterator[LimitViolation]:
    for index, field in enumerate(block.get("fields") or ()):
        yield from _check_limit(
            f"{path}/fields/{index}", _TEXT, utf16_length(_text_value(field)), _SECTION_FIELD
        )


def _check_table(block: Mapping[str, Any], path: str) -> Iterator[LimitViolation]:
    for index, row in enumerate(block.get("rows") or ()):
        yield from _check_limit(f"{path}/rows/{index}", _ITEMS, len(row), _TABLE_COLUMNS)


def _check_data_table(block: Mapping[str, Any], path: str) -> Iterator[LimitViolation]:
    yield from _check_limit(f"{path}/rows", _TEXT, _count_text(block.get("rows")), _DATA_TABLE_TEXT)


def _check_text_input(element: Mapping[str, Any], path: str) -> Iterator[LimitViolation]:
    for key in ("min_length", "max_length"):
        yield from _check_limit(f"{path}/{key}", _TEXT, int(element.get(key) or 0), _INPUT_LENGTH)


def _check_file_input(element: Mapping[str, Any], path: str) -> Iterator[LimitViolation]:
    yield from _check_limit(
        f"{path}/max_files", "files", int(element.get("max_files") or 0), _INPUT_FILES
    )


_SPECIAL_CHECKS: Mapping[str, Callable[[Mapping[str, Any], str], Iterator[LimitViolation]]] = {
    "section": _check_section,
    "table": _check_table,
    "data_table": _check_data_table,
    "plain_text_input": _check_text_input,
    "file_input": _check_file_input,
}


def _check_limit(path: str, what: str, count: int, limit: int) -> Iterator[LimitViolation]:
    if count > limit:
        yield LimitViolation(path, f"{count} {what}", limit)


def _text_value(value: object) -> str:
    """The text of a text object or of a plain string."""
    if isinstance(value, Mapping):
        value = value.get("text")
    return value if isinstance(value, str) else ""


def _count_text(value: object) -> int:
    """The characters of every text object in the value."""
    return sum(
        utf16_length(_text_value(thing))
        for _, thing in _walk_objects(value, "")
        if isinstance(thing.get("text"), str)
    )
