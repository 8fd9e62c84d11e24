"""One poll of one source: what is stored, remembered and reported, of failures and of successes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from monitor.analysis.analyzer import Analyzer
from monitor.domain.action import AlertChange
from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus, MatchOutcome
from monitor.domain.delivery import DeliveryKind
from monitor.domain.event import EventKind
from monitor.domain.feedback import Feedback
from monitor.domain.source_health import Gap
from monitor.errors import SourceError, SourceGone, SourceRefused, SourceUnavailable
from monitor.health.source_alerts import HEALTH_RULE_ID, load_source_health
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.poller import (
    ConfiguredSource,
    Poller,
    backoff_interval,
    is_all_before,
    select_history,
)
from monitor.store import Store, Transaction
from monitor.testing import NOON, FakeSource, make_feedback, memory_store
from rules.engine import Engine
from rules.load import parse_rules
from sources.base import Page, Recheckable

MINUTE = timedelta(minutes=1)
RULES = parse_rules(
    {"rules": [{"id": "broken", "group_by": ["feedback"], "all": [{"text": "broken"}]}]},
    "rules.toml",
)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = memory_store()
    yield opened
    opened.close()


def build_poller(store: Store, *sources: ConfiguredSource) -> Poller:
    """A poller of these sources."""
    return Poller(
        sources=sources,
        store=store,
        ingest=Ingest(store, Analyzer(), Engine(RULES), "#support"),
        policy=AlertPolicy(),
        redact=lambda text: text.replace("hunter2", "***"),
    )


def polled(source: FakeSource) -> ConfiguredSource:
    """The source, polled every five minutes."""
    return ConfiguredSource("test", source, timedelta(minutes=5))


def test_a_page_is_stored_with_its_cursor(store: Store) -> None:
    """The next poll goes on behind the last page."""
    first, second = make_feedback("broken one"), make_feedback("broken two")
    source = FakeSource(pages=[[first], [second]])
    report = build_poller(store).poll_source(polled(source), NOON)
    assert (report.ingested.new, len(report.ingested.opened)) == (2, 2)
    with store.read() as tx:
        assert tx.sources.get_state("test").cursor == "2"


def test_pages_before_an_error_are_kept_and_the_cursor_is_theirs(store: Store) -> None:
    """What was read before the connection broke is not read again."""
    source = FakeSource(
        pages=[[make_feedback("broken one")]], error=SourceUnavailable("connection lost")
    )
    report = build_poller(store).poll_source(polled(source), NOON)
    assert (report.ingested.new, report.error) == (1, "connection lost")
    with store.read() as tx:
        state = tx.sources.get_state("test")
    assert (state.cursor, state.failures) == ("1", 1)


def test_a_broken_source_does_not_stop_the_others(store: Store) -> None:
    """An error of a plug-in's own is reported as such, and the next source is read."""

    class Broken(FakeSource):
        def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
            raise ZeroDivisionError

    good = ConfiguredSource(
        "good", FakeSource(pages=[[make_feedback("broken", source_id="good")]]), MINUTE
    )
    reports = build_poller(store, ConfiguredSource("bad", Broken(), MINUTE), good).poll_all(NOON)
    assert ["itself is broken" in report.error for report in reports] == [True, False]
    assert reports[1].ingested.new == 1


def test_what_a_customer_wrote_is_logged_at_debug_only(store: Store) -> None:
    """The message of a plug-in's own mistake may quote a text; its class is what all may read."""

    class Quoting(FakeSource):
        def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
            raise ValueError("could not convert string to float: 'call me, Ann'")

    with capture_logs() as lines:
        build_poller(store).poll_source(polled(Quoting()), NOON)

    shown = [line for line in lines if line["log_level"] != "debug"]
    assert [(line["event"], line["error"]) for line in shown] == [("source_broken", "ValueError")]
    assert not any(line.get("exc_info") for line in shown)


def test_secrets_are_redacted_from_errors_that_are_kept(store: Store) -> None:
    """A password in an address reaches neither the report nor the database."""
    source = FakeSource(error=SourceRefused("https://u:hunter2@host refuses"))
    report = build_poller(store).poll_source(polled(source), NOON)
    with store.read() as tx:
        kept = tx.sources.get_state("test").error
    assert report.error == kept == "https://u:***@host refuses"


