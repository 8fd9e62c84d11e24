"""The script that runs the suite again and again tells how each run ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak import ROOT, busy_loops, main, read_run

FAILED = """\
FAILED tests/unit/test_a.py::test_one[a - b] - AssertionError: assert 1 == 2
ERROR tests/unit/test_a.py::test_two - left behind: environment
FAILED tests/unit/test_b.py::test_three
2 failed, 4996 passed, 3 skipped, 1 error in 61.05s (0:01:01)
"""


def test_a_run_that_failed_is_read() -> None:
    """Counts and names are pytest's own, errors of fixtures count as failures."""
    run = read_run(7, 1, 61.2, FAILED)
    assert (run.passed, run.failed) == (4996, 3)
    assert run.failures == (
        "tests/unit/test_a.py::test_one[a",
        "tests/unit/test_a.py::test_two",
        "tests/unit/test_b.py::test_three",
    )
    assert run.row.split() == ["7", "4996", "3", "61", "s"]


def test_a_run_that_broke_off_has_failed() -> None:
    """Without a count, or with one that hides the end, the code of pytest decides."""
    assert read_run(7, 3, 1.0, "INTERNALERROR> boom\n").failed == 1
    assert read_run(7, 2, 1.0, "!!! KeyboardInterrupt !!!\n12 passed in 1.00s\n").failed == 1
    assert read_run(7, 0, 1.0, "12 passed in 1.00s\n").failed == 0


def test_busy_loops_end_with_the_block() -> None:
    """They run beside it, and none of them is left."""
    with busy_loops(2, 60) as loops:
        assert [loop.poll() for loop in loops] == [None, None]
    assert all(loop.poll() is not None for loop in loops)


def test_busy_loops_end_by_themselves() -> None:
    """Also where whoever started them has forgotten them."""
    with busy_loops(1, 0.01) as (loop,):
        assert loop.wait() == 0


@pytest.mark.parametrize(("words", "code"), [("reviews", 0), ("reviews and not_there", 1)])
def test_the_table_and_the_code_tell_of_every_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str, code: int
) -> None:
    """A run has its line with its seed, and one that failed makes the whole fail."""
    (tmp_path / "test_some.py").write_text("def test_reviews(): pass\n", "utf-8")
    some = [str(tmp_path), "-k", words, "-n", "0", "-p", "no:cacheprovider", "--rootdir", str(ROOT)]
    logs = ["--logs", str(tmp_path / "logs")]
    assert main(["--times", "1", "--busy", "1", "--seed", "3", *logs, *some]) == code
    row = capsys.readouterr().out.splitlines()[1]
    assert row.split()[:3] == ["3", "0" if code else "1", str(code)]
