"""config.toml becomes frozen settings: a bad value names its key path, secrets come only from the
environment.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args

from dotenv import dotenv_values
from pydantic import BaseModel, ValidationError

from monitor.brand_settings import MAX_GOALS, GoalSettings
from monitor.errors import ConfigError, ConfigProblem, suggest_nearest
from monitor.settings import (
    CLASS_PATH_PATTERN,
    NAME_PATTERN,
    SECONDS_BY_UNIT,
    VARIABLE_PATTERN,
    Secrets,
    Settings,
    SourceSettings,
)

#: An option of a source whose key ends like this names the environment variable with one of its
#: secrets.
_VARIABLE_SUFFIX = "_env"
#: Fields of the settings that are no table of their own.
_NO_SECTIONS = ("folder", "goals", "secrets", "sources")

ModelT = TypeVar("ModelT", bound=BaseModel)


def load_settings(path: Path, environ: Mapping[str, str]) -> tuple[Settings, list[ConfigProblem]]:
    """The settings in `path` with the secrets of `environ` and of the .env file beside it, and
    every mistake.

    A section with a mistake has its defaults, so that the caller can go on and find the mistakes of
    the other parts: what belongs to a kind of source is checked where the source is built. Raises
    ConfigError for no TOML at all.
    """
    data = read_toml(path, missing="create one with `repwatch init`")
    folder = path.parent.resolve()
    variables = _merge_environment(folder, environ)
    sources, problems = _parse_sources(data.pop("sources", []), path.name, variables)
    goals, wrong_goals = _parse_goals(data.pop("goals", []), path.name)
    problems += wrong_goals
    values: dict[str, Any] = {
        "folder": folder,
        "sources": sources,
        "goals": goals,
        "secrets": _build_secrets(sources, variables),
    }
    for key, table in data.items():
        section, found = _validate_section(key, table, path.name)
        values.update({key: section} if section else {})
        problems += found
    return Settings.model_validate(values), problems


def _validate_section(
    key: str, table: object, file: str
) -> tuple[BaseModel | None, list[ConfigProblem]]:
    model = Settings.model_fields[key].annotation if key in _section_names() else None
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return None, [
            ConfigProblem(
                f"{file}: {key}", _explain_unknown_key(key, [*_section_names(), "sources", "goals"])
            )
        ]
    if not isinstance(table, dict):
        return None, [ConfigProblem(f"{file}: {key}", f"write it as a table headed [{key}]")]
    return validate_model(model, table, f"{file}: {key}.")


def read_toml(path: Path, missing: str = "check the path") -> dict[str, Any]:
    """The tables of a TOML file; ConfigError when it is missing, with what to do then, unreadable
    or not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError([ConfigProblem(str(path), f"no such file; {missing}")]) from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            [ConfigProblem(path.name, f"not UTF-8 at byte {error.start}; save it as UTF-8")]
        ) from None
    except OSError as error:
        raise ConfigError([ConfigProblem(str(path), f"cannot be read: {error.strerror}")]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([ConfigProblem(path.name, f"not valid TOML: {error}")]) from None


def validate_model(
    model: type[ModelT], values: Mapping[str, Any], where: str
) -> tuple[ModelT | None, list[ConfigProblem]]:
    """The checked model, or None with every mistake; `where` is put before each key."""
    try:
        return model.model_validate(dict(values)), []
    except ValidationError as error:
        return None, [
            _to_config_problem(model, item, where) for item in error.errors(include_url=False)
        ]


#: What pydantic's types of mistakes mean to somebody who writes TOML.
_MESSAGES_BY_TYPE: Mapping[str, str] = {
    "bool_type": "true or false is needed",
    "float_parsing": "a number is needed",
    "float_type": "a number is needed",
    "int_from_float": "a whole number is needed",
    "int_parsing": "a whole number is needed",
    "int_type": "a whole number is needed",
    "list_type": 'a list is needed, like ["one", "two"]',
    "missing": "this key is needed",
    "string_type": "text in quotes is needed",
    "tuple_type": 'a list is needed, like ["one", "two"]',
}
#: What its limits mean, and where it keeps them.
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}
_QUOTED = re.compile("'([^']*)'")
_PARTS = re.compile(r"(days|seconds)=(\d+)")


