"""One record of somebody's table as feedback."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.feedback import Author, Kind, Rating, Scale
from sources._columns import (
    TableLayout,
    WrongColumns,
    feedback_from_record,
    parse_time,
    resolve_columns,
)
from sources._normalise import (
    parse_leading_number,
    to_clean_text,
    to_external_id,
    to_http_link,
    to_language_tag,
)


def test_columns_that_are_called_as_ours_need_no_mapping() -> None:
    """Names are recognised in any case, attributes by their prefix, and `version` for
    app_version.
    """
    found = resolve_columns(["ID", "Body", "version", "attributes.plan", "Secret"], {})

    assert found == {
        "id": "ID",
        "body": "Body",
        "app_version": "version",
        "attributes.plan": "attributes.plan",
    }


def test_a_mapped_column_means_nothing_else() -> None:
    """The mapping wins, and the other names are still recognised."""
    assert resolve_columns(["id", "title", "Text"], {"body": "Text", "question": "title"}) == {
        "id": "id",
        "body": "Text",
        "question": "title",
    }


def test_a_missing_column_is_named_with_what_is_near() -> None:
    """The message helps to mend the mapping."""
    with pytest.raises(WrongColumns, match="no column 'Comments' for body; did you mean 'Comment'"):
        resolve_columns(["Date", "Comment"], {"body": "Comments"})
    with pytest.raises(WrongColumns, match="no column for title, body or rating"):
        resolve_columns(["a", "b"], {})


def test_reads_every_field() -> None:
    """Each of our names fills its field."""
    given = {
        "id": "7", "created_at": "2026-11-22 09:00", "edited_at": "2026-11-22T10:00Z", "title": "T",
        "body": "B",
        "author": "A", "author_id": "a7", "rating": "2", "language": "en_GB", "url": "https://x/7",
        "question": "Q",
        "app_version": "1.2", "kind": "Ticket", "thread_id": "t", "parent_id": "p", "score": "3",
        "replies": "4",
        "attributes.plan": "pro",
    }  # fmt: skip
    layout = TableLayout(columns={name: name for name in given}, zone=ZoneInfo("Europe/Berlin"))
    found, problems = feedback_from_record(given, layout, "survey")

    assert problems == ()
    assert found is not None
    assert (found.key, found.kind, found.title, found.body) == (
        ("survey", "7"),
        Kind.TICKET,
        "T",
        "B",
    )
    assert found.created_at == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert found.edited_at == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert (found.author, found.rating) == (Author(name="A", id="a7"), Rating(2.0))
    assert (found.language, found.url, found.question, found.app_version) == (
        "en-GB",
        "https://x/7",
        "Q",
        "1.2",
    )
    assert (found.thread_id, found.parent_id, found.score, found.replies) == ("t", "p", 3, 4)
    assert found.attributes == {"plan": "pro"}


def test_what_cannot_be_read_is_left_out_and_reported() -> None:
    """A wrong date, rating, kind or link costs that field only."""
    given = {
        "body": "B",
        "created_at": "soon",
        "rating": "9",
        "kind": "letter",
        "url": "javascript:alert(1)",
    }
    found, problems = feedback_from_record(
        given, TableLayout(columns={name: name for name in given}), "s"
    )

    assert found is not None
    assert (found.created_at, found.rating, found.kind, found.url) == (None, None, Kind.SURVEY, "")
    assert [problem.split(":")[0] for problem in problems] == ["kind", "created_at", "rating"]


def test_a_record_that_says_nothing_is_none() -> None:
    """Without title, body and rating there is no feedback."""
    found, problems = feedback_from_record(
        {"id": "1", "body": " "}, TableLayout(columns={"id": "id", "body": "body"}), "s"
    )

    assert found is None
    assert problems == ("says nothing: no title, body or rating",)


def test_without_an_id_the_record_is_the_identity() -> None:
    """Equal records are one feedback; any other value, mapped or not, makes another."""
    layout = TableLayout(columns={"body": "body"})
    ids = []
    for values in ({"body": "x", "n": "1"}, {"n": "1", "body": "x"}, {"body": "x", "n": "2"}):
        found, _ = feedback_from_record(values, layout, "s")
        assert found is not None
        ids.append(found.external_id)

    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("scale", "text", "value"),
    [
        (Scale.STARS5, "4", 4.0),
        (Scale.STARS5, "4,5 stars", 4.5),
        (Scale.STARS5, "3/5", 3.0),
        (Scale.STARS5, "0", None),
        (Scale.STARS5, "n/a", None),
        (Scale.INVERTED5, "6 = don't know", None),
        (Scale.NPS, "10", 10.0),
        (Scale.CES7, "7 - strongly agree", 7.0),
        (Scale.THUMBS, "Up", 1.0),
        (Scale.THUMBS, "false", 0.0),
        (Scale.THUMBS, "1", 1.0),
    ],
)
def test_ratings_are_read_on_their_scale(scale: Scale, text: str, value: float | None) -> None:
    """The figure at the start counts; outside its scale there is no rating."""
    found, problems = feedback_from_record(
        {"rating": text, "body": "x"},
        TableLayout(columns={"rating": "rating", "body": "body"}, scale=scale),
        "s",
    )

    assert found is not None
    assert found.rating == (None if value is None else Rating(value, scale))
    assert bool(problems) == (value is None)


@pytest.mark.parametrize(
    ("text", "date_format", "at"),
    [
        ("2026-11-22", "", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-11-22T10:00:00+02:00", "", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("1795334400", "", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("1795334400000", "", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("22.11.2026 08:00", "%d.%m.%Y %H:%M", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("22.11.2026", "", None),
        ("0001-01-01", "", None),
        ("9999-12-31T23:59:59-12:00", "", None),
        ("2026-11-22", "%", None),
    ],
)
def test_times_are_read_as_written(text: str, date_format: str, at: datetime | None) -> None:
    """ISO 8601, seconds and milliseconds since 1970 are known; other forms need date_format."""
    assert parse_time(text, TableLayout(date_format=date_format)) == at


def test_text_can_be_stored() -> None:
    """NUL and lone surrogates go, pairs become the character that they stand for."""
    assert to_clean_text("a\x00b\ud800c") == "ab\ufffdc"
    assert to_clean_text("\ud83d\ude00") == "😀"
    assert to_clean_text(None) == ""


def test_short_values_are_what_they_claim() -> None:
    """Identifiers stay bounded, languages are tags, links are http(s), numbers are numbers."""
    assert (to_external_id(" a "), len(to_external_id("x" * 10_000))) == ("a", 32)
    assert (to_language_tag("de_AT"), to_language_tag("german!"), to_language_tag(None)) == (
        "de-AT",
        "",
        "",
    )
    assert (
        to_http_link("HTTPS://x"),
        to_http_link("//x/y", "https://z"),
        to_http_link("data:x"),
        to_http_link("http://["),
    ) == (
        "HTTPS://x",
        "https://x/y",
        "",
        "",
    )
    assert (
        parse_leading_number("-3"),
        parse_leading_number("abc"),
        parse_leading_number("9" * 400),
    ) == (-3.0, None, None)
