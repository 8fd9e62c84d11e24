"""Looks whether Slack would take our messages, without sending any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pydantic import SecretStr

from monitor.errors import DeliveryError, Problem
from monitor.notifiers.plain_text import one_line
from monitor.settings import Settings
from monitor.slack.channels import Directory
from monitor.slack.client import Answer, SlackApi
from monitor.slack.errors import APP_TOKEN
from monitor.slack.manifest import SCOPES
from monitor.slack.mode import Mode, way_of

#: How far our clock may be from Slack's: requests over HTTP are refused beyond five minutes.
TOLERANCE = timedelta(seconds=60)

_POSTING = "chat:write"
_READING = ("channels:history", "groups:history")
#: What people acting on cards need.
_NEEDED = ("reactions:read", "commands", "im:write")
_GROUPS = "usergroups:read"


@dataclass(frozen=True, slots=True)
class Check:
    """What was found: facts for people, and what must be mended."""

    lines: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def check(api: SlackApi, directory: Directory, channels: Sequence[str]) -> Check:
    """The state of the token, its scopes and these channels; raises nothing."""
    try:
        answer = api.read("auth.test", {})
    except DeliveryError as error:
        return Check(problems=(Problem("SLACK_BOT_TOKEN", str(error)),))
    scopes = scopes_of(answer)
    found = [_identity(answer), *_about_scopes(scopes)]
    for channel in dict.fromkeys(channels):
        found += _about_channel(api, directory, channel)
    lines = tuple(item for item in found if isinstance(item, str))
    return Check(lines, tuple(item for item in found if isinstance(item, Problem)))


def _identity(answer: Answer) -> str:
    user, team = (one_line(str(answer.data.get(key) or "?"))[:80] for key in ("user", "team"))
    return f"Slack: the token is valid, the bot is {user!r} in the workspace {team!r}"


def scopes_of(answer: Answer) -> frozenset[str]:
    """The scopes of the token that was used; none where Slack does not tell."""
    return frozenset(
        scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")
    ) - {""}


def _about_scopes(scopes: frozenset[str]) -> Iterator[str | Problem]:
    if not scopes:
        yield "Slack: the token's scopes are not told; they show when the first message is sent"
        return
    if _POSTING not in scopes:
        yield Problem(
            "Slack scopes", f"{_POSTING} is missing; add it to the app and install the app again"
        )
    if not scopes.intersection(_READING):
        yield Problem(
            "Slack scopes",
            f"{_READING[0]} is missing (for private channels {_READING[1]}); without it a message "
            "whose answer got "
            "lost cannot be looked for and may be shown twice; add it to the app and install the "
            "app again",
        )


def _about_channel(api: SlackApi, directory: Directory, channel: str) -> Iterator[str | Problem]:
    where = f"Slack channel {channel}"
    try:
        answer = api.read("conversations.info", {"channel": directory.id_of(channel)})
    except DeliveryError as error:
        yield Problem(where, str(error))
        return
    info = answer.data.get("channel")
    facts = info if isinstance(info, Mapping) else {}
    if facts.get("is_archived"):
        yield Problem(where, "is archived; open it again or choose another")
    elif facts.get("is_member") is False and not facts.get("is_im"):
        yield Problem(where, "the bot is not in it; write /invite and the bot's name there")
    else:
        yield f"{where}: exists and the bot is in it"


def check_desk(settings: Settings, now: datetime) -> Check:
    """The way that Slack takes, its credentials and scopes, the groups that may act, and the clock;
    raises nothing.
    """
    way = way_of(settings)
    if way.mode is Mode.OFF:
        return Check(lines=(f"buttons: {way.says}",))
    api = SlackApi(settings.secrets.slack_bot_token, settings.slack.api_url)
    try:
        answer = api.read("auth.test", {})
    except DeliveryError:
        return Check()  # the check of the token tells of it
    found: list[str | Problem] = [
        f"buttons: {way.says}",
        *_about_clock(answer, now),
        *_about_desk_scopes(answer, settings),
    ]
    if way.mode is Mode.SOCKET:
        found.append(_about_app_token(settings.secrets.slack_app_token, settings.slack.api_url))
    found += _about_groups(api, settings)
    lines = tuple(item for item in found if isinstance(item, str))
    return Check(lines, tuple(item for item in found if isinstance(item, Problem)))


def _about_desk_scopes(answer: Answer, settings: Settings) -> Iterator[Problem]:
    scopes = scopes_of(answer)
    needed = (*_NEEDED, _GROUPS) if _groups(settings) else _NEEDED
    for scope in needed if scopes else ():
        if scope not in scopes:
            what = f"{scope} is missing; it is for {SCOPES[scope]}; add it to the app and install the app again"
            yield Problem("Slack scopes", what)


def _about_clock(answer: Answer, now: datetime) -> Iterator[str | Problem]:
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
    except ValueError:
        return
    apart = (now - theirs).total_seconds()
    if abs(apart) > TOLERANCE.total_seconds():
        which = "ahead of" if apart > 0 else "behind"
        yield Problem(
            "clock",
            f"this machine is {abs(apart):.0f} s {which} Slack; let it keep its time by NTP",
        )
    else:
        yield "clock: agrees with Slack's"


def _about_app_token(token: SecretStr, api_url: str) -> str | Problem:
    try:
        SlackApi(token, api_url, variable=APP_TOKEN).post("apps.connections.open", {})
    except DeliveryError as error:
        return Problem(APP_TOKEN, str(error))
    return f"{APP_TOKEN} is valid: Slack lets repwatch connect"


def _about_groups(api: SlackApi, settings: Settings) -> Iterator[str | Problem]:
    for group in _groups(settings):
        try:
            users = api.read("usergroups.users.list", {"usergroup": group}).data.get("users")
        except DeliveryError as error:
            yield Problem(f"group {group} of [respond]", str(error))
            continue
        count = len(users) if isinstance(users, list) else 0
        yield f"group {group} of [respond]: {count} {'person' if count == 1 else 'people'}"


def _groups(settings: Settings) -> list[str]:
    named = (*settings.respond.agents, *settings.respond.managers)
    return list(dict.fromkeys(name for name in named if name.startswith("S")))
