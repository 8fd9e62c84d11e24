"""The digest from a store: what it counts, that a part fails alone, and odd weeks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from monitor.digest.audiences import find_parts
from monitor.digest.build import DigestRequest, build_digest
from monitor.digest.make import DigestWorkshop
from monitor.digest.part import DigestPart
from monitor.digest.scope import DigestScope
from monitor.digest.snapshot import dump_digest, find_sent_digest, load_digest
from monitor.domain.digest import Audience, Digest, NamedMeasure, Outlook
from monitor.domain.digest_post import DigestSnapshot
from monitor.domain.digest_schedule import DigestOrder, DigestOrderState, DigestTarget
from monitor.domain.document import Figure
from monitor.domain.feedback import (
    Analysis,
    Feedback,
    Label,
    Rating,
    Scale,
)
from monitor.domain.measure import Trend
from monitor.domain.period import Period
from monitor.errors import ConfigError, StoreError
from monitor.settings import Settings
from monitor.store import Store
from monitor.testing import memory_store
from tests.world.feedback_writer import Writer

WEEK = Period.from_name("2026-W47")
NOW = WEEK.until + timedelta(hours=9)
SOURCES = [{"id": "shop", "kind": "feed"}, {"id": "survey", "kind": "csv_file"}]


@pytest.fixture(name="store")
def _store() -> Iterator[Store]:
    store = memory_store()
    yield store
    store.close()


@pytest.fixture(name="writer")
def _writer(store: Store) -> Writer:
    return Writer(store)


def workshop(store: Store, **settings: Any) -> DigestWorkshop:
    """A workshop with these settings."""
    return DigestWorkshop(store, Settings.model_validate({"sources": SOURCES, **settings}), str)


def build(
    store: Store, period: Period = WEEK, scope: str = "", now: datetime = NOW, **settings: Any
) -> Digest:
    """The digest of a period."""
    request = DigestRequest(period, DigestScope.from_name(scope))
    return workshop(store, **settings).build(request, now)


def read(store: Store, digest: Digest, audience: Audience = Audience.LEADERSHIP) -> str:
    """The digest in plain text, on one line."""
    return re.sub(r"\s+", " ", workshop(store).word(digest, audience).text)


def note_sent(
    store: Store,
    digest: Digest,
    slot: str = "1",
    *,
    state: DigestOrderState = DigestOrderState.QUEUED,
    preview_for: str = "",
    body: str = "",
) -> None:
    """Store a digest as one that was sent, or as something that looks like it."""
    order = DigestOrder(id=slot, target=DigestTarget(), at=NOW, preview_for=preview_for)
    snapshot = DigestSnapshot(
        period=digest.period.name,
        scope=digest.scope,
        slot=slot,
        made_at=NOW,
        body=body or dump_digest(digest),
    )
    with store.write() as tx:
        tx.digest_orders.add(order, NOW, state)
        tx.digests.add_snapshot(snapshot)


def measures(digest: Digest) -> dict[str, NamedMeasure]:
    """The measures of a digest by their keys."""
    return {one.key: one for one in digest.parts["numbers"].measures}


def test_each_measure_counts_what_the_period_holds(store: Store, writer: Writer) -> None:
    """Volume, balance, problems and the NPS of a survey are those of hand counts."""
    writer.write(6, label=Label.POSITIVE)
    writer.write(2, label=Label.NEGATIVE)
    writer.write(2, label=None)
    writer.write(1, at=WEEK.until, label=Label.NEGATIVE)
    for value in (10, 9, 8, 3):
        writer.write(rating=Rating(value, Scale.NPS), source_id="survey")
    found = measures(build(store))
    assert found["volume"].measure.n == 14
    assert found["balance"].measure.value == pytest.approx(100 * (6 - 2) / 12)
    assert found["problems"].measure.value == pytest.approx(100 * 2 / 12)
    assert found["nps:survey"].measure.value == pytest.approx(100 * (2 - 1) / 4)


def test_a_person_who_answers_again_counts_once_with_the_last_answer(
    store: Store, writer: Writer
) -> None:
    """The last answer of a person is the one that counts, the volume counts both."""
    writer.write(author="Ann", rating=Rating(2, Scale.NPS), source_id="survey")
    later = WEEK.since + timedelta(days=4)
    writer.write(author="Ann", at=later, rating=Rating(10, Scale.NPS), source_id="survey")
    found = measures(build(store))
    assert (found["nps:survey"].measure.value, found["nps:survey"].measure.n) == (100.0, 1)
    assert found["volume"].measure.n == 2


def test_two_surveys_are_never_one(store: Store, writer: Writer) -> None:
    """Each source and each scale has a measure of its own."""
    writer.write(rating=Rating(7, Scale.CES7), source_id="survey")
    writer.write(rating=Rating(1, Scale.CES5), source_id="survey")
    writer.write(rating=Rating(4, Scale.STARS5))
    found = measures(build(store))
    assert found["ces:survey"].measure.value == 7
    assert found["ces5:survey"].measure.value == 1
    assert found["easy:survey"].measure.value == 100
    assert found["easy5:survey"].measure.value == 0
    assert found["stars:shop"].measure.value == 4


def test_a_sure_change_for_the_worse_is_judged_with_its_reason(
    store: Store, writer: Writer
) -> None:
    """Two stories that surely went wrong make a risk, and both are named."""
    for at, label, stars in (
        (WEEK.earlier(1).since, Label.POSITIVE, 5),
        (WEEK.since, Label.NEGATIVE, 1),
    ):
        writer.write(60, at=at, label=label, rating=Rating(stars))
    digest = build(store)
    assert digest.lead.outlook is Outlook.RISK
    assert "Sentiment balance fell" in digest.lead.reason
    assert measures(digest)["balance"].measure.verdict is Trend.DOWN
    assert "balance" in digest.lead.movers


def test_a_few_items_are_too_few_to_judge(store: Store, writer: Writer) -> None:
    """Under ten feedback nothing is called, whatever they say."""
    writer.write(9, label=Label.NEGATIVE)
    digest = build(store)
    assert digest.lead.outlook is Outlook.UNKNOWN
    assert "9 items came in; 10 are needed" in read(store, digest)


def test_a_change_that_is_mostly_mix_says_so(store: Store, writer: Writer) -> None:
    """Where more came from a gloomy source, and each source is as before, the note names it."""
    before = WEEK.earlier(1).since
    writer.write(90, at=before, label=Label.POSITIVE)
    writer.write(10, at=before, label=Label.NEGATIVE, source_id="survey")
    writer.write(30, label=Label.POSITIVE)
    writer.write(70, label=Label.NEGATIVE, source_id="survey")
    note = measures(build(store))["balance"].note
    assert note == "mostly because more of it came from survey than before"


def test_a_segment_counts_its_own_customers_alone(store: Store, writer: Writer) -> None:
    """The digest of country=DE leaves out everybody else."""
    writer.write(3, attributes={"country": "DE"})
    writer.write(5, attributes={"country": "FR"})
    digest = build(store, scope="country=DE")
    assert (digest.id, measures(digest)["volume"].measure.n) == ("2026-W47.country=DE", 3)
    assert "country=DE" in read(store, digest)


def test_a_segment_without_a_value_is_refused_in_a_sentence() -> None:
    """What is no attribute and value is explained."""
    with pytest.raises(ConfigError, match="country=DE"):
        DigestScope.from_name("Germany")


def test_a_snapshot_comes_back_as_it_was(store: Store, writer: Writer) -> None:
    """A digest that is stored and read again is the same, and its JSON is that of before."""
    writer.write(12, label=Label.NEGATIVE)
    digest = build(store)
    text = dump_digest(digest)
    assert load_digest(text) == digest
    assert dump_digest(load_digest(text)) == text
    with pytest.raises(StoreError, match="make it again"):
        load_digest("{}")


def test_a_snapshot_holds_no_words_and_no_names_of_customers(store: Store, writer: Writer) -> None:
    """What a customer wrote is quoted when it is worded, and nowhere stored in the digest."""
    body = "Zebra lids leak and nobody answers my mails about it"
    writer.write(3, label=Label.NEGATIVE, body=body, author="Secret Name")
    writer.write(12)
    digest = build(store)
    assert body in read(store, digest)
    assert "Zebra" not in dump_digest(digest)
    assert "Secret Name" not in dump_digest(digest)
    with store.write() as tx:
        tx.feedback.forget_author("Secret Name", NOW)
    assert "Zebra" not in read(store, digest)


def test_what_was_sent_is_shown_as_it_was_sent(store: Store, writer: Writer) -> None:
    """The numbers of a snapshot stay; counted anew they are those of now."""
    writer.write(12)
    note_sent(store, build(store))
    writer.write(3)
    request = DigestRequest(WEEK)
    shown = workshop(store).build(request, NOW)
    anew = workshop(store).build(request, NOW, anew=True)
    assert [measures(one)["volume"].measure.n for one in (shown, anew)] == [12, 15]


def test_late_items_correct_the_digest_before(store: Store, writer: Writer) -> None:
    """What came after a digest was sent is told in the next one."""
    writer.write(41)
    note_sent(store, build(store))
    following = Period.from_name("2026-W48")
    writer.write(3, seen=following.since + timedelta(days=1))
    digest = build(store, following, now=following.until)
    [correction] = digest.corrections
    assert (correction.sent, correction.now) == (41, 44)
    assert "sent 41, now 44" in read(store, digest)


def test_only_what_was_sent_of_the_same_moments_is_taken_for_sent(
    store: Store, writer: Writer
) -> None:
    """No preview, none that waits, none of another zone, none that cannot be read."""
    writer.write(12)
    digest = build(store)
    elsewhere = replace(digest, period=Period.from_name(WEEK.name, "Europe/Berlin"))
    note_sent(store, digest, "preview", preview_for="U1")
    note_sent(store, digest, "due", state=DigestOrderState.DUE)
    note_sent(store, elsewhere, "zone")
    note_sent(store, digest, "broken", body='{"parts": []}')
    with store.read() as tx:
        assert find_sent_digest(tx, WEEK) is None
    note_sent(store, digest, "sent")
    with store.read() as tx:
        assert find_sent_digest(tx, WEEK) == digest


def test_a_preview_is_counted_anew_and_sent_with_its_own_numbers(
    store: Store, writer: Writer
) -> None:
    """Also where the period was sent before; a further sending repeats what was sent."""
    writer.write(12)
    note_sent(store, build(store))
    writer.write(3)
    asked = DigestOrder(id="asked", target=DigestTarget(channel="C1"), at=NOW, preview_for="U1")
    preview = workshop(store).make(asked, NOW)
    assert preview.snapshot is not None
    with store.write() as tx:
        tx.digests.add_snapshot(replace(preview.snapshot, slot=asked.id))
    writer.write(4)
    sent = workshop(store).make(asked.as_sent, NOW)
    again = workshop(store).make(replace(asked, id="other", preview_for=""), NOW)
    assert load_digest(preview.snapshot.body).parts["numbers"].measures[0].measure.n == 15
    assert (sent.post.text, sent.snapshot) == (preview.post.text, None)
    assert again.snapshot is None
    assert again.post.text != sent.post.text


def test_a_snapshot_whose_part_cannot_be_read_has_its_other_parts(
    store: Store, writer: Writer
) -> None:
    """A part of another version is left out, and the next digest is made."""
    writer.write(12)
    digest = build(store)
    values = json.loads(dump_digest(digest))
    values["parts"]["numbers"] = {"measures": "none"}
    note_sent(store, digest, body=json.dumps(values))
    read_again = load_digest(json.dumps(values))
    assert set(read_again.parts) == set(digest.parts) - {"numbers"}
    assert build(store, Period.from_name("2026-W48")).corrections == ()


class _BrokenPart(DigestPart[int]):
    """A part whose step has a fault."""

    key = "themes"
    title = "What people talk about"
    value_type = int

    def load(self, data: object) -> int:
        raise ZeroDivisionError

    def describe(self, value: int, wording: object) -> tuple[()]:
        raise AssertionError


def test_a_part_that_fails_says_so_and_changes_nothing_else(store: Store, writer: Writer) -> None:
    """All other parts are the same as without the fault; no figure turns into 0."""
    writer.write(30, label=Label.NEGATIVE)
    whole = build(store)
    broken = {**find_parts(), "themes": _BrokenPart()}
    settings = workshop(store).settings
    with store.read() as tx:
        digest = build_digest(tx, DigestRequest(WEEK), settings, NOW, broken)
    kept = {key: value for key, value in whole.parts.items() if key != "themes"}
    assert dict(digest.parts) == kept
    [failure] = digest.failures
    assert (failure.key, failure.title) == ("themes", "What people talk about")
    assert "What people talk about is missing from this digest" in read(store, digest)


def test_an_empty_week_is_a_message_too(store: Store) -> None:
    """Nothing at all is said in words, not in zeros and dashes alone."""
    digest = build(store)
    assert digest.lead.outlook is Outlook.UNKNOWN
    assert "Too little to judge. 0 items came in" in read(store, digest)


@pytest.mark.parametrize("audience", Audience)
def test_every_audience_reads_the_same_figures(
    store: Store, writer: Writer, audience: Audience
) -> None:
    """Whoever it is worded for, the sections are the same in another order."""
    writer.write(20, label=Label.NEGATIVE)
    digest = build(store)
    document = workshop(store).word(digest, audience).document
    assert {section.key for section in document.sections} == set(digest.parts)


@pytest.mark.parametrize(
    "body",
    [
        "x" * 10_000,
        "\u202eoverride \u0645\u0631\u062d\u0628\u0627 " * 9,
        "<script>alert(1)</script> <!channel> & 'quotes' \"double\"",
        "\U0001f9db\u200d\u2640\ufe0f " * 40,
        "=cmd|' /C calc'!A0",
    ],
)
def test_hostile_and_odd_text_stays_text_in_every_renderer(
    store: Store, writer: Writer, body: str
) -> None:
    """Nothing of it is markup, nothing breaks."""
    writer.write(12, label=Label.NEGATIVE, body=body, author=body[:300])
    worded = workshop(store, brand={"segments": ["plan"]}).word(build(store), Audience.PRODUCT)
    assert "<script>alert" not in worded.html
    assert worded.html.count("<html") == 1
    assert "\u202e" not in worded.text
    assert worded.text
    assert json.loads(dump_digest(worded.digest))


def test_a_competitor_that_nobody_mentions_is_said_to_be_so(store: Store, writer: Writer) -> None:
    """No share of 0 with a change, but a sentence."""
    writer.write(12)
    rival = {"name": "Rivalo", "words": ["rivalo"]}
    digest = build(store, brand={"competitors": [rival]})
    assert "Rivalo: nobody mentioned it" in read(store, digest)


def test_a_competitor_counts_where_it_is_named_and_in_its_own_sources(
    store: Store, writer: Writer
) -> None:
    """Share of voice is of all that speaks of us or of it; its own sources are not ours."""
    writer.write(6)
    writer.write(2, body="I go to Rivalo now")
    writer.write(4, source_id="survey")
    rival = {"name": "Rivalo", "words": ["rivalo"], "sources": ["survey"]}
    digest = build(store, brand={"competitors": [rival]})
    report = digest.parts["competitors"]
    assert measures(digest)["volume"].measure.n == 8
    assert report.rivals[0].mentions == 6
    assert report.ours.measure.value == pytest.approx(100 * 8 / 14)


def test_a_goal_without_data_says_so(store: Store, writer: Writer) -> None:
    """Nothing is measured: no number is made up."""
    writer.write(12)
    goal = {"measure": "nps", "target": 40, "by": date(2027, 3, 31)}
    digest = build(store, goals=[goal])
    assert "nothing was measured yet" in read(store, digest)


def test_a_goal_tells_what_it_needs_a_week(store: Store, writer: Writer) -> None:
    """Too far for the present pace: the pace that it takes is told."""
    for weeks in range(6):
        at = WEEK.earlier(weeks).since + timedelta(days=1)
        writer.write(20, at=at, rating=Rating(3), source_id="shop")
    goal = {"measure": "stars", "target": 4, "by": date(2026, 12, 27)}
    digest = build(store, goals=[goal], brand={"vision": "Coffee that is never late."})
    said = read(store, digest)
    assert "Coffee that is never late." in said
    assert "needs +0.20 a week" in said


def test_a_week_in_which_the_clocks_change_counts_a_day_as_24_hours(
    store: Store, writer: Writer
) -> None:
    """169 hours are more than seven days, and it is said."""
    period = Period.from_name("2026-W43", "Europe/Berlin")
    writer.write(169, at=period.since + timedelta(days=3))
    digest = build(store, period, now=period.until)
    assert measures(digest)["volume"].measure.value == pytest.approx(24)
    assert "The clocks were set back by 60 minutes" in read(store, digest)


def test_an_unfinished_week_has_no_days_to_come(store: Store, writer: Writer) -> None:
    """Only days that have begun are drawn, the running one as unfinished."""
    writer.write(5)
    digest = build(store, now=WEEK.since + timedelta(days=2, hours=5))
    days = digest.parts["numbers"].daily.days
    assert [str(day.state) for day in days] == ["whole", "whole", "unfinished"]


def test_the_first_screen_has_at_most_ninety_words(store: Store, writer: Writer) -> None:
    """Judgement, three numbers, driver, watch item and action fit into a glance."""
    writer.write(80, at=WEEK.earlier(1).since, label=Label.POSITIVE, body="All is well here")
    writer.write(70, label=Label.NEGATIVE, body="Cannot log in since the update")
    for value in (1, 2, 10):
        writer.write(9, rating=Rating(value, Scale.NPS), source_id="survey")
    worded = workshop(store).word(build(store), Audience.LEADERSHIP)
    said = tuple(block for block in worded.document.lead if not isinstance(block, Figure))
    screen = replace(worded.document, lead=said, sections=())
    text = replace(worded, document=screen).text
    assert len(text.split()) <= 90 + len(screen.title.split())


def test_the_page_is_small_and_asks_for_nothing_outside(store: Store, writer: Writer) -> None:
    """One file of at most 150 kB, without any address that a browser would load."""
    writer.write(200, label=Label.NEGATIVE, body="Cannot log in since the update")
    html = workshop(store).word(build(store), Audience.LEADERSHIP).html
    assert len(html.encode()) <= 150_000
    assert not re.search(r"<(script|img|link|iframe|object)\b|url\(|@import|\bsrc=", html)


def test_single_customers_are_told_without_their_names(store: Store) -> None:
    """Who complained again here and in the survey, and the promoter who was lost, one by one."""
    person = {"email": "anna@example.com"}
    monday, before = WEEK.since + timedelta(hours=9), WEEK.since - timedelta(days=20)
    rated = [(9, before, "survey"), (2, monday, "survey"), (1, monday, "shop")]
    for number, (value, at, source_id) in enumerate(rated):
        feedback = Feedback(
            source_id=source_id,
            external_id=str(number),
            created_at=at,
            first_seen_at=at,
            rating=Rating(value, Scale.NPS),
            attributes=person,
        )
        with store.write() as tx:
            [(added, _)] = tx.feedback.add([(feedback, Analysis(text="", words=""))])
            tx.customers.record([added], ["email"])
    digest = build(store)
    text = workshop(store).word(digest, Audience.LEADERSHIP).text
    assert "1 promoter lost" in text or "1 promoters lost" in text
    assert "second complaint in 60 days, before in survey" in text
    assert "anna" not in text + dump_digest(digest)
