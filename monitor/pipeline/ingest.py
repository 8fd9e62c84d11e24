"""From what a source handed over to committed alert decisions, a chunk in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.similar import bands_of, regrouped, settle, signature
from monitor.domain.alert import Alert, Match, Outcome
from monitor.domain.feedback import Analysis, Evidence, Feedback
from monitor.domain.reply import Official
from monitor.pipeline.grouping import Policy, decide
from monitor.pipeline.sanitize import newest, prepare
from monitor.replies.outcomes import answered_in_public, notice
from monitor.store import Known, Store, Transaction
from monitor.store.near_copies import KEEP_SIMILAR, SimilarText
from rules.engine import Engine
from rules.query import Query


def search(
    tx: Transaction, query: Query, *, source_id: str | None = None, since: datetime | None = None
) -> Iterator[tuple[Feedback, Analysis]]:
    """Feedback that the query matches, newest first."""
    for feedback, analysis in tx.feedback.candidates(
        query.required(), source_id=source_id, since=since
    ):
        if query.matches(analysis.words):
            yield feedback, analysis


#: Feedback in one write transaction: larger ones make other writers wait for seconds on SQLite.
CHUNK = 200

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of some feedback."""

    fetched: int = 0
    new: int = 0
    updated: int = 0
    deleted: int = 0
    opened: tuple[Alert, ...] = ()
    grouped: int = 0  #: matches that joined an alert, without those that opened one again
    reopened: int = 0  #: alerts that were resolved and are open again
    silences: tuple[str, ...] = ()  #: why each match that must not alert stayed silent

    @property
    def suppressed(self) -> int:
        """How many matches stayed silent."""
        return len(self.silences)

    def __add__(self, other: Ingested) -> Ingested:
        return Ingested(
            fetched=self.fetched + other.fetched,
            new=self.new + other.new,
            updated=self.updated + other.updated,
            deleted=self.deleted + other.deleted,
            opened=self.opened + other.opened,
            grouped=self.grouped + other.grouped,
            reopened=self.reopened + other.reopened,
            silences=self.silences + other.silences,
        )


NOTHING = Ingested()

#: What else belongs into the transaction; it is told what became of all items.
Note = Callable[[Transaction, Ingested], None]


@dataclass(frozen=True, slots=True)
class _Read:
    """One analysed feedback and the rules that held for it."""

    feedback: Feedback
    analysis: Analysis
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Ingest:
    """The part of the path that needs no network: the same for a poll, an import and a hook."""

    store: Store
    analyzer: Analyzer
    engine: Engine
    default_channel: str
    official: Official = field(default_factory=dict, hash=False)  #: our own accounts

    def __call__(
        self,
        items: Sequence[Feedback],
        now: datetime,
        policy: Policy,
        note: Note | None = None,
        siblings: Sequence[str] = (),
    ) -> Ingested:
        """Store what is new or edited, with the alerts that follow from it.

        `note` is written in the transaction of the last chunk: a cursor never moves past what is
        stored. What a source of `siblings` has handed over under the same external id is the same
        feedback and not new.
        """
        chunks = list(_chunks(newest(tuple(items)))) or [()]
        total = Ingested(fetched=len(items))
        for chunk in chunks:
            total = self._chunk(
                chunk, now, policy, total, note if chunk is chunks[-1] else None, siblings
            )
        return total

    def _chunk(
        self,
        items: tuple[Feedback, ...],
        now: datetime,
        policy: Policy,
        before: Ingested,
        note: Note | None,
        siblings: Sequence[str],
    ) -> Ingested:
        """What became of the items, added to what became of those before."""
        prepared = [prepare(item, now) for item in items]
        gone = [item.key for item in prepared if item.deleted]
        present = [item for item in prepared if not item.deleted]
        known = self._known(present)
        unknown = [item for item in present if item.key not in known]
        changed = [
            replace(item, id=known[item.key].id, first_seen_at=known[item.key].first_seen_at)
            for item in present
            if item.key in known and item.content_hash != known[item.key].content_hash
        ]
        read = self._read([*unknown, *changed], now)
        new, edited = read[: len(unknown)], read[len(unknown) :]
        recounted = [
            replace(item, id=known[item.key].id)
            for item in present
            if _recounted(item, known.get(item.key))
        ]
        done = before
        if new or edited or gone or recounted or note:
            with self.store.write() as tx:
                tx.feedback.recount(recounted)
                if new or edited or gone:
                    done += self._write(
                        tx, _unknown_to(tx, siblings, new), edited, gone, now, policy
                    )
                if note:
                    note(tx, done)
        return done

    def _known(self, items: Sequence[Feedback]) -> dict[tuple[str, str], Known]:
        if not items:
            return {}
        with self.store.read() as tx:
            return tx.feedback.known([item.key for item in items])

    def _read(self, items: Sequence[Feedback], now: datetime) -> list[_Read]:
        analyses = self.analyzer.analyze_all(items)
        return [
            _Read(
                item,
                analysis,
                self.engine.evaluate(Evidence(feedback=item, analysis=analysis, now=now)),
            )
            for item, analysis in zip(items, analyses, strict=True)
        ]

    def _write(
        self,
        tx: Transaction,
        new: list[_Read],
        edited: list[_Read],
        gone: list[tuple[str, str]],
        now: datetime,
        policy: Policy,
    ) -> Ingested:
        added = [
            item for item, _ in tx.feedback.add([(read.feedback, read.analysis) for read in new])
        ]
        ids = {item.key: item.id for item in added}
        notice(tx, added, [read.feedback for read in edited], gone, now)
        tx.feedback.revise([(read.feedback, read.analysis) for read in edited])
        if edited:
            tx.alerts.refresh([read.feedback.id for read in edited], now)
        deleted = tx.feedback.purge(gone, now) if gone else 0
        matches = [
            match for read in new if read.feedback.key in ids for match in _stored(read, ids)
        ]
        matches += _unmatched(tx, [match for read in edited for match in read.matches])
        matches = _led(tx, matches, now)
        latest = (
            tx.alerts.latest({(match.rule_id, match.group) for match in matches}) if matches else {}
        )
        policy = replace(policy, official=self.official)
        decisions = decide(matches, latest, now, policy, _muted(tx, now) if matches else {})
        recorded = tx.alerts.record(decisions, now, self.default_channel) if decisions else None
        answered_in_public(tx, added, recorded.opened if recorded else (), self.official, now)
        silences = tuple(item.reason for item in decisions if item.outcome is Outcome.SUPPRESSED)
        return Ingested(
            new=len(ids),
            updated=len(edited),
            deleted=deleted,
            opened=recorded.opened if recorded else (),
            grouped=recorded.grouped - len(recorded.reopened) if recorded else 0,
            reopened=len(recorded.reopened) if recorded else 0,
            silences=silences,
        )


