"""The single changes of a rule that its own cards give reason to try: pure.

Which are tried hangs on how many cards they concern, never on what the team said of these:
otherwise what is found would prove nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from monitor.domain.backtest import Replay
from monitor.domain.feedback import Analysis, Author, Feedback
from monitor.domain.suggestion import EditKind, RuleCard, RuleEdit
from rules.rule import GroupBy, Rule
from rules.wildcards import normalise_name

#: What a rule that was changed so would have alerted of.
TryDefinition = Callable[[Mapping[str, Any]], Replay]

_SHORTEST_WORD = 3
_LONGEST_VALUE = 100
#: By how much the probability of a problem is raised.
_PROBLEM_STEPS = (0.1, 0.2)
_MOST_PROBABLE = 0.95
_WAITS = ("30m", "2h")
_MOST_STARS = "max"


@dataclass(frozen=True, slots=True)
class _Exclusion:
    """Something that feedback can have, and the condition that asks for it."""

    kind: EditKind
    name: str  #: for people
    option: str  #: the condition
    value: object = None
    parts: tuple[tuple[str, str], ...] = ()  #: what it asks for where that is a table

    @property
    def condition(self) -> dict[str, object]:
        """The condition as it is written in TOML."""
        return {self.option: dict(self.parts) if self.parts else self.value}


def list_exclusions(rule: Rule, cards: Sequence[RuleCard], fewest: int) -> Iterator[RuleEdit]:
    """Yield what the rule could exclude: what all feedback of so many judged cards or more has.

    Attributes come first, then sources, authors, phrases and words.
    """
    concerned: dict[_Exclusion, set[int]] = {}
    judged = {card.alert_id for card in cards if card.is_useful is not None}
    for card in cards:
        for exclusion in _find_common(card):
            concerned.setdefault(exclusion, set()).add(card.alert_id)
    kinds = list(EditKind)
    order = sorted(concerned, key=lambda one: (kinds.index(one.kind), -len(one.name), one.name))
    for exclusion in order:
        removed = concerned[exclusion]
        if len(removed & judged) < fewest:
            continue
        excluded = [*rule.definition.get("none", ()), exclusion.condition]
        yield RuleEdit(
            kind=exclusion.kind,
            text=f"exclude {exclusion.name}",
            definition={**rule.definition, "none": excluded},
            removed=frozenset(removed),
        )


def list_thresholds(rule: Rule, cards: Sequence[RuleCard]) -> Iterator[RuleEdit]:
    """Yield higher limits of the probability of a problem, and a lower one of stars."""
    for place, item in enumerate(rule.definition.get("all", ())):
        if "problem" in item:
            yield from _raise_problem(rule, cards, place, item["problem"])
        if isinstance(item.get("stars"), Mapping):
            yield from _lower_stars(rule, cards, place, item["stars"])


def list_tried_edits(
    rule: Rule, cards: Sequence[RuleCard], now: Replay, replay: TryDefinition
) -> Iterator[RuleEdit]:
    """Yield changes whose effect only a replay tells: more within a window, and a wait.

    `now` is what the rule does as it is. A wait is tried where several feedback share an alert.
    """
    for kind, text, definition in _list_slow_changes(rule):
        then = replay(definition)
        removed = {
            card.alert_id
            for card in cards
            if card.feedback_ids & now.alerted and not card.feedback_ids & then.alerted
        }
        yield RuleEdit(kind=kind, text=text, definition=definition, removed=frozenset(removed))


def _list_slow_changes(rule: Rule) -> Iterator[tuple[EditKind, str, Mapping[str, Any]]]:
    for place, item in enumerate(rule.definition.get("all", ())):
        if "count" in item:
            least = item["count"]["min"]
            for more in dict.fromkeys((least + 1, 2 * least)):
                condition = {"count": {**item["count"], "min": more}}
                text = f"{more} within the window instead of {least}"
                yield EditKind.THRESHOLD, text, _replace_condition(rule, place, condition)
    alone = {GroupBy.FEEDBACK, GroupBy.TEXT}
    if not rule.hold_for and alone.isdisjoint(rule.group_by):
        for wait in _WAITS:
            text = f"only after it has held for {wait}"
            yield EditKind.WAIT, text, {**rule.definition, "for": wait}


def _raise_problem(
    rule: Rule, cards: Sequence[RuleCard], place: int, asked: object
) -> Iterator[RuleEdit]:
    table: dict[str, Any] = dict(asked) if isinstance(asked, Mapping) else {"at_least": asked}
    least = table.get("at_least")
    if least is None:
        return
    for step in _PROBLEM_STEPS:
        limit = round(least + step, 2)
        if limit > _MOST_PROBABLE or limit >= table.get("below", 1.01):
            continue
        yield RuleEdit(
            kind=EditKind.THRESHOLD,
            text=f"a problem of at least {limit:g} instead of {least:g}",
            definition=_replace_condition(rule, place, {"problem": {**table, "at_least": limit}}),
            removed=_find_removed(cards, _make_problem_test(limit)),
        )


def _make_problem_test(limit: float) -> Callable[[Feedback, Analysis], bool]:
    return lambda _, read: (read.problem or 0) < limit


def _lower_stars(
    rule: Rule, cards: Sequence[RuleCard], place: int, asked: Mapping[str, Any]
) -> Iterator[RuleEdit]:
    most = asked.get(_MOST_STARS)
    if most is None or most - 1 < asked.get("min", 1):
        return
    limit = most - 1
    yield RuleEdit(
        kind=EditKind.THRESHOLD,
        text=f"{limit:g} star{'' if limit == 1 else 's'} instead of {most:g}",
        definition=_replace_condition(rule, place, {"stars": {**asked, _MOST_STARS: limit}}),
        removed=_find_removed(
            cards, lambda item, _: item.rating is None or item.rating.stars > limit
        ),
    )


def _find_removed(
    cards: Sequence[RuleCard], fails: Callable[[Feedback, Analysis], bool]
) -> frozenset[int]:
    """Return the cards of which no feedback would be left."""
    return frozenset(
        card.alert_id
        for card in cards
        if card.feedback and all(fails(item, read) for item, read in card.feedback)
    )


def _replace_condition(rule: Rule, place: int, condition: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the definition in which one entry of `all` has another value for one condition."""
    asked = list(rule.definition["all"])
    asked[place] = {**asked[place], **condition}
    return {**rule.definition, "all": asked}


