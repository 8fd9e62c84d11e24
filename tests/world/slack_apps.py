"""A real Bolt app at the workspace's other end: connected by Socket Mode, or called over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler

from tests.world.clients import slack_client
from tests.world.faults import Reply, Request
from tests.world.server import LocalServer
from tests.world.slack import APP_TOKEN, Slack
from tests.world.slack_delivery import SOON
from tests.world.slack_http import SIGNING_SECRET, SignedHttp
from tests.world.waiting import LAST_RESORT


def bolt_app(slack: Slack) -> App:
    """A Bolt app with the bot's token and the workspace's secret, and no listeners yet."""
    return App(client=slack_client(slack), signing_secret=SIGNING_SECRET)


@contextmanager
def over_socket(
    slack: Slack, app: App, connections: int = 1
) -> Iterator[tuple[SocketModeHandler, ...]]:
    """Connect an app so many times, and end quickly: closing alone would wait seconds for the next
    frame.
    """
    handlers = tuple(
        SocketModeHandler(app, APP_TOKEN, web_client=slack_client(slack))
        for _ in range(connections)
    )
    try:
        for number, handler in enumerate(handlers, 1):
            handler.connect()  # type: ignore[no-untyped-call]
            slack.socket.wait_for(number)
        yield handlers
    finally:
        for handler in handlers:
            client = handler.client
            client.default_auto_reconnect_enabled = client.auto_reconnect_enabled = False
            client.closed = True
            client.message_queue.put("")
        slack.socket.drop()
        for handler in handlers:
            handler.close()  # type: ignore[no-untyped-call]


class BoltServer(LocalServer):
    """An app behind a web server."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app

    def answer(self, request: Request) -> Reply:
        asked = BoltRequest(
            body=request.body.decode(), query=dict(request.query), headers=dict(request.headers)
        )
        reply = self._app.dispatch(asked)
        return Reply(reply.status, reply.first_headers_without_set_cookie(), reply.body.encode())


@contextmanager
def over_http(
    slack: Slack,
    app: App,
    *,
    ack_within: float = LAST_RESORT,
    retry_after: tuple[float, ...] = SOON,
) -> Iterator[SignedHttp]:
    """Serve an app, and let the workspace call it instead of waiting for its connections."""
    with BoltServer(app) as server:
        http = SignedHttp(
            f"{server.url}/slack/events", ack_within=ack_within, retry_after=retry_after
        )
        slack.use(http)
        yield http
        http.stop()
