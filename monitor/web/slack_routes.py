"""Where Slack calls: one address for events, clicks and commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from monitor.web.hooks import lower_case_headers, read_body

#: Makes of a request's headers (names in lower case) and raw body the status, headers and body of
#: its answer.
SlackRequestHandler = Callable[[Mapping[str, str], bytes], tuple[int, Mapping[str, str], str]]


def build_slack_routes(respond: SlackRequestHandler) -> APIRouter:
    """The route; what it is given is proved and written down by `answer`, in a thread."""
    router = APIRouter()

    @router.post("/slack/events")
    async def receive_slack_request(request: Request) -> Response:
        body = await read_body(request)
        if isinstance(body, Response):
            return body
        status, headers, text = await run_in_threadpool(respond, lower_case_headers(request), body)
        return Response(text, status_code=status, headers=dict(headers))

    return router
