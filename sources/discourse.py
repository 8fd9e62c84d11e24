"""Discourse: the posts of a forum, or of one of its categories, by their numbers.

The newest 50 posts come first; older ones are asked for by number. A page may be short or empty
although older posts exist, since what the reader may not see is left out of it, so the way down
goes by number and not by what was shown.
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
from monitor.errors import SourceError, SourceGone, SourceRefused, SourceUnavailable, near
from monitor.http import Fetched, redact_url
from sources._json import count, json_of, noted, table
from sources._normalise import clean, digest, iso_time, language, link
from sources.base import Page, Recheckable, Source, SourceContext, SourceOptions

PAGE_SIZE = 50  #: posts on a page, and in older versions the numbers that it spans
#: numbers that are read again for posts that were committed late; a quiet forum costs one page
OVERLAP = 40
FIRST_PAGES = 20  #: how far the first contact reads back
PAGES_AT_ONCE = 100  #: pages in one poll; a longer way is gone on with in the next one

_LIKE = 2  # the action type "like"
_WRITTEN = {
    1,
    2,
}  # regular posts and those in a moderator's colour; the others are events and whispers


class DiscourseOptions(SourceOptions):
    """The keys of a Discourse forum."""

    url: str = Field(repr=False)  #: the forum's front page
    category: str = ""  #: the slug or number of the only category to read, with those inside it
    #: in whose name DISCOURSE_API_KEY reads, like "system"; the key is sent only where this is set
    api_user: str = ""

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if not url.lower().startswith(("http://", "https://")):
            raise ValueError("an address that starts with https:// or http:// is needed")
        return url

    @field_validator("api_user")
    @classmethod
    def _is_name(cls, name: str) -> str:
        if not name.isascii() or not name.isprintable():
            raise ValueError("the user name is needed as it stands in the profile's address")
        return name


class DiscourseSource(Source, Recheckable):
    """A forum's posts, read-only, with a key or as anybody."""

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
        """Yield the posts from the newest down to what is known; the newest page always, for its
        edits.
        """
        walk = _Walk.resumed(cursor, digest(self._site, self._options.category))
        categories = self._categories()
        for _ in range(PAGES_AT_ONCE):
            fetched = self._latest(walk.before)
            posts = self._posts(fetched)
            walk = walk.after([post["id"] for post in posts])
            wanted = [
                post
                for post in posts
                if categories is None or count(post.get("category_id")) in categories
            ]
            items = tuple(
                self._feedback(post)
                for post in wanted
                if (count(post.get("post_type")) or 1) in _WRITTEN
            )
            yield Page(items=items, cursor=walk.cursor, wait=fetched.wait)
            if not walk.before or self._stopping():
                return

    def recheck(self, external_ids: Sequence[str], now: datetime) -> Iterator[Page]:
        """Yield the posts as they are now, up to 50 for a request; what is not shown any more is
        asked for alone.
        """
        left = sorted(
            {int(name) for name in external_ids if name.isascii() and name.isdigit()}, reverse=True
        )
        while left and not self._stopping():
            shown = {post["id"]: post for post in self._posts(self._latest(left[0]))}
            lowest = min([left[0], *shown])
            passed = [number for number in left if number >= lowest]
            left = left[len(passed) :]
            items = (
                self._feedback(shown[number]) if number in shown else self._alone(number)
                for number in passed
            )
            yield Page(items=tuple(items), cursor="")

    def _alone(self, number: int) -> Feedback:
        """One post by its number; what the forum does not show any more is deleted."""
        try:
            return self._feedback(
                table(json_of(self._ask(f"/posts/{number}.json"))) | {"id": number}
            )
        except (SourceRefused, SourceGone) as error:
            if error.status not in (403, 404, 410):
                raise
        return Feedback(source_id=self._source_id, external_id=str(number), deleted=True)

    def _latest(self, before: int) -> Fetched:
        """The page of posts whose numbers are at most `before`, or of the newest ones for 0."""
        try:
            return self._ask(f"/posts.json?before={before}" if before else "/posts.json")
        except SourceRefused as error:
            raise self._explained(error) from error

    def _ask(self, path: str) -> Fetched:
        fetched = self._http.get(
            f"{self._api}{path}", accept="application/json", headers=self._credentials()
        )
        if urlsplit(fetched.url).path.endswith("/login"):
            raise self._members_only("sends to its login page")
        if "html" in fetched.headers.get("content-type", ""):
            where = redact_url(self._site)
            raise SourceUnavailable(
                f"{where}: shows a web page instead of posts; check that this is a Discourse forum"
            )
        return fetched

    def _credentials(self) -> Mapping[str, str]:
        if not self._options.api_user:
            return {}
        key = self._key.get_secret_value()
        if not key:
            raise SourceRefused(
                f"{redact_url(self._site)}: api_user is set without a key; set DISCOURSE_API_KEY "
                "in the environment "
                "or in .env"
            )
        return {"Api-Key": key, "Api-Username": self._options.api_user}

    def _posts(self, fetched: Fetched) -> list[dict[str, Any]]:
        posts = table(json_of(fetched)).get("latest_posts")
        if not isinstance(posts, list):
            raise SourceUnavailable(
                f"{redact_url(self._site)}: the answer holds no posts; tried again later"
            )
        return [post for post in posts if isinstance(post, dict) and count(post.get("id"))]

    def _categories(self) -> frozenset[int] | None:
        """The numbers of the category and those inside it, None for all."""
        wanted = self._options.category
        if not wanted:
            return None
        try:
            listed = table(json_of(self._ask("/categories.json?include_subcategories=true"))).get(
                "category_list"
            )
        except SourceRefused as error:
            raise self._explained(error) from error
        known = list(_flattened(table(listed).get("categories")))
        found = [each for each in known if wanted in (clean(each.get("slug")), str(each.get("id")))]
        if not found:
            hint = near(wanted, [clean(each.get("slug")) for each in known])
            raise SourceRefused(f"{redact_url(self._site)}: no category {wanted!r}; {hint}")
        inside = {number for each in found for number in each.get("subcategory_ids") or ()}
        return frozenset(filter(None, map(count, inside | {each.get("id") for each in found})))

    def _explained(self, error: SourceError) -> SourceError:
        """A refusal in words that say what to do about it."""
        where = redact_url(self._site)
        match error.status:
            case 401 | 403 if self._options.api_user:
                return SourceRefused(
                    f"{where}: refuses the key ({error.status}); check DISCOURSE_API_KEY, its "
                    "scope and api_user"
                )
            case 401 | 403:
                return self._members_only(f"shows its posts to members only ({error.status})")
            case 404:
                return SourceRefused(
                    f"{where}: no Discourse forum is there (404); url must be the forum's front "
                    "page"
                )
        return error

    def _members_only(self, what: str) -> SourceRefused:
        return SourceRefused(
            f"{redact_url(self._site)}: {what}; set api_user, and DISCOURSE_API_KEY in the "
            "environment or in .env"
        )

    def _feedback(self, post: Mapping[str, Any]) -> Feedback:
        first = post.get("post_number") == 1
        gone = bool(post.get("deleted_at") or post.get("user_deleted") or post.get("hidden"))
        topic = clean(post.get("topic_title"))
        return Feedback(
            source_id=self._source_id,
            external_id=str(post["id"]),
            kind=Kind.POST if first else Kind.COMMENT,
            title=topic if first and not gone else "",
            body="" if gone else clean(post.get("cooked")),
            markup=Markup.HTML,
            author=Author(name=clean(post.get("username")), id=clean(post.get("user_id"))),
            created_at=iso_time(post.get("created_at")),
            edited_at=iso_time(post.get("updated_at"))
            if (count(post.get("version")) or 1) > 1
            else None,
            url=self._permalink(post),
            thread_id=clean(post.get("topic_id")),
            language=language(post.get("locale")),
            score=_likes(post),
            replies=count(post.get("reply_count")),
            attributes=_attributes(post, "" if first else topic),
            deleted=gone,
        )

    def _permalink(self, post: Mapping[str, Any]) -> str:
        slug = quote(clean(post.get("topic_slug")), safe="") or "-"
        topic, number = count(post.get("topic_id")), count(post.get("post_number"))
        return link(f"{self._site}/t/{slug}/{topic}/{number}") if topic and number else ""


