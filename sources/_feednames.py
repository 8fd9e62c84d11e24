"""What feedparser calls the elements and attributes of a feed, whatever prefixes the feed gives
them.
"""

from __future__ import annotations

from feedparser.mixin import _FeedParserMixin
from feedparser.util import FeedParserDict

_MEANINGS = {uri.lower(): prefix for uri, prefix in _FeedParserMixin.namespaces.items()}
_USERLAND = "http://backend.userland.com/rss"
_XLINK = "http://www.w3.org/1999/xlink"
#: Elements that get their namespace as an attribute.
DRAWN = {"math": "http://www.w3.org/1998/Math/MathML", "svg": "http://www.w3.org/2000/svg"}
#: Every name that feedparser treats in a way of its own.
SPECIAL = frozenset(
    name.split("_", 2)[2] for name in dir(_FeedParserMixin) if name.startswith(("_start_", "_end_"))
)
#: Names under which feedparser keeps something else than the text of an element that is called so.
RESERVED = frozenset(FeedParserDict.keymap) - {"items"} | {
    "author_detail", "authors", "base", "contributors", "enclosures", "expired_parsed", "created_parsed",
    "generator_detail", "guidislink", "href", "license", "links", "media_content", "media_credit", "media_license",
    "media_player", "media_rating", "media_restriction", "media_thumbnail", "published_parsed", "publisher",
    "publisher_detail", "publishers", "psc_chapters", "rights_detail", "subtitle_detail", "summary_detail",
    "title_detail", "updated_parsed", "validity_end", "validity_start",
}  # fmt: skip
#: Namespaces that a feed may declare: each unknown name is looked for in all of them.
_MOST = 100


class NotOrdinary(Exception):
    """The document has something in it that is better left to feedparser."""


class Names:
    """The namespaces that a document has declared so far, and the names that they make.

    feedparser never forgets a declaration, so that a name depends on all that were made before it.
    """

    def __init__(self) -> None:
        self.version = ""
        self._used: dict[str, str] = {}
        self._prefixes: dict[str | None, str] = {}
        self.declared: dict[str, str] = {}  #: declarations that the next element has as attributes

    def declare(self, prefix: str | None, uri: str | None) -> None:
        """Take in a declaration; some tell the format of the feed."""
        if not uri:
            return
        lower = uri.lower()
        if len(self._used) > _MOST or uri.split() != [uri]:
            raise NotOrdinary("namespaces")
        if not self.version:
            if not prefix and lower == "http://my.netscape.com/rdf/simple/0.9/":
                self.version = "rss090"
            elif lower == "http://purl.org/rss/1.0/":
                self.version = "rss10"
            elif lower == "http://www.w3.org/2005/atom":
                self.version = "atom10"
        if _USERLAND in lower:
            lower = uri = _USERLAND
        if lower in _MEANINGS:
            self._prefixes[prefix or None] = _MEANINGS[lower]
            self._used[_MEANINGS[lower]] = uri
        else:
            self._used[prefix or ""] = uri
        if prefix and uri == _XLINK:
            self.declared["xmlns:" + prefix] = uri

    def element(self, name: str) -> tuple[str, str]:
        """The name of an element, and the same as it stands in markup; `name` is as expat gives
        it.
        """
        uri, local = name.split()[:2] if " " in name else ("", name)
        lower = uri.lower()
        prefix = _MEANINGS.get(_USERLAND if _USERLAND in lower else lower, "").lower()
        if not prefix and uri:
            prefix = next(
                (used.lower() for used, where in self._used.items() if used and where == uri), ""
            )
        meaning = self._prefixes.get(prefix, prefix)
        if prefix and not meaning:
            raise NotOrdinary("a prefix that stood for something else")
        local = local.lower()
        return (f"{meaning}_{local}", f"{prefix}:{local}") if prefix else (local, local)

    def attributes(self, given: dict[str, str]) -> dict[str, str]:
        """The attributes of an element by their names, in small letters."""
        found, self.declared = self.declared, {}
        if any(" " in name for name in given):
            parted = [(name.split(), value) for name, value in given.items()]
            for parts, value in parted:
                prefix = _MEANINGS.get(parts[0].lower(), "") if len(parts) > 1 else ""
                local = parts[-1] if len(parts) == 1 else parts[1]
                found[(f"{prefix}:{local}" if prefix else local).lower()] = value
            for parts, value in parted:
                found[(f"{parts[2]}:{parts[1]}" if len(parts) == 3 else parts[-1]).lower()] = value
        else:
            for name, value in given.items():
                found[name.lower()] = value
        for name in ("rel", "type"):
            if name in found:
                found[name] = found[name].lower()
        return found

    def usual(self, prefix: str) -> bool:
        """Whether the prefix stands for what it usually does."""
        return self._prefixes.get(prefix, prefix) == prefix
