"""Trustpilot: several events in one request, unsigned; deletions are followed.

https://support.trustpilot.com/ (How to set up Trustpilot Webhooks)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monitor.domain.feedback import Author, Feedback, Kind, Scale
from sources._normalise import to_external_id, to_language_tag
from sources.webhook.json_paths import (
    list_at,
    number_at,
    object_at,
    required_text_at,
    text_at,
    time_at,
)
from sources.webhook.preset import EventContext, ParsedEvent, WebhookPreset, to_rating
from sources.webhook.signatures import has_valid_token

_SITE = "https://www.trustpilot.com/reviews/"


def _split_events(data: Any) -> Sequence[Any]:
    return list_at(data, "events") or [data]


def _parse_trustpilot_event(event: Any, context: EventContext) -> ParsedEvent:
    event_name = required_text_at(event, "eventName")
    _, is_of_review, change = event_name.rpartition("-review-")
    if not is_of_review:
        return ParsedEvent()
    data = object_at(event, "eventData")
    review_id = required_text_at(event, "eventData.id")
    if change == "deleted":
        return context.deletion_of(review_id)
    rating, problems = to_rating(number_at(data, "stars"), context.scale_or_default(Scale.STARS5))
    tags = {text_at(tag, "group"): text_at(tag, "value") for tag in list_at(data, "tags")}
    attributes = {
        "verified": text_at(data, "isVerified"),
        "location": text_at(data, "locationId"),
        **tags,
    }
    return ParsedEvent(
        Feedback(
            source_id=context.source_id,
            external_id=to_external_id(review_id),
            kind=context.kind_or_default(Kind.REVIEW),
            title=text_at(data, "title"),
            body=text_at(data, "text"),
            author=Author(name=text_at(data, "consumer.name"), id=text_at(data, "consumer.id")),
            language=to_language_tag(text_at(data, "language")),
            rating=rating,
            created_at=time_at(data, "createdAt"),
            edited_at=time_at(data, "updatedAt"),
            url=_SITE + review_id if review_id.isascii() and review_id.isalnum() else "",
            attributes={name: value for name, value in attributes.items() if name and value},
        ),
        problems,
    )


PRESET = WebhookPreset(
    make_verifier=lambda _: has_valid_token,
    split_events=_split_events,
    parse_event=_parse_trustpilot_event,
)
