"""The App Store source against local storefronts."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import stamina
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.feedback import Author, Feedback, Kind, Rating
from monitor.errors import SourceRefused, SourceUnavailable
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from sources.app_store.source import AppStoreOptions, AppStoreSource
from sources.base import Page, SourceContext
from tests.world.app_store import AppStore, without_entries
from tests.world.clock import Clock
from tests.world.faults import answers, lost_before_commit
from tests.world.replay import WEATHER, Replay, Weather

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
DAY = 86_400.0
APP = "284882215"


@pytest.fixture
def http() -> Iterator[HttpClient]:
    """A client that may read this machine and gives up at once."""
    with (
        stamina.set_testing(True, attempts=1),
        HttpClient(HttpSettings(allow_private_networks=True)) as client,
    ):
        yield client


@pytest.fixture
def store() -> Iterator[AppStore]:
    """Storefronts without apps."""
    with AppStore(clock=NOW.timestamp) as server:
        yield server


def source(http: HttpClient, store: AppStore, *countries: str, **options: object) -> AppStoreSource:
    own = {"app_id": APP, "base_url": store.url, "countries": countries or ("us",), **options}
    return AppStoreSource(
        "ios", AppStoreOptions.model_validate(own), SourceContext(http=http, secrets=Secrets())
    )


def fill(
    store: AppStore, count: int, country: str = "us", *, first: float = 0.0, apart: float = DAY
) -> list[str]:
    """Write so many reviews, the newest `first` seconds ago, and return their ids, newest first."""
    at = NOW.timestamp() - first
    return [
        store.review(APP, country, f"report {number}", at=at - number * apart)
        for number in range(count)
    ]


def items(pages: list[Page]) -> list[Feedback]:
    return [item for page in pages for item in page.items]


def ids(pages: list[Page]) -> list[str]:
    return [item.external_id for item in items(pages)]


def warnings(pages: list[Page]) -> str:
    return "; ".join(warning for page in pages for warning in page.warnings)


def asked(store: AppStore) -> list[str]:
    """The pages that were asked for, as "us/1"."""
    found = [request.path.split("/") for request in store.requests if "page=" in request.path]
    return [f"{parts[1]}/{parts[4].removeprefix('page=')}" for parts in found]


def test_hands_over_what_a_review_says(http: HttpClient, store: AppStore) -> None:
    """A review becomes feedback with stars, version, votes, country and the address where a person
    reads it.
    """
    id_ = store.review(APP, "gb", "It crashes", title="Bad", stars=2, at=NOW.timestamp() - 60)
    (review,) = items(list(source(http, store, "gb").collect("", NOW)))

    assert (review.key, review.kind) == (("ios", id_), Kind.REVIEW)
    assert (review.title, review.body, review.rating, review.app_version) == (
        "Bad",
        "It crashes",
        Rating(2),
        "1.2",
    )
    assert (review.created_at, review.score) == (NOW - timedelta(minutes=1), 3)
    assert review.author == Author(
        name="someone", id=f"https://itunes.apple.com/us/reviews/id{id_}"
    )
    assert review.url == f"https://apps.apple.com/gb/app/id{APP}?see-all=reviews"
    assert review.attributes == {"country": "gb"}


def test_reads_every_page_that_the_path_of_the_last_link_names(
    http: HttpClient, store: AppStore
) -> None:
    """All 120 reviews on three pages are read in the JSON form, although the links name page 1 and
    XML.
    """
    written = fill(store, 120)

    assert ids(list(source(http, store).collect("", NOW))) == written
    assert asked(store) == ["us/1", "us/2", "us/3"]
    assert all(request.path.endswith("/json") for request in store.requests)


@pytest.mark.parametrize("about_app", [True, False])
def test_an_entry_alone_none_and_one_about_the_app_are_understood(
    about_app: bool, http: HttpClient, store: AppStore
) -> None:
    """No review, a single one and an entry about the app are no errors and cost no review."""
    store.about_app = about_app
    written = fill(store, 1)

    pages = list(source(http, store).collect("", NOW))
    assert (ids(pages), warnings(pages)) == (written, "")


def test_a_review_without_a_date_has_none(http: HttpClient, store: AppStore) -> None:
    """Feeds from before 2021 tell no time; the reviews are read on every poll."""
    store.dated = False
    written = fill(store, 60)
    reader = source(http, store)
    first = list(reader.collect("", NOW))
    second = list(reader.collect(first[-1].cursor, NOW))

    assert {item.created_at for item in items(first)} == {None}
    assert (ids(first), ids(second)) == (written, written)


def test_stops_at_a_page_before_what_is_known(http: HttpClient, store: AppStore) -> None:
    """The second poll ends with the first page that lies wholly more than two days back."""
    fill(store, 200, apart=3_600)
    reader = source(http, store)
    cursor = list(reader.collect("", NOW))[-1].cursor
    new = store.review(APP, "us")

    assert new in ids(list(reader.collect(cursor, NOW)))
    assert asked(store)[4:] == ["us/1", "us/2"]


def test_a_late_review_inside_two_days_is_found(http: HttpClient, store: AppStore) -> None:
    """A review that appears below newer ones is read all the same."""
    fill(store, 100, apart=600)
    reader = source(http, store)
    cursor = list(reader.collect("", NOW))[-1].cursor
    late = store.review(APP, "us", at=NOW.timestamp() - 1.9 * DAY)

    assert late in ids(list(reader.collect(cursor, NOW)))


def test_an_edited_review_comes_again(http: HttpClient, store: AppStore) -> None:
    """An edit has the same id, new words and a new time."""
    old = fill(store, 60, first=30 * DAY)[-1]
    reader = source(http, store)
    cursor = list(reader.collect("", NOW))[-1].cursor
    store.edit(APP, "us", old, "works now")
    first = items(list(reader.collect(cursor, NOW)))[0]

    assert (first.external_id, first.body, first.created_at) == (old, "works now", NOW)


@pytest.mark.parametrize("shown", [-10 * DAY, 10 * DAY])
def test_neither_a_stale_page_nor_a_clock_that_is_wrong_moves_the_cursor(
    shown: float, http: HttpClient
) -> None:
    """What is known stays at the newest review when a page shows only older ones, or one from the
    future.
    """
    with AppStore(clock=NOW.timestamp) as before, AppStore(clock=NOW.timestamp) as after:
        before.review(APP, "us")
        after.review(APP, "us", at=NOW.timestamp() + shown)
        cursor = list(source(http, before).collect("", NOW))[-1].cursor
        moved = list(source(http, after).collect(cursor, NOW))[-1].cursor

    assert json.loads(moved)["newest"] == {"us": NOW.timestamp()}


def test_a_blank_page_between_full_ones_holds_the_cursor(http: HttpClient, store: AppStore) -> None:
    """What is on the other pages is kept with a warning, and the next poll reads all again."""
    written = fill(store, 150)
    store.blank.add(("us", 2))
    reader = source(http, store)
    pages = list(reader.collect("", NOW))
    store.blank.clear()

    assert ids(pages) == written[:50] + written[100:]
    assert "storefront 'us': page 2 came blank" in warnings(pages)
    assert json.loads(pages[-1].cursor)["newest"] == {}
    assert ids(list(reader.collect(pages[-1].cursor, NOW))) == written


def test_a_blank_first_page_of_a_known_storefront_is_not_believed(
    http: HttpClient, store: AppStore
) -> None:
    """Where there were reviews, a first page without any is a hole and not the end."""
    written = fill(store, 3)
    reader = source(http, store)
    cursor = list(reader.collect("", NOW))[-1].cursor
    store.blank.add(("us", 1))
    blank = list(reader.collect(cursor, NOW))
    store.blank.clear()

    assert "page 1 came blank" in warnings(blank)
    assert ids(list(reader.collect(blank[-1].cursor, NOW))) == written


def test_a_later_page_that_fails_is_passing(http: HttpClient, store: AppStore) -> None:
    """400 on page 2 keeps page 1, warns, holds the cursor and does not end the poll."""
    written = fill(store, 100)
    other = fill(store, 1, "gb")
    store.fail_next(answers(400), path=f"page=2/id={APP}/sortby=mostrecent/json")
    reader = source(http, store, "us", "gb")
    pages = list(reader.collect("", NOW))

    assert ids(pages) == written[:50] + other
    assert "page 2 failed" in warnings(pages)
    assert ids(list(reader.collect(pages[-1].cursor, NOW)))[:100] == written


def test_says_what_was_lost_below_the_tenth_page(http: HttpClient, store: AppStore) -> None:
    """When ten full pages do not reach what was known, the lost time is named, and reading goes on
    from now.
    """
    fill(store, 10, first=40 * DAY)
    reader = source(http, store)
    cursor = list(reader.collect("", NOW))[-1].cursor
    fill(store, 600, apart=3_600)
    pages = list(reader.collect(cursor, NOW))

    assert warnings(pages) == (
        "storefront 'us': coverage lost from 2026-10-13 08:00 to 2026-11-01 13:00 UTC: Apple shows "
        "no more"
    )
    assert len(asked(store)) == 11
    assert warnings(list(reader.collect(pages[-1].cursor, NOW))) == ""


def test_the_first_contact_loses_nothing_that_was_known(http: HttpClient, store: AppStore) -> None:
    """More than 500 reviews at the first contact are no loss to warn of."""
    fill(store, 600)

    assert warnings(list(source(http, store).collect("", NOW))) == ""


def test_an_app_that_a_storefront_does_not_have_is_looked_up_once(
    http: HttpClient, store: AppStore
) -> None:
    """An empty feed without links leads to one lookup, and its answer is a warning beside the
    reviews of others.
    """
    written = fill(store, 1)
    pages = list(source(http, store, "se", "us").collect("", NOW))

    assert ids(pages) == written
    assert f"storefront 'se': the App Store has no app {APP} there" in warnings(pages)
    assert [request.query for request in store.requests_to("/lookup")] == [
        {"id": APP, "country": "se"}
    ]


def test_an_app_without_reviews_is_healthy(http: HttpClient, store: AppStore) -> None:
    """An app that the lookup knows has no reviews yet: no error and no warning."""
    store.serve(APP, "us")
    (page,) = source(http, store).collect("", NOW)

    assert (page.items, page.warnings) == ((), ())


def test_a_wrong_id_is_an_error(http: HttpClient, store: AppStore) -> None:
    """An id that no configured storefront knows fails the source for good."""
    with pytest.raises(SourceRefused, match=r"'us': the App Store has no app .*; storefront 'gb'"):
        list(source(http, store, "us", "gb").collect("", NOW))


def test_a_bad_storefront_is_named(http: HttpClient, store: AppStore) -> None:
    """400 on the first page means that there is no such storefront; the others are read."""
    written = fill(store, 1)
    pages = list(source(http, store, "xx", "us").collect("", NOW))

    assert ids(pages) == written
    assert "Apple has no storefront 'xx' (400)" in warnings(pages)
    with pytest.raises(SourceRefused, match="'xx'"):
        list(source(http, store, "xx").collect("", NOW))


def test_throttling_ends_the_poll_and_the_next_begins_elsewhere(
    http: HttpClient, store: AppStore
) -> None:
    """After 429 nothing more is asked; what was read is kept, and the next poll begins with the
    next storefront.
    """
    us, de = fill(store, 1), fill(store, 1, "de")
    store.fail_next(
        answers(429, {"Retry-After": "77"}),
        path=f"/gb/rss/customerreviews/page=1/id={APP}/sortby=mostrecent/json",
    )
    store.serve(APP, "gb")
    reader = source(http, store, "us", "gb", "de")
    pages = list(reader.collect("", NOW))

    assert (ids(pages), pages[-1].wait, asked(store)) == (us, 77, ["us/1", "gb/1"])
    assert ids(list(reader.collect(pages[-1].cursor, NOW))) == de + us


@pytest.mark.parametrize("status", [429, 503])
def test_all_storefronts_failing_is_passing(status: int, http: HttpClient, store: AppStore) -> None:
    """When nothing could be read for now, the source is unavailable for as long as Apple asks."""
    store.weather = lambda request: answers(status, {"Retry-After": "30"})
    with pytest.raises(SourceUnavailable) as caught:
        list(source(http, store, "us", "gb").collect("", NOW))

    assert caught.value.retry_after == 30


def test_one_that_fails_does_not_lose_the_others(http: HttpClient, store: AppStore) -> None:
    """A storefront whose connection breaks is a warning."""
    written = fill(store, 1, "gb")
    store.fail_next(lost_before_commit)
    pages = list(source(http, store, "us", "gb").collect("", NOW))

    assert ids(pages) == written
    assert "storefront 'us'" in warnings(pages)


def test_the_atom_form_stands_in(http: HttpClient, store: AppStore) -> None:
    """Where the JSON form is a web page, the Atom form brings the same reviews from every page."""
    fill(store, 70)
    whole = items(list(source(http, store).collect("", NOW)))
    store.weather = lambda request: (
        answers(200, {}, b"<html>") if request.path.endswith("/json") else None
    )
    stood_in = items(list(source(http, store).collect("", NOW)))

    assert [
        (item.key, item.title, item.body, item.rating, item.created_at) for item in stood_in
    ] == [(item.key, item.title, item.body, item.rating, item.created_at) for item in whole]


def test_neither_form_is_an_error(http: HttpClient, store: AppStore) -> None:
    """A web page in place of both forms is a passing error and not an app without reviews."""
    store.weather = lambda request: answers(
        200, {"Content-Type": "text/html"}, b"<html>blocked</html>"
    )
    with pytest.raises(SourceUnavailable, match="web page"):
        list(source(http, store).collect("", NOW))


def test_another_app_starts_afresh(http: HttpClient, store: AppStore) -> None:
    """What is known of one app says nothing about another."""
    fill(store, 1)
    cursor = list(source(http, store).collect("", NOW))[-1].cursor
    old = store.review("7", "us", at=NOW.timestamp() - 90 * DAY)

    assert ids(list(source(http, store, app_id="7").collect(cursor, NOW))) == [old]


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["add", "late", "edit", "poll", "killed"]),
            st.integers(1, 40),
            st.lists(st.sampled_from(WEATHER), max_size=4),
        ),
        max_size=12,
    )
)
def test_nothing_is_lost_in_any_weather(steps: list[tuple[str, int, list[str]]]) -> None:
    """Whatever fails, comes late or is killed: every review is handed over at least once, in its
    last words.
    """
    clock = Clock(NOW.timestamp())
    texts: dict[str, str] = {}
    with (
        stamina.set_testing(True, attempts=1),
        HttpClient(HttpSettings(allow_private_networks=True)) as http,
        AppStore(clock=clock) as store,
    ):
        store.serve(APP, "us", "gb")
        replay = Replay(lambda: source(http, store, "us", "gb"))
        for number, (action, size, plan) in enumerate(steps):
            clock.forward(1_800)
            match action:
                case "add" | "late":
                    for each in range(size):
                        at = clock() - (DAY if action == "late" else 0) + each
                        id_ = store.review(
                            APP,
                            "us" if number % 2 else "gb",
                            f"{number}.{each}",
                            at=min(at, clock()),
                        )
                        texts[id_] = f"{number}.{each}"
                case "edit" if texts:
                    id_ = sorted(texts)[size % len(texts)]
                    country = next(name for name in ("us", "gb") if id_ in store.ids(APP, name))
                    store.edit(APP, country, id_, f"edit {number}")
                    texts[id_] = f"edit {number}"
                case _:
                    store.weather = Weather(plan, without_entries)
                    replay.poll(
                        datetime.fromtimestamp(clock(), UTC),
                        pages=size % 3 if action == "killed" else 0,
                    )
        store.weather = lambda request: None
        for _ in range(2):
            replay.poll(datetime.fromtimestamp(clock(), UTC))

    assert {id_: item.body for id_, item in replay.held.items()} == texts
