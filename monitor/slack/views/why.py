"""Why there is an alert: what held, what was read, what other rules decided, and what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from monitor.domain.alert import Alert, Clause, MatchOutcome
from monitor.domain.delivery import Card
from monitor.domain.event import AlertEvent
from monitor.domain.feedback import Analysis
from monitor.notifiers import wording
from monitor.notifiers.event_text import describe_event
from monitor.notifiers.plain_text import one_line, utf16_length
from monitor.slack.message import SLACK_FORMAT
from monitor.slack.mrkdwn import (
    Mrkdwn,
    cut,
    escape,
    escape_line,
    join_parts,
    local_time,
    localize_times,
)

_CLAUSES, _SIGNALS, _FACTS, _OTHERS, _EVENTS = 12, 12, 8, 8, 10
_LINE, _REASON, _WORDS, _WORDS_SHOWN, _SECTION = 150, 600, 80, 5, 3_000


class ExplainedDecision(Protocol):
    """What a rule decided about the feedback."""

    @property
    def rule_id(self) -> str:
        """The rule."""

    @property
    def rule_name(self) -> str:
        """Its name for people; empty where that is not known."""

    @property
    def live(self) -> bool:
        """False for a rule in shadow mode."""

    @property
    def outcome(self) -> MatchOutcome:
        """What became of its match."""

    @property
    def reason(self) -> str:
        """Why."""

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The conditions that held."""

    @property
    def alert_id(self) -> int:
        """The alert that its match is in; 0 for none."""


def explain_trigger(card: Card, own: Sequence[ExplainedDecision]) -> list[Mrkdwn]:
    """Return the conditions that held, each with the customer's words that made it hold.

    Those of the leading rule come first, then those of each other rule under its name. Where none
    of the leading one is known, the reason of the alert stands in their place.
    """
    leading = [decision for decision in own if decision.rule_id == card.alert.rule_id]
    others = [decision for decision in own if decision.rule_id != card.alert.rule_id]
    rule = escape_line(card.alert.rule_name, _LINE)
    lines = [_format_clause(clause) for decision in leading for clause in decision.clauses]
    reason = escape_line(card.alert.reason, _REASON)
    if not lines and reason:
        lines = [Mrkdwn(f"• {reason}")]
    title = Mrkdwn(f"*Why this fired* (rule “{rule}”)")
    also = [line for decision in others for line in _explain_other_rule(decision)]
    return _fit_lines([title, *_shorten_list([*lines, *also], _CLAUSES)])


def _explain_other_rule(decision: ExplainedDecision) -> list[Mrkdwn]:
    """The name of a rule that held besides, and its conditions."""
    rule = escape_line(decision.rule_name or decision.rule_id, _LINE)
    return [Mrkdwn(f"*Also:* {rule}"), *map(_format_clause, decision.clauses)]


def explain_analysis(card: Card) -> list[Mrkdwn]:
    """Return what the analysis made of the words, and by what; nothing where it made nothing."""
    analysis = card.analysis
    facts = join_parts(*_analysis_facts(analysis))
    signals = [
        Mrkdwn(
            f"• {escape_line(wording.signal_label(signal.name), _WORDS)}"
            f"{_format_words(signal.words)}"
        )
        for signal in (analysis.signals or ())[:_SIGNALS]
    ]
    reasons = [Mrkdwn(f"• {escape_line(reason, _LINE)}") for reason in analysis.why[:_FACTS]]
    if not (facts or signals or reasons):
        return []
    return _fit_lines([Mrkdwn("*What was read*"), facts, *signals, *reasons])


def explain_other_rules(others: Sequence[ExplainedDecision]) -> list[Mrkdwn]:
    """Return what the other rules that held decided, above all why they kept silent."""
    if not others:
        return []
    lines = [_format_decision(other) for other in others]
    return _fit_lines([Mrkdwn("*Other rules that held*"), *_shorten_list(lines, _OTHERS)])


def format_history(alert: Alert, events: Sequence[AlertEvent]) -> list[Mrkdwn]:
    """Return the last things that happened, the newest first."""
    if not events:
        return []
    # The alert as it is now says nothing of how it was then: an older event knows only itself.
    neutral = replace(alert, snooze=None, assignee=None)
    recent = [
        Mrkdwn(f"{local_time(event.at)} {_format_event(event, neutral)}")
        for event in reversed(events[-_EVENTS:])
    ]
    earlier = len(events) - _EVENTS
    more = Mrkdwn(f"… and {earlier:,} before" if earlier > 0 else "")
    return _fit_lines([Mrkdwn("*What happened*"), *recent, more])


def _fit_lines(lines: Iterable[Mrkdwn]) -> list[Mrkdwn]:
    """As many of the lines as fit into one section."""
    kept, length = [], 0
    for line in lines:
        length += utf16_length(line) + 1
        if length > _SECTION:
            break
        kept.append(line)
    return kept


def _shorten_list(lines: Sequence[Mrkdwn], count: int) -> list[Mrkdwn]:
    """The first lines, and how many more there are."""
    if len(lines) <= count:
        return list(lines)
    return [*lines[:count], Mrkdwn(f"… and {len(lines) - count:,} more")]


def _analysis_facts(analysis: Analysis) -> list[str]:
    """Sentiment, problem score, and what else was read out of the words."""
    likely = (
        f"{analysis.problem:.0%} likely to need a human" if analysis.problem is not None else ""
    )
    named = {
        "journey stage": analysis.stage,
        "where": analysis.touchpoint,
        "feels like": analysis.emotion,
        "about": ", ".join(analysis.drivers or ()),
    }
    return [
        escape_line(wording.format_sentiment(analysis), _WORDS),
        likely,
        *(
            f"{name}: {escape_line(value, _WORDS)}"
            for name, value in named.items()
            if value and value != "unsure"
        ),
    ]


def _format_event(event: AlertEvent, alert: Alert) -> str:
    short = replace(
        event,
        note=cut(one_line(event.note), _WORDS),
        details={name: cut(one_line(value), _WORDS) for name, value in event.details.items()},
    )
    return describe_event(short, alert, SLACK_FORMAT)


def _format_clause(clause: Clause) -> Mrkdwn:
    unsaid = [word for word in clause.words if word not in clause.description]
    return Mrkdwn(f"• {escape_line(clause.description, _LINE)}{_format_words(unsaid)}")


def _format_words(words: Sequence[str]) -> str:
    shown = cut(one_line(", ".join(words[:_WORDS_SHOWN])), _WORDS)
    return f": _{escape(shown)}_" if shown.strip(" ,") else ""


def _format_decision(other: ExplainedDecision) -> Mrkdwn:
    rule = escape_line(other.rule_name or other.rule_id, _WORDS)
    reason = localize_times(escape_line(other.reason, _LINE))
    shadow = "" if other.live else " (shadow: it only counts)"
    where = f" in alert {other.alert_id}" if other.alert_id else ""
    because = f": {reason}" if reason else ""
    return Mrkdwn(f"• {rule}{shadow} {other.outcome}{where}{because}")
