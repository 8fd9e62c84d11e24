"""Works off what people did in Slack: each interaction once, in the order of arrival."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from monitor.errors import (
    AlertError,
    DeliveryDelayed,
    DeliveryError,
    DeliveryRefused,
    RepwatchError,
    StoreUnavailable,
)
from monitor.inbox_worker import run_guarded
from monitor.slack_app.actions import (
    ActionExecutor,
    asks_for_suggestions,
    changes_alert,
    is_about_alert,
    required_role,
)
from monitor.slack_app.improvement_desk import is_about_improvement
from monitor.slack_app.interactions import Interaction, InteractionKind
from monitor.slack_app.open_views import ViewPresenter
from monitor.slack_app.permissions import Role, RoleDirectory, refusal_text
from monitor.slack_app.thread_pool import DaemonThreadPool
from monitor.store import Store, Transaction
from monitor.store.inbox import InboxEntry

log = structlog.get_logger(__name__)

#: The name of the worker's thread, and the first word of its log events.
WORKER_NAME = "desk"
#: Seconds between two sweeps of the inbox when nothing comes.
SWEEP_SECONDS = 5.0
_BATCH_SIZE = 200
_MAX_ATTEMPTS = 5
_RETRY_AFTER = timedelta(seconds=5)
#: How long a claimed entry is kept from other processes while something is shown.
_CLAIM_FOR = timedelta(seconds=60)
_BUG_NOTICE = "Something went wrong at repwatch, and nothing was done. Its log says what."


class InteractionHandler:
    """Changes alerts in the worker's thread, in order; shows views and answers in the pool."""

    def __init__(
        self,
        store: Store,
        roles: RoleDirectory,
        executor: ActionExecutor,
        presenter: ViewPresenter,
        pool: DaemonThreadPool,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._roles = roles
        self._executor = executor
        self._presenter = presenter
        self._pool = pool
        self._now = now

    def sweep(self, is_stopping: Callable[[], bool]) -> None:
        """Handle every interaction that is due; raises StoreError."""
        while not is_stopping():
            with self._store.read() as tx:
                entries = tx.inbox.find_due(self._now(), _BATCH_SIZE, from_slack=True)
            for entry in entries:
                if not is_stopping():
                    self._dispatch_entry(entry)
            if len(entries) < _BATCH_SIZE:
                return

    def _dispatch_entry(self, entry: InboxEntry) -> None:
        """Change an alert here, so that the order is kept; leave to the pool what only shows."""
        try:
            interaction = Interaction.from_json(entry.body)
        except (LookupError, TypeError, ValueError) as error:
            self._give_up(entry, f"cannot be read: {type(error).__name__}")
            return
        if changes_alert(interaction):
            self._try_entry(entry, interaction, self._apply_change)
            return
        now = self._now()
        with self._store.write() as tx:
            claimed = tx.inbox.claim(entry.id, now, now + _CLAIM_FOR)
        if claimed:
            self._run_in_pool(lambda: self._try_entry(entry, interaction, self._show_view))

    def _try_entry(
        self,
        entry: InboxEntry,
        interaction: Interaction,
        handle: Callable[[InboxEntry, Interaction], None],
    ) -> None:
        """Handle an entry; on failure retry it later or finish it, and tell the person."""
        try:
            handle(entry, interaction)
        except DeliveryError as error:
            log.warning("desk_not_shown", did=interaction.kind, error=str(error))
            self._retry_or_finish(entry, error)
        except AlertError as error:
            self._retry_or_finish(entry, error)
            self._tell_person(interaction, str(error))
        except StoreUnavailable:  # nothing was done, and it is tried again
            raise
        except Exception as error:  # a bug in one interaction must not hold up the others
            log.exception("desk_broken", did=interaction.kind)
            self._give_up(entry, type(error).__name__)
            self._tell_person(interaction, _BUG_NOTICE)

    def _apply_change(self, entry: InboxEntry, interaction: Interaction) -> None:
        role = required_role(interaction)
        allowed = self._roles.is_allowed(interaction.person, role)
        is_manager = is_about_improvement(interaction) and self._roles.is_allowed(
            interaction.person, Role.MANAGER
        )
        with self._store.write() as tx:
            if not tx.inbox.mark_done(entry.id, self._now()):  # another process was first
                return
            message = ""
            if allowed:
                message = self._executor.execute(
                    tx, interaction, self._now(), is_manager=is_manager
                )
            elif is_about_alert(tx, interaction):
                message = refusal_text(role, self._roles.settings)
        if message and interaction.kind is not InteractionKind.WORDS:
            self._tell_person(interaction, message)
        if allowed and not message and asks_for_suggestions(interaction):
            self._run_in_pool(lambda: self._offer_changes(interaction))
        if allowed and interaction.is_on_answer:
            self._run_in_pool(lambda: self._presenter.renew_answer(interaction, self._now()))
        if allowed and self._presenter.has_opened_home(interaction.person):
            self._run_in_pool(lambda: self._presenter.update_home(interaction.person, self._now()))

    def _offer_changes(self, interaction: Interaction) -> None:
        """Offer a manager who dismissed an alert what to change in its rule."""
        if self._roles.is_allowed(interaction.person, Role.MANAGER):
            self._presenter.offer_changes(interaction, self._now())

    def _show_view(self, entry: InboxEntry, interaction: Interaction) -> None:
        role = required_role(interaction)
        if self._roles.is_allowed(interaction.person, role):
            message = self._presenter.show(
                interaction, self._now(), lambda tx, _: self._mark_done(tx, entry)
            )
        else:
            message = refusal_text(role, self._roles.settings)
            if interaction.kind is InteractionKind.HOME:
                self._presenter.refuse_home(interaction.person, message)
                message = ""
            elif self._presenter.rule_desk.refuse_form(interaction, message):
                message = ""
        with self._store.write() as tx:
            self._mark_done(tx, entry)
        if message:
            self._tell_person(interaction, message)

    def _mark_done(self, tx: Transaction, entry: InboxEntry) -> None:
        tx.inbox.mark_done(entry.id, self._now())

    def _retry_or_finish(self, entry: InboxEntry, error: RepwatchError) -> None:
        """Retry what Slack does not take for now, a few times; finish the entry otherwise."""
        may_pass_later = isinstance(error, (DeliveryDelayed, DeliveryRefused))
        can_retry = may_pass_later and entry.attempts + 1 < _MAX_ATTEMPTS
        with self._store.write() as tx:
            if can_retry:
                tx.inbox.mark_failed(entry.id, str(error), self._now() + _RETRY_AFTER)
            else:
                self._mark_done(tx, entry)

    def _give_up(self, entry: InboxEntry, error: str) -> None:
        """Make the entry a dead letter: a bug of ours, kept for whoever looks for it."""
        with self._store.write() as tx:
            tx.inbox.mark_failed(entry.id, error, None)

    def _tell_person(self, interaction: Interaction, message: str) -> None:
        self._run_in_pool(lambda: self._presenter.responder.tell_person(interaction, message))

    def _run_in_pool(self, step: Callable[[], object]) -> None:
        self._pool.submit(lambda: run_guarded(WORKER_NAME, step))
