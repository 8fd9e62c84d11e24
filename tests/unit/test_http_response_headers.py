"""How long a host asks to be left alone."""

import pytest

from monitor.http.response_headers import (
    MAX_FRESHNESS,
    MAX_RETRY_AFTER,
    freshness_seconds,
    parse_retry_after_header,
)

DATE = "Sun, 22 Nov 2026 08:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Sun, 22 Nov 2026 08:02:00 GMT", 120.0),
        ("Sun, 22 Nov 2026 07:00:00 GMT", 0.0),
        ("99999999", MAX_RETRY_AFTER),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    """Both forms are read, a date against the host's own clock; nonsense says nothing."""
    assert seconds == parse_retry_after_header({"retry-after": value, "date": DATE})


def test_retry_after_without_a_date_header_cannot_be_a_date() -> None:
    """Without the host's clock a date says nothing."""
    assert parse_retry_after_header({"retry-after": DATE}) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0.0),
        ({"cache-control": "public, max-age=300"}, 300.0),
        ({"cache-control": "max-age=300", "age": "100"}, 200.0),
        ({"cache-control": "max-age=300", "age": "400"}, 0.0),
        ({"cache-control": "max-age=300, no-cache"}, 0.0),
        ({"cache-control": "max-age=31536000"}, MAX_FRESHNESS),
        ({"expires": "Sun, 22 Nov 2026 08:10:00 GMT", "date": DATE}, 600.0),
        ({"expires": "Sun, 22 Nov 2026 07:10:00 GMT", "date": DATE}, 0.0),
        ({"expires": "0", "date": DATE}, 0.0),
        (
            {
                "cache-control": "max-age=60",
                "expires": "Sun, 22 Nov 2026 08:10:00 GMT",
                "date": DATE,
            },
            60.0,
        ),
        ({"cache-control": "max-age=abc"}, 0.0),
    ],
)
def test_freshness_follows_the_cache_headers(headers: dict[str, str], seconds: float) -> None:
    """max-age wins over Expires, Age counts, no-cache voids both, and a year is cut to an hour."""
    assert seconds == freshness_seconds(headers)
