"""Pages of Apple's review feed as values, how far they were read, and the options."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.config import validate_model
from monitor.domain.feedback import Author, Markup, Rating
from sources.app_store.pages import (
    OVERLAP,
    AppStoreReview,
    ReviewPage,
    StorefrontProgress,
    parse_atom_page,
    parse_json_page,
)
from sources.app_store.source import AppStoreOptions

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def labelled(**values: str) -> dict[str, Any]:
    names = {"rating": "im:rating", "version": "im:version", "votes": "im:voteSum"}
    return {names.get(name, name): {"label": value} for name, value in values.items()}


def page(*days: float | None, last: int | None = 10, full: bool = True) -> ReviewPage:
    """A page of reviews that are so many days old; None for one without a date."""
    reviews = tuple(
        AppStoreReview(
            id=str(day),
            title="",
            body="",
            markup=Markup.TEXT,
            author=Author(),
            rating=Rating(1),
            version="",
            updated=None if day is None else NOW - timedelta(days=day),
            votes=None,
        )
        for day in days
    )
    return ReviewPage(reviews=reviews, last=last, full=full)


def walked(*pages: ReviewPage, known: float = 0.0) -> StorefrontProgress:
    walk = StorefrontProgress(known=known)
    for each in pages:
        walk = walk.with_page(each)
    return walk


def test_an_entry_may_stand_alone_or_be_missing() -> None:
    """A list, a single entry and no entry are all pages."""
    entry = labelled(id="7", rating="4", title="Hm", content="fine", version="1.0", votes="2")

    assert [review.id for review in parse_json_page({"entry": entry}).reviews] == ["7"]
    assert [review.id for review in parse_json_page({"entry": [entry]}).reviews] == ["7"]
    assert parse_json_page({}).reviews == ()


@pytest.mark.parametrize("stars", ["0", "6", "", "many"])
def test_an_entry_without_stars_from_one_to_five_is_no_review(stars: str) -> None:
    """It is skipped with a warning; the entry about the app, which has no stars at all, without
    one.
    """
    broken = parse_json_page(
        {"entry": [labelled(id="7", rating=stars), labelled(id="8", rating="5")]}
    )
    about = parse_json_page(
        {"entry": [labelled(id="7", title="Acme"), labelled(id="8", rating="5")]}
    )

    assert ([review.id for review in broken.reviews], len(broken.warnings)) == (["8"], 1)
    assert ([review.id for review in about.reviews], about.warnings) == (["8"], ())


@pytest.mark.parametrize(
    "entry", ["words", 7, None, [], {"id": 7}, {"im:rating": {"label": "3"}}, {"author": "x"}]
)
def test_a_broken_entry_does_not_cost_its_neighbour(entry: object) -> None:
    """Whatever stands in the list, the review beside it is read."""
    assert [
        review.id
        for review in parse_json_page({"entry": [entry, labelled(id="8", rating="5")]}).reviews
    ] == ["8"]


def test_the_last_page_is_read_from_the_path() -> None:
    """The path of the link counts and not its query, which names another page; empty links name
    none.
    """
    href = "https://itunes.apple.com/us/rss/customerreviews/page=7/id=1/xml?urlDesc=/customerreviews/page=1/id=1/json"
    links = [
        {"attributes": {"rel": "self", "href": "x/page=9/y"}},
        {"attributes": {"rel": "last", "href": href}},
    ]

    assert parse_json_page({"link": links}).last == 7
    assert parse_json_page({"link": {"attributes": {"rel": "last", "href": href}}}).last == 7
    assert (
        parse_json_page({"link": [{"attributes": {"rel": "last", "href": ""}}, "x", {}]}).last
        is None
    )
    assert (
        parse_json_page(
            {"link": {"attributes": {"rel": "last", "href": href.replace("/page=7", "", 1)}}}
        ).last
        is None
    )


def test_the_atom_form_says_the_same() -> None:
    """Id, words, stars, version and last page are read from Atom; the second, HTML content is left
    alone.
    """
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom" '
        b'xmlns:im="http://itunes.apple.com/rss"><title>t</title>'
        b'<link href="https://x.example/us/rss/customerreviews/page=3/id=1/xml?urlDesc=/page=1/" '
        b'rel="last"/>'
        b"<entry><id>app</id><title>Acme</title></entry>"
        b"<entry><id>7</id><title>A &lt; "
        b"B</title><updated>2026-11-20T10:00:00-07:00</updated><im:rating>2</im:rating>"
        b'<im:version>1.1</im:version><content type="text">5 &lt; 6</content><content '
        b'type="html">no</content></entry>'
        b"</feed>"
    )
    found = parse_atom_page(body, "https://x.example/us/rss", {"content-type": "application/xml"})
    (review,) = found.reviews

    assert (found.last, review.id, review.title, review.body, review.markup) == (
        3,
        "7",
        "A < B",
        "5 < 6",
        Markup.TEXT,
    )
    assert (review.rating, review.version) == (Rating(2), "1.1")
    assert review.updated == datetime(2026, 11, 20, 17, tzinfo=UTC)


def test_a_walk_ends_with_a_page_wholly_before_what_is_known() -> None:
    """One review inside the overlap, or one without a date, keeps it going."""
    known = NOW.timestamp()
    back = OVERLAP / timedelta(days=1)

    assert walked(page(back + 0.1, back + 1), known=known).reached
    assert not walked(page(back - 0.1, back + 1), known=known).reached
    assert not walked(page(back + 1, None), known=known).reached
    assert not walked(page(back + 1)).is_done


def test_a_walk_ends_with_the_last_page() -> None:
    """The link decides; without it a page that is not full is the last one."""
    assert walked(page(1, last=1)).is_done
    assert not walked(page(1, last=2)).is_done
    assert walked(page(1, last=None, full=False)).is_done
    assert not walked(page(1, last=None, full=True)).is_done
    assert walked(*[page(1)] * 10).is_done


def test_a_blank_page_below_the_last_is_a_hole() -> None:
    """A hole keeps the walk from being whole, also when the end was reached afterwards."""
    walk = walked(page(1, last=3), page(last=None, full=False), page(2, last=3))

    assert (walk.is_done, walk.holes, walk.is_complete) == (True, (2,), False)
    assert walked(page(1, last=1)).is_complete


def test_a_stale_page_does_not_turn_time_back() -> None:
    """The newest review is the newest of all pages."""
    walk = walked(page(3), page(1))

    assert (walk.newest, walk.oldest) == (
        (NOW - timedelta(days=1)).timestamp(),
        (NOW - timedelta(days=3)).timestamp(),
    )


def test_storefronts_are_written_as_people_write_them() -> None:
    """Case, blanks, a second mention and UK are no mistakes; the id may be a number or be copied
    with its `id`.
    """
    options = AppStoreOptions.model_validate(
        {"app_id": 284882215, "countries": ["US", " uk ", "gb", "De"]}
    )

    assert (options.app_id, options.countries) == ("284882215", ("us", "gb", "de"))
    assert AppStoreOptions(app_id="id42").app_id == "42"


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"app_id": "acme"}, "app_id"),
        ({"app_id": "1", "countries": ["usa"]}, "countries[0]"),
        ({"app_id": "1", "countries": []}, "countries"),
        ({}, "app_id"),
    ],
)
def test_mistakes_in_the_options_are_named(values: dict[str, object], where: str) -> None:
    """A wrong id, a storefront that is none and no storefront are refused with their key."""
    _, problems = validate_model(AppStoreOptions, values, "")

    assert [problem.where for problem in problems] == [where]
