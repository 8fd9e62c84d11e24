"""The second path over real sockets: heartbeat, webhook, mail; what goes wrong stops nothing and
gives nothing away.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina
import structlog
from structlog.testing import capture_logs

from monitor import bootstrap
from monitor.errors import ConfigError
from monitor.http import HttpClient
from monitor.notifiers.operator import OperatorAlarm
from monitor.settings import AlarmSettings, HttpSettings, Secrets
from monitor.testing import NOON
from tests.integration.command import configure, run
from tests.world.faults import Reply, lost_before_commit
from tests.world.program import Program
from tests.world.slack import Slack
from tests.world.smtp import Smtp
from tests.world.waiting import wait_until
from tests.world.web import Web

TOKEN = "T0KEN-in-the-path"
PASSWORD = "p@ss/word"


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    """How other tests configured the log does not reach these, and what is tried again is tried at
    once.
    """
    structlog.reset_defaults()
    with stamina.set_testing(True, attempts=3, cap=True):
        yield
    structlog.reset_defaults()


@pytest.fixture
def http() -> Iterator[HttpClient]:
    """The product's own client, which may ask this machine."""
    with HttpClient(HttpSettings(allow_private_networks=True)) as client:
        yield client


def alarm(http: HttpClient, *to: str, sender: str | None = None, **secrets: str) -> OperatorAlarm:
    """An alarm by these ways."""
    settings = AlarmSettings.model_validate({"email_to": to, "email_from": sender})
    return OperatorAlarm(http, settings, Secrets.model_validate(secrets))


def taking(web: Web) -> str:
    """An address of the web host that takes whatever is posted."""
    return web.serve(f"/hooks/{TOKEN}", lambda request: Reply(200))


def test_the_webhook_gets_the_text_as_json(http: HttpClient, web: Web) -> None:
    """The form that Slack, Mattermost and many others take."""
    assert alarm(http, alarm_webhook_url=taking(web)).raise_alarm(
        "in trouble", "Since noon: refused", NOON
    )
    (request,) = web.requests
    assert (request.method, request.headers["content-type"]) == ("POST", "application/json")
    assert json.loads(request.body) == {"text": "in trouble\nSince noon: refused"}


def test_the_heartbeat_is_a_get(http: HttpClient, web: Web) -> None:
    """Nothing is sent along."""
    alarm(http, alarm_heartbeat_url=taking(web)).send_heartbeat()
    assert [(request.method, request.body) for request in web.requests] == [("GET", b"")]


def test_a_mail_reaches_everybody(http: HttpClient) -> None:
    """One mail with a date, to all addresses, after the login; a line break in a subject makes no
    header.
    """
    with Smtp("ops@x", PASSWORD) as mail:
        url = f"smtp://ops%40x:p%40ss%2Fword@{mail.address}"
        told = alarm(http, "a@x.org", "b@x.org", sender="bot@x.org", alarm_smtp_url=url)
        assert told.raise_alarm(
            "in trouble:\r\nBcc: evil@x.org", "Since noon: ü refused\n.\n", NOON
        )
    (letter,) = mail.letters
    assert (letter.sender, letter.recipients) == ("bot@x.org", ("a@x.org", "b@x.org"))
    assert letter.mail["Subject"] == "in trouble: Bcc: evil@x.org"
    assert letter.mail["Date"].datetime == NOON
    assert letter.mail.get_content().splitlines()[:2] == ["Since noon: ü refused", "."]


def test_without_a_login_and_a_sender_mail_is_handed_in_as_the_first_address(
    http: HttpClient,
) -> None:
    """A relay in the house asks for nothing."""
    with Smtp() as mail:
        assert alarm(http, "a@x.org", alarm_smtp_url=f"smtp://{mail.address}").raise_alarm(
            "s", "t", NOON
        )
    assert [letter.sender for letter in mail.letters] == ["a@x.org"]


@pytest.mark.parametrize(
    ("refuses", "says"),
    [
        (
            {"AUTH": "535 5.7.8 no: p@ss/word"},
            "127.0.0.1 refuses the login (535); mend ALARM_SMTP_URL",
        ),
        ({"RCPT": "550 who?"}, "127.0.0.1 takes mail for none of [alarm] email_to"),
        ({"DATA": "554 no"}, "127.0.0.1 does not take the mail (554)"),
        ({"EHLO": "421 busy", "HELO": "421 busy"}, "127.0.0.1:"),
    ],
)
def test_a_mail_server_that_refuses_is_named_without_the_login(
    http: HttpClient, refuses: dict[str, str], says: str
) -> None:
    """One line of ours; nothing of what the server said."""
    with Smtp("ops", PASSWORD, refuses) as mail, capture_logs() as logs:
        url = f"smtp://ops:p%40ss%2Fword@{mail.address}"
        assert not alarm(http, "a@x.org", alarm_smtp_url=url).raise_alarm("s", "t", NOON)
    (failure,) = [entry for entry in logs if entry["event"] == "alarm_failed"]
    assert failure["error"].startswith(says)
    assert PASSWORD not in repr(logs)
    assert "p%40ss" not in repr(logs)


def test_a_mail_server_that_takes_one_address_of_two_is_told_of(http: HttpClient) -> None:
    """The mail goes to the other, and the log says that one was refused."""
    with Smtp(refuses={"RCPT TO:<b@": "550 who?"}) as mail, capture_logs() as logs:
        assert alarm(
            http, "a@x.org", "b@x.org", alarm_smtp_url=f"smtp://{mail.address}"
        ).raise_alarm("s", "t", NOON)
    assert [letter.recipients for letter in mail.letters] == [("a@x.org",)]
    assert [entry["addresses"] for entry in logs if entry["event"] == "alarm_refused_for_some"] == [
        1
    ]


