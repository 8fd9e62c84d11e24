"""Looks whether Slack would take our messages, without sending any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.errors import DeliveryError, Problem
from monitor.notifiers._plain import one_line
from monitor.notifiers.slack.api import Answer, SlackApi
from monitor.notifiers.slack.directory import Directory

_POSTING = "chat:write"
_READING = ("channels:history", "groups:history")


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
