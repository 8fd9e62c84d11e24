"""Reading the JSON that services send: nothing in it can break the reader, whatever is missing or
of another type.
"""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import Any

from monitor.errors import SourceError
from sources._normalise import clean, iso_time, plausible

_STEP = re.compile(r"[^.\[\]]+")
_EXACT = 30  # digits; ids are shorter
_MILLISECONDS = (
    1e11  # a figure above is milliseconds since 1970: in seconds it would be the year 5138
)


class Unreadable(ValueError):
    """An event does not say what its service documents; the message names the place, never the
    content.
    """


def parse(body: bytes) -> Any:
    """The JSON in a body; what is no number in JSON (NaN, Infinity) is None. SourceError for
    anything else.
    """
    try:
        return json.loads(body, parse_constant=lambda _: None, parse_int=_whole)
    except (ValueError, RecursionError):
        # The cause is left out on purpose: it quotes the content.
        raise SourceError("the body is not JSON; check what the service sends") from None


def at(data: Any, path: str) -> Any:
    """What stands at a path like `data.answers[0].text` or `data.answers.0.text`; None where
    nothing does.
    """
    for step in _STEP.findall(path):
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


def text(data: Any, path: str = "") -> str:
    """The text, figure or truth value at a path as text that can be stored; "" for anything
    else.
    """
    value = at(data, path)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}" if math.isfinite(value) else ""
    return clean(value).strip() if isinstance(value, str | int) else ""


def needed(data: Any, path: str) -> str:
    """The text at a path; Unreadable when there is none."""
    found = text(data, path)
    if not found:
        raise Unreadable(f"no {path}")
    return found


def figure(data: Any, path: str) -> float | None:
    """The number at a path, also one that is written as text; None for anything else."""
    value = at(data, path)
    if isinstance(value, bool):
        return None
    try:
        found = float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def listed(data: Any, path: str) -> list[Any]:
    """The list at a path; an empty one where there is none."""
    value = at(data, path)
    return value if isinstance(value, list) else []


def mapped(data: Any, path: str) -> dict[str, Any]:
    """The object at a path; an empty one where there is none."""
    value = at(data, path)
    return value if isinstance(value, dict) else {}


def moment(data: Any, path: str) -> datetime | None:
    """The time at a path: ISO 8601, or seconds or milliseconds since 1970; None for anything
    else.
    """
    seconds = figure(data, path)
    if seconds is None:
        return iso_time(text(data, path))
    try:
        return plausible(
            datetime.fromtimestamp(seconds / (1000 if seconds > _MILLISECONDS else 1), UTC)
        )
    except (ValueError, OverflowError, OSError):
        return None


def _whole(digits: str) -> float:
    """The number that an integer stands for; Python refuses to read very long ones exactly."""
    return int(digits) if len(digits) <= _EXACT else float(digits)
