"""Checks the setup in Slack, without sending a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Self

from pydantic import SecretStr

from monitor.errors import ConfigProblem, DeliveryError
from monitor.notifiers.plain_text import one_line
from monitor.settings import Settings
from monitor.slack.channels import ChannelDirectory
from monitor.slack.client import ApiResponse, SlackApi
from monitor.slack.errors import APP_TOKEN, BOT_TOKEN
from monitor.slack.manifest import SCOPES
from monitor.slack.mode import InboundMode, choose_mode
from monitor.slack.user_groups import fetch_group_members, group_ids

#: How far our clock may be from Slack's: requests over HTTP are refused beyond five minutes.
CLOCK_TOLERANCE = timedelta(seconds=60)

_POST_SCOPE = "chat:write"
_HISTORY_SCOPES = ("channels:history", "groups:history")
#: What a digest needs to be more than text.
_FILE_SCOPES = ("files:write", "files:read")
#: What people acting on cards need.
_APP_SCOPES = ("reactions:read", "commands", "im:write")
_GROUP_SCOPE = "usergroups:read"
_NAME_SCOPE = "users:read"
_MAX_NAME = 80
_INSTALL_AGAIN = "add it to the app and install the app again"

#: A fact for people, or a problem that must be mended.
_Finding = str | ConfigProblem


@dataclass(frozen=True, slots=True)
class SlackCheckResult:
    """What checks have found: facts for people, and problems that must be mended."""

    lines: tuple[str, ...] = ()
    problems: tuple[ConfigProblem, ...] = ()

    @classmethod
    def from_findings(cls, findings: Iterable[_Finding]) -> Self:
        """Return the findings, facts and problems apart."""
        every = tuple(findings)
        return cls(
            tuple(finding for finding in every if isinstance(finding, str)),
            tuple(finding for finding in every if isinstance(finding, ConfigProblem)),
        )


def check_posting(
    api: SlackApi, directory: ChannelDirectory, channels: Sequence[str]
) -> SlackCheckResult:
    """Check the bot's token, its scopes for posting, and these channels; raises nothing."""
    try:
        identity = api.call_read("auth.test", {})
    except DeliveryError as error:
        return SlackCheckResult(problems=(ConfigProblem(BOT_TOKEN, str(error)),))
    findings = (
        _describe_identity(identity),
        *_check_post_scopes(_token_scopes(identity)),
        *(_check_channel(api, directory, channel) for channel in dict.fromkeys(channels)),
    )
    return SlackCheckResult.from_findings(findings)


def check_slack_app(settings: Settings, now: datetime) -> SlackCheckResult:
    """Check how Slack reaches us, its credentials and scopes, the groups that may act, and the
    clock; raises nothing.

    A bot token that is refused is left to `check_posting`.
    """
    choice = choose_mode(settings)
    if choice.mode is InboundMode.OFF:
        return SlackCheckResult(lines=(f"buttons: {choice.reason}",))
    api = SlackApi(settings.secrets.slack_bot_token, settings.slack.api_url)
    groups = group_ids((*settings.respond.agents, *settings.respond.managers))
    try:
        identity = api.call_read("auth.test", {})
    except DeliveryError:
        return SlackCheckResult()
    findings: list[_Finding] = [
        f"buttons: {choice.reason}",
        *_check_clock(identity, now),
        *_check_app_scopes(_token_scopes(identity), needs_groups=bool(groups)),
    ]
    if choice.mode is InboundMode.SOCKET:
        findings.append(_check_app_token(settings.secrets.slack_app_token, settings.slack.api_url))
    findings += (_check_group(api, group) for group in groups)
    return SlackCheckResult.from_findings(findings)


def _describe_identity(identity: ApiResponse) -> str:
    names = (one_line(str(identity.data.get(key) or "?"))[:_MAX_NAME] for key in ("user", "team"))
    user, team = names
    return f"Slack: the token is valid, the bot is {user!r} in the workspace {team!r}"


