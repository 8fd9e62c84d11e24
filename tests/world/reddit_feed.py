"""Reddit's feeds for tests: the listings of the recorded Reddit as Atom, for readers without a key.

What is true of the feeds and easy to forget is true here: 25 entries when nothing else is asked
for, or whatever is; one request a minute from an address without a private token; an unknown
subreddit leads to a feed of subreddits.
"""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from urllib.parse import urlencode

from tests.world.faults import Reply, Request
from tests.world.reddit import Reddit, Thing

SITE = "https://www.reddit.com"


class RedditFeeds(Reddit):
    """Reddit with feeds; `token` and `user` are what a private feed needs, `page_size` what a page
    holds at most.
    """

    token = "world-feed-token"
    user = "kim"

    def __init__(
        self, *, recorded: bool = False, page_size: int = 25, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(recorded=recorded, clock=clock)
        self.page_size = page_size
        self.strict = True
        self._asked = 0.0

    def answer(self, request: Request) -> Reply:
        """Return the reply to a request for a feed, or what the interface says to others."""
        if not request.path.endswith(".rss"):
            return super().answer(request)
        if request.path.startswith("/subreddits/search"):
            return _feed("<entry><id>t5_2qh1i</id><title>AskReddit</title></entry>")
        if self.strict and not self._is_private(request) and self.clock() - self._asked < 60:
            return Reply(429, {"Content-Type": "text/html"}, b"Too Many Requests")
        self._asked = self.clock()
        return self._as_feed(request)

    def _is_private(self, request: Request) -> bool:
        return (request.query.get("feed"), request.query.get("user")) == (self.token, self.user)

    def _as_feed(self, request: Request) -> Reply:
        query = {
            **request.query,
            "limit": str(min(int(request.query.get("limit", "25")), self.page_size)),
            "raw_json": "1",
        }
        if request.query.get("restrict_sr") == "on":
            query["restrict_sr"] = "true"
        path = request.path.removesuffix(".rss").rstrip("/")
        reply = self._route(replace(request, path=path, query=query))
        if reply.status == 302:
            return Reply(
                302, {"Location": f"{self.url}/subreddits/search.rss?{urlencode({'q': path})}"}
            )
        if reply.status != 200:
            return reply
        things = json.loads(b"".join(reply.pieces()))["data"]["children"]
        return _feed("".join(_entry(thing["data"]) for thing in things))


def without_entries(reply: Reply) -> Reply:
    """A feed without entries."""
    return _feed("")


def _feed(entries: str) -> Reply:
    body = f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>/.rss</id><title>t</title>{entries}</feed>'
    return Reply(200, {"Content-Type": "application/atom+xml; charset=UTF-8"}, body.encode())


def _entry(thing: Thing) -> str:
    is_comment = thing["name"].startswith("t1_")
    address, author = SITE + thing["permalink"], thing["author"]
    words = thing["body_html"] if is_comment else thing.get("selftext_html") or ""
    content = f"<!-- SC_OFF -->{words}<!-- SC_ON -->" if words else ""
    title = f"/u/{author} on {thing.get('link_title', 'a post')}" if is_comment else thing["title"]
    if not is_comment:
        content += (
            f' &#32; submitted by &#32; <a href="{SITE}/user/{author}"> /u/{author} </a> <br/> '
            f'<span><a href="{escape(thing["url"])}">[link]</a></span> &#32; '
            f'<span><a href="{address}">[comments]</a></span>'
        )
    at = datetime.fromtimestamp(thing["created_utc"], UTC).isoformat(timespec="seconds")
    return (
        f"<entry><author><name>/u/{author}</name><uri>{SITE}/user/{author}</uri></author>"
        f'<category term="{thing["subreddit"]}" label="r/{thing["subreddit"]}"/>'
        f'<content type="html">{escape(content)}</content><id>{thing["name"]}</id><link '
        f'href="{address}"/>'
        f"<updated>{at}</updated><published>{at}</published><title>{escape(title)}</title></entry>"
    )
