"""`alerts list, show, ack, resolve` and `export alerts`: an alert's life on the command line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.integration.command import configure, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose survey opened alert 1."""
    configure(tmp_path, rows="id,answer,who,stars\n0,fine,Ann,5\n")
    assert run(tmp_path, "once").code == 0
    configure(tmp_path)
    assert run(tmp_path, "once").code == 0
    return tmp_path


def test_an_alert_is_listed_shown_taken_and_resolved(folder: Path) -> None:
    """Each step shows in the list, in the events and in the clocks; what strangers wrote is shown as written."""
    assert "App crashes" in run(folder, "alerts", "list").stdout
    shown = run(folder, "alerts", "show", "1").stdout
    assert "\nthe app crashes [bold]always[/bold]\n" in shown
    assert run(folder, "alerts", "ack", "1", "--by", "anna", "--note", "[x] mine").stdout == "alert 1 is acknowledged\n"
    assert run(folder, "alerts", "resolve", "1", "--by", "bert").stdout == "alert 1 is resolved\n"

    alert = run(folder, "alerts", "show", "1", "--json").json
    assert (alert["status"], alert["assignee"], alert["members"]) == ("resolved", "cli:bert", 1)
    assert [event["actor"] for event in alert["events"]] == ["rule:crash", "cli:anna", "cli:bert"]
    assert [event["kind"] for event in alert["events"]] == ["opened", "acknowledged", "resolved"]
    times = alert["seconds_to"]
    assert 0 < times["acknowledge"] <= times["resolve"]
    assert times["reply"] is None
    assert "[x] mine" in run(folder, "alerts", "show", "1").stdout
    assert run(folder, "alerts", "list", "--status", "open").stdout == "no alerts\n"
    assert [item["id"] for item in run(folder, "alerts", "list", "--status", "resolved", "--json").json] == [1]
    (row,) = csv.DictReader(io.StringIO(run(folder, "export", "alerts").stdout))
    assert (row["id"], row["status"], row["words"]) == ("1", "resolved", "crashes")


def test_what_cannot_be_done_says_why(folder: Path) -> None:
    """An unknown alert and a second closing are one line each and change nothing."""
    for command in ("show", "ack", "resolve"):
        result = run(folder, "alerts", command, "99")
        assert (result.code, result.stdout) == (1, "")
        assert result.lines == ["repwatch: there is no alert 99; `repwatch alerts list` shows which there are"]
    assert run(folder, "alerts", "resolve", "1", "--by", "bert").code == 0
    again = run(folder, "alerts", "resolve", "1")
    assert (again.code, again.stdout) == (1, "")
    assert again.lines == ["repwatch: Alert 1 is resolved, held by bert; reopen it first."]
