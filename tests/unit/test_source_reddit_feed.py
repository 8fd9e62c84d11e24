"""Entries of Reddit's feeds as feedback, how far a listing was read, and the options."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.analysis.clean import to_plain_text
from monitor.domain.feedback import Feedback, Kind
from monitor.domain.source_health import Gap
from sources.feed import xml
from sources.feed.document import FeedEntry
from sources.reddit_feed.entry import extract_author_words, feedback_from_entry
from sources.reddit_feed.source import DEPTH, OVERLAP, ListingProgress, RedditFeedOptions

FEEDS = Path(__file__).parent.parent / "data" / "reddit_feed"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
POST = "https://www.reddit.com/r/acme/comments/abc12/help_me/"


def recorded(name: str) -> list[Feedback]:
    document = xml.parse_xml_feed((FEEDS / name).read_bytes(), "https://www.reddit.com/.rss", {})
    return [item for entry in document.entries if (item := feedback_from_entry("place", entry))]


def written(*minutes: float) -> list[Feedback]:
    """Posts that are so many minutes old."""
    return [
        Feedback(
            source_id="place", external_id=f"t3_{number}", created_at=NOW - timedelta(minutes=age)
        )
        for number, age in enumerate(minutes)
    ]


def read(reading: ListingProgress, *pages: list[Feedback]) -> tuple[ListingProgress, Gap | None]:
    told: Gap | None = None
    for page in pages:
        reading, told = reading.with_page(page, NOW.timestamp(), OVERLAP)
    return reading, told


def ago(minutes: float) -> float:
    return (NOW - timedelta(minutes=minutes)).timestamp()


@pytest.mark.parametrize(
    ("id_", "link", "expected"),
    [
        ("t3_abc12", POST, "t3_abc12"),
        ("/t3_abc12", POST, "t3_abc12"),
        ("https://www.reddit.com/t1_d4e5", POST, "t1_d4e5"),
        (POST, POST, "t3_abc12"),
        (POST, f"{POST}d4e5/", "t1_d4e5"),
        (POST, f"{POST}d4e5/?context=3", "t1_d4e5"),
    ],
)
def test_the_identity_is_the_fullname(id_: str, link: str, expected: str) -> None:
    """A fullname, one with a slash and a permalink all lead to the fullname that Reddit's interface
    gives.
    """
    item = feedback_from_entry("place", FeedEntry(id=id_, link=link))

    assert item is not None
    assert (item.external_id, item.thread_id) == (expected, "t3_abc12")


@pytest.mark.parametrize("id_", ["t5_2qh1i", "", "https://www.reddit.com/r/acme/", "xt3_abc"])
def test_what_is_neither_post_nor_comment_is_left_out(id_: str) -> None:
    """Subreddits and pages are no feedback."""
    assert (
        feedback_from_entry("place", FeedEntry(id=id_, link="https://www.reddit.com/r/acme/"))
        is None
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("reddit.rss", [("t3_3sk919", "writer_002", False), ("t3_3sjmtx", "writer_001", True)]),
        ("reddit-atom.rss", [("t3_42bh58", "writer_001", False)]),
        (
            "reddit-home.rss",
            [("t3_42tcyp", "writer_001", False), ("t3_42sc7m", "writer_002", True)],
        ),
    ],
)
def test_reads_the_forms_that_reddit_has_used(
    name: str, expected: list[tuple[str, str, bool]]
) -> None:
    """RSS with escaped and with bare HTML and Atom give ids, authors, times, and words only where
    there are any.
    """
    found = recorded(name)

    assert [
        (item.external_id, item.author.name, bool(to_plain_text(item.body, item.markup)))
        for item in found
    ] == expected
    assert all(item.created_at and item.attributes["subreddit"] for item in found)
    assert not [item for item in found if "submitted by" in item.body or "[link]" in item.body]


def test_a_link_post_keeps_where_it_leads() -> None:
    """The address behind [link] is an attribute, unless it is the post itself."""
    linked, own = recorded("reddit.rss")

    assert linked.attributes["link"] == "http://i.imgur.com/FfmZs.jpg"
    assert "link" not in own.attributes


def test_only_reddits_own_signature_is_cut() -> None:
    """An author may write "submitted by" and show a table."""
    words = '<div class="md"><p>submitted by hand, see [link]</p></div>'
    signature = (
        ' &#32; submitted by <a href="/user/kim">/u/kim</a> <a href="/x">[link]</a> <a '
        'href="/x">[comments]</a>'
    )

    assert (
        to_plain_text(extract_author_words(words), recorded("reddit.rss")[0].markup)
        == "submitted by hand, see [link]"
    )
    assert "by hand" in extract_author_words(words + signature)
    assert "/u/kim" not in extract_author_words(words + signature)
    assert extract_author_words(
        f"<table><tr><td><img alt='x'/></td><td>{words}{signature}</td></tr></table>"
    ).startswith("<div")
    assert extract_author_words(signature) == ""


def test_a_comment_has_no_title() -> None:
    """The feed's title of a comment names author and post; the interface has none."""
    item = feedback_from_entry(
        "place",
        FeedEntry(id="t1_x", link=f"{POST}x/", title="/u/kim on Help", body="<p>me too</p>"),
    )

    assert item is not None
    assert (item.kind, item.title, item.body) == (Kind.COMMENT, "", "<p>me too</p>")


