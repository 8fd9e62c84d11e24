"""What keeps messages from being shown, for the people who can mend it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain.clock_step import ClockStep

#: A message that was given up, or was not sent to everybody, is reported for so long, also when
#: others go out.
REPORT_DEAD_LETTER_FOR = timedelta(hours=1)


class BlockScope(StrEnum):
    """What a reason holds up."""

    SERVICE = "service"  #: every message
    CHANNEL = "channel"  #: every message to one channel
    MAIL = "mail"  #: every mail
    PARTLY_SENT = "partly sent"  #: nothing: a message went out, but not to everybody
    DEAD_LETTER = "dead letter"  #: one message, which was given up


@dataclass(frozen=True, slots=True)
class _BlockedReason:
    text: str
    at: datetime


@dataclass(slots=True)
class BlockedReasons:
    """The reasons that stand: one for each scope, and for each channel."""

    #: by scope and channel; the channel is empty where the scope is not CHANNEL
    _reasons: dict[tuple[BlockScope, str], _BlockedReason] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """The reason that has stood longest; empty while there is none."""
        return next((reason.text for reason in self._reasons.values()), "")

    def add(self, scope: BlockScope, channel: str, error: str, now: datetime) -> None:
        """Note a reason; a newer one of the same scope and channel takes the older one's place."""
        text = f"a message was given up: {error}" if scope is BlockScope.DEAD_LETTER else error
        self._reasons[_key(scope, channel)] = _BlockedReason(text, now)

    def clear_for_sent(
        self, channel: str, attempted_at: datetime, *, by_mail: bool = False
    ) -> None:
        """Drop what a message that was sent to a channel disproves: what was noted until then.

        One that is found in the channel long after its attempt says nothing of what came later.
        """
        for scope in (BlockScope.MAIL,) if by_mail else (BlockScope.SERVICE, BlockScope.CHANNEL):
            reason = self._reasons.get(_key(scope, channel))
            if reason and reason.at <= attempted_at:
                del self._reasons[_key(scope, channel)]

    def clear_for_given_up(self, channel: str, *, by_mail: bool = False) -> None:
        """Drop what held up a message that is not sent any more; what it holds up beside that is
        noted anew when that is tried.
        """
        self._reasons.pop(_key(BlockScope.MAIL if by_mail else BlockScope.CHANNEL, channel), None)

    def follow_clock(self, step: ClockStep) -> None:
        """Keep the age of every reason after the clock was set."""
        self._reasons = {
            key: replace(reason, at=reason.at + step.by) for key, reason in self._reasons.items()
        }

    def expire(self, now: datetime) -> None:
        """Drop the reasons that nothing will disprove once they were reported for long enough."""
        for scope in (BlockScope.DEAD_LETTER, BlockScope.PARTLY_SENT):
            key = _key(scope, "")
            reason = self._reasons.get(key)
            if reason and now - reason.at >= REPORT_DEAD_LETTER_FOR:
                del self._reasons[key]


def _key(scope: BlockScope, channel: str) -> tuple[BlockScope, str]:
    return scope, channel if scope is BlockScope.CHANNEL else ""
