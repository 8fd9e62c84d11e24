"""Items as no service should send them: of wrong types, endless, broken, and each in the place of a
good one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import escape
from itertools import count
from typing import Any

from tests.world.faults import Fault, Handler, Reply, Request

#: The words of the items that are replaced; each begins with its mark, whose number says how.
VICTIMS = 6
MARK = re.compile(r"victim-(\d)")
LONG = "x" * 20_000

#: What stands where something else is expected.
JUNK: dict[str, Any] = {
    "nothing": None,
    "a list": [[], {"x": []}],
    "an object": {"id": {}, "name": [None]},
    "a huge number": 10**30,
    "a negative number": -(10**18),
    "not a number": float("nan"),
    "yes": True,
    "characters that cannot be stored": "\x00\ud800 \udfff\u202e",
    "a long text": LONG,
    "markup that does not end": "<![CDATA[<script><a href='javascript:x'>" * 20,
    "an impossible time": "0000-99-99T99:99:99+99:99",
}

_ELEMENT = re.compile(rb"<(item|entry)\b(?:(?!</\1>).)*?victim-(\d)(?:(?!</\1>).)*</\1>", re.DOTALL)


def victim(number: int) -> str:
    """The words of one item that will be replaced."""
    return f"acme victim-{number}"


def spoiling(spoil: Callable[[bytes], bytes]) -> Callable[[Request], Fault | None]:
    """The weather in which every answer is spoilt like this."""

    def fault(request: Request, handle: Handler) -> Reply:
        reply = handle(request)
        return Reply(reply.status, reply.headers, spoil(b"".join(reply.pieces())))

    return lambda request: fault


def spoilt_json(body: bytes, junk: Any) -> bytes:
    """The document with junk in the place of its victims, or in all or some of their fields."""
    try:
        return json.dumps(_spoilt(json.loads(body), junk)).encode()
    except ValueError:
        return body


def spoilt_xml(body: bytes, junk: Any) -> bytes:
    """The feed with other elements in the place of its victims; they hold the junk as text."""
    text = escape(json.dumps(junk, ensure_ascii=False)).encode("utf-8", "replace")
    shapes = (
        b"<%s/>",
        b"<%s>" + text + b"</%s>",
        b"<%s><id>" + text + b"</id><title><b>" + text + b"</b></title></%s>",
        b"<%s><guid>"
        + text
        + b"</guid><pubDate>"
        + text
        + b"</pubDate><published>"
        + text
        + b"</published></%s>",
        b"<%s><link>"
        + text
        + b"</link><link href='"
        + text
        + b"'/><author>"
        + text
        + b"</author></%s>",
        b"<%s><description/><content type='xhtml'><p>"
        + text
        + b"</p></content><rating>"
        + text
        + b"</rating></%s>",
    )
    return _ELEMENT.sub(lambda found: shapes[int(found[2])].replace(b"%s", found[1]), body)


def spoilt_lines(body: bytes, junk: Any) -> bytes:
    """The lines with others in the place of the victims."""
    text = json.dumps(junk, ensure_ascii=False).encode("utf-8", "replace")
    shapes = (b"", text, b'"' + text, text * 3 + b",,,,,,,,,,", b"\xff\xfe\x00" + text, b",,,")
    lines = []
    for line in body.split(b"\n"):
        found = re.search(rb"victim-(\d)", line)
        lines.append(shapes[int(found[1])].replace(b"\n", b" ") if found else line)
    return b"\n".join(lines)


def _spoilt(value: Any, junk: Any) -> Any:
    match value:
        case dict():
            return {key: _spoilt(inner, junk) for key, inner in value.items()}
        case list():
            marks = [MARK.search(json.dumps(inner)) for inner in value]
            return [
                _broken(inner, junk, int(mark[1])) if mark else inner
                for inner, mark in zip(value, marks, strict=True)
            ]
    return value


def _broken(item: Any, junk: Any, way: int) -> Any:
    """Junk instead of the item, of each of its fields, of each value in it however deep, or of a
    third of these.
    """
    if way == 0:
        return junk
    if way == 1 and isinstance(item, dict):
        return dict.fromkeys(item, junk)
    return _with_leaves(item, junk, way, count())


def _with_leaves(value: Any, junk: Any, way: int, numbers: Iterator[int]) -> Any:
    match value:
        case dict() if value:
            return {key: _with_leaves(inner, junk, way, numbers) for key, inner in value.items()}
        case list() if value:
            return [_with_leaves(inner, junk, way, numbers) for inner in value]
    return junk if way == 2 or next(numbers) % 3 == way - 3 else value
