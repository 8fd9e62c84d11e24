"""What a notice says, and who has duty, in plain text or in a notifier's own markup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.domain.alert import Alert
from monitor.domain.duty import Shift
from monitor.domain.notice import Notice, NoticeKind
from monitor.notifiers import wording
from monitor.notifiers.wording import TextFormatter

#: Of more alerts only the number is told.
MAX_ALERTS = 20


def format_notice(notice: Notice, alerts: Sequence[Alert], formatter: TextFormatter) -> list[str]:
    """Return the lines of a notice: what it is about, and the alerts that it lists."""
    lines = [describe_notice(notice, formatter)]
    if notice.kind is NoticeKind.DUTY:
        before = formatter.person(notice.actor) if notice.actor else ""
        return [*lines, *filter(None, [describe_left_alerts(notice, before)])]
    lines += [describe_noticed_alert(alert, formatter) for alert in alerts[:MAX_ALERTS]]
    rest = len(alerts) - MAX_ALERTS
    return [*lines, f"… and {rest:,} more"] if rest > 0 else lines


def describe_notice(notice: Notice, formatter: TextFormatter) -> str:
    """Return in one line what a notice is about."""
    person = formatter.person(notice.person)
    actor = formatter.person(notice.actor) if notice.actor else "somebody"
    count = wording.format_plural(len(notice.alert_ids), "alert")
    match notice.kind:
        case NoticeKind.DUTY:
            return f"👉 Now on duty: {person}{_format_until(notice.until, notice.zone)}"
        case NoticeKind.HANDOVER:
            return f"🤝 {person}: {actor} handed {count} over to you"
        case NoticeKind.TAKEN_BACK:
            return f"🤝 {person}: {actor} took {count} back from you"
        case NoticeKind.REMINDER:
            return f"⏰ {person}, you wanted to be reminded of this"
        case NoticeKind.DIGEST_FAILED:
            return f"⚠️ {person}: {formatter.text(notice.text)}"
        case NoticeKind.SHADOW_RULE:
            return f"👥 {formatter.text(notice.text)}; `{notice.command}`"


def describe_left_alerts(notice: Notice, before: str) -> str:
    """Return which alerts are still with whoever had duty before; empty for none.

    `before` is that person's name; without it nobody is named.
    """
    ids = notice.alert_ids
    if not ids:
        return ""
    named = ", ".join(map(str, ids[:MAX_ALERTS]))
    more = f" and {len(ids) - MAX_ALERTS:,} more" if len(ids) > MAX_ALERTS else ""
    count = wording.format_plural(len(ids), "open alert")
    verb = "is" if len(ids) == 1 else "are"
    holder = f"{before}, who" if before else "whoever"
    return f"{count} {verb} still with {holder} had duty before: {named}{more}"


def describe_noticed_alert(alert: Alert, formatter: TextFormatter) -> str:
    """Return an alert in one line: how severe it is, its number, its rule and who has it."""
    severity = wording.severity_label(alert.severity)
    person = formatter.person(alert.assignee) if alert.assignee else ""
    status = wording.format_status(alert, person)
    rule = formatter.text(alert.rule_name)
    return wording.join_facts(severity, f"Alert {alert.id}", rule, status)


def describe_shift(shift: Shift, zone: str, formatter: TextFormatter) -> str:
    """Return in one line who has duty, and until when."""
    return f"On duty: {formatter.person(shift.person)}{_format_until(shift.until, zone)}"


def format_local_time(at: datetime, zone: str) -> str:
    """Return a time in a zone, which is named: "Mon 7 Dec 09:00 (Europe/Berlin)"."""
    local = at.astimezone(ZoneInfo(zone))
    day, month = _DAYS[local.weekday()], _MONTHS[local.month - 1]
    return f"{day} {local.day} {month} {local:%H:%M} ({zone})"


def _format_until(until: datetime | None, zone: str) -> str:
    return f" until {format_local_time(until, zone)}" if until else ""


# Not those of the machine's language.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
