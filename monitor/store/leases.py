"""Queries about leases: who may do, for a while, what only one process may do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, and_, case, or_, select, update

from monitor.store.mapping import to_utc
from monitor.store.schema import leases
from monitor.store.statements import insert_for

_NOBODY = ""
_PAST = datetime.min.replace(tzinfo=UTC)
#: A lease that ends so much later than any that is taken now was taken by a clock that was set back
#: since, or by a machine whose clock is wrong: it would last for as long as that.
_MAX_CLOCK_LEAD = timedelta(minutes=5)


class LeaseRepository:
    """Leases by name, each with a token that grows with every new holder."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def acquire(self, name: str, holder: str, now: datetime, ttl_seconds: float) -> int | None:
        """Take or renew a lease until `ttl_seconds` after `now`; its token, or None while somebody
        else holds it.

        What is guarded by the lease can refuse a token lower than one it has seen: its holder was
        replaced.
        """
        ends_at = now + timedelta(seconds=ttl_seconds)
        expires_at = to_utc(ends_at)
        free = or_(
            leases.c.holder == holder,
            leases.c.expires_at <= to_utc(now),
            leases.c.expires_at > to_utc(ends_at + _MAX_CLOCK_LEAD),
        )
        token = case((leases.c.holder == holder, leases.c.token), else_=leases.c.token + 1)
        values = {"holder": holder, "expires_at": expires_at}
        row = {"name": name, "holder": holder, "token": 1, "expires_at": expires_at}
        taken = (
            insert_for(self._connection, leases)
            .values(row)
            .on_conflict_do_update(
                index_elements=["name"], set_=values | {"token": token}, where=free
            )
        )
        return self._connection.execute(taken.returning(leases.c.token)).scalar()

    def is_held(self, name: str, holder: str, token: int) -> bool:
        """Whether nobody else took the lease since it was taken with this token; true until this
        transaction ends.
        """
        held = and_(leases.c.name == name, leases.c.holder == holder, leases.c.token == token)
        return (
            self._connection.execute(select(leases.c.name).where(held).with_for_update()).first()
            is not None
        )

    def current_holder(self, name: str) -> str:
        """Who has the lease, or had it last; empty for nobody."""
        found = self._connection.execute(
            select(leases.c.holder).where(leases.c.name == name)
        ).scalar()
        return found or _NOBODY

    def release(self, name: str, holder: str) -> bool:
        """Give a lease back at once; False when it is somebody else's."""
        held = and_(leases.c.name == name, leases.c.holder == holder)
        given_back = update(leases).where(held).values(holder=_NOBODY, expires_at=_PAST)
        return self._connection.execute(given_back).rowcount == 1
