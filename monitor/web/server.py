"""The web application behind a socket, in a thread beside the scheduler."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from datetime import datetime

import structlog
import uvicorn

from monitor.bootstrap import App, utc_now
from monitor.errors import ConfigError, ConfigProblem
from monitor.web.app import create_app
from monitor.web.slack_routes import SlackRequestHandler

log = structlog.get_logger(__name__)

#: Seconds that requests under way have when the server stops; with those of the inbox worker it
#: ends within three.
_FINISH_TIMEOUT = 2
#: Connections at a time; more are answered 503, after which services retry.
_MAX_CONNECTIONS = 200
_BACKLOG = 128


class WebServer:
    """A server that listens as soon as it is created, and ends when `stop` is set."""

    def __init__(
        self,
        app: App,
        stop: threading.Event,
        now: Callable[[], datetime],
        slack: SlackRequestHandler | None = None,
    ) -> None:
        """Start to listen; raises ConfigError where the address cannot be bound."""
        self._stop = stop
        self._socket = _open_socket(*app.config.settings.web.host_and_port)
        self._server = uvicorn.Server(_build_uvicorn_config(create_app(app, now, slack)))
        self._thread = threading.Thread(target=self._run_server, name="web")
        self._thread.start()
        threading.Thread(target=self._exit_on_stop, name="web-stop", daemon=True).start()

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        host, port = self._socket.getsockname()[:2]
        shown_host = f"[{host}]" if ":" in host else host
        return f"http://{shown_host}:{port}"

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end; False when it has not come within `timeout` seconds."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run_server(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except Exception:  # a bug of ours: the rest goes on, and the log says what is missing
            log.exception("web_broken")
        finally:
            self._socket.close()
        if not self._stop.is_set():
            log.error("web_ended", says="hooks are not taken any more; restart repwatch")

    def _exit_on_stop(self) -> None:
        self._stop.wait()
        self._server.should_exit = True


def start_web_server(
    app: App, stop: threading.Event, slack: SlackRequestHandler | None = None
) -> WebServer:
    """Listen on `[web] listen` until `stop` is set; the server ends within three seconds then.

    `slack` answers Slack's requests, where Slack calls over HTTP. Raises ConfigError.
    """
    server = WebServer(app, stop, utc_now, slack)
    log.info("web_started", url=server.url)
    return server


def _build_uvicorn_config(web: Callable[..., object]) -> uvicorn.Config:
    """No access log, since addresses may hold a token, and no header that names the software."""
    return uvicorn.Config(
        web,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        loop="asyncio",
        http="h11",
        ws="none",
        limit_concurrency=_MAX_CONNECTIONS,
        timeout_graceful_shutdown=_FINISH_TIMEOUT,
    )


def _open_socket(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        message = (
            f"{host}:{port} cannot be listened on: {error.strerror}; "
            "is it taken, or no address of this machine?"
        )
        raise ConfigError([ConfigProblem("config.toml: web.listen", message)]) from error
