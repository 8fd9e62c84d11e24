"""Any service that sends JSON: the configuration says where in it things stand."""

from __future__ import annotations

from typing import Any

from monitor.domain.feedback import Kind, Scale
from sources._columns import TableLayout, feedback_from_record
from sources.webhook.json_paths import UnreadableEvent, text_at
from sources.webhook.preset import (
    MAPPING_NEEDED,
    EventContext,
    ParsedEvent,
    WebhookOptions,
    WebhookPreset,
)
from sources.webhook.signatures import RequestVerifier, has_valid_token, make_lenient_hmac_verifier


def _choose_verifier(options: WebhookOptions) -> RequestVerifier:
    return (
        make_lenient_hmac_verifier(options.signature_header)
        if options.signature_header
        else has_valid_token
    )


def _parse_generic_event(event: Any, context: EventContext) -> ParsedEvent:
    values = {name: text_at(event, path) for name, path in context.options.mapping.items()}
    layout = TableLayout(
        columns={name: name for name in values},
        scale=context.scale_or_default(Scale.STARS5),
        kind=context.kind_or_default(Kind.SURVEY),
    )
    found, problems = feedback_from_record(
        {name: value for name, value in values.items() if value}, layout, context.source_id
    )
    if found is None:
        raise UnreadableEvent(
            "says nothing: no title, body or rating where the mapping looks for them"
        )
    # What is behind the colon quotes the content.
    return ParsedEvent(
        found, tuple(f"{problem.partition(':')[0]} cannot be read" for problem in problems)
    )


PRESET = WebhookPreset(
    make_verifier=_choose_verifier,
    parse_event=_parse_generic_event,
    own_options=frozenset({"signature_header"}),
    required_options={"mapping": MAPPING_NEEDED},
)
