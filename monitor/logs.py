"""What the program says of itself: on standard error, without secrets."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import structlog
from stamina.instrumentation import set_on_retry_hooks

from monitor.settings import LogSettings


def configure_logging(settings: LogSettings, redact: Callable[[str], str]) -> None:
    """Send log lines to standard error, every secret in them replaced by ***."""

    def redact_event(
        _logger: object, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        return {
            key: redact(value) if isinstance(value, str) else value for key, value in event.items()
        }

    level = logging.getLevelNamesMapping()[settings.level.upper()]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    _quiet_libraries(redact)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact_event,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _quiet_libraries(redact: Callable[[str], str]) -> None:
    """Let libraries say only what is wrong, without secrets; what they retry is our own report to
    make.
    """

    def redact_record(record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True

    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(redact_record)
    logging.basicConfig(
        level=logging.WARNING, handlers=[handler], format="%(levelname)s %(message)s", force=True
    )
    logging.getLogger("prawcore").setLevel(logging.ERROR)
    set_on_retry_hooks(())
