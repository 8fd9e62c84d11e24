"""Why rules fired for a stored feedback or stayed quiet, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.domain.alert import Alert, MatchOutcome, StoredDecision
from monitor.domain.event import AlertEvent
from monitor.domain.feedback import Analysis, Evidence, Feedback
from monitor.domain.workspace import NO_WORKSPACE, Workspace
from monitor.errors import RepwatchError
from monitor.pipeline.facts import add_facts
from monitor.pipeline.windows import see_stored
from monitor.store import Transaction
from rules.engine import ConditionResult, Engine, RuleExplanation
from rules.rule import RuleMode


@dataclass(frozen=True, slots=True)
class ExplainedRule:
    """What one rule says of a feedback today, beside what was decided when it came."""

    explanation: RuleExplanation
    decision: StoredDecision | None = None  #: None where the rule did not hold then

    @property
    def rule_id(self) -> str:
        """The id of the rule."""
        return self.explanation.rule.id

    @property
    def obstacles(self) -> tuple[ConditionResult, ...]:
        """The conditions that stand in the way; of `any` all of them where none is met."""
        findings = self.explanation.findings
        any_met = any(item.is_met for item in findings if item.part == "any")
        return tuple(
            item
            for item in findings
            if (item.part == "all" and not item.is_met)
            or (item.part == "any" and not any_met)
            or (item.part == "none" and item.is_met)
        )

    @property
    def steps_away(self) -> int:
        """How many conditions would have to be otherwise for it to hold; `any` counts as one."""
        alone = sum(item.part != "any" for item in self.obstacles)
        return alone + any(item.part == "any" for item in self.obstacles)

    @property
    def has_changed(self) -> bool:
        """Whether the rule says something else today than when it decided."""
        decided = self.decision
        return decided is not None and decided.rule_version != self.explanation.rule.version

    @property
    def fired(self) -> bool:
        """Whether it held when the feedback came, or would now."""
        return self.decision is not None or self.explanation.held

    @property
    def is_close(self) -> bool:
        """Whether it fired, or only one of its conditions stood in the way while another was met.

        A rule of one condition that is not met is not close, and one that is off never is.
        """
        rule = self.explanation.rule
        if self.fired or rule.mode is RuleMode.OFF:
            return self.fired
        speaks_for_it = any(
            item.is_met for item in self.explanation.findings if item.part != "none"
        )
        return speaks_for_it and self.steps_away <= 1

    @property
    def fate(self) -> str:
        """What became of it, in one line for people."""
        if self.decision is not None:
            return describe_decision(self.decision)
        if self.explanation.held:
            return "holds today, and did not when this came: the rule is new or has changed"
        return f"quiet: {self.explanation.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackExplanation:
    """What every rule says of one feedback, those that came closest first."""

    feedback: Feedback
    analysis: Analysis
    rules: tuple[ExplainedRule, ...]
    former: tuple[StoredDecision, ...] = ()  #: by rules that are not there any more


@dataclass(frozen=True, slots=True)
class AlertExplanation:
    """An alert, what happened to it, and why each feedback is in it."""

    alert: Alert
    events: tuple[AlertEvent, ...]
    feedback: tuple[FeedbackExplanation, ...]
    removed: int  #: how much of its feedback is not stored any more


def explain_feedback(
    tx: Transaction, engine: Engine, feedback_id: int, workspace: Workspace = NO_WORKSPACE
) -> FeedbackExplanation:
    """Return what the rules say of a stored feedback as of its arrival.

    Raises RepwatchError where it is not stored.
    """
    found = tx.feedback.get(feedback_id)
    if found is None:
        raise RepwatchError(
            f"there is no feedback {feedback_id}; `repwatch search` shows the ids of what is stored"
        )
    feedback, analysis = found
    evidence = Evidence(
        feedback=feedback,
        analysis=analysis,
        now=feedback.first_seen_at or feedback.seen_or_created,
        workspace=workspace,
    )
    if engine.facts:
        [evidence] = add_facts(tx, [evidence], engine.facts)
    evidence = see_stored(tx, evidence, engine)
    decisions = {one.rule_id: one for one in tx.alerts.list_decisions(feedback_id)}
    explained = [
        ExplainedRule(explanation, decisions.pop(explanation.rule.id, None))
        for explanation in engine.explain(evidence)
    ]
    return FeedbackExplanation(
        feedback=feedback,
        analysis=analysis,
        rules=tuple(sorted(explained, key=_closeness)),
        former=tuple(decisions.values()),
    )


def explain_alert(
    tx: Transaction, engine: Engine, alert_id: int, workspace: Workspace = NO_WORKSPACE
) -> AlertExplanation:
    """Return why an alert is there, and what happened to it since.

    Raises RepwatchError where there is none.
    """
    alert = tx.alerts.get(alert_id)
    if alert is None:
        raise RepwatchError(
            f"there is no alert {alert_id}; `repwatch alerts list` shows which there are"
        )
    members = [item for item, *_ in tx.alerts.members(alert_id)]
    stored = list(dict.fromkeys(item.id for item in members if not item.deleted))
    return AlertExplanation(
        alert=alert,
        events=tuple(tx.alerts.events(alert_id)),
        feedback=tuple(explain_feedback(tx, engine, which, workspace) for which in stored),
        removed=sum(item.deleted for item in members),
    )


def describe_decision(decision: StoredDecision) -> str:
    """Return what became of a match, in one line for people."""
    on = f" alert {decision.alert_id}" if decision.alert_id else ""
    match decision.outcome:
        case _ if not decision.live:
            return f"shadow: nothing was sent ({decision.reason})"
        case MatchOutcome.OPENED:
            return f"opened{on}: {decision.reason}"
        case MatchOutcome.SUPPRESSED:
            return f"kept quiet: {decision.reason}"
        case MatchOutcome.ALSO:
            return f"named on{on}, which its feedback is in through another rule"
        case MatchOutcome.REOPENED:
            return f"reopened{on}: {decision.reason}"
        case _:
            return f"joined{on}: {decision.reason}"


def select_close(rules: Sequence[ExplainedRule]) -> tuple[ExplainedRule, ...]:
    """Return the rules that fired, or that a single condition kept from it."""
    return tuple(rule for rule in rules if rule.is_close)


def _closeness(rule: ExplainedRule) -> tuple[bool, bool, bool, int, int]:
    is_off = rule.explanation.rule.mode is RuleMode.OFF
    return (
        not rule.fired,
        not rule.is_close,
        is_off,
        rule.steps_away,
        rule.explanation.rule.severity.rank,
    )
