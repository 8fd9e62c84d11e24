"""Two answers of ours to the same matter that may differ in what they state.

A computer cannot judge what is meant. Compared is only what `answer_facts` reads, and which help
page is named, within a week, to two customers, and where both wrote about the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from monitor.digest.answer_facts import AnswerFact, FactKind, find_facts
from monitor.domain.reply import PublicAnswer

#: Two answers further apart may have another rule behind them.
WITHIN = timedelta(days=7)
#: Differences that are told, the first of each subject.
_MOST = 3
#: Answers of one subject that are compared with each other.
_MOST_COMPARED = 200
_LINK = re.compile(r"https?://[^\s<>()\[\]\"']+")

#: What two feedback are both about: "“export invoices”", "price"; empty for nothing.
CommonMatter = Callable[[int, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStatement:
    """What one answer states."""

    said: str
    at: datetime
    feedback_id: int  #: which it answers
    shown_id: int  #: the feedback at which it is read


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDifference:
    """Two answers that may differ, the earlier one first."""

    topic: str
    kind: FactKind
    matter: str  #: what both customers wrote about
    first: AnswerStatement
    second: AnswerStatement


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerComparison:
    """The answers of a period that may differ, and how many were compared."""

    compared: int
    differences: tuple[AnswerDifference, ...]


def compare_answers(
    answers: Sequence[PublicAnswer], find_matter: CommonMatter, help_pages: Sequence[str] = ()
) -> AnswerComparison:
    """Return which answers may differ, at most three pairs and one of each subject."""
    stated: dict[tuple[str, FactKind, str], list[tuple[PublicAnswer, AnswerFact]]] = {}
    for answer in answers:
        for fact in find_facts(answer.text):
            stated.setdefault(fact.subject, []).append((answer, fact))
    found = [_find_first(facts, find_matter) for facts in stated.values()]
    found.append(_find_other_pages(answers, find_matter, help_pages))
    differences = sorted(
        (one for one in found if one is not None), key=lambda one: (one.second.at, one.topic)
    )
    return AnswerComparison(compared=len(answers), differences=tuple(differences[:_MOST]))


def find_links(text: str, under: Sequence[str] = ()) -> frozenset[str]:
    """Return the pages that a text links, without what stands behind "?" and "#".

    Of those `under` some addresses alone, where any are given.
    """
    found = (link.rstrip(".,;:!?") for link in _LINK.findall(text))
    pages = {re.split(r"[?#]", link)[0].rstrip("/").casefold() for link in found}
    starts = tuple(start.rstrip("/").casefold() for start in under)
    if not starts:
        return frozenset(pages)
    return frozenset(
        page for page in pages if any(page == one or page.startswith(f"{one}/") for one in starts)
    )


def _find_first(
    facts: Sequence[tuple[PublicAnswer, AnswerFact]], find_matter: CommonMatter
) -> AnswerDifference | None:
    for (first, one), (second, other) in combinations(facts[:_MOST_COMPARED], 2):
        if one.differs_from(other) and _is_comparable(first, second):
            matter = find_matter(first.feedback_id, second.feedback_id)
            if matter:
                said = (one.said, other.said)
                return _tell(one.topic, one.kind, matter, (first, second), said)
    return None


def _find_other_pages(
    answers: Iterable[PublicAnswer], find_matter: CommonMatter, help_pages: Sequence[str]
) -> AnswerDifference | None:
    """Return two answers about a theme that name different help pages; these must be known."""
    if not help_pages:
        return None
    linked = list(_find_linked(answers, help_pages))[:_MOST_COMPARED]
    for (first, pages), (second, others) in combinations(linked, 2):
        if pages.isdisjoint(others) and _is_comparable(first, second):
            matter = find_matter(first.feedback_id, second.feedback_id)
            if matter.startswith("“"):  # only a theme is so narrow that one page should answer it
                said = (min(pages), min(others))
                return _tell("the help page", FactKind.LINK, matter, (first, second), said)
    return None


def _find_linked(
    answers: Iterable[PublicAnswer], help_pages: Sequence[str]
) -> Iterator[tuple[PublicAnswer, frozenset[str]]]:
    for answer in answers:
        pages = find_links(answer.text, help_pages)
        if pages:
            yield answer, pages


def _is_comparable(first: PublicAnswer, second: PublicAnswer) -> bool:
    """Return whether two customers were answered within a week, each in a thread of their own."""
    same_thread = first.source_id == second.source_id and first.thread_id == second.thread_id != ""
    is_soon = abs(second.at - first.at) <= WITHIN
    return is_soon and first.feedback_id != second.feedback_id and not same_thread


def _tell(
    topic: str,
    kind: FactKind,
    matter: str,
    answers: tuple[PublicAnswer, PublicAnswer],
    said: tuple[str, str],
) -> AnswerDifference:
    first, second = (
        AnswerStatement(
            said=words, at=answer.at, feedback_id=answer.feedback_id, shown_id=answer.shown_id
        )
        for answer, words in zip(answers, said, strict=True)
    )
    return AnswerDifference(topic=topic, kind=kind, matter=matter, first=first, second=second)
