"""What arrives is written down before it is acknowledged, in time or not at all, and survives a
restart.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.domain.alert import AlertStatus
from monitor.errors import StoreUnavailable
from monitor.slack_app.bolt import ExpectedApp, build_bolt_app
from monitor.slack_app.inbox_writer import InboxWriter
from monitor.slack_app.interactions import Interaction, InteractionKind
from monitor.store import Store, open_store
from monitor.store.inbox import SLACK_SOURCE_ID
from monitor.testing import NOON
from tests.integration.slack_app_place import SlackAppPlace, somebody
from tests.world.slack import Slack
from tests.world.slack_apps import over_socket
from tests.world.slack_socket import SocketMode
from tests.world.waiting import LAST_RESORT, wait_until


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[Store]:
    """A database in a file."""
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    yield store
    store.close()


def arrival(key: str) -> Interaction:
    """Something that somebody did."""
    return Interaction(kind=InteractionKind.REACTION, key=key, app="A1", person="U1", text="eyes")


def _is_taken(intake: InboxWriter, key: str) -> bool:
    """Whether it was written in time; where the machine is busy it may have been given up."""
    try:
        intake.write_interaction(arrival(key))
    except StoreUnavailable:
        return False
    return True


def test_what_came_before_a_restart_is_done_after_it(tmp_path: Path, slack: Slack) -> None:
    """A click that was acknowledged is not lost with the process that took it in, and not done
    twice after it.
    """
    ann = somebody(slack)
    with SlackAppPlace(tmp_path, slack, listens=False) as place:
        case = place.open_alert()
        intake = InboxWriter(place.app.store, place.now, lambda: None)
        intake.start()
        with over_socket(
            slack, build_bolt_app(intake.write_interaction, ExpectedApp(), slack.api_url)
        ):
            click = ann.click(case.card, "take")
        intake.stop(LAST_RESORT)
        assert (click.acked, place.inbox.waiting, case.alert.status) == (True, 1, AlertStatus.OPEN)
    with SlackAppPlace(tmp_path, slack) as place:
        assert place.settled()
        assert slack.transport.again(click).wait().acked
        assert place.settled()
        with place.app.store.read() as tx:
            assert [event.kind for event in tx.alerts.events(case.id)] == ["opened", "acknowledged"]


def test_a_database_that_is_slow_is_not_acknowledged_for(tmp_path: Path, slack: Slack) -> None:
    """What cannot be written in time is refused and never done; Slack brings an event again, and
    then it is done.
    """
    ann = somebody(slack)
    hasty = SocketMode(ack_within=0.3)
    with SlackAppPlace(tmp_path, slack, write_timeout=0.05, line=hasty) as place:
        case = place.open_alert()
        with place.app.store.write():
            click = ann.click(case.card, "take")
            reaction = ann.react(case.card, "white_check_mark")
        assert not click.acked
        assert reaction.wait().acked or reaction.attempts == 4
        assert wait_until(lambda: slack.transport.again(reaction).wait().acked)
        assert place.settled()
        assert case.kinds == ["opened", "resolved"]


def test_what_was_given_up_is_not_written_later(file_store: Store) -> None:
    """Once the database answers again, only what is still waited for is written."""
    came = threading.Event()
    intake = InboxWriter(file_store, lambda: NOON, came.set, timeout=0.05)
    intake.start()
    with file_store.write(), pytest.raises(StoreUnavailable, match="within"):
        intake.write_interaction(arrival("first"))
    assert wait_until(lambda: _is_taken(intake, "second"))
    intake.stop(LAST_RESORT)
    with file_store.read() as tx:
        assert [
            Interaction.from_json(entry.body).key
            for entry in tx.inbox.find_due(NOON, from_slack=True)
        ] == ["second"]
    assert came.is_set()


def test_what_arrives_together_is_written_together(file_store: Store) -> None:
    """Many arrivals that wait for the database are all written, each once."""
    intake = InboxWriter(file_store, lambda: NOON, lambda: None, timeout=LAST_RESORT)
    intake.start()
    threads = [
        threading.Thread(target=intake.write_interaction, args=(arrival(str(number % 30)),))
        for number in range(60)
    ]
    with file_store.write():
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join(LAST_RESORT)
    intake.stop(LAST_RESORT)
    with file_store.read() as tx:
        assert len(tx.inbox.find_due(NOON, 100, from_slack=True)) == 30


def test_a_failed_transaction_is_refused_and_the_next_one_is_not(file_store: Store) -> None:
    """What could not be written is refused at once, and the thread takes in what comes next."""
    times = iter([None, NOON])
    intake = InboxWriter(file_store, lambda: next(times), lambda: None)  # type: ignore[arg-type, return-value]
    intake.start()
    with pytest.raises(StoreUnavailable):
        intake.write_interaction(arrival("first"))
    intake.write_interaction(arrival("second"))
    intake.stop(LAST_RESORT)


def test_the_sources_do_not_see_what_people_did(file_store: Store) -> None:
    """The inbox is shared, and each side works off its own."""
    with file_store.write() as tx:
        tx.inbox.add_once(SLACK_SOURCE_ID, "a", NOON, headers={}, query={}, body=b"{}")
        tx.inbox.add_once("typeform", "a", NOON, headers={}, query={}, body=b"{}")
    with file_store.read() as tx:
        assert [entry.source_id for entry in tx.inbox.find_due(NOON)] == ["typeform"]
        assert [entry.source_id for entry in tx.inbox.find_due(NOON, from_slack=True)] == [
            SLACK_SOURCE_ID
        ]


def test_what_people_did_is_not_revived(file_store: Store) -> None:
    """What could not be done is not done days later, when the person has gone on."""
    with file_store.write() as tx:
        tx.inbox.add_once(SLACK_SOURCE_ID, "a", NOON, headers={}, query={}, body=b"{}")
        (entry,) = tx.inbox.find_due(NOON, from_slack=True)
        tx.inbox.mark_failed(entry.id, "broken", None)
        assert tx.inbox.retry_dead(NOON) == 0
