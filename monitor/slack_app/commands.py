"""What /repwatch answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from monitor.domain.business_hours import Calendar
from monitor.domain.workload import Overview
from monitor.errors import QueryError, near
from monitor.followup.workload import overview
from monitor.pipeline.ingest import search
from monitor.settings import parse_duration
from monitor.slack.views import lists
from monitor.slack_app.interactions import Arrival
from monitor.slack_app.permissions import Role, Roster, refusal
from monitor.store import Store
from monitor.store.mutes import Mute
from rules.query import parse

Message = Mapping[str, Any]

WORDS = ("search", "mine", "open", "stats", "mute", "help")
#: Nobody can silence a rule for longer in one go.
LONGEST_MUTE = timedelta(days=30)
_FOUND = 10
_OFF = "off"


@dataclass(frozen=True, slots=True)
class Commands:
    """Answers one command, for the one who typed it alone."""

    store: Store
    rules: Collection[str]
    roster: Roster
    calendar: Calendar
    mask: Callable[[str], str]

    def __call__(self, arrival: Arrival, now: datetime) -> Message:
        """The message that answers it."""
        word, _, rest = arrival.text.strip().partition(" ")
        match word.lower(), rest.strip():
            case "search", query if query:
                return self._search(query)
            case "mine", _:
                return lists.mine(self.overview(arrival.actor, now))
            case "open", _:
                return lists.open_alerts(self.overview(arrival.actor, now))
            case "stats", _:
                return lists.stats(self.overview(arrival.actor, now).figures)
            case "mute", asked if asked:
                return lists.said(self._mute(arrival, asked, now))
            case (("" | "help" | "search" | "mute"), _):
                return lists.usage()
            case unknown, _:
                return lists.said(f"/repwatch knows no {unknown!r}; {near(unknown, WORDS)}")

    def overview(self, person: str, now: datetime) -> Overview:
        """What a person ("user:U123") is to see of all alerts."""
        with self.store.read() as tx:
            return overview(tx, person, now, self.calendar, self.mask)

    def _search(self, asked: str) -> Message:
        try:
            query = parse(asked)
        except QueryError as error:
            return lists.said(str(error))
        with self.store.read() as tx:
            found = list(islice(search(tx, query), _FOUND + 1))
        shown = [
            replace(each, title=self.mask(each.title), body=self.mask(each.body))
            for each, _ in found[:_FOUND]
        ]
        return lists.found(asked, shown, more=len(found) > _FOUND)

    def _mute(self, arrival: Arrival, asked: str, now: datetime) -> str:
        """Silence a rule for a while, or let it be heard again."""
        if not self.roster.allows(arrival.person, Role.MANAGER):
            return refusal(Role.MANAGER, self.roster.settings)
        if asked in self.rules:
            return f"Say for how long, like `mute {asked} 2h`, or `mute {asked} {_OFF}`."
        rule_id, _, length = asked.rpartition(" ")
        if rule_id not in self.rules:
            return f"No rule is called {rule_id or length!r}; {near(rule_id or length, sorted(self.rules))}"
        if length == _OFF:
            with self.store.write() as tx:
                lifted = tx.mutes.lift(rule_id)
            return f"{rule_id} is heard again." if lifted else f"{rule_id} was not muted."
        try:
            lasts = parse_duration(length)
        except ValueError as error:
            return f"{length!r} is no length of time: {error}"
        if not timedelta() < lasts <= LONGEST_MUTE:
            return f"A rule can be muted for {LONGEST_MUTE.days} days at most, and not for nothing."
        mute = Mute(rule_id=rule_id, until=now + lasts, actor=arrival.actor)
        with self.store.write() as tx:
            tx.mutes.put(mute, now)
        until = f"{mute.until:%Y-%m-%d %H:%M} UTC"
        return f"{rule_id} is muted until {until}: what it finds is counted and not shown. `mute {rule_id} off` ends it."
