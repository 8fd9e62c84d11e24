"""What a server of this package is asked, what it says, and what can go wrong in between.

A fault stands between a request and the server's own answer: it may answer instead, let the server
act and then lose the reply, or change the reply on its way out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


class ConnectionLost(Exception):
    """The connection is reset instead of answered."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived."""

    method: str
    path: str  #: decoded, without the query
    query: Mapping[str, str] = field(default_factory=dict)  #: the last value of each name
    headers: Mapping[str, str] = field(default_factory=dict)  #: names in lower case
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply, and how slowly and how honestly it is sent."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    #: an iterator is sent until the connection closes
    body: bytes | Callable[[], Iterator[bytes]] = b""
    announced_length: int = 0  #: Content-Length when it is to be a lie; 0 tells the truth
    delay: float = 0.0  #: seconds before the first byte
    piece_size: int = 1 << 16  #: bytes sent at once
    pause: float = 0.0  #: seconds after each piece

    @property
    def ends_connection(self) -> bool:
        """True if the connection cannot be used again after this reply."""
        return self.announced_length > 0 or not isinstance(self.body, bytes)

    def pieces(self) -> Iterator[bytes]:
        """The body in the pieces that are sent."""
        if not isinstance(self.body, bytes):
            yield from self.body()
            return
        for start in range(0, len(self.body), self.piece_size):
            yield self.body[start : start + self.piece_size]


Handler = Callable[[Request], Reply]
Fault = Callable[[Request, Handler], Reply]


def answers(status: int, headers: Mapping[str, str] = _NOTHING, body: bytes = b"") -> Fault:
    """Answer with this, and do nothing."""
    return lambda request, handle: Reply(status, headers, body)


def answers_after_commit(
    status: int, headers: Mapping[str, str] = _NOTHING, body: bytes = b""
) -> Fault:
    """Do what was asked, then answer with this."""

    def fault(request: Request, handle: Handler) -> Reply:
        handle(request)
        return Reply(status, headers, body)

    return fault


def lost_before_commit(request: Request, handle: Handler) -> Reply:
    """Reset the connection, and do nothing."""
    raise ConnectionLost


def lost_after_commit(request: Request, handle: Handler) -> Reply:
    """Do what was asked, then reset the connection."""
    handle(request)
    raise ConnectionLost


def late(seconds: float) -> Fault:
    """Do what was asked at once, and reply so many seconds later."""
    return lambda request, handle: replace(handle(request), delay=seconds)


def truncated(kept: int) -> Fault:
    """Announce the whole body, send its first `kept` bytes, and close."""

    def fault(request: Request, handle: Handler) -> Reply:
        reply = handle(request)
        whole = b"".join(reply.pieces())
        return replace(reply, body=whole[:kept], announced_length=max(len(whole), kept + 1))

    return fault


def dripping(pause: float, piece_size: int = 1) -> Fault:
    """Send the body a few bytes at a time, with so many seconds between."""
    return lambda request, handle: replace(handle(request), piece_size=piece_size, pause=pause)
