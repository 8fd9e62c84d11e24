"""Who may do what in Slack: checked here for every interaction, whatever Slack has shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from monitor.errors import DeliveryError
from monitor.settings import RespondSettings
from monitor.slack.client import SlackApi
from monitor.slack.user_groups import fetch_group_members, group_ids, is_group_id

log = structlog.get_logger(__name__)

#: How long the members of a group are cached.
GROUP_CACHED_FOR = timedelta(minutes=10)
#: After a failed request, how long until the next one.
_RETRY_AFTER = timedelta(seconds=15)


class Role(StrEnum):
    """What an interaction requires of a person."""

    AGENT = "agent"
    MANAGER = "manager"


def has_role(
    person: str, role: Role, agents: Collection[str] | None, managers: Collection[str] | None
) -> bool:
    """Return whether `person` has `role`; managers are agents too.

    `agents` = None: not configured, everyone is an agent. `managers` = None: not configured, every
    agent is a manager.
    """
    is_manager = managers is not None and person in managers
    is_agent = is_manager or agents is None or person in agents
    needs_agent = role is Role.AGENT or managers is None
    return is_agent if needs_agent else is_manager


def refusal_text(role: Role, settings: RespondSettings) -> str:
    """Return what to tell somebody who lacks `role`; people and groups in it as "user:U1"."""
    if role is Role.MANAGER:
        whom, names = "managers", settings.managers
    else:
        whom, names = "the team", (*settings.agents, *settings.managers)
    listed = ", ".join(_typed_name(name) for name in dict.fromkeys(names))
    return f"Nothing was done: this is for {whom} ({listed})."


def _typed_name(name: str) -> str:
    return f"group:{name}" if is_group_id(name) else f"user:{name}"


@dataclass(slots=True)
class _CachedGroup:
    members: frozenset[str]
    fetched_at: datetime


@dataclass(slots=True)
class RoleDirectory:
    """The configured people and groups, with a cache of who is in a group; safe to use from
    several threads.
    """

    settings: RespondSettings
    api: SlackApi
    now: Callable[[], datetime]
    _groups: dict[str, _CachedGroup] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_allowed(self, person: str, role: Role) -> bool:
        """Return whether a person has a role.

        While Slack is away, the members known last count, and nobody else is let in.
        """
        agents = self._resolve_people(self.settings.agents)
        managers = self._resolve_people(self.settings.managers)
        return has_role(person, role, agents, managers)

    def _resolve_people(self, names: tuple[str, ...]) -> frozenset[str] | None:
        """The configured people and the members of the configured groups; None for none at all."""
        if not names:
            return None
        groups = group_ids(names)
        people = frozenset(names).difference(groups)
        return people.union(*(self._group_members(group) for group in groups))

    def _group_members(self, group: str) -> frozenset[str]:
        with self._lock:
            cached, now = self._groups.get(group), self.now()
            if cached is None or now - cached.fetched_at >= GROUP_CACHED_FOR:
                cached = self._groups[group] = self._fetch_group(group, cached, now)
        return cached.members

    def _fetch_group(self, group: str, cached: _CachedGroup | None, now: datetime) -> _CachedGroup:
        """The members now; while Slack is away those known before, asked for again soon."""
        try:
            return _CachedGroup(fetch_group_members(self.api, group), now)
        except DeliveryError as error:
            log.warning("group_not_read", group=group, error=str(error))
        known = cached.members if cached else frozenset()
        return _CachedGroup(known, now - GROUP_CACHED_FOR + _RETRY_AFTER)
