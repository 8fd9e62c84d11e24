"""Which rules hold for the same feedback as others, measured on what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from monitor.domain.feedback import Evidence
from monitor.domain.workspace import NO_WORKSPACE, Workspace
from monitor.store import Transaction
from rules.engine import Engine
from rules.findings import RuleWarning
from rules.rule import Rule, RuleMode

#: Feedback that is looked at: enough for a share, and done in a second.
MOST_READ = 20_000
#: Below so many there is too little to say.
_TOO_FEW = 10
_MOST_OF_THEM = 0.9


@dataclass(frozen=True, slots=True)
class RuleOverlap:
    """For how much of the feedback that a rule holds for another one does too."""

    rule_id: str
    other_id: str
    both: int
    held: int  #: for how much the first one does


def measure_overlaps(
    tx: Transaction, rules: Sequence[Rule], since: datetime, workspace: Workspace = NO_WORKSPACE
) -> tuple[RuleOverlap, ...]:
    """Return how much rules that call somebody have in common, of feedback written since a time.

    Facts beyond the feedback itself are not loaded: conditions that ask for them do not hold.
    """
    compared = _select_compared(rules)
    engine = Engine(compared)
    held: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for feedback, analysis in islice(tx.feedback.iterate_stored(since=since), MOST_READ):
        now = feedback.first_seen_at or feedback.seen_or_created
        evidence = Evidence(feedback=feedback, analysis=analysis, now=now, workspace=workspace)
        ids = [match.rule_id for match in engine.evaluate(evidence)]
        held.update(ids)
        both.update((one, other) for one in ids for other in ids if one != other)
    return tuple(RuleOverlap(one, other, count, held[one]) for (one, other), count in both.items())


def find_shadowed_rules(
    rules: Sequence[Rule], overlaps: Iterable[RuleOverlap]
) -> Iterator[RuleWarning]:
    """Yield the rules of which nearly all is on alerts of one that leads before them."""
    order = sorted(_select_compared(rules), key=lambda rule: rule.severity.rank)
    places = {rule.id: at for at, rule in enumerate(order)}
    for one in overlaps:
        leads = places[one.other_id] < places[one.rule_id]
        if leads and one.held >= _TOO_FEW and one.both >= _MOST_OF_THEM * one.held:
            message = (
                f"{one.both} of {one.held} feedback of {one.rule_id!r} also in {one.other_id!r}, "
                "which leads: it hardly has an alert of its own"
            )
            yield RuleWarning(one.rule_id, ("id",), message)


def _select_compared(rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules that may shadow each other: live ones that are no nets."""
    live = (rule for rule in rules if rule.mode is RuleMode.LIVE and not rule.unless_other)
    return list(live)
