"""The duty and hand-overs in Slack: an answer of the command, what stands on Home, a modal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from monitor.domain.alert import Alert
from monitor.domain.duty import Shift
from monitor.domain.workload import Workload
from monitor.notifiers import wording
from monitor.notifiers.notice_text import (
    describe_noticed_alert,
    describe_shift,
    format_local_time,
)
from monitor.slack.blocks import (
    Block,
    action_blocks,
    context_blocks,
    input_block,
    make_button,
    plain_text,
    section_blocks,
)
from monitor.slack.message import SLACK_FORMAT
from monitor.slack.mrkdwn import Mrkdwn, join_lines, mention_member
from monitor.slack.views import action_ids
from monitor.slack.views.action_ids import AlertVersion
from monitor.slack.views.forms import ASSIGNEE
from monitor.slack.views.modals import build_modal, render_message_modal

_ALERTS_SHOWN = 10
#: Characters of a modal's `private_metadata`: https://docs.slack.dev/reference/views/
_MAX_CARRIED = 3_000
_SEPARATOR = ","


def render_duty(shifts: Sequence[Shift], zone: str) -> Block:
    """Return the arguments of the message that tells who has duty and who comes next."""
    first, *later = shifts
    lines = [Mrkdwn(describe_shift(first, zone, SLACK_FORMAT))]
    lines += [
        Mrkdwn(f"• then {mention_member(after.person)} from {format_local_time(after.since, zone)}")
        for after in later
        if after.since
    ]
    text = join_lines(*lines)
    return {"text": text, "blocks": section_blocks(text)}


def duty_blocks(overview: Workload) -> list[Block]:
    """Return who has duty, and the buttons that hand all of one's own alerts over and back."""
    duty = overview.duty
    line = Mrkdwn(describe_shift(duty, overview.duty_zone, SLACK_FORMAT) if duty else "")
    buttons = []
    if overview.mine_count:
        buttons.append(make_button(action_ids.HAND_OVER, "Hand over all of mine..."))
    if overview.returnable_count:
        count = wording.format_plural(overview.returnable_count, "alert")
        buttons.append(make_button(action_ids.GIVE_BACK, f"Give all back ({count})"))
    return [*context_blocks(line), *action_blocks(buttons)]


def render_handover_modal(held: Sequence[Alert]) -> Block:
    """Return the modal that hands over the alerts that somebody has; it carries their turns."""
    if not held:
        return render_message_modal("You have no open alert, so there is nothing to hand over.")
    carried = list(_fitting_versions(held))
    lines = [describe_noticed_alert(alert, SLACK_FORMAT) for alert in held[:_ALERTS_SHOWN]]
    rest = len(carried) - _ALERTS_SHOWN
    more = Mrkdwn(f"… and {rest:,} more" if rest > 0 else "")
    note = Mrkdwn("They are told once, in private. Each alert stays as it is.")
    people: Block = {
        "type": "users_select",
        "action_id": ASSIGNEE,
        "placeholder": plain_text("Choose", 150),
    }
    blocks = [
        *section_blocks(*map(Mrkdwn, lines)),
        *context_blocks(more),
        input_block(ASSIGNEE, "Who takes over", people),
        *context_blocks(note),
    ]
    title = f"Hand over {wording.format_plural(len(carried), 'alert')}"
    return build_modal(action_ids.HAND_OVER, title, blocks, "Hand over", _SEPARATOR.join(carried))


def parse_carried_turns(carried: str) -> Mapping[int, int]:
    """Return the turn of each alert that the modal of a hand-over carries, by the alert's id."""
    versions = map(AlertVersion.from_value, carried.split(_SEPARATOR))
    return {version.alert_id: version.turn for version in versions if version}


def _fitting_versions(alerts: Sequence[Alert]) -> Iterator[str]:
    """Yield the versions of as many alerts as a modal can carry."""
    room = _MAX_CARRIED
    for alert in alerts:
        version = AlertVersion(alert.id, alert.turn).encoded_value
        room -= len(version) + len(_SEPARATOR)
        if room < 0:
            return
        yield version