def test_the_service_s_wish_to_be_left_alone_is_kept_over_a_restart(store: Store) -> None:
    """After a 429 with Retry-After the source is not asked before that time."""
    source = FakeSource(error=SourceUnavailable("429", retry_after=600))
    poller = build_poller(store)
    assert poller.poll_source(polled(source), NOON).wait >= timedelta(minutes=10)
    source.error = None
    assert "left alone until" in poller.poll_source(polled(source), NOON + 9 * MINUTE).error
    assert poller.poll_source(polled(source), NOON + 11 * MINUTE).error == ""


def test_a_place_that_is_gone_is_not_asked_again(store: Store) -> None:
    """410 stops the source, raises an alert, and a later poll asks nothing."""
    source = FakeSource(error=SourceGone("410 Gone"))
    poller = build_poller(store)
    poller.poll_source(polled(source), NOON)
    source.error = None
    source.pages = [(make_feedback("broken"),)]
    assert poller.poll_source(polled(source), NOON + 5 * MINUTE).ingested.fetched == 0
    with store.read() as tx:
        alerts = tx.alerts.find()
    assert [alert.rule_id for alert in alerts] == [HEALTH_RULE_ID]


def test_a_blind_source_raises_one_alert_and_says_when_it_sees_again(store: Store) -> None:
    """Ten failed polls are one alert; the first good one resolves it and ends the gap."""
    source = FakeSource(error=SourceUnavailable("no answer"))
    poller = build_poller(store)
    for number in range(10):
        poller.poll_source(polled(source), NOON + number * 5 * MINUTE)
    source.error = None
    poller.poll_source(polled(source), NOON + timedelta(hours=2))
    with store.read() as tx:
        [alert] = tx.alerts.find()
        events = [event.kind for event in tx.alerts.events(alert.id)]
        health = load_source_health(tx, "test", NOON + timedelta(hours=2))
    assert (alert.status, events) == (AlertStatus.RESOLVED, ["opened", "recovered"])
    assert health.gaps == (Gap(NOON, NOON + timedelta(hours=2), "no answer"),)
    assert health.coverage == pytest.approx(1 / 11)


def test_an_alert_about_a_source_that_a_person_closed_stays_closed(store: Store) -> None:
    """Somebody knows; it is raised again only after the source was well in between."""
    source = FakeSource(error=SourceUnavailable("no answer"))
    poller = build_poller(store)
    for number in range(4):
        poller.poll_source(polled(source), NOON + number * MINUTE)
    with store.write() as tx:
        tx.alerts.apply_change(
            1,
            AlertChange(kind=EventKind.DISMISSED, to=AlertStatus.DISMISSED),
            at=NOON + 4 * MINUTE,
            actor=Actor.cli("anna"),
        )
    poller.poll_source(polled(source), NOON + 5 * MINUTE)
    with store.read() as tx:
        assert len(tx.alerts.find()) == 1
    source.error = None
    poller.poll_source(polled(source), NOON + 6 * MINUTE)
    source.error = SourceUnavailable("no answer")
    for number in range(7, 11):
        poller.poll_source(polled(source), NOON + number * MINUTE)
    with store.read() as tx:
        assert [alert.status for alert in tx.alerts.find()] == [
            AlertStatus.OPEN,
            AlertStatus.DISMISSED,
        ]


def test_backfill_never_alerts_and_leaves_the_cursor(store: Store) -> None:
    """History is stored and counted, silently; a later poll of the same items alerts on none of
    them.
    """
    older = make_feedback("broken long ago", created_at=NOON - timedelta(days=40))
    old = make_feedback("broken last week", created_at=NOON - timedelta(days=7))
    source = FakeSource(pages=[[old], [older]])
    poller = build_poller(store)
    report = poller.backfill(polled(source), NOON - timedelta(days=30), NOON)
    assert (report.ingested.new, report.ingested.opened) == (1, ())
    with store.read() as tx:
        assert tx.sources.get_state("test").cursor == ""
        [decision] = tx.alerts.list_decisions(1)
    assert (decision.outcome, decision.reason) == (
        MatchOutcome.SUPPRESSED,
        "history that was read in never alerts",
    )
    assert poller.poll_source(polled(source), NOON).ingested.opened == ()


