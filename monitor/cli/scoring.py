"""The analysis of texts that arrive line by line, for `repwatch score`.

Texts are analysed a page at a time while they come quickly, each at once while they come slowly.
"""

from __future__ import annotations

import gc
import json
import os
from codecs import getincrementaldecoder
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from io import IncrementalNewlineDecoder
from typing import Any, NamedTuple, TextIO

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.clean import to_plain_text
from monitor.analysis.vader import VaderScorer
from monitor.cli.reading import reading_to_dict, vader_to_dict
from monitor.domain.feedback import Analysis, Feedback, Rating, Scale
from monitor.errors import ConfigError, ConfigProblem

#: Texts analysed together: a stage's tables stay in the caches of the processor.
_PAGE = 100
#: Bytes of standard input taken at a time.
_BLOCK = 1 << 16
_encode_json = json.JSONEncoder(ensure_ascii=False, default=str).encode


class GivenText(NamedTuple):
    """A text as it was given, and as feedback whose words are plain."""

    text: str
    feedback: Feedback


class TextScorer:
    """Writes one JSON line for each text to `output`."""

    def __init__(self, output: TextIO) -> None:
        """Load the shipped tables of the analysis."""
        self._output = output
        self._analyzer = Analyzer()

    def score_text(self, text: str) -> None:
        """Write what is read out of one text, even where it looks like JSON."""
        self._score_page([_to_given_text({"text": text}, 1)] if text.strip() else [])

    def score_lines(self, lines: TextIO) -> None:
        """Write what is read out of each line that is not blank: a JSON object or a text.

        Raises ConfigError for a wrong rating, when the lines before it are answered.
        """
        gc.freeze()  # the tables stay: going through them again and again would find nothing
        number = 0
        for arrived in iter_arrived_lines(lines):
            for start in range(0, len(arrived), _PAGE):
                page = arrived[start : start + _PAGE]
                self._score_parsed(page, number)
                number += len(page)
            self._output.flush()  # whoever waits for these answers may send nothing more before

    def _score_parsed(self, lines: Sequence[str], before: int) -> None:
        """Score lines that have `before` lines in front of them."""
        page: list[GivenText] = []
        try:
            for number, line in enumerate(lines, before + 1):
                if line.strip():
                    page.append(_parse_line(line, number))
        finally:
            self._score_page(page)

    def _score_page(self, page: Sequence[GivenText]) -> None:
        analyses = self._analyzer.analyze_all([given.feedback for given in page])
        self._output.writelines(
            f"{_encode_json(self._to_dict(given, analysis))}\n"
            for given, analysis in zip(page, analyses, strict=True)
        )

    def _to_dict(self, given: GivenText, analysis: Analysis) -> dict[str, object]:
        return reading_to_dict(analysis, self._vader_scores(given.text, analysis))

    def _vader_scores(self, text: str, analysis: Analysis) -> Mapping[str, object]:
        """Return the scores of the text as given, from the analysis where it changed nothing."""
        scores = vader_to_dict(analysis)
        if scores is None or analysis.text != text:
            return self._vader.score(text)
        return scores

    @cached_property
    def _vader(self) -> VaderScorer:
        return VaderScorer()


def iter_arrived_lines(stream: TextIO) -> Iterator[list[str]]:
    """Yield the lines of `stream` that have arrived, as soon as there is one.

    As long as nothing more has arrived, it waits; the last line need not be ended.
    """
    decoder = IncrementalNewlineDecoder(
        getincrementaldecoder(stream.encoding)(stream.errors or "strict"), translate=True
    )
    begun: list[str] = []
    while block := os.read(stream.fileno(), _BLOCK):
        ended, newline, rest = decoder.decode(block).rpartition("\n")
        if newline:
            yield "".join([*begun, ended]).split("\n")
            begun = []
        begun.append(rest)
    begun.append(decoder.decode(b"", final=True))
    if last := "".join(begun):
        yield last.split("\n")


def _parse_line(line: str, number: int) -> GivenText:
    """Return a line as text: a JSON object, or the line itself; `number` names it in mistakes."""
    fields: Any = None
    if line.lstrip().startswith("{"):
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError):
            fields = None
    return _to_given_text(fields if isinstance(fields, dict) else {"text": line}, number)


def _to_given_text(fields: dict[str, Any], number: int) -> GivenText:
    """Return an object as text; one without text has no words. Raises ConfigError for a rating."""
    text = _text_field(fields, "text")
    feedback = Feedback(
        source_id="score",
        external_id=str(number),
        body=to_plain_text(text),
        rating=_parse_rating(fields, number),
        language=_text_field(fields, "language"),
        question=_text_field(fields, "question"),
    )
    return GivenText(text, feedback)


def _text_field(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _parse_rating(fields: dict[str, Any], number: int) -> Rating | None:
    try:
        scale = Scale(fields.get("rating_scale") or Scale.STARS5)
        value = fields.get("rating")
        return None if value is None else Rating.from_value(float(value), scale)
    except (TypeError, ValueError, OverflowError):
        message = f"rating must be a number and rating_scale one of {', '.join(Scale)}"
        raise ConfigError([ConfigProblem(f"standard input, line {number}", message)]) from None
