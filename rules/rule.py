"""A rule: conditions with a name, a severity and what is to be done; frozen values, pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from monitor.domain.alert import EscalationStep, Severity, SlaLimits
from monitor.domain.feedback import Analysis, Feedback
from monitor.domain.silencer import Silencer
from rules.base import Condition
from rules.window_condition import WindowCondition

#: What stands between a rule's id and the number of its candidate; no id that people write has it.
CANDIDATE_MARK = "~"


class RuleMode(StrEnum):
    """What a rule may do."""

    LIVE = "live"
    SHADOW = "shadow"  #: counted, never sent
    OFF = "off"  #: not looked at


class GroupBy(StrEnum):
    """What makes two matches of a rule one alert."""

    FEEDBACK = "feedback"  #: nothing: every feedback has its own alert
    TEXT = "text"  #: the same words
    SOURCE = "source"
    AUTHOR = "author"
    THREAD = "thread"
    RULE = "rule"  #: all matches of the rule


@dataclass(frozen=True, slots=True)
class Escalation:
    """Whom to call when an alert has waited."""

    after: timedelta  #: since the alert became open
    mention: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What to look for, and what happens when it is found.

    Two rules are equal when they are written alike.
    """

    id: str
    name: str
    severity: Severity = Severity.NORMAL
    mode: RuleMode = RuleMode.LIVE
    all: tuple[Condition, ...] = field(default=(), compare=False)  #: every one must hold
    #: at least one must hold, where there are any
    any: tuple[Condition, ...] = field(default=(), compare=False)
    none: tuple[Condition, ...] = field(default=(), compare=False)  #: not one may hold
    channel: str = ""  #: empty for the default channel
    mention: str = ""  #: whom the card addresses
    #: whether the card may go to the default channel where its own cannot be reached
    fallback: bool = True
    #: what to do, in one line as it is written: `monitor.domain.advice` fills it
    advice: str = ""
    group_by: tuple[GroupBy, ...] = (GroupBy.TEXT,)
    #: after an alert, a closed problem does not come back for so long
    cooldown: timedelta = timedelta()
    acknowledge_within: timedelta | None = None
    respond_within: timedelta | None = None
    resolve_within: timedelta | None = None
    working_hours: bool = False  #: these times count only while the team works
    #: so soon after it was resolved, the same problem is the same alert again
    reopen_within: timedelta | None = None
    #: a net: it counts only where no other rule says that something is wrong
    unless_other: bool = False
    hold_for: timedelta = timedelta()  #: written `for`: so long it must hold before it alerts
    #: so long after its last feedback an open alert is joined; None for a day
    keep_firing_for: timedelta | None = None
    group_wait: timedelta = timedelta()  #: so long a card waits for more to join it
    silenced_by: tuple[Silencer, ...] = ()  #: whose open alerts keep it quiet
    escalate: tuple[Escalation, ...] = ()  #: earliest first
    definition: Mapping[str, Any] = field(default_factory=dict, hash=False)  #: as written, for JSON
    #: where each key was written, for people; of `none` where each condition was
    origins: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    #: of its change in the store that it comes from; 0 where none is known
    number: int = field(default=0, compare=False)
    version: str = field(init=False)  #: changes when what the rule says changes
    limits: SlaLimits = field(init=False, compare=False)  #: how soon people must act on its alerts
    #: what its windows count: the same for rules whose other conditions are written alike; empty
    #: where it has no windows
    window_key: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Work out the version, the limits and the key of the windows once."""
        object.__setattr__(self, "version", version_of(self.definition))
        object.__setattr__(self, "limits", _build_limits(self))
        object.__setattr__(self, "window_key", _make_window_key(self))

    @property
    def base_id(self) -> str:
        """The id of the rule that this is a candidate of; its own for any other."""
        return self.id.partition(CANDIDATE_MARK)[0]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition of the rule, in whichever list it stands."""
        return (*self.all, *self.any, *self.none)

    @property
    def windows(self) -> tuple[WindowCondition, ...]:
        """The conditions over windows; they stand in `all`."""
        return tuple(one for one in self.all if isinstance(one, WindowCondition))

    @property
    def silences_nets(self) -> bool:
        """Whether a net need not count where this rule holds: it says that something is wrong."""
        is_complaint = self.severity not in (Severity.INFO, Severity.PRAISE)
        return is_complaint and self.mode is RuleMode.LIVE

    def group_key(self, feedback: Feedback, analysis: Analysis) -> str:
        """Return the key that this match shares with the others of its alert.

        Where a text, author or thread is not known the feedback stands alone: strangers are not put
        together.
        """
        parts = [
            _group_key_part(by, feedback, analysis)
            for by in sorted(self.group_by, key=list(GroupBy).index)
        ]
        return parts[0] if len(parts) == 1 else "|".join(map(_escape_key_part, parts))


def _build_limits(rule: Rule) -> SlaLimits:
    return SlaLimits(
        acknowledge=_span_seconds(rule.acknowledge_within),
        respond=_span_seconds(rule.respond_within),
        resolve=_span_seconds(rule.resolve_within),
        escalate=tuple(
            EscalationStep(step.after.total_seconds(), step.mention, step.channel)
            for step in rule.escalate
        ),
        working_hours=rule.working_hours,
    )


def _span_seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def version_of(definition: Mapping[str, Any]) -> str:
    """Return eight hexadecimal digits that change when what a rule says changes.

    The order of keys, comments and the rule's name do not count.
    """
    meaning = {key: value for key, value in definition.items() if key != "name"}
    written = json.dumps(meaning, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(written.encode("utf-8", "replace"), digest_size=4).hexdigest()


def _make_window_key(rule: Rule) -> str:
    if not rule.windows:
        return ""
    kinds = {window.kind() for window in rule.windows}
    parts = {name: list(rule.definition.get(name, ())) for name in ("all", "any", "none")}
    parts["all"] = [item for item in parts["all"] if kinds.isdisjoint(item)]
    return version_of(parts)


def _group_key_part(by: GroupBy, feedback: Feedback, analysis: Analysis) -> str:
    source, author = feedback.source_id, feedback.author
    match by:
        case GroupBy.RULE:
            return "rule"
        case GroupBy.SOURCE:
            return f"source:{source}"
        case GroupBy.TEXT if analysis.fingerprint:
            return f"text:{analysis.fingerprint}"
        case GroupBy.AUTHOR if author.is_known:
            return f"author:{source}:{author.id or author.name.casefold()}"
        case GroupBy.THREAD if feedback.thread_id:
            return f"thread:{source}:{feedback.thread_id}"
        case _:
            return f"feedback:{source}:{feedback.external_id}"


def _escape_key_part(part: str) -> str:
    return part.replace("%", "%25").replace("|", "%7C")
