"""Typeform: one event for each submitted form, its answers beside the definition of its questions.

https://www.typeform.com/developers/webhooks/
"""

from __future__ import annotations

import base64
from typing import Any

from monitor.domain.feedback import Feedback, Kind, Scale
from sources._normalise import identity
from sources.webhook.json_paths import figure, listed, mapped, moment, needed, text
from sources.webhook.preset import Desk, Preset, Read, paragraphs, rated
from sources.webhook.signatures import signature

_SCALES = {"nps": Scale.NPS, "opinion_scale": Scale.NPS, "rating": Scale.STARS5}


def _read(event: Any, desk: Desk) -> Read:
    if not text(event, "event_type").startswith("form_response"):
        return Read()
    response = mapped(event, "form_response")
    response_id = needed(event, "form_response.token")
    answers, titles = listed(response, "answers"), _titles(response)
    score = next((answer for answer in answers if text(answer, "field.type") in _SCALES), None)
    usual = _SCALES.get(text(score, "field.type"), Scale.NPS)
    rating, problems = rated(figure(score, "number"), desk.scale(usual))
    words = _words(answers)
    asked = words[:1] or [score]
    return Read(
        Feedback(
            source_id=desk.source_id,
            external_id=identity(response_id),
            kind=desk.kind(Kind.SURVEY),
            body=paragraphs([text(answer, "text") for answer in words]),
            question=titles.get(text(asked[0], "field.id"), ""),
            rating=rating,
            created_at=moment(response, "submitted_at"),
            attributes=_attributes(response, answers, titles),
        ),
        problems,
    )


def _titles(response: Any) -> dict[str, str]:
    """The questions by the ids of their fields."""
    fields = listed(response, "definition.fields")
    return {text(field, "id"): text(field, "title") for field in fields}


def _words(answers: list[Any]) -> list[Any]:
    """The long answers; the short ones, which are often a name or a number, only where there is
    none.
    """
    written = [answer for answer in answers if text(answer, "type") == "text"]
    return [answer for answer in written if text(answer, "field.type") == "long_text"] or written


def _attributes(response: Any, answers: list[Any], titles: dict[str, str]) -> dict[str, str]:
    """What was chosen, by question, and the hidden fields; no addresses and no telephone
    numbers.
    """
    found = {name: text(value) for name, value in mapped(response, "hidden").items()}
    for answer in answers:
        chosen = [
            text(answer, "choice.label"),
            text(answer, "boolean"),
            *map(text, listed(answer, "choices.labels")),
        ]
        found[titles.get(text(answer, "field.id"), "")] = ", ".join(filter(None, chosen))
    return {name: value for name, value in found.items() if name and value}


PRESET = Preset(
    proof=lambda _: signature("typeform-signature", "sha256", base64.b64encode, "sha256="),
    event_id="event_id",
    read=_read,
)
