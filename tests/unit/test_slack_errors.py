"""What Slack's answers mean: each is one fate, and none quotes a secret or a stranger."""

from __future__ import annotations

import socket
import ssl
from urllib.error import URLError

import pytest

from monitor.errors import (
    CardDeleted,
    DeliveryDelayed,
    DeliveryError,
    DeliveryForbidden,
    DeliveryRefused,
    DeliveryRejected,
    DeliveryUncertain,
    DeliveryUnreachable,
)
from monitor.slack import errors

FATES: dict[type[DeliveryError], tuple[str, ...]] = {
    DeliveryUncertain: ("fatal_error", "internal_error", "request_timeout"),
    DeliveryUnreachable: (
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
    ),
    errors.PayloadRefused: (
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "metadata_too_large",
        "no_text",
    ),
    CardDeleted: ("message_not_found", "thread_not_found"),
    DeliveryRejected: ("cant_update_message", "edit_window_closed"),
    DeliveryForbidden: ("invalid_auth", "token_revoked", "account_inactive", "not_authed"),
    errors.ScopeMissing: ("missing_scope",),
    DeliveryDelayed: ("ratelimited", "team_added_to_org", "service_unavailable"),
    DeliveryRefused: ("an_error_of_tomorrow", "external_channel_migrating"),
}


@pytest.mark.parametrize(
    ("fate", "name"), [(fate, name) for fate, names in FATES.items() for name in names]
)
def test_error_has_its_fate(fate: type[DeliveryError], name: str) -> None:
    """Each error that Slack documents leads to what the sender must do."""
    error = errors.classify_refusal(
        "chat.postMessage", 200, {}, {"ok": False, "error": name}, "#support"
    )

    assert fate is type(error)
    assert name in str(error) or name == "ratelimited" or name == "missing_scope"
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("headers", "wait"), [({"retry-after": "7"}, 7), ({"Retry-After": "x"}, 30), ({}, 30)]
)
def test_too_fast_says_how_long_to_wait(headers: dict[str, str], wait: float) -> None:
    """429 waits as long as Slack says, and half a minute when it does not say."""
    error = errors.classify_refusal("chat.postMessage", 429, headers, b"")

    assert isinstance(error, DeliveryDelayed)
    assert wait == error.retry_after


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"ok": False, "error": "invalid_auth"}),
        (503, "<html>"),
        (200, ["ok"]),
        (200, {"ok": False, "error": "Received a response in a non-JSON format: xoxb-1"}),
        (200, None),
    ],
)
def test_unreadable_answer_is_uncertain(status: int, body: object) -> None:
    """An answer from something in between tells nothing about the message, and is not repeated in
    the error.
    """
    error = errors.classify_refusal("chat.postMessage", status, {}, body)

    assert type(error) is DeliveryUncertain
    assert "xoxb" not in str(error)


@pytest.mark.parametrize(
    "reason",
    [
        ConnectionRefusedError(111, "refused"),
        socket.gaierror(-2, "Name or service not known"),
        TimeoutError("timed out"),
        ssl.SSLCertVerificationError("self-signed certificate"),
        OSError(113, "No route to host"),
        OSError("Tunnel connection failed: 407 Proxy Authentication Required"),
    ],
)
def test_failed_connection_is_certainly_not_sent(reason: OSError) -> None:
    """Nothing left the machine: the message may be sent again."""
    assert type(errors.classify_failure("chat.postMessage", URLError(reason))) is DeliveryDelayed


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError("The read operation timed out"),
        ConnectionResetError(104, "reset"),
        URLError(ConnectionResetError(104, "reset")),
        ValueError("no JSON in xoxb-1"),
    ],
)
def test_lost_answer_is_uncertain(error: Exception) -> None:
    """The request may have arrived: look before sending again. The cause's own words are not
    shown.
    """
    found = errors.classify_failure("chat.postMessage", error)

    assert type(found) is DeliveryUncertain
    assert "xoxb" not in str(found)


def test_missing_scope_is_named() -> None:
    """The message says which scope to add."""
    body = {"ok": False, "error": "missing_scope", "needed": "channels:history"}

    assert "lacks the scope channels:history for conversations.history" in str(
        errors.classify_refusal("conversations.history", 200, {}, body)
    )


def test_refused_blocks_are_named_by_place() -> None:
    """The error says where the mistake is, and nothing of what stands there."""
    body = {
        "error": "invalid_blocks",
        "errors": ["customer words [json-pointer:/blocks/0/text/text]"],
    }
    error = str(errors.classify_refusal("chat.postMessage", 200, {}, body))

    assert error.endswith("at /blocks/0/text/text")
    assert "customer" not in error