def _find_common(card: RuleCard) -> frozenset[_Exclusion]:
    """Return what all feedback of a card has."""
    each = [frozenset(_find_exclusions(item, read)) for item, read in card.feedback]
    return frozenset.intersection(*each) if each else frozenset()


def _find_exclusions(item: Feedback, read: Analysis) -> Iterator[_Exclusion]:
    for name, values in item.attributes.items():
        for value in values.split(","):
            if _can_name(name) and _can_name(value.strip()):
                yield _exclude_attribute(name, normalise_name(value))
    yield _Exclusion(EditKind.SOURCE, f"the source {item.source_id}", "source", item.source_id)
    if author := _find_author(item.author):
        yield _Exclusion(EditKind.AUTHOR, f"the author {author}", "author", author)
    words = read.words.split()
    for word in words:
        if _is_plain_word(word):
            yield _Exclusion(EditKind.WORDS, f'"{word}"', "text", f'"{word}"')
    for first, second in pairwise(words):
        if _is_plain_word(first) and _is_plain_word(second):
            phrase = f'"{first} {second}"'
            yield _Exclusion(EditKind.WORDS, phrase, "text", phrase)


def _exclude_attribute(name: str, value: str) -> _Exclusion:
    shown = f"r/{value}" if normalise_name(name) == "subreddit" else f"{name} {value}"
    return _Exclusion(EditKind.ATTRIBUTE, shown, "attribute", parts=(("name", name), ("is", value)))


def _find_author(author: Author) -> str:
    """Return an author's name as rules compare it; empty where it names nobody in particular."""
    name = normalise_name(author.name).removeprefix("@")
    is_somebody = bool(author.key) and bool(Author(name=name).key)
    return name if is_somebody and _can_name(name) else ""


def _can_name(value: str) -> bool:
    """Return whether a rule can ask for a value word by word, and people can read it."""
    return 0 < len(value) <= _LONGEST_VALUE and value.isprintable() and "*" not in value


def _is_plain_word(word: str) -> bool:
    return len(word) >= _SHORTEST_WORD and word.isalpha()
