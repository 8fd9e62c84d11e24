"""Delighted: the click sends the score, and minutes later another event adds the comment.

https://delighted.com/docs/api/webhooks
"""

from __future__ import annotations

from typing import Any

from monitor.domain.feedback import Author, Feedback, Kind, Scale
from sources._normalise import drop_empty, to_external_id, to_http_link
from sources.webhook.json_paths import (
    list_at,
    number_at,
    object_at,
    required_text_at,
    text_at,
    time_at,
)
from sources.webhook.preset import (
    EventContext,
    ParsedEvent,
    WebhookPreset,
    join_paragraphs,
    to_rating,
)
from sources.webhook.signatures import has_valid_token

_EVENTS = ("survey_response.created", "survey_response.updated")
_SCALES = {
    "nps": Scale.NPS,
    "enps": Scale.NPS,
    "csat": Scale.CSAT5,
    "ces": Scale.CES7,
    "ces7": Scale.CES7,
    "five_star": Scale.STARS5,
    "smileys": Scale.STARS5,
    "thumbs": Scale.THUMBS,
}


def _parse_delighted_event(event: Any, context: EventContext) -> ParsedEvent:
    if text_at(event, "event_type") not in _EVENTS:
        return ParsedEvent()
    data = object_at(event, "event_data")
    response_id = required_text_at(event, "event_data.id")
    scale = context.options.rating_scale or _SCALES.get(text_at(data, "survey_type"))
    rating, problems = to_rating(number_at(data, "score"), scale) if scale else (None, ())
    additional_answers = list_at(data, "additional_answers")
    more = [text_at(answer, "value.free_response") for answer in additional_answers]
    person = object_at(data, "person_properties")
    properties = {name: text_at(value) for name, value in person.items()}
    return ParsedEvent(
        Feedback(
            source_id=context.source_id,
            external_id=to_external_id(response_id),
            kind=context.kind_or_default(Kind.SURVEY),
            body=join_paragraphs([text_at(data, "comment"), *more]),
            author=Author(name=text_at(data, "person.name"), id=text_at(data, "person.id")),
            rating=rating,
            created_at=time_at(data, "created_at"),
            edited_at=time_at(data, "updated_at"),
            url=to_http_link(text_at(data, "permalink")),
            attributes=drop_empty(properties),
        ),
        problems,
    )


PRESET = WebhookPreset(
    make_verifier=lambda _: has_valid_token,
    event_id_path="event_id",
    parse_event=_parse_delighted_event,
)
