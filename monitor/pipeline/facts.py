"""Load what rules ask for beyond a feedback itself, as of the time at which it arrived.

The ingest asks for new feedback that is not stored yet, a back-test for what was stored long ago:
both get the same answer, since only what arrived before counts. What is not asked for is not
loaded, and stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from monitor.analysis.similar import AlikeFinder, minhash_signature
from monitor.domain.facts import NeededFacts
from monitor.domain.feedback import Author, Evidence
from monitor.pipeline.problem_limits import ProblemLimits
from monitor.store import Transaction
from monitor.store.arrivals import ArrivedText, FirstArrival, cut_compared_words

#: Longer texts are signed anew each time, so that what is remembered stays small; there is room for
#: all that a chunk is compared with, and the chunk.
_LONGEST_REMEMBERED = 2_000
_MOST_REMEMBERED = 8_000


class _SourceAuthor(NamedTuple):
    """An author, as a source tells one from another; nobody known where all but it is empty."""

    source_id: str
    id: str
    name: str

    @classmethod
    def of(cls, source_id: str, author: Author) -> _SourceAuthor:
        if not author.key:
            return cls(source_id, "", "")
        return cls(source_id, author.id, "" if author.id else author.name)

    @property
    def is_known(self) -> bool:
        return bool(self.id or self.name)


def add_facts(
    tx: Transaction,
    evidences: Sequence[Evidence],
    needs: NeededFacts,
    problem_limits: ProblemLimits | None = None,
) -> list[Evidence]:
    """Return the evidences with the facts that are needed, each as of its own `now`.

    Only what arrived before counts. Of stored feedback the ids tell; what is not stored yet (with
    the id 0) arrives together, in the order in which the store will number it: by when it was
    written. `problem_limits` remembers what was learned from the days before.
    """
    found = list(evidences)
    if needs.first_by_author:
        for at, is_first in enumerate(_find_first_by_author(tx, evidences)):
            found[at] = replace(
                found[at], facts=replace(found[at].facts, is_first_by_author=is_first)
            )
    if needs.copies_within:
        for at, copies in enumerate(_find_copies(tx, evidences, needs)):
            found[at] = replace(found[at], facts=replace(found[at].facts, copies=copies))
    if needs.problem_budgets:
        learned = problem_limits or ProblemLimits()
        for at, one in enumerate(found):
            limits = learned.find(tx, one.feedback.source_id, one.now, needs.problem_budgets)
            found[at] = replace(one, facts=replace(one.facts, problem_limits=limits))
    return found


def _find_first_by_author(tx: Transaction, evidences: Sequence[Evidence]) -> list[bool | None]:
    """Return whether each is the first of its author; None where the author is not known."""
    authors = [_SourceAuthor.of(one.feedback.source_id, one.feedback.author) for one in evidences]
    stored = _load_first_arrivals(tx, authors)
    met: set[_SourceAuthor] = set()  # who wrote what is not stored yet
    found: list[bool | None] = [None] * len(evidences)
    for place in order_of_arrival(evidences):
        evidence, author = evidences[place], authors[place]
        if author.is_known:
            found[place] = not (author in met or _is_before(stored.get(author), evidence))
        if not evidence.feedback.id:
            met.add(author)
    return found


def order_of_arrival(evidences: Sequence[Evidence]) -> list[int]:
    """Return the places of the evidences: stored ones first, then as they will be stored."""

    def arrival(place: int) -> tuple[bool, datetime]:
        item = evidences[place].feedback
        return not item.id, item.seen_or_created

    return sorted(range(len(evidences)), key=arrival)


def _is_before(first: FirstArrival | None, evidence: Evidence) -> bool:
    if first is None:
        return False
    own_id = evidence.feedback.id
    return first.feedback_id < own_id if own_id else first.arrived <= evidence.now


def _load_first_arrivals(
    tx: Transaction, authors: Iterable[_SourceAuthor]
) -> Mapping[_SourceAuthor, FirstArrival]:
    """Return the first stored feedback of each author; a chunk of one source is one query."""
    known = [author for author in dict.fromkeys(authors) if author.is_known]
    found: dict[_SourceAuthor, FirstArrival] = {}
    for source_id in dict.fromkeys(author.source_id for author in known):
        own = [author for author in known if author.source_id == source_id]
        by_id = tx.arrivals.find_first_by_id(source_id, [one.id for one in own if one.id])
        by_name = tx.arrivals.find_first_by_name(source_id, [one.name for one in own if one.name])
        found |= {_SourceAuthor(source_id, key, ""): first for key, first in by_id.items()}
        found |= {_SourceAuthor(source_id, "", key): first for key, first in by_name.items()}
    return found


def _find_copies(
    tx: Transaction, evidences: Sequence[Evidence], needs: NeededFacts
) -> list[tuple[datetime, ...] | None]:
    """Return when the other authors of near copies sent theirs; None for a text without words."""
    asked = [one for one in evidences if one.analysis.words]
    if not asked:
        return [None] * len(evidences)
    since = min(one.now for one in asked) - needs.copies_within
    until = max(one.now for one in asked)
    texts = [_EarlierText.of_stored(text) for text in tx.arrivals.iterate_texts(since, until)]
    ranks = {place: rank for rank, place in enumerate(order_of_arrival(evidences))}
    texts += [
        _EarlierText.of_unstored(one, ranks[place])
        for place, one in enumerate(evidences)
        if not (one.feedback.id or one.feedback.own)
    ]
    finder = _CopyFinder(texts)
    return [
        finder.list_arrivals(one, ranks[place], needs.copies_within) if one.analysis.words else None
        for place, one in enumerate(evidences)
    ]


@dataclass(frozen=True, slots=True)
class _EarlierText:
    """A text that others are compared with: a stored one, or one before them in the list."""

    author: _SourceAuthor
    arrived: datetime
    words: str
    feedback_id: int = 0  #: 0 where it is not stored yet
    rank: int = 0  #: among those that are not stored yet

    @classmethod
    def of_stored(cls, text: ArrivedText) -> _EarlierText:
        author = _SourceAuthor.of(text.source_id, text.author)
        return cls(author, text.arrived, text.words, feedback_id=text.feedback_id)

    @classmethod
    def of_unstored(cls, evidence: Evidence, rank: int) -> _EarlierText:
        item = evidence.feedback
        author = _SourceAuthor.of(item.source_id, item.author)
        return cls(author, evidence.now, cut_compared_words(evidence.analysis.words), rank=rank)

    def is_before(self, evidence: Evidence, rank: int) -> bool:
        """Return whether it arrived before a feedback of this rank."""
        own_id = evidence.feedback.id
        if not self.feedback_id:
            return bool(own_id) or self.rank < rank
        if self.feedback_id == own_id or self.arrived > evidence.now:
            return False
        return not own_id or self.arrived < evidence.now or self.feedback_id < own_id


class _CopyFinder:
    """Finds the near copies of a text among earlier ones."""

    def __init__(self, texts: Sequence[_EarlierText]) -> None:
        self._texts = texts
        self._alike = AlikeFinder([_sign(text.words) for text in texts])
        self._by_words: dict[str, list[int]] = {}
        for at, text in enumerate(texts):
            self._by_words.setdefault(text.words, []).append(at)
        self._found: dict[str, Sequence[int]] = {}  # by words: many send the very same

    def list_arrivals(
        self, evidence: Evidence, rank: int, within: timedelta
    ) -> tuple[datetime, ...]:
        """Return when the latest copy of each other author arrived, newest first."""
        own = _SourceAuthor.of(evidence.feedback.source_id, evidence.feedback.author)
        since = evidence.now - within
        latest: dict[_SourceAuthor, datetime] = {}
        for at in self._find_alike(cut_compared_words(evidence.analysis.words)):
            text = self._texts[at]
            if text.author == own or text.arrived < since or not text.is_before(evidence, rank):
                continue
            latest[text.author] = max(text.arrived, latest.get(text.author, text.arrived))
        return tuple(sorted(latest.values(), reverse=True))

    def _find_alike(self, words: str) -> Sequence[int]:
        """Return the places of the texts of the same or nearly the same words."""
        if words not in self._found:
            same = self._by_words.get(words, ())
            self._found[words] = sorted({*same, *self._alike.find_alike(_sign(words))})
        return self._found[words]


def _sign(words: str) -> bytes:
    """Return the signature of a text; that of a short one is remembered from chunk to chunk."""
    return minhash_signature(words) if len(words) > _LONGEST_REMEMBERED else _sign_once(words)


@lru_cache(maxsize=_MOST_REMEMBERED)
def _sign_once(words: str) -> bytes:
    return minhash_signature(words)
