"""Any service that sends JSON: the option `mapping` says at which paths the values are."""

from __future__ import annotations

from typing import Any

from monitor.domain.feedback import Kind, Scale
from sources._columns import TableLayout, feedback_from_record
from sources._normalise import drop_empty
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
    if options.signature_header:
        return make_lenient_hmac_verifier(options.signature_header)
    return has_valid_token


def _parse_generic_event(event: Any, context: EventContext) -> ParsedEvent:
    values = {name: text_at(event, path) for name, path in context.options.mapping.items()}
    layout = TableLayout(
        columns={name: name for name in values},
        scale=context.scale_or_default(Scale.STARS5),
        kind=context.kind_or_default(Kind.SURVEY),
    )
    feedback, problems = feedback_from_record(drop_empty(values), layout, context.source_id)
    if feedback is None:
        raise UnreadableEvent(
            "says nothing: no title, body or rating where the mapping looks for them"
        )
    # What is behind the colon quotes the content.
    places = [problem.partition(":")[0] for problem in problems]
    return ParsedEvent(feedback, tuple(f"{place} cannot be read" for place in places))


PRESET = WebhookPreset(
    make_verifier=_choose_verifier,
    parse_event=_parse_generic_event,
    own_options=frozenset({"signature_header"}),
    required_options={"mapping": MAPPING_NEEDED},
)
