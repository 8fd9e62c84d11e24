"""How the rules have fared, and which of them need a look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.cli.rules_health import describe_record
from monitor.digest.counts import ShareCount
from monitor.digest.number_format import NumberFormat
from monitor.digest.parts.rule_health import RuleHealth, RuleHealthPart, RuleReport
from monitor.digest.wording import Wording, bullets, text_line
from monitor.domain.action import AlertChange
from monitor.domain.alert import AlertStatus, SlaLimits
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.event import EventKind
from monitor.domain.measure import Estimate
from monitor.domain.rule_record import RuleMark
from monitor.store import Store
from monitor.testing import memory_store
from monitor.tuning.health import RuleFacts, load_rule_records, measure_rule
from rules.load import parse_rules
from tests.integration.judged_store import ANNA, BILLING, MONTH, fill_judged, rule_of
from tests.integration.store_values import decision, item, recorded, stored

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ALWAYS = BusinessCalendar.always_open()
SPIKE: Mapping[str, Any] = {
    "id": "burst",
    "all": [{"text": "login"}, {"spike": {"within": "3h", "alarms_per_month": 2.0}}],
}


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    opened = memory_store()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("useful", "in_month", "noisy"),
    [
        (ShareCount(3, 20), ShareCount(3, 20), True),
        (ShareCount(6, 20), ShareCount(6, 20), False),  # its upper limit is 52 %
        (ShareCount(2, 19), ShareCount(4, 19), False),  # too few for the interval
        (ShareCount(0, 5), ShareCount(0, 5), True),
        (ShareCount(0, 4), ShareCount(0, 4), False),  # too few to call
        (ShareCount(0, 0), ShareCount(0, 0), False),
    ],
)
def test_a_noisy_rule_is_marked(useful: ShareCount, in_month: ShareCount, *, noisy: bool) -> None:
    """By an interval of at least 20 judged, or under a fifth of five or more in four weeks."""
    facts = RuleFacts(matches=1, useful=useful, useful_in_month=in_month)
    record = measure_rule(rule_of(), facts, ALWAYS, NOW)

    assert (RuleMark.NOISY in record.marks) is noisy
    assert record.has_enough is (useful.n >= 5)


def test_a_rule_that_held_for_nothing_is_dead() -> None:
    """One that is off is not; one that joined another's alert held for something."""
    (off,) = parse_rules({"rules": [{**BILLING, "mode": "off"}]}, "rules.toml")

    assert measure_rule(rule_of(), RuleFacts(), ALWAYS, NOW).marks == (RuleMark.DEAD,)
    assert measure_rule(off, RuleFacts(), ALWAYS, NOW).marks == ()
    assert measure_rule(rule_of(), RuleFacts(matches=1), ALWAYS, NOW).marks == ()


def test_what_nobody_took_in_time_is_counted(store: Store) -> None:
    """Within its own limit, or a day without one; what is not late yet is on neither side."""
    limited = SlaLimits(acknowledge=3600)
    spans = {"late": 30, "fresh": 20, "limited": 2, "taken": 40}
    for name, hours in spans.items():
        [one] = stored(store, item(name))
        made = decision(
            one,
            rule_id="billing",
            group=name,
            limits=limited if name == "limited" else SlaLimits(),
        )
        recorded(store, made, at=NOW - timedelta(hours=hours))
    taken = NOW - timedelta(hours=39)
    change = AlertChange(kind=EventKind.ACKNOWLEDGED, to=AlertStatus.ACKNOWLEDGED, assignee=ANNA)
    with store.write() as tx:
        oldest = min(tx.alerts.find(), key=lambda one: one.opened_at)
        tx.alerts.apply_change(oldest.id, change, at=taken, actor=ANNA)
    with store.read() as tx:
        [record] = load_rule_records(tx, [rule_of()], NOW - MONTH, NOW, ALWAYS).records

    assert (record.cards, record.unclaimed, record.decided) == (4, 2, 3)
    assert record.marks == (RuleMark.UNCLAIMED,)


def test_every_rule_has_its_line(store: Store) -> None:
    """What it brought, how much of that was useful with the interval, and its promise beside what
    came true; the noisiest first.
    """
    fill_judged(store, NOW)
    (burst,) = parse_rules({"rules": [dict(SPIKE)]}, "rules.toml")
    with store.read() as tx:
        found = load_rule_records(tx, [burst, rule_of()], NOW - MONTH, NOW, ALWAYS)

    first, second = found.records
    assert (first.rule_id, second.rule_id, found.promised) == ("billing", "burst", 2)
    assert describe_record(first).startswith(
        "billing [unclaimed]: 30 cards, held for 30 feedback; 16 of 30 judged useful (53 %, 36-70)"
    )
    assert describe_record(second) == (
        "burst [dead]: 0 cards, held for 0 feedback; none judged; promises about 2 false alarms in "
        "28 days, 0 were judged not useful; never led an alert"
    )


def test_the_digest_names_what_is_noisy() -> None:
    """Only where enough was judged in its time."""
    noisy = Estimate(value=15.0, n=20, low=5.2, high=36.0)
    shares = {"Loud": noisy, "Few": Estimate(value=0.0, n=9, low=0.0, high=29.9)}
    rules = tuple(
        RuleHealth(rule_id=name, name=name, opened=20, unclaimed=0, useful=share)
        for name, share in shares.items()
    )
    report = RuleReport(rules=rules, escalated=0, silent=())
    _, *blocks = RuleHealthPart().describe(report, Wording(NumberFormat()))

    assert blocks == [bullets(text_line("Less than half is useful of: Loud."))]
