"""A web host for tests: documents with validators, and every way in which a host disappoints a
reader.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from tests.world.faults import Reply, Request
from tests.world.server import LocalServer

RSS = "application/rss+xml; charset=utf-8"
HTML = "text/html; charset=utf-8"
LOGIN_PAGE = (
    b"<!doctype html><html><head><title>Sign in</title></head>"
    b'<body><form method="post"><input name="user"><input name="password" '
    b'type="password"></form></body></html>'
)

Page = Callable[[Request], Reply]


@dataclass(frozen=True, slots=True)
class Document:
    """A page that answers conditional requests as RFC 9110 has it: the entity tag first, then the
    date.
    """

    body: bytes
    content_type: str = RSS
    etag: str | None = None  #: with its quotes, and with W/ if weak
    last_modified: datetime | None = None
    compressed: bool = False  #: gzip, for a client that accepts it
    headers: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, request: Request) -> Reply:
        headers = {**self.headers, **self._validators()}
        if self._known_to(request):
            return Reply(304, headers)
        headers["Content-Type"] = self.content_type
        if self.compressed and "gzip" in request.headers.get("accept-encoding", ""):
            return Reply(
                200, headers | {"Content-Encoding": "gzip"}, gzip.compress(self.body, mtime=0)
            )
        return Reply(200, headers, self.body)

    def _validators(self) -> dict[str, str]:
        found = {}
        if self.etag is not None:
            found["ETag"] = self.etag
        if self.last_modified is not None:
            found["Last-Modified"] = format_datetime(self.last_modified, usegmt=True)
        return found

    def _known_to(self, request: Request) -> bool:
        if (tags := request.headers.get("if-none-match")) is not None:
            known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return self.etag is not None and ("*" in known or self.etag.removeprefix("W/") in known)
        if (
            since := request.headers.get("if-modified-since")
        ) is not None and self.last_modified is not None:
            return self.last_modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        return False


class Web(LocalServer):
    """Pages by path, each of which a test may replace at any time; an unknown path is a 404."""

    def __init__(self, *, clock: Callable[[], float] | None = None) -> None:
        super().__init__(**({} if clock is None else {"clock": clock}))
        self._pages: dict[str, Page] = {}

    def answer(self, request: Request) -> Reply:
        """Return what the page at the request's path says."""
        page = self._pages.get(request.path)
        return Reply(404, {"Content-Type": HTML}, b"not found") if page is None else page(request)

    def serve(self, path: str, page: Page) -> str:
        """Put any page at `path`, and return its address."""
        with self._lock:
            self._pages[path] = page
        return self.url + path

    def publish(
        self,
        path: str,
        body: bytes | str,
        *,
        content_type: str = RSS,
        last_modified: datetime | None = None,
        compressed: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Put a document at `path` with an entity tag of its content, and return its address."""
        content = body.encode() if isinstance(body, str) else body
        etag = f'"{sha256(content).hexdigest()[:16]}"'
        return self.serve(
            path, Document(content, content_type, etag, last_modified, compressed, headers or {})
        )

    def refuse(
        self, path: str, status: int, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> str:
        """Answer every request to `path` with this status: 403, 404, 410, 503, ..."""
        return self.serve(path, lambda request: Reply(status, headers or {}, body))

    def throttle(self, path: str, retry_after: int | datetime | None, status: int = 429) -> str:
        """Tell every reader of `path` to come back after so many seconds, at a time, or just later
        (None).
        """
        if retry_after is None:
            return self.refuse(path, status)
        wait = (
            retry_after
            if isinstance(retry_after, int)
            else format_datetime(retry_after.astimezone(UTC), usegmt=True)
        )
        return self.refuse(path, status, {"Retry-After": str(wait)})

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        """Send every reader of `path` to another path or address; a path that leads to itself is a
        loop.
        """
        return self.refuse(path, status, {"Location": to})

    def login_page(self, path: str) -> str:
        """Answer 200 with a form to sign in, as a host does when a session or a licence has
        ended.
        """
        return self.publish(path, LOGIN_PAGE, content_type=HTML)

    def empty(self, path: str, content_type: str = RSS) -> str:
        """Answer 200 with no body at all."""
        return self.serve(path, lambda request: Reply(200, {"Content-Type": content_type}))

    def endless(self, path: str, piece: bytes = b"<item><title>more</title></item>" * 512) -> str:
        """Answer 200 with a body that never ends and announces no length."""
        return self.serve(
            path, lambda request: Reply(200, {"Content-Type": RSS}, lambda: _forever(piece))
        )

    def bomb(self, path: str, size: int) -> str:
        """Answer with a small gzip body that unpacks to `size` bytes."""
        headers = {"Content-Type": RSS, "Content-Encoding": "gzip"}
        return self.serve(path, lambda request: Reply(200, headers, lambda: gzip_bomb(size)))

    def mislabelled(self, path: str, text: str, *, written: str, declared: str) -> str:
        """Serve a text in one encoding under the name of another."""
        return self.publish(
            path, text.encode(written), content_type=f"application/rss+xml; charset={declared}"
        )


def gzip_bomb(size: int) -> Iterator[bytes]:
    """Yield a gzip stream of `size` zero bytes, about a thousandth of that on the wire, in little
    memory.
    """
    packer = zlib.compressobj(level=9, wbits=16 + zlib.MAX_WBITS)
    block = bytes(1 << 20)
    for start in range(0, size, len(block)):
        if piece := packer.compress(block[: size - start]):
            yield piece
    yield packer.flush()


def _forever(piece: bytes) -> Iterator[bytes]:
    while True:
        yield piece
