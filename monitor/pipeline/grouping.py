"""Decide about each match: open, join or reopen an alert, or stay silent; with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce
from types import MappingProxyType

from monitor.domain.alert import (
    Alert,
    AlertReference,
    AlertStatus,
    CardPlace,
    Decision,
    Match,
    MatchOutcome,
    Severity,
    SlaLimits,
)
from monitor.domain.reply import OfficialAccounts, is_by_official_account
from monitor.pipeline.quieting import SilencingAlert, describe_silencer, describe_wait
from monitor.settings import Settings

#: A problem that nothing joined for so long is over: the next report of it is a new alert, seen by
#: everyone.
JOIN_WITHIN = timedelta(hours=24)
#: A rule's id and a group of its matches: those of one group are one alert.
GroupKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """Which feedback may alert, whatever the rule."""

    alert_if_newer_than: timedelta = timedelta(hours=24)
    #: after it was resolved, the same problem is the same alert; zero never reopens, and a rule may
    #: have a span of its own
    reopen_within: timedelta = timedelta()
    first_contact: bool = False  #: the source is read for the first time
    official: OfficialAccounts = field(default_factory=dict, hash=False)  #: our own accounts
    backfill: bool = False  #: history is being read in: nothing alerts

    @classmethod
    def from_settings(cls, settings: Settings) -> AlertPolicy:
        """Return what the configuration says about when feedback may alert."""
        return cls(
            alert_if_newer_than=settings.collect.alert_if_newer_than,
            reopen_within=settings.respond.reopen_within,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAlerts:
    """The stored alerts in view of which a batch of matches is decided."""

    #: the newest of each rule and group
    by_group: Mapping[GroupKey, Alert] = field(default_factory=dict, hash=False)
    #: the newest of each group of near copies
    by_copy_group: Mapping[str, Alert] = field(default_factory=dict, hash=False)
    #: what is not closed and holds a feedback that others are near copies of
    by_copied: Mapping[int, Alert] = field(default_factory=dict, hash=False)
    #: what is not closed and holds a feedback already
    by_feedback: Mapping[int, Alert] = field(default_factory=dict, hash=False)
    #: when each group that must hold for a while held before
    earlier: Mapping[GroupKey, Sequence[datetime]] = field(default_factory=dict, hash=False)
    #: what is not closed, of the rules that silence others
    silencing: Sequence[SilencingAlert] = ()


def decide_matches(
    matches: Sequence[Match],
    known: KnownAlerts,
    now: datetime,
    policy: AlertPolicy,
    muted: Mapping[str, str] = MappingProxyType({}),
) -> list[Decision]:
    """Return one decision for each match: those of one feedback together, in order.

    However many rules hold for a feedback, it is in one alert. The matches of a feedback come the
    leading one first: the most severe, then as the rules are ordered. `muted` has the reason for
    each rule that is silenced. An alert that a feedback opens or reopens lets later ones join it.
    """
    by_feedback: dict[int, list[Match]] = {}
    for match in matches:
        by_feedback.setdefault(match.feedback.id, []).append(match)
    batch = _Batch(known, now, policy, muted)
    return [decision for group in by_feedback.values() for decision in batch.decide(group)]


def format_span(span: timedelta) -> str:
    """Return a length of time as people write it in the configuration: "24 h", "90 s"."""
    seconds = span.total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    if seconds >= 3600:
        return f"{seconds / 3600:g} h"
    return f"{seconds:g} s"


def _silence_reason(
    match: Match, now: datetime, policy: AlertPolicy, *, has_alert: bool = False
) -> str:
    """Return why the match must not alert at all; empty when it may.

    However old a feedback is that `has_alert`, what becomes of it belongs there.
    """
    if policy.backfill:
        return "history that was read in never alerts"
    if is_by_official_account(match.feedback, policy.official):
        return "written by an account of our own"
    created = match.feedback.created_at
    if created is None and policy.first_contact:
        return "no date, and first contact with its source"
    if has_alert:
        return ""
    if created is not None and now - created > policy.alert_if_newer_than:
        return f"older than {format_span(policy.alert_if_newer_than)}"
    return ""


class _Standing(StrEnum):
    """How the newest alert of a group stands toward a new match of it."""

    ABSENT = "absent"  #: there is none, or it is over
    CURRENT = "current"  #: it is joined
    COOLING = "cooling"  #: it is closed, and nobody wants to hear of the same again yet
    CAME_BACK = "came back"  #: it was resolved so recently that it is the same again


def _standing_of(
    match: Match, alert: Alert | None, now: datetime, policy: AlertPolicy
) -> _Standing:
    """Return how the newest alert of the match's rule and group stands toward it."""
    if alert is None:
        return _Standing.ABSENT
    in_cooldown = now < _cooldown_end(match, alert)
    within = JOIN_WITHIN if match.keep_for is None else timedelta(seconds=match.keep_for)
    if not alert.status.is_closed and (in_cooldown or _is_current(alert, now, within)):
        return _Standing.CURRENT
    if in_cooldown:
        return _Standing.COOLING
    if _should_reopen(match, alert, now, policy):
        return _Standing.CAME_BACK
    return _Standing.ABSENT


