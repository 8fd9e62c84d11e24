"""A server on this machine that shows recorded feedback as the real services do, up to a moment
that moves.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr

_PAGE = 100
_FEED = 25


@dataclass(frozen=True, slots=True)
class RecordedFeedback:
    """What was recorded, each entry with its own time."""

    posts: tuple[dict[str, Any], ...]
    reviews: tuple[dict[str, Any], ...]
    survey: str  #: a CSV file

    @classmethod
    def from_package(cls) -> RecordedFeedback:
        """The set that ships with the program."""
        data = resources.files("monitor.demo").joinpath("data")

        def read_lines(name: str) -> tuple[dict[str, Any], ...]:
            return tuple(
                json.loads(line) for line in data.joinpath(name).read_text("utf-8").splitlines()
            )

        return cls(
            read_lines("posts.jsonl"),
            read_lines("reviews.jsonl"),
            data.joinpath("survey.csv").read_text("utf-8"),
        )

    def survey_until(self, now: datetime) -> str:
        """The survey file as it was at a moment: answers are only ever added to it."""
        head, *rows = self.survey.splitlines()
        return (
            "\n".join(
                [head, *(row for row in rows if _parse_recorded_time(row.split(",")[1]) <= now)]
            )
            + "\n"
        )

    def reviews_at(self, now: datetime) -> list[dict[str, Any]]:
        """The reviews of a moment, newest first, edited ones as they read then."""
        seen = [
            review for review in self.reviews if _parse_recorded_time(review["created_at"]) <= now
        ]
        return [_review_as_of(review, now) for review in reversed(seen)]

    def posts_at(self, now: datetime, prefix: str) -> list[dict[str, Any]]:
        """The posts (t3) or comments (t1) of a moment, newest first."""
        kept = [
            post
            for post in self.posts
            if post["fullname"].startswith(prefix)
            and _parse_recorded_time(post["created_at"]) <= now
        ]
        return sorted(kept, key=lambda post: str(post["created_at"]), reverse=True)


class RecordedServices:
    """The recorded services at the moment `now`."""

    def __init__(self, recorded: RecordedFeedback, now: datetime) -> None:
        self.recorded = recorded
        self.now = now
        self.url = ""

    def respond_to(self, method: str, target: str) -> tuple[str, bytes] | None:
        """Content type and body for a request; None for what is not there."""
        url = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        if method == "POST" and url.path == "/api/v1/access_token":
            return "application/json", json.dumps(
                {"access_token": "demo", "expires_in": 86400, "scope": "*"}
            ).encode()
        if url.path == "/reviews.atom":
            return "application/atom+xml; charset=utf-8", self._build_feed().encode()
        if url.path.startswith("/r/") and url.path.rstrip("/").endswith(("/new", "/comments")):
            prefix = "t1_" if url.path.rstrip("/").endswith("/comments") else "t3_"
            return "application/json", json.dumps(self._build_listing(prefix, query)).encode()
        return None

    def _build_listing(self, prefix: str, query: dict[str, str]) -> dict[str, Any]:
        posts = self.recorded.posts_at(self.now, prefix)
        names = [post["fullname"] for post in posts]
        start = names.index(query["after"]) + 1 if query.get("after") in names else 0
        page = posts[start : start + min(int(query.get("limit", "25")), _PAGE)]
        more = start + len(page) < len(posts)
        children = [{"kind": prefix[:2], "data": _reddit_thing(post)} for post in page]
        after = page[-1]["fullname"] if page and more else None
        return {
            "kind": "Listing",
            "data": {"after": after, "before": None, "dist": len(page), "children": children},
        }

    def _build_feed(self) -> str:
        entries = "".join(
            self._build_entry(review) for review in self.recorded.reviews_at(self.now)[:_FEED]
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?>'
            '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:im="http://itunes.apple.com/rss" '
            'xml:lang="en">'
            f"<id>urn:demo:reviews</id><title>Leafnote: customer reviews</title>{entries}</feed>"
        )

    def _build_entry(self, review: dict[str, Any]) -> str:
        link = quoteattr(f"https://reviews.example/leafnote/{review['id']}")
        return (
            f"<entry><id>{review['id']}</id><published>{review['created_at']}</published>"
            f"<updated>{review.get('edited_at', review['created_at'])}</updated>"
            f"<title>{escape(review['title'])}</title><author><name>{escape(review['author'])}</name></author>"
            f"<link rel='alternate' href={link}/><im:rating>{review['rating']}</im:rating>"
            f"<im:version>{review['version']}</im:version>"
            f"<content type='text'>{escape(review['body'])}</content></entry>"
        )


@contextmanager
def serve_recorded(world: RecordedServices) -> Iterator[RecordedServices]:
    """The world on a port of 127.0.0.1 that the system chooses."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._send_response()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._send_response()

        def _send_response(self) -> None:
            found = world.respond_to(self.command, self.path)
            kind, body = found or ("text/plain", b"not here")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing: the cards are the show."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    world.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _review_as_of(review: dict[str, Any], now: datetime) -> dict[str, Any]:
    if "edited_at" not in review or _parse_recorded_time(review["edited_at"]) > now:
        return {name: value for name, value in review.items() if not name.startswith("edited")}
    return {**review, "body": review["edited_body"], "rating": review["edited_rating"]}


def _reddit_thing(post: dict[str, Any]) -> dict[str, Any]:
    """A post or comment with the fields that Reddit gives."""
    bare = post["fullname"][3:]
    created = _parse_recorded_time(post["created_at"]).timestamp()
    thing = {
        "id": bare,
        "name": post["fullname"],
        "subreddit": post["subreddit"],
        "author": post["author"],
        "created_utc": created,
        "edited": False,
        "score": post["score"],
        "permalink": post["permalink"],
    }
    if post["fullname"].startswith("t3_"):
        url = f"https://www.reddit.com{post['permalink']}"
        return {
            **thing,
            "title": post["title"],
            "selftext": post["body"],
            "num_comments": post["num_comments"],
            "url": url,
        }
    return {
        **thing,
        "body": post["body"],
        "link_id": post["link_id"],
        "parent_id": post["parent_id"],
    }


def _parse_recorded_time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
