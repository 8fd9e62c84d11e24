"""config.toml and the environment as settings; every mistake at once, and no secret anywhere."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

import monitor
from monitor.config import load_settings
from monitor.errors import ConfigError
from monitor.settings import Secrets, Settings, parse_duration

MARKER = "xoxb-secret-marker-4711"
EXAMPLE = Path(monitor.__file__).parent / "config.example.toml"


def problems(folder: Path, text: str) -> list[str]:
    (folder / "config.toml").write_text(text, "utf-8")
    return [str(problem) for problem in load_settings(folder / "config.toml", {})[1]]


def secrets(folder: Path, env: str | None = None, **environ: str) -> Secrets:
    (folder / "config.toml").write_text("", "utf-8")
    if env is not None:
        (folder / ".env").write_text(env, "utf-8")
    return load_settings(folder / "config.toml", environ)[0].secrets


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("5m", 300),
        ("24h", 86400),
        ("7d", 604800),
        ("2w", 1209600),
        ("1.5h", 5400),
        (" 5 m ", 300),
        ("0s", 0),
    ],
)
def test_durations_are_numbers_with_a_unit(text: str, seconds: int) -> None:
    """Each unit means what people mean by it."""
    assert parse_duration(text) == timedelta(seconds=seconds)
    assert parse_duration(timedelta(seconds=seconds)) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value", ["5", "5x", "m", "-5m", "5m 3s", "", 5, None, True, "1e3s", "521w", "9" * 400 + "w"]
)
def test_what_is_no_duration_is_refused(value: object) -> None:
    """A number without a unit is a mistake, and so is more than ten years."""
    with pytest.raises(ValueError, match=r"a time (with its unit|of at most)"):
        parse_duration(value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[collect]\nevry = '5m'", "config.toml: collect.evry: unknown key; did you mean 'every'?"),
        ("[colect]\nevery = '5m'", "config.toml: colect: unknown key; did you mean 'collect'?"),
        ("[folder]", "config.toml: folder: unknown key; "),
        ("[secrets]", "config.toml: secrets: unknown key; "),
        ("collect = 5", "config.toml: collect: write it as a table headed [collect]"),
        (
            "[sources]\nid = 'a'",
            "config.toml: sources: write each source as a table headed [[sources]]",
        ),
        ("sources = [1]", "config.toml: sources: write each source as a table headed [[sources]]"),
        ("[[sources]]\nkind = 'feed'", "config.toml: sources[0].id: this key is needed"),
        ("[[sources]]\nid = 'a'", "config.toml: sources[0].kind: this key is needed"),
        (
            "[[sources]]\nid = 'A b'\nkind = 'feed'",
            "config.toml: sources[0].id: does not fit: lower-case letters",
        ),
        (
            "[[sources]]\nid = 'a'\nkind = 'feed'\nevery = 5",
            "config.toml: sources[0].every: a time with its unit",
        ),
        ("[collect]\nevery = '99999999999999w'", "config.toml: collect.every: a time of at most"),
        ("[http]\nmax_size = 'big'", "config.toml: http.max_size: a size is needed"),
        ("[http]\nmax_size = '" + "9" * 400 + "'", "config.toml: http.max_size: a size of at most"),
        ("[log]\nlevel = 'loud'", "config.toml: log.level: allowed: debug, info, warning, error"),
        (
            "[respond]\nassign = 'roundrobin'",
            "config.toml: respond.assign: allowed: nobody, round_robin, on_call; did you",
        ),
        (
            "[[sources]]\nid = 'a'\nkind = 'feed'\nstage = 'using'",
            "config.toml: sources[0].stage: allowed: awareness, ",
        ),
        ("[slack]\nposts_per_second = nan", "config.toml: slack.posts_per_second: "),
        ("[slack]\nsettle_seconds = inf", "config.toml: slack.settle_seconds: "),
        ("[slack]\ncards_per_hour = -1", "config.toml: slack.cards_per_hour: at least 0"),
        ("[alarm]\nafter = '5s'", "config.toml: alarm.after: at least 1m"),
        ("[http]\npause = '1h'", "config.toml: http.pause: at most 1m"),
        ("[desk]\nconnections = 11", "config.toml: desk.connections: at most 10"),
        ("[respond]\nagents = ['anna']", "config.toml: respond.agents[0]: ids only, like U0123ABC"),
        (
            "[respond]\nmanagers = ['@lead']",
            "config.toml: respond.managers[0]: ids only, like U0123ABC",
        ),
        (
            "[respond]\npeople = ['S0123ABC']",
            "config.toml: respond.people[0]: ids only, like U0123ABC: in Slack, profile",
        ),
        (
            "[respond]\nassign = 'on_call'",
            'config.toml: respond.people: assign = "on_call" needs at least one id',
        ),
    ],
)
def test_each_mistake_is_one_line_with_its_key_path(
    tmp_path: Path, text: str, problem: str
) -> None:
    """The line says where and what is allowed, and names a near key where there is one."""
    (found,) = problems(tmp_path, text)
    assert found.startswith(problem)
    assert len(found.splitlines()) == 1


def test_all_mistakes_are_found_at_once(tmp_path: Path) -> None:
    """Nobody runs the program once for each slip: a source with a mistake stays, so that its
    options are checked.
    """
    source = "[[sources]]\nid = 'a'\nkind = 'feed'\n"
    text = (
        "nope = 1\n[http]\ntimeout = 5\nsise = 1\n[log]\nlevel = 'x'\n"
        f"{source}{source}[[sources]]\nkind = 'feed'\n"
    )
    found = problems(tmp_path, text)
    wheres = sorted(line.split(": ")[1] for line in found)
    assert wheres == [
        "http.sise",
        "http.timeout",
        "log.level",
        "nope",
        "sources[1].id",
        "sources[2].id",
    ]
    assert [source.id for source in load_settings(tmp_path / "config.toml", {})[0].sources] == [
        "a",
        "a",
        "source-2",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[http]\nallow_private_networks = "yes"',
            "http.allow_private_networks: true or false is needed",
        ),
        ('[rules]\npresets = "support"', 'rules.presets: a list is needed, like ["one", "two"]'),
        ("[slack]\ncards_per_hour = 1.5", "slack.cards_per_hour: a whole number is needed"),
        ('[collect]\nevery = "0s"', "collect.every: "),
        (
            '[brand]\nemergency_line = "116\\n123"',
            "brand.emergency_line: one line of plain text is needed",
        ),
        ("[brand]\nemergency_line = 116123", "brand.emergency_line: "),
    ],
)
def test_a_wrong_type_says_what_is_needed(tmp_path: Path, text: str, message: str) -> None:
    """In words of somebody who writes TOML, and a switch is never guessed."""
    (found,) = problems(tmp_path, text)
    assert message in found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file; create one with `repwatch init`"),
        (b"a = ", "config.toml: not valid TOML"),
        (b"a = '\xff'", "config.toml: not UTF-8 at byte 5; save it as UTF-8"),
    ],
)
def test_what_cannot_be_read_at_all_says_so(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    """A missing or broken file is one problem."""
    path = tmp_path / "config.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=message) as caught:
        load_settings(path, {})
    assert len(caught.value.problems) == 1


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    """What the system says is passed on."""
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_settings(tmp_path, {})


def test_nothing_written_means_defaults(tmp_path: Path) -> None:
    """An empty file is a configuration, also with a byte order mark, and paths start at its
    folder.
    """
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbf")
    settings, found = load_settings(tmp_path / "config.toml", {})
    assert found == []
    assert settings == Settings(folder=tmp_path.resolve())


def test_options_of_a_kind_are_handed_on(tmp_path: Path) -> None:
    """What the frame does not know belongs to the kind."""
    (tmp_path / "config.toml").write_text(
        "[[sources]]\nid='a'\nkind='feed'\nevery='1h'\nurl='u'\noptions=3\n", "utf-8"
    )
    (source,) = load_settings(tmp_path / "config.toml", {})[0].sources
    assert (source.id, source.kind, source.every) == ("a", "feed", timedelta(hours=1))
    assert source.options == {"url": "u", "options": 3}


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """A variable that is set counts, an empty one does not, and what neither has is empty."""
    found = secrets(
        tmp_path,
        f"SLACK_BOT_TOKEN=file\nREDDIT_CLIENT_ID=' {MARKER} '\n",
        SLACK_BOT_TOKEN="env",
        OTHER="x",
    )
    assert found.slack_bot_token.get_secret_value() == "env"
    assert found.reddit_client_id.get_secret_value() == MARKER
    assert found.slack_app_token.get_secret_value() == ""
    assert secrets(tmp_path, SLACK_BOT_TOKEN="").slack_bot_token.get_secret_value() == "file"


def test_secrets_are_taken_literally(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dollar sign in a secret is part of it; nothing else of the machine's environment gets
    in.
    """
    monkeypatch.setenv("HOME_MARKER", "leaked")
    found = secrets(tmp_path, "SLACK_BOT_TOKEN=a${HOME_MARKER}b\n")
    assert found.slack_bot_token.get_secret_value() == "a${HOME_MARKER}b"


