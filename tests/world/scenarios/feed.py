"""A feed of a few entries."""

from html import escape
from typing import Any

from tests.world.hostile import spoiling, spoilt_xml
from tests.world.scenario import Scenario
from tests.world.web import Web


class FeedScenario(Scenario):
    """A feed that shows all it has, the newest first, to those who know its token."""

    hidden = ("world-feed-secret",)

    def open(self) -> None:
        self.server = self.web = Web(clock=self.clock)
        self.entries: dict[str, str] = {}

    @property
    def options(self) -> dict[str, Any]:
        return {"url": f"{self.web.url}/feed?token={self.hidden[0]}"}

    def show(self, text: str) -> None:
        self.entries[f"urn:entry:{len(self.entries)}"] = text
        self._publish("2026-11-22T08:00:00Z")

    def change(self) -> None:
        self.entries = {
            name: f"{text}, said otherwise" for name, text in reversed(self.entries.items())
        }
        self._publish("2026-11-22T09:00:00Z")

    def spoil(self, junk: Any) -> None:
        self.web.weather = spoiling(lambda body: spoilt_xml(body, junk))

    def _publish(self, updated: str) -> None:
        entries = "".join(
            f"<entry><id>{name}</id><updated>{updated}</updated><link href='/{len(text)}'/>"
            f"<content>{escape(text)}</content></entry>"
            for name, text in reversed(self.entries.items())
        )
        self.web.publish(
            "/feed", f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{entries}</feed>'
        )
