"""Turn what a source handed over into stored feedback and committed alert decisions.

Every chunk of feedback takes eight steps, which stand below in this order:

    known      _split_by_known         split it by what is stored: new, edited, recounted, deleted
    read       Analyzer.analyze_all    read language, tone and topics of what is new or edited
    evaluate   _gather_evidence        look up the facts and windows that rules ask for
               _evaluate_rules         ask every rule
    store      _store_feedback         write it, and what it means for replies and cards
    group      _group_matches          collect the matches; near copies of a text share a group
    decide     decide_outcomes         one alert for a feedback: opened, joined, reopened, raised,
                                       or silence; each with a reason
    record     record_decisions        write matches, alerts, events and the outbox
    notice     record_public_replies   mark alerts whose customer our own accounts have answered

The first three only read. The other five are one write transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.analysis.analyzer import Analyzer
from monitor.domain.alert import Alert, Decision, Match, MatchOutcome
from monitor.domain.feedback import Analysis, Evidence, Feedback
from monitor.domain.reply import OfficialAccounts, is_by_official_account
from monitor.domain.workspace import NO_WORKSPACE, Workspace
from monitor.pipeline.deciding import decide_outcomes, drop_decided_matches
from monitor.pipeline.facts import add_facts
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.near_copies import regroup_near_copies
from monitor.pipeline.problem_limits import ProblemLimits
from monitor.pipeline.sanitize import keep_latest, sanitize_feedback
from monitor.pipeline.windows import (
    WindowReader,
    count_chunk,
    count_found,
    find_latest,
    find_window_keys,
    list_waiting_keys,
    look_through,
)
from monitor.replies.outcomes import record_outcomes, record_public_replies
from monitor.store import KnownFeedback, Store, Transaction
from monitor.store.feedback import FeedbackKey
from rules.engine import Engine

#: Feedback in one write transaction: larger ones make other writers wait for seconds on SQLite.
CHUNK_SIZE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """What became of some feedback: counts, the alerts opened, and why the rest stayed silent."""

    fetched: int = 0
    new: int = 0
    updated: int = 0
    deleted: int = 0
    opened: tuple[Alert, ...] = ()
    grouped: int = 0  #: matches that joined an alert, without those that reopened one
    reopened: int = 0  #: alerts that were resolved and are open again
    silences: tuple[str, ...] = ()  #: the reason of each match that was suppressed

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

#: Something to write in the transaction of the last chunk; receives the result over all items.
ExtraWrite = Callable[[Transaction, IngestResult], None]


#: What is to be done with alerts in the transaction that opens them.
OnOpened = Callable[[Transaction, Sequence[Alert], datetime], None]


def do_nothing(_tx: Transaction, _opened: Sequence[Alert], _now: datetime) -> None:
    """Leave the opened alerts as they are."""


@dataclass(frozen=True, slots=True)
class _Split:
    """A chunk, split by what is stored of it already."""

    new: list[Feedback] = field(default_factory=list)
    edited: list[Feedback] = field(default_factory=list)  #: with the ids of the stored ones
    recounted: list[Feedback] = field(default_factory=list)  #: other votes or replies than stored
    deleted: list[FeedbackKey] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _EvaluatedFeedback:
    """One analyzed feedback and the rules that held for it."""

    feedback: Feedback
    analysis: Analysis
    matches: tuple[Match, ...]
    window_keys: Sequence[str] = ()  #: of the windows that count it


@dataclass(frozen=True, slots=True)
class _EvaluatedChunk:
    """A chunk before it is written."""

    new: list[_EvaluatedFeedback]
    edited: list[_EvaluatedFeedback]
    recounted: list[Feedback]
    deleted: list[FeedbackKey]

    @property
    def has_news(self) -> bool:
        """Whether anything in it may concern an alert: counts do not."""
        return bool(self.new or self.edited or self.deleted)


@dataclass(frozen=True, slots=True)
class _StoredChunk:
    """What the store step has written."""

    added: list[Feedback]  #: with their ids, without what another writer had stored meanwhile
    deleted: int


@dataclass(frozen=True, slots=True)
class Ingest:
    """The part of the path that needs no network; polls, imports and webhooks share it."""

    store: Store
    analyzer: Analyzer
    engine: Engine
    default_channel: str
    official: OfficialAccounts = field(default_factory=dict, hash=False)  #: our own accounts
    on_opened: OnOpened = do_nothing
    link_by: tuple[str, ...] = ()  #: attributes that identify a customer across sources
    workspace: Workspace = NO_WORKSPACE  #: what rules may ask for of team and brand
    #: returns the engine of the rules that hold now; None: `engine` for good
    load_engine: Callable[[], Engine] | None = None
    windows: WindowReader = field(default_factory=WindowReader, hash=False, compare=False)
    problem_limits: ProblemLimits = field(default_factory=ProblemLimits, compare=False)

    def __call__(
        self,
        items: Sequence[Feedback],
        now: datetime,
        policy: AlertPolicy,
        extra_write: ExtraWrite | None = None,
        siblings: Sequence[str] = (),
    ) -> IngestResult:
        """Store what is new, edited or deleted, with the alert decisions that follow from it.

        `extra_write` joins the transaction of the last chunk, which there is even without items: so
        a cursor never moves past what is stored. What a source of `siblings` has handed over under
        the same external id is the same feedback and not new. Raises StoreError; the chunks before
        are kept.
        """
        if self.load_engine and items:
            ingest = replace(self, engine=self.load_engine(), load_engine=None)
            return ingest(items, now, policy, extra_write, siblings)
        policy = replace(policy, official=self.official)
        *full_chunks, last_chunk = _split_into_chunks(keep_latest(tuple(items)))
        total = IngestResult(fetched=len(items))
        for chunk in full_chunks:
            total += self._ingest_chunk(chunk, now, policy, siblings)
        if extra_write is None:
            return total + self._ingest_chunk(last_chunk, now, policy, siblings)

        def write_with_total(tx: Transaction, result: IngestResult) -> None:
            extra_write(tx, total + result)

        return total + self._ingest_chunk(last_chunk, now, policy, siblings, write_with_total)

    def ask_hourly(self, now: datetime, policy: AlertPolicy) -> IngestResult:
        """Ask the rules that wait for what does not arrive, and record the alerts that follow.

        What they answer changes with each full hour (UTC): called more often, nothing more happens.
        Raises StoreError.
        """
        if self.load_engine:
            ingest = replace(self, engine=self.load_engine(), load_engine=None)
            return ingest.ask_hourly(now, policy)
        waiting = list_waiting_keys(self.engine)
        if not waiting:
            return NOTHING_INGESTED
        self._count_for_windows(now)
        with self.store.read() as tx:
            latest = find_latest(tx, waiting, now)
            found = [
                self.windows.look_back(tx.windows, key, evidence, self.engine)
                for key, evidence in latest.items()
            ]
        matches = [match for one in found for match in self.engine.evaluate_hour(one)]
        if not matches:
            return NOTHING_INGESTED
        # However long ago the last feedback was written, its silence is news.
        policy = replace(policy, alert_if_newer_than=timedelta.max)
        with self.store.write() as tx:
            news = drop_decided_matches(tx, matches)
            return self._record(tx, decide_outcomes(tx, news, now, policy, joins=False), now)

    def _ingest_chunk(
        self,
        items: Sequence[Feedback],
        now: datetime,
        policy: AlertPolicy,
        siblings: Sequence[str],
        extra_write: ExtraWrite | None = None,
    ) -> IngestResult:
        """Take one chunk through all steps; return what became of it."""
        chunk = self._evaluate_chunk(items, now)
        if not (chunk.has_news or chunk.recounted or extra_write):
            return NOTHING_INGESTED
        with self.store.write() as tx:
            result = self._write_chunk(tx, chunk, now, policy, siblings)
            if extra_write:
                extra_write(tx, result)
        return result

    def _evaluate_chunk(self, items: Sequence[Feedback], now: datetime) -> _EvaluatedChunk:
        """Take the steps that only read: known, read, evaluate.

        They stay outside the write transaction, in which every other writer would wait for them.
        """
        sanitized = [self._mark_own(sanitize_feedback(item, now)) for item in items]
        split = _split_by_known(sanitized, self._find_known(sanitized))
        changed = [*split.new, *split.edited]
        analyses = self.analyzer.analyze_all(changed)
        evaluated = self._evaluate_rules(self._gather_evidence(changed, analyses, now), now)
        edited_from = len(split.new)
        return _EvaluatedChunk(
            new=evaluated[:edited_from],
            edited=evaluated[edited_from:],
            recounted=split.recounted,
            deleted=split.deleted,
        )

    def _gather_evidence(
        self, items: Sequence[Feedback], analyses: Sequence[Analysis], now: datetime
    ) -> list[Evidence]:
        """Return all that rules may look at, of each feedback."""
        evidences = [
            Evidence(feedback=item, analysis=analysis, now=now, workspace=self.workspace)
            for item, analysis in zip(items, analyses, strict=True)
        ]
        needs = self.engine.facts
        if not needs or not evidences:
            return evidences
        with self.store.read() as tx:
            return add_facts(tx, evidences, needs, self.problem_limits)

    def _evaluate_rules(
        self, evidences: Sequence[Evidence], now: datetime
    ) -> list[_EvaluatedFeedback]:
        """Return each feedback with its analysis and its matches, in order."""
        keys = find_window_keys(self.engine, evidences)
        if any(keys):
            self._count_for_windows(now)
            with self.store.read() as tx:
                evidences = self.windows.add_windows(tx.windows, evidences, keys, self.engine)
        return [
            _EvaluatedFeedback(one.feedback, one.analysis, self.engine.evaluate(one), own)
            for one, own in zip(evidences, keys, strict=True)
        ]

    def _count_for_windows(self, now: datetime) -> None:
        """Count what is stored and was not looked at for windows: before a rule's first use."""
        with self.store.read() as tx:
            found = look_through(tx, self.engine, self.workspace, now)
        if found:
            with self.store.write() as tx:
                count_found(tx, found)

    def _mark_own(self, item: Feedback) -> Feedback:
        """Return the feedback, marked where one of our own accounts wrote it."""
        return replace(item, own=True) if is_by_official_account(item, self.official) else item

    def _find_known(self, items: Sequence[Feedback]) -> Mapping[FeedbackKey, KnownFeedback]:
        """Return what is stored of the items that are not deleted upstream.

        Another writer may store one of them between this and the write transaction. That does no
        harm: `tx.feedback.add` leaves out what is stored by then.
        """
        keys = [item.key for item in items if not item.deleted]
        if not keys:
            return {}
        with self.store.read() as tx:
            return tx.feedback.find_known(keys)

    def _write_chunk(
        self,
        tx: Transaction,
        chunk: _EvaluatedChunk,
        now: datetime,
        policy: AlertPolicy,
        siblings: Sequence[str],
    ) -> IngestResult:
        """Take the steps of the write transaction: store, group, decide, record, notice."""
        tx.feedback.update_counts(chunk.recounted)
        if not chunk.has_news:
            return NOTHING_INGESTED
        stored = _store_feedback(tx, chunk, now, siblings)
        self._count_chunk(tx, chunk, stored.added, now)
        tx.customers.record(stored.added, self.link_by)
        tx.customers.renew([item.feedback for item in chunk.edited], self.link_by)
        matches = _group_matches(tx, chunk, stored.added, now)
        result = self._record(tx, decide_outcomes(tx, matches, now, policy), now)
        record_public_replies(tx, stored.added, result.opened, self.official, now)
        return replace(
            result,
            new=len(stored.added),
            updated=len(chunk.edited),
            deleted=stored.deleted,
        )

    def _record(
        self, tx: Transaction, decisions: Sequence[Decision], now: datetime
    ) -> IngestResult:
        """Take the step record; return what became of the matches."""
        recorded = tx.alerts.record_decisions(decisions, now, self.default_channel)
        self.on_opened(tx, recorded.opened, now)
        suppressed = [item for item in decisions if item.outcome is MatchOutcome.SUPPRESSED]
        return IngestResult(
            opened=recorded.opened,
            grouped=recorded.grouped - len(recorded.reopened),
            reopened=len(recorded.reopened),
            silences=tuple(decision.reason for decision in suppressed),
        )

    def _count_chunk(
        self, tx: Transaction, chunk: _EvaluatedChunk, added: Sequence[Feedback], now: datetime
    ) -> None:
        """Count what was stored or edited for the windows of rules."""
        if not self.engine.windows:
            return
        keys = {item.feedback.key: item.window_keys for item in chunk.new}
        edited = {item.feedback.id: item.window_keys for item in chunk.edited}
        tx.windows.recount(
            list(edited), ((key, which) for which, own in edited.items() for key in own)
        )
        counted = {item.id: keys[item.key] for item in added}
        count_chunk(tx, self.engine, now, counted)


