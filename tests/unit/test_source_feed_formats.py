"""Feeds as bytes: what is read out of every format, and out of broken ones."""

import json
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from monitor.domain.feedback import Author, Markup, Rating
from sources.feed import json as json_documents
from sources.feed import xml
from sources.feed.document import FeedDocument, FeedEntry, NotAFeed

FEEDS = Path(__file__).parent.parent / "data" / "feeds"
BASE = "https://feeds.example/news/feed.xml"
XML = {"content-type": "application/xml"}


def recorded(name: str, **headers: str) -> FeedDocument:
    return xml.parse_xml_feed((FEEDS / name).read_bytes(), BASE, headers or XML)


def rss(item: str, channel: str = "", namespaces: str = "") -> FeedDocument:
    text = (
        f'<rss version="2.0" {namespaces}><channel><title>t</title>{channel}<item>'
        f"{item}</item></channel></rss>"
    )
    return xml.parse_xml_feed(text.encode(), BASE, XML)


def only(document: FeedDocument) -> FeedEntry:
    (entry,) = document.entries
    return entry


def test_reads_the_sample_of_the_rss_specification() -> None:
    """Id, link, body, author, language and the time in UTC are read."""
    first = recorded("rss2sample.xml").entries[0]

    assert first.id == "http://liftoff.msfc.nasa.gov/2003/06/03.html#item573"
    assert first.link == "http://liftoff.msfc.nasa.gov/news/2003/news-starcity.asp"
    assert (first.title, first.language) == ("Star City", "en-us")
    assert first.published == datetime(2003, 6, 3, 9, 39, 21, tzinfo=UTC)
    assert first.markup is Markup.HTML


def test_reads_an_alert_service() -> None:
    """Atom with markup in its titles and empty authors is read whole."""
    document = recorded("google_alerts_atom.xml")

    assert (len(document.entries), document.whole, document.warnings) == (4, True, ())
    assert document.entries[0].id == "tag:google.com,2013:googlealerts/feed:8974135267215335962"
    assert "<b>Slack</b>" in document.entries[0].title
    assert not document.entries[0].author.is_known


def test_reads_prefixed_atom() -> None:
    """Atom under a prefix is Atom."""
    assert (
        only(recorded("nondefaultnamespace.atom")).id
        == "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a"
    )


def test_relative_links_become_absolute() -> None:
    """A relative link is resolved against the address of the feed; `ttl` is minutes."""
    document = recorded("rss-with-relative-urls.xml")

    assert document.entries[0].link.startswith(
        "https://feeds.example/en/games/neverwinter/news/detail/10743874"
    )
    assert document.ttl == 3600


def test_xml_base_wins_over_the_address_of_the_feed() -> None:
    """A link below xml:base is resolved against that."""
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry xml:base="https://blog.example/2026/">'
        '<id>urn:1</id><link href="post"/></entry></feed>'
    )

    assert (
        only(xml.parse_xml_feed(text.encode(), BASE, XML)).link == "https://blog.example/2026/post"
    )


def test_a_link_that_is_none_is_left_out() -> None:
    """Only http(s) is a link: not javascript, and not a bare id that feedparser takes for one."""
    assert only(rss("<guid isPermaLink='false'>7008886870</guid><title>x</title>")).link == ""
    assert only(rss("<link>javascript:alert(1)</link><title>x</title>")).link == ""


def test_broken_documents_give_what_they_have() -> None:
    """A bare ampersand or a missing end costs neither the entries before nor a warning; nothing is
    taken for whole.
    """
    for name, count in {"saxerror.xml": 3, "InvalidDateFormat.xml": 2}.items():
        document = recorded(name)

        assert (len(document.entries), document.whole) == (count, False)
        assert "malformed" in document.warnings[0]


def test_a_wrong_content_type_is_harmless() -> None:
    """RSS that is served as text/plain is RSS, whole and without a warning."""
    document = recorded("rss2sample.xml", **{"content-type": "text/plain"})

    assert (len(document.entries), document.whole, document.warnings) == (4, True, ())


def test_a_declared_charset_wins() -> None:
    """The charset of the Content-Type decides where the document declares none."""
    document = recorded("uolNoticias.rss", **{"content-type": "text/xml; charset=iso-8859-1"})

    assert "simulações" in document.entries[0].title


def test_an_unknown_charset_is_no_obstacle() -> None:
    """A charset that does not exist costs no entry."""
    text = (
        '<?xml version="1.0" encoding="x-klingon"?>'
        '<rss version="2.0"><channel><item><title>héllo</title></item></channel></rss>'
    )

    assert (
        only(
            xml.parse_xml_feed(text.encode(), BASE, {"content-type": "text/xml; charset=x-klingon"})
        ).title
        == "héllo"
    )