def test_one_way_is_enough_and_the_others_are_tried_all_the_same(
    http: HttpClient, web: Web
) -> None:
    """A dead webhook does not keep the mail from being sent."""
    web.fail_next(lost_before_commit)
    with Smtp() as mail:
        told = alarm(
            http, "a@x.org", alarm_webhook_url=taking(web), alarm_smtp_url=f"smtp://{mail.address}"
        )
        assert told.configured_routes == ("webhook", "e-mail to 1 address")
        assert told.raise_alarm("s", "t", NOON)
    assert len(mail.letters) == len(web.requests) == 1


@pytest.mark.parametrize("status", [302, 403, 404, 410, 429, 500])
def test_an_address_that_fails_is_never_logged(http: HttpClient, web: Web, status: int) -> None:
    """Webhooks and heartbeats carry their token in the path: the name of the variable stands for
    them.
    """
    url = web.refuse(
        f"/hooks/{TOKEN}", status, {"Location": f"/elsewhere/{TOKEN}"} if status == 302 else {}
    )
    told = alarm(http, alarm_webhook_url=url, alarm_heartbeat_url=url)
    with capture_logs() as logs:
        assert not told.raise_alarm("s", "t", NOON)
        told.send_heartbeat()
    failures = [entry for entry in logs if entry["event"] == "alarm_failed"]
    assert [entry["way"] for entry in failures] == ["webhook", "heartbeat"]
    assert [entry["error"].partition(":")[0] for entry in failures] == [
        "ALARM_WEBHOOK_URL",
        "ALARM_HEARTBEAT_URL",
    ]
    assert TOKEN not in repr(logs)


def test_a_private_address_needs_permission(web: Web) -> None:
    """The guard that keeps sources out of the private network holds here too, and says what to
    do.
    """
    with HttpClient(HttpSettings()) as http, capture_logs() as logs:
        assert not alarm(http, alarm_webhook_url=taking(web)).raise_alarm("s", "t", NOON)
    assert web.requests == ()
    assert "set [http] allow_private_networks = true" in repr(logs)


def test_without_any_way_the_log_is_all_there_is(http: HttpClient) -> None:
    """Nothing fails, and the trouble stands in the log as an error, without secrets."""
    with capture_logs() as logs:
        assert alarm(http, github_token="s3cr3t-token").raise_alarm(
            "s", "refused: s3cr3t-token", NOON
        )
    assert [(entry["log_level"], entry["text"]) for entry in logs] == [("error", "refused: ***")]


@pytest.mark.parametrize(
    ("text", "variables", "where", "says"),
    [
        (
            "",
            {"ALARM_WEBHOOK_URL": "example.com/x"},
            "ALARM_WEBHOOK_URL",
            "write it as https://host/path",
        ),
        (
            "",
            {"ALARM_HEARTBEAT_URL": "ftp://x"},
            "ALARM_HEARTBEAT_URL",
            "write it as https://host/path",
        ),
        ("email_to = ['a@x.org']", {}, "config.toml: alarm.email_to", "ALARM_SMTP_URL is neither"),
        ("", {"ALARM_SMTP_URL": "smtp://mail"}, "config.toml: alarm.email_to", "nobody is named"),
        (
            "email_to = ['a@x.org']",
            {"ALARM_SMTP_URL": "smtp://u:s3/cr3t@h"},
            "ALARM_SMTP_URL",
            "no mail server",
        ),
        (
            "email_to = ['a@x.org']",
            {"ALARM_SMTP_URL": "https://mail"},
            "ALARM_SMTP_URL",
            "no mail server",
        ),
        (
            "email_to = ['nobody']",
            {"ALARM_SMTP_URL": "smtp://mail"},
            "config.toml: alarm.email_to[0]",
            "like",
        ),
    ],
)
def test_a_mistake_is_named_before_anything_starts(
    tmp_path: Path, text: str, variables: dict[str, str], where: str, says: str
) -> None:
    """Whoever relies on an alarm learns at once that it could not ring; the address itself is not
    shown.
    """
    configure(tmp_path, f"[alarm]\n{text}\n")
    with pytest.raises(ConfigError) as caught:
        bootstrap.load_checked_config(tmp_path / "config.toml", variables)
    (problem,) = [problem for problem in caught.value.problems if problem.where == where]
    assert says in problem.message
    assert "cr3t" not in str(caught.value)


def test_check_says_how_people_are_told(tmp_path: Path, web: Web) -> None:
    """By its ways, or that nobody is; nothing is sent."""
    configure(tmp_path)
    assert "alarm: nobody is told" in run(tmp_path, "check").stdout
    (tmp_path / ".env").write_text(f"ALARM_HEARTBEAT_URL={taking(web)}\n")
    assert "alarm: by heartbeat" in run(tmp_path, "check").stdout
    assert web.requests == ()


def test_the_heart_beats_as_soon_as_it_runs(tmp_path: Path, slack: Slack, web: Web) -> None:
    """`run` says at once that it is there; a minute later it would say so again."""
    program = Program(tmp_path, slack)
    program.secrets |= {"ALARM_HEARTBEAT_URL": taking(web)}
    program.configure()
    with program.start("run") as running:
        assert wait_until(lambda: bool(web.requests) or running.ended)
        assert not running.ended, running.stderr
        running.terminate()
        assert running.result().code == 0
    assert TOKEN not in running.stderr
