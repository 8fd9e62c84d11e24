"""Delighted: the score comes with the click, the comment minutes later in an event for the same
response.

https://delighted.com/docs/api/webhooks
"""

from __future__ import annotations

from typing import Any

from monitor.domain.feedback import Author, Feedback, Kind, Scale
from sources._normalise import identity, link
from sources.webhook.json_paths import figure, listed, mapped, moment, needed, text
from sources.webhook.preset import Desk, Preset, Read, paragraphs, rated
from sources.webhook.signatures import token

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


def _read(event: Any, desk: Desk) -> Read:
    if text(event, "event_type") not in _EVENTS:
        return Read()
    data = mapped(event, "event_data")
    response_id = needed(event, "event_data.id")
    usual = _SCALES.get(text(data, "survey_type"))
    scale = desk.options.rating_scale or usual
    rating, problems = rated(figure(data, "score"), scale) if scale else (None, ())
    more = [text(answer, "value.free_response") for answer in listed(data, "additional_answers")]
    properties = {name: text(value) for name, value in mapped(data, "person_properties").items()}
    return Read(
        Feedback(
            source_id=desk.source_id,
            external_id=identity(response_id),
            kind=desk.kind(Kind.SURVEY),
            body=paragraphs([text(data, "comment"), *more]),
            author=Author(name=text(data, "person.name"), id=text(data, "person.id")),
            rating=rating,
            created_at=moment(data, "created_at"),
            edited_at=moment(data, "updated_at"),
            url=link(text(data, "permalink")),
            attributes={name: value for name, value in properties.items() if value},
        ),
        problems,
    )


PRESET = Preset(proof=lambda _: token, event_id="event_id", read=_read)
