"""The reviews of an app of one's own."""

from typing import Any

from tests.world.faults import Fault
from tests.world.google_play import PACKAGE, GooglePlay
from tests.world.scenario import Scenario


class GooglePlayScenario(Scenario):
    """An app whose reviews come five on a page."""

    many = 22

    def open(self) -> None:
        self.server = self.play = GooglePlay(clock=self.clock)
        self.play.page_size = 5
        self.names: list[str] = []

    @property
    def options(self) -> dict[str, Any]:
        self.play.write_key_file(self.folder)
        return {"package_name": PACKAGE, "credentials": "play.json", "api_url": self.play.url}

    def show(self, text: str) -> None:
        self.names.append(self.play.review(text))

    def disturb(self, fault: Fault) -> None:
        self.play.weather = lambda request: (
            None if request.path == "/token" else fault
        )  # Google's library tries again

    def change(self) -> None:
        for name in self.names:
            self.play.review("said otherwise", name=name, starRating=4)
            self.play.reply(name, "Thank you")
