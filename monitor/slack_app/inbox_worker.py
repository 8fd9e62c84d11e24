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
from monitor.slack_app.actions import ActionExecutor, changes_alert, is_about_alert, required_role
from monitor.slack_app.interactions import Interaction, InteractionKind
from monitor.slack_app.open_views import ViewPresenter
from monitor.slack_app.permissions import RoleDirectory, refusal_text
from monitor.slack_app.thread_pool import DaemonThreadPool
from monitor.store import Store, Transaction
from monitor.store.inbox import InboxEntry

log = structlog.get_logger(__name__)

#: Seconds between two looks at the inbox when nothing comes.
SWEEP_SECONDS = 5.0
_BATCH_SIZE = 200
_MAX_ATTEMPTS = 5
_RETRY_AFTER = timedelta(seconds=5)
#: Whoever is showing something has so long for it, before another may.
_CLAIM_FOR = timedelta(seconds=60)
#: Threads that speak to Slack: it takes some tenths of a second for each word, and a dialog cannot
#: wait.
_POOL_SIZE = 6
_BROKEN = "Something went wrong at repwatch, and nothing was done. Its log says what."


class InteractionWorker:
    """One thread that changes alerts, and a few that show things and speak."""

    def __init__(
        self,
        store: Store,
        roster: RoleDirectory,
        acts: ActionExecutor,
        shows: ViewPresenter,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._roster = roster
        self._acts = acts
        self._shows = shows
        self._now = now
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._speakers = DaemonThreadPool(_POOL_SIZE)
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
            self._run_guarded(self._drain_inbox)
            self._wake.wait(SWEEP_SECONDS)

    def _run_guarded(self, step: Callable[[], object]) -> None:
        """A database or a Slack that is away for a while does not end the thread, and no mistake of
        ours is silent.
        """
        try:
            step()
        except RepwatchError as error:
            log.error("desk_failed", error=str(error))  # noqa: TRY400 - one line for people, the cause is in it
        except Exception:
            log.exception("desk_broken")

    def _drain_inbox(self) -> None:
        while not self._stop.is_set():
            with self._store.read() as tx:
                entries = tx.inbox.find_due(self._now(), _BATCH_SIZE, from_slack=True)
            for entry in entries:
                if not self._stop.is_set():
                    self._dispatch_entry(entry)
            if len(entries) < _BATCH_SIZE:
                return

    def _dispatch_entry(self, entry: InboxEntry) -> None:
        """Change what is to be changed here, in order; show and say things elsewhere."""
        try:
            arrival = Interaction.from_json(entry.body)
        except (LookupError, TypeError, ValueError) as error:
            self._give_up(entry, f"cannot be read: {type(error).__name__}")
            return
        if changes_alert(arrival):
            self._try_entry(entry, arrival, self._apply_change)
            return
        with self._store.write() as tx:
            claimed = tx.inbox.claim(entry.id, self._now(), self._now() + _CLAIM_FOR)
        if claimed:
            self._run_in_pool(lambda: self._try_entry(entry, arrival, self._show_view))

    def _try_entry(
        self,
        entry: InboxEntry,
        interaction: Interaction,
        do: Callable[[InboxEntry, Interaction], None],
    ) -> None:
        """Do it; what fails for now is tried again, and whoever did it is told where it cannot be
        done.
        """
        try:
            do(entry, interaction)
        except DeliveryError as error:
            log.warning("desk_not_shown", did=interaction.kind, error=str(error))
            self._retry_or_finish(entry, error)
        except AlertError as error:
            self._retry_or_finish(entry, error)
            self._tell_person(interaction, str(error))
        except StoreUnavailable:  # nothing was done, and it is tried again
            raise
        except Exception as error:  # a bug of ours in one thing must not hold up the others
            log.exception("desk_broken", did=interaction.kind)
            self._give_up(entry, type(error).__name__)
            self._tell_person(interaction, _BROKEN)

    def _apply_change(self, entry: InboxEntry, interaction: Interaction) -> None:
        role = required_role(interaction)
        allowed = self._roster.is_allowed(interaction.person, role)
        with self._store.write() as tx:
            if not tx.inbox.mark_done(entry.id, self._now()):  # another process was first
                return
            if allowed:
                says = self._acts(tx, interaction, self._now())
            else:
                says = (
                    refusal_text(role, self._roster.settings)
                    if is_about_alert(tx, interaction)
                    else ""
                )
        if says and interaction.kind is not InteractionKind.WORDS:
            self._tell_person(interaction, says)
        if allowed and self._shows.has_opened_home(interaction.person):
            self._run_in_pool(lambda: self._shows.update_home(interaction.person, self._now()))

    def _show_view(self, entry: InboxEntry, interaction: Interaction) -> None:
        role = required_role(interaction)
        if self._roster.is_allowed(interaction.person, role):
            says = self._shows(interaction, self._now(), lambda tx, _: self._mark_done(tx, entry))
        else:
            says = refusal_text(role, self._roster.settings)
            if interaction.kind is InteractionKind.HOME:
                self._shows.refuse_home(interaction.person, says)
                says = ""
        with self._store.write() as tx:
            self._mark_done(tx, entry)
        if says:
            self._tell_person(interaction, says)

    def _mark_done(self, tx: Transaction, entry: InboxEntry) -> None:
        tx.inbox.mark_done(entry.id, self._now())

    def _retry_or_finish(self, entry: InboxEntry, error: RepwatchError) -> None:
        """What Slack does not take for now is tried a few times more; with anything else it is
        over.
        """
        again = isinstance(error, DeliveryDelayed) and entry.attempts + 1 < _MAX_ATTEMPTS
        with self._store.write() as tx:
            if again:
                tx.inbox.mark_failed(entry.id, str(error), self._now() + _RETRY_AFTER)
            else:
                self._mark_done(tx, entry)

    def _give_up(self, entry: InboxEntry, error: str) -> None:
        """A mistake of ours: kept for those who look for it, and counted."""
        with self._store.write() as tx:
            tx.inbox.mark_failed(entry.id, error, None)

    def _tell_person(self, interaction: Interaction, says: str) -> None:
        self._run_in_pool(lambda: self._shows.voice.tell_person(interaction, says))

    def _run_in_pool(self, step: Callable[[], object]) -> None:
        self._speakers.submit(lambda: self._run_guarded(step))
