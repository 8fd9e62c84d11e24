"""What the reference says of conditions, from their code: docstrings, options, units and ranges."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from monitor.registry import list_kinds, load_plugin
from monitor.section import SECONDS_BY_UNIT
from rules.base import Condition
from rules.query import Query

_BEGIN, _END = "<!-- from the code: make reference -->", "<!-- end of what is from the code -->"
_BLOCK = re.compile(rf"{re.escape(_BEGIN)}.*?{re.escape(_END)}\n", re.DOTALL)
_WIDTH = 125


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionValues:
    """Which values one key takes, for whoever builds a form of it."""

    choices: tuple[str, ...] = ()  #: empty where others are taken too
    is_number: bool = False
    is_whole: bool = False  #: a number without a fraction
    is_switch: bool = False  #: true or false
    is_list: bool = False  #: one value, or several
    low: float | None = None  #: a number may not be lower; None where nobody says
    high: float | None = None


@dataclass(frozen=True, slots=True)
class OptionDescription:
    """One key of a condition's table, for people."""

    key: str
    takes: str  #: which values, with unit and range
    meaning: str
    default: str = ""  #: as TOML; empty where the key may be missing, or is needed
    is_needed: bool = False
    values: OptionValues = OptionValues()


@dataclass(slots=True)
class _Shape:
    """What an annotation allows, taken apart."""

    base: Any = None
    limits: tuple[Any, ...] = ()
    is_list: bool = False


def describe_options(kind: type[Condition]) -> tuple[OptionDescription, ...]:
    """Return the options of a condition in the order in which they are written."""
    comments = _read_comments(kind.Options)
    return tuple(
        OptionDescription(
            key=field.alias or name,
            takes=_describe_values(_take_apart(field.annotation, field.metadata)),
            meaning=comments.get(name, ""),
            default=_describe_default(field),
            is_needed=field.is_required(),
            values=_list_values(_take_apart(field.annotation, field.metadata)),
        )
        for name, field in kind.Options.model_fields.items()
    )


def describe_condition(kind: type[Condition]) -> str:
    """Return what the reference says of a condition, as Markdown."""
    paragraphs = inspect.cleandoc(kind.__doc__ or "").split("\n\n")
    said = [textwrap.fill(" ".join(one.split()), _WIDTH) for one in paragraphs]
    rows = [
        f"| `{one.key}`{_note(one, kind)} | {_escape(one.takes)} | {_escape(one.meaning)} |"
        for one in describe_options(kind)
    ]
    table = "\n".join(["| key | takes | meaning |", "|---|---|---|", *rows])
    return "\n\n".join([*said, table])


def update_reference(page: str) -> str:
    """Return the page with the section of every condition as its code has it."""
    for name in list_kinds("rules.conditions"):
        kind = load_plugin("rules.conditions", name, Condition)
        block = f"{_BEGIN}\n\n{describe_condition(kind)}\n\n{_END}\n"
        page = _replace_block(page, name, block)
    return page


def _replace_block(page: str, name: str, block: str) -> str:
    """Return the page with the block of one section; a section without one gets it at its head."""
    head = f"### `{name}`\n"
    start = page.find(head)
    if start < 0:
        return page
    following = re.compile(r"^##", re.MULTILINE).search(page, start + len(head))
    end = following.start() if following else len(page)
    section = page[start:end]
    if _BLOCK.search(section):
        section = _BLOCK.sub(lambda _: block, section, count=1)
    else:
        section = f"{head}\n{block}{section.removeprefix(head)}"
    return page[:start] + section + page[end:]


def _note(option: OptionDescription, kind: type[Condition]) -> str:
    """Return what is to be said of a key beside its name."""
    notes = []
    if option.key == kind.short:
        notes.append("short form")
    if option.is_needed:
        notes.append("needed")
    if option.default:
        notes.append(f"default `{option.default}`")
    return f" ({', '.join(notes)})" if notes else ""


def _take_apart(annotation: Any, metadata: Sequence[Any] = ()) -> _Shape:
    """Return the type inside of annotations, lists and `| None`, with all limits on the way."""
    shape = _Shape(annotation, tuple(metadata))
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner = _take_apart(args[0], args[1:])
    elif origin in (Union, types.UnionType):
        inner = _take_apart(next(one for one in args if one is not type(None)))
    elif origin is tuple:
        inner = _take_apart(args[0])
        inner.is_list = True
    else:
        return shape
    limits = (*shape.limits, *inner.limits)
    return _Shape(inner.base, tuple(_flatten(limits)), inner.is_list)


