"""What services send to Acme's hooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime

Call = tuple[bytes, dict[str, str]]


def typeform(number: int, score: int, words: str, at: datetime) -> Call:
    """A filled-in form, signed as Typeform signs it."""
    answers = [
        {
            "type": "number",
            "number": score,
            "field": {"id": "f1", "type": "opinion_scale", "ref": "again"},
        },
        {"type": "text", "text": words, "field": {"id": "f2", "type": "long_text"}},
    ]
    fields = [
        {"id": "f1", "ref": "again", "type": "opinion_scale", "title": "Would you come again?"},
        {"id": "f2", "ref": "why", "type": "long_text", "title": "Why?"},
    ]
    response = {
        "form_id": "acme1",
        "token": f"resp-{number}",
        "submitted_at": at.isoformat(),
        "hidden": {"plan": "pro"},
        "definition": {"id": "acme1", "title": "After your visit", "fields": fields},
        "answers": answers,
    }
    event = {
        "event_id": f"event-{number}",
        "event_type": "form_response",
        "form_response": response,
    }
    body = json.dumps(event).encode()
    digest = hmac.new(
        b"survey-secret-before" if number == 1 else b"survey-secret-now", body, hashlib.sha256
    ).digest()
    return body, {"Typeform-Signature": "sha256=" + base64.b64encode(digest).decode()}


def panel(number: int) -> Call:
    """A response that has to be fetched, signed as SurveyMonkey signs it."""
    event = {
        "event_id": f"panel-{number}",
        "event_type": "response_completed",
        "object_id": str(number),
        "resources": {"survey_id": "7"},
    }
    body = json.dumps(event).encode()
    digest = hmac.new(b"acme-panel&panel-secret-value", body, hashlib.sha1).digest()
    return body, {"Sm-Signature": base64.b64encode(digest).decode()}
