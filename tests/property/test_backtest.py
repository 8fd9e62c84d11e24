"""A back-test says what the engine did, alert by alert."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.analyzer import Analyzer
from monitor.domain.alert import MatchOutcome
from monitor.domain.feedback import Feedback
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.store import Store
from monitor.testing import NOON, make_feedback, memory_store
from monitor.tuning.replay import ReplayPlan, replay_rule
from rules.engine import Engine
from rules.load import parse_rules
from rules.rule import Rule

ANALYZER = Analyzer(deep=False)
POLICY = AlertPolicy()
HOUR = timedelta(hours=1)
SINCE = NOON + 48 * HOUR
UNTIL = NOON + 240 * HOUR
#: An alert: when it was opened, and the feedback in it for which the rule held.
ShownAlert = tuple[datetime, frozenset[int]]

conditions = st.sampled_from(
    [
        {"text": "refund"},
        {"text": "slow OR crash*"},
        {"stars": {"max": 2}},
        {"sentiment": "negative"},
        {"source": "shop"},
        {"first_time_author": True},
        {"similar_count": {"min": 2, "within": "24h"}},
    ]
)
windows = st.sampled_from(
    [
        {"count": {"min": 2, "within": "1h"}},
        {"count": {"min": 3, "within": "72h"}},
        {"count": {"min": 2, "within": "30h", "of": "feedback"}},
        {"share": {"at_least": 0.3, "within": "240h", "min": 10}},
        {"spike": {"within": "24h", "alarms_per_month": 10}},
        {"drop": {"of": "stars", "by": 0.5, "within": "96h", "against": "7d", "min": 10}},
        {"silence": {"longer_than": "6h", "alarms_per_month": 9}},
    ]
)
groups = st.sampled_from([["text"], ["feedback"], ["rule"], ["source"], ["author", "source"]])
rules = st.fixed_dictionaries(
    {
        "all": st.one_of(
            st.lists(conditions, min_size=1, max_size=2),
            st.tuples(windows).map(list),
            st.tuples(conditions, windows).map(list),
        ),
        "severity": st.sampled_from(["urgent", "high", "normal", "info"]),
        "group_by": groups,
        "cooldown": st.sampled_from(["30m", "6h", "40h"]),
        "unless_other": st.booleans(),
        "for": st.sampled_from(["0s", "0s", "3h", "20h"]),
        "keep_firing_for": st.sampled_from(["5h", "24h", "60h"]),
        "silenced_by": st.sampled_from(
            [[], [], [{"rule": "r0"}], [{"rule": "r1", "equal": ["source"]}]]
        ),
        "mode": st.sampled_from(["live", "live", "live", "shadow", "off"]),
    }
)
items = st.fixed_dictionaries(
    {
        "body": st.sampled_from(
            [
                "Where is my refund?",
                "The app is slow, and slow again",
                "It crashes whenever I open the basket to pay for my shoes today",
                "It crashes whenever I open the basket to pay for my boots today",
                "All is well",
                "Terrible: slow, no refund",
            ]
        ),
        "source_id": st.sampled_from(["shop", "forum"]),
        "author": st.sampled_from(["Ann", "Ben", ""]),
        "stars": st.sampled_from([None, 1.0, 5.0]),
        "late": st.sampled_from([0, 1, 30]),
    }
)
polls = st.lists(
    st.fixed_dictionaries(
        {
            "pause": st.integers(0, 30),
            "items": st.lists(items, max_size=4),
            "restart": st.booleans(),
        }
    ),
    max_size=12,
)


def build_rules(tables: Sequence[dict[str, Any]]) -> tuple[Rule, ...]:
    """Rules with ids of their own."""
    numbered = [{"id": f"r{number}", **table} for number, table in enumerate(tables)]
    return parse_rules({"rules": numbered}, "rules.toml")


def take_in(store: Store, tried: Sequence[Rule], stream: Sequence[dict[str, Any]]) -> None:
    """Poll both sources as often as the stream says, each time so many hours after the last.

    Each hands over what is older first: the order within a poll is not kept.

    After a restart nothing is left of what the program kept in memory.
    """
    engine = Engine(tried)
    ingest = Ingest(store, ANALYZER, engine, "#cx")
    now, count = NOON, 0
    for poll in stream:
        if poll["restart"]:
            ingest = Ingest(store, ANALYZER, engine, "#cx")
        for _ in range(poll["pause"]):
            now += HOUR
            ingest.ask_hourly(now, POLICY)
            with store.write() as tx:
                for source_id in ("shop", "forum"):
                    tx.sources.count_poll(source_id, now, failed=False, items=0)
        arrived: list[Feedback] = []
        for values in poll["items"]:
            count += 1
            made = make_feedback(
                values["body"],
                source_id=values["source_id"],
                external_id=str(count),
                author=values["author"],
                stars=values["stars"],
                created_at=now - values["late"] * HOUR,
            )
            arrived.append(replace(made, first_seen_at=now))
        for source_id in ("shop", "forum"):
            polled = [item for item in arrived if item.source_id == source_id]
            ingest(sorted(polled, key=lambda item: item.seen_or_created), now, POLICY)
    while (now := now + HOUR) < UNTIL:
        ingest.ask_hourly(now, POLICY)


def list_alerts(store: Store, rule_id: str) -> set[ShownAlert]:
    """The alerts of the time in which a rule held, as the program recorded them."""
    found: dict[int, list[int]] = {}
    with store.read() as tx:
        for feedback, _ in tx.feedback.iterate_stored():
            for decision in tx.alerts.list_decisions(feedback.id):
                is_shown = decision.outcome is not MatchOutcome.SUPPRESSED
                if decision.rule_id == rule_id and is_shown and decision.at >= SINCE:
                    found.setdefault(decision.alert_id, []).append(feedback.id)
        opened = {which: tx.alerts.get(which) for which in found}
    return {
        (alert.opened_at, frozenset(found[which]))
        for which, alert in opened.items()
        if alert and SINCE <= alert.opened_at < UNTIL
    }


@settings(deadline=None)
@given(st.lists(rules, min_size=1, max_size=4), polls)
def test_a_backtest_opens_the_alerts_that_were_opened(
    tables: list[dict[str, Any]], stream: list[dict[str, Any]]
) -> None:
    """Whatever the rules, groups, cooldowns and late arrivals: the same alerts, at the same time,
    of the same feedback.
    """
    tried = build_rules(tables)
    with closing(memory_store()) as store:
        take_in(store, tried, stream)
        for rule in tried:
            if rule.mode != "live":
                continue
            plan = ReplayPlan(
                rule_id=rule.id,
                rules=tried,
                since=SINCE,
                until=UNTIL,
                policy=POLICY,
                channel="#cx",
            )
            with store.read() as tx:
                replay = replay_rule(tx, plan)
            replayed = {(one.opened_at, frozenset(one.feedback_ids)) for one in replay.alerts}
            assert replayed == list_alerts(store, rule.id)
