"""Looks whether what people do in Slack would reach repwatch, without waiting for anybody to do
something.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pydantic import SecretStr

from monitor.errors import DeliveryError, Problem
from monitor.notifiers.slack.answers import APP_TOKEN
from monitor.notifiers.slack.api import Answer, SlackApi
from monitor.notifiers.slack.check import Check, scopes_of
from monitor.notifiers.slack.manifest import SCOPES
from monitor.notifiers.slack.way import Mode, way_of
from monitor.settings import Settings

#: How far our clock may be from Slack's: requests over HTTP are refused beyond five minutes.
TOLERANCE = timedelta(seconds=60)
_NEEDED = ("reactions:read", "commands", "im:write")
_GROUPS = "usergroups:read"


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
        *_about_scopes(answer, settings),
    ]
    if way.mode is Mode.SOCKET:
        found.append(_about_app_token(settings.secrets.slack_app_token, settings.slack.api_url))
    found += _about_groups(api, settings)
    lines = tuple(item for item in found if isinstance(item, str))
    return Check(lines, tuple(item for item in found if isinstance(item, Problem)))


def _about_scopes(answer: Answer, settings: Settings) -> Iterator[Problem]:
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
