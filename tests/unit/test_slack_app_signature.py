"""Only what Slack has signed of late is let in, and only once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.slack_app.signature import ReplayGuard, has_valid_signature
from monitor.testing import NOON
from tests.world.slack_http import Sent

SECRET = "5ecret"
BODY = b'{"type":"event_callback"}'


def headers(stamp: str, *, secret: str = SECRET, body: bytes = BODY) -> dict[str, str]:
    """The headers of a signed request, with names in lower case."""
    sent = Sent("http://app", body).signed(stamp, secret=secret)
    return {name.lower(): value for name, value in sent.headers.items()}


def at(seconds: float) -> str:
    """A timestamp so many seconds after now."""
    return str(int(NOON.timestamp() + seconds))


@pytest.mark.parametrize("seconds", [0, -299, 299])
def test_what_slack_has_just_signed_is_let_in(seconds: int) -> None:
    """Five minutes either way are allowed."""
    assert has_valid_signature(headers(at(seconds)), BODY, SECRET, NOON)


@pytest.mark.parametrize(
    "stamp",
    ["", "now", at(0) + ".5", "-1", "٣" * 10, "9" * 400, at(301), at(-301), "0x10", " " + at(0)],
    ids=[
        "empty",
        "word",
        "fraction",
        "negative",
        "arabic",
        "endless",
        "future",
        "past",
        "hex",
        "space",
    ],
)
def test_a_timestamp_that_is_none_is_refused(stamp: str) -> None:
    """However it is written, and although the signature over it is right."""
    assert not has_valid_signature(headers(stamp), BODY, SECRET, NOON)


def test_another_secret_body_or_none_at_all_is_refused() -> None:
    """The signature covers the body, byte by byte, and needs the secret."""
    honest = headers(at(0))
    assert not has_valid_signature(headers(at(0), secret="other"), BODY, SECRET, NOON)
    assert not has_valid_signature(honest, BODY + b" ", SECRET, NOON)
    assert not has_valid_signature({}, BODY, SECRET, NOON)
    assert not has_valid_signature({**honest, "x-slack-signature": ""}, BODY, SECRET, NOON)
    assert not has_valid_signature({**honest, "x-slack-signature": "v0=é"}, BODY, SECRET, NOON)


@given(st.text(max_size=30), st.text(max_size=30), st.binary(max_size=30))
def test_nothing_made_up_is_let_in(stamp: str, signature: str, body: bytes) -> None:
    """Any text in either header is refused without an error."""
    made_up = {"x-slack-request-timestamp": stamp, "x-slack-signature": signature}
    assert not has_valid_signature(made_up, body, SECRET, NOON)


def test_a_signature_is_remembered_for_ten_minutes() -> None:
    """Longer than its time is allowed, and not for ever."""
    seen = ReplayGuard()
    seen.add("v0=a", NOON)
    seen.add("v0=b", NOON + timedelta(minutes=9, seconds=59))
    assert "v0=a" in seen
    seen.add("v0=c", NOON + timedelta(minutes=10))
    assert ("v0=a" in seen, "v0=b" in seen, "v0=c" in seen) == (False, True, True)