def _split_by_known(
    items: Sequence[Feedback], known: Mapping[FeedbackKey, KnownFeedback]
) -> _Split:
    """Split feedback by what is stored of it; what is stored and unchanged is in no part."""
    split = _Split()
    for item in items:
        stored = known.get(item.key)
        if item.deleted:
            split.deleted.append(item.key)
        elif stored is None:
            split.new.append(item)
        else:
            _split_stored(split, item, stored)
    return split


def _split_stored(split: _Split, item: Feedback, stored: KnownFeedback) -> None:
    if item.content_hash != stored.content_hash:
        edited = replace(item, id=stored.id, first_seen_at=stored.first_seen_at)
        split.edited.append(edited)
    if _has_new_counts(item, stored):
        split.recounted.append(replace(item, id=stored.id))


def _has_new_counts(item: Feedback, stored: KnownFeedback) -> bool:
    """Return whether votes or replies differ; a count that the source does not give never does."""
    new_score = item.score is not None and item.score != stored.score
    new_replies = item.replies is not None and item.replies != stored.replies
    return new_score or new_replies


def _store_feedback(
    tx: Transaction, chunk: _EvaluatedChunk, now: datetime, siblings: Sequence[str]
) -> _StoredChunk:
    """Add what is new, replace what was edited, remove what was deleted."""
    new = _drop_sibling_copies(tx, siblings, chunk.new)
    stored = tx.feedback.add([(item.feedback, item.analysis) for item in new])
    added = [feedback for feedback, _ in stored]
    edited = [item.feedback for item in chunk.edited]
    # Before the edits: whether a reply has helped is seen by comparing the old words with the new.
    record_outcomes(tx, added, edited, chunk.deleted, now)
    tx.feedback.revise([(item.feedback, item.analysis) for item in chunk.edited])
    if edited:
        tx.alerts.refresh_cards([feedback.id for feedback in edited], now)
    return _StoredChunk(added, deleted=tx.feedback.purge(chunk.deleted, now))


