"""What every card says, whatever shows it: plain words for people, without any markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.domain.actor import Actor
from monitor.domain.alert import Alert, AlertStatus, LimitStatus, Severity, Snooze
from monitor.domain.delivery import Card, OverflowSummary
from monitor.domain.feedback import Analysis, Feedback, Rating, Scale, Stage
from monitor.notifiers.plain_text import PlainText, fold_lines, one_line, split_graphemes

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
REPEAT_WARNING = "Possible repeat: an earlier try may already have been shown."
WORDS_REMOVED = PlainText("The customer's words are no longer kept here.")
RATING_ONLY = PlainText("A rating without words.")
SOURCE_NOTICE = PlainText("This is about the source itself, not about a customer.")

STATUS_MARKS: Mapping[AlertStatus, str] = {
    AlertStatus.OPEN: "⚪",
    AlertStatus.ACKNOWLEDGED: "👀",
    AlertStatus.REPLIED: "💬",
    AlertStatus.SNOOZED: "💤",
    AlertStatus.RESOLVED: "✅",
    AlertStatus.DISMISSED: "➖",
}
STATUS_NAMES: Mapping[AlertStatus, str] = {
    AlertStatus.OPEN: "Open",
    AlertStatus.ACKNOWLEDGED: "Taken",
    AlertStatus.REPLIED: "Replied",
    AlertStatus.SNOOZED: "Snoozed",
    AlertStatus.RESOLVED: "Resolved",
    AlertStatus.DISMISSED: "Dismissed",
}
#: For each limit: what is to be done, and what it is called when it is done.
LIMIT_VERBS: Mapping[str, tuple[str, str]] = {
    "acknowledge": ("take", "taken"),
    "respond": ("answer", "answered"),
    "resolve": ("resolve", "resolved"),
}
_SCALE_NOTES: Mapping[Scale, str] = {
    Scale.INVERTED5: "{:g} on a scale from 1, best, to 5",
    Scale.NPS: "NPS {:g} of 10",
    Scale.CSAT5: "CSAT {:g} of 5",
    Scale.CES7: "effort {:g} of 7",
}
_SOURCES_SHOWN = 4
_LONGEST_NAME = 60
_HALF_A_DAY = 43_200  # seconds
_NEW_FOR_SECONDS = 600  # seconds within which what was written counts as new


@dataclass(frozen=True, slots=True)
class TextFormatter:
    """How a place shows people, times, and what somebody wrote."""

    person: Callable[[Actor], str]
    time: Callable[[datetime], str]
    clock: Callable[[datetime], str]  #: the time of day alone
    text: Callable[[str], str]


def format_headline(alert: Alert) -> str:
    """The first line: above all whether somebody has it, then how much it matters and which
    rule.
    """
    open_yet = alert.status is AlertStatus.OPEN
    status = "" if open_yet else f"{STATUS_MARKS[alert.status]} {STATUS_NAMES[alert.status]} · "
    return f"{status}{severity_and_rule(alert)}"


def severity_and_rule(alert: Alert) -> str:
    """How much it matters, and which rule."""
    return (
        f"{SEVERITY_MARKS[alert.severity]} {SEVERITY_NAMES[alert.severity]} · "
        f"{one_line(alert.rule_name)}"
    )


def format_star_rating(rating: Rating) -> str:
    """The rating as five stars, and as the customer gave it where that was on another scale."""
    full = int(rating.stars + 0.5)
    shown = "★" * full + "☆" * (5 - full)
    if rating.scale is Scale.THUMBS:
        return f"{shown} (thumbs {'up' if rating.value else 'down'})"
    note = _SCALE_NOTES.get(rating.scale, "").format(rating.value)
    return f"{shown} ({note})" if note else shown


def format_sentiment(analysis: Analysis) -> str:
    """The sentiment, or why there is none; unread is not neutral."""
    if analysis.sentiment:
        score = f"{analysis.sentiment.score:+.2f}".replace("-", "−")
        return f"{analysis.sentiment.label} {score}"
    return f"not scored: {one_line(analysis.unscored)}" if analysis.unscored else ""


def format_author(card: Card) -> str:
    """Who wrote, to how many, and how often before; empty where the source names nobody."""
    who = card.feedback.author
    name = "".join(split_graphemes(one_line(who.name) or one_line(who.id))[:_LONGEST_NAME])
    reach = f"reach {who.reach:,}" if who.reach is not None else ""
    earlier = f"wrote {format_times(card.earlier_count)} before" if card.earlier_count else ""
    known = ", ".join(fact for fact in (reach, earlier) if fact)
    if not name:
        return ""
    return f"by {name} ({known})" if known else f"by {name}"


def format_facts(card: Card) -> str:
    """Where the words stand, how they are rated and meant, when and by whom they were written, in
    one line.
    """
    feedback, at = card.feedback, written_at(card.feedback)
    said = (
        one_line(feedback.source_id),
        format_star_rating(feedback.rating) if feedback.rating else "",
        format_sentiment(card.analysis),
        format_utc(at) if at else "",
        format_delay(card),
        format_author(card),
        f"version {one_line(feedback.app_version)}" if feedback.app_version else "",
    )
    return " · ".join(part for part in said if part)


def format_delay(card: Card) -> str:
    """How old the words were when the alert was opened; empty where they were new, or where nothing
    tells.
    """
    written = card.feedback.created_at
    age = (card.alert.opened_at - written).total_seconds() if written else 0
    return f"found {format_duration(age)} later" if age >= _NEW_FOR_SECONDS else ""


def format_status(alert: Alert, person: str) -> str:
    """Where the alert stands and who has it."""
    mark, name = STATUS_MARKS[alert.status], STATUS_NAMES[alert.status]
    if alert.status is not AlertStatus.OPEN:
        # Somebody else may have replied, or put it away; who closes an alert has it from then on.
        held = ", held by" if alert.status in (AlertStatus.REPLIED, AlertStatus.SNOOZED) else " by"
        return f"{mark} {name}{held} {person}" if person else f"{mark} {name}"
    if person:
        return f"{mark} Open, assigned to {person}"
    return (
        "🙏 Open, and worth a thank-you"
        if alert.severity is Severity.PRAISE
        else f"{mark} Open: nobody has it"
    )


def format_snooze(snooze: Snooze, formatter: TextFormatter) -> str:
    """Until when an alert is left alone."""
    ends = (
        f"until {formatter.time(snooze.until)}" if snooze.until else "",
        f"until there are {snooze.members:,} reports" if snooze.members is not None else "",
        "until it gets worse" if snooze.worse else "",
    )
    return ", or ".join(end for end in ends if end)


def format_limits(card: Card, formatter: TextFormatter, *, met: bool = True) -> list[str]:
    """How the limits stand: those that are `met`, those that have passed, and in one piece those to
    come.

    What nobody waits for any more is left out.
    """
    standing = (
        []
        if card.alert.status.is_closed or card.alert.status is AlertStatus.SNOOZED
        else card.limit_statuses
    )
    unmet = [wait for wait in standing if not wait.met_at]
    late = [wait for wait in unmet if card.as_of and wait.is_late(card.as_of)]
    to_come = [
        f"{_limit_verbs(wait)[0]} by {_format_due_time(wait, card, formatter)}"
        for wait in unmet
        if wait not in late
    ]
    return [
        *(
            _format_met_limit(wait, wait.met_at)
            for wait in card.limit_statuses
            if met and wait.met_at
        ),
        *(
            f"⏰ late: was to be {_limit_verbs(wait)[1]} by "
            f"{_format_due_time(wait, card, formatter)}"
            for wait in late
        ),
        *([f"⏳ {', '.join(to_come)}"] if to_come else []),
    ]


def _format_met_limit(wait: LimitStatus, at: datetime) -> str:
    over = (at - wait.due_at).total_seconds()
    return (
        f"⏰ {_limit_verbs(wait)[1]} {format_duration(over)} late"
        if over > 0
        else f"✓ {_limit_verbs(wait)[1]} in time"
    )


def _limit_verbs(wait: LimitStatus) -> tuple[str, str]:
    return LIMIT_VERBS.get(wait.kind, (wait.kind, wait.kind))


def _format_due_time(wait: LimitStatus, card: Card, formatter: TextFormatter) -> str:
    """The time of day is enough for what is near to when the card is looked at."""
    near = abs((wait.due_at - (card.as_of or card.alert.opened_at)).total_seconds()) < _HALF_A_DAY
    return formatter.clock(wait.due_at) if near else formatter.time(wait.due_at)


def format_insight(analysis: Analysis) -> str:
    """What was read out of the words: the journey stage, what it is about and the signals; empty
    for nothing.
    """
    stage = "" if analysis.stage in (None, Stage.UNSURE) else f"journey stage: {analysis.stage}"
    drivers = f"about {', '.join(analysis.drivers)}" if analysis.drivers else ""
    signals = ", ".join(signal_label(signal.name) for signal in analysis.signals or ())
    said = " · ".join(
        part for part in (stage, drivers, f"signals: {signals}" if signals else "") if part
    )
    return f"🧭 {said}" if said else ""


def signal_label(signal: str) -> str:
    """The name of a signal, for people."""
    return one_line(signal).replace("_", " ")


def format_duration(seconds: float) -> str:
    """A length of time in its two largest units: "40 s", "4 min", "1 h 20 min", "2 d 3 h"."""
    whole = max(0, round(seconds))
    minutes, hours, days = whole // 60, whole // 3_600, whole // 86_400
    if not minutes:
        return f"{whole} s"
    if not hours:
        return f"{minutes} min"
    if not days:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{days} d {hours % 24} h" if hours % 24 else f"{days} d"


def format_times(count: int) -> str:
    """Return how often something happened: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def format_plural(count: int, what: str) -> str:
    """A number of things."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def is_about_source(feedback: Feedback) -> bool:
    """Whether the alert is a notice about the program's own work: there is no customer in it."""
    return not feedback.external_id and not feedback.deleted


