"""From what a source handed over to committed alert decisions, a chunk in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.similar import (
    bands_of_signatures,
    group_near_copies,
    minhash_signature,
    replace_group_text,
)
from monitor.domain.alert import Alert, Match, MatchOutcome
from monitor.domain.feedback import Analysis, Evidence, Feedback
from monitor.domain.reply import OfficialAccounts
from monitor.pipeline.grouping import AlertPolicy, decide_matches
from monitor.pipeline.sanitize import keep_latest, sanitize_feedback
from monitor.replies.outcomes import record_outcomes, record_public_replies
from monitor.store import KnownFeedback, Store, Transaction
from monitor.store.near_copies import KEEP_SIMILAR, SimilarText
from rules.engine import Engine

#: Feedback in one write transaction: larger ones make other writers wait for seconds on SQLite.
CHUNK_SIZE = 200

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
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

    def __add__(self, other: IngestResult) -> IngestResult:
        return IngestResult(
            fetched=self.fetched + other.fetched,
            new=self.new + other.new,
            updated=self.updated + other.updated,
            deleted=self.deleted + other.deleted,
            opened=self.opened + other.opened,
            grouped=self.grouped + other.grouped,
            reopened=self.reopened + other.reopened,
            silences=self.silences + other.silences,
        )


NOTHING_INGESTED = IngestResult()

#: What else belongs into the transaction; it is told what became of all items.
ExtraWrite = Callable[[Transaction, IngestResult], None]


@dataclass(frozen=True, slots=True)
class _EvaluatedFeedback:
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
    official: OfficialAccounts = field(default_factory=dict, hash=False)  #: our own accounts

    def __call__(
        self,
        items: Sequence[Feedback],
        now: datetime,
        policy: AlertPolicy,
        extra_write: ExtraWrite | None = None,
        siblings: Sequence[str] = (),
    ) -> IngestResult:
        """Store what is new or edited, with the alerts that follow from it.

        `note` is written in the transaction of the last chunk: a cursor never moves past what is
        stored. What a source of `siblings` has handed over under the same external id is the same
        feedback and not new.
        """
        chunks = list(_split_into_chunks(keep_latest(tuple(items)))) or [()]
        total = IngestResult(fetched=len(items))
        for chunk in chunks:
            total = self._ingest_chunk(
                chunk, now, policy, total, extra_write if chunk is chunks[-1] else None, siblings
            )
        return total

    def _ingest_chunk(
        self,
        items: tuple[Feedback, ...],
        now: datetime,
        policy: AlertPolicy,
        before: IngestResult,
        extra_write: ExtraWrite | None,
        siblings: Sequence[str],
    ) -> IngestResult:
        """What became of the items, added to what became of those before."""
        prepared = [sanitize_feedback(item, now) for item in items]
        gone = [item.key for item in prepared if item.deleted]
        present = [item for item in prepared if not item.deleted]
        known = self._find_known(present)
        unknown = [item for item in present if item.key not in known]
        changed = [
            replace(item, id=known[item.key].id, first_seen_at=known[item.key].first_seen_at)
            for item in present
            if item.key in known and item.content_hash != known[item.key].content_hash
        ]
        read = self._analyze_and_evaluate([*unknown, *changed], now)
        new, edited = read[: len(unknown)], read[len(unknown) :]
        recounted = [
            replace(item, id=known[item.key].id)
            for item in present
            if _has_new_counts(item, known.get(item.key))
        ]
        done = before
        if new or edited or gone or recounted or extra_write:
            with self.store.write() as tx:
                tx.feedback.update_counts(recounted)
                if new or edited or gone:
                    done += self._store_and_alert(
                        tx, _drop_sibling_copies(tx, siblings, new), edited, gone, now, policy
                    )
                if extra_write:
                    extra_write(tx, done)
        return done

    def _find_known(self, items: Sequence[Feedback]) -> dict[tuple[str, str], KnownFeedback]:
        if not items:
            return {}
        with self.store.read() as tx:
            return tx.feedback.find_known([item.key for item in items])

    def _analyze_and_evaluate(
        self, items: Sequence[Feedback], now: datetime
    ) -> list[_EvaluatedFeedback]:
        analyses = self.analyzer.analyze_all(items)
        return [
            _EvaluatedFeedback(
                item,
                analysis,
                self.engine.evaluate(Evidence(feedback=item, analysis=analysis, now=now)),
            )
            for item, analysis in zip(items, analyses, strict=True)
        ]

    def _store_and_alert(
        self,
        tx: Transaction,
        new: list[_EvaluatedFeedback],
        edited: list[_EvaluatedFeedback],
        gone: list[tuple[str, str]],
        now: datetime,
        policy: AlertPolicy,
    ) -> IngestResult:
        added = [
            item for item, _ in tx.feedback.add([(read.feedback, read.analysis) for read in new])
        ]
        ids = {item.key: item.id for item in added}
        record_outcomes(tx, added, [read.feedback for read in edited], gone, now)
        tx.feedback.revise([(read.feedback, read.analysis) for read in edited])
        if edited:
            tx.alerts.refresh_cards([read.feedback.id for read in edited], now)
        deleted = tx.feedback.purge(gone, now) if gone else 0
        matches = [
            match
            for read in new
            if read.feedback.key in ids
            for match in _assign_feedback_ids(read, ids)
        ]
        matches += _drop_earlier_matches(tx, [match for read in edited for match in read.matches])
        matches = _regroup_near_copies(tx, matches, now)
        latest = (
            tx.alerts.latest_by_group({(match.rule_id, match.group) for match in matches})
            if matches
            else {}
        )
        policy = replace(policy, official=self.official)
        decisions = decide_matches(
            matches, latest, now, policy, _muted_rules(tx, now) if matches else {}
        )
        recorded = (
            tx.alerts.record_decisions(decisions, now, self.default_channel) if decisions else None
        )
        record_public_replies(tx, added, recorded.opened if recorded else (), self.official, now)
        silences = tuple(
            item.reason for item in decisions if item.outcome is MatchOutcome.SUPPRESSED
        )
        return IngestResult(
            new=len(ids),
            updated=len(edited),
            deleted=deleted,
            opened=recorded.opened if recorded else (),
            grouped=recorded.grouped - len(recorded.reopened) if recorded else 0,
            reopened=len(recorded.reopened) if recorded else 0,
            silences=silences,
        )


def _muted_rules(tx: Transaction, now: datetime) -> dict[str, str]:
    """The rules that people have silenced for a while, each with the reason that is stored and
    shown.
    """
    return {mute.rule_id: mute.reason for mute in tx.mutes.active(now)}


def _has_new_counts(item: Feedback, known: KnownFeedback | None) -> bool:
    """Whether votes or replies of a stored feedback have changed: a figure to keep, and no reason
    to alert.
    """
    if known is None:
        return False
    figures = ((item.score, known.score), (item.replies, known.replies))
    return any(now is not None and now != before for now, before in figures)


def _regroup_near_copies(tx: Transaction, matches: list[Match], now: datetime) -> list[Match]:
    """Matches in which a text that is like an earlier one takes that one's place in groups by text.

    So one incident from many mouths becomes one alert, although nobody writes the very same words.
    """
    grouped = {match.feedback.id: match.analysis for match in matches if "text:" in match.group}
    signed = [
        (feedback_id, analysis, minhash_signature(analysis.words))
        for feedback_id, analysis in sorted(grouped.items())
    ]
    shapes = [
        SimilarText(
            feedback_id=feedback_id, fingerprint=analysis.fingerprint, signature=sign, bands=keys
        )
        for (feedback_id, analysis, sign), keys in zip(
            signed, bands_of_signatures([sign for _, _, sign in signed]), strict=True
        )
    ]
    if not any(shape.bands for shape in shapes):
        return matches
    known = tx.similar.find_candidates(
        {band for shape in shapes for band in shape.bands}, now - KEEP_SIMILAR
    )
    settled = group_near_copies(shapes, known)
    tx.similar.add([shape for shape in shapes if shape.feedback_id in set(settled.new)], now)
    tx.similar.mark_seen(settled.seen, now)
    return [
        replace(
            match,
            group=replace_group_text(
                match.group, match.analysis.fingerprint, settled.leaders[match.feedback.id]
            ),
        )
        if match.feedback.id in settled.leaders
        else match
        for match in matches
    ]


def _drop_sibling_copies(
    tx: Transaction, siblings: Sequence[str], new: list[_EvaluatedFeedback]
) -> list[_EvaluatedFeedback]:
    """What no sibling has handed over; asked where nobody else writes, since siblings are polled
    side by side.
    """
    if not siblings or not new:
        return new
    theirs = tx.feedback.find_known(
        [(sibling, read.feedback.external_id) for sibling in siblings for read in new]
    )
    names = {external_id for _, external_id in theirs}
    return [read for read in new if read.feedback.external_id not in names]


def _assign_feedback_ids(
    read: _EvaluatedFeedback, ids: dict[tuple[str, str], int]
) -> Iterator[Match]:
    """The matches of a feedback that has just got its id."""
    for match in read.matches:
        yield replace(match, feedback=replace(read.feedback, id=ids[read.feedback.key]))


def _drop_earlier_matches(tx: Transaction, matches: list[Match]) -> list[Match]:
    """The matches of edited feedback whose rule had not held before: an edit does not alert
    twice.
    """
    if not matches:
        return []
    before = tx.alerts.already_decided({(match.rule_id, match.feedback.id) for match in matches})
    return [match for match in matches if (match.rule_id, match.feedback.id) not in before]


def _split_into_chunks(items: Iterable[ItemT]) -> Iterator[tuple[ItemT, ...]]:
    iterator = iter(items)
    while chunk := tuple(islice(iterator, CHUNK_SIZE)):
        yield chunk