def test_a_broken_env_file_is_a_problem(tmp_path: Path) -> None:
    """It is named without any of its content."""
    (tmp_path / "config.toml").touch()
    (tmp_path / ".env").write_bytes(b"SLACK_BOT_TOKEN=" + MARKER.encode() + b"\xff")
    with pytest.raises(ConfigError, match=r"\.env: not UTF-8") as caught:
        load_settings(tmp_path / "config.toml", {})
    assert MARKER not in str(caught.value) + repr(caught.value)


def test_secrets_are_in_no_text(tmp_path: Path) -> None:
    """Neither the settings nor their parts, shown in any way, hold a secret or the database's
    address.
    """
    (tmp_path / "config.toml").write_text(
        f"[store]\nurl = 'postgresql+psycopg://u:{MARKER}@h/d'\n", "utf-8"
    )
    settings, _ = load_settings(tmp_path / "config.toml", {"SLACK_BOT_TOKEN": MARKER})
    assert settings.secrets.slack_bot_token.get_secret_value() == MARKER
    shown = [settings, settings.secrets, settings.store, settings.secrets.model_dump()]
    assert [value for value in shown if MARKER in f"{value!r} {value!s}"] == []


def test_redaction_replaces_every_secret() -> None:
    """Long secrets go wherever they stand; a secret of three letters would take half the text with
    it.
    """
    found = Secrets.model_validate(
        {"slack_bot_token": MARKER, "reddit_client_id": "abc", "slack_app_token": ""}
    )
    assert found.redact(f"token={MARKER}&again={MARKER} abc") == "token=***&again=*** abc"


