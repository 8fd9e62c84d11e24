"""What a source hands over, made safe to store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from monitor.domain.feedback import Author, Markup
from monitor.pipeline.sanitize import keep_latest, sanitize_feedback
from monitor.testing import NOON, make_feedback


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        (NOON, NOON),
        (NOON.replace(tzinfo=None), NOON),
        (NOON.astimezone(timezone(timedelta(hours=5, minutes=30))), NOON),
        (NOON + timedelta(hours=24), NOON + timedelta(hours=24)),
        (NOON + timedelta(hours=24, seconds=1), None),
        (datetime(1990, 1, 1, tzinfo=UTC), datetime(1990, 1, 1, tzinfo=UTC)),
        (datetime(1970, 1, 1, tzinfo=UTC), None),
        (datetime(1, 1, 1, tzinfo=UTC), None),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), None),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), None),
        (datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=12))), None),
    ],
)
def test_dates_are_utc_and_can_be_true(given: datetime | None, kept: datetime | None) -> None:
    """A placeholder like the year 1 or 9999 is no date; a clock that runs ahead by a day is
    forgiven.
    """
    prepared = sanitize_feedback(replace(make_feedback(), created_at=given, edited_at=given), NOON)
    assert (prepared.created_at, prepared.edited_at) == (kept, kept)
    assert kept is None or prepared.created_at is None or prepared.created_at.tzinfo is UTC


def test_the_first_sight_is_ours_and_stays() -> None:
    """It is set once, to the time given, and a later run does not move it."""
    first = sanitize_feedback(make_feedback(created_at=None), NOON)
    assert first.seen_or_created == first.first_seen_at == NOON
    assert sanitize_feedback(first, NOON + timedelta(days=1)).first_seen_at == NOON


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.com/a?b=c#d", True),
        ("http://example.com", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.com", False),
        ("ftp://example.com", False),
        ("https://example.com/a b", False),
        ("https://example.com/\n", False),
        ("https://example.com/\u202egpj", False),
        ("https://example.com/" + "a" * 2_000, False),
        ("", False),
    ],
)
def test_only_web_addresses_are_links(url: str, kept: bool) -> None:
    """Whatever else stands in the field is no link, and too long ones are none either."""
    assert sanitize_feedback(make_feedback(url=url), NOON).url == (url if kept else "")


def test_html_is_stored_as_text() -> None:
    """Title and body are plain afterwards, and are not taken for HTML again."""
    given = replace(make_feedback("<p>a &amp;lt; b</p>", title="<b>T</b>"), markup=Markup.HTML)
    prepared = sanitize_feedback(given, NOON)
    assert (prepared.title, prepared.body, prepared.markup) == ("T", "a &lt; b", Markup.TEXT)


def test_every_field_is_bounded_and_storable() -> None:
    """No field of a stranger can be large or hold what a database refuses."""
    bad = "\x00\ud800" + "x" * 100_000
    given = replace(
        make_feedback(bad, title=bad),
        author=Author(name=bad, id=bad),
        thread_id=bad,
        parent_id=bad,
        language=bad,
        app_version=bad,
        question=bad,
        attributes={f"{number}{bad}": bad for number in range(100)},
    )
    prepared = sanitize_feedback(given, NOON)
    short = [
        prepared.title,
        prepared.author.name,
        prepared.author.id,
        prepared.thread_id,
        prepared.parent_id,
    ]
    short += [prepared.language, prepared.app_version, prepared.question]
    short += [text for pair in prepared.attributes.items() for text in pair]
    assert {len(text) for text in short} == {500}
    assert len(prepared.body) == 50_000
    assert len(prepared.attributes) == 30
    assert all("\x00" not in text and text.encode() for text in [*short, prepared.body])


def test_each_feedback_is_kept_once_as_handed_over_last() -> None:
    """A page that holds an edit after the original stores the edit, in the original's place."""
    old, other, new = (
        make_feedback("old", external_id="1"),
        make_feedback(external_id="2"),
        make_feedback("new"),
    )
    new = replace(new, external_id="1")
    assert keep_latest((old, other, new)) == (new, other)
    assert keep_latest((old, replace(old, source_id="else"))) == (
        old,
        replace(old, source_id="else"),
    )
    assert keep_latest(()) == ()
