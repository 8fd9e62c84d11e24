"""`sources`: how each source fares, for people and for machines."""

from __future__ import annotations

from pathlib import Path

from tests.integration.command import SURVEY, configure, run

LOST = "\n[[sources]]\nid = 'reviews-of-the-german-store'\nkind = 'csv_file'\npath = 'lost.csv'\n"


def test_a_broken_source_is_readable_on_a_narrow_terminal(tmp_path: Path) -> None:
    """Each source has one row with its whole id, and what is wrong with it is said once, below the
    rows.
    """
    configure(tmp_path, SURVEY + LOST)
    run(tmp_path, "once")
    result = run(tmp_path, "sources", env={"COLUMNS": "80"})
    lines = result.stdout.splitlines()
    survey, lost = (
        at
        for at, line in enumerate(lines)
        if line.startswith(("survey ", "reviews-of-the-german-store "))
    )
    assert lines[survey].split()[:2] == ["survey", "ok"]
    assert lines[lost].split()[:2] == ["reviews-of-the-german-store", "new"]
    said = "".join("".join(lines[lost + 1 :]).split())
    assert said.startswith("reviews-of-the-german-store:gapfrom")
    assert said.count("lost.csv:nosuchfile") == 1


def test_machines_get_every_figure(tmp_path: Path) -> None:
    """A source that was read has no gap and a full coverage; one that was not has a gap that
    lasts.
    """
    configure(tmp_path, SURVEY + LOST)
    run(tmp_path, "once")
    survey, lost = run(tmp_path, "sources", "--json").json
    assert (survey["state"], survey["failures"], survey["coverage"], survey["gaps"]) == (
        "ok",
        0,
        1.0,
        [],
    )
    assert (lost["state"], lost["failures"], lost["coverage"], lost["last_success_at"]) == (
        "new",
        1,
        0.0,
        None,
    )
    (gap,) = lost["gaps"]
    assert gap["until"] is None
    assert "no such file" in gap["reason"]
