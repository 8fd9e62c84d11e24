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
FRESH = timedelta(minutes=10)


class Role(StrEnum):
    """What somebody has to be."""

    AGENT = "agent"
    MANAGER = "manager"


def may(
    person: str, role: Role, agents: Collection[str] | None, managers: Collection[str] | None
) -> bool:
    """Whether a person has a role; None for a role that nobody was named for.

    Nobody named as agents: everybody is one. Nobody named as managers: every agent is one. Managers
    are agents.
    """
    manager = managers is not None and person in managers
    agent = manager or agents is None or person in agents
    return agent if role is Role.AGENT or managers is None else manager


def refusal(role: Role, settings: RespondSettings) -> str:
    """What to say to somebody who may not."""
    named = settings.managers if role is Role.MANAGER else (*settings.agents, *settings.managers)
    listed = ", ".join(
        f"group:{name}" if name.startswith("S") else f"user:{name}" for name in dict.fromkeys(named)
    )
    return f"Nothing was done: this is for {'managers' if role is Role.MANAGER else 'the team'} ({listed})."


@dataclass(slots=True)
class _Known:
    people: frozenset[str]
    at: datetime


@dataclass(slots=True)
class Roster:
    """Who is in the groups that the settings name, as Slack says; safe to use from several
    threads.
    """

    settings: RespondSettings
    api: SlackApi
    now: Callable[[], datetime]
    _groups: dict[str, _Known] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def allows(self, person: str, role: Role) -> bool:
        """Whether a person has a role; while Slack is away, what it said last holds, and nobody
        else is let in.
        """
        return may(
            person, role, self._people(self.settings.agents), self._people(self.settings.managers)
        )

    def _people(self, named: tuple[str, ...]) -> frozenset[str] | None:
        if not named:
            return None
        single = frozenset(name for name in named if not name.startswith("S"))
        return single.union(*(self._members(name) for name in named if name.startswith("S")))

    def _members(self, group: str) -> frozenset[str]:
        with self._lock:
            known, now = self._groups.get(group), self.now()
            if known is None or now - known.at >= FRESH:
                known = self._groups[group] = self._asked(group, known, now)
        return known.people

    def _asked(self, group: str, known: _Known | None, now: datetime) -> _Known:
        """Who is in the group now, or what was known before; a failed question is not put again at
        once.
        """
        try:
            answer: Mapping[str, object] = self.api.read(
                "usergroups.users.list", {"usergroup": group}
            ).data
        except DeliveryError as error:
            log.warning("group_not_read", group=group, error=str(error))
            retry = now - FRESH + timedelta(seconds=15)
            return _Known(known.people if known else frozenset(), retry)
        users = answer.get("users")
        return _Known(frozenset(map(str, users)) if isinstance(users, list) else frozenset(), now)
