"""Verify that a service sent a request: over the raw bytes, compared in constant time."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable

from sources.base import HookRequest

#: Returns whether whoever sent a request knows the secret.
RequestVerifier = Callable[[HookRequest, bytes], bool]

TOKEN_HEADER = "x-repwatch-token"  # noqa: S105 (a name)
TOKEN_QUERY = "token"  # noqa: S105 (a name)


def has_valid_token(request: HookRequest, secret: bytes) -> bool:
    """Return whether a request carries the secret itself.

    It may be in `X-Repwatch-Token`, the password of basic authentication, or `?token=`.
    """
    given = (
        request.headers.get(TOKEN_HEADER, ""),
        _basic_auth_password(request),
        request.query.get(TOKEN_QUERY, ""),
    )
    return any(equals_in_constant_time(token, secret) for token in given)


def make_hmac_verifier(
    header: str, algorithm: str, encoding: Callable[[bytes], bytes], prefix: str = ""
) -> RequestVerifier:
    """Make a verifier of an HMAC of the body in a header, `prefix` before it."""

    def is_genuine(request: HookRequest, secret: bytes) -> bool:
        expected = encoding(hmac.digest(secret, request.body, algorithm))
        return equals_in_constant_time(request.headers.get(header, ""), prefix.encode() + expected)

    return is_genuine


def make_lenient_hmac_verifier(header: str) -> RequestVerifier:
    """Make a verifier of an HMAC-SHA256 of the body in a header, however it is written.

    In hexadecimal digits or base64, with or without `sha256=` before it.
    """

    def is_genuine(request: HookRequest, secret: bytes) -> bool:
        digest = hmac.digest(secret, request.body, "sha256")
        given = request.headers.get(header, "").removeprefix("sha256=")
        return equals_in_constant_time(given, encode_hex(digest)) or equals_in_constant_time(
            given, base64.b64encode(digest)
        )

    return is_genuine


def make_timed_hmac_verifier(header: str, time_header: str) -> RequestVerifier:
    """Make a verifier of an HMAC-SHA256, in base64, of the text of `time_header` and the body."""

    def is_genuine(request: HookRequest, secret: bytes) -> bool:
        signed = request.headers.get(time_header, "").encode() + request.body
        expected = base64.b64encode(hmac.digest(secret, signed, "sha256"))
        return equals_in_constant_time(request.headers.get(header, ""), expected)

    return is_genuine


def encode_hex(digest: bytes) -> bytes:
    """Return the digest in lower-case hexadecimal digits."""
    return digest.hex().encode()


def equals_in_constant_time(given: str, expected: bytes) -> bool:
    """Return whether both are equal, in a time that does not tell where they differ.

    Nothing equals an empty `expected`.
    """
    return bool(expected) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected)


def _basic_auth_password(request: HookRequest) -> str:
    """Return the password of basic authentication; "" for none and for one that is malformed."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