def _muted(tx: Transaction, now: datetime) -> dict[str, str]:
    """The rules that people have silenced for a while, each with the reason that is stored and
    shown.
    """
    return {mute.rule_id: mute.reason for mute in tx.mutes.active(now)}


def _recounted(item: Feedback, known: Known | None) -> bool:
    """Whether votes or replies of a stored feedback have changed: a figure to keep, and no reason
    to alert.
    """
    if known is None:
        return False
    figures = ((item.score, known.score), (item.replies, known.replies))
    return any(now is not None and now != before for now, before in figures)


def _led(tx: Transaction, matches: list[Match], now: datetime) -> list[Match]:
    """Matches in which a text that is like an earlier one takes that one's place in groups by text.

    So one incident from many mouths becomes one alert, although nobody writes the very same words.
    """
    grouped = {match.feedback.id: match.analysis for match in matches if "text:" in match.group}
    signed = [
        (feedback_id, analysis, signature(analysis.words))
        for feedback_id, analysis in sorted(grouped.items())
    ]
    shapes = [
        SimilarText(
            feedback_id=feedback_id, fingerprint=analysis.fingerprint, signature=sign, bands=keys
        )
        for (feedback_id, analysis, sign), keys in zip(
            signed, bands_of([sign for _, _, sign in signed]), strict=True
        )
    ]
    if not any(shape.bands for shape in shapes):
        return matches
    known = tx.similar.near({band for shape in shapes for band in shape.bands}, now - KEEP_SIMILAR)
    settled = settle(shapes, known)
    tx.similar.add([shape for shape in shapes if shape.feedback_id in set(settled.new)], now)
    tx.similar.touch(settled.seen, now)
    return [
        replace(
            match,
            group=regrouped(
                match.group, match.analysis.fingerprint, settled.leaders[match.feedback.id]
            ),
        )
        if match.feedback.id in settled.leaders
        else match
        for match in matches
    ]


def _unknown_to(tx: Transaction, siblings: Sequence[str], new: list[_Read]) -> list[_Read]:
    """What no sibling has handed over; asked where nobody else writes, since siblings are polled
    side by side.
    """
    if not siblings or not new:
        return new
    theirs = tx.feedback.known(
        [(sibling, read.feedback.external_id) for sibling in siblings for read in new]
    )
    names = {external_id for _, external_id in theirs}
    return [read for read in new if read.feedback.external_id not in names]


def _stored(read: _Read, ids: dict[tuple[str, str], int]) -> Iterator[Match]:
    """The matches of a feedback that has just got its id."""
    for match in read.matches:
        yield replace(match, feedback=replace(read.feedback, id=ids[read.feedback.key]))


def _unmatched(tx: Transaction, matches: list[Match]) -> list[Match]:
    """The matches of edited feedback whose rule had not held before: an edit does not alert
    twice.
    """
    if not matches:
        return []
    before = tx.alerts.matched({(match.rule_id, match.feedback.id) for match in matches})
    return [match for match in matches if (match.rule_id, match.feedback.id) not in before]


def _chunks(items: Iterable[ItemT]) -> Iterator[tuple[ItemT, ...]]:
    iterator = iter(items)
    while chunk := tuple(islice(iterator, CHUNK)):
        yield chunk
