"""Choose the changes of one rule that its judged cards speak for: pure.

What is found by looking at many changes is often chance. So an exact test asks of each change
whether more dismissed cards lie in it than chance puts there, at a level for all that were tried
together, at which chance finds one at most; and of what was found, whether it holds in as much time
before, where nobody had looked: chance has that in one of twenty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, lgamma

from monitor.domain.suggestion import LostCard, RuleCard, RuleEdit, Suggestion

#: The days that are looked at, and those before in which it must hold as well.
LOOKED_AT = timedelta(days=28)
#: Judged cards below which nothing is suggested.
FEWEST_JUDGED = 20
#: At most so many suggestions.
MOST_SUGGESTED = 3
#: Judged cards that a change must concern to be tried.
FEWEST_CONCERNED = 5
#: Looking at many changes may find so many by chance, and so rarely may the time before confirm one
#: of these: the product is how often chance alone brings a suggestion.
_FOUND_BY_CHANCE, _CONFIRMING_LEVEL = 1.0, 0.05
_HIGHEST_LEVEL = 0.05  #: of what is found, however few changes are tried
_FEWEST_CONFIRMING = 3  #: judged cards in the time before
_MOST_LOST = 0.25  #: of the judged cards that a change removes, how many may have been useful
#: Where no useful card was seen to be lost, up to three in as many may be (the rule of three).
_UNSEEN_LOSS = 3
_FEWEST_MORE = 3  #: dismissed cards that a further suggestion must save beside those before it
_LONGEST_NAME = 80


def choose_edits(
    cards: Sequence[RuleCard], edits: Sequence[RuleEdit], boundary: datetime
) -> tuple[Suggestion, ...]:
    """Return the changes that hold in both times, at most three, by cards saved per useful lost.

    Cards opened at `boundary` or later are looked at, earlier ones confirm. None with fewer than 20
    judged cards, and none that loses a card that is protected.
    """
    recent = _Verdicts.of([card for card in cards if card.at >= boundary])
    before = _Verdicts.of([card for card in cards if card.at < boundary])
    if recent.judged < FEWEST_JUDGED:
        return ()
    protected = frozenset(card.alert_id for card in cards if card.is_protected)
    tried = [edit for edit in _drop_equal(edits, cards) if recent.concerns(edit.removed)]
    level = find_level([recent.lowest(edit.removed) for edit in tried])
    found = []
    for edit in tried:
        probability = recent.test(edit.removed)
        if probability > level or not protected.isdisjoint(edit.removed):
            continue
        if before.confirms(edit.removed) and _loses_little(edit, recent, before):
            found.append((_rank(edit, recent, before), probability, edit))
    found.sort(key=lambda one: (-one[0], one[1], one[2].text))
    ranked = [_describe(edit, probability, recent, before) for _, probability, edit in found]
    return tuple(_choose_different(ranked, recent))


def find_level(lowest: Sequence[float]) -> float:
    """Return how improbable each of several changes must be, so that chance brings one at most.

    `lowest` is the least probability that each could have. Bonferroni's correction, in which those
    that could never be improbable enough do not count (R. E. Tarone, Biometrics 46, 1990).
    """
    for divisor in range(1, len(lowest) + 1):
        level = _FOUND_BY_CHANCE / divisor
        if sum(one <= level for one in lowest) <= divisor:
            return min(level, _HIGHEST_LEVEL)
    return _HIGHEST_LEVEL


def measure_excess(hits: int, inside: int, dismissed: int, judged: int) -> float:
    """Return how probable it is that chance puts so many dismissed cards, or more, inside.

    Fisher's exact test, one-sided: `hits` of the `inside` cards are among the `dismissed` of all
    `judged` ones.
    """
    useful, all_ways = judged - dismissed, _log_ways(judged, inside)
    terms = (
        exp(_log_ways(dismissed, number) + _log_ways(useful, inside - number) - all_ways)
        for number in range(hits, min(inside, dismissed) + 1)
        if inside - number <= useful
    )
    return min(1.0, sum(terms))


def _log_ways(of: int, number: int) -> float:
    """Return the logarithm of how many ways there are to choose so many of some."""
    return lgamma(of + 1) - lgamma(number + 1) - lgamma(of - number + 1)


@dataclass(frozen=True, slots=True)
class _Verdicts:
    """The cards of a time, and what the team said of them."""

    cards: frozenset[int]
    dismissed: frozenset[int]
    useful: frozenset[int]
    by_id: dict[int, RuleCard]

    @classmethod
    def of(cls, cards: Sequence[RuleCard]) -> _Verdicts:
        """Return the verdicts on these cards, by the ids of their alerts."""
        return cls(
            frozenset(card.alert_id for card in cards),
            frozenset(card.alert_id for card in cards if card.is_useful is False),
            frozenset(card.alert_id for card in cards if card.is_useful),
            {card.alert_id: card for card in cards},
        )

    @property
    def judged(self) -> int:
        """How many were judged."""
        return len(self.dismissed) + len(self.useful)

    def concerns(self, removed: frozenset[int]) -> bool:
        """Return whether a change concerns enough of the judged cards, and not all of them."""
        inside = len(removed & self.dismissed) + len(removed & self.useful)
        return FEWEST_CONCERNED <= inside < self.judged

    def test(self, removed: frozenset[int]) -> float:
        """Return how probable it is that chance puts so many dismissed cards into a change."""
        hits, lost = len(removed & self.dismissed), len(removed & self.useful)
        return measure_excess(hits, hits + lost, len(self.dismissed), self.judged)

    def lowest(self, removed: frozenset[int]) -> float:
        """Return the least probability that a change which concerns so many cards can have."""
        inside = len(removed & self.dismissed) + len(removed & self.useful)
        most = min(inside, len(self.dismissed))
        return measure_excess(most, inside, len(self.dismissed), self.judged)

    def confirms(self, removed: frozenset[int]) -> bool:
        """Return whether dismissed cards lie in a change here as well."""
        inside = len(removed & self.dismissed) + len(removed & self.useful)
        return inside >= _FEWEST_CONFIRMING and self.test(removed) <= _CONFIRMING_LEVEL


def _drop_equal(edits: Sequence[RuleEdit], cards: Sequence[RuleCard]) -> Iterator[RuleEdit]:
    """Yield the changes; of those that remove the same judged cards the first alone."""
    judged = frozenset(card.alert_id for card in cards if card.is_useful is not None)
    seen: set[frozenset[int]] = set()
    for edit in edits:
        removed = edit.removed & judged
        if removed not in seen:
            seen.add(removed)
            yield edit


def _loses_little(edit: RuleEdit, recent: _Verdicts, before: _Verdicts) -> bool:
    lost = len(edit.removed & (recent.useful | before.useful))
    saved = len(edit.removed & (recent.dismissed | before.dismissed))
    return lost <= _MOST_LOST * (lost + saved)


def _rank(edit: RuleEdit, recent: _Verdicts, before: _Verdicts) -> float:
    """Return the dismissed cards that a change saves per useful one that it may lose."""
    lost = len(edit.removed & (recent.useful | before.useful))
    saved = len(edit.removed & (recent.dismissed | before.dismissed))
    return saved / (lost + _UNSEEN_LOSS)


def _describe(
    edit: RuleEdit, probability: float, recent: _Verdicts, before: _Verdicts
) -> Suggestion:
    dismissed_before = len(edit.removed & before.dismissed)
    lost = sorted(edit.removed & recent.useful)
    return Suggestion(
        edit=edit,
        cards=len(recent.cards),
        saved=len(edit.removed & recent.cards),
        dismissed=len(edit.removed & recent.dismissed),
        lost=tuple(describe_lost(recent.by_id[alert_id]) for alert_id in lost),
        dismissed_before=dismissed_before,
        judged_before=dismissed_before + len(edit.removed & before.useful),
        probability=probability,
    )


def describe_lost(card: RuleCard) -> LostCard:
    """Return a useful card that would be lost, with how its first feedback begins."""
    text = " ".join(card.feedback[0][1].text.split()) if card.feedback else ""
    shown = text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"
    return LostCard(alert_id=card.alert_id, text=shown)


def _choose_different(ranked: Sequence[Suggestion], recent: _Verdicts) -> Iterator[Suggestion]:
    """Yield the best suggestion, then those that save what those before them do not."""
    saved: frozenset[int] = frozenset()
    chosen = 0
    for suggestion in ranked:
        own = suggestion.edit.removed & recent.dismissed
        if chosen and len(own - saved) < _FEWEST_MORE:
            continue
        yield suggestion
        saved |= own
        chosen += 1
        if chosen == MOST_SUGGESTED:
            return
