"""How the author of an entry is called, worked out as feedparser does, but for names that are
endless.
"""

from __future__ import annotations

from typing import Any

from feedparser.mixin import _FeedParserMixin  # what both of its readers share

#: The characters of a name in which feedparser looks for an address: its pattern takes the square
#: of them in time, and each part of an author writes the name and the address anew.
_LONGEST_NAME = 500
_find_address = _FeedParserMixin._sync_author_detail


def _find_address_soon(parser: _FeedParserMixin, key: str = "author") -> None:
    """As feedparser has it, in the start of the name: a hostile one would take minutes."""
    context = parser._get_context()
    detail = (context.get(f"{key}s") or [{}])[-1]
    for held, part in ((context, key), (detail, "name"), (detail, "email")):
        if len(text := held.get(part) or "") > _LONGEST_NAME:
            held[part] = text[:_LONGEST_NAME]
    _find_address(parser, key)


_FeedParserMixin._sync_author_detail = _find_address_soon


class _Item(_FeedParserMixin):  # type: ignore[misc]  # feedparser is not typed
    """As much of feedparser's reader as it takes to find the address in a name."""

    def __init__(self, item: dict[str, Any]) -> None:
        self._item = item

    def _get_context(self) -> dict[str, Any]:
        return self._item


def name_author(item: dict[str, Any]) -> None:
    """Bring `author`, `authors` and `author_detail` of an item into line, as after each part of an
    author.
    """
    name = item.get("author") or ""
    detail = item["authors"][-1] if "authors" in item else {}
    if detail or "@" in name:
        _find_address_soon(_Item(item))
    elif name:
        item["author"] = detail["name"] = name[:_LONGEST_NAME]
        item.setdefault("author_detail", detail)
