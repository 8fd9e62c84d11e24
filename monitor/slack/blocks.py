"""Builders of Block Kit's blocks and elements: https://docs.slack.dev/reference/block-kit/."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from monitor.notifiers.plain_text import one_line, split_graphemes, utf16_length
from monitor.slack.mrkdwn import Mrkdwn, cut, join_lines, join_parts

Block = dict[str, Any]

# Characters that Slack allows.
_OPTION_TEXT, _BUTTON_TEXT, _PLACEHOLDER, _HEADER, _LABEL = 75, 75, 150, 150, 2_000
_MAX_CONTEXT_ELEMENTS = 10


def mrkdwn_text(text: Mrkdwn) -> Block:
    """Return a text object in which bare addresses, #channels and @names stay plain text."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain_text(text: str, limit: int) -> Block:
    """Return a text object without markup, on one line and cut to `limit`."""
    return {"type": "plain_text", "text": fit_one_line(text, limit), "emoji": True}


def fit_one_line(text: str, limit: int) -> str:
    """Return the text on one line, cut to `limit`; a dash for an empty one.

    Angle brackets become look-alikes, for clients that might take them for commands.
    """
    return cut(one_line(text), limit).replace("<", "‹").replace(">", "›") or "–"


def header_block(text: str) -> Block:
    """Return a line in large letters."""
    return {"type": "header", "text": plain_text(text, _HEADER)}


def section_blocks(*lines: Mrkdwn) -> list[Block]:
    """Return one section with these lines; no block where all are empty."""
    text = join_lines(*lines)
    return [{"type": "section", "text": mrkdwn_text(text)}] if text else []


def context_blocks(*parts: Mrkdwn) -> list[Block]:
    """Return small print with an element for each part that is not empty; no block for none.

    The last of ten elements holds all the rest.
    """
    filled = [part for part in parts if part]
    if not filled:
        return []
    if len(filled) > _MAX_CONTEXT_ELEMENTS:
        last = _MAX_CONTEXT_ELEMENTS - 1
        filled = [*filled[:last], join_parts(*filled[last:])]
    return [{"type": "context", "elements": [mrkdwn_text(part) for part in filled]}]


def preformatted_block(text: str) -> Block:
    """Return a frame with the text as it is, for people to copy: nothing in it is markup."""
    content = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [content]}


def divider_block() -> Block:
    """Return a line between two parts."""
    return {"type": "divider"}


def action_blocks(elements: Sequence[Block]) -> list[Block]:
    """Return a row of controls; no block where there are none."""
    return [{"type": "actions", "elements": list(elements)}] if elements else []


def make_button(
    action_id: str, text: str, value: str = "", *, style: str = "", url: str = "", spoken: str = ""
) -> Block:
    """Return a button; `style` is "primary" or "danger", `spoken` what a screen reader says."""
    label = cut(one_line(spoken), _BUTTON_TEXT)
    optional = {"value": value, "style": style, "url": url, "accessibility_label": label}
    return {
        "type": "button",
        "action_id": action_id,
        "text": plain_text(text, _BUTTON_TEXT),
        **{name: given for name, given in optional.items() if given},
    }


def overflow_menu(action_id: str, choices: Mapping[str, str]) -> Block:
    """Return a menu of at most five choices: texts by value."""
    return {"type": "overflow", "action_id": action_id, "options": make_options(choices)}


def make_options(choices: Mapping[str, str]) -> list[Block]:
    """Return an option for each choice: texts by value."""
    return [make_option(value, text) for value, text in choices.items()]


def make_option(value: str, text: str) -> Block:
    """Return one option of a menu or a select."""
    return {"text": plain_text(text, _OPTION_TEXT), "value": value}


def radio_buttons(action_id: str, choices: Mapping[str, str], chosen: str = "") -> Block:
    """Return radio buttons, at most ten; texts by value."""
    return _choice_element("radio_buttons", action_id, choices, chosen)


def select_menu(
    action_id: str, choices: Mapping[str, str], placeholder: str, chosen: str = ""
) -> Block:
    """Return a select with at most a hundred choices: texts by value."""
    return {
        **_choice_element("static_select", action_id, choices, chosen),
        "placeholder": plain_text(placeholder, _PLACEHOLDER),
    }


def checkbox_group(action_id: str, choices: Mapping[str, str], ticked: Iterable[str] = ()) -> Block:
    """Return checkboxes, at most ten: texts by value."""
    element: Block = {
        "type": "checkboxes",
        "action_id": action_id,
        "options": make_options(choices),
    }
    if initial := [make_option(value, choices[value]) for value in ticked]:
        element["initial_options"] = initial
    return element


def text_input(
    action_id: str,
    *,
    multiline: bool = False,
    initial: str = "",
    max_length: int,
    placeholder: str = "",
) -> Block:
    """Return a field for at most `max_length` characters."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": max_length,
    }
    if initial:
        element["initial_value"] = initial
    if placeholder:
        element["placeholder"] = plain_text(placeholder, _PLACEHOLDER)
    return element


def input_block(
    block_id: str,
    label: str,
    element: Block,
    *,
    optional: bool = False,
    hint: str = "",
    dispatch: bool = False,
) -> Block:
    """Return a labelled element of a modal; with `dispatch` each change arrives as a click."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, _LABEL),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain_text(hint, _LABEL)
    if dispatch:
        block["dispatch_action"] = True
    return block


def fit_prefilled(text: str, limit: int) -> str:
    """Return the beginning of a text that somebody goes on writing; empty lines are kept."""
    whole = "\n".join(one_line(line) for line in text.splitlines()).strip()
    return whole if utf16_length(whole) <= limit else _fit_graphemes(whole, limit)


def _fit_graphemes(text: str, limit: int) -> str:
    """The first characters, as readers see them, that fit."""
    kept, length = [], 0
    for grapheme in split_graphemes(text[:limit]):
        length += utf16_length(grapheme)
        if length > limit:
            break
        kept.append(grapheme)
    return "".join(kept)


def _choice_element(kind: str, action_id: str, choices: Mapping[str, str], chosen: str) -> Block:
    element: Block = {"type": kind, "action_id": action_id, "options": make_options(choices)}
    if chosen in choices:
        element["initial_option"] = make_option(chosen, choices[chosen])
    return element
