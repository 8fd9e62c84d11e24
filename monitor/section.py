"""What sections of the configuration are made of: frozen tables, names, spans, addresses."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

#: Seconds of each unit of time.
SECONDS_BY_UNIT = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
#: Longer than anyone means, and small enough to be added to any date.
_LONGEST = timedelta(weeks=520)
#: What a source, rule or workspace may be called: it appears in addresses, logs and commands.
NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,62}$"
Name = Annotated[str, Field(pattern=NAME_PATTERN)]


class Section(BaseModel):
    """A table of the configuration: frozen, and unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def parse_duration(value: object) -> timedelta:
    """The time that "90s", "5m", "24h", "7d" or "2w" stands for; "0s" is none."""
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        raise ValueError('a time with its unit is needed, like "90s", "5m", "24h" or "7d"')
    seconds = float(found[1]) * SECONDS_BY_UNIT[found[2]]
    if seconds > _LONGEST.total_seconds():
        raise ValueError('a time of at most "520w" is allowed')
    return timedelta(seconds=seconds)


def validate_one_line(value: str) -> str:
    """Return a text that is one line of plain text; raises ValueError for any other."""
    if not value.isprintable():
        raise ValueError("one line of plain text is needed")
    return value


def _validate_email(value: str) -> str:
    if not re.fullmatch(r"[^\s@<>,]+@[^\s@<>,]+", value):
        raise ValueError('an e-mail address is needed, like "ops@example.com"')
    return value


EmailAddress = Annotated[str, AfterValidator(_validate_email)]
#: Makes a text with a line break a mistake.
ONE_LINE = AfterValidator(validate_one_line)
OneLine = Annotated[str, ONE_LINE]
