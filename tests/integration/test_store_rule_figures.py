"""What came of rules, in both databases: alerts, verdicts, what nobody has."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.alert import MatchOutcome
from monitor.domain.rule_summary import RuleFigures
from monitor.domain.verdict import VerdictKind
from monitor.store import Store
from monitor.store.mutes import Mute
from monitor.tuning.rule_layers import EffectiveRules
from monitor.tuning.rule_summaries import summarize_rules
from tests.integration.judged_store import BILLING, fill_judged
from tests.integration.rule_values import ANNA, CRASH, NOW, of_file
from tests.integration.store_values import decision, item, stored
from tests.integration.store_values import recorded as decided


def test_figures_are_those_of_the_leading_rule(store: Store) -> None:
    """Alerts since a time, of which a verdict on any feedback judges one."""
    first, second, third = stored(store, item("1"), item("2"), item("3"))
    decided(
        store,
        decision(first, group="1"),
        decision(second, group="1", outcome=MatchOutcome.GROUPED),
        decision(third, group="3", rule_id="billing"),
    )
    with store.write() as tx:
        tx.verdicts.add(second[0].id, VerdictKind.USEFUL, "yes", actor=ANNA, at=NOW)
        tx.verdicts.add(first[0].id, VerdictKind.USEFUL, "no", actor=ANNA, at=NOW)

    with store.read() as tx:
        assert tx.rule_figures.count_since(NOW - timedelta(days=1)) == {
            "crash": RuleFigures(fired=1, judged=1, useful=1, unclaimed=1),
            "billing": RuleFigures(fired=1, unclaimed=1),
        }
        assert tx.rule_figures.count_since(NOW + timedelta(days=1)) == {}
        assert set(tx.rule_figures.find_last_fired()) == {"crash", "billing"}
        assert tx.rule_figures.find_last_held("billing") == third[0].id
        assert tx.rule_figures.find_last_held("nobody") == 0


def test_the_noisiest_rule_comes_first(store: Store) -> None:
    """With its share of useful alerts in Wilson's limits; a rule that never fired is last."""
    fill_judged(store, NOW)
    with store.write() as tx:
        tx.mutes.put(Mute(rule_id="crash", until=NOW + timedelta(hours=1), actor=ANNA), NOW)

    with store.read() as tx:
        rules = EffectiveRules(rules=of_file(CRASH, dict(BILLING)))
        billing, crash = summarize_rules(tx, rules, NOW)

    assert (billing.rule_id, billing.fired, billing.useful.n) == ("billing", 30, 30)
    assert billing.useful.value == pytest.approx(100 * 16 / 30)
    assert (billing.useful.low, billing.useful.high) == (
        pytest.approx(36.1, abs=0.1),
        pytest.approx(69.8, abs=0.1),
    )
    assert (crash.rule_id, crash.fired, crash.last_fired) == ("crash", 0, None)
    assert crash.muted_until == NOW + timedelta(hours=1)