def test_backfill_leaves_what_may_alert_to_the_next_poll(store: Store) -> None:
    """An outage reported a minute ago alerts, although history is read in just then."""
    young = make_feedback("broken just now", created_at=NOON - MINUTE)
    source = FakeSource(pages=[[young]])
    poller = build_poller(store)
    assert poller.backfill(polled(source), NOON - timedelta(days=30), NOON).ingested.new == 0
    assert len(poller.poll_source(polled(source), NOON).ingested.opened) == 1


def test_a_plug_in_s_own_mistake_in_a_backfill_is_reported(store: Store) -> None:
    """As in a poll it is named by its class; what was read before it is kept."""

    class Broken(FakeSource):
        def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
            yield from super().collect(cursor, now)
            raise ZeroDivisionError

    old = make_feedback("broken last week", created_at=NOON - timedelta(days=7))

    report = build_poller(store).backfill(
        polled(Broken(pages=[[old]])), NOON - timedelta(days=30), NOON
    )

    assert report.error == "the Broken itself is broken: ZeroDivisionError"
    assert report.ingested.new == 1


def test_history_is_what_was_written_in_its_span() -> None:
    """The beginning belongs to it, the end and what has no date do not."""
    since, until = NOON - timedelta(days=2), NOON - timedelta(days=1)
    times = [since - MINUTE, since, until - MINUTE, until, None]
    items = [make_feedback(created_at=at) for at in times]

    assert select_history(items, since, until) == items[1:3]


def test_reading_history_ends_where_all_is_older() -> None:
    """One younger feedback in a page, or a page without dates, says nothing about the next."""
    older, younger, undated = (make_feedback(created_at=at) for at in (NOON - MINUTE, NOON, None))

    assert is_all_before([older, undated], NOON)
    assert not is_all_before([older, younger], NOON)
    assert not is_all_before([undated], NOON)
    assert not is_all_before([], NOON)


def test_an_edit_alerts_only_for_a_rule_that_did_not_hold_before(store: Store) -> None:
    """The same words again are no news; new words are."""
    poller = build_poller(store)
    item = make_feedback("it is broken")
    poller.poll_source(polled(FakeSource(pages=[[item]])), NOON)
    edited = polled(FakeSource(pages=[[], [replace(item, body="it is broken, still")]]))
    report = poller.poll_source(edited, NOON + MINUTE)
    assert (report.ingested.updated, report.ingested.opened) == (1, ())
    harmless = make_feedback("all is well")
    poller.poll_source(polled(FakeSource(pages=[[], [], [harmless]])), NOON + 2 * MINUTE)
    turned = polled(FakeSource(pages=[[], [], [], [replace(harmless, body="now it is broken")]]))
    assert len(poller.poll_source(turned, NOON + 3 * MINUTE).ingested.opened) == 1


def test_an_edit_of_what_a_card_shows_brings_the_card_up_to_date(store: Store) -> None:
    """The words on the card are the customer's words as they are now; an edit elsewhere touches no
    card.
    """
    shown, other = make_feedback("it is broken"), make_feedback("all is well")
    poller = build_poller(store)
    poller.poll_source(polled(FakeSource(pages=[[shown, other]])), NOON)
    poller.poll_source(
        polled(FakeSource(pages=[[], [replace(other, body="all is very well")]])), NOON + MINUTE
    )
    with store.read() as tx:
        assert [delivery.kind for delivery in tx.deliveries.find_due(NOON)] == [DeliveryKind.CARD]
        due = tx.deliveries.find_due(NOON)[0]
    with store.write() as tx:
        assert tx.deliveries.claim(due.id, NOON)
        tx.deliveries.mark_sent(due.id, NOON, "1", "C1")
    poller.poll_source(
        polled(FakeSource(pages=[[], [], [replace(shown, body="it is broken, SOLVED")]])),
        NOON + 2 * MINUTE,
    )
    with store.read() as tx:
        assert [delivery.kind for delivery in tx.deliveries.find_due(NOON + 2 * MINUTE)] == [
            DeliveryKind.UPDATE
        ]


