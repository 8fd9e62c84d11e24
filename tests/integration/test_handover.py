"""All alerts of one person go to another in one step, and come back in one."""

from __future__ import annotations

from datetime import timedelta

from monitor.domain.action import Action, ActionKind, Refusal
from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus
from monitor.domain.delivery import DeliveryKind
from monitor.domain.event import EventKind
from monitor.domain.handover import Handover
from monitor.domain.notice import Notice, NoticeKind
from monitor.followup.act import apply_action
from monitor.followup.handover import (
    HandoverRequest,
    describe_handover,
    find_held,
    give_back,
    hand_over,
)
from monitor.store import Store
from tests.integration.store_values import NOW, decision, item, recorded, stored

ANNA, BERT, CARL = Actor.slack("U0ANNA12"), Actor.slack("U0BERT34"), Actor.slack("U0CARL56")
LATER = NOW + timedelta(minutes=5)
LAST = LATER + timedelta(minutes=5)


def taken(store: Store, name: str, holder: Actor = ANNA) -> int:
    """A new alert that somebody has taken."""
    [made] = stored(store, item(name))
    [alert] = recorded(store, decision(made, group=name)).opened
    act(store, alert.id, ActionKind.TAKE, holder)
    return alert.id


def act(store: Store, alert_id: int, kind: ActionKind, actor: Actor) -> None:
    """Somebody does something."""
    with store.write() as tx:
        apply_action(tx, alert_id, Action(kind=kind, actor=actor), NOW)


def handed_over(store: Store, request_id: str = "1", **fields: object) -> Handover | Refusal:
    """Anna hands over to Bert what she has."""
    values = {"id": request_id, "giver": ANNA, "receiver": BERT, "actor": ANNA} | fields
    with store.write() as tx:
        return hand_over(tx, HandoverRequest(**values), LATER)  # type: ignore[arg-type]


def given_back(store: Store, person: Actor, request_id: str = "back") -> Handover | Refusal:
    """Somebody wants the last hand-over undone."""
    with store.write() as tx:
        return give_back(tx, person, LAST, request_id=request_id)


def held(store: Store, holder: Actor) -> list[int]:
    """The alerts that somebody has."""
    with store.read() as tx:
        return [alert.id for alert in find_held(tx, holder)]


def notices(store: Store) -> list[tuple[str, Notice]]:
    """What is to be told, and to whom."""
    with store.read() as tx:
        due = [one for one in tx.deliveries.find_due(LAST) if one.kind is DeliveryKind.NOTICE]
        found = [(one.channel, tx.notices.get(one.id)) for one in due]
    return [(channel, notice) for channel, notice in found if notice]


def test_all_that_is_not_closed_goes_over_as_it_stands(store: Store) -> None:
    """Taken, replied to or put away: the state stays; what is closed or somebody else's too."""
    first, replied, closed = (taken(store, name) for name in "123")
    other = taken(store, "4", CARL)
    act(store, replied, ActionKind.REPLY, ANNA)
    act(store, closed, ActionKind.RESOLVE, ANNA)

    done = handed_over(store)

    assert isinstance(done, Handover)
    assert done.moved == (first, replied)
    assert (held(store, ANNA), held(store, BERT), held(store, CARL)) == (
        [],
        [first, replied],
        [other],
    )
    with store.read() as tx:
        statuses = [alert.status for alert in map(tx.alerts.get, done.moved) if alert]
    assert statuses == [AlertStatus.ACKNOWLEDGED, AlertStatus.REPLIED]


def test_the_receiver_is_told_once_and_the_threads_stay_quiet(store: Store) -> None:
    """One private message lists all; the cards are brought up to date and nobody else is called."""
    ids = tuple(taken(store, name) for name in "12")
    with store.read() as tx:
        before = tx.deliveries.count_by_state()

    handed_over(store)

    expected = Notice(kind=NoticeKind.HANDOVER, person=BERT, alert_ids=ids, actor=ANNA)
    assert notices(store) == [(BERT.id, expected)]
    with store.read() as tx:
        after = tx.deliveries.count_by_state()
    assert sum(after.values()) - sum(before.values()) == 1  # updates wait already


def test_the_same_request_again_changes_nothing(store: Store) -> None:
    """A retry finds it done, says the same, and moves nothing that has come up since."""
    taken(store, "1")
    first = handed_over(store)
    later = taken(store, "2")

    again = handed_over(store)

    assert again == first
    assert held(store, ANNA) == [later]
    assert len(notices(store)) == 1


