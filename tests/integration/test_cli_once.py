"""`once`: its summary, its exit codes, and that data and talk stay apart."""

from __future__ import annotations

from pathlib import Path

from tests.integration.command import SURVEY, configure, run


def test_the_summary_has_exactly_the_promised_shape(tmp_path: Path) -> None:
    """Standard output is one JSON document also when cards are shown; without a terminal no
    progress is printed.
    """
    configure(tmp_path, rows="id,answer,who,stars\n0,fine,Ann,5\n")
    first = run(tmp_path, "once", "--json")
    assert (first.code, first.stderr) == (0, "")
    assert first.json == {
        "sources": [{"id": "survey", "fetched": 1, "new": 1, "updated": 0, "error": None}],
        "alerts": {"opened": 0, "grouped": 0, "reopened": 0, "suppressed": 0},
        "deliveries": {"sent": 0, "pending": 0, "uncertain": 0, "dead": 0},
    }
    configure(tmp_path)
    second = run(tmp_path, "once", "--json")
    assert second.json["alerts"] == {"opened": 1, "grouped": 0, "reopened": 0, "suppressed": 0}
    assert second.json["deliveries"] == {"sent": 1, "pending": 0, "uncertain": 0, "dead": 0}
    assert "App crashes" in second.stderr


def test_people_see_the_card_and_a_summary(tmp_path: Path) -> None:
    """What strangers wrote is text on the card, and nothing is said on standard error."""
    configure(tmp_path, rows="id,answer,who,stars\n0,fine,Ann,5\n")
    run(tmp_path, "once")
    configure(tmp_path)
    result = run(tmp_path, "once")
    assert (result.code, result.stderr) == (0, "")
    assert "the app crashes [bold]always[/bold]" in result.stdout
    assert "alerts: 1 opened, 0 grouped, 0 suppressed" in result.stdout


def test_one_broken_source_does_not_stop_the_others(tmp_path: Path) -> None:
    """The broken one is named with its error, the good one is read, and the exit code is 1."""
    configure(
        tmp_path, SURVEY + "\n[[sources]]\nid = 'lost'\nkind = 'csv_file'\npath = 'lost.csv'\n"
    )
    result = run(tmp_path, "once", "--json")
    good, lost = result.json["sources"]
    assert (result.code, good["new"], good["error"]) == (1, 3, None)
    assert "lost.csv: no such file" in lost["error"]
