"""Queries about the feedback of a period, beside the counts that are kept ready."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    case,
    func,
    not_,
    or_,
    select,
)

from monitor.domain.feedback import Label
from monitor.domain.period_facts import (
    QuestionCells,
    TextSample,
    UnreadCount,
)
from monitor.domain.rollup import RollupCell
from monitor.domain.theme import ThemeText
from monitor.store.feedback import AnalysedFeedback
from monitor.store.mapping import to_analysis, to_feedback, to_utc
from monitor.store.rollup_cells import (
    KEY_NAMES,
    count_cells,
    key_columns,
    of_sources,
    select_keys,
    to_rollup_key,
    written_between,
)
from monitor.store.rollups import RollupRepository
from monitor.store.schema import analyses, feedback
from monitor.store.statements import id_among, split_batches

_READ = (*feedback.c, *(column.label(f"a_{column.name}") for column in analyses.c))
#: Spreads ids evenly over 32 bits: Knuth, The Art of Computer Programming, volume 3, section 6.4.
_KNUTH, _IDS, _BITS = 2_654_435_761, 2**31, 2**32
_DRAWN = (feedback.c.id % _IDS) * _KNUTH % _BITS
_IS_KNOWN = or_(feedback.c.author_id != "", feedback.c.author_name != "")
_MARGIN = 1.2  #: texts that are drawn for each that is wanted: some have no words
_ROWS = 5_000  #: that are read at once
#: A person is known by the source's own id, and by name where there is none.
_NAME_WITHOUT_ID = case((feedback.c.author_id != "", ""), else_=feedback.c.author_name)


class PeriodFeedbackRepository:
    """What customers wrote from a time on and before another.

    Everywhere `source_ids` are the sources that count, None for all; what our own accounts wrote is
    left out; tone and stage are as the team corrected them.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._repeats: dict[tuple[Any, ...], frozenset[int]] = {}

    def count_repeats(
        self, since: datetime, until: datetime, source_ids: Iterable[str] | None = None
    ) -> list[RollupCell]:
        """The counts to subtract, so that each person counts once: all but the last feedback.

        Of the same author in the same source, and to the same question. Who is not known counts
        each time.
        """
        return self.count_cells_of(sorted(self._find_repeats(since, until, source_ids)))

    def count_by_question(
        self, since: datetime, until: datetime, source_ids: Iterable[str] | None = None
    ) -> list[QuestionCells]:
        """The counts of rated answers by what was asked; only the last answer of each person."""
        repeated = self._find_repeats(since, until, source_ids)
        return self._count_questions(self._within(since, until, source_ids), repeated)

    def count_questions_of(self, feedback_ids: Sequence[int]) -> list[QuestionCells]:
        """The counts of the rated answers among these feedback by what was asked."""
        return self._count_questions([id_among(self._dialect, feedback.c.id, feedback_ids)])

    def count_cells_of(self, feedback_ids: Sequence[int]) -> list[RollupCell]:
        """The counts of these feedback."""
        return count_cells(self._connection, [id_among(self._dialect, feedback.c.id, feedback_ids)])

    def find_words(self, feedback_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
        """The ids of these feedback with their words, as queries search them; in no order."""
        is_asked = id_among(self._dialect, analyses.c.feedback_id, feedback_ids)
        statement = select(analyses.c.feedback_id, analyses.c.words).where(is_asked)
        for rows in self._connection.execute(statement).partitions(_ROWS):
            yield from ((feedback_id, words) for feedback_id, words in rows)

    def count_late(
        self,
        since: datetime,
        until: datetime,
        seen_after: datetime,
        source_ids: Iterable[str] | None = None,
    ) -> list[RollupCell]:
        """The counts of what was written in a period and first seen at a later time or after it."""
        late = feedback.c.first_seen_at >= to_utc(seen_after)
        return count_cells(self._connection, [*self._within(since, until, source_ids), late])

    def count_unread(
        self, since: datetime, until: datetime, source_ids: Iterable[str] | None = None
    ) -> list[UnreadCount]:
        """How much feedback has no tone, by source and by why that is, most first."""
        keyed = select_keys(
            self._dialect, self._within(since, until, source_ids), analyses.c.unscored
        )
        number = func.count().label("number")
        columns = (keyed.c.source_id, keyed.c.unscored)
        statement = (
            select(*columns, number)
            .where(keyed.c.label == "")
            .group_by(*columns)
            .order_by(number.desc(), *columns)
        )
        return [
            UnreadCount(source_id=source_id, reason=reason, count=count)
            for source_id, reason, count in self._connection.execute(statement)
        ]

    def sample_texts(
        self,
        since: datetime,
        until: datetime,
        most: int,
        source_ids: Iterable[str] | None = None,
    ) -> TextSample:
        """At most so many texts, the same whenever it is asked, and spread over all that there is.

        Which ones is decided by a hash of their ids. Feedback without words is left out; of many,
        `total` counts it all the same.
        """
        received = RollupRepository(self._connection).count_total(since, until, source_ids)
        share = _MARGIN * most / max(received, 1)
        while True:
            rows = self._draw_texts(since, until, source_ids, share)
            if share >= 1 or len(rows) >= most:
                break
            share *= 4
        rows.sort(key=lambda row: (row.drawn, row.id))
        chosen = sorted(map(_to_text, rows[:most]), key=lambda text: (text.at, text.feedback_id))
        return TextSample(len(rows) if share >= 1 else received, tuple(chosen))

    def _draw_texts(
        self, since: datetime, until: datetime, source_ids: Iterable[str] | None, share: float
    ) -> list[Row[Any]]:
        """Return about such a share of the texts, 1 for all."""
        key = {column.name: column for column in key_columns(self._dialect)}
        # By an index alone: to ask each of eight weeks' feedback for its words takes a second.
        is_drawn = [] if share >= 1 else [int(share * _BITS) > _DRAWN]
        statement = (
            select(
                feedback.c.id,
                _DRAWN.label("drawn"),
                analyses.c.words,
                feedback.c.at,
                feedback.c.author_id,
                feedback.c.author_name,
                feedback.c.source_id,
                key["label"],
                key["stage"],
            )
            .join_from(feedback, analyses, feedback.c.id == analyses.c.feedback_id)
            .where(*is_drawn, *self._within(since, until, source_ids), analyses.c.words != "")
        )
        return list(self._connection.execute(statement))

    def list_by_ids(self, feedback_ids: Sequence[int]) -> list[AnalysedFeedback]:
        """These feedback in their order, as they were read; what is gone is left out."""
        found: dict[int, AnalysedFeedback] = {}
        for chunk in split_batches(feedback_ids):
            statement = (
                select(*_READ)
                .join_from(feedback, analyses, feedback.c.id == analyses.c.feedback_id)
                .where(feedback.c.id.in_(chunk))
            )
            for row in self._connection.execute(statement):
                found[row.id] = to_feedback(row), to_analysis(row)
        return [found[which] for which in dict.fromkeys(feedback_ids) if which in found]

    @property
    def _dialect(self) -> str:
        return self._connection.dialect.name

    def _within(
        self, since: datetime, until: datetime, source_ids: Iterable[str] | None
    ) -> list[ColumnElement[bool]]:
        return [written_between(since, until), *of_sources(source_ids), not_(feedback.c.own)]

    def _find_repeats(
        self, since: datetime, until: datetime, source_ids: Iterable[str] | None
    ) -> frozenset[int]:
        """The ids of feedback that is not the last of its author, as of this transaction.

        Read row by row: to rank the rows of each author takes the database three times as long.
        """
        sources = None if source_ids is None else tuple(source_ids)
        asked = (since, until, sources)
        if asked not in self._repeats:
            self._repeats[asked] = self._read_repeats(since, until, sources)
        return self._repeats[asked]

    def _read_repeats(
        self, since: datetime, until: datetime, source_ids: Iterable[str] | None
    ) -> frozenset[int]:
        statement = (
            select(
                feedback.c.source_id,
                feedback.c.question,
                feedback.c.author_id,
                _NAME_WITHOUT_ID,
                feedback.c.id,
            )
            .where(*self._within(since, until, source_ids), _IS_KNOWN)
            .order_by(feedback.c.at, feedback.c.id)
        )
        last: dict[tuple[Any, ...], int] = {}
        every: set[int] = set()
        for rows in self._connection.execute(statement).partitions(_ROWS):
            last.update({row[:-1]: row[-1] for row in rows})
            every.update([row[-1] for row in rows])
        return frozenset(every.difference(last.values()))

    def _count_questions(
        self, wanted: Sequence[ColumnElement[bool]], without: Container[int] = ()
    ) -> list[QuestionCells]:
        """The counts of rated answers that satisfy all conditions, by source and question."""
        is_rated = feedback.c.rating.is_not(None)
        keyed = select_keys(self._dialect, [*wanted, is_rated], feedback.c.question, feedback.c.id)
        columns = [keyed.c[name] for name in (*KEY_NAMES, "question", "id")]
        rows = self._connection.execute(select(*columns).where(keyed.c.asked))
        counts = Counter(tuple(row[:-1]) for row in rows if row.id not in without)
        answers: dict[tuple[str, str], list[RollupCell]] = {}
        for row, count in counts.items():
            cell = RollupCell(to_rollup_key(row), count)
            answers.setdefault((cell.key.source_id, row[-1]), []).append(cell)
        return [
            QuestionCells(source_id=source_id, question=question, cells=tuple(cells))
            for (source_id, question), cells in sorted(answers.items())
        ]


def _to_text(row: Any) -> ThemeText:
    known = row.author_id or row.author_name
    return ThemeText(
        feedback_id=row.id,
        words=row.words,
        at=row.at,
        author=f"{row.source_id}\x1f{known}" if known else "",
        source_id=row.source_id,
        label=Label(row.label) if row.label else None,
        stage=row.stage or None,
    )
