"""A repository with a few issues."""

from typing import Any

from tests.world.github import TOKEN, Github
from tests.world.scenario import Scenario


class GithubIssuesScenario(Scenario):
    """Two repositories, one of them without issues."""

    hidden = (TOKEN,)
    secrets = {"github_token": TOKEN}  # noqa: RUF012

    def open(self) -> None:
        self.server = self.hub = Github(clock=self.clock)
        self.hub.create("acme/app")
        self.hub.create("acme/docs")
        self.names: list[str] = []

    @property
    def options(self) -> dict[str, Any]:
        return {"repositories": ["acme/app", "acme/docs"], "api_url": self.hub.url}

    def show(self, text: str) -> None:
        self.names.append(f"I_acme/app_{self.hub.open_issue('acme/app', 'Issue', text)}")

    def change(self) -> None:
        for name in self.names:
            self.hub.change(
                name,
                body="said otherwise",
                state="closed",
                comments=3,
                updated_at="2026-11-22T09:00:00Z",
            )
