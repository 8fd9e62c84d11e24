"""What a rule advises people to do, and what only the configuration knows of it."""

from __future__ import annotations

import re
from typing import Final

from monitor.errors import suggest_nearest

#: Stands in an advice for `brand.emergency_line`.
EMERGENCY_LINE: Final = "{emergency_line}"
#: What is read in its place where the configuration names no line.
ANY_EMERGENCY_LINE: Final = "the emergency line of their country"
MAX_ADVICE: Final = 300  #: characters of an advice as it is written

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def fill_advice(advice: str, emergency_line: str = "") -> str:
    """Return the advice as people read it, with the emergency line in its place.

    Without a line the sentence speaks of that of the customer's country.
    """
    return advice.replace(EMERGENCY_LINE, emergency_line or ANY_EMERGENCY_LINE)


def require_placeholders(advice: str) -> str:
    """Return the advice unchanged; raises ValueError for a placeholder that nobody fills."""
    for placeholder in _PLACEHOLDER.findall(advice):
        if placeholder != EMERGENCY_LINE:
            hint = suggest_nearest(placeholder, [EMERGENCY_LINE])
            raise ValueError(f"unknown placeholder {placeholder}; {hint}")
    return advice
