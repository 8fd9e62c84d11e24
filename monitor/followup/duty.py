"""The duty at work: new alerts go to whoever has it, and each change is told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.domain.action import AlertChange
from monitor.domain.actor import SYSTEM
from monitor.domain.alert import Alert
from monitor.domain.duty import DutyRotation, Shift
from monitor.domain.event import DUTY_DETAIL, EventKind
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
    _told: str = field(default="", init=False)  #: the key of the change that was told last

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
        person = self.rotation.person_at(now)
        details = {"assignee": str(person), DUTY_DETAIL: "yes"}
        change = AlertChange(kind=EventKind.ASSIGNED, assignee=person, details=details)
        for alert in opened:
            tx.alerts.apply_change(alert.id, change, at=now, actor=SYSTEM, via=VIA)

    def tell_change(self, now: datetime) -> bool:
        """Queue the message about the present shift unless that was done before.

        Of several changes while the program did not run, the last one is told. Raises StoreError.
        """
        if self.rotation is None:
            return False
        shift = self.rotation.shift_at(now)
        key = f"duty:{shift.since.isoformat() if shift.since else ''}:{shift.person}"
        if key == self._told:
            return False
        with self.store.read() as tx:
            is_told = tx.notices.is_queued(key)
        if not is_told:
            with self.store.write() as tx:
                notice = _build_notice(tx, self.rotation, shift)
                is_told = not tx.notices.queue(notice, self.channel, now, key)
        self._told = key
        return not is_told


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
    if shift.since:
        left = find_held(tx, rotation.person_at(shift.since - _MOMENT))
    return Notice(
        kind=NoticeKind.DUTY,
        person=shift.person,
        alert_ids=tuple(alert.id for alert in left),
        until=shift.until,
        zone=rotation.zone,
    )
