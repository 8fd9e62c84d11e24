"""From corrected stages in the store to a model that is used, beside the other one, on both
databases.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.domain.actor import Actor
from monitor.domain.feedback import Analysis
from monitor.domain.verdict import ModelState, Verdict, VerdictKind
from monitor.learning.training import (
    STAGE,
    corrected_stage,
    is_training_due,
    load_team_models,
    newest_training,
    switch_off_learning,
    train_models,
    uncorrected_stage,
)
from monitor.store import Store, open_store
from monitor.testing import make_feedback
from tests.integration.command import configure, run
from tests.integration.store_values import NOW

ANALYZER = Analyzer()
COUNT = 60
STOOD = 12
TOMORROW = NOW + timedelta(days=1)


def judged(store: Store) -> None:
    """Feedback that the patterns cannot place, with the stages that a team of nut sellers gives it,
    and some of use.
    """
    items = []
    for number in range(COUNT + STOOD):
        topic = "walnut" if number % 2 else "hazel"
        body = f"I have a word on the {topic} of number {'x' * (1 + number // 2)} to you"
        if number >= COUNT:
            body = f"The app crashes {'x' * number}"
        feedback = make_feedback(body, external_id=str(number), created_at=NOW)
        items.append((feedback, ANALYZER.analyze_without_team(feedback)))
    with store.write() as tx:
        for feedback, analysis in tx.feedback.add(items):
            if analysis.stage == "use":
                tx.verdicts.add(
                    feedback.id,
                    VerdictKind.USEFUL,
                    "yes",
                    actor=Actor.slack("U1"),
                    at=NOW - timedelta(seconds=feedback.id),
                )
                continue
            stage = "engagement" if "walnut" in feedback.body else "post-purchase"
            tx.verdicts.add(
                feedback.id,
                VerdictKind.STAGE,
                stage,
                actor=Actor.slack("U1"),
                at=NOW - timedelta(seconds=feedback.id),
            )


def test_stages_are_learned_and_used(store: Store) -> None:
    """The model is kept with its figures, its stage is shown with its reason, and other feedback
    stays as it was.
    """
    judged(store)
    kept = train_models(store, ANALYZER.analyze_without_team, NOW)
    assert set(kept) == {STAGE}
    assert kept[STAGE] == newest_training(store, STAGE)
    assert kept[STAGE].state is ModelState.ACTIVE
    figures = kept[STAGE].figures
    assert (figures["corrections"], figures["left"], figures["shipped"]) == (COUNT, STOOD, STOOD)
    assert newest_training(store) is None
    analyzer = Analyzer()
    analyzer.team = load_team_models(store)
    wanted = analyzer.analyze(make_feedback("I have a word on the walnut to you"))
    assert wanted.stage == "engagement"
    assert (
        f"({COUNT} corrections; right {figures['right']} of {COUNT + STOOD} where" in wanted.why[-1]
    )
    assert analyzer.analyze(make_feedback("The app crashes")).stage == "use"


def test_training_is_due_with_other_corrections(store: Store) -> None:
    """New ones, or fewer than before because their customers are forgotten: then their words go
    from the model.
    """
    judged(store)
    assert is_training_due(store, NOW)
    train_models(store, ANALYZER.analyze_without_team, NOW)
    assert not is_training_due(store, TOMORROW)
    with store.write() as tx:
        gone = [item for item, _, _ in tx.verdicts.list_labelled() if "walnut" in item.body]
        tx.feedback.purge([item.key for item in gone], NOW)
    assert not is_training_due(store, NOW + timedelta(hours=1))
    assert is_training_due(store, TOMORROW)
    assert train_models(store, ANALYZER.analyze_without_team, TOMORROW) == {}
    kept = newest_training(store, STAGE)
    assert kept is not None
    assert (kept.state, kept.model, load_team_models(store)) == (ModelState.FEW, "", None)
    assert not is_training_due(store, TOMORROW + timedelta(days=7))


def test_learning_that_is_off_is_off_for_both(store: Store) -> None:
    """Nothing is trained, however many new corrections there are, until somebody does so by
    hand.
    """
    judged(store)
    switch_off_learning(store, NOW)
    assert not is_training_due(store, TOMORROW)
    assert load_team_models(store) is None
    train_models(store, ANALYZER.analyze_without_team, TOMORROW)
    assert load_team_models(store) is not None


@pytest.mark.parametrize(
    ("shown", "read", "expected"),
    [
        ("use", "use", "use"),
        ("support", "use", None),
        ("unsure", "unsure", "unsure"),
        (None, "use", None),
    ],
)
def test_what_people_let_stand_is_what_they_saw(
    shown: str | None, read: str, expected: str | None
) -> None:
    """Unsure too, but not what a team's model had read: it would come to believe itself."""
    analyses = [Analysis(text="", words="", stage=stage) for stage in (shown, read)]
    assert uncorrected_stage(*analyses) == expected


