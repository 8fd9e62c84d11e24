"""Comments that name the brand."""

from typing import Any

from tests.world.hacker_news import HackerNews
from tests.world.scenario import Scenario


class HackerNewsScenario(Scenario):
    """A search that gives five hits at once."""

    many = 22

    def open(self) -> None:
        self.server = self.site = HackerNews(limit=5, clock=self.clock)
        self.names: list[str] = []

    @property
    def options(self) -> dict[str, Any]:
        return {"query": "acme", "base_url": self.site.url}

    def show(self, text: str) -> None:
        self.names.append(self.site.comment(text))

    def change(self) -> None:
        for name in self.names:
            self.site.change(name, comment_text="acme, said otherwise", points=7)
