"""What somebody filled into a dialog: checked, or told what is wrong field by field; pure, and
without the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from monitor.domain.action import Act, Action
from monitor.domain.alert import Snooze
from monitor.slack.views import action_ids
from monitor.slack.views.action_ids import Handle, Proposal

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
class Submitted:
    """A dialog that was filled in well."""

    callback: str  #: the dialog's name, one of `controls`
    handle: Handle | None  #: the alert that it is about, as it was when the dialog was opened
    values: Mapping[str, str] = field(default_factory=dict, hash=False)  #: only what was given
    proposal: Proposal | None = None  #: the answer that is sent back
    carried: str = ""  #: `private_metadata` as it is

    def action(self, actor: str, via: str) -> Action:
        """What follows for the alert; ValueError for a dialog that is about none."""
        act, values = Act(self.callback), self.values
        if act is Act.ASSIGN and not values.get(ASSIGNEE):
            act = Act.RELEASE
        return Action(
            act=act,
            actor=actor,
            via=via,
            turn=self.handle.turn if self.handle else None,
            assignee=f"user:{values[ASSIGNEE]}" if values.get(ASSIGNEE) else "",
            snooze=self._snooze() if act is Act.SNOOZE else None,
            note=values.get(NOTE, ""),
            details={name: values[name] for name in _DETAILS.get(act, ()) if name in values},
        )

    def _snooze(self) -> Snooze:
        until = self.values.get(UNTIL)
        return Snooze(
            until=datetime.fromtimestamp(int(until), UTC) if until else None,
            members=int(self.values[MEMBERS]) if MEMBERS in self.values else None,
            worse=WORSE in self.values,
        )


def read(view: Mapping[str, Any]) -> Submitted | Mapping[str, str]:
    """What was filled in, or the mistakes in words by `block_id`."""
    callback, carried = str(view.get("callback_id", "")), str(view.get("private_metadata", ""))
    given = dict(_given(view))
    reading = _READINGS.get(callback, _nothing)
    values, mistakes = reading(_Form(given, view))
    if mistakes:
        return mistakes
    proposal = Proposal.parse(carried)
    handle = proposal.handle if proposal else Handle.parse(carried)
    return Submitted(
        callback,
        handle,
        {name: value for name, value in values.items() if value},
        proposal,
        carried,
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """What stands in each field, by its name, and the view that it stands in."""

    given: Mapping[str, str]
    view: Mapping[str, Any]

    def block(self, name: str) -> str:
        """The `block_id` of a field."""
        ids = (str(block.get("block_id", "")) for block in self.view.get("blocks") or ())
        return next((found for found in ids if _name(found) == name), name)

    def initial(self, name: str) -> str:
        """The choice that a field came with; empty for none."""
        for block in self.view.get("blocks") or ():
            if _name(str(block.get("block_id", ""))) == name:
                return str((block.get("element", {}).get("initial_option") or {}).get("value", ""))
        return ""

    def optional(self, name: str) -> bool:
        """Whether a field may stay empty."""
        blocks = self.view.get("blocks") or ()
        return any(block.get("optional") for block in blocks if block.get("block_id") == name)


_Reading = tuple[dict[str, str], dict[str, str]]


def _given(view: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for block_id, elements in ((view.get("state") or {}).get("values") or {}).items():
        for state in elements.values():
            yield _name(block_id), _value(state)


def _value(state: Mapping[str, Any]) -> str:
    """The value of one element: text, or the value of what was chosen, several with commas
    between.
    """
    for name in ("value", "selected_user", "selected_date_time"):
        if state.get(name):
            return str(state[name]).strip()
    if isinstance(option := state.get("selected_option"), Mapping):
        return str(option.get("value", ""))
    return ",".join(str(option.get("value", "")) for option in state.get("selected_options") or ())


def _name(block_id: str) -> str:
    return block_id.split(OF_TEMPLATE, 1)[0]


def _reply(form: _Form) -> _Reading:
    text = form.given.get(TEXT, "")
    how = form.given.get(HOW, COPY)
    template = form.block(TEXT).partition(OF_TEMPLATE)[2]
    mistakes = {} if text else {form.block(TEXT): "Write what the customer is to read."}
    return {TEXT: text, HOW: how, TEMPLATE: template}, mistakes


def _resolve(form: _Form) -> _Reading:
    cause = form.given.get(OTHER_CAUSE) or form.given.get(ROOT_CAUSE, "")
    return {
        ROOT_CAUSE: cause,
        ACTION_TAKEN: form.given.get(ACTION_TAKEN, ""),
        NOTE: form.given.get(NOTE, ""),
    }, {}


def _assign(form: _Form) -> _Reading:
    whom = form.given.get(ASSIGNEE, "")
    return {ASSIGNEE: whom}, {} if whom or form.optional(ASSIGNEE) else {
        ASSIGNEE: "Choose who is to take it."
    }


def _snooze(form: _Form) -> _Reading:
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


def _correct(form: _Form) -> _Reading:
    names = (SENTIMENT, STAGE, USEFUL)
    values = {
        name: form.given.get(name, "")
        for name in names
        if form.given.get(name, "") != form.initial(name)
    }
    nothing = {SENTIMENT: "This is what was read. Change what is wrong, or close the dialog."}
    return values, {} if any(values.values()) else nothing


def _nothing(_: _Form) -> _Reading:
    return {}, {}


def _note(form: _Form) -> _Reading:
    return {NOTE: form.given.get(NOTE, "")}, {}


def _send_back(form: _Form) -> _Reading:
    note = form.given.get(NOTE, "")
    return {NOTE: note}, {} if note else {NOTE: "Say what is to be changed."}


def _capture(form: _Form) -> _Reading:
    values = {name: form.given.get(name, "") for name in (TEXT, PLACE, AUTHOR, STARS, URL)}
    mistakes = {} if values[TEXT] else {TEXT: "Write what the customer said."}
    if values[URL] and not values[URL].lower().startswith(("https://", "http://")):
        mistakes[URL] = "Write the whole address, with https:// before it."
    return values, mistakes


_DETAILS: Mapping[Act, tuple[str, ...]] = {
    Act.RESOLVE: (ROOT_CAUSE, ACTION_TAKEN),
    Act.CORRECT: (SENTIMENT, STAGE, USEFUL),
    Act.REPLY: (TEMPLATE,),
}
_READINGS: Mapping[str, Callable[[_Form], _Reading]] = {
    action_ids.REPLY: _reply,
    action_ids.RESOLVE: _resolve,
    action_ids.ASSIGN: _assign,
    action_ids.SNOOZE: _snooze,
    action_ids.CORRECT: _correct,
    action_ids.ESCALATE: _note,
    action_ids.REJECT: _send_back,
    action_ids.CAPTURE: _capture,
}
