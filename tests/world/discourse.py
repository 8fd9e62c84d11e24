"""A Discourse forum for tests: the newest posts, and older ones by number.

What is true of Discourse and easy to forget is true here: `before` names the highest number of the
page; a reader is not shown what he may not see, and gets a shorter or empty page for it; a forum
for members answers 403.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.world.faults import Reply, Request
from tests.world.server import LocalServer

RECORDED = Path(__file__).parents[1] / "data" / "discourse"
PAGE_SIZE = 50
API_KEY = "world-discourse-key"

Post = dict[str, Any]


class Discourse(LocalServer):
    """A forum; a test writes, edits, hides and deletes posts.

    With `by_number` a page spans 50 numbers, as in older versions, instead of holding 50 posts.
    `members_only` refuses whoever has no key; `login_page` sends him to a form instead. `below` is
    the folder that the forum lives in.
    """

    def __init__(
        self, *, recorded: bool = False, below: str = "", clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(clock=clock)
        self.below = below
        self.by_number = False
        self.members_only = False
        self.login_page = False
        self.categories: list[dict[str, Any]] = _read("categories")["category_list"]["categories"]
        self._posts: dict[int, Post] = {}
        for post in _read("posts_latest")["latest_posts"] if recorded else ():
            self._posts[post["id"]] = post
        self._template: Post = _read("posts_latest")["latest_posts"][0]

    @property
    def address(self) -> str:
        """The forum's front page."""
        return f"{self.url}{self.below}"

    def write(self, text: str = "<p>Hello</p>", *, number: int = 0, **fields: Any) -> int:
        """Add a post and return its number, by default the next one."""
        with self._lock:
            own = number or max(self._posts, default=0) + 1
            at = self._now()
            self._posts[own] = {
                **self._template,
                "cooked": text,
                "created_at": at,
                "updated_at": at,
                **fields,
                "id": own,
            }
        return own

    def edit(self, number: int, text: str) -> None:
        """Let the author change the text: the version goes up."""
        with self._lock:
            post = self._posts[number]
            self._posts[number] = {
                **post,
                "cooked": text,
                "updated_at": self._now(),
                "version": post["version"] + 1,
            }

    def change(self, number: int, **fields: Any) -> None:
        """Change anything else about a post."""
        with self._lock:
            self._posts[number] = self._posts[number] | fields

    def delete(self, number: int) -> None:
        """Let a post vanish."""
        with self._lock:
            del self._posts[number]

    def answer(self, request: Request) -> Reply:
        """Return what the forum says."""
        path = request.path.removeprefix(self.below)
        if path == "/login":
            return Reply(
                200, {"Content-Type": "text/html; charset=utf-8"}, b"<html><form></form></html>"
            )
        if refusal := self._refusal(request):
            return refusal
        if path == "/posts.json":
            return _json({"latest_posts": self._page(int(request.query.get("before", "0")))})
        if path == "/categories.json":
            return _json({"category_list": {"categories": self.categories}})
        number = path.removeprefix("/posts/").removesuffix(".json")
        if number.isdigit() and int(number) in self._posts:
            return _json(self._posts[int(number)])
        return _json(
            {
                "errors": ["The requested URL or resource could not be found."],
                "error_type": "not_found",
            },
            404,
        )

    def _refusal(self, request: Request) -> Reply | None:
        key = request.headers.get("api-key")
        known = key == API_KEY and bool(request.headers.get("api-username"))
        if key is not None and not known:
            return _json({"errors": ["You are not permitted to view the requested resource."]}, 403)
        if self.login_page and not known:
            return Reply(302, {"Location": f"{self.address}/login"})
        if self.members_only and not known:
            return _json(
                {"errors": ["You need to be logged in to do that."], "error_type": "not_logged_in"},
                403,
            )
        return None

    def _page(self, before: int) -> list[Post]:
        top = before or max(self._posts, default=0)
        numbers = sorted((number for number in self._posts if number <= top), reverse=True)
        if self.by_number:
            numbers = [number for number in numbers if number > top - PAGE_SIZE]
        shown = [self._posts[number] for number in numbers[:PAGE_SIZE]]
        return [post for post in shown if not post.get("unseen")]

    def _now(self) -> str:
        return (
            datetime.fromtimestamp(self.clock(), UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z")
        )


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    return found


def _json(value: Any, status: int = 200) -> Reply:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Cache-Control": "no-cache, no-store",
    }
    return Reply(status, headers, json.dumps(value).encode())
