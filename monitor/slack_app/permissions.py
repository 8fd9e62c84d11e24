"""Who may do what at the desk: decided here for every way in, whatever Slack has shown them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from monitor.errors import DeliveryError
from monitor.settings import RespondSettings
from monitor.slack.client import SlackApi

log = structlog.get_logger(__name__)

#: How long it is known who is in a group before Slack is asked again.
GROUP_CACHED_FOR = timedelta(minutes=10)


class Role(StrEnum):
    """What somebody has to be."""

    AGENT = "agent"
    MANAGER = "manager"


def has_role(
    person: str, role: Role, agents: Collection[str] | None, managers: Collection[str] | None
) -> bool:
    """Whether a person has a role; None for a role that nobody was named for.

    Nobody named as agents: everybody is one. Nobody named as managers: every agent is one. Managers
    are agents.
    """
    manager = managers is not None and person in managers
    agent = manager or agents is None or person in agents
    return agent if role is Role.AGENT or managers is None else manager


def refusal_text(role: Role, settings: RespondSettings) -> str:
    """What to say to somebody who may not."""
    named = settings.managers if role is Role.MANAGER else (*settings.agents, *settings.managers)
    listed = ", ".join(
        f"group:{name}" if name.startswith("S") else f"user:{name}" for name in dict.fromkeys(named)
    )
    return f"Nothing was done: this is for {'managers' if role is Role.MANAGER else 'the team'} ({listed})."


@dataclass(slots=True)
class _CachedGroup:
    people: frozenset[str]
    at: datetime


@dataclass(slots=True)
class RoleDirectory:
    """Who is in the groups that the settings name, as Slack says; safe to use from several
    threads.
    """

    settings: RespondSettings
    api: SlackApi
    now: Callable[[], datetime]
    _groups: dict[str, _CachedGroup] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_allowed(self, person: str, role: Role) -> bool:
        """Whether a person has a role; while Slack is away, what it said last holds, and nobody
        else is let in.
        """
        return has_role(
            person,
            role,
            self._named_people(self.settings.agents),
            self._named_people(self.settings.managers),
        )

    def _named_people(self, named: tuple[str, ...]) -> frozenset[str] | None:
        if not named:
            return None
        single = frozenset(name for name in named if not name.startswith("S"))
        return single.union(*(self._group_members(name) for name in named if name.startswith("S")))

    def _group_members(self, group: str) -> frozenset[str]:
        with self._lock:
            known, now = self._groups.get(group), self.now()
            if known is None or now - known.at >= GROUP_CACHED_FOR:
                known = self._groups[group] = self._fetch_group(group, known, now)
        return known.people

    def _fetch_group(self, group: str, known: _CachedGroup | None, now: datetime) -> _CachedGroup:
        """Who is in the group now, or what was known before; a failed question is not put again at
        once.
        """
        try:
            answer: Mapping[str, object] = self.api.call_read(
                "usergroups.users.list", {"usergroup": group}
            ).data
        except DeliveryError as error:
            log.warning("group_not_read", group=group, error=str(error))
            retry = now - GROUP_CACHED_FOR + timedelta(seconds=15)
            return _CachedGroup(known.people if known else frozenset(), retry)
        users = answer.get("users")
        return _CachedGroup(
            frozenset(map(str, users)) if isinstance(users, list) else frozenset(), now
        )
