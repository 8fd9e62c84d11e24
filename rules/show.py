"""A rule as complete TOML, with a comment where each part came from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from rules.rule import Rule

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LISTS = ("all", "any", "none", "escalate")  # an entry a line


def format_rule(rule: Rule) -> str:
    """Return the rule as TOML to copy: what `rules.load` makes of it is the same rule."""
    lines = ["[[rules]]"]
    for key, value in rule.definition.items():
        origins = rule.origins.get(key, ())
        if key in _LISTS and isinstance(value, Sequence) and value:
            lines += _format_list(key, value, origins)
        else:
            lines.append(_with_comment(f"{_format_key(key)} = {format_value(value)}", origins[:1]))
    return "\n".join(lines) + "\n"


def format_value(value: object) -> str:
    """Return a value of a rule in TOML; raises TypeError for what no rule holds."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return _format_text(value)
        case Mapping():
            pairs = (f"{_format_key(key)} = {format_value(item)}" for key, item in value.items())
            inside = ", ".join(pairs)
            return f"{{ {inside} }}" if inside else "{}"
        case list() | tuple():
            return f"[{', '.join(map(format_value, value))}]"
        case _:
            raise TypeError(f"a rule holds no {type(value).__name__}")


def _format_list(key: str, items: Sequence[object], origins: Sequence[str]) -> list[str]:
    """Return a list with an entry a line; one origin of all of them stands at its beginning."""
    if len(set(origins)) <= 1:
        entries = [f"  {format_value(item)}," for item in items]
        return [_with_comment(f"{key} = [", origins[:1]), *entries, "]"]
    entries = [
        _with_comment(f"  {format_value(item)},", (origin,))
        for item, origin in zip(items, origins, strict=True)
    ]
    return [f"{key} = [", *entries, "]"]


def _with_comment(line: str, origins: Sequence[str]) -> str:
    return f"{line}  # {origins[0]}" if origins else line


def _format_key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _format_basic(key)


def _format_text(text: str) -> str:
    """Return a text in quotes; one of several lines as it was probably written."""
    if "\n" in text and "'''" not in text and _is_literal(text):
        return f"'''\n{text}'''"
    return _format_basic(text)


def _is_literal(text: str) -> bool:
    """Return whether a text can stand as it is in a literal one of several lines."""
    plain = text.replace("\n", "").replace("\t", "")
    return plain.isprintable() and not text.endswith("'")


def _format_basic(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
