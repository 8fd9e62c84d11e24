"""The dialogs: values in, view JSON out. What is filled into them is read by `submitted`.

Each one carries the alert's `Handle`, so that what is sent off after the alert has moved on changes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from monitor.domain.actor import ActorKind
from monitor.domain.alert import Alert
from monitor.domain.delivery import Card
from monitor.domain.event import AlertEvent
from monitor.domain.feedback import Label, Stage
from monitor.domain.reply import ReplyDraft
from monitor.notifiers import wording
from monitor.notifiers.plain_text import host_of, one_line, safe_url, utf16_length
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
from monitor.slack.mrkdwn import cut, escape, excerpt, link, mention_member, quote
from monitor.slack.views import action_ids, thread
from monitor.slack.views import forms as names
from monitor.slack.views import why as reasons
from monitor.slack.views.action_ids import AlertVersion, ReplyProposal
from monitor.slack.views.why import ExplainedDecision

#: What a problem usually comes from; other words can be given too.
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

_LONGEST_TEXT, _SHORT, _NOTE = 3_000, 200, 1_000
_LONGEST_NAME = 75  #: of a template
_QUOTED, _SNIPPET, _TEMPLATES = 1_500, 150, 100
_MORE_REPORTS = (1, 5, 10, 25, 100)
_MORNING = 9  # o'clock
_LABELS = {
    Label.POSITIVE: "Positive",
    Label.NEUTRAL: "Neutral",
    Label.NEGATIVE: "Negative",
    Label.MIXED: "Mixed: content, with a strong complaint",
}
_STAR_CHOICES = {str(number): "★" * number + "☆" * (5 - number) for number in range(1, 6)}


def render_reply_modal(card: Card, draft: ReplyDraft, *, tone: str = "") -> Block:
    """Answer the customer, starting from a draft; `voice` is one line on how the brand speaks.

    A choice of another template arrives as a click on `controls.TEMPLATE`; the dialog is then made
    anew with its draft.
    """
    alert, url, chosen = card.alert, safe_url(draft.url), draft.chosen
    most = max(1, min(draft.most, _LONGEST_TEXT))
    # Slack keeps what stands in a field when a dialog changes, unless the field has another name.
    text_id = f"{names.TEXT}{names.OF_TEMPLATE}{chosen[:_LONGEST_NAME]}" if chosen else names.TEXT
    written = text_input(
        names.TEXT, multiline=True, initial=fit_prefilled(draft.text, most), most=most
    )
    blocks = [
        *section_blocks(_format_customer(card)),
        *context_blocks(f"🗣️ {escape(cut(one_line(tone), _SHORT))}" if tone else ""),
        *_template_choice(draft.options, chosen),
        input_block(
            text_id,
            "Your answer",
            written,
            hint=f"At most {most:,} characters. Everybody may read it.",
        ),
        *_posting_choice(draft, url),
        *context_blocks(
            "✋ A manager reads it before it is published." if draft.needs_approval else ""
        ),
    ]
    submit = (
        "Send for approval"
        if draft.needs_approval
        else "Send"
        if draft.can_publish
        else "I have posted it"
    )
    return _build_modal(
        action_ids.REPLY, f"Answer alert {alert.id}", blocks, submit, _version_value(alert)
    )


def render_resolve_modal(card: Card) -> Block:
    """Close an alert: where the problem came from, and what was done."""
    causes = {cause: cause for cause in CAUSES}
    chosen = select_menu(names.ROOT_CAUSE, causes, "Choose, or write below")
    other = text_input(names.OTHER_CAUSE, most=_SHORT)
    taken = text_input(
        names.ACTION_TAKEN, most=_SHORT, placeholder="Refunded; fix is in version 6.3.3"
    )
    note = text_input(names.NOTE, multiline=True, most=_NOTE)
    blocks = [
        *section_blocks(_format_subject(card)),
        input_block(names.ROOT_CAUSE, "Where it came from", chosen, optional=True),
        input_block(names.OTHER_CAUSE, "Or in your words", other, optional=True),
        input_block(names.ACTION_TAKEN, "What was done", taken, optional=True),
        input_block(names.NOTE, "Note for the team", note, optional=True),
    ]
    return _build_modal(
        action_ids.RESOLVE,
        f"Resolve alert {card.alert.id}",
        blocks,
        "Resolve",
        _version_value(card.alert),
    )


def render_assign_modal(card: Card) -> Block:
    """Give an alert to somebody; left empty, to nobody."""
    holder = card.alert.assignee
    in_slack = holder is not None and holder.kind is ActorKind.SLACK
    known = {"initial_user": holder.id} if holder and in_slack else {}
    people: Block = {
        "type": "users_select",
        "action_id": names.ASSIGNEE,
        "placeholder": plain_text("Choose", 150),
        **known,
    }
    hint = "Leave it empty to give the alert back: then nobody has it." if holder else ""
    blocks = [
        *section_blocks(_format_subject(card)),
        input_block(names.ASSIGNEE, "Who", people, optional=bool(holder), hint=hint),
    ]
    return _build_modal(
        action_ids.ASSIGN,
        f"Assign alert {card.alert.id}",
        blocks,
        "Assign",
        _version_value(card.alert),
    )


def render_snooze_modal(card: Card, now: datetime, zone: tzinfo | None = None) -> Block:
    """Leave an alert alone until a time, and wake it earlier for more reports or when it gets
    worse.

    `zone` is that of the person who asks; without one, times are in that of `now`. There is no way
    to say "for ever".
    """
    times = _snooze_times(now.astimezone(zone or now.tzinfo))
    tomorrow = list(times)[2]  # the night is over then
    until = {
        **times,
        names.CHOSEN_TIME: "The time chosen below",
        names.LONGEST: "Whenever one of the below happens",
    }
    members = card.alert.members
    more = {
        str(members + n): f"{n} more report{'' if n == 1 else 's'} ({members + n} in all)"
        for n in _MORE_REPORTS
    }
    at: Block = {
        "type": "datetimepicker",
        "action_id": names.AT,
        "initial_date_time": int(tomorrow),
    }
    worse = checkbox_group(
        names.WORSE, {names.YES: "Reports come faster than before"}, (names.YES,)
    )
    blocks = [
        *section_blocks(_format_subject(card)),
        input_block(
            names.UNTIL, "Leave it alone until", radio_buttons(names.UNTIL, until, tomorrow)
        ),
        input_block(names.AT, "Time", at, optional=True, hint="At most 30 days from now."),
        input_block(
            names.MEMBERS,
            "Wake it earlier after",
            select_menu(names.MEMBERS, more, "Never mind"),
            optional=True,
        ),
        input_block(names.WORSE, "Wake it earlier when", worse, optional=True),
    ]
    return _build_modal(
        action_ids.SNOOZE,
        f"Snooze alert {card.alert.id}",
        blocks,
        "Snooze",
        _version_value(card.alert),
    )


def render_correct_modal(card: Card) -> Block:
    """Say what was read wrongly; models learn from it."""
    analysis = card.analysis
    label = str(analysis.sentiment.label) if analysis.sentiment else ""
    labels = {str(one): _LABELS[one] for one in Label}
    stages = {str(one): str(one).capitalize() for one in Stage if one is not Stage.UNSURE}
    useful = radio_buttons(
        names.USEFUL, {names.YES: "Yes", names.NO: "No, it should not have fired"}
    )
    blocks = [
        *section_blocks(_format_customer(card)),
        input_block(
            names.SENTIMENT,
            "How it is meant",
            radio_buttons(names.SENTIMENT, labels, label),
            optional=True,
        ),
        input_block(
            names.STAGE,
            "Where the customer is on the way",
            select_menu(names.STAGE, stages, "Not known", analysis.stage or ""),
            optional=True,
        ),
        input_block(names.USEFUL, "Did this need a human?", useful, optional=True),
        *context_blocks(
            "Your answer trains the scores of this workspace. The alert stays as it is."
        ),
    ]
    return _build_modal(
        action_ids.CORRECT, "What was read wrongly", blocks, "Correct", _version_value(card.alert)
    )


def render_escalate_modal(card: Card) -> Block:
    """Call more people to an alert: asked first, for the whole channel sees it."""
    note = text_input(
        names.NOTE, multiline=True, most=_NOTE, placeholder="What you need, and from whom"
    )
    blocks = [
        *section_blocks(
            _format_subject(card),
            "The whole channel will see this, and whoever the rule calls next.",
        ),
        input_block(names.NOTE, "Why", note, optional=True),
    ]
    return _build_modal(
        action_ids.ESCALATE,
        f"Escalate alert {card.alert.id}",
        blocks,
        "Escalate",
        _version_value(card.alert),
    )


def render_reject_modal(proposal: ReplyProposal, text: str) -> Block:
    """Say what is to be changed in a proposed answer."""
    note = text_input(names.NOTE, multiline=True, most=_NOTE)
    blocks = [
        *section_blocks(quote(excerpt(text, (), _QUOTED), ())),
        input_block(names.NOTE, "What is to be changed", note),
    ]
    return _build_modal(
        action_ids.REJECT, "Send the answer back", blocks, "Send back", proposal.encoded_value
    )


def render_capture_modal(text: str, origin: str = "") -> Block:
    """Make feedback of what a customer said in person or by phone; `origin` comes back as it is."""
    words = text_input(
        names.TEXT, multiline=True, initial=fit_prefilled(text, _LONGEST_TEXT), most=_LONGEST_TEXT
    )
    places = {place: place for place in PLACES}
    blocks = [
        input_block(
            names.TEXT,
            "What the customer said",
            words,
            hint="In their own words; leave out what is not theirs.",
        ),
        input_block(
            names.PLACE, "Where", select_menu(names.PLACE, places, "Choose"), optional=True
        ),
        input_block(
            names.AUTHOR, "Who said it", text_input(names.AUTHOR, most=_SHORT), optional=True
        ),
        input_block(
            names.STARS,
            "How content they are",
            select_menu(names.STARS, _STAR_CHOICES, "Not said"),
            optional=True,
        ),
        input_block(
            names.URL,
            "Link",
            text_input(names.URL, most=1_000, placeholder="https://"),
            optional=True,
        ),
    ]
    return _build_modal(action_ids.CAPTURE, "Add feedback", blocks, "Add", origin)


def render_message_modal(text: str, title: str = "repwatch") -> Block:
    """Say something to one person; `text` is plain, people in it are named as "user:U123"."""
    return _build_modal(
        action_ids.MESSAGE, title, section_blocks(thread.format_direct_text(text, 2_900))
    )


def render_why_modal(
    card: Card,
    events: Sequence[AlertEvent],
    explained: Iterable[ExplainedDecision] = (),
    url: str = "",
) -> Block:
    """All that led to an alert and happened since; `explained` is what every rule decided about its
    first feedback.

    `url` leads to the card in its channel.
    """
    decided = list(explained)
    own = [each for each in decided if each.alert_id == card.alert.id]
    others = [each for each in decided if each.alert_id != card.alert.id]
    blocks = [
        *section_blocks(_format_subject(card)),
        *section_blocks(*reasons.explain_trigger(card, own)),
        *section_blocks(*reasons.explain_analysis(card)),
        *section_blocks(*reasons.explain_other_rules(others)),
        *section_blocks(*reasons.format_history(card.alert, events)),
        *action_blocks(
            [make_button(action_ids.OPEN_ORIGINAL, "Show the card", url=url)]
            if safe_url(url)
            else []
        ),
    ]
    return _build_modal(action_ids.WHY, f"Why alert {card.alert.id}?", blocks)


def _build_modal(
    callback: str, title: str, blocks: Sequence[Block], submit: str = "", carried: str = ""
) -> dict[str, Any]:
    """A dialog; without `submit` it can only be closed."""
    ends: Block = {"submit": plain_text(submit, 24)} if submit else {}
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": carried,
        "title": plain_text(title, 24),
        "close": plain_text("Cancel" if submit else "Close", 24),
        "blocks": list(blocks),
        **ends,
    }


def _version_value(alert: Alert) -> str:
    return AlertVersion(alert.id, alert.turn).encoded_value


def _format_subject(card: Card) -> str:
    """What a dialog is about, in two lines."""
    text = one_line(
        wording.quoted_words(card.feedback, card.alert.words)
    ) or wording.missing_words_note(card.feedback)
    status = wording.format_status(card.alert, mention_member(card.alert.assignee))
    head = escape(cut(wording.severity_and_rule(card.alert), _SNIPPET))
    return f"*{head}* · {status}\n“{escape(excerpt(text, card.alert.words, _SNIPPET))}”"


def _format_customer(card: Card) -> str:
    """The customer's words in full length, with who says them."""
    feedback, found = card.feedback, card.alert.words
    rating = wording.format_star_rating(feedback.rating) if feedback.rating else ""
    who = escape(cut(wording.format_author(card), _SHORT))
    head = " · ".join(part for part in (escape(feedback.source_id), rating, who) if part)
    text = wording.quoted_words(feedback, found)
    said = (
        quote(excerpt(text, found, _QUOTED), found)
        if text
        else f"_{wording.missing_words_note(feedback)}_"
    )
    asked = f"_{escape(cut(one_line(feedback.question), _SHORT))}_" if feedback.question else ""
    return "\n".join(part for part in (head, asked, said) if part)


