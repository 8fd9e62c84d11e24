"""The name of a segment of customers: an attribute and its value, "country=DE"."""

from __future__ import annotations

#: The longest name, so that it fits into a title.
LONGEST_SEGMENT = 80


def split_segment(name: str) -> tuple[str, str]:
    """Return the attribute and the value of a segment; both are empty for everything.

    Raises ValueError, with a sentence for people, for what is none.
    """
    if not name.strip():
        return "", ""
    attribute, mark, value = (part.strip() for part in name.partition("="))
    if not (mark and attribute and value):
        raise ValueError(
            f"{name[:LONGEST_SEGMENT]!r} is no segment: write an attribute and its value, like "
            "country=DE"
        )
    if len(name) > LONGEST_SEGMENT:
        raise ValueError(f"a segment has at most {LONGEST_SEGMENT} characters")
    return attribute, value


def check_segment(name: str) -> str:
    """Return the name of a segment as it is compared; raises ValueError as `split_segment`."""
    attribute, value = split_segment(name)
    return f"{attribute}={value}" if attribute else ""
