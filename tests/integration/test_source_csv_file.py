"""The file source on real files."""

import os
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.domain.feedback import Kind, Rating, Scale
from monitor.errors import SourceRefused
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from sources.base import Page, SourceContext
from sources.csv_file import CsvFileOptions, CsvFileSource, FileRow, read_rows

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[SourceContext]:
    """What a source is given, with a folder of its own."""
    with HttpClient(HttpSettings()) as http:
        yield SourceContext(http=http, secrets=Secrets(), folder=tmp_path)


def options(**values: object) -> CsvFileOptions:
    return CsvFileOptions.model_validate({"path": "in.csv", **values})


def rows(folder: Path, content: str | bytes, **values: object) -> list[FileRow]:
    file = folder / str(values.get("path", "in.csv"))
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_rows(file, options(**values), "survey"))


def bodies(found: list[FileRow]) -> list[str]:
    return [row.feedback.body for row in found if row.feedback]


def problems(found: list[FileRow]) -> dict[int, str]:
    return {row.line: "; ".join(row.problems) for row in found if row.problems}


def collect(context: SourceContext, cursor: str = "", **values: object) -> list[Page]:
    return list(CsvFileSource("survey", options(**values), context).collect(cursor, NOW))


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_finds_the_delimiter(mark: str, tmp_path: Path) -> None:
    """The mark that splits the header into most columns is the delimiter."""
    found = rows(tmp_path, f'id{mark}body{mark}title\n1{mark}"a,b;c|d\te"{mark}t\n')

    assert bodies(found) == ["a,b;c|d\te"]
    assert problems(found) == {}


def test_reads_a_file_as_excel_writes_it(tmp_path: Path) -> None:
    """A byte order mark, `sep=;`, Windows line ends, quotes over several lines and blank lines are
    understood.
    """
    found = rows(
        tmp_path, '\ufeffsep=;\r\nid;body\r\n1;"two\r\nlines; and ""quotes"""\r\n\r\n2;b\r\n'
    )

    assert bodies(found) == ['two\r\nlines; and "quotes"', "b"]
    assert [row.line for row in found] == [3, 6]


def test_legacy_encodings_are_read_with_a_warning(tmp_path: Path) -> None:
    """What is not UTF-8 is read as Windows-1252, and the file says so once; UTF-16 is known by its
    mark.
    """
    legacy = rows(tmp_path, "body\ncafé – “good”\n".encode("cp1252"))
    wide = rows(tmp_path, "body\ncafé\n".encode("utf-16"))

    assert (bodies(legacy), bodies(wide)) == (["café – “good”"], ["café"])
    assert "Windows-1252" in problems(legacy)[0]
    assert problems(wide) == {}


def test_a_wrong_encoding_costs_characters_not_rows(tmp_path: Path) -> None:
    """Bytes that the named encoding does not know are replaced and reported with their line."""
    found = rows(tmp_path, b"body\nfine\nb\xe9d\n", encoding="utf-8")

    assert bodies(found) == ["fine", "b\ufffdd"]
    assert list(problems(found)) == [3]


@pytest.mark.parametrize(
    ("broken", "kept"),
    [
        ('2,"never closed,t', "never closed"),
        ('2,"said "no" twice",t', 'said no" twice"'),
        ("2,too,many,fields", "too"),
        ("2,too few", "too few"),
        ("2,nul\x00byte,t", "nulbyte"),
    ],
)
def test_a_broken_row_never_costs_its_neighbours(broken: str, kept: str, tmp_path: Path) -> None:
    """Unclosed quotes, ragged rows and NUL bytes cost at most their own row, and are reported with
    their line.
    """
    found = rows(tmp_path, f'id,body,title\n1,before,t\n{broken}\n3,"after",t\n4,"and ""on""",t\n')

    assert bodies(found) == ["before", kept, "after", 'and "on"']
    assert list(problems(found)) == [3]


