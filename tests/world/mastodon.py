"""A Mastodon instance for tests: hashtag timelines with recorded statuses, paged as Mastodon pages
them.

What is true of Mastodon and easy to forget is true here: `min_id` gives the posts right after it
and `since_id` the newest ones, both newest first; an id holds the time that the post was written,
so what arrives late from elsewhere stands before newer posts; timelines may be closed to those who
are not members.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.world.faults import Reply, Request
from tests.world.server import LocalServer

RECORDED = Path(__file__).parent.parent / "data" / "mastodon" / "statuses.jsonl"
Status = dict[str, Any]


class Mastodon(LocalServer):
    """One instance with the posts of a test, or the recorded ones.

    `closed` is the status that strangers get instead of a timeline; `remaining` requests are left
    until `reset`.
    """

    token = "world-mastodon-token"

    def __init__(self, *, recorded: bool = False, clock: Callable[[], float] = time.time) -> None:
        super().__init__(clock=clock)
        self.closed = 0
        self.remaining = 300
        self.reset = clock() + 300
        self._statuses: dict[str, Status] = {}
        for status in _read_recorded() if recorded else ():
            self._statuses[status["id"]] = status

    def post(self, text: str, *tags: str, at: float | None = None, **fields: Any) -> str:
        """Post under some hashtags and return the uri; `at` is when it was written, which may be
        long ago.
        """
        with self._lock:
            created = self.clock() if at is None else at
            id_ = snowflake(created)
            while id_ in self._statuses:
                id_ = str(int(id_) + 1)
            uri = f"https://social.example/users/kim/statuses/{id_}"
            common = _STATUS | {"id": id_, "uri": uri, "url": f"https://social.example/@kim/{id_}"}
            own = {
                "created_at": _iso(created),
                "content": f"<p>{text}</p>",
                "tags": [{"name": tag} for tag in tags],
            }
            self._statuses[id_] = common | own | fields
            return uri

    def edit(self, uri: str, text: str) -> None:
        """Let the author change the text."""
        with self._lock:
            status = next(status for status in self._statuses.values() if status["uri"] == uri)
            status |= {"content": f"<p>{text}</p>", "edited_at": _iso(self.clock())}

    def uris(self) -> list[str]:
        """The uris of all posts, oldest first."""
        with self._lock:
            return [self._statuses[id_]["uri"] for id_ in sorted(self._statuses, key=int)]

    def answer(self, request: Request) -> Reply:
        """Return a page of a hashtag's timeline."""
        head, _, tag = request.path.rpartition("/")
        if head != "/api/v1/timelines/tag":
            return _reply({"error": "Record not found"}, 404)
        if self.closed and request.headers.get("authorization") != f"Bearer {self.token}":
            return _reply({"error": "This method requires an authenticated user"}, self.closed)
        self.remaining -= 1
        reset = _iso(self.reset)
        limits = {
            "X-RateLimit-Limit": "300",
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": reset,
        }
        if self.remaining < 0:
            return _reply(
                {"error": "Too many requests"}, 429, {**limits, "X-RateLimit-Remaining": "0"}
            )
        return _reply(self._page(unquote(tag).lower(), request), headers=limits)

    def _page(self, tag: str, request: Request) -> list[Status]:
        limit = min(int(request.query.get("limit", "20")), 40)
        ids = [
            id_
            for id_ in sorted(self._statuses, key=int)
            if _has(self._statuses[id_], tag, request)
        ]
        low = int(request.query.get("min_id", request.query.get("since_id", "0")))
        ids = [id_ for id_ in ids if low < int(id_) < int(request.query.get("max_id", "9" * 30))]
        shown = ids[:limit] if "min_id" in request.query else ids[-limit:]
        return [self._statuses[id_] for id_ in reversed(shown)]


def snowflake(at: float) -> str:
    """The id of something that was written at this time."""
    return str(int(at * 1000) << 16)


def without_statuses(reply: Reply) -> Reply:
    """A page without posts."""
    return _reply([])


def _has(status: Status, tag: str, request: Request) -> bool:
    names = {item["name"].lower() for item in status["tags"]}
    one, must, never = (
        request.query.get(f"{name}[]", "").lower() for name in ("any", "all", "none")
    )
    return bool({tag, one} & names) and (not must or must in names) and never not in names


def _read_recorded() -> list[Status]:
    return [json.loads(line) for line in RECORDED.read_text("utf-8").splitlines()]


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _reply(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(
        status,
        {"Content-Type": "application/json; charset=utf-8", **(headers or {})},
        json.dumps(value).encode(),
    )


_STATUS: Status = {
    "in_reply_to_id": None,
    "spoiler_text": "",
    "visibility": "public",
    "language": "en",
    "replies_count": 2,
    "favourites_count": 3,
    "edited_at": None,
    "reblog": None,
    "account": {
        "acct": "kim@social.example",
        "uri": "https://social.example/users/kim",
        "url": "https://social.example/@kim",
        "followers_count": 41,
    },
}
