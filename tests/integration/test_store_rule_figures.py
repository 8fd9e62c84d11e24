"""What came of rules, in both databases: the list of them, and what each held for last."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.alert import MatchOutcome
from monitor.domain.business_hours import BusinessCalendar
from monitor.store import Store
from monitor.store.mutes import Mute
from monitor.tuning.rule_layers import EffectiveRules
from monitor.tuning.rule_summaries import summarize_rules
from tests.integration.judged_store import BILLING, fill_judged
from tests.integration.rule_values import ANNA, CRASH, NOW, of_file
from tests.integration.store_values import decision, item, stored
from tests.integration.store_values import recorded as decided


def test_what_a_rule_held_for_last_is_found(store: Store) -> None:
    """The newest feedback that is there, also where no alert came of it; 0 for none."""
    first, second = stored(store, item("1"), item("2"))
    decided(store, decision(first, group="1"))
    decided(
        store,
        decision(second, group="2", live=False, outcome=MatchOutcome.SUPPRESSED),
        at=NOW + timedelta(hours=1),
    )

    with store.read() as tx:
        assert tx.rule_figures.find_last_held("crash") == second[0].id
        assert tx.rule_figures.find_last_held("nobody") == 0


def test_the_noisiest_rule_comes_first(store: Store) -> None:
    """With its share of useful alerts in Wilson's limits; a rule that never fired is last."""
    fill_judged(store, NOW)
    with store.write() as tx:
        tx.mutes.put(Mute(rule_id="crash", until=NOW + timedelta(hours=1), actor=ANNA), NOW)

    with store.read() as tx:
        rules = EffectiveRules(rules=of_file(CRASH, dict(BILLING)))
        billing, crash = summarize_rules(tx, rules, BusinessCalendar.always_open(), NOW)

    assert (billing.rule_id, billing.fired, billing.useful.n) == ("billing", 30, 30)
    assert billing.useful.value == pytest.approx(100 * 16 / 30)
    assert billing.useful.low == pytest.approx(36.1, abs=0.1)
    assert billing.useful.high == pytest.approx(69.8, abs=0.1)
    assert (crash.rule_id, crash.fired, crash.last_fired) == ("crash", 0, None)
    assert crash.muted_until == NOW + timedelta(hours=1)
