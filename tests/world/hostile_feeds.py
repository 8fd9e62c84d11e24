"""Feeds of any size that would take the square of it in time, were feedparser not bounded."""

from __future__ import annotations

from typing import NamedTuple

_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


class Shape(NamedTuple):
    """What stands in one item of a feed; `{n}` is the number of the repetition."""

    before: str
    repeated: str
    closed: str = ""  #: repeated as often, backwards
    after: str = ""


SHAPES = {
    "items": Shape("</item><item><guid>1</guid>", "<title>a</title>"),
    "nested elements": Shape("", "<a>"),
    "nested and closed": Shape("", "<div>", "</div>"),
    "bases in bases": Shape("", '<a xml:base="x/">', "</a>"),
    "languages in languages": Shape("", '<a xml:lang="x">', "</a>"),
    "namespaces": Shape("", '<p{n}:a xmlns:p{n}="urn:{n}"/>'),
    "namespaces in namespaces": Shape("", '<p{n}:a xmlns:p{n}="urn:{n}">', "</p{n}:a>"),
    "attributes": Shape("<a", ' a{n}="b"', "", "/>"),
    "broken attributes": Shape("<a", " b=", "", "</item>"),
    "open quotes": Shape("<a", ' b="', "", "</item>"),
    "ampersands": Shape("<title>", "& ", "", "</title>"),
    "brackets": Shape("<title>", "< ", "", "</title>"),
    "declarations": Shape("<title>", "<!x ", "", "</title>"),
    "authors": Shape("", "<author>a@b.example (x)</author>"),
    "contributors": Shape("", "<dc:contributor>x</dc:contributor>"),
    "categories": Shape("", "<category>a</category>"),
    "links": Shape("", "<link>/a</link>"),
    "contents": Shape("", "<content:encoded>a</content:encoded>"),
    "summaries": Shape("", "<description>a</description>"),
    "sources": Shape("", "<source><title>a</title></source>"),
}


def make_hostile_feed(shape: Shape, size: int, *, broken: bool = False) -> bytes:
    """Return an RSS document of about `size` bytes; a `broken` one is no well-formed XML."""
    count = size // (len(shape.repeated) + len(shape.closed))
    opened = "".join(shape.repeated.format(n=n) for n in range(count))
    closed = "".join(shape.closed.format(n=n) for n in reversed(range(count)))
    item = f"<item>{shape.before}{opened}{closed}{shape.after}{'&' if broken else ''}</item>"
    return f'<rss version="2.0" {_NAMESPACES}><channel>{item}</channel></rss>'.encode()
