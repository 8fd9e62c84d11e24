"""The dialogs of one rule: edit it, see what that would have done, save it, read its history.

An edit is a pile of three: the form, over it the preview, over that what came of saving. The form
keeps what was written in it until all is closed.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from monitor.domain.rule_form import FieldKind, RuleField, RuleForm, RuleHistoryLine, RulePreview
from monitor.notifiers.plain_text import one_line
from monitor.slack.blocks import (
    Block,
    context_blocks,
    divider_block,
    header_block,
    input_block,
    preformatted_block,
    radio_buttons,
    section_blocks,
    select_menu,
    text_input,
)
from monitor.slack.mrkdwn import (
    Mrkdwn,
    cut,
    escape_line,
    join_parts,
    local_time,
    mention_people,
    quote,
)
from monitor.slack.views import action_ids, forms
from monitor.slack.views.action_ids import RuleTarget
from monitor.slack.views.modals import build_modal

MAX_TEXT: Final = 3_000
#: Slack's limit on what a dialog carries is 3,000 characters.
_MAX_CARRIED: Final = 2_900
_LINE, _LINES_SHOWN, _SAMPLE, _REASON = 200, 12, 160, 500
_HISTORY_SHOWN: Final = 20
_TOML_SHOWN: Final = 2_900
_WAITING: Final = "One moment: the last 28 days are being gone through."
#: What may follow a preview.
_HOW: Final = {
    forms.SHADOW: "Save as shadow: it is counted, and sends nothing yet",
    forms.LIVE: "Save live: it holds from now on",
}


def render_rule_form(form: RuleForm) -> Block:
    """Return the dialog that edits a rule; it is sent off to a preview, and saves nothing."""
    carried = RuleTarget(form.rule_id, form.number).encoded_value
    where = (
        f"It stands in {form.file}, which alone may change it: you can try an edit and copy it."
        if form.file
        else "Sent off, it shows what the edit would have done; nothing is saved before that."
    )
    left_out = f"{form.left_out:,} keys more are not shown and stay as they are."
    notes = [escape_line(where), Mrkdwn(left_out if form.left_out else "")]
    blocks = [
        *section_blocks(Mrkdwn(f"*{escape_line(form.name, _LINE)}* (`{form.rule_id}`)")),
        *context_blocks(*notes),
        *map(_field_block, form.fields),
    ]
    return build_modal(action_ids.EDIT_RULE, "Edit a rule", blocks, "Preview", carried)


def render_waiting(mark: str, text: str = _WAITING) -> Block:
    """Return the dialog that is shown at once, and replaced by what it waits for.

    `mark` is its external id, by which it is found then.
    """
    return {
        **build_modal(action_ids.MESSAGE, "One moment", section_blocks(Mrkdwn(text))),
        "external_id": mark,
    }


def render_rule_preview(preview: RulePreview) -> Block:
    """Return the dialog that shows what an edit would have done, and how to save it.

    For a rule of the rules file it ends in the TOML to copy.
    """
    carried = carry_draft(preview.rule_id, preview.number, preview.definition, preview.reason)
    blocks = _preview_blocks(preview)
    if not preview.changes:
        blocks += section_blocks(Mrkdwn("_Nothing is different: there is nothing to save._"))
        return build_modal(action_ids.MESSAGE, "What it would do", blocks)
    if preview.toml:
        blocks += _toml_blocks(preview.toml, f"Copy this into {preview.file}:")
        return build_modal(action_ids.MESSAGE, "What it would do", blocks)
    if len(carried) > _MAX_CARRIED:
        from_here = "The rule is too long to be saved from here; copy it, and save it elsewhere:"
        blocks += _toml_blocks(_draw_definition(preview), from_here)
        return build_modal(action_ids.MESSAGE, "What it would do", blocks)
    how = radio_buttons(forms.HOW, _HOW, forms.SHADOW)
    blocks.append(input_block(forms.HOW, "How", how))
    return build_modal(action_ids.SAVE_RULE, "What it would do", blocks, "Save", carried)


def render_conflict(
    said: str, mine: Sequence[str], theirs: Sequence[str], carried: str = ""
) -> Block:
    """Return the dialog that shows somebody else's edit beside one's own.

    With what `carried` names, one's own can be saved over it; the form below it is still there.
    """
    blocks = [
        *section_blocks(escape_line(said, 2 * _LINE)),
        *section_blocks(Mrkdwn("*Theirs:*"), *_list_lines(theirs)),
        *section_blocks(Mrkdwn("*Yours:*"), *_list_lines(mine)),
        *context_blocks(Mrkdwn("Close this to go on with what you wrote; nothing is lost.")),
    ]
    if not carried:
        return build_modal(action_ids.MESSAGE, "Changed meanwhile", blocks)
    how = radio_buttons(forms.HOW, _HOW, forms.SHADOW)
    over = input_block(forms.HOW, "Save yours in the place of theirs", how)
    blocks.append(over)
    title, name = "Changed meanwhile", action_ids.SAVE_RULE_ANYWAY
    return build_modal(name, title, blocks, "Save mine", carried)


def render_done(said: str) -> Block:
    """Return the dialog that says what was saved; closed, it closes those below it."""
    blocks = section_blocks(mention_people(escape_line(said, _SAMPLE * 4)))
    return {**build_modal(action_ids.MESSAGE, "Saved", blocks), "clear_on_close": True}


def render_refusal(said: str) -> Block:
    """Return the dialog that says why nothing was done; the form below it is still there."""
    lines = [escape_line(line, 2 * _LINE) for line in said.splitlines()[:_LINES_SHOWN]]
    note = Mrkdwn("Close this to go on with what you wrote; nothing is lost.")
    blocks = [*section_blocks(*lines), *context_blocks(note)]
    return build_modal(action_ids.MESSAGE, "Not saved", blocks)


def render_rule_history(rule_id: str, lines: Sequence[RuleHistoryLine]) -> Block:
    """Return the dialog with what was changed of a rule, the newest first."""
    blocks = [header_block(rule_id)]
    for one in lines[:_HISTORY_SHOWN]:
        head = join_parts(
            f"*{one.number}*",
            escape_line(one.said),
            mention_people(escape_line(one.author, _LINE)),
            local_time(one.at),
        )
        why = f"“{escape_line(one.reason, _LINE)}”" if one.reason else ""
        blocks += section_blocks(Mrkdwn(head), Mrkdwn(why), *_list_lines(one.changes, 5))
    if not lines:
        blocks += section_blocks(Mrkdwn("_Nothing is kept of it yet._"))
    more = len(lines) - _HISTORY_SHOWN
    rest = f"… and {more:,} older changes" if more > 0 else ""
    blocks += context_blocks(Mrkdwn(rest))
    return build_modal(action_ids.RULE_HISTORY, "History of a rule", blocks)


def carry_draft(rule_id: str, number: int, definition: Mapping[str, Any], reason: str) -> str:
    """Return an edited rule as a dialog carries it: packed, for there is little room."""
    draft = {"number": number, "reason": reason[:_REASON], "definition": definition}
    packed = zlib.compress(json.dumps(draft, separators=(",", ":")).encode(), 9)
    return f"{rule_id}:{base64.b64encode(packed).decode()}"


def read_draft(carried: str) -> tuple[int, str, Mapping[str, Any]] | None:
    """Return the number that was seen, the reason and the definition; None for what is none."""
    try:
        packed = base64.b64decode(carried.partition(":")[2], validate=True)
        text = zlib.decompressobj().decompress(packed, 100 * _MAX_CARRIED)
        draft = json.loads(text)
        return int(draft["number"]), str(draft["reason"]), dict(draft["definition"])
    except (LookupError, TypeError, ValueError, zlib.error):
        return None


def _field_block(field: RuleField) -> Block:
    element: Block
    match field.kind:
        case FieldKind.CHOICE:
            choices = {value: value for value in field.choices}
            element = select_menu(field.name, choices, "Not asked", field.value)
        case FieldKind.NUMBER | FieldKind.WHOLE:
            element = _number_input(field)
        case _:
            lines = field.kind is FieldKind.LINES or "\n" in field.value
            element = text_input(
                field.name, multiline=lines, initial=field.value, max_length=MAX_TEXT
            )
    optional = not field.is_needed
    return input_block(field.name, field.label, element, optional=optional, hint=field.hint)


def _number_input(field: RuleField) -> Block:
    is_decimal = field.kind is FieldKind.NUMBER
    element: Block = {
        "type": "number_input",
        "action_id": field.name,
        "is_decimal_allowed": is_decimal,
    }
    given = {"min_value": field.low, "max_value": field.high}
    limits = {name: f"{limit:g}" for name, limit in given.items() if limit is not None}
    initial = {"initial_value": field.value} if field.value else {}
    return {**element, **limits, **initial}


def _preview_blocks(preview: RulePreview) -> list[Block]:
    name = f"*{escape_line(preview.name, _LINE)}* (`{preview.rule_id}`)"
    blocks = [
        *section_blocks(Mrkdwn(name), *_list_lines(preview.changes)),
        divider_block(),
        *context_blocks(escape_line(preview.coverage, 2 * _LINE)),
        *section_blocks(
            Mrkdwn(f"*{escape_line(preview.outcome, 2 * _LINE)}*"),
            escape_line(preview.marked, 2 * _LINE),
            escape_line(preview.against, 2 * _LINE),
        ),
    ]
    for text, kind in preview.samples:
        said = quote(cut(one_line(text), _SAMPLE))
        blocks += section_blocks(Mrkdwn(f"_{escape_line(kind)}_"), said)
    return blocks


def _list_lines(lines: Sequence[str], shown: int = _LINES_SHOWN) -> list[Mrkdwn]:
    told = [Mrkdwn(f"• {escape_line(line, _LINE)}") for line in lines[:shown]]
    more = len(lines) - shown
    return [*told, Mrkdwn(f"… and {more} more" if more > 0 else "")]


def _toml_blocks(toml: str, said: str) -> list[Block]:
    """The TOML in frames that hold as much as Slack lets one hold."""
    lines = escape_line(said, _LINE)
    frames = [toml[at : at + _TOML_SHOWN] for at in range(0, len(toml), _TOML_SHOWN)]
    return [divider_block(), *section_blocks(lines), *map(preformatted_block, frames)]


def _draw_definition(preview: RulePreview) -> str:
    return json.dumps(preview.definition, indent=2, ensure_ascii=False)
