"""What holds for any pattern and any words in which it is looked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.matching import (
    MOST_FOUND,
    FoundRanges,
    PatternIndex,
    PatternStep,
    WordRange,
    compile_pattern,
)

_WORDS = ("app", "apple", "bad", "the", "is", "slow", "slower")
STEPS = st.builds(
    lambda exact, prefixes, between: PatternStep(
        frozenset(exact) if exact or prefixes else frozenset(["app"]), prefixes, between
    ),
    st.sets(st.sampled_from(_WORDS), max_size=2),
    st.sampled_from([(), (), ("app",), ("slo", "bad")]),
    st.sampled_from([0, 0, 0, 1, 2, 4]),
)
SEQUENCES = st.lists(STEPS, min_size=1, max_size=4)
TEXTS = st.lists(st.sampled_from(_WORDS), max_size=14)


def _fits(step: PatternStep, word: str) -> bool:
    return word in step.exact or any(word.startswith(prefix) for prefix in step.prefixes)


def _all(steps: Sequence[PatternStep], words: Sequence[str], at: int) -> Iterator[list[int]]:
    """Every way in which the steps fit with the first of them at `at`."""
    if not _fits(steps[0], words[at]):
        return
    if len(steps) == 1:
        yield [at]
        return
    for behind in range(at + 1, min(len(words), at + 2 + steps[1].between)):
        yield from ([at, *rest] for rest in _all(steps[1:], words, behind))


def _shortest(steps: Sequence[PatternStep], rarest: int, words: Sequence[str]) -> list[WordRange]:
    """For each place of the rarest step, the latest beginning and the earliest end of all fits
    around it.
    """
    fits = [fit for at in range(len(words)) for fit in _all(steps, words, at)]
    places = []
    for at in range(len(words)):
        around = [fit for fit in fits if fit[rarest] == at]
        if around:
            places.append((max(fit[0] for fit in around), min(fit[-1] for fit in around) + 1))
    return places


@given(SEQUENCES, TEXTS)
def test_finds_what_trying_everything_finds(steps: list[PatternStep], words: list[str]) -> None:
    """A pattern is found wherever it fits at all, and as short as it fits there."""
    rarest = min(range(len(steps)), key=lambda at: steps[at].cost)
    expected = _shortest(steps, rarest, words)
    assert PatternIndex([compile_pattern(0, steps)]).find_patterns(words, "") == (
        {0: expected} if expected else {}
    )


@given(st.lists(SEQUENCES, max_size=5), TEXTS)
def test_patterns_do_not_see_each_other(
    sequences: list[list[PatternStep]], words: list[str]
) -> None:
    """Many patterns find together what each of them finds alone, also when only some names are
    asked for.
    """
    alone: FoundRanges = {}
    for name, steps in enumerate(sequences):
        alone |= PatternIndex([compile_pattern(name, steps)]).find_patterns(words, "")
    together = PatternIndex(compile_pattern(name, steps) for name, steps in enumerate(sequences))
    assert together.find_patterns(words, "") == alone
    assert together.find_patterns(words, "", {0, 2}) == {
        name: places for name, places in alone.items() if name in (0, 2)
    }


@given(SEQUENCES, TEXTS, st.sampled_from(["?", "no sign"]))
def test_a_sign_is_needed_somewhere_in_the_text(
    steps: list[PatternStep], words: list[str], text: str
) -> None:
    """A pattern with a sign finds in a text that holds it what it finds without one, and nothing in
    others.
    """
    found = PatternIndex([compile_pattern(0, steps)]).find_patterns(words, text)
    assert PatternIndex([compile_pattern(0, steps, "?")]).find_patterns(words, text) == (
        found if "?" in text else {}
    )


@given(st.integers(1, 3 * MOST_FOUND))
def test_the_first_places_are_enough(times: int) -> None:
    """Of one name so many places are looked at, those at the head of the text."""
    found = PatternIndex([compile_pattern(0, [PatternStep(frozenset(["bad"]), ())])]).find_patterns(
        ["bad"] * times, ""
    )
    assert found == {0: [(at, at + 1) for at in range(min(times, MOST_FOUND))]}
