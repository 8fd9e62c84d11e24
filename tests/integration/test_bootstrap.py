"""Joining everything: the plan with all mistakes at once, and what is built from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from monitor import bootstrap
from monitor.config import Settings, StoreSettings
from monitor.errors import ConfigError
from monitor.testing import OutboxNotifier
from tests.integration.command import RULES, configure


def test_the_plan_names_every_mistake_of_every_part(tmp_path: Path) -> None:
    """Sections, kinds, options, secrets, presets and rules in one error, in the order of the parts."""
    config = (
        "[colect]\n[slack]\ndefault_channel = '#s'\n[rules]\nfile = 'rules.toml'\npresets = ['nope']\n"
        "[[sources]]\nid = 'a'\nkind = 'nope'\n[[sources]]\nid = 'b'\nkind = 'feed'\n"
    )
    configure(tmp_path, config, RULES.replace("high", "hihg"))
    with pytest.raises(ConfigError) as caught:
        bootstrap.plan(tmp_path / "config.toml", {})
    assert [problem.where for problem in caught.value.problems] == [
        "config.toml: colect",
        "config.toml: sources[0].kind",
        "config.toml: sources[1].url",
        "rules.presets",
        'rules.toml: rule "crash" (rules[0]).severity',
        "config.toml: slack.default_channel",
    ]


def test_a_plan_opens_nothing(tmp_path: Path) -> None:
    """Rules and sources are found and checked, and no database is made."""
    configure(tmp_path)
    checked = bootstrap.plan(tmp_path / "config.toml", {})
    checked.http.close()
    assert [rule.id for rule in checked.rules] == ["crash"]
    assert [polled.id for polled in checked.sources] == ["survey"]
    assert checked.sources[0].every == checked.settings.collect.every
    assert not (tmp_path / "repwatch.db").exists()


def test_what_is_built_reads_and_delivers(tmp_path: Path) -> None:
    """With a notifier of our own, a cycle stores the survey beside the configuration."""
    configure(tmp_path)
    program = bootstrap.build(bootstrap.plan(tmp_path / "config.toml", {}), Console(), notifier=OutboxNotifier())
    try:
        (report,) = program.cycle.run(bootstrap.now())
    finally:
        program.close()
    assert (report.error, report.ingested.new) == ("", 3)
    assert (tmp_path / "repwatch.db").exists()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///a.db", "sqlite:////srv/a.db"),
        ("sqlite:////abs/a.db", "sqlite:////abs/a.db"),
        ("sqlite://", "sqlite://"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
    ],
)
def test_a_relative_database_lies_beside_the_configuration(url: str, expected: str) -> None:
    """Wherever the program is started from."""
    assert bootstrap.store_url(Settings(folder=Path("/srv"), store=StoreSettings(url=url))) == expected


def test_only_a_csv_file_source_can_be_imported_into(tmp_path: Path) -> None:
    """A slip in the name is answered with the nearest one."""
    configure(tmp_path)
    checked = bootstrap.plan(tmp_path / "config.toml", {})
    checked.http.close()
    with pytest.raises(ConfigError, match="did you mean 'survey'"):
        bootstrap.importer(checked, "survy", tmp_path / "survey.csv")