def test_a_very_long_line_is_passed_over(tmp_path: Path) -> None:
    """A field of 20 MB costs its own row and little memory."""
    file = tmp_path / "in.csv"
    with file.open("w") as out:
        out.write("id,body\n1,before\n2,")
        for _ in range(20):
            out.write("x" * 1_000_000)
        out.write("\n3,after\n")
    tracemalloc.start()
    try:
        found = list(read_rows(file, options(), "survey"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert bodies(found) == ["before", "after"]
    assert "longer than" in problems(found)[3]
    assert peak < 12_000_000


def test_a_large_file_is_never_held_whole(tmp_path: Path) -> None:
    """Memory does not grow with the number of rows."""
    file = tmp_path / "in.csv"
    with file.open("w") as out:
        out.write("id,body\n")
        out.writelines(f"{number},{'word ' * 40}\n" for number in range(5_000))
    tracemalloc.start()
    try:
        count = sum(1 for row in read_rows(file, options(), "survey") if row.feedback)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 5_000
    assert peak < 600_000


def test_reads_json_lines_by_name_or_content(tmp_path: Path) -> None:
    """Objects, one per line; a broken line costs itself only, a null is no value, surrogates are
    replaced.
    """
    text = (
        '{"id": 1, "body": "a", "title": null}\nnonsense\n[1]\n\n{"body": "b\\ud800", '
        '"rating": 4}\n'
    )
    for name in ("in.jsonl", "in.txt"):
        found = rows(tmp_path, text, path=name)

        assert bodies(found) == ["a", "b\ufffd"]
        assert problems(found) == {2: "not valid JSON", 3: "not a JSON object"}
        assert found[-1].feedback is not None
        assert found[-1].feedback.rating == Rating(4.0)


def test_a_record_without_words_does_not_end_the_file(tmp_path: Path) -> None:
    """In JSON lines a record may lack every column that we know."""
    found = rows(tmp_path, '{"other": 1}\n{"body": "b"}\n', path="in.jsonl")

    assert bodies(found) == ["b"]
    assert "says nothing" in problems(found)[1]


@pytest.mark.parametrize(
    ("content", "values", "words"),
    [
        ("", {}, "the file is empty"),
        (" \n\n", {}, "the file is empty"),
        ("a,b\n1,2\n", {}, "no column for title, body or rating; name them in `mapping`, of: a, b"),
        ("Comment\nx\n", {"mapping": {"body": "Comments"}}, "did you mean 'Comment'"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_says_why(
    content: str, values: dict[str, object], words: str, tmp_path: Path
) -> None:
    """An empty file and wrong columns are errors with the file's name and a way out."""
    with pytest.raises(SourceRefused, match=f"in.csv: .*{words}"):
        rows(tmp_path, content, **values)


def test_a_missing_file_says_so(context: SourceContext) -> None:
    """The path is named; a folder in its place too."""
    with pytest.raises(SourceRefused, match=r"in\.csv: no such file"):
        collect(context)
    (context.folder / "in.csv").mkdir()
    with pytest.raises(SourceRefused, match=r"in\.csv: cannot be read"):
        collect(context)


def test_an_unchanged_file_yields_nothing(context: SourceContext) -> None:
    """With the cursor of the last page nothing is yielded until the file changes; then everything
    is.
    """
    file = context.folder / "in.csv"
    file.write_text("id,body\n1,a\n")
    cursor = collect(context)[-1].cursor

    assert collect(context, cursor) == []
    with file.open("a") as out:
        out.write("2,b\n")
    (page,) = collect(context, cursor)
    assert [item.external_id for item in page.items] == ["1", "2"]


def test_a_touched_file_is_not_read_again(context: SourceContext) -> None:
    """A new time with the same content renews the cursor only."""
    file = context.folder / "in.csv"
    file.write_text("id,body\n1,a\n")
    cursor = collect(context)[-1].cursor
    os.utime(file, (1, 1))
    (page,) = collect(context, cursor)

    assert page.items == ()
    assert collect(context, page.cursor) == []


def test_another_mapping_reads_the_file_again(context: SourceContext) -> None:
    """The cursor holds for the options that it was given out for; a foreign one is no error."""
    (context.folder / "in.csv").write_text("id,body,other\n1,a,b\n")
    cursor = collect(context)[-1].cursor
    (page,) = collect(context, cursor, mapping={"body": "other"})

    assert page.items[0].body == "b"
    assert len(collect(context, "not json")) == 1


def test_the_cursor_moves_with_the_last_page_only(context: SourceContext) -> None:
    """Pages hold 200 rows; a reading that breaks off before the last starts again."""
    lines = "".join(f"{number},text\n" for number in range(450))
    (context.folder / "in.csv").write_text(f"id,body\n{lines}")
    pages = collect(context, "before")

    assert [len(page.items) for page in pages] == [200, 200, 50]
    assert [page.cursor == "before" for page in pages] == [True, True, False]


def test_stops_between_pages_when_asked(tmp_path: Path) -> None:
    """A stop leaves the cursor as it was."""
    (tmp_path / "in.csv").write_text(
        "id,body\n" + "".join(f"{number},text\n" for number in range(450))
    )
    with HttpClient(HttpSettings()) as http:
        context = SourceContext(
            http=http, secrets=Secrets(), folder=tmp_path, stopping=lambda: True
        )
        pages = collect(context, "before")

    assert [page.cursor for page in pages] == ["before"]


def test_warnings_name_the_line_and_are_bounded(context: SourceContext) -> None:
    """Twenty warnings are shown for a page, the rest is counted."""
    (context.folder / "in.csv").write_text("id,body\n" + "1,a,b\n" * 30)
    (page,) = collect(context)

    assert page.warnings[0] == "in.csv line 2: 3 fields instead of 2"
    assert (len(page.warnings), page.warnings[-1]) == (21, "in.csv: 10 more problems")


def test_reads_the_samples_of_the_demo(context: SourceContext) -> None:
    """A packaged sample is found by name, with a mapping and an inverted scale; another name says
    what there is.
    """
    mapping = {
        "id": "Answer ID",
        "created_at": "Date",
        "rating": "How was our service? (1 very good - 5 very poor)",
        "body": "What could we do better / why?",
        "attributes": {"segment": "Segment"},
        "rating_scale": "inverted5",
    }
    (page,) = collect(context, path="sample:survey.csv", mapping=mapping)

    assert (len(page.items), page.warnings) == (120, ())
    assert page.items[0].rating == Rating(2.0, Scale.INVERTED5)
    assert page.items[0].attributes == {"segment": "Patient transport"}
    (page,) = collect(context, path="sample:reviews.jsonl", items="review")
    assert (len(page.items), page.items[0].kind) == (112, Kind.REVIEW)
    with pytest.raises(
        SourceRefused,
        match=r"no sample '\.\./x'; allowed: posts\.jsonl, reviews\.jsonl, survey\.csv",
    ):
        collect(context, path="sample:../x")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"mapping": {"boddy": "x"}}, "unknown name 'boddy'; did you mean 'body'"),
        ({"mapping": {"rating_scale": "star5"}}, "did you mean 'stars5'"),
        ({"mapping": "x"}, "mapping"),
        ({"encoding": "klingon"}, "unknown encoding 'klingon'"),
        ({"timezone": "Mars/Olympus"}, "unknown time zone 'Mars/Olympus'"),
        ({"delimiter": "::"}, "delimiter"),
    ],
)
def test_mistakes_in_the_options_are_named(values: dict[str, object], words: str) -> None:
    """A wrong option is refused with the word that is near or an example."""
    with pytest.raises(ValueError, match=words):
        options(**values)
