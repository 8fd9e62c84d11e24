"""GitHub: the issues of repositories and the comments on them, oldest change first.

A listing is read by time and not by page number: an issue that changes meanwhile moves to the end,
all that follow move up by one, and the next page by number would miss one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from pydantic import Field, field_validator

from monitor.domain.feedback import Author, Feedback, Kind, Stage, Touchpoint
from monitor.errors import SourceError, SourceGone, SourceRefused, SourceUnavailable
from monitor.http import HttpResponse
from sources._json import (
    dict_or_empty,
    list_or_empty,
    parse_cursor_of,
    parse_json_response,
    to_count,
)
from sources._normalise import drop_empty, stable_hash, to_clean_text, to_external_id, to_http_link
from sources._options import require_web_address
from sources._times import edit_time, parse_iso_time
from sources.base import Page, Source, SourceContext, SourceOptions

PAGE_SIZE = 100  #: the most that GitHub returns at once
OVERLAP = timedelta(minutes=5)  #: read again, because changes become visible late and out of order
FIRST_LOOKBACK = timedelta(days=30)  #: how far the first contact looks back

_NEXT_LINK = re.compile(r'<([^<>]+)>\s*;[^,<]*\brel="?next"?')
_NEVER = datetime.min.replace(tzinfo=UTC)

RepositoryName = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}/[A-Za-z0-9_.-]*[A-Za-z0-9_-][A-Za-z0-9_.-]*$",
        max_length=200,
    ),
]
LabelName = Annotated[str, Field(pattern=r"^[^,]+$")]


class GithubIssuesOptions(SourceOptions):
    """The keys of a GitHub source."""

    repositories: tuple[RepositoryName, ...] = Field(min_length=1)  #: like "owner/name"
    comments: bool = True  #: whether the comments are read too
    labels: tuple[LabelName, ...] = ()  #: only issues that have all of these, and their comments
    pull_requests: bool = False  #: whether pull requests and their comments are read too
    #: of GitHub Enterprise: https://HOST/api/v3
    api_url: str = Field(default="https://api.github.com", repr=False)

    @field_validator("api_url")
    @classmethod
    def _check_url(cls, url: str) -> str:
        return require_web_address(url).rstrip("/")

    @property
    def listings(self) -> tuple[str, ...]:
        """The listings of a repository to read; with labels, comments come with their issues."""
        return ("issues", "issues/comments") if self.comments and not self.labels else ("issues",)


class GithubIssuesSource(Source):
    """Issues and comments, read-only, with a token or without."""

    Options = GithubIssuesOptions
    stage = Stage.USE
    touchpoint = Touchpoint.PRODUCT

    def __init__(
        self, source_id: str, options: GithubIssuesOptions, context: SourceContext
    ) -> None:
        self._source_id = source_id
        self._options = options
        self._http = context.http
        self._token = context.secrets.github_token
        self._stopping = context.stopping
        self._rest_until = _NEVER

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield what changed in each repository; one that cannot be read is a warning.

        Raises SourceRefused or SourceGone where none can be read.
        """
        options = self._options
        cursor_key = stable_hash(options.api_url, *options.labels, str(options.pull_requests))
        held = parse_cursor_of(cursor, "place", cursor_key)
        watermarks = _ListingWatermarks(cursor_key, dict_or_empty(held.get("marks")))
        failures: list[SourceError] = []
        for repository in self._options.repositories:
            try:
                for listing in self._options.listings:
                    yield from self._read_listing(repository, listing, watermarks, now)
                    if self._stopping():
                        return
            except (SourceRefused, SourceGone) as error:
                failures.append(error)
        if len(failures) == len(self._options.repositories):
            mendable = [error for error in failures if not isinstance(error, SourceGone)]
            raise (mendable or failures)[0]
        if failures:
            warnings = tuple(str(error) for error in failures)
            yield Page(items=(), cursor=watermarks.cursor, warnings=warnings)

    def _read_listing(
        self, repository: str, listing: str, watermarks: _ListingWatermarks, now: datetime
    ) -> Iterator[Page]:
        """Yield a listing from its watermark to its newest change, and move the watermark."""
        mark = watermarks.get_watermark(repository, listing, now)
        since, following = mark.at - OVERLAP, ""
        while True:
            url = following or self._listing_url(repository, listing, since)
            etag = mark.etag if mark.asked == stable_hash(url) else ""
            fetched = self._get_within_limit(url, repository, now, etag=etag)
            entries = [] if fetched.not_modified else _parse_issue_entries(fetched)
            following = self._next_page_url(fetched)
            newest = max((_entry_updated_at(entry) for entry in entries), default=_NEVER)
            items = self._to_feedback_items(repository, listing, entries, mark.at - OVERLAP, now)
            mark = replace(mark, at=max(mark.at, newest))
            if not following:
                mark = replace(mark, etag=fetched.etag, asked=stable_hash(url))
            watermarks.set_watermark(repository, listing, mark)
            warnings: tuple[str, ...] = ()
            if listing == "issues":
                warnings = _moved_repository_warnings(repository, fetched, entries)
            yield Page(
                items=items,
                cursor=watermarks.cursor,
                warnings=warnings,
                wait=self._seconds_to_wait(fetched, now),
            )
            if not following or self._stopping():
                return
            if newest > since:  # else one second fills whole pages, and only the link leads on
                since, following = newest, ""

    def _listing_url(self, repository: str, listing: str, since: datetime) -> str:
        query: dict[str, str | int] = {"since": _format_since(since)}
        query |= {"sort": "updated", "direction": "asc", "per_page": PAGE_SIZE}
        if listing == "issues":
            query["state"] = "all"
        if listing == "issues" and self._options.labels:
            query["labels"] = ",".join(self._options.labels)
        return f"{self._options.api_url}/repos/{repository}/{listing}?{urlencode(query)}"

    def _to_feedback_items(
        self,
        repository: str,
        listing: str,
        entries: list[dict[str, Any]],
        since: datetime,
        now: datetime,
    ) -> tuple[Feedback, ...]:
        wanted = list(entries)
        if not self._options.pull_requests:
            wanted = [entry for entry in entries if not _is_of_pull_request(entry)]
        if listing == "issues" and self._options.comments and self._options.labels:
            commented = [issue for issue in wanted if to_count(issue.get("comments"))]
            for issue in commented:
                wanted += self._fetch_issue_comments(repository, issue, since, now)
        return tuple(_feedback_from_issue(self._source_id, repository, entry) for entry in wanted)

    def _fetch_issue_comments(
        self, repository: str, issue: Mapping[str, Any], since: datetime, now: datetime
    ) -> Iterator[dict[str, Any]]:
        """Yield the comments on an issue that changed since then.

        A new comment counts as a change of its issue, so none is missed.
        """
        query = urlencode({"since": _format_since(since), "per_page": PAGE_SIZE})
        number = to_count(issue.get("number"))
        issue_url = f"{self._options.api_url}/repos/{repository}/issues/{number}"
        url = f"{issue_url}/comments?{query}"
        while url:
            fetched = self._get_within_limit(url, repository, now)
            yield from _parse_issue_entries(fetched)
            url = self._next_page_url(fetched)

    def _get_within_limit(
        self, url: str, repository: str, now: datetime, etag: str = ""
    ) -> HttpResponse:
        """Fetch `url`, unless the rate limit is known to be used up.

        Raises SourceUnavailable with the seconds to wait where it is, and SourceError for failures.
        """
        if now < self._rest_until:
            raise _github_rate_limit_error((self._rest_until - now).total_seconds())
        try:
            fetched = self._http.get(
                url,
                etag=etag,
                accept="application/vnd.github+json",
                headers=self._request_headers(),
            )
        except SourceError as error:
            raise self._explain_error(error, repository, now) from error
        if fetched.headers.get("x-ratelimit-remaining") == "0":
            self._rest_until = _parse_reset_time(fetched.headers.get("x-ratelimit-reset"), now)
        return fetched

    def _request_headers(self) -> dict[str, str]:
        token = self._token.get_secret_value()
        headers = {"X-GitHub-Api-Version": "2022-11-28"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return headers

    def _seconds_to_wait(self, fetched: HttpResponse, now: datetime) -> float:
        rest = (self._rest_until - now).total_seconds()
        return max(fetched.retry_after, rest, 0.0)

    def _next_page_url(self, fetched: HttpResponse) -> str:
        """Return the address of the next page; "" for the last page.

        Raises SourceUnavailable for another host, which must not see the token.
        """
        link = _NEXT_LINK.search(fetched.headers.get("link", ""))
        if not link:
            return ""
        if urlsplit(link[1])[:2] != urlsplit(self._options.api_url)[:2]:
            raise SourceUnavailable(
                "GitHub names a next page on another host; check [[sources]] api_url"
            )
        return link[1]

    def _explain_error(self, error: SourceError, repository: str, now: datetime) -> SourceError:
        """Convert a failure to one that says what to do; others stay as they are.

        A used-up rate limit looks like a refusal, so GitHub is asked which of both it is.
        """
        status = error.status
        has_wait = isinstance(error, SourceUnavailable) and error.retry_after is not None
        if status in (403, 429) and not has_wait and (seconds := self._seconds_to_reset(now)):
            return _github_rate_limit_error(seconds)
        match status:
            case 401:
                return SourceRefused(
                    "GitHub refuses the token (401); set a valid GITHUB_TOKEN, or none"
                )
            case 403:
                return SourceRefused(
                    f"GitHub forbids reading {repository} (403); GITHUB_TOKEN needs `Issues: read` "
                    "for it"
                )
            case 404:
                hint = (
                    "GITHUB_TOKEN may not read it"
                    if self._token.get_secret_value()
                    else "it needs GITHUB_TOKEN"
                )
                return SourceRefused(
                    f"GitHub shows no repository {repository} (404); the name is wrong, or it is "
                    f"private and {hint}"
                )
            case 410:
                return SourceGone(
                    f"{repository} has its issues switched off (410); take it off the list"
                )
        return error

    def _seconds_to_reset(self, now: datetime) -> float:
        """Ask for the rate limit; return the seconds until it opens again, 0.0 if it is open.

        The request does not count towards the limit.
        """
        url = f"{self._options.api_url}/rate_limit"
        try:
            answer = parse_json_response(self._http.get(url, headers=self._request_headers()))
        except SourceError:
            return 0.0
        core = dict_or_empty(dict_or_empty(dict_or_empty(answer).get("resources")).get("core"))
        if core.get("remaining") != 0:
            return 0.0
        self._rest_until = _parse_reset_time(core.get("reset"), now)
        return max((self._rest_until - now).total_seconds(), 1.0)


@dataclass(frozen=True, slots=True)
class _Watermark:
    """How far a listing was read."""

    at: datetime  #: the newest change that was read
    etag: str = ""  #: of the last page of the last poll
    asked: str = ""  #: a hash of the address that the ETag belongs to


@dataclass(slots=True)
class _ListingWatermarks:
    """The watermarks of all listings, as the cursor holds them."""

    cursor_key: str  #: hash of the options that decide what is listed
    marks: dict[str, Any] = field(default_factory=dict)

    def get_watermark(self, repository: str, listing: str, now: datetime) -> _Watermark:
        """Return how far a listing was read; at first contact 30 days back."""
        held = dict_or_empty(self.marks.get(f"{repository.lower()} {listing}"))
        at = parse_iso_time(held.get("at")) or (now - FIRST_LOOKBACK).replace(microsecond=0)
        return _Watermark(at, to_clean_text(held.get("etag")), to_clean_text(held.get("asked")))

    def set_watermark(self, repository: str, listing: str, mark: _Watermark) -> None:
        """Remember how far a listing was read."""
        held = {"at": mark.at.isoformat(), "etag": mark.etag, "asked": mark.asked}
        self.marks = self.marks | {f"{repository.lower()} {listing}": held}

    @property
    def cursor(self) -> str:
        """The watermarks as the text of a cursor."""
        return json.dumps({"place": self.cursor_key, "marks": self.marks})


def _parse_issue_entries(fetched: HttpResponse) -> list[dict[str, Any]]:
    """Return the issues or comments of a page that have an id.

    Raises SourceUnavailable for a body that is not a list.
    """
    listed = parse_json_response(fetched)
    if not isinstance(listed, list):
        raise SourceUnavailable(
            "GitHub answered with something that is not a list; check [[sources]] api_url"
        )
    entries = map(dict_or_empty, listed)
    return [entry for entry in entries if entry.get("node_id") or entry.get("id")]


def _format_since(since: datetime) -> str:
    return since.strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry_updated_at(entry: Mapping[str, Any]) -> datetime:
    return parse_iso_time(entry.get("updated_at")) or _NEVER


def _is_of_pull_request(entry: Mapping[str, Any]) -> bool:
    """Return whether this is a pull request or a comment on one, which only its link tells."""
    return "pull_request" in entry or "/pull/" in to_clean_text(entry.get("html_url"))


def _parse_reset_time(value: object, now: datetime) -> datetime:
    """Parse when the rate limit opens again: in 1 to 3,600 seconds.

    A value that is not seconds since 1970 means in 60 seconds.
    """
    text = to_clean_text(value)
    seconds = 60.0
    if text.isascii() and text.isdigit() and len(text) < 12:
        seconds = float(text) - now.timestamp()
    return now + timedelta(seconds=min(max(seconds, 1.0), 3_600.0))


def _github_rate_limit_error(seconds: float) -> SourceUnavailable:
    return SourceUnavailable(
        f"GitHub's limit on requests is reached for {seconds:.0f} seconds; GITHUB_TOKEN raises it",
        seconds,
    )


def _moved_repository_warnings(
    repository: str, fetched: HttpResponse, entries: list[dict[str, Any]]
) -> tuple[str, ...]:
    if not fetched.permanent_url:
        return ()
    urls = [to_clean_text(entry.get("repository_url")) for entry in entries]
    names = [url.rpartition("/repos/")[2] for url in urls]
    name = next(filter(None, names), "its new name")
    return (f"{repository} has moved for good; write {name} into [[sources]] repositories",)


def _feedback_from_issue(source_id: str, repository: str, entry: Mapping[str, Any]) -> Feedback:
    """Convert an issue or a comment.

    Only a comment has an edit time: that of an issue moves with every comment and label.
    """
    is_comment = "issue_url" in entry
    created_at = parse_iso_time(entry.get("created_at"))
    updated_at = parse_iso_time(entry.get("updated_at"))
    number = to_clean_text(entry.get("number"))
    if is_comment:
        number = to_clean_text(entry.get("issue_url")).rpartition("/")[2]
    user = dict_or_empty(entry.get("user"))  # null for an account that was deleted
    fallback_id = f"{'comment' if is_comment else 'issue'}-{entry.get('id')}"
    return Feedback(
        source_id=source_id,
        external_id=to_external_id(to_clean_text(entry.get("node_id")) or fallback_id),
        kind=Kind.COMMENT if is_comment else Kind.TICKET,
        title=to_clean_text(entry.get("title")),
        body=to_clean_text(entry.get("body")),
        author=Author(name=to_clean_text(user.get("login")), id=to_clean_text(user.get("id"))),
        created_at=created_at,
        edited_at=edit_time(created_at, updated_at) if is_comment else None,
        url=to_http_link(entry.get("html_url")),
        thread_id=f"{repository}#{number}",
        score=_reaction_score(entry),
        replies=to_count(entry.get("comments")),
        attributes=_issue_attributes(repository, entry, user),
    )


def _reaction_score(entry: Mapping[str, Any]) -> int | None:
    reactions = dict_or_empty(entry.get("reactions"))
    if not reactions:
        return None
    return (to_count(reactions.get("+1")) or 0) - (to_count(reactions.get("-1")) or 0)


def _issue_attributes(
    repository: str, entry: Mapping[str, Any], user: Mapping[str, Any]
) -> dict[str, str]:
    labels = map(dict_or_empty, list_or_empty(entry.get("labels")))
    names = [to_clean_text(label.get("name")) for label in labels]
    role = to_clean_text(entry.get("author_association")).lower()
    attributes = {
        "repository": repository,
        "state": to_clean_text(entry.get("state")),
        "labels": ", ".join(filter(None, names)),
        "role": role if role != "none" else "",
        "bot": "yes" if user.get("type") == "Bot" else "",
    }
    return drop_empty(attributes)
