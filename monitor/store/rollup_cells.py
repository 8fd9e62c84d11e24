"""How the key under which a feedback counts is read out of its rows, as SQL.

Everything that counts feedback uses these columns, so that what is kept ready and what is counted
anew cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    ScalarSelect,
    Subquery,
    and_,
    cast,
    func,
    not_,
    or_,
    select,
)

from monitor.domain.feedback import Kind
from monitor.domain.rollup import ASKED_SCALES, PROBLEM_FROM, RollupCell, RollupKey
from monitor.domain.verdict import VerdictKind
from monitor.store.mapping import to_utc
from monitor.store.schema import analyses, feedback, verdicts

#: The columns of a key, in the order of its fields.
KEY_NAMES = tuple(RollupKey.__dataclass_fields__)


def written_between(since: datetime, until: datetime) -> ColumnElement[bool]:
    """Whether a feedback was written, or first seen where that is not known, in a time."""
    return and_(feedback.c.at >= to_utc(since), feedback.c.at < to_utc(until))


def of_sources(source_ids: Iterable[str] | None) -> list[ColumnElement[bool]]:
    """Whether a feedback came from one of these sources; no condition for None."""
    return [] if source_ids is None else [feedback.c.source_id.in_(list(source_ids))]


@cache
def key_columns(dialect: str) -> tuple[ColumnElement[Any], ...]:
    """The columns of a key, of `feedback` joined with `analyses`."""
    stage = func.coalesce(_last_verdict(VerdictKind.STAGE), analyses.c.stage, "")
    label = func.coalesce(_last_verdict(VerdictKind.SENTIMENT), analyses.c.label, "")
    tenths = feedback.c.rating * 10 + 0.5
    whole = cast(tenths if dialect == "sqlite" else func.floor(tenths), Integer)
    asked = or_(
        feedback.c.kind == str(Kind.SURVEY),
        feedback.c.question != "",
        func.coalesce(feedback.c.rating_scale, "").in_([str(scale) for scale in ASKED_SCALES]),
    )
    return (
        feedback.c.source_id,
        stage.label("stage"),
        func.coalesce(analyses.c.touchpoint, "").label("touchpoint"),
        label.label("label"),
        func.coalesce(feedback.c.rating_scale, "").label("scale"),
        func.coalesce(whole, 0).label("tenths"),
        (func.coalesce(analyses.c.problem, 0.0) >= PROBLEM_FROM).label("problem"),
        asked.label("asked"),
    )


def hours_after(dialect: str, start: datetime) -> ColumnElement[int]:
    """The whole hours from a start until a feedback was written, which was not before it."""
    if dialect == "sqlite":
        # The start comes off before the division, which would round what is negative upwards.
        seconds = cast(func.strftime("%s", feedback.c.at), Integer) - int(start.timestamp())
        return seconds // 3600
    return cast(func.floor(func.extract("epoch", feedback.c.at - start) / 3600), Integer)


def select_keys(
    dialect: str, wanted: Sequence[ColumnElement[bool]], *more: ColumnElement[Any]
) -> Subquery:
    """The keys of the customers' feedback that satisfies all conditions, with more columns."""
    return (
        select(*key_columns(dialect), *more)
        .join_from(feedback, analyses, feedback.c.id == analyses.c.feedback_id)
        .where(not_(feedback.c.own), *wanted)
        .subquery("keyed")
    )


def count_cells(connection: Connection, wanted: Sequence[ColumnElement[bool]]) -> list[RollupCell]:
    """How many feedback of each key satisfy all conditions, counted from the feedback itself."""
    keyed = select_keys(connection.dialect.name, wanted)
    columns = [keyed.c[name] for name in KEY_NAMES]
    rows = connection.execute(select(*columns, func.count()).group_by(*columns))
    return [RollupCell(to_rollup_key(row), row[-1]) for row in rows]


def to_rollup_key(row: Row[Any] | Sequence[Any]) -> RollupKey:
    """The key in the first columns of a row."""
    source_id, stage, touchpoint, label, scale, tenths, problem, asked = row[: len(KEY_NAMES)]
    return RollupKey(
        source_id=source_id,
        stage=stage,
        touchpoint=touchpoint,
        label=label,
        scale=scale,
        tenths=tenths,
        problem=bool(problem),
        asked=bool(asked),
    )


def _last_verdict(kind: VerdictKind) -> ScalarSelect[str]:
    """What the team said last of a feedback; NULL where it said nothing."""
    return (
        select(verdicts.c.value)
        .where(verdicts.c.feedback_id == feedback.c.id, verdicts.c.kind == str(kind))
        .order_by(verdicts.c.at.desc(), verdicts.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
