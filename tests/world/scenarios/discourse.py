"""A forum with a few posts."""

from typing import Any

from tests.world.discourse import Discourse
from tests.world.scenario import Scenario


class DiscourseScenario(Scenario):
    """A forum that its members talk in."""

    def open(self) -> None:
        self.server = self.forum = Discourse(clock=self.clock)
        self.numbers: list[int] = []

    @property
    def options(self) -> dict[str, Any]:
        return {"url": self.forum.address}

    def show(self, text: str) -> None:
        self.numbers.append(self.forum.write(f"<p>{text}</p>"))

    def change(self) -> None:
        for number in self.numbers:
            self.forum.edit(number, "<p>said otherwise</p>")
            self.forum.change(number, topic_slug="renamed", reply_count=7)