def test_settings_are_frozen(tmp_path: Path) -> None:
    """No part can change what the others were built from."""
    (tmp_path / "config.toml").touch()
    settings, _ = load_settings(tmp_path / "config.toml", {})
    with pytest.raises(ValidationError, match="frozen"):
        settings.store.url = "x"  # type: ignore[misc]


def _keys() -> list[tuple[str, str]]:
    tables = {
        name: field.annotation for name, field in Settings.model_fields.items() if name != "secrets"
    }
    models = {
        name: kind
        for name, kind in tables.items()
        if isinstance(kind, type) and issubclass(kind, BaseModel)
    }
    return [(section, key) for section, model in models.items() for key in model.model_fields]


@pytest.mark.parametrize(("section", "key"), _keys())
def test_the_example_names_every_setting(section: str, key: str) -> None:
    """In its own section, commented or not, each key stands with a value."""
    text = EXAMPLE.read_text("utf-8")
    assert f"\n[{section}]\n" in text
    block = text.split(f"\n[{section}]\n")[1].split("\n[")[0]
    assert [line for line in block.splitlines() if line.removeprefix("# ").startswith(f"{key} = ")]


def test_the_example_shows_the_defaults(tmp_path: Path) -> None:
    """What it says without a comment sign is what holds without it, apart from the presets and the
    sample source.
    """
    data = tomllib.loads(EXAMPLE.read_text("utf-8"))
    (tmp_path / "config.toml").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    settings, found = load_settings(tmp_path / "config.toml", {})
    assert found == []
    for section in data.keys() - {"sources", "rules"}:
        assert getattr(settings, section) == getattr(Settings(), section)


BRAND = """
[brand]
name = "Acme"
locale = "de_CH"
segments = ["plan"]

[[brand.competitors]]
name = "Rival"
words = ["rival app"]

[[brand.personas]]
name = "Shop owners"
attributes = { plan = "team", country = ["DE", "AT"] }

[[goals]]
measure = "time_to_reply"
target = "4h"
by = 2027-06-30

[[goals]]
measure = "nps"
target = 45
by = 2027-06-30
source = "app"
"""


