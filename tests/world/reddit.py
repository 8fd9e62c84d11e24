"""Reddit's listings for tests: recorded submissions and comments, served as PRAW reads them.

What is true of Reddit and easy to forget is true here: a page holds at most 100 items and a listing
about 1,000; `before` and `after` with an item that has left the listing give nothing, and without
its `t1_` or `t3_` they are ignored; search knows submissions only; what its author deleted leaves
the listings but not `info`.
"""

import base64
import html
import json
import math
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl

from tests.world.faults import Reply, Request
from tests.world.server import LocalServer

Thing = dict[str, Any]
Standing = Literal["public", "private", "banned"]

RECORDED = Path(__file__).parent / "data" / "reddit"
PAGE_SIZE = 100  #: the most items that one request returns
DEPTH = 1_000  #: the most items that a listing goes back
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

_FULLNAME = re.compile(r"t[13]_[0-9a-z]+")
_PROFILE = re.compile(r"/user/(?P<name>[A-Za-z0-9_-]+)/comments")
_LISTING = re.compile(r"/r/(?P<names>[^/]+)/(?P<what>new|comments|search)")


class Reddit(LocalServer):
    """Reddit with its recorded items; a test adds, edits, deletes and hides more.

    `remaining` and `window_left` are what the x-ratelimit headers say. PRAW spreads its requests
    over the window, so it starts to sleep when less is left than the time that has passed allows.
    `search_lag` is how many seconds pass before a search knows of a submission. With `stale_pages`
    the same request gets the same listing again, as Reddit's caches do at times; asking with
    another `limit` gets a fresh one.

    Who logs in with `account` and `password`, or with `refresh_token`, comments as that account.
    `profile_lag` is how many seconds pass before its profile shows a comment. Nobody can answer to
    what is in `locked`.
    """

    client_id = "world-client"
    client_secret = "world-client-secret"
    account, password = "AcmeSupport", "world-password"
    refresh_token = "world-refresh-token"

    def __init__(
        self,
        *,
        recorded: bool = True,
        search_lag: float = 0.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(clock=clock)
        self.search_lag = search_lag
        self.stale_pages = False
        self._cached: dict[tuple[str, str], Reply] = {}
        self.remaining = 990
        self.used = 10
        self.window_left = 300
        self.standing: dict[str, Standing] = {}
        self._tokens: dict[str, str] = {}
        self.profile_lag = 0.0
        self.locked: set[str] = set()
        self._things: dict[str, Thing] = {}
        self._unlisted: set[str] = set()
        for thing in _read_recorded() if recorded else ():
            self._keep(thing)

    # What a test does

    def submit(
        self, subreddit: str, title: str, text: str = "", *, author: str = "someone", **fields: Any
    ) -> str:
        """Add a submission and return its fullname; `created_utc` is now unless it is given."""
        name = self._next_name("t3")
        permalink = f"/r/{subreddit}/comments/{name[3:]}/_/"
        own = {"title": title, "selftext": text, "selftext_html": _to_html(text) if text else None}
        own |= {
            "permalink": permalink,
            "url": f"https://www.reddit.com{permalink}",
            "domain": f"self.{subreddit}",
        }
        self._keep(self._common(name, subreddit, author) | _SUBMISSION | own | fields)
        return name

    def comment(
        self, subreddit: str, text: str, *, on: str = "", author: str = "someone", **fields: Any
    ) -> str:
        """Add a comment on a submission or a comment and return its fullname; `created_utc` is now
        unless given.
        """
        name = self._next_name("t1")
        parent = self._things.get(on, {})
        link = str(parent.get("link_id", on)) or "t3_0"
        own = {"body": text, "body_html": _to_html(text), "parent_id": on or link, "link_id": link}
        own |= {"permalink": f"/r/{subreddit}/comments/{link[3:]}/_/{name[3:]}/"}
        self._keep(self._common(name, subreddit, author) | _COMMENT | own | fields)
        return name

    def edit(self, name: str, text: str, *, at: float | None = None) -> None:
        """Let the author change the text; `edited` becomes the time."""
        with self._lock:
            key = "body" if name.startswith("t1_") else "selftext"
            edited = self.clock() if at is None else at
            self._things[name] |= {key: text, f"{key}_html": _to_html(text), "edited": edited}

    def delete(self, name: str) -> None:
        """Let the author delete it: gone from the listings, without text and author in `info`."""
        self._empty(name, "[deleted]", author="[deleted]")

    def remove(self, name: str) -> None:
        """Let a moderator remove it: gone from the listings, without text in `info`."""
        self._empty(name, "[removed]")

    def forget(self, name: str) -> None:
        """Let Reddit lose it altogether: `info` does not know it either."""
        with self._lock:
            del self._things[name]

    def vote(self, name: str, score: int) -> None:
        """Set the score."""
        with self._lock:
            self._things[name] |= {"score": score, "ups": score}

    def names(self, what: Literal["new", "comments"], *subreddits: str) -> list[str]:
        """The fullnames in the listing of these subreddits (all when none is named), newest
        first.
        """
        with self._lock:
            return [
                thing["name"]
                for thing in self._listed("t3_" if what == "new" else "t1_", subreddits or ("all",))
            ]

    def answers_to(self, name: str) -> list[Thing]:
        """The comments of `account` below an item, oldest first."""
        with self._lock:
            found = [thing for thing in self._things.values() if thing.get("parent_id") == name]
        return [thing for thing in found if thing["author"] == self.account]

    # What a client asks

    def answer(self, request: Request) -> Reply:
        """Return the reply of reddit.com or oauth.reddit.com to one request."""
        if request.path == "/api/v1/access_token":
            return self._access_token(request)
        if self._visitor(request) is None:
            return _json(
                {"message": "Unauthorized", "error": 401}, 401, {"www-authenticate": _BAD_TOKEN}
            )
        self.remaining -= 1
        self.used += 1
        reply = self._route(request)
        return Reply(reply.status, {**reply.headers, **self._limits()}, reply.body)

    def _route(self, request: Request) -> Reply:
        path = request.path.removesuffix("/").removesuffix(".json")
        if path == "/api/info":
            return self._info(request)
        if path == "/search":
            return self._search(request, ("all",))
        if path == "/api/v1/me":
            return _json({"name": self._visitor(request), "id": "world"})
        if path == "/api/comment":
            return self._publish(request)
        if found := _PROFILE.fullmatch(path):
            return self._profile(found["name"], request)
        if found := _LISTING.fullmatch(path):
            names = tuple(found["names"].lower().split("+"))
            return self._refusal(names) or self._cached_listing(found["what"], request, names)
        return _json({"message": "Not Found", "error": 404}, 404)

    def _access_token(self, request: Request) -> Reply:
        expected = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            return _json({"message": "Unauthorized", "error": 401}, 401)
        asked = dict(parse_qsl(request.body.decode()))
        login = (asked.get("username"), asked.get("password"))
        match asked.get("grant_type"):
            case "client_credentials":
                return self._granted("")
            case "password" if login == (self.account, self.password):
                return self._granted(self.account)
            case "password":
                return _json({"error": "invalid_grant"})
            case "refresh_token" if asked.get("refresh_token") == self.refresh_token:
                return self._granted(self.account)
            case "refresh_token":
                return _json({"message": "Bad Request", "error": 400}, 400)
        return _json({"error": "unsupported_grant_type"})

    def _granted(self, account: str) -> Reply:
        token = secrets.token_hex(8)
        self._tokens[token] = account
        return _json(
            {"access_token": token, "token_type": "bearer", "expires_in": 86_400, "scope": "*"}
        )

    def _visitor(self, request: Request) -> str | None:
        """The account that asks; empty for an application without one, None for nobody who may
        ask.
        """
        return self._tokens.get(
            request.headers.get("authorization", "").lower().removeprefix("bearer ")
        )

    def _publish(self, request: Request) -> Reply:
        asked = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        author, parent, text = (
            self._visitor(request),
            asked.get("thing_id", ""),
            asked.get("text", "").strip(),
        )
        if not author:
            return _json(
                {"json": {"errors": [["USER_REQUIRED", "Please log in to do that.", None]]}}
            )
        if parent not in self._things or parent in self._unlisted:
            return _json(
                {
                    "json": {
                        "errors": [["DELETED_COMMENT", "that comment has been deleted", "parent"]]
                    }
                }
            )
        if parent in self.locked:
            return _json(
                {"json": {"errors": [["THREAD_LOCKED", "Comments are locked.", "parent"]]}}
            )
        if not text or len(text) > 10_000:
            return _json(
                {"json": {"errors": [["TOO_LONG", "this is too long (max: 10000)", "text"]]}}
            )
        name = self.comment(self._things[parent]["subreddit"], text, on=parent, author=author)
        things = [{"kind": "t1", "data": self._things[name]}]
        return _json({"json": {"errors": [], "data": {"things": things}}})

    def _profile(self, name: str, request: Request) -> Reply:
        shown = self.clock() - self.profile_lag
        comments = self._listed("t1_", ("all",))
        own = [one for one in comments if one["author"] == name and one["created_utc"] <= shown]
        return _page(own, request)

    def expire_tokens(self) -> None:
        """Make every access token invalid, as Reddit does after a day."""
        with self._lock:
            self._tokens.clear()

    def _refusal(self, names: tuple[str, ...]) -> Reply | None:
        """Return why none of the subreddits can be read; of several, those that can be read are."""
        if any(self._readable(name) for name in names):
            return None
        match self.standing.get(names[0]):
            case "private":
                return _json({"reason": "private", "message": "Forbidden", "error": 403}, 403)
            case "banned":
                return _json({"reason": "banned", "message": "Not Found", "error": 404}, 404)
            case _:
                return Reply(302, {"Location": f"{self.url}/subreddits/search.json?q={names[0]}"})

    def _readable(self, name: str) -> bool:
        standing = self.standing.get(name)
        known = standing == "public" or any(
            thing["subreddit"].lower() == name for thing in self._things.values()
        )
        return name == "all" or (known and standing in {None, "public"})

    def _cached_listing(self, what: str, request: Request, names: tuple[str, ...]) -> Reply:
        key = (request.path, json.dumps(sorted(request.query.items())))
        if not self.stale_pages or key not in self._cached:
            self._cached[key] = self._listing(what, request, names)
        return self._cached[key]

    def _listing(self, what: str, request: Request, names: tuple[str, ...]) -> Reply:
        if what == "search":
            return self._search(
                request, names if request.query.get("restrict_sr", "").lower() in _YES else ("all",)
            )
        return _page(self._listed("t3_" if what == "new" else "t1_", names), request)

    def _listed(self, prefix: str, names: Iterable[str]) -> list[Thing]:
        wanted = {name.lower() for name in names if self._readable(name.lower())}
        return [
            thing
            for thing in sorted(self._things.values(), key=_age_order, reverse=True)
            if thing["name"].startswith(prefix)
            and thing["name"] not in self._unlisted
            and ("all" in wanted or thing["subreddit"].lower() in wanted)
        ][:DEPTH]

    def _search(self, request: Request, names: tuple[str, ...]) -> Reply:
        indexed = self.clock() - self.search_lag if self.search_lag else math.inf
        query = request.query.get("q", "")
        found = [
            thing
            for thing in self._listed("t3_", names)
            if float(thing["created_utc"]) <= indexed and _found(query, thing)
        ]
        if request.query.get("sort", "relevance") != "new":
            found.sort(key=lambda thing: int(thing["score"]), reverse=True)
        return _page(found, request)

    def _info(self, request: Request) -> Reply:
        names = request.query.get("id", "").split(",")[:PAGE_SIZE]
        return _listing([self._things[name] for name in names if name in self._things], request)

    def _limits(self) -> dict[str, str]:
        remaining = max(self.remaining, 0)
        return {
            "x-ratelimit-remaining": f"{remaining:.1f}",
            "x-ratelimit-used": str(self.used),
            "x-ratelimit-reset": str(self.window_left),
        }

    # What it remembers

    def _keep(self, thing: Thing) -> None:
        with self._lock:
            self._things[thing["name"]] = thing

    def _next_name(self, kind: str) -> str:
        with self._lock:
            numbers = [int(name[3:], 36) for name in self._things if name.startswith(kind)]
        return f"{kind}_{_base36(max(numbers, default=0) + 1)}"

    def _common(self, name: str, subreddit: str, author: str) -> Thing:
        now = self.clock()
        own = {"id": name[3:], "name": name, "author": author, "author_fullname": f"t2_{author}"}
        place = {
            "subreddit": subreddit,
            "subreddit_id": "t5_world",
            "subreddit_name_prefixed": f"r/{subreddit}",
        }
        return own | place | {"created": now, "created_utc": now}

    def _empty(self, name: str, mark: str, **fields: str) -> None:
        key = "body" if name.startswith("t1_") else "selftext"
        with self._lock:
            self._things[name] |= {key: mark, f"{key}_html": _to_html(mark)} | fields
            self._unlisted.add(name)


_BAD_TOKEN = 'Bearer realm="reddit", error="invalid_token"'
_YES = {"1", "true", "on", "yes"}
_BOTH: Thing = {
    "edited": False, "score": 1, "ups": 1, "downs": 0, "gilded": 0, "distinguished": None,
    "stickied": False, "archived": False, "over_18": False, "likes": None, "saved": False,
    "author_flair_text": None, "quarantine": False,
}  # fmt: skip
_SUBMISSION: Thing = _BOTH | {
    "num_comments": 0, "spoiler": False, "locked": False, "is_self": True, "link_flair_text": None,
    "thumbnail": "self", "hidden": False, "upvote_ratio": 1.0,
}  # fmt: skip
_COMMENT: Thing = _BOTH | {
    "replies": "", "controversiality": 0, "score_hidden": False, "is_submitter": False,
    "link_title": "", "link_author": "someone", "link_url": "",
}  # fmt: skip


def _read_recorded() -> Iterator[Thing]:
    for path in sorted(RECORDED.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines)


def _page(things: list[Thing], request: Request) -> Reply:
    """Return one page of a listing as `limit`, `after` and `before` ask for."""
    limit = min(max(int(request.query.get("limit", "25")), 1), PAGE_SIZE)
    names = [thing["name"] for thing in things]
    if _FULLNAME.fullmatch(before := request.query.get("before", "")):
        newer = things[: names.index(before)] if before in names else []
        return _listing(newer[-limit:], request)
    if _FULLNAME.fullmatch(after := request.query.get("after", "")):
        things = things[names.index(after) + 1 :] if after in names else []
    page = things[:limit]
    return _listing(page, request, after=page[-1]["name"] if len(things) > limit else None)


def _listing(things: list[Thing], request: Request, after: str | None = None) -> Reply:
    raw = request.query.get("raw_json") == "1"
    children = [
        {"kind": thing["name"][:2], "data": thing if raw else _escaped(thing)} for thing in things
    ]
    data = {
        "modhash": None,
        "dist": len(children),
        "children": children,
        "after": after,
        "before": None,
    }
    return _json({"kind": "Listing", "data": data})


def _found(query: str, thing: Thing) -> bool:
    """True if every word and "phrase" of one of the query's alternatives (a OR b) is in the
    submission.
    """
    text = f"{thing['title']} {thing['selftext']}".casefold()
    return any(
        all(re.search(rf"\b{re.escape(term)}\b", text) for term in _terms(part))
        for part in query.casefold().split(" or ")
    )


def _terms(query: str) -> list[str]:
    return [term.strip('"') for term in re.findall(r'"[^"]+"|[^\s()]+', query)]


def _age_order(thing: Thing) -> tuple[float, int]:
    return float(thing["created_utc"]), int(thing["id"], 36)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits or "0"


def _to_html(text: str) -> str:
    return f'<div class="md"><p>{html.escape(text)}</p>\n</div>'


def _escaped(thing: Thing) -> Thing:
    """Return the thing as a client sees it that does not send raw_json=1: &, < and > escaped once
    more.
    """
    return {
        key: html.escape(value, quote=False) if isinstance(value, str) else value
        for key, value in thing.items()
    }


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(
        status,
        {"Content-Type": "application/json; charset=UTF-8"} | (headers or {}),
        json.dumps(value).encode(),
    )
