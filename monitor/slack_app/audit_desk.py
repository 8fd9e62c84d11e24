"""/repwatch rules audit: what may have been missed, shown and judged in Slack."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from monitor.domain.action import Refusal
from monitor.slack.views import action_ids, lists
from monitor.slack.views.rule_audit import AuditTarget, render_audit
from monitor.slack_app.interactions import Interaction, InteractionKind
from monitor.store import Store, Transaction
from monitor.tuning.missed_audit import judge, list_audit_items

Message = Mapping[str, Any]
_MOST_DAYS: Final = 28
_ARGUMENTS = re.compile(r"audit(?:\s+([1-9][0-9]?))?")
_USAGE = "Write it like this: `/repwatch rules audit`, or `/repwatch rules audit 7` for seven days."
_GONE = "This feedback is no longer there."


@dataclass(frozen=True, slots=True)
class AuditDesk:
    """Shows a few that alerted nobody, and keeps what people say of them."""

    store: Store
    zone: str  #: IANA name: in which days begin
    mask: Callable[[str], str]  #: applies the privacy setting to a text

    def answer(self, arguments: str, now: datetime) -> Message:
        """Return what "audit" or "audit 7" asks for."""
        found = _ARGUMENTS.fullmatch(arguments)
        days = int(found[1] or 1) if found else 0
        return self.build(days, now) if 1 <= days <= _MOST_DAYS else lists.render_text(_USAGE)

    def build(self, days: int, now: datetime) -> Message:
        """Return what is to be looked at of so many whole days, 1 to 28."""
        with self.store.read() as tx:
            audit = list_audit_items(tx, now, days=days, zone=self.zone)
        items = tuple(replace(item, text=self.mask(item.text)) for item in audit.items)
        return render_audit(replace(audit, items=items), days)

    def judge(
        self, interaction: Interaction, now: datetime, write_done: Callable[[Transaction], None]
    ) -> Message | Refusal:
        """Keep what somebody clicked, and return the list as it is then.

        `write_done` is part of the same transaction.
        """
        target = AuditTarget.from_value(interaction.action.get("value"))
        if target is None or target.days > _MOST_DAYS:
            return Refusal(_GONE)
        is_missed = interaction.click.name == action_ids.AUDIT_MISSED
        with self.store.write() as tx:
            actor = interaction.actor
            kept = judge(tx, target.feedback_id, missed=is_missed, actor=actor, at=now)
            write_done(tx)
        return self.build(target.days, now) if kept else Refusal(_GONE)


def is_about_audit(interaction: Interaction) -> bool:
    """Return whether somebody judged what may have been missed."""
    is_click = interaction.kind is InteractionKind.CLICK
    return is_click and interaction.click.name in action_ids.AUDIT_BUTTONS
