"""Only who knows the secret is heard: each service's own way of signing, over the raw bytes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import SourceRefused
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from sources.base import HookRequest, SourceContext
from sources.webhook.preset import WebhookOptions
from sources.webhook.source import WebhookSource

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEW, OLD, WRONG = "new-secret-ü", "old-secret", "wrong-secret"
STAMP = "2026-11-22T11:59:59Z"
BODY = b'{"event_id": "e1", "id": "e1", "words": "\xf0\x9f\x98\xa1"}'
NO_NETWORK = HttpClient(
    HttpSettings(), transport=httpx2.MockTransport(lambda _: httpx2.Response(500))
)
Sender = Callable[[bytes, str], HookRequest]


def base64_of(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def typeform(body: bytes, secret: str) -> HookRequest:
    signature = "sha256=" + base64_of(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    return HookRequest({"typeform-signature": signature}, {}, body)


def surveymonkey(body: bytes, secret: str) -> HookRequest:
    key = f"cid&{secret}".encode()
    return HookRequest(
        {"sm-signature": base64_of(hmac.new(key, body, hashlib.sha1).digest())}, {}, body
    )


def intercom(body: bytes, secret: str) -> HookRequest:
    signature = "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return HookRequest({"x-hub-signature": signature}, {}, body)


def zendesk(body: bytes, secret: str) -> HookRequest:
    signature = base64_of(hmac.new(secret.encode(), STAMP.encode() + body, hashlib.sha256).digest())
    names = ("x-zendesk-webhook-signature", "x-zendesk-webhook-signature-timestamp")
    return HookRequest(dict(zip(names, (signature, STAMP), strict=True)), {}, body)


def generic_hex(body: bytes, secret: str) -> HookRequest:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return HookRequest({"x-signature": signature}, {}, body)


def generic_prefixed(body: bytes, secret: str) -> HookRequest:
    return HookRequest(
        {"x-signature": "sha256=" + generic_hex(body, secret).headers["x-signature"]}, {}, body
    )


def generic_base64(body: bytes, secret: str) -> HookRequest:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return HookRequest({"x-signature": base64_of(digest)}, {}, body)


def token_header(body: bytes, secret: str) -> HookRequest:
    return HookRequest({"x-repwatch-token": secret}, {}, body)


def token_query(body: bytes, secret: str) -> HookRequest:
    return HookRequest({}, {"token": secret}, body)


def basic(body: bytes, secret: str) -> HookRequest:
    return HookRequest(
        {"authorization": f"Basic {base64_of(f'anyone:{secret}'.encode())}"}, {}, body
    )


def secrets(**values: str) -> Secrets:
    return Secrets.model_validate(
        {"HOOK_SECRET": NEW, "HOOK_OLD": OLD, "HOOK_TOKEN": "t", **values}
    )


def source(preset: str, *, held: Secrets | None = None, **options: Any) -> WebhookSource:
    extra: Mapping[str, Mapping[str, Any]] = {
        "surveymonkey": {"client_id": "cid", "token_env": "HOOK_TOKEN"},
        "generic": {"mapping": {"body": "words"}},
    }
    values = {"preset": preset, "secret_env": "HOOK_SECRET", **extra.get(preset, {}), **options}
    context = SourceContext(http=NO_NETWORK, secrets=held or secrets())
    return WebhookSource("place", WebhookOptions.model_validate(values), context)


SIGNED: list[tuple[str, Sender, dict[str, Any]]] = [
    ("typeform", typeform, {}),
    ("surveymonkey", surveymonkey, {}),
    ("intercom", intercom, {}),
    ("zendesk", zendesk, {}),
    ("generic", generic_hex, {"signature_header": "X-Signature"}),
    ("generic", generic_prefixed, {"signature_header": "X-Signature"}),
    ("generic", generic_base64, {"signature_header": "X-Signature"}),
]
TOLD: list[tuple[str, Sender, dict[str, Any]]] = [
    (preset, sender, {})
    for preset in ("delighted", "trustpilot", "generic")
    for sender in (token_header, token_query, basic)
]
ALL = pytest.mark.parametrize(("preset", "sender", "options"), [*SIGNED, *TOLD])


def is_refused(by: WebhookSource, request: HookRequest) -> bool:
    """Whether a request was refused."""
    try:
        by.verify(request, NOW)
    except SourceRefused:
        return True
    return False


def test_a_refusal_tells_what_to_compare_and_nothing_secret() -> None:
    """The line names the source and the variable; it holds no secret, right or wrong, and nothing
    of the content.
    """
    with pytest.raises(SourceRefused, match=r"place: .* compare HOOK_SECRET") as caught:
        source("delighted").verify(token_header(BODY, WRONG), NOW)

    assert not [value for value in (NEW, OLD, WRONG, "words") if value in str(caught.value)]


@ALL
def test_the_service_is_recognised(preset: str, sender: Sender, options: dict[str, Any]) -> None:
    """What was made with the secret is accepted, what was made with another or none is not."""
    place = source(preset, **options)

    assert not is_refused(place, sender(BODY, NEW))
    assert is_refused(place, sender(BODY, WRONG))
    assert is_refused(place, sender(BODY, ""))
    assert is_refused(place, HookRequest({}, {}, BODY))


@pytest.mark.parametrize(("preset", "sender", "options"), SIGNED)
@given(position=st.integers(0, len(BODY) - 1), bit=st.integers(0, 7))
def test_one_changed_bit_is_noticed(
    preset: str, sender: Sender, options: dict[str, Any], position: int, bit: int
) -> None:
    """A signature of other bytes is refused, wherever they differ."""
    changed = bytearray(BODY)
    changed[position] ^= 1 << bit
    request = HookRequest(sender(BODY, NEW).headers, {}, bytes(changed))

    assert is_refused(source(preset, **options), request)


@pytest.mark.parametrize(("preset", "sender", "options"), SIGNED)
def test_what_is_signed_are_the_raw_bytes(
    preset: str, sender: Sender, options: dict[str, Any]
) -> None:
    """The same JSON written in another way is not what was signed."""
    rewritten = json.dumps(json.loads(BODY), separators=(",", ":")).encode()

    assert is_refused(
        source(preset, **options), HookRequest(sender(BODY, NEW).headers, {}, rewritten)
    )


@pytest.mark.parametrize(("days", "refused"), [(0, False), (0.9, False), (1.1, True), (-1.1, True)])
def test_an_old_request_of_zendesk_is_refused(days: float, refused: bool) -> None:
    """A captured request is of no use a day later, when it may be forgotten that it was
    received.
    """
    now = NOW + timedelta(days=days)
    request = zendesk(BODY, NEW)
    if refused:
        with pytest.raises(SourceRefused, match="signed at another time"):
            source("zendesk").verify(request, now)
    else:
        assert source("zendesk").verify(request, now) == "event:e1"


def test_the_time_of_zendesk_is_signed_too() -> None:
    """A captured request with another time is refused."""
    request = zendesk(BODY, NEW)
    later = {**request.headers, "x-zendesk-webhook-signature-timestamp": "2026-11-22T12:00:00Z"}

    assert is_refused(source("zendesk"), HookRequest(later, {}, BODY))


@ALL
def test_two_secrets_are_accepted_while_one_replaces_the_other(
    preset: str, sender: Sender, options: dict[str, Any]
) -> None:
    """With an old secret both hold; without it only the new one does."""
    rotating, settled = (
        source(preset, old_secret_env="HOOK_OLD", **options),
        source(preset, **options),
    )

    assert [is_refused(rotating, sender(BODY, secret)) for secret in (NEW, OLD, WRONG)] == [
        False,
        False,
        True,
    ]
    assert is_refused(settled, sender(BODY, OLD))


@ALL
def test_a_source_without_its_secret_refuses_everything(
    preset: str, sender: Sender, options: dict[str, Any]
) -> None:
    """A variable that is not set never makes the empty secret the right one."""
    assert is_refused(source(preset, held=Secrets(), **options), sender(BODY, ""))
    assert is_refused(source(preset, held=Secrets(), **options), HookRequest({}, {}, BODY))


@given(
    st.text(max_size=40),
    st.sampled_from(["typeform", "surveymonkey", "intercom", "zendesk", "delighted", "generic"]),
)
def test_no_header_breaks_the_check(value: str, preset: str) -> None:
    """Whatever stands where a signature or token is looked for, the answer is a refusal."""
    names = (
        "typeform-signature",
        "sm-signature",
        "x-hub-signature",
        "x-zendesk-webhook-signature",
        "x-zendesk-webhook-signature-timestamp",
        "x-repwatch-token",
        "authorization",
    )
    for given_value in (value, f"Basic {value}", f"sha256={value}"):
        assert is_refused(
            source(preset), HookRequest(dict.fromkeys(names, given_value), {"token": value}, BODY)
        )


def test_a_signing_generic_source_takes_no_token() -> None:
    """Where a signature is asked for, the secret in plain is not enough."""
    assert is_refused(source("generic", signature_header="X-Signature"), token_header(BODY, NEW))


@pytest.mark.parametrize(
    ("preset", "sender", "expected"),
    [("typeform", typeform, True), ("intercom", intercom, True), ("generic", token_header, False)],
)
def test_an_event_is_the_same_by_its_own_id(preset: str, sender: Sender, expected: bool) -> None:
    """A service's own event id makes an event the same whatever else changed; without one the whole
    body does.
    """
    place = source(preset)
    other = BODY.replace(b"words", b"Words")
    first, again, changed = (place.verify(sender(body, NEW), NOW) for body in (BODY, BODY, other))

    assert first == again
    assert (first == changed) is expected


@pytest.mark.parametrize("body", [b"", b"no json", b"[" * 5000, b'{"event_id": {"a": 1}}', b"null"])
def test_a_body_without_an_event_id_is_known_by_its_bytes(body: bytes) -> None:
    """What cannot be read yet is still told apart, and is no reason to refuse."""
    place = source("typeform")

    assert place.verify(typeform(body, NEW), NOW) != place.verify(typeform(body + b" ", NEW), NOW)


def test_nothing_shows_a_secret() -> None:
    """The source, its secrets and their redaction keep what they hold to themselves."""
    held = secrets()
    place = source("surveymonkey", held=held, old_secret_env="HOOK_OLD")

    assert NEW not in f"{place!r}{vars(place)}{held!r}{held}"
    assert held.redact(f"a {NEW} and {OLD}") == "a *** and ***"
