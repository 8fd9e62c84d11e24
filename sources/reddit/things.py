"""Convert Reddit's posts and comments ("things") to feedback, and parse its listings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from monitor.domain.feedback import Author, Feedback, Kind
from monitor.errors import SourceUnavailable
from sources._json import dict_or_empty, to_count
from sources._normalise import drop_empty, to_clean_text, to_http_link
from sources._times import time_from_epoch
from sources.base import PublishedReply

SITE = "https://www.reddit.com"

_FULLNAME = re.compile(r"t[13]_[0-9a-z]+")
_GONE = {"[deleted]", "[removed]", "[ Removed by Reddit ]"}


def is_fullname(name: str) -> bool:
    """Return whether this is Reddit's id of a post (t3_...) or comment (t1_...)."""
    return bool(_FULLNAME.fullmatch(name))


def parse_listing(answer: object) -> tuple[list[dict[str, Any]], str]:
    """Parse a page of a listing to (posts and comments, fullname that the next page starts after).

    That is "" for the last page. Posts and comments without a fullname are left out. Raises
    SourceUnavailable for an answer that is no listing.
    """
    listing = dict_or_empty(dict_or_empty(answer).get("data"))
    children = listing.get("children")
    if not isinstance(children, list):
        raise SourceUnavailable(
            "Reddit answered with something that is not a listing; tried again later"
        )
    things = [
        dict_or_empty(child.get("data"))
        for child in map(dict_or_empty, children)
        if child.get("kind") in ("t1", "t3")
    ]
    named = [thing for thing in things if is_fullname(_thing_fullname(thing))]
    return named, to_clean_text(listing.get("after"))


def feedback_from_thing(source_id: str, thing: Mapping[str, Any]) -> Feedback:
    """Convert a post or comment of a listing to feedback."""
    is_comment = "body" in thing
    fullname = _thing_fullname(thing)
    body = to_clean_text(thing.get("body" if is_comment else "selftext"))
    author = _thing_author(thing)
    anonymous = "author" in thing and not author.is_known
    deleted = body.strip() in _GONE or anonymous or bool(thing.get("removed_by_category"))
    return Feedback(
        source_id=source_id,
        external_id=fullname,
        kind=Kind.COMMENT if is_comment else Kind.POST,
        title="" if deleted else to_clean_text(thing.get("title")),
        body="" if deleted else body,
        author=author,
        created_at=time_from_epoch(thing.get("created_utc")),
        edited_at=time_from_epoch(thing.get("edited")),  # False for "never"
        url=to_http_link(thing.get("permalink"), SITE),
        thread_id=to_clean_text(thing.get("link_id")) if is_comment else fullname,
        parent_id=to_clean_text(thing.get("parent_id")),
        score=None if thing.get("score_hidden") else to_count(thing.get("score")),
        replies=None if is_comment else to_count(thing.get("num_comments")),
        attributes=_thing_attributes(thing),
        deleted=deleted,
    )


def deleted_feedback(source_id: str, name: str) -> Feedback:
    """Return the deletion of a post or comment that Reddit does not show any more."""
    kind = Kind.COMMENT if name.startswith("t1_") else Kind.POST
    return Feedback(source_id=source_id, external_id=name, kind=kind, deleted=True)


def reply_from_comment(comment: Mapping[str, Any]) -> PublishedReply:
    """Convert a comment of our own account to the reply that it publishes."""
    return PublishedReply(
        url=to_http_link(comment.get("permalink"), SITE),
        external_id=to_clean_text(comment.get("name")),
    )


def _thing_fullname(thing: Mapping[str, Any]) -> str:
    prefix = "t1" if "body" in thing else "t3"
    return to_clean_text(thing.get("name")) or f"{prefix}_{to_clean_text(thing.get('id'))}"


def _thing_author(thing: Mapping[str, Any]) -> Author:
    name = to_clean_text(thing.get("author"))
    if name in ("", "[deleted]"):
        return Author()
    return Author(name=name, id=to_clean_text(thing.get("author_fullname")))


def _thing_attributes(thing: Mapping[str, Any]) -> dict[str, str]:
    linked = to_http_link(thing.get("url")) if thing.get("is_self") is False else ""
    values = {
        "subreddit": to_clean_text(thing.get("subreddit")),
        "flair": to_clean_text(thing.get("link_flair_text")),
        "link": linked,
    }
    return drop_empty(values)
