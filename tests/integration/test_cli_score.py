"""`score`: texts in, one JSON line each out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from tests.integration.command import run
from tests.world.program import SECONDS

KEYS = ["language", "scored", "vader", "sentiment", "problem", "signals", "stage"]
KEYS += ["touchpoint", "drivers", "emotion", "why"]
TEXTS = [
    "I LOVE it!!! :)",
    "  not good, but &amp; ok  ",
    "<b>terrible</b> 👍",
    "> quoted\tnothing",
    "It is VERY bad.",
]


def score(folder: Path, *lines: str | dict[str, Any] | bytes) -> list[dict[str, Any]]:
    written = [line if isinstance(line, bytes) else _line(line).encode() for line in lines]
    result = run(folder, "score", stdin=b"\n".join(written) + b"\n")
    assert (result.code, result.stderr) == (0, "")
    return [json.loads(line) for line in result.stdout.splitlines()]


def _line(line: str | dict[str, Any]) -> str:
    return line if isinstance(line, str) else json.dumps(line)


def test_vader_is_what_the_package_says_of_the_text_as_given(tmp_path: Path) -> None:
    """To the last digit, for texts and JSON alike, without any cleaning, and every promised key is
    there.
    """
    package = SentimentIntensityAnalyzer()
    found = score(tmp_path, *TEXTS, *({"text": text} for text in TEXTS))
    assert [item["vader"] for item in found] == [
        package.polarity_scores(text) for text in TEXTS
    ] * 2
    assert [list(item) for item in found] == [KEYS] * 10


def test_rating_scale_and_language_count(tmp_path: Path) -> None:
    """Stars outrank words on every scale; another language is not scored and has no sentiment, only
    with stars one.
    """
    found = score(
        tmp_path,
        {"text": "I love it", "rating": 1},
        {"text": "I love it", "rating": 5, "rating_scale": "inverted5"},
        {"text": "It is", "rating": 9, "rating_scale": "nps"},
        {"text": "super fun", "language": "de-AT"},
        {"text": "schlecht", "language": "de", "rating": 1},
        {"text": "не работает"},
        {"text": "I love it", "rating": 9},
    )
    labels = [item["sentiment"] and item["sentiment"]["label"] for item in found]
    assert labels == ["negative", "negative", "positive", None, "negative", None, "positive"]
    assert [item["scored"] for item in found] == [True, True, True, False, False, False, True]
    assert [item["language"] for item in found] == [None, None, None, "de", "de", None, None]
    assert found[3]["why"] == ["the words are not scored (language: de)"]


def test_strange_lines_are_only_lines(tmp_path: Path) -> None:
    """Empty lines are skipped; surrogates, bytes, broken, huge and deep JSON never end the
    program.
    """
    lines: list[str | bytes] = [
        "",
        "   ",
        '{"text": "bad \\ud83d thing", "language": "\\ud800"}',
        b"\xff bad",
        '{"broken',
        '{"text": 5}',
        '{"text": ' + "[" * 100_000,
        "\x00 great",
        "😭" * 10_000,
        "[red]x[/red]",
    ]
    found = score(tmp_path, *lines)
    assert len(found) == 8
    assert found[6]["vader"]["compound"] < -0.9


def test_an_object_without_words_is_not_read_as_words(tmp_path: Path) -> None:
    """It is not scored, with a reason; what it was rated counts."""
    number, rated = score(tmp_path, {"text": 5}, {"rating": 1})
    assert (number["scored"], number["problem"], number["sentiment"]) == (False, None, None)
    assert (rated["scored"], rated["sentiment"]["label"]) == (False, "negative")
    assert "the words are not scored (no words)" in number["why"]


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    """JSON lines saved by an editor that puts one in front are read as JSON, whatever the
    locale.
    """
    env = {"PYTHONIOENCODING": "latin-1"}
    line = b'\xef\xbb\xbf{"text": "\xe2\x9d\xa4 gut", "language": "\xc3\xa9"}\n'
    assert (
        json.loads(run(tmp_path, "score", stdin=line, env=env, fresh=True).stdout)["language"]
        == "é"
    )


def test_one_text_can_be_an_option(tmp_path: Path) -> None:
    """It is taken as text even where it looks like JSON, and standard input is not read."""
    result = run(tmp_path, "score", "--text", '{"text": "I love it", "rating": 1}', stdin=b"more\n")
    assert result.json["sentiment"]["label"] == "positive"


@pytest.mark.parametrize(
    "line",
    [
        {"text": "x", "rating": "many"},
        {"text": "x", "rating": [1]},
        {"text": "x", "rating": 10**400},
        {"text": "x", "rating": 1, "rating_scale": "stars6"},
        {"text": "x", "rating": 1, "rating_scale": ["nps"]},
    ],
    ids=["word", "list", "huge", "scale", "scales"],
)
def test_a_wrong_rating_is_named_by_its_line(tmp_path: Path, line: dict[str, Any]) -> None:
    """The lines before it are answered; then one line says what is allowed, with exit code 2."""
    result = run(tmp_path, "score", stdin=b"fine\n" + json.dumps(line).encode() + b"\n")
    assert (result.code, len(result.stdout.splitlines())) == (2, 1)
    allowed = "stars5, inverted5, nps, csat5, ces7, ces5, thumbs"
    said = (
        "repwatch: standard input, line 2: rating must be a number and rating_scale one of "
        f"{allowed}"
    )
    assert result.lines == [said]


def test_a_line_is_answered_before_the_next_one_is_written(tmp_path: Path) -> None:
    """A program that waits for each answer gets it, although its pipe stays open."""
    command = [sys.executable, "-m", "monitor", "score"]
    with subprocess.Popen(  # noqa: S603 - the tests' own words
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        for text, label in ((b"I love it", "positive"), (b"It is terrible", "negative")):
            process.stdin.write(text + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["sentiment"]["label"] == label
        process.stdin.close()
        assert process.wait(SECONDS) == 0


def test_answers_have_the_order_of_the_texts(tmp_path: Path) -> None:
    """Also where there are more of them than are read together."""
    texts = ["it is bad" if number % 3 else "it is good" for number in range(350)]
    found = score(tmp_path, *texts, "", *texts)

    negative = [item["vader"]["compound"] < 0 for item in found]
    assert negative == ["bad" in text for text in texts * 2]
