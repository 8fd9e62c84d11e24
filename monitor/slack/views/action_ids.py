"""The ids of the controls, and what each of them carries back.

An id and a value are all that comes back with a click, so both are kept stable: cards of last month
are still clicked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

# Buttons of a card, each for one action; the same ids name the modals that they open.
TAKE: Final = "take"
REPLY: Final = "reply"
RESOLVE: Final = "resolve"
WAKE: Final = "wake"
REOPEN: Final = "reopen"
CONFIRM: Final = "confirm"  #: still on it; stands below a reminder
WHY: Final = "why"

# The menu of a card, and what stands before the alert version in the values of its options.
MORE: Final = "more"
ASSIGN: Final = "assign"
SNOOZE: Final = "snooze"
DISMISS: Final = "dismiss"
CORRECT: Final = "correct"
ESCALATE: Final = "escalate"
IN_MENU: Final = (ASSIGN, SNOOZE, DISMISS, CORRECT, ESCALATE)

# Elsewhere.
OPEN_CARD: Final = "open_card"  #: on Home and in lists: shows one alert
HAND_OVER: Final = "hand_over"  #: on Home: all of one's own alerts; its modal too
GIVE_BACK: Final = "give_back"  #: on Home: those of one's last hand-over
#: a link, for which Slack sends a click all the same; there is nothing to do
OPEN_ORIGINAL: Final = "open_original"
APPROVE: Final = "approve"  #: a proposed reply; its value is a `ReplyProposal`
REJECT: Final = "reject"
COPY_REPLY: Final = "copy_reply"  #: a reply that a person posts; its value is a `ReplyProposal`
TEMPLATE: Final = "template"  #: in the modal of a reply: another text to start from
PAGE_BEFORE: Final = (
    "page_before"  #: below a list; its value is a `PageRequest`, as of the next two
)
PAGE_AFTER: Final = "page_after"
OPEN_SUMMARY: Final = "open_summary"  #: below a summary: lists what it accounts for
SEND_DIGEST: Final = "send_digest"  #: below the preview of a digest; its value names the order
CAPTURE: Final = "capture"  #: the shortcut on a message, and its modal
IMPROVE: Final = "improve"  #: the modal that writes down an improvement
#: its button and the modal; its value is an `ImprovementVersion`, as of the next
CHANGE_IMPROVEMENT: Final = "change_improvement"
FINISH_IMPROVEMENT: Final = "finish_improvement"  #: done
MESSAGE: Final = "message"  #: a modal that only shows a text

# Of rules; the values are a `RuleTarget`.
EDIT_RULE: Final = "edit_rule"  #: a button in the list, and the dialog that it opens
SAVE_RULE: Final = "save_rule"  #: the dialog that shows what an edit would have done
SAVE_RULE_ANYWAY: Final = "save_rule_anyway"  #: the dialog that shows somebody else's edit
RULE_MENU: Final = "rule_menu"
# What stands before the rule in the values of its options.
MUTE_RULE: Final = "mute_rule"
UNMUTE_RULE: Final = "unmute_rule"
RULE_HISTORY: Final = "rule_history"
TEST_RULE: Final = "test_rule"
PROMOTE_RULE: Final = "promote_rule"
DISCARD_RULE: Final = "discard_rule"
IN_RULE_MENU: Final = (
    MUTE_RULE,
    UNMUTE_RULE,
    RULE_HISTORY,
    TEST_RULE,
    PROMOTE_RULE,
    DISCARD_RULE,
)
#: below what the verdicts on a rule suggest; its value is the changed rule
APPLY_SUGGESTION: Final = "apply_suggestion"
LEAVE_RULE: Final = "leave_rule"  #: nothing is changed
SUGGESTION_BUTTONS: Final = (APPLY_SUGGESTION, LEAVE_RULE)
#: below what may have been missed; their values are an `AuditTarget`
AUDIT_MISSED: Final = "audit_missed"
AUDIT_FINE: Final = "audit_fine"
AUDIT_BUTTONS: Final = (AUDIT_MISSED, AUDIT_FINE)
RULE_FORMS: Final = (EDIT_RULE, SAVE_RULE, SAVE_RULE_ANYWAY)

_VERSION_VALUE = re.compile(r"([1-9][0-9]{0,17}):([0-9]{1,9})")
_PROPOSAL_VALUE = re.compile(r"([1-9][0-9]{0,17}):([1-9][0-9]{0,17}:[0-9]{1,9})")
_IMPROVEMENT_VALUE = re.compile(r"improvement:([1-9][0-9]{0,17}):([0-9]{1,9})")
_RULE_VALUE = re.compile(r"rule:([a-z0-9][a-z0-9_-]{0,62}):([0-9]{1,9})")
_PAGE_VALUE = re.compile(
    r"(mine|open|search|summary|improvements|rules):([1-9][0-9]{0,5}):(.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class AlertVersion:
    """An alert's id, and its turn when the control was drawn.

    A click on an older turn is refused (optimistic lock).
    """

    alert_id: int
    turn: int

    @property
    def encoded_value(self) -> str:
        """The form for values and `private_metadata`: "41:3"."""
        return f"{self.alert_id}:{self.turn}"

    @classmethod
    def from_value(cls, value: object) -> Self | None:
        """Parse what a control carried back; None where it is none of ours."""
        match = _VERSION_VALUE.fullmatch(value) if isinstance(value, str) else None
        return cls(int(match[1]), int(match[2])) if match else None


@dataclass(frozen=True, slots=True)
class ReplyProposal:
    """A reply that somebody decides on or copies, and the alert that it belongs to."""

    reply_id: int
    version: AlertVersion

    @property
    def encoded_value(self) -> str:
        """The form for the values of its buttons: "7:41:3"."""
        return f"{self.reply_id}:{self.version.encoded_value}"

    @classmethod
    def from_value(cls, value: object) -> Self | None:
        """Parse what a button carried back; None where it is none of ours."""
        match = _PROPOSAL_VALUE.fullmatch(value) if isinstance(value, str) else None
        version = AlertVersion.from_value(match[2]) if match else None
        return cls(int(match[1]), version) if match and version else None


@dataclass(frozen=True, slots=True)
class ImprovementVersion:
    """An improvement's id, and its turn when the control was drawn."""

    improvement_id: int
    turn: int

    @property
    def encoded_value(self) -> str:
        """The form for values and `private_metadata`: "improvement:12:3"."""
        return f"improvement:{self.improvement_id}:{self.turn}"

    @classmethod
    def from_value(cls, value: object) -> Self | None:
        """Parse what a control carried back; None where it is none of ours."""
        match = _IMPROVEMENT_VALUE.fullmatch(value) if isinstance(value, str) else None
        return cls(int(match[1]), int(match[2])) if match else None


