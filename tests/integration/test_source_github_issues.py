"""The GitHub source against local repositories."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest
import stamina

from monitor.domain.feedback import Author, Feedback, Kind
from monitor.errors import SourceError, SourceGone, SourceRefused, SourceUnavailable
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from sources.base import Page, SourceContext
from sources.github_issues import GithubIssuesOptions, GithubIssuesSource
from tests.world.clock import Clock
from tests.world.faults import (
    Fault,
    Handler,
    Reply,
    Request,
    answers,
    lost_before_commit,
    truncated,
)
from tests.world.github import TOKEN, Github

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
ACME = "acme/widgets"


@pytest.fixture
def clock() -> Clock:
    """GitHub's time."""
    return Clock(NOW.timestamp())


@pytest.fixture
def github(clock: Clock) -> Iterator[Github]:
    """GitHub with one empty repository."""
    with Github(clock=clock) as server, stamina.set_testing(True, attempts=1):
        server.create(ACME)
        yield server


class Make(Protocol):
    """Builds a source; it is told to stop when GitHub was asked so often."""

    def __call__(
        self, server: Github, token: str = TOKEN, stop_after: int = 10**6, **options: object
    ) -> GithubIssuesSource: ...


@pytest.fixture
def source() -> Iterator[Make]:
    """Sources that share one client."""
    with HttpClient(HttpSettings(allow_private_networks=True)) as http:

        def make(
            server: Github, token: str = TOKEN, stop_after: int = 10**6, **options: object
        ) -> GithubIssuesSource:
            secrets = Secrets.model_validate({"github_token": token})
            context = SourceContext(
                http=http, secrets=secrets, stopping=lambda: len(server.requests) >= stop_after
            )
            own = {"repositories": [ACME], "api_url": server.url, **options}
            return GithubIssuesSource("github", GithubIssuesOptions.model_validate(own), context)

        yield make


def items(pages: Iterator[Page] | list[Page]) -> list[Feedback]:
    return [item for page in pages for item in page.items]


def read(
    reader: GithubIssuesSource, cursor: str = "", now: datetime = NOW
) -> tuple[list[str], str]:
    """The titles, or words, of what one poll hands over, and its last cursor."""
    pages = list(reader.collect(cursor, now))
    return [item.title or item.body for item in items(pages)], pages[-1].cursor


def test_reads_the_recorded_issues(github: Github, source: Make) -> None:
    """Recorded issues come with words, author, place and times; an issue without words is one."""
    github.create("acme/recorded", recorded=True)
    reader = source(github, repositories=["acme/recorded"], comments=False)
    found = items(reader.collect("", datetime(2022, 7, 20, tzinfo=UTC)))

    assert [item.title for item in found] == [f"Test issue {number}" for number in range(1, 14)]
    first = found[0]
    assert (first.external_id, first.kind, first.body) == ("I_kwDOHrjtpM5OBUbl", Kind.TICKET, "")
    assert first.author == Author(name="writer_001", id="1")
    assert first.created_at == datetime(2022, 7, 19, 4, 38, 40, tzinfo=UTC)
    assert first.url == "https://github.com/acme/widgets/issues/1"
    assert (first.thread_id, first.replies, first.score) == ("acme/recorded#1", 0, 0)
    assert first.attributes == {"repository": "acme/recorded", "state": "open", "role": "member"}


def test_a_comment_knows_its_issue(github: Github, source: Make) -> None:
    """Comments come with the thread of their issue; a deleted account is nobody; reactions are the
    score.
    """
    number = github.open_issue(ACME, "Broken")
    github.comment(ACME, number, "Me too", user=None, reactions={"+1": 3, "-1": 1})
    issue, comment = items(source(github).collect("", NOW))

    assert (comment.kind, comment.body, comment.thread_id) == (
        Kind.COMMENT,
        "Me too",
        issue.thread_id,
    )
    assert (comment.author.is_known, comment.score, comment.edited_at) == (False, 2, None)
    assert (issue.replies, issue.edited_at) == (1, None)


def test_asks_as_the_interface_wants_it(github: Github, source: Make) -> None:
    """All states, oldest change first, a hundred at once, with the token and the version of the
    interface.
    """
    read(source(github))
    request = github.requests_to("/issues")[0]

    assert {name: request.query[name] for name in ("state", "sort", "direction", "per_page")} == {
        "state": "all",
        "sort": "updated",
        "direction": "asc",
        "per_page": "100",
    }
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["x-github-api-version"] == "2022-11-28"


