"""Typeform: one event for each submitted form, with the answers and the form's questions.

https://www.typeform.com/developers/webhooks/
"""

from __future__ import annotations

import base64
from typing import Any

from monitor.domain.feedback import Feedback, Kind, Scale
from sources._normalise import to_external_id
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
from sources.webhook.signatures import make_hmac_verifier

_SCALES = {"nps": Scale.NPS, "opinion_scale": Scale.NPS, "rating": Scale.STARS5}


def _parse_typeform_event(event: Any, context: EventContext) -> ParsedEvent:
    if not text_at(event, "event_type").startswith("form_response"):
        return ParsedEvent()
    response = object_at(event, "form_response")
    response_id = required_text_at(event, "form_response.token")
    answers = list_at(response, "answers")
    titles = _map_question_titles(response)
    rated = next((answer for answer in answers if text_at(answer, "field.type") in _SCALES), None)
    scale = context.scale_or_default(_SCALES.get(text_at(rated, "field.type"), Scale.NPS))
    rating, problems = to_rating(number_at(rated, "number"), scale)
    written = _select_written_answers(answers)
    asked = written[0] if written else rated
    return ParsedEvent(
        Feedback(
            source_id=context.source_id,
            external_id=to_external_id(response_id),
            kind=context.kind_or_default(Kind.SURVEY),
            body=join_paragraphs([text_at(answer, "text") for answer in written]),
            question=titles.get(text_at(asked, "field.id"), ""),
            rating=rating,
            created_at=time_at(response, "submitted_at"),
            attributes=_choice_attributes(response, answers, titles),
        ),
        problems,
    )


def _map_question_titles(response: Any) -> dict[str, str]:
    """Return {field id: title of the question}."""
    fields = list_at(response, "definition.fields")
    return {text_at(field, "id"): text_at(field, "title") for field in fields}


def _select_written_answers(answers: list[Any]) -> list[Any]:
    """Return the long written answers; the short ones where there are none.

    A short answer is often a name or a number.
    """
    written = [answer for answer in answers if text_at(answer, "type") == "text"]
    return [answer for answer in written if text_at(answer, "field.type") == "long_text"] or written


def _choice_attributes(response: Any, answers: list[Any], titles: dict[str, str]) -> dict[str, str]:
    """Return the choices by question, and the hidden fields.

    Answers of other types are left out: they may hold addresses and telephone numbers.
    """
    attributes = {name: text_at(value) for name, value in object_at(response, "hidden").items()}
    for answer in answers:
        chosen = [
            text_at(answer, "choice.label"),
            text_at(answer, "boolean"),
            *map(text_at, list_at(answer, "choices.labels")),
        ]
        title = titles.get(text_at(answer, "field.id"), "")
        attributes[title] = ", ".join(label for label in chosen if label)
    return {name: value for name, value in attributes.items() if name and value}


PRESET = WebhookPreset(
    make_verifier=lambda _: make_hmac_verifier(
        "typeform-signature", "sha256", base64.b64encode, "sha256="
    ),
    event_id_path="event_id",
    parse_event=_parse_typeform_event,
)