def _to_config_problem(model: type[BaseModel], item: Any, where: str) -> ConfigProblem:
    path = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in item["loc"]
    ).lstrip(".")
    message = explain_mistake(item)
    if item["type"] == "extra_forbidden":
        message = _explain_unknown_key(str(item["loc"][-1]), _keys_at(model, item["loc"][:-1]))
    return ConfigProblem(f"{where}{path}", message)


def explain_mistake(mistake: Mapping[str, Any]) -> str:
    """One of pydantic's mistakes for somebody who never heard of pydantic: what is needed, or what
    is allowed.
    """
    kind, limits = str(mistake["type"]), mistake.get("ctx", {})
    if kind in _MESSAGES_BY_TYPE:
        return _MESSAGES_BY_TYPE[kind]
    if kind in _BOUNDS:
        said, bound = _BOUNDS[kind]
        return f"{said} {_format_bound(limits[bound])}"
    if kind == "string_pattern_mismatch":
        return _explain_pattern(limits["pattern"], mistake["input"])
    if kind in ("enum", "literal_error"):
        return _explain_choices(_QUOTED.findall(limits["expected"]), mistake["input"])
    return str(mistake["msg"]).removeprefix("Value error, ")


def _format_bound(bound: object) -> str:
    """A limit as it is written in TOML; pydantic gives that of a time as the text of its
    timedelta.
    """
    if not str(bound).startswith("datetime.timedelta("):
        return str(bound)
    seconds = timedelta(
        **{name: int(count) for name, count in _PARTS.findall(str(bound))}
    ).total_seconds()
    unit = next(
        (unit for unit in ("d", "h", "m") if seconds and seconds % SECONDS_BY_UNIT[unit] == 0), "s"
    )
    return f"{seconds / SECONDS_BY_UNIT[unit]:g}{unit}"


def _explain_choices(words: Sequence[str], given: object) -> str:
    """What is allowed, and which of it was probably meant."""
    hint = suggest_nearest(given, words) if isinstance(given, str) else ""
    allowed = f"allowed: {', '.join(words)}"
    return f"{allowed}; {hint}" if hint.startswith("did you mean") else allowed


def _explain_unknown_key(key: str, allowed: Sequence[str]) -> str:
    return f"unknown key; {suggest_nearest(key, allowed)}"


def _explain_pattern(pattern: str, given: object) -> str:
    if pattern == NAME_PATTERN:
        return "does not fit: lower-case letters, digits, - and _, at most 63, are allowed"
    if pattern == VARIABLE_PATTERN:
        return "write the name of an environment variable in upper case, like SURVEY_SECRET"
    if pattern == CLASS_PATH_PATTERN:
        return 'write a module and a class of it, like "ourcompany.drafts:Model"'
    words = pattern.strip("^$()").split("|")
    if all(word.replace("_", "").isalnum() for word in words):
        return _explain_choices(words, given)
    return f"does not fit the pattern {pattern}"


def _keys_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """The keys of the model that stands at `loc` inside `model`."""
    current: Any = model
    for part in loc:
        if NoneType in get_args(current):  # what may be left out
            current = next(iter(get_args(current)), None)
        if isinstance(part, int):
            current = next(iter(get_args(current)), None)
        else:
            field = getattr(current, "model_fields", {}).get(part)
            current = field.annotation if field else None
    return list(getattr(current, "model_fields", ()))


def _section_names() -> list[str]:
    return [name for name in Settings.model_fields if name not in _NO_SECTIONS]


