"""The rules in a list: how each fares, with what a manager can do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.domain.delivery import Card
from monitor.domain.measure import Estimate
from monitor.domain.rule_record import FEWEST_JUDGED, RuleMark
from monitor.domain.rule_summary import RuleSummary
from monitor.domain.suggestion import Suggestion, SuggestionReport
from monitor.notifiers.wording import format_plural, severity_label
from monitor.slack import limits
from monitor.slack.blocks import (
    Block,
    action_blocks,
    context_blocks,
    header_block,
    make_button,
    overflow_menu,
    section_blocks,
)
from monitor.slack.message import first_fitting
from monitor.slack.mrkdwn import Mrkdwn, escape_line, join_lines, join_parts, local_time
from monitor.slack.views import action_ids
from monitor.slack.views.action_ids import PageRequest, RuleTarget
from monitor.slack.views.card import render_card
from monitor.slack.views.pages import format_place, page_buttons

#: Rules of a page: each has a menu, and ten menus of long names are more than Slack takes.
RULES_SHOWN: Final = 6
_SUGGESTED, _LOST, _LOST_SHOWN = 300, 80, 3
_ROOMS: Final = (100, 60, 30)
_MARKS: Final = {
    RuleMark.NOISY: "💡 hardly anything of it is useful",
    RuleMark.DEAD: "💡 it held for nothing",
    RuleMark.UNCLAIMED: "💡 most of it is not taken in time",
}
_COUNTED: Final = "28 days"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """A page of the rules."""

    request: PageRequest
    rules: tuple[RuleSummary, ...]
    count: int  #: of all rules
    page_count: int
    now: datetime


def render_rule_page(page: RulePage) -> Block:
    """Return a page of rules, each with its figures, a button and a menu."""
    return first_fitting((_build_page(page, room) for room in _ROOMS), _keeps_limits)


def render_test_card(card: Card) -> Block:
    """Return a card that only one person sees, marked as a test; nothing on it can be clicked."""
    shown = render_card(card)
    said = f"🧪 A test of the rule `{card.alert.rule_id}`, for you alone: no alert was opened."
    about = "This is what it held for last, as its card would be now; it would call whom it names."
    marks = context_blocks(Mrkdwn(said), Mrkdwn(about))
    return {"text": join_parts("🧪 A test", shown.text), "blocks": [*marks, *shown.blocks]}


def render_suggestions(alert_id: int, report: SuggestionReport, values: Sequence[str]) -> Block:
    """Return what the team's verdicts suggest to change, a button each, and one that leaves it.

    `values` is what the button of each suggestion carries; empty for one that has none.
    """
    title = f"Alert {alert_id} was not useful: change the rule {report.rule_id}?"
    blocks = section_blocks(
        Mrkdwn(f"*{escape_line(title)}*"),
        Mrkdwn(
            f"In 28 days {report.dismissed:,} of {report.judged:,} judged alerts of it were not "
            "useful. A change is tried in shadow first."
        ),
    )
    for one, value in zip(report.suggestions, values, strict=True):
        by_hand = "" if value else f"to try it: `repwatch rules suggest {report.rule_id}`"
        block = section_blocks(*_format_suggestion(one), Mrkdwn(by_hand))[0]
        button = make_button(action_ids.APPLY_SUGGESTION, "Try it", value, spoken=one.text)
        blocks.append({**block, "accessory": button} if value else block)
    leave = make_button(action_ids.LEAVE_RULE, "Nothing, just this one")
    return {"text": escape_line(title), "blocks": [*blocks, *action_blocks([leave])]}


def _format_suggestion(one: Suggestion) -> list[Mrkdwn]:
    """A suggestion with what it saves, and the useful alerts that it would lose."""
    before = f"{one.dismissed_before} of {one.judged_before}"
    facts = f"saves {one.saved} of {one.cards} alerts; in the 28 days before {before} dismissed"
    lost = [
        Mrkdwn(f"loses alert {card.alert_id}: {escape_line(card.text, _LOST)}")
        for card in one.lost[:_LOST_SHOWN]
    ]
    return [Mrkdwn(f"*{escape_line(one.text, _SUGGESTED)}*"), Mrkdwn(facts), *lost]


def format_useful(useful: Estimate) -> str:
    """Return how many of the judged alerts were useful: "8 of 9 useful (57-98 %)"."""
    if not useful.n or useful.value is None:
        return "none judged yet"
    said = f"{round(useful.value * useful.n / 100)} of {useful.n} useful"
    if useful.n < FEWEST_JUDGED or useful.low is None or useful.high is None:
        return f"{said}: too few to call"
    return f"{said} ({useful.low:.0f}-{useful.high:.0f} %)"


def rule_value(rule: RuleSummary) -> str:
    """Return what the controls of a rule carry."""
    return RuleTarget(rule.rule_id, rule.number).encoded_value


def _build_page(page: RulePage, room: int) -> Block:
    title = f"Rules ({page.count:,})"
    blocks = [header_block(title)]
    for rule in page.rules:
        blocks += section_blocks(_format_rule(rule, page.now, room))
        blocks += action_blocks(_controls(rule))
    if not page.rules:
        blocks += section_blocks(Mrkdwn("_No rules: they are named under_ `[rules]`."))
    has_more = page.request.number < page.page_count
    place = format_place(page.request, page.page_count)
    about = Mrkdwn(f"Figures of the last {_COUNTED}; the noisiest first")
    footer = [*context_blocks(about, place), *page_buttons(page.request, has_more)]
    return {"text": join_parts(title, place), "blocks": [*blocks, *footer]}


def _format_rule(rule: RuleSummary, now: datetime, room: int) -> Mrkdwn:
    """A rule in two lines."""
    muted = rule.muted_until and rule.muted_until > now
    standing = join_parts(
        severity_label(rule.severity),
        Mrkdwn("") if rule.mode == "live" else Mrkdwn(f"_{escape_line(rule.mode)}_"),
        Mrkdwn(f"version {rule.candidate} is tried in shadow") if rule.candidate else "",
        Mrkdwn(f"🔇 muted until {local_time(rule.muted_until)}") if muted else "",  # type: ignore[arg-type]  # told by `muted`
    )
    figures = join_parts(
        format_plural(rule.fired, "alert") if rule.fired else "no alerts",
        format_useful(rule.useful) if rule.fired else "",
        f"{rule.unclaimed:,} not taken in time" if rule.unclaimed else "",
        f"last {local_time(rule.last_fired)}" if rule.last_fired else "never fired",
    )
    name = f"*{escape_line(rule.name, room)}* (`{escape_line(rule.rule_id)}`)"
    marks = join_parts(*(_MARKS[mark] for mark in rule.marks))
    return join_lines(join_parts(name, standing), figures, marks)


def _controls(rule: RuleSummary) -> list[Block]:
    value = rule_value(rule)
    edit = make_button(action_ids.EDIT_RULE, "Edit...", value, spoken=f"Edit: {rule.name}")
    mute = (
        (action_ids.UNMUTE_RULE, "Hear it again")
        if rule.muted_until
        else (action_ids.MUTE_RULE, "Mute for a day")
    )
    choices = dict([mute])
    choices |= {action_ids.RULE_HISTORY: "History...", action_ids.TEST_RULE: "Send me a test"}
    if rule.candidate:
        choices |= {
            action_ids.PROMOTE_RULE: f"Promote version {rule.candidate}",
            action_ids.DISCARD_RULE: f"Discard version {rule.candidate}",
        }
    elif rule.mode == "shadow":
        choices |= {action_ids.PROMOTE_RULE: "Promote: let it be live"}
    menu = overflow_menu(
        action_ids.RULE_MENU, {f"{name}:{value}": text for name, text in choices.items()}
    )
    return [edit, menu]


def _keeps_limits(message: Block) -> bool:
    return not limits.check_message(message)
