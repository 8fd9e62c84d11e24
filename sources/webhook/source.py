"""A service that calls us: survey tools, review sites, help desks, and any other that sends
JSON.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from monitor.errors import SourceError, SourceRefused
from sources._warnings import limit_problems
from sources.base import HookRequest, Page, PushSource, Source, SourceContext
from sources.webhook.json_paths import UnreadableEvent, parse_json_body, text_at
from sources.webhook.preset import EventContext, WebhookOptions, load_webhook_preset

#: How far the time that a service signs may be from ours. What was received is known again for
#: longer than that.
MAX_CLOCK_DIFFERENCE = timedelta(hours=24)


class WebhookSource(Source, PushSource):
    """Takes what a service sends to `/hooks/{source id}`; there is nothing to poll."""

    Options = WebhookOptions

    def __init__(self, source_id: str, options: WebhookOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._preset = load_webhook_preset(options.preset)
        self._http = context.http
        named = context.secrets.get_secret
        self._secrets = tuple(named(name) for name in (options.secret_env, options.old_secret_env))
        self._token = named(options.token_env)

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield nothing: the service tells by itself."""
        yield from ()

    def verify(self, request: HookRequest, now: datetime) -> str:
        """Prove that the service sent this, by one of the secrets, and return its own id of the
        event.

        Without such an id the whole body is what makes it the same.
        """
        proves = self._preset.make_verifier(self._options)
        secrets = [secret.get_secret_value().encode() for secret in self._secrets]
        if not any(proves(request, secret) for secret in secrets if secret):
            raise SourceRefused(
                f"{self._source_id}: a request without a valid signature or token was refused; "
                f"compare {self._options.secret_env} with the secret that the service was given"
            )
        self._check_age(request, now)
        return self._event_dedupe_key(request.body)

    def receive(self, request: HookRequest, now: datetime) -> Page:
        """The feedback in a request: none for an event of no concern; one broken event of several
        is a warning.
        """
        reads, problems = [], []
        desk = EventContext(self._source_id, self._options, self._fetch_json)
        for number, event in enumerate(self._preset.split_events(parse_json_body(request.body)), 1):
            try:
                found = self._preset.parse_event(event, desk)
            except UnreadableEvent as error:
                problems.append(f"event {number}: {error}")
                continue
            problems += [f"event {number}: {problem}" for problem in found.problems]
            reads.append(found.feedback)
        if problems and not reads:
            raise SourceError(
                f"nothing in the request can be read: {'; '.join(limit_problems(problems))}"
            )
        return Page(items=tuple(filter(None, reads)), cursor="", warnings=limit_problems(problems))

    def _check_age(self, request: HookRequest, now: datetime) -> None:
        if not self._preset.read_signed_at:
            return
        sent_at = self._preset.read_signed_at(request)
        if sent_at is None or abs(now - sent_at) > MAX_CLOCK_DIFFERENCE:
            raise SourceRefused(
                f"{self._source_id}: a request that was signed at another time was refused: it may "
                "be a copy of an old "
                "one; if all are, set this machine's clock"
            )

    def _event_dedupe_key(self, body: bytes) -> str:
        try:
            own = (
                text_at(parse_json_body(body), self._preset.event_id_path)
                if self._preset.event_id_path
                else ""
            )
        except SourceError:
            own = ""
        return (
            f"event:{own}" if own else f"body:{hashlib.blake2b(body, digest_size=20).hexdigest()}"
        )

    def _fetch_json(self, path: str) -> Any:
        """What the service's interface answers, with our token."""
        authorization = {"Authorization": f"Bearer {self._token.get_secret_value()}"}
        return parse_json_body(
            self._http.get(self._options.api_url.rstrip("/") + path, headers=authorization).body
        )
