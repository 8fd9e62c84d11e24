"""What rules would have done with the feedback of a time: values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.domain.alert import Severity
from monitor.domain.measure import Estimate
from monitor.domain.missed import CaughtCount

_NONE_MARKED = CaughtCount(caught=0, marked=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedAlert:
    """An alert that would have been opened, in which the tried rule holds."""

    opened_at: datetime
    severity: Severity
    leads: bool  #: whether the tried rule leads it; otherwise its card is there without it
    reason: str  #: why the rule held for the first feedback
    feedback_ids: tuple[int, ...]  #: for which the rule held, the earliest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What became of everything for which one rule held in a time."""

    read: int  #: feedback that arrived and was looked at
    by_source: Mapping[str, int]  #: the same, by source
    alerts: tuple[ReplayedAlert, ...]  #: the earliest first
    grouped: int  #: feedback that joined an alert, without those that opened one
    silenced: Mapping[str, int]  #: feedback that alerted nobody, by the reason
    stopped_at: datetime | None = None  #: where it was given up: the rule holds for too much

    @property
    def alerted(self) -> frozenset[int]:
        """The feedback that is in an alert."""
        return frozenset(which for alert in self.alerts for which in alert.feedback_ids)

    @property
    def suppressed(self) -> int:
        """How much feedback alerted nobody."""
        return sum(self.silenced.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """What is known of a source in the time of a back-test."""

    source_id: str
    items: int  #: feedback that arrived
    blind_hours: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySample:
    """One feedback as an example."""

    feedback_id: int
    at: datetime  #: when it arrived
    source_id: str
    text: str
    reason: str = ""  #: why the rule held; empty where it does not


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDifference:
    """A rule beside another version of it, by the feedback that is in an alert."""

    against: str  #: the other version
    gained: int
    lost: int
    lost_real: int  #: of those lost: the team took, answered, resolved or called them useful
    lost_useless: int  #: of those lost: the team dismissed them or called them not useful


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """A rule tried on the feedback of some days."""

    rule_id: str
    rule_name: str
    version: str
    since: datetime
    until: datetime
    zone: str  #: in which days begin
    sources: tuple[SourceView, ...]
    replay: Replay
    days: tuple[int, ...]  #: alerts of each local day, the first day first
    most_in_an_hour: int
    at_night: int  #: alerts outside of working hours
    judged: Estimate  #: share of the judged alerts that the team called useful, in percent
    difference: RuleDifference | None = None  #: None where there is nothing to compare with
    samples: Mapping[str, tuple[ReplaySample, ...]] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    marked: CaughtCount = _NONE_MARKED  #: of what the team marked as urgent or missed
