"""The options of a webhook source and its presets: one file for each service, found by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any, TypeVar

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError

from monitor.domain.feedback import Feedback, Kind, Rating, Scale
from monitor.errors import suggest_nearest
from monitor.registry import list_kinds
from monitor.settings import Variable
from sources._columns import COLUMN_NAMES, is_column_name
from sources._normalise import to_external_id
from sources.base import HookRequest, SourceOptions
from sources.webhook.signatures import RequestVerifier

_PACKAGE = "sources.webhook.presets"
#: The error for a mapping without which nothing could be read.
MAPPING_NEEDED = 'say where title, body or rating stand, like { body = "data.review.text" }'
#: How the error names an option that only some presets take; "it" for the others.
_OPTION_WORDING = {
    "mapping": "a mapping",
    "signature_header": "it; the other services have a header of their own",
}

OptionT = TypeVar("OptionT")


class WebhookOptions(SourceOptions):
    """The keys of a source that a service calls."""

    preset: str = "generic"  #: the file of the service in presets/; generic is any that sends JSON
    #: the environment variable with the secret shared with the service
    secret_env: Variable = Field(min_length=1)
    old_secret_env: Variable = ""  #: the one with the secret before, while it is replaced
    #: our name = path in the JSON
    mapping: Mapping[str, str] = Field(default_factory=dict, validate_default=True)
    rating_scale: Scale | None = None  #: where the service does not say it, or says it wrongly
    items: Kind | None = None  #: what is sent; where not given, what the service usually sends
    #: generic: where an HMAC-SHA256 stands
    signature_header: str = Field(default="", pattern=r"^[A-Za-z0-9-]*$")
    #: surveymonkey: id of the app, part of its signature
    client_id: str = Field(default="", validate_default=True)
    #: surveymonkey: the environment variable with the access token
    token_env: Variable = Field(default="", validate_default=True)
    #: surveymonkey: another one for the EU
    api_url: str = Field(default="https://api.surveymonkey.com", pattern="^https?://")

    @field_validator("preset", mode="before")
    @classmethod
    def _check_preset(cls, name: object) -> object:
        names = list_webhook_presets()
        if name not in names:
            *others, last = (repr(allowed) for allowed in names)
            raise PydanticKnownError("enum", {"expected": f"{', '.join(others)} or {last}"})
        return name

    @field_validator("mapping", "signature_header", "client_id", "token_env")
    @classmethod
    def _check_preset_takes_option(cls, value: OptionT, info: ValidationInfo) -> OptionT:
        if "preset" not in info.data:  # it is unknown, and reported
            return value
        preset = load_webhook_preset(info.data["preset"])
        option = str(info.field_name)
        if value and not preset.takes(option):
            raise ValueError(_refuse_option(option))
        if not value and option in preset.required_options:
            raise ValueError(preset.required_options[option])
        return value

    @field_validator("mapping")
    @classmethod
    def _check_mapping(cls, mapping: Mapping[str, str]) -> Mapping[str, str]:
        for name in mapping:
            if not is_column_name(name):
                raise ValueError(f"unknown name {name!r}; {suggest_nearest(name, COLUMN_NAMES)}")
        if mapping and not {"title", "body", "rating"} & mapping.keys():
            raise ValueError(MAPPING_NEEDED)
        return mapping

    @field_validator("signature_header")
    @classmethod
    def _lower_signature_header(cls, value: str) -> str:
        return value.lower()


@dataclass(frozen=True, slots=True)
class EventContext:
    """What a preset may use to read an event."""

    source_id: str
    options: WebhookOptions
    fetch_json: Callable[[str], Any]  #: fetches the JSON at a path of the service's API

    def kind_or_default(self, default: Kind) -> Kind:
        """Return the option `items`, or else `default`."""
        return self.options.items or default

    def scale_or_default(self, default: Scale) -> Scale:
        """Return the option `rating_scale`, or else `default`."""
        return self.options.rating_scale or default

    def deletion_of(self, service_id: str) -> ParsedEvent:
        """Return the event that the service has deleted what it knows by this id."""
        external_id = to_external_id(service_id)
        return ParsedEvent(
            Feedback(source_id=self.source_id, external_id=external_id, deleted=True)
        )


@dataclass(frozen=True, slots=True)
class ParsedEvent:
    """The feedback in one event, and what in it could not be read."""

    feedback: Feedback | None = None  #: None for an event that is no feedback
    problems: tuple[str, ...] = ()  #: name the place only, never a customer's words


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPreset:
    """How one service signs requests and writes events: the PRESET of a file in presets/."""

    make_verifier: Callable[[WebhookOptions], RequestVerifier]
    #: when it was signed, where the service signs that
    read_signed_at: Callable[[HookRequest], datetime | None] | None = None
    #: path of the service's id of an event; empty: the body is hashed to the dedupe key
    event_id_path: str = ""
    split_events: Callable[[Any], Sequence[Any]] = lambda data: [data]
    parse_event: Callable[[Any, EventContext], ParsedEvent]  #: raises UnreadableEvent
    #: keys of WebhookOptions that this service may be given and others may not
    own_options: frozenset[str] = frozenset()
    #: own options that it cannot do without, each with the error for a missing one
    required_options: Mapping[str, str] = field(default_factory=dict)

    def takes(self, option: str) -> bool:
        """Return whether a key that belongs to single presets belongs to this one."""
        return option in self.own_options or option in self.required_options


def list_webhook_presets() -> tuple[str, ...]:
    """Return the names of all presets, which are those of the files in presets/; imports none."""
    return list_kinds(_PACKAGE)


def load_webhook_preset(name: str) -> WebhookPreset:
    """Import presets/<name>.py and return its PRESET.

    Raises ModuleNotFoundError where there is no such file, and TypeError where it holds no PRESET.
    """
    module = import_module(f"{_PACKAGE}.{name}")
    preset = getattr(module, "PRESET", None)
    if not isinstance(preset, WebhookPreset):
        raise TypeError(f"{module.__name__} must hold a WebhookPreset named PRESET")
    return preset


def _refuse_option(option: str) -> str:
    """Word the error for an option that the configured preset does not take.

    Only here are the other presets imported, to name those that take it.
    """
    takers = [name for name in list_webhook_presets() if load_webhook_preset(name).takes(option)]
    quoted = " or ".join(f'"{name}"' for name in takers)
    return f"only preset = {quoted} takes {_OPTION_WORDING.get(option, 'it')}"


def to_rating(value: float | None, scale: Scale) -> tuple[Rating | None, tuple[str, ...]]:
    """Convert a figure to (rating, problems); no rating and no problem for None."""
    if value is None:
        return None, ()
    rating = Rating.from_value(value, scale)
    if rating is None:
        return None, (f"a rating that is not on the scale {scale}; set rating_scale",)
    return rating, ()


def join_paragraphs(texts: Sequence[str]) -> str:
    """Join the texts that are not empty, with an empty line between them."""
    return "\n\n".join(text for text in texts if text)
