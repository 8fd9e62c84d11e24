"""The Google Play source against a local Google."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
import stamina

from monitor.domain.feedback import Author, Feedback, Kind, Rating
from monitor.errors import SourceRefused, SourceUnavailable
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from sources.base import Page, SourceContext
from sources.google_play import GooglePlayOptions, GooglePlaySource
from tests.world.clock import Clock
from tests.world.faults import Fault, answers, lost_before_commit, truncated
from tests.world.google_play import EMAIL, PACKAGE, GooglePlay

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
DAY = 86_400.0


@pytest.fixture
def clock() -> Clock:
    """Google's time, as far as reviews are concerned."""
    return Clock(NOW.timestamp())


@pytest.fixture
def play(clock: Clock) -> Iterator[GooglePlay]:
    """Google with one app and no reviews."""
    with GooglePlay(clock=clock) as server, stamina.set_testing(True, attempts=1):
        yield server


class Make(Protocol):
    """Builds a source whose key file lies in a folder of its own."""

    def __call__(self, server: GooglePlay, **options: object) -> GooglePlaySource: ...


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Make]:
    """Sources that share one client."""
    with HttpClient(HttpSettings(allow_private_networks=True)) as http:

        def make(server: GooglePlay, **options: object) -> GooglePlaySource:
            if not (tmp_path / "play.json").exists():
                server.write_key_file(tmp_path)
            context = SourceContext(http=http, secrets=Secrets(), folder=tmp_path)
            own = {
                "package_name": PACKAGE,
                "credentials": "play.json",
                "api_url": server.url,
                **options,
            }
            return GooglePlaySource("play", GooglePlayOptions.model_validate(own), context)

        yield make


def items(pages: Iterator[Page] | list[Page]) -> list[Feedback]:
    return [item for page in pages for item in page.items]


def read(reader: GooglePlaySource, cursor: str = "", now: datetime = NOW) -> tuple[list[str], Page]:
    """The ids of what one poll hands over, and its last page."""
    pages = list(reader.collect(cursor, now))
    return [item.external_id for item in items(pages)], pages[-1]


def test_hands_over_what_a_review_says(play: GooglePlay, source: Make) -> None:
    """Title and body are parted at the tab; stars, version, device, language and place come with
    them.
    """
    device: dict[str, Any] = {
        "device": "walleye",
        "deviceMetadata": {"productName": "Pixel 2"},
        "androidOsVersion": 30,
    }
    name = play.review("Crashes\tEvery time I pay", age=60, starRating=1, thumbsUpCount=4, **device)
    (item,) = items(source(play).collect("", NOW))

    assert (item.external_id, item.kind, item.title, item.body) == (
        name,
        Kind.REVIEW,
        "Crashes",
        "Every time I pay",
    )
    assert (item.rating, item.score, item.replies, item.app_version) == (Rating(1), 4, 0, "4.2")
    assert item.author == Author(name="Kim")
    assert item.created_at == NOW - timedelta(seconds=60)
    assert item.language == "en"
    assert item.attributes == {"device": "Pixel 2", "android": "30"}
    assert item.url == f"https://play.google.com/store/apps/details?id={PACKAGE}&reviewId={name}"


@pytest.mark.parametrize(
    ("text", "title", "body"), [("\tOnly words", "", "Only words"), ("Plain", "", "Plain")]
)
def test_a_review_may_have_no_title(
    text: str, title: str, body: str, play: GooglePlay, source: Make
) -> None:
    """Without a title the tab stands first, or is not there at all."""
    play.review(text)
    (item,) = items(source(play).collect("", NOW))

    assert (item.title, item.body) == (title, body)


def test_signs_in_once_an_hour(play: GooglePlay, source: Make) -> None:
    """One token serves many requests; the page size and the token go along."""
    play.page_size = 2
    for _ in range(5):
        play.review("x")
    reader = source(play)
    read(reader)
    read(reader)

    assert len(play.requests_to("/token")) == 1
    assert {request.query["maxResults"] for request in play.requests_to("/reviews")} == {"100"}


def test_walks_to_what_is_known(play: GooglePlay, clock: Clock, source: Make) -> None:
    """All pages are read at first contact; later only those that reach two days before the newest
    known review.
    """
    play.page_size = 2
    old = [play.review("old", age=DAY * 6.9 - number) for number in range(10)]
    first, page = read(source(play))
    clock.forward(3_600)
    new = [play.review("new") for _ in range(5)]
    asked = len(play.requests_to("/reviews"))
    found, _ = read(source(play), page.cursor, NOW + timedelta(hours=1))

    assert sorted(first) == sorted(old)
    assert set(new) <= set(found)
    assert len(play.requests_to("/reviews")) - asked == 5 + 3
    assert page.warnings == ()


def test_stops_once_a_page_is_older_than_the_overlap(
    play: GooglePlay, clock: Clock, source: Make
) -> None:
    """A page of reviews that are all more than two days older than the newest known one ends the
    walk.
    """
    play.page_size = 2
    for number in range(20):
        play.review("old", age=DAY * 4 + number)
    play.review("known")
    _, page = read(source(play))
    asked = len(play.requests_to("/reviews"))
    clock.forward(60)
    play.review("new")
    read(source(play), page.cursor, NOW + timedelta(seconds=60))

    assert len(play.requests_to("/reviews")) - asked == 2


