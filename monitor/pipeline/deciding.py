"""Decide about matches in view of what is stored: open alerts, mutes, and what held before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.domain.alert import Decision, Match
from monitor.pipeline.grouping import (
    JOIN_WITHIN,
    AlertPolicy,
    GroupKey,
    KnownAlerts,
    decide_matches,
)
from monitor.pipeline.quieting import SilencingAlert, longest_wait
from monitor.store import Transaction


def drop_decided_matches(tx: Transaction, matches: list[Match]) -> list[Match]:
    """Leave out the matches of rules that held before the edit: an edit does not alert twice."""
    if not matches:
        return []
    pairs = {(match.rule_id, match.feedback.id) for match in matches}
    decided = tx.alerts.already_decided(pairs)
    return [match for match in matches if (match.rule_id, match.feedback.id) not in decided]


def decide_outcomes(
    tx: Transaction,
    matches: Sequence[Match],
    now: datetime,
    policy: AlertPolicy,
    *,
    joins: bool = True,
) -> list[Decision]:
    """Return one decision for each match, in view of the alerts that are there and of the mutes.

    Unless `joins`, what is found out about a feedback has nothing to do with the alert it is in.
    """
    if not matches:
        return []
    known = KnownAlerts(
        by_group=tx.alerts.latest_by_group({(match.rule_id, match.group) for match in matches}),
        by_copy_group=tx.alerts.latest_by_copy_group({match.copy_group for match in matches}),
        by_copied=tx.alerts.unclosed_by_feedback(
            {match.copy_of for match in matches if match.copy_of}
        ),
        by_feedback=tx.alerts.unclosed_by_feedback({match.feedback.id for match in matches})
        if joins
        else {},
        earlier=_find_earlier(tx, matches, now),
        silencing=_find_silencing(tx, matches, now),
    )
    muted = {mute.rule_id: mute.reason for mute in tx.mutes.active(now)}
    return decide_matches(matches, known, now, policy, muted)


def _find_earlier(
    tx: Transaction, matches: Sequence[Match], now: datetime
) -> dict[GroupKey, list[datetime]]:
    """Return when the groups held before that must hold for a while."""
    holding = {(match.rule_id, match.group): match for match in matches if match.hold_for}
    return {
        group: tx.match_history.list_times(*group, since=now - longest_wait(match))
        for group, match in holding.items()
    }


def _find_silencing(
    tx: Transaction, matches: Sequence[Match], now: datetime
) -> list[SilencingAlert]:
    """Return the open alerts that may keep some of the matches quiet.

    One that nothing has happened to for a day says nothing any more: it was forgotten.
    """
    rules = {silencer.rule for match in matches for silencer in match.silenced_by}
    return [
        SilencingAlert(rule_id, rule_name, feedback, alert_id)
        for alert_id, rule_id, rule_name, feedback in tx.match_history.list_openers(
            rules, now - JOIN_WITHIN
        )
    ]