@dataclass(frozen=True, slots=True)
class _Walk:
    """The way down from the newest post to the known ones; it can be interrupted after each
    page.
    """

    place: str
    known: int = 0  #: everything up to this number was read, 0 before the first contact
    goal: int = 0  #: what will be known at the end of the way
    before: int = 0  #: where the way goes on, 0 for the newest post
    pages: int = 0  #: on this way

    @classmethod
    def resumed(cls, cursor: str, place: str) -> Self:
        """The way that a cursor was on."""
        found = noted(cursor)
        kept = found if found.get("place") == place else {}
        numbers = {
            name: count(kept.get(name)) or 0 for name in ("known", "goal", "before", "pages")
        }
        return cls(place, **numbers)

    @property
    def cursor(self) -> str:
        """This way as text."""
        return json.dumps(
            {name: getattr(self, name) for name in ("place", "known", "goal", "before", "pages")}
        )

    def after(self, shown: Sequence[int]) -> Self:
        """The way after a page with these numbers; `before` is 0 when it is at its end."""
        goal = max([self.known, self.goal, *shown])
        lowest = min(
            shown, default=self.before - PAGE_SIZE + 1
        )  # an empty page looked at so many numbers at least
        pages = self.pages + 1
        far_enough = lowest <= self.known - OVERLAP if self.known else pages >= FIRST_PAGES
        if lowest <= 1 or far_enough:
            return replace(self, known=goal, goal=0, before=0, pages=0)
        return replace(self, goal=goal, before=lowest - 1, pages=pages)


def _flattened(categories: object) -> Iterator[dict[str, Any]]:
    """The categories with those that are nested in them."""
    for each in categories if isinstance(categories, list) else ():
        yield table(each)
        yield from _flattened(table(each).get("subcategory_list"))


def _likes(post: Mapping[str, Any]) -> int | None:
    actions = post.get("actions_summary")
    if not isinstance(actions, list):
        return count(post.get("like_count"))
    return next(
        (count(each.get("count")) or 0 for each in map(table, actions) if each.get("id") == _LIKE),
        0,
    )


def _attributes(post: Mapping[str, Any], topic: str) -> dict[str, str]:
    staff = "yes" if post.get("staff") else ""
    found = {"topic": topic, "category": clean(post.get("category_id")), "staff": staff}
    return {name: value for name, value in found.items() if value}
