"""Works off what people did in Slack: each thing once, in the order in which it came."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from monitor.errors import (
    AlertError,
    DeliveryDelayed,
    DeliveryError,
    RepwatchError,
    StoreUnavailable,
)
from monitor.slack_app.actions import Acts, changes, concerns_us, role_for
from monitor.slack_app.interactions import Arrival, Kind
from monitor.slack_app.open_views import Shows
from monitor.slack_app.permissions import Roster, refusal
from monitor.slack_app.thread_pool import Speakers
from monitor.store import Store, Transaction
from monitor.store.inbox import InboxEntry

log = structlog.get_logger(__name__)

#: Seconds between two looks at the inbox when nothing comes.
SWEEP = 5.0
_BATCH = 200
_TRIES = 5
_PAUSE = timedelta(seconds=5)
#: Whoever is showing something has so long for it, before another may.
_IN_HAND = timedelta(seconds=60)
#: Threads that speak to Slack: it takes some tenths of a second for each word, and a dialog cannot
#: wait.
_SPEAKERS = 6
_BROKEN = "Something went wrong at repwatch, and nothing was done. Its log says what."


class Worker:
    """One thread that changes alerts, and a few that show things and speak."""

    def __init__(
        self, store: Store, roster: Roster, acts: Acts, shows: Shows, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._roster = roster
        self._acts = acts
        self._shows = shows
        self._now = now
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._speakers = Speakers(_SPEAKERS)
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)

    def start(self) -> None:
        """Begin with what an earlier process has left."""
        self._speakers.start()
        self._thread.start()

    def wake(self) -> None:
        """Something has come."""
        self._wake.set()

    def stop(self, timeout: float) -> None:
        """End after what is in hand; what waits stays in the inbox."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout)
        self._speakers.stop(timeout)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            self._guarded(self._sweep)
            self._wake.wait(SWEEP)

    def _guarded(self, step: Callable[[], object]) -> None:
        """A database or a Slack that is away for a while does not end the thread, and no mistake of
        ours is silent.
        """
        try:
            step()
        except RepwatchError as error:
            log.error("desk_failed", error=str(error))  # noqa: TRY400 - one line for people, the cause is in it
        except Exception:
            log.exception("desk_broken")

    def _sweep(self) -> None:
        while not self._stop.is_set():
            with self._store.read() as tx:
                entries = tx.inbox.waiting(self._now(), _BATCH, desk=True)
            for entry in entries:
                if not self._stop.is_set():
                    self._take(entry)
            if len(entries) < _BATCH:
                return

    def _take(self, entry: InboxEntry) -> None:
        """Change what is to be changed here, in order; show and say things elsewhere."""
        try:
            arrival = Arrival.parse(entry.body)
        except (LookupError, TypeError, ValueError) as error:
            self._give_up(entry, f"cannot be read: {type(error).__name__}")
            return
        if changes(arrival):
            self._tried(entry, arrival, self._change)
            return
        with self._store.write() as tx:
            claimed = tx.inbox.claim(entry.id, self._now(), self._now() + _IN_HAND)
        if claimed:
            self._speak(lambda: self._tried(entry, arrival, self._show))

    def _tried(
        self, entry: InboxEntry, arrival: Arrival, do: Callable[[InboxEntry, Arrival], None]
    ) -> None:
        """Do it; what fails for now is tried again, and whoever did it is told where it cannot be
        done.
        """
        try:
            do(entry, arrival)
        except DeliveryError as error:
            log.warning("desk_not_shown", did=arrival.kind, error=str(error))
            self._end(entry, error)
        except AlertError as error:
            self._end(entry, error)
            self._say(arrival, str(error))
        except StoreUnavailable:  # nothing was done, and it is tried again
            raise
        except Exception as error:  # a bug of ours in one thing must not hold up the others
            log.exception("desk_broken", did=arrival.kind)
            self._give_up(entry, type(error).__name__)
            self._say(arrival, _BROKEN)

    def _change(self, entry: InboxEntry, arrival: Arrival) -> None:
        role = role_for(arrival)
        allowed = self._roster.allows(arrival.person, role)
        with self._store.write() as tx:
            if not tx.inbox.done(entry.id, self._now()):  # another process was first
                return
            if allowed:
                says = self._acts(tx, arrival, self._now())
            else:
                says = refusal(role, self._roster.settings) if concerns_us(tx, arrival) else ""
        if says and arrival.kind is not Kind.WORDS:
            self._say(arrival, says)
        if allowed and self._shows.watches_home(arrival.person):
            self._speak(lambda: self._shows.home(arrival.person, self._now()))

    def _show(self, entry: InboxEntry, arrival: Arrival) -> None:
        role = role_for(arrival)
        if self._roster.allows(arrival.person, role):
            says = self._shows(arrival, self._now(), lambda tx, _: self._note(tx, entry))
        else:
            says = refusal(role, self._roster.settings)
            if arrival.kind is Kind.HOME:
                self._shows.shut(arrival.person, says)
                says = ""
        with self._store.write() as tx:
            self._note(tx, entry)
        if says:
            self._say(arrival, says)

    def _note(self, tx: Transaction, entry: InboxEntry) -> None:
        tx.inbox.done(entry.id, self._now())

    def _end(self, entry: InboxEntry, error: RepwatchError) -> None:
        """What Slack does not take for now is tried a few times more; with anything else it is
        over.
        """
        again = isinstance(error, DeliveryDelayed) and entry.attempts + 1 < _TRIES
        with self._store.write() as tx:
            if again:
                tx.inbox.failed(entry.id, str(error), self._now() + _PAUSE)
            else:
                self._note(tx, entry)

    def _give_up(self, entry: InboxEntry, error: str) -> None:
        """A mistake of ours: kept for those who look for it, and counted."""
        with self._store.write() as tx:
            tx.inbox.failed(entry.id, error, None)

    def _say(self, arrival: Arrival, says: str) -> None:
        self._speak(lambda: self._shows.voice.tell(arrival, says))

    def _speak(self, step: Callable[[], object]) -> None:
        self._speakers.submit(lambda: self._guarded(step))
