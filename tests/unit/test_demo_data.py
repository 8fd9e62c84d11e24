"""The recorded data of the demo: whole, consistent, anonymous and small."""

import csv
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import monitor

DATA = Path(monitor.__file__).parent / "demo" / "data"
STARTS = datetime(2026, 10, 26, tzinfo=UTC)
ENDS = datetime(2026, 11, 23, tzinfo=UTC)
BURST_DAY = "2026-11-18"
SCORE = "How was our service? (1 very good - 5 very poor)"
ANSWER = "What could we do better / why?"

REVIEW_FIELDS = {"id", "created_at", "title", "body", "author", "rating", "version"}
EDIT_FIELDS = {"edited_at", "edited_body", "edited_rating"}
POST_FIELDS = {
    "fullname",
    "kind",
    "subreddit",
    "created_at",
    "author",
    "title",
    "body",
    "score",
    "num_comments",
    "permalink",
}
COMMENT_FIELDS = {"link_id", "parent_id"}

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
PHONE = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){6,}")
HOST = re.compile(r"(?:https?://|www\.)([\w.-]+)", re.IGNORECASE)
TROUBLE = re.compile(
    r"crash|freez|won't open|password|sign in|log me in|gets me out|unresponsive|not fixed",
    re.IGNORECASE,
)

Row = dict[str, Any]


