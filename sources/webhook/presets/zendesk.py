"""Zendesk: a trigger that sends the rating of a ticket, or a subscription to answered surveys.

https://developer.zendesk.com/documentation/webhooks/verifying/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.domain.feedback import Author, Feedback, Kind, Rating, Scale
from sources._normalise import identity, iso_time, link, number
from sources.webhook.json_paths import listed, mapped, moment, needed, text
from sources.webhook.preset import Desk, Preset, Read, paragraphs, rated
from sources.webhook.signatures import timed_signature

_EVENT = "zen:event-type:"
_THUMBS: Mapping[str, float] = {"good": 1, "bad": 0}
#: What a ticket says that was not rated.
_UNRATED = ("", "offered", "unoffered")


def _read(event: Any, desk: Desk) -> Read:
    if text(event, "type").startswith(_EVENT):
        return _answered(event, desk)
    ticket_id = needed(event, "ticket_id")
    word = text(event, "rating")
    if word.lower() in _UNRATED:
        return Read()
    rating, problems = _rating(word, desk)
    feedback = Feedback(
        source_id=desk.source_id,
        external_id=identity(f"ticket:{ticket_id}"),
        kind=desk.kind(Kind.SURVEY),
        body=text(event, "comment"),
        author=Author(name=text(event, "requester"), id=text(event, "requester_id")),
        rating=rating,
        created_at=moment(event, "rated_at"),
        edited_at=moment(event, "rated_at"),
        url=_url(text(event, "url")),
        thread_id=ticket_id,
    )
    return Read(feedback, problems)


def _answered(event: Any, desk: Desk) -> Read:
    """An answered survey: the response stands in `event` or in `detail`."""
    response = (
        mapped(event, "event.survey_response") or mapped(event, "event") or mapped(event, "detail")
    )
    answers = listed(response, "answers") or listed(event, "detail.answers")
    if not answers:
        return Read()
    response_id = text(response, "id") or needed(event, "detail.id")
    rating_answer = next(
        (answer for answer in answers if text(answer, "type") == "rating_scale"), None
    )
    rating, problems = _rating(
        text(rating_answer, "rating") or text(rating_answer, "rating_category"), desk
    )
    words = [text(answer, "value") for answer in answers if text(answer, "type") == "open_ended"]
    feedback = Feedback(
        source_id=desk.source_id,
        external_id=identity(f"response:{response_id}"),
        kind=desk.kind(Kind.SURVEY),
        body=paragraphs(words),
        author=Author(id=text(response, "responder_id")),
        rating=rating,
        created_at=moment(event, "time"),
        edited_at=moment(event, "time"),
        thread_id=text(response, "subjects[0].id"),
    )
    return Read(feedback, problems)


def _rating(word: str, desk: Desk) -> tuple[Rating | None, tuple[str, ...]]:
    """Good and bad, as tickets are rated by default, or a figure from 1 to 5."""
    first = word.lower().split(",")[0].split(" ")[0]
    if first in _THUMBS:
        return rated(_THUMBS[first], Scale.THUMBS)
    return rated(number(word), desk.scale(Scale.CSAT5))


def _url(text_of_url: str) -> str:
    """A ticket's address as placeholders write it: without its scheme."""
    return link(text_of_url if "//" in text_of_url or not text_of_url else f"https://{text_of_url}")


_TIME = "x-zendesk-webhook-signature-timestamp"

PRESET = Preset(
    proof=lambda _: timed_signature("x-zendesk-webhook-signature", _TIME),
    sent_at=lambda request: iso_time(request.headers.get(_TIME)),
    event_id="id",
    read=_read,
)
