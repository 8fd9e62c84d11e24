"""The desk as its users run it: `repwatch run` with the app that the manifest makes, and what
`check` says of it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from monitor.settings import (
    DeskSettings,
    RespondSettings,
    Secrets,
    Settings,
    SlackSettings,
    WebSettings,
)
from monitor.slack.checks import check_slack_app
from monitor.slack.manifest import build_manifest
from monitor.slack.mode import InboundMode, check_mode_settings, choose_mode
from tests.integration.slack_app_place import somebody
from tests.world.program import Program
from tests.world.slack import APP_TOKEN, BOT_TOKEN, CHANNEL, Slack
from tests.world.waiting import wait_until

SOURCE = {
    "id": "file",
    "kind": "csv_file",
    "path": "said.csv",
    "mapping": {"id": "id", "created_at": "at", "body": "text"},
}


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A workspace with the app as its manifest makes it."""
    with Slack(posts_per_second=None) as server:
        server.install(build_manifest())
        yield server


def test_a_click_on_a_card_of_run_is_done(tmp_path: Path, slack: Slack) -> None:
    """With what the manifest asks for and two tokens, a card is taken, and SIGTERM ends
    everything.
    """
    program = Program(tmp_path, slack)
    program.secrets["SLACK_APP_TOKEN"] = APP_TOKEN
    program.configure(SOURCE, analysis={"deep": False})
    written = datetime.now(UTC).isoformat()
    (tmp_path / "said.csv").write_text(f"id,at,text\n1,{written},it is broken\n", "utf-8")
    ann = somebody(slack)
    with program.start("run") as running:
        assert wait_until(lambda: bool(slack.visible()))
        slack.socket.wait_for(2)
        assert ann.click(slack.visible()[0], "take").acked
        assert wait_until(lambda: f"<@{ann.id}>" in str(slack.visible()[0].blocks))
        ann.react(slack.visible()[0], "white_check_mark")
        assert wait_until(lambda: "Resolved" in str(slack.visible()[0].blocks))
        running.terminate()
        assert running.result().code == 0
    assert "over Socket Mode" in running.stderr


def settings(slack: Slack, **more: object) -> Settings:
    """A configuration with Socket Mode."""
    secrets = Secrets(slack_bot_token=SecretStr(BOT_TOKEN), slack_app_token=SecretStr(APP_TOKEN))
    own = SlackSettings(default_channel=CHANNEL, api_url=slack.api_url)
    return Settings.model_validate({"slack": own, "secrets": secrets, **more})


def now() -> datetime:
    """The time."""
    return datetime.fromtimestamp(time.time(), UTC)


def test_the_check_finds_nothing_wrong(slack: Slack) -> None:
    """Way, clock, token and groups are told of."""
    slack.add_group("S0TEAM", "team", ["U0ANN"])
    found = check_slack_app(settings(slack, respond=RespondSettings(agents=("S0TEAM",))), now())
    assert found.problems == ()
    assert found.lines == (
        "buttons: over Socket Mode, 2 connections",
        "clock: agrees with Slack's",
        "SLACK_APP_TOKEN is valid: Slack lets repwatch connect",
        "group S0TEAM of [respond]: 1 person",
    )


def test_the_check_names_everything_that_is_wrong(slack: Slack) -> None:
    """A clock that is off, scopes that are missing, a token that is refused, a group that there is
    not.
    """
    slack.scopes -= {"reactions:read", "commands", "im:write"}
    slack.revoke(APP_TOKEN, "invalid_auth")
    found = check_slack_app(
        settings(slack, respond=RespondSettings(managers=("S0NONE",))), now() + timedelta(minutes=3)
    )
    said = [str(problem) for problem in found.problems]
    assert any("ahead of Slack" in one for one in said)
    for what in ("reactions:read", "commands", "im:write", "SLACK_APP_TOKEN: ", "group S0NONE"):
        assert any(what in one for one in said), what
    assert not any(token in json.dumps(said) for token in (APP_TOKEN, BOT_TOKEN))


def test_the_check_says_what_names_need(slack: Slack) -> None:
    """Without the scope for names everything works, so that it is a fact and no problem."""
    slack.scopes -= {"users:read"}
    found = check_slack_app(settings(slack), now())
    assert found.problems == ()
    assert any("users:read is missing" in line for line in found.lines)


def test_without_a_way_the_check_says_so(slack: Slack) -> None:
    """No app token and no signing secret: cards without buttons, and that is no mistake."""
    bare = settings(slack, secrets=Secrets(slack_bot_token=SecretStr(BOT_TOKEN)))
    found = check_slack_app(bare, now())
    assert (found.problems, "SLACK_APP_TOKEN" in found.lines[0]) == ((), True)


@pytest.mark.parametrize(
    ("desk", "secrets", "listen", "mode", "lacks"),
    [
        ("auto", {"slack_app_token": "xapp-1"}, "127.0.0.1:1", InboundMode.SOCKET, 0),
        ("auto", {"slack_signing_secret": "s"}, "127.0.0.1:1", InboundMode.HTTP, 0),
        ("auto", {"slack_signing_secret": "s"}, "", InboundMode.OFF, 0),
        ("auto", {}, "127.0.0.1:1", InboundMode.OFF, 0),
        ("off", {"slack_app_token": "xapp-1"}, "", InboundMode.OFF, 0),
        ("http", {"slack_app_token": "xapp-1"}, "", InboundMode.HTTP, 2),
        ("socket", {}, "", InboundMode.SOCKET, 1),
    ],
)
def test_the_way_follows_the_configuration(
    desk: str, secrets: dict[str, str], listen: str, mode: InboundMode, lacks: int
) -> None:
    """Socket Mode before HTTP before none; a way that is asked for and lacks something is a
    mistake.
    """
    own = Settings(
        slack=SlackSettings(default_channel="#support"),
        desk=DeskSettings(mode=desk),
        web=WebSettings(listen=listen),
        secrets=Secrets.model_validate(secrets),
    )
    assert choose_mode(own).mode is mode
    assert len(check_mode_settings(own, "config.toml")) == lacks
