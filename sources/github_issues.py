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
from monitor.http import Fetched
from sources._json import count, json_of, noted, table
from sources._normalise import clean, digest, identity, iso_time, link
from sources.base import Page, Source, SourceContext, SourceOptions

PAGE_SIZE = 100  #: the most that GitHub returns at once
OVERLAP = timedelta(minutes=5)  #: read again, because changes become visible late and out of order
FIRST = timedelta(days=30)  #: how far the first contact looks back

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
    def _is_address(cls, url: str) -> str:
        if not url.lower().startswith(("http://", "https://")):
            raise ValueError("an address that starts with https:// or http:// is needed")
        return url.rstrip("/")

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
        place = digest(
            self._options.api_url, *self._options.labels, str(self._options.pull_requests)
        )
        found = noted(cursor)
        state = _State(place, table(found.get("marks")) if found.get("place") == place else {})
        failed: list[SourceError] = []
        for repository in self._options.repositories:
            try:
                for what in self._options.listings:
                    yield from self._listing(repository, what, state, now)
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

    def _listing(self, repository: str, what: str, state: _State, now: datetime) -> Iterator[Page]:
        """One listing from what is known to its newest change; `state` moves on with each page."""
        mark = state.mark(repository, what, now)
        since, following = mark.at - OVERLAP, ""
        while True:
            url = following or self._address(repository, what, since)
            first = mark.asked == digest(url)
            fetched = self._get(url, repository, now, etag=mark.etag if first else "")
            entries = [] if fetched.not_modified else _entries(fetched)
            following = self._following(fetched)
            newest = max((_time(entry) for entry in entries), default=_NEVER)
            items = self._items(repository, what, entries, mark.at - OVERLAP, now)
            mark = replace(mark, at=max(mark.at, newest))
            if not following:
                mark = replace(mark, etag=fetched.etag, asked=digest(url))
            state.keep(repository, what, mark)
            moved = _moved(repository, fetched, entries) if what == "issues" else ()
            yield Page(
                items=items, cursor=state.cursor, warnings=moved, wait=self._wait(fetched, now)
            )
            if not following or self._stopping():
                return
            if newest > since:  # else one second fills whole pages, and only the link leads on
                since, following = newest, ""

    def _address(self, repository: str, what: str, since: datetime) -> str:
        query: dict[str, str | int] = {"since": since.strftime("%Y-%m-%dT%H:%M:%SZ")}
        query |= {"sort": "updated", "direction": "asc", "per_page": PAGE_SIZE}
        if what == "issues":
            query |= {"state": "all"} | (
                {"labels": ",".join(self._options.labels)} if self._options.labels else {}
            )
        return f"{self._options.api_url}/repos/{repository}/{what}?{urlencode(query)}"

    def _items(
        self,
        repository: str,
        what: str,
        entries: list[dict[str, Any]],
        since: datetime,
        now: datetime,
    ) -> tuple[Feedback, ...]:
        wanted = [
            entry for entry in entries if self._options.pull_requests or not _of_pull_request(entry)
        ]
        if what == "issues" and self._options.comments and self._options.labels:
            wanted += [
                comment
                for issue in wanted
                if count(issue.get("comments"))
                for comment in self._comments_on(repository, issue, since, now)
            ]
        return tuple(_feedback(self._source_id, repository, entry) for entry in wanted)

    def _comments_on(
        self, repository: str, issue: Mapping[str, Any], since: datetime, now: datetime
    ) -> Iterator[dict[str, Any]]:
        """The comments on one issue that changed since then: a new comment is a change of its
        issue.
        """
        query = urlencode({"since": since.strftime("%Y-%m-%dT%H:%M:%SZ"), "per_page": PAGE_SIZE})
        url = f"{self._options.api_url}/repos/{repository}/issues/{count(issue.get('number'))}/comments?{query}"
        while url:
            fetched = self._get(url, repository, now)
            yield from _entries(fetched)
            url = self._following(fetched)

    def _get(self, url: str, repository: str, now: datetime, etag: str = "") -> Fetched:
        """One answer; the limit is minded before GitHub has to say no."""
        if now < self._rest_until:
            raise _used_up((self._rest_until - now).total_seconds())
        try:
            fetched = self._http.get(
                url, etag=etag, accept="application/vnd.github+json", headers=self._said()
            )
        except SourceError as error:
            raise self._explained(error, repository, now) from error
        if fetched.headers.get("x-ratelimit-remaining") == "0":
            self._rest_until = _reset(fetched.headers.get("x-ratelimit-reset"), now)
        return fetched

    def _said(self) -> dict[str, str]:
        token = self._token.get_secret_value()
        own = {"X-GitHub-Api-Version": "2022-11-28"}
        return own | ({"Authorization": f"Bearer {token}"} if token else {})

    def _wait(self, fetched: Fetched, now: datetime) -> float:
        return max(
            fetched.wait,
            (self._rest_until - now).total_seconds() if now < self._rest_until else 0.0,
        )

    def _following(self, fetched: Fetched) -> str:
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

    def _explained(self, error: SourceError, repository: str, now: datetime) -> SourceError:
        """The failure in words for people. A used-up limit looks like a refusal, so GitHub is asked
        which it is.
        """
        status = error.status
        waits = isinstance(error, SourceUnavailable) and error.retry_after is not None
        if status in (403, 429) and not waits and (seconds := self._seconds_to_reset(now)):
            return _used_up(seconds)
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
            answer = json_of(
                self._http.get(f"{self._options.api_url}/rate_limit", headers=self._said())
            )
        except SourceError:
            return 0.0
        core = table(table(table(answer).get("resources")).get("core"))
        if core.get("remaining") != 0:
            return 0.0
        self._rest_until = _reset(core.get("reset"), now)
        return max((self._rest_until - now).total_seconds(), 1.0)


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far a listing was read."""

    at: datetime  #: the newest change that was read
    etag: str = ""  #: of the last page of the last reading
    asked: str = ""  #: a digest of its address: another address has another tag


@dataclass(slots=True)
class _State:
    """The marks of all listings, as the cursor keeps them."""

    place: str
    marks: dict[str, Any] = field(default_factory=dict)

    def mark(self, repository: str, what: str, now: datetime) -> _Mark:
        """How far this listing was read, or the start of what the first contact reads."""
        kept = table(self.marks.get(f"{repository.lower()} {what}"))
        at = iso_time(kept.get("at")) or (now - FIRST).replace(microsecond=0)
        return _Mark(at, clean(kept.get("etag")), clean(kept.get("asked")))

    def keep(self, repository: str, what: str, mark: _Mark) -> None:
        """Remember how far this listing was read."""
        kept = {"at": mark.at.isoformat(), "etag": mark.etag, "asked": mark.asked}
        self.marks = self.marks | {f"{repository.lower()} {what}": kept}

    @property
    def cursor(self) -> str:
        """The marks as text."""
        return json.dumps({"place": self.place, "marks": self.marks})


def _entries(fetched: Fetched) -> list[dict[str, Any]]:
    found = json_of(fetched)
    if not isinstance(found, list):
        raise SourceUnavailable(
            "GitHub answered with something that is not a list; check [[sources]] api_url"
        )
    return [
        entry
        for entry in found
        if isinstance(entry, dict) and (entry.get("node_id") or entry.get("id"))
    ]


def _time(entry: Mapping[str, Any]) -> datetime:
    return iso_time(entry.get("updated_at")) or _NEVER


def _of_pull_request(entry: Mapping[str, Any]) -> bool:
    """Whether it is a pull request, or a comment on one: only the link of a comment tells."""
    return "pull_request" in entry or "/pull/" in clean(entry.get("html_url"))


def _reset(value: object, now: datetime) -> datetime:
    """The start of the next window; a minute from now where it cannot be read. It is at most an
    hour away.
    """
    text = clean(value)
    seconds = (
        float(text) - now.timestamp()
        if text.isascii() and text.isdigit() and len(text) < 12
        else 60.0
    )
    return now + timedelta(seconds=min(max(seconds, 1.0), 3_600.0))


def _used_up(seconds: float) -> SourceUnavailable:
    return SourceUnavailable(
        f"GitHub's limit on requests is reached for {seconds:.0f} seconds; GITHUB_TOKEN raises it",
        seconds,
    )


def _moved(repository: str, fetched: Fetched, entries: list[dict[str, Any]]) -> tuple[str, ...]:
    if not fetched.permanent_url:
        return ()
    names = (clean(entry.get("repository_url")).rpartition("/repos/")[2] for entry in entries)
    name = next((name for name in names if name), "its new name")
    return (f"{repository} has moved for good; write {name} into [[sources]] repositories",)


def _feedback(source_id: str, repository: str, entry: Mapping[str, Any]) -> Feedback:
    """An issue or a comment. An issue's own time of change moves with every comment and label: it
    is no edit.
    """
    is_comment = "issue_url" in entry
    created, updated = iso_time(entry.get("created_at")), iso_time(entry.get("updated_at"))
    number = (
        clean(entry.get("issue_url")).rpartition("/")[2]
        if is_comment
        else clean(entry.get("number"))
    )
    user = table(entry.get("user"))  # null for an account that was deleted
    name = (
        clean(entry.get("node_id")) or f"{'comment' if is_comment else 'issue'}-{entry.get('id')}"
    )
    return Feedback(
        source_id=source_id,
        external_id=identity(name),
        kind=Kind.COMMENT if is_comment else Kind.TICKET,
        title=clean(entry.get("title")),
        body=clean(entry.get("body")),
        author=Author(name=clean(user.get("login")), id=clean(user.get("id"))),
        created_at=created,
        edited_at=updated if is_comment and created and updated and updated > created else None,
        url=link(entry.get("html_url")),
        thread_id=f"{repository}#{number}",
        score=_score(entry),
        replies=count(entry.get("comments")),
        attributes=_attributes(repository, entry, user),
    )


def _score(entry: Mapping[str, Any]) -> int | None:
    reactions = table(entry.get("reactions"))
    return (
        (count(reactions.get("+1")) or 0) - (count(reactions.get("-1")) or 0) if reactions else None
    )


def _attributes(
    repository: str, entry: Mapping[str, Any], user: Mapping[str, Any]
) -> dict[str, str]:
    labels = entry.get("labels")
    names = (
        [clean(table(label).get("name")) for label in labels] if isinstance(labels, list) else []
    )
    role = clean(entry.get("author_association")).lower()
    found = {
        "repository": repository,
        "state": clean(entry.get("state")),
        "labels": ", ".join(filter(None, names)),
        "role": role if role != "none" else "",
        "bot": "yes" if user.get("type") == "Bot" else "",
    }
    return {name: value for name, value in found.items() if value}
