"""`run` as a service: it polls, sends, stays small, and ends quickly and cleanly when it is told
to.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.world.faults import dripping, late, lost_after_commit
from tests.world.feeds import entries, rss
from tests.world.program import Program, Running, Table, delivery_ids
from tests.world.reddit import Reddit
from tests.world.slack import Slack, ratelimited
from tests.world.waiting import LAST_RESORT, wait_until
from tests.world.web import Web

#: Seconds for which everything hangs that could keep the program from ending: longer than any test
#: waits for its end.
HANGS = 10 * LAST_RESORT
MOST_MEMORY = 150_000  #: kB


@pytest.fixture
def program(tmp_path: Path, slack: Slack) -> Program:
    """The program in an empty folder."""
    return Program(tmp_path, slack)


def feed(web: Web, name: str, every: str = "1s") -> Table:
    return {"id": name, "kind": "feed", "url": f"{web.url}/{name}", "every": every}


def until(true: Callable[[], bool], running: Running) -> None:
    """Wait for something to become true while a command runs."""
    assert wait_until(lambda: true() or running.ended), running.stderr
    assert not running.ended, running.stderr


def memory(running: Running) -> int:
    """The resident memory of a process, in kB."""
    status = Path(f"/proc/{running.pid}/status").read_text("utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


def test_it_polls_and_sends_until_it_is_stopped(program: Program, slack: Slack, web: Web) -> None:
    """What a source shows is alerted while it runs, each once; idle it is small; SIGTERM ends it
    with 0.
    """
    web.publish("/news", rss(entries(2)))
    program.configure(feed(web, "news"), slack={"settle_seconds": 0.05})

    with program.start(
        "run", fresh=True
    ) as first:  # compiles what was never compiled, which leaves memory behind
        until(lambda: len(slack.postings) == 2, first)
        first.terminate()
        assert first.result().code == 0
    with program.start("run", fresh=True) as running:
        slack.fail_next(lost_after_commit, path="chat.postMessage")
        web.publish("/news", rss(entries(4)))
        until(lambda: len(slack.postings) == 4, running)
        seen = len(web.requests)
        until(lambda: len(web.requests) >= seen + 2, running)
        used = memory(running)
        running.terminate()
        result = running.result()

    print(f"resident memory: {used / 1000:.0f} MB")  # noqa: T201 - a figure to watch
    assert used < MOST_MEMORY
    assert result.code == 0
    assert program.deliveries() == {"sent": 4}
    assert len(set(delivery_ids(slack))) == 4


def test_it_stops_while_sources_hang_and_slack_asks_to_wait(
    program: Program, slack: Slack, reddit: Reddit, web: Web
) -> None:
    """Neither answers that do not come nor a long wait hold it up, and nothing is half
    done.
    """
    web.publish("/news", rss(entries(3)))
    web.publish("/hangs", rss(entries(500, "hanging broken")))
    web.fail_next(dripping(HANGS), path="/hangs", times=9)
    slack.fail_next(ratelimited(HANGS), path="chat.postMessage")
    program.secrets |= {
        "REDDIT_CLIENT_ID": reddit.client_id,
        "REDDIT_CLIENT_SECRET": reddit.client_secret,
    }
    reddit.weather = lambda request: late(HANGS)
    own_host = web.url.replace("127.0.0.1", "localhost")  # requests to one host wait for each other
    program.configure(
        feed(web, "news"),
        {**feed(web, "hangs"), "url": f"{own_host}/hangs"},
        {
            "id": "r",
            "kind": "reddit",
            "query": "x",
            "reddit_url": reddit.url,
            "oauth_url": reddit.url,
        },
        http={"timeout": f"{HANGS}s"},
    )

    with program.start("run", fresh=True) as running:
        until(lambda: bool(slack.requests_to("chat.postMessage")), running)
        until(lambda: bool(web.requests_to("/hangs") and reddit.requests), running)
        running.terminate()
        result = running.result()

    assert result.code == 0
    assert program.deliveries() == {"pending": 3}
    assert program.query("SELECT count(*) FROM feedback") == [(3,)]
    assert program.query("PRAGMA integrity_check") == [("ok",)]
    program.let_pass(HANGS)
    program.configure(feed(web, "news"))
    assert program.once().json["deliveries"]["sent"] == len(slack.postings) == 3


def test_a_source_that_fails_is_named_and_does_not_stop_the_others(
    program: Program, slack: Slack, web: Web
) -> None:
    """The log says what is wrong with it, in one line, and the alerts of the others go out."""
    web.publish("/news", rss(entries(1)))
    web.login_page("/private")
    program.configure(feed(web, "private"), feed(web, "news"))

    with program.start("run", fresh=True) as running:
        until(lambda: "poll_failed" in running.stderr and bool(slack.postings), running)
        running.terminate()
        result = running.result()

    assert result.code == 0
    assert [line for line in result.lines if "private" in line and "a web page" in line]
