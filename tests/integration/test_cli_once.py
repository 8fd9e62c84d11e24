"""`once`: its summary, its exit codes, and that data and talk stay apart."""

from __future__ import annotations

from pathlib import Path

from tests.integration.command import SURVEY, configure, run
from tests.world.launch import TIME


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


def test_it_says_what_nobody_read(tmp_path: Path) -> None:
    """Texts in other languages without stars are counted for people, and in `sources` for machines
    too.
    """
    configure(
        tmp_path,
        rows="id,answer,who,stars\n"
        "1,El pedido no llegó y nadie contesta a mis mensajes,Ann,\n"
        "2,La app no funciona desde ayer por la tarde,Bob,\n"
        "3,La app no funciona desde ayer por la noche,Bob,1\n",
    )
    said = "2 texts of the last 24 h not read, without stars: Spanish: 2"
    assert f"  {said}" in run(tmp_path, "once").stdout
    assert f"survey: {said}" in run(tmp_path, "sources").stdout
    [survey] = run(tmp_path, "sources", "--json").json
    assert survey["unread_last_day"] == {"Spanish": 2}


def test_the_message_about_it_comes_once_after_nine(tmp_path: Path) -> None:
    """The first run after the day is over shows it, by the clock of the zone that is configured,
    and no later one does.
    """
    rows = "id,answer,who,stars\n1,El pedido no llegó y nadie contesta a mis mensajes,Ann,\n"
    configure(tmp_path, f'{SURVEY}\n[hours]\ntimezone = "Europe/Berlin"\n', rows=rows)
    shown = [
        "1 text of survey was not read" in run(tmp_path, "once", env={TIME: at}).stdout
        for at in (f"2026-11-20T{time}:00+00:00" for time in ("07:00", "07:59", "08:00", "08:01"))
    ]
    assert shown == [False, False, True, False]


def test_one_broken_source_does_not_stop_the_others(tmp_path: Path) -> None:
    """The broken one is named with its error, the good one is read, and the exit code is 1."""
    configure(
        tmp_path, SURVEY + "\n[[sources]]\nid = 'lost'\nkind = 'csv_file'\npath = 'lost.csv'\n"
    )
    result = run(tmp_path, "once", "--json")
    good, lost = result.json["sources"]
    assert (result.code, good["new"], good["error"]) == (1, 3, None)
    assert "lost.csv: no such file" in lost["error"]
