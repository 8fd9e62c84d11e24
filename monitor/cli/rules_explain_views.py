"""How the explanation of a feedback by the rules is shown: to people, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text

from monitor.cli.reading import reading_to_dict, vader_to_dict
from monitor.cli.terminal import out
from monitor.domain.alert import StoredDecision
from monitor.domain.event import AlertEvent
from monitor.notifiers.plain_text import one_line
from monitor.notifiers.wording import format_plural
from monitor.tuning.explain import (
    AlertExplanation,
    ExplainedRule,
    FeedbackExplanation,
    describe_decision,
    select_close,
)
from rules.engine import ConditionResult
from rules.rule import RuleMode

_EXCERPT = 300


#: A line for people and its style.
_Line = tuple[str, str]


def print_feedback_explanation(
    found: FeedbackExplanation, hide: Callable[[str], str], *, all_rules: bool
) -> None:
    """Print what every rule says of a feedback; `hide` masks what must not be shown."""
    _print_lines(_list_feedback_lines(found, all_rules=all_rules), hide)


def print_alert_explanation(
    told: AlertExplanation, hide: Callable[[str], str], *, all_rules: bool
) -> None:
    """Print why an alert is there, what happened to it, and each feedback in it."""
    _print_lines(_list_alert_lines(told, all_rules=all_rules), hide)


def _print_lines(lines: Iterable[_Line], hide: Callable[[str], str]) -> None:
    for text, style in lines:
        indent = len(text) - len(text.lstrip(" "))
        out.print(Text(" " * indent + hide(one_line(text)), style=style), soft_wrap=True)


def _list_feedback_lines(found: FeedbackExplanation, *, all_rules: bool) -> Iterator[_Line]:
    """Yield what every rule says of a feedback, those first that came closest."""
    feedback, analysis = found.feedback, found.analysis
    arrived = feedback.first_seen_at or feedback.seen_or_created
    head = f"feedback {feedback.id}, {feedback.source_id}, arrived {arrived:%Y-%m-%d %H:%M} UTC"
    yield head, "bold"
    yield f"  {_cut(one_line(analysis.text))}", ""
    yield from ((f"  {line}", "") for line in analysis.why)
    shown = found.rules if all_rules else select_close(found.rules)
    for rule in shown:
        yield from _list_rule_lines(rule)
    for decision in found.former:
        yield f"{decision.rule_id}: {describe_decision(decision)}", "bold"
        yield "  there is no such rule any more", ""
    left = len(found.rules) - len(shown)
    if left:
        off = sum(rule.explanation.rule.mode is RuleMode.OFF for rule in found.rules)
        switched_off = f", {off} of them off" if off else ""
        yield f"{format_plural(left, 'more rule')} did not come close{switched_off}: --all", ""


def _list_alert_lines(told: AlertExplanation, *, all_rules: bool) -> Iterator[_Line]:
    alert = told.alert
    opened = f"opened {alert.opened_at:%Y-%m-%d %H:%M} UTC"
    head = f"alert {alert.id}: {alert.rule_name}, {alert.severity}, {alert.status}"
    yield f"{head}, {opened}", "bold"
    yield f"  why: {alert.reason}", ""
    yield from ((f"  {_describe_event(event)}", "") for event in told.events)
    for found in told.feedback:
        yield "", ""
        yield from _list_feedback_lines(found, all_rules=all_rules)
    if told.removed:
        yield f"{told.removed} more feedback of it was removed", ""


def hide_texts(value: Any, hide: Callable[[str], str]) -> Any:
    """Return a JSON value with `hide` applied to every text in it, however deep."""
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, Mapping):
        return {key: hide_texts(item, hide) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [hide_texts(item, hide) for item in value]
    return value


def to_feedback_json(found: FeedbackExplanation, *, all_rules: bool) -> dict[str, Any]:
    """Return the explanation of a feedback for machines."""
    feedback, analysis = found.feedback, found.analysis
    shown = found.rules if all_rules else select_close(found.rules)
    return {
        "feedback": feedback.id,
        "source": feedback.source_id,
        "arrived_at": feedback.first_seen_at.isoformat() if feedback.first_seen_at else None,
        "text": analysis.text,
        "reading": reading_to_dict(analysis, vader_to_dict(analysis)),
        "rules": [_to_rule_json(rule) for rule in shown],
        "former": [_to_decision_json(decision) for decision in found.former],
        "left_out": len(found.rules) - len(shown),
    }


def to_alert_json(told: AlertExplanation, *, all_rules: bool) -> dict[str, Any]:
    """Return the explanation of an alert for machines."""
    alert = told.alert
    return {
        "alert": alert.id,
        "rule": alert.rule_id,
        "severity": alert.severity,
        "status": alert.status,
        "opened_at": alert.opened_at.isoformat(),
        "reason": alert.reason,
        "events": [
            {
                "at": event.at.isoformat(),
                "kind": event.kind,
                "actor": str(event.actor),
                "note": event.note,
            }
            for event in told.events
        ],
        "feedback": [to_feedback_json(found, all_rules=all_rules) for found in told.feedback],
        "removed": told.removed,
    }


def _to_rule_json(rule: ExplainedRule) -> dict[str, Any]:
    explanation = rule.explanation
    return {
        "rule": rule.rule_id,
        "name": explanation.rule.name,
        "version": explanation.rule.version,
        "holds": explanation.held,
        "reason": explanation.reason,
        "fate": rule.fate,
        "changed_since": rule.has_changed,
        "missing": rule.steps_away if not explanation.held else 0,
        "clauses": [
            {
                "list": item.part,
                "condition": item.condition,
                "asks": item.asked,
                "met": item.is_met,
                "found": item.clause.description if item.clause else None,
                "words": item.clause.words if item.clause else (),
            }
            for item in explanation.findings
        ],
        "decision": _to_decision_json(rule.decision) if rule.decision else None,
    }


def _to_decision_json(decision: StoredDecision) -> dict[str, Any]:
    return {
        "rule": decision.rule_id,
        "version": decision.rule_version,
        "outcome": decision.outcome,
        "live": decision.live,
        "reason": decision.reason,
        "alert": decision.alert_id or None,
        "at": decision.at.isoformat(),
    }


def _list_rule_lines(rule: ExplainedRule) -> Iterator[_Line]:
    yield f"{rule.rule_id}: {rule.fate}", "bold green" if rule.fired else "bold"
    if rule.decision and rule.has_changed:
        now = "would hold" if rule.explanation.held else "would not hold"
        decided, present = rule.decision.rule_version, rule.explanation.rule.version
        yield f"  the rule has changed since: {decided} decided, {present} {now}", ""
    obstacles = rule.obstacles
    yield from (
        (f"  {_describe_condition(item, obstacles)}", "") for item in rule.explanation.findings
    )


def _describe_condition(item: ConditionResult, obstacles: Sequence[ConditionResult]) -> str:
    mark = "✗" if item in obstacles else "✓"
    if not item.is_met and item.part == "any" and item not in obstacles:
        mark = "·"  # another one of them is enough
    said = item.clause.description if item.clause else f"does not hold: {item.asked}"
    return f"{mark} {item.part}: {said}"


def _describe_event(event: AlertEvent) -> str:
    parts = [f"{event.at:%Y-%m-%d %H:%M} {event.kind} by {event.actor}"]
    parts += [event.note] if event.note else []
    return ", ".join(parts)


def _cut(text: str) -> str:
    return text if len(text) <= _EXCERPT else f"{text[: _EXCERPT - 1]}…"
