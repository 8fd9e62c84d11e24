"""What people ask how to do, and where an article is missing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.digest.howto_questions import find_missing_articles, find_task
from monitor.domain.reading import FeedbackReading
from monitor.domain.reply import PublicAnswer

AT = datetime(2026, 11, 18, tzinfo=UTC)
HELP = ("https://help.acme.example/",)


@pytest.mark.parametrize(
    ("words", "task"),
    [
        ("how do i export my invoices as pdf", "export invoices"),
        ("hi how can we export an invoice", "export invoice"),
        ("is there a way to change the language of the app", "change language"),
        ("how to be able to reset my password", "reset password"),
        ("where do i find my tax number", "find tax"),
        ("how do you sleep at night", ""),
        ("how long does it take", ""),
        ("can you help me", ""),
        ("how to", ""),
        ("it shows how", ""),
    ],
)
def test_a_task_is_the_two_words_that_tell_what_is_to_be_done(words: str, task: str) -> None:
    """Questions of another kind ask for no article."""
    assert find_task(words) == task


def asked(number: int, author: str = "") -> FeedbackReading:
    """A question of somebody."""
    return FeedbackReading(
        feedback_id=number, source_id="shop", at=AT, author=author or f"p{number}"
    )


def answer(number: int, text: str) -> PublicAnswer:
    """What we answered to one."""
    return PublicAnswer(
        feedback_id=number, source_id="shop", thread_id="", text=text, at=AT, shown_id=number
    )


TASKS = {1: "export invoices", 2: "export invoice", 3: "export invoices", 4: "reset password"}


def test_an_article_is_missing_where_no_answer_names_one() -> None:
    """One and many are the same; two people are too few; one link is enough for all."""
    questions = [asked(number) for number in TASKS]
    [topic] = find_missing_articles(questions, TASKS, [answer(1, "In the menu")], HELP)
    assert (topic.phrase, topic.people, topic.answers) == ("export invoices", 3, 1)
    assert topic.feedback_ids == (1, 2, 3)
    linked = answer(2, "See https://help.acme.example/export")
    assert find_missing_articles(questions, TASKS, [linked], HELP) == ()
    assert find_missing_articles(questions[:2], TASKS, [], HELP) == ()


def test_only_links_of_help_pages_count_where_these_are_known() -> None:
    """Without them any link may lead to an article."""
    questions, elsewhere = [asked(number) for number in TASKS], answer(1, "https://x.example/1")
    assert len(find_missing_articles(questions, TASKS, [elsewhere], HELP)) == 1
    assert find_missing_articles(questions, TASKS, [elsewhere], ()) == ()


def test_one_person_who_asks_three_times_is_one() -> None:
    """Whoever is not named counts for each question."""
    thrice = [asked(number, "Ann") for number in (1, 2, 3)]
    assert find_missing_articles(thrice, TASKS, [], ()) == ()
