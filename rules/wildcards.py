"""Names with wildcards: how a rule names authors, attributes and versions."""

from __future__ import annotations

import unicodedata


def normalise_name(name: str) -> str:
    """Return the name as it is compared: width, case and spaces around it do not matter."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def matches_wildcard(pattern: str, name: str) -> bool:
    """Return whether the name matches the pattern, in which * stands for anything.

    Both are normalised. In linear time, whatever a stranger calls himself.
    """
    if "*" not in pattern:
        return pattern == name
    first, *middle, last = pattern.split("*")
    if len(name) < len(first) + len(last) or not (name.startswith(first) and name.endswith(last)):
        return False
    at, end = len(first), len(name) - len(last)
    for part in middle:
        at = name.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True
