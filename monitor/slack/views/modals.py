"""The modals: values in, view JSON out. What is filled into them is read by `forms`.

Each one carries the version of the alert, so that what is sent off after the alert has moved on
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo

from monitor.domain.actor import ActorKind
from monitor.domain.alert import NamedRule
from monitor.domain.delivery import Card
from monitor.domain.event import AlertEvent
from monitor.domain.feedback import Label, Stage
from monitor.domain.reply import ReplyDraft
from monitor.notifiers import wording
from monitor.notifiers.plain_text import host_of, safe_url, sanitize_text, utf16_length
from monitor.slack.blocks import (
    Block,
    action_blocks,
    checkbox_group,
    context_blocks,
    fit_prefilled,
    input_block,
    make_button,
    plain_text,
    radio_buttons,
    section_blocks,
    select_menu,
    text_input,
)
from monitor.slack.mrkdwn import (
    Mrkdwn,
    escape,
    escape_line,
    excerpt,
    join_lines,
    join_parts,
    link,
    mention_member,
    quote,
)
from monitor.slack.views import action_ids, thread
from monitor.slack.views import forms as names
from monitor.slack.views import why as reasons
from monitor.slack.views.action_ids import ReplyProposal
from monitor.slack.views.card import format_question, star_rating, version_value
from monitor.slack.views.snippet import snippet
from monitor.slack.views.why import ExplainedDecision

#: Where a problem usually comes from; other words can be given too.
CAUSES = (
    "Mistake in the product",
    "Outage",
    "Slow or unreliable",
    "Missing feature",
    "Price or billing",
    "Delivery or stock",
    "Our service or staff",
    "Misleading information",
    "Wrong expectation",
    "Not ours to mend",
)
#: Where something was said that no source hears.
PLACES = ("In person", "Phone call", "E-mail", "Chat", "Event", "Elsewhere")

_MAX_TEXT, _SHORT, _NOTE, _URL = 3_000, 200, 1_000, 1_000
_TITLE = 24  #: of a modal, and of its buttons
_PLACEHOLDER = 150
_MAX_TEMPLATE_ID = 75
_MAX_TEMPLATE_NAME = 150
_QUOTED, _SNIPPET, _TEMPLATES, _MESSAGE = 1_500, 150, 100, 2_700
_RULES_TO_CHOOSE = 100
_MORE_REPORTS = (1, 5, 10, 25, 100)
_MORNING = 9  # o'clock
_TOMORROW = 4  # its place among the times to choose from
_LABELS = {
    Label.POSITIVE: "Positive",
    Label.NEUTRAL: "Neutral",
    Label.NEGATIVE: "Negative",
    Label.MIXED: "Mixed: content, with a strong complaint",
}
_STAR_CHOICES = {
    str(number): f"{'★' * number}{'☆' * (5 - number)} {number}" for number in range(1, 6)
}


def render_reply_modal(card: Card, draft: ReplyDraft, *, tone: str = "") -> Block:
    """Return the modal that answers the customer; `tone` is one line on how the brand speaks.

    A choice of another template arrives as a click on `action_ids.TEMPLATE`; the modal is then
    replaced by one with its draft.
    """
    url = safe_url(draft.url)
    tone_line = Mrkdwn(f"🗣️ {escape_line(tone, _SHORT)}" if tone else "")
    approval = "✋ A manager reads it before it is published." if draft.needs_approval else ""
    blocks = [
        *section_blocks(_format_customer(card)),
        *context_blocks(tone_line),
        *_template_choice(draft.options, draft.chosen),
        _reply_input(draft),
        *_posting_choice(draft, url),
        *context_blocks(Mrkdwn(approval)),
    ]
    title = f"Answer alert {card.alert.id}"
    return _build_alert_modal(action_ids.REPLY, title, blocks, _reply_submit(draft), card)


def _reply_input(draft: ReplyDraft) -> Block:
    max_length = max(1, min(draft.max_length, _MAX_TEXT))
    initial = fit_prefilled(draft.text, max_length)
    # Slack keeps what stands in a field when a modal changes, unless the field has another name.
    template = draft.chosen[:_MAX_TEMPLATE_ID]
    block_id = f"{names.TEXT}{names.OF_TEMPLATE}{template}" if template else names.TEXT
    return input_block(
        block_id,
        "Your answer",
        text_input(names.TEXT, multiline=True, initial=initial, max_length=max_length),
        hint=f"At most {max_length:,} characters. Everybody may read it.",
    )


def _reply_submit(draft: ReplyDraft) -> str:
    if draft.needs_approval:
        return "Send for approval"
    return "Send" if draft.can_publish else "I have posted it"


def render_resolve_modal(card: Card) -> Block:
    """Return the modal that resolves an alert: where the problem came from, what was done."""
    causes = {cause: cause for cause in CAUSES}
    cause = select_menu(names.ROOT_CAUSE, causes, "Choose, or write below")
    other_cause = text_input(names.OTHER_CAUSE, max_length=_SHORT)
    example = "Refunded; fix is in version 6.3.3"
    action_taken = text_input(names.ACTION_TAKEN, max_length=_SHORT, placeholder=example)
    note = text_input(names.NOTE, multiline=True, max_length=_NOTE)
    blocks = [
        *section_blocks(_format_subject(card)),
        input_block(names.ROOT_CAUSE, "What caused it", cause, optional=True),
        input_block(names.OTHER_CAUSE, "Or in your words", other_cause, optional=True),
        input_block(names.ACTION_TAKEN, "What was done", action_taken, optional=True),
        _ticket_field(card),
        input_block(names.NOTE, "Note for the team", note, optional=True),
    ]
    title = f"Resolve alert {card.alert.id}"
    return _build_alert_modal(action_ids.RESOLVE, title, blocks, "Resolve", card)


def _ticket_field(card: Card) -> Block:
    """Where the alert's ticket is, if it has one elsewhere."""
    ticket = text_input(
        names.TICKET,
        max_length=_URL,
        initial=card.alert.ticket,
        placeholder="https://tracker.example/T-41",
    )
    return input_block(names.TICKET, "Its ticket elsewhere", ticket, optional=True)


