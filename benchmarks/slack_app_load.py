"""How quickly clicks in Slack are acknowledged under load, and whether each of them counted.

    python -m benchmarks.slack_app_load [--clicks 50] [--seconds 60]

A real Bolt app over Socket Mode, against the workspace of the tests on this machine. So many people
a second click on cards: they take alerts, two click on the same card now and then, and some clicks
are brought twice.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path

from rich.console import Console

from monitor import bootstrap
from monitor.bootstrap import App
from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.sender import drain_outbox
from monitor.slack_app.app import SlackApp
from monitor.slack_app.inbox_writer import WRITE_TIMEOUT
from monitor.testing import make_feedback
from tests.world.slack import APP_TOKEN, BOT_TOKEN, CHANNEL, Slack
from tests.world.slack_delivery import ACK_SECONDS, Delivery
from tests.world.slack_messages import Message
from tests.world.slack_people import Person
from tests.world.slack_socket import SocketMode
from tests.world.waiting import LAST_RESORT

_PEOPLE = 40
_CONFIG = """
[slack]
default_channel = "{channel}"
api_url = "{api_url}"
posts_per_second = 0
cards_per_hour = 0
[http]
allow_private_networks = true
[rules]
file = "rules.toml"
[analysis]
deep = false
"""
_RULES = (
    '[[rules]]\nid = "broken"\nname = "Broken"\ngroup_by = ["feedback"]\nall = [{ text = '
    '"broken" }]\n'
)


@dataclass(frozen=True)
class Load:
    """What a run came to."""

    clicks: int
    acknowledged: int
    p50: float  #: seconds from the click to its acknowledgement
    p99: float
    slowest: float
    settled: float  #: seconds from the last click until all of them were worked off
    wrong: tuple[str, ...]  #: alerts that are not as they must be


def run(
    folder: Path,
    clicks: int,
    seconds: float,
    *,
    within: float = WRITE_TIMEOUT,
    ack_within: float = ACK_SECONDS,
) -> Load:
    """Click so often a second, for so long, and look at what is stored then.

    The desk gives up writing down a click after `within` seconds, and Slack waiting for it after
    `ack_within`.
    """
    transport = SocketMode(ack_within=ack_within)
    with Slack(posts_per_second=None, transport=transport) as slack:
        app = _built(folder, slack)
        stop = threading.Event()
        desk = SlackApp(app, bootstrap.utc_now, write_timeout=within)
        desk.start(stop)
        try:
            slack.socket.wait_for(2)
            cards = _cards(app, slack, int(clicks * seconds * 0.8))
            deliveries, meant = _click(slack, cards, clicks, seconds)
            ended = time.monotonic()
            for delivery in deliveries:
                delivery.wait()
            while _waiting(app):
                time.sleep(0.02)
            settled = time.monotonic() - ended
            return _load(deliveries, settled, _wrong(app, meant))
        finally:
            stop.set()
            desk.join(LAST_RESORT)
            app.close()


def _built(folder: Path, slack: Slack) -> App:
    (folder / "rules.toml").write_text(_RULES, "utf-8")
    (folder / "config.toml").write_text(
        _CONFIG.format(channel=CHANNEL, api_url=slack.api_url), "utf-8"
    )
    secrets = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}
    return bootstrap.build_app(
        bootstrap.load_checked_config(folder / "config.toml", secrets), Console(file=StringIO())
    )


def _cards(app: App, slack: Slack, count: int) -> dict[int, Message]:
    """So many alerts with their cards."""
    now = bootstrap.utc_now()
    app.ingest(
        [make_feedback(f"broken {number}", created_at=now) for number in range(count)],
        now,
        AlertPolicy(),
    )
    drain_outbox(app.sender, bootstrap.utc_now, time.sleep, until=now)
    shown = {message.ts: message for message in slack.visible()}
    with app.store.read() as tx:
        deliveries = [tx.deliveries.find_shown_card(number + 1) for number in range(count)]
    return {one.alert_id: shown[one.message_id] for one in deliveries if one}


def _click(
    slack: Slack, cards: dict[int, Message], clicks: int, seconds: float
) -> tuple[Sequence[Delivery], dict[int, set[Actor]]]:
    """Everybody clicks: on each card once, then now and then on one that somebody has clicked on
    already.
    """
    people = [Person(slack, f"U0LOAD{number:04}", waits=False) for number in range(_PEOPLE)]
    chance = random.Random(7)
    fresh, used = list(cards), list[int]()
    meant: dict[int, set[Actor]] = {alert_id: set() for alert_id in cards}
    deliveries: list[Delivery] = []
    begun = time.monotonic()
    for number in range(int(clicks * seconds)):
        time.sleep(max(0.0, begun + number / clicks - time.monotonic()))
        if deliveries and chance.random() < 0.05:
            deliveries.append(slack.transport.again(chance.choice(deliveries[-50:])))
            continue
        again = not fresh or (used and chance.random() < 0.15)
        alert_id = chance.choice(used[-50:]) if again else fresh.pop()
        used.append(alert_id)
        person = chance.choice(people)
        meant[alert_id].add(Actor.slack(person.id))
        deliveries.append(person.click(cards[alert_id], "take", stale=True))
    return deliveries, meant


def _waiting(app: App) -> int:
    with app.store.read() as tx:
        return tx.inbox.count().waiting


def _wrong(app: App, meant: dict[int, set[Actor]]) -> tuple[str, ...]:
    """Each alert that was clicked on is held by one who clicked, and was taken once; all others are
    as they were.
    """
    wrong = []
    with app.store.read() as tx:
        for alert_id, people in meant.items():
            alert, kinds = (
                tx.alerts.get(alert_id),
                [event.kind for event in tx.alerts.events(alert_id)],
            )
            expected = ["opened", "acknowledged"] if people else ["opened"]
            held = alert is not None and (
                alert.assignee in people if people else alert.status is AlertStatus.OPEN
            )
            if not held or kinds != expected:
                wrong.append(f"alert {alert_id}: {alert and alert.assignee!r}, {kinds}")
        if dead := tx.inbox.count().dead:
            wrong.append(f"{dead} given up")
    return tuple(wrong)


def _load(deliveries: Sequence[Delivery], settled: float, wrong: tuple[str, ...]) -> Load:
    times = sorted(delivery.seconds for delivery in deliveries)
    return Load(
        clicks=len(times),
        acknowledged=sum(delivery.acked for delivery in deliveries),
        p50=times[len(times) // 2],
        p99=times[int(len(times) * 0.99)],
        slowest=times[-1],
        settled=settled,
        wrong=wrong,
    )


def main() -> int:
    """Run, print a table, and fail where a click was lost or the promise was not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clicks", type=int, default=50, help="a second")
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    begun: datetime = bootstrap.utc_now()
    with tempfile.TemporaryDirectory() as folder:
        load = run(Path(folder), asked.clicks, asked.seconds)
    print(
        f"{asked.clicks} clicks a second for {asked.seconds:g} s, from {begun:%Y-%m-%d %H:%M} UTC"
    )
    print(f"clicks            {load.clicks:>8}\nacknowledged      {load.acknowledged:>8}")
    for name, value in (
        ("p50", load.p50),
        ("p99", load.p99),
        ("slowest", load.slowest),
        ("settled after", load.settled),
    ):
        print(f"{name:<18}{value * 1000:>8.0f} ms")
    print(f"wrong             {len(load.wrong):>8}")
    for line in load.wrong[:10]:
        print(f"  {line}")
    return 0 if not load.wrong and load.acknowledged == load.clicks and load.p99 < 1 else 1


if __name__ == "__main__":
    sys.exit(main())
