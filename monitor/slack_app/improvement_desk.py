"""What people do to the action register in Slack, and the events that they mark there."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from monitor.domain.action import Refusal
from monitor.domain.actor import Actor, ActorKind
from monitor.domain.feedback import Stage, Touchpoint
from monitor.domain.improvement import (
    Improvement,
    ImprovementChange,
    ImprovementState,
    PainPoint,
)
from monitor.domain.marked_event import MarkedEventKind, MarkOrigin, make_marked_event
from monitor.followup.improvements import ImprovementWish, add_improvement, change_improvement
from monitor.slack.views import action_ids, forms
from monitor.slack.views.action_ids import ImprovementVersion
from monitor.slack_app.interactions import Interaction, InteractionKind
from monitor.store import Store, Transaction

_DIALOGS = (action_ids.IMPROVE, action_ids.CHANGE_IMPROVEMENT)
_GONE = "This improvement is no longer there."
_USAGE = (
    "Write it like this: `/repwatch event 6.5.0 release`, or with when it began: "
    "`/repwatch event Login down outage 2026-11-20T08:30`. "
    f"Kinds: {', '.join(MarkedEventKind)}."
)
_QUOTES = "\"“”„'"


def is_about_improvement(interaction: Interaction) -> bool:
    """Return whether an interaction changes the action register."""
    match interaction.kind:
        case InteractionKind.SUBMIT:
            return interaction.form_submission.callback in _DIALOGS
        case InteractionKind.CLICK:
            return interaction.click.name == action_ids.FINISH_IMPROVEMENT
    return False


def apply_improvement(
    tx: Transaction, interaction: Interaction, now: datetime, *, is_manager: bool
) -> str:
    """Do to the register what a person asked for, and return what to tell them."""
    if interaction.kind is InteractionKind.CLICK:
        return _finish(tx, interaction, now, is_manager=is_manager)
    form = interaction.form_submission
    if form.callback == action_ids.IMPROVE:
        outcome = add_improvement(tx, _to_wish(interaction), now)
        return _tell(outcome, "is written down", form.values)
    version = ImprovementVersion.from_value(form.carried)
    current = tx.improvements.get(version.improvement_id) if version else None
    if version is None or current is None:
        return _GONE
    change = _to_change(interaction, current, version.turn)
    changed = change_improvement(tx, current.id, change, now, is_manager=is_manager)
    return _tell(changed, "is changed", form.values)


def mark_event(store: Store, interaction: Interaction, text: str, now: datetime, zone: str) -> str:
    """Mark the event that a command names, and return what to tell the person.

    `text` is "NAME [kind] [at]"; a time without an offset is in `zone`.
    """
    name, kind, at = parse_event_text(text, now, zone)
    if not name:
        return _USAGE
    try:
        event = make_marked_event(name, kind, at, origin=MarkOrigin.SLACK, actor=interaction.actor)
    except ValueError as error:
        return f"Nothing was marked: {error}."
    with store.write() as tx:
        marked, is_new = tx.marked_events.add(event)
    when = f"{marked.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"
    done = "is marked" if is_new else "was marked before"
    return f"{marked.name} {done}: {marked.kind}, {when}. The digest names it beside what changed."


def parse_event_text(text: str, now: datetime, zone: str) -> tuple[str, MarkedEventKind, datetime]:
    """Return the name, the kind and the time that "NAME [kind] [at]" has.

    Without a kind it is `other`, without a time it is now. The name is empty where there is none.
    """
    words = text.split()
    at, kind = None, MarkedEventKind.OTHER
    if len(words) > 1:
        at = _parse_time(words[-1], zone)
        words = words[:-1] if at else words
    if len(words) > 1 and words[-1].lower() in set(MarkedEventKind):
        kind = MarkedEventKind(words.pop().lower())
    return " ".join(words).strip(_QUOTES), kind, at or now


def _parse_time(word: str, zone: str) -> datetime | None:
    """The moment that a word names; None where it names none, as 6.5.0 and 20261120 do."""
    if not re.match(r"\d{4}-\d{2}-\d{2}", word):
        return None
    try:
        at = datetime.fromisoformat(word)
        return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return None


def _finish(tx: Transaction, interaction: Interaction, now: datetime, *, is_manager: bool) -> str:
    version = interaction.click.improvement
    if version is None:
        return _GONE
    change = ImprovementChange(
        actor=interaction.actor,
        via="slack:button",
        turn=version.turn,
        state=ImprovementState.DONE,
    )
    number = version.improvement_id
    outcome = change_improvement(tx, number, change, now, is_manager=is_manager)
    return _tell(outcome, "is done: the digest compares the four weeks before with those after", {})


def _to_wish(interaction: Interaction) -> ImprovementWish:
    values = interaction.form_submission.values
    owner = values.get(forms.ASSIGNEE)
    return ImprovementWish(
        title=values.get(forms.TITLE, ""),
        actor=interaction.actor,
        request_id=interaction.dedupe_key,
        via="slack:modal",
        about=_to_pain_point(values),
        owner=Actor.slack(owner) if owner else None,
        next_action=values.get(forms.NEXT_ACTION, ""),
        due=_to_day(values),
    )


def _to_change(interaction: Interaction, current: Improvement, turn: int) -> ImprovementChange:
    """What the dialog asks for: what was left empty there is taken away."""
    values = interaction.form_submission.values
    owner, due = values.get(forms.ASSIGNEE), _to_day(values)
    state = ImprovementState(values.get(forms.STATE, current.state))
    was_in_slack = current.owner is not None and current.owner.kind is ActorKind.SLACK
    return ImprovementChange(
        actor=interaction.actor,
        via="slack:modal",
        turn=turn,
        state=state if state is not current.state else None,
        title=values.get(forms.TITLE, ""),
        about=_to_pain_point(values),
        owner=Actor.slack(owner) if owner else None,
        without_owner=was_in_slack and not owner,
        next_action=values.get(forms.NEXT_ACTION, ""),
        due=due,
        without_due=due is None,
        note=values.get(forms.NOTE, ""),
    )


def _to_pain_point(values: forms.FormValues) -> PainPoint:
    stage, point = values.get(forms.STAGE), values.get(forms.TOUCHPOINT)
    return PainPoint(
        stage=Stage(stage) if stage else None,
        touchpoint=Touchpoint(point) if point else None,
        query=values.get(forms.QUERY, ""),
    )


def _to_day(values: forms.FormValues) -> date | None:
    return date.fromisoformat(values[forms.DUE]) if values.get(forms.DUE) else None


def _tell(outcome: Improvement | Refusal, done: str, written: forms.FormValues) -> str:
    """What to tell the person; what somebody has written is not lost with the dialog."""
    if isinstance(outcome, Improvement):
        return f"Improvement {outcome.id} {done}: {outcome.title}"
    names = (forms.TITLE, forms.NEXT_ACTION, forms.QUERY, forms.NOTE)
    kept = [written[name] for name in names if written.get(name)]
    return "\n".join([outcome.message, *(["You wrote:"] if kept else []), *kept])
