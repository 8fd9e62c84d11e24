"""What a service that calls us is: how it proves itself, and how it writes down what customers
said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from monitor.domain.feedback import Feedback, Kind, Rating, Scale
from monitor.errors import suggest_nearest
from monitor.settings import Variable
from sources._columns import ATTRIBUTE_PREFIX, COLUMN_NAMES
from sources.base import HookRequest, SourceOptions
from sources.webhook.signatures import RequestVerifier


class PresetName(StrEnum):
    """Whose way of signing and writing is understood."""

    GENERIC = "generic"
    TYPEFORM = "typeform"
    DELIGHTED = "delighted"
    SURVEYMONKEY = "surveymonkey"
    TRUSTPILOT = "trustpilot"
    ZENDESK = "zendesk"
    INTERCOM = "intercom"


class WebhookOptions(SourceOptions):
    """The keys of a source that a service calls."""

    preset: PresetName = PresetName.GENERIC  #: the service; generic is any that sends JSON
    #: the environment variable with the secret shared with the service
    secret_env: Variable = Field(min_length=1)
    old_secret_env: Variable = ""  #: the one with the secret before, while it is replaced
    #: our name = path in the JSON
    mapping: Mapping[str, str] = Field(default_factory=dict, validate_default=True)
    rating_scale: Scale | None = None  #: where the service does not say it, or says it wrongly
    items: Kind | None = None  #: what is sent; where not given, what the service usually sends
    #: generic: where an HMAC-SHA256 stands
    signature_header: str = Field(default="", pattern=r"^[A-Za-z0-9-]*$")
    #: surveymonkey: of the app, part of its signature
    client_id: str = Field(default="", validate_default=True)
    #: surveymonkey: variable with the access token
    token_env: Variable = Field(default="", validate_default=True)
    #: surveymonkey: for the EU
    api_url: str = Field(default="https://api.surveymonkey.com", pattern="^https?://")

    @field_validator("mapping")
    @classmethod
    def _check_mapping(cls, mapping: Mapping[str, str], info: ValidationInfo) -> Mapping[str, str]:
        if info.data.get("preset") is not PresetName.GENERIC:
            if mapping:
                raise ValueError('only preset = "generic" takes a mapping')
            return mapping
        for name in mapping:
            if name not in COLUMN_NAMES and not (
                name.startswith(ATTRIBUTE_PREFIX) and len(name) > len(ATTRIBUTE_PREFIX)
            ):
                raise ValueError(f"unknown name {name!r}; {suggest_nearest(name, COLUMN_NAMES)}")
        if not {"title", "body", "rating"} & mapping.keys():
            raise ValueError(
                'say where title, body or rating stand, like { body = "data.review.text" }'
            )
        return mapping

    @field_validator("signature_header")
    @classmethod
    def _check_signature_header(cls, value: str, info: ValidationInfo) -> str:
        if value and info.data.get("preset") is not PresetName.GENERIC:
            raise ValueError(
                'only preset = "generic" takes it; the other services have a header of their own'
            )
        return value.lower()

    @field_validator("client_id", "token_env")
    @classmethod
    def _check_surveymonkey_only(cls, value: str, info: ValidationInfo) -> str:
        if bool(value) != (info.data.get("preset") is PresetName.SURVEYMONKEY):
            raise ValueError(
                "SurveyMonkey needs it" if not value else 'only preset = "surveymonkey" takes it'
            )
        return value


@dataclass(frozen=True, slots=True)
class EventContext:
    """What is at hand while an event is read."""

    source_id: str
    options: WebhookOptions
    fetch_json: Callable[[str], Any]  #: the JSON that the service's interface has at a path

    def kind_or_default(self, default: Kind) -> Kind:
        """What is sent, unless the options say otherwise."""
        return self.options.items or default

    def scale_or_default(self, default: Scale) -> Scale:
        """The scale of the ratings, unless the options say otherwise."""
        return self.options.rating_scale or default


@dataclass(frozen=True, slots=True)
class ParsedEvent:
    """What an event says: nothing of interest, or a feedback and what was wrong with it."""

    feedback: Feedback | None = None
    problems: tuple[str, ...] = ()  #: places only: never a customer's words


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPreset:
    """One service."""

    make_verifier: Callable[[WebhookOptions], RequestVerifier]
    #: when it was signed, where the service signs that
    read_signed_at: Callable[[HookRequest], datetime | None] | None = None
    #: path of what makes an event the same when it is sent again; empty: the whole body does
    event_id_path: str = ""
    split_events: Callable[[Any], Sequence[Any]] = lambda data: [data]
    parse_event: Callable[[Any, EventContext], ParsedEvent]  #: raises Unreadable


def to_rating(value: float | None, scale: Scale) -> tuple[Rating | None, tuple[str, ...]]:
    """A figure as rating, or the problem with it; nothing for no figure."""
    if value is None:
        return None, ()
    found = Rating.from_value(value, scale)
    return found, () if found else (f"a rating that is not on the scale {scale}; set rating_scale",)


def join_paragraphs(texts: Sequence[str]) -> str:
    """Several answers as one text."""
    return "\n\n".join(text for text in texts if text)
