"""Where Slack calls: one address for events, clicks and commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from monitor.web.hooks import body_of, lowered

#: Makes of a request's headers (names in lower case) and raw body the status, headers and body of
#: its answer.
Answering = Callable[[Mapping[str, str], bytes], tuple[int, Mapping[str, str], str]]


def slack_route(answer: Answering) -> APIRouter:
    """The route; what it is given is proved and written down by `answer`, in a thread."""
    router = APIRouter()

    @router.post("/slack/events")
    async def brought(request: Request) -> Response:
        body = await body_of(request)
        if isinstance(body, Response):
            return body
        status, headers, text = await run_in_threadpool(answer, lowered(request), body)
        return Response(text, status_code=status, headers=dict(headers))

    return router
