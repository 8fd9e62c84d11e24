"""What people ask to see: dialogs, the Home tab, answers to commands."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.desk.arrival import Arrival, Kind
from monitor.desk.capture import Capture
from monitor.desk.commands import Commands
from monitor.desk.dialogs import Dialogs
from monitor.desk.voice import View, Voice, in_words
from monitor.notifiers.slack import controls, home, modals
from monitor.notifiers.slack.answers import TriggerExpired
from monitor.notifiers.slack.controls import Handle
from monitor.pipeline.ingest import Note

_AGAIN = "That took too long for Slack to open a dialog. Please click again."
_GONE = "This alert is no longer there; it was removed with its feedback."
_MOMENT = "One moment: an answer is being drafted."
_HOMES_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Shows:
    """Shows what somebody asked for; raises DeliveryError."""

    voice: Voice
    dialogs: Dialogs
    commands: Commands
    capture: Capture
    #: the hash of each Home tab that was shown
    _homes: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, arrival: Arrival, now: datetime, note: Note) -> str:
        """Show it; what to say in private besides, if anything. `note` goes with whatever is
        stored.
        """
        match arrival.kind:
            case Kind.HOME:
                self.home(arrival.person, now)
            case Kind.COMMAND:
                self.voice.answer(arrival, self.commands(arrival, now))
            case Kind.SHORTCUT:
                return self._ask(arrival)
            case Kind.SUBMIT:
                return self.capture(arrival, now, note)
            case Kind.CLICK:
                return self._click(arrival, now)
        return ""

    def home(self, person: str, now: datetime) -> None:
        """Bring somebody's Home tab up to date."""
        self._publish(person, home.view(self.commands.overview(f"user:{person}", now)))

    def shut(self, person: str, says: str) -> None:
        """Say in somebody's Home tab why there is nothing to see."""
        text = {"type": "mrkdwn", "text": in_words(says)}
        self._publish(person, {"type": "home", "blocks": [{"type": "section", "text": text}]})

    def watches_home(self, person: str) -> bool:
        """Whether somebody has opened their Home tab since the program started."""
        with self._lock:
            return person in self._homes

    def _publish(self, person: str, view: View) -> None:
        with self._lock:
            known = self._homes.get(person, "")
        shown = self.voice.publish(person, view, known)
        with self._lock:
            self._homes[person] = shown
            self._homes.move_to_end(person)
            while len(self._homes) > _HOMES_REMEMBERED:
                self._homes.popitem(last=False)

    def _click(self, arrival: Arrival, now: datetime) -> str:
        click = arrival.click
        if click.name == controls.TEMPLATE:
            click = replace(click, handle=Handle.parse(arrival.view.get("private_metadata")))
        if click.handle is None:
            return ""
        shown = str(arrival.view.get("id", "")) if click.name == controls.TEMPLATE else ""
        try:
            if self.dialogs.slow(click):
                shown = self.voice.open(arrival.trigger, modals.message(_MOMENT))
            view = self.dialogs(click, now)
            if view is None and not shown:
                return _GONE
            if shown:
                self.voice.replace(shown, view or modals.message(_GONE))
            elif view:
                self.voice.open(arrival.trigger, view)
        except TriggerExpired:
            return _AGAIN
        return ""

    def _ask(self, arrival: Arrival) -> str:
        try:
            self.voice.open(arrival.trigger, self.capture.dialog(arrival))
        except TriggerExpired:
            return _AGAIN
        return ""
