"""The service of one kind of source with a few items in it, for the tests that every source has to
pass.

The scenario of a kind stands in `tests/world/scenarios/<kind>.py`, and is found there by its name.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from monitor.http import HttpClient
from monitor.registry import load_plugin
from monitor.settings import Secrets
from sources.base import HookRequest, Page, PushSource, Source, SourceContext
from tests.world.clock import Clock
from tests.world.faults import Fault
from tests.world.hostile import spoiling, spoilt_json
from tests.world.server import LocalServer

START = datetime(2026, 11, 22, 8, tzinfo=UTC).timestamp()


class Scenario(ABC):
    """One service that a source reads, and what happens there."""

    kind: str
    secrets: dict[str, str] = {}  # noqa: RUF012 - never changed
    hidden: tuple[str, ...] = ()  #: what the service is told, and nobody else
    #: items that fill more than one page, if the service has pages, and are shown at first contact
    many: int = 120
    server: LocalServer | None = None  #: where the source asks, if it asks
    sent: Sequence[HookRequest] = ()  #: what the service sent, if the source is told

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock(START)
        self.open()

    @abstractmethod
    def open(self) -> None:
        """Make the service; it has nothing to show yet."""

    @property
    @abstractmethod
    def options(self) -> dict[str, Any]:
        """The keys of the configuration that lead to it."""

    @abstractmethod
    def show(self, text: str) -> None:
        """Let something be written there, a second after what was written last."""

    @abstractmethod
    def change(self) -> None:
        """Change what can change about everything there without making it something else: words,
        votes, dates.
        """

    def spoil(self, junk: Any) -> None:
        """Put this in the place of the items that are victims, or into them."""
        assert self.server is not None
        self.server.weather = spoiling(lambda body: spoilt_json(body, junk))

    def disturb(self, fault: Fault) -> None:
        """Let every request meet this."""
        assert self.server is not None
        self.server.weather = lambda request: fault

    @property
    def now(self) -> datetime:
        """The time there."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def fill(self, *texts: str) -> None:
        """Show all of these."""
        for text in texts:
            self.clock.forward(1)
            self.show(text)

    def source(self, http: HttpClient, stopping: Callable[[], bool] = lambda: False) -> Source:
        """What a new process reads it with."""
        found = load_plugin("sources", self.kind, Source)
        held = Secrets.model_validate(self.secrets)
        context = SourceContext(http=http, secrets=held, folder=self.folder, stopping=stopping)
        return found(self.folder.name, found.Options.model_validate(self.options), context)

    def pages(self, source: Source, cursor: str = "") -> Iterator[Page]:
        """What the source gets in one poll, or was told until now."""
        if isinstance(source, PushSource):
            return (source.receive(request, self.now) for request in self.sent)
        return source.collect(cursor, self.now)


@contextmanager
def scenario(kind: str, folder: Path) -> Iterator[Scenario]:
    """The running service of a kind; LookupError says what to write where there is none."""
    name = f"{__package__}.scenarios.{kind}"
    if find_spec(name) is None:
        raise LookupError(
            f"write tests/world/scenarios/{kind}.py: every kind of source is tried against a "
            "scenario"
        )
    module = import_module(name)
    (found,) = (
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Scenario) and value.__module__ == name
    )
    place: Scenario = found(folder)
    place.kind = kind
    if place.server is None:
        yield place
        return
    with place.server:
        yield place