def person_name(person: Actor | None) -> str:
    """The name or Slack id of a person, on one line; empty for nobody."""
    return one_line(person.display_name) if person else ""


def format_reports(card: Card) -> str:
    """How many reports share the card and where they came from; empty for a single one."""
    if card.alert.members < 2:
        return ""
    names = [one_line(source) for source in card.sources]
    shown = ", ".join(names[:_SOURCES_SHOWN])
    more = f" and {len(names) - _SOURCES_SHOWN} more" if len(names) > _SOURCES_SHOWN else ""
    return f"{card.alert.members} reports" + (f" from {shown}{more}" if shown else "")


def format_utc(at: datetime) -> str:
    """The minute, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


#: Without any markup.
PLAIN_FORMAT = TextFormatter(
    person=person_name,
    time=format_utc,
    clock=lambda at: f"{at.astimezone(UTC):%H:%M} UTC",
    text=one_line,
)


def written_at(feedback: Feedback) -> datetime | None:
    """When it was written or first seen, if anything is known of that."""
    return feedback.created_at or feedback.first_seen_at


def distinct_title(feedback: Feedback) -> PlainText:
    """The title, unless it is all there is to quote, or was made from the first words of the
    body.
    """
    title, body = one_line(feedback.title), one_line(feedback.body)
    if feedback.deleted or not body or body.startswith(title.rstrip(".… ")):
        return PlainText("")
    return title


def quoted_words(feedback: Feedback, marked: Iterable[str]) -> PlainText:
    """What is quoted: the body, with the title before it where only the title holds what the rule
    found.

    Empty when nothing is kept of the words.
    """
    if feedback.deleted:
        return PlainText("")
    title, body = one_line(feedback.title), fold_lines(feedback.body)
    found = [one_line(word) for word in marked]
    only_in_title = any(word in title for word in found) and not any(word in body for word in found)
    if not body or (only_in_title and distinct_title(feedback)):
        return PlainText(f"{title}\n{body}".strip())
    return body


def missing_words_note(feedback: Feedback) -> PlainText:
    """What stands in the place of words that are not there."""
    if feedback.rating and not feedback.deleted:
        return RATING_ONLY
    return SOURCE_NOTICE if is_about_source(feedback) else WORDS_REMOVED


def summary_headline(summary: OverflowSummary) -> str:
    """The first line of a summary, which accounts for every alert in it."""
    return f"{summary.total:,} more alert{'' if summary.total == 1 else 's'} in this hour"


def format_counts(pairs: Iterable[tuple[str, int]], shown: int) -> str:
    """Names with their numbers; those beyond `shown` are added up, so that the sum stays whole."""
    listed = [(one_line(name), count) for name, count in pairs]
    parts = [f"{name}: {count:,}" for name, count in listed[:shown]]
    if rest := listed[shown:]:
        parts.append(
            f"{len(rest)} other{'' if len(rest) == 1 else 's'}: {sum(count for _, count in rest):,}"
        )
    return " · ".join(parts)
