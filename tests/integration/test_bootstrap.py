"""Joining everything: the plan with all mistakes at once, and what is built from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from monitor import bootstrap
from monitor.errors import ConfigError
from monitor.settings import Settings, StoreSettings
from monitor.testing import RecordingNotifier, make_feedback
from tests.integration.command import RULES, SURVEY, configure


def test_the_plan_names_every_mistake_of_every_part(tmp_path: Path) -> None:
    """Sections, kinds, options, secrets, presets and rules in one error, in the order of the
    parts.
    """
    config = (
        "[colect]\n[slack]\ndefault_channel = '#s'\n[rules]\nfile = 'rules.toml'\npresets = "
        "['nope']\n"
        "[[sources]]\nid = 'a'\nkind = 'nope'\n[[sources]]\nid = 'b'\nkind = 'feed'\n"
    )
    configure(tmp_path, config, RULES.replace("high", "hihg"))
    with pytest.raises(ConfigError) as caught:
        bootstrap.load_checked_config(tmp_path / "config.toml", {})
    assert [problem.where for problem in caught.value.problems] == [
        "config.toml: colect",
        "config.toml: sources[0].kind",
        "config.toml: sources[1].url",
        "rules.presets",
        'rules.toml: rule "crash" (rules[0]).severity',
        "config.toml: slack.default_channel",
    ]


def test_working_hours_that_nobody_knows_are_a_mistake(tmp_path: Path) -> None:
    """A rule cannot wait for a team of which nobody has said when it works; who said it wrongly is
    told that alone.
    """
    configure(tmp_path, rules=RULES + 'acknowledge_within = "1h"\nworking_hours = true\n')
    with pytest.raises(
        ConfigError, match=r'^rules.toml: rule "crash": working_hours .* set timezone under'
    ):
        bootstrap.load_checked_config(tmp_path / "config.toml", {})
    config = (tmp_path / "config.toml").read_text("utf-8")
    (tmp_path / "config.toml").write_text(config + '[hours]\ntimezone = "Europe/Berlni"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"^config.toml: hours.timezone: [^\n]*$"):
        bootstrap.load_checked_config(tmp_path / "config.toml", {})
    (tmp_path / "config.toml").write_text(config + '[hours]\ntimezone = "Europe/Berlin"\n', "utf-8")
    checked = bootstrap.load_checked_config(tmp_path / "config.toml", {})
    checked.http.close()
    assert checked.rules[0].limits.working_hours


def test_a_plan_opens_nothing(tmp_path: Path) -> None:
    """Rules and sources are found and checked, and no database is made."""
    configure(tmp_path)
    checked = bootstrap.load_checked_config(tmp_path / "config.toml", {})
    checked.http.close()
    assert [rule.id for rule in checked.rules] == ["crash"]
    assert [polled.id for polled in checked.sources] == ["survey"]
    assert checked.sources[0].every == checked.settings.collect.every
    assert not (tmp_path / "repwatch.db").exists()


def test_what_is_built_reads_and_delivers(tmp_path: Path) -> None:
    """With a notifier of our own, a cycle stores the survey beside the configuration."""
    configure(tmp_path)
    program = bootstrap.build_app(
        bootstrap.load_checked_config(tmp_path / "config.toml", {}),
        Console(),
        notifier=RecordingNotifier(),
    )
    try:
        (report,) = program.poller.poll_all(bootstrap.utc_now())
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
    assert (
        bootstrap.store_url(Settings(folder=Path("/srv"), store=StoreSettings(url=url))) == expected
    )


def test_only_a_csv_file_source_can_be_imported_into(tmp_path: Path) -> None:
    """A slip in the name is answered with the nearest one."""
    configure(tmp_path)
    checked = bootstrap.load_checked_config(tmp_path / "config.toml", {})
    checked.http.close()
    with pytest.raises(ConfigError, match="did you mean 'survey'"):
        bootstrap.build_importer(checked, "survy", tmp_path / "survey.csv")


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("", "no signal is called 'outge'; did you mean 'outage'"),
        ("[analysis]\ndeep = false\n", "deep = false reads none"),
    ],
)
def test_a_rule_that_asks_for_a_signal_of_nobody_is_a_mistake(
    tmp_path: Path, config: str, said: str
) -> None:
    """It would stay silent for ever: a slip in the name is told, and that signals are not read."""
    configure(
        tmp_path, config + SURVEY, RULES.replace('{ text = "crash*" }', '{ signal = "outge" }')
    )
    with pytest.raises(ConfigError) as caught:
        bootstrap.load_checked_config(tmp_path / "config.toml", {})
    [problem] = caught.value.problems
    assert problem.where == 'rule "crash"'
    assert said in str(problem)


@pytest.mark.parametrize(
    ("config", "asked", "said"),
    [
        ("", "{ hours = { working = false } }", "set timezone under [hours]"),
        ("", "{ competitor = true }", "set [[brand.competitors]]"),
        (
            '[[brand.competitors]]\nname = "Rival"\nwords = ["rival"]\n',
            '{ competitor = "Rivall" }',
            "did you mean 'Rival'?",
        ),
    ],
)
def test_a_rule_that_asks_for_what_nobody_configured_is_a_mistake(
    tmp_path: Path, config: str, asked: str, said: str
) -> None:
    """Working time and competitors stand in the configuration, and a rule without them would stay
    silent for ever.
    """
    configure(tmp_path, config + SURVEY, RULES.replace('{ text = "crash*" }', asked))
    with pytest.raises(ConfigError) as caught:
        bootstrap.load_checked_config(tmp_path / "config.toml", {})
    [problem] = caught.value.problems
    assert problem.where == 'rule "crash"'
    assert said in str(problem)


def test_presets_look_for_words_where_no_signals_are_read(tmp_path: Path) -> None:
    """Whoever reads no signals has no mistake in the rules that come with the program, and all of
    them.
    """
    asked = []
    presets = "[rules]\npresets = ['support']"
    for deep in ("true", "false"):
        configure(tmp_path, f"[analysis]\ndeep = {deep}\n{SURVEY.replace('[rules]', presets)}")
        checked = bootstrap.load_checked_config(tmp_path / "config.toml", {})
        checked.http.close()
        asked.append({rule.id: [one.describe() for one in rule.all] for rule in checked.rules})
    deep_rules, by_words = asked
    assert deep_rules.keys() == by_words.keys()
    assert deep_rules["no-response"] == ["shows no response"]
    assert by_words["no-response"][0].startswith('says "no response" OR')


def test_a_source_says_where_its_feedback_belongs(tmp_path: Path) -> None:
    """As configured, and what is no stage is a mistake that names those there are."""
    configure(tmp_path, SURVEY.replace('kind = "csv_file"', 'kind = "csv_file"\nstage = "support"'))
    checked = bootstrap.load_checked_config(tmp_path / "config.toml", {})
    checked.http.close()
    read = checked.analyzer.analyze_without_team(make_feedback("ok", source_id="survey"))
    assert (read.stage, read.touchpoint) == ("support", "service")
    configure(tmp_path, SURVEY.replace('kind = "csv_file"', 'kind = "csv_file"\nstage = "suport"'))
    with pytest.raises(ConfigError, match=r"sources\[0\]\.stage: .*'support'"):
        bootstrap.load_checked_config(tmp_path / "config.toml", {})
