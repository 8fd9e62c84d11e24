"""What people see of blocks in Slack, as lines of text: for the pages that show the product, and
for quick looks.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from tests.world.slack_mrkdwn import read_mrkdwn

WIDTH = 92

_DATE = re.compile(r"<!date\^(\d+)\^[^>|]*\|[^>]*>")
_PERSON = re.compile(r"<(?:@|!subteam\^)(\w+)>")
_LINK = re.compile(r"<(https?:[^>|]+)\|([^>]*)>")
_INVISIBLE = re.compile("[\u200b\u2060]")


class Screen:
    """Draws blocks for somebody in UTC who looks at a given time and knows these people."""

    def __init__(self, now: datetime, names: Mapping[str, str], width: int = WIDTH) -> None:
        self._now = now
        self._names = names
        self._width = width

    def message(self, blocks: list[dict[str, Any]]) -> str:
        """A message, or a Home tab."""
        return "\n".join(line.rstrip() for line in self._lines(blocks))

    def modal(self, view: Mapping[str, Any]) -> str:
        """A dialog in its frame."""
        inner = Screen(self._now, self._names, self._width - 4).message(view["blocks"]).split("\n")
        ends = [f"[ {view[key]['text']} ]" for key in ("close", "submit") if key in view]
        title, rule = view["title"]["text"], "─" * (self._width - 2)
        body = [title.upper(), "", *inner, "", " ".join(ends).rjust(self._width - 4)]
        return "\n".join([f"┌{rule}┐", *(f"  {line}".rstrip() for line in body), f"└{rule}┘"])

    def _lines(self, blocks: list[dict[str, Any]]) -> Iterator[str]:
        before = ""
        for block in blocks:
            if before == "actions" and block["type"] == "section":
                yield ""
            before = block["type"]
            yield from self._block(block)

    def _block(self, block: Mapping[str, Any]) -> Iterator[str]:
        match block["type"]:
            case "header":
                yield ""
                yield from self._wrapped(f"**{block['text']['text']}**")
            case "section":
                if "text" in block:
                    yield from self._text(block["text"])
                for field in block.get("fields", ()):
                    yield " · ".join(self._said(field).split("\n"))
                if "accessory" in block:
                    yield self._element(block["accessory"]).rjust(self._width)
            case "context":
                yield from self._wrapped(
                    " · ".join(self._said(part) for part in block["elements"]), indent="  "
                )
            case "actions":
                yield " ".join(self._element(element) for element in block["elements"])
                yield from self._menus(block["elements"])
            case "rich_text":
                yield from self._frames(block["elements"])
            case "image":
                if "title" in block:
                    yield f"  {block['title']['text']} ▾"
                yield from self._wrapped(f"[picture: {block['alt_text']}]", indent="  ")
            case "divider":
                yield "─" * self._width
            case "input":
                optional = " (optional)" if block.get("optional") else ""
                yield ""
                yield f"{block['label']['text']}{optional}"
                yield from self._field(block["element"])
                if "hint" in block:
                    yield from self._wrapped(block["hint"]["text"], indent="  ")

    def _frames(self, elements: list[Mapping[str, Any]]) -> Iterator[str]:
        """Texts as they are, each in a frame of its own."""
        for element in elements:
            text = "".join(part["text"] for part in element["elements"])
            for line in text.split("\n"):
                yield from self._wrapped(line, indent="▏ ")

    def _text(self, text: Mapping[str, Any]) -> Iterator[str]:
        for line in self._said(text).split("\n"):
            quoted = line.startswith("> ")
            yield from self._wrapped(line[2:] if quoted else line, indent="│ " if quoted else "")

    def _said(self, text: Mapping[str, Any]) -> str:
        """The words on the screen; bold ones keep a star on each side."""
        if text["type"] == "plain_text":
            return str(text["text"])
        raw = _DATE.sub(self._time, str(text["text"]))
        raw = _PERSON.sub(lambda found: f"@{self._names.get(found[1], found[1])}", raw)
        raw = _LINK.sub(lambda found: f"{found[2]} ↗", raw)
        return _INVISIBLE.sub("", read_mrkdwn(raw, verbatim=True).words)

    def _time(self, found: re.Match[str]) -> str:
        at = datetime.fromtimestamp(int(found[1]), UTC)
        days = (at.date() - self._now.date()).days
        if "{date" not in found[0]:
            return f"{at:%H:%M}"
        day = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days, f"{at:%b} {at.day}")
        return f"{day} at {at:%H:%M}"

    def _element(self, element: Mapping[str, Any]) -> str:
        if element["type"] == "overflow":
            return "[ ⋯ ]"
        text = element["text"]["text"]
        return f"[[ {text} ]]" if element.get("style") == "primary" else f"[ {text} ]"

    def _menus(self, elements: list[Mapping[str, Any]]) -> Iterator[str]:
        for element in elements:
            if element["type"] == "overflow":
                yield f"  ⋯ {' | '.join(option['text']['text'] for option in element['options'])}"

    def _field(self, element: Mapping[str, Any]) -> Iterator[str]:
        kind = element["type"]
        if kind in ("radio_buttons", "checkboxes"):
            on = (
                [element["initial_option"]]
                if "initial_option" in element
                else element.get("initial_options", [])
            )
            marks = ("(•)", "( )") if kind == "radio_buttons" else ("[x]", "[ ]")
            for option in element["options"]:
                yield f"  {marks[option not in on]} {option['text']['text']}"
            return
        shown = element.get("initial_value") or element.get("initial_option", {}).get(
            "text", {}
        ).get("text", "")
        user = element.get("initial_user")
        shown = shown or (f"@{self._names.get(user, user)}" if user else "")
        shown = shown or self._date(element.get("initial_date_time"))
        shown = shown or element.get("initial_date", "")
        empty = f"‹{element['placeholder']['text']}›" if "placeholder" in element else ""
        lines = (shown or empty).split("\n")
        arrow = "" if kind in ("plain_text_input", "number_input") else " ▾"
        for number, line in enumerate(lines):
            yield f"  │ {line}{arrow if number == len(lines) - 1 else ''}"
        if element.get("multiline") and len(lines) == 1:
            yield "  │"

    def _date(self, seconds: int | None) -> str:
        return f"{datetime.fromtimestamp(seconds, UTC):%a %d %b %Y, %H:%M}" if seconds else ""

    def _wrapped(self, text: str, indent: str = "") -> Iterator[str]:
        lines = textwrap.wrap(text, self._width, initial_indent=indent, subsequent_indent=indent)
        yield from lines or [""]
