"""What people write down, in both databases: improvements, marked events, versions of goals."""

from __future__ import annotations

from datetime import date, timedelta

from monitor.domain.action import Refusal
from monitor.domain.actor import Actor
from monitor.domain.feedback import Stage, Touchpoint
from monitor.domain.goal import Goal, GoalMeasure
from monitor.domain.improvement import (
    Improvement,
    ImprovementChange,
    ImprovementEventKind,
    ImprovementState,
    ImprovementStep,
    PainPoint,
    decide_change,
)
from monitor.domain.marked_event import (
    MarkedEvent,
    MarkedEventKind,
    MarkOrigin,
    make_marked_event,
)
from monitor.followup.improvements import ImprovementWish, add_improvement, change_improvement
from monitor.followup.marked_events import mark_new_versions
from monitor.store import Store
from tests.integration.store_values import NOW, item, stored

DAY = timedelta(days=1)
ANNA, BERT = Actor.slack("U0ANNA12"), Actor.slack("U0BERT34")


def added(store: Store, title: str = "Faster refunds", **fields: object) -> Improvement:
    """An improvement that Bert wrote down, of which Anna is the owner."""
    values = {"actor": BERT, "owner": ANNA, "request_id": title, "via": "cli"} | fields
    with store.write() as tx:
        made = add_improvement(tx, ImprovementWish(title=title, **values), NOW)  # type: ignore[arg-type]
    assert isinstance(made, Improvement)
    return made


def change(
    store: Store, improvement: Improvement, *, is_manager: bool = True, **fields: object
) -> Improvement | Refusal:
    """What comes of a change by Bert a day later."""
    wanted = ImprovementChange(**({"actor": BERT} | fields))  # type: ignore[arg-type]
    with store.write() as tx:
        return change_improvement(tx, improvement.id, wanted, NOW + DAY, is_manager=is_manager)


def test_an_improvement_comes_back_as_it_was_written_down(store: Store) -> None:
    """Every field, whatever characters are in it, and the event that tells of it."""
    about = PainPoint(Stage.POST_PURCHASE, Touchpoint.PLACE, '"zu spät" OR 返品')
    made = added(
        store, "Schnell \0 zurück 👍", about=about, due=date(2026, 12, 15), next_action="ask"
    )

    with store.read() as tx:
        assert tx.improvements.get(made.id) == made
        [event] = tx.improvements.events(made.id)
    assert (made.about, made.due, made.turn) == (about, date(2026, 12, 15), 0)
    assert (event.kind, event.actor, event.via) == (ImprovementEventKind.ADDED, BERT, "cli")


def test_the_same_wish_delivered_twice_is_written_down_once(store: Store) -> None:
    """The second time what stands there is returned, as it is by then."""
    first = added(store, request_id="click-1")
    change(store, first, state=ImprovementState.DOING)

    second = added(store, "Other", request_id="click-1")

    assert (second.id, second.state) == (first.id, ImprovementState.DOING)
    with store.read() as tx:
        assert tx.improvements.count() == 1
        assert len(tx.improvements.events(first.id)) == 2


def test_of_two_changes_of_the_same_turn_one_is_kept(store: Store) -> None:
    """The second saves nothing and leaves no event."""
    made = added(store)
    steps = [decide_change(made, ImprovementChange(actor=ANNA, title=title), NOW) for title in "ab"]

    with store.write() as tx:
        kept = [tx.improvements.save(step) for step in steps if isinstance(step, ImprovementStep)]

    assert kept == [True, False]
    with store.read() as tx:
        assert tx.improvements.get(made.id).title == "a"  # type: ignore[union-attr]
        assert len(tx.improvements.events(made.id)) == 2


def test_only_its_owner_and_managers_change_it(store: Store) -> None:
    """Others are told whom to ask, and nothing is different."""
    made = added(store)

    refused = change(store, made, is_manager=False, state=ImprovementState.DONE)
    by_owner = change(store, made, actor=ANNA, is_manager=False, state=ImprovementState.DONE)

    assert isinstance(refused, Refusal)
    assert "its owner (user:U0ANNA12) and for managers" in refused.message
    assert isinstance(by_owner, Improvement)
    assert by_owner.done_at == NOW + DAY


def test_a_query_that_cannot_be_read_is_refused(store: Store) -> None:
    """With its place, before anything is written down."""
    with store.write() as tx:
        refused = add_improvement(
            tx,
            ImprovementWish(title="x", actor=ANNA, request_id="1", about=PainPoint(query="(a")),
            NOW,
        )
        missing = change_improvement(tx, 99, ImprovementChange(actor=ANNA), NOW, is_manager=True)

    assert isinstance(refused, Refusal)
    assert "cannot be searched for" in refused.message
    assert isinstance(missing, Refusal)
    with store.read() as tx:
        assert tx.improvements.count() == 0


