"""How a service proves that it sent something: over the raw bytes, compared in constant time."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable

from sources.base import HookRequest

#: Whether a request was made by somebody who knows a secret.
RequestVerifier = Callable[[HookRequest, bytes], bool]

TOKEN_HEADER = "x-repwatch-token"  # noqa: S105 (a name)
TOKEN_QUERY = "token"  # noqa: S105 (a name)


def has_valid_token(request: HookRequest, secret: bytes) -> bool:
    """The secret itself: in `X-Repwatch-Token`, as password of basic authentication, or as
    `?token=`.
    """
    given = (
        request.headers.get(TOKEN_HEADER, ""),
        _basic_auth_password(request),
        request.query.get(TOKEN_QUERY, ""),
    )
    return any(equals_in_constant_time(one, secret) for one in given)


def make_hmac_verifier(
    header: str, algorithm: str, encoding: Callable[[bytes], bytes], prefix: str = ""
) -> RequestVerifier:
    """An HMAC of the body in a header."""

    def is_genuine(request: HookRequest, secret: bytes) -> bool:
        expected = encoding(hmac.digest(secret, request.body, algorithm))
        return equals_in_constant_time(request.headers.get(header, ""), prefix.encode() + expected)

    return is_genuine


def make_lenient_hmac_verifier(header: str) -> RequestVerifier:
    """An HMAC-SHA256 of the body in a header: in hexadecimal or base64, with or without `sha256=`
    before it.
    """

    def is_genuine(request: HookRequest, secret: bytes) -> bool:
        digest = hmac.digest(secret, request.body, "sha256")
        given = request.headers.get(header, "").removeprefix("sha256=")
        return equals_in_constant_time(given, encode_hex(digest)) or equals_in_constant_time(
            given, base64.b64encode(digest)
        )

    return is_genuine


def make_timed_hmac_verifier(header: str, time_header: str) -> RequestVerifier:
    """An HMAC-SHA256, in base64, of the text of another header followed by the body."""

    def is_genuine(request: HookRequest, secret: bytes) -> bool:
        signed = request.headers.get(time_header, "").encode() + request.body
        return equals_in_constant_time(
            request.headers.get(header, ""), base64.b64encode(hmac.digest(secret, signed, "sha256"))
        )

    return is_genuine


def encode_hex(digest: bytes) -> bytes:
    """The digest in small hexadecimal digits."""
    return digest.hex().encode()


def equals_in_constant_time(given: str, expected: bytes) -> bool:
    """Whether both are the same, in a time that does not tell where they differ; nothing equals an
    empty one.
    """
    return bool(expected) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected)


def _basic_auth_password(request: HookRequest) -> str:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
