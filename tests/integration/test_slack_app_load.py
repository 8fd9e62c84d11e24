"""Many people click at once: every click counts once, and the alerts are as they must be in the
end.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world.waiting import LAST_RESORT

slack_app_load = pytest.importorskip(
    "benchmarks.slack_app_load", reason="the benchmarks are not part of what is installed"
)


def test_under_load_no_click_is_lost_or_done_twice(tmp_path: Path) -> None:
    """Some of them on the same card, some brought twice; how long it takes is the benchmark's
    business.
    """
    patient = {"within": LAST_RESORT, "ack_within": LAST_RESORT}
    load = slack_app_load.run(tmp_path, clicks=50, seconds=1.5, **patient)
    assert (load.clicks, load.wrong) == (75, ())
