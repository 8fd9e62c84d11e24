"""Answers and cursors that may hold anything."""

from datetime import UTC, datetime

import pytest

from monitor.errors import SourceUnavailable
from monitor.http import HttpResponse
from sources._json import (
    dict_or_empty,
    parse_cursor,
    parse_cursor_of,
    parse_json_response,
    to_count,
    to_positive_number,
)
from sources._times import time_from_epoch


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"a": ', b"\xff\xfe\xfd", b"[" * 100_000, b"1" * 5_000]
)
def test_what_is_no_json_is_a_passing_error_without_secrets(body: bytes) -> None:
    """Anything that cannot be read says where it came from, with the secret hidden."""
    with pytest.raises(
        SourceUnavailable, match=r"^https://x\.example/\?token=\*\*\*: the answer is not JSON"
    ):
        parse_json_response(
            HttpResponse(status=200, url="https://x.example/?token=s3cr3t", body=body)
        )


@pytest.mark.parametrize("cursor", ["", "x", "[]", "7", "null", "\x00", "[" * 100_000])
def test_a_foreign_cursor_holds_nothing(cursor: str) -> None:
    """What is no JSON object is as good as empty."""
    assert parse_cursor(cursor) == {}


def test_a_cursor_belongs_to_the_options_that_wrote_it() -> None:
    """Notes under another key are not taken over."""
    cursor = '{"place": "a", "newest": 7}'
    assert parse_cursor_of(cursor, "place", "a") == {"place": "a", "newest": 7}
    assert parse_cursor_of(cursor, "place", "b") == parse_cursor_of("", "place", "a") == {}


def test_values_of_another_type_are_nothing() -> None:
    """Times, counts and tables are taken only as such, and only in a range that can be stored."""
    values = (7, 7.5, True, "7", None, -1, float("nan"), float("inf"), 10**400)
    assert [to_positive_number(value) for value in values] == [
        7.0, 7.5, 0, 0, 0, 0, 0, 0, 0,
    ]  # fmt: skip
    assert [to_count(value) for value in (7, 0, True, "7", None, 7.5, 10**12)] == [
        7,
        0,
        None,
        None,
        None,
        None,
        None,
    ]
    assert (dict_or_empty({"a": 1}), dict_or_empty([]), dict_or_empty(None)) == ({"a": 1}, {}, {})
    assert (time_from_epoch(1_790_000_000), time_from_epoch(0), time_from_epoch(10**15)) == (
        datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC),
        None,
        None,
    )