def _parse_sources(
    tables: object, file: str, variables: Mapping[str, str]
) -> tuple[tuple[SourceSettings, ...], list[ConfigProblem]]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return (), [
            ConfigProblem(f"{file}: sources", "write each source as a table headed [[sources]]")
        ]
    sources: list[SourceSettings] = []
    problems: list[ConfigProblem] = []
    for index, table in enumerate(tables):
        own = {
            key: table[key]
            for key in ("id", "kind", "every", "stage", "touchpoint", "official")
            if key in table
        }
        options = {key: value for key, value in table.items() if key not in own}
        source, found = validate_model(
            SourceSettings, {**own, "options": options}, f"{file}: sources[{index}]."
        )
        problems += found + _find_unset_variables(options, variables, f"{file}: sources[{index}].")
        if source and any(source.id == other.id for other in sources):
            problems.append(
                ConfigProblem(f"{file}: sources[{index}].id", f"{source.id!r} is already taken")
            )
        if source is None and isinstance(table.get("kind"), str):
            # Something is wrong with it, but its own options can be checked all the same.
            source = SourceSettings(id=f"source-{index}", kind=table["kind"], options=options)
        if source:
            sources.append(source)
    return tuple(sources), problems


def _parse_goals(tables: object, file: str) -> tuple[tuple[GoalSettings, ...], list[ConfigProblem]]:
    """The goals, and every mistake in them; a goal with a mistake is left out."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        message = "write each goal as a table headed [[goals]]"
        return (), [ConfigProblem(f"{file}: goals", message)]
    goals: dict[str, GoalSettings] = {}
    problems: list[ConfigProblem] = []
    for index, table in enumerate(tables):
        where = f"{file}: goals[{index}]."
        goal, found = validate_model(GoalSettings, table, where)
        problems += found
        if goal and goal.key in goals:
            message = f"{goal.key} has a goal already; change that one"
            problems.append(ConfigProblem(f"{where}measure", message))
        elif goal:
            goals[goal.key] = goal
    if len(tables) > MAX_GOALS:
        message = f"{MAX_GOALS} goals are allowed, and here are {len(tables)}: keep what matters"
        problems.append(ConfigProblem(f"{file}: goals", message))
    return tuple(goals.values())[:MAX_GOALS], problems


def _find_unset_variables(
    options: Mapping[str, Any], variables: Mapping[str, str], where: str
) -> list[ConfigProblem]:
    """The options that name a variable which is not set."""
    return [
        ConfigProblem(
            f"{where}{key}",
            f"{name} is neither in the environment nor in .env; set it to the secret",
        )
        for key, name in _options_naming_variables(options)
        if name not in variables
    ]


def _options_naming_variables(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The options that name a variable, and which; what is no name of one is a mistake that the
    kind tells of.
    """
    return [
        (key, name)
        for key, name in options.items()
        if key.endswith(_VARIABLE_SUFFIX)
        and isinstance(name, str)
        and name
        and re.fullmatch(VARIABLE_PATTERN, name)
    ]


def _merge_environment(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment wins over the .env file; an empty variable counts as unset."""
    file = {key: value for key, value in _read_dotenv(folder / ".env").items() if value}
    found = {**file, **{key: value for key, value in environ.items() if value}}
    return {key: value.strip() for key, value in found.items() if value.strip()}


def _build_secrets(sources: Sequence[SourceSettings], variables: Mapping[str, str]) -> Secrets:
    """The secrets that repwatch itself knows of, and those that sources name."""
    values = {
        name: variables[name.upper()] for name in Secrets.model_fields if name.upper() in variables
    }
    named = {name for source in sources for _, name in _options_naming_variables(source.options)}
    return Secrets.model_validate(
        values | {name: variables[name] for name in named if name in variables}
    )


def _read_dotenv(path: Path) -> Mapping[str, str | None]:
    """The variables of a .env file as written there; none where there is no file."""
    try:
        return dotenv_values(path, interpolate=False)
    except UnicodeDecodeError as error:
        raise ConfigError(
            [ConfigProblem(path.name, f"not UTF-8 at byte {error.start}; save it as UTF-8")]
        ) from None
    except OSError as error:
        raise ConfigError([ConfigProblem(path.name, f"cannot be read: {error.strerror}")]) from None
