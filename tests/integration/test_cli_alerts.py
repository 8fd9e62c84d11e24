"""`repwatch alerts ...` and `export alerts`: an alert's whole life on the command line."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.command import RULES, SURVEY, configure, run
from tests.world.program import SECONDS

LIMITED = (
    RULES + 'acknowledge_within = "2h"\nresolve_within = "4h"\nescalate = [{ after = "3h", '
    'mention = "<@U0123LEAD>" }]\n'
)
MANAGED = SURVEY + '\n[respond]\nmanagers = ["U0BOSS1"]\n'
#: Many commands in one process: to start one takes longer than the command itself.
TOGETHER = """
import json, sys
from monitor.cli import app
for arguments in json.load(sys.stdin):
    app(arguments, standalone_mode=False)
    sys.stdout.write(chr(30))
"""


def together(folder: Path, *commands: list[str]) -> list[str]:
    """What each of these commands prints."""
    done = subprocess.run(  # noqa: S603 - the tests' own words
        [sys.executable, "-c", TOGETHER],
        cwd=folder,
        env={"PATH": os.environ.get("PATH", os.defpath), "NO_COLOR": "1"},
        input=json.dumps([["alerts", *command] for command in commands]).encode(),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().split(chr(30))[:-1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose survey opened alert 1."""
    return alarmed(tmp_path, LIMITED)


def alarmed(folder: Path, rules: str) -> Path:
    """The folder, whose survey opened alert 1 under these rules."""
    configure(folder, config=MANAGED, rules=rules, rows="id,answer,who,stars\n0,fine,Ann,5\n")
    assert run(folder, "once").code == 0
    configure(folder, config=MANAGED, rules=rules)
    assert run(folder, "once").code == 0
    return folder


def test_an_alert_is_listed_shown_taken_and_resolved(folder: Path) -> None:
    """Each step shows in the list, in the events and in the clocks; what strangers wrote is shown
    as written.
    """
    unclaimed, shown, taken, no_more, mine, resolved, closed, told, now = together(
        folder,
        ["list", "--unclaimed", "--rule", "crash"],
        ["show", "1"],
        ["ack", "1", "--by", "anna", "--note", "[x] mine"],
        ["list", "--unclaimed"],
        ["list", "--mine", "--by", "anna", "--json"],
        ["resolve", "1", "--by", "bert", "--root-cause", "release", "--action", "fixed"],
        ["list", "--status", "resolved", "--json"],
        ["show", "1", "--json"],
        ["show", "1"],
    )
    assert "the app crashes [bold]always" in unclaimed
    assert max(map(len, unclaimed.splitlines())) <= 80
    assert len(unclaimed.splitlines()) == 2
    assert "survey · ★☆☆☆☆ 1 · negative −" in shown
    assert " · by Ann\n" in shown
    assert " % likely to need a human" in shown
    assert "\nthe app crashes [bold]always[/bold]\n" in shown
    assert "to resolve by " in shown
    assert taken == "alert 1 is acknowledged, held by anna\n"
    assert no_more == "no alerts\n"
    assert [item["id"] for item in json.loads(mine)] == [1]
    assert resolved == "alert 1 is resolved, held by bert\n"
    assert [item["id"] for item in json.loads(closed)] == [1]
    assert "[x] mine" in now

    alert = json.loads(told)
    assert (alert["status"], alert["assignee"], alert["members"]) == ("resolved", "cli:bert", 1)
    assert [event["actor"] for event in alert["events"]] == ["rule:crash", "cli:anna", "cli:bert"]
    assert [event["kind"] for event in alert["events"]] == ["opened", "acknowledged", "resolved"]
    assert alert["events"][-1]["details"] == {"root_cause": "release", "action_taken": "fixed"}
    times = alert["seconds_to"]
    assert 0 < times["acknowledge"] <= times["resolve"]
    assert times["reply"] is None
    assert alert["working_seconds_to"] == times
    limits = [(limit["limit"], limit["met_at"] is None) for limit in alert["limits"]]
    assert limits == [("acknowledge", False), ("resolve", False)]
    (row,) = csv.DictReader(io.StringIO(run(folder, "export", "alerts").stdout))
    assert (row["id"], row["status"], row["words"]) == ("1", "resolved", "crashes")


