"""Learning from verdicts: scored as scikit-learn would, measured honestly, and used only when
better.
"""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from monitor.analysis.cross_validation import FOLDS, assign_folds
from monitor.analysis.learning import (
    ENOUGH,
    ENOUGH_OF_EACH,
    KNOWN_FROM,
    ModelQuality,
    ProblemExample,
    ProblemFigures,
    TeamProblemModel,
    analysis_measures,
    iter_terms,
    make_problem_example,
    train_problem_model,
)
from monitor.domain.feedback import Analysis, Rating, Signal, VaderScores
from monitor.errors import LearningError
from monitor.testing import make_feedback

NEEDED = (
    "the invoice was wrong",
    "nobody called about the invoice",
    "invoice again wrong",
    "wrong invoice number",
)
NOT = ("what a lovely day", "lovely colours in the shop", "the shop is lovely", "a day in the shop")
FILLER = "and of it on my our this that with".split()  # noqa: SIM905 - reads better


def examples(
    count: int, *, seed: int = 1, before: float | None = None, lies: float = 0.0
) -> list[ProblemExample]:
    """Different texts, every other one needed; `before` is the shipped score of all, else one that
    ranks by chance.
    """
    draw = random.Random(seed)
    made = []
    for number in range(count):
        needed = bool(number % 2)
        said = [*draw.choice(NEEDED if needed else NOT).split(), *draw.choices(FILLER, k=4)]
        draw.shuffle(said)
        score = draw.random() if before is None else before
        label = needed if draw.random() >= lies else not needed
        made.append(
            ProblemExample(
                f"{' '.join(said)} {'x' * (1 + number // 2)}", {"problem": score}, score, label
            )
        )
    return made


def test_it_learns_what_the_shipped_model_does_not_know() -> None:
    """From the least number of verdicts on, words that matter here are found, and the figures say
    so.
    """
    model, figures = train_problem_model(examples(ENOUGH, before=0.5))
    assert model is not None
    assert figures.is_better
    assert (figures.labels, figures.needed, model.labels) == (ENOUGH, ENOUGH // 2, ENOUGH)
    assert figures.team is not None
    assert figures.team.precision > 0.9
    high, words = model.score("nobody called about the wrong invoice number", {})
    assert high > 0.5 > model.score("a lovely shop", {})[0]
    assert "invoice" in words


def test_scores_are_those_of_the_trained_model() -> None:
    """Without scikit-learn a text scores as with it; only the bias is moved, for all texts
    alike.
    """
    items = examples(120, lies=0.1)
    model, _ = train_problem_model(items)
    assert model is not None
    vectorizer = TfidfVectorizer(
        analyzer=iter_terms, sublinear_tf=True, min_df=KNOWN_FROM, max_features=5000
    )
    rows = vectorizer.fit_transform([item.words for item in items]).toarray()
    columns = [[*row, item.measures["problem"]] for row, item in zip(rows, items, strict=True)]
    learner = LogisticRegression(C=2.0, class_weight="balanced", max_iter=1000, solver="newton-cg")
    learner.fit(columns, [item.needed for item in items])
    moved = [
        model.log_odds(item.words, item.measures) - odds
        for item, odds in zip(items, learner.decision_function(columns), strict=True)
    ]
    assert max(moved) - min(moved) < 1e-3


@pytest.mark.parametrize(
    "items",
    [
        examples(ENOUGH - 1),
        [replace(item, needed=at < ENOUGH_OF_EACH - 1) for at, item in enumerate(examples(200))],
        [replace(item, needed=True) for item in examples(200)],
        [replace(item, words="same") if item.needed else item for item in examples(200)],
        [],
    ],
    ids=["few", "few that needed a human", "none that did not", "always the same words", "none"],
)
def test_too_few_labels_teach_nothing(items: list[ProblemExample]) -> None:
    """Neither too few verdicts, nor too few different texts of one kind, make a model."""
    model, figures = train_problem_model(items)
    assert model is None
    assert figures == ProblemFigures(len(items), sum(item.needed for item in items))
    assert not figures.is_better


def test_a_model_that_is_not_better_is_not_used() -> None:
    """Verdicts by chance teach nothing, and a shipped model that is always right cannot be
    beaten.
    """
    draw = random.Random(5)
    _, by_chance = train_problem_model(
        [replace(item, needed=draw.random() < 0.5) for item in examples(120, before=0.5)]
    )
    _, beaten = train_problem_model(
        [replace(item, before=0.9 if item.needed else 0.1) for item in examples(100)]
    )
    assert not by_chance.is_better
    assert not beaten.is_better


def test_the_same_words_are_not_learned_and_asked() -> None:
    """A text that came fifty times is in one fold: what is measured is not memory."""
    copies = [
        replace(item, words=f"copy {'x' * (1 + at % 20)}")
        for at, item in enumerate(examples(200, before=0.5))
    ]
    draw = random.Random(3)
    labels = {item.words: draw.random() < 0.5 for item in copies}
    _, figures = train_problem_model([replace(item, needed=labels[item.words]) for item in copies])
    assert figures.team is not None
    assert figures.team.auc < 0.8


def test_training_again_gives_the_same() -> None:
    """No chance is in it: the same verdicts give the same model and the same figures."""
    assert train_problem_model(examples(60)) == train_problem_model(examples(60))


def test_the_working_threshold_stays() -> None:
    """At 0.5 the team's model finds about as much as the shipped one did there, within limits."""
    items = [
        replace(item, before=0.9 if at % 10 < 7 else 0.1)
        for at, item in enumerate(examples(300, lies=0.2))
    ]
    model, _ = train_problem_model(items)
    assert model is not None
    found = [model.score(item.words, item.measures)[0] >= 0.5 for item in items if item.needed]
    assert 0.6 < sum(found) / len(found) <= 1


def test_nobodys_own_words_are_kept() -> None:
    """What fewer than three texts hold, numbers, handles and addresses are in no model."""
    items = [
        replace(item, words=f"{item.words} secret{at} @ bob 0170 plan9")
        for at, item in enumerate(examples(60))
    ]
    items[0] = replace(items[0], words=f"{items[0].words} unspeakable")
    model, _ = train_problem_model(items)
    assert model is not None
    assert "invoice" in model.terms
    assert not [term for term in model.terms if any(one.isdigit() for one in term) or "@" in term]
    assert "unspeakable" not in model.to_json()


def test_terms_are_words_and_pairs_without_what_stands_between() -> None:
    """A pair does not reach over a number or a sign."""
    assert list(iter_terms("don't pay 12 times now")) == [
        "don't",
        "pay",
        "don't pay",
        "times",
        "now",
        "times now",
    ]
    assert list(iter_terms("")) == []


def test_a_model_comes_back_from_its_json() -> None:
    """To the last digit, and it is plain JSON."""
    model, _ = train_problem_model(examples(ENOUGH))
    assert model is not None
    assert TeamProblemModel.from_json(model.to_json()) == model
    assert set(json.loads(model.to_json())) == {"bias", "labels", "measures", "terms"}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", '{"bias":"x"}', '{"bias":1,"terms":[],"measures":{},"labels":1}'],
)
def test_a_damaged_model_is_refused(text: str) -> None:
    """In one line that says what to do."""
    with pytest.raises(LearningError, match="repwatch model train"):
        TeamProblemModel.from_json(text)


