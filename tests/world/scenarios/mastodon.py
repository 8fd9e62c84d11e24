"""Posts under two hashtags."""

from typing import Any

from tests.world.mastodon import Mastodon
from tests.world.scenario import Scenario


class MastodonScenario(Scenario):
    """An instance for members, on which people use both hashtags in turn."""

    many = 30
    hidden = (Mastodon.token,)
    secrets = {"mastodon_access_token": Mastodon.token}  # noqa: RUF012

    def open(self) -> None:
        self.server = self.home = Mastodon(clock=self.clock)
        self.home.closed = 401

    @property
    def options(self) -> dict[str, Any]:
        return {"instance": self.home.url, "hashtags": ["acme", "acmehelp"]}

    def show(self, text: str) -> None:
        self.home.post(text, ("acme", "acmehelp")[len(self.home.uris()) % 2])

    def change(self) -> None:
        for uri in self.home.uris():
            self.home.edit(uri, "said otherwise")
