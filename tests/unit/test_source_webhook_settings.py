"""Secrets that sources name, and the address to listen on: read from the environment, every mistake
with its place.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import load_settings, validate_model
from monitor.errors import ConfigProblem
from monitor.settings import Secrets, Settings, WebSettings

HOOK = """
[[sources]]
id = "survey"
kind = "webhook"
preset = "typeform"
secret_env = "SURVEY_SECRET"
old_secret_env = "SURVEY_OLD"
"""


def loaded(
    folder: Path, text: str = HOOK, dotenv: str = "", **environ: str
) -> tuple[Settings, list[ConfigProblem]]:
    (folder / "config.toml").write_text(text, "utf-8")
    (folder / ".env").write_text(dotenv, "utf-8")
    return load_settings(folder / "config.toml", environ)


def test_named_secrets_come_from_environment_and_file(tmp_path: Path) -> None:
    """A variable that a source names is read from the environment, else from .env; nobody else's is
    kept.
    """
    settings, problems = loaded(
        tmp_path,
        dotenv="SURVEY_OLD=from-file\nSURVEY_SECRET=other\nUNRELATED=x-y-z",
        SURVEY_SECRET=" from-environment ",
    )

    assert problems == []
    assert settings.secrets.get_secret("SURVEY_SECRET").get_secret_value() == "from-environment"
    assert settings.secrets.get_secret("SURVEY_OLD").get_secret_value() == "from-file"
    assert settings.secrets.get_secret("UNRELATED").get_secret_value() == ""


def test_a_missing_variable_is_a_problem_with_its_place(tmp_path: Path) -> None:
    """Each variable that is named and not set, or empty, is told with the key that names it."""
    _, problems = loaded(tmp_path, SURVEY_OLD="  ")

    unset = "is neither in the environment nor in .env; set it to the secret"
    assert [str(problem) for problem in problems] == [
        f"config.toml: sources[0].secret_env: SURVEY_SECRET {unset}",
        f"config.toml: sources[0].old_secret_env: SURVEY_OLD {unset}",
    ]


def test_no_old_secret_needs_no_variable(tmp_path: Path) -> None:
    """An empty name is none."""
    _, problems = loaded(tmp_path, HOOK.replace("SURVEY_OLD", ""), SURVEY_SECRET="abcd")

    assert problems == []


def test_a_secret_written_in_the_place_of_a_name_is_not_repeated(tmp_path: Path) -> None:
    """What is no name of a variable is left to the kind, and no problem here quotes it."""
    settings, problems = loaded(
        tmp_path, HOOK.replace("SURVEY_SECRET", "hunter2!"), SURVEY_OLD="abcd"
    )

    assert "hunter2" not in f"{problems}{settings.secrets!r}"


def test_named_secrets_are_redacted_and_hidden(tmp_path: Path) -> None:
    """Named secrets are replaced in texts, the longer of two first, and stand in no text form of
    the settings.
    """
    settings, _ = loaded(tmp_path, SURVEY_SECRET="open-sesame", SURVEY_OLD="open")

    assert (
        settings.secrets.redact("GET /?token=open-sesame, then open") == "GET /?token=***, then ***"
    )
    assert "sesame" not in f"{settings!r}{settings}{settings.secrets!r}{settings.secrets}"


def test_secrets_that_nobody_names_are_empty() -> None:
    """Without a configuration there is nothing to hide and nothing to find."""
    assert Secrets().get_secret("SURVEY_SECRET").get_secret_value() == ""
    assert Secrets().redact("words") == "words"


@pytest.mark.parametrize(
    ("listen", "address"),
    [
        ("", ("", 0)),
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:65535", ("::1", 65535)),
    ],
)
def test_addresses_to_listen_on(listen: str, address: tuple[str, int]) -> None:
    """A host and a port, also in the new form; nothing is off."""
    assert WebSettings(listen=listen).host_and_port == address


@pytest.mark.parametrize(
    "listen", ["8080", ":8080", "127.0.0.1", "127.0.0.1:65536", "::1:80", "http://a:1", "a:b"]
)
def test_what_is_no_address_is_a_mistake(listen: str) -> None:
    """The mistake shows how an address is written."""
    settings, problems = validate_model(WebSettings, {"listen": listen}, "config.toml: web.")

    assert settings is None
    assert [str(problem) for problem in problems] == [
        (
            'config.toml: web.listen: write an address and a port, like "127.0.0.1:8080" or '
            '"[::1]:8080"'
        )
    ]
