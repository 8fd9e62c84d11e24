"""A subreddit with posts and comments."""

from typing import Any

from tests.world.reddit import Reddit
from tests.world.scenario import Scenario


class RedditScenario(Scenario):
    """A subreddit in which posts and comments take turns."""

    many = 210
    secrets = {  # noqa: RUF012
        "reddit_client_id": Reddit.client_id,
        "reddit_client_secret": Reddit.client_secret,
    }

    def open(self) -> None:
        self.server = self.place = Reddit(recorded=False, clock=self.clock)
        self.place.standing["acme"] = "public"
        self.names: list[str] = []

    @property
    def options(self) -> dict[str, Any]:
        return {"subreddits": ["acme"], "reddit_url": self.place.url, "oauth_url": self.place.url}

    def show(self, text: str) -> None:
        posted = len(self.names) % 2 == 0
        self.names.append(
            self.place.submit("acme", "A post", text)
            if posted
            else self.place.comment("acme", text)
        )

    def change(self) -> None:
        for name in self.names:
            self.place.edit(name, "said otherwise")
            self.place.vote(name, 7)
