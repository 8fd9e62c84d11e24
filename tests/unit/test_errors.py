"""The error tree: what its members say and carry."""

from __future__ import annotations

import inspect

import pytest

from monitor import errors
from monitor.errors import (
    ConfigError,
    ConfigProblem,
    DeliveryDelayed,
    QueryError,
    RepwatchError,
    SourceUnavailable,
    suggest_nearest,
)

#: every error of the module
TREE = [
    value
    for value in vars(errors).values()
    if inspect.isclass(value) and issubclass(value, RepwatchError)
]


def test_a_config_error_shows_every_problem_on_a_line_of_its_own() -> None:
    """The message is one line for each mistake, each with its place, and the problems stay
    available.
    """
    problems = [
        ConfigProblem("config.toml: a", "wrong"),
        ConfigProblem("config.toml: b", "missing"),
    ]
    error = ConfigError(problems)
    assert str(error).splitlines() == ["config.toml: a: wrong", "config.toml: b: missing"]
    assert error.problems == tuple(problems)


def test_a_query_error_names_the_character() -> None:
    """Columns count from 1 and stand in the message."""
    error = QueryError("a ) is missing", 5)
    assert (error.column, str(error)) == (5, "a ) is missing (at character 5)")


@pytest.mark.parametrize("kind", [SourceUnavailable, DeliveryDelayed])
def test_passing_failures_carry_the_wait_that_was_asked_for(
    kind: type[SourceUnavailable] | type[DeliveryDelayed],
) -> None:
    """The wait is optional and no part of the message."""
    assert kind("busy").retry_after is None
    assert kind("busy", 30).retry_after == 30
    assert str(kind("busy", 30)) == "busy"


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_the_drawing_shows_every_error(kind: type[RepwatchError]) -> None:
    """The tree at the top of the module names each class below the one it derives from."""
    drawn = (errors.__doc__ or "").splitlines()
    indent = {
        line.strip(" │├└─").split(" ")[0]: len(line) - len(line.lstrip(" │├└─")) for line in drawn
    }
    assert kind.__name__ in indent
    if kind is not RepwatchError:
        parent = kind.__bases__[0].__name__
        assert indent[kind.__name__] == indent[parent] + 4
        assert list(indent).index(kind.__name__) > list(indent).index(parent)


@pytest.mark.parametrize(
    ("name", "allowed", "hint"),
    [
        ("feeds", ["feed", "reddit"], "did you mean 'feed'?"),
        ("FEED", ["feed", "reddit"], "did you mean 'feed'?"),
        ("slack", ["Slack", "other"], "did you mean 'Slack'?"),
        ("xyz", ["feed", "reddit"], "allowed: feed, reddit"),
        ("xyz", [], "nothing is allowed here"),
        ("", ["feed"], "allowed: feed"),
    ],
)
def test_near_names_the_closest_word_or_all(name: str, allowed: list[str], hint: str) -> None:
    """A likely slip is named in the spelling that is allowed; anything else gets the whole list."""
    assert suggest_nearest(name, allowed) == hint