def render_assign_modal(card: Card) -> Block:
    """Return the modal that assigns an alert to somebody or, left empty, to nobody."""
    assignee = card.alert.assignee
    people: Block = {
        "type": "users_select",
        "action_id": names.ASSIGNEE,
        "placeholder": plain_text("Choose", _PLACEHOLDER),
    }
    is_held = assignee is not None
    if assignee and assignee.kind is ActorKind.SLACK:
        people["initial_user"] = assignee.id
    hint = "Leave it empty to give the alert back: then nobody has it." if is_held else ""
    blocks = [
        *section_blocks(_format_subject(card)),
        input_block(names.ASSIGNEE, "Who", people, optional=is_held, hint=hint),
    ]
    title = f"Assign alert {card.alert.id}"
    return _build_alert_modal(action_ids.ASSIGN, title, blocks, "Assign", card)


def render_snooze_modal(card: Card, now: datetime, zone: tzinfo | None = None) -> Block:
    """Return the modal that snoozes an alert, until a time or until more reports come.

    Instead it may remind the person alone at a time. Times are in `zone`, that of the person;
    without one in that of `now`. There is no "for ever".
    """
    times = _snooze_times(now.astimezone(zone or now.tzinfo))
    tomorrow = list(times)[_TOMORROW]  # the night is over then
    until = {
        **times,
        names.CHOSEN_TIME: "The time chosen below",
        names.LONGEST: "Whenever one of the below happens",
    }
    at: Block = {
        "type": "datetimepicker",
        "action_id": names.AT,
        "initial_date_time": int(tomorrow),
    }
    effects = {
        names.PUT_AWAY: "Put it away: until then nobody is reminded or called",
        names.REMIND: "Only remind me: nothing changes for the others",
    }
    effect = radio_buttons(names.EFFECT, effects, names.PUT_AWAY)
    faster = {names.YES: "Reports come faster than before"}
    choice = radio_buttons(names.UNTIL, until, tomorrow)
    members = select_menu(names.MEMBERS, _more_reports(card.alert.members), "Never mind")
    worse = checkbox_group(names.WORSE, faster, (names.YES,))
    blocks = [
        *section_blocks(_format_subject(card)),
        input_block(names.EFFECT, "What", effect),
        input_block(names.UNTIL, "Until when", choice),
        input_block(names.AT, "Time", at, optional=True, hint="At most 30 days from now."),
        input_block(names.MEMBERS, "Wake it earlier after", members, optional=True),
        input_block(names.WORSE, "Wake it earlier when", worse, optional=True),
    ]
    title = f"Later: alert {card.alert.id}"
    return _build_alert_modal(action_ids.SNOOZE, title, blocks, "Save", card)


def _more_reports(members: int) -> dict[str, str]:
    """Numbers of reports that wake an alert, which has `members` now."""
    return {
        str(
            members + more
        ): f"{wording.format_plural(more, 'more report')} ({members + more} in all)"
        for more in _MORE_REPORTS
    }


