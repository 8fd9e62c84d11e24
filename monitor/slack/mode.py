"""How Slack reaches repwatch, as the configuration and the secrets allow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.errors import ConfigProblem
from monitor.settings import Settings

#: Where Slack calls over HTTP, for events, clicks and commands alike.
PATH = "/slack/events"


class InboundMode(StrEnum):
    """How payloads of Slack arrive."""

    SOCKET = "socket"  #: over connections that repwatch opens
    HTTP = "http"  #: Slack calls repwatch
    OFF = "off"  #: not at all: cards have no buttons


@dataclass(frozen=True, slots=True)
class ModeChoice:
    """The mode, and why it is this one."""

    mode: InboundMode
    reason: str  #: for people; begins in small letters


def choose_mode(settings: Settings) -> ModeChoice:
    """Return the mode that is configured.

    With `mode = "auto"` it is Socket Mode where there is a token for it, else HTTP where that can
    work.
    """
    wanted, secrets = settings.desk.mode, settings.secrets
    can_socket = bool(secrets.slack_app_token.get_secret_value())
    can_http = bool(secrets.slack_signing_secret.get_secret_value() and settings.web.listen)
    if not settings.slack.default_channel:
        return ModeChoice(InboundMode.OFF, "off: no [slack] default_channel")
    if wanted == "off":
        return ModeChoice(InboundMode.OFF, "off as configured: cards have no buttons")
    if wanted == "socket" or (wanted == "auto" and can_socket):
        count = settings.desk.connections
        plural = "" if count == 1 else "s"
        return ModeChoice(InboundMode.SOCKET, f"over Socket Mode, {count} connection{plural}")
    if wanted == "http" or can_http:
        reason = f"over HTTP: Slack calls {PATH} at the address of [web] listen"
        return ModeChoice(InboundMode.HTTP, reason)
    return ModeChoice(
        InboundMode.OFF,
        "off: for cards with buttons set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET together with "
        "[web] listen",
    )


def check_mode_settings(settings: Settings, file: str) -> list[ConfigProblem]:
    """Return what the chosen mode lacks; `file` is the name of the configuration."""
    return [ConfigProblem(f"{file}: desk.mode", message) for message in _find_lacks(settings)]


def _find_lacks(settings: Settings) -> Iterator[str]:
    mode, secrets = choose_mode(settings).mode, settings.secrets
    if settings.desk.mode in ("socket", "http") and not settings.slack.default_channel:
        yield "people act on cards, and there are none in Slack: set default_channel under [slack]"
    if mode is InboundMode.SOCKET and not secrets.slack_app_token.get_secret_value():
        yield "Socket Mode needs SLACK_APP_TOKEN, which is neither in the environment nor in .env"
    if mode is InboundMode.HTTP and not secrets.slack_signing_secret.get_secret_value():
        yield "HTTP needs SLACK_SIGNING_SECRET, which is neither in the environment nor in .env"
    if mode is InboundMode.HTTP and not settings.web.listen:
        yield "Slack has to reach repwatch over HTTP: set listen under [web]"
