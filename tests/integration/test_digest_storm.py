"""A digest, the desk, the sender and the real Slack client on a line where a quarter of all goes
wrong.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.slack.digest_examples import USUAL
from tests.world.digest_outcome import DigestOutcome
from tests.world.digest_storm import DigestStorm, Mishap
from tests.world.mortal import opened, provide_tables


def rage(folder: Path, seed: int, mishap: Mishap = Mishap.NONE) -> DigestOutcome:
    """What a storm over an empty database leaves behind."""
    file = folder / "store.db"
    provide_tables(file)
    with opened(file) as store:
        return DigestStorm(store, seed, USUAL, mishap=mishap).rage()


@pytest.mark.parametrize("seed", range(4))
def test_a_digest_is_shown_once_with_one_set_of_files_and_numbers(
    tmp_path: Path, seed: int
) -> None:
    """Whatever is lost, refused, killed or hung: one message with its pictures, each section once
    and in order, one page, and in all of them the numbers that are stored;
    benchmarks/digest_faults.py does the same at length.
    """
    outcome = rage(tmp_path, seed)

    assert outcome.find_mistakes(USUAL) == [], outcome.faults


def test_a_digest_whose_message_is_deleted_in_a_storm_comes_once(tmp_path: Path) -> None:
    """What was to come below it is given up, nothing is left beside it."""
    outcome = rage(tmp_path, 1, Mishap.DELETED)

    assert outcome.faults[Mishap.DELETED] == 1
    assert outcome.find_mistakes(USUAL, is_deleted=True) == [], outcome.faults


@pytest.mark.parametrize("seed", [3, 8])
def test_a_digest_waits_for_a_channel_that_is_archived_for_a_while(
    tmp_path: Path, seed: int
) -> None:
    """The whole of it comes once, however much of it was shown before."""
    outcome = rage(tmp_path, seed, Mishap.ARCHIVED)

    assert outcome.faults[Mishap.ARCHIVED] == 1
    assert outcome.find_mistakes(USUAL) == [], outcome.faults


def test_files_on_which_slack_works_for_long_come_once(tmp_path: Path) -> None:
    """What exists and seems not to be shared is looked for until it is, or labelled."""
    outcome = rage(tmp_path, 9, Mishap.SLOW_FILES)

    assert outcome.find_mistakes(USUAL, may_lack_pictures=True) == [], outcome.faults
