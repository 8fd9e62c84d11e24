"""The duty at work: new alerts go to whoever has it, and each change is told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from monitor.domain.alert import Alert
from monitor.domain.duty import DutyRotation, Shift
from monitor.domain.notice import Notice, NoticeKind
from monitor.errors import ConfigProblem
from monitor.followup.handover import find_held
from monitor.settings import DutySettings, Settings
from monitor.store import Store, Transaction

VIA = "duty"
_MOMENT = timedelta(microseconds=1)


@dataclass(slots=True)
class DutyRoster:
    """Who has duty, as configured, and what follows from it."""

    store: Store
    rotation: DutyRotation | None  #: None where nobody has duty
    channel: str  #: where a change is told
    assigns: bool = True  #: a new alert is assigned to whoever has duty
    _told: Shift | None = field(default=None, init=False)  #: spares a look at each call

    @classmethod
    def from_settings(cls, store: Store, duty: DutySettings, default_channel: str) -> DutyRoster:
        """Return the roster that is configured; `default_channel` is where cards go."""
        return cls(store, duty.rotation, duty.channel or default_channel, duty.assign)

    def shift_at(self, now: datetime) -> Shift | None:
        """Return who has duty, since when and until when; None where nobody has."""
        return self.rotation.shift_at(now) if self.rotation else None

    @property
    def zone(self) -> str:
        """The IANA name of the time zone of the duty; empty where nobody has duty."""
        return self.rotation.zone if self.rotation else ""

    def assign_opened(self, tx: Transaction, opened: Sequence[Alert], now: datetime) -> None:
        """Assign alerts to whoever has duty, in the transaction that opens them.

        They stay open, so that their limits count until that person acts.
        """
        if self.rotation is None or not (self.assigns and opened):
            return
        tx.alerts.assign_opened(opened, self.rotation.person_at(now), now, via=VIA)

    def tell_change(self, now: datetime) -> bool:
        """Queue the message about the present shift unless that was done before.

        Of several changes while the program did not run, the last one is told. Raises StoreError.
        """
        if self.rotation is None:
            return False
        shift = self.rotation.shift_at(now)
        if shift == self._told:
            return False
        queued = self._queue_unless_told(self.rotation, shift, now)
        self._told = shift
        return queued

    def _queue_unless_told(self, rotation: DutyRotation, shift: Shift, now: datetime) -> bool:
        with self.store.read() as tx:  # the writers need not wait for what is mostly done
            if tx.notices.is_shift_told(shift):
                return False
        with self.store.write() as tx:
            if not tx.notices.mark_shift_told(shift, now):
                return False
            notice = _build_notice(tx, rotation, shift)
            return tx.notices.queue(notice, self.channel, now, f"duty:{uuid4().hex}")


def check_duty_settings(settings: Settings, file: str) -> list[ConfigProblem]:
    """Return the mistake of two sections that would both give a new alert to somebody."""
    duty = settings.duty
    if settings.respond.assign == "nobody" or not (duty.people and duty.assign):
        return []
    message = (
        "new alerts go to whoever has duty; set assign = false here, or assign = "
        '"nobody" under [respond]'
    )
    return [ConfigProblem(f"{file}: duty.assign", message)]


def _build_notice(tx: Transaction, rotation: DutyRotation, shift: Shift) -> Notice:
    """Return the message about a shift, with what is still with whoever had duty before."""
    left: Sequence[Alert] = ()
    before = rotation.person_at(shift.since - _MOMENT) if shift.since else None
    if before:
        left = find_held(tx, before)
    return Notice(
        kind=NoticeKind.DUTY,
        person=shift.person,
        alert_ids=tuple(alert.id for alert in left),
        actor=before,
        until=shift.until,
        zone=rotation.zone,
    )
