"""Messages that belong to no card: who has duty, what was handed over, a reminder."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.domain.alert import Alert
from monitor.domain.notice import Notice, NoticeKind
from monitor.notifiers.notice_text import (
    MAX_ALERTS,
    describe_left_alerts,
    describe_notice,
    describe_noticed_alert,
)
from monitor.slack.blocks import Block, context_blocks, make_button, section_blocks
from monitor.slack.message import SLACK_FORMAT, SlackMessage
from monitor.slack.mrkdwn import Mrkdwn, break_autolinks, join_lines
from monitor.slack.views import action_ids
from monitor.slack.views.card import repeat_warning, version_value

_PASS_ON = Mrkdwn("`/repwatch handover @name` passes on all that one has.")


def render_notice(
    notice: Notice, alerts: Sequence[Alert], *, interactive: bool = False, repeat: bool = False
) -> SlackMessage:
    """Return the message of a notice, with a button for each alert that it lists."""
    headline = Mrkdwn(describe_notice(notice, SLACK_FORMAT))
    listed = () if notice.kind is NoticeKind.DUTY else alerts
    lines = [Mrkdwn(describe_noticed_alert(alert, SLACK_FORMAT)) for alert in listed[:MAX_ALERTS]]
    buttons = [_open_button(alert) for alert in listed] if interactive else []
    rest = Mrkdwn(f"… and {len(listed) - MAX_ALERTS:,} more" if len(listed) > MAX_ALERTS else "")
    below = _small_print(notice, interactive=interactive)
    warning = repeat_warning(repeat)
    blocks = (
        *section_blocks(headline),
        *_alert_blocks(lines, buttons),
        *context_blocks(rest, *below),
        *context_blocks(warning),
    )
    plain = break_autolinks(join_lines(headline, *lines, rest, *below, warning))
    return SlackMessage(headline, blocks, plain)


def _small_print(notice: Notice, *, interactive: bool) -> list[Mrkdwn]:
    """Return what stands below a change of the duty; nothing below other notices."""
    left = describe_left_alerts(notice) if notice.kind is NoticeKind.DUTY else ""
    if not left:
        return []
    return [Mrkdwn(left), _PASS_ON] if interactive else [Mrkdwn(left)]


def _alert_blocks(lines: Sequence[Mrkdwn], buttons: Sequence[Block]) -> list[Block]:
    blocks = [block for line in lines for block in section_blocks(line)]
    for block, button in zip(blocks, buttons, strict=False):
        block["accessory"] = button
    return blocks


def _open_button(alert: Alert) -> Block:
    return make_button(action_ids.OPEN_CARD, "Open", version_value(alert))
