"""The pieces that messages, dialogs and Home are built of: blocks and elements with safe texts in
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from monitor.notifiers.plain_text import one_line, split_graphemes, utf16_length
from monitor.slack.mrkdwn import cut

Block = dict[str, Any]

_OPTION_TEXT, _BUTTON_TEXT, _PLACEHOLDER = 75, 75, 150


def mrkdwn_text(text: str) -> Block:
    """A text whose strangers' words are escaped; bare addresses, #channels and @names in it stay
    plain text.
    """
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain_text(text: str, limit: int) -> Block:
    """A text that knows no commands; the look-alikes are for clients that might think otherwise."""
    return {"type": "plain_text", "text": fit_one_line(text, limit), "emoji": True}


def fit_one_line(text: str, limit: int) -> str:
    """As much of the text as fits, on one line, with a dash for nothing."""
    return cut(one_line(text), limit).replace("<", "‹").replace(">", "›") or "–"


def header_block(text: str) -> Block:
    """A line in large letters."""
    return {"type": "header", "text": plain_text(text, 150)}


def section_blocks(*lines: str) -> list[Block]:
    """Lines of mrkdwn; no block where all are empty."""
    text = "\n".join(line for line in lines if line)
    return [{"type": "section", "text": mrkdwn_text(text)}] if text else []


def context_blocks(*parts: str) -> list[Block]:
    """Small print: one element for each part that is not empty, the last of ten holding all the
    rest.
    """
    filled = [part for part in parts if part]
    if len(filled) > 10:
        filled = [*filled[:9], " · ".join(filled[9:])]
    return (
        [{"type": "context", "elements": [mrkdwn_text(part) for part in filled]}] if filled else []
    )


def divider_block() -> Block:
    """A line between two parts."""
    return {"type": "divider"}


def action_blocks(elements: Sequence[Block], block_id: str = "") -> list[Block]:
    """A row of controls; no block where there are none."""
    named = {"block_id": block_id} if block_id else {}
    return [{"type": "actions", **named, "elements": list(elements)}] if elements else []


def make_button(
    action_id: str, text: str, value: str = "", *, style: str = "", url: str = ""
) -> Block:
    """A button; `style` is "primary" or "danger"."""
    more = {
        name: given for name, given in (("value", value), ("style", style), ("url", url)) if given
    }
    return {
        "type": "button",
        "action_id": action_id,
        "text": plain_text(text, _BUTTON_TEXT),
        **more,
    }


def overflow_menu(action_id: str, choices: Mapping[str, str]) -> Block:
    """A menu of at most five choices, by value."""
    return {"type": "overflow", "action_id": action_id, "options": make_options(choices)}


def make_options(choices: Mapping[str, str]) -> list[Block]:
    """What can be chosen, by value."""
    return [make_option(value, text) for value, text in choices.items()]


def make_option(value: str, text: str) -> Block:
    """One thing that can be chosen."""
    return {"text": plain_text(text, _OPTION_TEXT), "value": value}


def radio_buttons(action_id: str, choices: Mapping[str, str], chosen: str = "") -> Block:
    """Round buttons of which one is on, by value; at most ten."""
    return _choice_element("radio_buttons", action_id, choices, chosen)


def select_menu(
    action_id: str, choices: Mapping[str, str], placeholder: str, chosen: str = ""
) -> Block:
    """A list to choose from, by value; at most a hundred."""
    return {
        **_choice_element("static_select", action_id, choices, chosen),
        "placeholder": plain_text(placeholder, _PLACEHOLDER),
    }


def checkbox_group(action_id: str, choices: Mapping[str, str], ticked: Iterable[str] = ()) -> Block:
    """Boxes to tick, by value; at most ten."""
    on = [make_option(value, choices[value]) for value in ticked]
    initial = {"initial_options": on} if on else {}
    return {
        "type": "checkboxes",
        "action_id": action_id,
        "options": make_options(choices),
        **initial,
    }


def text_input(
    action_id: str, *, multiline: bool = False, initial: str = "", most: int, placeholder: str = ""
) -> Block:
    """A field to write in, at most so many characters."""
    more = {"initial_value": initial} if initial else {}
    hint = {"placeholder": plain_text(placeholder, _PLACEHOLDER)} if placeholder else {}
    return {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": most,
        **more,
        **hint,
    }


def input_block(
    block_id: str,
    label: str,
    element: Block,
    *,
    optional: bool = False,
    hint: str = "",
    dispatch: bool = False,
) -> Block:
    """A labelled element of a dialog; with `dispatch` the app is told of each change."""
    more: Block = {"hint": plain_text(hint, 2_000)} if hint else {}
    if dispatch:
        more["dispatch_action"] = True
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, 2_000),
        "element": element,
        "optional": optional,
        **more,
    }


def fit_prefilled(text: str, limit: int) -> str:
    """A text that somebody goes on writing: empty lines are kept, and what does not fit is left
    out.
    """
    lines = [one_line(line) for line in text.splitlines()]
    whole = "\n".join(lines).strip()
    return whole if utf16_length(whole) <= limit else _fit_graphemes(whole, limit)


def _fit_graphemes(text: str, limit: int) -> str:
    """The first characters, as readers see them, that fit."""
    kept, used = [], 0
    for grapheme in split_graphemes(text[:limit]):
        used += utf16_length(grapheme)
        if used > limit:
            break
        kept.append(grapheme)
    return "".join(kept)


def _choice_element(kind: str, action_id: str, choices: Mapping[str, str], chosen: str) -> Block:
    initial = {"initial_option": make_option(chosen, choices[chosen])} if chosen in choices else {}
    return {"type": kind, "action_id": action_id, "options": make_options(choices), **initial}