def test_what_has_changed_since_it_was_seen_is_left_alone(store: Store) -> None:
    """Somebody else took it over meanwhile, or it was not there yet: neither goes over."""
    kept, moved, resolved = (taken(store, name) for name in "123")
    with store.read() as tx:
        seen = {alert.id: alert.turn for alert in find_held(tx, ANNA)}
    act(store, kept, ActionKind.REPLY, CARL)  # still Anna's, and another turn
    act(store, resolved, ActionKind.RESOLVE, CARL)
    new = taken(store, "4")

    done = handed_over(store, seen=seen)

    assert isinstance(done, Handover)
    assert (done.moved, done.skipped) == ((moved,), (kept, resolved))
    assert held(store, ANNA) == [kept, new]
    assert describe_handover(done) == (
        f"1 alert went over from {ANNA} to {BERT}. These had changed meanwhile and were left "
        f"alone: {kept}, {resolved}."
    )


def test_nothing_is_refused_in_words(store: Store) -> None:
    """Without an open alert, or to oneself, there is nothing to do, and nobody is told."""
    assert handed_over(store) == Refusal(
        f"There is nothing to hand over: {ANNA} has no open alert."
    )
    taken(store, "1")
    assert handed_over(store, receiver=ANNA) == Refusal(f"These are with {ANNA} already.")
    assert notices(store) == []


def test_what_is_still_with_the_receiver_comes_back(store: Store) -> None:
    """What they closed or passed on stays, and so does what was theirs before."""
    back, closed, passed_on = (taken(store, name) for name in "123")
    own = taken(store, "4", BERT)
    handed_over(store)
    act(store, closed, ActionKind.RESOLVE, BERT)
    with store.write() as tx:
        action = Action(kind=ActionKind.ASSIGN, actor=BERT, assignee=CARL)
        apply_action(tx, passed_on, action, LATER)

    done = given_back(store, ANNA)

    assert isinstance(done, Handover)
    assert (done.moved, done.giver, done.receiver) == ((back,), BERT, ANNA)
    assert (held(store, ANNA), held(store, BERT)) == ([back], [own])
    expected = Notice(kind=NoticeKind.TAKEN_BACK, person=BERT, alert_ids=(back,), actor=ANNA)
    assert notices(store)[-1] == (BERT.id, expected)


def test_the_receiver_may_give_back_too(store: Store) -> None:
    """Their last hand-over is the one that they received; the giver hears of it."""
    ids = tuple(taken(store, name) for name in "12")
    handed_over(store)

    given_back(store, BERT)

    assert held(store, ANNA) == list(ids)
    expected = Notice(kind=NoticeKind.HANDOVER, person=ANNA, alert_ids=ids, actor=BERT)
    assert notices(store)[-1] == (ANNA.id, expected)


def test_giving_back_twice_changes_nothing_more(store: Store) -> None:
    """The same request says the same; another one finds nothing to give back."""
    alert_id = taken(store, "1")
    handed_over(store)
    first = given_back(store, ANNA)

    assert given_back(store, ANNA) == first
    assert given_back(store, ANNA, "another") == Refusal(
        f"There is nothing to give back: {BERT} has nothing open any more of what {ANNA} handed "
        "over."
    )
    assert held(store, ANNA) == [alert_id]


def test_who_took_part_in_none_has_nothing_to_give_back(store: Store) -> None:
    """Another pair's hand-over is none of theirs."""
    taken(store, "1")
    handed_over(store)

    assert given_back(store, CARL) == Refusal(
        f"There is nothing to give back: {CARL} took part in no hand-over."
    )


def test_a_person_without_slack_is_told_nothing_there(store: Store) -> None:
    """On the command line alerts go over between names as well."""
    taken(store, "1", Actor.cli("dora"))

    done = handed_over(store, giver=Actor.cli("dora"), receiver=Actor.cli("emil"))

    assert isinstance(done, Handover)
    assert notices(store) == []


def test_the_history_tells_who_handed_over(store: Store) -> None:
    """Each alert keeps the event, with whose it was and whose it is."""
    alert_id = taken(store, "1")
    handed_over(store, request_id="7")

    with store.read() as tx:
        event = tx.alerts.events(alert_id)[-1]
    assert (event.kind, event.actor) == (EventKind.ASSIGNED, ANNA)
    assert event.details == {"handover": "7", "from": str(ANNA), "assignee": str(BERT)}
    assert event.after is None
