"""Tests of rules: a stream of feedback, what is expected of it, and what came; frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.domain.alert import AlertStatus, Severity
from monitor.domain.feedback import Feedback


class ScriptedActionKind(StrEnum):
    """What a person does to an alert in a test."""

    TAKE = "take"
    RESOLVE = "resolve"
    DISMISS = "dismiss"
    REOPEN = "reopen"
    MUTE = "mute"  #: silence the rule


@dataclass(frozen=True, slots=True)
class ScriptedFeedback:
    """A feedback, and when its source hands it over."""

    arrives: datetime
    feedback: Feedback


@dataclass(frozen=True, slots=True)
class ScriptedOutage:
    """A time in which a source gives nothing but errors."""

    source_id: str
    since: datetime
    until: datetime  #: from here on it answers again

    def covers(self, now: datetime) -> bool:
        """Return whether the source fails then."""
        return self.since <= now < self.until


@dataclass(frozen=True, slots=True)
class ScriptedAction:
    """What a person does to every open alert of a rule, or to the rule itself."""

    at: datetime
    kind: ScriptedActionKind
    rule_id: str
    until: datetime | None = None  #: of a mute


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAlert:
    """An alert that is to be there; None says nothing of a value."""

    rule_id: str
    severity: Severity | None = None
    status: AlertStatus | None = None  #: None: not closed
    feedback: int | None = None  #: how many are in it
    channel: str | None = None
    contains: tuple[str, ...] = ()  #: what its card says, whatever case and spaces
    lacks: tuple[str, ...] = ()  #: what its card does not say
    also: tuple[str, ...] = ()  #: ids of the other rules that are named on it
    late: bool | None = None  #: whether a limit has passed
    escalated: bool | None = None  #: whether people were called because nobody took it

    def __str__(self) -> str:
        parts = [self.rule_id]
        parts += [str(value) for value in (self.severity, self.status, self.channel) if value]
        parts += [f"{self.feedback} feedback"] if self.feedback is not None else []
        parts += [f"also {', '.join(self.also)}"] if self.also else []
        parts += [f'says "{text}"' for text in self.contains]
        parts += [f'does not say "{text}"' for text in self.lacks]
        for value, word in ((self.late, "late"), (self.escalated, "escalated")):
            if value is not None:
                parts.append(word if value else f"not {word}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What is to be so at one moment; None says nothing."""

    at: datetime
    alerts: tuple[ExpectedAlert, ...] | None = None  #: exactly these
    quiet: tuple[str, ...] = ()  #: rules for which nobody was called so far
    #: how many matches stayed silent so far, by a part of the reason
    silent: Mapping[str, int] = field(default_factory=dict, hash=False)
    cards: int | None = None  #: posted so far
    summaries: int | None = None  #: posted so far, in place of cards over the budget


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """One story with its expectations."""

    name: str
    start: datetime
    feedback: tuple[ScriptedFeedback, ...] = ()
    outages: tuple[ScriptedOutage, ...] = ()
    actions: tuple[ScriptedAction, ...] = ()
    expectations: tuple[Expectation, ...] = ()

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The sources of the story, each once, in order of their names."""
        named = {item.feedback.source_id for item in self.feedback}
        return tuple(sorted(named | {outage.source_id for outage in self.outages}))

    @property
    def ends(self) -> datetime:
        """The last moment at which something is expected."""
        return max(one.at for one in self.expectations)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAlert:
    """An alert as it stands at one moment of a test."""

    id: int
    rule_id: str
    severity: Severity
    status: AlertStatus
    feedback: int
    channel: str
    also: tuple[str, ...]
    late: bool
    escalated: bool
    opened_at: datetime
    reason: str
    text: str  #: its card, as a person reads it; empty where none was posted


@dataclass(frozen=True, slots=True)
class RuleTestFailure:
    """An expectation that was not met."""

    at: datetime
    message: str  #: what was expected
    came: tuple[str, ...] = ()  #: what came instead, a line for each
    why: tuple[str, ...] = ()  #: why a rule stayed quiet or did not, a line for each feedback


@dataclass(frozen=True, slots=True)
class RuleTestResult:
    """How one test went."""

    name: str
    failures: tuple[RuleTestFailure, ...] = ()
    rules_fired: tuple[str, ...] = ()  #: those that held and were not silenced, in order of names

    @property
    def passed(self) -> bool:
        """Whether all was as expected."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class RuleSuiteResult:
    """How the tests of one file went."""

    file: str
    results: tuple[RuleTestResult, ...]

    @property
    def passed(self) -> bool:
        """Whether every test of it did."""
        return all(result.passed for result in self.results)
