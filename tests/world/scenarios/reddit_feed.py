"""The feeds of a subreddit, for a reader with a private token."""

from typing import Any

from tests.world.hostile import spoiling, spoilt_xml
from tests.world.reddit_feed import RedditFeeds
from tests.world.scenario import Scenario


class RedditFeedScenario(Scenario):
    """A subreddit in which posts and comments take turns."""

    many = 30
    hidden = (RedditFeeds.token,)
    secrets = {"reddit_feed_token": RedditFeeds.token}  # noqa: RUF012

    def open(self) -> None:
        self.server = self.place = RedditFeeds(clock=self.clock)
        self.place.standing["acme"] = "public"
        self.names: list[str] = []

    @property
    def options(self) -> dict[str, Any]:
        return {
            "subreddits": ["acme"],
            "comments": True,
            "user": self.place.user,
            "base_url": self.place.url,
        }

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

    def spoil(self, junk: Any) -> None:
        self.place.weather = spoiling(lambda body: spoilt_xml(body, junk))
