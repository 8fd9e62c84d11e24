"""`repwatch duty` and `repwatch alerts handover`: the duty on the command line."""

from __future__ import annotations

from pathlib import Path

from tests.integration.command import RULES, SURVEY, configure, run

DUTY = """
[duty]
people = ["U0ANNA12", "U0BERT34"]
timezone = "Europe/Berlin"

[[duty.overrides]]
person = "U0CARL56"
from = 2026-12-24
to = 2026-12-24
"""


def test_the_duty_of_a_time_is_told_with_who_comes_next(tmp_path: Path) -> None:
    """Times are those of the duty's time zone, and an override is a shift like any other."""
    configure(tmp_path, config=SURVEY + DUTY, rules=RULES)

    told = run(tmp_path, "duty", "--at", "2026-12-24T18:00")

    assert told.code == 0
    assert told.stdout.splitlines() == [
        "On duty: U0CARL56 until Fri 25 Dec 00:00 (Europe/Berlin)",
        "  then U0ANNA12 from Fri 25 Dec 00:00 (Europe/Berlin)",
        "  then U0BERT34 from Mon 28 Dec 09:00 (Europe/Berlin)",
        "  then U0ANNA12 from Mon 4 Jan 09:00 (Europe/Berlin)",
    ]


def test_machines_read_the_duty_as_json(tmp_path: Path) -> None:
    """Each time carries its offset."""
    configure(tmp_path, config=SURVEY + DUTY, rules=RULES)

    told = run(tmp_path, "duty", "--at", "2026-07-01", "--json").json

    assert told["person"] == "U0BERT34"
    assert (told["since"], told["until"]) == (
        "2026-06-29T09:00:00+02:00",
        "2026-07-06T09:00:00+02:00",
    )
    assert [shift["person"] for shift in told["next"]] == ["U0ANNA12", "U0BERT34", "U0ANNA12"]


def test_what_cannot_be_told_is_a_mistake_with_its_key(tmp_path: Path) -> None:
    """Nobody has duty, or the time is none: exit 2, in one line."""
    configure(tmp_path, config=SURVEY, rules=RULES)
    nobody = run(tmp_path, "duty")
    configure(tmp_path, config=SURVEY + DUTY, rules=RULES)
    no_time = run(tmp_path, "duty", "--at", "soon")

    assert (nobody.code, no_time.code) == (2, 2)
    assert "config.toml: duty.people: nobody has duty: name people here" in nobody.stderr
    assert "--at: 'soon' is no time; write it like 2026-12-24" in no_time.stderr


def test_a_new_alert_goes_over_and_comes_back(tmp_path: Path) -> None:
    """Whoever has duty has it from the start; a hand-over moves it, and giving back undoes that."""
    alone = DUTY.replace(', "U0BERT34"', "").partition("[[duty")[0]
    configure(tmp_path, config=SURVEY + alone, rules=RULES, rows="id,answer,who,stars\n0,ok,A,5\n")
    assert run(tmp_path, "once").code == 0
    configure(tmp_path, config=SURVEY + alone, rules=RULES)
    first = run(tmp_path, "once")

    over = run(tmp_path, "alerts", "handover", "U0ANNA12", "U0BERT34", "--by", "dora")
    mine = run(tmp_path, "alerts", "list", "--mine", "--by", "U0BERT34", "--json")
    told = run(tmp_path, "once")
    back = run(tmp_path, "alerts", "giveback", "U0ANNA12", "--json")
    none = run(tmp_path, "alerts", "giveback", "U0ANNA12")

    assert "Open, assigned to U0ANNA12" in first.stdout
    assert over.stdout == "1 alert went over from user:U0ANNA12 to user:U0BERT34.\n"
    assert [alert["status"] for alert in mine.json] == ["open"]
    assert "U0BERT34: dora handed 1 alert over to you" in told.stdout
    assert back.json == {
        "from": "user:U0BERT34",
        "to": "user:U0ANNA12",
        "moved": [1],
        "skipped": [],
    }
    assert none.code == 1
    assert "There is nothing to give back" in none.stderr


def test_a_change_of_the_duty_is_told_once(tmp_path: Path) -> None:
    """The first run says who has it, and the next ones are silent."""
    alone = DUTY.replace(', "U0BERT34"', "").partition("[[duty")[0]
    configure(tmp_path, config=SURVEY + alone, rules=RULES)

    first, second = run(tmp_path, "once"), run(tmp_path, "once")

    assert "Now on duty: U0ANNA12" in first.stdout
    assert "Now on duty" not in second.stdout
