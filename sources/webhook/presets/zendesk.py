"""Zendesk: a trigger that sends the rating of a ticket, or a subscription to answered surveys.

https://developer.zendesk.com/documentation/webhooks/verifying/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.domain.feedback import Author, Feedback, Kind, Rating, Scale
from sources._normalise import parse_leading_number, to_external_id, to_http_link
from sources._times import parse_iso_time
from sources.webhook.json_paths import list_at, object_at, required_text_at, text_at, time_at
from sources.webhook.preset import (
    EventContext,
    ParsedEvent,
    WebhookPreset,
    join_paragraphs,
    to_rating,
)
from sources.webhook.signatures import make_timed_hmac_verifier

_SURVEY_EVENT_PREFIX = "zen:event-type:"
_THUMBS: Mapping[str, float] = {"good": 1, "bad": 0}
#: The rating of a ticket that was not rated.
_UNRATED = ("", "offered", "unoffered")


def _parse_zendesk_event(event: Any, context: EventContext) -> ParsedEvent:
    if text_at(event, "type").startswith(_SURVEY_EVENT_PREFIX):
        return _parse_answered_survey(event, context)
    ticket_id = required_text_at(event, "ticket_id")
    word = text_at(event, "rating")
    if word.lower() in _UNRATED:
        return ParsedEvent()
    rating, problems = _parse_zendesk_rating(word, context)
    feedback = Feedback(
        source_id=context.source_id,
        external_id=to_external_id(f"ticket:{ticket_id}"),
        kind=context.kind_or_default(Kind.SURVEY),
        body=text_at(event, "comment"),
        author=Author(name=text_at(event, "requester"), id=text_at(event, "requester_id")),
        rating=rating,
        created_at=time_at(event, "rated_at"),
        edited_at=time_at(event, "rated_at"),
        url=_ticket_url(text_at(event, "url")),
        thread_id=ticket_id,
    )
    return ParsedEvent(feedback, problems)


def _parse_answered_survey(event: Any, context: EventContext) -> ParsedEvent:
    """Parse an answered survey, whose response is in `event` or in `detail`."""
    response = (
        object_at(event, "event.survey_response")
        or object_at(event, "event")
        or object_at(event, "detail")
    )
    answers = list_at(response, "answers") or list_at(event, "detail.answers")
    if not answers:
        return ParsedEvent()
    response_id = text_at(response, "id") or required_text_at(event, "detail.id")
    rated = next((answer for answer in answers if text_at(answer, "type") == "rating_scale"), None)
    rating_text = text_at(rated, "rating") or text_at(rated, "rating_category")
    rating, problems = _parse_zendesk_rating(rating_text, context)
    open_ended = [answer for answer in answers if text_at(answer, "type") == "open_ended"]
    feedback = Feedback(
        source_id=context.source_id,
        external_id=to_external_id(f"response:{response_id}"),
        kind=context.kind_or_default(Kind.SURVEY),
        body=join_paragraphs([text_at(answer, "value") for answer in open_ended]),
        author=Author(id=text_at(response, "responder_id")),
        rating=rating,
        created_at=time_at(event, "time"),
        edited_at=time_at(event, "time"),
        thread_id=text_at(response, "subjects[0].id"),
    )
    return ParsedEvent(feedback, problems)


def _parse_zendesk_rating(
    word: str, context: EventContext
) -> tuple[Rating | None, tuple[str, ...]]:
    """Convert "good" or "bad", as tickets are rated by default, or a number from 1 to 5."""
    first = word.lower().split(",")[0].split(" ")[0]
    if first in _THUMBS:
        return to_rating(_THUMBS[first], Scale.THUMBS)
    return to_rating(parse_leading_number(word), context.scale_or_default(Scale.CSAT5))


def _ticket_url(address: str) -> str:
    """Return the link to a ticket; Zendesk's placeholders write it without its scheme."""
    if address and "//" not in address:
        address = f"https://{address}"
    return to_http_link(address)


_TIME = "x-zendesk-webhook-signature-timestamp"

PRESET = WebhookPreset(
    make_verifier=lambda _: make_timed_hmac_verifier("x-zendesk-webhook-signature", _TIME),
    read_signed_at=lambda request: parse_iso_time(request.headers.get(_TIME)),
    event_id_path="id",
    parse_event=_parse_zendesk_event,
)
