"""Read a CSV or JSON-lines file: survey answers, exports of review sites and help desks."""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.resources import as_file, files
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from monitor.domain.feedback import Feedback, Kind, Scale
from monitor.errors import SourceRefused, suggest_nearest
from sources._columns import (
    COLUMN_NAMES,
    TableLayout,
    WrongColumns,
    feedback_from_record,
    is_column_name,
    match_columns_by_name,
    resolve_columns,
)
from sources._json import parse_cursor
from sources._normalise import stable_hash
from sources._records import (
    FileRecord,
    MissingHeader,
    detect_encoding,
    is_json_lines,
    read_csv_records,
    read_json_records,
)
from sources._warnings import limit_problems
from sources.base import Page, Source, SourceContext, SourceOptions

PAGE_ROWS = 200  #: rows handed over at once
SAMPLE_PREFIX = "sample:"  #: what a path starts with that names a file of the demo

_SCALE = "rating_scale"
_BLOCK = 1 << 16


class CsvFileOptions(SourceOptions):
    """The keys of a file source."""

    path: str  #: relative to the configuration file; `sample:NAME` is a file of the demo
    #: our name = their column; rating_scale: a scale
    mapping: Mapping[str, str] = Field(default_factory=dict)
    delimiter: str = Field(default="", max_length=1)  #: between fields; empty: detected
    encoding: str = ""  #: empty: detected among UTF-8, UTF-16 and Windows-1252
    date_format: str = ""  #: as for strptime, like "%d.%m.%Y %H:%M"; ISO 8601 needs none
    timezone: str = "UTC"  #: IANA name, for times that name no zone
    items: Kind = Kind.SURVEY  #: what the rows are

    @field_validator("mapping", mode="before")
    @classmethod
    def _check_mapping(cls, mapping: object) -> object:
        if not isinstance(mapping, Mapping):
            return mapping
        flat = _flatten_mapping(mapping)
        for name in flat:
            if name != _SCALE and not is_column_name(name):
                raise ValueError(
                    f"unknown name {name!r}; {suggest_nearest(name, (*COLUMN_NAMES, _SCALE))}"
                )
        scale = flat.get(_SCALE)
        if scale is not None and scale not in list(Scale):
            hint = suggest_nearest(scale, [allowed.value for allowed in Scale])
            raise ValueError(f"unknown rating_scale {scale!r}; {hint}")
        return flat

    @field_validator("encoding")
    @classmethod
    def _check_encoding(cls, encoding: str) -> str:
        try:
            return codecs.lookup(encoding).name if encoding else ""
        except LookupError:
            raise ValueError(
                f"unknown encoding {encoding!r}; write it like utf-8 or cp1252"
            ) from None

    @field_validator("timezone")
    @classmethod
    def _check_timezone(cls, timezone: str) -> str:
        try:
            return ZoneInfo(timezone).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                f"unknown time zone {timezone!r}; write it like Europe/Berlin"
            ) from None

    @property
    def table_layout(self) -> TableLayout:
        """The layout of the table, as far as the options describe it."""
        columns = {name: column for name, column in self.mapping.items() if name != _SCALE}
        scale = Scale(self.mapping.get(_SCALE, Scale.STARS5))
        return TableLayout(
            columns=columns,
            scale=scale,
            kind=self.items,
            date_format=self.date_format,
            zone=ZoneInfo(self.timezone),
        )


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of a file: its feedback, its problems, or both."""

    line: int  #: where it starts, counted from 1; 0 for what concerns the whole file
    feedback: Feedback | None = None
    problems: tuple[str, ...] = field(default=())


def read_rows(path: Path, options: CsvFileOptions, source_id: str) -> Iterator[FileRow]:
    """Yield every row of a file, read lazily; stores nothing, so that a dry run can use it too.

    Raises SourceRefused for a file that cannot be read at all, or that lacks the columns that the
    options name.
    """
    try:
        yield from _parse_rows(path, options, source_id)
    except (MissingHeader, WrongColumns) as error:
        raise SourceRefused(f"{path.name}: {error}") from error
    except OSError as error:
        raise _unreadable_file_error(path, error) from error


def _parse_rows(path: Path, options: CsvFileOptions, source_id: str) -> Iterator[FileRow]:
    encoding = options.encoding or detect_encoding(path)
    if encoding == "cp1252" and not options.encoding:
        yield FileRow(
            0, problems=("not UTF-8, read as Windows-1252; set encoding if that is wrong",)
        )
    layout = options.table_layout
    as_json = is_json_lines(path, encoding)
    with path.open(encoding=encoding, errors="replace", newline=None if as_json else "") as file:
        records = read_json_records(file) if as_json else read_csv_records(file, options.delimiter)
        columns: dict[str, str] | None = None
        for record in records:
            if not record.values:
                yield FileRow(record.line, problems=record.problems)
                continue
            if columns is None or as_json:  # in JSON lines every record brings its own names
                columns = _map_record_columns(record, layout, as_json=as_json)
            feedback, problems = feedback_from_record(
                record.values, replace(layout, columns=columns), source_id
            )
            yield FileRow(record.line, feedback, record.problems + problems)


def _map_record_columns(
    record: FileRecord, layout: TableLayout, *, as_json: bool
) -> dict[str, str]:
    if as_json:
        return {**match_columns_by_name(record.values), **layout.columns}
    return resolve_columns(record.values, layout.columns)


class CsvFileSource(Source):
    """A file, read as a whole whenever it has changed."""

    Options = CsvFileOptions

    def __init__(self, source_id: str, options: CsvFileOptions, context: SourceContext) -> None:
        self._source_id = source_id
        self._options = options
        self._folder = context.folder
        self._stopping = context.stopping

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Yield the rows in pages of 200 if the file has changed since `cursor`, nothing if not.

        Only the last page moves the cursor on: a reading that breaks off starts again. Raises
        SourceRefused for a file that cannot be read.
        """
        with locate_file(self._options.path, self._folder) as path:
            stamp = self._stamp_file(path)
            held = parse_cursor(cursor)
            if stamp == {name: held.get(name) for name in stamp}:
                return
            content = _hash_content(path)
            after = json.dumps({**stamp, "content": content})
            same_content = held.get("content") == content
            if same_content and held.get("options") == stamp["options"]:
                yield Page(items=(), cursor=after)
                return
            yield from self._read_pages(path, cursor, after)

    def _read_pages(self, path: Path, before: str, after: str) -> Iterator[Page]:
        rows = read_rows(path, self._options, self._source_id)
        page = list(islice(rows, PAGE_ROWS))
        while True:
            following = list(islice(rows, PAGE_ROWS))
            items = tuple(row.feedback for row in page if row.feedback)
            yield Page(
                items=items,
                cursor=before if following else after,
                warnings=_row_warnings(path, page),
            )
            if not following or self._stopping():
                return
            page = following

    def _stamp_file(self, path: Path) -> dict[str, Any]:
        """Return what changes with the file and with the options, without reading the file."""
        try:
            status = path.stat()
        except OSError as error:
            raise _unreadable_file_error(path, error) from error
        return {
            "size": status.st_size,
            "mtime": status.st_mtime_ns,
            "options": stable_hash(self._options.model_dump_json()),
        }


