"""What every card says, whatever shows it: plain words for people, without any markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from monitor.alert import Alert, AlertEvent, AlertStatus, Card, Severity, Summary
from monitor.feedback import Analysis, Feedback, Rating, Scale
from monitor.notifiers._plain import folded, one_line

SEVERITY_MARKS: Mapping[Severity, str] = {
    Severity.URGENT: "🚨",
    Severity.HIGH: "🔴",
    Severity.NORMAL: "🟠",
    Severity.INFO: "🔵",
    Severity.PRAISE: "💚",
}
SEVERITY_NAMES: Mapping[Severity, str] = {
    Severity.URGENT: "URGENT",
    Severity.HIGH: "High",
    Severity.NORMAL: "Normal",
    Severity.INFO: "Info",
    Severity.PRAISE: "Kind words",
}
REPEAT = "Possible repeat: an earlier try may already have been shown."
GONE = "The customer's words are no longer kept here."
WORDLESS = "A rating without words."
NOTICE = "This is about the source itself, not about a customer."

_STATUS_MARKS: Mapping[AlertStatus, str] = {
    AlertStatus.OPEN: "⚪",
    AlertStatus.ACKNOWLEDGED: "👀",
    AlertStatus.REPLIED: "💬",
    AlertStatus.SNOOZED: "💤",
    AlertStatus.RESOLVED: "✅",
    AlertStatus.DISMISSED: "➖",
}
_STATUS_NAMES: Mapping[AlertStatus, str] = {
    AlertStatus.OPEN: "Open",
    AlertStatus.ACKNOWLEDGED: "Taken",
    AlertStatus.REPLIED: "Replied",
    AlertStatus.SNOOZED: "Snoozed",
    AlertStatus.RESOLVED: "Resolved",
    AlertStatus.DISMISSED: "Dismissed",
}
_SCALE_NOTES: Mapping[Scale, str] = {
    Scale.INVERTED5: "{:g} on a scale from 1, best, to 5",
    Scale.NPS: "NPS {:g} of 10",
    Scale.CSAT5: "CSAT {:g} of 5",
    Scale.CES7: "effort {:g} of 7",
}
_SOURCES_SHOWN = 4


def headline(alert: Alert) -> str:
    """The first line: how much it matters and which rule, and above all whether it is closed."""
    closed = f"{_STATUS_MARKS[alert.status]} {_STATUS_NAMES[alert.status]} · " if alert.status.closed else ""
    mark, name = SEVERITY_MARKS[alert.severity], SEVERITY_NAMES[alert.severity]
    return f"{closed}{mark} {name} · {one_line(alert.rule_name)}"


def stars(rating: Rating) -> str:
    """The rating as five stars, and as the customer gave it where that was on another scale."""
    full = int(rating.stars + 0.5)
    shown = "★" * full + "☆" * (5 - full)
    if rating.scale is Scale.THUMBS:
        return f"{shown} (thumbs {'up' if rating.value else 'down'})"
    note = _SCALE_NOTES.get(rating.scale, "").format(rating.value)
    return f"{shown} ({note})" if note else shown


def tone(analysis: Analysis) -> str:
    """The sentiment, or why there is none; unread is not neutral."""
    if analysis.sentiment:
        score = f"{analysis.sentiment.score:+.2f}".replace("-", "−")
        return f"{analysis.sentiment.label} {score}"
    return f"not scored: {one_line(analysis.unscored)}" if analysis.unscored else ""


def author(feedback: Feedback) -> str:
    """Who wrote, and to how many; empty where the source names nobody."""
    name = one_line(feedback.author.name) or one_line(feedback.author.id)
    reach = f" (reach {feedback.author.reach:,})" if feedback.author.reach is not None else ""
    return f"by {name}{reach}" if name else ""


def status(alert: Alert, person: str) -> str:
    """Where the alert stands and who has it."""
    if alert.status is AlertStatus.OPEN and alert.severity is Severity.PRAISE:
        return "🙏 Open, and worth a thank-you"
    by = f" by {person}" if person and alert.status is not AlertStatus.OPEN else ""
    return f"{_STATUS_MARKS[alert.status]} {_STATUS_NAMES[alert.status]}{by}"


def person(assignee: str) -> str:
    """The bare name of somebody who is noted as "cli:anna" or "user:U1"."""
    return one_line(assignee).removeprefix("user:").removeprefix("cli:")


def happened(event: AlertEvent) -> str:
    """An event in one line, with who did it."""
    who = person(event.actor)
    by = f" by {who}" if event.actor.startswith(("user:", "cli:")) else ""
    said = f": {one_line(event.note)}" if event.note else ""
    return f"{event.kind}{by}{said}"


def reports(card: Card) -> str:
    """How many reports share the card and where they came from; empty for a single one."""
    if card.alert.members < 2:
        return ""
    names = [one_line(source) for source in card.sources]
    shown = ", ".join(names[:_SOURCES_SHOWN])
    more = f" and {len(names) - _SOURCES_SHOWN} more" if len(names) > _SOURCES_SHOWN else ""
    return f"{card.alert.members} reports" + (f" from {shown}{more}" if shown else "")


def utc(at: datetime) -> str:
    """The minute, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def written_at(feedback: Feedback) -> datetime | None:
    """When it was written or first seen, if anything is known of that."""
    return feedback.created_at or feedback.first_seen_at


def title_of(feedback: Feedback) -> str:
    """The title, unless it is all there is to quote, or was made from the first words of the body."""
    title, body = one_line(feedback.title), one_line(feedback.body)
    return "" if feedback.deleted or not body or body.startswith(title.rstrip(".… ")) else title


def words_of(feedback: Feedback, marked: Iterable[str]) -> str:
    """What is quoted: the body, with the title before it where only the title holds what the rule found.

    Empty when nothing is kept of the words.
    """
    if feedback.deleted:
        return ""
    title, body = one_line(feedback.title), folded(feedback.body)
    found = [one_line(word) for word in marked]
    only_in_title = any(word in title for word in found) and not any(word in body for word in found)
    if not body or (only_in_title and title_of(feedback)):
        return f"{title}\n{body}".strip()
    return body


def missing(feedback: Feedback) -> str:
    """What stands in the place of words that are not there."""
    if feedback.rating and not feedback.deleted:
        return WORDLESS
    return GONE if feedback.deleted or feedback.external_id else NOTICE


def more_alerts(summary: Summary) -> str:
    """The first line of a summary, which accounts for every alert in it."""
    return f"{summary.total:,} more alert{'' if summary.total == 1 else 's'} in this hour"


def counts(pairs: Iterable[tuple[str, int]], shown: int) -> str:
    """Names with their numbers; those beyond `shown` are added up, so that the sum stays whole."""
    listed = [(one_line(name), count) for name, count in pairs]
    parts = [f"{name}: {count:,}" for name, count in listed[:shown]]
    if rest := listed[shown:]:
        parts.append(f"{len(rest)} other{'' if len(rest) == 1 else 's'}: {sum(count for _, count in rest):,}")
    return " · ".join(parts)