def test_the_last_corrected_stage_counts() -> None:
    """Whoever gave it; a corrected tone is none."""
    given = [
        (VerdictKind.STAGE, "use"),
        (VerdictKind.STAGE, "support"),
        (VerdictKind.SENTIMENT, "mixed"),
    ]
    verdicts = [
        Verdict(feedback_id=1, kind=kind, value=value, actor=Actor.slack("U1"), at=NOW)
        for kind, value in given
    ]
    assert corrected_stage(verdicts) == "support"
    assert corrected_stage(verdicts[2:]) is None


def test_the_commands_show_stages_beside_the_other_model(tmp_path: Path) -> None:
    """Trained, told for people and for machines, and switched off."""
    opened = open_store(f"sqlite:///{configure(tmp_path)}/repwatch.db")
    judged(opened)
    opened.close()
    before = run(tmp_path, "model", "status").stdout
    assert f"{COUNT} feedback with a stage that the team corrected, never trained\n" in before
    trained = run(tmp_path, "model", "train")
    assert (trained.code, trained.stdout.count("used: ")) == (0, 1)
    assert "stages as the team corrected them are used: they were better" in trained.stdout
    assert (
        f"measured on {COUNT} corrected stages and {STOOD} that the team let stand:"
        in trained.stdout
    )
    found = json.loads(run(tmp_path, "model", "status", "--json").stdout)
    assert (found["state"], found["verdicts"], found["new"]) == (None, COUNT + STOOD, COUNT + STOOD)
    stages = found["stage"]
    assert (stages["state"], stages["corrections"], stages["new"]) == ("active", COUNT, 0)
    assert stages["figures"]["right"] > stages["figures"]["shipped"] == STOOD
    run(tmp_path, "model", "off")
    off = json.loads(run(tmp_path, "model", "status", "--json").stdout)
    assert (off["state"], off["stage"]["state"]) == ("off", "off")


def test_silence_of_those_who_never_correct_a_stage_says_nothing(store: Store) -> None:
    """Only who corrects stages lets one stand; whoever else handled it may not have looked."""
    judged(store)
    with store.write() as tx:
        for feedback, _, verdicts in tx.verdicts.list_labelled():
            if verdicts[0].kind is VerdictKind.STAGE:
                tx.verdicts.add(
                    feedback.id,
                    VerdictKind.USEFUL,
                    "yes",
                    actor=Actor.slack("U1"),
                    at=NOW - timedelta(seconds=feedback.id),
                )
            else:
                tx.verdicts.add(
                    feedback.id,
                    VerdictKind.USEFUL,
                    "yes",
                    actor=Actor.slack("U2"),
                    at=NOW - timedelta(seconds=feedback.id),
                )
        others = [
            make_feedback(f"The app crashes {'y' * at}", external_id=f"u{at}", created_at=NOW)
            for at in range(9)
        ]
        for feedback, _ in tx.feedback.add(
            [(item, ANALYZER.analyze_without_team(item)) for item in others]
        ):
            tx.verdicts.add(
                feedback.id,
                VerdictKind.USEFUL,
                "yes",
                actor=Actor.slack("U2"),
                at=NOW - timedelta(seconds=feedback.id),
            )
    assert train_models(store, ANALYZER.analyze_without_team, NOW)[STAGE].figures["left"] == STOOD
