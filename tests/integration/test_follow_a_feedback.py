"""The walk through the code in docs/follow-a-feedback.md, followed in the running program."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import pytest

from monitor.jobs.in_process import run_until_stopped
from monitor.slack.views import action_ids
from tests.integration.slack_app_place import SlackAppPlace, somebody
from tests.world.feeds import Entry, rss
from tests.world.slack import Slack
from tests.world.waiting import LAST_RESORT, wait_until
from tests.world.web import Web

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "follow-a-feedback.md"
if not PAGE.is_file():
    pytest.skip("the pages are not part of what is installed", allow_module_level=True)

#: "1. `monitor/a.py:function` does this."
_STATION = re.compile(r"^\d+\. `([\w/]+\.py:[\w.]+)`", re.MULTILINE)


@dataclass
class CallRecorder:
    """Keeps which of some functions are entered in which order, in threads started meanwhile."""

    wanted: frozenset[str]  #: "path:function"
    calls: list[str] = field(default_factory=list)

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        """Called by Python for every event in a thread."""
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(str(ROOT)):
            path = code.co_filename.removeprefix(f"{ROOT}/")
            place = f"{path}:{code.co_qualname}"
            if place in self.wanted:
                self.calls.append(place)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record in every thread that starts within."""
        threading.setprofile(self)
        try:
            yield
        finally:
            threading.setprofile(None)


def test_a_feedback_and_a_click_pass_the_stations_in_the_order_of_the_page(tmp_path: Path) -> None:
    """From the feed to the card, and from the click to the changed card, no station is left out."""
    stations = _STATION.findall(PAGE.read_text("utf-8"))
    recorder = CallRecorder(frozenset(stations))

    with recorder.recording(), Web() as web, Slack(posts_per_second=None) as slack:
        address = web.publish("/reviews.rss", rss([Entry("1", "the login is broken")]))
        source = f'[[sources]]\nid = "forum"\nkind = "feed"\nurl = "{address}"\n'
        with SlackAppPlace(tmp_path, slack, more=source) as place:
            run = threading.Thread(target=run_until_stopped, args=(place.app, place.stop))
            run.start()
            assert wait_until(lambda: is_card_sent(place)), "no card came"
            ann = somebody(slack)
            assert ann.click(slack.visible()[0], action_ids.TAKE).acked
            assert wait_until(lambda: f"<@{ann.id}>" in str(slack.visible()[0].blocks))
            place.stop.set()
            run.join(LAST_RESORT)

    assert len(stations) > 40
    assert first_missed(stations, recorder.calls) is None


def is_card_sent(place: SlackAppPlace) -> bool:
    """Whether it is stored that the first card is in its channel."""
    with place.app.store.read() as tx:
        return tx.deliveries.find_shown_card(1) is not None


def first_missed(stations: list[str], calls: list[str]) -> str | None:
    """The first station that was not entered after the one before it."""
    remaining = iter(calls)
    return next((station for station in stations if station not in remaining), None)