def _flatten(limits: Sequence[Any]) -> Iterator[Any]:
    for limit in limits:
        if isinstance(limit, FieldInfo):
            yield from limit.metadata
        else:
            yield limit


def _list_values(shape: _Shape) -> OptionValues:
    base, limits = shape.base, tuple(_flatten(shape.limits))
    choices: tuple[str, ...] = ()
    if get_origin(base) is Literal:
        choices = tuple(str(value) for value in get_args(base))
    elif inspect.isclass(base) and issubclass(base, Enum):
        choices = tuple(str(member.value) for member in base)
    is_number = base in (int, float)
    lowest = [_read_bound(limit, Ge, Gt) for limit in limits] if is_number else []
    highest = [_read_bound(limit, Le, Lt) for limit in limits] if is_number else []
    return OptionValues(
        choices=choices,
        is_number=is_number,
        is_whole=base is int,
        is_switch=base is bool,
        is_list=shape.is_list,
        low=next((bound for bound in lowest if bound is not None), None),
        high=next((bound for bound in highest if bound is not None), None),
    )


def _read_bound(limit: object, *kinds: type[Any]) -> float | None:
    """Return the number of a limit of one of the kinds; None for any other."""
    if not isinstance(limit, kinds):
        return None
    bound = next(getattr(limit, name) for name in ("ge", "gt", "le", "lt") if hasattr(limit, name))
    return float(bound) if isinstance(bound, (int, float)) else None


def _describe_values(shape: _Shape) -> str:
    said = _describe_type(shape)
    return f"{said}, or a list" if shape.is_list else said


def _describe_type(shape: _Shape) -> str:
    base, limits = shape.base, tuple(_flatten(shape.limits))
    if get_origin(base) is Literal:
        return _join_choices(get_args(base))
    if inspect.isclass(base) and issubclass(base, Enum):
        return _join_choices([member.value for member in base])
    if base is bool:
        return "`true` or `false`"
    if base is timedelta:
        return f'a time like `"24h"`{_describe_range(limits)}'
    if base is time:
        return 'a time of the day like `"22:00"`'
    if base is int:
        return f"a whole number{_describe_range(limits)}"
    if base is float:
        return f"a number{_describe_range(limits)}"
    return "a query" if base is Query else "a text"


def _join_choices(values: Sequence[object]) -> str:
    return ", ".join(f'`"{value}"`' for value in values)


def _describe_range(limits: Sequence[Any]) -> str:
    """Return the range that limits leave, or nothing."""
    low = next((limit for limit in limits if isinstance(limit, (Ge, Gt))), None)
    high = next((limit for limit in limits if isinstance(limit, (Le, Lt))), None)
    parts = []
    if low is not None:
        word = "from" if isinstance(low, Ge) else "above"
        parts.append(f"{word} {_format_bound(low.ge if isinstance(low, Ge) else low.gt)}")
    if high is not None:
        word = "to" if isinstance(high, Le) else "below"
        parts.append(f"{word} {_format_bound(high.le if isinstance(high, Le) else high.lt)}")
    return f" {' '.join(parts)}" if parts else ""


def _format_bound(bound: object) -> str:
    if isinstance(bound, timedelta):
        return f'`"{_format_span(bound)}"`'
    return str(bound)


def _format_span(span: timedelta) -> str:
    """Return the span as it is written in a rule."""
    seconds = int(span.total_seconds())
    unit = next(unit for unit in ("d", "h", "m", "s") if seconds % SECONDS_BY_UNIT[unit] == 0)
    return f"{seconds // SECONDS_BY_UNIT[unit]}{unit}"


def _describe_default(field: FieldInfo) -> str:
    default = field.default
    if field.is_required() or default in (None, (), ""):
        return ""
    if isinstance(default, timedelta):
        return f'"{_format_span(default)}"'
    return f'"{default}"' if isinstance(default, str) else f"{default}"


def _escape(text: str) -> str:
    return text.replace("|", "\\|")


def _read_comments(options: type[Any]) -> dict[str, str]:
    """Return the `#:` comment of each field: before it, or beside any line of it."""
    source = textwrap.dedent(inspect.getsource(options))
    lines = source.splitlines()
    (definition,) = ast.parse(source).body
    found: dict[str, str] = {}
    for node in getattr(definition, "body", ()):
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)):
            continue
        first = node.lineno - 1
        while first and lines[first - 1].lstrip().startswith("#:"):
            first -= 1
        said = [line.partition("#:")[2].strip() for line in lines[first : node.end_lineno]]
        found[node.target.id] = " ".join(filter(None, said))
    return found
