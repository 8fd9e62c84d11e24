"""The words of cards that all notifiers share: plain text for people, without any markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.domain.actor import Actor
from monitor.domain.alert import Alert, AlertStatus, LimitStatus, Severity, Snooze
from monitor.domain.customer import CustomerHistory, ReplyEffect, describe_history
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
#: For each limit: the verb for what is to be done, and its participle.
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
    Scale.CES5: "effort {:g} of 5",
}
_MAX_SOURCES = 4
_MAX_OTHER_RULES = 4
_MAX_NAME_LENGTH = 60  # in graphemes
#: A time that is nearer than this to when the card is looked at is shown without its date.
_CLOCK_ONLY_WITHIN_SECONDS = 43_200
#: Feedback found within this time after it was written counts as new.
_NEW_FOR_SECONDS = 600


@dataclass(frozen=True, slots=True)
class TextFormatter:
    """How a notifier writes people, times and text of strangers."""

    person: Callable[[Actor], str]  #: whom something concerns
    actor: Callable[[Actor], str]  #: who did something
    time: Callable[[datetime], str]
    clock: Callable[[datetime], str]  #: without the date
    text: Callable[[str], str]


def format_headline(alert: Alert) -> str:
    """Return the first line of a card: the status unless it is open, the severity and the rule."""
    if alert.status is AlertStatus.OPEN:
        return severity_and_rule(alert)
    if alert.joined_into:
        return f"🔗 Joined · {severity_and_rule(alert)}"
    status = f"{STATUS_MARKS[alert.status]} {STATUS_NAMES[alert.status]}"
    return f"{status} · {severity_and_rule(alert)}"


def severity_label(severity: Severity) -> str:
    """Return a severity as a sign and a word: nobody has to know what a colour means."""
    return f"{SEVERITY_MARKS[severity]} {SEVERITY_NAMES[severity]}"


def severity_and_rule(alert: Alert) -> str:
    """Return the severity of an alert and the name of its rule."""
    return f"{severity_label(alert.severity)} · {one_line(alert.rule_name)}"


def format_star_rating(rating: Rating) -> str:
    """Return the rating as five stars with their number, or the value as it was given."""
    full = int(rating.stars + 0.5)
    stars = "★" * full + "☆" * (5 - full)
    if rating.scale is Scale.THUMBS:
        return f"{stars} (thumbs {'up' if rating.value else 'down'})"
    note = _SCALE_NOTES.get(rating.scale, "").format(rating.value)
    return f"{stars} ({note})" if note else f"{stars} {rating.stars:g}"


def format_sentiment(analysis: Analysis) -> str:
    """Return the label and score of the sentiment, or why there is none: unread is not neutral."""
    if analysis.sentiment:
        score = f"{analysis.sentiment.score:+.2f}".replace("-", "−")
        return f"{analysis.sentiment.label} {score}"
    return f"not scored: {one_line(analysis.unscored)}" if analysis.unscored else ""


def format_author(card: Card) -> str:
    """Return the author, their reach and how often they wrote before; empty for an unnamed one."""
    author = card.feedback.author
    full_name = one_line(author.name) or one_line(author.id)
    name = "".join(split_graphemes(full_name)[:_MAX_NAME_LENGTH])
    if not name:
        return ""
    reach = f"reach {author.reach:,}" if author.reach is not None else ""
    earlier = f"wrote {format_times(card.earlier_count)} before" if card.earlier_count else ""
    known = ", ".join(fact for fact in (reach, earlier) if fact)
    return f"by {name} ({known})" if known else f"by {name}"


def format_facts(card: Card) -> str:
    """Return the facts about the feedback in one line: source, rating, sentiment, time, author."""
    feedback, at = card.feedback, written_at(card.feedback)
    return join_facts(
        one_line(feedback.source_id),
        format_star_rating(feedback.rating) if feedback.rating else "",
        format_sentiment(card.analysis),
        format_utc(at) if at else "",
        format_delay(card),
        format_author(card),
        f"version {one_line(feedback.app_version)}" if feedback.app_version else "",
    )


def format_history(card: Card) -> str:
    """Return what the customer's history adds to the feedback; empty where it adds nothing."""
    if card.history is None:
        return ""
    said = one_line(describe_history(card.history.as_of(card.feedback.id)))
    return f"👤 {said}" if said else ""


def list_contacts(history: CustomerHistory, shown: int) -> list[str]:
    """Return what is known of a customer: a line of counts, and one for each of the last contacts.

    Empty where there is a single one.
    """
    if len(history.contacts) < 2:
        return []
    channels = format_counts(history.contacts_by_channel.items(), _MAX_CHANNELS)
    counts = (channels, format_plural(len(history.complaints), "complaint"))
    effects = {one.contact: one.effect for one in history.answered}
    lines = [f"This customer: {join_facts(*counts)}"]
    for contact in history.contacts[-shown:]:
        effect = effects.get(contact)
        facts = (
            f"{contact.at:%Y-%m-%d} {one_line(contact.source_id)}",
            format_star_rating(contact.rating) if contact.rating else contact.label,
            str(contact.loyalty or ""),
            f"answered, {_EFFECTS[effect]}" if effect else "",
        )
        lines.append(join_facts(*facts))
    return lines


