"""Rules that wait until they have held for a while, and rules that others silence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.domain.action import Action, ActionKind
from monitor.domain.actor import Actor
from monitor.errors import ConfigError
from monitor.followup.act import apply_action
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest, IngestResult
from monitor.store import Store
from monitor.testing import NOON, make_feedback, memory_store
from monitor.tuning.rule_checks import load_checked_rules
from rules.engine import Engine
from rules.load import parse_rules

ANALYZER = Analyzer(deep=False)
MINUTE = timedelta(minutes=1)
OUTAGE = {"id": "outage", "severity": "urgent", "all": [{"text": "down"}], "group_by": "rule"}


@pytest.fixture(name="store")
def open_store() -> Iterator[Store]:
    """An empty database."""
    with closing(memory_store()) as store:
        yield store


class Shop:
    """A source that hands over one feedback at a time."""

    def __init__(self, store: Store, *rules: dict[str, Any]) -> None:
        engine = Engine(parse_rules({"rules": list(rules)}, "rules.toml"))
        self._ingest = Ingest(store, ANALYZER, engine, "#cx")

    def say(self, body: str, minute: int = 0, **values: Any) -> IngestResult:
        """Take in what somebody says at a minute."""
        now = NOON + minute * MINUTE
        version = values.pop("version", "")
        made = make_feedback(body, created_at=now, **values)
        item = replace(made, first_seen_at=now, app_version=version)
        return self._ingest([item], now, AlertPolicy())


def test_a_rule_that_must_hold_for_a_while_alerts_when_it_has(store: Store) -> None:
    """Until then it stays silent and says since when; afterwards what holds joins."""
    rule = {"id": "slow", "for": "30m", "group_by": "rule", "all": [{"text": "slow"}]}
    shop = Shop(store, rule)
    results = [shop.say(f"slow {minute}", minute) for minute in (0, 20, 29, 31, 40)]
    assert [len(result.opened) for result in results] == [0, 0, 0, 1, 0]
    assert results[4].grouped == 1
    assert results[1].silences == (
        f"waits until it has held for 30 minutes, since {NOON:%Y-%m-%d %H:%M} UTC",
    )


def test_a_break_that_is_too_long_begins_the_wait_anew(store: Store) -> None:
    """What held an hour ago does not count, unless the rule lets it pause so long."""
    rule = {"id": "slow", "for": "30m", "group_by": "rule", "all": [{"text": "slow"}]}
    patient = {**rule, "id": "patient", "keep_firing_for": "2h"}
    shop = Shop(store, rule, patient)
    shop.say("slow one")
    opened = shop.say("slow two", 60).opened
    assert [alert.rule_id for alert in opened] == ["patient"]


def test_an_open_alert_silences_what_is_about_the_same(store: Store) -> None:
    """Of the same version only; where there is no version nothing is the same."""
    quiet = [{"rule": "outage", "equal": ["version"]}]
    rule = {"id": "slow", "all": [{"text": "slow"}], "silenced_by": quiet}
    shop = Shop(store, OUTAGE, rule)
    shop.say("the shop is down", version="2.0")
    same = shop.say("slow as ever", version="2.0")
    assert same.silences == ("quiet while alert 1 (outage) is open",)
    assert shop.say("slow today", version="3.0").opened
    assert shop.say("slow since noon").opened


def test_a_label_that_both_lack_is_not_the_same(store: Store) -> None:
    """Nothing is silenced by what two feedback do not have."""
    rule = {
        "id": "slow",
        "all": [{"text": "slow"}],
        "silenced_by": [{"rule": "outage", "equal": ["country"]}],
    }
    shop = Shop(store, OUTAGE, rule)
    shop.say("the shop is down")
    assert shop.say("slow as ever").opened


def test_a_closed_alert_silences_nothing(store: Store) -> None:
    """When the outage is resolved, people hear of the rest again."""
    rule = {"id": "slow", "all": [{"text": "slow"}], "silenced_by": [{"rule": "outage"}]}
    shop = Shop(store, OUTAGE, rule)
    (outage,) = shop.say("the shop is down").opened
    assert not shop.say("slow as ever", 1).opened
    with store.write() as tx:
        resolve = Action(kind=ActionKind.RESOLVE, actor=Actor.parse("cli:ann"))
        apply_action(tx, outage.id, resolve, NOON + 2 * MINUTE)
    assert shop.say("slow still", 3).opened


def test_a_card_waits_for_those_that_join_it(store: Store) -> None:
    """With `group_wait` the card is due later, and shows all that has joined by then."""
    rule = {"id": "slow", "group_wait": "2m", "group_by": "rule", "all": [{"text": "slow"}]}
    shop = Shop(store, rule)
    shop.say("slow one")
    with store.read() as tx:
        assert not tx.deliveries.count_due_cards(NOON + MINUTE)
        assert tx.deliveries.count_due_cards(NOON + 2 * MINUTE)


def test_a_silencer_that_does_not_exist_is_a_mistake(tmp_path: Any) -> None:
    """It is told with the rule that was probably meant."""
    file = tmp_path / "rules.toml"
    file.write_text(
        '[[rules]]\nid = "outage"\nall = [{ text = "down" }]\n'
        '[[rules]]\nid = "slow"\nall = [{ text = "slow" }]\nsilenced_by = [{ rule = "outtage" }]\n'
    )
    with pytest.raises(ConfigError, match=r"no rule is called 'outtage'.*outage"):
        load_checked_rules(file, tmp_path / "none.toml", {})
