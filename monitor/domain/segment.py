"""What a part of the customers is called: a segment by its attribute and value, "country=DE", or a
persona by its name.
"""

from __future__ import annotations

from collections.abc import Iterable

#: The longest name, so that it fits into a title.
LONGEST_SEGMENT = 80
#: Stands between an attribute and its value, and in no persona's name.
MARK = "="


def split_segment(name: str) -> tuple[str, str]:
    """Return the attribute and the value of a segment; both are empty for everything.

    Raises ValueError, with a sentence for people, for what is none.
    """
    if not name.strip():
        return "", ""
    attribute, mark, value = (part.strip() for part in name.partition(MARK))
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
    return f"{attribute}{MARK}{value}" if attribute else ""


def resolve_scope(name: str, personas: Iterable[str]) -> str:
    """Return the name of a segment, or of one of these personas, as it is compared.

    Of a persona's name the case does not matter. Raises ValueError, with a sentence for people, for
    what is neither.
    """
    if not name.strip() or MARK in name:
        return check_segment(name)
    wanted = " ".join(name.split()).casefold()
    for persona in personas:
        if " ".join(persona.split()).casefold() == wanted:
            return persona
    raise ValueError(
        f"{name[:LONGEST_SEGMENT]!r} is no persona of [brand] and no segment: write an attribute "
        "and its value, like country=DE"
    )