@contextmanager
def locate_file(path: str, folder: Path) -> Iterator[Path]:
    """Give the path of the file that a `path` option names; raise SourceRefused for no sample."""
    if not path.startswith(SAMPLE_PREFIX):
        yield folder / Path(path).expanduser()
        return
    data = files("monitor").joinpath("demo", "data")
    name = path.removeprefix(SAMPLE_PREFIX)
    names = sorted(
        entry.name for entry in data.iterdir() if entry.name.endswith((".csv", ".jsonl"))
    )
    if name not in names:
        raise SourceRefused(f"no sample {name!r}; {suggest_nearest(name, names)}")
    with as_file(data.joinpath(name)) as found:
        yield found


def _flatten_mapping(mapping: Mapping[str, Any]) -> dict[str, str]:
    """Return the mapping with `attributes = {plan = "Plan"}` as `attributes.plan = "Plan"`."""
    flat: dict[str, str] = {}
    for name, column in mapping.items():
        if isinstance(column, Mapping) and column:
            flat |= {f"{name}.{key}": str(value) for key, value in column.items()}
        else:
            flat[name] = str(column)
    return flat


def _hash_content(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise _unreadable_file_error(path, error) from error
    return digest.hexdigest()


def _row_warnings(path: Path, rows: list[FileRow]) -> tuple[str, ...]:
    problems: list[str] = []
    for row in rows:
        place = f"{path.name} line {row.line}" if row.line else path.name
        problems += [f"{place}: {problem}" for problem in row.problems]
    return limit_problems(problems, label=f"{path.name}: ")


def _unreadable_file_error(path: Path, error: OSError) -> SourceRefused:
    if isinstance(error, FileNotFoundError):
        return SourceRefused(f"{path}: no such file; check [[sources]] path")
    return SourceRefused(f"{path}: cannot be read: {error.strerror}")