def test_a_cooldown_never_silences_reports_of_an_open_alert(store: Store) -> None:
    """Also when nothing joined it for longer than a day: the report joins, and a closed one stays
    silent.
    """
    rules = parse_rules(
        {
            "rules": [
                {"id": "x", "group_by": ["rule"], "cooldown": "7d", "all": [{"text": "broken"}]}
            ]
        },
        "r",
    )
    ingest = Ingest(store, Analyzer(), Engine(rules), "#support")
    for days in (0, 2):
        at = NOON + timedelta(days=days)
        last = ingest([make_feedback(f"broken {days}", created_at=at)], at, AlertPolicy())
    assert (last.opened, last.grouped, last.silences) == ((), 1, ())
    with store.write() as tx:
        tx.alerts.apply_change(
            1,
            AlertChange(kind=EventKind.RESOLVED, to=AlertStatus.RESOLVED),
            at=at,
            actor=Actor.cli("anna"),
        )
    at += timedelta(days=1)
    last = ingest([make_feedback("broken again", created_at=at)], at, AlertPolicy())
    assert (last.opened, last.grouped, len(last.silences)) == ((), 0, 1)


class Twin(FakeSource):
    """A kind that shares its external ids with others."""

    space = "twins"


def test_one_feedback_from_two_collectors_of_a_space_is_stored_once(store: Store) -> None:
    """The one that was second learns that it is not new; what only it has is stored."""
    item, more = make_feedback("broken", source_id="a"), make_feedback("broken too", source_id="b")
    first = ConfiguredSource("a", Twin("a", pages=[[item]]), MINUTE)
    second = ConfiguredSource("b", Twin("b", pages=[[replace(item, source_id="b"), more]]), MINUTE)
    reports = build_poller(store, first, second).poll_all(NOON)
    assert sum(report.ingested.new for report in reports) == 2
    with store.read() as tx:
        assert sorted(item.body for item, _ in tx.feedback.iterate_stored()) == [
            "broken",
            "broken too",
        ]
        assert len(tx.alerts.find()) == 2


class Rechecked(FakeSource, Recheckable):
    """A source whose feedback may have changed since."""

    current: dict[str, Feedback]
    rechecks: int = 0
    broken: SourceError | None = None

    def recheck(self, external_ids: Sequence[str], now: datetime) -> Iterator[Page]:
        """What has become of them."""
        self.rechecks += 1
        if self.broken:
            raise self.broken
        yield Page(
            items=tuple(self.current[name] for name in external_ids if name in self.current),
            cursor="",
        )


def test_what_is_deleted_upstream_is_deleted_here(store: Store) -> None:
    """The words go from the store and from the card; the alert stays, without them."""
    item = make_feedback("broken, and my name is Ann")
    source = Rechecked(pages=[[item]])
    source.current = {item.external_id: replace(item, body="", deleted=True)}
    poller = build_poller(store)
    poller.poll_source(polled(source), NOON)
    with store.read() as tx:
        assert tx.feedback.get(1) is None
        card = tx.alerts.card(1)
        [alert] = tx.alerts.find()
    assert card is not None
    assert card.feedback.deleted
    assert (alert.reason, alert.words) == ("", ())


def test_rechecks_are_an_hour_apart_and_their_failure_is_no_failure_of_the_poll(
    store: Store,
) -> None:
    """The service is not asked too often, and the poll stays a success."""
    item = make_feedback("fine")
    source = Rechecked(pages=[[item]])
    source.current = {}
    poller = build_poller(store)
    poller.poll_source(polled(source), NOON)
    poller.poll_source(polled(source), NOON + 59 * MINUTE)
    assert source.rechecks == 1
    source.broken = SourceUnavailable("not now")
    report = poller.poll_source(polled(source), NOON + 61 * MINUTE)
    assert (source.rechecks, report.error) == (2, "")
    assert "not now" in report.warnings[0]


