"""Trustpilot: several events in one request, unsigned; a review that is deleted there is deleted
here.

https://support.trustpilot.com/ (How to set up Trustpilot Webhooks)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monitor.domain.feedback import Author, Feedback, Kind, Scale
from sources._normalise import identity, language
from sources.webhook.json_paths import figure, listed, mapped, moment, needed, text
from sources.webhook.preset import Desk, Preset, Read, rated
from sources.webhook.signatures import token

_SITE = "https://www.trustpilot.com/reviews/"


def _events(data: Any) -> Sequence[Any]:
    return listed(data, "events") or [data]


def _read(event: Any, desk: Desk) -> Read:
    _, about_review, what = needed(event, "eventName").rpartition("-review-")
    if not about_review:
        return Read()
    data = mapped(event, "eventData")
    review_id = needed(event, "eventData.id")
    if what == "deleted":
        return Read(
            Feedback(source_id=desk.source_id, external_id=identity(review_id), deleted=True)
        )
    rating, problems = rated(figure(data, "stars"), desk.scale(Scale.STARS5))
    tags = {text(tag, "group"): text(tag, "value") for tag in listed(data, "tags")}
    known = {"verified": text(data, "isVerified"), "location": text(data, "locationId"), **tags}
    return Read(
        Feedback(
            source_id=desk.source_id,
            external_id=identity(review_id),
            kind=desk.kind(Kind.REVIEW),
            title=text(data, "title"),
            body=text(data, "text"),
            author=Author(name=text(data, "consumer.name"), id=text(data, "consumer.id")),
            language=language(text(data, "language")),
            rating=rating,
            created_at=moment(data, "createdAt"),
            edited_at=moment(data, "updatedAt"),
            url=_SITE + review_id if review_id.isascii() and review_id.isalnum() else "",
            attributes={name: value for name, value in known.items() if name and value},
        ),
        problems,
    )


PRESET = Preset(proof=lambda _: token, events=_events, read=_read)
