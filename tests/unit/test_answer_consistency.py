"""Which answers of ours may differ: pairs that must be told, and pairs that must not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.digest.answer_consistency import AnswerComparison, compare_answers, find_links
from monitor.domain.reply import PublicAnswer
from tests.world.feedback_writer import IN_THE_WEEK

HELP = ("https://help.acme.example/",)


def answer(number: int, text: str, hours: float = 0, thread_id: str = "") -> PublicAnswer:
    """What we wrote to a customer of this number."""
    return PublicAnswer(
        feedback_id=number,
        source_id="shop",
        thread_id=thread_id,
        text=text,
        at=IN_THE_WEEK + timedelta(hours=hours),
        shown_id=number,
    )


def compare(*texts: str, matter: str = "“refund”") -> AnswerComparison:
    """What is said of answers to as many customers who wrote about the same."""
    answers = [answer(number, text, number) for number, text in enumerate(texts, 1)]
    return compare_answers(answers, lambda _one, _other: matter, HELP)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("We will refund you within 5 days.", "Your refund takes 14 days.", ("5 days", "14 days")),
        ("Refunds take two weeks.", "You'll get your refund in 48 hours", ("2 weeks", "48 hours")),
        ("We refund you.", "Sorry, but we can’t refund you.", ("yes", "no")),
        ("You can request a refund.", "All sales are final, no refunds.", ("yes", "no")),
        ("You can cancel at any time.", "You cannot cancel.", ("yes", "no")),
        ("The monthly fee is $5.", "There is a fee of $7.50 a month.", ("$5", "$7.5")),
        ("You have 14 days to return it.", "The return period is 30 days", ("14 days", "30 days")),
        ("Delivery usually takes 3-5 days.", "Delivery takes 2 weeks.", ("3 to 5 days", "2 weeks")),
        (
            "See https://help.acme.example/exports?ref=1.",
            "It is in https://help.acme.example/invoices",
            ("https://help.acme.example/exports", "https://help.acme.example/invoices"),
        ),
    ],
)
def test_answers_that_state_different_facts_are_told(
    one: str, other: str, said: tuple[str, str]
) -> None:
    """Once, with what each of them states."""
    found = compare(one, other)
    assert [(each.first.said, each.second.said) for each in found.differences] == [said]
    assert found.compared == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We will refund you within 5 days.", "Your refund takes 3-5 days."),
        ("Your refund takes 5 business days.", "Your refund takes 7 days."),
        ("Refunds take 48 hours.", "Refunds take 2 days."),
        ("The warranty is 2 years.", "The warranty is 24 months."),
        ("We refund within 5 days.", "You can ask for a refund within 30 days of purchase."),
        ("We can refund you.", "If you bought it from Apple, we cannot refund you."),
        ("We refund you.", "We cannot refund gift cards."),
        ("We have refunded you $12.", "We have refunded you $30."),
        ("We have refunded you.", "We cannot refund you."),
        ("Refunds by card take 3 days.", "Refunds take 10 days."),
        ("Would you like a refund?", "We cannot refund you."),
        ("Do not hesitate to ask for a refund.", "You can ask for a refund."),
        ("You can cancel at any time.", "You do not need to cancel."),
        ("You can cancel at any time.", "We cannot cancel it for you."),
        ("Your parcel will be delivered in 2 days.", "Your parcel is delivered in 9 days."),
        ("Your refund was sent 2 days ago.", "Your refund takes 5 days."),
        ("The fee of $5 on your order is waived.", "The fee on your order was $9."),
        ("It takes 2 days to fix.", "It takes a refund of 9 days"),
        ("We do not replace lamps.", "We will replace it."),
        ("See https://help.acme.example/a", "See https://help.acme.example/a#top and /b"),
        ("See https://help.acme.example/a", "See https://parcels.example/123"),
        ("Thank you!", "We are sorry to hear that."),
        ("We refund within 5 days. Refunds take 9 days.", "Refunds take 20 days."),
    ],
)
def test_answers_that_do_not_contradict_are_not_told(one: str, other: str) -> None:
    """Other cases, other subjects, ranges that overlap, one customer's own money or parcel."""
    assert compare(one, other).differences == ()


def test_only_answers_to_two_customers_about_the_same_within_a_week_are_compared() -> None:
    """Not what was written later, in the same thread, to the same person, or about something
    else.
    """
    yes, no = "We can refund you.", "We cannot refund you."

    def found(first: PublicAnswer, second: PublicAnswer, matter: str = "price") -> int:
        return len(compare_answers([first, second], lambda *_: matter).differences)

    assert found(answer(1, yes), answer(2, no, 7 * 24)) == 1
    assert found(answer(1, yes), answer(2, no, 7 * 24 + 1)) == 0
    assert found(answer(1, yes), answer(1, no)) == 0
    assert found(answer(1, yes, thread_id="t"), answer(2, no, thread_id="t")) == 0
    assert found(answer(1, yes), answer(2, no), matter="") == 0


def test_help_pages_are_compared_within_a_theme_alone_and_where_they_are_known() -> None:
    """Two questions about a product may well be answered by two pages."""
    texts = ("https://help.acme.example/a", "https://help.acme.example/b")
    answers = [answer(number, text) for number, text in enumerate(texts, 1)]
    assert compare(*texts, matter="product").differences == ()
    assert compare_answers(answers, lambda *_: "“a”").differences == ()


def test_a_link_is_a_page_under_one_of_the_addresses() -> None:
    """Not one whose host only begins alike; without addresses any page is one."""
    text = "(https://help.acme.example/x), https://help.acme.example.evil/y http://a.example/z."
    assert find_links(text, HELP) == {"https://help.acme.example/x"}
    assert len(find_links(text)) == 3
