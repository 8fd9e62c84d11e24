"""One entry of Reddit's feeds as the feedback that Reddit's own interface would give."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from monitor.domain.feedback import Author, Feedback, Kind, Markup
from sources._normalise import drop_empty, to_http_link
from sources.feed.document import FeedEntry

_FULLNAME = re.compile(r"(?:^|/)(t[13]_[0-9a-z]{1,13})$")
_PERMALINK = re.compile(
    r"/(?:r|user)/(?P<place>[^/]+)/comments/(?P<post>[0-9a-z]{1,13})(?:/[^/]*(?:/(?P<comment>[0-9a-z]{1,13}))?)?/?$"
)
_OWN_WORDS = '<div class="md">'
#: What Reddit writes below a post, behind its own words: author, link and number of comments.
_FOOTER = re.compile(
    r"submitted by[^<\[]{0,20}(?:<a [^<>]{0,300}/user/([^\"/<>]{1,40})|\[deleted\])"
)
_FOOTER_LINK = re.compile(r"<a [^<>]{0,100}?href=\"([^\"<>]{1,2000})\"[^<>]{0,100}>\s*\[link\]")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_GONE = {"[deleted]", "[removed]"}


def feedback_from_entry(source_id: str, entry: FeedEntry) -> Feedback | None:
    """The post or comment in an entry, None for what is neither.

    Its identity is the fullname (`t3_...`, `t1_...`), which feeds write as `t3_x`, as `/t3_x` or as
    a permalink.
    """
    address = _PERMALINK.match(urlsplit(entry.link).path)
    fullname = _entry_fullname(entry, address)
    if not fullname:
        return None
    is_comment = fullname.startswith("t1_")
    body = entry.body
    if not is_comment or _OWN_WORDS in body:
        body = extract_author_words(body)
    thread_id = fullname
    if is_comment:
        thread_id = f"t3_{address['post']}" if address else ""
    deleted = html.unescape(_TAG.sub("", body)).strip() in _GONE
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
        attributes=_entry_attributes(entry, address),
        deleted=deleted,
    )


def extract_author_words(body: str) -> str:
    """What the author wrote: without the picture before it and "submitted by ... [link] [comments]"
    behind it.
    """
    signature = _find_footer(body)
    words = body[: signature.start()] if signature else body
    start = words.find(_OWN_WORDS)
    if start >= 0:
        return words[start:]
    return "" if signature else words


def _find_footer(body: str) -> re.Match[str] | None:
    """The last place that looks like Reddit's signature, if it stands behind the author's words."""
    last = None
    for found in _FOOTER.finditer(body):
        last = found
    behind = body[last.end() :] if last else ""
    return last if "[link]" in behind and _OWN_WORDS not in behind else None


def _entry_fullname(entry: FeedEntry, address: re.Match[str] | None) -> str:
    if found := _FULLNAME.search(entry.id):
        return found[1]
    if not address:
        return ""
    return f"t1_{address['comment']}" if address["comment"] else f"t3_{address['post']}"


def _entry_author(entry: FeedEntry) -> Author:
    """The author by the bare name; RSS has it only below the words."""
    signature = _find_footer(entry.body)
    bare = entry.author.name.removeprefix("/u/") or (signature[1] if signature else "") or ""
    return Author() if bare == "[deleted]" else Author(name=bare)


def _entry_attributes(entry: FeedEntry, address: re.Match[str] | None) -> dict[str, str]:
    signature = _find_footer(entry.body)
    linked = _FOOTER_LINK.search(entry.body, signature.end()) if signature else None
    target = to_http_link(html.unescape(linked[1])) if linked else ""
    own = not target or urlsplit(target).path == urlsplit(entry.link).path
    found = {"subreddit": address["place"] if address else "", "link": "" if own else target}
    return drop_empty(found)
