"""The action register in Slack: its list in pages, and the dialog that fills it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from monitor.domain.actor import ActorKind
from monitor.domain.feedback import Stage, Touchpoint
from monitor.domain.improvement import (
    MAX_NEXT_ACTION,
    MAX_NOTE,
    MAX_QUERY,
    MAX_TITLE,
    Improvement,
    ImprovementState,
    find_stale_reason,
)
from monitor.slack import limits
from monitor.slack.blocks import (
    Block,
    action_blocks,
    context_blocks,
    fit_prefilled,
    header_block,
    input_block,
    make_button,
    plain_text,
    section_blocks,
    select_menu,
    text_input,
)
from monitor.slack.message import first_fitting
from monitor.slack.mrkdwn import Mrkdwn, escape_line, join_parts, mention_member
from monitor.slack.views import action_ids, forms
from monitor.slack.views.action_ids import ImprovementVersion, PageRequest
from monitor.slack.views.modals import build_modal
from monitor.slack.views.pages import format_place, page_buttons

_ROOMS: Final = (150, 80, 40)
_STATE_MARKS: Final = {
    ImprovementState.PLANNED: "📝 planned",
    ImprovementState.DOING: "🛠️ doing",
    ImprovementState.DONE: "✅ done",
    ImprovementState.DROPPED: "🚫 dropped",
}
_STATE_NAMES: Final = {str(state): str(state).capitalize() for state in ImprovementState}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementPage:
    """A page of the register."""

    request: PageRequest
    improvements: tuple[Improvement, ...]
    count: int  #: of the whole register
    page_count: int
    now: datetime
    today: date  #: of the team's calendar


def render_improvement_page(page: ImprovementPage) -> Block:
    """Return a page of the register, each entry with its buttons."""
    return first_fitting((_build_page(page, room) for room in _ROOMS), _keeps_limits)


def render_improvement_modal(improvement: Improvement | None = None, title: str = "") -> Block:
    """Return the dialog that changes an improvement, or writes down a new one for None.

    `title` is what stands in a new one to begin with.
    """
    if improvement is None:
        blocks = [*_title_fields(title, ""), *_promise_fields(None), *_subject_fields(None)]
        return build_modal(action_ids.IMPROVE, "What will become better", blocks, "Write down")
    blocks = [
        *_title_fields(improvement.title, improvement.next_action),
        *_promise_fields(improvement),
        input_block(
            forms.STATE,
            "How far it is",
            select_menu(forms.STATE, _STATE_NAMES, "Choose", str(improvement.state)),
        ),
        *_subject_fields(improvement),
        input_block(
            forms.NOTE,
            "What others should know of the change",
            text_input(forms.NOTE, max_length=MAX_NOTE),
            optional=True,
        ),
    ]
    carried = improvement_value(improvement)
    title = f"Improvement {improvement.id}"
    return build_modal(action_ids.CHANGE_IMPROVEMENT, title, blocks, "Save", carried)


def improvement_value(improvement: Improvement) -> str:
    """Return what the controls of an improvement carry."""
    return ImprovementVersion(improvement.id, improvement.turn).encoded_value


def _build_page(page: ImprovementPage, room: int) -> Block:
    blocks = [header_block(f"Improvements ({page.count:,})")]
    for each in page.improvements:
        blocks += section_blocks(_format_improvement(each, page, room))
        blocks += action_blocks(_buttons(each))
    nothing = "_Nothing yet._ `/repwatch improve` writes down what somebody will do."
    if not page.improvements:
        blocks += section_blocks(Mrkdwn(nothing))
    has_more = page.request.number < page.page_count
    place = format_place(page.request, page.page_count)
    footer = [*context_blocks(Mrkdwn(place)), *page_buttons(page.request, has_more)]
    text = join_parts(f"Improvements ({page.count:,})", place)
    return {"text": text, "blocks": [*blocks, *footer]}


def _format_improvement(improvement: Improvement, page: ImprovementPage, room: int) -> Mrkdwn:
    """An improvement in two or three lines."""
    owner = mention_member(improvement.owner) or Mrkdwn("nobody has it")
    due = (
        f"due {improvement.due:%a} {improvement.due.day} {improvement.due:%b %Y}"
        if (improvement.due)
        else ""
    )
    stale = find_stale_reason(improvement, page.now, page.today)
    about = escape_line(str(improvement.about), room) if improvement.about.is_named else Mrkdwn("")
    next_action = escape_line(improvement.next_action, room)
    standing = join_parts(
        f"Improvement {improvement.id}",
        _STATE_MARKS[improvement.state],
        owner,
        due,
        f"⏰ {stale}" if stale else "",
    )
    details = join_parts(about, Mrkdwn(f"next: {next_action}") if next_action else "")
    lines = (f"*{escape_line(improvement.title, room)}*", standing, details)
    return Mrkdwn("\n".join(line for line in lines if line))


def _buttons(improvement: Improvement) -> list[Block]:
    value, name = improvement_value(improvement), improvement.title
    change = make_button(
        action_ids.CHANGE_IMPROVEMENT, "Change...", value, spoken=f"Change: {name}"
    )
    if not improvement.state.is_open:
        return [change]
    done = make_button(
        action_ids.FINISH_IMPROVEMENT, "Done", value, style="primary", spoken=f"Done: {name}"
    )
    return [done, change]


def _title_fields(title: str, next_action: str) -> list[Block]:
    example = "Refunds within two days"
    what = text_input(
        forms.TITLE,
        max_length=MAX_TITLE,
        initial=fit_prefilled(title, MAX_TITLE),
        placeholder=example,
    )
    following = text_input(
        forms.NEXT_ACTION,
        max_length=MAX_NEXT_ACTION,
        initial=fit_prefilled(next_action, MAX_NEXT_ACTION),
        placeholder="Ask finance for a limit below which nobody has to agree",
    )
    return [
        input_block(forms.TITLE, "What is to become better", what),
        input_block(forms.NEXT_ACTION, "What is done first", following, optional=True),
    ]


def _promise_fields(improvement: Improvement | None) -> list[Block]:
    """Who has promised it, and by when."""
    people: Block = {
        "type": "users_select",
        "action_id": forms.ASSIGNEE,
        "placeholder": plain_text("Choose", 150),
    }
    day: Block = {
        "type": "datepicker",
        "action_id": forms.DUE,
        "placeholder": plain_text("Choose a day", 150),
    }
    owner = improvement.owner if improvement else None
    hint = ""
    if owner and owner.kind is ActorKind.SLACK:
        people["initial_user"] = owner.id
    elif owner:
        hint = f"Now with {owner.display_name}, who is not in Slack; left empty, it stays so."
    if improvement and improvement.due:
        day["initial_date"] = improvement.due.isoformat()
    return [
        input_block(forms.ASSIGNEE, "Who does it", people, optional=True, hint=hint),
        input_block(forms.DUE, "By which day", day, optional=True),
    ]


def _subject_fields(improvement: Improvement | None) -> list[Block]:
    """What it is about: what its effect is measured on."""
    about = improvement.about if improvement else None
    stage = str(about.stage) if about and about.stage else ""
    point = str(about.touchpoint) if about and about.touchpoint else ""
    query = text_input(
        forms.QUERY,
        max_length=MAX_QUERY,
        initial=about.query if about else "",
        placeholder='refund* OR "money back"',
    )
    hint = "In the language of the rules. The digest measures its effect on what these three hold."
    return [
        input_block(
            forms.STAGE,
            "Stage of the journey",
            select_menu(forms.STAGE, _choices(Stage), "Any", stage or forms.ANY),
            optional=True,
        ),
        input_block(
            forms.TOUCHPOINT,
            "Touchpoint",
            select_menu(forms.TOUCHPOINT, _choices(Touchpoint), "Any", point or forms.ANY),
            optional=True,
        ),
        input_block(forms.QUERY, "What customers say", query, optional=True, hint=hint),
    ]


def _choices(values: type[Stage] | type[Touchpoint]) -> dict[str, str]:
    named = {str(value): str(value).capitalize() for value in values if value != "unsure"}
    return {forms.ANY: "Any"} | named


def _keeps_limits(message: Block) -> bool:
    return not limits.check_message(message)
