"""Bounds on feedparser's functions of quadratic running time.

A hostile feed of a few megabytes would keep a thread busy for hours; nothing that people write
comes near these limits. feedparser has no setting for them, so `apply` replaces its private
functions, for the whole process. Checked against feedparser 6.0.14; a release in which one of the
names is gone fails at import, not in silence.
"""

from __future__ import annotations

from itertools import islice
from typing import Any
from xml.sax.xmlreader import AttributesNSImpl

import feedparser.mixin
import feedparser.namespaces._base
from feedparser.mixin import _FeedParserMixin
from feedparser.parsers.strict import _StrictFeedParser
from feedparser.urls import _urljoin, make_safe_absolute_uri

from sources._normalise import LONGEST_BASE

#: Characters of a name in which feedparser looks for an address: its pattern takes the square of
#: them in time, and each part of an author writes the name and the address anew.
LONGEST_NAME = 500
#: Attributes of one element: each is looked up among all.
MOST_ATTRIBUTES = 100
#: Namespaces of one document: the prefix of each element of a strange one is looked up among all.
MOST_NAMESPACES = 100

_sync_author_detail = _FeedParserMixin._sync_author_detail
_start_element = _StrictFeedParser.startElementNS
_track_namespace = _FeedParserMixin.track_namespace


def apply() -> None:
    """Replace feedparser's quadratic functions by bounded ones; doing it twice changes nothing."""
    feedparser.mixin._urljoin = join_bounded
    feedparser.mixin.make_safe_absolute_uri = join_safe_bounded
    feedparser.namespaces._base.make_safe_absolute_uri = join_safe_bounded
    _FeedParserMixin._add_tag = _keep_no_tag
    _FeedParserMixin._sync_author_detail = _sync_bounded_author_detail
    _FeedParserMixin.track_namespace = _track_bounded_namespaces
    _StrictFeedParser.startElementNS = _start_bounded_element


def join_bounded(base: str, address: str) -> str:
    """Join an address to a base as feedparser does; a base over LONGEST_BASE is ignored."""
    return str(_urljoin(base if len(base) <= LONGEST_BASE else "", address))


def join_safe_bounded(base: str, address: str | None = None) -> str:
    """Join an address to a base as feedparser does where it trusts the scheme.

    Returns "" where it does not, and where the base or the result is over LONGEST_BASE.
    """
    joined = make_safe_absolute_uri(base, address) if len(base) <= LONGEST_BASE else ""
    return joined if len(joined) <= LONGEST_BASE else ""


def _keep_no_tag(
    parser: _FeedParserMixin, term: str | None, scheme: str | None, label: str | None
) -> None:
    """Drop categories: feedparser compares each with all before it, and they are not used."""
    parser._get_context().setdefault("tags", [])


def _sync_bounded_author_detail(parser: _FeedParserMixin, key: str = "author") -> None:
    """Look for an address in the first characters of an author's name; feedparser uses all."""
    context = parser._get_context()
    detail = (context.get(f"{key}s") or [{}])[-1]
    for held, part in ((context, key), (detail, "name"), (detail, "email")):
        text = held.get(part) or ""
        if len(text) > LONGEST_NAME:
            held[part] = text[:LONGEST_NAME]
    _sync_author_detail(parser, key)


def _track_bounded_namespaces(parser: _FeedParserMixin, prefix: str | None, uri: str) -> None:
    """Track the first namespaces that a document declares; feedparser tracks all."""
    if len(parser.namespaces_in_use) < MOST_NAMESPACES:
        _track_namespace(parser, prefix, uri)


def _start_bounded_element(
    parser: _StrictFeedParser, name: Any, qname: str | None, attributes: AttributesNSImpl
) -> None:
    """Start an element with its first attributes only."""
    if len(attributes) > MOST_ATTRIBUTES:
        names = list(islice(attributes.getNames(), MOST_ATTRIBUTES))
        attributes = AttributesNSImpl(
            {name: attributes.getValue(name) for name in names},
            {name: attributes.getQNameByName(name) for name in names},
        )
    _start_element(parser, name, qname, attributes)
