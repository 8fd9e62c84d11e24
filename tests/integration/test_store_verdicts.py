"""Verdicts of the team, and the models that learn from them: kept once for a person, gone with
their feedback.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.actor import Actor
from monitor.domain.verdict import ModelState, ModelTraining, VerdictKind
from monitor.errors import StoreError
from monitor.store import Store
from monitor.store.verdicts import KEEP_MODELS
from tests.integration.store_values import NOW, item, stored

USEFUL, SENTIMENT, STAGE = VerdictKind.USEFUL, VerdictKind.SENTIMENT, VerdictKind.STAGE
LATER = NOW + timedelta(hours=1)


def model(
    number: int = 0, state: ModelState = ModelState.ACTIVE, kind: str = "problem"
) -> ModelTraining:
    return ModelTraining(
        at=NOW + timedelta(days=number),
        kind=kind,
        state=state,
        model=f'{{"n":{number}}}',
        figures={"labels": number},
    )


def test_the_last_word_of_each_person_counts(store: Store) -> None:
    """A person who judges again takes the earlier verdict back; others and other kinds of verdict
    stand beside it.
    """
    ((feedback, _),) = stored(store, item())
    with store.write() as tx:
        kept = [
            tx.verdicts.add(feedback.id, USEFUL, "no", actor=Actor.slack("U1"), at=NOW),
            tx.verdicts.add(feedback.id, USEFUL, "no", actor=Actor.slack("U2"), at=NOW),
            tx.verdicts.add(feedback.id, SENTIMENT, "mixed", actor=Actor.slack("U1"), at=NOW),
            tx.verdicts.add(feedback.id, STAGE, "post-purchase", actor=Actor.slack("U1"), at=NOW),
            tx.verdicts.add(feedback.id, USEFUL, "yes", actor=Actor.slack("U1"), at=LATER),
        ]
    with store.read() as tx:
        found = tx.verdicts.list_for_feedback(feedback.id)

    assert kept == [True] * 5
    assert [(one.actor, one.kind, one.value, one.at) for one in found] == [
        (Actor.slack("U2"), USEFUL, "no", NOW),
        (Actor.slack("U1"), SENTIMENT, "mixed", NOW),
        (Actor.slack("U1"), STAGE, "post-purchase", NOW),
        (Actor.slack("U1"), USEFUL, "yes", LATER),
    ]


@pytest.mark.parametrize(
    ("kind", "value"), [(USEFUL, "maybe"), (SENTIMENT, "yes"), (STAGE, "checkout")]
)
def test_a_value_that_means_nothing_is_refused(store: Store, kind: VerdictKind, value: str) -> None:
    """What nobody could learn from is not kept, and the line says what is allowed."""
    ((feedback, _),) = stored(store, item())
    with (
        pytest.raises(StoreError, match=f"{value!r} is no verdict on {kind}; allowed: "),
        store.write() as tx,
    ):
        tx.verdicts.add(feedback.id, kind, value, actor=Actor.slack("U1"), at=NOW)


def test_verdicts_go_with_their_feedback(store: Store) -> None:
    """What is deleted upstream leaves no verdict, and none can be given on it afterwards."""
    ((feedback, _),) = stored(store, item())
    with store.write() as tx:
        tx.verdicts.add(feedback.id, USEFUL, "yes", actor=Actor.slack("U1"), at=NOW)
        tx.feedback.purge([feedback.key], NOW)
        again = tx.verdicts.add(feedback.id, USEFUL, "yes", actor=Actor.slack("U1"), at=NOW)
    with store.read() as tx:
        left = (
            tx.verdicts.list_for_feedback(feedback.id),
            tx.verdicts.count_feedback(),
            tx.verdicts.list_labelled(),
        )

    assert (again, left) == (False, ((), 0, []))


def test_what_was_judged_comes_with_its_verdicts(store: Store) -> None:
    """Learning gets every judged feedback with what was read out of it, and counts those judged
    since a time.
    """
    first, _, third = stored(store, item("1"), item("2"), item("3", "It works"))
    with store.write() as tx:
        for number, at in ((third[0].id, LATER), (first[0].id, NOW)):
            tx.verdicts.add(number, USEFUL, "yes", actor=Actor.slack("U1"), at=at)
            tx.verdicts.add(number, USEFUL, "no", actor=Actor.slack("U2"), at=at)
    with store.read() as tx:
        labelled = tx.verdicts.list_labelled()
        counts = (
            tx.verdicts.count_feedback(),
            tx.verdicts.count_feedback(since=NOW),
            tx.verdicts.count_feedback(since=LATER),
        )
        by_kind = [tx.verdicts.count_feedback(kinds) for kinds in ((USEFUL, STAGE), (STAGE,), ())]

    assert [(feedback.id, analysis.text) for feedback, analysis, _ in labelled] == [
        (first[0].id, "It crashes"),
        (third[0].id, "It works"),
    ]
    assert [[one.value for one in given] for _, _, given in labelled] == [["yes", "no"]] * 2
    assert counts == (2, 1, 0)
    assert by_kind == [2, 0, 0]


def test_the_newest_training_counts(store: Store) -> None:
    """Each kind has its own history, a switch is part of it, and it comes back as it was given."""
    with store.write() as tx:
        before = tx.models.find_newest("problem")
        for one in (model(1), model(2), model(3, ModelState.OFF), model(9, kind="stage")):
            tx.models.add(one)
        newest = tx.models.find_newest("problem")

    assert (before, newest) == (None, model(3, ModelState.OFF))


def test_of_older_trainings_only_the_figures_stay(store: Store) -> None:
    """The words of a model that is not used any more are nowhere; other kinds are not touched."""
    with store.write() as tx:
        tx.models.add(model(1, kind="stage"))
        tx.models.add(model(1))
        tx.models.add(model(2, ModelState.OFF))
        trained, other = (
            tx.models.find_newest("problem", trained=True),
            tx.models.find_newest("stage"),
        )

    assert (trained, other) == (replace(model(1), model=""), model(1, kind="stage"))


def test_old_trainings_go(store: Store) -> None:
    """A model that is trained every day does not fill the database; other kinds are not touched."""
    with store.write() as tx:
        tx.models.add(model(kind="stage"))
        for number in range(KEEP_MODELS + 5):
            tx.models.add(model(number))
        newest, other = tx.models.find_newest("problem"), tx.models.find_newest("stage")

    assert (newest, other) == (model(KEEP_MODELS + 4), model(kind="stage"))
