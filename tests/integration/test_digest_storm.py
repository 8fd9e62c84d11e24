"""A digest, the sender and the real Slack client on a line where a quarter of all goes wrong."""

from __future__ import annotations

import pytest

from monitor.testing import memory_store
from tests.golden.slack.digest_examples import USUAL
from tests.world.digest_storm import DigestOutcome, DigestStorm


def rage(seed: int) -> DigestOutcome:
    """What a storm over an empty database leaves behind."""
    store = memory_store()
    try:
        return DigestStorm(store, seed, USUAL).rage()
    finally:
        store.close()


@pytest.mark.parametrize("seed", range(6))
def test_a_digest_is_shown_once_with_one_set_of_files(seed: int) -> None:
    """Whatever is lost, refused, killed or hung: one message with its pictures, each section once
    and in order, one page, and every byte as it was queued; benchmarks/digest_faults.py does the
    same at length.
    """
    outcome = rage(seed)

    assert (len(outcome.roots), outcome.unsettled, outcome.dead) == (1, 0, 0), outcome.faults
    root = outcome.roots[0]
    assert outcome.shown_pictures == tuple(picture.content for picture in USUAL.pictures)
    titles = [part.blocks[0]["text"]["text"] for part in outcome.parts]
    assert titles == [section.title for section in USUAL.document.sections]
    assert {part.thread_ts for part in outcome.parts} == {root.ts}
    assert [(message.thread_ts, file.content) for message, file in outcome.shared] == [
        (root.ts, USUAL.attachments[0].content)
    ]
