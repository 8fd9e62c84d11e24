"""Judgements are counted and split so that a measurement never meets what it was learned from."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.analysis.cross_validation import FOLDS, count_independent, iter_splits


@dataclass(frozen=True)
class Judged:
    """A text, and the act in which somebody judged it."""

    words: str
    act: str = ""


def test_one_click_on_many_texts_counts_once() -> None:
    """What one act of a person was about is one judgement."""
    assert count_independent([Judged("slow", "a"), Judged("late", "a")]) == 1
    assert count_independent([Judged("slow", "a"), Judged("late", "b")]) == 2


def test_one_text_judged_twice_counts_once() -> None:
    """The same words are one judgement, whoever gave it and however often."""
    assert count_independent([Judged("slow", "a"), Judged("slow", "b")]) == 1
    assert count_independent([Judged("slow"), Judged("slow")]) == 1


def test_nothing_counts_as_nothing() -> None:
    """Without examples there is no judgement."""
    assert count_independent([]) == 0


def test_every_position_is_measured_once_and_else_learned_from() -> None:
    """Each split holds all positions, and none is on both sides."""
    folds = [0, 1, 2, 3, 4, 0, 1]
    splits = list(iter_splits(folds))
    assert len(splits) == FOLDS
    assert splits[0] == ([1, 2, 3, 4, 6], [0, 5])
    assert sorted(at for _, held_out in splits for at in held_out) == list(range(len(folds)))
    assert all(sorted(training + held) == list(range(len(folds))) for training, held in splits)
