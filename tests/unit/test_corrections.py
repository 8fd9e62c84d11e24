"""Stages that the team corrected: learned beside what people let stand, measured, and answered only
where sure.
"""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from monitor.analysis.corrections import (
    ENOUGH,
    ENOUGH_OF_EACH,
    StageExample,
    StageFigures,
    StageModel,
    make_stage_example,
    stage_measures,
    train_stage_model,
)
from monitor.analysis.learning import KNOWN_FROM, TeamProblemModel, iter_terms
from monitor.analysis.taught import ActiveTeamModels
from monitor.domain.feedback import Analysis
from monitor.errors import LearningError
from monitor.testing import make_feedback

SAID = {
    "support": ("my ticket waits", "the ticket is old", "another ticket number"),
    "post-purchase": ("the parcel is wet", "a parcel came late", "parcel in the rain"),
    "use": ("the buttons are small", "small buttons on top", "buttons of the menu"),
}
FILLER = "and of it on my our this that with".split()  # noqa: SIM905 - reads better


def examples(
    count: int,
    *,
    stages: tuple[str, ...] = ("support", "post-purchase"),
    left: int = 0,
    seed: int = 1,
) -> list[StageExample]:
    """So many corrections of different texts that were read as use, and others that were rightly
    read so.
    """
    draw = random.Random(seed)
    made = []
    for number in range(count + left):
        stage = stages[number % len(stages)] if number < count else "use"
        said = [*draw.choice(SAID[stage]).split(), *draw.choices(FILLER, k=4)]
        draw.shuffle(said)
        words = f"{' '.join(said)} {'x' * (1 + number)}"
        made.append(StageExample(words, {"stage use": 1.0}, "use", stage, corrected=number < count))
    return made


def test_it_learns_where_feedback_belongs_here() -> None:
    """From the least number of corrections on, what they teach is told apart and what was right
    stays right.
    """
    model, figures = train_stage_model(examples(ENOUGH, left=20))
    assert model is not None
    assert figures.is_better
    assert (figures.corrections, figures.left, figures.shipped) == (ENOUGH, 20, 20)
    assert figures.stages == ("post-purchase", "support", "use")
    assert figures.right > 60
    assert model.measured == (figures.right, 20, ENOUGH + 20)
    stage, margin, words = model.predict_stage("where is my ticket", {"stage use": 1.0})
    assert (stage, words[0]) == ("support", "ticket")
    assert margin >= model.margin
    assert model.predict_stage("buttons", {"stage use": 1.0})[0] == "use"


@pytest.mark.parametrize("left", [0, 30], ids=["two stages", "three stages"])
def test_answers_are_those_of_the_trained_model(left: int) -> None:
    """Without scikit-learn each text has the stage and the margin that it has with it."""
    items = examples(60, left=left)
    model, _ = train_stage_model(items)
    assert model is not None
    vectorizer = TfidfVectorizer(
        analyzer=iter_terms, sublinear_tf=True, min_df=KNOWN_FROM, max_features=5000
    )
    rows = vectorizer.fit_transform([item.words for item in items]).toarray()
    columns = [[*row, item.measures["stage use"]] for row, item in zip(rows, items, strict=True)]
    learner = LogisticRegression(C=2.0, class_weight="balanced", max_iter=1000, solver="newton-cg")
    learner.fit(columns, [item.stage for item in items])
    for item, shares in zip(items, learner.predict_proba(columns).tolist(), strict=True):
        second, best = sorted(shares)[-2:]
        stage, margin, _ = model.predict_stage(item.words, item.measures)
        assert stage == learner.classes_[shares.index(best)]
        assert margin == pytest.approx(best - second, abs=1e-4)


@pytest.mark.parametrize(
    "items",
    [
        examples(ENOUGH - 1, left=100),
        examples(0, left=200),
        examples(100, stages=("support",)),
        [replace(item, words="same") for item in examples(100)],
        [],
    ],
    ids=["few", "only what stood", "one stage", "always the same words", "none"],
)
def test_too_few_corrections_teach_nothing(items: list[StageExample]) -> None:
    """Neither too few of them, nor too few different texts of more than one stage, make a model."""
    model, figures = train_stage_model(items)
    corrections = sum(item.corrected for item in items)
    assert model is None
    assert figures == StageFigures(corrections, len(items) - corrections)
    assert not figures.is_better


