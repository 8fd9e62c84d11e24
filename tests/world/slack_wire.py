"""How a call to Slack's Web API reads and how its answers are written."""

import base64
import binascii
import json
from typing import Any
from urllib.parse import parse_qsl

from tests.world.faults import Reply, Request
from tests.world.slack_blocks import block_problems, is_too_long

Json = dict[str, Any]

JSON_TYPE = {"Content-Type": "application/json; charset=utf-8"}
YES = {True, "1", "true", "True"}  #: what counts as true in a JSON body or a form
MOST_PER_PAGE = 999


class Refused(Exception):
    """An answer with `ok: false`."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


class TooFast(Exception):
    """A call over the limit of its method; the client is to wait so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def reply_with(value: Json, scopes: set[str]) -> Reply:
    """Return the reply that carries this JSON and names the scopes of the token."""
    return Reply(
        200, JSON_TYPE | {"X-OAuth-Scopes": ",".join(sorted(scopes))}, json.dumps(value).encode()
    )


def missing(name: str) -> Refused:
    """Return the refusal of a call that lacks an argument."""
    return _invalid(f"missing required field: {name}")


def arguments_of(request: Request) -> Json:
    """Return what a call says in its query and its body, JSON or form."""
    arguments: Json = dict(request.query)
    if not request.headers.get("content-type", "").startswith("application/json"):
        return arguments | dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    try:
        body = json.loads(request.body or b"{}")
    except ValueError as error:
        raise Refused("invalid_json") from error
    if not isinstance(body, dict):
        raise Refused("json_not_object")
    return arguments | body


def decoded(arguments: Json, name: str, error: str) -> Any:
    """Return an argument that is JSON itself: as it is in a JSON body, as a string in a form."""
    value = arguments.get(name)
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError as cause:
        raise Refused(error) from cause


def content_of(arguments: Json, *, has_blocks: bool = False) -> tuple[str, list[Json] | None]:
    """Return the text and the blocks of a message that Slack takes; blocks None if they are not
    given.
    """
    blocks = decoded(arguments, "blocks", "invalid_blocks_format")
    text = str(arguments.get("text", ""))
    if blocks is not None:
        if problems := block_problems(blocks):
            messages = {"messages": [f"[ERROR] {problem}" for problem in problems]}
            raise Refused("invalid_blocks", errors=problems, response_metadata=messages)
        if is_too_long(blocks):
            raise Refused("msg_blocks_too_long")
    if not text.strip() and not blocks and not (has_blocks and blocks is None):
        raise Refused("no_text")
    return text, blocks


def page_of(stamps: list[str], arguments: Json, default: int) -> tuple[set[str], str]:
    """Return which of these ts are on the page that a call asks for, and the cursor of the next
    page.

    `oldest` and `latest` are left out of the window unless `inclusive` is set. The cursor names a
    message, so that what is posted meanwhile does not shift the pages.
    """
    low, high = _bound("oldest", arguments), _bound("latest", arguments)
    margin = 0 if arguments.get("inclusive") in YES else 1
    wanted = [
        ts
        for ts in stamps
        if (low is None or _micros(ts) >= low + margin)
        and (high is None or _micros(ts) <= high - margin)
    ]
    if (start := arguments.get("cursor")) and (first := _decode_cursor(start)) in wanted:
        wanted = wanted[wanted.index(first) :]
    limit = _limit(arguments, default)
    rest = wanted[limit:]
    return set(wanted[:limit]), base64.b64encode(
        f"next_ts:{rest[0]}".encode()
    ).decode() if rest else ""


def _limit(arguments: Json, default: int) -> int:
    try:
        return min(max(int(arguments.get("limit", default)), 1), MOST_PER_PAGE)
    except ValueError as error:
        raise _invalid("must be an integer [json-pointer:/limit]") from error


def _bound(name: str, arguments: Json) -> int | None:
    value = str(arguments.get(name, ""))
    try:
        return _micros(value) if value else None
    except ValueError as error:
        raise Refused(f"invalid_ts_{name}") from error


def _micros(ts: str) -> int:
    whole, _, rest = ts.partition(".")
    return int(whole) * 1_000_000 + int(rest[:6].ljust(6, "0"))


def _decode_cursor(cursor: str) -> str:
    try:
        return base64.b64decode(cursor, validate=True).decode().removeprefix("next_ts:")
    except (ValueError, binascii.Error) as error:
        raise Refused("invalid_cursor") from error


def _invalid(problem: str) -> Refused:
    return Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {problem}"]})
