"""What follows an answer, through real ingest: official accounts that answer in public, and
customers who react.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus
from monitor.domain.event import AlertEvent
from monitor.domain.feedback import Author, Feedback, Rating
from monitor.domain.reply import normalize_account_names
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.poller import ConfiguredSource, Poller
from monitor.store import Store
from monitor.testing import NOON, FakeSource, make_feedback, memory_store
from sources.base import Page, Recheckable
from tests.world.answering import ANALYZER, ENGINE, Office

OFFICIAL = {"test": normalize_account_names(["u/AcmeSupport", "@acme_help"])}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def office() -> Iterator[Office]:
    store = memory_store()
    yield Office(store, official=OFFICIAL)
    store.close()


def post(external_id: str = "post", **changes: object) -> Feedback:
    """A complaint by Carla, in a thread of its own."""
    found = make_feedback("it is broken", external_id=external_id, author="Carla", stars=2)
    return replace(found, thread_id=external_id, **changes)  # type: ignore[arg-type]


def below(
    parent: str, author: str, thread: str = "post", *, minutes: int = 1, external_id: str = ""
) -> Feedback:
    """A comment, by default a minute after noon."""
    found = make_feedback(
        "words", author=author, created_at=NOON + minutes * MINUTE, external_id=external_id
    )
    return replace(found, parent_id=parent, thread_id=thread)


def outcomes(office: Office, alert_id: int = 1) -> list[dict[str, str]]:
    return [dict(event.details) for event in office.events(alert_id, "outcome")]


def replied(office: Office, alert_id: int = 1) -> list[AlertEvent]:
    return office.events(alert_id, "replied")


def answered(office: Office, *items: Feedback) -> None:
    """Let these be heard, and their alert be answered a minute later."""
    (alert,) = office.hear(*(items or (post(),))).opened
    office.wait(60)
    office.answer(alert, publish=False)
    office.wait(60)


# Our own accounts


@pytest.mark.parametrize("name", ["AcmeSupport", "acmesupport", "u/acmesupport", "@Acme_Help"])
def test_what_our_own_account_writes_never_alerts(office: Office, name: str) -> None:
    """It is stored, so that threads are whole, and the reason for the silence is kept."""
    heard = office.hear(make_feedback("we know that it is broken", author=name))
    assert (heard.new, heard.opened) == (1, ())
    assert heard.silences == ("written by an account of our own",)


def test_an_account_of_that_name_elsewhere_is_nobody_of_ours(office: Office) -> None:
    """Names are those of one source."""
    assert office.hear(make_feedback("broken", source_id="other", author="AcmeSupport")).opened


def test_an_answer_of_our_own_account_makes_the_alert_replied(office: Office) -> None:
    """By itself, with the address of the answer, once."""
    office.hear(post())
    answer = replace(below("post", "AcmeSupport"), url="https://example.com/answer")
    office.wait(120)
    office.hear(answer, below("post", "AcmeSupport", minutes=2))
    assert office.alert(1).status is AlertStatus.REPLIED
    (event,) = replied(office)
    assert (event.actor, event.via) == (Actor.source("test"), "source")
    assert event.details == {"url": "https://example.com/answer", "account": "AcmeSupport"}


def test_question_and_answer_may_come_together(office: Office) -> None:
    """The alert is opened and replied in one transaction."""
    office.wait(300)
    office.hear(below("post", "AcmeSupport"), post())
    assert office.alert(1).status is AlertStatus.REPLIED


def test_the_answer_may_have_been_read_before_the_question(office: Office) -> None:
    """Sources hand over the newest first: the alert is opened late and replied at once."""
    office.wait(300)
    office.hear(below("post", "AcmeSupport"))
    office.hear(post())
    assert office.alert(1).status is AlertStatus.REPLIED


@pytest.mark.parametrize(
    ("item", "counts"),
    [
        pytest.param(below("post", "Somebody"), False, id="somebody else's answer"),
        pytest.param(below("other", "AcmeSupport", "other"), False, id="in another thread"),
        pytest.param(
            below("hers", "AcmeSupport"), True, id="below what she wrote later in her thread"
        ),
        pytest.param(
            below("his", "AcmeSupport"), False, id="below what another wrote in her thread"
        ),
        pytest.param(below("", "AcmeSupport"), True, id="in her thread, below nobody knows what"),
        pytest.param(below("post", "AcmeSupport", minutes=-5), False, id="before she wrote"),
        pytest.param(below("", "AcmeSupport", ""), False, id="nobody knows where"),
    ],
)
def test_what_counts_as_an_answer(office: Office, item: Feedback, counts: bool) -> None:
    """Only what speaks to the customer of the alert."""
    office.wait(300)
    office.hear(
        post(), below("post", "Carla", external_id="hers"), below("post", "Carl", external_id="his")
    )
    office.hear(item)
    assert (office.alert(1).status is AlertStatus.REPLIED) is counts


def test_what_is_replied_or_closed_is_left_alone(office: Office) -> None:
    """Our published answer comes back as feedback of our own account: that is no second answer."""
    (alert,) = office.hear(post()).opened
    office.answer(alert)
    office.publish()
    office.hear(below("post", "AcmeSupport"))
    assert len(replied(office)) == 1


# Customers


@pytest.mark.parametrize(
    ("stars", "outcome", "figures"),
    [
        (5.0, "rating_raised", {"before": "2", "after": "5"}),
        (1.0, "rating_lowered", {"before": "2", "after": "1"}),
        (2.0, "edited", {}),
    ],
)
def test_an_edit_after_the_answer_is_its_outcome(
    office: Office, stars: float, outcome: str, figures: dict[str, str]
) -> None:
    """A changed rating says more than changed words; both are a line for the team."""
    answered(office)
    office.hear(post(body="it was broken", rating=Rating.from_value(stars)))
    assert outcomes(office) == [{"outcome": outcome, **figures}]


def test_an_edit_before_the_answer_is_none(office: Office) -> None:
    """It was only noticed late."""
    answered(office)
    office.hear(post(body="it was broken", edited_at=NOON + timedelta(seconds=30)))
    assert outcomes(office) == []


def test_a_deletion_after_the_answer_is_its_outcome(office: Office) -> None:
    """The words go, that they were taken back stays."""
    answered(office)
    office.hear(replace(post(), deleted=True))
    assert outcomes(office) == [{"outcome": "deleted"}]


def test_who_comes_back_is_told_once(office: Office) -> None:
    """In the same source, wherever: the first that they write counts."""
    answered(office)
    office.wait(600)
    office.hear(below("other", "Carla", "other", minutes=9), below("post", "Carla", minutes=5))
    office.hear(below("post", "Carla", minutes=10))
    assert [found["outcome"] for found in outcomes(office)] == ["came_back"]


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(below("post", "Carl", minutes=5), id="another person"),
        pytest.param(below("post", "", minutes=5), id="nobody known"),
        pytest.param(below("post", "Carla", minutes=0), id="before the answer"),
        pytest.param(
            replace(below("post", "Carla", minutes=5), source_id="other"), id="in another source"
        ),
    ],
)
def test_who_does_not_come_back(office: Office, item: Feedback) -> None:
    """Only the person who was answered, and only afterwards."""
    answered(office)
    office.wait(600)
    office.hear(item)
    assert outcomes(office) == []


def test_a_person_is_known_by_their_id(office: Office) -> None:
    """Names change; and a name that another takes over is not the same person."""
    answered(office, replace(post(), author=Author(name="Carla", id="7")))
    office.wait(600)
    office.hear(replace(below("post", "Carla", minutes=5), author=Author(name="Carla", id="8")))
    assert outcomes(office) == []
    office.hear(replace(below("post", "Karla", minutes=6), author=Author(name="Karla", id="7")))
    assert len(outcomes(office)) == 1


def test_without_an_answer_nothing_is_an_outcome(office: Office) -> None:
    """Edits and deletions of open alerts are what they were before."""
    office.hear(post())
    office.hear(post(body="it was broken"))
    office.hear(below("post", "Carla", minutes=5))
    office.hear(replace(post(), deleted=True))
    assert outcomes(office) == []


class Asked(FakeSource, Recheckable):
    """Remembers what it is asked about again."""

    def __init__(self, pages: Sequence[Sequence[Feedback]]) -> None:
        super().__init__(pages=pages)
        self.asked: list[str] = []

    def recheck(self, external_ids: Sequence[str], now: datetime) -> Iterator[Page]:
        self.asked = sorted(external_ids)
        yield Page(items=(), cursor="")


def test_what_was_answered_is_asked_about_again_for_two_weeks(office: Office) -> None:
    """Much longer than what nobody has answered, but not for ever."""
    source = Asked([[post(), post("quiet", body="fine")]])
    polled = ConfiguredSource("test", source, MINUTE)
    cycle = _cycle(office.store, polled)
    cycle.poll_source(polled, NOON)
    office.answer(office.alert(1), publish=False)
    found = []
    for days in (1, 7, 13, 15):
        source.asked = []
        cycle.poll_source(polled, NOON + timedelta(days=days))
        found.append(source.asked)
    assert found == [["post", "quiet"], ["post"], ["post"], []]


def _cycle(store: Store, polled: ConfiguredSource) -> Poller:
    ingest = Ingest(store, ANALYZER, ENGINE, "#support", OFFICIAL)
    return Poller((polled,), store, ingest, AlertPolicy(), str)
