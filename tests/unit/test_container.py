"""The container: what is installed in it, what it may do, and what never gets into it.

No image is built here. What a build runs is `.ci/install`, which `.ci/run` runs in an empty folder.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.settings import StoreSettings, WebSettings
from monitor.store.engine import parse_url

ROOT = Path(__file__).parents[2]
if not (ROOT / "Dockerfile").is_file():
    pytest.skip("looks at the source tree, not at a wheel", allow_module_level=True)

PAGE = ROOT / "docs" / "howto" / "run-in-a-container.md"
SECRET = re.compile(r"TOKEN|SECRET|PASS|KEY|CREDENTIAL", re.IGNORECASE)
ENTRY = re.compile(r"^[a-z0-9-]+==.*\\\n(?:    --hash=\S+(?: \\)?\n)+", re.MULTILINE)


def stages() -> list[list[tuple[str, str]]]:
    """The stages of the Dockerfile, each as its instructions with their words."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    found: list[list[tuple[str, str]]] = []
    for line in filter(None, map(str.strip, lines)):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        if found:
            found[-1].append((word, " ".join(rest.split())))
    return found


def told(stage: list[tuple[str, str]], word: str) -> list[str]:
    """What the instructions of one kind say in a stage."""
    return [rest for name, rest in stage if name == word]


def services() -> dict[str, dict[str, Any]]:
    """The services of compose.yaml."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))[
        "services"
    ]
    return found


def let_through() -> list[str]:
    """What .dockerignore sends to a build."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    return [line.removeprefix("!") for line in lines if line.startswith("!")]


def test_an_image_is_installed_by_the_script_alone() -> None:
    """The stage that builds runs nothing but the script which CI tries, and all it made is taken
    over.
    """
    build, final = stages()

    assert told(build, "COPY") == [". ."]
    assert told(build, "RUN") == [".ci/install /opt/repwatch"]
    assert told(final, "COPY") == ["--from=build /opt/repwatch /opt/repwatch"]
    assert "pip" not in " ".join(told(final, "RUN"))
    assert told(build, "FROM")[0].split()[0] == told(final, "FROM")[0]


def test_ci_runs_the_same_script_on_the_same_files() -> None:
    """CI installs with the script, in a folder that holds only what is sent to a build."""
    run = (ROOT / ".ci" / "run").read_text("utf-8")

    assert "sed -n 's/^!//p' .dockerignore | xargs cp -R --parents -t \"$work/empty\"" in run
    assert '"$work/empty/.ci/install" "$work/venv"' in run
    assert ".ci/install" in let_through()


def test_nothing_private_is_sent_to_a_build() -> None:
    """Everything is left out but what is named, and that is neither configuration nor data."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    named = let_through()

    assert next(line for line in lines if not line.startswith("#")) == "*"
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert [name for name in named if re.search(r"env$|config|\.db|\.git|\*", name)] == []


def test_what_runs_and_what_builds_is_what_was_tested() -> None:
    """The smaller locks hold entries of requirements.lock, byte for byte, and no test tools."""
    whole = set(ENTRY.findall((ROOT / "requirements.lock").read_text("utf-8")))
    run, build = (
        set(ENTRY.findall((ROOT / f"requirements-{part}.lock").read_text("utf-8")))
        for part in ("run", "build")
    )

    assert run
    assert run <= whole
    assert build
    assert build <= whole
    names = {entry.partition("==")[0] for entry in run}
    assert {"psycopg-binary", "google-auth", "slack-bolt"} <= names
    assert {"pytest", "mypy", "ruff", "hatchling", "pre-commit"} & names == set()


def test_it_does_not_run_as_root() -> None:
    """The last user named is a number other than 0, which clusters can check."""
    user = told(stages()[-1], "USER")[-1]

    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)


def test_no_secret_is_part_of_an_image() -> None:
    """No argument and no variable of the image is called like a secret."""
    words = [rest for stage in stages() for word in ("ARG", "ENV") for rest in told(stage, word)]

    assert [said for said in words if SECRET.search(said)] == []


@pytest.mark.parametrize("name", services())
def test_a_service_may_do_no_more_than_it_must(name: str) -> None:
    """No service is root, gains rights, or writes anywhere but in its volume and in memory."""
    service = services()[name]
    writable = [
        mount
        for mount in service["volumes"]
        if not (isinstance(mount, dict) and mount.get("read_only"))
    ]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert len(writable) == 1
    assert re.fullmatch(r"[a-z]+:/\S+", writable[0])  # a named volume, no folder of the machine
    assert service.get("user", "") not in ("root", "0")
    assert {"privileged", "cap_add", "network_mode", "pid", "devices"} & service.keys() == set()


def test_nothing_is_offered_beyond_this_machine() -> None:
    """Each published port is bound to the loopback address; the database has none."""
    assert services()["repwatch"]["ports"] == ["127.0.0.1:8080:8080"]
    assert "ports" not in services()["postgres"]


def test_compose_holds_no_secret() -> None:
    """Secrets come from .env: what is called like one has only a reference as its value."""
    values = {
        key: value
        for service in services().values()
        for key, value in service.get("environment", {}).items()
        if SECRET.search(key)
    }

    assert values == {"POSTGRES_PASSWORD": "${PGPASSWORD:-}"}
    assert services()["repwatch"]["env_file"] == [{"path": ".env", "required": False}]


def test_postgres_is_there_only_when_asked_for() -> None:
    """Without its profile nothing waits for the server; with it, until the server answers."""
    assert services()["postgres"]["profiles"] == ["postgres"]
    assert services()["repwatch"]["depends_on"]["postgres"] == {
        "condition": "service_healthy",
        "required": False,
    }
    assert services()["postgres"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server that answers every request with one status; its port."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
    assert asked == ["/readyz"]


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_health_is_what_the_program_says_of_itself(status: int, code: int) -> None:
    """The image's own check, run against a server on another port, says what /readyz said, however
    the environment sets proxies.
    """
    (check,) = told(stages()[-1], "HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    with answering(status) as port:
        script = command[2].replace("8080", str(port))
        ended = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, command[1], script],
            env={"http_proxy": "http://127.0.0.1:1"},
            timeout=60,
            check=False,
        )

    assert command[0] == "python"
    assert ended.returncode == code


def test_the_page_configures_what_the_container_offers() -> None:
    """Whoever copies the page's settings keeps the database in the volume, and is asked for health
    on the port that is listened on.
    """
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    first, second = (tomllib.loads(block) for block in blocks)
    listen = WebSettings.model_validate(first["web"]).host_and_port
    file = parse_url(StoreSettings.model_validate(first["store"]).url)
    server = parse_url(StoreSettings.model_validate(second["store"]).url)

    assert listen == ("0.0.0.0", 8080)
    assert "8080" in told(stages()[-1], "HEALTHCHECK")[0]
    assert services()["repwatch"]["ports"][0].endswith(f":{listen[1]}")
    assert str(file.database) == "/data/repwatch.db"
    assert "data:/data" in services()["repwatch"]["volumes"]
    made = services()["postgres"]["environment"]
    assert (server.host, server.username, server.database) == (
        "postgres",
        made["POSTGRES_USER"],
        made["POSTGRES_DB"],
    )
    assert server.password is None
