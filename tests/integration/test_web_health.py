"""Health and metrics tell how repwatch fares, and nothing that anybody said; every answer is locked
down.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.web.app import HEADERS
from monitor.web.server import WebServer
from tests.integration.web_place import (
    ENVIRON,
    NOW,
    Place,
    built,
    example,
    write_config,
)
from tests.world.waiting import LAST_RESORT, wait_until


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    write_config(tmp_path)
    with Place(tmp_path) as running:
        yield running


def metrics(place: Place) -> dict[str, float]:
    """Every figure by its name and labels."""
    lines = place.client.get("/metrics").text.splitlines()
    return {
        name: float(value)
        for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    }


def test_health_and_readiness(place: Place) -> None:
    """It is alive, and ready with nothing waiting; a card that is not shown yet has its age."""
    fresh = place.client.get("/readyz").json()
    place.post("delighted", example("delighted_updated"))
    assert place.settled()
    place.clock.move(timedelta(seconds=90))
    later = place.client.get("/readyz").json()

    assert place.client.get("/healthz").json() == {"status": "ok"}
    assert fresh == {
        "status": "ok",
        "outbox_oldest_seconds": 0,
        "inbox_oldest_seconds": 0,
        "inbox_dead": 0,
    }
    assert later == fresh | {"outbox_oldest_seconds": 90}


def test_metrics_count_what_there_is(place: Place) -> None:
    """Feedback, alerts, deliveries, the outbox's age, how sources fare, and what was answered to
    hooks.
    """
    place.post("delighted", example("delighted_updated"))
    place.post("delighted", example("delighted_updated"))
    place.post("delighted", b"{}", {})
    place.post("generic", b"not json")
    assert wait_until(lambda: 'repwatch_source_failures{source="generic"}' in metrics(place))
    place.clock.move(timedelta(seconds=30))
    found = metrics(place)

    assert found['repwatch_feedback{source="delighted"}'] == 1
    assert found['repwatch_alerts{state="open"}'] == 1
    assert found['repwatch_alerts{state="resolved"}'] == 0
    assert found['repwatch_deliveries{state="pending"}'] == 1
    assert found["repwatch_possible_repeats"] == 0
    assert found["repwatch_outbox_oldest_seconds"] == 30
    assert (found["repwatch_step_oldest_seconds"], found["repwatch_clocks_repaired_total"]) == (
        30,
        0,
    )
    assert (
        found['repwatch_source_last_success_timestamp_seconds{source="delighted"}']
        == NOW.timestamp()
    )
    assert found['repwatch_source_failures{source="generic"}'] == 1
    assert found['repwatch_inbox{state="waiting"}'] == 1
    outcomes = {
        outcome: found[f'repwatch_hooks_total{{outcome="{outcome}",source="delighted"}}']
        for outcome in OUTCOMES
    }
    assert outcomes == {"accepted": 1, "repeated": 1, "refused": 1}


OUTCOMES = ("accepted", "repeated", "refused")


def test_metrics_hold_no_words_and_no_secrets(place: Place) -> None:
    """Neither a customer's words or name nor a secret nor an error's text is among the figures."""
    place.post("delighted", example("delighted_updated"))
    place.post("trustpilot", example("trustpilot"))
    assert place.settled()
    text = place.client.get("/metrics").text

    assert not re.search("Rosa|Beispiel|invoice|Marta|Sevilla|caja", text)
    assert not [secret for secret in ENVIRON.values() if secret in text]


def test_strangers_make_no_labels(place: Place) -> None:
    """Requests to hooks that do not exist add nothing to the figures: they cannot fill the
    memory.
    """
    for number in range(20):
        place.post(f"nobody-{number}", b"{}")

    assert not [name for name in metrics(place) if "nobody" in name]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/healthz"),
        ("GET", "/metrics"),
        ("GET", "/nowhere"),
        ("POST", "/hooks/nobody"),
        ("PUT", "/healthz"),
    ],
)
def test_every_answer_is_locked_down(place: Place, method: str, path: str) -> None:
    """Nothing may be loaded, framed, guessed at or kept, and no software names itself."""
    answer = place.client.request(method, path)

    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "server" not in answer.headers


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect", "/"])
def test_nothing_describes_the_inside(place: Place, path: str) -> None:
    """There are no generated pages."""
    assert place.client.get(path).status_code == 404


def test_a_taken_address_is_a_mistake_of_the_configuration(place: Place) -> None:
    """Two programs on one address: the second says where the mistake is, before it starts
    anything.
    """
    taken = place.server.url.removeprefix("http://")
    text = (place.folder / "config.toml").read_text("utf-8")
    (place.folder / "config.toml").write_text(text.replace("127.0.0.1:0", taken), "utf-8")
    app = built(place.folder)
    with pytest.raises(ConfigError, match=r"config.toml: web.listen: .* cannot be listened on"):
        WebServer(app, threading.Event(), place.clock)
    app.close()


def test_commands_that_do_not_serve_load_no_web_framework() -> None:
    """`once` and `check` start without fastapi, uvicorn and the metrics library."""
    code = (
        "import sys, monitor.cli, monitor.bootstrap, monitor.pipeline.webhooks, sources.webhook;"
        "print([name for name in ('fastapi', 'starlette', 'uvicorn', 'prometheus_client') if name "
        "in sys.modules])"
    )
    found = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=LAST_RESORT,
    )

    assert found.stdout.strip() == "[]"
