"""A rule as a form, and the rule that a filled form says; pure.

The fields come from the options of each condition, so that a new condition has them by itself.
What nobody changed keeps the very words in which it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from monitor.domain.alert import Severity
from monitor.domain.rule_form import FieldKind, RuleField, RuleForm
from monitor.registry import load_plugin
from rules.base import Condition
from rules.reference import OptionDescription, OptionValues, describe_options
from rules.rule import Rule, RuleMode

#: The field that adds a condition to `none`, and the one for the author's reason.
EXCLUDE: Final = "exclude"
REASON: Final = "reason"
#: More fields than this make no dialog any more.
MOST_FIELDS: Final = 80
#: A longer value is not offered: whoever sent it back would have to have all of it.
MAX_VALUE: Final = 1_500
_PARTS: Final = ("all", "any", "none")
_SUBJECTS: Final = {"all": "", "any": "or ", "none": "not "}
_LIMITS: Final = {
    "acknowledge_within": "Take within",
    "respond_within": "Answer within",
    "resolve_within": "Resolve within",
}
_SPAN_HINT: Final = "A time like 30m, 4h or 2d; empty for no limit."
_SWITCH: Final = ("true", "false")
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ANY_TEXT: Final = OptionValues()


@dataclass(frozen=True, slots=True)
class _Place:
    """One key of one condition in a definition."""

    part: str
    number: int
    kind: str
    option: OptionDescription
    table: Mapping[str, Any]  #: of the condition, a short form written out

    @property
    def name(self) -> str:
        return f"{self.part}.{self.number}.{self.option.key}"

    @property
    def text(self) -> str:
        return write_value(self.table.get(self.option.key))


def build_form(rule: Rule, number: int, file: str = "") -> RuleForm:
    """Return the form of a rule whose newest change has a number.

    `file` names the rules file where that alone may change it. Keys that a condition does not use
    are offered as long as there is room.
    """
    places = list(_list_places(rule.definition))
    short = [place for place in places if len(place.text) <= MAX_VALUE]
    by_use = sorted(short, key=lambda place: not (place.text or place.option.is_needed))
    names = {place.name for place in by_use[:MOST_FIELDS]}
    shown = [place for place in places if place.name in names]
    return RuleForm(
        rule_id=rule.id,
        name=rule.name,
        number=number,
        fields=(*_general_fields(rule), *map(_to_field, shown), *_last_fields()),
        file=file,
        left_out=len(places) - len(shown),
    )


def apply_form(rule: Rule, filled: Mapping[str, str]) -> dict[str, Any]:
    """Return the definition that a filled form says, of a rule that it was made of.

    `filled` has what was given, by field name; a field that is not in it is empty. A condition all
    of whose fields were emptied is gone. What cannot be a value stays a text, for whoever reads the
    definition to name as a mistake.
    """
    form = build_form(rule, 0)
    changed = {
        field.name: filled.get(field.name, "")
        for field in form.fields
        if _is_changed(field, filled.get(field.name, ""))
    }
    definition = {key: _copy(value) for key, value in rule.definition.items()}
    for key in ("severity", "mode", "channel", *_LIMITS):
        if key in changed:
            _set_key(definition, key, changed[key])
    for part in _PARTS:
        conditions = _edit_conditions(rule.definition, part, changed)
        if conditions or part in definition:
            definition[part] = conditions
    if exclude := filled.get(EXCLUDE, "").strip():
        definition["none"] = [*definition.get("none", ()), {"text": exclude}]
    return {key: value for key, value in definition.items() if value != []}


def write_value(value: object) -> str:
    """Return a value of a rule as it stands in a field; several values one a line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "\n".join(map(write_value, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def read_value(text: str, values: OptionValues) -> object:
    """Return the value that stands in a field; the text itself where it is no such value."""
    text = text.strip()
    if values.is_list:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return lines[0] if len(lines) == 1 else lines
    if values.is_switch:
        return {"true": True, "false": False}.get(text, text)
    if values.is_number:
        return _read_number(text)
    return text


def _general_fields(rule: Rule) -> Iterator[RuleField]:
    yield RuleField(
        name="severity",
        label="Severity",
        kind=FieldKind.CHOICE,
        value=str(rule.severity),
        choices=tuple(map(str, Severity)),
        is_needed=True,
    )
    yield RuleField(
        name="mode",
        label="Mode",
        kind=FieldKind.CHOICE,
        value=str(rule.mode),
        choices=tuple(map(str, RuleMode)),
        is_needed=True,
    )
    yield RuleField(
        name="channel",
        label="Channel",
        kind=FieldKind.TEXT,
        value=rule.channel,
        hint="Empty for the default channel.",
    )
    for key, label in _LIMITS.items():
        value = write_value(rule.definition.get(key))
        yield RuleField(name=key, label=label, kind=FieldKind.TEXT, value=value, hint=_SPAN_HINT)


def _last_fields() -> Iterator[RuleField]:
    yield RuleField(
        name=EXCLUDE,
        label="Leave out what says",
        kind=FieldKind.TEXT,
        hint='In the language of the rules, like beta OR "test build". It is added to the rule.',
    )
    yield RuleField(
        name=REASON,
        label="Why",
        kind=FieldKind.TEXT,
        hint="Kept in the history; needed where the rule loses a condition or is switched off.",
    )


def _list_places(definition: Mapping[str, Any]) -> Iterator[_Place]:
    """Yield every key of every condition, as the conditions stand in the rule."""
    for part in _PARTS:
        for number, item in enumerate(definition.get(part, ())):
            ((kind, value),) = item.items()
            condition = load_plugin("rules.conditions", kind, Condition)
            table = condition.table(value)
            for option in describe_options(condition):
                yield _Place(part, number, kind, option, table)


def _to_field(place: _Place) -> RuleField:
    option, values = place.option, place.option.values
    choices = _SWITCH if values.is_switch else values.choices
    kind = FieldKind.TEXT
    if values.is_list:
        kind = FieldKind.LINES
    elif choices:
        kind = FieldKind.CHOICE
    elif values.is_number:
        kind = FieldKind.WHOLE if values.is_whole else FieldKind.NUMBER
    several = ", one a line" if values.is_list else ""
    hint = f"{_to_plain(option.takes)}{several}. {_to_plain(option.meaning)}"
    return RuleField(
        name=place.name,
        label=f"{_SUBJECTS[place.part]}{place.kind} {place.number + 1}: {option.key}",
        kind=kind,
        value=place.text,
        choices=choices,
        hint=hint.strip(),
        low=values.low,
        high=values.high,
        is_needed=False,
    )


def _to_plain(markdown: str) -> str:
    """Return words of the reference as a sentence without marks and links."""
    plain = _LINK.sub(r"\1", markdown).replace("`", "")
    return plain[:1].upper() + plain[1:]


def _edit_conditions(
    definition: Mapping[str, Any], part: str, changed: Mapping[str, str]
) -> list[Any]:
    """Return the conditions of one list with what was changed in them."""
    places: dict[int, list[_Place]] = {}
    for place in _list_places(definition):
        if place.part == part:
            places.setdefault(place.number, []).append(place)
    written: Sequence[Any] = definition.get(part, ())
    edited = []
    for number, item in enumerate(written):
        ours = [place for place in places.get(number, ()) if place.name in changed]
        if not ours:
            edited.append(_copy(item))
            continue
        table = dict(ours[0].table)
        for place in ours:
            _set_key(table, place.option.key, changed[place.name], place.option.values)
        if table:
            ((kind, value),) = item.items()
            edited.append({kind: _shorten(kind, value, table)})
    return edited


def _shorten(kind: str, before: object, table: Mapping[str, Any]) -> object:
    """Return the table in the short form, where the condition was written in it and still can."""
    short = load_plugin("rules.conditions", kind, Condition).short
    is_short = not isinstance(before, Mapping) and list(table) == [short]
    return table[short] if is_short else dict(table)


def _set_key(table: dict[str, Any], key: str, text: str, values: OptionValues = _ANY_TEXT) -> None:
    if text.strip():
        table[key] = read_value(text, values)
    else:
        table.pop(key, None)


def _is_changed(field: RuleField, given: str) -> bool:
    if field.kind in (FieldKind.NUMBER, FieldKind.WHOLE) and given and field.value:
        return _read_number(given) != _read_number(field.value)
    if field.kind is FieldKind.LINES:
        return given.split("\n") != field.value.split("\n")
    return given.split() != field.value.split()


def _read_number(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _copy(value: Any) -> Any:
    """Return lists and tables as new ones of the same contents."""
    if isinstance(value, Mapping):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copy(item) for item in value]
    return value
