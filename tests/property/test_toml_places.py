"""Every key and item of a TOML file is found where it stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.show import format_value
from rules.toml_places import TomlPath, find_places, locate

KEYS = st.one_of(st.sampled_from(["a", "b-1", "rules", "all"]), st.text(max_size=6))
TEXTS = st.text(max_size=12)
SIMPLE = st.one_of(st.booleans(), st.integers(-99, 99), TEXTS)
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=3)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A file with a head, lists of tables and comments that look like keys."""
    lines = ["# a = 1 [[rules]]"]
    tables = [("", draw(TABLES))]
    tables += [("[[ rules ]] # head", one) for one in draw(st.lists(TABLES, max_size=3))]
    tables += [('[["de.f"]]', one) for one in draw(st.lists(TABLES, max_size=2))]
    for head, table in tables:
        lines.append(head)
        own = {key: value for key, value in table.items() if head or key not in ("rules", "de.f")}
        for key, value in own.items():
            written = format_value({key: value})[2:-2]
            spread = written.replace("[", "[ # ]\n  ", 1) if isinstance(value, list) else written
            is_same = tomllib.loads(spread) == tomllib.loads(written) if _reads(spread) else False
            lines.append(f"  {spread if is_same else written}  # b = 2")
    return "\n".join(lines)


def _reads(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def paths_in(value: Any, path: TomlPath = ()) -> Iterator[tuple[TomlPath, Any]]:
    """Every way through what was read, with what stands there."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        yield (*path, key), item
        yield from paths_in(item, (*path, key))


@given(documents())
def test_every_key_is_found_with_its_value(text: str) -> None:
    """What begins at the place of a key's value is that value, and nothing else is found."""
    data, places = tomllib.loads(text), find_places(text)
    expected = dict(paths_in(data))

    assert set(places) == set(expected)
    for path, value in expected.items():
        if isinstance(value, str | bool | int):
            place = places[path]
            written = format_value(value)
            assert text[place.value :].startswith(written)


def test_what_is_written_in_many_ways_is_found() -> None:
    """Dotted keys, literal texts over several lines, quoted keys, tables within tables."""
    text = (
        "a.b = 1\r\n\"c d\" = '''\n[[x]]\ny = 1\n'''\n[t.u]\nv = 1979-05-27 07:32:00\n"
        "[[x]]\ny = [\n  { z = 1 }, # no\n  { z = 2 },\n]\n[x.w]\nq = true\n[[x]]\ny = 3\n"
    )
    places = find_places(text)

    assert set(places) == {path for path, _ in paths_in(tomllib.loads(text))}
    second = places["x", 0, "y", 1, "z"]
    assert text[second.start : second.end] == "z"
    assert text.count("\n", 0, second.start) == 10
    assert text[places["a", "b"].value] == "1"


def test_a_key_that_is_not_there_is_in_the_nearest_that_is() -> None:
    """So that a missing key is told where it belongs."""
    places = find_places("[[rules]]\nid = 1\n")

    assert locate(places, ("rules", 0, "all", 3)) == places["rules", 0]
    assert locate(places, ("nowhere",)) is None
