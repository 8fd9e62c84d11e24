"""Reading the JSON that services send: nothing in it can break the reader, whatever is missing or
of another type.
"""

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
_MAX_EXACT_DIGITS = 30  # digits; ids are shorter
_MILLISECONDS_ABOVE = (
    1e11  # a figure above is milliseconds since 1970: in seconds it would be the year 5138
)


class UnreadableEvent(ValueError):
    """An event does not say what its service documents; the message names the place, never the
    content.
    """


def parse_json_body(body: bytes) -> Any:
    """The JSON in a body; what is no number in JSON (NaN, Infinity) is None. SourceError for
    anything else.
    """
    try:
        return json.loads(body, parse_constant=lambda _: None, parse_int=_parse_integer)
    except (ValueError, RecursionError):
        # The cause is left out on purpose: it quotes the content.
        raise SourceError("the body is not JSON; check what the service sends") from None


def value_at(data: Any, path: str) -> Any:
    """What stands at a path like `data.answers[0].text` or `data.answers.0.text`; None where
    nothing does.
    """
    for step in _PATH_STEP.findall(path):
        if isinstance(data, dict):
            data = data.get(step)
        elif (
            isinstance(data, list)
            and step.isascii()
            and step.isdigit()
            and int(step[:9]) < len(data)
        ):
            data = data[int(step[:9])]
        else:
            return None
    return data


def text_at(data: Any, path: str = "") -> str:
    """The text, figure or truth value at a path as text that can be stored; "" for anything
    else.
    """
    value = value_at(data, path)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}" if math.isfinite(value) else ""
    return to_clean_text(value).strip() if isinstance(value, str | int) else ""


def required_text_at(data: Any, path: str) -> str:
    """The text at a path; Unreadable when there is none."""
    found = text_at(data, path)
    if not found:
        raise UnreadableEvent(f"no {path}")
    return found


def number_at(data: Any, path: str) -> float | None:
    """The number at a path, also one that is written as text; None for anything else."""
    value = value_at(data, path)
    if isinstance(value, bool):
        return None
    try:
        found = float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def list_at(data: Any, path: str) -> list[Any]:
    """Return the list at a path; [] where there is none."""
    return list_or_empty(value_at(data, path))


def object_at(data: Any, path: str) -> dict[str, Any]:
    """Return the object at a path; {} where there is none."""
    return dict_or_empty(value_at(data, path))


def time_at(data: Any, path: str) -> datetime | None:
    """The time at a path: ISO 8601, or seconds or milliseconds since 1970; None for anything
    else.
    """
    seconds = number_at(data, path)
    if seconds is None:
        return parse_iso_time(text_at(data, path))
    if seconds > _MILLISECONDS_ABOVE:
        seconds /= 1000
    return time_from_epoch(seconds)


def _parse_integer(digits: str) -> float:
    """The number that an integer stands for; Python refuses to read very long ones exactly."""
    return int(digits) if len(digits) <= _MAX_EXACT_DIGITS else float(digits)
