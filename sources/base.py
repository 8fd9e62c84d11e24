"""What authors of sources derive from: Source, its options, its pages, and what it may also do.

A source is one file (or folder) with one class derived from Source, its options beside it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from monitor.domain.feedback import Feedback, Stage, Touchpoint
from monitor.domain.source_health import Gap
from monitor.http import HttpClient
from monitor.settings import Secrets, Section


class SourceOptions(Section):
    """The keys of a `[[sources]]` table that belong to its kind."""


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What a source works with: the HTTP client, the secrets, the folder of the configuration."""

    http: HttpClient
    secrets: Secrets = field(repr=False)
    folder: Path = Path()  #: relative paths start here
    #: True once the program shuts down; asked between requests
    stopping: Callable[[], bool] = field(default=lambda: False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some feedback, and the cursor to store together with it."""

    items: tuple[Feedback, ...]
    cursor: str  #: opaque text; handed to the next `collect`
    warnings: tuple[str, ...] = ()  #: what a person should know: truncated, an entry skipped
    wait: float = 0  #: seconds until the service wants to be asked again, at the earliest
    #: seconds for which the service promises nothing new; the schedule waits, a poll by hand does
    #: not
    fresh: float = 0
    #: times of which feedback is missing for good: the service does not show it any more
    gaps: tuple[Gap, ...] = ()


class Source(ABC):
    """One configured place that feedback comes from.

    Its kind is the name of the file that implements it.
    """

    Options: ClassVar[type[SourceOptions]]
    #: A name that kinds share which give the same feedback the same external ids; then it is stored
    #: once.
    space: ClassVar[str] = ""
    #: Where its feedback belongs, unless the configuration or the words tell otherwise.
    stage: ClassVar[Stage | None] = None
    touchpoint: ClassVar[Touchpoint | None] = None

    @abstractmethod
    def __init__(self, source_id: str, options: SourceOptions, context: SourceContext) -> None:
        """Keep the arguments; open nothing."""

    @abstractmethod
    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield what is new since `cursor`, page by page; "" is the first contact.

        May be called any number of times. A page may hold what was handed over before: storing
        twice is harmless, missing one is not. Raises SourceError; the pages yielded until then are
        kept.
        """


class Recheckable(ABC):
    """A source that can say what has become of feedback it handed over before."""

    @abstractmethod
    def recheck(self, external_ids: Sequence[str], now: datetime) -> Iterator[Page]:
        """Yield these feedback as they are now: edited ones anew, deleted ones marked `deleted`.

        The cursor of the pages means nothing. Feedback of which the service tells nothing is left
        out. Raises SourceError.
        """


@dataclass(frozen=True, slots=True)
class HookRequest:
    """What a service sent to `POST /hooks/{source id}`."""

    headers: Mapping[str, str]  #: names in lower case
    query: Mapping[str, str]
    body: bytes


class PushSource(ABC):
    """A source that is not polled: its service calls a webhook."""

    @abstractmethod
    def verify(self, request: HookRequest, now: datetime) -> str:
        """Check that the service sent this, and return the event's dedupe key.

        The key is the same whenever the service sends the same event. Uses no network. Raises
        SourceRefused where nothing proves who sent it.
        """

    @abstractmethod
    def receive(self, request: HookRequest, now: datetime) -> Page:
        """Return the feedback in a request that was verified and stored before.

        May ask the service for more. Raises SourceError.
        """


@dataclass(frozen=True, slots=True)
class PublishedReply:
    """A reply as everybody can see it."""

    url: str
    external_id: str  #: the source's own id of the reply; empty where it gives none


class ReplyingSource(ABC):
    """A source that can publish a reply to the feedback that it handed over.

    Both methods raise SourceError. They run on a connection of their own, beside `collect`.
    """

    #: The most characters of one reply.
    max_reply_length: ClassVar[int]

    @property
    @abstractmethod
    def can_reply(self) -> bool:
        """Whether the credentials of an account that may write are set."""

    @property
    def account(self) -> str:
        """The name of the account that replies; "" where only the service knows it."""
        return ""

    @abstractmethod
    def publish_reply(self, feedback: Feedback, text: str) -> PublishedReply:
        """Publish `text` as the reply to `feedback`, by one request that is never repeated.

        Raises SourceUnavailable where it is certainly not published and may be later,
        SourceUncertain where it may have been published, and SourceRefused where it is certainly
        not published and never will be as it is.
        """

    @abstractmethod
    def find_reply(self, feedback: Feedback, text: str, since: datetime) -> PublishedReply | None:
        """Find our own reply to `feedback` with these words, published after `since`.

        None means that everything was looked through and it is not there. Raises SourceError where
        that cannot be known now.
        """
