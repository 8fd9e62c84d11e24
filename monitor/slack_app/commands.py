"""What /repwatch answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from monitor.domain.actor import Actor
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.workload import Workload
from monitor.errors import QueryError, suggest_nearest
from monitor.followup.workload import build_overview
from monitor.pipeline.search import search_feedback
from monitor.settings import parse_duration
from monitor.slack.views import lists
from monitor.slack_app.interactions import Interaction
from monitor.slack_app.permissions import Role, RoleDirectory, refusal_text
from monitor.store import Store
from monitor.store.mutes import Mute
from rules.query import parse_query

Message = Mapping[str, Any]

COMMAND_NAMES = ("search", "mine", "open", "stats", "mute", "help")
#: Nobody can silence a rule for longer in one go.
LONGEST_MUTE = timedelta(days=30)
_MAX_RESULTS = 10
_OFF = "off"


@dataclass(frozen=True, slots=True)
class SlashCommands:
    """Answers one command, for the one who typed it alone."""

    store: Store
    rules: Collection[str]
    roster: RoleDirectory
    calendar: BusinessCalendar
    mask: Callable[[str], str]

    def __call__(self, interaction: Interaction, now: datetime) -> Message:
        """The message that answers it."""
        word, _, rest = interaction.text.strip().partition(" ")
        match word.lower(), rest.strip():
            case "search", query if query:
                return self._search_feedback(query)
            case "mine", _:
                return lists.render_my_alerts(self.load_overview(interaction.actor, now))
            case "open", _:
                return lists.render_open_alerts(self.load_overview(interaction.actor, now))
            case "stats", _:
                return lists.render_stats(self.load_overview(interaction.actor, now).figures)
            case "mute", asked if asked:
                return lists.render_text(self._mute_rule(interaction, asked, now))
            case (("" | "help" | "search" | "mute"), _):
                return lists.render_usage()
            case unknown, _:
                return lists.render_text(
                    f"/repwatch knows no {unknown!r}; {suggest_nearest(unknown, COMMAND_NAMES)}"
                )

    def load_overview(self, person: Actor, now: datetime) -> Workload:
        """What a person is to see of all alerts."""
        with self.store.read() as tx:
            return build_overview(tx, person, now, self.calendar, self.mask)

    def _search_feedback(self, asked: str) -> Message:
        try:
            query = parse_query(asked)
        except QueryError as error:
            return lists.render_text(str(error))
        with self.store.read() as tx:
            found = list(islice(search_feedback(tx, query), _MAX_RESULTS + 1))
        shown = [
            replace(each, title=self.mask(each.title), body=self.mask(each.body))
            for each, _ in found[:_MAX_RESULTS]
        ]
        return lists.render_search_results(asked, shown, more=len(found) > _MAX_RESULTS)

    def _mute_rule(self, interaction: Interaction, asked: str, now: datetime) -> str:
        """Silence a rule for a while, or let it be heard again."""
        if not self.roster.is_allowed(interaction.person, Role.MANAGER):
            return refusal_text(Role.MANAGER, self.roster.settings)
        if asked in self.rules:
            return f"Say for how long, like `mute {asked} 2h`, or `mute {asked} {_OFF}`."
        rule_id, _, length = asked.rpartition(" ")
        if rule_id not in self.rules:
            return f"No rule is called {rule_id or length!r}; {suggest_nearest(rule_id or length, sorted(self.rules))}"
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
        mute = Mute(rule_id=rule_id, until=now + lasts, actor=interaction.actor)
        with self.store.write() as tx:
            tx.mutes.put(mute, now)
        until = f"{mute.until:%Y-%m-%d %H:%M} UTC"
        return f"{rule_id} is muted until {until}: what it finds is counted and not shown. `mute {rule_id} off` ends it."
