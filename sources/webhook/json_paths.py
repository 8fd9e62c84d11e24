"""Read values at paths of the JSON that services send, whatever is missing or of another type."""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from typing import Any

from monitor.errors import SourceError
from sources._json import dict_or_empty, list_or_empty
from sources._normalise import to_clean_text
from sources._times import parse_iso_time, time_from_epoch

_PATH_STEP = re.compile(r"[^.\[\]]+")
_MAX_EXACT_DIGITS = 30  # of an integer; ids are shorter
#: A larger time since 1970 is in milliseconds: in seconds it would be after the year 5138.
_MILLISECONDS_ABOVE = 1e11


class UnreadableEvent(ValueError):
    """An event lacks what its service documents; the message names the path, never the content."""


def parse_json_body(body: bytes) -> Any:
    """Parse the JSON in a body; NaN and Infinity, which JSON does not know, become None.

    Raises SourceError for anything that is not JSON.
    """
    try:
        return json.loads(body, parse_constant=lambda _: None, parse_int=_parse_integer)
    except (ValueError, RecursionError):
        # The cause is left out on purpose: it quotes the content.
        raise SourceError("the body is not JSON; check what the service sends") from None


def value_at(data: Any, path: str) -> Any:
    """Return the value at a path like `data.answers[0].text` or `data.answers.0.text`, or None."""
    for step in _PATH_STEP.findall(path):
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list):
            data = _item_at(data, step)
        else:
            return None
    return data


def _item_at(items: list[Any], step: str) -> Any:
    if not (step.isascii() and step.isdigit()):
        return None
    position = int(step[:9])
    return items[position] if position < len(items) else None


def text_at(data: Any, path: str = "") -> str:
    """Return the text, number or truth value at a path as text; "" for anything else."""
    value = value_at(data, path)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}" if math.isfinite(value) else ""
    return to_clean_text(value).strip() if isinstance(value, str | int) else ""


def required_text_at(data: Any, path: str) -> str:
    """Return the text at a path; raise UnreadableEvent where there is none."""
    text = text_at(data, path)
    if not text:
        raise UnreadableEvent(f"no {path}")
    return text


def number_at(data: Any, path: str) -> float | None:
    """Return the finite number at a path, also one written as text; None for anything else."""
    value = value_at(data, path)
    if isinstance(value, bool):
        return None
    try:
        number = float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def list_at(data: Any, path: str) -> list[Any]:
    """Return the list at a path; [] where there is none."""
    return list_or_empty(value_at(data, path))


def object_at(data: Any, path: str) -> dict[str, Any]:
    """Return the object at a path; {} where there is none."""
    return dict_or_empty(value_at(data, path))


def time_at(data: Any, path: str) -> datetime | None:
    """Return the time at a path in UTC: ISO 8601, or seconds or milliseconds since 1970.

    None for anything else.
    """
    seconds = number_at(data, path)
    if seconds is None:
        return parse_iso_time(text_at(data, path))
    if seconds > _MILLISECONDS_ABOVE:
        seconds /= 1000
    return time_from_epoch(seconds)


def _parse_integer(digits: str) -> float:
    """Parse an integer; one of over 30 digits becomes a float, which Python reads at any length."""
    return int(digits) if len(digits) <= _MAX_EXACT_DIGITS else float(digits)
