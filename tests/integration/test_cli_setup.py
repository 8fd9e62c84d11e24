"""`init`, `check`, `db upgrade`, `rules` and help: getting to a running program."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from monitor import __version__
from tests.integration.command import RULES, SURVEY, configure, run

EXAMPLE = Path(__file__).parents[2] / "monitor" / "config.example.toml"
COMMANDS = [
    *["score", "import", "search", "forget", "once", "run", "demo", "init", "check", "db upgrade"],
    *["rules check", "rules list", "alerts list", "alerts show", "alerts ack", "alerts resolve"],
    *["export feedback", "export alerts"],
]
MARKER = "secret-marker-4711"


def test_init_writes_the_example_once(tmp_path: Path) -> None:
    """The file equals the packaged example, the next step is named, and a second time nothing is
    touched.
    """
    first = run(tmp_path, "init", "new", fresh=True)
    target = tmp_path / "new" / "config.toml"
    assert (first.code, first.stdout) == (0, "wrote new/config.toml\n")
    assert "repwatch once --config new/config.toml" in first.stderr
    assert target.read_bytes() == EXAMPLE.read_bytes()
    target.write_text("mine", "utf-8")
    again = run(tmp_path, "init", "new")
    assert (again.code, again.stdout, target.read_text("utf-8")) == (2, "", "mine")
    assert again.lines == ["repwatch: new/config.toml: is already there and is left as it is"]


def test_the_example_works_as_it_stands(tmp_path: Path) -> None:
    """`check` and `once` in a copy end well, with nothing from the machine's environment, and read
    the sample once.
    """
    (tmp_path / "config.toml").write_bytes(EXAMPLE.read_bytes())
    assert {part["ok"] for part in run(tmp_path, "check", "--json").json} == {True}
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]
    first, second = run(tmp_path, "once", "--json", fresh=True), run(tmp_path, "once", "--json")
    assert (first.code, second.code) == (0, 0)
    assert first.json["sources"][0]["new"] == 120
    assert second.json["sources"][0]["new"] == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    """Its help begins with a whole sentence and needs no configuration."""
    result = run(tmp_path, *command.split(), "--help", env={"COLUMNS": "200"})
    assert result.code == 0
    assert f"Usage: python -m monitor {command}" in result.stdout
    sentences = [
        line.strip()
        for line in result.stdout.splitlines()
        if line.startswith(" ") and line.strip()[-1:] == "."
    ]
    assert any(len(sentence.split()) > 3 for sentence in sentences)


def test_the_version_is_the_packages(tmp_path: Path) -> None:
    """One line on standard output."""
    assert run(tmp_path, "--version", fresh=True).stdout == f"repwatch {__version__}\n"


def test_every_mistake_is_shown_at_once(tmp_path: Path) -> None:
    """Configuration, source kind, options and rules: one line each with its place and a near name,
    exit code 2.
    """
    config = (
        "[stor]\n[http]\ntimeout = 5\n[rules]\nfile = 'rules.toml'\npresets = ['suport']\n"
        "[slack]\ndefault_channel = '#s'\n"
        "[[sources]]\nid = 'a'\nkind = 'feedd'\n[[sources]]\nid = 'b'\nkind = 'feed'\nurll = 'x'\n"
    )
    configure(tmp_path, config, RULES.replace("crash*", "(crash").replace("severity", "severty"))
    for command in ("check", "once"):
        result = run(tmp_path, command)
        assert (result.code, result.stdout) == (2, "")
        assert all(line.startswith("repwatch: ") for line in result.lines)
        for said in [
            "config.toml: stor: unknown key; did you mean 'store'?",
            "config.toml: http.timeout: a time with its unit is needed",
            "config.toml: sources[0].kind: unknown kind 'feedd'; did you mean 'feed'?",
            "config.toml: sources[1].url: this key is needed",
            "config.toml: sources[1].urll: unknown key; did you mean 'url'?",
            "unknown preset 'suport'; did you mean 'support'?",
            "rules.toml: rule \"crash\" (rules[0]).severty: unknown key; did you mean 'severity'?",
            'rules.toml: rule "crash" (rules[0]).all[0].text: a ) is missing',
            "config.toml: slack.default_channel: Slack is to be used, but SLACK_BOT_TOKEN",
        ]:
            assert said in result.stderr
        assert len(result.lines) == 9
    assert not (tmp_path / "repwatch.db").exists()


def test_rules_are_checked_and_listed(tmp_path: Path) -> None:
    """A good file is counted, each mistake in a bad one named; the list shows what a rule asks,
    brackets included.
    """
    configure(
        tmp_path,
        rules=RULES.replace("crash*", "crash OR [/bold]").replace('"crash OR [/bold]"', "'crash*'"),
    )
    assert run(tmp_path, "rules", "check").stdout == "1 rule, no mistakes\n"
    assert run(tmp_path, "rules", "check", "rules.toml", "--json").json == {
        "rules": 1,
        "problems": [],
        "channels": 1,
        "cards_per_hour": 60,
    }
    assert "crash*" in run(tmp_path, "rules", "list").stdout
    assert run(tmp_path, "rules", "list", "--json").json[0]["id"] == "crash"
    (tmp_path / "bad.toml").write_text(
        "[[rules]]\nid = 'A b'\nall = [{ tex = 'x' }]\nmode = 'alive'\n", "utf-8"
    )
    bad = run(tmp_path, "rules", "check", "bad.toml")
    assert (bad.code, bad.stdout, bad.stderr.count("repwatch: bad.toml:")) == (2, "", 3)
    assert "unknown condition 'tex'; did you mean 'text'?" in bad.stderr


def test_a_rule_is_shown_as_it_is_after_merging(tmp_path: Path) -> None:
    """As TOML to copy with where each part was written, or as JSON; a wrong id is told with the
    nearest.
    """
    configure(tmp_path, rules=RULES + "\n[[defaults]]\nnone = [{ author = '[bot]' }]\n")
    shown = run(tmp_path, "rules", "show", "crash").stdout
    (rule,) = tomllib.loads(shown)["rules"]
    assert rule["none"] == [{"author": "[bot]"}]
    assert "# rules.toml, defaults in line " in shown
    told = run(tmp_path, "rules", "show", "crash", "--json").json
    assert told["none"] == rule["none"]
    assert told["origins"]["id"] == ["rules.toml"]
    assert told["version"] == run(tmp_path, "rules", "list", "--json").json[0]["version"]
    wrong = run(tmp_path, "rules", "show", "crsh")
    assert (wrong.code, wrong.stdout) == (2, "")
    assert "no rule is called 'crsh'; did you mean 'crash'?" in wrong.stderr


def test_a_draft_with_defaults_tries_the_rule_that_it_holds(tmp_path: Path) -> None:
    """Rules in force that its defaults change as well are not among those to choose from."""
    configure(tmp_path, SURVEY.replace("[rules]\n", "[rules]\npresets = ['support']\n"))
    draft = RULES + "\n[[defaults]]\nnone = [{ author = 'us' }]\n"
    (tmp_path / "draft.toml").write_text(draft, "utf-8")
    tried = run(tmp_path, "rules", "backtest", "--file", "draft.toml", "--json")
    assert (tried.code, tried.json["rule"]["id"]) == (0, "crash")


def test_a_file_of_rules_is_checked_beside_the_signals_that_there_are(tmp_path: Path) -> None:
    """A signal that nobody looks for is a mistake with and without a configuration; a workspace's
    own is none.
    """
    asking = "[[rules]]\nid = 'a'\nname = 'A'\nseverity = 'high'\nall = [{{ signal = ['{}'] }}]\n"
    (tmp_path / "typo.toml").write_text(asking.format("refnd"), "utf-8")
    (tmp_path / "own.toml").write_text(asking.format("mildew"), "utf-8")
    typo = run(tmp_path, "rules", "check", "typo.toml")
    assert typo.code == 2
    assert (
        "typo.toml: rule \"a\": no signal is called 'refnd'; did you mean 'refund'?" in typo.stderr
    )
    assert run(tmp_path, "rules", "check", "own.toml").code == 2

    configure(tmp_path, SURVEY + "[analysis]\nsignals = 'signals.toml'\n")
    (tmp_path / "signals.toml").write_text("[mildew]\nabout = 'damp'\nany = ['mildew']\n", "utf-8")
    assert run(tmp_path, "rules", "check", "own.toml").stdout == "1 rule, no mistakes\n"
    assert run(tmp_path, "rules", "check", "typo.toml").code == 2


def test_a_missing_file_of_answers_names_one_that_is_there(tmp_path: Path) -> None:
    """The hint is about answers, not about the configuration."""
    configure(tmp_path, SURVEY + '[respond]\ntemplates = "nope.toml"\n')
    result = run(tmp_path, "check")
    assert (result.code, result.stdout) == (2, "")
    assert result.lines == [
        'repwatch: respond.templates: no such file: nope.toml; try "sample:answers.toml"'
    ]


def test_a_way_for_clicks_needs_cards_in_slack(tmp_path: Path) -> None:
    """A mode that is asked for without a channel is a mistake, and no silence."""
    configure(tmp_path, SURVEY + '[desk]\nmode = "socket"\n')
    result = run(tmp_path, "check")
    assert result.code == 2
    assert "config.toml: desk.mode: " in result.stderr
    assert "set default_channel under [slack]" in result.stderr
    configure(
        tmp_path,
        SURVEY + '[desk]\nmode = "socket"\n[slack]\ndefault_channel = "#s"\ncards_per_hour = -1\n',
    )
    assert run(tmp_path, "check").lines == [
        "repwatch: config.toml: slack.cards_per_hour: at least 0"
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "one"], "'ALERT': a whole number is needed"),
        (["list", "--limit", "0"], "'--limit': at least 1"),
        (["list", "--limit", "9999999"], "'--limit': at most 1000000"),
        (["list", "--status", "opened"], "'--status': 'opened' is not one of 'open'"),
    ],
)
def test_a_wrong_option_is_told_in_plain_words(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    """Shortly, and without the words of any library."""
    result = run(tmp_path, "alerts", *arguments, env={"COLUMNS": "200"})
    assert result.code == 2
    assert said in result.stderr


def test_the_database_is_brought_up_to_date_by_hand(tmp_path: Path) -> None:
    """The command makes it and says its version; a second time nothing changes."""
    configure(tmp_path)
    first, second = run(tmp_path, "db", "upgrade"), run(tmp_path, "db", "upgrade")
    assert first.stdout == second.stdout
    assert first.stdout.startswith("the database is at version ")
    assert (tmp_path / "repwatch.db").exists()


@pytest.mark.parametrize("place", ["environment", "file"])
def test_no_secret_is_ever_said(tmp_path: Path, place: str) -> None:
    """Not by a check that fails, a cycle that fails, a wrong configuration, nor in any file,
    wherever it came from.
    """
    secrets = {
        "SLACK_BOT_TOKEN": f"xoxb-{MARKER}",
        "REDDIT_CLIENT_SECRET": MARKER,
        "REDDIT_CLIENT_ID": f"id{MARKER}",
    }
    config = (
        "[slack]\ndefault_channel = '#s'\napi_url = "
        "'http://127.0.0.1:9/'\n[http]\nallow_private_networks = true\n"
        "[log]\nlevel = 'debug'\n[[sources]]\nid = 'r'\nkind = 'reddit'\nsubreddits = ['xyz']\n"
        "reddit_url = 'http://127.0.0.1:9'\noauth_url = 'http://127.0.0.1:9'\n"
    )
    configure(tmp_path, config)
    if place == "file":
        (tmp_path / ".env").write_text(
            "".join(f"{key}={value}\n" for key, value in secrets.items()), "utf-8"
        )
    env = secrets if place == "environment" else {}
    results = [run(tmp_path, command, env=env) for command in ("check", "once")]
    assert [result.code for result in results] == [1, 1]
    configure(tmp_path, config + "nope = 1\n")
    results.append(run(tmp_path, "check", env=env))
    assert results[-1].code == 2
    assert not [result for result in results if MARKER in result.stdout + result.stderr]
    written = [path for path in tmp_path.iterdir() if path.name != ".env"]
    assert not [path for path in written if MARKER.encode() in path.read_bytes()]


def test_a_missing_configuration_names_the_way_out(tmp_path: Path) -> None:
    """One line that says what to run."""
    result = run(tmp_path, "once", "--json", fresh=True)
    assert (result.code, result.stdout) == (2, "")
    assert result.lines == ["repwatch: config.toml: no such file; create one with `repwatch init`"]


def test_check_says_what_is_wrong_as_json(tmp_path: Path) -> None:
    """A source that does not answer is one failed part among good ones, and nothing is stored."""
    (configure(tmp_path) / "survey.csv").unlink()
    result = run(tmp_path, "check", "--json")
    assert result.code == 1
    assert [part["part"] for part in result.json if not part["ok"]] == ["source survey"]
    assert json.dumps(result.json).count("no such file") == 1
    assert not (tmp_path / "repwatch.db").exists()
