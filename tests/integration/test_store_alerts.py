"""Decisions become alerts, events and outbox rows, each once, and alerts move as people wish."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.action import Action, ActionKind, AlertChange, Refusal
from monitor.domain.actor import Actor
from monitor.domain.alert import Alert, AlertStatus, Clause, MatchOutcome, Severity, Snooze
from monitor.domain.delivery import DeliveryKind
from monitor.domain.event import EventKind
from monitor.domain.feedback import Author, Feedback
from monitor.errors import AlertError
from monitor.followup.act import apply_action
from monitor.followup.joining import join_alerts, part_alert
from monitor.store import DecisionResults, Store
from tests.integration.store_values import CHANNEL, NOW, decision, item, recorded, stored

LATER = NOW + timedelta(minutes=5)
ANNA = Actor.cli("anna")


def test_an_opened_alert_has_its_event_and_its_card(store: Store) -> None:
    """One transaction writes the match, the alert, why it was opened, and the card that is due at
    once.
    """
    [first] = stored(store, item())
    [alert] = recorded(store, decision(first, mention="@team")).opened

    with store.read() as tx:
        [event] = tx.alerts.events(alert.id)
        [delivery] = tx.deliveries.find_due(NOW, 10)
        [explained] = tx.alerts.list_decisions(first[0].id)
        assert (
            alert
            == tx.alerts.get(alert.id)
            == tx.alerts.latest_by_group([("crash", "crash")])["crash", "crash"]
        )
        assert {("crash", first[0].id)} == tx.alerts.already_decided(
            [("crash", first[0].id), ("other", first[0].id)]
        )
    assert alert.status is AlertStatus.OPEN
    assert (alert.words, alert.mention, alert.channel) == (("It", "crashes"), "@team", CHANNEL)
    assert (event.kind, event.actor, event.note) == (
        "opened",
        Actor.rule("crash"),
        "because of It crashes",
    )
    assert (event.before, event.after) == (None, AlertStatus.OPEN)
    assert (delivery.kind, delivery.alert_id, delivery.severity) == (
        DeliveryKind.CARD,
        alert.id,
        Severity.HIGH,
    )
    assert (explained.outcome, explained.alert_id, explained.live) == (
        MatchOutcome.OPENED,
        alert.id,
        True,
    )


def test_recording_twice_changes_nothing(store: Store) -> None:
    """A rule decides about a feedback once, whatever is decided the second time."""
    first, second = stored(store, item("1"), item("2"))
    [alert] = recorded(store, decision(first)).opened
    recorded(store, decision(second, MatchOutcome.GROUPED, alert_id=alert.id), at=LATER)

    again = recorded(
        store,
        decision(first),
        decision(second, MatchOutcome.GROUPED, alert_id=alert.id),
        decision(second),
    )

    with store.read() as tx:
        assert [one.members for one in tx.alerts.find()] == [2]
        assert len(tx.alerts.events(alert.id)) == 2
    assert again == DecisionResults()


def test_a_batch_may_group_into_what_it_opens(store: Store) -> None:
    """Members of one batch join the alert opened in it, whose card then needs no update of its
    own.
    """
    first, *others = stored(
        store, *(item(str(number), source_id=f"s{number}") for number in range(3))
    )
    result = recorded(
        store, decision(first), *(decision(other, MatchOutcome.GROUPED) for other in others)
    )

    with store.read() as tx:
        [alert] = result.opened
        card = tx.alerts.card(alert.id)
        assert [delivery.kind for delivery in tx.deliveries.find_due(LATER, 10)] == [
            DeliveryKind.CARD
        ]
        assert [(*one[0].key, one[3]) for one in tx.alerts.members(alert.id)] == [
            (f"s{number}", str(number), "because of It crashes") for number in range(3)
        ]
    assert (alert.members, result.grouped, result.suppressed) == (3, 2, 0)
    assert card is not None
    assert (card.alert, card.feedback, card.sources) == (alert, first[0], ("s0", "s1", "s2"))


def test_the_card_shows_the_feedback_that_opened_it(store: Store) -> None:
    """Whatever its id, the first member is the one for which the alert was opened."""
    older, newer = stored(store, item("1"), item("2"))
    [alert] = recorded(store, decision(newer), decision(older, MatchOutcome.GROUPED)).opened

    with store.read() as tx:
        card = tx.alerts.card(alert.id)

    assert card is not None
    assert card.feedback == newer[0]


def test_later_members_queue_one_update(store: Store) -> None:
    """However much joins an alert, one update waits until it is taken."""
    first, *others = stored(store, *(item(str(number)) for number in range(5)))
    [alert] = recorded(store, decision(first)).opened
    with store.write() as tx:
        [card] = tx.deliveries.find_due(LATER, 10)
        assert tx.deliveries.claim(card.id, LATER)
    for other in others:
        recorded(store, decision(other, MatchOutcome.GROUPED, alert_id=alert.id), at=LATER)

    with store.read() as tx:
        assert tx.deliveries.find_due(LATER, 10) == []
    with store.write() as tx:
        tx.deliveries.mark_sent(card.id, LATER, "1.0", "C1")
        assert [one.kind for one in tx.deliveries.find_due(LATER, 10)] == [DeliveryKind.UPDATE]
        found = tx.alerts.get(alert.id)

    assert found is not None
    assert (found.members, found.version, found.updated_at) == (5, 5, LATER)


def test_shadow_and_suppressed_matches_are_only_remembered(store: Store) -> None:
    """A rule in shadow mode never alerts and is not counted; what is suppressed is counted and
    explained.
    """
    first, second = stored(store, item("1"), item("2"))
    result = recorded(
        store,
        decision(first, live=False),
        decision(second, MatchOutcome.GROUPED, live=False),
        decision(second, MatchOutcome.SUPPRESSED, rule_id="cool", reason="cooldown until 14:20"),
    )

    with store.read() as tx:
        assert tx.alerts.find() == []
        assert tx.deliveries.find_due(LATER, 10) == []
        explained = tx.alerts.list_decisions(second[0].id)
    assert result == DecisionResults(suppressed=1)
    assert [(one.rule_id, one.live, one.reason) for one in explained] == [
        ("crash", False, "because of It crashes"),
        ("cool", True, "cooldown until 14:20"),
    ]


def test_a_member_whose_opener_was_recorded_before_is_not_lost(store: Store) -> None:
    """When another process opened the alert first, the rest joins that one; without any, it opens
    one.
    """
    first, second, third = stored(store, item("1"), item("2"), item("3"))
    [alert] = recorded(store, decision(first)).opened
    recorded(store, decision(first, live=False, rule_id="new"))

    joined = recorded(store, decision(first), decision(second, MatchOutcome.GROUPED))
    opened = recorded(
        store,
        decision(first, rule_id="new"),
        decision(second, MatchOutcome.GROUPED, rule_id="new"),
        decision(third, MatchOutcome.GROUPED, rule_id="new"),
    )

    assert (joined.opened, joined.grouped) == ((), 1)
    assert [(one.rule_id, one.members) for one in opened.opened] == [("new", 2)]
    with store.read() as tx:
        assert [one.outcome for one in tx.alerts.list_decisions(second[0].id)] == [
            MatchOutcome.GROUPED,
            MatchOutcome.OPENED,
        ]
        assert [one[0].external_id for one in tx.alerts.members(alert.id)] == ["1", "2"]


def test_latest_is_the_newest_of_each_group(store: Store) -> None:
    """Many groups are looked up at once, whatever they are called."""
    items = stored(store, *(item(str(number)) for number in range(3)))
    odd = "a\0'\"" + "x" * 9000
    recorded(store, decision(items[0]), decision(items[1], group=odd))
    newest = recorded(store, decision(items[2])).opened[0]

    with store.read() as tx:
        found = tx.alerts.latest_by_group([("crash", "crash"), ("crash", odd), ("crash", "none")])

    assert {("crash", "crash"), ("crash", odd)} == set(found)
    assert found["crash", "crash"] == newest


def test_find_filters_by_status_and_time(store: Store) -> None:
    """The newest come first, of the wished states and since the wished time."""
    items = stored(store, *(item(str(number)) for number in range(3)))
    ids = [
        recorded(store, decision(one, group=str(number)), at=NOW + timedelta(hours=number))
        .opened[0]
        .id
        for number, one in enumerate(items)
    ]
    with store.write() as tx:
        tx.alerts.apply_change(
            ids[0],
            AlertChange(kind=EventKind.RESOLVED, to=AlertStatus.RESOLVED),
            at=LATER,
            actor=Actor.slack("U1"),
        )

    with store.read() as tx:
        assert [one.id for one in tx.alerts.find()] == ids[::-1]
        assert [one.id for one in tx.alerts.find(limit=1)] == ids[-1:]
        assert [one.id for one in tx.alerts.find(status=[AlertStatus.RESOLVED])] == ids[:1]
        assert [one.id for one in tx.alerts.find(since=NOW + timedelta(hours=1))] == ids[:0:-1]
        assert tx.alerts.find(status=[]) == []
        assert list(tx.alerts.cards([ids[2], 99, ids[0]])) == [ids[2], ids[0]]


def test_moving_notes_who_and_brings_the_card_up_to_date(store: Store) -> None:
    """A move changes the alert, adds an event and queues an update."""
    [alert] = recorded(store, decision(stored(store, item())[0])).opened
    with store.write() as tx:
        moved = tx.alerts.apply_change(
            alert.id,
            AlertChange(
                kind=EventKind.ACKNOWLEDGED,
                to=AlertStatus.ACKNOWLEDGED,
                note="mine",
                assignee=Actor.slack("U1"),
            ),
            at=LATER,
            actor=Actor.slack("U1"),
            turn=alert.version,
        )
        event = tx.alerts.events(alert.id)[-1]
        counts = tx.deliveries.count_by_state()

    expected = replace(
        alert,
        status=AlertStatus.ACKNOWLEDGED,
        updated_at=LATER,
        version=2,
        turn=2,
        assignee=Actor.slack("U1"),
        next_at=LATER,
    )
    assert moved == expected
    assert (event.before, event.after, event.note) == (
        AlertStatus.OPEN,
        AlertStatus.ACKNOWLEDGED,
        "mine",
    )
    assert sum(counts.values()) == 3  # the card, its update and the line below it


@pytest.mark.parametrize(
    ("to", "turn", "message"),
    [
        (
            AlertStatus.ACKNOWLEDGED,
            2,
            "is resolved and cannot become acknowledged; it can become: open",
        ),
        (AlertStatus.OPEN, 1, "has changed since: it is resolved by user:U1"),
        (AlertStatus.RESOLVED, None, "cannot become resolved"),
    ],
)
def test_a_move_that_does_not_fit_changes_nothing(
    store: Store, to: AlertStatus, turn: int | None, message: str
) -> None:
    """A stale click and a move that the status does not allow are refused with a line that says
    why.
    """
    [alert] = recorded(store, decision(stored(store, item())[0])).opened
    with store.write() as tx:
        tx.alerts.apply_change(
            alert.id,
            AlertChange(
                kind=EventKind.RESOLVED, to=AlertStatus.RESOLVED, assignee=Actor.slack("U1")
            ),
            at=LATER,
            actor=Actor.cli("a"),
        )

    with pytest.raises(AlertError, match=message), store.write() as tx:
        tx.alerts.apply_change(
            alert.id,
            AlertChange(kind=EventKind.NOTED, to=to),
            at=LATER,
            actor=Actor.cli("b"),
            turn=turn,
        )

    with store.read() as tx:
        assert len(tx.alerts.events(alert.id)) == 2


def test_moving_an_unknown_alert_says_so(store: Store) -> None:
    """There is no alert to move."""
    with pytest.raises(AlertError, match="no alert 7"), store.write() as tx:
        tx.alerts.apply_change(
            7,
            AlertChange(kind=EventKind.RESOLVED, to=AlertStatus.RESOLVED),
            at=NOW,
            actor=Actor.cli("a"),
        )


def test_events_of_a_newer_version_are_read(store: Store) -> None:
    """A kind and an actor that this version does not know come back as they were stored."""
    [alert] = recorded(store, decision(stored(store, item())[0])).opened
    kind, actor = EventKind("celebrated"), Actor.parse("web:anna")
    with store.write() as tx:
        change = AlertChange(kind=kind, assignee=actor)
        tx.alerts.apply_change(alert.id, change, at=LATER, actor=actor)

    with store.read() as tx:
        changed = tx.alerts.get(alert.id)
        event = tx.alerts.events(alert.id)[-1]
        counts = tx.period_statistics.count_events(NOW, LATER + timedelta(seconds=1))
    assert changed
    assert (event.kind, event.actor, changed.assignee) == (kind, actor, actor)
    assert counts == {EventKind.OPENED: 1, kind: 1}


def test_one_of_many_clicks_wins(store: Store) -> None:
    """Of threads that acknowledge the same version at once exactly one succeeds, and no change is
    lost.
    """
    [alert] = recorded(store, decision(stored(store, item())[0])).opened
    start = threading.Barrier(6)
    taken = AlertChange(kind=EventKind.ACKNOWLEDGED, to=AlertStatus.ACKNOWLEDGED)

    def click(number: int) -> bool:
        start.wait()
        try:
            with store.write() as tx:
                tx.alerts.apply_change(
                    alert.id, taken, at=LATER, actor=Actor.cli(str(number)), turn=1
                )
        except AlertError:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(click, range(6))) == 1
    with store.read() as tx:
        assert len(tx.alerts.events(alert.id)) == 2


def test_no_change_is_lost_between_threads(store: Store) -> None:
    """Moves to and fro from several threads add up: every one that succeeded has its version and
    its event.
    """
    [alert] = recorded(store, decision(stored(store, item())[0])).opened

    def toggle(number: int) -> int:
        done = 0
        for turn in range(20):
            to = (AlertStatus.ACKNOWLEDGED, AlertStatus.REPLIED)[(turn + number) % 2]
            try:
                with store.write() as tx:
                    tx.alerts.apply_change(
                        alert.id,
                        AlertChange(kind=EventKind.NOTED, to=to),
                        at=LATER,
                        actor=Actor.cli(str(number)),
                    )
            except AlertError:
                continue
            done += 1
        return done

    with ThreadPoolExecutor(4) as threads:
        done = sum(threads.map(toggle, range(4)))
    with store.read() as tx:
        found = tx.alerts.get(alert.id)
        assert len(tx.alerts.events(alert.id)) == 1 + done
    assert found is not None
    assert found.version == 1 + done


def test_members_carry_their_clauses(store: Store) -> None:
    """Why each member is there comes back word by word."""
    clauses = (
        Clause("stars", "2 stars or fewer (1)"),
        Clause("text", "says crash", ("crash", "💥")),
    )
    [first] = stored(store, item())
    [alert] = recorded(store, decision(first, clauses=clauses, reason="first of its kind")).opened

    with store.read() as tx:
        assert tx.alerts.members(alert.id) == [(*first, clauses, "first of its kind")]


def test_a_purged_feedback_leaves_an_empty_card(store: Store) -> None:
    """The alert stays, its words and its feedback do not."""
    [first] = stored(store, item())
    [alert] = recorded(store, decision(first)).opened
    with store.write() as tx:
        assert tx.feedback.purge([first[0].key, ("app", "never")], NOW) == 1

    with store.read() as tx:
        card = tx.alerts.card(alert.id)
        [(gone, _, clauses, reason)] = tx.alerts.members(alert.id)
        notes = [event.note for event in tx.alerts.events(alert.id)]
    assert card is not None
    assert (card.alert.words, card.alert.reason, notes, clauses, reason) == ((), "", [""], (), "")
    assert card.feedback == gone
    assert gone == Feedback(
        id=first[0].id, source_id="app", external_id="", first_seen_at=NOW, deleted=True
    )


def test_the_card_tells_how_often_the_same_person_wrote_before(store: Store) -> None:
    """Counted at the same source only, by id whatever the name, by name where there is no id, never
    for nobody.
    """
    known, named, nobody = Author(name="Anna", id="u1"), Author(name="Anna"), Author()
    items = stored(
        store,
        *(
            item(
                f"{number}{author.id or author.name}",
                author=author,
                source_id=source,
                created_at=NOW - timedelta(days=number),
            )
            for number in range(3)
            for author, source in ((known, "app"), (known, "web"), (named, "app"), (nobody, "app"))
        ),
        item("renamed", author=Author(name="Ann", id="u1"), created_at=NOW - timedelta(days=9)),
    )
    newest = [found for found in items if found[0].created_at == NOW]
    opened = recorded(store, *(decision(found, group=f"{found[0].id}") for found in newest)).opened

    with store.read() as tx:
        told = [card for alert in opened if (card := tx.alerts.card(alert.id))]

    assert {
        (card.feedback.source_id, card.feedback.author): card.earlier_count for card in told
    } == {
        ("app", known): 3,
        ("web", known): 2,
        ("app", named): 2,
        ("app", nobody): 0,
    }


def test_histories_leave_out_reports_unless_they_are_counted(store: Store) -> None:
    """A problem with a thousand reports is looked at quickly; one put away until it gets worse has
    them all.
    """
    items = stored(store, item("a"), item("b"))
    [alert] = recorded(store, decision(items[0])).opened
    recorded(store, decision(items[1], MatchOutcome.GROUPED, alert_id=alert.id))

    def kinds() -> list[str]:
        with store.read() as tx:
            return [event.kind for event in tx.alerts.events_by_alert([alert.id])[alert.id]]

    assert kinds() == ["opened"]
    with store.write() as tx:
        change = AlertChange(
            kind=EventKind.SNOOZED, to=AlertStatus.SNOOZED, snooze=Snooze(until=LATER, worse=True)
        )
        tx.alerts.apply_change(alert.id, change, at=NOW, actor=Actor.slack("U1"))
    assert kinds() == ["opened", "grouped", "snoozed"]


def test_two_alerts_become_one_and_two_again(store: Store) -> None:
    """What one held is counted in the other, and later reports of both join that; parted, each has
    its own again.
    """
    first, second, third = stored(store, item("1"), item("2"), item("3"))
    target = recorded(store, decision(first)).opened[0]
    joined = recorded(store, decision(second, group="other")).opened[0]
    with store.write() as tx:
        kept = join_alerts(tx, joined.id, target.id, actor=ANNA, via="cli", now=LATER)
        assert isinstance(kept, Alert)
        card = tx.alerts.card(joined.id)
        latest = tx.alerts.latest_by_group([("crash", "other")])
        assert (kept.members, latest["crash", "other"].id) == (2, target.id)
        assert card
        assert (card.alert.status, card.feedback.key) == (AlertStatus.RESOLVED, second[0].key)
        assert isinstance(
            apply_action(tx, joined.id, Action(kind=ActionKind.REOPEN, actor=ANNA), LATER), Refusal
        )
    recorded(store, decision(third, MatchOutcome.GROUPED, alert_id=target.id, group="other"))
    with store.write() as tx:
        parted = part_alert(tx, joined.id, actor=ANNA, via="cli", now=LATER)
        rest = tx.alerts.get(target.id)
        assert isinstance(parted, Alert)
        assert rest
        assert (parted.status, parted.members, rest.members) == (AlertStatus.OPEN, 1, 2)
        kinds = [event.kind for event in tx.alerts.events(joined.id)]
    assert kinds == [EventKind.OPENED, EventKind.JOINED, EventKind.PARTED]


def test_what_is_more_severe_is_not_joined_into_what_is_less(store: Store) -> None:
    """Nor a closed one, one that is joined already, or one into itself: each is said."""
    first, second, third = stored(store, item("1"), item("2"), item("3"))
    high = recorded(store, decision(first)).opened[0].id
    normal = recorded(store, decision(second, group="b", severity=Severity.NORMAL)).opened[0].id
    closed = recorded(store, decision(third, group="c")).opened[0].id
    with store.write() as tx:
        apply_action(tx, closed, Action(kind=ActionKind.RESOLVE, actor=ANNA), LATER)
        for one, other, says in (
            (high, normal, f"join alert {normal} into it instead"),
            (closed, high, "reopen it first"),
            (high, high, "one alert already"),
            (high, 99, "no alert 99"),
        ):
            refused = join_alerts(tx, one, other, actor=ANNA, via="cli", now=LATER)
            assert isinstance(refused, Refusal)
            assert says in refused.message
        not_joined = part_alert(tx, high, actor=ANNA, via="cli", now=LATER)
        assert isinstance(not_joined, Refusal)


def test_words_that_go_also_go_from_an_alert_that_was_joined(store: Store) -> None:
    """The closed one quotes them as well."""
    first, second = stored(store, item("1"), item("2", "crash of Bob", author=Author(name="Bob")))
    target = recorded(store, decision(first)).opened[0].id
    joined = recorded(store, decision(second, group="other")).opened[0].id
    with store.write() as tx:
        join_alerts(tx, joined, target, actor=ANNA, via="cli", now=LATER)
        tx.feedback.forget_author("bob", LATER)
        alert = tx.alerts.get(joined)
    assert alert
    assert (alert.words, alert.reason) == ((), "")
