"""The alerts of a replay, kept in memory, as the store keeps those of the program.

Nobody closes, joins or edits anything in a replay: of each group the newest alert counts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.domain.alert import Alert, AlertStatus, Decision, Match, MatchOutcome
from monitor.pipeline.grouping import JOIN_WITHIN, GroupKey, KnownAlerts
from monitor.pipeline.quieting import SilencingAlert
from monitor.store.near_copies import CANDIDATES_PER_BAND, SimilarText


class ReplayedAlerts:
    """What was opened so far, by all that a later match may have in common with it."""

    def __init__(self, default_channel: str) -> None:
        self._default_channel = default_channel
        self._alerts: dict[int, Alert] = {}
        self._by_group: dict[GroupKey, int] = {}
        self._by_copy_group: dict[str, int] = {}
        self._by_feedback: dict[int, int] = {}
        self._openers: dict[int, SilencingAlert] = {}  #: by alert
        self._held: dict[GroupKey, list[datetime]] = {}  #: of what must hold for a while

    def find_known(self, matches: Sequence[Match], now: datetime) -> KnownAlerts:
        """Return the alerts in view of which matches are decided."""
        by_group, by_copy_group, by_copied = {}, {}, {}
        for match in matches:
            group = match.rule_id, match.group
            if (which := self._by_group.get(group)) is not None:
                by_group[group] = self._alerts[which]
            if (which := self._by_copy_group.get(match.copy_group)) is not None:
                by_copy_group[match.copy_group] = self._alerts[which]
            if (which := self._by_feedback.get(match.copy_of)) is not None:
                by_copied[match.copy_of] = self._alerts[which]
        groups = {(match.rule_id, match.group) for match in matches}
        silencing = {silencer.rule for match in matches for silencer in match.silenced_by}
        return KnownAlerts(
            by_group=by_group,
            by_copy_group=by_copy_group,
            by_copied=by_copied,
            earlier={group: self._held.get(group, ()) for group in groups},
            silencing=self._find_silencing(silencing, now - JOIN_WITHIN) if silencing else (),
        )

    def _find_silencing(self, rule_ids: Collection[str], since: datetime) -> list[SilencingAlert]:
        return [
            one
            for one in self._openers.values()
            if one.rule_id in rule_ids and self._alerts[one.alert_id].updated_at >= since
        ][::-1]

    def record(self, decisions: Sequence[Decision], now: datetime) -> list[tuple[Decision, Alert]]:
        """Take in decisions; return those that are about an alert, with it."""
        opened = {
            decision.match.feedback.id: self._open(decision, now)
            for decision in decisions
            if decision.outcome is MatchOutcome.OPENED and decision.match.live
        }
        recorded = []
        for decision in decisions:
            if decision.match.hold_for:
                group = (decision.match.rule_id, decision.match.group)
                self._held.setdefault(group, []).append(now)
            reference = decision.alert
            if reference is None or not decision.match.live:
                continue
            which = reference.alert_id or opened[reference.opener]
            self._by_feedback[decision.match.feedback.id] = which
            self._alerts[which] = replace(self._alerts[which], updated_at=now)
            recorded.append((decision, self._alerts[which]))
        return recorded

    def _open(self, decision: Decision, now: datetime) -> int:
        match = decision.match
        alert = Alert(
            id=len(self._alerts) + 1,
            rule_id=match.rule_id,
            rule_name=match.rule_name,
            rule_version=match.rule_version,
            rule_number=match.rule_number,
            severity=match.severity,
            status=AlertStatus.OPEN,
            group=match.group,
            channel=match.channel or self._default_channel,
            mention=match.mention,
            reason=decision.reason,
            words=match.matched_words,
            opened_at=now,
            updated_at=now,
            version=1,
            fallback=match.fallback,
        )
        self._alerts[alert.id] = alert
        self._openers[alert.id] = SilencingAlert(
            match.rule_id, match.rule_name, match.feedback, alert.id
        )
        self._by_group[match.rule_id, match.group] = alert.id
        if match.copy_group:
            self._by_copy_group[match.copy_group] = alert.id
        return alert.id


class ReplayedTexts:
    """Texts that later ones of a replay are compared with, by their bands."""

    def __init__(self) -> None:
        self._texts: dict[int, SimilarText] = {}
        self._seen_at: dict[int, datetime] = {}
        self._by_band: dict[int, list[int]] = {}

    def find_candidates(self, bands: Collection[int], since: datetime) -> list[SimilarText]:
        """The texts that have one of these bands and were met since a time, oldest first."""
        newest = {
            which
            for band in bands
            for which in sorted(self._by_band.get(band, ()))[-CANDIDATES_PER_BAND:]
        }
        return [self._texts[which] for which in sorted(newest) if self._seen_at[which] >= since]

    def add(self, items: Sequence[SimilarText], at: datetime) -> None:
        """Keep texts for comparison; one that is kept already stays as it is."""
        for item in items:
            if item.feedback_id not in self._texts:
                self._texts[item.feedback_id] = item
                self._seen_at[item.feedback_id] = at
                for band in item.bands:
                    self._by_band.setdefault(band, []).append(item.feedback_id)

    def mark_seen(self, feedback_ids: Sequence[int], at: datetime) -> None:
        """Texts were met again."""
        self._seen_at.update(dict.fromkeys(feedback_ids, at))
