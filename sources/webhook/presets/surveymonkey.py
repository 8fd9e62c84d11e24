"""SurveyMonkey: an event holds ids only; the response is fetched as it is now.

https://api.surveymonkey.com/v3/docs
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from monitor.domain.feedback import Feedback, Kind, Rating, Scale
from sources._normalise import parse_leading_number, to_external_id, to_http_link
from sources.base import HookRequest
from sources.webhook.json_paths import (
    list_at,
    number_at,
    required_text_at,
    text_at,
    time_at,
    value_at,
)
from sources.webhook.preset import (
    EventContext,
    ParsedEvent,
    WebhookOptions,
    WebhookPreset,
    join_paragraphs,
    to_rating,
)
from sources.webhook.signatures import RequestVerifier, make_hmac_verifier

_CHANGED = ("response_completed", "response_updated", "response_created")
_DELETED = "response_deleted"
#: The weights of a Net Promoter question's three groups; the score is the text of the choice.
_NPS_WEIGHTS = (-100, 0, 100)


def _make_surveymonkey_verifier(options: WebhookOptions) -> RequestVerifier:
    verify_hmac = make_hmac_verifier("sm-signature", "sha1", base64.b64encode)

    def is_genuine(request: HookRequest, secret: bytes) -> bool:
        return verify_hmac(request, options.client_id.encode() + b"&" + secret)

    return is_genuine


def _parse_surveymonkey_event(event: Any, context: EventContext) -> ParsedEvent:
    event_type = text_at(event, "event_type")
    if event_type != _DELETED and event_type not in _CHANGED:
        return ParsedEvent()
    response_id = required_text_at(event, "object_id")
    if event_type == _DELETED:
        return context.deletion_of(response_id)
    survey_id = text_at(event, "resources.survey_id") or required_text_at(event, "filter_id")
    survey = f"/v3/surveys/{quote(survey_id, safe='')}"
    path = f"{survey}/responses/{quote(response_id, safe='')}/details?simple=true"
    return _parse_survey_answers(context.fetch_json(path), response_id, context)


def _parse_survey_answers(response: Any, response_id: str, context: EventContext) -> ParsedEvent:
    questions = [
        question for page in list_at(response, "pages") for question in list_at(page, "questions")
    ]
    rating, problems, rated_question = _find_survey_rating(questions, context)
    open_ended = [question for question in questions if text_at(question, "family") == "open_ended"]
    choices = [
        (text_at(question, "heading"), _join_answer_texts(question))
        for question in questions
        if text_at(question, "family").endswith("_choice")
    ]
    return ParsedEvent(
        Feedback(
            source_id=context.source_id,
            external_id=to_external_id(response_id),
            kind=context.kind_or_default(Kind.SURVEY),
            body=join_paragraphs([_join_answer_texts(question) for question in open_ended]),
            question=text_at((open_ended or [rated_question])[0], "heading"),
            rating=rating,
            created_at=time_at(response, "date_created"),
            edited_at=time_at(response, "date_modified"),
            url=to_http_link(text_at(response, "analyze_url")),
            attributes={heading: answer for heading, answer in choices if answer},
        ),
        problems,
    )


def _find_survey_rating(
    questions: list[Any], context: EventContext
) -> tuple[Rating | None, tuple[str, ...], Any]:
    """Return (rating, problems, question) of the first rated question; (None, (), None) for none.

    A question is rated if an answer to it has a weight or starts with a number.
    """
    for question in questions:
        answer = _find_weighted_answer(question)
        weight = number_at(answer, "choice_metadata.weight")
        written = parse_leading_number(text_at(answer, "simple_text"))
        if answer is None or (weight is None and written is None):
            continue
        has_group_weight = weight in _NPS_WEIGHTS and weight != written
        is_nps = text_at(question, "subtype") == "nps" or has_group_weight
        scale = context.scale_or_default(Scale.NPS if is_nps else Scale.STARS5)
        value = written if scale is Scale.NPS or weight is None else weight
        return (*to_rating(value, scale), question)
    return None, (), None


def _find_weighted_answer(question: Any) -> Any:
    for answer in list_at(question, "answers"):
        if value_at(answer, "choice_metadata") is not None:
            return answer
    return None


def _join_answer_texts(question: Any) -> str:
    answers = list_at(question, "answers")
    texts = [text_at(answer, "simple_text") or text_at(answer, "text") for answer in answers]
    return ", ".join(text for text in texts if text)


PRESET = WebhookPreset(
    make_verifier=_make_surveymonkey_verifier,
    event_id_path="event_id",
    parse_event=_parse_surveymonkey_event,
    required_options=dict.fromkeys(("client_id", "token_env"), "SurveyMonkey needs it"),
)