def test_the_first_contact_looks_back_a_month(github: Github, clock: Clock, source: Make) -> None:
    """What has not changed for a month is not read at first contact."""
    clock.forward(-31 * 86_400)
    github.open_issue(ACME, "old")
    clock.forward(2 * 86_400)
    github.open_issue(ACME, "recent")

    assert read(source(github))[0] == ["recent"]


def test_every_page_is_read(github: Github, clock: Clock, source: Make) -> None:
    """Several pages of issues are handed over, each once or more."""
    for number in range(250):
        clock.forward(1)
        github.open_issue(ACME, f"issue {number}")

    assert set(read(source(github))[0]) == {f"issue {number}" for number in range(250)}


def test_one_second_may_fill_pages(github: Github, clock: Clock, source: Make) -> None:
    """When more issues changed in one second than a page holds, the links are followed through that
    second.
    """
    for number in range(350):
        github.open_issue(ACME, f"bulk {number}")
    clock.forward(1)
    github.open_issue(ACME, "after")

    assert set(read(source(github))[0]) == {*(f"bulk {number}" for number in range(350)), "after"}


def test_an_issue_that_moves_while_it_is_read_hides_no_other(
    github: Github, clock: Clock, source: Make
) -> None:
    """An issue of the first page that changes before the second is asked for makes no other one
    fall between them.
    """
    for number in range(1, 202):
        clock.forward(1)
        github.open_issue(ACME, f"issue {number}")
    found = []
    for page in source(github, comments=False).collect("", NOW):
        found += [item.title for item in page.items]
        clock.forward(1)
        github.touch(ACME, 1 + len(github.requests))

    assert {f"issue {number}" for number in range(1, 202)} <= set(found)


def test_a_broken_reading_goes_on_where_it_stopped(
    github: Github, clock: Clock, source: Make
) -> None:
    """The cursor moves with each page: a poll that fails halfway loses nothing and does not start
    again.
    """
    for number in range(250):
        clock.forward(10)
        github.open_issue(ACME, f"issue {number}")
    reader = source(github, comments=False)
    found, cursor = read(source(github, stop_after=1, comments=False))
    github.fail_next(answers(502), path="/issues")
    with pytest.raises(SourceUnavailable):
        read(reader, cursor)
    rest, _ = read(reader, cursor)

    assert set(found + rest) == {f"issue {number}" for number in range(250)}
    assert len(rest) < 200


def test_a_change_that_shows_late_is_found(github: Github, clock: Clock, source: Make) -> None:
    """A change up to five minutes older than the newest known one is handed over."""
    clock.forward(300)
    github.open_issue(ACME, "newest")
    reader = source(github)
    cursor = read(reader)[1]
    clock.forward(-290)
    github.open_issue(ACME, "late")

    assert "late" in read(reader, cursor)[0]


def test_an_unchanged_repository_is_free(github: Github, source: Make) -> None:
    """A poll without news is answered from the tags, and costs nothing of the limit."""
    github.comment(ACME, github.open_issue(ACME, "Broken"), "Me too")
    reader = source(github)
    _, cursor = read(reader)
    _, cursor = read(reader, cursor, NOW + timedelta(minutes=5))
    left = github.remaining
    found, cursor = read(reader, cursor, NOW + timedelta(minutes=10))

    assert (found, github.remaining) == ([], left)
    github.open_issue(ACME, "Again")
    assert "Again" in read(reader, cursor, NOW + timedelta(minutes=15))[0]


def test_an_empty_repository_becomes_free_too(github: Github, source: Make) -> None:
    """Where nothing was ever written, the address stays the same from poll to poll, and so does the
    tag.
    """
    reader = source(github)
    _, cursor = read(reader)
    _, cursor = read(reader, cursor, NOW + timedelta(hours=1))
    left = github.remaining
    read(reader, cursor, NOW + timedelta(hours=2))

    assert github.remaining == left


def test_an_edit_keeps_the_id(github: Github, clock: Clock, source: Make) -> None:
    """An edited comment has the time of its edit; a closed issue has none, since no word of it
    changed.
    """
    number = github.open_issue(ACME, "Broken")
    name = github.comment(ACME, number, "Me too")
    clock.forward(60)
    github.change(name, body="Not me", updated_at="2026-11-22T08:01:00Z")
    github.change(f"I_{ACME}_{number}", state="closed", updated_at="2026-11-22T08:01:00Z")
    issue, comment = items(source(github).collect("", NOW))

    assert (comment.external_id, comment.body) == (name, "Not me")
    assert comment.edited_at == NOW + timedelta(seconds=60)
    assert (issue.edited_at, issue.attributes["state"]) == (None, "closed")


