"""What may have been missed, for people to judge by a click each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from monitor.domain.missed import AuditItem, AuditReason, MissedAudit
from monitor.notifiers.plain_text import one_line, safe_url
from monitor.slack import limits
from monitor.slack.blocks import (
    Block,
    action_blocks,
    context_blocks,
    header_block,
    make_button,
    section_blocks,
)
from monitor.slack.message import first_fitting
from monitor.slack.mrkdwn import Mrkdwn, cut, escape_line, join_parts, link, local_time, quote
from monitor.slack.views import action_ids
from monitor.slack.views.snippet import MAX_URL

#: More than these are looked at on the command line.
_SHOWN: Final = 10
_ROOMS: Final = (300, 150, 60)
_SOURCE: Final = 60
_SAID: Final = {True: "✔️ missed", False: "✔️ fine"}
_REASONS: Final = {
    AuditReason.DRAWN: "alerted nobody; chance drew it",
    AuditReason.ESCALATED: "was escalated by hand",
    AuditReason.OPENED: "was opened by hand",
}
_VALUE = re.compile(r"audit:([1-9][0-9]{0,17}):([1-9][0-9]?)")


@dataclass(frozen=True, slots=True)
class AuditTarget:
    """A feedback that is judged, and the list in which it stands."""

    feedback_id: int
    days: int  #: so many whole days are listed

    @property
    def encoded_value(self) -> str:
        """The form for the values of buttons: "audit:412:1"."""
        return f"audit:{self.feedback_id}:{self.days}"

    @classmethod
    def from_value(cls, value: object) -> Self | None:
        """Parse what a button carried back; None where it is none of ours."""
        match = _VALUE.fullmatch(value) if isinstance(value, str) else None
        return cls(int(match[1]), int(match[2])) if match else None


def render_audit(audit: MissedAudit, days: int) -> Block:
    """Return what is to be looked at, each with the buttons Missed and Fine."""
    return first_fitting(
        (_build(audit, days, room) for room in _ROOMS),
        lambda message: not limits.check_message(message),
    )


def _build(audit: MissedAudit, days: int, room: int) -> Block:
    title = "What may have been missed"
    span = f"{local_time(audit.since)} to {local_time(audit.until)}"
    count = f"{audit.unalerted:,} negative feedback"
    blocks = [header_block(title), *context_blocks(join_parts(span, f"{count} alerted nobody"))]
    for item in audit.items[:_SHOWN]:
        blocks += section_blocks(_format_head(item, room), _quote_text(item, room))
        blocks += action_blocks(_buttons(item, days))
    if not audit.items:
        blocks += section_blocks(Mrkdwn("_Nothing to look at._"))
    more = len(audit.items) - _SHOWN
    rest = f"… and {more:,} more: `repwatch rules audit --days {days}`" if more > 0 else ""
    about = "Should somebody have been alerted? The last word of each person counts."
    blocks += context_blocks(Mrkdwn(about if audit.items else ""), Mrkdwn(rest))
    return {"text": title, "blocks": blocks}


def _format_head(item: AuditItem, room: int) -> Mrkdwn:
    said = "" if item.missed is None else _SAID[item.missed]
    return join_parts(
        link(safe_url(item.url, min(MAX_URL, 2 * room)), Mrkdwn(f"#{item.feedback_id}")),
        escape_line(item.source_id, _SOURCE),
        local_time(item.at),
        _REASONS[item.reason],
        f"alert {item.alert_id}" if item.alert_id else "",
        f"*{said}*" if said else "",
    )


def _quote_text(item: AuditItem, room: int) -> Mrkdwn:
    text = cut(one_line(item.text), room)
    return quote(text) if text else Mrkdwn("_no words_")


def _buttons(item: AuditItem, days: int) -> list[Block]:
    value, name = AuditTarget(item.feedback_id, days).encoded_value, item.feedback_id
    return [
        make_button(action_ids.AUDIT_MISSED, "Missed", value, spoken=f"Missed: {name}"),
        make_button(action_ids.AUDIT_FINE, "Fine", value, spoken=f"Fine: {name}"),
    ]
