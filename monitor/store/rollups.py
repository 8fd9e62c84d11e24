"""Counts of feedback that are kept ready by hour, day and month, so that a year is read at once.

Whoever adds, changes or removes feedback, or corrects what was read out of it, calls the functions
here in the same transaction. A month can be counted anew at any time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    func,
    literal,
    or_,
    select,
    union_all,
)

from monitor.domain.feedback import Analysis, Feedback, Label
from monitor.domain.rollup import (
    Grain,
    RawSpan,
    RollupCell,
    RollupKey,
    StoredSpan,
    make_rollup_key,
    split_into_spans,
)
from monitor.store.column_types import to_key_text
from monitor.store.compiled import run_raw_sql
from monitor.store.mapping import to_utc
from monitor.store.rollup_cells import (
    KEY_NAMES,
    count_cells,
    hours_after,
    of_sources,
    select_keys,
    to_rollup_key,
    written_between,
)
from monitor.store.schema import feedback, rollup_keys, rollups
from monitor.store.statements import id_among, insert_for, split_batches

_EVERY_GRAIN = (Grain.HOUR, Grain.DAY, Grain.MONTH)


class _HourCell(NamedTuple):
    """A key in an hour, which is the finest that is kept."""

    hour: int
    key: RollupKey


class RollupRepository:
    """How much feedback there is of what kind, in any period."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._keys: dict[int, RollupKey] = {}  # by their ids, as far as they were read

    def count_cells(
        self, since: datetime, until: datetime, source_ids: Iterable[str] | None = None
    ) -> list[RollupCell]:
        """How many feedback of each key were written from a time on and before another.

        Of all sources, or of those that are given. What our own accounts wrote is left out. Takes
        as long for a year as for a week.
        """
        spans = split_into_spans(since, until)
        wanted = None if source_ids is None else list(source_ids)
        found = self._count_stored([span for span in spans if isinstance(span, StoredSpan)], wanted)
        for span in spans:
            if isinstance(span, RawSpan):
                found.update(self._count_raw(span, wanted))
        return [RollupCell(key, count) for key, count in found.items()]

    def count_total(
        self, since: datetime, until: datetime, source_ids: Iterable[str] | None = None
    ) -> int:
        """How many feedback were written in such a time, whatever their keys."""
        spans = split_into_spans(since, until)
        wanted = None if source_ids is None else list(source_ids)
        raw = (self._count_raw(span, wanted) for span in spans if isinstance(span, RawSpan))
        total = sum(sum(counts.values()) for counts in raw)
        stored = [_in_span(span) for span in spans if isinstance(span, StoredSpan)]
        if not stored:
            return total
        statement = select(func.coalesce(func.sum(rollups.c.count), 0)).where(or_(*stored))
        if wanted is not None:
            theirs = select(rollup_keys.c.id).where(rollup_keys.c.source_id.in_(wanted))
            statement = statement.where(rollups.c.key_id.in_(theirs))
        return total + int(self._connection.execute(statement).scalar_one())

    def count_label_by_utc_day(
        self, label: Label, since: datetime, until: datetime, source_ids: Iterable[str]
    ) -> list[Counter[tuple[str, str]]]:
        """How much feedback of a tone each whole UTC day has at each stage and touchpoint.

        Oldest first, from the first day that has any.
        """
        span = StoredSpan(Grain.DAY, Grain.DAY.unit_of(since), Grain.DAY.unit_of(until))
        columns = (rollups.c.unit, rollup_keys.c.stage, rollup_keys.c.touchpoint)
        statement = (
            select(*columns, func.sum(rollups.c.count))
            .join_from(rollups, rollup_keys, rollups.c.key_id == rollup_keys.c.id)
            .where(
                _in_span(span),
                rollup_keys.c.label == str(label),
                rollup_keys.c.source_id.in_(list(source_ids)),
            )
            .group_by(*columns)
        )
        days: dict[int, Counter[tuple[str, str]]] = {}
        for unit, stage, touchpoint, count in self._connection.execute(statement):
            days.setdefault(unit, Counter())[stage, touchpoint] = int(count)
        first = min(days, default=span.until)
        return [days.get(unit, Counter()) for unit in range(first, span.until)]

    def list_months(self) -> list[int]:
        """The months, as `Grain.MONTH` numbers them, in which there is feedback or a count."""
        counted = select(rollups.c.unit).where(rollups.c.grain == int(Grain.MONTH)).distinct()
        found = set(self._connection.execute(counted).scalars())
        first = self._connection.execute(_EARLIEST).scalar()
        while first is not None:
            month = Grain.MONTH.unit_of(first)
            found.add(month)
            later = _EARLIEST.where(feedback.c.at >= _end_of_month(month))
            first = None if month >= _LAST_MONTH else self._connection.execute(later).scalar()
        return sorted(found)

    def rebuild_month(self, month: int) -> int:
        """Count a month, as `Grain.MONTH` numbers them, anew; return how much feedback it has.

        In one write transaction, in which nothing is added: so it is right whoever writes before
        and after.
        """
        since, until = Grain.MONTH.start_of(month), _end_of_month(month)
        hours, days = _span_of(Grain.HOUR, since, until), _span_of(Grain.DAY, since, until)
        whole = StoredSpan(Grain.MONTH, month, month + 1)
        for span in (hours, days, whole):
            self._connection.execute(delete(rollups).where(_in_span(span)))
        self._count_hours(hours, since, until)
        self._sum_up(hours, Grain.DAY, days.since + (rollups.c.unit - hours.since) // 24)
        self._sum_up(days, Grain.MONTH, literal(month))
        total = select(func.coalesce(func.sum(rollups.c.count), 0)).where(_in_span(whole))
        return int(self._connection.execute(total).scalar_one())

    def _count_stored(
        self, spans: Sequence[StoredSpan], source_ids: list[str] | None
    ) -> Counter[RollupKey]:
        if not spans:
            return Counter()
        # All spans at once: most keys are in each of them, and to read a key takes the longest.
        pieces = union_all(
            *(select(rollups.c.key_id, rollups.c.count).where(_in_span(span)) for span in spans)
        ).subquery()
        total = func.sum(pieces.c.count)
        counted = select(pieces.c.key_id, total).group_by(pieces.c.key_id)
        counts = {key_id: int(count) for key_id, count in self._connection.execute(counted)}
        self._load_keys(counts)
        wanted = None if source_ids is None else frozenset(source_ids)
        found = ((self._keys[key_id], count) for key_id, count in counts.items())
        return Counter(
            {key: count for key, count in found if wanted is None or key.source_id in wanted}
        )

    def _load_keys(self, key_ids: Iterable[int]) -> None:
        """Read the keys that were not read before in this transaction; none ever changes."""
        missing = [key_id for key_id in key_ids if key_id not in self._keys]
        if missing:
            columns = [rollup_keys.c[name] for name in KEY_NAMES]
            is_missing = id_among(self._connection.dialect.name, rollup_keys.c.id, missing)
            read = select(*columns, rollup_keys.c.id).where(is_missing)
            for row in self._connection.execute(read):
                self._keys[row[-1]] = to_rollup_key(row)

    def _count_raw(self, span: RawSpan, source_ids: list[str] | None) -> Mapping[RollupKey, int]:
        wanted = [written_between(span.since, span.until), *of_sources(source_ids)]
        return {cell.key: cell.count for cell in count_cells(self._connection, wanted)}

    def _count_hours(self, hours: StoredSpan, since: datetime, until: datetime) -> None:
        dialect = self._connection.dialect.name
        wanted = [written_between(since, until)]
        keyed = select_keys(dialect, wanted, hours_after(dialect, since).label("hours"))
        columns = [keyed.c[name] for name in KEY_NAMES]
        counted = (
            select(*columns, keyed.c.hours, func.count().label("number"))
            .group_by(*columns, keyed.c.hours)
            .subquery()
        )
        keys = select(*(counted.c[name] for name in KEY_NAMES)).where(literal(True)).distinct()
        added = insert_for(self._connection, rollup_keys).from_select(KEY_NAMES, keys)
        self._connection.execute(added.on_conflict_do_nothing())
        same = and_(*(counted.c[name] == rollup_keys.c[name] for name in KEY_NAMES))
        rows = select(
            literal(int(Grain.HOUR)),
            counted.c.hours + hours.since,
            rollup_keys.c.id,
            counted.c.number,
        ).join_from(counted, rollup_keys, same)
        self._connection.execute(rollups.insert().from_select(_ROLLUP_NAMES, rows))

    def _sum_up(self, span: StoredSpan, grain: Grain, unit: ColumnElement[Any]) -> None:
        pieces = (
            select(unit.label("unit"), rollups.c.key_id, rollups.c.count)
            .where(_in_span(span))
            .subquery()
        )
        rows = select(
            literal(int(grain)), pieces.c.unit, pieces.c.key_id, func.sum(pieces.c.count)
        ).group_by(pieces.c.unit, pieces.c.key_id)
        self._connection.execute(rollups.insert().from_select(_ROLLUP_NAMES, rows))


def count_added(connection: Connection, items: Sequence[tuple[Feedback, Analysis]]) -> None:
    """Count feedback that was just added."""
    counts: Counter[_HourCell] = Counter()
    for item, analysis in items:
        key = make_rollup_key(item, analysis)
        at = to_utc(item.seen_or_created)
        if key is not None and at is not None:
            counts[_HourCell(Grain.HOUR.unit_of(at), key)] += 1
    _change_counts(connection, counts)


def uncount(connection: Connection, feedback_ids: Sequence[int]) -> None:
    """Take feedback out of the counts, before it is removed."""
    for chunk in split_batches(feedback_ids):
        counts = Counter(_find_cells(connection, chunk).values())
        _change_counts(connection, {cell: -count for cell, count in counts.items()})


@contextmanager
def recount(connection: Connection, feedback_ids: Sequence[int]) -> Iterator[None]:
    """Keep the counts right while feedback, or what was read out of it, is changed inside."""
    if not feedback_ids:
        yield
        return
    before = _find_cells(connection, feedback_ids)
    yield
    after = _find_cells(connection, feedback_ids)
    changes: Counter[_HourCell] = Counter(after.values())
    changes.subtract(before.values())
    _change_counts(connection, {cell: change for cell, change in changes.items() if change})


def _find_cells(connection: Connection, feedback_ids: Sequence[int]) -> dict[int, _HourCell]:
    """Where feedback counts as it is stored now, by its id; what counts nowhere is left out."""
    wanted = [feedback.c.id.in_(feedback_ids)]
    keyed = select_keys(connection.dialect.name, wanted, feedback.c.id, feedback.c.at)
    columns = [keyed.c[name] for name in (*KEY_NAMES, "id", "at")]
    return {
        row.id: _HourCell(Grain.HOUR.unit_of(row.at), to_rollup_key(row))
        for row in connection.execute(select(*columns))
    }


def _change_counts(connection: Connection, changes: Mapping[_HourCell, int]) -> None:
    """Add to the counts, or take away with a number below 0; what comes to 0 goes."""
    if not changes:
        return
    ids = _key_ids(connection, list(dict.fromkeys(cell.key for cell in changes)))
    units: dict[tuple[int, int, int], int] = {}
    for (hour, key), change in changes.items():
        key_id = ids[key]
        for grain, unit in _units_of_hour(hour):
            place = grain, unit, key_id
            units[place] = units.get(place, 0) + change
    rows = sorted((*place, change) for place, change in units.items() if change)
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        run_raw_sql(connection, _ADD_SQLITE, rows)
    else:
        run_raw_sql(connection, _ADD_POSTGRES, tuple(map(list, zip(*rows, strict=True))))
    lessened = [row[:3] for row in rows if row[3] < 0]
    if lessened:
        run_raw_sql(connection, _SWEEP_SQLITE if is_sqlite else _SWEEP_POSTGRES, lessened)


@lru_cache(maxsize=2048)
def _units_of_hour(hour: int) -> tuple[tuple[int, int], ...]:
    """Each grain with the unit in which an hour lies: most feedback of a chunk is of few hours."""
    at = Grain.HOUR.start_of(hour)
    return tuple((int(grain), grain.unit_of(at)) for grain in _EVERY_GRAIN)


def _key_ids(connection: Connection, keys: Sequence[RollupKey]) -> dict[RollupKey, int]:
    """The id of each key, which is added where it is new."""
    found = _find_key_ids(connection, keys)
    missing = sorted(_to_key_columns(key) for key in keys if key not in found)
    if missing:
        is_sqlite = connection.dialect.name == "sqlite"
        run_raw_sql(connection, _NEW_KEY_SQLITE if is_sqlite else _NEW_KEY_POSTGRES, missing)
        found = _find_key_ids(connection, keys)
    return found


def _find_key_ids(connection: Connection, keys: Sequence[RollupKey]) -> dict[RollupKey, int]:
    by_columns = {_to_key_columns(key): key for key in keys}
    if connection.dialect.name == "sqlite":
        asked = [run_raw_sql(connection, _KEY_SQLITE, key).fetchone() for key in by_columns]
        rows: Iterable[Sequence[Any]] = [
            (*key, row[0]) for key, row in zip(by_columns, asked, strict=True) if row
        ]
    else:
        columns = tuple(map(list, zip(*by_columns, strict=True)))
        rows = run_raw_sql(connection, _KEYS_POSTGRES, columns).fetchall()
    return {by_columns[tuple(row[:-1])]: row[-1] for row in rows}


@lru_cache(maxsize=2048)
def _to_key_columns(key: RollupKey) -> tuple[Any, ...]:
    texts = map(to_key_text, (key.source_id, key.stage, key.touchpoint, key.label, key.scale))
    return (*texts, key.tenths, key.problem, key.asked)


def _in_span(span: StoredSpan) -> ColumnElement[bool]:
    return and_(
        rollups.c.grain == int(span.grain),
        rollups.c.unit >= span.since,
        rollups.c.unit < span.until,
    )


def _span_of(grain: Grain, since: datetime, until: datetime) -> StoredSpan:
    """The whole units up to an end that lies on a border, or is the last moment of all."""
    return StoredSpan(grain, grain.unit_of(since), grain.unit_of(until - datetime.resolution) + 1)


def _end_of_month(month: int) -> datetime:
    """When the next month begins; the last moment there is, for the last month."""
    if month >= _LAST_MONTH:
        return datetime.max.replace(tzinfo=Grain.MONTH.start_of(month).tzinfo)
    return Grain.MONTH.start_of(month + 1)


_LAST_MONTH = 9999 * 12 + 11
_ROLLUP_NAMES = ("grain", "unit", "key_id", "count")
_EARLIEST = select(func.min(feedback.c.at, type_=feedback.c.at.type))
_KEY_LIST = ", ".join(KEY_NAMES)
# Names of our own tables and columns only.
_KEY_SQLITE = (
    "SELECT id FROM rollup_keys WHERE source_id = ? AND stage = ? AND touchpoint = ? AND label = ? "
    "AND scale = ? AND tenths = ? AND problem = ? AND asked = ?"
)
_KEYS_POSTGRES = (
    "SELECT source_id, stage, touchpoint, label, scale, tenths, problem, asked, id FROM "
    "unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[], %s::bool[],"
    " %s::bool[]) AS wanted (source_id, stage, touchpoint, label, scale, tenths, problem, asked)"
    " JOIN rollup_keys USING (source_id, stage, touchpoint, label, scale, tenths, problem, asked)"
)
_NEW_KEY = f"INSERT INTO rollup_keys ({_KEY_LIST}) VALUES "  # noqa: S608
_NEW_KEY_SQLITE = f"{_NEW_KEY}({', '.join('?' * len(KEY_NAMES))}) ON CONFLICT DO NOTHING"
_NEW_KEY_POSTGRES = f"{_NEW_KEY}({', '.join(['%s'] * len(KEY_NAMES))}) ON CONFLICT DO NOTHING"
_SUM = "ON CONFLICT (grain, unit, key_id) DO UPDATE SET count = rollups.count + excluded.count"
_ADD = "INSERT INTO rollups (grain, unit, key_id, count)"
_ADD_SQLITE = f"{_ADD} VALUES (?, ?, ?, ?) {_SUM}"
_ADD_POSTGRES = f"{_ADD} SELECT * FROM unnest(%s::int[], %s::int[], %s::bigint[], %s::int[]) {_SUM}"  # noqa: S608
_SWEEP = "DELETE FROM rollups WHERE count <= 0 AND grain = {0} AND unit = {0} AND key_id = {0}"
_SWEEP_SQLITE, _SWEEP_POSTGRES = _SWEEP.format("?"), _SWEEP.format("%s")