def test_the_brand_and_its_goals_are_values(tmp_path: Path) -> None:
    """One value of an attribute is a list of one, and a span is its seconds."""
    (tmp_path / "config.toml").write_text(BRAND, "utf-8")

    settings, found = load_settings(tmp_path / "config.toml", {})

    assert found == []
    [persona] = settings.brand.personas
    assert dict(persona.attributes) == {"plan": ("team",), "country": ("DE", "AT")}
    reply, nps = (table.goal for table in settings.goals)
    assert (reply.target, reply.measure.lower_is_better, reply.label) == (
        14400,
        True,
        "time to reply",
    )
    assert (nps.key, nps.label) == ("nps@app", "nps of app")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[[goals]]\nmeasure = "npss"', "goals[0].measure: allowed: nps"),
        ('[[goals]]\nmeasure = "npss"', "did you mean 'nps'?"),
        ('[[goals]]\nmeasure = "nps"\ntarget = 101', "goals[0].target: a number from -100 to 100"),
        (
            '[[goals]]\nmeasure = "stars"\ntarget = "4"',
            "goals[0].target: a number is needed, from 1",
        ),
        ('[[goals]]\nmeasure = "csat"\ntarget = true', "goals[0].target: a number is needed"),
        (
            '[[goals]]\nmeasure = "time_to_reply"\ntarget = 4',
            "goals[0].target: a time with its unit",
        ),
        ('[[goals]]\nby = "2027-06-30"', "goals[0].by: a day is needed, without quotes"),
        ("[[goals]]\ntarge = 1", "goals[0].targe: unknown key; did you mean 'target'?"),
        ("goals = 5", "goals: write each goal as a table headed [[goals]]"),
        ('[[brand.competitors]]\nname = "Rival"', "brand.competitors[0]: say by which words"),
        (
            '[[brand.competitors]]\nnam = "Rival"',
            "competitors[0].nam: unknown key; did you mean 'name'?",
        ),
        ('[[brand.personas]]\nname = "Owners"', "brand.personas[0]: say who is meant"),
        ('[[brand.personas]]\nname = "a=b"', "brand.personas[0].name: no '=' may stand in a name"),
        ('[brand]\nlocale = "german"', "brand.locale"),
        ('[brand]\nvision = "one\\ntwo"', "brand.vision: one line of plain text is needed"),
        ('[brand]\nsegments = ["plan", " "]', "brand.segments: an empty text stands among them"),
    ],
)
def test_a_mistake_about_the_brand_names_its_key(tmp_path: Path, text: str, expected: str) -> None:
    """With what is allowed, or the word that was probably meant."""
    assert expected in "\n".join(problems(tmp_path, text))


def test_a_measure_has_one_goal_and_five_are_enough(tmp_path: Path) -> None:
    """The second for the same measure is named, and so is the sixth of all."""
    goal = '[[goals]]\nmeasure = "{}"\ntarget = 4\nby = 2027-06-30\n'
    twice = problems(tmp_path, goal.format("nps") * 2)
    six = ("nps", "csat", "ces", "stars", "balance", "volume")

    assert twice == ["config.toml: goals[1].measure: nps has a goal already; change that one"]
    assert problems(tmp_path, "".join(map(goal.format, six))) == [
        "config.toml: goals: 5 goals are allowed, and here are 6: keep what matters"
    ]


def test_a_digest_that_comes_twice_or_has_no_segment_is_a_mistake(tmp_path: Path) -> None:
    """A week and a month for one channel are two; two weeks are one too many."""
    table = '[[digest.subscriptions]]\nchannel = "#a"\n'
    weekly, monthly = table, f'{table}period = "month"\n'

    assert problems(tmp_path, weekly + monthly) == []
    assert problems(tmp_path, weekly + monthly + weekly) == [
        (
            "config.toml: digest.subscriptions: #a gets the week digest for leadership twice; "
            "leave one of the two out, or give it another audience, segment, persona or period"
        )
    ]
    assert problems(tmp_path, f'{weekly}{table}persona = "Owners"\n') == []
    assert problems(tmp_path, '[digest]\nsegment = "a=b"\npersona = "Owners"\n') == [
        (
            "config.toml: digest.persona: a digest is about a segment or a persona; take one of "
            "them out"
        )
    ]
    assert problems(tmp_path, '[digest]\nsegment = "Berlin"\n') == [
        (
            "config.toml: digest.segment: 'Berlin' is no segment: write an attribute and its "
            "value, like country=DE"
        )
    ]


def test_two_of_a_name_are_a_mistake(tmp_path: Path) -> None:
    """Whatever their case: nobody could tell them apart in the digest."""
    table = '[[brand.competitors]]\nname = "{}"\nwords = ["x"]\n'

    found = problems(tmp_path, table.format("Rival") + table.format("RIVAL"))

    assert found == ["config.toml: brand.competitors: two are called 'rival'"]
