"""Whom a rule calls: the forms that Slack turns into a mention, and what is no such form."""

from __future__ import annotations

import re
from typing import Final

#: Everybody in a channel, or those of them who are active.
BROADCAST_MENTION: Final = re.compile(r"@(here|channel|everyone)|<!(here|channel|everyone)>")
#: A person or a group, by their id.
MEMBER_MENTION: Final = re.compile(r"<(?:@[UW]|!subteam\^S)[A-Z0-9]{1,20}(?:\|@?[\w.-]{1,60})?>")
#: Mentions that one message may hold.
MAX_MENTIONS: Final = 5

_MEMBER_ID: Final = re.compile(r"[UW][A-Z0-9]{1,20}")
_BARE_ID = re.compile(r"<?[@!]?(?:subteam\^)?([UWS](?=\w*\d)[A-Z0-9]{6,20})>?")
_FORMS = (
    "write @here, @channel, @everyone, a person's id as <@U0123ABCD> or a group's as "
    "<!subteam^S0123ABCD>"
)


def split_mentions(written: str) -> list[str]:
    """Return the parts of what an operator wrote; spaces and commas separate them."""
    return written.replace(",", " ").split()


def is_mention(part: str) -> bool:
    """Return whether Slack calls somebody where this stands."""
    return bool(BROADCAST_MENTION.fullmatch(part) or MEMBER_MENTION.fullmatch(part))


def require_mentions(written: str) -> str:
    """Return the text unchanged; raises ValueError where a part of it would call nobody."""
    parts = split_mentions(written)
    if len(parts) > MAX_MENTIONS:
        raise ValueError(f"{len(parts)} mentions; at most {MAX_MENTIONS} are shown")
    for part in parts:
        if not is_mention(part):
            raise ValueError(f"{part!r} calls nobody; {_suggest_form(part)}")
    return written


def require_member_id(written: str) -> str:
    """Return the id of one Slack user unchanged; raises ValueError for what names no single one."""
    if _MEMBER_ID.fullmatch(written):
        return written
    found = _BARE_ID.fullmatch(written.partition("|")[0])
    if found and found[1].startswith("S"):
        raise ValueError(f"{written!r} is a group; one person has duty, by an id like U0123ABCD")
    form = found[1] if found else "an id like U0123ABCD: in Slack, profile > Copy member ID"
    raise ValueError(f"{written!r} calls nobody; write {form}")


def _suggest_form(part: str) -> str:
    if part.startswith("#"):
        return f'a channel has a key of its own: channel = "{part}"'
    if found := _BARE_ID.fullmatch(part):
        member = found[1]
        form = f"<!subteam^{member}>" if member.startswith("S") else f"<@{member}>"
        return f"write {form}"
    return _FORMS


def join_mentions(*mentions: str) -> str:
    """Return all who are mentioned, each once, in order."""
    people = (person for mention in mentions for person in mention.split())
    return " ".join(dict.fromkeys(people))
