"""Cross-validation over what people judged: no text and no act of a person is in two folds."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol, TypeVar

FOLDS: Final = 5  #: each in turn is held out to measure on
_SEED: Final = 7

_Label = TypeVar("_Label", bool, str)


class JudgedExample(Protocol):
    """What tells whether two examples are independent of each other."""

    @property
    def words(self) -> str:
        """The words, normalised, one space between them."""

    @property
    def act(self) -> str:
        """The id of the act in which a person judged it; empty where it is not known."""


def count_independent(examples: Iterable[JudgedExample]) -> int:
    """Return how many different texts or different acts there are, whichever are fewer."""
    texts: set[str] = set()
    acts: set[str] = set()
    for example in examples:
        texts.add(example.words)
        acts.add(example.act or example.words)
    return min(len(texts), len(acts))


def assign_folds(words: Sequence[str], labels: Sequence[_Label], acts: Sequence[str]) -> list[int]:
    """Return the fold, from 0 to FOLDS - 1, of each text; each fold has about the same labels.

    The same words are never in two folds, nor what one act of a person was about, or the
    measurement would praise its own memory: an alert's feedback is much alike.
    """
    together: dict[str, int] = {}  # the first text with these words, or of this act
    parents = list(range(len(words)))
    for at, (text, act) in enumerate(zip(words, acts, strict=True)):
        keys = [f"{kind}{key}" for kind, key in (("word ", text), ("act ", act)) if key]
        roots = {_find_root(parents, together.setdefault(key, at)) for key in keys} | {at}
        for root in roots:
            parents[root] = min(roots)
    groups = [_find_root(parents, at) for at in range(len(words))]
    labels_by_group: dict[int, set[_Label]] = {}
    for group, label in zip(groups, labels, strict=True):
        labels_by_group.setdefault(group, set()).add(label)
    order = list(labels_by_group)
    random.Random(_SEED).shuffle(order)
    order.sort(key=lambda group: sorted(labels_by_group[group]))
    fold_of_group = {group: at % FOLDS for at, group in enumerate(order)}
    return [fold_of_group[group] for group in groups]


def iter_splits(folds: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield for each fold the positions to learn from and the positions to measure on."""
    for fold in range(FOLDS):
        training = [at for at, own in enumerate(folds) if own != fold]
        held_out = [at for at, own in enumerate(folds) if own == fold]
        yield training, held_out


def _find_root(parents: list[int], at: int) -> int:
    """Return the first text of the group that `at` belongs to (union-find, paths halved)."""
    while parents[at] != at:
        parents[at] = parents[parents[at]]
        at = parents[at]
    return at
