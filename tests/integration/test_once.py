"""`once` against a strict Slack, a replayed Reddit and feeds: everything is shown, and each thing
once.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.world.faults import (
    Fault,
    answers,
    answers_after_commit,
    lost_after_commit,
    lost_before_commit,
    truncated,
)
from tests.world.feeds import ATOM, JSON, Entry, atom, entries, json_feed, rss
from tests.world.program import BROKEN, Program, Table, delivery_ids
from tests.world.reddit import Reddit
from tests.world.slack import BOT_TOKEN, CHANNEL, Slack, failed_after_commit, ratelimited
from tests.world.slack_wire import JSON_TYPE
from tests.world.waiting import LAST_RESORT, wait_until
from tests.world.web import Web

POST = "chat.postMessage"
HISTORY = "conversations.history"
#: Seconds that stay between looks for a message of unknown fate, so that a test need not wait for
#: them.
SETTLE = 0.05


@pytest.fixture
def program(tmp_path: Path, slack: Slack, reddit: Reddit) -> Program:
    """The program in an empty folder, with credentials for Slack and Reddit."""
    return Program(tmp_path, slack, reddit)


def feed(id_: str, url: str) -> Table:
    return {"id": id_, "kind": "feed", "url": url}


def words(slack: Slack) -> str:
    return "\n".join(message.reading.words for message in slack.visible())


def test_every_kind_of_source_is_read_and_each_alert_is_posted_once_in_five_runs(
    program: Program, slack: Slack, reddit: Reddit, web: Web
) -> None:
    """Old and undated items of the first contact are stored in silence; fresh ones alert once, in
    however many runs.
    """
    place = {"kind": "reddit", "reddit_url": reddit.url, "oauth_url": reddit.url}
    post = reddit.submit("redditdev", "Login", "the login is broken")
    reddit.comment("redditdev", "still broken for me", on=post)
    reddit.submit("programming", "My broken invoice", "billing")
    old = [Entry(f"old{n}", f"broken long ago {n}", age=timedelta(days=2)) for n in range(30)]
    undated = [Entry(f"undated{n}", f"broken some time {n}", age=None) for n in range(30)]
    program.configure(
        {"id": "reddit", "subreddits": ["redditdev", "announcements"], **place},
        {"id": "search", "query": "invoice", **place},
        feed(
            "rss",
            web.publish("/rss", rss([Entry("1", "the app is broken & slow"), *old, *undated])),
        ),
        feed(
            "atom", web.publish("/atom", atom([Entry("1", "a broken promise")]), content_type=ATOM)
        ),
        feed(
            "json",
            web.publish(
                "/json", json_feed([Entry("1", "ma tasse est broken ☕")]), content_type=JSON
            ),
        ),
    )

    first, *later = [program.once() for _ in range(5)]

    read = {source["id"]: source for source in first.json["sources"]}
    listed = len(
        reddit.names("new", "redditdev", "announcements")
        + reddit.names("comments", "redditdev", "announcements")
    )
    assert {id_: source["new"] for id_, source in read.items()} == {
        "reddit": listed, "search": 1, "rss": 61, "atom": 1, "json": 1
    }  # fmt: skip
    assert all(
        source["fetched"] >= source["new"] and source["error"] is None for source in read.values()
    )
    assert first.json["alerts"] == {"opened": 6, "grouped": 0, "reopened": 0, "suppressed": 60}
    assert [result.code for result in (first, *later)] == [0] * 5
    for result in later:
        assert {source["new"] + source["updated"] for source in result.json["sources"]} == {0}
        assert result.json["alerts"] == {"opened": 0, "grouped": 0, "reopened": 0, "suppressed": 0}
        assert result.json["deliveries"] == {"sent": 6, "pending": 0, "uncertain": 0, "dead": 0}
    assert program.query("SELECT count(*) FROM feedback") == [(listed + 64,)]
    assert (
        len(delivery_ids(slack))
        == len(set(delivery_ids(slack)))
        == len(slack.requests_to(POST))
        == 6
    )


def test_what_comes_later_alerts_once_and_an_edit_is_stored(
    program: Program, slack: Slack, reddit: Reddit, web: Web
) -> None:
    """New items alert once; an edit that makes a rule hold alerts, one that leaves it holding does
    not.
    """
    place = {
        "kind": "reddit",
        "reddit_url": reddit.url,
        "oauth_url": reddit.url,
        "subreddits": ["redditdev"],
    }
    kept = reddit.submit("redditdev", "Login", "the login is broken")
    harmless = reddit.submit("redditdev", "Hello", "all is well")
    web.publish("/feed", rss(entries(1)))
    program.configure({"id": "reddit", **place}, feed("news", f"{web.url}/feed"))
    assert program.once().json["alerts"]["opened"] == 2

    reddit.edit(kept, "the login is broken again")
    reddit.edit(harmless, "now it is broken")
    reddit.comment("redditdev", "broken here too", on=kept)
    web.publish("/feed", rss(entries(2)))
    second = program.once().json

    assert [source["updated"] for source in second["sources"]] == [2, 0]
    assert [source["new"] for source in second["sources"]] == [1, 1]
    assert second["alerts"]["opened"] == 3
    assert program.query("SELECT body FROM feedback WHERE external_id = ?", kept) == [
        ("the login is broken again",)
    ]
    assert len(slack.postings) == len(set(delivery_ids(slack))) == 5


def test_one_problem_in_two_sources_is_one_card_that_counts_both(
    program: Program, slack: Slack, web: Web
) -> None:
    """The same words join the open alert, and the card that is shown already is brought up to
    date.
    """
    web.publish("/a", rss([Entry("1", "The app is broken!")]))
    web.publish("/b", atom([Entry("x", "the app is BROKEN")]), content_type=ATOM)
    web.publish("/c", json_feed([]), content_type=JSON)
    grouped = {**BROKEN, "group_by": ["text"]}
    program.configure(*(feed(name, f"{web.url}/{name}") for name in "abc"), rules=[grouped])
    assert program.once().json["alerts"] == {
        "opened": 1,
        "grouped": 1,
        "reopened": 0,
        "suppressed": 0,
    }
    assert "2 reports from" in words(slack)
    updates = len(slack.requests_to("chat.update"))

    web.publish("/c", json_feed([Entry("9", "THE APP IS BROKEN")]), content_type=JSON)
    assert program.once().json["alerts"] == {
        "opened": 0,
        "grouped": 1,
        "reopened": 0,
        "suppressed": 0,
    }

    (message,) = slack.visible()
    assert len(slack.postings) == 1
    assert len(slack.requests_to("chat.update")) == updates + 1
    assert "3 reports from" in message.reading.words
    assert all(name in message.reading.words for name in ("a", "b", "c"))


def test_a_flood_is_twenty_cards_and_one_summary_that_accounts_for_the_rest(
    program: Program, slack: Slack, web: Web
) -> None:
    """Of 500 matches none is lost: 20 are shown, one message tells of the other 480, and all are
    listed.
    """
    program.configure(
        feed("flood", web.publish("/feed", rss(entries(500)))),
        slack={"cards_per_hour": 20, "posts_per_second": 1000},
    )

    first, second = program.once(), program.once()

    assert first.json["alerts"] == {"opened": 500, "grouped": 0, "reopened": 0, "suppressed": 0}
    assert (
        first.json["deliveries"]
        == second.json["deliveries"]
        == {"sent": 21, "pending": 0, "uncertain": 0, "dead": 0}
    )
    assert program.deliveries() == {"sent": 21, "merged": 480}
    assert len(slack.postings) == len(set(delivery_ids(slack))) == 21
    summaries = [
        message for message in slack.postings if "480 more alerts" in message.reading.words
    ]
    assert len(summaries) == 1
    assert "Something is broken: 480" in summaries[0].reading.words
    listed = program.run("alerts", "list", "--json", "--limit", "1000").json
    assert len({alert["id"] for alert in listed}) == 500
    exported = program.run("export", "alerts", "--format", "jsonl").stdout.splitlines()
    assert len(exported) == 500


@pytest.mark.parametrize(
    ("fault", "requests"),
    [
        pytest.param(lost_before_commit, 4, id="lost before it is shown"),
        pytest.param(lost_after_commit, 3, id="shown, and the answer lost"),
        pytest.param(answers(500), 4, id="500, not shown"),
        pytest.param(answers_after_commit(500), 3, id="500, and shown"),
        pytest.param(
            answers_after_commit(200, {}, b"<html>"),
            3,
            id="shown, and a proxy's page for an answer",
        ),
        pytest.param(failed_after_commit(), 3, id="fatal_error, and shown"),
        pytest.param(truncated(20), 3, id="shown, and half an answer"),
        pytest.param(ratelimited(1), 4, id="asked to wait for a second"),
    ],
)
def test_whatever_happens_on_the_line_each_alert_is_in_the_channel_once(
    program: Program, slack: Slack, web: Web, fault: Fault, requests: int
) -> None:
    """A message whose answer was lost is looked for before it is sent again; the others are not
    held up by it.
    """
    program.configure(
        feed("news", web.publish("/feed", rss(entries(3)))), slack={"settle_seconds": SETTLE}
    )
    slack.fail_next(fault, path=POST)

    result = program.once(drain=LAST_RESORT)

    assert result.json["deliveries"] == {"sent": 3, "pending": 0, "uncertain": 0, "dead": 0}
    assert len(slack.postings) == len(set(delivery_ids(slack))) == 3
    assert len(slack.requests_to(POST)) == requests
    assert "Possible repeat" not in words(slack)


def test_many_faults_over_several_runs_lose_and_double_nothing(
    program: Program, slack: Slack, web: Web
) -> None:
    """Faults of posting and of reading the history, mixed, over as many runs as it takes: each when
    the outbox has something to do again.
    """
    program.configure(
        feed("news", web.publish("/feed", rss(entries(12)))), slack={"settle_seconds": 60}
    )
    for fault in (
        lost_after_commit,
        lost_before_commit,
        answers_after_commit(502),
        failed_after_commit(),
    ) * 2:
        slack.fail_next(fault, path=POST)
    for fault in (ratelimited(1), lost_before_commit, answers(500)):
        slack.fail_next(fault, path=HISTORY)

    def all_sent() -> bool:
        deliveries = program.once().json["deliveries"]
        if deliveries == {"sent": 12, "pending": 0, "uncertain": 0, "dead": 0}:
            return True
        program.let_pass(program.seconds_to_next_delivery())
        return False

    assert wait_until(all_sent), program.deliveries()
    assert len(slack.postings) == len(set(delivery_ids(slack))) == 12


def test_a_history_that_lags_does_not_double_a_message(
    program: Program, slack: Slack, web: Web
) -> None:
    """A message that Slack shows but does not list yet is found at the second look."""
    program.configure(
        feed("news", web.publish("/feed", rss(entries(1)))), slack={"settle_seconds": SETTLE}
    )
    slack.fail_next(lost_after_commit, path=POST)
    slack.fail_next(answers(200, JSON_TYPE, b'{"ok": true, "messages": []}'), path=HISTORY)

    assert program.once(drain=LAST_RESORT).json["deliveries"]["sent"] == 1

    assert len(slack.requests_to(HISTORY)) == 2
    assert len(slack.postings) == 1


def test_a_history_that_cannot_be_read_leads_to_a_labelled_repeat(
    program: Program, slack: Slack, web: Web
) -> None:
    """It is the one case in which a message may be there twice, and the second one says so."""
    program.configure(
        feed("news", web.publish("/feed", rss(entries(1)))), slack={"settle_seconds": 0.02}
    )
    slack.scopes.discard("channels:history")
    slack.fail_next(lost_after_commit, path=POST)

    assert program.once(drain=LAST_RESORT).json["deliveries"] == {
        "sent": 1,
        "pending": 0,
        "uncertain": 0,
        "dead": 0,
    }

    first, second = slack.postings
    assert "Possible repeat" not in first.reading.words
    assert "Possible repeat" in second.reading.words


def test_slack_that_does_not_say_how_long_to_wait_is_left_alone_for_a_while(
    program: Program, slack: Slack, web: Web
) -> None:
    """Nothing is sent in the next run; half a minute later all of it is."""
    program.configure(feed("news", web.publish("/feed", rss(entries(2)))))
    slack.fail_next(ratelimited(None), path=POST)

    assert program.once().json["deliveries"]["pending"] == 2
    asked = len(slack.requests_to(POST))
    program.let_pass(31)
    assert program.once().json["deliveries"]["sent"] == 2

    assert asked == 1
    assert len(slack.postings) == 2


def test_a_revoked_token_keeps_the_queue_until_it_is_mended(
    program: Program, slack: Slack, web: Web
) -> None:
    """It ends with 1 and one line that says what to mend; a good token later sends everything."""
    program.configure(feed("news", web.publish("/feed", rss(entries(3)))))
    slack.revoke()

    refused = program.once()
    slack.revoke(error="")
    mended = program.once()

    assert refused.code == 1
    assert [line for line in refused.lines if "token_revoked" in line and "SLACK_BOT_TOKEN" in line]
    assert refused.json["deliveries"] == {"sent": 0, "pending": 3, "uncertain": 0, "dead": 0}
    assert mended.code == 0
    assert mended.json["deliveries"]["sent"] == len(slack.postings) == 3


def test_an_unknown_channel_falls_back_to_the_default_one(
    program: Program, slack: Slack, web: Web
) -> None:
    """A rule with a channel that Slack does not know loses nothing."""
    rules = [{**BROKEN, "channel": "#nowhere"}]
    program.configure(feed("news", web.publish("/feed", rss(entries(2)))), rules=rules)

    assert program.once(drain=LAST_RESORT).json["deliveries"] == {
        "sent": 2,
        "pending": 0,
        "uncertain": 0,
        "dead": 0,
    }

    assert [message.channel for message in slack.postings] == [CHANNEL, CHANNEL]


def test_an_unknown_default_channel_keeps_the_queue_and_is_said(
    program: Program, slack: Slack, web: Web
) -> None:
    """It is tried once, ends with 1 and names the channel; once the bot can reach it, all is
    sent.
    """
    program.configure(
        feed("news", web.publish("/feed", rss(entries(2)))), slack={"default_channel": "#later"}
    )
    closed = program.once()
    asked = len(slack.requests_to(POST))
    slack.add_channel("C0LATER99", "later")
    program.let_pass(3600)
    opened = program.once()

    assert closed.json["deliveries"] == {"sent": 0, "pending": 2, "uncertain": 0, "dead": 0}
    assert [line for line in closed.lines if "#later" in line and "channel_not_found" in line]
    assert (closed.code, asked) == (1, 1)
    assert opened.json["deliveries"]["sent"] == len(slack.visible("C0LATER99")) == 2


def test_a_slack_that_cannot_be_reached_is_not_tried_for_every_card(
    program: Program, slack: Slack, web: Web
) -> None:
    """It ends with 1 and says so once, however much waits; when Slack is back, all is sent."""
    source = feed("news", web.publish("/feed", rss(entries(9))))
    program.configure(source, slack={"api_url": "http://127.0.0.1:1/api/"})
    away = program.once()
    program.configure(source)
    program.let_pass(3600)
    back = program.once()

    assert away.json["deliveries"] == {"sent": 0, "pending": 9, "uncertain": 0, "dead": 0}
    assert (
        len(
            [
                line
                for line in away.lines
                if "delivery_failed" in line and "cannot be reached" in line
            ]
        )
        == 1
    )
    assert away.code == 1
    assert back.json["deliveries"]["sent"] == len(slack.postings) == 9


HOSTILE = (
    "<!channel> broken",
    "<@U1> <!subteam^S1> broken",
    "<https://evil.example|your bank> broken",
    "@here @channel @everyone broken",
    "‮broken‬ ⁦<!here>⁩",
    "```<!everyone>``` *broken* _x_ &lt;!channel&gt;",
    "broken \x00\x1b[31m\u200b<!channel|x>",
)


def test_hostile_text_pings_nobody_and_forges_no_link(
    program: Program, slack: Slack, web: Web
) -> None:
    """Whatever a stranger writes, in title, text or name, is shown as the text that it is."""
    items = [
        Entry(f"h{n}", text, title=f"{text} title", author=text) for n, text in enumerate(HOSTILE)
    ]
    program.configure(
        feed("atom", web.publish("/atom", json_feed(items), content_type=JSON)),
        slack={"cards_per_hour": 5},
    )

    assert program.once().json["alerts"]["opened"] == len(HOSTILE)

    assert len(slack.postings) == 6
    readings = [message.reading for message in slack.postings]
    assert {ping for reading in readings for ping in reading.pings} == set()
    assert {link for reading in readings for link in reading.links} == set()
    assert {found for reading in readings for found in reading.automatic} == set()
    assert "<https://evil.example|your bank>" in words(slack)


def test_secrets_are_kept_out_of_everything(
    program: Program, slack: Slack, reddit: Reddit, web: Web
) -> None:
    """No token, and no password in a feed's address, is printed, stored or shown in Slack, also not
    in an error.
    """
    url = web.publish("/feed", rss(entries(1))).replace("http://", "http://anna:pass-marker-91@")
    web.refuse("/gone", 410)
    gone = f"{web.url}/gone?key=query-marker-92".replace("http://", "http://anna:pass-marker-91@")
    place = {"kind": "reddit", "reddit_url": reddit.url, "oauth_url": reddit.url}
    program.configure(
        feed("news", url),
        feed("gone", gone),
        {"id": "reddit", "subreddits": ["nosuchplace"], **place},
    )

    slack.fail_next(answers(500), path=POST)
    results = [program.once(drain=3), program.run("once"), program.run("check")]

    assert "A source is blind" in words(slack)
    markers = [BOT_TOKEN, reddit.client_secret, "pass-marker-91", "query-marker-92"]
    printed = words(slack) + "".join(result.stdout + result.stderr for result in results)
    written = b"".join(path.read_bytes() for path in program.folder.glob("repwatch.db*"))
    assert (
        Counter(marker for marker in markers if marker in printed or marker.encode() in written)
        == {}
    )
