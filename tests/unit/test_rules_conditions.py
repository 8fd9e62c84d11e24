"""Each condition: what holds, what does not, and what is a mistake."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.feedback import (
    Analysis,
    Author,
    Evidence,
    Feedback,
    Kind,
    Label,
    Rating,
    Scale,
    Sentiment,
    Signal,
)
from monitor.domain.tokens import normalize_text
from rules.base import Condition
from rules.conditions.age import AgeCondition
from rules.conditions.author import AuthorCondition
from rules.conditions.journey import JourneyCondition
from rules.conditions.problem import ProblemCondition
from rules.conditions.sentiment import SentimentCondition
from rules.conditions.signal import SignalCondition
from rules.conditions.source import SourceCondition
from rules.conditions.stars import StarsCondition
from rules.conditions.text import TextCondition

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


def evidence(
    body: str = "",
    *,
    title: str = "",
    author: Author | None = None,
    rating: Rating | None = None,
    sentiment: Sentiment | None = None,
    signals: tuple[Signal, ...] | None = None,
    journey: tuple[str | None, str | None, tuple[str, ...] | None] = (None, None, None),
    created_at: datetime | None = NOW,
) -> Evidence:
    text = f"{title}\n{body}" if title else body
    feedback = Feedback(
        source_id="shop",
        external_id="1",
        kind=Kind.REVIEW,
        title=title,
        body=body,
        author=author or Author(),
        rating=rating,
        created_at=created_at,
    )
    stage, touchpoint, drivers = journey
    analysis = Analysis(
        text=text,
        words=normalize_text(text),
        sentiment=sentiment,
        signals=signals,
        stage=stage,
        touchpoint=touchpoint,
        drivers=drivers,
    )
    return Evidence(feedback=feedback, analysis=analysis, now=NOW)


def holds(condition: Condition, given: Evidence) -> bool:
    return condition.check(given) is not None


def test_text_shows_the_customers_words() -> None:
    """The clause quotes what was found as it was written."""
    clause = TextCondition("crash* OR refund").check(evidence("It CRASHED; I want a Refund."))
    assert clause is not None
    assert clause.condition == "text"
    assert clause.words == ("CRASHED", "Refund")
    assert clause.description == 'says "CRASHED", "Refund"'


@pytest.mark.parametrize(
    ("part", "title", "body", "expected"),
    [
        ("title", "Refund", "please", True),
        ("title", "Please", "refund", False),
        ("body", "Refund", "please", False),
        ("body", "Please", "refund", True),
        ("body", "", "refund", True),
        ("any", "Refund", "please", True),
        ("any", "Please", "refund", True),
    ],
)
def test_text_looks_where_it_is_told(part: str, title: str, body: str, expected: bool) -> None:
    """A query can be put to the title or to the body alone."""
    assert (
        holds(TextCondition({"query": "refund", "in": part}), evidence(body, title=title))
        is expected
    )


def test_text_in_a_part_forbids_in_that_part_only() -> None:
    """What must be absent from the title may stand in the body, so the engine must not require its
    absence.
    """
    condition = TextCondition({"query": "refund -policy", "in": "title"})
    given = evidence("the policy", title="Refund")
    assert holds(condition, given)
    assert condition.needs.matches(given.analysis.words)


@pytest.mark.parametrize(
    ("value", "label", "score", "expected"),
    [
        ("negative", Label.NEGATIVE, -0.1, True),
        ("negative", Label.MIXED, -0.1, False),
        (["negative", "mixed"], Label.MIXED, 0.1, True),
        ({"below": -0.5}, Label.NEGATIVE, -0.51, True),
        ({"below": -0.5}, Label.NEGATIVE, -0.5, False),
        ({"above": 0}, Label.NEUTRAL, 0.01, True),
        ({"above": 0}, Label.NEUTRAL, 0.0, False),
        ({"label": "negative", "below": -0.5}, Label.NEGATIVE, -0.4, False),
        ({"above": -0.5, "below": 0.5}, Label.NEUTRAL, 0.0, True),
    ],
)
def test_sentiment(value: object, label: Label, score: float, expected: bool) -> None:
    """Labels and limits must all hold; a limit itself is out."""
    assert holds(SentimentCondition(value), evidence(sentiment=Sentiment(label, score))) is expected


@pytest.mark.parametrize("value", ["neutral", "negative", {"below": 1}, {"above": -1}])
def test_unread_is_no_sentiment(value: object) -> None:
    """A text without a tone satisfies no condition on the tone, not even neutral."""
    assert not holds(SentimentCondition(value), evidence("?"))


@pytest.mark.parametrize(
    ("value", "rating", "expected"),
    [
        (1, Rating(1), True),
        (1, Rating(2), False),
        (2, Rating(1.5), True),
        ({"max": 2}, Rating(2), True),
        ({"max": 2}, Rating(2.1), False),
        ({"min": 4}, Rating(4), True),
        ({"min": 2, "max": 3}, Rating(2.5), True),
        ({"max": 2}, Rating(5, Scale.INVERTED5), True),
        ({"max": 2}, Rating(6, Scale.NPS), True),
        ({"max": 2}, Rating(7, Scale.NPS), False),
        ({"max": 5}, None, False),
        ({"min": 1}, None, False),
    ],
)
def test_stars(value: object, rating: Rating | None, expected: bool) -> None:
    """Limits are in, other scales are converted, and no rating satisfies nothing."""
    assert holds(StarsCondition(value), evidence(rating=rating)) is expected


def test_stars_are_said_for_people() -> None:
    """The clause names the limit and the rating."""
    clause = StarsCondition({"max": 2}).check(evidence(rating=Rating(1)))
    assert clause is not None
    assert clause.description == "has 2 stars or fewer (1)"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("shop", True),
        ("blog", False),
        (["blog", "shop"], True),
        ({"kind": "review"}, True),
        ({"kind": ["post", "comment"]}, False),
        ({"id": "shop", "kind": "post"}, False),
    ],
)
def test_source(value: object, expected: bool) -> None:
    """The id and the kind must both be among those named."""
    assert holds(SourceCondition(value), evidence()) is expected


@pytest.mark.parametrize(
    ("value", "author", "expected"),
    [
        ("AutoModerator", Author(name="automoderator"), True),
        ("@brand", Author(name="Brand"), True),
        ("brand", Author(name="brandon"), False),
        ("brand*", Author(name="Brandon"), True),
        ("*bot", Author(name="RepostBot"), True),
        ("a*a", Author(name="a"), False),
        ("a*b*c", Author(name="a-b-c"), True),
        ("a*c*b*d", Author(name="abcd"), False),
        ("*", Author(), False),
        (["x", "y"], Author(name="y"), True),
        ({"min_reach": 100}, Author(name="x", reach=100), True),
        ({"min_reach": 100}, Author(name="x", reach=99), False),
        ({"min_reach": 100}, Author(name="x"), False),
        ({"known": True}, Author(id="7"), True),
        ({"known": False}, Author(id="7"), False),
        ({"known": False}, Author(), True),
    ],
)
def test_author(value: object, author: Author, expected: bool) -> None:
    """Names are compared without case, a star stands for anything, and an unknown reach is never
    enough.
    """
    assert holds(AuthorCondition(value), evidence(author=author)) is expected


def test_a_hostile_name_costs_little() -> None:
    """Many stars against a long name are still only a walk along it."""
    assert not holds(AuthorCondition("*a" * 50 + "*b"), evidence(author=Author(name="a" * 100_000)))


@pytest.mark.parametrize(
    ("value", "age", "expected"),
    [
        ("24h", timedelta(hours=24), True),
        ("24h", timedelta(hours=24, seconds=1), False),
        ("24h", timedelta(hours=-1), True),
        ({"older_than": "1h"}, timedelta(hours=1), False),
        ({"older_than": "1h"}, timedelta(hours=1, seconds=1), True),
        ({"older_than": "1h", "newer_than": "1d"}, timedelta(hours=2), True),
    ],
)
def test_age(value: object, age: timedelta, expected: bool) -> None:
    """The time of writing is compared with the time of the decision."""
    assert holds(AgeCondition(value), evidence(created_at=NOW - age)) is expected


@pytest.mark.parametrize("value", [{"newer_than": "1d"}, {"older_than": "1d"}])
def test_an_unknown_age_never_holds(value: object) -> None:
    """A source without times makes nothing new or old."""
    assert not holds(AgeCondition(value), evidence(created_at=None))


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (TextCondition, "a AND", "at character 6"),
        (TextCondition, 5, "a query in quotes"),
        (TextCondition, {"in": "title"}, "query"),
        (TextCondition, {"query": "a", "in": "footer"}, "'any', 'title' or 'body'"),
        (SentimentCondition, "negativ", "did you mean 'negative'?"),
        (SentimentCondition, {"below": 2}, "less than or equal to 1"),
        (SentimentCondition, {"below": float("nan")}, "below"),
        (SentimentCondition, {"above": 0.5, "below": 0.5}, "exchange them"),
        (SentimentCondition, {}, "label, below, above"),
        (StarsCondition, 0, "greater than or equal to 1"),
        (StarsCondition, {"max": 6}, "less than or equal to 5"),
        (StarsCondition, True, "valid integer"),
        (StarsCondition, {"min": 3, "max": 2}, "exchange them"),
        (StarsCondition, {"exactly": 3, "max": 2}, "goes without"),
        (SourceCondition, {"id": [], "kind": "review"}, "an empty value says nothing"),
        (SourceCondition, {"kind": "reviews"}, "did you mean 'review'?"),
        (AuthorCondition, {"min_reach": 0}, "greater than or equal to 1"),
        (AuthorCondition, {"known": "yes"}, "valid boolean"),
        (AgeCondition, "24", "a time with its unit"),
        (AgeCondition, {"older_than": "2d", "newer_than": "1d"}, "exchange them"),
    ],
)
def test_mistakes_are_refused(kind: type[Condition], value: object, said: str) -> None:
    """What cannot be meant is refused when the condition is made."""
    with pytest.raises(ValueError, match=r"(?s).+") as caught:
        kind(value)
    assert said in str(caught.value)


def test_signal_shows_what_was_found_and_the_words() -> None:
    """Of several signals those that were asked for are named, with the customer's words as
    evidence, each once.
    """
    found = (
        Signal("outage", ("is down",)),
        Signal("bug", ("crash", "is down")),
        Signal("praise", ("great",)),
    )
    clause = SignalCondition(["bug", "outage", "legal"]).check(evidence(signals=found))
    assert clause is not None
    assert clause.words == ("is down", "crash")
    assert clause.description == 'shows outage, bug: "is down", "crash"'


@pytest.mark.parametrize("signals", [None, (), (Signal("praise", ("great",)),)])
def test_signal_does_not_hold_where_it_was_not_found(signals: tuple[Signal, ...] | None) -> None:
    """Neither for other signals nor where nobody looked for any."""
    assert not holds(SignalCondition("outage"), evidence("the site is down", signals=signals))


JOURNEY = ("support", "service", ("price", "speed"))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("support", "is at the stage support"),
        (["use", "support"], "is at the stage support"),
        ({"touchpoint": "service"}, "happened at the touchpoint service"),
        ({"driver": ["speed", "price", "empathy"]}, "is about price, speed"),
        ({"stage": "support", "driver": "speed"}, "is at the stage support and is about speed"),
        ("use", None),
        ("unsure", None),
        ({"stage": "support", "touchpoint": "product"}, None),
        ({"stage": "support", "driver": "empathy"}, None),
    ],
)
def test_journey_holds_where_all_that_is_asked_was_read(value: object, said: str | None) -> None:
    """Of each list one is enough, of several keys all must hold, and the clause says which did."""
    clause = JourneyCondition(value).check(evidence(journey=JOURNEY))
    assert (clause and clause.description) == said


def test_journey_tells_unsure_from_not_read() -> None:
    """Who asks for what is unsure gets it; where nobody looked, nothing holds."""
    asked = JourneyCondition({"stage": "unsure", "touchpoint": "unsure"})
    assert holds(asked, evidence(journey=("unsure", "unsure", ())))
    assert not holds(asked, evidence(journey=(None, None, None)))


@pytest.mark.parametrize(
    "value", ["checkout", {"touchpoint": "shop"}, {"driver": "colour"}, {"driver": []}]
)
def test_journey_knows_its_words(value: object) -> None:
    """A stage, touchpoint or driver that does not exist is a mistake, not a rule that never
    fires.
    """
    with pytest.raises(ValueError, match=r"unknown value|an empty value"):
        JourneyCondition(value)


@pytest.mark.parametrize(
    ("value", "probability", "expected"),
    [
        (0.6, 0.6, True),
        (0.6, 0.599, False),
        ({"at_least": 0.6}, 0.9, True),
        ({"below": 0.3}, 0.3, False),
        ({"below": 0.3}, 0.299, True),
        ({"at_least": 0.2, "below": 0.3}, 0.1, False),
        ({"at_least": 0.2, "below": 0.3}, 0.2, True),
        (0, None, False),
        ({"below": 1}, None, False),
    ],
)
def test_problem_limits(value: object, probability: float | None, expected: bool) -> None:
    """The lower limit is in, the upper one out; what was not read satisfies neither."""
    given = evidence("x")
    given = replace(given, analysis=replace(given.analysis, problem=probability))
    assert holds(ProblemCondition(value), given) is expected


def test_problem_says_how_likely() -> None:
    """The clause gives the probability, with the heaviest words where the analysis names them; the
    description gives the limits.
    """
    given = evidence("x")
    why = ("the words score +0.10", 'probably a problem (72%): "never replied", outage')
    worded = replace(given, analysis=replace(given.analysis, problem=0.72, why=why))
    worded_clause = ProblemCondition(0.6).check(worded)
    assert worded_clause is not None
    assert worded_clause.description == 'is probably a problem (72%): "never replied", outage'
    clause = ProblemCondition(0.6).check(
        replace(given, analysis=replace(given.analysis, problem=0.72))
    )
    assert clause is not None
    assert clause.description == "is a problem with 72%"
    assert ProblemCondition(0.6).describe() == "is a problem with a probability of at least 0.6"


@pytest.mark.parametrize("value", [1.5, -0.1, True, "high", {}, {"at_least": 0.5, "below": 0.5}])
def test_problem_refuses_what_no_probability_can_be(value: object) -> None:
    """Limits are numbers from 0 to 1 that leave room between them."""
    with pytest.raises(ValueError, match=r"(?s)."):
        ProblemCondition(value)
