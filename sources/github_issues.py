"""GitHub: the issues of repositories and the comments on them, oldest change first.

The way through a listing goes by time and not by page number: an issue that changes while it is
read moves to the end, all that follow move up by one, and the next page by number would start one
too late.
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
from sources._times import parse_iso_time
from sources.base import Page, Source, SourceContext, SourceOptions

PAGE_SIZE = 100  #: the most that GitHub returns at once
OVERLAP = timedelta(minutes=5)  #: read again, because changes become visible late and out of order
FIRST_LOOKBACK = timedelta(days=30)  #: how far the first contact looks back

_NEXT = re.compile(r'<([^<>]+)>\s*;[^,<]*\brel="?next"?')
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
    """The keys of GitHub repositories."""

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
        """What is listed of a repository; with labels the comments come with their issues."""
        return ("issues", "issues/comments") if self.comments and not self.labels else ("issues",)


class GithubIssuesSource(Source):
    """Issues and comments, read-only, with a token or as anybody."""

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
        """Yield what changed in each repository; one that cannot be read does not cost the
        others.
        """
        place = stable_hash(
            self._options.api_url, *self._options.labels, str(self._options.pull_requests)
        )
        held = parse_cursor_of(cursor, "place", place)
        state = _ListingWatermarks(place, dict_or_empty(held.get("marks")))
        failed: list[SourceError] = []
        for repository in self._options.repositories:
            try:
                for what in self._options.listings:
                    yield from self._read_listing(repository, what, state, now)
                    if self._stopping():
                        return
            except (SourceRefused, SourceGone) as error:
                failed.append(error)
        if len(failed) == len(self._options.repositories):
            raise next((error for error in failed if not isinstance(error, SourceGone)), failed[0])
        if failed:
            yield Page(
                items=(), cursor=state.cursor, warnings=tuple(str(error) for error in failed)
            )

    def _read_listing(
        self, repository: str, what: str, state: _ListingWatermarks, now: datetime
    ) -> Iterator[Page]:
        """One listing from what is known to its newest change; `state` moves on with each page."""
        mark = state.get_watermark(repository, what, now)
        since, following = mark.at - OVERLAP, ""
        while True:
            url = following or self._listing_url(repository, what, since)
            first = mark.asked == stable_hash(url)
            fetched = self._get_within_limit(url, repository, now, etag=mark.etag if first else "")
            entries = [] if fetched.not_modified else _parse_issue_entries(fetched)
            following = self._next_page_url(fetched)
            newest = max((_entry_updated_at(entry) for entry in entries), default=_NEVER)
            items = self._to_feedback_items(repository, what, entries, mark.at - OVERLAP, now)
            mark = replace(mark, at=max(mark.at, newest))
            if not following:
                mark = replace(mark, etag=fetched.etag, asked=stable_hash(url))
            state.set_watermark(repository, what, mark)
            moved = (
                _moved_repository_warnings(repository, fetched, entries) if what == "issues" else ()
            )
            yield Page(
                items=items,
                cursor=state.cursor,
                warnings=moved,
                wait=self._seconds_to_wait(fetched, now),
            )
            if not following or self._stopping():
                return
            if newest > since:  # else one second fills whole pages, and only the link leads on
                since, following = newest, ""

    def _listing_url(self, repository: str, what: str, since: datetime) -> str:
        query: dict[str, str | int] = {"since": since.strftime("%Y-%m-%dT%H:%M:%SZ")}
        query |= {"sort": "updated", "direction": "asc", "per_page": PAGE_SIZE}
        if what == "issues":
            query |= {"state": "all"} | (
                {"labels": ",".join(self._options.labels)} if self._options.labels else {}
            )
        return f"{self._options.api_url}/repos/{repository}/{what}?{urlencode(query)}"

    def _to_feedback_items(
        self,
        repository: str,
        what: str,
        entries: list[dict[str, Any]],
        since: datetime,
        now: datetime,
    ) -> tuple[Feedback, ...]:
        wanted = [
            entry
            for entry in entries
            if self._options.pull_requests or not _is_of_pull_request(entry)
        ]
        if what == "issues" and self._options.comments and self._options.labels:
            wanted += [
                comment
                for issue in wanted
                if to_count(issue.get("comments"))
                for comment in self._fetch_issue_comments(repository, issue, since, now)
            ]
        return tuple(_feedback_from_issue(self._source_id, repository, entry) for entry in wanted)

    def _fetch_issue_comments(
        self, repository: str, issue: Mapping[str, Any], since: datetime, now: datetime
    ) -> Iterator[dict[str, Any]]:
        """The comments on one issue that changed since then: a new comment is a change of its
        issue.
        """
        query = urlencode({"since": since.strftime("%Y-%m-%dT%H:%M:%SZ"), "per_page": PAGE_SIZE})
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
        """One answer; the limit is minded before GitHub has to say no."""
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
        own = {"X-GitHub-Api-Version": "2022-11-28"}
        return own | ({"Authorization": f"Bearer {token}"} if token else {})

    def _seconds_to_wait(self, fetched: HttpResponse, now: datetime) -> float:
        return max(
            fetched.retry_after,
            (self._rest_until - now).total_seconds() if now < self._rest_until else 0.0,
        )

    def _next_page_url(self, fetched: HttpResponse) -> str:
        """The address of the next page, "" for none; the token goes nowhere but to the interface
        itself.
        """
        found = _NEXT.search(fetched.headers.get("link", ""))
        if not found:
            return ""
        if urlsplit(found[1])[:2] != urlsplit(self._options.api_url)[:2]:
            raise SourceUnavailable(
                "GitHub names a next page on another host; check [[sources]] api_url"
            )
        return found[1]

    def _explain_error(self, error: SourceError, repository: str, now: datetime) -> SourceError:
        """The failure in words for people. A used-up limit looks like a refusal, so GitHub is asked
        which it is.
        """
        status = error.status
        waits = isinstance(error, SourceUnavailable) and error.retry_after is not None
        if status in (403, 429) and not waits and (seconds := self._seconds_to_reset(now)):
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
        """Seconds until the next window when this one is used up, else 0; asking for it does not
        count.
        """
        try:
            answer = parse_json_response(
                self._http.get(
                    f"{self._options.api_url}/rate_limit", headers=self._request_headers()
                )
            )
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
    etag: str = ""  #: of the last page of the last reading
    asked: str = ""  #: a digest of its address: another address has another tag


@dataclass(slots=True)
class _ListingWatermarks:
    """The marks of all listings, as the cursor keeps them."""

    place: str
    marks: dict[str, Any] = field(default_factory=dict)

    def get_watermark(self, repository: str, what: str, now: datetime) -> _Watermark:
        """How far this listing was read, or the start of what the first contact reads."""
        kept = dict_or_empty(self.marks.get(f"{repository.lower()} {what}"))
        at = parse_iso_time(kept.get("at")) or (now - FIRST_LOOKBACK).replace(microsecond=0)
        return _Watermark(at, to_clean_text(kept.get("etag")), to_clean_text(kept.get("asked")))

    def set_watermark(self, repository: str, what: str, mark: _Watermark) -> None:
        """Remember how far this listing was read."""
        kept = {"at": mark.at.isoformat(), "etag": mark.etag, "asked": mark.asked}
        self.marks = self.marks | {f"{repository.lower()} {what}": kept}

    @property
    def cursor(self) -> str:
        """The marks as text."""
        return json.dumps({"place": self.place, "marks": self.marks})


def _parse_issue_entries(fetched: HttpResponse) -> list[dict[str, Any]]:
    found = parse_json_response(fetched)
    if not isinstance(found, list):
        raise SourceUnavailable(
            "GitHub answered with something that is not a list; check [[sources]] api_url"
        )
    return [
        entry
        for entry in found
        if isinstance(entry, dict) and (entry.get("node_id") or entry.get("id"))
    ]


def _entry_updated_at(entry: Mapping[str, Any]) -> datetime:
    return parse_iso_time(entry.get("updated_at")) or _NEVER


def _is_of_pull_request(entry: Mapping[str, Any]) -> bool:
    """Whether it is a pull request, or a comment on one: only the link of a comment tells."""
    return "pull_request" in entry or "/pull/" in to_clean_text(entry.get("html_url"))


def _parse_reset_time(value: object, now: datetime) -> datetime:
    """The start of the next window; a minute from now where it cannot be read. It is at most an
    hour away.
    """
    text = to_clean_text(value)
    seconds = (
        float(text) - now.timestamp()
        if text.isascii() and text.isdigit() and len(text) < 12
        else 60.0
    )
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
    names = (
        to_clean_text(entry.get("repository_url")).rpartition("/repos/")[2] for entry in entries
    )
    name = next((name for name in names if name), "its new name")
    return (f"{repository} has moved for good; write {name} into [[sources]] repositories",)


def _feedback_from_issue(source_id: str, repository: str, entry: Mapping[str, Any]) -> Feedback:
    """An issue or a comment. An issue's own time of change moves with every comment and label: it
    is no edit.
    """
    is_comment = "issue_url" in entry
    created, updated = (
        parse_iso_time(entry.get("created_at")),
        parse_iso_time(entry.get("updated_at")),
    )
    number = (
        to_clean_text(entry.get("issue_url")).rpartition("/")[2]
        if is_comment
        else to_clean_text(entry.get("number"))
    )
    user = dict_or_empty(entry.get("user"))  # null for an account that was deleted
    name = (
        to_clean_text(entry.get("node_id"))
        or f"{'comment' if is_comment else 'issue'}-{entry.get('id')}"
    )
    return Feedback(
        source_id=source_id,
        external_id=to_external_id(name),
        kind=Kind.COMMENT if is_comment else Kind.TICKET,
        title=to_clean_text(entry.get("title")),
        body=to_clean_text(entry.get("body")),
        author=Author(name=to_clean_text(user.get("login")), id=to_clean_text(user.get("id"))),
        created_at=created,
        edited_at=updated if is_comment and created and updated and updated > created else None,
        url=to_http_link(entry.get("html_url")),
        thread_id=f"{repository}#{number}",
        score=_reaction_score(entry),
        replies=to_count(entry.get("comments")),
        attributes=_issue_attributes(repository, entry, user),
    )


def _reaction_score(entry: Mapping[str, Any]) -> int | None:
    reactions = dict_or_empty(entry.get("reactions"))
    return (
        (to_count(reactions.get("+1")) or 0) - (to_count(reactions.get("-1")) or 0)
        if reactions
        else None
    )


def _issue_attributes(
    repository: str, entry: Mapping[str, Any], user: Mapping[str, Any]
) -> dict[str, str]:
    labels = map(dict_or_empty, list_or_empty(entry.get("labels")))
    names = [to_clean_text(label.get("name")) for label in labels]
    role = to_clean_text(entry.get("author_association")).lower()
    found = {
        "repository": repository,
        "state": to_clean_text(entry.get("state")),
        "labels": ", ".join(filter(None, names)),
        "role": role if role != "none" else "",
        "bot": "yes" if user.get("type") == "Bot" else "",
    }
    return drop_empty(found)