def test_what_people_let_stand_counts_for_the_patterns() -> None:
    """Corrections that contradict what others of the same words were left at are no reason to
    change these.
    """
    items = examples(100, stages=("support",), left=300)
    alike = [
        replace(item, words=f"the same again {'x' * (1 + at)}") for at, item in enumerate(items)
    ]
    model, figures = train_stage_model(alike)
    assert model is not None
    assert figures.shipped == 300
    assert not figures.is_better


def test_one_thing_that_is_corrected_does_not_place_everything() -> None:
    """What nobody placed, and people left so, stays without a stage where it says something
    else.
    """
    corrected = [replace(item, before="unsure") for item in examples(60, stages=("support",))]
    stood = [
        replace(item, before="unsure", stage="unsure") for item in examples(0, left=200, seed=4)
    ]
    model, figures = train_stage_model([*corrected, *stood])
    assert model is not None
    assert figures.is_better
    unplaced = replace(ANALYSIS, stage="unsure", why=())
    assert (
        model.apply_to_analysis(
            make_feedback(), replace(unplaced, words="where is my ticket")
        ).stage
        == "support"
    )
    assert (
        model.apply_to_analysis(make_feedback(), replace(unplaced, words="the small buttons")).stage
        == "unsure"
    )


def test_corrections_by_chance_are_not_used() -> None:
    """What has nothing to do with the words was not right on what it had not seen."""
    draw = random.Random(5)
    _, figures = train_stage_model(
        [replace(item, stage=draw.choice(list(SAID))) for item in examples(150)]
    )
    assert not figures.is_better


def test_a_stage_that_was_seen_too_rarely_is_no_answer() -> None:
    """Its texts teach what the others are not, and keep what the patterns read."""
    rare = [
        replace(item, stage="research", words=f"walnut walnut {item.words}")
        for item in examples(ENOUGH_OF_EACH - 1, seed=9)
    ]
    model, figures = train_stage_model([*examples(60), *rare])
    assert model is not None
    assert "research" not in figures.stages
    analysis = Analysis(text="walnut", words="walnut walnut", stage="use")
    assert model.apply_to_analysis(make_feedback("walnut"), analysis).stage != "research"


def test_one_text_of_another_stage_is_enough_to_go_on() -> None:
    """Also in the measurement that keeps it aside."""
    one = replace(examples(1)[0], stage="research")
    model, figures = train_stage_model([*examples(60, stages=("support",)), one])
    assert model is not None
    assert figures.stages == ("support",)
    assert figures.right > 30


def test_training_again_gives_the_same() -> None:
    """No chance is in it: the same corrections give the same model and the same figures."""
    assert train_stage_model(examples(60, left=20)) == train_stage_model(examples(60, left=20))


@pytest.mark.parametrize(
    ("changed", "right", "better"),
    [
        (20, 18, True),
        (20, 15, True),
        (20, 14, False),
        (7, 6, False),
        (8, 7, True),
        (2_000, 1_038, True),
        (2_000, 1_037, False),
        (4, 4, False),
        (5, 5, True),
        (8, 6, False),
        (0, 0, False),
    ],
)
def test_better_is_more_than_luck(changed: int, right: int, better: bool) -> None:
    """Few changes must nearly all be right; of many, clearly more than half."""
    assert StageFigures(60, 20, changed=changed, changed_right=right).is_better is better


MODEL = StageModel(
    stages=("", "support", "use"),
    biases=(0.0, 0.0, 0.0),
    terms={
        "ticket": (1.0, (0.0, 3.0, 0.0)),
        "walnut": (1.0, (3.0, 0.0, 0.0)),
        "old": (1.0, (0.0, 0.2, 0.1)),
    },
    measures={"stage use": (0.0, 0.0, 0.5)},
    margin=0.5,
    corrections=61,
    measured=(70, 20, 81),
)
ANALYSIS = Analysis(
    text="Ticket",
    words="my ticket",
    stage="use",
    touchpoint="product",
    why=("before", 'stage use: "app"', "after"),
)


