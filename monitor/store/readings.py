"""Queries about what was read out of the feedback of a period, without its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, not_, or_, select

from monitor.domain.event import EventKind
from monitor.domain.feedback import Kind, Label, Rating, Scale
from monitor.domain.reading import FeedbackReading, ReasonCount, TypicalFeedback
from monitor.store.column_types import from_json
from monitor.store.rollup_cells import key_columns, of_sources, written_between
from monitor.store.schema import alert_events, analyses, feedback, matches

_QUOTE_CHOICE = 5  #: feedback of each stage and tone from which a quote is chosen


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

    def list_rated_surveys(
        self, since: datetime, until: datetime, source_ids: Sequence[str]
    ) -> list[FeedbackReading]:
        """Return the rated answers to questions with attributes: these may rate drivers."""
        is_asked = or_(feedback.c.kind == str(Kind.SURVEY), feedback.c.question != "")
        is_rated = and_(feedback.c.rating.is_not(None), feedback.c.attributes != "{}", is_asked)
        return self._list_readings([*self._within(since, until, source_ids), is_rated])

    def count_reasons(
        self, since: datetime, until: datetime, source_ids: Sequence[str]
    ) -> list[ReasonCount]:
        """Return how many feedback share stage, touchpoint, tone, drivers and emotion."""
        columns = (
            self._stage,
            self._touchpoint,
            self._label,
            analyses.c.drivers,
            analyses.c.emotion,
        )
        read = select(*columns).select_from(_JOINED)
        keyed = read.where(*self._within(since, until, source_ids)).subquery()
        statement = select(keyed, func.count().label("number")).group_by(*keyed.c)
        return [
            ReasonCount(
                stage=row.stage,
                touchpoint=row.touchpoint,
                label=row.label,
                drivers=tuple(from_json(row.drivers) or ()),
                emotion=row.emotion or "",
                count=row.number,
            )
            for row in self._connection.execute(statement)
        ]

    def list_typical_ids(
        self, since: datetime, until: datetime, source_ids: Sequence[str]
    ) -> list[TypicalFeedback]:
        """Return a few feedback that show each stage, touchpoint and tone best, the surest first.

        Of a negative tone the likeliest problems are the surest, of others the unlikeliest; texts
        of a length to be read come first.
        """
        likelihood = func.coalesce(analyses.c.problem, 0.0)
        length = func.length(analyses.c.text)
        read = select(
            feedback.c.id,
            self._stage,
            self._touchpoint,
            self._label,
            likelihood.label("likelihood"),
            length.between(*_QUOTABLE).label("readable"),
        ).select_from(_JOINED)
        keyed = read.where(*self._within(since, until, source_ids)).subquery()
        group = (keyed.c.stage, keyed.c.touchpoint, keyed.c.label)
        is_bad = keyed.c.label.in_([Label.NEGATIVE, Label.MIXED])
        surest = case((is_bad, keyed.c.likelihood), else_=-keyed.c.likelihood)
        place = func.row_number().over(
            partition_by=group, order_by=(keyed.c.readable.desc(), surest.desc(), keyed.c.id)
        )
        ranked = select(
            keyed.c.id, *group, keyed.c.readable, surest.label("surest"), place.label("place")
        ).subquery()
        order = (ranked.c.readable.desc(), ranked.c.surest.desc(), ranked.c.id)
        statement = select(ranked).where(ranked.c.place <= _QUOTE_CHOICE).order_by(*order)
        return [
            TypicalFeedback(row.id, row.stage, row.touchpoint, row.label)
            for row in self._connection.execute(statement)
        ]

    def count_with_signals(
        self, since: datetime, until: datetime, source_ids: Sequence[str], names: Sequence[str]
    ) -> dict[str, int]:
        """Return how many feedback have each of some signals."""
        counts = [func.sum(case((_has_signal(name), 1), else_=0)) for name in names]
        some = analyses.c.signals != "[]"
        counted = select(*counts).select_from(_JOINED)
        row = self._connection.execute(
            counted.where(*self._within(since, until, source_ids), some)
        ).one()
        return {name: int(count or 0) for name, count in zip(names, row, strict=True)}

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
                feedback.c.author_reach,
                feedback.c.rating,
                feedback.c.rating_scale,
                feedback.c.attributes,
                feedback.c.app_version,
                analyses.c.problem.label("problem_score"),
                analyses.c.signals,
                analyses.c.drivers,
                analyses.c.emotion,
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
    attributes = from_json(row.attributes) if row.attributes not in ("", "{}") else {}
    if row.app_version:
        attributes = {**attributes, "version": row.app_version}
    signals: list[tuple[str, list[str]]] = from_json(row.signals) or []
    drivers: list[str] = from_json(row.drivers) or []
    return FeedbackReading(
        feedback_id=row.id,
        source_id=row.source_id,
        at=row.at,
        author=row.author_id or row.author_name,
        stage=row.stage,
        touchpoint=row.touchpoint,
        label=row.label,
        stars=Rating(row.rating, Scale(row.rating_scale)).stars if row.rating_scale else None,
        problem=row.problem_score or 0.0,
        signals=tuple(name for name, _words in signals),
        drivers=tuple(drivers),
        emotion=row.emotion or "",
        reach=row.author_reach or 0,
        asked=bool(row.asked),
        attributes=tuple(sorted((str(name), str(value)) for name, value in attributes.items())),
    )