def json_lines(name: str) -> list[Row]:
    """One row per line of a JSON lines file."""
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def survey() -> list[dict[str, str]]:
    """The rows of the survey by column name."""
    with (DATA / "survey.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def at(text: str) -> datetime:
    """The instant that an ISO text names."""
    return datetime.fromisoformat(text)


def texts() -> list[str]:
    """Everything in the three files that a person wrote."""
    written = [
        row.get(field, "")
        for row in json_lines("reviews.jsonl") + json_lines("posts.jsonl")
        for field in ("title", "body", "edited_body")
    ]
    return [*written, *(row[ANSWER] for row in survey())]


def times() -> dict[str, list[datetime]]:
    """When each item was created, by file."""
    return {
        "reviews.jsonl": [at(row["created_at"]) for row in json_lines("reviews.jsonl")],
        "posts.jsonl": [at(row["created_at"]) for row in json_lines("posts.jsonl")],
        "survey.csv": [at(row["Date"]) for row in survey()],
    }


def test_every_review_has_the_promised_fields() -> None:
    """A review has exactly the fields that the demo's feed reads, and a text."""
    for row in json_lines("reviews.jsonl"):
        assert row.keys() - EDIT_FIELDS == REVIEW_FIELDS, row["id"]
        assert row["body"].strip(), row["id"]


def test_every_post_has_the_promised_fields() -> None:
    """A submission and a comment have exactly the fields that the demo's Reddit reads, and a
    text.
    """
    for row in json_lines("posts.jsonl"):
        expected = POST_FIELDS if row["kind"] == "t3" else POST_FIELDS | COMMENT_FIELDS
        assert row.keys() == expected, row["fullname"]
        assert (row["title"] + row["body"]).strip(), row["fullname"]
        assert re.fullmatch(rf"{row['kind']}_[0-9a-z]+", row["fullname"])


def test_every_survey_row_has_the_columns_of_the_export() -> None:
    """The survey has the six columns of the export in every row, and no empty answer."""
    expected = ["Answer ID", "Date", "Question", SCORE, ANSWER, "Segment"]
    for row in survey():
        assert list(row) == expected
        assert all(row.values()), row["Answer ID"]


def test_ids_are_unique() -> None:
    """No two items share an identifier, across the three files."""
    ids = [row["id"] for row in json_lines("reviews.jsonl")]
    ids += [row["fullname"] for row in json_lines("posts.jsonl")]
    ids += [row["Answer ID"] for row in survey()]
    assert [name for name, count in Counter(ids).items() if count > 1] == []


@pytest.mark.parametrize("name", ["reviews.jsonl", "posts.jsonl", "survey.csv"])
def test_times_are_sorted_and_inside_the_four_weeks(name: str) -> None:
    """A file is in the order of its times, and each lies in the simulated four weeks, every week
    used.
    """
    found = times()[name]
    assert sorted(found) == found
    assert found[0] >= STARTS
    assert found[-1] < ENDS
    assert {(time - STARTS).days // 7 for time in found} == {0, 1, 2, 3}


def test_one_review_is_edited_after_it_was_written() -> None:
    """One review changes its words and its stars, later than it was written and inside the four
    weeks.
    """
    [row] = [row for row in json_lines("reviews.jsonl") if EDIT_FIELDS & row.keys()]
    assert row.keys() >= EDIT_FIELDS
    assert at(row["created_at"]) < at(row["edited_at"]) < ENDS
    assert row["edited_body"] != row["body"]
    assert row["edited_rating"] != row["rating"]
    assert row["edited_rating"] in range(1, 6)


def test_ratings_are_in_range_and_use_the_whole_scale() -> None:
    """Stars and survey scores go from 1 to 5 with every step used."""
    assert {row["rating"] for row in json_lines("reviews.jsonl")} == {1, 2, 3, 4, 5}
    assert {row[SCORE] for row in survey()} == {"1", "2", "3", "4", "5"}


def test_comments_hang_together() -> None:
    """A comment answers something older in its own thread, and a submission counts its comments
    rightly.
    """
    posts = {row["fullname"]: row for row in json_lines("posts.jsonl")}
    comments = [row for row in posts.values() if row["kind"] == "t1"]
    for row in comments:
        root, parent = posts[row["link_id"]], posts[row["parent_id"]]
        assert parent.get("link_id", parent["fullname"]) == row["link_id"]
        assert at(parent["created_at"]) < at(row["created_at"])
        assert row["subreddit"] == root["subreddit"]
        assert row["permalink"] == f"{root['permalink']}_/{row['fullname'][3:]}/"
    counted = Counter(row["link_id"] for row in comments)
    assert {name: row["num_comments"] for name, row in posts.items() if row["kind"] == "t3"} == {
        name: counted[name] for name, row in posts.items() if row["kind"] == "t3"
    }


def test_nobody_can_be_reached_through_a_text() -> None:
    """No text holds an e-mail address, a phone number, or an address outside the example
    domains.
    """
    for text in texts():
        assert not EMAIL.search(text), text
        assert not PHONE.search(text), text
        assert all(host.endswith(".example") for host in HOST.findall(text)), text


def test_authors_are_pseudonyms() -> None:
    """Every author is a numbered pseudonym."""
    authors = {row["author"] for row in json_lines("reviews.jsonl") + json_lines("posts.jsonl")}
    assert [name for name in authors if not re.fullmatch(r"(reader|member)-\d{3}", name)] == []


def test_no_text_is_longer_than_600_characters() -> None:
    """Longer text was cut, as the licence note says."""
    assert max(map(len, texts())) <= 600


def test_one_text_is_a_review_and_a_comment_within_hours() -> None:
    """Exactly one text was posted in both places, less than six hours apart."""
    comments = {row["body"]: row for row in json_lines("posts.jsonl") if row["kind"] == "t1"}
    [review] = [row for row in json_lines("reviews.jsonl") if row["body"] in comments]
    apart = at(comments[review["body"]]["created_at"]) - at(review["created_at"])
    assert timedelta(0) < apart < timedelta(hours=6)


def test_one_day_bursts_with_crashes_and_failed_logins() -> None:
    """The burst day has at least twelve such complaints, at least three times any other day's."""
    rows = json_lines("reviews.jsonl") + json_lines("posts.jsonl")
    days = Counter(
        row["created_at"][:10]
        for row in rows
        if TROUBLE.search(row["title"] + " " + row["body"]) and row.get("rating", 1) < 5
    )
    burst = days.pop(BURST_DAY)
    assert burst >= 12
    assert burst >= 3 * max(days.values())


def test_the_hostile_text_is_declared() -> None:
    """One post tries to ping a channel and to disguise a link, and the note says it was written for
    the demo.
    """
    [row] = [row for row in json_lines("posts.jsonl") if "<!channel>" in row["body"]]
    assert "<https://evil.example|bank>" in row["body"]
    declared = (
        (DATA / "LICENSE-NOTE.md").read_text(encoding="utf-8").split("## Written for the demo")[1]
    )
    assert row["fullname"] in declared


def test_the_licence_note_names_every_file() -> None:
    """Each data file has its line in the licence note, and each item that the note names exists."""
    note = (DATA / "LICENSE-NOTE.md").read_text(encoding="utf-8")
    files = {path.name for path in DATA.iterdir() if path.suffix in {".csv", ".jsonl"}}
    assert files == {name for name in times() if f"`{name}`" in note}
    known = {row["id"] for row in json_lines("reviews.jsonl")}
    known |= {row["fullname"] for row in json_lines("posts.jsonl")}
    assert set(re.findall(r"`((?:review-|t[13]_)\w+)`", note)) <= known


def test_the_licence_note_counts_rightly() -> None:
    """The numbers of items in the note are those in the files."""
    note = (DATA / "LICENSE-NOTE.md").read_text(encoding="utf-8")
    kinds = Counter(row["kind"] for row in json_lines("posts.jsonl"))
    assert f"{len(json_lines('reviews.jsonl'))} reviews" in note
    assert f"{kinds['t3']} submissions, {kinds['t1']} comments" in note
    assert f"{len(survey())} survey answers" in note


def test_the_data_is_small() -> None:
    """All files together stay under 150 kB, since every installation carries them."""
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 150_000
