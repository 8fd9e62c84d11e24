"""RSS and Atom as most feeds are written, read straight from expat in a fraction of feedparser's
time.

What is found is exactly what feedparser finds in the same document, as far as an entry needs it.
Whatever is not ordinary (a document type, base64, elements in odd places) is left to feedparser.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from feedparser.encodings import convert_to_utf8
from feedparser.html import _cp1252
from feedparser.mixin import _FeedParserMixin

from sources._feedauthor import name_author
from sources._feedframes import (
    XHTML,
    Attributes,
    Begin,
    Frame,
    Frames,
    media_type,
    safe_base,
    without_division,
)
from sources._feednames import DRAWN, RESERVED, SPECIAL, NotOrdinary
from sources._feedtimes import moment
from sources._normalise import absolute, is_absolute
from sources.feed.feedparser_limits import join

_BASE = re.compile(rb"base\s*=")
_RELATIVE_ID = re.compile(
    rb"<(?:guid|id)\b[^<>]*>\s*+(?:<!\[cdata\[\s*+)?+(?!<|[a-z][a-z0-9+.-]*:)"
)
_ROOT = re.compile(rb"<\w")
_MISREAD = re.compile("[\x80-\x9f]")
_BROKEN_REFERENCE = re.compile("&([A-Za-z0-9_]+);")
_SUMMED_UP = ("text/plain", "text/html", XHTML)


@dataclass(frozen=True, slots=True)
class Read:
    """A document under feedparser's names; only its times are read already."""

    entries: list[dict[str, Any]]
    feed: dict[str, Any]


def needs_base(body: bytes) -> bool:
    """Whether there may be a base of the document's own in it, or an id that is a relative link."""
    body = body.lower()
    return b"\x00" in body or bool(
        (b"base" in body and _BASE.search(body)) or _RELATIVE_ID.search(body)
    )


def read(
    body: bytes, base: str, headers: Mapping[str, str], wanted: Collection[str]
) -> Read | None:
    """The feed in `body`, with the elements that are `wanted`; None for what is not ordinary."""
    if any(name in SPECIAL or name in RESERVED or name in _BEGIN for name in wanted):
        return None
    is_based = needs_base(body)
    try:
        start = safe_base(base, base) if is_based else ""
        reader = _Reader(start, headers.get("content-language"), frozenset(wanted))
        reader.read(_in_utf8(body, headers))
    except (NotOrdinary, expat.ExpatError):
        return None
    ids = (entry.get("id") for entry in reader.entries)
    if not reader.names.version or not (
        is_based or all(absolute(id_, base) == id_ for id_ in ids if id_)
    ):
        return None
    return Read(reader.entries, reader.feed)


def _in_utf8(body: bytes, headers: Mapping[str, str]) -> bytes:
    """The document as feedparser decodes it."""
    result: dict[str, Any] = {}
    try:
        data: bytes = convert_to_utf8({"content-location": "", **headers}, body, result)
    except Exception as error:  # hostile input raises anything in there
        raise NotOrdinary("encoding") from error
    root = _ROOT.search(data)
    head = data[: root.start()] if root else b""
    if not result["encoding"] or not head or b"<!D" in head or b"<!E" in head:
        raise NotOrdinary("encoding or document type")
    return data


def _mended(text: str) -> str:
    """The text with what feedparser repairs: UTF-8 that was taken for Latin-1, and letters of
    Windows.
    """
    if text.isascii():
        return text
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_cp1252) if _MISREAD.search(text) else text


