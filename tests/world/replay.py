"""A source polled again and again through bad weather, each time by a new process that knows only
the cursor.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.domain.feedback import Feedback
from monitor.errors import SourceError
from sources.base import Source
from tests.world.faults import ConnectionLost, Fault, Handler, Reply, Request, truncated

#: What a request may meet; "half" is a body that ends early without a sign, "cut" one that was
#: announced longer.
WEATHER = ("fine", "stale", "blank", "throttled", "failed", "lost", "cut", "half")


@dataclass(slots=True)
class Replay:
    """What the polls of one source have brought so far."""

    build: Callable[[], Source]
    cursor: str = ""
    held: dict[str, Feedback] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def poll(self, now: datetime, pages: int = 0) -> None:
        """Read once; with `pages` the process is killed after so many. What failed is tried at the
        next poll.
        """
        with suppress(SourceError):
            for number, page in enumerate(self.build().collect(self.cursor, now), start=1):
                self.held |= {item.external_id: item for item in page.items}
                self.warnings += page.warnings
                self.cursor = page.cursor
                if number == pages:
                    return


class Weather:
    """Lets each request meet what is planned for it, in order, and nothing when the plan is
    over.
    """

    def __init__(self, plan: Iterable[str], blank: Callable[[Reply], Reply]) -> None:
        self._plan = iter(plan)
        self._blank = blank
        self._seen: dict[tuple[str, str], Reply] = {}

    def clear(self) -> None:
        """Let the sun shine from now on."""
        self._plan = iter(())

    def __call__(self, request: Request) -> Fault:
        kind = next(self._plan, "fine")
        return lambda request, handle: self._meet(kind, request, handle)

    def _meet(self, kind: str, request: Request, handle: Handler) -> Reply:
        match kind:
            case "throttled":
                return Reply(429, {"Retry-After": "30"})
            case "failed":
                return Reply(503)
            case "lost":
                raise ConnectionLost
        key = (request.path, repr(sorted(request.query.items())))
        if kind == "stale" and key in self._seen:
            return self._seen[key]
        reply = self._seen[key] = handle(request)
        size = len(b"".join(reply.pieces()))
        match kind:
            case "blank":
                return self._blank(reply)
            case "cut":
                return truncated(size // 2)(request, handle)
            case "half":
                return replace(reply, body=b"".join(reply.pieces())[: size // 2])
        return reply