def test_every_act_has_a_command(folder: Path) -> None:
    """What can be done in Slack can be done here, each with one line of answer and one event."""
    acts = [
        (["assign", "1", "U0ANNA1"], "alert 1 is open, held by U0ANNA1"),
        (
            ["escalate", "1", "--note", "help"],
            "called @U0123LEAD; nobody is called by itself after that",
        ),
        (["escalate", "1"], "called @U0BOSS1; nobody is called by itself after that"),
        (["release", "1"], "alert 1 is open"),
        (["correct", "1", "--sentiment", "negative", "--stage", "use"], "alert 1 is open"),
        (["note", "1", "called them"], "alert 1 is open"),
        (["link", "1", "https://tracker.example/T-1"], "alert 1 is open"),
        (["snooze", "1", "--for", "2d", "--members", "9", "--worse"], "alert 1 is snoozed, until "),
        (["wake", "1"], "alert 1 is open"),
        (["reply", "1", "--by", "anna"], "alert 1 is replied, held by anna"),
        (["reply", "1", "--by", "anna"], "noted again; alert 1 stays replied, held by anna"),
        (["dismiss", "1", "--by", "anna"], "alert 1 is dismissed, held by anna"),
        (["reply", "1", "--by", "anna"], "noted again; alert 1 stays dismissed, held by anna"),
        (["reopen", "1", "--by", "anna"], "alert 1 is open, held by anna"),
    ]
    *answers, shown = together(
        folder, *(arguments for arguments, _ in acts), ["show", "1", "--json"]
    )
    for answer, (_, said) in zip(answers, acts, strict=True):
        assert answer.startswith(said)
    assert json.loads(shown)["ticket"] == "https://tracker.example/T-1"
    events = json.loads(shown)["events"]
    kinds = [
        "opened",
        "assigned",
        "escalated",
        "escalated",
        "released",
        "corrected",
        "noted",
        "linked",
        "snoozed",
        "woken",
    ]
    closing = ["replied", "replied", "dismissed", "replied", "reopened"]
    assert [event["kind"] for event in events] == [*kinds, *closing]
    assert {event["via"] for event in events[1:]} == {"cli"}
    assert [event["details"].get("mention") for event in events[2:4]] == [
        "<@U0123LEAD>",
        "<@U0BOSS1>",
    ]


def test_the_clock_works_in_a_single_cycle(tmp_path: Path) -> None:
    """`once` alone, called again and again, tells of missed limits too, and the list finds what is
    late.
    """
    folder = alarmed(tmp_path, RULES + 'acknowledge_within = "1s"\n')
    kinds: list[str] = []
    while "late" not in kinds:  # the limit is a second away
        assert run(folder, "once").code == 0
        late, shown = together(folder, ["list", "--late", "--json"], ["show", "1", "--json"])
        kinds = [event["kind"] for event in json.loads(shown)["events"]]
    assert [item["id"] for item in json.loads(late)] == [1]
    assert [kind for kind in kinds if kind != "nudged"] == [
        "opened",
        "late",
    ]  # a slow machine may nudge in between


def test_what_cannot_be_done_says_why(folder: Path) -> None:
    """An unknown alert, a second closing and contradicting options are one line each and change
    nothing.
    """
    result = run(folder, "alerts", "resolve", "99")
    assert (result.code, result.stdout) == (1, "")
    assert result.lines == [
        "repwatch: there is no alert 99; `repwatch alerts list` shows which there are"
    ]
    assert run(folder, "alerts", "resolve", "1", "--by", "bert").code == 0
    again = run(folder, "alerts", "resolve", "1")
    assert (again.code, again.stdout) == (1, "")
    assert again.lines == ["repwatch: Alert 1 is resolved, held by bert; reopen it first."]
    wrong = run(folder, "alerts", "list", "--mine", "--unclaimed")
    assert (wrong.code, wrong.stdout) == (2, "")


def test_a_call_that_reaches_nobody_is_refused(tmp_path: Path) -> None:
    """The chain tells what comes next; at its end, without managers, it says what to set, and
    nothing is written.
    """
    chain = (
        'escalate = [{ after = "3h", mention = "<!here>" }, { after = "5h", channel = "#leads" }]\n'
    )
    alarmed(tmp_path, RULES + chain)
    (tmp_path / "config.toml").write_text(SURVEY, "utf-8")
    first, second = together(tmp_path, ["escalate", "1"], ["escalate", "1"])
    assert first == "called @here; next after 5 h without anybody taking it: everybody in #leads\n"
    assert second == "called everybody in #leads; nobody is called by itself after that\n"
    third = run(tmp_path, "alerts", "escalate", "1")
    assert (third.code, third.stdout) == (1, "")
    assert third.lines == ["repwatch: nobody left to call; set respond.managers"]
    (shown,) = together(tmp_path, ["show", "1", "--json"])
    assert [event["kind"] for event in json.loads(shown)["events"]] == [
        "opened",
        "escalated",
        "escalated",
    ]


def test_nothing_is_said_to_nobody_and_a_late_answer_changes_no_state(folder: Path) -> None:
    """An empty person and an empty note are refused; an answer to a closed alert is noted, and the
    alert stays.
    """
    for arguments, said in ((["assign", "1", ""], "PERSON"), (["note", "1", " "], "TEXT")):
        result = run(folder, "alerts", *arguments)
        assert (result.code, result.stdout) == (2, "")
        assert result.lines == [f"repwatch: {said}: must not be empty"]
    _, noted = together(folder, ["resolve", "1", "--by", "bert"], ["reply", "1", "--by", "anna"])
    assert noted == "noted; alert 1 stays resolved, held by bert\n"
