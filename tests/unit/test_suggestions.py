"""Which changes of a rule its judged cards speak for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from monitor.domain.alert import Severity
from monitor.domain.feedback import Analysis, Author, Feedback, Rating, Signal
from monitor.domain.suggestion import LEAVE_AS_IT_IS, EditKind, RuleCard, RuleEdit
from monitor.store import Store
from monitor.testing import memory_store
from monitor.tuning.rule_cards import list_severe_signals
from monitor.tuning.rule_edits import list_exclusions, list_thresholds
from monitor.tuning.suggesting import read_definition, suggest_changes
from monitor.tuning.suggestions import choose_edits, find_level, measure_excess
from tests.integration.judged_store import BILLING, asked, fill_judged, rule_of
from tests.world.judged_months import BOUNDARY, NOISE, simulate_cards, suggest_for

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MONTHS = 40
STANDS_OUT = "'exclude r/dealsbot' stands out, and would lose a severe or urgent card"


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    opened = memory_store()
    yield opened
    opened.close()


def card(number: int, *, useful: bool | None = True, at: datetime = NOW, **of: Any) -> RuleCard:
    """A card of one feedback."""
    return RuleCard(
        alert_id=number,
        at=at,
        reason="",
        is_useful=useful,
        is_protected=bool(of.pop("is_protected", False)),
        feedback=(feedback(number, **of),),
    )


def feedback(number: int, words: str = "refund", **of: Any) -> tuple[Feedback, Analysis]:
    """A feedback of a source and an author."""
    item = Feedback(
        id=number,
        source_id=str(of.get("source", "reddit")),
        external_id=str(number),
        author=Author(name=str(of.get("author", ""))),
        rating=of.get("rating"),
        attributes=of.get("attributes", {}),
    )
    return item, Analysis(text=words, words=words, problem=of.get("problem"))


def twice(*, protected: int = 0, useless: int = 12) -> list[RuleCard]:
    """Two months of 30 cards, of which the first 12 come from one place; so many are dismissed."""
    found = []
    for month in range(2):
        at = BOUNDARY + timedelta(days=1 if month else -1)
        for place in range(30):
            number = 1 + place + 30 * month
            is_noise = place < 12
            useful = place >= useless if is_noise else place % 6 != 0
            values = {"place": "bot" if is_noise else "acme"}
            is_protected = number == protected
            found.append(
                card(number, useful=useful, at=at, attributes=values, is_protected=is_protected)
            )
    return found


@given(st.data())
def test_the_excess_is_fishers_exact_test(data: st.DataObject) -> None:
    """One-sided, as scipy calculates it for the same table."""
    judged = data.draw(st.integers(1, 40))
    dismissed = data.draw(st.integers(0, judged))
    inside = data.draw(st.integers(0, judged))
    hits = data.draw(st.integers(max(0, inside + dismissed - judged), min(inside, dismissed)))
    table = [
        [hits, inside - hits],
        [dismissed - hits, judged - dismissed - (inside - hits)],
    ]
    expected = fisher_exact(table, alternative="greater").pvalue

    assert measure_excess(hits, inside, dismissed, judged) == pytest.approx(expected)


def test_what_can_prove_nothing_does_not_count_among_what_was_tried() -> None:
    """The level is divided by those that could be improbable enough, and is never above 5 %."""
    assert find_level([]) == 0.05
    assert find_level([0.001] * 100) == pytest.approx(0.01)
    assert find_level([0.001] * 50 + [0.9] * 950) == pytest.approx(0.02)


def test_a_source_of_noise_is_suggested_first() -> None:
    """In at least 95 of 100 simulated months in which 11 of its 12 cards are dismissed."""
    firsts = [suggest_for(simulate_cards(seed, noise=True))[:1] for seed in range(MONTHS)]
    found = sum(first[0].edit.text == f"exclude {NOISE}" for first in firsts if first)

    assert found >= 0.95 * MONTHS


def test_random_dismissals_suggest_nothing() -> None:
    """A suggestion in at most 5 of 100 simulated months."""
    found = sum(bool(suggest_for(simulate_cards(seed, noise=False))) for seed in range(MONTHS))

    assert found <= 0.05 * MONTHS


def test_a_suggestion_says_what_it_saves_and_loses() -> None:
    """In one line, with how it went in the time before; the useful card it loses is named."""
    cards = twice(useless=11)
    [first] = choose_edits(cards, list(list_exclusions(rule_of(), cards, 5)), BOUNDARY)

    assert first.text == "exclude place bot: 11 of 12 dismissed there, loses 1 useful"
    assert [(one.alert_id, one.text) for one in first.lost] == [(42, "refund")]
    assert (first.saved, first.dismissed_before, first.judged_before) == (12, 11, 12)
    assert read_definition(first.edit.definition).none[0].describe() == 'has place "bot"'


def test_what_was_found_must_hold_in_the_time_before() -> None:
    """What is new is not suggested yet."""
    new = [one for one in twice() if one.at >= BOUNDARY or one.alert_id > 12]

    assert choose_edits(twice(), list(list_exclusions(rule_of(), twice(), 5)), BOUNDARY)
    assert not choose_edits(new, list(list_exclusions(rule_of(), new, 5)), BOUNDARY)


@pytest.mark.parametrize("protected", [3, 33])
def test_nothing_is_suggested_that_loses_a_protected_card(protected: int) -> None:
    """Neither in the month that is looked at nor in the one before."""
    cards = twice(protected=protected)

    assert not choose_edits(cards, list(list_exclusions(rule_of(), cards, 5)), BOUNDARY)


def test_few_judged_cards_suggest_nothing() -> None:
    """Below twenty."""
    cards = [one for one in twice() if one.alert_id % 30 < 19]

    assert not choose_edits(cards, list(list_exclusions(rule_of(), cards, 5)), BOUNDARY)


def test_what_is_tried_hangs_on_no_verdict() -> None:
    """Else what is found among it would prove nothing."""
    cards = twice()
    other = [
        card(one.alert_id, useful=True, attributes=one.feedback[0][0].attributes) for one in cards
    ]
    tried, again = (list(list_exclusions(rule_of(), some, 5)) for some in (cards, other))

    assert [one.text for one in tried] == [one.text for one in again]


def test_hostile_names_are_never_put_into_a_rule() -> None:
    """A wildcard, a control character, and what many are called are no names to exclude."""
    names = ["*", "evil\x1b[31m", "a*", "Anonymous", "@unknown", "x" * 101]
    cards = [
        card(number, author=name, attributes={"place": name}, words="ab c1")
        for number, name in enumerate(names * 5)
    ]

    kinds = {edit.kind: edit.text for edit in list_exclusions(rule_of(), cards, 5)}
    assert kinds.pop(EditKind.ATTRIBUTE)
    assert set(kinds) == {EditKind.SOURCE}


@given(st.text(max_size=30), st.text(max_size=120), st.text(max_size=60))
def test_every_exclusion_is_a_rule_that_reads(author: str, value: str, words: str) -> None:
    """Whatever strangers call themselves and write."""
    cards = [
        card(n, author=author, attributes={value: value}, words=words.casefold()) for n in range(5)
    ]
    for edit in list_exclusions(rule_of(), cards, 5):
        assert read_definition(edit.definition).none
        assert edit.text.isprintable()


def test_thresholds_are_raised() -> None:
    """Stars by one, a problem by a tenth and two; cards that would be left stay."""
    rule = rule_of({**BILLING, "all": [{"stars": {"max": 3}}, {"problem": 0.7}]})
    cards = [card(1, rating=Rating(3), problem=0.75), card(2, rating=Rating(2), problem=0.99)]
    found = {edit.text: edit.removed for edit in list_thresholds(rule, cards)}

    assert found == {
        "2 stars instead of 3": {1},
        "a problem of at least 0.8 instead of 0.7": {1},
        "a problem of at least 0.9 instead of 0.7": {1},
    }


def test_a_threshold_tells_the_share_of_cards() -> None:
    """Beside the useful cards that it loses."""
    cards = twice()
    removed = frozenset(n for month in (0, 30) for n in range(1 + month, 13 + month))
    edit = RuleEdit(
        kind=EditKind.THRESHOLD, text="2 stars instead of 3", definition=BILLING, removed=removed
    )
    [found] = choose_edits(cards, [edit], BOUNDARY)

    assert found.text == "2 stars instead of 3: -40 % cards"


def test_the_engine_itself_confirms_a_suggestion(store: Store) -> None:
    """Of a rule's stored cards; to leave it as it is is offered beside it."""
    fill_judged(store, NOW)
    with store.read() as tx:
        report = suggest_changes(tx, asked(rule_of(), NOW))

    [found] = report.suggestions
    assert report.choices == (
        "exclude r/dealsbot: 11 of 12 dismissed there, loses 1 useful",
        LEAVE_AS_IT_IS,
    )
    assert (report.cards, report.judged, report.reason) == (30, 30, "")
    assert (found.saved, len(found.lost)) == (12, 1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"noise": False}, "none of"),
        ({"cards": 19}, "too few to call: 19 judged cards"),
        (
            {"signals": [Signal("safety", ("fire",))]},
            STANDS_OUT,
        ),
        ({"severity": Severity.URGENT}, STANDS_OUT),
    ],
)
def test_it_says_why_nothing_is_suggested(
    store: Store, changes: dict[str, Any], reason: str
) -> None:
    """No noise, too few judged, a severe card or a useful urgent one in what would be excluded."""
    fill_judged(store, NOW, **changes)
    with store.read() as tx:
        report = suggest_changes(tx, asked(rule_of(), NOW))

    assert not report.suggestions
    assert report.reason.startswith(reason)
    assert report.choices == (LEAVE_AS_IT_IS,)


def test_severe_are_the_signals_of_the_preset() -> None:
    """Danger, crime, the law and the press among them."""
    assert {"safety", "legal", "press", "security", "self_harm"} <= list_severe_signals()


def test_cards_of_an_earlier_text_of_the_rule_do_not_count(store: Store) -> None:
    """Of what the rule no longer alerts of there is nothing to save."""
    fill_judged(store, NOW)
    changed = rule_of({**BILLING, "all": [{"text": "invoice"}]})
    with store.read() as tx:
        report = suggest_changes(tx, asked(changed, NOW))

    assert report.reason == (
        "too few to call: 0 judged cards, and 20 are needed; of others it no longer alerts"
    )
