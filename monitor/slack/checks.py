"""Looks whether Slack would take our messages, without sending any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pydantic import SecretStr

from monitor.errors import ConfigProblem, DeliveryError
from monitor.notifiers.plain_text import one_line
from monitor.settings import Settings
from monitor.slack.channels import ChannelDirectory
from monitor.slack.client import ApiResponse, SlackApi
from monitor.slack.errors import APP_TOKEN
from monitor.slack.manifest import SCOPES
from monitor.slack.mode import InboundMode, choose_mode

#: How far our clock may be from Slack's: requests over HTTP are refused beyond five minutes.
TOLERANCE = timedelta(seconds=60)

_POST_SCOPE = "chat:write"
_HISTORY_SCOPES = ("channels:history", "groups:history")
#: What people acting on cards need.
_APP_SCOPES = ("reactions:read", "commands", "im:write")
_GROUP_SCOPE = "usergroups:read"


@dataclass(frozen=True, slots=True)
class SlackCheckResult:
    """What was found: facts for people, and what must be mended."""

    lines: tuple[str, ...] = ()
    problems: tuple[ConfigProblem, ...] = ()


def check_posting(
    api: SlackApi, directory: ChannelDirectory, channels: Sequence[str]
) -> SlackCheckResult:
    """The state of the token, its scopes and these channels; raises nothing."""
    try:
        answer = api.call_read("auth.test", {})
    except DeliveryError as error:
        return SlackCheckResult(problems=(ConfigProblem("SLACK_BOT_TOKEN", str(error)),))
    scopes = token_scopes(answer)
    found = [_format_identity(answer), *_check_post_scopes(scopes)]
    for channel in dict.fromkeys(channels):
        found += _check_channel(api, directory, channel)
    lines = tuple(item for item in found if isinstance(item, str))
    return SlackCheckResult(lines, tuple(item for item in found if isinstance(item, ConfigProblem)))


def _format_identity(answer: ApiResponse) -> str:
    user, team = (one_line(str(answer.data.get(key) or "?"))[:80] for key in ("user", "team"))
    return f"Slack: the token is valid, the bot is {user!r} in the workspace {team!r}"


def token_scopes(answer: ApiResponse) -> frozenset[str]:
    """The scopes of the token that was used; none where Slack does not tell."""
    return frozenset(
        scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")
    ) - {""}


def _check_post_scopes(scopes: frozenset[str]) -> Iterator[str | ConfigProblem]:
    if not scopes:
        yield "Slack: the token's scopes are not told; they show when the first message is sent"
        return
    if _POST_SCOPE not in scopes:
        yield ConfigProblem(
            "Slack scopes", f"{_POST_SCOPE} is missing; add it to the app and install the app again"
        )
    if not scopes.intersection(_HISTORY_SCOPES):
        yield ConfigProblem(
            "Slack scopes",
            f"{_HISTORY_SCOPES[0]} is missing (for private channels {_HISTORY_SCOPES[1]}); without it a message "
            "whose answer got "
            "lost cannot be looked for and may be shown twice; add it to the app and install the "
            "app again",
        )


def _check_channel(
    api: SlackApi, directory: ChannelDirectory, channel: str
) -> Iterator[str | ConfigProblem]:
    where = f"Slack channel {channel}"
    try:
        answer = api.call_read("conversations.info", {"channel": directory.resolve_id(channel)})
    except DeliveryError as error:
        yield ConfigProblem(where, str(error))
        return
    info = answer.data.get("channel")
    facts = info if isinstance(info, Mapping) else {}
    if facts.get("is_archived"):
        yield ConfigProblem(where, "is archived; open it again or choose another")
    elif facts.get("is_member") is False and not facts.get("is_im"):
        yield ConfigProblem(where, "the bot is not in it; write /invite and the bot's name there")
    else:
        yield f"{where}: exists and the bot is in it"


def check_slack_app(settings: Settings, now: datetime) -> SlackCheckResult:
    """The way that Slack takes, its credentials and scopes, the groups that may act, and the clock;
    raises nothing.
    """
    way = choose_mode(settings)
    if way.mode is InboundMode.OFF:
        return SlackCheckResult(lines=(f"buttons: {way.says}",))
    api = SlackApi(settings.secrets.slack_bot_token, settings.slack.api_url)
    try:
        answer = api.call_read("auth.test", {})
    except DeliveryError:
        return SlackCheckResult()  # the check of the token tells of it
    found: list[str | ConfigProblem] = [
        f"buttons: {way.says}",
        *_check_clock(answer, now),
        *_check_app_scopes(answer, settings),
    ]
    if way.mode is InboundMode.SOCKET:
        found.append(_check_app_token(settings.secrets.slack_app_token, settings.slack.api_url))
    found += _check_groups(api, settings)
    lines = tuple(item for item in found if isinstance(item, str))
    return SlackCheckResult(lines, tuple(item for item in found if isinstance(item, ConfigProblem)))


def _check_app_scopes(answer: ApiResponse, settings: Settings) -> Iterator[ConfigProblem]:
    scopes = token_scopes(answer)
    needed = (*_APP_SCOPES, _GROUP_SCOPE) if _named_groups(settings) else _APP_SCOPES
    for scope in needed if scopes else ():
        if scope not in scopes:
            what = f"{scope} is missing; it is for {SCOPES[scope]}; add it to the app and install the app again"
            yield ConfigProblem("Slack scopes", what)


def _check_clock(answer: ApiResponse, now: datetime) -> Iterator[str | ConfigProblem]:
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
    except ValueError:
        return
    apart = (now - theirs).total_seconds()
    if abs(apart) > TOLERANCE.total_seconds():
        which = "ahead of" if apart > 0 else "behind"
        yield ConfigProblem(
            "clock",
            f"this machine is {abs(apart):.0f} s {which} Slack; let it keep its time by NTP",
        )
    else:
        yield "clock: agrees with Slack's"


def _check_app_token(token: SecretStr, api_url: str) -> str | ConfigProblem:
    try:
        SlackApi(token, api_url, variable=APP_TOKEN).call_once("apps.connections.open", {})
    except DeliveryError as error:
        return ConfigProblem(APP_TOKEN, str(error))
    return f"{APP_TOKEN} is valid: Slack lets repwatch connect"


def _check_groups(api: SlackApi, settings: Settings) -> Iterator[str | ConfigProblem]:
    for group in _named_groups(settings):
        try:
            users = api.call_read("usergroups.users.list", {"usergroup": group}).data.get("users")
        except DeliveryError as error:
            yield ConfigProblem(f"group {group} of [respond]", str(error))
            continue
        count = len(users) if isinstance(users, list) else 0
        yield f"group {group} of [respond]: {count} {'person' if count == 1 else 'people'}"


def _named_groups(settings: Settings) -> list[str]:
    named = (*settings.respond.agents, *settings.respond.managers)
    return list(dict.fromkeys(name for name in named if name.startswith("S")))
