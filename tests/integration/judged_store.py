"""A store with two months of a rule's cards and what the team said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from monitor.domain.actor import Actor
from monitor.domain.alert import AlertReference, Severity
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.feedback import Analysis, Author, Feedback, Rating, Signal
from monitor.domain.tokens import normalize_text
from monitor.domain.verdict import VerdictKind
from monitor.pipeline.grouping import AlertPolicy
from monitor.store import Store
from monitor.tuning.backtest import BacktestRequest
from rules.load import parse_rules
from rules.rule import Rule
from tests.integration.store_values import CHANNEL, decision

BILLING: Mapping[str, Any] = {
    "id": "billing",
    "name": "Wrong charge",
    "group_by": ["feedback"],
    "all": [{"text": "refund"}],
}
MONTH = timedelta(days=28)
ANNA = Actor.slack("U0ANNA12")
#: Of twelve cards from the noisy subreddit one is useful.
_NOISY, _CARDS = 12, 30


def rule_of(definition: Mapping[str, Any] = BILLING) -> Rule:
    """The rule that a definition says."""
    [rule] = parse_rules({"rules": [dict(definition)]}, "rules.toml")
    return rule


def asked(rule: Rule, now: datetime) -> BacktestRequest:
    """A request over both months, in which the rule stands alone."""
    return BacktestRequest(
        rule=rule,
        rules=(rule,),
        since=now - 2 * MONTH,
        until=now,
        policy=AlertPolicy(),
        channel="#support",
        calendar=BusinessCalendar.always_open(),
        zone="UTC",
    )


def fill_judged(
    store: Store,
    now: datetime,
    *,
    noise: bool = True,
    cards: int = _CARDS,
    signals: Sequence[Signal] = (),
    severity: Severity = Severity.HIGH,
) -> None:
    """Store so many judged cards a month.

    With `noise` twelve a month come from r/dealsbot, of which all but one were dismissed. The last
    of these have the `signals`.
    """
    rule = rule_of()
    with store.write() as tx:
        tx.feedback.add([_make_item(0, now - 2 * MONTH - timedelta(days=2), "acme", ())])
        for number in range(2 * cards):
            month, place = divmod(number, cards)
            is_noise = noise and place < _NOISY
            at = now - (2 - month) * MONTH + timedelta(hours=3 + 20 * place)
            found = signals if is_noise and place == _NOISY - 2 else ()
            subreddit = "dealsbot" if is_noise else ("acme", "help")[place % 2]
            [one] = tx.feedback.add([_make_item(number + 1, at, subreddit, found)])
            made = decision(
                one,
                rule_id=rule.id,
                rule_name=rule.name,
                rule_version=rule.version,
                severity=severity,
                group=str(number),
                alert=AlertReference(opener=one[0].id),
            )
            tx.alerts.record_decisions([made], at, CHANNEL)
            is_useful = place == _NOISY - 1 if is_noise else place % 6 != 0
            tx.verdicts.add(
                one[0].id,
                VerdictKind.USEFUL,
                "yes" if is_useful else "no",
                actor=ANNA,
                at=at + timedelta(hours=1),
                rule_id=rule.id,
            )


def _make_item(
    number: int, at: datetime, subreddit: str, signals: Sequence[Signal]
) -> tuple[Feedback, Analysis]:
    body = f"Where is my refund, number {number}?"
    feedback = Feedback(
        source_id="reddit",
        external_id=str(number),
        body=body,
        author=Author(name=f"person{number}", id=str(number)),
        created_at=at,
        first_seen_at=at,
        rating=Rating(2),
        attributes={"subreddit": subreddit},
    )
    words = normalize_text(body)
    return feedback, Analysis(text=body, words=words, problem=0.8, signals=tuple(signals))
