"""Who has duty: shifts by the calendar, overrides, and what stands in the configuration."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from monitor.bootstrap import load_checked_config
from monitor.config import load_settings
from monitor.domain.actor import Actor
from monitor.domain.duty import DutyRotation, Shift, first_turn_day
from monitor.errors import ConfigError

ANNA, BERT = Actor.slack("U0ANNA12"), Actor.slack("U0BERT34")
DUTY = """
[duty]
people = ["U0ANNA12", "U0BERT34"]
timezone = "Europe/Berlin"
"""


def rotation_of(folder: Path, text: str) -> DutyRotation:
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    settings, problems = load_settings(file, {})
    assert problems == []
    assert settings.duty.rotation is not None
    return settings.duty.rotation


def problems_of(folder: Path, text: str) -> list[str]:
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    return [str(problem) for problem in load_settings(file, {})[1]]


def test_the_first_person_begins_on_the_day_it_starts(tmp_path: Path) -> None:
    """A week each, from Monday 09:00 to Monday 09:00 in Berlin."""
    rotation = rotation_of(tmp_path, f"{DUTY}starts = 2026-01-05")

    first = rotation.shift_at(datetime(2026, 1, 5, 8, tzinfo=UTC))

    begins = datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert first == Shift(ANNA, begins, begins + timedelta(weeks=1))
    assert rotation.person_at(begins - timedelta(microseconds=1)) == BERT
    assert rotation.person_at(begins + timedelta(weeks=1)) == BERT


def test_the_hand_over_stays_at_nine_when_the_clocks_change(tmp_path: Path) -> None:
    """The week of the change has an hour less: 09:00 is 08:00 UTC before and 07:00 after it."""
    rotation = rotation_of(tmp_path, DUTY)

    shift = rotation.shift_at(datetime(2026, 3, 25, tzinfo=UTC))

    assert shift.since == datetime(2026, 3, 23, 8, tzinfo=UTC)
    assert shift.until == datetime(2026, 3, 30, 7, tzinfo=UTC)


def test_a_shift_may_last_a_day(tmp_path: Path) -> None:
    """People change each morning."""
    rotation = rotation_of(tmp_path, f"{DUTY}every = '1d'\nhandover = '08:30'")

    shift = rotation.shift_at(datetime(2026, 1, 6, 12, tzinfo=UTC))

    assert shift == Shift(
        BERT, datetime(2026, 1, 6, 7, 30, tzinfo=UTC), datetime(2026, 1, 7, 7, 30, tzinfo=UTC)
    )


def test_an_override_of_days_covers_its_last_day(tmp_path: Path) -> None:
    """From the first minute of the one day to the last of the other, in the duty's time zone."""
    override = '[[duty.overrides]]\nperson = "U0BERT34"\nfrom = 2026-01-07\nto = 2026-01-08'
    rotation = rotation_of(tmp_path, f"{DUTY}{override}")

    shift = rotation.shift_at(datetime(2026, 1, 7, 12, tzinfo=UTC))

    assert shift == Shift(
        BERT, datetime(2026, 1, 6, 23, tzinfo=UTC), datetime(2026, 1, 8, 23, tzinfo=UTC)
    )


def test_the_later_override_wins(tmp_path: Path) -> None:
    """A swap within a holiday is written below it."""
    override = """
[[duty.overrides]]
person = "U0BERT34"
from = 2026-01-07
to = 2026-01-08
[[duty.overrides]]
person = "U0CARL56"
from = 2026-01-07T12:00:00
to = 2026-01-07T14:00:00
"""
    rotation = rotation_of(tmp_path, f"{DUTY}{override}")

    noon = datetime(2026, 1, 7, 11, tzinfo=UTC)

    assert rotation.person_at(noon) == Actor.slack("U0CARL56")
    assert rotation.person_at(noon + timedelta(hours=2)) == BERT


def test_one_person_has_duty_without_end(tmp_path: Path) -> None:
    """Nothing ever changes, and looking for a change ends."""
    rotation = rotation_of(tmp_path, DUTY.replace(', "U0BERT34"', ""))

    assert rotation.shift_at(datetime(2026, 1, 7, tzinfo=UTC)) == Shift(ANNA, None, None)