@pytest.mark.parametrize(
    ("wanted", "found"), [(False, ["Issue"]), (True, ["Issue", "Pull request", "on it"])]
)
def test_pull_requests_are_issues_only_when_wanted(
    wanted: bool, found: list[str], github: Github, source: Make
) -> None:
    """GitHub lists pull requests among issues and their comments among comments; both stay out
    unless asked for.
    """
    github.open_issue(ACME, "Issue")
    github.comment(ACME, github.open_pull_request(ACME, "Pull request"), "on it")

    assert read(source(github, pull_requests=wanted))[0] == found


def test_labels_choose_issues_with_their_comments(
    github: Github, clock: Clock, source: Make
) -> None:
    """Only issues with all labels are read, in any state, and the comments on them and no
    others.
    """
    chosen = github.open_issue(ACME, "chosen", labels=[{"name": "bug"}, {"name": "ui"}])
    other = github.open_issue(ACME, "other", labels=[{"name": "bug"}])
    github.comment(ACME, chosen, "on chosen")
    github.comment(ACME, other, "on other")
    reader = source(github, labels=["bug", "ui"])
    found, cursor = read(reader)
    clock.forward(3_600)
    github.comment(ACME, chosen, "later")

    assert found == ["chosen", "on chosen"]
    assert read(reader, cursor)[0] == ["chosen", "on chosen", "later"]


def test_one_broken_entry_does_not_cost_its_neighbours(github: Github, source: Make) -> None:
    """An entry without an id is left out, and fields of another shape are left empty."""
    github.open_issue(ACME, "fine")
    github.open_issue(
        ACME, "odd", user="x", labels="x", comments="x", created_at=7, html_url="javascript:x"
    )
    github.open_issue(ACME, "nameless", node_id=None, id=None)
    found = items(source(github).collect("", NOW))

    assert [(item.title, bool(item.url)) for item in found] == [("fine", True), ("odd", False)]


def test_an_old_server_names_things_by_number(github: Github, source: Make) -> None:
    """Without a node id the number is the identity, apart for issues and comments."""
    number = github.open_issue(ACME, "Broken", node_id="", id=5)
    github.comment(ACME, number, "Me too", node_id="", id=5)

    assert [item.external_id for item in items(source(github).collect("", NOW))] == [
        "issue-5",
        "comment-5",
    ]


@pytest.mark.parametrize("status", [403, 429])
def test_stays_away_until_retry_after(status: int, github: Github, source: Make) -> None:
    """GitHub's wish for a pause is handed on where the client shows it, and a used-up limit is
    found out.
    """
    github.remaining, github.reset = 0, int(NOW.timestamp()) + 900
    github.fail_next(answers(status), path="/issues")
    reader = source(github)
    with pytest.raises(SourceUnavailable, match="limit on requests") as caught:
        read(reader)
    asked = len(github.requests)
    with pytest.raises(SourceUnavailable):
        read(reader, now=NOW + timedelta(seconds=800))

    assert caught.value.retry_after == 900
    assert len(github.requests) == asked


def test_retry_after_is_handed_on(github: Github, source: Make) -> None:
    """A pause in seconds is kept as it is."""
    github.fail_next(answers(429, {"Retry-After": "61"}), path="/issues")
    with pytest.raises(SourceUnavailable) as caught:
        read(source(github))

    assert caught.value.retry_after == 61


def test_minds_the_limit_before_it_is_told(github: Github, source: Make) -> None:
    """The answer that uses up the limit is kept; the next request is not made before the window
    opens again.
    """
    github.remaining, github.reset = 1, int(NOW.timestamp()) + 120
    github.open_issue(ACME, "Broken")
    pages = source(github).collect("", NOW)
    first = next(pages)
    with pytest.raises(SourceUnavailable) as caught:
        next(pages)

    assert ([item.title for item in first.items], first.wait) == (["Broken"], 120)
    assert caught.value.retry_after == 120
    assert len(github.requests) == 1


def test_a_real_refusal_is_told_from_the_limit(github: Github, source: Make) -> None:
    """A 403 with requests left is a lasting error that names the permission."""
    github.fail_next(answers(403), path="/issues")
    with pytest.raises(SourceRefused, match="`Issues: read`"):
        read(source(github))


