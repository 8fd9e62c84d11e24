"""Feeds as they are recorded, mixed at random, broken off and hostile: each is read or refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.feed import xml
from sources.feed.document import FeedDocument, NotAFeed
from tests.world.hostile_feeds import SHAPES, Shape, make_hostile_feed

DATA = Path(__file__).parent.parent / "data"
BASE = "https://feeds.example/news/feed.xml"
RECORDED = sorted(
    path for path in DATA.rglob("*") if path.suffix in {".xml", ".rss", ".atom", ".html"}
)
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "im": "http://itunes.apple.com/rss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "r": "http://review.example/ns",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "xlink": "http://www.w3.org/1999/xlink",
}
_USUAL = """
title link guid id description summary content content:encoded author dc:creator name email uri
pubDate published updated dc:date category comments enclosure thr:total slash:comments im:rating
im:version r:rating rating atom:link atom:updated
"""
#: What is read or passed over in a way of its own.
_UNUSUAL = """
atom:author atom:id atom:title contributor dc:author dc:contributor dc:description dc:language
dc:subject dc:title dcterms:issued dcterms:modified itunes:author itunes:block itunes:category
itunes:image itunes:keywords itunes:link itunes:name itunes:owner itunes:subtitle itunes:summary
issued language managingEditor media:content media:credit media:description media:group
media:keywords media:rating media:thumbnail media:title modified homepage url source image
textInput rights subtitle generator ttl webMaster width unknown r:unknown cloud p b xhtml:p a
lastBuildDate logo items rdf:Seq rdf:li im:contentType thr:unknown tagline info copyright
dc:rights dc:publisher media:player
"""
#: What is always left to feedparser, or most of the time.
_ODD = """
tags abstract body xhtml:body created item entry links author_detail published_parsed div
xhtml:div svg channel feed date where fullitem dcterms:valid newlocation thr:in-reply-to
"""
_PEOPLE = "author author author atom:author contributor contributor source source media:group image"
_IN_PEOPLE = "name name email uri url title link id updated itunes:name itunes:email"
_MARKUP = "div div p b a em xhtml:div xhtml:p svg"
USUAL, UNUSUAL, ODD = _USUAL.split(), _UNUSUAL.split(), _ODD.split()
_MOMENTS = (
    "2026-11-22T10:00:00Z|2026-11-22T10:00:00.5+05:30|2026-11-22T24:00:00Z|2026-02-30T10:00:00Z|2026-11-22|20261122|"
    "2026-11-22 10:00:00|2026-11-22T10:00:00-0500|2026-11-22t10:00:00z|Sun, 22 Nov 2026 10:00:00 "
    "GMT|"
    "Sun, 22 Nov 2026 10:00:00 -0530|22 Nov 2026 10:00:00 UTC|Sun, 22 Nov 26 10:00 EST|Nov 22 2026 "
    "10:00:00 GMT|"
    "Fun, 22 Nov 2026 10:00:00 GMT|Mon, 01 Jan 0001 00:00:00 "
    "+0100|9999-12-31T23:59:59-01:00|0000-01-01T00:00:00Z|"
    "Thu, 31 Dec 1989 23:59:59 -0100|someday|1 Oct 2026 10:00:00 +0000|Sun Nov 22 10:00:00 2026"
)
MOMENTS = _MOMENTS.split("|")
ADDRESSES = [
    "urn:uuid:1", "tag:a.example,2026:1", "t3_abc", "12345", "/a?b=1", "post", "#x",
    "https://a.example/1", "http://[",
    "https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&amp;amp;b;=2",
    "HTTP://A.example/x/../y", "https:post",
    "http:///a.example/", "https://a.example/\u00e9", "javascript:x", " https://a.example/s p ", "https://a.example/x#",
    "https://a.example//x", "https://a.example/x;", "https://a.example:99/x?#y", "https://a.example?b",
]  # fmt: skip
WORDS = st.sampled_from(
    [
        "", " ", "\n\t", "x", "a b", "a &amp; b", "&lt;p&gt;x&lt;/p&gt;",
        "<![CDATA[<b>x</b> & y]]>", "a\r\nb",
        "a &lt; b &amp;gt; c", "&lt;blink&gt;x&lt;/blink&gt;", "caf\u00e9", "caf\u00c3\u00a9",
        "it\u0092s",
        "\u00c2\u00a0", "&#146;", "&amp;eacute;", "<!-- c -->x", "x<?pi?>y", "4", "4.5 of 5", "0",
        "-1", "yes", "en",
        "bob@example.com", "bob@example.com (Bob)", "Bob &lt;bob@example.com&gt;", "Bob, Eve",
        "de_AT", "no language",
        *MOMENTS, *ADDRESSES,
    ]
)  # fmt: skip
ATTRIBUTES = {
    "type": [
        "text",
        "html",
        "xhtml",
        "HTML",
        "text/plain",
        "text/html",
        "text/x-y",
        "application/xhtml+xml",
        "x/y",
        "",
    ],
    "mode": ["escaped", "base64"],
    "rel": ["self", "alternate", "Alternate", "enclosure", "replies", ""],
    "href": [
        "https://a.example/2",
        "",
        "/x",
        " /y ",
        "post?a=1&amp;b=2",
        "http://[",
        "https://A.example/x#",
    ],
    "url": ["https://a.example/3"],
    "isPermaLink": ["false", "true", "False"],
    "xml:lang": ["en", "de_AT", ""],
    "lang": ["fr"],
    "xml:base": ["https://base.example/x/", "y/", "", "javascript:x"],
    "ref": ["urn:parent"],
    "rdf:about": ["https://a.example/about", "about"],
    "xlink:href": ["https://a.example/x?a&amp;b=&quot;"],
    "term": ["t"],
    "text": ["Arts"],
}
OPTIONS = st.dictionaries(st.sampled_from(sorted(ATTRIBUTES)), st.integers(0, 9), max_size=2).map(
    lambda chosen: "".join(
        f' {name}="{ATTRIBUTES[name][number % len(ATTRIBUTES[name])]}"'
        for name, number in chosen.items()
    )
)
HEADERS = st.sampled_from(
    [
        {},
        {"content-type": "application/xml"},
        {"content-type": "text/xml", "content-language": "nl"},
        {"content-type": "application/rss+xml; charset=iso-8859-1"},
        {"content-type": "text/html; charset=utf-8"},
    ]
)


def element(name: str, options: str, inside: str) -> str:
    return f"<{name}{options}>{inside}</{name}>"


def joined(parts: st.SearchStrategy[str], most: int) -> st.SearchStrategy[str]:
    return st.lists(parts, max_size=most).map("".join)


def elements(names: list[str], deep: int) -> st.SearchStrategy[str]:
    """Elements of these names, people with their parts, markup, and some nested elements."""
    some, options = st.sampled_from(names), st.one_of(*[st.just("")] * 6, OPTIONS)
    text = st.builds(element, some, options, WORDS)
    part = st.builds(element, st.sampled_from(_IN_PEOPLE.split()), options, WORDS)
    person = st.builds(element, st.sampled_from(_PEOPLE.split()), options, joined(part, 4))
    words = markup = WORDS | st.builds(element, st.sampled_from(_MARKUP.split()), options, WORDS)
    for _ in range(deep):
        markup = words | st.builds(
            element, st.sampled_from(_MARKUP.split()), options, joined(markup, 3)
        )
    written = st.builds(
        element, st.sampled_from(["title", "content", "summary"]), st.just(' type="xhtml"'), markup
    )
    found = st.one_of(*[text] * 5, person, written, st.just('<thr:in-reply-to ref="urn:parent"/>'))
    for _ in range(deep):
        found = found | st.builds(element, some, options, joined(WORDS | found, 3))
    return found


def documents(names: list[str], deep: int) -> st.SearchStrategy[str]:
    """Documents of the three formats, in their usual shape but for what their elements hold."""
    parts = joined(elements(names, deep), 8)
    items = st.lists(
        st.tuples(st.one_of(*[st.just("")] * 6, OPTIONS), parts), min_size=1, max_size=3
    )
    about = st.just("") | joined(elements(names, deep), 3)
    kinds = st.sampled_from(["rss", "rdf", "atom", "prefixed"])
    return st.builds(document, kinds, items, about, about, st.booleans(), st.just("") | OPTIONS)


def document(
    kind: str, items: list[tuple[str, str]], first: str, last: str, odd: bool, root: str = ""
) -> str:
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items()) + root
    if odd:  # another prefix for a namespace, and the same one for another
        declared = declared.replace("xmlns:r=", "xmlns:media2=").replace(
            "xmlns:thr=", 'xmlns:r="http://x/" xmlns:thr='
        )
    default = {
        "rss": "",
        "rdf": "http://purl.org/rss/1.0/",
        "atom": NAMESPACES["atom"],
        "prefixed": "",
    }[kind]
    declared += f' xmlns="{default}"' if default else ""
    entry = {"rss": "item", "rdf": "item", "atom": "entry", "prefixed": "atom:entry"}[kind]
    listed = "".join(element(entry, options, inside) for options, inside in items)
    match kind:
        case "rss":
            return f'<rss version="2.0"{declared}><channel>{first}{listed}{last}</channel></rss>'
        case "rdf":
            return f"<rdf:RDF{declared}><channel>{first}</channel>{listed}{last}</rdf:RDF>"
        case "atom":
            return f"<feed{declared}>{first}{listed}{last}</feed>"
    return f"<atom:feed{declared}>{first}{listed}{last}</atom:feed>"


def read_or_reason(read: Callable[[], FeedDocument]) -> FeedDocument | str:
    """The document, or why there is none."""
    try:
        return read()
    except NotAFeed as error:
        return str(error)


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.name)
@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_a_document_that_breaks_off_keeps_its_ids(path: Path, share: float) -> None:
    """The entries before the break are known by the same id and link as in the whole document."""
    body = path.read_bytes()
    whole = read_or_reason(lambda: xml.parse_xml_feed(body, BASE, {}))
    part = read_or_reason(lambda: xml.parse_xml_feed(body[: int(len(body) * share)], BASE, {}))
    if isinstance(whole, FeedDocument) and isinstance(part, FeedDocument):
        before = [(entry.id, entry.link) for entry in whole.entries]
        assert [(entry.id, entry.link) for entry in part.entries] == before[: len(part.entries)]


@given(documents(USUAL + UNUSUAL + ODD, 2), HEADERS, st.sampled_from(["", "r:rating", "title"]))
def test_any_document_is_read_or_refused(
    text: str, headers: dict[str, str], rating_field: str
) -> None:
    """However elements are mixed, nested and repeated, each item is an entry or has a warning."""
    found = read_or_reason(lambda: xml.parse_xml_feed(text.encode(), BASE, headers, rating_field))

    assert isinstance(found, FeedDocument | str)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("broken", [False, True], ids=["well-formed", "malformed"])
def test_hostile_documents_cost_no_more_than_their_length(shape: Shape, broken: bool) -> None:
    """Sixty kilobytes of anything come to an end, where the square of them would take minutes.

    pytest's own limit ends what does not; benchmarks/hostile_feeds.py measures it.
    """
    body = make_hostile_feed(shape, 60_000, broken=broken)

    assert read_or_reason(lambda: xml.parse_xml_feed(body, BASE, {}))
