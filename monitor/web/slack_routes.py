"""The route that Slack calls over HTTP, for events, clicks and commands alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from monitor.slack.mode import PATH
from monitor.web.hooks import lower_case_headers, read_body

#: Returns the status, headers and body that answer a request with these headers (names in lower
#: case) and this raw body.
SlackRequestHandler = Callable[[Mapping[str, str], bytes], tuple[int, Mapping[str, str], str]]


def build_slack_routes(respond: SlackRequestHandler) -> APIRouter:
    """Return the route; `respond` verifies and stores each request, in a thread."""
    router = APIRouter()

    @router.post(PATH)
    async def receive_slack_request(request: Request) -> Response:
        body = await read_body(request)
        if isinstance(body, Response):
            return body
        status, headers, text = await run_in_threadpool(respond, lower_case_headers(request), body)
        return Response(text, status_code=status, headers=dict(headers))

    return router
