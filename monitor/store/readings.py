"""Queries about what was read out of the feedback of a period, without its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, not_, or_, select

from monitor.domain.event import EventKind
from monitor.domain.feedback import Label, Rating, Scale
from monitor.domain.reading import FeedbackReading
from monitor.store.column_types import from_json
from monitor.store.rollup_cells import key_columns, of_sources, written_between
from monitor.store.schema import alert_events, analyses, feedback, matches


class ReadingRepository:
    """What customers' feedback says, as analysed and as the team corrected it.

    What our own accounts wrote is left out everywhere.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        key = {column.name: column for column in key_columns(connection.dialect.name)}
        self._stage, self._label, self._asked = key["stage"], key["label"], key["asked"]
        self._touchpoint = key["touchpoint"]

    def list_between(
        self, since: datetime, until: datetime, source_ids: Sequence[str]
    ) -> list[FeedbackReading]:
        """Return what was read of the feedback of a time, oldest first."""
        return self._list_readings(self._within(since, until, source_ids))

    def list_with_signals(
        self, since: datetime, until: datetime, source_ids: Sequence[str], names: Sequence[str]
    ) -> list[FeedbackReading]:
        """Return what has one of some signals, oldest first."""
        has_any = or_(*map(_has_signal, names))
        return self._list_readings([*self._within(since, until, source_ids), has_any])

    def count_answered(
        self, since: datetime, until: datetime, source_ids: Sequence[str], as_of: datetime
    ) -> tuple[int, int]:
        """Return how much negative feedback of a time was answered before a moment, and how much
        there is: its alert says so.
        """
        is_answered = (
            select(matches.c.id)
            .join(alert_events, alert_events.c.alert_id == matches.c.alert_id)
            .where(
                matches.c.feedback_id == feedback.c.id,
                alert_events.c.kind == str(EventKind.REPLIED),
                alert_events.c.at >= matches.c.at,
                alert_events.c.at < as_of,
            )
            .exists()
        )
        negative = [*self._within(since, until, source_ids), self._label_is(Label.NEGATIVE)]
        counted = select(func.count()).select_from(_JOINED).where(*negative)
        total = self._connection.execute(counted).scalar_one()
        answered = self._connection.execute(counted.where(is_answered)).scalar_one()
        return int(answered), int(total)

    def _label_is(self, label: Label) -> ColumnElement[bool]:
        return self._label.self_group() == str(label)

    def _within(
        self, since: datetime, until: datetime, source_ids: Sequence[str]
    ) -> list[ColumnElement[bool]]:
        return [not_(feedback.c.own), written_between(since, until), *of_sources(source_ids)]

    def _list_readings(self, wanted: Sequence[ColumnElement[bool]]) -> list[FeedbackReading]:
        statement = (
            select(
                feedback.c.id,
                feedback.c.source_id,
                self._stage,
                self._touchpoint,
                self._label,
                self._asked,
                feedback.c.at,
                feedback.c.author_id,
                feedback.c.author_name,
                feedback.c.question,
                feedback.c.author_reach,
                feedback.c.rating,
                feedback.c.rating_scale,
                feedback.c.attributes,
                feedback.c.app_version,
                analyses.c.problem.label("problem_score"),
                analyses.c.signals,
                analyses.c.drivers,
                analyses.c.emotion,
                func.length(analyses.c.text).between(*_QUOTABLE).label("is_quotable"),
            )
            .select_from(_JOINED)
            .where(*wanted)
            .order_by(feedback.c.at, feedback.c.id)
        )
        rows: Iterable[Row[Any]] = self._connection.execute(statement)
        return [_to_reading(row) for row in rows]


_JOINED = feedback.join(analyses, feedback.c.id == analyses.c.feedback_id)
#: Characters of a quote: long enough to say something, short enough to be read.
_QUOTABLE = (30, 300)


def _has_signal(name: str) -> ColumnElement[bool]:
    """Whether `[["outage",["words"]],...]` names a signal; words are quoted in it otherwise."""
    return analyses.c.signals.contains(f'["{name}",[', autoescape=True)


def _to_reading(row: Row[Any]) -> FeedbackReading:
    return FeedbackReading(
        feedback_id=row.id,
        source_id=row.source_id,
        at=row.at,
        author=row.author_id or row.author_name,
        question=row.question,
        stage=row.stage,
        touchpoint=row.touchpoint,
        label=row.label,
        stars=Rating(row.rating, Scale(row.rating_scale)).stars if row.rating_scale else None,
        problem=row.problem_score or 0.0,
        signals=_to_signals(row.signals),
        drivers=_to_drivers(row.drivers),
        emotion=row.emotion or "",
        reach=row.author_reach or 0,
        asked=bool(row.asked),
        is_quotable=bool(row.is_quotable),
        attributes=_to_attributes(row.attributes, row.app_version),
    )


@lru_cache(maxsize=1024)
def _to_signals(stored: str | None) -> tuple[str, ...]:
    """Return the names in `[["outage",["words"]],...]`."""
    return tuple(name for name, _words in from_json(stored) or ())


@lru_cache(maxsize=1024)
def _to_drivers(stored: str | None) -> tuple[str, ...]:
    return tuple(from_json(stored) or ())


@lru_cache(maxsize=4096)
def _to_attributes(stored: str, app_version: str) -> tuple[tuple[str, str], ...]:
    """Return names and values in order; most feedback shares plan and country with others."""
    attributes = from_json(stored) if stored not in ("", "{}") else {}
    if app_version:
        attributes = {**attributes, "version": app_version}
    return tuple(sorted((str(name), str(value)) for name, value in attributes.items()))
