"""What a source is: one file, one class, its options beside it."""

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
    """What a source is given to work with."""

    http: HttpClient
    secrets: Secrets = field(repr=False)
    folder: Path = Path()  #: relative paths start here
    #: asked between requests
    stopping: Callable[[], bool] = field(default=lambda: False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some feedback, and the cursor that is right once it is stored."""

    items: tuple[Feedback, ...]
    cursor: str  #: opaque text; handed to the next `collect`
    warnings: tuple[str, ...] = ()  #: what a person should know: truncated, an entry skipped
    wait: float = 0  #: seconds that the service asks to be left alone at least
    #: seconds in which it says that nothing new comes: kept by the schedule, not by who asks at
    #: once
    fresh: float = 0
    #: times from which feedback is missing for good: the service did not give it any more
    gaps: tuple[Gap, ...] = ()


class Source(ABC):
    """One configured place that feedback comes from; its kind is the name of the file that
    implements it.
    """

    Options: ClassVar[type[SourceOptions]]
    #: Kinds that hand over the same feedback under the same external ids name one space; then each
    #: is stored once.
    space: ClassVar[str] = ""
    #: Where its feedback belongs, unless the configuration or the words tell otherwise.
    stage: ClassVar[Stage | None] = None
    touchpoint: ClassVar[Touchpoint | None] = None

    @abstractmethod
    def __init__(self, source_id: str, options: SourceOptions, context: SourceContext) -> None:
        """Keeps its arguments; opens nothing."""

    @abstractmethod
    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield what is new since `cursor` ("" for the first time), page by page, as often as
        wished.

        A page may hold what was handed over before: storing twice is harmless, missing one is not.
        Raises SourceError; the pages yielded until then are kept.
        """


class Recheckable(ABC):
    """A source that can say what has become of feedback it handed over before."""

    @abstractmethod
    def recheck(self, external_ids: Sequence[str], now: datetime) -> Iterator[Page]:
        """Yield these feedback as they are now: edited ones anew, deleted ones marked `deleted`.

        The cursor of the pages is of no meaning. What the service cannot say anything about is left
        out.
        """


@dataclass(frozen=True, slots=True)
class HookRequest:
    """What a service sent to `POST /hooks/{source id}`."""

    headers: Mapping[str, str]  #: names in lower case
    query: Mapping[str, str]
    body: bytes


class PushSource(ABC):
    """A source that is told instead of asking: its service calls us."""

    @abstractmethod
    def verify(self, request: HookRequest, now: datetime) -> str:
        """Prove that the service sent this, and return what makes the event the same when it is
        sent again.

        Raises SourceRefused when it cannot be proved. Does not look into the content, asks no
        network.
        """

    @abstractmethod
    def receive(self, request: HookRequest, now: datetime) -> Page:
        """The feedback in a request that was verified and stored; may ask the service for more.
        Raises SourceError.
        """


@dataclass(frozen=True, slots=True)
class PublishedReply:
    """An answer as everybody can see it."""

    url: str
    external_id: str  #: the source's own id of it; empty where it gives none


class ReplyingSource(ABC):
    """A source that can publish an answer below the feedback that it handed over.

    Both methods raise SourceError. They run on a connection of their own, beside `collect`.
    """

    #: The most characters of one answer.
    max_reply_length: ClassVar[int]

    @property
    @abstractmethod
    def can_reply(self) -> bool:
        """Whether it has the credentials of an account that may write."""

    @property
    def account(self) -> str:
        """The name under which it answers; empty where only the service knows it."""
        return ""

    @abstractmethod
    def publish_reply(self, feedback: Feedback, text: str) -> PublishedReply:
        """Publish `text` as the answer to `feedback`, by one request that is never repeated.

        SourceUnavailable: it is certainly not published, and may be later. SourceUncertain: it may
        have been published. SourceRefused: it is certainly not published, and will not be as it is.
        """

    @abstractmethod
    def find_reply(self, feedback: Feedback, text: str, since: datetime) -> PublishedReply | None:
        """An answer of ours to `feedback` with these words that was published after a time; None
        where there is none.

        Only what was really looked through is None: SourceError says that it cannot be known now.
        """