def test_the_list_begins_with_what_is_due_first(store: Store) -> None:
    """Open ones by date, those without a date after them, closed ones last, newest change first."""
    later = added(store, "later", due=date(2026, 12, 20))
    dateless = added(store, "dateless")
    sooner = added(store, "sooner", due=date(2026, 12, 1))
    dropped, done = added(store, "dropped"), added(store, "done", due=date(2026, 11, 1))
    change(store, dropped, state=ImprovementState.DROPPED)
    with store.write() as tx:
        wanted = ImprovementChange(actor=ANNA, state=ImprovementState.DONE)
        change_improvement(tx, done.id, wanted, NOW + 2 * DAY, is_manager=True)

    with store.read() as tx:
        everything = [each.id for each in tx.improvements.list_all()]
        planned = tx.improvements.list_all([ImprovementState.PLANNED], limit=1, offset=1)
        count = tx.improvements.count([ImprovementState.DONE, ImprovementState.DROPPED])

    assert everything == [sooner.id, later.id, dateless.id, done.id, dropped.id]
    assert ([each.id for each in planned], count) == ([later.id], 2)


def marked(store: Store, event: MarkedEvent) -> tuple[MarkedEvent, bool]:
    """The event as it is stored, and whether it is new."""
    with store.write() as tx:
        return tx.marked_events.add(event)


OUTAGE = make_marked_event(
    "Login down",
    MarkedEventKind.OUTAGE,
    NOW,
    origin=MarkOrigin.COMMAND,
    actor=ANNA,
    until=NOW + 2 * DAY,
)


def test_an_event_is_marked_once_and_found_where_a_part_of_it_lies(store: Store) -> None:
    """An outage that goes on into a week belongs to that week too."""
    first, is_new = marked(store, OUTAGE)
    again, is_new_again = marked(store, OUTAGE)

    assert (is_new, is_new_again, again) == (True, False, first)
    assert first.actor == ANNA
    with store.read() as tx:
        assert tx.marked_events.between(NOW + DAY, NOW + 9 * DAY) == [first]
        assert tx.marked_events.between(NOW - DAY, NOW) == []
        assert tx.marked_events.between(NOW + 3 * DAY, NOW + 9 * DAY) == []


def test_what_was_taken_back_is_gone_until_somebody_marks_it_again(store: Store) -> None:
    """Taken back twice there is nothing; marked again it has its id."""
    first, _ = marked(store, OUTAGE)

    with store.write() as tx:
        removed = [tx.marked_events.remove(first.id, NOW) for _ in range(2)]
        shown = tx.marked_events.newest(10)
    again = marked(store, OUTAGE)

    assert (removed, shown) == ([first, None], [])
    assert again == (first, True)


def reviews(store: Store, version: str, count: int, first_day: int) -> None:
    """So many reviews that name a version, one a day."""
    for number in range(count):
        at = NOW + (first_day + number) * DAY
        stored(store, item(f"{version}-{number}", app_version=version, created_at=at))


def test_a_new_version_is_marked_once(store: Store) -> None:
    """What was there in the first week is none; what is taken back is not marked again."""
    reviews(store, "6.4.0", 10, -60)
    reviews(store, "6.4.9", 6, -25)
    reviews(store, "6.5.0", 4, -5)

    first = mark_new_versions(store, NOW)
    reviews(store, "6.5.0x", 5, -5)
    stored(store, item("late", app_version="6.5.0", created_at=NOW))
    second = mark_new_versions(store, NOW + DAY)
    with store.write() as tx:
        tx.marked_events.remove(second[0].id, NOW)
    third = mark_new_versions(store, NOW + DAY)

    assert [(event.name, event.at) for event in first] == [("6.4.9 (app)", NOW - 25 * DAY)]
    assert {event.name for event in second} == {"6.5.0 (app)", "6.5.0x (app)"}
    assert third == []


def test_a_version_of_old_never_becomes_new(store: Store) -> None:
    """Named again after months, its first feedback is what counts."""
    reviews(store, "6.4.0", 3, -90)
    reviews(store, "6.4.0", 8, -7)

    assert mark_new_versions(store, NOW + DAY) == []


def test_changes_of_goals_are_kept(store: Store) -> None:
    """A start with the same goals writes nothing; another target, and a goal taken out, do."""
    nps = Goal(measure=GoalMeasure.NPS, target=40, by=date(2027, 3, 31))
    stars = Goal(measure=GoalMeasure.STARS, target=4.4, by=date(2027, 3, 31), source="app")
    higher = Goal(measure=GoalMeasure.NPS, target=45, by=date(2027, 3, 31), name="Loved")

    written = []
    for days, goals in enumerate([[nps, stars], [nps, stars], [higher], [higher, stars]]):
        with store.write() as tx:
            written.append(len(tx.goals.record(goals, NOW + days * DAY)))

    assert written == [2, 0, 2, 1]
    with store.read() as tx:
        history = tx.goals.history()
    assert [(version.key, version.goal) for version in history] == [
        ("stars@app", stars),
        ("stars@app", None),
        ("nps", higher),
        ("stars@app", stars),
        ("nps", nps),
    ]
