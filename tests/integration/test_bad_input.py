"""What sources, databases, disks and people get wrong: one clear line each, the others go on, what
is stored stays.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.world.faults import Reply
from tests.world.feeds import JSON, Entry, entries, json_feed, rss
from tests.world.program import BROKEN, Program, Table
from tests.world.slack import Slack
from tests.world.web import Web

DATED = "<item><guid>{0}</guid><description>broken {0}</description><pubDate>{1}</pubDate></item>"


@pytest.fixture
def program(tmp_path: Path, slack: Slack) -> Program:
    """The program in an empty folder."""
    return Program(tmp_path, slack)


def feed(id_: str, url: str, **more: object) -> Table:
    return {"id": id_, "kind": "feed", "url": url, **more}


def told(lines: list[str], *parts: str) -> list[str]:
    """The lines (or messages) that hold all of these."""
    return [line for line in lines if all(part in line for part in parts)]


def test_sources_that_fail_are_named_one_line_each_and_the_others_go_on(
    program: Program, slack: Slack, web: Web
) -> None:
    """Whatever a host answers instead of a feed, the good source is read, stored and alerted; it
    ends with 1.
    """
    web.serve("/large", lambda request: Reply(200, {}, b"x" * 20_000_000))
    bad = {
        "page": (web.login_page("/page"), "a web page"),
        "empty": (web.empty("/empty"), "the answer is empty"),
        "large": (f"{web.url}/large", "max_size"),
        "gone": (web.refuse("/gone", 410), "410"),
        "missing": (f"{web.url}/missing", "404"),
        "later": (web.throttle("/later", 3600), "3600 seconds"),
        "nowhere": ("http://nosuchhost.invalid/feed", "cannot be reached"),
        "closed": ("http://127.0.0.1:1/feed", "cannot be reached"),
        "json": (web.publish("/json", '{"some": "json"}', content_type=JSON), "not a JSON Feed"),
    }
    sources = [feed(id_, url) for id_, (url, _) in bad.items()]
    good = feed("good", web.publish("/good", rss(entries(1))))
    unknown = {"id": "reddit", "kind": "reddit", "query": "x"}
    program.configure(
        *sources, unknown, {"id": "file", "kind": "csv_file", "path": "missing.csv"}, good
    )

    result = program.run("once")

    assert result.code == 1
    for id_, (_, reason) in [
        *bad.items(),
        ("reddit", ("", "REDDIT_CLIENT_ID")),
        ("file", ("", "missing.csv")),
    ]:
        assert len(told(result.lines, f"{id_}: ", reason)) == 1, (id_, result.stderr)
    assert program.query("SELECT source_id FROM feedback") == [("good",)]
    shown = [message.reading.words for message in slack.postings]
    assert len(told(shown, "Something is broken", "good")) == 1
    assert len(told(shown, "A source is blind", "gone", "410")) == len(shown) - 1 == 1


def test_strange_content_is_stored_as_what_it_can_be(
    program: Program, slack: Slack, web: Web
) -> None:
    """Unknown encodings, control characters, halves of characters and impossible dates lose no
    item.
    """
    now = datetime.now(UTC)
    years = [
        DATED.format(f"y{year}", f"Sat, 01 Jan {year} 00:00:00 GMT") for year in ("0001", "9999")
    ]
    nul = [Entry("nul", "broken \x00 after\x07 \x1b[31mred")]
    half = json_feed([Entry("half", "broken HALF of it")]).replace("HALF", "\\ud800")
    zones = {
        "f": f"{now:%Y-%m-%dT%H:%M:%S}+99:99",
        "g": "0001-01-01T00:00:00+14:00",
        "h": "9999-12-31T23:59:59-12:00",
    }
    dated = ", ".join(
        f'{{"id": "{id_}", "content_text": "broken {id_}", "date_published": "{at}"}}'
        for id_, at in zones.items()
    )
    program.configure(
        feed(
            "encoding",
            web.mislabelled(
                "/1", rss(entries(1, "broken ü")), written="latin-1", declared="klingon-8"
            ),
        ),
        feed(
            "years",
            web.publish("/2", f"<rss version='2.0'><channel>{''.join(years)}</channel></rss>"),
        ),
        feed("nul", web.publish("/3", json_feed(nul), content_type=JSON)),
        feed("rawnul", web.publish("/4", rss(entries(1, "broken raw \x00\x0b here")))),
        feed("half", web.publish("/5", half, content_type=JSON)),
        feed(
            "zones",
            web.publish(
                "/6", f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{dated}]}}'
            ),
        ),
    )

    first, second = program.once(), program.once()

    stored = program.query(
        "SELECT source_id, count(*) FROM feedback GROUP BY source_id ORDER BY source_id"
    )
    assert stored == [
        ("encoding", 1),
        ("half", 1),
        ("nul", 1),
        ("rawnul", 1),
        ("years", 2),
        ("zones", 3),
    ]
    assert (first.code, second.code) == (0, 0)
    assert (
        first.json["deliveries"]["sent"]
        == first.json["alerts"]["opened"]
        == len(slack.postings)
        > 0
    )
    assert second.json["alerts"]["opened"] == 0
    texts = "".join(text for (text,) in program.query("SELECT text FROM analyses"))
    assert not {"\x00", "\x07", "\x1b"} & set(texts)
    assert len(program.run("export", "feedback", "--format", "jsonl").stdout.splitlines()) == 9
    assert program.run("search", "broken", "--json").code == 0


def test_private_networks_are_refused_unless_allowed(program: Program, web: Web) -> None:
    """The line says which key allows it, and nothing was asked for."""
    url = web.publish("/feed", rss(entries(1)))
    redirected = web.url.replace("127.0.0.1", "2130706433")
    program.configure(
        feed("a", url), feed("b", f"{redirected}/feed"), http={"allow_private_networks": False}
    )

    result = program.run("once")

    assert result.code == 1
    assert len(told(result.lines, "allow_private_networks")) == 2
    assert web.requests == ()


def test_a_wrong_token_ends_with_one_line_and_keeps_the_queue(program: Program, web: Web) -> None:
    """The line names the variable to mend and not the token."""
    program.secrets["SLACK_BOT_TOKEN"] = "xoxb-marker-51c7"
    program.configure(feed("news", web.publish("/feed", rss(entries(3)))))

    result = program.run("once")

    assert result.code == 1
    assert (
        len(told(result.lines, "not everything can be sent", "invalid_auth", "SLACK_BOT_TOKEN"))
        == 1
    )
    assert program.deliveries() == {"pending": 3}


def test_every_mistake_of_a_configuration_is_named_at_once(program: Program) -> None:
    """Each has its file and key, the exit code is 2, and nothing was made."""
    program.secrets = {}
    program.configure(
        feed("a", "ftp://example.com/feed"),
        {"id": "b", "kind": "feeed"},
        feed("c", "https://example.com", evry="5m"),
        feed("d", "https://example.com", every="5"),
        rules=[{**BROKEN, "severty": "high"}, {**BROKEN, "id": "x", "all": [{"text": "(broken"}]}],
        collect={"every": -1},
        http={"timout": "5s"},
    )

    result = program.run("once")

    assert result.code == 2
    places = (
        "sources[0].url",
        "sources[1].kind",
        "sources[2].evry",
        "sources[3].every",
        "http.timout",
        "severty",
    )
    for place in (*places, "collect.every", "SLACK_BOT_TOKEN", "all[0].text"):
        assert len(told(result.lines, "repwatch: ", place)) == 1, (place, result.stderr)
    assert result.stdout == ""
    assert not program.database.exists()


@pytest.mark.parametrize(
    "text", ["[slack\n", "\udcff", None], ids=["no TOML", "not UTF-8", "missing"]
)
def test_a_file_that_cannot_be_read_is_one_line(program: Program, text: str | None) -> None:
    """It names the file and ends with 2."""
    if text is not None:
        (program.folder / "config.toml").write_bytes(text.encode("utf-8", "surrogateescape"))

    result = program.run("once")

    assert result.code == 2
    assert len(told(result.lines, "repwatch: ", "config.toml")) == len(result.lines) == 1


def _newer(program: Program, path: Path) -> None:
    assert program.run("db", "upgrade").code == 0
    program.query("UPDATE alembic_version SET version_num = '9999'")


def _no_database(program: Program, path: Path) -> None:
    path.write_bytes(b"Dear diary, this is no database. " * 99)


def _folder(program: Program, path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "url", "code", "reason"),
    [
        pytest.param(_newer, "sqlite:///repwatch.db", 1, "newer", id="written by a newer version"),
        pytest.param(
            _no_database, "sqlite:///repwatch.db", 1, "is not an SQLite database", id="no database"
        ),
        pytest.param(_folder, "sqlite:///repwatch.db", 1, "cannot be opened", id="a folder"),
        pytest.param(
            None, "sqlite:///no/such/place.db", 1, "no folder", id="in a folder that does not exist"
        ),
        pytest.param(
            None,
            "sqlite:////proc/repwatch.db",
            1,
            "cannot be opened",
            id="where no file can be made",
        ),
        pytest.param(
            None,
            "mysql://u:pass-marker-17@h/d",
            2,
            "url: 'mysql' is not",
            id="of a kind that is not known",
        ),
        pytest.param(
            None,
            "postgresql://u:pass-marker-17@127.0.0.1:1/d",
            1,
            "cannot be reached",
            id="no server",
        ),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line(
    program: Program,
    web: Web,
    spoil: Callable[[Program, Path], None] | None,
    url: str,
    code: int,
    reason: str,
) -> None:
    """It says which and why, without the password, and no source was asked for what could not be
    kept.
    """
    program.secrets["PASSWORD_IN_URL"] = "pass-marker-17"
    program.configure(feed("news", web.publish("/feed", rss(entries(1)))), store={"url": url})
    if spoil:
        spoil(program, program.database)

    result = program.run("once")

    assert result.code == code
    assert len(told(result.lines, "repwatch: ", reason)) == len(result.lines) == 1, result.stderr
    assert web.requests == ()


@contextmanager
def read_only(*paths: Path) -> Iterator[None]:
    """Let nobody write these, not even root where the file system can refuse it."""
    for path in paths:
        path.chmod(path.stat().st_mode & ~0o222)
    chattr = shutil.which("chattr") if os.getuid() == 0 else None
    if chattr:
        subprocess.run([chattr, "+i", *paths], check=False, capture_output=True)  # noqa: S603 - our own paths
    try:
        if os.access(paths[0], os.W_OK):
            pytest.skip("this user may write everything")
        yield
    finally:
        if chattr:
            subprocess.run([chattr, "-i", *paths], check=False, capture_output=True)  # noqa: S603 - our own paths
        for path in paths:
            path.chmod(path.stat().st_mode | 0o200)


def test_a_read_only_database_loses_nothing(program: Program, slack: Slack, web: Web) -> None:
    """It ends with 1 and one clear line; writable again, it goes on where it was."""
    program.configure(feed("news", web.publish("/feed", rss(entries(2)))))
    assert program.once().code == 0
    web.publish("/feed", rss(entries(4)))

    with read_only(program.database):
        refused = program.run("once")

    assert refused.code == 1
    assert len(told(refused.lines, "read-only")) == len(refused.lines) == 1
    assert program.once().json["alerts"]["opened"] == 2
    assert len(slack.postings) == 4


@pytest.mark.parametrize("blocks", [100, 700])
def test_a_full_disk_undoes_what_does_not_fit_and_keeps_the_rest(
    program: Program, slack: Slack, web: Web, blocks: int
) -> None:
    """A cursor never points past what could be stored: with room again, all is there and alerted
    once.
    """
    large = [
        Entry(f"e{number}", f"broken {' '.join(f'part{number}x{at}' for at in range(20))}")
        for number in range(900)
    ]
    program.configure(
        feed("large", web.publish("/large", rss(large))),
        slack={"cards_per_hour": 3},
    )

    full = program.run("once", file_blocks=blocks)
    roomy = program.once()

    assert full.code == 1
    assert full.lines
    assert len(told(full.lines, "disk")) == len(full.lines), full.stderr
    assert roomy.code == 0
    assert program.query("PRAGMA integrity_check") == [("ok",)]
    assert (
        program.query("SELECT count(*) FROM feedback")
        == program.query("SELECT count(*) FROM alerts")
        == [(900,)]
    )
    assert len(slack.postings) == 4