@dataclass(frozen=True, slots=True)
class RuleTarget:
    """A rule's id, and the number of its newest change when the control was drawn."""

    rule_id: str
    number: int

    @property
    def encoded_value(self) -> str:
        """The form for values and `private_metadata`: "rule:billing:7"."""
        return f"rule:{self.rule_id}:{self.number}"

    @classmethod
    def from_value(cls, value: object) -> Self | None:
        """Parse what a control carried back; None where it is none of ours."""
        match = _RULE_VALUE.fullmatch(value) if isinstance(value, str) else None
        return cls(match[1], int(match[2])) if match else None


class ListKind(StrEnum):
    """A list that is shown in pages; the value stands in buttons."""

    MINE = "mine"  #: what the person has
    OPEN = "open"  #: what is soon late, and what nobody has
    SEARCH = "search"  #: the feedback that a query finds
    SUMMARY = "summary"  #: what a summary accounts for
    IMPROVEMENTS = "improvements"  #: the action register
    RULES = "rules"  #: the rules, the noisiest first


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page of a list, counted from 1."""

    kind: ListKind
    number: int = 1
    subject: str = ""  #: of SEARCH the query, of SUMMARY the id of its delivery

    @property
    def encoded_value(self) -> str:
        """The form for the values of buttons: "search:2:crash*"."""
        return f"{self.kind}:{self.number}:{self.subject}"

    @classmethod
    def from_value(cls, value: object) -> Self | None:
        """Parse what a button carried back; None where it is none of ours."""
        match = _PAGE_VALUE.fullmatch(value) if isinstance(value, str) else None
        return cls(ListKind(match[1]), int(match[2]), match[3]) if match else None

    def at(self, number: int) -> Self:
        """Return the request for another page of the same list."""
        return replace(self, number=number)


@dataclass(frozen=True, slots=True)
class Click:
    """What somebody clicked: one of the ids above, and what it carried."""

    name: str
    version: AlertVersion | None = None
    proposal: ReplyProposal | None = None
    page: PageRequest | None = None
    improvement: ImprovementVersion | None = None
    rule: RuleTarget | None = None
    choice: str = ""  #: of a select that carries no alert: the value that was chosen


def parse_target(value: object) -> tuple[AlertVersion | None, ReplyProposal | None]:
    """Return the alert, and the proposed reply, that a value or `private_metadata` names."""
    if proposal := ReplyProposal.from_value(value):
        return proposal.version, proposal
    return AlertVersion.from_value(value), None


def parse_click(action: Mapping[str, object]) -> Click:
    """Parse one entry of `actions`; a choice from the menu has the name of its option."""
    name = str(action.get("action_id", ""))
    option = action.get("selected_option")
    chosen = str(option.get("value", "")) if isinstance(option, Mapping) else ""
    if name == MORE:
        name, _, value = chosen.partition(":")
        return Click(name if name in IN_MENU else "", AlertVersion.from_value(value))
    if name == RULE_MENU:
        name, _, value = chosen.partition(":")
        target = RuleTarget.from_value(value)
        return Click(name if name in IN_RULE_MENU and target else "", rule=target)
    version, proposal = parse_target(action.get("value"))
    page = PageRequest.from_value(action.get("value"))
    improvement = ImprovementVersion.from_value(action.get("value"))
    rule = RuleTarget.from_value(action.get("value"))
    return Click(name, version, proposal, page, improvement, rule, chosen)
