"""What a person sees of many alerts: theirs, nobody's, what is soon late, and figures that say how
many they are of.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from monitor.domain.action import Action, ActionKind, Refusal
from monitor.domain.actor import Actor
from monitor.domain.alert import Clause, Decision, Match, MatchOutcome, Severity, SlaLimits
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.feedback import Analysis
from monitor.domain.verdict import VerdictKind
from monitor.followup.act import apply_action
from monitor.followup.workload import build_overview, load_team_figures
from monitor.pipeline.grouping import AlertPolicy, KnownAlerts, decide_matches
from monitor.store import Store
from monitor.store.mutes import Mute
from monitor.testing import NOON, make_feedback, memory_store

ANN, BEN = Actor.slack("U0ANN"), Actor.slack("U0BEN")
ALWAYS = BusinessCalendar.always_open()
HALF_AN_HOUR = SlaLimits(acknowledge=1800.0)


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    opened = memory_store()
    yield opened
    opened.close()


def opened(
    store: Store,
    at: datetime = NOON,
    severity: Severity = Severity.NORMAL,
    limits: SlaLimits | None = None,
) -> int:
    """A new alert."""
    with store.write() as tx:
        ((feedback, analysis),) = tx.feedback.add(
            [(make_feedback("broken", created_at=at), Analysis(text="", words=""))]
        )
        match = Match(
            rule_id="broken",
            rule_name="Broken",
            rule_version="1",
            severity=severity,
            live=True,
            feedback=feedback,
            analysis=analysis,
            clauses=(Clause("text", "says broken"),),
            group=f"feedback:{feedback.id}",
            limits=limits or SlaLimits(),
        )
        decision = Decision(match=match, outcome=MatchOutcome.OPENED, reason="says broken")
        return tx.alerts.record_decisions([decision], at, "#support").opened[0].id


def done(
    store: Store, alert_id: int, act: ActionKind, actor: Actor = ANN, after: float = 0
) -> None:
    """Somebody does something, so many minutes after noon."""
    with store.write() as tx:
        now = NOON + timedelta(minutes=after)
        assert not isinstance(
            apply_action(tx, alert_id, Action(kind=act, actor=actor), now), Refusal
        )


def test_everybody_sees_what_is_theirs_and_what_is_nobodys(store: Store) -> None:
    """The most urgent first; what is closed is in no list."""
    mine, theirs, closed = (opened(store) for _ in range(3))
    free, urgent = opened(store), opened(store, severity=Severity.URGENT)
    done(store, mine, ActionKind.TAKE)
    done(store, theirs, ActionKind.TAKE, BEN)
    done(store, closed, ActionKind.RESOLVE)
    with store.read() as tx:
        seen = build_overview(tx, ANN, NOON + timedelta(hours=1), ALWAYS)
    assert [card.alert.id for card in seen.mine] == [mine]
    assert [card.alert.id for card in seen.unclaimed] == [urgent, free]
    assert (seen.mine_count, seen.unclaimed_count, seen.due_soon_count) == (1, 2, 0)


def test_what_is_soon_late_comes_by_its_time(store: Store) -> None:
    """Late ones first; what was acknowledged in time, put away, or has more than a quarter of its
    time left is not among them.
    """
    soon, late = (
        opened(store, NOON - timedelta(minutes=23), limits=HALF_AN_HOUR),
        opened(store, NOON - timedelta(hours=1), limits=HALF_AN_HOUR),
    )
    opened(store, NOON - timedelta(minutes=22), limits=HALF_AN_HOUR)
    taken = opened(store, limits=HALF_AN_HOUR)
    opened(store, limits=SlaLimits(resolve=7 * 86400.0))
    done(store, taken, ActionKind.TAKE)
    with store.read() as tx:
        seen = build_overview(tx, ANN, NOON, ALWAYS)
    assert [card.alert.id for card in seen.due_soon] == [late, soon]
    assert seen.due_soon[0].limit_statuses[0].is_late(NOON)
    assert seen.figures.late_now == 1


def test_lists_are_cut_and_counts_are_whole(store: Store) -> None:
    """However many there are, all are counted and the first are shown."""
    for _ in range(20):
        opened(store)
    with store.read() as tx:
        seen = build_overview(tx, ANN, NOON, ALWAYS)
    assert (len(seen.unclaimed), seen.unclaimed_count) == (15, 20)


def test_what_must_not_be_shown_is_hidden(store: Store) -> None:
    """The mask is over every text of every card."""
    opened(store)
    with store.read() as tx:
        seen = build_overview(tx, ANN, NOON, ALWAYS, lambda text: "***" if text else text)
    assert (seen.unclaimed[0].feedback.body, seen.unclaimed[0].alert.reason) == ("***", "***")


def test_figures_are_of_seven_days_and_say_of_how_many(store: Store) -> None:
    """Counts of what happened, and times with their number; what is older is left out."""
    opened(store, NOON - timedelta(days=8))
    for minutes in (10, 20, 40):
        alert_id = opened(store, limits=HALF_AN_HOUR)
        done(store, alert_id, ActionKind.TAKE, after=minutes)
    done(store, alert_id, ActionKind.RESOLVE, after=60)
    with store.read() as tx:
        figures = load_team_figures(tx, NOON + timedelta(hours=2), ALWAYS)
    assert (figures.opened, figures.acknowledged, figures.resolved, figures.open_now) == (
        3,
        3,
        1,
        3,
    )
    pace = figures.to_acknowledge
    assert (pace.n, pace.median, pace.slowest_tenth, pace.in_time, pace.limited) == (
        3,
        1200,
        2400,
        2,
        3,
    )
    assert (figures.to_resolve.n, figures.to_reply.n, figures.to_reply.median) == (1, 0, None)


def test_a_verdict_is_about_the_leading_rule_or_the_one_it_names(store: Store) -> None:
    """What is said of the words alone is about no rule."""
    alert_id = opened(store)
    done(store, alert_id, ActionKind.RESOLVE)
    with store.write() as tx:
        details = {"useful": "no", "rule": "other", "sentiment": "neutral"}
        correction = Action(kind=ActionKind.CORRECT, actor=BEN, details=details)
        apply_action(tx, alert_id, correction, NOON)
        said = tx.verdicts.list_for_feedback(1)
    assert {(verdict.actor, verdict.kind, verdict.value, verdict.rule_id) for verdict in said} == {
        (ANN, VerdictKind.USEFUL, "yes", "broken"),
        (BEN, VerdictKind.RULE, "no", "other"),
        (BEN, VerdictKind.SENTIMENT, "neutral", ""),
    }


def test_a_muted_rule_is_silent_with_the_reason() -> None:
    """Its matches are suppressed, and those of other rules are not."""
    match = Match(
        rule_id="broken",
        rule_name="Broken",
        rule_version="1",
        severity=Severity.NORMAL,
        live=True,
        feedback=make_feedback("broken"),
        analysis=Analysis(text="", words=""),
        clauses=(),
        group="text:1",
    )
    why = Mute(rule_id="broken", until=NOON + timedelta(hours=2), actor=ANN).reason
    (silent,) = decide_matches([match], KnownAlerts(), NOON, AlertPolicy(), {"broken": why})
    (heard,) = decide_matches([match], KnownAlerts(), NOON, AlertPolicy(), {"other": why})
    assert (silent.outcome, silent.reason) == (
        MatchOutcome.SUPPRESSED,
        "muted by user:U0ANN until 2026-11-18 14:00 UTC",
    )
    assert heard.outcome is MatchOutcome.OPENED


def test_a_mute_ends_by_itself_or_by_hand(store: Store) -> None:
    """It holds until its time, a later one takes its place, and lifting it twice is no mistake."""
    with store.write() as tx:
        tx.mutes.put(Mute(rule_id="broken", until=NOON + timedelta(hours=1), actor=ANN), NOON)
        tx.mutes.put(Mute(rule_id="broken", until=NOON + timedelta(hours=2), actor=BEN), NOON)
        assert [mute.actor for mute in tx.mutes.active(NOON + timedelta(minutes=90))] == [BEN]
        assert tx.mutes.active(NOON + timedelta(hours=2)) == []
        assert (tx.mutes.lift("broken"), tx.mutes.lift("broken")) == (True, False)