class _Reader(Frames):
    """What feedparser's reader keeps in mind, as far as it makes a difference to an entry."""

    def __init__(self, base: str, language: str | None, wanted: frozenset[str]) -> None:
        super().__init__(base, language)
        self.entries: list[dict[str, Any]] = []
        self.feed: dict[str, Any] = {"language": language.replace("_", "-")} if language else {}
        self._wanted = wanted
        self._inside: dict[str, Any] | None = None  # the entry that is being read
        self._item: dict[str, Any] | None = (
            None  # the same, where what is found belongs to it and not to its source
        )
        self._depths: dict[str, int] = {}  # where in the item the values were found
        self._title_depth = -1
        self._in_feed = self._in_author = self._in_owner = self._in_contributor = False
        self._in_picture = False  # feedparser forgets it where something else begins in the picture
        self._has_content = self._feed_has_summary = self._id_is_link = False

    def beginning(self, key: str, tag: str) -> Begin:
        name = _BEGIN.get(key)
        if name:
            begin: Begin = getattr(self, name)
            return begin
        if key in SPECIAL or key in RESERVED or tag.rpartition(":")[2] in DRAWN:
            return self._begin_special
        return self._begin_unknown

    def _begin_unknown(self, key: str, attributes: Attributes) -> None:
        is_wanted = key in self._wanted
        if not attributes:
            self.open(key, self._end_wanted if is_wanted else None)
        elif is_wanted:
            raise NotOrdinary(key)
        else:
            self.open_apart(key, attributes)

    def _begin_special(self, key: str, attributes: Attributes) -> None:
        raise NotOrdinary(key)

    def _store(self, name: str, text: str) -> None:
        """Keep the text of an element for the item, unless one that was less deep has given it
        already.
        """
        if self._item is None:
            return
        depth = self.depth
        if depth <= self._depths.get(name, depth):
            self._depths[name] = depth
            self._item[name] = text

    def _is_direct(self) -> bool:
        """Whether nothing that keeps its text apart stands between here and the item, or the
        feed.
        """
        return not self.frames or self.frames[-1].name == (
            "channel" if self._inside is None else "item"
        )

    def _begin_root(self, key: str, attributes: Attributes) -> None:
        if self._opened:
            raise NotOrdinary(key)
        self.open_apart(key, attributes)
        if key == "rdf_rdf":
            return
        if self.language:
            self.feed["language"] = self.language.replace("_", "-")
        if key == "feed":
            self._in_feed = True
            self.names.version = self.names.version or "atom"
        elif not self.names.version.startswith("rss"):
            self.names.version = "rss"

    def _begin_channel(self, key: str, attributes: Attributes) -> None:
        if self.depth != 1 or self._in_feed or "lastmod" in attributes or "href" in attributes:
            raise NotOrdinary(key)
        self._in_feed = True
        self.open("channel", self._end_channel, silent=True)

    def _end_channel(self, frame: Frame, text: str) -> None:
        self._in_feed = False

    def _begin_item(self, key: str, attributes: Attributes) -> None:
        if (
            self._inside is not None
            or not self._is_direct()
            or "lastmod" in attributes
            or "href" in attributes
        ):
            raise NotOrdinary(key)
        if attributes and not self.names.usual("rdf"):
            raise NotOrdinary("rdf")
        self.open("item", self._end_item, silent=True)
        about = attributes.get("rdf:about")
        self._inside = self._item = {"id": about} if about else {}
        self._depths, self._title_depth, self._id_is_link = {}, -1, False
        self.entries.append(self._item)

    def _end_item(self, frame: Frame, text: str) -> None:
        self._inside = self._item = None
        self._has_content = False

    def _begin_source(self, key: str, attributes: Attributes) -> None:
        if self._item is None or not self._is_direct():
            raise NotOrdinary(key)
        self.open("source", self._end_source, silent=True)
        self._item, self._title_depth = None, -1

    def _end_source(self, frame: Frame, text: str) -> None:
        self._item = self._inside

    def _begin_picture(self, key: str, attributes: Attributes) -> None:
        """The picture of the feed, or its text input."""
        if self._inside is not None or not self._is_direct():
            raise NotOrdinary(key)
        self.open(key, self._end_picture, silent=True)
        self.aside_depth = self.depth
        self._in_picture = key == "image"

    def _end_picture(self, frame: Frame, text: str) -> None:
        self.aside_depth = 0
        self._in_picture = False

    def aside(self, tag: str) -> None:
        if self.depth > self.aside_depth:
            raise NotOrdinary("something deep in a picture")
        if ":" not in tag and tag not in _PICTURED:
            self._in_picture = False

    def _begin_title(self, key: str, attributes: Attributes) -> None:
        media = key == "media_title"
        self.open_content(
            "title", attributes, "text/plain", self._end_media_title if media else self._end_title
        )

    def _end_title(self, frame: Frame, text: str) -> None:
        if self._keep_title(frame, text):
            self._title_depth = self.depth

    def _end_media_title(self, frame: Frame, text: str) -> None:
        self._keep_title(frame, text)

    def _keep_title(self, frame: Frame, text: str) -> str:
        """Keep a title unless there is one that is less deep; the text as it was read."""
        text, kind = self._content_of(frame, text)
        if self._item is not None and not -1 < self._title_depth <= self.depth:
            self._store("title", text)
            self._item["title_detail"] = {"type": kind, "language": self.language}
        return text

    def _content_of(self, frame: Frame, text: str) -> tuple[str, str]:
        """The text of an element that may hold markup, and what it is written in."""
        self.close_content()
        kind = self.kind
        if kind == "text/plain":
            if ("</" in text or "&" in text) and not self.names.version.startswith("atom"):
                kind = "text/html" if _FeedParserMixin.looks_like_html(text) else kind
        elif kind == XHTML and self.names.version == "atom10":
            text = "".join(without_division(frame.pieces or [])).strip()
        return _mended(text), kind

    def _begin_ignored(self, key: str, attributes: Attributes) -> None:
        self.open(_IGNORED[key], None)

    def _begin_ignored_content(self, key: str, attributes: Attributes) -> None:
        self.open_content("", attributes, "text/plain", self._end_ignored_content)

    def _end_ignored_content(self, frame: Frame, text: str) -> None:
        self.close_content()

    def _begin_description(self, key: str, attributes: Attributes) -> None:
        self._begin_summary(key, attributes, "text/html")

    def _begin_summary(self, key: str, attributes: Attributes, kind: str = "text/plain") -> None:
        """A second summary is the content, where there is none yet."""
        is_feed = self._inside is None
        known = self._feed_has_summary and not self._in_picture
        has_summary = known if is_feed else "summary" in (self._item or ())
        if (has_summary or (is_feed and kind == "text/plain")) and not self._is_direct():
            raise NotOrdinary(key)
        if self._inside is not None and self._item is None:
            raise NotOrdinary("the summary of a source")
        if has_summary and not self._has_content:
            self._begin_content(key, attributes)
        elif kind == "text/html":
            self.open_content("description", attributes, kind, self._end_summary)
        else:
            self.open_content("summary", attributes, kind, self._end_summary)

    def _end_summary(self, frame: Frame, text: str) -> None:
        text, kind = self._content_of(frame, text)
        self._store("summary", text)
        if self._item is not None:
            self._item["summary_detail"] = {"type": kind, "language": self.language, "value": text}
        elif frame.name == "summary" and self._in_feed:
            self._feed_has_summary = True

    def _begin_content(self, key: str, attributes: Attributes) -> None:
        """feedparser leaves a frame of `content` open for ever, which does no harm right in an
        item.
        """
        if not self._is_direct() or (self._inside is not None and self._item is None):
            raise NotOrdinary(key)
        self._has_content = True
        kind = "text/html" if key == "content_encoded" else "text/plain"
        self.open_content("content", attributes, kind, self._end_content)

    def _end_content(self, frame: Frame, text: str) -> None:
        was = self.kind
        text, kind = self._content_of(frame, text)
        if self._item is None:
            self._feed_has_summary = self._feed_has_summary or was in _SUMMED_UP
            return
        self._item.setdefault("content", []).append(
            {"type": kind, "language": self.language, "value": text}
        )
        if was in _SUMMED_UP:
            self._item.setdefault("summary", text)

    def _begin_id(self, key: str, attributes: Attributes) -> None:
        self._id_is_link = attributes.get("ispermalink", "true") == "true"
        self.open("id", self._end_id)

    def _end_id(self, frame: Frame, text: str) -> None:
        if self._item is not None:
            text = _mended(self._resolved(text) if text and self._id_is_link else text)
            self._store("id", text)
            if self._id_is_link:
                self._item.setdefault("link", text)

    def _begin_link(self, key: str, attributes: Attributes) -> None:
        if "url" in attributes or "uri" in attributes:
            raise NotOrdinary(key)
        href = attributes.get("href")
        if href is None:
            self.open("link", self._end_link)
            return
        self.open_apart("link", attributes)
        relation = attributes.get("rel", "alternate")
        kind = attributes.get("type", "text/html")
        if (
            self._item is not None
            and relation == "alternate"
            and media_type(kind) in ("text/html", XHTML)
        ):
            self._item["link"] = self._resolved(href)

    def _end_link(self, frame: Frame, text: str) -> None:
        if self._item is not None:
            text = _mended(self._resolved(text) if text else text)
            self._item["link"] = (
                _BROKEN_REFERENCE.sub(r"&\1", text.replace("&amp;", "&")) if "&" in text else text
            )

    def _resolved(self, address: str) -> str:
        return address if is_absolute(address) else join(self.base, address)

    def _begin_author(self, key: str, attributes: Attributes) -> None:
        if self._in_author or self._in_contributor or self._in_owner:
            raise NotOrdinary(key)
        self._in_author = True
        self.open("author", self._end_author)
        if self._item is not None:
            self._item.setdefault("authors", []).append({})

    def _end_author(self, frame: Frame, text: str) -> None:
        self._in_author = False
        if self._item is not None:
            self._store("author", _mended(text))
            name_author(self._item)

    def _begin_other_person(self, key: str, attributes: Attributes) -> None:
        """A contributor; the owner of a whole podcast."""
        is_owner = key == "itunes_owner"
        if (
            self._in_author
            or self._in_contributor
            or self._in_owner
            or (is_owner and self._inside is not None)
        ):
            raise NotOrdinary(key)
        self._in_contributor, self._in_owner = not is_owner, is_owner
        self.open(key, self._end_other_person, silent=True)

    def _end_other_person(self, frame: Frame, text: str) -> None:
        self._in_contributor = self._in_owner = False

    def _begin_part(self, key: str, attributes: Attributes) -> None:
        """The name or an address of a person."""
        name = _PARTS[key]
        self.open(name, self._end_part if self._in_author and self._item is not None else None)

    def _end_part(self, frame: Frame, text: str) -> None:
        item = self._item
        if item is not None and self._in_author:
            if frame.name == "href":
                text = _mended(self._resolved(text) if text else text)
            item.setdefault("author_detail", {})[frame.name] = text
            name_author(item)
            item.setdefault("authors", [{}])[-1][frame.name] = text

    def _begin_published(self, key: str, attributes: Attributes) -> None:
        self.open("published", self._end_time)

    def _begin_updated(self, key: str, attributes: Attributes) -> None:
        self.open("updated", self._end_time)

    def _end_time(self, frame: Frame, text: str) -> None:
        try:
            at = moment(_mended(text))
        except Exception as error:  # feedparser's readers of dates may raise anything
            raise NotOrdinary("time") from error
        if self._item is not None:
            self._item[frame.name + "_parsed"] = at

    def _begin_language(self, key: str, attributes: Attributes) -> None:
        if key == "dc_language" and self._inside is None and not self._is_direct():
            raise NotOrdinary(key)
        self.open("language", self._end_language)

    def _end_language(self, frame: Frame, text: str) -> None:
        if self._inside is None and self._in_feed:
            self.feed["language"] = _mended(text)

    def _begin_apart(self, key: str, attributes: Attributes) -> None:
        self.open_apart(key, attributes)

    def _begin_unless_apart(self, key: str, attributes: Attributes) -> None:
        if attributes:
            self.open_apart(key, attributes)
        else:
            self.open(key, None)

    def _begin_itunes_link(self, key: str, attributes: Attributes) -> None:
        """feedparser leaves its frame open, as that of `content`."""
        if not self._is_direct():
            raise NotOrdinary(key)
        self.open("itunes_image", None)

    def _begin_media_rating(self, key: str, attributes: Attributes) -> None:
        self.open("rating", self._end_wanted)

    def _begin_reply(self, key: str, attributes: Attributes) -> None:
        if not attributes:
            raise NotOrdinary(key)
        self.open_apart(key, attributes)
        if self._item is not None:
            self._item[key] = attributes

    def _begin_minutes(self, key: str, attributes: Attributes) -> None:
        if attributes:
            raise NotOrdinary(key)
        self.open("ttl", self._end_minutes)

    def _end_minutes(self, frame: Frame, text: str) -> None:
        if self._inside is None and self._in_feed:
            self.feed["ttl"] = _mended(text)

    def _end_wanted(self, frame: Frame, text: str) -> None:
        self._store(frame.name, _mended(text))