def render_correct_modal(card: Card) -> Block:
    """Return the modal that corrects the analysis; models learn from it."""
    analysis = card.analysis
    read_label = str(analysis.sentiment.label) if analysis.sentiment else ""
    labels = {str(label): _LABELS[label] for label in Label}
    stages = {str(stage): str(stage).capitalize() for stage in Stage if stage is not Stage.UNSURE}
    yes_no = {names.YES: "Yes", names.NO: "No, it should not have fired"}
    sentiment = radio_buttons(names.SENTIMENT, labels, read_label)
    stage = select_menu(names.STAGE, stages, "Not known", analysis.stage or "")
    useful = radio_buttons(names.USEFUL, yes_no)
    note = "Your answer trains the scores of this workspace. The alert stays as it is."
    blocks = [
        *section_blocks(_format_customer(card)),
        input_block(names.SENTIMENT, "How it is meant", sentiment, optional=True),
        input_block(names.STAGE, "Journey stage: where the customer stands", stage, optional=True),
        input_block(names.USEFUL, "Did this need a human?", useful, optional=True),
        *_rule_choice(card),
        *context_blocks(Mrkdwn(note)),
    ]
    title = "What was read wrongly"
    return _build_alert_modal(action_ids.CORRECT, title, blocks, "Correct", card)


def _rule_choice(card: Card) -> list[Block]:
    """Which rule the answer is about: the leading one, unless somebody says another."""
    if not card.also:
        return []
    leading = NamedRule(card.alert.rule_id, card.alert.rule_name)
    rules = {rule.id: rule.name for rule in (leading, *card.also)[:_RULES_TO_CHOOSE]}
    select = select_menu(names.RULE, rules, "The leading rule", leading.id)
    return [input_block(names.RULE, "Which rule is that about?", select, optional=True)]


def render_escalate_modal(card: Card) -> Block:
    """Return the modal that asks before more people are called to an alert."""
    placeholder = "What you need, and from whom"
    note = text_input(names.NOTE, multiline=True, max_length=_NOTE, placeholder=placeholder)
    warning = "The whole channel will see this, and whoever the rule calls next."
    blocks = [
        *section_blocks(_format_subject(card), Mrkdwn(warning)),
        input_block(names.NOTE, "Why", note, optional=True),
        _ticket_field(card),
    ]
    title = f"Escalate alert {card.alert.id}"
    return _build_alert_modal(action_ids.ESCALATE, title, blocks, "Escalate", card)


def render_reject_modal(proposal: ReplyProposal, text: str) -> Block:
    """Return the modal that sends a proposed reply back, with what is to be changed."""
    note = text_input(names.NOTE, multiline=True, max_length=_NOTE)
    blocks = [
        *section_blocks(quote(excerpt(sanitize_text(text), (), _QUOTED))),
        input_block(names.NOTE, "What is to be changed", note),
    ]
    title = "Send the answer back"
    return build_modal(action_ids.REJECT, title, blocks, "Send back", proposal.encoded_value)


def render_capture_modal(text: str, origin: str = "") -> Block:
    """Return the modal that makes feedback of a message; it carries `origin` as it is."""
    initial = fit_prefilled(text, _MAX_TEXT)
    words = text_input(names.TEXT, multiline=True, initial=initial, max_length=_MAX_TEXT)
    hint = "In their own words; leave out what is not theirs."
    place = select_menu(names.PLACE, {place: place for place in PLACES}, "Choose")
    author = text_input(names.AUTHOR, max_length=_SHORT)
    stars = select_menu(names.STARS, _STAR_CHOICES, "Not said")
    url = text_input(names.URL, max_length=_URL, placeholder="https://")
    blocks = [
        input_block(names.TEXT, "What the customer said", words, hint=hint),
        input_block(names.PLACE, "Where", place, optional=True),
        input_block(names.AUTHOR, "Who said it", author, optional=True),
        input_block(names.STARS, "How content they are", stars, optional=True),
        input_block(names.URL, "Link", url, optional=True),
    ]
    return build_modal(action_ids.CAPTURE, "Add feedback", blocks, "Add", origin)


def render_message_modal(text: str, title: str = "repwatch") -> Block:
    """Return a modal with a plain text; "user:U123" in it becomes a mention."""
    blocks = section_blocks(thread.format_direct_text(text, _MESSAGE))
    return build_modal(action_ids.MESSAGE, title, blocks)


