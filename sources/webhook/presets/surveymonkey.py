"""SurveyMonkey: an event holds ids only, and the response is fetched as it is now.

https://api.surveymonkey.com/v3/docs
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from monitor.domain.feedback import Feedback, Kind, Rating, Scale
from sources._normalise import identity, link, number
from sources.base import HookRequest
from sources.webhook.json_paths import at, figure, listed, moment, needed, text
from sources.webhook.preset import Desk, Preset, Read, WebhookOptions, paragraphs, rated
from sources.webhook.signatures import Proof, signature

_CHANGED = ("response_completed", "response_updated", "response_created")
_DELETED = "response_deleted"
#: The weights of the three groups of a Net Promoter question; the answer itself is the choice's
#: text.
_NPS_WEIGHTS = (-100, 0, 100)


def _proof(options: WebhookOptions) -> Proof:
    signed = signature("sm-signature", "sha1", base64.b64encode)

    def proves(request: HookRequest, secret: bytes) -> bool:
        return signed(request, options.client_id.encode() + b"&" + secret)

    return proves


def _read(event: Any, desk: Desk) -> Read:
    what = text(event, "event_type")
    if what != _DELETED and what not in _CHANGED:
        return Read()
    response_id = needed(event, "object_id")
    if what == _DELETED:
        return Read(
            Feedback(source_id=desk.source_id, external_id=identity(response_id), deleted=True)
        )
    survey_id = text(event, "resources.survey_id") or needed(event, "filter_id")
    place = f"/v3/surveys/{quote(survey_id, safe='')}/responses/{quote(response_id, safe='')}/details?simple=true"
    return _response(desk.ask(place), response_id, desk)


def _response(response: Any, response_id: str, desk: Desk) -> Read:
    questions = [
        question for page in listed(response, "pages") for question in listed(page, "questions")
    ]
    rating, problems, score = _rating(questions, desk)
    open_ended = [question for question in questions if text(question, "family") == "open_ended"]
    chosen = [question for question in questions if text(question, "family").endswith("_choice")]
    return Read(
        Feedback(
            source_id=desk.source_id,
            external_id=identity(response_id),
            kind=desk.kind(Kind.SURVEY),
            body=paragraphs([_said(question) for question in open_ended]),
            question=text((open_ended or [score])[0], "heading"),
            rating=rating,
            created_at=moment(response, "date_created"),
            edited_at=moment(response, "date_modified"),
            url=link(text(response, "analyze_url")),
            attributes={
                text(question, "heading"): _said(question) for question in chosen if _said(question)
            },
        ),
        problems,
    )


def _rating(questions: list[Any], desk: Desk) -> tuple[Rating | None, tuple[str, ...], Any]:
    """The first rating with its problems and its question."""
    for question in questions:
        answer = next(
            (one for one in listed(question, "answers") if at(one, "choice_metadata") is not None),
            None,
        )
        weight, written = (
            figure(answer, "choice_metadata.weight"),
            number(text(answer, "simple_text")),
        )
        if answer is None or (weight is None and written is None):
            continue
        promoter = text(question, "subtype") == "nps" or (
            weight in _NPS_WEIGHTS and weight != written
        )
        scale = desk.scale(Scale.NPS if promoter else Scale.STARS5)
        value = written if scale is Scale.NPS or weight is None else weight
        return (*rated(value, scale), question)
    return None, (), None


def _said(question: Any) -> str:
    return ", ".join(
        filter(
            None,
            (text(one, "simple_text") or text(one, "text") for one in listed(question, "answers")),
        )
    )


PRESET = Preset(proof=_proof, event_id="event_id", read=_read)
