"""From verdicts in the store to a model that is used: learned, measured, switched off, and taken up
by what runs.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from monitor import bootstrap
from monitor.analysis.analyzer import Analyzer
from monitor.domain.actor import Actor
from monitor.domain.verdict import ModelState, ModelTraining, Verdict, VerdictKind
from monitor.learning.training import (
    PROBLEM,
    STAGE,
    is_training_due,
    load_team_models,
    needed_human,
    newest_training,
    switch_off_learning,
    train_models,
)
from monitor.store import Store, open_store
from monitor.testing import make_feedback
from tests.integration.command import configure, run
from tests.integration.store_values import NOW

ANALYZER = Analyzer()
COUNT = 60
TOMORROW = NOW + timedelta(days=1)


def judged(store: Store, count: int = COUNT) -> None:
    """Feedback of which the team wants that about walnuts, which no shipped model could know, and
    nothing else.
    """
    items = []
    for number in range(count):
        topic = "walnut" if number % 2 else "hazel"
        body = f"I have a word on the {topic} of order {'x' * (1 + number // 2)} from your shop"
        feedback = make_feedback(body, external_id=str(number), created_at=NOW)
        items.append((feedback, ANALYZER.analyze_without_team(feedback)))
    with store.write() as tx:
        for feedback, _ in tx.feedback.add(items):
            value = "yes" if "walnut" in feedback.body else "no"
            tx.verdicts.add(
                feedback.id,
                VerdictKind.USEFUL,
                value,
                actor=Actor.slack("U1"),
                at=NOW - timedelta(seconds=feedback.id),
            )


@pytest.fixture
def store() -> Store:
    return open_store("sqlite://")


def test_what_the_team_wants_is_learned_and_used(store: Store) -> None:
    """The model is kept with its figures, and what it says takes the place of the shipped
    probability.
    """
    judged(store)
    kept = train_models(store, ANALYZER.analyze_without_team, NOW)[PROBLEM]
    assert kept == newest_training(store)
    assert kept.state is ModelState.ACTIVE
    assert (kept.figures["labels"], kept.figures["needed"]) == (COUNT, COUNT // 2)
    assert kept.figures["team"]["precision"] > kept.figures["shipped"]["precision"]
    analyzer = Analyzer()
    analyzer.team = load_team_models(store)
    wanted, other = (
        analyzer.analyze(make_feedback(f"about the {topic} of my order"))
        for topic in ("walnut", "hazel")
    )
    assert wanted.problem is not None
    assert other.problem is not None
    assert wanted.problem > other.problem
    assert f"by {COUNT} verdicts of your team" in wanted.why[-1]
    store.close()


def test_a_model_that_is_not_better_is_kept_and_not_used(store: Store) -> None:
    """Who agrees with the shipped model teaches nothing new, and the figures say why."""
    judged(store)
    with store.write() as tx:
        for feedback, _, _ in tx.verdicts.list_labelled():
            tx.verdicts.add(
                feedback.id,
                VerdictKind.USEFUL,
                "yes" if feedback.id % 3 else "no",
                actor=Actor.slack("U1"),
                at=NOW - timedelta(seconds=feedback.id),
            )
    assert (
        train_models(store, ANALYZER.analyze_without_team, NOW)[PROBLEM].state is ModelState.WORSE
    )
    assert load_team_models(store) is None
    store.close()


def test_too_few_verdicts_change_nothing(store: Store) -> None:
    """Neither a model nor a word of one is kept."""
    judged(store, 20)
    assert train_models(store, ANALYZER.analyze_without_team, NOW) == {}
    assert (newest_training(store), newest_training(store, STAGE)) == (None, None)
    store.close()


def test_too_few_of_one_kind_are_tried_once_a_day(store: Store) -> None:
    """Enough verdicts that all say the same teach nothing, and what runs does not try them every
    hour.
    """
    judged(store)
    with store.write() as tx:
        for feedback, _, _ in tx.verdicts.list_labelled():
            tx.verdicts.add(
                feedback.id,
                VerdictKind.USEFUL,
                "yes",
                actor=Actor.slack("U1"),
                at=NOW - timedelta(seconds=feedback.id),
            )
    assert is_training_due(store, NOW)
    assert train_models(store, ANALYZER.analyze_without_team, NOW) == {}
    kept = newest_training(store)
    assert kept is not None
    assert (kept.state, kept.model, load_team_models(store)) == (ModelState.FEW, "", None)
    assert not is_training_due(store, TOMORROW)
    store.close()


def test_training_is_due_once_a_day_with_new_verdicts(store: Store) -> None:
    """Not before there are enough, not twice for the same, not where a person has switched it
    off.
    """
    assert not is_training_due(store, NOW)
    judged(store)
    assert is_training_due(store, NOW)
    train_models(store, ANALYZER.analyze_without_team, NOW)
    assert not is_training_due(store, TOMORROW)
    with store.write() as tx:
        tx.verdicts.add(
            1, VerdictKind.USEFUL, "yes", actor=Actor.slack("U2"), at=NOW + timedelta(hours=1)
        )
    assert not is_training_due(store, NOW + timedelta(hours=2))
    assert is_training_due(store, TOMORROW)
    switch_off_learning(store, TOMORROW)
    assert load_team_models(store) is None
    assert not is_training_due(store, TOMORROW + timedelta(days=7))
    store.close()


@pytest.mark.parametrize("kind", [PROBLEM, STAGE])
def test_a_damaged_model_is_as_none(store: Store, kind: str) -> None:
    """The shipped model goes on; nothing that runs stops."""
    with store.write() as tx:
        tx.models.add(
            ModelTraining(at=NOW, kind=kind, state=ModelState.ACTIVE, model="{", figures={})
        )
    assert load_team_models(store) is None
    store.close()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([(VerdictKind.USEFUL, "yes")], True),
        ([(VerdictKind.USEFUL, "yes"), (VerdictKind.USEFUL, "no")], False),
        ([(VerdictKind.USEFUL, "no"), (VerdictKind.SENTIMENT, "negative")], False),
        ([(VerdictKind.SENTIMENT, "negative")], True),
        ([(VerdictKind.SENTIMENT, "mixed")], True),
        ([(VerdictKind.SENTIMENT, "neutral")], False),
        ([(VerdictKind.STAGE, "use")], None),
        ([], None),
    ],
)
def test_the_last_word_on_use_counts(
    given: list[tuple[VerdictKind, str]], expected: bool | None
) -> None:
    """A corrected tone counts where nobody said whether it was useful; a stage says nothing about
    that.
    """
    verdicts = [
        Verdict(feedback_id=1, kind=kind, value=value, actor=Actor.slack("U1"), at=NOW)
        for kind, value in given
    ]
    assert needed_human(verdicts) is expected


def test_the_commands_tell_train_and_switch_off(tmp_path: Path) -> None:
    """From too few verdicts to a model in use, and back, for people and for machines."""
    configure(tmp_path)
    url = f"sqlite:///{tmp_path}/repwatch.db"
    few = run(tmp_path, "model", "train")
    assert (few.code, few.stdout) == (1, "")
    assert "too few verdicts" in few.stderr
    opened = open_store(url)
    judged(opened)
    opened.close()

    trained = run(tmp_path, "model", "train", "--if-due")
    assert trained.code == 0
    assert "the team's model is used" in trained.stdout
    assert f"measured on {COUNT} verdicts" in trained.stdout
    found = json.loads(run(tmp_path, "model", "status", "--json").stdout)
    assert (found["state"], found["verdicts"], found["new"]) == ("active", COUNT, 0)
    assert "the shipped model is used" in run(tmp_path, "model", "off").stdout
    assert (
        f"{COUNT} feedback with a verdict of the team, 0 since the last"
        in run(tmp_path, "model", "status").stdout
    )


def test_a_timer_that_finds_too_little_has_not_failed(tmp_path: Path) -> None:
    """Verdicts that all say the same are no mistake of who runs it; by hand it is said."""
    opened = open_store(f"sqlite:///{configure(tmp_path)}/repwatch.db")
    judged(opened)
    with opened.write() as tx:
        for feedback, _, _ in tx.verdicts.list_labelled():
            tx.verdicts.add(
                feedback.id,
                VerdictKind.USEFUL,
                "yes",
                actor=Actor.slack("U1"),
                at=NOW - timedelta(seconds=feedback.id),
            )
    opened.close()
    timed = run(tmp_path, "model", "train", "--if-due")
    assert (timed.code, timed.stdout) == (0, "")
    assert "too few verdicts to learn from" in run(tmp_path, "model", "status").stdout
    assert run(tmp_path, "model", "train").code == 1


def test_to_switch_off_is_no_training(tmp_path: Path) -> None:
    """Verdicts that nothing was trained on stay new, and it is said that nothing ever was."""
    opened = open_store(f"sqlite:///{configure(tmp_path)}/repwatch.db")
    judged(opened)
    opened.close()
    assert run(tmp_path, "model", "off").code == 0
    assert (
        f"{COUNT} feedback with a verdict of the team, never trained\n"
        in run(tmp_path, "model", "status").stdout
    )
    found = json.loads(run(tmp_path, "model", "status", "--json").stdout)
    assert (found["state"], found["new"]) == ("off", COUNT)


def test_what_runs_trains_apart_and_takes_it_up(tmp_path: Path) -> None:
    """The running program has the new model without ever loading what training needs."""
    configure(tmp_path)
    program = bootstrap.build_app(
        bootstrap.load_checked_config(tmp_path / "config.toml", {}), Console(quiet=True)
    )
    try:
        before = "sklearn" in sys.modules
        judged(program.store)
        bootstrap.retrain_if_due(program)
        assert program.config.analyzer.team is not None
        assert program.config.analyzer.team.problem is not None
        assert ("sklearn" in sys.modules) == before
    finally:
        program.close()
