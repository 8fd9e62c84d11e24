"""The answers of the command /repwatch."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import unescape
from itertools import islice
from typing import Any

from monitor.domain.actor import Actor
from monitor.domain.alert import Alert
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.digest_schedule import DigestSchedule
from monitor.domain.improvement import Improvement
from monitor.domain.workload import Workload
from monitor.errors import DeliveryError, suggest_nearest
from monitor.followup.duty import DutyRoster
from monitor.followup.handover import (
    HandoverRequest,
    describe_outcome,
    find_held,
    find_returnable,
    give_back,
    hand_over,
)
from monitor.followup.workload import build_overview
from monitor.notifiers.plain_text import one_line
from monitor.notifiers.wording import format_plural, format_utc
from monitor.settings import parse_duration
from monitor.slack.mrkdwn import cut
from monitor.slack.views import lists
from monitor.slack.views.action_ids import ListKind, PageRequest
from monitor.slack.views.duty import render_duty
from monitor.slack.views.shown_alert import render_shown_alert
from monitor.slack_app.alert_commands import AlertCommand, run_alert_command
from monitor.slack_app.alert_reader import AlertReader
from monitor.slack_app.audit_desk import AuditDesk
from monitor.slack_app.digest_commands import (
    ConfiguredDigests,
    DigestCommand,
    run_digest_command,
    verb_of,
)
from monitor.slack_app.improvement_desk import mark_event
from monitor.slack_app.interactions import Interaction
from monitor.slack_app.list_pages import PageBuilder
from monitor.slack_app.permissions import Role, RoleDirectory, refusal_text
from monitor.store import Store
from monitor.store.mutes import Mute, MuteEffect
from monitor.tuning.saving import MAX_REASON

Message = Mapping[str, Any]

COMMAND_NAMES = (
    "search",
    "mine",
    "open",
    "show",
    "join",
    "part",
    "link",
    "duty",
    "handover",
    "giveback",
    "stats",
    "improve",
    "improvements",
    "event",
    "rules",
    "mute",
    "digest",
    "help",
)
#: The longest time for which a rule can be muted in one go.
LONGEST_MUTE = timedelta(days=30)
#: For how long before a mute it is told what that would have kept silent.
_LOOKED_BACK = timedelta(days=7)
_MAX_ECHO = 60
_OFF = "off"
#: Shifts that are told: the present one and those after it.
_SHIFTS_TOLD = 4
_VIA = "slack:command"
#: How Slack writes a person whom somebody types, where the app has it escaped:
#: https://docs.slack.dev/interactivity/implementing-slash-commands
_PERSON = re.compile(
    r"<@([UW][A-Z0-9]{1,20})(?:\|[^<>]*)?>|(?<!\w)([UW](?=\w*\d)[A-Z0-9]{6,20})(?!\w)"
)
_REFERENCE = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_ALERT_NUMBER = re.compile(r"#?([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class SlashCommands:
    """Answers commands, for the person who typed one alone."""

    store: Store
    list_rule_ids: Callable[[], Collection[str]]  #: of the rules that hold now
    roles: RoleDirectory
    calendar: BusinessCalendar
    mask: Callable[[str], str]
    duty: DutyRoster
    alerts: AlertReader
    pages: PageBuilder
    audit: AuditDesk
    digest_zone: str = "UTC"  #: IANA name: in which digests are ordered
    digest_schedules: Sequence[DigestSchedule] = ()  #: of the configuration
    #: the service's ids of the channels that these name; raises DeliveryError
    find_channel_ids: Callable[[], Mapping[str, str]] = dict
    personas: Sequence[str] = ()  #: names of those that a digest can be about

    def answer(self, interaction: Interaction, now: datetime) -> Message:
        """Return the message that answers a command."""
        word, _, rest = to_typed_text(interaction.text).strip().partition(" ")
        match word.lower(), rest.strip():
            case "search", query if query:
                request = PageRequest(ListKind.SEARCH, subject=query)
                return self.pages.build(request, interaction.actor, now)
            case "rules", arguments if arguments.startswith("audit"):
                return self.audit.answer(arguments, now)
            case ("mine" | "open" | "improvements" | "rules") as name, number:
                return self._list_alerts(ListKind(name), number, interaction.actor, now)
            case "show", number if number:
                return self._show_alert(number, now)
            case ("join" | "part" | "link") as name, arguments:
                return lists.render_text(self._change_alert(name, arguments, interaction, now))
            case "duty", _:
                return self._tell_duty(now)
            case "handover", _:
                return lists.render_text(self._hand_over(interaction, now))
            case "giveback", _:
                return lists.render_text(self._give_back(interaction, now))
            case "stats", _:
                return lists.render_stats(self.load_overview(interaction.actor, now).figures)
            case "digest", arguments:
                return lists.render_text(self._answer_digest(arguments, interaction, now))
            case "event", arguments:
                return lists.render_text(self._mark_event(interaction, arguments, now))
            case "mute", arguments if arguments:
                return lists.render_text(self._mute_rule(interaction, arguments, now))
            case (("" | "help" | "search" | "show" | "mute"), _):
                return lists.render_usage()
            case unknown, _:
                nearest = suggest_nearest(unknown, COMMAND_NAMES)
                return lists.render_text(f"/repwatch knows no {unknown!r}; {nearest}")

    def load_overview(self, person: Actor, now: datetime) -> Workload:
        """Return the alerts and figures that concern a person."""
        with self.store.read() as tx:
            overview = build_overview(tx, person, now, self.calendar, self.mask)
            _, returnable = find_returnable(tx, person)
        return replace(
            overview,
            duty=self.duty.shift_at(now),
            duty_zone=self.duty.zone,
            returnable_count=len(returnable),
        )

    def _tell_duty(self, now: datetime) -> Message:
        if self.duty.rotation is None:
            return lists.render_text("Nobody has duty: no people are named under [duty].")
        shifts = list(islice(self.duty.rotation.shifts_from(now), _SHIFTS_TOLD))
        return render_duty(shifts, self.duty.zone)

    def _hand_over(self, interaction: Interaction, now: datetime) -> str:
        """Hand over all that the person has, and say so."""
        receiver = find_receiver(interaction.text)
        if receiver is None:
            return "Say to whom, like `handover @name`."
        request = HandoverRequest(
            id=interaction.dedupe_key,
            giver=interaction.actor,
            receiver=receiver,
            actor=interaction.actor,
            via=_VIA,
        )
        with self.store.write() as tx:
            return describe_outcome(hand_over(tx, request, now))

    def _give_back(self, interaction: Interaction, now: datetime) -> str:
        """Undo the person's last hand-over, and say so."""
        with self.store.write() as tx:
            done = give_back(
                tx, interaction.actor, now, request_id=interaction.dedupe_key, via=_VIA
            )
        return describe_outcome(done)

    def find_held(self, person: Actor) -> list[Alert]:
        """Return the alerts that a person has and that are not closed."""
        with self.store.read() as tx:
            return find_held(tx, person)

    def show_alert(self, alert_id: int, now: datetime) -> Message:
        """Return a message with all of an alert, or one that says that there is none."""
        alert = self.alerts.load_alert(alert_id)
        if alert is None:
            return lists.render_text(
                f"There is no alert {alert_id}: its number is wrong, or it was removed with its "
                "feedback. The number stands on the card and in every list."
            )
        card = replace(alert.card, as_of=now)
        return render_shown_alert(card, self.alerts.find_card(alert))

    def _show_alert(self, number: str, now: datetime) -> Message:
        match = _ALERT_NUMBER.fullmatch(number)
        if match is None:
            return lists.render_text(
                f"{cut(one_line(number), _MAX_ECHO)!r} is no number of an alert; "
                "write it as it stands on the card, like `/repwatch show 41`."
            )
        return self.show_alert(int(match[1]), now)

    def _list_alerts(self, kind: ListKind, number: str, person: Actor, now: datetime) -> Message:
        if number and not _PAGE_NUMBER.fullmatch(number):
            return lists.render_text(
                f"{cut(one_line(number), _MAX_ECHO)!r} is no number of a page; "
                f"write `/repwatch {kind}`, or `/repwatch {kind} 2` for what follows."
            )
        return self.pages.build(PageRequest(kind, int(number or 1)), person, now)

    def _change_alert(
        self, name: str, arguments: str, interaction: Interaction, now: datetime
    ) -> str:
        if not self.roles.is_allowed(interaction.person, Role.AGENT):
            return refusal_text(Role.AGENT, self.roles.settings)
        return run_alert_command(self.store, AlertCommand(name, arguments, interaction.actor), now)

    def _mark_event(self, interaction: Interaction, arguments: str, now: datetime) -> str:
        if not self.roles.is_allowed(interaction.person, Role.AGENT):
            return refusal_text(Role.AGENT, self.roles.settings)
        return mark_event(self.store, interaction, arguments, now, self.calendar.zone)

    def find_improvement(self, improvement_id: int) -> Improvement | None:
        """Return the improvement with this id, or None."""
        with self.store.read() as tx:
            return tx.improvements.get(improvement_id)

    def _mute_rule(self, interaction: Interaction, arguments: str, now: datetime) -> str:
        """Mute a rule, or end its mute, and say so.

        `arguments` are "RULE 2h", perhaps with a reason behind it, or "RULE off".
        """
        if not self.roles.is_allowed(interaction.person, Role.MANAGER):
            return refusal_text(Role.MANAGER, self.roles.settings)
        rule_ids = self.list_rule_ids()
        rule_id, *words = arguments.split()
        if rule_id not in rule_ids:
            nearest = suggest_nearest(rule_id, sorted(rule_ids))
            return f"No rule is called {rule_id!r}; {nearest}"
        if not words:
            return f"Say for how long, like `mute {rule_id} 2h`, or `mute {rule_id} {_OFF}`."
        length, why = words[0], one_line(" ".join(words[1:]))
        if length == _OFF:
            return self._end_mute(rule_id)
        try:
            duration = parse_duration(length)
        except ValueError as error:
            return f"{length!r} is no length of time: {error}"
        if not timedelta() < duration <= LONGEST_MUTE:
            return f"A rule can be muted for {LONGEST_MUTE.days} days at most, and not for nothing."
        until, actor = now + duration, interaction.actor
        mute = Mute(rule_id=rule_id, until=until, actor=actor, why=why[:MAX_REASON])
        return self._start_mute(mute, now)

    def _answer_digest(self, arguments: str, interaction: Interaction, now: datetime) -> str:
        """Carry out what is asked about the digest; only the list is for everybody."""
        role = Role.AGENT if verb_of(arguments) in ("", "list") else Role.MANAGER
        if not self.roles.is_allowed(interaction.person, role):
            return refusal_text(role, self.roles.settings)
        command = DigestCommand(
            text=arguments,
            channel=interaction.channel,
            actor=interaction.actor,
            id=interaction.dedupe_key,
        )
        channel_ids = self._find_channel_ids(arguments)
        configured = ConfiguredDigests(self.digest_schedules, channel_ids, self.personas)
        with self.store.write() as tx:
            return run_digest_command(tx, command, self.digest_zone, now, configured)

    def _find_channel_ids(self, arguments: str) -> Mapping[str, str]:
        """Return the ids where they matter; when the digest is due they are asked for again."""
        if verb_of(arguments) != "subscribe":
            return {}
        try:
            return self.find_channel_ids()
        except DeliveryError:
            return {}

    def _start_mute(self, mute: Mute, now: datetime) -> str:
        with self.store.write() as tx:
            effect = tx.mutes.count_effect(mute.rule_id, now - _LOOKED_BACK)
            tx.mutes.put(mute, now)
        until = format_utc(mute.until)
        return (
            f"{mute.rule_id} is muted until {until}: what it finds is counted and not shown. "
            f"{_describe_effect(effect)} `mute {mute.rule_id} off` ends it."
        )

    def _end_mute(self, rule_id: str) -> str:
        with self.store.write() as tx:
            lifted = tx.mutes.lift(rule_id)
        return f"{rule_id} is heard again." if lifted else f"{rule_id} was not muted."


