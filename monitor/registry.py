"""A kind is the name of a file or folder: find it, and load only what the configuration names."""

from __future__ import annotations

import inspect
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import TypeVar

from monitor.errors import suggest_nearest

PluginT = TypeVar("PluginT")


class UnknownKind(LookupError):
    """No file of that name; the message says what is near or allowed."""


def list_kinds(package: str) -> tuple[str, ...]:
    """The names of all kinds in a package, without importing any: every file and folder but base
    and private ones.
    """
    spec = find_spec(package)
    places = (spec.submodule_search_locations or []) if spec else []
    names = (module.name for module in iter_modules(places))
    return tuple(sorted(name for name in names if name != "base" and not name.startswith("_")))


def load_plugin(package: str, kind: str, base: type[PluginT]) -> type[PluginT]:
    """The one class derived from `base` in the file named `kind`, or handed on by its folder.

    A kind with a dot is a module of somebody else's. Raises UnknownKind.
    """
    foreign = "." in kind and all(part.isidentifier() for part in kind.split("."))
    if kind not in list_kinds(package) and not foreign:
        raise UnknownKind(f"unknown kind {kind!r}; {suggest_nearest(kind, list_kinds(package))}")
    name = kind if foreign else f"{package}.{kind}"
    try:
        module = import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise UnknownKind(f"no module named {name!r} is installed") from None
        raise UnknownKind(
            f"{kind!r} needs the package {error.name!r}, which is not installed"
        ) from None
    inside = f"{module.__name__}."
    found = [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, base)
        and f"{value.__module__}.".startswith(inside)
    ]
    if len(found) != 1:
        raise UnknownKind(f"{name} must hold exactly one {base.__name__}, not {len(found)}")
    return found[0]