def render_why_modal(
    card: Card,
    events: Sequence[AlertEvent],
    decisions: Iterable[ExplainedDecision] = (),
    url: str = "",
) -> Block:
    """Return all that led to an alert and happened since.

    `decisions` are what every rule decided about its first feedback; `url` leads to the card in its
    channel.
    """
    every = list(decisions)
    own = [decision for decision in every if decision.alert_id == card.alert.id]
    others = [decision for decision in every if decision.alert_id != card.alert.id]
    show_card = [make_button(action_ids.OPEN_ORIGINAL, "Show the card", url=url)]
    blocks = [
        *section_blocks(_format_subject(card)),
        *section_blocks(*reasons.explain_trigger(card, own)),
        *section_blocks(*reasons.explain_analysis(card)),
        *section_blocks(*reasons.explain_other_rules(others)),
        *section_blocks(*reasons.format_history(card.alert, events)),
        *action_blocks(show_card if safe_url(url) else []),
    ]
    return build_modal(action_ids.WHY, f"Why alert {card.alert.id}?", blocks)


def _build_alert_modal(
    callback: str, title: str, blocks: Sequence[Block], submit: str, card: Card
) -> Block:
    """A modal that acts on the alert as it is now."""
    return build_modal(callback, title, blocks, submit, version_value(card.alert))


def build_modal(
    callback: str, title: str, blocks: Sequence[Block], submit: str = "", carried: str = ""
) -> Block:
    """Return a modal; without `submit` it can only be closed."""
    view: Block = {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": carried,
        "title": plain_text(title, _TITLE),
        "close": plain_text("Cancel" if submit else "Close", _TITLE),
        "blocks": list(blocks),
    }
    if submit:
        view["submit"] = plain_text(submit, _TITLE)
    return view


def _format_subject(card: Card) -> Mrkdwn:
    """What a modal is about, in two lines."""
    alert = card.alert
    status = wording.format_status(alert, mention_member(alert.assignee))
    headline = escape_line(wording.severity_and_rule(alert), _SNIPPET)
    said = escape(snippet(card.feedback, alert.words, _SNIPPET))
    has_words = bool(wording.quoted_words(card.feedback, alert.words))
    return Mrkdwn(f"*{headline}* · {status}\n{f'“{said}”' if has_words else f'_{said}_'}")


def _format_customer(card: Card) -> Mrkdwn:
    """The customer's words in full length, with who says them."""
    feedback, words = card.feedback, card.alert.words
    author = escape_line(wording.format_author(card), _SHORT)
    head = join_parts(escape_line(feedback.source_id), star_rating(feedback), author)
    text = wording.quoted_words(feedback, words)
    quoted = quote(excerpt(text, words, _QUOTED), words)
    said = quoted if text else f"_{wording.missing_words_note(feedback)}_"
    return join_lines(head, format_question(feedback, _SHORT), said)


def _template_choice(options: Sequence[str], chosen: str) -> list[Block]:
    """The choice of another text to start from."""
    choices = {
        name: name
        for name in options[:_TEMPLATES]
        if name and utf16_length(name) <= _MAX_TEMPLATE_NAME
    }
    if not choices:
        return []
    menu = select_menu(action_ids.TEMPLATE, choices, "Choose a template", chosen)
    hint = "Replaces the text below."
    block = input_block(names.TEMPLATE, "Start from", menu, optional=True, hint=hint, dispatch=True)
    return [block]


def _posting_choice(draft: ReplyDraft, url: str) -> list[Block]:
    """Who posts the reply: repwatch where it can, else the person, who needs the way there."""
    place = Mrkdwn(f"*{link(url, Mrkdwn('Open the original'))}* ({host_of(url)})" if url else "")
    if not draft.can_publish:
        posting = (
            "repwatch cannot post there: copy the text, post it yourself, "
            "then press the button below. The text stays below the card, to be copied again."
        )
        return section_blocks(Mrkdwn(posting), place)
    choices = {names.PUBLISH: "Publish it for me", names.COPY: "I copy it and post it myself"}
    how = radio_buttons(names.HOW, choices, names.PUBLISH)
    return [input_block(names.HOW, "How it gets there", how), *section_blocks(place)]


def _snooze_times(now: datetime) -> dict[str, str]:
    """Times to choose from, by their seconds since 1970; `now` is in the person's time zone."""
    morning = now.replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    tomorrow, monday = morning + timedelta(days=1), morning + timedelta(days=7 - now.weekday())
    choices = [
        (now + timedelta(minutes=30), "In half an hour ({:%H:%M})"),
        (now + timedelta(hours=1), "In an hour ({:%H:%M})"),
        (now + timedelta(hours=2), "In two hours ({:%H:%M})"),
        (now + timedelta(hours=4), "In four hours ({:%H:%M})"),
        (tomorrow, "Tomorrow, {:%A %H:%M}"),
    ]
    if monday != tomorrow:
        choices.append((monday, "Next week, {:%A %H:%M}"))
    return {str(int(at.timestamp())): text.format(at) for at, text in choices}
