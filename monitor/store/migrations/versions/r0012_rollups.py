"""Rollups: counts of feedback by hour, day and month, and which feedback is our own.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME = sa.DateTime(timezone=True)
_KEYS = "source_id, stage, touchpoint, label, scale, tenths, problem, asked"
#: What each database writes in its own way: the hours since :since, and a rating in tenths.
_OWN_WAY = {
    "sqlite": (
        "(CAST(strftime('%s', f.at) AS INTEGER) - :seconds) / 3600",
        "CAST(f.rating * 10 + 0.5 AS INTEGER)",
    ),
    "postgresql": (
        "CAST(floor((extract(epoch FROM f.at) - :seconds) / 3600) AS INTEGER)",
        "CAST(floor(f.rating * 10 + 0.5) AS INTEGER)",
    ),
}


def upgrade() -> None:
    """Make the tables and count, month by month, what is stored; there is no way back.

    What our own accounts wrote before is marked by `repwatch db rebuild`, which knows them.
    """
    _make_tables()
    connection = op.get_bind()
    earliest = sa.text("SELECT min(at) AS at FROM feedback WHERE at >= :since")
    earliest = earliest.bindparams(sa.bindparam("since", type_=_StoredTime()))
    found = earliest.columns(at=_StoredTime())
    at = connection.execute(found, {"since": datetime.min.replace(tzinfo=UTC)}).scalar()
    while at is not None:
        since = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        if (since.year, since.month) == (9999, 12):
            _count_month(connection, since, datetime.max.replace(tzinfo=UTC))
            return
        until = (since + timedelta(days=31)).replace(day=1)
        _count_month(connection, since, until)
        at = connection.execute(found, {"since": until}).scalar()


class _StoredTime(sa.TypeDecorator[datetime]):
    """A time as the tables hold it: SQLite's has no offset and is UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return the time for the driver."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return the time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _make_tables() -> None:
    false = sa.text("false")
    op.add_column("feedback", sa.Column("own", sa.Boolean(), nullable=False, server_default=false))
    op.create_table(
        "rollup_keys",
        sa.Column("id", _ID, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("touchpoint", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rollup_keys"),
        sa.UniqueConstraint(*_KEYS.split(", "), name="uq_rollup_keys_all"),
    )
    op.create_table(
        "rollups",
        sa.Column("grain", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("key_id", _ID, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("grain", "unit", "key_id", name="pk_rollups"),
        sqlite_with_rowid=False,
    )
    for table, column in (("alerts", "opened_at"), ("matches", "at"), ("alert_events", "at")):
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)


def _count_month(connection: sa.Connection, since: datetime, until: datetime) -> None:
    """Count by hour from the feedback, by day from the hours, and the month from its days."""
    hour, tenths = _OWN_WAY[connection.dialect.name]
    # Names and expressions of our own only.
    counted = f"""
        SELECT {_KEYS}, hour, count(*) AS number FROM (
            SELECT f.source_id, {_corrected("stage", "stage")} AS stage,
                coalesce(a.touchpoint, '') AS touchpoint,
                {_corrected("sentiment", "label")} AS label,
                coalesce(f.rating_scale, '') AS scale, coalesce({tenths}, 0) AS tenths,
                coalesce(a.problem, 0) >= 0.5 AS problem,
                (f.kind = 'survey' OR f.question <> ''
                    OR coalesce(f.rating_scale, '') IN ('nps', 'csat5', 'ces7', 'ces5')) AS asked,
                {hour} AS hour
            FROM feedback AS f JOIN analyses AS a ON a.feedback_id = f.id
            WHERE f.at >= :since AND f.at < :until
        ) AS keyed GROUP BY {_KEYS}, hour
    """  # noqa: S608
    first = (since - _EPOCH) // timedelta(hours=1)
    values = {
        "since": since,
        "until": until,
        "seconds": first * 3600,
        "first": first,
        "last": (until - datetime.resolution - _EPOCH) // timedelta(hours=1) + 1,
        "day": first // 24,
        "end": (until - datetime.resolution - _EPOCH) // timedelta(days=1) + 1,
        "month": since.year * 12 + since.month - 1,
    }
    add_keys = f"""
        INSERT INTO rollup_keys ({_KEYS}) SELECT DISTINCT {_KEYS} FROM ({counted}) AS counted
        WHERE true ON CONFLICT DO NOTHING
    """  # noqa: S608
    add_hours = f"""
        INSERT INTO rollups (grain, unit, key_id, count) SELECT 0, hour + :first, k.id, number
        FROM ({counted}) AS counted JOIN rollup_keys AS k USING ({_KEYS})
    """  # noqa: S608
    add_days = """
        INSERT INTO rollups (grain, unit, key_id, count)
        SELECT 1, :day + (unit - :first) / 24 AS day, key_id, sum(count) FROM rollups
        WHERE grain = 0 AND unit >= :first AND unit < :last GROUP BY 2, key_id
    """
    add_month = """
        INSERT INTO rollups (grain, unit, key_id, count)
        SELECT 2, CAST(:month AS INTEGER), key_id, sum(count) FROM rollups
        WHERE grain = 1 AND unit >= :day AND unit < :end GROUP BY key_id
    """
    for statement in (add_keys, add_hours, add_days, add_month):
        _run_with(connection, statement, values)


def _run_with(connection: sa.Connection, sql: str, values: dict[str, object]) -> None:
    """Run a statement with those of the values that it names."""
    named = sa.text(sql)
    wanted = {name: value for name, value in values.items() if name in named._bindparams}
    times = [
        sa.bindparam(name, type_=_StoredTime()) for name in ("since", "until") if name in wanted
    ]
    connection.execute(named.bindparams(*times), wanted)


def _corrected(kind: str, column: str) -> str:
    """What the team said last, else what was read."""
    return f"""coalesce((
        SELECT v.value FROM verdicts AS v WHERE v.feedback_id = f.id AND v.kind = '{kind}'
        ORDER BY v.at DESC, v.id DESC LIMIT 1), a.{column}, '')"""  # noqa: S608