@pytest.mark.parametrize(
    ("token", "words"),
    [(TOKEN, "GITHUB_TOKEN may not read it"), ("", "it is private and it needs GITHUB_TOKEN")],
)
def test_a_missing_repository_says_what_it_may_be(
    token: str, words: str, github: Github, source: Make
) -> None:
    """A missing and a private repository look alike: the error names the name and the token."""
    with pytest.raises(SourceRefused, match=words):
        read(source(github, token, repositories=["acme/missing"]))


def test_a_private_repository_needs_the_token(github: Github, source: Make) -> None:
    """With the token it is read, without it does not exist."""
    github.private.add(ACME)
    github.open_issue(ACME, "Broken")
    with pytest.raises(SourceRefused, match="shows no repository acme/widgets"):
        read(source(github, ""))

    assert read(source(github))[0] == ["Broken"]


def test_a_refused_token_is_named_not_shown(github: Github, source: Make) -> None:
    """A wrong token is a lasting error without the token in it."""
    with pytest.raises(SourceRefused, match="GITHUB_TOKEN") as caught:
        read(source(github, "wr0ng-t0ken"))

    assert "wr0ng-t0ken" not in f"{caught.value!r}{caught.value.__cause__!r}"


def test_a_moved_repository_is_read_and_reported(github: Github, source: Make) -> None:
    """Its old name leads to the new one, token included; the warning names the new one."""
    github.moved["acme/gadgets"] = ACME
    github.private.add(ACME)
    github.open_issue(ACME, "Broken")
    pages = list(source(github, repositories=["acme/gadgets"]).collect("", NOW))

    assert [item.title for item in items(pages)] == ["Broken"]
    assert pages[0].warnings == (
        "acme/gadgets has moved for good; write acme/widgets into [[sources]] repositories",
    )


def test_switched_off_issues_end_the_source(github: Github, source: Make) -> None:
    """A repository without issues is gone for good."""
    github.without_issues.add(ACME)
    with pytest.raises(SourceGone, match="switched off"):
        read(source(github))


def test_one_lost_repository_does_not_cost_the_others(github: Github, source: Make) -> None:
    """Of several repositories those that can be read are read; the others are a warning."""
    github.create("acme/off")
    github.without_issues.add("acme/off")
    github.open_issue(ACME, "Broken")
    pages = list(source(github, repositories=["acme/missing", "acme/off", ACME]).collect("", NOW))

    assert [item.title for item in items(pages)] == ["Broken"]
    assert [warning.split(" (")[0] for warning in pages[-1].warnings] == [
        "GitHub shows no repository acme/missing",
        "acme/off has its issues switched off",
    ]


@pytest.mark.parametrize(
    ("names", "error"), [(["acme/off"] * 2, SourceGone), (["acme/off", "acme/x"], SourceRefused)]
)
def test_when_none_can_be_read_the_source_fails(
    names: list[str], error: type[SourceError], github: Github, source: Make
) -> None:
    """It stops for good only when all repositories are gone."""
    github.create("acme/off")
    github.without_issues.add("acme/off")
    with pytest.raises(error):
        read(source(github, repositories=names))


def other_host(request: Request, handle: Handler) -> Reply:
    """A page whose next one is elsewhere."""
    return Reply(200, {"Link": '<http://127.0.0.1:9/steal>; rel="next"'}, b"[]")


def test_the_token_goes_to_no_other_host(github: Github, source: Make) -> None:
    """A next page on another host is an error, and is not asked for."""
    github.fail_next(other_host, path="/issues")
    with pytest.raises(SourceUnavailable, match="another host"):
        read(source(github))


@pytest.mark.parametrize(
    "fault", [lost_before_commit, truncated(9), answers(503), answers(200, {}, b"{}"), answers(200)]
)
def test_a_failure_changes_no_cursor(fault: Fault, github: Github, source: Make) -> None:
    """A broken or strange answer is a passing error, and the same cursor reads everything
    afterwards.
    """
    github.open_issue(ACME, "Broken")
    github.fail_next(fault, path="/issues")
    with pytest.raises(SourceUnavailable):
        read(source(github))

    assert read(source(github))[0] == ["Broken"]


def test_other_labels_start_afresh(github: Github, clock: Clock, source: Make) -> None:
    """A cursor that was gained with other options is not gone on with."""
    clock.forward(-86_400)
    github.open_issue(ACME, "old", labels=[{"name": "bug"}])
    clock.forward(86_400)
    github.open_issue(ACME, "new")
    _, cursor = read(source(github))

    assert read(source(github, labels=["bug"]), cursor)[0] == ["old"]