_IGNORED = dict.fromkeys(("category", "keywords", "media_category", "itunes_category", "dc_subject"), "category") | {
    "generator": "generator", "height": "height", "width": "width", "media_credit": "credit",
    "media_player": "media_player", "media_thumbnail": "url", "webmaster": "publisher", "dc_publisher": "publisher",
    "itunes_image": "itunes_image", "georss_point": "geometry",
    "georss_box": "geometry", "georss_line": "geometry", "georss_polygon": "geometry",
}  # fmt: skip
#: Elements at which feedparser does not take the picture of a feed for ended.
_PICTURED = frozenset(("title", "link", "description", "url", "href", "width", "height"))
_PARTS = {
    "name": "name", "itunes_name": "name", "email": "email", "itunes_email": "email",
    "url": "href", "uri": "href", "homepage": "href",
}  # fmt: skip
#: The methods for what feedparser treats in a way of its own; for all else in SPECIAL the document
#: is not ordinary.
_BEGIN: dict[str, str] = {
    name: begin
    for begin, names in {
        "_begin_root": "rss feed rdf_rdf",
        "_begin_channel": "channel",
        "_begin_item": "item entry",
        "_begin_source": "source",
        "_begin_picture": "image textinput",
        "_begin_title": "title dc_title media_title",
        "_begin_description": "description dc_description media_description",
        "_begin_summary": "summary itunes_summary",
        "_begin_content": "content content_encoded",
        "_begin_ignored_content": "rights copyright dc_rights subtitle tagline itunes_subtitle info "
        "feedburner_browserfriendly",
        "_begin_id": "id guid",
        "_begin_link": "link",
        "_begin_author": "author managingeditor dc_author dc_creator itunes_author",
        "_begin_other_person": "contributor dc_contributor itunes_owner",
        "_begin_part": " ".join(_PARTS),
        "_begin_published": "published issued pubdate dcterms_issued",
        "_begin_updated": "updated modified lastbuilddate dc_date dcterms_modified",
        "_begin_language": "language dc_language",
        "_begin_apart": "enclosure cloud cc_license media_content media_group",
        "_begin_unless_apart": "itunes_block itunes_explicit itunes_keywords media_keywords",
        "_begin_itunes_link": "itunes_link",
        "_begin_media_rating": "media_rating",
        "_begin_reply": "thr_in-reply-to",
        "_begin_minutes": "ttl",
        "_begin_ignored": " ".join(_IGNORED),
    }.items()
    for name in names.split()
}