ANALYSIS = Analysis(
    text="Invoice wrong!",
    words="invoice wrong",
    vader=VaderScores(-0.4, 0.5, 0.5, 0.0),
    problem=0.4,
    signals=(Signal("billing", ("wrong",)),),
    why=("before",),
)
MODEL = TeamProblemModel(
    bias=0.0,
    terms={"invoice": (1.0, 2.0), "wrong": (1.0, 0.5)},
    measures={"signal billing": 1.0},
    labels=70,
)


def test_the_teams_probability_takes_the_place_of_the_shipped_one() -> None:
    """With a line that says so, both numbers, and the words that spoke for it."""
    found = MODEL.apply_to_analysis(make_feedback("Invoice wrong!"), ANALYSIS)
    odds = 2.5 / math.sqrt(2) + 1
    assert found.problem == round(1 / (1 + math.exp(-odds)), 3)
    assert found.why == (
        "before",
        'by 70 verdicts of your team 94%, instead of 40%: "invoice", "wrong"',
    )
    assert replace(found, problem=0.4, why=("before",)) == ANALYSIS


@pytest.mark.parametrize(
    "analysis", [replace(ANALYSIS, unscored="language: de"), replace(ANALYSIS, problem=None)]
)
def test_what_cannot_be_read_stays_as_it_is(analysis: Analysis) -> None:
    """Neither other languages nor an analysis without a shipped probability are scored."""
    assert MODEL.apply_to_analysis(make_feedback(), analysis) is analysis


def test_measures_are_named_and_small() -> None:
    """All that is looked at beside the words, each within about -1 to 1."""
    rated = replace(make_feedback(), rating=Rating(1))
    found = analysis_measures(rated, ANALYSIS)
    assert set(found) == {
        "problem",
        "compound",
        "neg",
        "pos",
        "balance",
        "rated",
        "stars",
        "signal billing",
    }
    assert all(abs(value) <= 2 for value in found.values())
    assert analysis_measures(make_feedback(), Analysis(text="", words="")) == {}
    assert make_problem_example(rated, ANALYSIS, needed=True) == ProblemExample(
        "invoice wrong", found, 0.4, True
    )


@pytest.mark.parametrize(
    ("team", "shipped", "better"),
    [
        (ModelQuality(0.8, 0.6, 0.8), ModelQuality(0.7, 0.6, 0.7), True),
        (ModelQuality(0.7, 0.6, 0.8), ModelQuality(0.7, 0.6, 0.7), False),
        (ModelQuality(0.8, 0.4, 0.8), ModelQuality(0.7, 0.6, 0.7), False),
        (ModelQuality(0.8, 0.6, 0.6), ModelQuality(0.7, 0.6, 0.7), False),
    ],
)
def test_better_is_more_precise_at_the_same_recall(
    team: ModelQuality, shipped: ModelQuality, better: bool
) -> None:
    """And the ranking must not be worse."""
    assert ProblemFigures(50, 25, team, shipped, aim=0.6).is_better is better


def test_what_one_act_was_about_stays_together() -> None:
    """Neither the same words nor what one click was about is both learned from and measured on,
    also in a chain.
    """
    words = ["same", "same", "one", "two", "three", "", "", "alone"]
    acts = ["", "a", "a", "b", "b", "b", "", "c"]
    folds = assign_folds(words, [True, False] * 4, acts)
    assert len({folds[0], folds[1], folds[2]}) == 1
    assert len({folds[3], folds[4], folds[5]}) == 1
    spread = assign_folds([f"text {number}" for number in range(50)], [True, False] * 25, [""] * 50)
    assert [spread.count(fold) for fold in range(FOLDS)] == [10] * FOLDS


def test_one_click_about_many_teaches_less_than_many_clicks() -> None:
    """Like texts of one alert do not vouch for each other: two acts teach nothing, however much
    each was about.
    """
    made = examples(80, before=0.5)
    assert train_problem_model([replace(item, act=f"U1 {item.needed}") for item in made])[0] is None
    assert train_problem_model([replace(item, act=f"U1 {at}") for at, item in enumerate(made)])[
        1
    ].is_better
