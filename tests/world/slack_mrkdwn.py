"""What Slack makes of a message: who is pinged, what can be clicked, and what the words on the
screen are.

Only a raw `<...>` is markup; `&lt;`, `&gt;` and `&amp;` are decoded afterwards, so escaped text
stays text (docs.slack.dev/messaging/formatting-message-text).
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.world.slack_blocks import text_objects

_MARKUP = re.compile(r"<([^<>\n]+)>")
_BROADCASTS = {"!channel", "!here", "!everyone", "!group"}
_SUBTEAM = re.compile(r"!subteam\^S[A-Z0-9]+")
_USER = re.compile(r"@[UW][A-Z0-9]+")
_CHANNEL = re.compile(r"#C[A-Z0-9]+")
_DATE = re.compile(r"!date\^-?\d+\^")
_LINK = re.compile(r"(?:https?|mailto|tel|ftp|slack):\S", re.IGNORECASE)
_AUTOMATIC = re.compile(
    r"(?<![\w<|/])(?:@(?:channel|here|everyone)\b|https?://[^\s<>|]+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Link:
    """One thing to click: where it leads and what it says."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One text as Slack shows it."""

    words: str  #: on the screen, all markup resolved
    pings: tuple[str, ...] = ()  #: !channel, !here, !everyone, !subteam^S..., @U...
    links: tuple[Link, ...] = ()
    #: bare addresses and @channel that Slack may turn into markup unless verbatim
    automatic: tuple[str, ...] = ()


def read_mrkdwn(text: str, *, verbatim: bool = False) -> Reading:
    """Return what Slack makes of one mrkdwn text."""
    pings: list[str] = []
    links: list[Link] = []

    def resolve(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if _is_ping(target):
            pings.append(target)
            return label or target.replace("!", "@")
        if _LINK.match(target):
            links.append(Link(html.unescape(target), _decode(label or target)))
            return label or target
        if _CHANNEL.fullmatch(target) or _DATE.match(target):
            return label or target
        return found[0]

    words = _decode(_MARKUP.sub(resolve, text))
    outside = _decode(_MARKUP.sub(" ", text))
    automatic = () if verbatim else tuple(_AUTOMATIC.findall(outside))
    return Reading(words, tuple(pings), tuple(links), automatic)


def read_message(text: str, blocks: list[dict[str, Any]]) -> Reading:
    """Return what Slack makes of a whole message: its text (the notification) and every text of its
    blocks.
    """
    parts = [read_mrkdwn(text), *(_read_object(part) for part in text_objects(blocks))]
    buttons = tuple(_buttons(blocks))
    return Reading(
        words="\n".join(part.words for part in parts),
        pings=(*(ping for part in parts for ping in part.pings), *_rich_pings(blocks)),
        links=(*(link for part in parts for link in part.links), *buttons),
        automatic=tuple(found for part in parts for found in part.automatic),
    )


def _is_ping(target: str) -> bool:
    return target in _BROADCASTS or bool(_SUBTEAM.fullmatch(target) or _USER.fullmatch(target))


def _decode(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _read_object(part: dict[str, Any]) -> Reading:
    match part["type"]:
        case "mrkdwn" | "markdown":
            return read_mrkdwn(part["text"], verbatim=part.get("verbatim", False))
        case "link":
            return Reading(part["text"], links=(Link(part.get("url", ""), part["text"]),))
        case _:
            return Reading(part["text"])


def _buttons(node: Any) -> Iterator[Link]:
    """Yield the buttons that open an address."""
    if isinstance(node, list):
        for item in node:
            yield from _buttons(item)
    elif isinstance(node, dict):
        if node.get("type") == "button" and "url" in node:
            yield Link(node["url"], node["text"]["text"])
        for value in node.values():
            yield from _buttons(value)


def _rich_pings(node: Any) -> Iterator[str]:
    """Yield the mentions in rich text, which need no markup."""
    if isinstance(node, list):
        for item in node:
            yield from _rich_pings(item)
    elif isinstance(node, dict):
        match node.get("type"):
            case "broadcast":
                yield f"!{node.get('range')}"
            case "user":
                yield f"@{node.get('user_id')}"
            case "usergroup":
                yield f"!subteam^{node.get('usergroup_id')}"
        for value in node.values():
            yield from _rich_pings(value)
