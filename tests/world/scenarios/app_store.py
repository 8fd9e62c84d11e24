"""The reviews of an app, two pages of them."""

from typing import Any

from tests.world.app_store import AppStore
from tests.world.scenario import Scenario


class AppStoreScenario(Scenario):
    """An app in two storefronts."""

    def open(self) -> None:
        self.server = self.shop = AppStore(clock=self.clock)
        self.shop.serve("42", "us", "de")

    @property
    def options(self) -> dict[str, Any]:
        return {"app_id": "42", "base_url": self.shop.url, "countries": ["us", "de"]}

    def show(self, text: str) -> None:
        self.shop.review("42", "us", text)

    def change(self) -> None:
        for name in self.shop.ids("42", "us"):
            self.shop.edit("42", "us", name, "said otherwise")