def test_an_edit_keeps_the_id_and_comes_to_the_top(
    play: GooglePlay, clock: Clock, source: Make
) -> None:
    """A review that was rewritten is handed over again with its new words, stars and time."""
    name = play.review("Great", starRating=5, age=DAY * 5)
    _, page = read(source(play))
    clock.forward(600)
    play.review("Broken since the update", name=name, starRating=1)
    (item,) = items(source(play).collect(page.cursor, NOW + timedelta(minutes=10)))

    assert (item.external_id, item.body, item.rating) == (
        name,
        "Broken since the update",
        Rating(1),
    )
    assert item.created_at == NOW + timedelta(minutes=10)


def test_an_answer_of_the_developer_is_a_reply(play: GooglePlay, source: Make) -> None:
    """An answered review says so, and when; the answer's words are not the customer's."""
    name = play.review("Broken")
    play.reply(name, "Sorry!")
    (item,) = items(source(play).collect("", NOW))

    assert (item.replies, item.body, item.attributes["answered"]) == (
        1,
        "Broken",
        "2026-11-22 08:00",
    )


def test_a_translation_is_read_and_the_original_kept(play: GooglePlay, source: Make) -> None:
    """Where Google translated, the words and their language are the translation's; the rest stays
    as it was written.
    """
    play.review("Bad\tIt breaks", originalText="Schlecht\tGeht kaputt", reviewerLanguage="de")
    play.review("Fine", reviewerLanguage="fr")
    plain, translated = sorted(
        items(source(play, translation_language="en").collect("", NOW)), key=lambda x: x.title
    )

    assert play.requests_to("/reviews")[0].query["translationLanguage"] == "en"
    assert (translated.title, translated.body, translated.language) == ("Bad", "It breaks", "en")
    assert translated.attributes["original"] == "Schlecht\tGeht kaputt"
    assert (plain.language, "original" in plain.attributes) == ("fr", False)


def test_a_long_pause_is_a_gap(play: GooglePlay, clock: Clock, source: Make) -> None:
    """After more than six days without a poll the loss is said once, with its times; after six days
    nothing is.
    """
    play.review("known")
    reader = source(play)
    _, page = read(reader)
    clock.forward(6 * DAY)
    _, later = read(reader, page.cursor, NOW + timedelta(days=6))
    _, lost = read(reader, page.cursor, NOW + timedelta(days=9))
    _, after = read(reader, lost.cursor, NOW + timedelta(days=9, minutes=15))

    assert (later.warnings, after.warnings) == ((), ())
    assert lost.warnings[0].startswith("coverage lost: not read for 9 days")
    assert [(gap.since, gap.until) for gap in lost.gaps] == [(NOW, NOW + timedelta(days=3))]


def test_the_gap_is_kept_until_the_walk_ends(play: GooglePlay, source: Make) -> None:
    """A poll that breaks off moves no cursor: the next one says the same and reads everything."""
    play.review("known")
    reader = source(play)
    _, page = read(reader)
    play.page_size = 1
    play.review("new")
    pages = reader.collect(page.cursor, NOW + timedelta(days=6, hours=12))
    first = next(pages)
    play.fail_next(answers(500), path="/reviews")
    with pytest.raises(SourceUnavailable):
        next(pages)

    assert (first.cursor, first.gaps) == (page.cursor, ())
    assert read(reader, first.cursor, NOW + timedelta(days=6, hours=12))[1].gaps


def test_pages_that_go_in_a_circle_end(play: GooglePlay, source: Make) -> None:
    """A page that leads to one that was read is the last, and is reported."""
    body = json.dumps({"tokenPagination": {"nextPageToken": "p1"}}).encode()
    play.fail_next(
        answers(200, {"Content-Type": "application/json"}, body), path="/reviews", times=5
    )
    _, page = read(source(play))

    assert page.warnings == ("Google's pages do not come to an end; what is older was not read",)


def test_no_reviews_are_no_failure(play: GooglePlay, source: Make) -> None:
    """An app without reviews is an empty object."""
    assert read(source(play))[0] == []


def test_one_broken_review_does_not_cost_its_neighbours(play: GooglePlay, source: Make) -> None:
    """A review without an id is left out; stars outside the scale and odd fields are left empty."""
    play.review(
        "odd",
        starRating=0,
        thumbsUpCount="x",
        deviceMetadata="x",
        reviewerLanguage=5,
        appVersionName=None,
    )
    body = json.dumps(
        {"reviews": [7, {}, {"reviewId": "bare"}, {"reviewId": "c", "comments": "x"}]}
    ).encode()
    reader = source(play)
    (odd,) = items(reader.collect("", NOW))
    play.fail_next(answers(200, {"Content-Type": "application/json"}, body), path="/reviews")

    assert (odd.rating, odd.score, odd.language, odd.app_version) == (None, None, "", "")
    assert read(reader)[0] == ["bare", "c"]


