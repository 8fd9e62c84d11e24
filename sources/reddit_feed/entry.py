"""Convert an entry of Reddit's feeds to the feedback that Reddit's API would give."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from monitor.domain.feedback import Author, Feedback, Kind, Markup
from sources._normalise import drop_empty, strip_tags, to_http_link
from sources.feed.document import FeedEntry

_FULLNAME = re.compile(r"(?:^|/)(t[13]_[0-9a-z]{1,13})$")
_PERMALINK = re.compile(
    r"/(?:r|user)/(?P<place>[^/]+)/comments/(?P<post>[0-9a-z]{1,13})(?:/[^/]*(?:/(?P<comment>[0-9a-z]{1,13}))?)?/?$"
)
#: What the author's own text starts with.
_TEXT_START = '<div class="md">'
#: What Reddit writes below the text of a post: author, link and number of comments.
_FOOTER = re.compile(
    r"submitted by[^<\[]{0,20}(?:<a [^<>]{0,300}/user/([^\"/<>]{1,40})|\[deleted\])"
)
_FOOTER_LINK = re.compile(r"<a [^<>]{0,100}?href=\"([^\"<>]{1,2000})\"[^<>]{0,100}>\s*\[link\]")
_GONE = {"[deleted]", "[removed]"}


def feedback_from_entry(source_id: str, entry: FeedEntry) -> Feedback | None:
    """Convert an entry; None for one that is neither a post nor a comment.

    The external id is the fullname (`t3_...`, `t1_...`), which feeds write as `t3_x`, as `/t3_x` or
    as a permalink.
    """
    permalink = _PERMALINK.match(urlsplit(entry.link).path)
    fullname = _entry_fullname(entry, permalink)
    if not fullname:
        return None
    is_comment = fullname.startswith("t1_")
    body = entry.body
    if not is_comment or _TEXT_START in body:
        body = extract_author_words(body)
    thread_id = fullname
    if is_comment:
        thread_id = f"t3_{permalink['post']}" if permalink else ""
    deleted = strip_tags(body).strip() in _GONE
    return Feedback(
        source_id=source_id,
        external_id=fullname,
        kind=Kind.COMMENT if is_comment else Kind.POST,
        # A comment's title is its author's and its post's.
        title="" if deleted or is_comment else entry.title,
        body="" if deleted else body,
        markup=Markup.HTML,
        author=_entry_author(entry),
        created_at=entry.published or entry.updated,
        url=entry.link,
        thread_id=thread_id,
        attributes=_entry_attributes(entry, permalink),
        deleted=deleted,
    )


def extract_author_words(body: str) -> str:
    """Return what the author wrote, without the picture before it and Reddit's footer.

    The footer is "submitted by ... [link] [comments]".
    """
    footer = _find_footer(body)
    text = body[: footer.start()] if footer else body
    start = text.find(_TEXT_START)
    if start >= 0:
        return text[start:]
    return "" if footer else text


def _find_footer(body: str) -> re.Match[str] | None:
    """Find Reddit's footer: the last place like it, if it is behind the author's text."""
    last = None
    for found in _FOOTER.finditer(body):
        last = found
    behind = body[last.end() :] if last else ""
    return last if "[link]" in behind and _TEXT_START not in behind else None


def _entry_fullname(entry: FeedEntry, permalink: re.Match[str] | None) -> str:
    if found := _FULLNAME.search(entry.id):
        return found[1]
    if not permalink:
        return ""
    return f"t1_{permalink['comment']}" if permalink["comment"] else f"t3_{permalink['post']}"


def _entry_author(entry: FeedEntry) -> Author:
    """Return the author by the bare name, which RSS has only in the footer."""
    name = entry.author.name.removeprefix("/u/")
    if not name and (footer := _find_footer(entry.body)):
        name = footer[1] or ""
    return Author() if name == "[deleted]" else Author(name=name)


def _entry_attributes(entry: FeedEntry, permalink: re.Match[str] | None) -> dict[str, str]:
    footer = _find_footer(entry.body)
    linked = _FOOTER_LINK.search(entry.body, footer.end()) if footer else None
    target = to_http_link(html.unescape(linked[1])) if linked else ""
    leads_to_itself = bool(target) and urlsplit(target).path == urlsplit(entry.link).path
    attributes = {
        "subreddit": permalink["place"] if permalink else "",
        "link": "" if leads_to_itself else target,
    }
    return drop_empty(attributes)
