"""The names of Slack members, so that somebody can be named without being called."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from monitor.domain.actor import Actor, ActorKind
from monitor.domain.event import AlertEvent
from monitor.errors import DeliveryError
from monitor.notifiers.plain_text import one_line
from monitor.slack.client import SlackApi

log = structlog.get_logger(__name__)

#: How long a name is cached: people seldom change theirs.
NAME_CACHED_FOR = timedelta(days=1)
#: After a failed request, how long until the next one for the same member.
_RETRY_AFTER = timedelta(minutes=10)
_MAX_CACHED = 1_000


@dataclass(frozen=True, slots=True)
class _CachedName:
    name: str
    expires_at: datetime


class MemberDirectory:
    """A cache of the names of members by their ids; safe to use from several threads."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._names: OrderedDict[str, _CachedName] = OrderedDict()
        self._lock = threading.Lock()

    def actor_name(self, event: AlertEvent) -> str:
        """Return the name of the member who did something, as `find_name` does."""
        return self.find_name(event.actor, event.at)

    def find_name(self, member: Actor | None, now: datetime) -> str:
        """Return the name of a member, plain and on one line.

        Empty for others, and where Slack does not tell: the scope `users:read` is needed.
        """
        if member is None or member.kind is not ActorKind.SLACK or member.is_slack_group:
            return ""
        with self._lock:
            cached = self._names.get(member.id)
        if cached is None or now >= cached.expires_at:
            cached = self._fetch_name(member, now)
            self._remember_name(member, cached)
        return cached.name

    def _remember_name(self, member: Actor, cached: _CachedName) -> None:
        with self._lock:
            self._names[member.id] = cached
            self._names.move_to_end(member.id)
            if len(self._names) > _MAX_CACHED:
                self._names.popitem(last=False)

    def _fetch_name(self, member: Actor, now: datetime) -> _CachedName:
        try:
            answer = self._api.call_read("users.info", {"user": member.id})
        except DeliveryError as error:
            log.info("slack_member_not_named", member=member.id, error=str(error))
            return _CachedName("", now + _RETRY_AFTER)
        return _CachedName(_read_name(answer.data), now + NAME_CACHED_FOR)


def _read_name(data: Mapping[str, Any]) -> str:
    """The name that others see, as far as it is there; else the full name, else the handle."""
    names = map(one_line, _known_names(data.get("user")))
    return next(filter(None, names), "")


def _known_names(user: object) -> Iterator[str]:
    if not isinstance(user, Mapping):
        return
    profile = user.get("profile")
    shown = profile if isinstance(profile, Mapping) else {}
    for name in (shown.get("display_name"), shown.get("real_name"), user.get("name")):
        if isinstance(name, str):
            yield name
