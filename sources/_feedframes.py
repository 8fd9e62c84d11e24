"""The open elements of a feed as feedparser keeps them: whose text is whose, in which language and
at which base.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape

from sources._feednames import DRAWN, SPECIAL, Names, NotOrdinary
from sources.feed.feedparser_limits import safe_join

XHTML = "application/xhtml+xml"
_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": XHTML}
_DEEPEST = 100
_BUFFER = 65_536
_QUOTE = {'"': "&quot;"}

Attributes = dict[str, str]
Begin = Callable[[str, Attributes], None]


class Frame(NamedTuple):
    """An element whose text is kept apart from that of the elements around it."""

    name: str
    finish: Callable[[Frame, str], None] | None
    pieces: list[str]
    is_heard: bool  #: whether anybody asks for its text


def media_type(written: str) -> str:
    """The type that a text construct is declared as, written out."""
    return _TYPES.get(written, written)


class Frames:
    """A document as it is read, down to the element that is open now."""

    def __init__(self, base: str, language: str | None) -> None:
        self.names = Names()
        self.base = base  #: "" where there is none to be resolved against
        self.language = language or None
        self.frames: list[Frame] = []
        self.kind = ""  #: what the open content is written in, as far as it was read
        #: of an element that keeps what is in it to itself; 0 where none is open
        self.aside_depth = 0
        self._opened: list[
            Frame | str | None
        ] = []  # every open element: its frame, or its end as markup
        self._scopes: list[
            tuple[int, str, str | None]
        ] = []  # what held outside of the element of that depth
        self._content: Frame | None = None  # the frame whose text may be markup
        self._drawings = 0  # how many are open in it
        self._known: dict[
            str, tuple[str, str, Begin]
        ] = {}  # by names, until another namespace is declared

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._opened)

    def read(self, data: bytes) -> None:
        """Take in the whole document; raises NotOrdinary and expat's error."""
        self._expat = parser = expat.ParserCreate("utf-8", " ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.buffer_size = _BUFFER
        parser.StartNamespaceDeclHandler = self._declare
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.Parse(data, True)
        finally:
            parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = (
                None
            )
            parser.StartNamespaceDeclHandler = None
            del self._expat

    def beginning(self, key: str, tag: str) -> Begin:
        """What an element of this name begins with."""
        raise NotImplementedError

    def aside(self, tag: str) -> None:
        """Hear of an element before it begins, below `aside_depth`."""
        raise NotImplementedError

    def open(
        self, name: str, finish: Callable[[Frame, str], None] | None, *, silent: bool = False
    ) -> None:
        """Begin an element whose text is its own; without `finish`, or if `silent`, nobody asks for
        it.
        """
        is_heard = finish is not None and not silent
        frame = Frame(name, finish, [], is_heard)
        self.frames.append(frame)
        self._opened.append(frame)
        if len(self._opened) > _DEEPEST:
            raise NotOrdinary("depth")
        self._expat.CharacterDataHandler = frame.pieces.append if is_heard else None

    def open_apart(self, key: str, attributes: Attributes) -> None:
        """Begin an element whose text belongs to the element around it."""
        if (self.frames and self.frames[-1].name == key) or len(self._opened) > _DEEPEST:
            raise NotOrdinary(key)
        self._opened.append(None)

    def open_content(
        self, name: str, attributes: Attributes, kind: str, finish: Callable[[Frame, str], None]
    ) -> None:
        """Begin an element that may hold markup."""
        self.kind = kind = media_type(attributes.get("type", kind))
        if attributes.get("mode") == "base64" or (
            kind != XHTML and (kind[:5] != "text/" or kind.endswith("xml"))
        ):
            raise NotOrdinary(kind)
        self.open(name, finish)
        self._content = self.frames[-1]
        if kind == XHTML:
            self._expect_markup(self._content)

    def close_content(self) -> None:
        """Expect no more markup."""
        self._content = None

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        self._known.clear()
        self.names.declare(prefix, uri)

    def _start(self, name: str, given: Attributes) -> None:
        key, tag, begin = self._known.get(name) or self._meaning(name)
        attributes = given
        if given or self.names.declared:
            attributes = self.names.attributes(given)
            self._scope(attributes)
        if self._content:
            self._start_markup(self._content, name, key, tag, attributes)
            return
        if self.aside_depth:
            self.aside(tag)
        begin(key, attributes)

    def _meaning(self, name: str) -> tuple[str, str, Begin]:
        key, tag = self.names.element(name)
        self._known[name] = meaning = key, tag, self.beginning(key, tag)
        return meaning

    def _end(self, name: str) -> None:
        opened = self._opened[-1]
        if isinstance(opened, Frame):
            frames = self.frames
            frames.pop()
            around = frames[-1] if frames else None
            self._expat.CharacterDataHandler = (
                around.pieces.append if around and around.is_heard else None
            )
            if opened.finish:
                opened.finish(opened, "".join(opened.pieces).strip())
        elif opened is not None and self._content:
            self._drawings -= opened == "</svg>"
            self._content.pieces.append(opened)
        if self._scopes and self._scopes[-1][0] == len(self._opened):
            _, self.base, self.language = self._scopes.pop()
        self._opened.pop()

    def _scope(self, attributes: Attributes) -> None:
        """Heed a language and a base, which hold as far as the element reaches."""
        language = attributes.get("xml:lang", attributes.get("lang"))
        base = attributes.get("xml:base", attributes.get("base"))
        if language is None and not base:
            return
        self._scopes.append((len(self._opened) + 1, self.base, self.language))
        if language is not None:
            self.language = language or None
        if base:
            self.base = safe_base(self.base, base)

    def _start_markup(
        self, content: Frame, name: str, key: str, tag: str, attributes: Attributes
    ) -> None:
        """Take the start of an element as text; feedparser takes its end for that of an element of
        the feed, too.
        """
        local = tag.rpartition(":")[2]
        if len(self._opened) > _DEEPEST or (
            key in SPECIAL and (not self._drawings or content.name in ("", key))
        ):
            raise NotOrdinary(key)
        self._opened.append(f"</{local}>")
        if self.kind != XHTML:
            if local == "div":  # feedparser overlooks it, and from then on how deep it is
                raise NotOrdinary(key)
            self.kind = XHTML
            self._expect_markup(content)
        if local in DRAWN:
            if local != tag:
                raise NotOrdinary(tag)
            self._drawings += 1 if local == "svg" else 0
            if name.startswith(DRAWN[local] + " "):
                declared = {
                    key: value for key, value in attributes.items() if key.startswith("xmlns:")
                }
                attributes = declared | {"xmlns": DRAWN[local]} | attributes
        written = "".join(f' {key}="{escape(value, _QUOTE)}"' for key, value in attributes.items())
        content.pieces.append(f"<{local}{written}>")

    def _expect_markup(self, content: Frame) -> None:
        append = content.pieces.append
        self._expat.CharacterDataHandler = lambda text: append(escape(text))


def safe_base(base: str, address: str) -> str:
    """What feedparser makes of a base that is named at another one."""
    found = (safe_join(base, address) or base) if base else ""
    if not found or safe_join(found, found) != found:
        raise NotOrdinary("base")
    return found


def without_division(pieces: list[str]) -> list[str]:
    """The pieces of markup without a division around all of them."""
    while len(pieces) > 1 and not pieces[-1].strip():
        del pieces[-1]
    while len(pieces) > 1 and not pieces[0].strip():
        del pieces[0]
    if (
        not pieces
        or not (pieces[0] == "<div>" or pieces[0].startswith("<div "))
        or pieces[-1] != "</div>"
    ):
        return pieces
    depth = 0
    for piece in pieces[:-1]:
        if piece.startswith("</"):
            depth -= 1
            if depth == 0:
                return pieces
        elif piece.startswith("<") and not piece.endswith("/>"):
            depth += 1
    return pieces[1:-1]


def _refuse(*_: object) -> None:
    raise NotOrdinary("document type")
