"""Webhooks: survey tools, review sites, help desks, and any other service that sends JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from monitor.domain.feedback import Feedback
from monitor.errors import SourceError, SourceRefused
from sources._warnings import limit_problems
from sources.base import HookRequest, Page, PushSource, Source, SourceContext
from sources.webhook.json_paths import UnreadableEvent, parse_json_body, text_at
from sources.webhook.preset import EventContext, WebhookOptions, load_webhook_preset

#: How far a signed time may be from ours. Dedupe keys are kept for longer, so that a copy of an old
#: request is refused or recognised.
MAX_CLOCK_DIFFERENCE = timedelta(hours=24)


class WebhookSource(Source, PushSource):
    """What a service sends to `/hooks/{source id}`; there is nothing to poll."""

    Options = WebhookOptions

    def __init__(self, source_id: str, options: WebhookOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._preset = load_webhook_preset(options.preset)
        self._http = context.http
        get_secret = context.secrets.get_secret
        self._secrets = (get_secret(options.secret_env), get_secret(options.old_secret_env))
        self._token = get_secret(options.token_env)

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield nothing: the service calls by itself."""
        yield from ()

    def verify(self, request: HookRequest, now: datetime) -> str:
        """Check the request against each secret and return the event's dedupe key.

        The key is the service's own id of the event, else a hash of the body. Raises SourceRefused
        for a request that nothing proves, and for one signed more than 24 hours from now.
        """
        is_genuine = self._preset.make_verifier(self._options)
        secrets = [secret.get_secret_value().encode() for secret in self._secrets]
        if not any(is_genuine(request, secret) for secret in secrets if secret):
            raise SourceRefused(
                f"{self._source_id}: a request without a valid signature or token was refused; "
                f"compare {self._options.secret_env} with the secret that the service was given"
            )
        self._check_age(request, now)
        return self._event_dedupe_key(request.body)

    def receive(self, request: HookRequest, now: datetime) -> Page:
        """Return the feedback in a request; events that are no feedback are left out.

        An unreadable event among readable ones is a warning. Raises SourceError where none can be
        read.
        """
        parsed: list[Feedback | None] = []
        problems: list[str] = []
        context = EventContext(self._source_id, self._options, self._fetch_json)
        events = self._preset.split_events(parse_json_body(request.body))
        for number, event in enumerate(events, start=1):
            try:
                found = self._preset.parse_event(event, context)
            except UnreadableEvent as error:
                problems.append(f"event {number}: {error}")
                continue
            problems += [f"event {number}: {problem}" for problem in found.problems]
            parsed.append(found.feedback)
        warnings = limit_problems(problems)
        if warnings and not parsed:
            raise SourceError(f"nothing in the request can be read: {'; '.join(warnings)}")
        items = tuple(feedback for feedback in parsed if feedback)
        return Page(items=items, cursor="", warnings=warnings)

    def _check_age(self, request: HookRequest, now: datetime) -> None:
        """Raise SourceRefused where the service signs the time and it is too far from `now`."""
        if not self._preset.read_signed_at:
            return
        sent_at = self._preset.read_signed_at(request)
        if sent_at is None or abs(now - sent_at) > MAX_CLOCK_DIFFERENCE:
            raise SourceRefused(
                f"{self._source_id}: a request that was signed at another time was refused: it may "
                "be a copy of an old one; if all are, set this machine's clock"
            )

    def _event_dedupe_key(self, body: bytes) -> str:
        event_id = self._find_event_id(body)
        if event_id:
            return f"event:{event_id}"
        return f"body:{hashlib.blake2b(body, digest_size=20).hexdigest()}"

    def _find_event_id(self, body: bytes) -> str:
        """Return the service's own id of the event; "" where it gives none or none can be read."""
        if not self._preset.event_id_path:
            return ""
        try:
            return text_at(parse_json_body(body), self._preset.event_id_path)
        except SourceError:
            return ""

    def _fetch_json(self, path: str) -> Any:
        """Fetch and parse what the service's API has at `path`, with our token."""
        authorization = {"Authorization": f"Bearer {self._token.get_secret_value()}"}
        url = self._options.api_url.rstrip("/") + path
        return parse_json_body(self._http.get(url, headers=authorization).body)