def _describe_effect(effect: MuteEffect) -> str:
    """Return what a mute would have kept silent in the last week."""
    if not effect.cards:
        return "It would have muted nothing in the last 7 days."
    items = format_plural(effect.cards, "report")
    return f"It would have muted {items} in the last 7 days, {effect.urgent:,} of them urgent."


def to_typed_text(text: str) -> str:
    """Return a command as it was typed, whether or not Slack has escaped it."""

    def restore(reference: re.Match[str]) -> str:
        sign, target, label = reference.groups()
        name = (label or target).lstrip("@#")
        return f"{sign.replace('!', '@')}{name}"

    return unescape(_REFERENCE.sub(restore, text))


def find_receiver(text: str) -> Actor | None:
    """Return the person whom a command names first, by their id; None where it names none."""
    found = _PERSON.search(text)
    return Actor.slack(found[1] or found[2]) if found else None


def find_improvement_title(text: str) -> str | None:
    """Return the title with which a command wants to improve something; None for another one."""
    word, _, title = to_typed_text(text).strip().partition(" ")
    return title.strip() if word.lower() == "improve" else None


def is_handover_without_receiver(text: str) -> bool:
    """Return whether a command hands over and leaves open to whom, or names no id of a person."""
    word = text.strip().partition(" ")[0].lower()
    return word == "handover" and find_receiver(text) is None