def _cooldown_end(match: Match, alert: Alert) -> datetime:
    return alert.opened_at + timedelta(seconds=match.cooldown)


def _is_current(alert: Alert, now: datetime, within: timedelta = JOIN_WITHIN) -> bool:
    return now - alert.updated_at <= within


def _should_reopen(match: Match, alert: Alert, now: datetime, policy: AlertPolicy) -> bool:
    """Return whether a resolved problem is back; a dismissed one should not have alerted at all."""
    within = policy.reopen_within
    if match.reopen_within is not None:
        within = timedelta(seconds=match.reopen_within)
    return alert.status is AlertStatus.RESOLVED and now - alert.updated_at < within


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An alert that a feedback may join, through one of its matches."""

    reference: AlertReference
    severity: Severity
    match: Match
    outcome: MatchOutcome = MatchOutcome.GROUPED
    is_copy: bool = False  #: its words are those of the alert, whatever its group
    fallback: bool = True  #: whether the alert may be shown in the default channel


class _Batch:
    """Decides about one feedback after the other, and remembers what is open by then."""

    def __init__(
        self, known: KnownAlerts, now: datetime, policy: AlertPolicy, muted: Mapping[str, str]
    ) -> None:
        self._known, self._now, self._policy, self._muted = known, now, policy, muted
        #: what this batch has opened or reopened, and how severe it is
        self._by_group: dict[GroupKey, tuple[AlertReference, Severity]] = {}
        self._by_copy_group: dict[str, tuple[AlertReference, Severity]] = {}
        self._raised: dict[int, Severity] = {}  #: by alert id
        self._shadows: set[GroupKey] = set()  #: what shadow rules would have opened
        self._silencing = list(known.silencing)  #: with what this batch has opened

    def decide(self, matches: Sequence[Match]) -> list[Decision]:
        """Return the decisions about the matches of one feedback, in their order."""
        heard: list[Match] = []
        decisions: dict[str, Decision] = {}
        for match in matches:
            silence = self._silence_reason(match)
            if silence:
                decisions[match.rule_id] = _silence_match(match, silence)
            elif match.live:
                heard.append(match)
            else:
                decisions[match.rule_id] = self._decide_shadow(match)
        decisions |= {item.match.rule_id: item for item in self._decide_heard(heard)}
        return [decisions[match.rule_id] for match in matches]

    def _silence_reason(self, match: Match) -> str:
        """Return why nobody is to hear of the match; empty where somebody is."""
        has_alert = match.feedback.id in self._known.by_feedback
        reason = _silence_reason(match, self._now, self._policy, has_alert=has_alert)
        reason = reason or self._muted.get(match.rule_id, "")
        reason = reason or self._quiet_reason(match, has_alert=has_alert)
        if reason:
            return reason
        alert = self._known.by_group.get(_group_of(match))
        if alert is None or _group_of(match) in self._by_group:
            return ""
        if self._standing(match) is _Standing.COOLING:
            until = _cooldown_end(match, alert)
            return f"cooldown until {until:%Y-%m-%d %H:%M} UTC after alert {alert.id}"
        return ""

    def _quiet_reason(self, match: Match, *, has_alert: bool) -> str:
        """Return what keeps the match quiet for now.

        What is in an alert already belongs there, whatever else is open; and where the alert of its
        group is open, it has held for long enough.
        """
        quiet = "" if has_alert else describe_silencer(match, self._silencing)
        group = _group_of(match)
        if quiet or group in self._by_group or self._standing(match) is _Standing.CURRENT:
            return quiet
        return describe_wait(match, self._known.earlier.get(group, ()), self._now)

    def _standing(self, match: Match) -> _Standing:
        alert = self._known.by_group.get(_group_of(match))
        return _standing_of(match, alert, self._now, self._policy)

    def _decide_shadow(self, match: Match) -> Decision:
        """Return what would have become of a match whose rule is only tried out."""
        group = _group_of(match)
        if group in self._shadows or self._standing(match) is _Standing.CURRENT:
            outcome, reason = MatchOutcome.GROUPED, "grouped into an alert of its rule"
        else:
            outcome, reason = MatchOutcome.OPENED, match.reason
        self._shadows.add(group)
        return Decision(match=match, outcome=outcome, reason=reason)

    def _decide_heard(self, heard: Sequence[Match]) -> list[Decision]:
        """Return the decisions about matches that people are to hear of, the leading one first."""
        if not heard:
            return []
        leading = heard[0]
        own = self._known.by_feedback.get(leading.feedback.id)
        if own is not None:
            return self._add_to_own_alert(heard, own)
        candidate = self._find_candidate(heard)
        if candidate is None:
            return self._open_alert(heard, None)
        if leading.severity.rank < candidate.severity.rank:
            return self._open_alert(heard, candidate.reference)
        return self._join_alert(heard, candidate)

    def _find_candidate(self, heard: Sequence[Match]) -> _Candidate | None:
        """Return the alert to join: of the first match whose group has one, else of near copies."""
        for match in heard:
            if candidate := self._candidate_of_group(match):
                return candidate
        return self._candidate_of_copies(heard[0])

    def _candidate_of_group(self, match: Match) -> _Candidate | None:
        if fresh := self._by_group.get(_group_of(match)):
            return _Candidate(*fresh, match)
        alert = self._known.by_group.get(_group_of(match))
        outcome = _OUTCOME_OF_STANDING.get(self._standing(match))
        if alert is None or outcome is None:
            return None
        severity = self._severity_of(alert)
        reference = AlertReference(alert.id)
        return _Candidate(reference, severity, match, outcome, fallback=alert.fallback)

    def _candidate_of_copies(self, match: Match) -> _Candidate | None:
        """Return the alert of a text that this is a near copy of, whatever rule it was for."""
        if fresh := self._by_copy_group.get(match.copy_group):
            return _Candidate(*fresh, match, is_copy=True)
        known = self._known
        alert = known.by_copy_group.get(match.copy_group) or known.by_copied.get(match.copy_of)
        if alert is None or alert.status.is_closed or not _is_current(alert, self._now):
            return None
        severity = self._severity_of(alert)
        reference = AlertReference(alert.id)
        return _Candidate(reference, severity, match, is_copy=True, fallback=alert.fallback)

    def _severity_of(self, alert: Alert) -> Severity:
        return self._raised.get(alert.id, alert.severity)

    def _add_to_own_alert(self, heard: Sequence[Match], alert: Alert) -> list[Decision]:
        """Return the decisions about what holds besides for a feedback that has an alert already.

        Where the first of them is more severe than the alert it leads from now on.
        """
        reference = AlertReference(alert.id)
        first, *others = (_name_on_alert(match, reference) for match in heard)
        raises = first.match.severity.rank < self._severity_of(alert).rank
        fallback = alert.fallback and not (raises and not first.match.fallback)
        if raises:
            self._raised[alert.id] = first.match.severity
            first = replace(first, raises=True, limits=_merge_limits(heard))
        return [replace(first, places=_find_places(heard, fallback)), *others]

    def _open_alert(self, heard: Sequence[Match], related: AlertReference | None) -> list[Decision]:
        leading, *others = heard
        reference = AlertReference(opener=leading.feedback.id)
        told = SilencingAlert(leading.rule_id, leading.rule_name, leading.feedback)
        self._silencing.append(told)
        self._remember(leading, reference, leading.severity)
        opened = Decision(
            match=leading,
            outcome=MatchOutcome.OPENED,
            reason=leading.reason,
            alert=reference,
            related=related,
            limits=_merge_limits(heard),
            places=_find_places(heard, leading.fallback),
        )
        return [opened, *(_name_on_alert(match, reference) for match in others)]

    def _join_alert(self, heard: Sequence[Match], candidate: _Candidate) -> list[Decision]:
        """Return the decisions where the feedback joins an alert through one of its matches."""
        reference = candidate.reference
        if not candidate.is_copy:
            self._by_group[_group_of(candidate.match)] = (reference, candidate.severity)
            if candidate.match.copy_group:
                fresh = (reference, candidate.severity)
                self._by_copy_group.setdefault(candidate.match.copy_group, fresh)
        joined = Decision(
            match=candidate.match,
            outcome=candidate.outcome,
            reason=_joining_reason(candidate),
            alert=reference,
            places=_find_places(heard, candidate.fallback),
        )
        others = [match for match in heard if match is not candidate.match]
        return [joined, *(_name_on_alert(match, reference) for match in others)]

    def _remember(self, match: Match, reference: AlertReference, severity: Severity) -> None:
        self._by_group[_group_of(match)] = (reference, severity)
        if match.copy_group:
            self._by_copy_group[match.copy_group] = (reference, severity)


def _group_of(match: Match) -> GroupKey:
    return match.rule_id, match.group


def _silence_match(match: Match, reason: str) -> Decision:
    return Decision(match=match, outcome=MatchOutcome.SUPPRESSED, reason=reason)


def _name_on_alert(match: Match, alert: AlertReference) -> Decision:
    reason = f"also on {alert}"
    return Decision(match=match, outcome=MatchOutcome.ALSO, reason=reason, alert=alert)


def _joining_reason(candidate: _Candidate) -> str:
    if candidate.outcome is MatchOutcome.REOPENED:
        reason = candidate.match.reason
        return f"the same came back after {candidate.reference} was resolved: {reason}"
    return f"grouped into {candidate.reference}"


def _merge_limits(heard: Sequence[Match]) -> SlaLimits:
    return reduce(SlaLimits.merge, (match.limits for match in heard), SlaLimits())


def _find_places(heard: Sequence[Match], fallback: bool) -> tuple[CardPlace, ...]:
    """Return where these matches want their alert to be shown.

    Without `fallback` it is private: it is not shown in the default channel.
    """
    return tuple(
        CardPlace(match.channel, match.mention, match.fallback)
        for match in heard
        if match.channel or fallback
    )


_OUTCOME_OF_STANDING: Mapping[_Standing, MatchOutcome] = {
    _Standing.CURRENT: MatchOutcome.GROUPED,
    _Standing.CAME_BACK: MatchOutcome.REOPENED,
}
