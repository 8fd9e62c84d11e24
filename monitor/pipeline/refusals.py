"""Messages that a service refuses for a reason nobody knows: each alone, or all of them alike."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MessageRefusal:
    """One more refusal of a message, beside what became of the others meanwhile."""

    count: int  #: how often this message was refused
    others_refused: int = 0  #: other messages that were refused since the last one was shown
    others_shown: bool = False  #: whether another one was shown since this one was first refused


@dataclass(slots=True)
class RefusalLog:
    """Counts refusals by delivery; in memory, so that a restart gives each a new chance."""

    _counts: dict[str, int] = field(default_factory=dict)
    #: deliveries that were refused since something was last shown
    _since_shown: set[str] = field(default_factory=set)
    #: deliveries whose refusals others did not share
    _alone: set[str] = field(default_factory=set)

    def add(self, delivery_id: str) -> MessageRefusal:
        """Count one refusal, and return it."""
        self._counts[delivery_id] = self._counts.get(delivery_id, 0) + 1
        self._since_shown.add(delivery_id)
        return MessageRefusal(
            count=self._counts[delivery_id],
            others_refused=len(self._since_shown) - 1,
            others_shown=delivery_id in self._alone,
        )

    def note_shown(self, delivery_id: str) -> None:
        """Note that a message is shown: the service works, whatever it refuses."""
        self._counts.pop(delivery_id, None)
        self._alone.discard(delivery_id)
        self._alone.update(self._counts)
        self._since_shown.clear()

    def forget(self, delivery_id: str) -> None:
        """Forget a message that was given up."""
        self._counts.pop(delivery_id, None)
        self._alone.discard(delivery_id)
        self._since_shown.discard(delivery_id)


@dataclass(slots=True)
class ServiceTrouble:
    """What went wrong of late with one service."""

    failures: int = 0  #: in a row
    refusals: RefusalLog = field(default_factory=RefusalLog)
