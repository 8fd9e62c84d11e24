"""What /repwatch does about alerts by their numbers: join two, part them, link a ticket."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.domain.action import Action, ActionKind, Refusal
from monitor.domain.actor import Actor
from monitor.domain.alert import Alert
from monitor.followup.act import apply_action
from monitor.followup.joining import join_alerts, part_alert
from monitor.store import Store, Transaction

VIA: Final = "slack:command"
#: For each command, what it is given, for people.
USAGES: Final[Mapping[str, str]] = {
    "join": "join 41 38",
    "part": "part 41",
    "link": "link 41 https://tracker.example/T-41",
}
_NUMBER = "#?([1-9][0-9]{0,17})"
_ARGUMENTS: Final[Mapping[str, re.Pattern[str]]] = {
    "join": re.compile(rf"{_NUMBER}\s+{_NUMBER}"),
    "part": re.compile(_NUMBER),
    "link": re.compile(rf"{_NUMBER}(?:\s+<?([^\s<>|]+)(?:\|[^<>]*)?>?)?"),
}


@dataclass(frozen=True, slots=True)
class AlertCommand:
    """One command with what it was given, by one person."""

    name: str  #: join, part or link
    arguments: str
    actor: Actor


def run_alert_command(store: Store, command: AlertCommand, now: datetime) -> str:
    """Do it, and return what to tell the person."""
    given = _ARGUMENTS[command.name].fullmatch(command.arguments)
    if given is None:
        return f"Write it like this: /repwatch {USAGES[command.name]}"
    with store.write() as tx:
        return _HANDLERS[command.name](tx, given, command.actor, now)


def _join(tx: Transaction, given: re.Match[str], actor: Actor, now: datetime) -> str:
    joined = join_alerts(tx, int(given[1]), int(given[2]), actor=actor, via=VIA, now=now)
    return _tell(joined, f"Alert {given[1]} is joined into alert {given[2]}.")


def _part(tx: Transaction, given: re.Match[str], actor: Actor, now: datetime) -> str:
    parted = part_alert(tx, int(given[1]), actor=actor, via=VIA, now=now)
    return _tell(parted, f"Alert {given[1]} is open again by itself.")


def _link(tx: Transaction, given: re.Match[str], actor: Actor, now: datetime) -> str:
    details = {"ticket": given[2] or ""}
    action = Action(kind=ActionKind.LINK, actor=actor, via=VIA, details=details)
    linked = apply_action(tx, int(given[1]), action, now)
    done = f"has the ticket {given[2]}" if given[2] else "has no ticket any more"
    return _tell(linked, f"Alert {given[1]} {done}.")


def _tell(result: Alert | Refusal, done: str) -> str:
    return result.message if isinstance(result, Refusal) else done


_HANDLERS: Final[Mapping[str, Callable[[Transaction, re.Match[str], Actor, datetime], str]]] = {
    "join": _join,
    "part": _part,
    "link": _link,
}
