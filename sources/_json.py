"""JSON from outside, which may hold anything: what a service sent, and what a cursor holds."""

from __future__ import annotations

import json
import math
from typing import Any

from monitor.errors import SourceUnavailable
from monitor.http import HttpResponse, redact_url


def parse_json_response(fetched: HttpResponse) -> Any:
    """Parse the body of a response; raise SourceUnavailable for anything that is not JSON."""
    try:
        return json.loads(fetched.body)
    except (ValueError, RecursionError) as error:
        where = redact_url(fetched.url)[:300]
        raise SourceUnavailable(
            f"{where}: the answer is not JSON; asked again at the next poll"
        ) from error


def parse_cursor(cursor: str) -> dict[str, Any]:
    """Parse the object in a cursor; {} for an empty cursor and for one that is not ours."""
    try:
        held = json.loads(cursor or "{}")
    except (ValueError, RecursionError):
        return {}
    return dict_or_empty(held)


def parse_cursor_of(cursor: str, name: str, key: str) -> dict[str, Any]:
    """Parse the object in a cursor if it holds `key` under `name`, else return {}.

    The key says what was read; a source with other options starts afresh.
    """
    held = parse_cursor(cursor)
    return held if held.get(name) == key else {}


def dict_or_empty(value: object) -> dict[str, Any]:
    """Return a JSON object as it is, {} for anything else."""
    return value if isinstance(value, dict) else {}


def list_or_empty(value: object) -> list[Any]:
    """Return a JSON list as it is, [] for anything else."""
    return value if isinstance(value, list) else []


def to_positive_number(value: object) -> float:
    """Convert a finite JSON number above 0 to a float; 0.0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0.0
    try:
        number = float(value)
    except OverflowError:
        return 0.0
    return number if math.isfinite(number) and number > 0 else 0.0


def to_count(value: object) -> int | None:
    """Return a whole number of votes or answers that fits into 32 bits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) < 2**31 else None
