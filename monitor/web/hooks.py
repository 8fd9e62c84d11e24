"""Webhooks: a request is read within limits, verified, and written into the inbox before it is
acknowledged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from monitor.errors import SourceRefused
from monitor.pipeline.webhooks import WebhookReceiver
from monitor.web.metrics import Metrics
from sources.base import HookRequest

log = structlog.get_logger(__name__)

#: Bytes; no service sends more: SurveyMonkey, Typeform and Trustpilot stay far below.
MAX_BODY = 1_000_000
#: Seconds within which the whole request must arrive.
READ_TIMEOUT = 10.0
_CLOSE = {"Connection": "close"}


def build_hook_routes(
    receiver: WebhookReceiver,
    metrics: Metrics,
    now: Callable[[], datetime],
    notify_worker: Callable[[], None],
) -> APIRouter:
    """Return the routes below `/hooks`; `notify_worker` is called for a new inbox entry."""
    router = APIRouter()

    @router.head("/hooks/{source_id}")
    def check_hook_exists(source_id: str) -> Response:
        """Answer the check with which services accept an address."""
        return Response(status_code=200 if source_id in receiver.sources else 404)

    @router.post("/hooks/{source_id}")
    async def receive_hook(source_id: str, request: Request) -> Response:
        if source_id not in receiver.sources:
            return Response(status_code=404, headers=_CLOSE)
        body = await read_body(request)
        if isinstance(body, Response):
            metrics.count_hook(source_id, "too_large" if body.status_code == 413 else "incomplete")
            return body
        hook = HookRequest(lower_case_headers(request), dict(request.query_params), body)
        outcome = await run_in_threadpool(_accept_hook, receiver, source_id, hook, now())
        metrics.count_hook(source_id, outcome)
        if outcome == "accepted":
            notify_worker()
        return Response(status_code=401 if outcome == "refused" else 200)

    return router


def _accept_hook(
    receiver: WebhookReceiver, source_id: str, hook: HookRequest, now: datetime
) -> str:
    try:
        return "accepted" if receiver.accept(source_id, hook, now) else "repeated"
    except SourceRefused as error:
        log.warning("hook_refused", source=source_id, error=receiver.redact(str(error)))
        return "refused"


async def read_body(request: Request) -> bytes | Response:
    """Return the body as it came, or the response that refuses it.

    Its bytes are counted as they arrive, whatever length the request claims.
    """
    claimed = request.headers.get("content-length", "")
    if claimed.isascii() and claimed.isdigit() and int(claimed[:20]) > MAX_BODY:
        return Response(status_code=413, headers=_CLOSE)
    body = bytearray()
    try:
        async with asyncio.timeout(READ_TIMEOUT):
            async for piece in request.stream():
                body += piece
                if len(body) > MAX_BODY:
                    return Response(status_code=413, headers=_CLOSE)
    except TimeoutError:
        return Response(status_code=408, headers=_CLOSE)
    except ClientDisconnect:
        return Response(status_code=400, headers=_CLOSE)
    return bytes(body)


def lower_case_headers(request: Request) -> dict[str, str]:
    """Return the headers, with names in lower case."""
    return {name.lower(): value for name, value in request.headers.items()}
