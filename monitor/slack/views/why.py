"""Why there is an alert, in mrkdwn: what held, what was read, what other rules decided, and what
happened since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from monitor.domain.alert import Alert, Clause, MatchOutcome
from monitor.domain.delivery import Card
from monitor.domain.event import AlertEvent
from monitor.notifiers import wording
from monitor.notifiers.event_text import describe_event
from monitor.notifiers.plain_text import one_line, utf16_length
from monitor.slack.message import SLACK_FORMAT
from monitor.slack.mrkdwn import cut, escape, local_time

_CLAUSES, _SIGNALS, _FACTS, _OTHERS, _EVENTS = 12, 12, 8, 8, 10
_LINE, _WORDS, _WORDS_SHOWN, _MOST = 150, 80, 5, 3_000


class ExplainedDecision(Protocol):
    """What a rule decided about the feedback, as the store explains it."""

    @property
    def rule_id(self) -> str:
        """The rule."""

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


def explain_trigger(card: Card, own: Sequence[ExplainedDecision]) -> list[str]:
    """The conditions that held, each with the customer's words that made it hold."""
    rule = escape(cut(one_line(card.alert.rule_name), _LINE))
    clauses = [clause for each in own for clause in each.clauses]
    lines = _list_with_rest((_format_clause(clause) for clause in clauses), _CLAUSES)
    reason = escape(cut(one_line(card.alert.reason), _LINE * 4))
    return _fit_lines(
        [f"*Why this fired* (rule “{rule}”)", *(lines or ([f"• {reason}"] if reason else []))]
    )


def explain_analysis(card: Card) -> list[str]:
    """What the analysis made of the words, and by what."""
    analysis = card.analysis
    problem = (
        f"{analysis.problem:.0%} likely to need a human" if analysis.problem is not None else ""
    )
    facts = [escape(cut(wording.format_sentiment(analysis), _WORDS)), problem]
    named = [(wording.signal_label(signal.name), signal.words) for signal in analysis.signals or ()]
    signals = [
        f"• {escape(cut(name, _WORDS))}{_format_words(words)}" for name, words in named[:_SIGNALS]
    ]
    about = [
        ("journey stage", analysis.stage),
        ("where", analysis.touchpoint),
        ("feels like", analysis.emotion),
    ]
    about += [("about", ", ".join(analysis.drivers or ()))]
    said = [
        f"{name}: {escape(cut(value, _WORDS))}"
        for name, value in about
        if value and value != "unsure"
    ]
    first = " · ".join(part for part in (*facts, *said) if part)
    why = [f"• {escape(cut(one_line(fact), _LINE))}" for fact in analysis.why[:_FACTS]]
    return _fit_lines(["*What was read*", first, *signals, *why]) if first or signals or why else []


def explain_other_rules(others: Sequence[ExplainedDecision]) -> list[str]:
    """What the other rules that held decided, above all why they kept silent."""
    lines = _list_with_rest((_format_decision(other) for other in others), _OTHERS)
    return _fit_lines(["*Other rules that held*", *lines]) if lines else []


def format_history(alert: Alert, events: Sequence[AlertEvent]) -> list[str]:
    """The last things that happened, the newest first."""
    # What is true of the alert today was not always so: an older event tells only what it knows
    # itself.
    then = replace(alert, snooze=None, assignee=None)
    recent = [
        f"{local_time(event.at)} {_format_event(event, then)}"
        for event in reversed(events[-_EVENTS:])
    ]
    more = f"… and {len(events) - _EVENTS:,} before" if len(events) > _EVENTS else ""
    return _fit_lines(["*What happened*", *recent, more]) if recent else []


def _fit_lines(lines: Iterable[str]) -> list[str]:
    """As many of the lines as fit into one text."""
    kept, used = [], 0
    for line in lines:
        used += utf16_length(line) + 1
        if used > _MOST:
            break
        kept.append(line)
    return kept


def _format_event(event: AlertEvent, alert: Alert) -> str:
    short = {name: cut(one_line(value), _WORDS) for name, value in event.details.items()}
    return describe_event(
        replace(event, note=cut(one_line(event.note), _WORDS), details=short), alert, SLACK_FORMAT
    )


def _format_clause(clause: Clause) -> str:
    unsaid = [word for word in clause.words if word not in clause.said]
    return f"• {escape(cut(one_line(clause.said), _LINE))}{_format_words(unsaid)}"


def _format_words(words: Sequence[str]) -> str:
    said = cut(one_line(", ".join(words[:_WORDS_SHOWN])), _WORDS)
    return f": _{escape(said)}_" if said.strip(" ,") else ""


def _format_decision(other: ExplainedDecision) -> str:
    where = f" in alert {other.alert_id}" if other.alert_id else ""
    shadow = "" if other.live else " (shadow: it only counts)"
    reason = f": {escape(cut(one_line(other.reason), _LINE))}" if other.reason.strip() else ""
    return (
        f"• {escape(cut(one_line(other.rule_id), _WORDS))}{shadow} {other.outcome}{where}{reason}"
    )


def _list_with_rest(lines: Iterable[str], most: int) -> list[str]:
    """The lines, and how many more there are."""
    every = list(lines)
    return [*every[:most], f"… and {len(every) - most:,} more"] if len(every) > most else every
