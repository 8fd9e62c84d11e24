"""Which way Slack brings back what people do there, as the configuration and the secrets allow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.errors import ConfigProblem
from monitor.settings import Settings

#: Where Slack calls, for events, clicks and commands alike.
PATH = "/slack/events"


class InboundMode(StrEnum):
    """A way, or none."""

    SOCKET = "socket"  #: repwatch calls Slack, which brings everything over that connection
    HTTP = "http"  #: Slack calls repwatch
    OFF = "off"  #: cards have no buttons


@dataclass(frozen=True, slots=True)
class ModeChoice:
    """The way that is taken, and why it is this one."""

    mode: InboundMode
    says: str


def choose_mode(settings: Settings) -> ModeChoice:
    """The way; with `mode = "auto"` Socket Mode where there is a token for it, else HTTP where that
    can work.
    """
    asked, app, signing = (
        settings.desk.mode,
        settings.secrets.slack_app_token,
        settings.secrets.slack_signing_secret,
    )
    if not settings.slack.default_channel:
        return ModeChoice(InboundMode.OFF, "off: no [slack] default_channel")
    if asked == "off":
        return ModeChoice(InboundMode.OFF, "off as configured: cards have no buttons")
    if asked == "socket" or (asked == "auto" and app.get_secret_value()):
        lines = settings.desk.connections
        return ModeChoice(
            InboundMode.SOCKET, f"over Socket Mode, {lines} connection{'' if lines == 1 else 's'}"
        )
    if asked == "http" or (signing.get_secret_value() and settings.web.listen):
        return ModeChoice(
            InboundMode.HTTP, f"over HTTP: Slack calls {PATH} at the address of [web] listen"
        )
    return ModeChoice(
        InboundMode.OFF,
        "off: for cards with buttons set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET together with "
        "[web] listen",
    )


def check_mode_settings(settings: Settings, file: str) -> list[ConfigProblem]:
    """What a way that is asked for lacks."""
    mode, secrets, where = choose_mode(settings).mode, settings.secrets, f"{file}: desk.mode"
    lacks: list[str] = []
    if settings.desk.mode in ("socket", "http") and not settings.slack.default_channel:
        lacks.append(
            "people act on cards, and there are none in Slack: set default_channel under [slack]"
        )
    if mode is InboundMode.SOCKET and not secrets.slack_app_token.get_secret_value():
        lacks.append(
            "Socket Mode needs SLACK_APP_TOKEN, which is neither in the environment nor in .env"
        )
    if mode is InboundMode.HTTP and not secrets.slack_signing_secret.get_secret_value():
        lacks.append(
            "HTTP needs SLACK_SIGNING_SECRET, which is neither in the environment nor in .env"
        )
    if mode is InboundMode.HTTP and not settings.web.listen:
        lacks.append("Slack has to reach repwatch over HTTP: set listen under [web]")
    return [ConfigProblem(where, message) for message in lacks]
