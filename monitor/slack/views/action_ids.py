"""What people can click: the ids of the controls, and what each of them carries back.

An id and a value are all that comes back with a click, so both are kept stable: cards of last month
are still clicked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

# Buttons of a card, each for one act; the same ids are the names of the dialogs that they open.
TAKE: Final = "take"
REPLY: Final = "reply"
RESOLVE: Final = "resolve"
WAKE: Final = "wake"
REOPEN: Final = "reopen"
CONFIRM: Final = "confirm"  #: still on it; stands below a reminder
WHY: Final = "why"

# The menu of a card, and what stands before the handle in the values of its options.
MORE: Final = "more"
ASSIGN: Final = "assign"
SNOOZE: Final = "snooze"
DISMISS: Final = "dismiss"
CORRECT: Final = "correct"
ESCALATE: Final = "escalate"
IN_MENU: Final = (ASSIGN, SNOOZE, DISMISS, CORRECT, ESCALATE)

# Elsewhere.
OPEN_CARD: Final = "open_card"  #: on Home: shows one alert
#: a link, which Slack tells of all the same; there is nothing to do
OPEN_ORIGINAL: Final = "open_original"
APPROVE: Final = "approve"  #: a proposed answer; its value is a `Proposal`
REJECT: Final = "reject"
TEMPLATE: Final = "template"  #: in the dialog of an answer: another text to start from
CAPTURE: Final = "capture"  #: the shortcut on a message, and its dialog
MESSAGE: Final = "message"  #: a dialog that only says something

_VERSION_VALUE = re.compile(r"([1-9][0-9]{0,17}):([0-9]{1,9})")
_PROPOSAL_VALUE = re.compile(r"([1-9][0-9]{0,17}):([1-9][0-9]{0,17}:[0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class AlertVersion:
    """Which alert a control acts on, and the turn at which somebody saw it."""

    alert_id: int
    turn: int

    @property
    def encoded_value(self) -> str:
        """As it stands in values and in `private_metadata`: "41:3"."""
        return f"{self.alert_id}:{self.turn}"

    @classmethod
    def from_value(cls, text: object) -> Self | None:
        """The handle in what a control carried back; None where it is none of ours."""
        found = _VERSION_VALUE.fullmatch(text) if isinstance(text, str) else None
        return cls(int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class ReplyProposal:
    """An answer that waits for approval, and the alert that it belongs to."""

    reply_id: int
    handle: AlertVersion

    @property
    def encoded_value(self) -> str:
        """As it stands in the values of its buttons: "7:41:3"."""
        return f"{self.reply_id}:{self.handle.encoded_value}"

    @classmethod
    def from_value(cls, text: object) -> Self | None:
        """The proposal in what a button carried back; None where it is none of ours."""
        found = _PROPOSAL_VALUE.fullmatch(text) if isinstance(text, str) else None
        handle = AlertVersion.from_value(found[2]) if found else None
        return cls(int(found[1]), handle) if found and handle else None


@dataclass(frozen=True, slots=True)
class Click:
    """What somebody clicked: one of the names above, and what it carried."""

    name: str
    handle: AlertVersion | None = None
    proposal: ReplyProposal | None = None
    choice: str = ""  #: of a select that carries no handle: the value that was chosen


def parse_click(action: Mapping[str, object]) -> Click:
    """Read one entry of `actions`; a choice from the menu has the name of its option."""
    name, value = str(action.get("action_id", "")), action.get("value")
    option = action.get("selected_option")
    chosen = str(option.get("value", "")) if isinstance(option, Mapping) else ""
    if name == MORE:
        name, _, value = chosen.partition(":")
        return Click(name if name in IN_MENU else "", AlertVersion.from_value(value))
    proposal = ReplyProposal.from_value(value)
    return Click(
        name, proposal.handle if proposal else AlertVersion.from_value(value), proposal, chosen
    )
