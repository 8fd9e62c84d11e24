"""The web application: its routes, and the headers of every response."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.bootstrap import App
from monitor.errors import StoreError
from monitor.web.event_hooks import build_event_routes
from monitor.web.hooks import build_hook_routes
from monitor.web.metrics import Metrics, seconds_since
from monitor.web.slack_routes import SlackRequestHandler, build_slack_routes
from monitor.web.webhook_handler import build_webhook_worker

log = structlog.get_logger(__name__)

#: Nothing here is a page: browsers may load, frame, sniff and cache nothing.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
#: Seconds after which a service may try again while the database is away.
_RETRY_AFTER = "30"
#: Seconds that the entry in hand has when the application stops.
_STOP_WITHIN = 0.8


def create_app(
    app: App, now: Callable[[], datetime], slack: SlackRequestHandler | None = None
) -> FastAPI:
    """Return the web application of `app`; its lifespan includes the worker of the inbox.

    `slack` answers Slack's requests, where Slack calls over HTTP.
    """
    receiver = app.webhooks
    metrics = Metrics(app.store, now, lambda: app.auditor.repaired)
    worker = build_webhook_worker(receiver, now)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        worker.start()
        try:
            yield
        finally:
            worker.stop(_STOP_WITHIN)

    web = FastAPI(
        lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    web.include_router(build_hook_routes(receiver, metrics, now, worker.wake))
    secret = app.config.settings.secrets.events_hook_secret
    web.include_router(build_event_routes(app.store, secret, now))
    if slack:
        web.include_router(build_slack_routes(slack))
    _add_health_routes(web, app, metrics, now)
    web.add_middleware(_SecurityHeadersMiddleware)
    web.add_exception_handler(StoreError, _respond_unavailable)
    web.add_exception_handler(Exception, _respond_server_error)
    return web


def _add_health_routes(
    web: FastAPI, app: App, metrics: Metrics, now: Callable[[], datetime]
) -> None:
    """Add the routes for a supervisor, a load balancer and Prometheus."""

    @web.get("/healthz")
    async def get_health() -> Response:
        return JSONResponse({"status": "ok"})

    @web.get("/readyz")
    def get_readiness() -> Response:
        with app.store.read() as tx:
            tx.system_statistics.is_reachable()
            outbox_since, inbox = tx.system_statistics.oldest_outbox_at(now()), tx.inbox.count()
        return JSONResponse(
            {
                "status": "ok",
                "outbox_oldest_seconds": seconds_since(outbox_since, now()),
                "inbox_oldest_seconds": seconds_since(inbox.oldest, now()),
                "inbox_dead": inbox.dead,
            }
        )

    @web.get("/metrics")
    def get_metrics() -> Response:
        return Response(metrics.render_text(), media_type=CONTENT_TYPE_LATEST)


class _SecurityHeadersMiddleware:
    """Adds the security headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        is_http = scope["type"] == "http"
        await self._app(scope, receive, send_with_headers if is_http else send)


async def _respond_unavailable(request: Request, error: Exception) -> Response:
    """Answer 503 while the database is away: services keep what they send, and retry."""
    log.error("web_store_failed", path=request.url.path, error=str(error))
    return JSONResponse(
        {"status": "unavailable"}, status_code=503, headers={"Retry-After": _RETRY_AFTER}
    )


async def _respond_server_error(request: Request, error: Exception) -> Response:
    """Answer 500 for a bug, without a word about it."""
    return JSONResponse({"status": "error"}, status_code=500, headers=HEADERS)
