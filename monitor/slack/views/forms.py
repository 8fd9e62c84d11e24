"""What somebody filled into a modal: read and checked field by field, without the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from monitor.domain.action import Action, ActionKind, is_ticket_address
from monitor.domain.actor import Actor
from monitor.domain.alert import Snooze
from monitor.slack.views import action_ids
from monitor.slack.views.action_ids import AlertVersion, ReplyProposal, parse_target

#: Names of fields, which are also the `block_id` that a mistake is shown at.
TEXT, HOW, TEMPLATE = "text", "how", "template"
TICKET = "ticket"
ROOT_CAUSE, OTHER_CAUSE, ACTION_TAKEN, NOTE = "root_cause", "other_cause", "action_taken", "note"
ASSIGNEE = "assignee"
EFFECT = "effect"
UNTIL, AT, MEMBERS, WORSE = "until", "at", "members", "worse"
SENTIMENT, STAGE, USEFUL, RULE = "sentiment", "stage", "useful", "rule"
#: of an improvement
TITLE, NEXT_ACTION, DUE = "title", "next_action", "due"
TOUCHPOINT, QUERY, STATE = "touchpoint", "query", "state"
AUTHOR, PLACE, STARS, URL = "author", "place", "stars", "url"

#: Values of choices.
PUBLISH, COPY, CHOSEN_TIME, LONGEST, YES, NO = "publish", "copy", "at", "longest", "yes", "no"
PUT_AWAY, REMIND = "put_away", "remind"
ANY = "any"
SHADOW, LIVE = "shadow", "live"  #: how an edited rule is saved
#: What was filled in, by the name of the field.
FormValues = Mapping[str, str]
#: Stands between the name of the reply's field and the template in it: Slack prefills a field
#: again only under a new `block_id`.
OF_TEMPLATE = ":"


@dataclass(frozen=True, slots=True)
class FormSubmission:
    """A modal that was filled in well."""

    callback: str  #: the modal's name, one of `action_ids`
    version: AlertVersion | None  #: the alert, as it was when the modal was opened
    values: Mapping[str, str] = field(default_factory=dict, hash=False)  #: only what was given
    proposal: ReplyProposal | None = None  #: the reply that is sent back
    carried: str = ""  #: `private_metadata` as it is

    @classmethod
    def from_carried(cls, callback: str, carried: str, values: Mapping[str, str]) -> Self:
        """Return the submission of a modal whose `private_metadata` is `carried`."""
        version, proposal = parse_target(carried)
        return cls(callback, version, values, proposal, carried)

    def to_action(self, actor: Actor, via: str) -> Action:
        """Return the action on the alert; raises ValueError for a modal that is about none."""
        kind, values = ActionKind(self.callback), self.values
        assignee = Actor.slack(values[ASSIGNEE]) if values.get(ASSIGNEE) else None
        if kind is ActionKind.ASSIGN and assignee is None:
            kind = ActionKind.RELEASE
        turn = self.version.turn if self.version else None
        snooze = self._to_snooze() if kind is ActionKind.SNOOZE else None
        detail_names = _DETAILS.get(kind, ())
        return Action(
            kind=kind,
            actor=actor,
            via=via,
            turn=turn,
            assignee=assignee,
            snooze=snooze,
            note=values.get(NOTE, ""),
            details={name: values[name] for name in detail_names if name in values},
        )

    @property
    def remind_at(self) -> datetime | None:
        """When only the person is to be reminded; None where the form asks for something else."""
        return self._chosen_time if self.values.get(EFFECT) == REMIND else None

    @property
    def _chosen_time(self) -> datetime | None:
        seconds = self.values.get(UNTIL)
        return datetime.fromtimestamp(int(seconds), UTC) if seconds else None

    def _to_snooze(self) -> Snooze:
        until, members = self._chosen_time, self.values.get(MEMBERS)
        count = int(members) if members else None
        return Snooze(until=until, members=count, worse=WORSE in self.values)


def parse_submission(view: Mapping[str, Any]) -> FormSubmission | Mapping[str, str]:
    """Return what was filled in, or the mistakes, in words by `block_id`."""
    callback, carried = str(view.get("callback_id", "")), str(view.get("private_metadata", ""))
    read_form = _FORM_READERS.get(callback, _read_nothing)
    values, mistakes = read_form(_FilledForm(dict(_field_values(view)), view))
    if mistakes:
        return mistakes
    filled = {name: value for name, value in values.items() if value}
    return FormSubmission.from_carried(callback, carried, filled)


@dataclass(frozen=True, slots=True)
class _FilledForm:
    """What stands in each field, by its name, and the view that it stands in."""

    given: Mapping[str, str]
    view: Mapping[str, Any]

    def value(self, name: str) -> str:
        """Return what stands in a field; empty for nothing."""
        return self.given.get(name, "")

    def values(self, *names: str) -> dict[str, str]:
        """Return what stands in these fields, by name."""
        return {name: self.value(name) for name in names}

    def block_id_of(self, name: str) -> str:
        """Return the `block_id` of a field."""
        block = self._find_block(name)
        return str(block["block_id"]) if block else name

    def initial_choice(self, name: str) -> str:
        """Return the choice that a field came with; empty for none."""
        block = self._find_block(name)
        option = block.get("element", {}).get("initial_option") or {}
        return str(option.get("value", ""))

    def is_optional(self, name: str) -> bool:
        """Return whether a field may stay empty."""
        return bool(self._find_block(name).get("optional"))

    def _find_block(self, name: str) -> Mapping[str, Any]:
        """The first block of a field; empty for none."""
        for block in self.view.get("blocks") or ():
            if _field_name(str(block.get("block_id", ""))) == name:
                field_block: Mapping[str, Any] = block
                return field_block
        return {}


#: Values by field name, and mistakes by `block_id`.
_FormResult = tuple[dict[str, str], dict[str, str]]


def _field_values(view: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    blocks = (view.get("state") or {}).get("values") or {}
    for block_id, elements in blocks.items():
        for state in elements.values():
            yield _field_name(block_id), _element_value(state)


def _element_value(state: Mapping[str, Any]) -> str:
    """The text of one element, or the value that was chosen; several have commas between."""
    for name in ("value", "selected_user", "selected_date", "selected_date_time"):
        if state.get(name):
            return str(state[name]).strip()
    if isinstance(option := state.get("selected_option"), Mapping):
        return str(option.get("value", ""))
    return ",".join(str(option.get("value", "")) for option in state.get("selected_options") or ())


def _field_name(block_id: str) -> str:
    return block_id.split(OF_TEMPLATE, 1)[0]


def _require(holds: object, block_id: str, mistake: str) -> dict[str, str]:
    """The mistake in a field, unless what it is about holds."""
    return {} if holds else {block_id: mistake}


def _read_reply(form: _FilledForm) -> _FormResult:
    block_id = form.block_id_of(TEXT)
    values = {
        TEXT: form.value(TEXT),
        HOW: form.given.get(HOW, COPY),
        TEMPLATE: block_id.partition(OF_TEMPLATE)[2],
    }
    return values, _require(values[TEXT], block_id, "Write what the customer is to read.")


def _read_resolve(form: _FilledForm) -> _FormResult:
    cause = form.value(OTHER_CAUSE) or form.value(ROOT_CAUSE)
    values = {ROOT_CAUSE: cause, **form.values(ACTION_TAKEN, NOTE, TICKET)}
    return values, _check_ticket(values)


def _check_ticket(values: Mapping[str, str]) -> dict[str, str]:
    mistake = "Give the whole address, beginning with https://."
    return _require(is_ticket_address(values[TICKET]), TICKET, mistake)


def _read_escalation(form: _FilledForm) -> _FormResult:
    values = form.values(NOTE, TICKET)
    return values, _check_ticket(values)


def _read_assign(form: _FilledForm) -> _FormResult:
    values = form.values(ASSIGNEE)
    may_go = values[ASSIGNEE] or form.is_optional(ASSIGNEE)
    return values, _require(may_go, ASSIGNEE, "Choose who is to take it.")


def _read_snooze(form: _FilledForm) -> _FormResult:
    values, until = form.values(EFFECT, MEMBERS, WORSE), form.value(UNTIL)
    if until == LONGEST and values[EFFECT] == REMIND:
        return values, {UNTIL: "Choose the time at which you want to be reminded."}
    if until == LONGEST:
        wakes = values[MEMBERS] or values[WORSE]
        return values, _require(wakes, UNTIL, "Say below what is to wake it, or choose a time.")
    if until == CHOSEN_TIME:
        at = form.value(AT)
        mistakes = _require(at.isdecimal(), AT, "Choose the time at which it comes back.")
        return values | {UNTIL: at}, mistakes
    return values | {UNTIL: until}, _require(until.isdecimal(), UNTIL, "Choose until when.")


def _read_correct(form: _FilledForm) -> _FormResult:
    values = {
        name: value
        for name, value in form.values(SENTIMENT, STAGE, USEFUL).items()
        if value != form.initial_choice(name)
    }
    if values.get(USEFUL) and form.value(RULE):
        values[RULE] = form.value(RULE)
    mistake = "This is what was read. Change what is wrong, or close the dialog."
    return values, _require(any(values.values()), SENTIMENT, mistake)


def _read_nothing(_: _FilledForm) -> _FormResult:
    return {}, {}


def _read_rejection(form: _FilledForm) -> _FormResult:
    values = form.values(NOTE)
    return values, _require(values[NOTE], NOTE, "Say what is to be changed.")


def _read_capture(form: _FilledForm) -> _FormResult:
    values = form.values(TEXT, PLACE, AUTHOR, STARS, URL)
    url = values[URL].lower()
    is_whole = not url or url.startswith(("https://", "http://"))
    mistakes = {
        **_require(values[TEXT], TEXT, "Write what the customer said."),
        **_require(is_whole, URL, "Write the whole address, with https:// before it."),
    }
    return values, mistakes


def _read_improvement(form: _FilledForm) -> _FormResult:
    values = form.values(TITLE, NEXT_ACTION, ASSIGNEE, DUE, STATE, STAGE, TOUCHPOINT, QUERY, NOTE)
    chosen = {name: value for name, value in values.items() if value != ANY}
    return chosen, _require(values[TITLE], TITLE, "Say what is to become better.")


def _read_rule(form: _FilledForm) -> _FormResult:
    """What is wrong in a rule is known to whoever can read rules; here is only what was given."""
    return dict(form.given), {}


_DETAILS: Mapping[ActionKind, tuple[str, ...]] = {
    ActionKind.RESOLVE: (ROOT_CAUSE, ACTION_TAKEN, TICKET),
    ActionKind.ESCALATE: (TICKET,),
    ActionKind.CORRECT: (SENTIMENT, STAGE, USEFUL, RULE),
    ActionKind.REPLY: (TEMPLATE,),
}
_FORM_READERS: Mapping[str, Callable[[_FilledForm], _FormResult]] = {
    action_ids.REPLY: _read_reply,
    action_ids.RESOLVE: _read_resolve,
    action_ids.ASSIGN: _read_assign,
    action_ids.HAND_OVER: _read_assign,
    action_ids.SNOOZE: _read_snooze,
    action_ids.CORRECT: _read_correct,
    action_ids.ESCALATE: _read_escalation,
    action_ids.REJECT: _read_rejection,
    action_ids.CAPTURE: _read_capture,
    action_ids.IMPROVE: _read_improvement,
    action_ids.CHANGE_IMPROVEMENT: _read_improvement,
    **dict.fromkeys(action_ids.RULE_FORMS, _read_rule),
}