_MAX_CHANNELS = 4
_EFFECTS = {
    ReplyEffect.QUIET: "nothing heard since",
    ReplyEffect.CAME_BACK: "came back",
    ReplyEffect.SATISFIED: "no complaint since",
}


def format_delay(card: Card) -> str:
    """Return how old the feedback was when its alert was opened; empty where new or not known."""
    written = card.feedback.created_at
    age = (card.alert.opened_at - written).total_seconds() if written else 0
    return f"found {format_duration(age)} later" if age >= _NEW_FOR_SECONDS else ""


def format_status(alert: Alert, person: str) -> str:
    """Return the status of an alert and who has it: `person`, empty for nobody."""
    mark, name = STATUS_MARKS[alert.status], STATUS_NAMES[alert.status]
    if alert.joined_into:
        return f"🔗 Joined into alert {alert.joined_into}"
    if alert.status is AlertStatus.OPEN:
        return _format_open_status(alert, person)
    if not person:
        return f"{mark} {name}"
    # Somebody else may have replied, or put it away; who closes an alert has it from then on.
    may_be_another = alert.status in (AlertStatus.REPLIED, AlertStatus.SNOOZED)
    by = ", held by" if may_be_another else " by"
    return f"{mark} {name}{by} {person}"


def _format_open_status(alert: Alert, person: str) -> str:
    mark = STATUS_MARKS[AlertStatus.OPEN]
    if person:
        return f"{mark} Open, assigned to {person}"
    if alert.severity is Severity.PRAISE:
        return "🙏 Open, and worth a thank-you"
    return f"{mark} Open: nobody has it"


def format_snooze(snooze: Snooze, formatter: TextFormatter) -> str:
    """Return until when an alert is left alone: whichever of its conditions comes first."""
    ends = (
        f"until {formatter.time(snooze.until)}" if snooze.until else "",
        f"until there are {snooze.members:,} reports" if snooze.members is not None else "",
        "until it gets worse" if snooze.worse else "",
    )
    return ", or ".join(end for end in ends if end)


def format_limits(card: Card, formatter: TextFormatter, *, met: bool = True) -> list[str]:
    """Return the limits in words: each that is met, each that is late, and those to come in one.

    Without `met`, those that are met are left out. Unmet ones are left out of a closed or snoozed
    alert, for nobody waits for them.
    """
    parts: list[str] = []
    if met:
        parts += [
            _format_met_limit(limit, limit.met_at) for limit in card.limit_statuses if limit.met_at
        ]
    to_come: list[str] = []
    for limit in _awaited_limits(card):
        verb, participle = _limit_verbs(limit)
        due = _format_due_time(limit, card, formatter)
        if card.as_of and limit.is_late(card.as_of):
            parts.append(f"⏰ late: was to be {participle} by {due}")
        else:
            to_come.append(f"{verb} by {due}")
    if to_come:
        parts.append(f"⏳ {', '.join(to_come)}")
    return parts


def _awaited_limits(card: Card) -> list[LimitStatus]:
    """Return the limits not met yet; none where the alert is closed or snoozed."""
    status = card.alert.status
    if status.is_closed or status is AlertStatus.SNOOZED:
        return []
    return [limit for limit in card.limit_statuses if not limit.met_at]


def _format_met_limit(limit: LimitStatus, met_at: datetime) -> str:
    _, participle = _limit_verbs(limit)
    late_by = (met_at - limit.due_at).total_seconds()
    if late_by > 0:
        return f"⏰ {participle} {format_duration(late_by)} late"
    return f"✓ {participle} in time"


def _limit_verbs(limit: LimitStatus) -> tuple[str, str]:
    return LIMIT_VERBS.get(limit.kind, (limit.kind, limit.kind))


def _format_due_time(limit: LimitStatus, card: Card, formatter: TextFormatter) -> str:
    """Return when a limit ends, without the date where that is near to when the card is shown."""
    shown_at = card.as_of or card.alert.opened_at
    distance = abs((limit.due_at - shown_at).total_seconds())
    if distance < _CLOCK_ONLY_WITHIN_SECONDS:
        return formatter.clock(limit.due_at)
    return formatter.time(limit.due_at)


def format_insight(analysis: Analysis) -> str:
    """Return the journey stage, the drivers and the signals that were read; empty for none."""
    has_stage = analysis.stage not in (None, Stage.UNSURE)
    stage = f"journey stage: {analysis.stage}" if has_stage else ""
    drivers = f"about {', '.join(analysis.drivers)}" if analysis.drivers else ""
    names = ", ".join(signal_label(signal.name) for signal in analysis.signals or ())
    signals = f"signals: {names}" if names else ""
    insight = join_facts(stage, drivers, signals)
    return f"🧭 {insight}" if insight else ""