def test_a_missing_permission_is_named(play: GooglePlay, source: Make) -> None:
    """403 says who needs which permission where."""
    play.allowed = False
    with pytest.raises(
        SourceRefused, match=f'let {EMAIL} read .* "Reply to reviews" in the Play Console'
    ):
        read(source(play))


def test_a_missing_app_is_named(play: GooglePlay, source: Make) -> None:
    """404 says which option to look at."""
    with pytest.raises(SourceRefused, match=r"no app com\.example\.other .*package_name"):
        read(source(play, package_name="com.example.other"))


def test_a_revoked_token_is_replaced_at_the_next_poll(play: GooglePlay, source: Make) -> None:
    """401 is told, and the next poll signs in anew."""
    play.review("x")
    reader = source(play)
    read(reader)
    play.revoke()
    with pytest.raises(SourceRefused, match="refuses the token"):
        read(reader)

    assert len(read(reader)[0]) == 1


def test_a_key_that_was_deleted_is_told(play: GooglePlay, source: Make, tmp_path: Path) -> None:
    """A signature that Google does not know is a lasting error without the key in it."""
    with GooglePlay() as other:
        other.write_key_file(tmp_path)
    with pytest.raises(SourceRefused, match=r"refuses the key in play\.json") as caught:
        read(source(play, token_url=f"{play.url}/token"))

    assert "PRIVATE" not in f"{caught.value!r}{caught.value.__cause__!r}"


def test_a_token_server_out_of_reach_is_passing(play: GooglePlay, source: Make) -> None:
    """Where nobody gives out tokens, the error passes."""
    reader = source(play, token_url="http://127.0.0.1:1/token")
    with pytest.raises(SourceUnavailable, match="token server cannot be reached"):
        read(reader)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file"),
        ("{", "is no key of a service account"),
        ('{"type": "authorized_user"}', "is no key of a service account"),
        (
            (
                '{"type": "service_account", "client_email": "a", "token_uri": "b", "private_key": '
                '"s3cret"}'
            ),
            "download it",
        ),
        ('{"type": "service_account"}', "download it"),
    ],
)
def test_a_wrong_key_file_says_what_is_wrong(
    content: str | None, words: str, play: GooglePlay, source: Make, tmp_path: Path
) -> None:
    """A missing file, another file and a damaged key are told apart; nothing of the key is shown or
    asked.
    """
    if content is not None:
        (tmp_path / "other.json").write_text(content)
    with pytest.raises(SourceRefused, match=words) as caught:
        read(source(play, credentials="other.json"))

    assert "s3cret" not in f"{caught.value!r}{caught.value.__cause__!r}"
    assert play.requests == ()


WITHOUT_THE_EXTRA = """
import sys
sys.modules["google.oauth2.service_account"] = None
from datetime import UTC, datetime
from monitor.settings import HttpSettings, Secrets
from monitor.http import HttpClient
from sources.base import SourceContext
from sources.google_play import GooglePlayOptions, GooglePlaySource
options = GooglePlayOptions(package_name="com.example.acme", credentials="play.json")
source = GooglePlaySource("play", options, SourceContext(HttpClient(HttpSettings()), Secrets()))
try:
    list(source.collect("", datetime.now(UTC)))
except Exception as error:
    print(type(error).__name__, error)
"""


def test_without_the_extra_it_says_what_to_install() -> None:
    """Where google-auth is missing, the source can be loaded, and the error names the extra."""
    told = subprocess.run(  # noqa: S603
        [sys.executable, "-c", WITHOUT_THE_EXTRA], capture_output=True, text=True, check=True
    )

    assert (
        told.stdout.strip()
        == "SourceRefused google_play needs the extra: install repwatch[google-play]"
    )


def test_a_used_up_quota_waits(play: GooglePlay, source: Make) -> None:
    """429 says how long to stay away."""
    play.fail_next(answers(429, {"Retry-After": "77"}), path="/reviews")
    with pytest.raises(SourceUnavailable) as caught:
        read(source(play))

    assert caught.value.retry_after == 77


@pytest.mark.parametrize(
    "fault", [lost_before_commit, truncated(9), answers(503), answers(200, {}, b"<html>")]
)
def test_a_failure_is_passing(fault: Fault, play: GooglePlay, source: Make) -> None:
    """A broken or strange answer is a passing error."""
    play.review("x")
    reader = source(play)
    play.fail_next(fault, path="/reviews")
    with pytest.raises(SourceUnavailable):
        read(reader)

    assert len(read(reader)[0]) == 1


def test_the_cursor_of_another_app_starts_afresh(play: GooglePlay, source: Make) -> None:
    """A cursor of another package is not gone on with, and is no gap."""
    play.review("x", age=DAY * 5)
    _, page = read(source(play))
    cursor = page.cursor.replace(PACKAGE, "com.example.other")

    assert read(source(play), cursor, NOW + timedelta(days=30))[1].gaps == ()
