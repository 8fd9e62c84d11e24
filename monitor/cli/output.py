"""Data for machines on standard output: lines, JSON, CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from monitor.cli.options import ExportFormat

#: A spreadsheet runs a cell that begins with one of these.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_encode_json = json.JSONEncoder(ensure_ascii=False, default=str).encode


def print_line(text: str) -> None:
    """Print one line of data."""
    sys.stdout.write(text + "\n")


def print_json(value: object) -> None:
    """Print one JSON document on one line, in UTF-8 whatever the text holds."""
    print_line(_encode_json(value))


def write_rows(
    rows: Iterable[Mapping[str, object]], columns: Sequence[str], form: ExportFormat
) -> None:
    """Print rows as JSON lines, or as CSV in which no cell can start a formula."""
    if form is ExportFormat.JSONL:
        for row in rows:
            print_json(row)
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_format_cell(row.get(column)) for column in columns])


def _format_cell(value: object) -> object:
    """Return a cell of a CSV file; an apostrophe in front makes a formula text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
