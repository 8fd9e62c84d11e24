"""Lines that arrive piece by piece are handed on as soon as they are whole."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from monitor.cli.scoring import iter_arrived_lines


class Pipe:
    """A pipe whose reading end is read as standard input is."""

    def __init__(self, stack: ExitStack) -> None:
        reading, self._writing = os.pipe()
        stack.callback(self.close)
        stream = io.TextIOWrapper(os.fdopen(reading, "rb"), "utf-8-sig", "replace")
        self.lines = iter_arrived_lines(stack.enter_context(stream))

    def write(self, data: bytes) -> None:
        """Let something arrive."""
        os.write(self._writing, data)

    def close(self) -> None:
        """End the input; nothing when it is ended."""
        if self._writing >= 0:
            os.close(self._writing)
        self._writing = -1


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """A pipe with nothing in it."""
    with ExitStack() as stack:
        yield Pipe(stack)


def test_whole_lines_are_handed_on_before_more_arrives(pipe: Pipe) -> None:
    """What is begun waits for its end; two lines that arrive together are handed on together."""
    pipe.write(b"one\ntwo\nthr")
    assert next(pipe.lines) == ["one", "two"]

    pipe.write(b"ee\n")
    assert next(pipe.lines) == ["three"]


def test_the_last_line_need_not_be_ended(pipe: Pipe) -> None:
    """It is handed on at the end of the input."""
    pipe.write(b"one\ntwo")
    pipe.close()

    assert list(pipe.lines) == [["one"], ["two"]]


def test_bytes_are_read_as_text_is_elsewhere(pipe: Pipe) -> None:
    """A byte order mark is no text, all ends of lines count, and no byte is refused, wherever
    the pieces are cut.
    """
    for part in (b"\xef\xbb", b"\xbfa\r", b"\nb\rc", b"\xc3", b"\xa9\n\xff\n"):
        pipe.write(part)
    pipe.close()

    lines = [line for arrived in pipe.lines for line in arrived]
    assert lines == ["a", "b", "cé", "\ufffd"]


def test_nothing_is_no_line(pipe: Pipe) -> None:
    """An empty input has none."""
    pipe.close()

    assert list(pipe.lines) == []
