"""Convert a record of a table to feedback: what each column means, and how values are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from monitor.domain.feedback import Author, Feedback, Kind, Rating, Scale
from monitor.errors import suggest_nearest
from sources._normalise import (
    parse_leading_number,
    stable_hash,
    to_clean_text,
    to_external_id,
    to_http_link,
    to_language_tag,
)
from sources._times import time_from_epoch, to_plausible_utc

#: What a column can mean.
COLUMN_NAMES = (
    "id", "created_at", "edited_at", "title", "body", "author", "author_id", "rating", "language",
    "url", "question", "app_version", "kind", "thread_id", "parent_id", "score", "replies",
)  # fmt: skip
#: Put before a name of the user's own: a segment, a country, a plan.
ATTRIBUTE_PREFIX = "attributes."

#: Units in a second of a time since 1970, by its number of digits: seconds and milliseconds.
_EPOCH_UNITS = {10: 1, 13: 1000}
_ALIASES = {"version": "app_version"}
#: Our own words, and Reddit's.
_KINDS = {**{kind.value: kind for kind in Kind}, "t1": Kind.COMMENT, "t3": Kind.POST}
_THUMBS: Mapping[str, float] = {
    "up": 1,
    "yes": 1,
    "true": 1,
    "👍": 1,
    "down": 0,
    "no": 0,
    "false": 0,
    "👎": 0,
}


class WrongColumns(ValueError):
    """The table lacks a column that was named, or has none for a title, a body or a rating."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLayout:
    """What the columns of a table mean, and how its values are written."""

    #: our name -> their column
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)
    scale: Scale = Scale.STARS5  #: of the ratings
    kind: Kind = Kind.SURVEY  #: of a row that does not say
    date_format: str = ""  #: as for strptime; ISO 8601 and times since 1970 need none
    zone: tzinfo = UTC  #: of times that name no zone


def is_column_name(name: str) -> bool:
    """Return whether a mapping may name this: one of COLUMN_NAMES, or attributes.SOMETHING."""
    is_attribute = name.startswith(ATTRIBUTE_PREFIX) and name != ATTRIBUTE_PREFIX
    return is_attribute or name in COLUMN_NAMES


def resolve_columns(header: Collection[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Return {our name: their column}: as mapped, then columns that are called as ours are.

    Raises WrongColumns.
    """
    for name, column in mapping.items():
        if column not in header:
            raise WrongColumns(
                f"no column {column!r} for {name}; {suggest_nearest(column, tuple(header))}"
            )
    unmapped = [column for column in header if column not in mapping.values()]
    columns = {**match_columns_by_name(unmapped), **mapping}
    if not {"title", "body", "rating"} & columns.keys():
        raise WrongColumns(
            f"no column for title, body or rating; name them in `mapping`, of: {', '.join(header)}"
        )
    return columns


def match_columns_by_name(header: Iterable[str]) -> dict[str, str]:
    """Return {our name: their column} for the columns that are called as ours are, in any case."""
    by_name = {_ALIASES.get(column.lower(), column.lower()): column for column in header}
    return {
        name: column
        for name, column in by_name.items()
        if name in COLUMN_NAMES or name.startswith(ATTRIBUTE_PREFIX)
    }


def feedback_from_record(
    values: Mapping[str, str], layout: TableLayout, source_id: str
) -> tuple[Feedback | None, tuple[str, ...]]:
    """Convert a record to (feedback, problems); None for one without title, body and rating.

    Where it has no id, the whole record is hashed to one: equal records are one feedback.
    """
    given = {name: values.get(column, "").strip() for name, column in layout.columns.items()}
    given = {name: value for name, value in given.items() if value}
    if not {"title", "body", "rating"} & given.keys():
        return None, ("says nothing: no title, body or rating",)
    problems: list[str] = []
    feedback = Feedback(
        source_id=source_id,
        external_id=to_external_id(given.get("id") or _hash_record(values)),
        kind=_parse_kind_column(given, layout, problems),
        title=given.get("title", ""),
        body=given.get("body", ""),
        author=Author(name=given.get("author", ""), id=given.get("author_id", "")),
        created_at=_parse_time_column("created_at", given, layout, problems),
        edited_at=_parse_time_column("edited_at", given, layout, problems),
        url=to_http_link(given.get("url")),
        thread_id=given.get("thread_id", ""),
        parent_id=given.get("parent_id", ""),
        language=to_language_tag(given.get("language")),
        rating=_parse_rating_column(given, layout, problems),
        score=_parse_count_column("score", given),
        replies=_parse_count_column("replies", given),
        app_version=given.get("app_version", ""),
        question=given.get("question", ""),
        attributes={
            name.removeprefix(ATTRIBUTE_PREFIX): text
            for name, text in given.items()
            if name.startswith(ATTRIBUTE_PREFIX)
        },
    )
    return feedback, tuple(problems)


def parse_time(text: str, layout: TableLayout) -> datetime | None:
    """Parse a time to UTC; None for a text that is no time and for an implausible year."""
    try:
        if layout.date_format:
            at = datetime.strptime(text, layout.date_format)  # noqa: DTZ007 (the zone follows)
        elif text.isascii() and text.isdigit() and len(text) in _EPOCH_UNITS:
            return time_from_epoch(int(text) / _EPOCH_UNITS[len(text)])
        else:
            at = datetime.fromisoformat(text)
        return to_plausible_utc(at if at.tzinfo else at.replace(tzinfo=layout.zone))
    except (ValueError, OverflowError):
        return None


def _hash_record(values: Mapping[str, str]) -> str:
    return stable_hash(*(f"{name}={value}" for name, value in sorted(values.items())))


def _parse_time_column(
    name: str, given: Mapping[str, str], layout: TableLayout, problems: list[str]
) -> datetime | None:
    text = given.get(name, "")
    if not text:
        return None
    at = parse_time(text, layout)
    if at is None:
        problems.append(
            f"{name}: {_quote_value(text)} is not a time that can be meant; set date_format"
        )
    return at


def _parse_rating_column(
    given: Mapping[str, str], layout: TableLayout, problems: list[str]
) -> Rating | None:
    text = given.get("rating", "")
    if not text:
        return None
    thumb = _THUMBS.get(text.lower()) if layout.scale is Scale.THUMBS else None
    value = parse_leading_number(text) if thumb is None else thumb
    rating = None if value is None else Rating.from_value(value, layout.scale)
    if rating is None:
        problems.append(f"rating: {_quote_value(text)} is not on the scale {layout.scale}")
    return rating


def _parse_kind_column(given: Mapping[str, str], layout: TableLayout, problems: list[str]) -> Kind:
    text = given.get("kind", layout.kind).lower()
    if text in _KINDS:
        return _KINDS[text]
    hint = suggest_nearest(text, [kind.value for kind in Kind])
    problems.append(f"kind: {_quote_value(text)} is unknown; {hint}")
    return layout.kind


def _parse_count_column(name: str, given: Mapping[str, str]) -> int | None:
    number = parse_leading_number(given.get(name, ""))
    return None if number is None else int(number)


def _quote_value(text: str) -> str:
    return repr(to_clean_text(text)[:40])
