"""How a rule fares: what a list of rules says of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.alert import Severity
from monitor.domain.measure import Estimate
from monitor.domain.rule_record import RuleMark

NOT_JUDGED = Estimate(value=None, n=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSummary:
    """A rule with the figures of the last weeks."""

    rule_id: str
    name: str
    severity: Severity
    mode: str  #: live, shadow or off
    number: int = 0  #: of its newest change; 0 where none is known
    candidate: int = 0  #: the number of the change that is tried in shadow; 0 for none
    fired: int = 0  #: alerts that it led
    useful: Estimate = NOT_JUDGED  #: share of the judged ones, in percent
    unclaimed: int = 0  #: alerts that nobody took in time
    marks: tuple[RuleMark, ...] = ()  #: why somebody should look at it
    last_fired: datetime | None = None  #: None where it never did
    muted_until: datetime | None = None
