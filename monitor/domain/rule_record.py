"""How each rule has fared in a time: values, and when a rule needs a look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.measure import Estimate

#: Judged below which a share says nothing.
FEWEST_JUDGED = 5
#: Judged from which on an interval can call a rule noisy; and below which share, in percent, its
#: upper limit then lies.
_ENOUGH_JUDGED, _NOISY_BELOW = 20, 50.0
#: Below this share of useful ones in four weeks, in percent, a rule is noisy as well.
_USELESS_BELOW = 20.0


class RuleMark(StrEnum):
    """Why somebody should look at a rule."""

    NOISY = "noisy"  #: hardly anything that it brings is useful
    DEAD = "dead"  #: it held for nothing
    UNCLAIMED = "unclaimed"  #: nobody takes more than half of what it brings in time


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRecord:
    """One rule in a time."""

    rule_id: str
    name: str
    mode: str
    cards: int  #: alerts that it led
    matches: int  #: feedback for which it held, whatever became of it
    useful: Estimate  #: share of what the team judged that it called useful, in percent
    unclaimed: int  #: alerts that nobody took within their limit, or a day where they have none
    decided: int  #: alerts that were taken, or that nobody took in time
    held_back: int  #: cards beyond a channel's budget, which stand in a summary
    last_fired: datetime | None  #: when it last led an alert, also before this time
    promised: float = 0.0  #: false alarms in 28 days; 0 where it promises nothing
    false_alarms: int = 0  #: its alerts of the last 28 days that were judged not useful
    marks: tuple[RuleMark, ...] = ()

    @property
    def has_enough(self) -> bool:
        """Whether enough was judged to call a share."""
        return self.useful.n >= FEWEST_JUDGED


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRecords:
    """How all rules fared, the noisiest first."""

    since: datetime
    until: datetime
    records: tuple[RuleRecord, ...]

    @property
    def promised(self) -> float:
        """About how many false alarms the rules that promise promise together in 28 days."""
        return sum(one.promised for one in self.records)

    @property
    def false_alarms(self) -> int:
        """How many alerts of these rules were judged not useful in the last 28 days."""
        return sum(one.false_alarms for one in self.records if one.promised)


def is_noisy(useful: Estimate) -> bool:
    """Return whether less than half of what a rule brings is useful, with all caution.

    20 judged at least, and the upper limit of the interval below half.
    """
    return useful.n >= _ENOUGH_JUDGED and useful.high is not None and useful.high < _NOISY_BELOW


def is_useless(useful: Estimate) -> bool:
    """Return whether less than a fifth of what a rule brought in four weeks was useful."""
    return useful.n >= FEWEST_JUDGED and useful.value is not None and useful.value < _USELESS_BELOW