def test_the_first_contact_reads_one_page() -> None:
    """Nothing is known, so nothing is missed and nothing is fetched on."""
    assert read(ListingProgress(), written(1, 2, 3)) == (ListingProgress(known=ago(1)), None)


def test_a_reading_goes_on_until_three_items_in_a_row_are_known() -> None:
    """A single old item between new ones is not the end, and neither are known ones of the last ten
    minutes.
    """
    within, _ = read(ListingProgress(known=ago(30)), written(31, 32, 39))
    on, _ = read(ListingProgress(known=ago(30)), written(1, 900, 2, 3))
    done, _ = read(ListingProgress(known=ago(30)), written(1, 2, 41, 42, 43))

    assert within.after == "t3_2"
    assert (on.after, on.known, on.newest, on.count) == ("t3_3", ago(30), ago(1), 4)
    assert done == ListingProgress(known=ago(1))


def test_a_blank_page_is_looked_at_twice() -> None:
    """The first blank page starts the reading again, the second ends it; what is known is not moved
    in between.
    """
    going, _ = read(ListingProgress(known=ago(30)), written(1, 2), [])
    ended, told = read(going, written(1, 2), [])

    assert (going.known, going.after, going.newest, going.blanks) == (ago(30), "", ago(1), 1)
    assert (ended, told) == (ListingProgress(known=ago(1)), None)


def test_a_blank_listing_moves_nothing() -> None:
    """No item on the first page is no news."""
    assert read(ListingProgress(known=ago(30)), []) == (ListingProgress(known=ago(30)), None)


def test_the_end_of_what_reddit_shows_is_told() -> None:
    """When the listing is exhausted above what was known, the time between is named."""
    _, told = read(ListingProgress(known=ago(600)), *[written(*[9] * 100)] * (DEPTH // 100))

    assert told
    assert (
        told.reason
        == "coverage gap from 2026-11-21 22:00 to 2026-11-22 07:51 UTC: Reddit shows no more"
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "subreddits or a query is needed"),
        ({"query": "acme", "comments": True}, "comments need subreddits"),
        ({"subreddits": ["r/acme"]}, "pattern"),
    ],
)
def test_mistakes_in_the_options_are_named(values: dict[str, object], words: str) -> None:
    """Options that would read nothing are refused."""
    with pytest.raises(ValueError, match=words):
        RedditFeedOptions.model_validate(values)
