"""What one customer's history says: repeats, promoters lost and won, what answers changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.customer import (
    Contact,
    CustomerHistory,
    Loyalty,
    ReplyEffect,
    describe_history,
    find_repeats,
    find_turn,
)
from monitor.domain.feedback import Rating, Scale
from monitor.domain.linking import find_components, normalize_identifier

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def contact(number: int, days_ago: float, **fields: Any) -> Contact:
    """A complaint in the reviews, unless something else is said."""
    defaults: dict[str, Any] = {"source_id": "reviews", "label": "negative"}
    return Contact(feedback_id=number, at=NOW - days_ago * DAY, **(defaults | fields))


def history(*contacts: Contact) -> CustomerHistory:
    return CustomerHistory(contacts)


def nps(value: float) -> Rating:
    return Rating(value, Scale.NPS)


def test_a_single_contact_has_nothing_to_add() -> None:
    """Who wrote once has no history."""
    assert describe_history(history()) == ""
    assert describe_history(history(contact(1, 0))) == ""


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        (["reviews", "reviews"], "second complaint in 60 days"),
        (["reviews", "nps", "reviews"], "third complaint in 60 days, here and in nps"),
        (["nps", "reviews"], "second complaint in 60 days, before in nps"),
        (
            ["nps", "forum", "mail", "reviews"],
            "fourth complaint in 60 days, before in nps and 2 more",
        ),
        (["reviews"] * 12, "12th complaint in 60 days"),
    ],
)
def test_repeated_complaints_are_counted_with_their_channels(sources: list[str], said: str) -> None:
    """The number of complaints in 60 days, and in which other sources they were."""
    many = [contact(number, 20 - number, source_id=source) for number, source in enumerate(sources)]
    assert describe_history(history(*many)) == said


def test_complaints_from_before_sixty_days_do_not_count() -> None:
    """Sixty days before count, a moment more does not."""
    assert describe_history(history(contact(1, 60.1), contact(2, 0))) == ""
    assert describe_history(history(contact(1, 60), contact(2, 0))) != ""


def test_praise_after_complaints_is_no_repeat() -> None:
    """The line is about the last contact."""
    assert (
        describe_history(history(contact(1, 3), contact(2, 2), contact(3, 0, label="positive")))
        == ""
    )


def test_a_promoter_who_complains_is_named_with_the_month() -> None:
    """Who recommended us and complains now, by NPS and by stars."""
    earlier = contact(1, 40, source_id="nps", label="positive", rating=nps(9))
    assert describe_history(history(earlier, contact(2, 0))) == "promoter until now (9 in October)"
    older = contact(1, 400, label="", rating=Rating(5))
    said = describe_history(history(older, contact(2, 0, rating=Rating(1))))
    assert said == "promoter until now (5 stars in October 2025)"


def test_a_detractor_who_recommends_us_now_is_named() -> None:
    """The other way is told too."""
    before, now = contact(1, 40, rating=nps(3)), contact(2, 0, label="positive", rating=nps(10))
    assert describe_history(history(before, now)) == "detractor until now (3 in October)"


def test_what_our_answers_changed_is_said_where_the_customer_came_back() -> None:
    """Only answers after which the next contact was a complaint again are told."""
    answers = [contact(n, 200 - 60.5 * n, answered_at=NOW - (199 - 60.5 * n) * DAY) for n in (1, 2)]
    came = history(*answers, contact(3, 0))
    assert describe_history(came) == "answered twice, came back both times"
    content = history(answers[0], contact(2, 70, label="positive"), contact(3, 0))
    assert content.answered[0].effect is ReplyEffect.SATISFIED
    assert describe_history(content) == ""


def test_an_answer_after_which_nothing_came_has_no_effect_yet() -> None:
    """Unless its author was seen to come back."""
    quiet = contact(1, 3, answered_at=NOW - 2 * DAY)
    assert history(quiet).answered[0].effect is ReplyEffect.QUIET
    seen = contact(1, 3, answered_at=NOW - 2 * DAY, came_back=True)
    assert history(seen).answered[0].effect is ReplyEffect.CAME_BACK


def test_satisfaction_and_effort_say_nothing_of_recommending() -> None:
    """Only NPS and stars do."""
    for scale in (Scale.CSAT5, Scale.CES7, Scale.CES5, Scale.THUMBS):
        assert contact(1, 0, rating=Rating(1, scale)).loyalty is None
    assert contact(1, 0, rating=Rating(5, Scale.INVERTED5)).loyalty is Loyalty.DETRACTOR
    assert contact(1, 0, rating=nps(8)).loyalty is Loyalty.PASSIVE


def test_a_repeat_detractor_complained_in_the_period_and_within_sixty_days_before() -> None:
    """The last complaint lies in the period, the others within 60 days before it."""
    week = (NOW - 7 * DAY, NOW)
    both = history(contact(1, 50), contact(2, 3))
    assert [one.feedback_id for one in find_repeats(both, *week)] == [1, 2]
    assert find_repeats(history(contact(1, 50), contact(2, 8)), *week) == ()
    assert find_repeats(history(contact(1, 80), contact(2, 3)), *week) == ()


def test_a_turn_goes_from_one_side_to_the_other_between_periods() -> None:
    """A promoter becomes a detractor or the other way; a passive is neither."""
    week = (NOW - 7 * DAY, NOW)
    lost = find_turn(history(contact(1, 50, rating=nps(9)), contact(2, 3, rating=nps(2))), *week)
    assert lost is not None
    assert lost.is_lost
    won = find_turn(history(contact(1, 50, rating=nps(2)), contact(2, 3, rating=Rating(5))), *week)
    assert won is not None
    assert not won.is_lost
    passive = history(contact(1, 50, rating=nps(9)), contact(2, 3, rating=nps(7)))
    assert find_turn(passive, *week) is None
    assert find_turn(history(contact(2, 3, rating=nps(2))), *week) is None


def test_history_as_of_a_feedback_ends_with_it() -> None:
    """What came later is left out; an unknown feedback has no history."""
    many = history(contact(1, 3), contact(2, 2), contact(3, 1))
    assert many.as_of(2).last == many.contacts[1]
    assert many.as_of(9).contacts == ()


@pytest.mark.parametrize(
    ("value", "compared"),
    [
        (" Anna.K+x@Example.COM ", "anna.k+x@example.com"),
        ("C-17 ", "C-17"),
        ("c-17", "c-17"),
        ("@Anna", "@Anna"),
        ("N/A", ""),
        ("0", ""),
        ("  ", ""),
    ],
)
def test_identifiers_are_compared_exactly_but_for_space_and_the_case_of_addresses(
    value: str, compared: str
) -> None:
    """Case counts in numbers and handles, and what names nobody is empty."""
    assert normalize_identifier(value) == compared
    assert normalize_identifier(compared) == compared


NODES = st.integers(0, 12)


@given(st.lists(st.tuples(NODES, NODES)), st.randoms(use_true_random=False))
def test_components_do_not_depend_on_the_order_of_links(
    edges: list[tuple[int, int]], random: Any
) -> None:
    """Two nodes share a component exactly where a path joins them, in whatever order."""
    shuffled = [edge if random.random() < 0.5 else edge[::-1] for edge in edges]
    random.shuffle(shuffled)
    first, second = find_components(range(13), edges), find_components(range(13), shuffled)
    reachable = {node: _reach(node, edges) for node in range(13)}
    for one in range(13):
        for other in range(13):
            joined = other in reachable[one]
            assert (first[one] == first[other]) is joined
            assert (second[one] == second[other]) is joined


def _reach(start: int, edges: list[tuple[int, int]]) -> set[int]:
    found, left = {start}, [start]
    while left:
        node = left.pop()
        beside = {b for a, b in edges if a == node} | {a for a, b in edges if b == node}
        left += beside - found
        found |= beside
    return found
