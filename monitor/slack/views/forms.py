"""What somebody filled into a dialog: checked, or told what is wrong field by field; pure, and
without the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from monitor.domain.action import Action, ActionKind
from monitor.domain.actor import Actor
from monitor.domain.alert import Snooze
from monitor.slack.views import action_ids
from monitor.slack.views.action_ids import AlertVersion, ReplyProposal

#: Names of fields, which are also the `block_id` that a mistake is shown at.
TEXT, HOW, TEMPLATE = "text", "how", "template"
ROOT_CAUSE, OTHER_CAUSE, ACTION_TAKEN, NOTE = "root_cause", "other_cause", "action_taken", "note"
ASSIGNEE = "assignee"
UNTIL, AT, MEMBERS, WORSE = "until", "at", "members", "worse"
SENTIMENT, STAGE, USEFUL = "sentiment", "stage", "useful"
AUTHOR, PLACE, STARS, URL = "author", "place", "stars", "url"

#: Values of choices.
PUBLISH, COPY, CHOSEN_TIME, LONGEST, YES, NO = "publish", "copy", "at", "longest", "yes", "no"
#: Between the name of the answer's field and the template in it: Slack fills a field anew only
#: under a new `block_id`.
OF_TEMPLATE = ":"


@dataclass(frozen=True, slots=True)
class FormSubmission:
    """A dialog that was filled in well."""

    callback: str  #: the dialog's name, one of `controls`
    handle: AlertVersion | None  #: the alert that it is about, as it was when the dialog was opened
    values: Mapping[str, str] = field(default_factory=dict, hash=False)  #: only what was given
    proposal: ReplyProposal | None = None  #: the answer that is sent back
    carried: str = ""  #: `private_metadata` as it is

    def to_action(self, actor: Actor, via: str) -> Action:
        """What follows for the alert; ValueError for a dialog that is about none."""
        act, values = ActionKind(self.callback), self.values
        if act is ActionKind.ASSIGN and not values.get(ASSIGNEE):
            act = ActionKind.RELEASE
        return Action(
            act=act,
            actor=actor,
            via=via,
            turn=self.handle.turn if self.handle else None,
            assignee=Actor.slack(values[ASSIGNEE]) if values.get(ASSIGNEE) else None,
            snooze=self._to_snooze() if act is ActionKind.SNOOZE else None,
            note=values.get(NOTE, ""),
            details={name: values[name] for name in _DETAILS.get(act, ()) if name in values},
        )

    def _to_snooze(self) -> Snooze:
        until = self.values.get(UNTIL)
        return Snooze(
            until=datetime.fromtimestamp(int(until), UTC) if until else None,
            members=int(self.values[MEMBERS]) if MEMBERS in self.values else None,
            worse=WORSE in self.values,
        )


def parse_submission(view: Mapping[str, Any]) -> FormSubmission | Mapping[str, str]:
    """What was filled in, or the mistakes in words by `block_id`."""
    callback, carried = str(view.get("callback_id", "")), str(view.get("private_metadata", ""))
    given = dict(_field_values(view))
    reading = _FORM_READERS.get(callback, _read_nothing)
    values, mistakes = reading(_FilledForm(given, view))
    if mistakes:
        return mistakes
    proposal = ReplyProposal.from_value(carried)
    handle = proposal.handle if proposal else AlertVersion.from_value(carried)
    return FormSubmission(
        callback,
        handle,
        {name: value for name, value in values.items() if value},
        proposal,
        carried,
    )


@dataclass(frozen=True, slots=True)
class _FilledForm:
    """What stands in each field, by its name, and the view that it stands in."""

    given: Mapping[str, str]
    view: Mapping[str, Any]

    def block_id_of(self, name: str) -> str:
        """The `block_id` of a field."""
        ids = (str(block.get("block_id", "")) for block in self.view.get("blocks") or ())
        return next((found for found in ids if _field_name(found) == name), name)

    def initial_choice(self, name: str) -> str:
        """The choice that a field came with; empty for none."""
        for block in self.view.get("blocks") or ():
            if _field_name(str(block.get("block_id", ""))) == name:
                return str((block.get("element", {}).get("initial_option") or {}).get("value", ""))
        return ""

    def is_optional(self, name: str) -> bool:
        """Whether a field may stay empty."""
        blocks = self.view.get("blocks") or ()
        return any(block.get("optional") for block in blocks if block.get("block_id") == name)


_FormResult = tuple[dict[str, str], dict[str, str]]


def _field_values(view: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for block_id, elements in ((view.get("state") or {}).get("values") or {}).items():
        for state in elements.values():
            yield _field_name(block_id), _element_value(state)


def _element_value(state: Mapping[str, Any]) -> str:
    """The value of one element: text, or the value of what was chosen, several with commas
    between.
    """
    for name in ("value", "selected_user", "selected_date_time"):
        if state.get(name):
            return str(state[name]).strip()
    if isinstance(option := state.get("selected_option"), Mapping):
        return str(option.get("value", ""))
    return ",".join(str(option.get("value", "")) for option in state.get("selected_options") or ())


def _field_name(block_id: str) -> str:
    return block_id.split(OF_TEMPLATE, 1)[0]


def _read_reply(form: _FilledForm) -> _FormResult:
    text = form.given.get(TEXT, "")
    how = form.given.get(HOW, COPY)
    template = form.block_id_of(TEXT).partition(OF_TEMPLATE)[2]
    mistakes = {} if text else {form.block_id_of(TEXT): "Write what the customer is to read."}
    return {TEXT: text, HOW: how, TEMPLATE: template}, mistakes


def _read_resolve(form: _FilledForm) -> _FormResult:
    cause = form.given.get(OTHER_CAUSE) or form.given.get(ROOT_CAUSE, "")
    return {
        ROOT_CAUSE: cause,
        ACTION_TAKEN: form.given.get(ACTION_TAKEN, ""),
        NOTE: form.given.get(NOTE, ""),
    }, {}


def _read_assign(form: _FilledForm) -> _FormResult:
    whom = form.given.get(ASSIGNEE, "")
    return {ASSIGNEE: whom}, {} if whom or form.is_optional(ASSIGNEE) else {
        ASSIGNEE: "Choose who is to take it."
    }


def _read_snooze(form: _FilledForm) -> _FormResult:
    until, ends = form.given.get(UNTIL, ""), form.given
    values = {MEMBERS: ends.get(MEMBERS, ""), WORSE: ends.get(WORSE, "")}
    if until == LONGEST:
        wakes = values[MEMBERS] or values[WORSE]
        return values, {} if wakes else {UNTIL: "Say below what is to wake it, or choose a time."}
    if until == CHOSEN_TIME:
        at = ends.get(AT, "")
        return values | {UNTIL: at}, {} if at.isdecimal() else {
            AT: "Choose the time at which it comes back."
        }
    return values | {UNTIL: until}, {} if until.isdecimal() else {UNTIL: "Choose until when."}


def _read_correct(form: _FilledForm) -> _FormResult:
    names = (SENTIMENT, STAGE, USEFUL)
    values = {
        name: form.given.get(name, "")
        for name in names
        if form.given.get(name, "") != form.initial_choice(name)
    }
    nothing = {SENTIMENT: "This is what was read. Change what is wrong, or close the dialog."}
    return values, {} if any(values.values()) else nothing


def _read_nothing(_: _FilledForm) -> _FormResult:
    return {}, {}


def _read_note(form: _FilledForm) -> _FormResult:
    return {NOTE: form.given.get(NOTE, "")}, {}


def _read_rejection(form: _FilledForm) -> _FormResult:
    note = form.given.get(NOTE, "")
    return {NOTE: note}, {} if note else {NOTE: "Say what is to be changed."}


def _read_capture(form: _FilledForm) -> _FormResult:
    values = {name: form.given.get(name, "") for name in (TEXT, PLACE, AUTHOR, STARS, URL)}
    mistakes = {} if values[TEXT] else {TEXT: "Write what the customer said."}
    if values[URL] and not values[URL].lower().startswith(("https://", "http://")):
        mistakes[URL] = "Write the whole address, with https:// before it."
    return values, mistakes


_DETAILS: Mapping[ActionKind, tuple[str, ...]] = {
    ActionKind.RESOLVE: (ROOT_CAUSE, ACTION_TAKEN),
    ActionKind.CORRECT: (SENTIMENT, STAGE, USEFUL),
    ActionKind.REPLY: (TEMPLATE,),
}
_FORM_READERS: Mapping[str, Callable[[_FilledForm], _FormResult]] = {
    action_ids.REPLY: _read_reply,
    action_ids.RESOLVE: _read_resolve,
    action_ids.ASSIGN: _read_assign,
    action_ids.SNOOZE: _read_snooze,
    action_ids.CORRECT: _read_correct,
    action_ids.ESCALATE: _read_note,
    action_ids.REJECT: _read_rejection,
    action_ids.CAPTURE: _read_capture,
}
