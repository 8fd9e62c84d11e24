"""The machine's clock is set while the program runs: nothing stands still, is lost or doubled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
import time_machine

from monitor.jobs.in_process import run_until_stopped
from tests.integration.slack_app_place import SlackAppPlace
from tests.world.faults import lost_after_commit
from tests.world.feeds import entries, rss
from tests.world.program import delivery_ids
from tests.world.slack import Slack, ratelimited
from tests.world.waiting import LAST_RESORT, wait_until
from tests.world.web import Web

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POST = "chat.postMessage"


def own_time() -> float:
    """The time at Slack, which a step of the machine's clock does not change."""
    return _AT_START + time.monotonic()


_AT_START = time.time() - time.monotonic()


def feed(web: Web, count: int) -> str:
    """A source that shows so many entries, each of which is an alert of its own."""
    address = web.publish("/news", rss(entries(count)))
    return f'[[sources]]\nid = "news"\nkind = "feed"\nurl = "{address}"\nevery = "1s"\n'


def count_shown(place: SlackAppPlace) -> int:
    """How many of the first ten alerts have a card that is known to be in its channel."""
    with place.app.store.read() as tx:
        return sum(tx.deliveries.find_shown_card(alert) is not None for alert in range(1, 11))


def until(true: Callable[[], bool]) -> None:
    assert wait_until(true), "it stands still"


@pytest.mark.parametrize("by", [-HOUR, HOUR, -DAY, DAY, timedelta(minutes=-2)], ids=str)
def test_polls_and_cards_go_on_after_the_clock_is_set(
    tmp_path: Path, web: Web, by: timedelta
) -> None:
    """What waits when the clock is set is shown, once, and so is what comes afterwards: none of it
    waits for the time to come round again. The log tells of the step once.
    """
    with (
        Slack(posts_per_second=None, clock=own_time) as slack,
        time_machine.travel(datetime.now(UTC), tick=True) as clock,
        SlackAppPlace(tmp_path, slack, more=feed(web, 2), listens=False) as place,
        structlog.testing.capture_logs() as said,
    ):
        run = threading.Thread(target=run_until_stopped, args=(place.app, place.stop))
        run.start()
        until(lambda: count_shown(place) == 2)
        slack.fail_next(ratelimited(2), path=POST)
        slack.fail_next(lost_after_commit, path=POST)
        feed(web, 4)
        until(lambda: len(slack.requests_to(POST)) >= 3)

        clock.shift(by)

        until(lambda: count_shown(place) == 4)
        polls = len(web.requests)
        until(lambda: len(web.requests) >= polls + 3)
        feed(web, 6)
        until(lambda: count_shown(place) == 6)
        place.stop.set()
        run.join(LAST_RESORT)

    assert len(set(delivery_ids(slack))) == len(slack.postings)
    assert len([card for card in slack.postings if card.thread_ts is None]) == 6
    [step] = [line for line in said if line["event"] == "clock_stepped"]
    assert step["seconds"] == pytest.approx(by.total_seconds(), abs=4)