def test_nobody_has_duty_where_nobody_is_named(tmp_path: Path) -> None:
    """The section is no duty without people."""
    file = tmp_path / "config.toml"
    file.write_text('[duty]\nchannel = "#duty"', "utf-8")

    settings, problems = load_settings(file, {})

    assert (settings.duty.rotation, problems) == (None, [])


@pytest.mark.parametrize(
    ("weekday", "expected"), [(2, date(2026, 1, 7)), (0, date(2026, 1, 5)), (3, date(2026, 1, 1))]
)
def test_the_first_turn_holds_on_the_day_it_starts(weekday: int, expected: date) -> None:
    """A start in the middle of a week belongs to the first person, whose week began before."""
    assert first_turn_day(date(2026, 1, 7), weekday) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('people = ["@anna"]', "duty.people[0]: '@anna' calls nobody; write an id like U0123ABCD"),
        ('people = ["<@U0ANNA12>"]', "duty.people[0]: '<@U0ANNA12>' calls nobody; write U0ANNA12"),
        ('people = ["S0TEAM123"]', "duty.people[0]: 'S0TEAM123' is a group; one person has duty"),
        ('timezone = "Europe/Berln"', "duty.timezone: no such time zone; did you mean"),
        ('people = ["U0ANNA12"]\ntimezone = ""', "duty.people: a duty needs a timezone"),
        ('handover = "Mond 09:00"', "duty.handover: 'Mond' is no day; did you mean 'mon'?"),
        ('handover = "09:00"', 'duty.handover: shifts of weeks need a day, like "Mon 09:00"'),
        ('every = "2d"', 'no day of the week; write "09:00"'),
        ('every = "2d"\nhandover = "Mon 09:00"', "duty.handover: shifts of days have no day"),
        ('handover = "at nine"', 'duty.handover: write a day and a time, like "Mon 09:00"'),
        ('handover = "Mon 29:00"', "duty.handover: a time of the day is needed"),
        ('every = "12h"', "duty.every: a shift lasts whole days or weeks"),
        ('starts = "2026-01-05"', "duty.starts: a day is needed, without quotes"),
        ("overrides = [{person = 'U1', from = 2026-01-07, to = 2026-01-06}]", "must be later than"),
        ("overrides = [{person = 'U1', from = 2026-01-07}]", "duty.overrides[0].to: this key is"),
        (
            "overrides = [{person = 'U1', from = 2026-01-07T10:00:00Z, to = 2026-01-09}]",
            "duty.overrides[0].from: write it without an offset",
        ),
        (
            "overrides = [{person = '@anna', from = 2026-01-07, to = 2026-01-07}]",
            "duty.overrides[0].person: '@anna' calls nobody",
        ),
        (
            "overrides = [{person = 'U1', from = 'soon', to = 2026-01-07}]",
            "duty.overrides[0].from: a day or a time is needed, without quotes",
        ),
        (
            "overrides = [{person = 'U1', until = 2026-01-07, from = 2026-01-07, to = 2026-01-08}]",
            "duty.overrides[0].until: unknown key",
        ),
    ],
)
def test_a_mistake_is_named_with_its_key(tmp_path: Path, line: str, expected: str) -> None:
    """What would call nobody, or call at the wrong time, is refused before it is relied on."""
    found = problems_of(tmp_path, f"[duty]\n{line}")

    assert len(found) == 1
    assert expected in found[0]


def test_two_ways_of_assigning_are_refused(tmp_path: Path) -> None:
    """Each new alert has one holder: either by turns of alerts or by who has duty."""
    file = tmp_path / "config.toml"
    file.write_text(f"{DUTY}\n[respond]\nassign = 'on_call'\npeople = ['U0ANNA12']", "utf-8")

    with pytest.raises(ConfigError, match=r"duty\.assign: new alerts go to whoever has duty"):
        load_checked_config(file, {})
