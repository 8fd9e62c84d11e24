"""Read the records of a CSV or JSON-lines file; a broken one never costs its neighbours."""

from __future__ import annotations

import codecs
import csv
import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from sources._normalise import to_clean_text

#: Characters of a line; a longer line is skipped.
MAX_LINE = 1_000_000
#: Lines that a quoted field may span; where it spans more, its opening quote is a stray one.
MAX_LINES = 200

_DELIMITERS = ",;\t|"
_BLOCK = 1 << 16
_LINE_ENDS = ("\n", "\r")
_TOO_LONG = f"longer than {MAX_LINE:,} characters; passed over"


class MissingHeader(ValueError):
    """The file has no line that could name its columns."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One record: its values by column, its problems, or both."""

    line: int  #: where it starts, counted from 1
    #: empty when nothing could be read
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    problems: tuple[str, ...] = ()


def detect_encoding(path: Path) -> str:
    """Return the encoding of a file: by its byte order mark, else UTF-8, else Windows-1252.

    UTF-8 means that the whole file decodes as UTF-8. Raises OSError.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        start = file.read(_BLOCK)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        try:
            decoder.decode(start)
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def is_json_lines(path: Path, encoding: str) -> bool:
    """Return whether a file holds one JSON object per line: by its suffix, else by its start.

    Raises OSError.
    """
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        return True
    with path.open(encoding=encoding, errors="replace") as file:
        return suffix not in (".csv", ".tsv") and file.read(1_000).lstrip().startswith("{")


def read_json_records(file: TextIO) -> Iterator[FileRecord]:
    """Yield the objects of a JSON-lines file; a list or object inside one stays JSON text."""
    for line, text in _read_numbered_lines(file):
        if text is None:
            yield FileRecord(line, problems=(_TOO_LONG,))
        elif text.strip():
            yield _parse_json_record(line, text)


def _parse_json_record(line: int, text: str) -> FileRecord:
    try:
        parsed = json.loads(text.replace("\x00", ""))
    except (ValueError, RecursionError):
        return FileRecord(line, problems=("not valid JSON",))
    if not isinstance(parsed, dict):
        return FileRecord(line, problems=("not a JSON object",))
    values = {to_clean_text(key): _json_value_to_text(value) for key, value in parsed.items()}
    return FileRecord(line, values, _find_broken_characters(text))


def _json_value_to_text(value: object) -> str:
    if isinstance(value, (bool, list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return to_clean_text(value)


def read_csv_records(file: TextIO, delimiter: str = "") -> Iterator[FileRecord]:
    """Yield the rows of a CSV file whose first line names the columns.

    An empty `delimiter` is detected. Raises MissingHeader.
    """
    lines = _PushbackLines(file)
    header, delimiter = _read_header(lines, delimiter)
    while lines.has_more():
        line, fields, problems = _read_csv_row(lines, delimiter, len(header))
        if fields is None:
            yield FileRecord(line, problems=problems)
        elif any(value.strip() for value in fields):
            yield _build_csv_record(line, header, fields, problems)


def _build_csv_record(
    line: int, header: list[str], fields: list[str], problems: tuple[str, ...]
) -> FileRecord:
    if len(fields) != len(header):
        problems += (f"{len(fields)} fields instead of {len(header)}",)
    values: dict[str, str] = {}
    for name, value in zip(header, fields + [""] * len(header), strict=False):
        values.setdefault(name, to_clean_text(value))
    return FileRecord(line, values, problems + _find_broken_characters("".join(fields)))


def _find_broken_characters(text: str) -> tuple[str, ...]:
    if "\x00" in text:
        return ("holds NUL bytes, which were taken out",)
    return ("holds bytes that its encoding does not know",) if "\ufffd" in text else ()


def _read_numbered_lines(file: TextIO) -> Iterator[tuple[int, str | None]]:
    """Yield (line number, text), with None for a line that is too long."""
    number = 0
    while text := file.readline(MAX_LINE):
        number += 1
        if len(text) < MAX_LINE or text.endswith(_LINE_ENDS):
            yield number, text
            continue
        while text and not text.endswith(_LINE_ENDS):
            text = file.readline(MAX_LINE)
        yield number, None


class _PushbackLines:
    """Numbered lines that can be put back, to be read again."""

    def __init__(self, file: TextIO) -> None:
        self._source = _read_numbered_lines(file)
        self._waiting: deque[tuple[int, str | None]] = deque()

    def has_more(self) -> bool:
        """Return whether a line is left."""
        if not self._waiting and (following := next(self._source, None)):
            self._waiting.append(following)
        return bool(self._waiting)

    def take_line(self) -> tuple[int, str | None]:
        """Return the number and text of the next line."""
        return self._waiting.popleft() if self._waiting else next(self._source)

    def put_back(self, lines: list[tuple[int, str | None]]) -> None:
        """Make these lines the next ones."""
        self._waiting.extendleft(reversed(lines))


def _read_header(lines: _PushbackLines, delimiter: str) -> tuple[list[str], str]:
    """Read the first line with content to (names of the columns, delimiter).

    Raises MissingHeader.
    """
    while lines.has_more():
        _, text = lines.take_line()
        if text is None or not text.strip():
            continue
        # Excel's own way to name the delimiter.
        if text.lower().startswith("sep=") and len(text.strip()) == 5:
            delimiter = delimiter or text[4]
            continue
        delimiter = delimiter or _guess_delimiter(text)
        names = [to_clean_text(name).strip() for name in _split_leniently(text, delimiter)]
        return names, delimiter
    raise MissingHeader("the file is empty")


def _guess_delimiter(header: str) -> str:
    """Return the delimiter that splits the header into the most fields."""
    return max(_DELIMITERS, key=lambda mark: len(_split_leniently(header, mark)))


def _read_csv_row(
    lines: _PushbackLines, delimiter: str, width: int
) -> tuple[int, list[str] | None, tuple[str, ...]]:
    """Read the next row to (line number, fields, problems); None for a row that is skipped.

    It is read strictly over as many lines as its quotes span, else leniently from its first line.
    """
    line, first = lines.take_line()
    if first is None:
        return line, None, (_TOO_LONG,)
    taken: list[tuple[int, str | None]] = []

    def continue_lines() -> Iterator[str]:
        text: str | None = first
        size = 0
        while text is not None and size < MAX_LINE:
            yield text
            if len(taken) == MAX_LINES or not lines.has_more():
                return
            size += len(text)
            taken.append(lines.take_line())
            text = taken[-1][1]

    try:
        return line, next(csv.reader(continue_lines(), delimiter=delimiter, strict=True), []), ()
    except csv.Error:
        lines.put_back(taken)
    try:
        return line, _repair_csv_row(first, delimiter, width), ("its quotes do not match",)
    except csv.Error as error:
        return line, None, (f"{error}; passed over",)


def _repair_csv_row(text: str, delimiter: str, width: int) -> list[str]:
    """Split a line whose quotes do not match: leniently, else as if quotes were plain characters.

    The second way is taken only where it alone gives `width` fields.
    """
    lenient = _split_leniently(text, delimiter)
    if len(lenient) == width:
        return lenient
    plain = next(csv.reader([text], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
    return [value.strip().strip('"') for value in plain] if len(plain) == width else lenient


def _split_leniently(text: str, delimiter: str) -> list[str]:
    return next(csv.reader([text.rstrip("\r\n")], delimiter=delimiter), [])
