"""The demo: the whole path on recorded feedback, without an account."""

from __future__ import annotations

from pathlib import Path

from tests.integration.command import run


def test_the_demo_shows_cards_and_a_summary_and_leaves_nothing(tmp_path: Path) -> None:
    """It ends by itself with 0; every card says why it fired; hostile text is only text; no file
    stays behind.
    """
    work, temporary = tmp_path / "work", tmp_path / "tmp"
    work.mkdir()
    temporary.mkdir()
    env = {"TMPDIR": str(temporary), "HOME": str(work), "PYTHONDONTWRITEBYTECODE": "1"}
    result = run(work, "demo", env=env, fresh=True)
    assert (result.code, result.stderr) == (0, "")
    cards = result.stdout.count("╭")
    assert cards >= 10
    assert result.stdout.count("Why this fired") >= cards
    assert "Four weeks in one screen" in result.stdout
    assert "feedback read from 3 sources" in result.stdout
    assert not {char for char in result.stdout if not char.isprintable()} - {"\n"}
    assert [*work.iterdir(), *temporary.iterdir()] == []
