"""The answers of the command /repwatch."""

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
#: The longest time for which a rule can be muted in one go.
LONGEST_MUTE = timedelta(days=30)
_MAX_RESULTS = 10
_OFF = "off"


@dataclass(frozen=True, slots=True)
class SlashCommands:
    """Answers commands, for the person who typed one alone."""

    store: Store
    rule_ids: Collection[str]
    roles: RoleDirectory
    calendar: BusinessCalendar
    mask: Callable[[str], str]

    def answer(self, interaction: Interaction, now: datetime) -> Message:
        """Return the message that answers a command."""
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
            case "mute", arguments if arguments:
                return lists.render_text(self._mute_rule(interaction, arguments, now))
            case (("" | "help" | "search" | "mute"), _):
                return lists.render_usage()
            case unknown, _:
                nearest = suggest_nearest(unknown, COMMAND_NAMES)
                return lists.render_text(f"/repwatch knows no {unknown!r}; {nearest}")

    def load_overview(self, person: Actor, now: datetime) -> Workload:
        """Return the alerts and figures that concern a person."""
        with self.store.read() as tx:
            return build_overview(tx, person, now, self.calendar, self.mask)

    def _search_feedback(self, text: str) -> Message:
        try:
            query = parse_query(text)
        except QueryError as error:
            return lists.render_text(str(error))
        with self.store.read() as tx:
            results = list(islice(search_feedback(tx, query), _MAX_RESULTS + 1))
        shown = [
            replace(feedback, title=self.mask(feedback.title), body=self.mask(feedback.body))
            for feedback, _ in results[:_MAX_RESULTS]
        ]
        return lists.render_search_results(text, shown, more=len(results) > _MAX_RESULTS)

    def _mute_rule(self, interaction: Interaction, arguments: str, now: datetime) -> str:
        """Mute a rule, or end its mute, and say so; `arguments` are "RULE 2h" or "RULE off"."""
        if not self.roles.is_allowed(interaction.person, Role.MANAGER):
            return refusal_text(Role.MANAGER, self.roles.settings)
        if arguments in self.rule_ids:
            return f"Say for how long, like `mute {arguments} 2h`, or `mute {arguments} {_OFF}`."
        rule_id, _, length = arguments.rpartition(" ")
        if rule_id not in self.rule_ids:
            unknown = rule_id or length
            nearest = suggest_nearest(unknown, sorted(self.rule_ids))
            return f"No rule is called {unknown!r}; {nearest}"
        if length == _OFF:
            return self._end_mute(rule_id)
        try:
            duration = parse_duration(length)
        except ValueError as error:
            return f"{length!r} is no length of time: {error}"
        if not timedelta() < duration <= LONGEST_MUTE:
            return f"A rule can be muted for {LONGEST_MUTE.days} days at most, and not for nothing."
        mute = Mute(rule_id=rule_id, until=now + duration, actor=interaction.actor)
        return self._start_mute(mute, now)

    def _start_mute(self, mute: Mute, now: datetime) -> str:
        with self.store.write() as tx:
            tx.mutes.put(mute, now)
        until = f"{mute.until:%Y-%m-%d %H:%M} UTC"
        return (
            f"{mute.rule_id} is muted until {until}: what it finds is counted and not shown. "
            f"`mute {mute.rule_id} off` ends it."
        )

    def _end_mute(self, rule_id: str) -> str:
        with self.store.write() as tx:
            lifted = tx.mutes.lift(rule_id)
        return f"{rule_id} is heard again." if lifted else f"{rule_id} was not muted."
