"""Typeform: one event for each submitted form, its answers beside the definition of its questions.

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
    answers, titles = list_at(response, "answers"), _map_question_titles(response)
    score = next((answer for answer in answers if text_at(answer, "field.type") in _SCALES), None)
    usual = _SCALES.get(text_at(score, "field.type"), Scale.NPS)
    rating, problems = to_rating(number_at(score, "number"), context.scale_or_default(usual))
    words = _select_written_answers(answers)
    asked = words[:1] or [score]
    return ParsedEvent(
        Feedback(
            source_id=context.source_id,
            external_id=to_external_id(response_id),
            kind=context.kind_or_default(Kind.SURVEY),
            body=join_paragraphs([text_at(answer, "text") for answer in words]),
            question=titles.get(text_at(asked[0], "field.id"), ""),
            rating=rating,
            created_at=time_at(response, "submitted_at"),
            attributes=_choice_attributes(response, answers, titles),
        ),
        problems,
    )


def _map_question_titles(response: Any) -> dict[str, str]:
    """The questions by the ids of their fields."""
    fields = list_at(response, "definition.fields")
    return {text_at(field, "id"): text_at(field, "title") for field in fields}


def _select_written_answers(answers: list[Any]) -> list[Any]:
    """The long answers; the short ones, which are often a name or a number, only where there is
    none.
    """
    written = [answer for answer in answers if text_at(answer, "type") == "text"]
    return [answer for answer in written if text_at(answer, "field.type") == "long_text"] or written


def _choice_attributes(response: Any, answers: list[Any], titles: dict[str, str]) -> dict[str, str]:
    """What was chosen, by question, and the hidden fields; no addresses and no telephone
    numbers.
    """
    found = {name: text_at(value) for name, value in object_at(response, "hidden").items()}
    for answer in answers:
        chosen = [
            text_at(answer, "choice.label"),
            text_at(answer, "boolean"),
            *map(text_at, list_at(answer, "choices.labels")),
        ]
        found[titles.get(text_at(answer, "field.id"), "")] = ", ".join(filter(None, chosen))
    return {name: value for name, value in found.items() if name and value}


PRESET = WebhookPreset(
    make_verifier=lambda _: make_hmac_verifier(
        "typeform-signature", "sha256", base64.b64encode, "sha256="
    ),
    event_id_path="event_id",
    parse_event=_parse_typeform_event,
)