def _template_choice(named: Sequence[str], chosen: str) -> list[Block]:
    """The choice of another text to start from."""
    choices = {name: name for name in named[:_TEMPLATES] if name and utf16_length(name) <= 150}
    if not choices:
        return []
    start = select_menu(action_ids.TEMPLATE, choices, "Choose a template", chosen)
    return [
        input_block(
            names.TEMPLATE,
            "Start from",
            start,
            optional=True,
            hint="Replaces the text below.",
            dispatch=True,
        )
    ]


def _posting_choice(draft: ReplyDraft, url: str) -> list[Block]:
    """Who posts the answer: repwatch where it can, else the person, who needs the way there."""
    way = f"*{link(url, 'Open the original')}* ({host_of(url)})" if url else ""
    if not draft.can_publish:
        posting = "repwatch cannot post there: copy the text, post it yourself, then press the button below."
        return section_blocks(posting, way)
    choices = {names.PUBLISH: "Publish it for me", names.COPY: "I copy it and post it myself"}
    return [
        input_block(
            names.HOW, "How it gets there", radio_buttons(names.HOW, choices, names.PUBLISH)
        ),
        *section_blocks(way),
    ]


def _snooze_times(now: datetime) -> dict[str, str]:
    """Times to choose from, by their seconds since 1970; `now` is in the time zone of the
    person.
    """
    morning = now.replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    tomorrow, monday = morning + timedelta(days=1), morning + timedelta(days=7 - now.weekday())
    choices = [
        (now + timedelta(hours=1), "In an hour ({:%H:%M})"),
        (now + timedelta(hours=4), "In four hours ({:%H:%M})"),
        (tomorrow, "Tomorrow, {:%A %H:%M}"),
        (monday, "Next week, {:%A %H:%M}"),
    ]
    every = choices[:-1] if monday == tomorrow else choices
    return {str(int(at.timestamp())): text.format(at) for at, text in every}