def _token_scopes(identity: ApiResponse) -> frozenset[str]:
    """The scopes of the token that was used; none where Slack does not tell."""
    scopes = identity.headers.get("x-oauth-scopes", "").split(",")
    return frozenset(scope.strip() for scope in scopes) - {""}


def _check_post_scopes(scopes: frozenset[str]) -> Iterator[_Finding]:
    if not scopes:
        yield "Slack: the token's scopes are not told; they show when the first message is sent"
        return
    if _POST_SCOPE not in scopes:
        yield ConfigProblem("Slack scopes", f"{_POST_SCOPE} is missing; {_INSTALL_AGAIN}")
    if not scopes.intersection(_HISTORY_SCOPES):
        for_public, for_private = _HISTORY_SCOPES
        message = (
            f"{for_public} is missing (for private channels {for_private}); without it a message "
            "whose answer got lost cannot be looked for and may be shown twice; "
            f"{_INSTALL_AGAIN}"
        )
        yield ConfigProblem("Slack scopes", message)
    for scope in _FILE_SCOPES:
        if scope not in scopes:
            yield f"Slack: {scope} is missing; it is for {SCOPES[scope]}; {_INSTALL_AGAIN}"


def _check_app_scopes(scopes: frozenset[str], *, needs_groups: bool) -> Iterator[_Finding]:
    if not scopes:
        return
    if _NAME_SCOPE not in scopes:
        yield (
            f"Slack: {_NAME_SCOPE} is missing; who acts is mentioned below a card instead of "
            f"named; {_INSTALL_AGAIN}"
        )
    needed = (*_APP_SCOPES, _GROUP_SCOPE) if needs_groups else _APP_SCOPES
    for scope in needed:
        if scope not in scopes:
            message = f"{scope} is missing; it is for {SCOPES[scope]}; {_INSTALL_AGAIN}"
            yield ConfigProblem("Slack scopes", message)


def _check_channel(api: SlackApi, directory: ChannelDirectory, channel: str) -> _Finding:
    place = f"Slack channel {channel}"
    try:
        answer = api.call_read("conversations.info", {"channel": directory.resolve_id(channel)})
    except DeliveryError as error:
        return ConfigProblem(place, str(error))
    described = answer.data.get("channel")
    info = described if isinstance(described, Mapping) else {}
    if info.get("is_archived"):
        return ConfigProblem(place, "is archived; open it again or choose another")
    if info.get("is_member") is False and not info.get("is_im"):
        return ConfigProblem(place, "the bot is not in it; write /invite and the bot's name there")
    return f"{place}: exists and the bot is in it"


def _check_clock(identity: ApiResponse, now: datetime) -> Iterator[_Finding]:
    try:
        slack_now = parsedate_to_datetime(identity.headers.get("date", "")).astimezone(UTC)
    except ValueError:
        return
    seconds_ahead = (now - slack_now).total_seconds()
    if abs(seconds_ahead) <= CLOCK_TOLERANCE.total_seconds():
        yield "clock: agrees with Slack's"
        return
    relation = "ahead of" if seconds_ahead > 0 else "behind"
    off = f"{abs(seconds_ahead):.0f} s {relation} Slack"
    yield ConfigProblem("clock", f"this machine is {off}; let it keep its time by NTP")


def _check_app_token(token: SecretStr, api_url: str) -> _Finding:
    try:
        SlackApi(token, api_url, variable=APP_TOKEN).call_once("apps.connections.open", {})
    except DeliveryError as error:
        return ConfigProblem(APP_TOKEN, str(error))
    return f"{APP_TOKEN} is valid: Slack lets repwatch connect"


def _check_group(api: SlackApi, group: str) -> _Finding:
    place = f"group {group} of [respond]"
    try:
        count = len(fetch_group_members(api, group))
    except DeliveryError as error:
        return ConfigProblem(place, str(error))
    return f"{place}: {count} {'person' if count == 1 else 'people'}"