def signal_label(signal: str) -> str:
    """Return the name of a signal as people read it: "data loss" for `data_loss`."""
    return one_line(signal).replace("_", " ")


def format_duration(seconds: float) -> str:
    """Return a length of time in its two largest units: "40 s", "1 h 20 min", "2 d 3 h"."""
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
    """Return a number of things: "1 rule", "2 rules", "1,000 rules"."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def is_about_source(feedback: Feedback) -> bool:
    """Return whether the feedback is a notice about a source itself: there is no customer in it."""
    return not feedback.external_id and not feedback.deleted


def person_name(person: Actor | None) -> str:
    """Return the name or Slack id of a person, on one line; empty for nobody."""
    return one_line(person.display_name) if person else ""


def format_reports(card: Card) -> str:
    """Return how many reports share the card and their sources; empty for a single report."""
    if card.alert.members < 2:
        return ""
    reports = f"{card.alert.members} reports"
    names = ", ".join(one_line(source) for source in card.sources[:_MAX_SOURCES])
    if not names:
        return reports
    unnamed = len(card.sources) - _MAX_SOURCES
    more = f" and {unnamed} more" if unnamed > 0 else ""
    return f"{reports} from {names}{more}"


def format_other_rules(card: Card, *, starts_line: bool = False) -> str:
    """Return the other rules that hold: "also: wrong charge, no answer and 2 more"."""
    if not card.also:
        return ""
    also = "Also" if starts_line else "also"
    names = ", ".join(one_line(rule.name) for rule in card.also[:_MAX_OTHER_RULES])
    unnamed = len(card.also) - _MAX_OTHER_RULES
    return f"{also}: {names} and {unnamed} more" if unnamed > 0 else f"{also}: {names}"


def format_advice(alert: Alert) -> str:
    """Return what to do about an alert; empty where its rule does not say."""
    return f"What to do: {one_line(alert.advice)}" if alert.advice else ""


def format_place_note(card: Card) -> str:
    """Return why a card is where it is: its channel is out of reach, or it was deleted there."""
    notes = []
    if card.meant_for:
        notes.append(f"Meant for {one_line(card.meant_for)}, which cannot be reached.")
    if card.replaces_deleted:
        notes.append("Posted again: the first card was deleted.")
    return " ".join(notes)


def format_utc(at: datetime) -> str:
    """Return date, hour and minute in UTC: "2026-11-02 09:30 UTC"."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


#: Writes people and times without any markup.
PLAIN_FORMAT = TextFormatter(
    person=person_name,
    actor=person_name,
    time=format_utc,
    clock=lambda at: f"{at.astimezone(UTC):%H:%M} UTC",
    text=one_line,
)


def written_at(feedback: Feedback) -> datetime | None:
    """Return when the feedback was written, else when it was first seen; None for neither."""
    return feedback.created_at or feedback.first_seen_at


def distinct_title(feedback: Feedback) -> PlainText:
    """Return the title if the body does not say the same: empty where it begins with the title.

    Empty too where there is no body: then the title is what is quoted.
    """
    title, body = one_line(feedback.title), one_line(feedback.body)
    if feedback.deleted or not body or body.startswith(title.rstrip(".… ")):
        return PlainText("")
    return title


def quoted_words(feedback: Feedback, marked: Iterable[str]) -> PlainText:
    """Return what a card quotes: the body, after the title where only that has a `marked` word.

    Without a body it is the title. Empty where the words are no longer kept.
    """
    if feedback.deleted:
        return PlainText("")
    title, body = one_line(feedback.title), fold_lines(feedback.body)
    words = [one_line(word) for word in marked]
    in_title = any(word in title for word in words)
    in_body = any(word in body for word in words)
    only_in_title = in_title and not in_body
    if not body or (only_in_title and distinct_title(feedback)):
        return PlainText(f"{title}\n{body}".strip())
    return body


def missing_words_note(feedback: Feedback) -> PlainText:
    """Return the note that a card shows where there are no words to quote."""
    if feedback.rating and not feedback.deleted:
        return RATING_ONLY
    return SOURCE_NOTICE if is_about_source(feedback) else WORDS_REMOVED


def summary_headline(summary: OverflowSummary) -> str:
    """Return the first line of a summary, which counts every alert in it."""
    return f"{format_plural(summary.total, 'more alert')} in this hour"


def format_counts(pairs: Iterable[tuple[str, int]], shown: int) -> str:
    """Return names with their counts; those beyond `shown` are added up, so that none is lost."""
    listed = [(one_line(name), count) for name, count in pairs]
    parts = [f"{name}: {count:,}" for name, count in listed[:shown]]
    rest = listed[shown:]
    if rest:
        others = "1 other" if len(rest) == 1 else f"{len(rest)} others"
        parts.append(f"{others}: {sum(count for _, count in rest):,}")
    return " · ".join(parts)


def join_facts(*facts: str) -> str:
    """Return the facts that are not empty in one line, with a dot between them."""
    return " · ".join(fact for fact in facts if fact)
