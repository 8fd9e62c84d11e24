"""Intercom: a conversation was rated, and perhaps remarked on later.

https://developers.intercom.com/docs/webhooks/
"""

from __future__ import annotations

from typing import Any

from monitor.domain.feedback import Author, Feedback, Kind, Scale
from sources._normalise import identity, link
from sources.webhook.json_paths import figure, mapped, moment, needed, text
from sources.webhook.preset import Desk, Preset, Read, rated
from sources.webhook.signatures import hexadecimal, signature

_TOPIC = "conversation.rating."


def _read(event: Any, desk: Desk) -> Read:
    if not needed(event, "topic").startswith(_TOPIC):
        return Read()
    item = mapped(event, "data.item")
    conversation_id = needed(event, "data.item.id")
    given = mapped(item, "conversation_rating")
    rating, problems = rated(figure(given, "rating"), desk.scale(Scale.CSAT5))
    feedback = Feedback(
        source_id=desk.source_id,
        external_id=identity(conversation_id),
        kind=desk.kind(Kind.SURVEY),
        body=text(given, "remark"),
        author=Author(
            name=text(item, "source.author.name"),
            id=text(given, "contact.id") or text(given, "customer.id"),
        ),
        rating=rating,
        created_at=moment(given, "created_at"),
        edited_at=moment(given, "updated_at") or moment(event, "created_at"),
        url=link(text(item, "links.conversation_web")),
        thread_id=conversation_id,
    )
    return Read(feedback, problems)


PRESET = Preset(
    proof=lambda _: signature("x-hub-signature", "sha1", hexadecimal, "sha1="),
    event_id="id",
    read=_read,
)