def _drop_sibling_copies(
    tx: Transaction, siblings: Sequence[str], new: list[_EvaluatedFeedback]
) -> list[_EvaluatedFeedback]:
    """Leave out what a sibling source has stored under the same external id.

    This is asked inside the write transaction, where nobody else writes: siblings are polled side
    by side, and no key of the store would refuse the second copy.
    """
    if not siblings or not new:
        return new
    external_ids = [item.feedback.external_id for item in new]
    sibling_keys = [(sibling, name) for sibling in siblings for name in external_ids]
    stored = {name for _, name in tx.feedback.find_known(sibling_keys)}
    return [item for item in new if item.feedback.external_id not in stored]


def _group_matches(
    tx: Transaction, chunk: _EvaluatedChunk, added: Sequence[Feedback], now: datetime
) -> list[Match]:
    """Return the matches to decide on, each in its group: those of added feedback come first."""
    of_added = _matches_of_added(chunk.new, added)
    of_edited = [match for item in chunk.edited for match in item.matches]
    matches = [*of_added, *drop_decided_matches(tx, of_edited)]
    return regroup_near_copies(tx.similar_texts, matches, now)


def _matches_of_added(
    new: Sequence[_EvaluatedFeedback], added: Sequence[Feedback]
) -> Iterator[Match]:
    """Yield the matches of what was really added, with the ids that the store has given."""
    added_by_key = {feedback.key: feedback for feedback in added}
    for item in new:
        feedback = added_by_key.get(item.feedback.key)
        if feedback is None:
            continue
        for match in item.matches:
            yield replace(match, feedback=feedback)


def _split_into_chunks(items: tuple[Feedback, ...]) -> list[tuple[Feedback, ...]]:
    """Return chunks of at most `CHUNK_SIZE`; without items, one that is empty."""
    starts = range(0, max(1, len(items)), CHUNK_SIZE)
    return [items[start : start + CHUNK_SIZE] for start in starts]
