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
from monitor.slack.blocks import Block, context_blocks, section_blocks
from monitor.slack.message import SLACK_FORMAT, SlackMessage
from monitor.slack.mrkdwn import Mrkdwn, break_autolinks, escape_unlinked, join_lines
from monitor.slack.views.card import repeat_warning
from monitor.slack.views.lists import open_button

_NAME = 80
_PASS_ON = Mrkdwn("`/repwatch handover @name` passes on all that one has.")


def render_notice(
    notice: Notice,
    alerts: Sequence[Alert],
    *,
    interactive: bool = False,
    repeat: bool = False,
    actor_name: str = "",
) -> SlackMessage:
    """Return the message of a notice, with a button for each alert that it lists.

    `actor_name` stands for who had duty before, who needs no call.
    """
    headline = Mrkdwn(describe_notice(notice, SLACK_FORMAT))
    listed = () if notice.kind is NoticeKind.DUTY else alerts
    lines = [Mrkdwn(describe_noticed_alert(alert, SLACK_FORMAT)) for alert in listed[:MAX_ALERTS]]
    buttons = [open_button(alert) for alert in listed] if interactive else []
    rest = _format_rest(notice, len(listed) - MAX_ALERTS, interactive=interactive)
    below = _small_print(notice, actor_name, interactive=interactive)
    warning = repeat_warning(repeat)
    blocks = (
        *section_blocks(headline),
        *_alert_blocks(lines, buttons),
        *context_blocks(rest, *below),
        *context_blocks(warning),
    )
    plain = break_autolinks(join_lines(headline, *lines, rest, *below, warning))
    return SlackMessage(headline, blocks, plain)


def _format_rest(notice: Notice, rest: int, *, interactive: bool) -> Mrkdwn:
    """Return how many alerts are not listed, and where they are; empty where all are."""
    if rest <= 0:
        return Mrkdwn("")
    has_them = interactive and notice.kind is NoticeKind.HANDOVER
    return Mrkdwn(f"… and {rest:,} more{': `/repwatch mine`' if has_them else ''}")


def _small_print(notice: Notice, actor_name: str, *, interactive: bool) -> list[Mrkdwn]:
    """Return what stands below a change of the duty; nothing below other notices."""
    if notice.kind is not NoticeKind.DUTY:
        return []
    left = describe_left_alerts(notice, escape_unlinked(actor_name, _NAME))
    if not left:
        return []
    return [Mrkdwn(left), _PASS_ON] if interactive else [Mrkdwn(left)]


def _alert_blocks(lines: Sequence[Mrkdwn], buttons: Sequence[Block]) -> list[Block]:
    blocks = [block for line in lines for block in section_blocks(line)]
    for block, button in zip(blocks, buttons, strict=False):
        block["accessory"] = button
    return blocks
