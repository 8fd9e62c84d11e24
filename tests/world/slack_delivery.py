"""What Slack brings to an app, and what became of it: the same over Socket Mode and over signed
HTTP.
"""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from tests.world.slack_wire import Json
from tests.world.waiting import LAST_RESORT

#: The type of a Socket Mode envelope, used for deliveries over HTTP as well.
Kind = Literal["events_api", "interactive", "slash_commands"]

ACK_SECONDS = 3.0  #: an app that takes longer has not answered, at Slack
RETRY_AFTER = (0.0, 60.0, 300.0)  #: seconds before each further attempt to bring an event, at Slack
SOON = (0.02, 0.02, 0.02)  #: the same in a hurry
_WORKERS = 256  # deliveries under way at once


@dataclass(eq=False)
class Delivery:
    """One payload on its way to the app."""

    kind: Kind
    payload: Json
    settle: Callable[["Delivery"], None] | None = None  #: what the workspace does with the answer
    attempts: int = 0
    acked: bool = False
    #: from the start of the first attempt to the acknowledgement, or to the last trouble
    seconds: float = 0.0
    response: Any = None  #: what came with the acknowledgement: JSON, a text, or nothing
    #: what the person sees instead of an effect: "timeout", "no_connection", "http_error", ...
    trouble: str = ""
    _tried: threading.Event = field(default_factory=threading.Event)
    _done: threading.Event = field(default_factory=threading.Event)

    @property
    def retried(self) -> bool:
        """True for what Slack brings again: events alone."""
        return self.kind == "events_api"

    @property
    def errors(self) -> Mapping[str, str]:
        """What a dialog shows under its fields instead of closing, by block_id."""
        refused = (
            isinstance(self.response, dict) and self.response.get("response_action") == "errors"
        )
        return dict(self.response["errors"]) if refused else {}

    @property
    def done(self) -> bool:
        """True once its fate is known."""
        return self._done.is_set()

    def wait(self, seconds: float = LAST_RESORT) -> Self:
        """Wait until it was acknowledged or given up."""
        assert self._done.wait(seconds), (
            f"Slack is still trying to bring this after {seconds} s: {self.payload}"
        )
        return self

    def wait_for_first(self, seconds: float = LAST_RESORT) -> Self:
        """Wait until the first attempt was acknowledged or not; more may follow."""
        assert self._tried.wait(seconds), (
            f"Slack has not tried to bring this within {seconds} s: {self.payload}"
        )
        return self

    def note(self, answer: "Answer", seconds: float) -> None:
        """Remember what an attempt came to."""
        self.attempts += 1
        self.acked, self.trouble, self.response = (
            not answer.trouble,
            answer.trouble,
            answer.response,
        )
        self.seconds = seconds
        if not self.acked:
            self._tried.set()

    def finish(self) -> None:
        """Let the workspace act on the answer, then wake those who wait."""
        try:
            if self.acked and self.settle:
                self.settle(self)
        finally:
            self._tried.set()
            self._done.set()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one attempt came to."""

    trouble: str = ""  #: empty if the app acknowledged it
    response: Any = None
    final: bool = False  #: True if the app asked for no further attempt


class Transport(ABC):
    """A way to an app: brings each delivery in a thread of its own, and unacknowledged events
    again.
    """

    def __init__(
        self, *, ack_within: float = LAST_RESORT, retry_after: tuple[float, ...] = SOON
    ) -> None:
        self.ack_within = ack_within  #: seconds
        self.retry_after = retry_after  #: seconds before the second, third, ... attempt
        self.failures: list[Exception] = []  #: what went wrong in the workspace's own code
        self.stopping = threading.Event()
        self._log: list[Delivery] = []
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix=type(self).__name__)

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Everything brought so far, oldest first."""
        return tuple(self._log)

    @property
    def connected(self) -> bool:
        """True once there is an app to bring things to, be it deaf or gone."""
        return True

    def bring(self, delivery: Delivery) -> Delivery:
        """Start to bring something, and return it at once."""
        self._log.append(delivery)
        if self.stopping.is_set():
            delivery.trouble = "no_connection"
            delivery.finish()
        else:
            self._pool.submit(self._carry, delivery).add_done_callback(self._remember)
        return delivery

    def again(self, delivery: Delivery) -> Delivery:
        """Bring the very same payload once more, as Slack does when an acknowledgement was lost."""
        return self.bring(Delivery(delivery.kind, delivery.payload, delivery.settle))

    def stop(self) -> None:
        """Give up what is under way and end every thread."""
        self.stopping.set()
        self._pool.shutdown()

    @abstractmethod
    def attempt(self, delivery: Delivery, number: int, reason: str) -> Answer:
        """Bring it once and wait for the answer; `number` counts from 0, `reason` says what the
        last attempt met.
        """

    def _carry(self, delivery: Delivery) -> None:
        begun = time.monotonic()
        waits = (0.0, *self.retry_after) if delivery.retried else (0.0,)
        for number, wait in enumerate(waits):
            if self.stopping.wait(wait):
                break
            answer = self.attempt(delivery, number, delivery.trouble)
            delivery.note(answer, time.monotonic() - begun)
            if delivery.acked or answer.final:
                break
        delivery.finish()

    def _remember(self, carried: Future[None]) -> None:
        if isinstance(error := carried.exception(), Exception):
            self.failures.append(error)
