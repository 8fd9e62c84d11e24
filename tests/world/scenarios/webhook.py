"""Reviews that their site sends, several in one request."""

import json
from typing import Any

from sources.base import HookRequest
from tests.world.hostile import spoilt_json
from tests.world.scenario import Scenario


class WebhookScenario(Scenario):
    """A review site that tells everything in one request."""

    secrets = {"REVIEWS_SECRET": "world-hook-secret"}  # noqa: RUF012

    def open(self) -> None:
        self.reviews: list[dict[str, Any]] = []

    @property
    def options(self) -> dict[str, Any]:
        return {"preset": "trustpilot", "secret_env": "REVIEWS_SECRET"}

    def show(self, text: str) -> None:
        self.reviews.append({"id": f"64f{len(self.reviews)}", "text": text, "stars": 2})
        self._send()

    def change(self) -> None:
        self.reviews = [review | {"text": "said otherwise", "stars": 5} for review in self.reviews]
        self._send()

    def spoil(self, junk: Any) -> None:
        self._send()
        (request,) = self.sent
        self.sent = [HookRequest({}, {}, spoilt_json(request.body, junk))]

    def _send(self) -> None:
        events = [
            {"eventName": "service-review-created", "eventData": review} for review in self.reviews
        ]
        self.sent = [HookRequest({}, {}, json.dumps({"events": events}).encode())]
