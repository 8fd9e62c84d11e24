"""What holds for every file."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from sources._normalise import to_clean_text
from sources._records import read_csv_records
from sources.csv_file import CsvFileOptions, FileRow, read_rows

TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffd"), max_size=30
)
FILLED = TEXT.filter(lambda text: bool(text.strip()))


def read(content: bytes, name: str = "in.csv") -> list[FileRow]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        return list(read_rows(file, CsvFileOptions(path=name), "s"))


@given(
    st.lists(st.tuples(TEXT, TEXT), max_size=20),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_writes_is_read_back(
    rows: list[tuple[str, str]], mark: str, end: str
) -> None:
    """Quotes, delimiters and line ends in values survive; blank rows are passed over."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
        [("a", "b"), *rows]
    )
    found = [
        tuple(record.values.values())
        for record in read_csv_records(io.StringIO(out.getvalue(), newline=""), mark)
    ]

    assert found == [row for row in rows if any(value.strip() for value in row)]


@given(
    st.lists(FILLED.filter(lambda text: not set(text) & set('",\r\n')), max_size=10),
    st.text(max_size=40),
)
def test_a_broken_line_does_not_cost_the_lines_before_it(values: list[str], broken: str) -> None:
    """Whatever stands in a line, the rows before it are read."""
    lines = "".join(f"{number},{value}\n" for number, value in enumerate(values))
    content = f"id,body\n{lines}".encode() + to_clean_text(broken).encode()
    found = [row.feedback.body for row in read(content) if row.feedback]

    assert found[: len(values)] == [value.strip() for value in values]


@given(st.binary(max_size=300), st.sampled_from(["in.csv", "in.jsonl"]))
def test_any_bytes_give_rows_or_problems(content: bytes, name: str) -> None:
    """No bytes after a good header raise anything, and every row that is not read is reported."""
    rows = read((b"id,body\n" if name == "in.csv" else b"") + content, name)

    assert all(row.feedback or row.problems for row in rows)


@given(st.text(st.characters(), max_size=50))
def test_clean_text_can_be_stored(text: str) -> None:
    """Cleaned text is valid UTF-8 without NUL, and cleaning it again changes nothing."""
    cleaned = to_clean_text(text)

    assert "\x00" not in cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned == to_clean_text(cleaned)
