"""Hacker News' search for tests, as Algolia serves it: newest first, capped, loose, and behind the
site.

What is true of the search and easy to forget is true here: one query gives at most `limit` hits and
says how many there are; a word is also the beginning of longer ones, the author counts as text, and
without `typoTolerance=false` a letter may differ; what was just written is found only once it is
indexed.
"""

import html
import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.world.faults import Reply, Request
from tests.world.server import LocalServer

_FILTER = re.compile(r"created_at_i(>=|<=|>|<)(\d+)")


class HackerNews(LocalServer):
    """The stories and comments that a test writes."""

    def __init__(self, *, limit: int = 1_000, clock: Callable[[], float] = time.time) -> None:
        super().__init__(clock=clock)
        self.limit = limit
        self._items: dict[str, dict[str, Any]] = {}
        self._indexed: dict[str, float] = {}

    def story(
        self,
        title: str,
        text: str = "",
        *,
        url: str = "",
        at: float | None = None,
        lag: float = 0.0,
    ) -> str:
        """Submit a story and return its id; the index knows it after `lag` seconds."""
        own = {
            "title": title,
            "url": url or None,
            "story_text": text or None,
            "points": 5,
            "num_comments": 2,
        }
        return self._keep("story", own, at, lag)

    def comment(
        self, text: str, *, at: float | None = None, lag: float = 0.0, author: str = "someone"
    ) -> str:
        """Write a comment (HTML) and return its id; the index knows it after `lag` seconds."""
        own = {
            "comment_text": text,
            "story_id": 1,
            "parent_id": 2,
            "story_title": "A story",
            "author": author,
        }
        return self._keep("comment", own, at, lag)

    def change(self, id_: str, **fields: Any) -> None:
        """Let the site or the author change some fields."""
        with self._lock:
            self._items[id_] |= fields

    def remove(self, id_: str) -> None:
        """Let the index forget it."""
        with self._lock:
            del self._items[id_]

    def _keep(self, tag: str, own: dict[str, Any], at: float | None, lag: float) -> str:
        with self._lock:
            created = self.clock() if at is None else at
            id_ = str(40_000_000 + len(self._indexed))
            common = {
                "objectID": id_,
                "created_at_i": int(created),
                "author": "someone",
                "_tags": [tag],
            }
            self._items[id_] = common | own
            self._indexed[id_] = created + lag
            return id_

    def answer(self, request: Request) -> Reply:
        """Return the hits of a search by date."""
        if request.path != "/api/v1/search_by_date":
            return _reply({"message": "not found"}, 404)
        hits = sorted(
            (item for item in self._items.values() if self._found(item, request)),
            key=lambda item: (item["created_at_i"], item["objectID"]),
            reverse=True,
        )
        shown = hits[: min(int(request.query.get("hitsPerPage", "20")), self.limit)]
        return _reply({"hits": shown, "nbHits": len(hits), "page": 0, "nbPages": 1})

    def _found(self, item: dict[str, Any], request: Request) -> bool:
        tags = request.query.get("tags", "").strip("()").split(",")
        times = _FILTER.findall(request.query.get("numericFilters", ""))
        return (
            item["_tags"][0] in tags
            and self._indexed[item["objectID"]] <= self.clock()
            and all(_holds(item["created_at_i"], sign, int(bound)) for sign, bound in times)
            and _matches(item, request.query)
        )


def without_hits(reply: Reply) -> Reply:
    """The answer of an index that has lost everything for a moment."""
    return _reply({"hits": [], "nbHits": 0})


def _holds(value: int, sign: str, bound: int) -> bool:
    return {">": value > bound, ">=": value >= bound, "<": value < bound, "<=": value <= bound}[
        sign
    ]


def _matches(item: dict[str, Any], query: Mapping[str, str]) -> bool:
    fields = ("title", "url", "story_text", "comment_text", "author")
    text = html.unescape(" ".join(str(item.get(name) or "") for name in fields))
    phrase = query.get("query", "")
    exact = (
        phrase.startswith('"')
        and query.get("advancedSyntax") == "true"
        and query.get("typoTolerance") == "false"
    )
    needle = _bare(phrase if exact else phrase[:-1])
    return needle in _bare(text)


def _bare(text: str) -> str:
    return " " + re.sub(r"\W+", " ", text.lower()).strip()


def _reply(value: object, status: int = 200) -> Reply:
    return Reply(status, {"Content-Type": "application/json"}, json.dumps(value).encode())
