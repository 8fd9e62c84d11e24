"""A local server that answers as the real services did at a moment, from recorded feedback."""

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

_MAX_LISTING = 100
_FEED_LENGTH = 25


@dataclass(frozen=True, slots=True)
class RecordedFeedback:
    """The recorded feedback, each entry with its own time."""

    posts: tuple[dict[str, Any], ...]
    reviews: tuple[dict[str, Any], ...]
    survey: str  #: the text of a CSV file, oldest first

    @classmethod
    def from_package(cls) -> RecordedFeedback:
        """Load the recording that ships with the program."""
        data = resources.files("monitor.demo").joinpath("data")

        def read_lines(name: str) -> tuple[dict[str, Any], ...]:
            lines = data.joinpath(name).read_text("utf-8").splitlines()
            return tuple(json.loads(line) for line in lines)

        return cls(
            read_lines("posts.jsonl"),
            read_lines("reviews.jsonl"),
            data.joinpath("survey.csv").read_text("utf-8"),
        )

    def survey_until(self, now: datetime) -> str:
        """Return the survey file as it was at `now`: answers are only ever added to it."""
        head, *rows = self.survey.splitlines()
        given = [row for row in rows if _parse_recorded_time(row.split(",")[1]) <= now]
        return "\n".join([head, *given]) + "\n"

    def reviews_at(self, now: datetime) -> list[dict[str, Any]]:
        """Return the reviews there are at `now`, newest first, each as it reads then."""
        given = [review for review in self.reviews if _exists_at(review, now)]
        return [_review_as_of(review, now) for review in reversed(given)]

    def posts_at(self, now: datetime, prefix: str) -> list[dict[str, Any]]:
        """Return the posts ("t3_") or comments ("t1_") there are at `now`, newest first."""
        of_kind = [post for post in self.posts if post["fullname"].startswith(prefix)]
        given = [post for post in of_kind if _exists_at(post, now)]
        return sorted(given, key=lambda post: str(post["created_at"]), reverse=True)


class RecordedServices:
    """The recorded services as they were at the moment `now`, which may be moved on."""

    def __init__(self, recorded: RecordedFeedback, now: datetime) -> None:
        self.recorded = recorded
        self.now = now
        self.url = ""

    def respond_to(self, method: str, target: str) -> tuple[str, bytes] | None:
        """Return content type and body for a request; None for an unknown path."""
        url = urlsplit(target)
        if method == "POST" and url.path == "/api/v1/access_token":
            token = {"access_token": "demo", "expires_in": 86400, "scope": "*"}
            return "application/json", json.dumps(token).encode()
        if url.path == "/reviews.atom":
            return "application/atom+xml; charset=utf-8", self._build_feed().encode()
        path = url.path.rstrip("/")
        if url.path.startswith("/r/") and path.endswith(("/new", "/comments")):
            prefix = "t1_" if path.endswith("/comments") else "t3_"
            query = {name: values[-1] for name, values in parse_qs(url.query).items()}
            return "application/json", json.dumps(self._build_listing(prefix, query)).encode()
        return None

    def _build_listing(self, prefix: str, query: dict[str, str]) -> dict[str, Any]:
        """Return a page of Reddit's listing, from `after` and with at most `limit` entries."""
        posts = self.recorded.posts_at(self.now, prefix)
        names = [post["fullname"] for post in posts]
        start = names.index(query["after"]) + 1 if query.get("after") in names else 0
        end = start + min(int(query.get("limit", "25")), _MAX_LISTING)
        page = posts[start:end]
        has_more = start + len(page) < len(posts)
        after = page[-1]["fullname"] if page and has_more else None
        children = [{"kind": prefix[:2], "data": _reddit_thing(post)} for post in page]
        return {
            "kind": "Listing",
            "data": {"after": after, "before": None, "dist": len(page), "children": children},
        }

    def _build_feed(self) -> str:
        reviews = self.recorded.reviews_at(self.now)[:_FEED_LENGTH]
        entries = "".join(map(self._build_entry, reviews))
        return (
            '<?xml version="1.0" encoding="utf-8"?>'
            '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:im="http://itunes.apple.com/rss" '
            'xml:lang="en">'
            f"<id>urn:demo:reviews</id><title>Leafnote: customer reviews</title>{entries}</feed>"
        )

    def _build_entry(self, review: dict[str, Any]) -> str:
        link = quoteattr(f"https://reviews.example/leafnote/{review['id']}")
        created_at = review["created_at"]
        return (
            f"<entry><id>{review['id']}</id><published>{created_at}</published>"
            f"<updated>{review.get('edited_at', created_at)}</updated>"
            f"<title>{escape(review['title'])}</title>"
            f"<author><name>{escape(review['author'])}</name></author>"
            f"<link rel='alternate' href={link}/><im:rating>{review['rating']}</im:rating>"
            f"<im:version>{review['version']}</im:version>"
            f"<content type='text'>{escape(review['body'])}</content></entry>"
        )


@contextmanager
def serve_recorded(services: RecordedServices) -> Iterator[RecordedServices]:
    """Serve the services on a free port of 127.0.0.1 and yield them with their `url` set."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._send_response()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._send_response()

        def _send_response(self) -> None:
            response = services.respond_to(self.command, self.path)
            content_type, body = response or ("text/plain", b"not here")
            self.send_response(200 if response else 404)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Log nothing: only the cards are to be seen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    services.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield services
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _exists_at(entry: dict[str, Any], now: datetime) -> bool:
    return _parse_recorded_time(entry["created_at"]) <= now


def _review_as_of(review: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return a review as it reads at `now`: its edit is applied or left out."""
    if "edited_at" not in review or _parse_recorded_time(review["edited_at"]) > now:
        return {name: value for name, value in review.items() if not name.startswith("edited")}
    return {**review, "body": review["edited_body"], "rating": review["edited_rating"]}


def _reddit_thing(post: dict[str, Any]) -> dict[str, Any]:
    """Return a post or comment with the fields that Reddit gives it."""
    created = _parse_recorded_time(post["created_at"]).timestamp()
    thing = {
        "id": post["fullname"][3:],
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