@pytest.mark.parametrize(
    "body", [b"<html><body>Log in</body></html>", b"\xef\xbb\xbf <!DOCTYPE html><p>x"]
)
def test_a_web_page_is_not_a_feed(body: bytes) -> None:
    """A page that was served in place of the feed is told apart."""
    with pytest.raises(NotAFeed, match="web page, perhaps to log in"):
        xml.parse_xml_feed(body, BASE, XML)
    with pytest.raises(NotAFeed, match="web page"):
        recorded("notafeed.html")


@pytest.mark.parametrize("body", [b"just words", b"\x00\x01\x02", b"<a/>", b"%PDF-1.7"])
def test_anything_else_is_not_a_feed(body: bytes) -> None:
    """What cannot be read as a feed says so."""
    with pytest.raises(NotAFeed):
        xml.parse_xml_feed(body, BASE, XML)


def test_nul_bytes_and_impossible_characters_are_taken_out() -> None:
    """NUL bytes and references to surrogates, on which feedparser fails, cost no entry."""
    text = (
        "<rss version='2.0'><channel><item><title>a\x00b &#xD800;&#55296; &#65;</title>"
        "</item></channel></rss>"
    )
    title = only(xml.parse_xml_feed(text.encode(), BASE, XML)).title

    assert title.startswith("ab ")
    assert title.endswith(" A")
    assert title.encode()


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "9999-12-31T23:59:59Z",
        "someday",
        "",
        "1970-01-01T00:00:00Z",
    ],
)
def test_impossible_dates_are_unknown(date: str) -> None:
    """A placeholder for "unknown" is no time."""
    assert only(rss(f"<title>x</title><pubDate>{date}</pubDate>")).published is None


def test_dates_are_utc_whatever_zone_they_name() -> None:
    """The zone of a date is honoured, the zone of this machine plays no part."""
    entry = only(rss("<title>x</title><pubDate>Sun, 22 Nov 2026 10:00:00 +0530</pubDate>"))

    assert entry.published == datetime(2026, 11, 22, 4, 30, tzinfo=UTC)


def test_stars_of_the_review_namespaces() -> None:
    """im:rating and a field that the user names become ratings; a figure outside one to five is
    none.
    """
    namespaces = 'xmlns:im="http://itunes.apple.com/rss" xmlns:shop="http://shop.example"'
    item = (
        "<title>x</title><im:rating>4</im:rating><shop:Stars>2.5 of 5</shop:Stars>"
        "<im:version>6.1</im:version>"
    )
    text = f'<rss version="2.0" {namespaces}><channel><item>{item}</item></channel></rss>'.encode()

    assert only(xml.parse_xml_feed(text, BASE, XML)).rating == Rating(4.0)
    assert only(xml.parse_xml_feed(text, BASE, XML, "shop:Stars")).rating == Rating(2.5)
    assert only(xml.parse_xml_feed(text, BASE, XML)).app_version == "6.1"
    assert (
        only(rss("<title>x</title><im:rating>0</im:rating>", namespaces=namespaces)).rating is None
    )


def test_the_full_text_is_preferred_to_the_summary() -> None:
    """Of content and summary the content is the body."""
    namespaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    item = (
        "<title>x</title><description>short</description><content:encoded><![CDATA[<p>"
        "long</p>]]></content:encoded>"
    )

    assert only(rss(item, namespaces=namespaces)).body == "<p>long</p>"


def test_title_and_body_have_one_markup() -> None:
    """A plain title beside HTML is escaped, an HTML title beside plain text is stripped."""
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>'
        '<title type="{}">a &lt; {}</title><content type="{}">b</content></entry></feed>'
    )

    def read(title: str, more: str, content: str) -> FeedEntry:
        return only(xml.parse_xml_feed(atom.format(title, more, content).encode(), BASE, XML))

    assert (read("text", "b", "html").title, read("text", "b", "html").markup) == (
        "a &lt; b",
        Markup.HTML,
    )
    stripped = read("html", "c &lt;b&gt;d&lt;/b&gt; &amp;amp; e", "text")
    assert (stripped.title, stripped.markup) == ("a < c d & e", Markup.TEXT)


def test_an_address_is_not_taken_for_a_name() -> None:
    """An author who is given by e-mail address only stays unnamed; the name beside one is kept."""
    assert not only(rss("<title>x</title><author>bob@example.com</author>")).author.is_known
    assert only(rss("<title>x</title><author>bob@example.com (Bob)</author>")).author == Author(
        name="Bob"
    )


def json_feed(*items: object, **fields: object) -> bytes:
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "items": items, **fields}
    ).encode()


def test_reads_json_feed() -> None:
    """Everything that we use of JSON Feed 1.1 is read."""
    item = {
        "id": "1", "url": "/a", "title": "T", "content_text": "B",
        "date_published": "2026-11-22T10:00:00+01:00",
        "date_modified": "2026-11-22T11:00:00Z", "language": "pt_BR",
        "authors": [{"name": "N", "url": "https://n/"}],
        "_stars": 3,
    }  # fmt: skip

    assert only(json_documents.parse_json_feed(json_feed(item), BASE, "_stars")) == FeedEntry(
        id="1",
        link="https://feeds.example/a",
        title="T",
        body="B",
        markup=Markup.TEXT,
        author=Author(name="N", id="https://n/"),
        published=datetime(2026, 11, 22, 9, tzinfo=UTC),
        updated=datetime(2026, 11, 22, 11, tzinfo=UTC),
        language="pt-BR",
        rating=Rating(3.0),
    )