def test_the_teams_stage_takes_the_place_of_the_shipped_one() -> None:
    """With a line that says so in place of the shipped one's, how good it was, and the words that
    spoke for it.
    """
    line = (
        'stage support from what your team corrected, instead of use: "ticket" '
        "(61 corrections; right 70 of 81 where the shipped reading was right 20)"
    )
    expected = replace(ANALYSIS, stage="support", why=("before", "after", line))
    assert MODEL.apply_to_analysis(make_feedback("Ticket"), ANALYSIS) == expected
    margin = (math.exp(3) - math.exp(0.5)) / (math.exp(3) + math.exp(0.5) + 1)
    stage, found, words = MODEL.predict_stage("my ticket", {"stage use": 1.0})
    assert (stage, words) == ("support", ("ticket",))
    assert found == pytest.approx(margin)


@pytest.mark.parametrize(
    "analysis",
    [
        replace(ANALYSIS, unscored="language: de"),
        replace(ANALYSIS, stage=None),
        replace(ANALYSIS, stage="support"),
        replace(ANALYSIS, words="my walnut"),
        replace(ANALYSIS, words="old"),
        replace(ANALYSIS, words="", stage="unsure"),
    ],
    ids=["not read", "not looked for", "the same", "too rare", "not sure", "nothing said"],
)
def test_otherwise_the_patterns_have_the_say(analysis: Analysis) -> None:
    """Where it cannot read, agrees, or is not sure by the margin, all stays as it is; unsure is an
    answer too.
    """
    assert MODEL.apply_to_analysis(make_feedback(), analysis) is analysis


def test_both_models_are_laid_over_what_was_read() -> None:
    """Each as if it were alone: what one changes, the other does not learn of."""
    problem = TeamProblemModel(
        bias=0.0, terms={}, measures={"stage support": 9.0, "compound": 1.0}, labels=70
    )
    read = replace(ANALYSIS, problem=0.4)
    found = ActiveTeamModels(problem, MODEL).apply_to_analysis(make_feedback(), read)
    assert (found.stage, found.problem) == ("support", 0.5)
    assert ActiveTeamModels(problem).apply_to_analysis(make_feedback(), read).stage == "use"
    assert ActiveTeamModels(None, MODEL).apply_to_analysis(make_feedback(), read).problem == 0.4


def test_what_is_learned_from_is_what_is_looked_at() -> None:
    """The words, the measures beside them, and what the patterns read."""
    found = make_stage_example(make_feedback(), ANALYSIS, "support", corrected=True)
    assert found == StageExample("my ticket", {"stage use": 1.0}, "use", "support", True)
    assert stage_measures(make_feedback(), ANALYSIS) == found.measures


def test_a_model_comes_back_from_its_json() -> None:
    """To the last digit, and it is plain JSON without a word of only one or two customers."""
    items = examples(60, left=20)
    items[0] = replace(items[0], words=f"{items[0].words} unspeakable")
    model, _ = train_stage_model(items)
    assert model is not None
    assert StageModel.from_json(model.to_json()) == model
    assert "unspeakable" not in model.to_json()
    assert isinstance(json.loads(model.to_json()), dict)


@pytest.mark.parametrize(
    "change",
    [
        {"stages": ["use"]},
        {"biases": [0, 0]},
        {"terms": {"ticket": [1, [0]]}},
        {"margin": None},
        {"measured": [1, 2]},
    ],
)
def test_a_damaged_model_is_refused(change: dict[str, object]) -> None:
    """In one line that says what to do; a document that is none, too."""
    with pytest.raises(LearningError, match="repwatch model train"):
        StageModel.from_json(json.dumps({**json.loads(MODEL.to_json()), **change}))
    for text in ("", "[]", "{}", "null"):
        with pytest.raises(LearningError, match="repwatch model train"):
            StageModel.from_json(text)
