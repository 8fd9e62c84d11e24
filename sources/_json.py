"""What an interface answered, and what a source noted for its next poll: JSON that may be
anything.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

from monitor.errors import SourceUnavailable
from monitor.http import HttpResponse, redact_url
from sources._normalise import to_plausible_utc


def parse_json_response(fetched: HttpResponse) -> Any:
    """The value that an answer holds; SourceUnavailable for anything that is not JSON."""
    try:
        return json.loads(fetched.body)
    except (ValueError, RecursionError) as error:
        where = redact_url(fetched.url)[:300]
        raise SourceUnavailable(
            f"{where}: the answer is not JSON; asked again at the next poll"
        ) from error


def parse_cursor(cursor: str) -> dict[str, Any]:
    """The notes in a cursor; none in one that is empty or not ours."""
    try:
        held = json.loads(cursor or "{}")
    except (ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}


def dict_or_empty(value: object) -> dict[str, Any]:
    """The value where it is a JSON object, an empty one otherwise."""
    return value if isinstance(value, dict) else {}


def to_epoch_seconds(value: object) -> float:
    """A number of seconds since 1970, 0 for what is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0.0
    try:
        found = float(value)
    except OverflowError:
        return 0.0
    return found if math.isfinite(found) and found > 0 else 0.0


def time_from_epoch(value: object) -> datetime | None:
    """The time of a number of seconds since 1970, None where it cannot be meant."""
    try:
        return to_plausible_utc(datetime.fromtimestamp(to_epoch_seconds(value), UTC))
    except (OverflowError, ValueError, OSError):
        return None


def to_count(value: object) -> int | None:
    """A whole number of votes or answers, None for anything else."""
    return (
        value
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31
        else None
    )