def test_votes_and_replies_are_kept_as_they_are_now_and_alert_nobody(store: Store) -> None:
    """A poll that finds new figures on known feedback stores them: no update, no second alert."""
    item = replace(make_feedback("broken"), score=3)
    source = FakeSource(
        pages=[[item], [replace(item, score=40)], [replace(item, score=None, replies=7)]]
    )
    report = build_poller(store).poll_source(polled(source), NOON)
    with store.read() as tx:
        kept = tx.feedback.get(1)
    assert kept
    assert (kept[0].score, kept[0].replies) == (40, 7)
    assert (report.ingested.new, report.ingested.updated, len(report.ingested.opened)) == (1, 0, 1)


def test_a_service_that_asks_for_patience_is_left_alone_after_a_restart_too(store: Store) -> None:
    """What a page asks to wait holds for the next `once` as well, and is no error."""

    class Patient(FakeSource):
        def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
            yield Page(items=(), cursor="1", wait=600)

    assert build_poller(store).poll_source(polled(Patient()), NOON).wait == timedelta(minutes=10)
    later = build_poller(store).poll_source(polled(Patient()), NOON + 9 * MINUTE)
    assert (later.error, later.wait) == ("", MINUTE)
    assert later.warnings == ("left alone until 12:10:00 UTC, as its service asks",)
    assert build_poller(store).poll_source(polled(Patient()), NOON + 10 * MINUTE).warnings == ()


def test_a_poll_without_news_writes_once(store: Store) -> None:
    """State, counters and gap of a quiet poll are one transaction."""
    source = FakeSource(pages=[[make_feedback("fine")]])
    poller = build_poller(store)
    poller.poll_source(polled(source), NOON)
    source.pages.append(())
    counting = CountingStore(store)
    build_poller(counting).poll_source(polled(source), NOON + MINUTE)  # type: ignore[arg-type]  # it counts, and is a store otherwise
    assert counting.writes == 1


class CountingStore:
    """A store that counts the transactions that write."""

    def __init__(self, store: Store) -> None:
        self.read = store.read
        self._store = store
        self.writes = 0

    def write(self) -> AbstractContextManager[Transaction]:
        """A transaction that counts."""
        self.writes += 1
        return self._store.write()


def test_backoff_doubles_up_to_six_hours() -> None:
    """A source that fails is asked less often, but never given up."""
    every = timedelta(minutes=5)
    assert [backoff_interval(every, failures) for failures in (1, 2, 3)] == [
        every,
        2 * every,
        4 * every,
    ]
    assert backoff_interval(every, 500) == timedelta(hours=6)
    assert backoff_interval(timedelta(days=1), 3) == timedelta(days=1)


def test_what_was_resolved_comes_back_as_the_same_alert(store: Store) -> None:
    """Within the time of the configuration the same problem is the same alert again, and later a
    new one.
    """
    rules = parse_rules(
        {"rules": [{"id": "broken", "group_by": ["rule"], "all": [{"text": "broken"}]}]},
        "rules.toml",
    )
    ingest = Ingest(store, Analyzer(deep=False), Engine(rules), "#support")
    policy = AlertPolicy(reopen_within=timedelta(days=7))
    lasting = Poller((), store, ingest, policy, str)
    times = [NOON, NOON + timedelta(days=6), NOON + timedelta(days=20)]
    pages = [[make_feedback("broken", created_at=at)] for at in times]
    became = []
    for number, at in enumerate(times, 1):
        read_now = lasting.poll_source(polled(FakeSource(pages=pages[:number])), at).ingested
        became.append((len(read_now.opened), read_now.reopened, read_now.grouped))
        with store.write() as tx:
            newest = tx.alerts.find(limit=1)[0]
            tx.alerts.apply_change(
                newest.id,
                AlertChange(kind=EventKind.RESOLVED, to=AlertStatus.RESOLVED),
                at=at,
                actor=Actor.cli("anna"),
            )
    assert became == [(1, 0, 0), (0, 1, 0), (1, 0, 0)]
