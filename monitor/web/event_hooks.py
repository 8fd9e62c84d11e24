"""Marks events by webhook: a release by the pipeline that ships it, an outage by the monitoring."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import SecretStr

from monitor.domain.marked_event import (
    MarkedEvent,
    MarkedEventKind,
    MarkOrigin,
    make_marked_event,
)
from monitor.errors import suggest_nearest
from monitor.store import Store
from monitor.web.hooks import lower_case_headers, read_body
from sources.base import HookRequest
from sources.webhook.signatures import make_lenient_hmac_verifier

log = structlog.get_logger(__name__)

SIGNATURE_HEADER: Final = "x-repwatch-signature"
_KEYS: Final = ("name", "kind", "at", "until")
_is_genuine = make_lenient_hmac_verifier(SIGNATURE_HEADER)


def build_event_routes(store: Store, secret: SecretStr, now: Callable[[], datetime]) -> APIRouter:
    """Return the route that marks events; no route without a secret.

    An event is stored before the answer, and the same event told twice is one.
    """
    router = APIRouter()
    key = secret.get_secret_value().encode()
    if not key:
        return router

    @router.post("/hooks/events/mark")
    async def mark_event(request: Request) -> Response:
        body = await read_body(request)
        if isinstance(body, Response):
            return body
        hook = HookRequest(lower_case_headers(request), dict(request.query_params), body)
        if not _is_genuine(hook, key):
            log.warning("event_hook_refused")
            return Response(status_code=401)
        try:
            event = parse_event_body(body, now())
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=422)
        marked, is_new = await run_in_threadpool(_store_event, store, event)
        return JSONResponse({"id": marked.id, "new": is_new})

    return router


def parse_event_body(body: bytes, now: datetime) -> MarkedEvent:
    """Return the event that a request tells of; raises ValueError with what is wrong, for people.

    A time without an offset is UTC; without a time it is now.
    """
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError('the body is no JSON; send {"name": "6.5.0", "kind": "release"}') from None
    if not isinstance(given, dict):
        message = 'an object is needed, like {"name": "6.5.0", "kind": "release"}'
        raise ValueError(message)  # noqa: TRY004 - one kind for the caller
    if unknown := [str(key) for key in given if key not in _KEYS]:
        raise ValueError(f"unknown key {unknown[0][:60]!r}; {suggest_nearest(unknown[0], _KEYS)}")
    return make_marked_event(
        _get_text(given, "name"),
        _parse_kind(_get_text(given, "kind")),
        _parse_time(given, "at") or now,
        until=_parse_time(given, "until"),
        origin=MarkOrigin.WEBHOOK,
    )


def _store_event(store: Store, event: MarkedEvent) -> tuple[MarkedEvent, bool]:
    with store.write() as tx:
        return tx.marked_events.add(event)


def _get_text(given: Mapping[str, Any], key: str) -> str:
    value = given.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f"{key}: text is needed")  # noqa: TRY004 - one kind for the caller
    return value


def _parse_kind(text: str) -> MarkedEventKind:
    try:
        return MarkedEventKind(text or MarkedEventKind.OTHER)
    except ValueError:
        hint = suggest_nearest(text, [str(kind) for kind in MarkedEventKind])
        raise ValueError(f"kind: {text[:60]!r} is none; {hint}") from None


def _parse_time(given: Mapping[str, Any], key: str) -> datetime | None:
    text = _get_text(given, key)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{key}: no time; write it like 2026-11-20T08:30Z") from None