def test_reads_the_author_of_json_feed_1_0() -> None:
    """Version 1.0 has one author, also for the whole feed; a number is an id too; a title beside
    HTML is escaped.
    """
    item = {"id": 7, "title": "a < b", "content_html": "<p>x</p>"}
    entry = only(
        json_documents.parse_json_feed(
            json_feed(item, version="https://jsonfeed.org/version/1", author={"name": "F"}), BASE
        )
    )

    assert (entry.id, entry.title, entry.markup, entry.author.name) == (
        "7",
        "a &lt; b",
        Markup.HTML,
        "F",
    )


def test_a_broken_json_item_does_not_cost_its_neighbours() -> None:
    """An item that is no object is skipped with a warning; lone surrogates and impossible dates are
    no obstacle.
    """
    good = {
        "id": "1",
        "content_text": "a\ud800\x00b",
        "date_published": "9999-12-31T23:59:59+00:00",
    }
    document = json_documents.parse_json_feed(json_feed("nonsense", good), BASE)

    assert only(document).body == "a\ufffdb"
    assert only(document).published is None
    assert document.warnings[0].startswith("item 1 was skipped")


@pytest.mark.parametrize(
    "body", [b"{", b'{"items": []}', b"[" * 100_000, b'{"version": 1}', b"\xff{"]
)
def test_other_json_is_not_a_feed(body: bytes) -> None:
    """Broken JSON, JSON without the version of a feed and absurd nesting are refused."""
    with pytest.raises(NotAFeed):
        json_documents.parse_json_feed(body, BASE)


@pytest.mark.parametrize("end", ["", "<b>"])
@pytest.mark.parametrize("element", ["author", "managingEditor"])
def test_an_endless_name_is_cut(element: str, end: str) -> None:
    """A name of a million characters is not searched for an address, in a whole document and in a
    broken one.
    """
    (entry,) = rss(f"<guid>urn:1</guid><{element}>{'x' * 1_000_000}</{element}>{end}").entries

    assert len(entry.author.name) <= 500


@pytest.mark.parametrize("end", ["", "<b>"])
def test_an_endless_base_is_passed_over(end: str) -> None:
    """A base of a million characters, which each link would be resolved against, leaves the one
    around it in force.
    """
    (entry,) = xml.parse_xml_feed(
        "<rss version='2.0'><channel><item "
        f"xml:base='https://b.example/{'y/' * 500_000}'><guid>1</guid>{end}"
        "<link>z</link></item></channel></rss>".encode(),
        "https://a.example/x/feed",
        XML,
    ).entries

    assert (entry.id, entry.link) == ("https://a.example/x/1", "https://a.example/x/z")


def test_an_endless_address_of_the_feed_is_no_base() -> None:
    """Behind a redirect to an address of 60,000 characters ids stay as they are written."""
    items = "<item><guid>1</guid><link>z</link></item>" * 2
    document = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()

    found = xml.parse_xml_feed(document, f"https://a.example/{'y/' * 30_000}", XML).entries

    assert [(entry.id, entry.link) for entry in found] == [("1", "")] * 2


def test_feedparser_compares_no_categories() -> None:
    """It would compare each with all before it, and nobody asks for them."""
    inside = f"<item>{'<category>a</category>' * 3}</item>"
    document = f"<rss version='2.0'><channel>{inside}</channel></rss>".encode()

    (item,) = feedparser.parse(document).entries

    assert item.get("tags") == []


RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://purl.org/rss/1.0/"><channel>'
    '<items><rdf:Seq><rdf:li rdf:resource="urn:1"/></rdf:Seq></items></channel><item '
    'rdf:about="urn:1"/></rdf:RDF>'
)
ITEM = "<rss version='2.0'><channel>{}</channel></rss>"


def test_entities_are_never_expanded() -> None:
    """A billion laughs are none, and a file that an entity names is not read."""
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    text = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    document = xml.parse_xml_feed(
        (text + ITEM.format("<item><title>&l9;&f;</title></item>")).encode(), BASE, XML
    )

    assert all(len(entry.title) < 100 and "root" not in entry.title for entry in document.entries)


@pytest.mark.parametrize("name", ["guid", "title", "author", "pubDate", "link"])
@pytest.mark.parametrize("text", [" ", "a", "&amp;", "&lt;/", "&lt;b&gt;", "<b/>", "<![CDATA[]]>"])
def test_endless_texts_are_read(name: str, text: str) -> None:
    """A hundred thousand of anything cost no more than their length, in any element."""
    (entry,) = rss(
        f"<title>x</title><{name}>{text * (100_000 // len(text))}<![CDATA[<]]></{name}>"
    ).entries

    assert entry.title
