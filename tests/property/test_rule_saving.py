"""Two managers change rules in any order, and nobody's change is overwritten unseen."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.store import Store
from monitor.testing import memory_store
from monitor.tuning.saving import (
    Authorship,
    SaveConflict,
    SavedRule,
    SaveOutcome,
    delete_rule,
    discard_candidate,
    promote_rule,
    revert_rule,
    save_rule,
)
from tests.integration.rule_values import ANNA, BERT, BILLING, NOW, PRESETS, history_of, recorded

MANAGERS = (ANNA, BERT)
#: Who does what, with which limit or number.
STEPS = st.tuples(
    st.sampled_from(MANAGERS),
    st.sampled_from(
        ("look", "save", "save", "save live", "promote", "discard", "revert", "delete")
    ),
    st.integers(1, 5),
)


@settings(max_examples=settings().max_examples // 3 if settings().max_examples > 100 else 100)
@given(st.lists(STEPS, min_size=4, max_size=14))
def test_nothing_is_overwritten_that_its_author_did_not_see(
    steps: list[tuple[object, str, int]],
) -> None:
    """Every change that is kept follows the one its author saw; a refused one leaves no trace."""
    store = memory_store()
    recorded(store)
    seen = dict.fromkeys(MANAGERS, 1)
    for who, what, value in steps:
        manager = ANNA if who == ANNA else BERT
        before = history_of(store)
        if what == "look":
            seen[manager] = before.number
            continue
        author = Authorship(author=manager, at=NOW, reason="tried", seen=seen[manager])
        outcome = _do(store, what, value, author)
        after = history_of(store)
        if isinstance(outcome, SavedRule):
            assert before.number == seen[manager]
            assert outcome.change.based_on == before.number
            assert after.changes == (*before.changes, outcome.change)
            seen[manager] = outcome.change.number
        else:
            assert after == before
        if isinstance(outcome, SaveConflict):
            assert seen[manager] != before.number
            assert outcome.newest == before.changes[-1]
    numbers = [one.number for one in history_of(store).changes]
    assert numbers == list(range(1, len(numbers) + 1))
    store.close()


def _do(store: Store, what: str, value: int, author: Authorship) -> SaveOutcome:
    with store.write() as tx:
        match what:
            case "promote":
                return promote_rule(tx, PRESETS, "billing", author)
            case "discard":
                return discard_candidate(tx, PRESETS, "billing", author)
            case "revert":
                return revert_rule(tx, PRESETS, "billing", value, author)
            case "delete":
                return delete_rule(tx, PRESETS, "billing", author)
            case _:
                wanted = {**BILLING, "all": [{"text": "refund"}, {"stars": {"max": value}}]}
                return save_rule(tx, PRESETS, wanted, author, live=what == "save live")
