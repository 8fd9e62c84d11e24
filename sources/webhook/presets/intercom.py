"""Intercom: the rating of a conversation, and the remark that may follow.

https://developers.intercom.com/docs/webhooks/
"""

from __future__ import annotations

from typing import Any

from monitor.domain.feedback import Author, Feedback, Kind, Scale
from sources._normalise import to_external_id, to_http_link
from sources.webhook.json_paths import number_at, object_at, required_text_at, text_at, time_at
from sources.webhook.preset import EventContext, ParsedEvent, WebhookPreset, to_rating
from sources.webhook.signatures import encode_hex, make_hmac_verifier

_TOPIC = "conversation.rating."


def _parse_intercom_event(event: Any, context: EventContext) -> ParsedEvent:
    if not required_text_at(event, "topic").startswith(_TOPIC):
        return ParsedEvent()
    item = object_at(event, "data.item")
    conversation_id = required_text_at(event, "data.item.id")
    rated = object_at(item, "conversation_rating")
    rating, problems = to_rating(number_at(rated, "rating"), context.scale_or_default(Scale.CSAT5))
    feedback = Feedback(
        source_id=context.source_id,
        external_id=to_external_id(conversation_id),
        kind=context.kind_or_default(Kind.SURVEY),
        body=text_at(rated, "remark"),
        author=Author(
            name=text_at(item, "source.author.name"),
            id=text_at(rated, "contact.id") or text_at(rated, "customer.id"),
        ),
        rating=rating,
        created_at=time_at(rated, "created_at"),
        edited_at=time_at(rated, "updated_at") or time_at(event, "created_at"),
        url=to_http_link(text_at(item, "links.conversation_web")),
        thread_id=conversation_id,
    )
    return ParsedEvent(feedback, problems)


PRESET = WebhookPreset(
    make_verifier=lambda _: make_hmac_verifier("x-hub-signature", "sha1", encode_hex, "sha1="),
    event_id_path="id",
    parse_event=_parse_intercom_event,
)
