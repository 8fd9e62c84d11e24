"""The warnings of a page, few enough to be read."""

from __future__ import annotations

from collections.abc import Sequence

#: Problems that are written out; the others are counted.
MAX_PROBLEMS = 20


def limit_problems(problems: Sequence[str], label: str = "") -> tuple[str, ...]:
    """Return the first 20 problems, and one line that counts the others, behind `label`."""
    shown = tuple(problems[:MAX_PROBLEMS])
    hidden = len(problems) - len(shown)
    return (*shown, f"{label}{hidden} more problems") if hidden else shown
