"""Discourse: the posts of a forum, or of one of its categories, by their numbers.

The newest 50 posts come first; older ones are asked for by number. A page may be short or empty
although older posts exist, since posts that the reader may not see are left out. So the next page
is asked for by number, whatever the last one showed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, field_validator

from monitor.domain.feedback import Author, Feedback, Kind, Markup
from monitor.errors import (
    SourceError,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
    suggest_nearest,
)
from monitor.http import HttpResponse, redact_url
from sources._json import (
    dict_or_empty,
    list_or_empty,
    parse_cursor_of,
    parse_json_response,
    to_count,
)
from sources._normalise import (
    drop_empty,
    stable_hash,
    to_clean_text,
    to_http_link,
    to_language_tag,
)
from sources._options import WebAddress
from sources._times import parse_iso_time
from sources.base import Page, Recheckable, Source, SourceContext, SourceOptions

PAGE_SIZE = 50  #: posts on a page, and in older versions the numbers that it spans
#: numbers that are read again for posts that were committed late; a quiet forum costs one page
OVERLAP = 40
FIRST_PAGES = 20  #: pages that the first contact reads back
PAGES_AT_ONCE = 100  #: pages in one poll; the next poll goes on

_LIKE = 2  # the action type "like"
#: Regular posts and those in a moderator's colour; the others are events and whispers.
_REGULAR_POST_TYPES = {1, 2}


class DiscourseOptions(SourceOptions):
    """The keys of a Discourse forum."""

    url: WebAddress = Field(repr=False)  #: the forum's front page
    category: str = ""  #: the slug or number of the only category to read, with those inside it
    #: in whose name DISCOURSE_API_KEY reads, like "system"; the key is sent only where this is set
    api_user: str = ""

    @field_validator("api_user")
    @classmethod
    def _check_api_user(cls, name: str) -> str:
        if not name.isascii() or not name.isprintable():
            raise ValueError("the user name is needed as it stands in the profile's address")
        return name


class DiscourseSource(Source, Recheckable):
    """A forum's posts, read-only, with an API key or without."""

    Options = DiscourseOptions

    def __init__(self, source_id: str, options: DiscourseOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._http = context.http
        self._key = context.secrets.discourse_api_key
        self._stopping = context.stopping
        parts = urlsplit(options.url)
        path = parts.path.rstrip("/")
        self._api = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        self._site = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, "", ""))

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield the posts from the newest down to the known ones.

        The newest page is read in any case, for its edits.
        """
        progress = _ForumProgress.from_cursor(
            cursor, stable_hash(self._site, self._options.category)
        )
        categories = self._fetch_category_ids()
        for _ in range(PAGES_AT_ONCE):
            fetched = self._fetch_posts(progress.before)
            posts = self._parse_posts(fetched)
            progress = progress.with_page([post["id"] for post in posts])
            items = [self._to_feedback(post) for post in posts if _is_wanted(post, categories)]
            yield Page(items=tuple(items), cursor=progress.cursor, wait=fetched.retry_after)
            if not progress.before or self._stopping():
                return

    def recheck(self, external_ids: Sequence[str], now: datetime) -> Iterator[Page]:
        """Yield the posts as they are now, up to 50 for a request.

        A post that its page does not show is asked for alone.
        """
        numbers = {int(name) for name in external_ids if name.isascii() and name.isdigit()}
        left = sorted(numbers, reverse=True)
        while left and not self._stopping():
            shown = {post["id"]: post for post in self._parse_posts(self._fetch_posts(left[0]))}
            lowest = min([left[0], *shown])
            covered = [number for number in left if number >= lowest]
            left = left[len(covered) :]
            items = [self._recheck_post(number, shown.get(number)) for number in covered]
            yield Page(items=tuple(items), cursor="")

    def _recheck_post(self, number: int, shown: Mapping[str, Any] | None) -> Feedback:
        """Convert a post as its page shows it, else as it is when asked for alone."""
        return self._fetch_single_post(number) if shown is None else self._to_feedback(shown)

    def _fetch_single_post(self, number: int) -> Feedback:
        """Fetch a post by its number; one that the forum does not show any more is deleted."""
        try:
            fetched = self._fetch_path(f"/posts/{number}.json")
            return self._to_feedback(dict_or_empty(parse_json_response(fetched)) | {"id": number})
        except (SourceRefused, SourceGone) as error:
            if error.status not in (403, 404, 410):
                raise
        return Feedback(source_id=self._source_id, external_id=str(number), deleted=True)

    def _fetch_posts(self, before: int) -> HttpResponse:
        """Fetch the page of posts whose numbers are at most `before`; the newest ones for 0."""
        try:
            return self._fetch_path(f"/posts.json?before={before}" if before else "/posts.json")
        except SourceRefused as error:
            raise self._explain_error(error) from error

    def _fetch_path(self, path: str) -> HttpResponse:
        """Fetch a path below the forum; raise SourceError also for a login page and for HTML."""
        fetched = self._http.get(
            f"{self._api}{path}", accept="application/json", headers=self._auth_headers()
        )
        if urlsplit(fetched.url).path.endswith("/login"):
            raise self._members_only_error("sends to its login page")
        if "html" in fetched.headers.get("content-type", ""):
            where = redact_url(self._site)
            raise SourceUnavailable(
                f"{where}: shows a web page instead of posts; check that this is a Discourse forum"
            )
        return fetched

    def _auth_headers(self) -> Mapping[str, str]:
        if not self._options.api_user:
            return {}
        key = self._key.get_secret_value()
        if not key:
            raise SourceRefused(
                f"{redact_url(self._site)}: api_user is set without a key; set DISCOURSE_API_KEY "
                "in the environment or in .env"
            )
        return {"Api-Key": key, "Api-Username": self._options.api_user}

    def _parse_posts(self, fetched: HttpResponse) -> list[dict[str, Any]]:
        posts = dict_or_empty(parse_json_response(fetched)).get("latest_posts")
        if not isinstance(posts, list):
            raise SourceUnavailable(
                f"{redact_url(self._site)}: the answer holds no posts; tried again later"
            )
        return [post for post in posts if isinstance(post, dict) and to_count(post.get("id"))]

    def _fetch_category_ids(self) -> frozenset[int] | None:
        """Fetch the numbers of the category and of those inside it; None for all categories.

        Raises SourceRefused where the forum has no such category.
        """
        wanted = self._options.category
        if not wanted:
            return None
        try:
            fetched = self._fetch_path("/categories.json?include_subcategories=true")
            listed = dict_or_empty(parse_json_response(fetched)).get("category_list")
        except SourceRefused as error:
            raise self._explain_error(error) from error
        categories = list(_flatten_categories(dict_or_empty(listed).get("categories")))
        matching = [
            category
            for category in categories
            if wanted in (to_clean_text(category.get("slug")), str(category.get("id")))
        ]
        if not matching:
            slugs = [to_clean_text(category.get("slug")) for category in categories]
            hint = suggest_nearest(wanted, slugs)
            raise SourceRefused(f"{redact_url(self._site)}: no category {wanted!r}; {hint}")
        numbers = {category.get("id") for category in matching}
        for category in matching:
            numbers |= set(category.get("subcategory_ids") or ())
        return frozenset(filter(None, map(to_count, numbers)))

    def _explain_error(self, error: SourceError) -> SourceError:
        """Convert a failure to one that says what to do; others stay as they are."""
        where = redact_url(self._site)
        match error.status:
            case 401 | 403 if self._options.api_user:
                return SourceRefused(
                    f"{where}: refuses the key ({error.status}); check DISCOURSE_API_KEY, its "
                    "scope and api_user"
                )
            case 401 | 403:
                return self._members_only_error(f"shows its posts to members only ({error.status})")
            case 404:
                return SourceRefused(
                    f"{where}: no Discourse forum is there (404); url must be the forum's front "
                    "page"
                )
        return error

    def _members_only_error(self, what: str) -> SourceRefused:
        return SourceRefused(
            f"{redact_url(self._site)}: {what}; set api_user, and DISCOURSE_API_KEY in the "
            "environment or in .env"
        )

    def _to_feedback(self, post: Mapping[str, Any]) -> Feedback:
        is_first = post.get("post_number") == 1
        deleted = bool(post.get("deleted_at") or post.get("user_deleted") or post.get("hidden"))
        topic = to_clean_text(post.get("topic_title"))
        is_edited = (to_count(post.get("version")) or 1) > 1
        return Feedback(
            source_id=self._source_id,
            external_id=str(post["id"]),
            kind=Kind.POST if is_first else Kind.COMMENT,
            title=topic if is_first and not deleted else "",
            body="" if deleted else to_clean_text(post.get("cooked")),
            markup=Markup.HTML,
            author=Author(
                name=to_clean_text(post.get("username")), id=to_clean_text(post.get("user_id"))
            ),
            created_at=parse_iso_time(post.get("created_at")),
            edited_at=parse_iso_time(post.get("updated_at")) if is_edited else None,
            url=self._post_url(post),
            thread_id=to_clean_text(post.get("topic_id")),
            language=to_language_tag(post.get("locale")),
            score=_count_likes(post),
            replies=to_count(post.get("reply_count")),
            attributes=_post_attributes(post, "" if is_first else topic),
            deleted=deleted,
        )

    def _post_url(self, post: Mapping[str, Any]) -> str:
        slug = quote(to_clean_text(post.get("topic_slug")), safe="") or "-"
        topic, number = to_count(post.get("topic_id")), to_count(post.get("post_number"))
        if not topic or not number:
            return ""
        return to_http_link(f"{self._site}/t/{slug}/{topic}/{number}")


@dataclass(frozen=True, slots=True)
class _ForumProgress:
    """How far a reading came from the newest post down to the known ones.

    It may stop after each page and go on in the next poll.
    """

    place: str  #: hash of the forum and the category
    known: int = 0  #: everything up to this number was read; 0 before the first contact
    goal: int = 0  #: what is known once this reading is complete
    before: int = 0  #: the number at which it goes on; 0 for the newest post
    pages: int = 0  #: pages of this reading so far

    @classmethod
    def from_cursor(cls, cursor: str, place: str) -> Self:
        """Return the reading that a cursor of the same place holds, else a new one."""
        held = parse_cursor_of(cursor, "place", place)
        numbers = {
            name: to_count(held.get(name)) or 0 for name in ("known", "goal", "before", "pages")
        }
        return cls(place, **numbers)

    @property
    def cursor(self) -> str:
        """The reading as the text of a cursor."""
        return json.dumps(
            {name: getattr(self, name) for name in ("place", "known", "goal", "before", "pages")}
        )

    def with_page(self, post_ids: Sequence[int]) -> Self:
        """Return the reading after a page of these numbers; `before` is 0 once it is complete."""
        goal = max([self.known, self.goal, *post_ids])
        # An empty page covered so many numbers at least.
        lowest = min(post_ids, default=self.before - PAGE_SIZE + 1)
        pages = self.pages + 1
        far_enough = lowest <= self.known - OVERLAP if self.known else pages >= FIRST_PAGES
        if lowest <= 1 or far_enough:
            return replace(self, known=goal, goal=0, before=0, pages=0)
        return replace(self, goal=goal, before=lowest - 1, pages=pages)


def _is_wanted(post: Mapping[str, Any], categories: frozenset[int] | None) -> bool:
    """Return whether a post is a regular one of these categories; None stands for all."""
    if categories is not None and to_count(post.get("category_id")) not in categories:
        return False
    return (to_count(post.get("post_type")) or 1) in _REGULAR_POST_TYPES


def _flatten_categories(categories: object) -> Iterator[dict[str, Any]]:
    """Yield the categories and those nested in them."""
    for category in map(dict_or_empty, list_or_empty(categories)):
        yield category
        yield from _flatten_categories(category.get("subcategory_list"))


def _count_likes(post: Mapping[str, Any]) -> int | None:
    actions = post.get("actions_summary")
    if not isinstance(actions, list):
        return to_count(post.get("like_count"))
    likes = [action for action in map(dict_or_empty, actions) if action.get("id") == _LIKE]
    return (to_count(likes[0].get("count")) or 0) if likes else 0


def _post_attributes(post: Mapping[str, Any], topic: str) -> dict[str, str]:
    attributes = {
        "topic": topic,
        "category": to_clean_text(post.get("category_id")),
        "staff": "yes" if post.get("staff") else "",
    }
    return drop_empty(attributes)
