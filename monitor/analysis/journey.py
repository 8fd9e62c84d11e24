"""Journey: the stage and the touchpoint of a feedback, and what made it good or bad.

Stage and touchpoint are one answer each, told by the first of these that tells anything:

1. the customer's words, by patterns; the stage that most words name, and of equals the one that
   was expected;
2. for a touchpoint, the stage that words named: who needs help speaks of service;
3. what was expected: by the question of a survey, else by the source, else by the kind of feedback.

Where nothing tells, the answer is "unsure". Drivers are all that the words name, perhaps none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

from pydantic import Field

from monitor.analysis.patterns import PatternSet, PatternTable, merge_tables, validate_tables
from monitor.config import read_toml
from monitor.domain.feedback import Driver, Feedback, Kind, Stage, Touchpoint
from monitor.domain.quoting import quote_words
from monitor.domain.tokens import normalize_text
from monitor.errors import ConfigError, ConfigProblem, suggest_nearest

SHIPPED: Final = Path(__file__).parent / "data" / "journey.toml"

_LONG_QUESTION: Final = 500  # characters of a question that are looked at
_MOST_SHOWN: Final = 2  # words that are named with each fact
_QUESTIONS: Final = 256  # of surveys, whose reading is remembered
_UNSURE: Final = Stage.UNSURE.value
_STAGE, _TOUCHPOINT, _DRIVER = "stage", "touchpoint", "driver"
#: The tables of the file, and the names in each.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    _STAGE: tuple(stage.value for stage in Stage if stage is not Stage.UNSURE),
    _TOUCHPOINT: tuple(
        touchpoint.value for touchpoint in Touchpoint if touchpoint is not Touchpoint.UNSURE
    ),
    _DRIVER: tuple(driver.value for driver in Driver),
}
_TOUCHPOINT_OF_STAGE: Final[Mapping[str, str]] = {
    Stage.AWARENESS: Touchpoint.MARKETING.value,
    Stage.PURCHASE: Touchpoint.SALES.value,
    Stage.USE: Touchpoint.PRODUCT.value,
    Stage.SUPPORT: Touchpoint.SERVICE.value,
}
#: Of names that equally many words stand for, and of which none was expected, the one furthest down
#: is the point: who writes of a product and of support that does not answer needs support.
_TIE_ORDER: Final = (
    "use",
    "awareness",
    "research",
    "engagement",
    "purchase",
    "post-purchase",
    "support",
)


class JourneyPlace(NamedTuple):
    """Where feedback is expected to belong; None where that is not known."""

    stage: str | None = None  #: a Stage
    touchpoint: str | None = None  #: a Touchpoint


_NOWHERE: Final = JourneyPlace()
_SUPPORT: Final = JourneyPlace(Stage.SUPPORT.value, Touchpoint.SERVICE.value)
#: What is expected of feedback of each kind, and why.
_PLACE_BY_KIND: Final[Mapping[Kind, tuple[JourneyPlace, str]]] = {
    kind: (_SUPPORT if kind is Kind.TICKET else _NOWHERE, f"as a {kind}") for kind in Kind
}


class JourneyResult(NamedTuple):
    """What was read of a journey."""

    stage: str  #: "unsure" where nothing tells
    touchpoint: str  #: "unsure" where nothing tells
    drivers: tuple[str, ...]
    why: tuple[str, ...]  #: what decided, one fact each


class _JourneyTable(PatternTable):
    #: signals that count like a pattern
    signals: Annotated[tuple[str, ...], Field(max_length=50)] = ()


class JourneyClassifier:
    """Reads journeys out of texts in which patterns have been found.

    Nothing that can be seen changes after construction, so one instance serves all threads.
    """

    __slots__ = ("_expected", "_place_by_question", "_values_by_name", "about", "patterns")

    def __init__(
        self,
        tables: Mapping[str, Any],
        expected: Mapping[str, JourneyPlace] | None = None,
        file: str = "journey.toml",
    ) -> None:
        """Compile the tables of a file; `expected` is by source id.

        Raises ConfigError with every mistake.
        """
        flat, problems = _flatten_tables(tables, file)
        found, wrong = validate_tables(flat, file, _JourneyTable, _journey_name_error)
        if problems or wrong:
            raise ConfigError([*problems, *wrong])
        #: what can be found, by name ("stage.use"), and what each means
        self.about: Mapping[str, str] = {name: table.about for name, table in found.items()}
        self.patterns = PatternSet(found, file)
        self._values_by_name: dict[str, list[tuple[str, str]]] = {}
        for owner, table in found.items():
            part, _, value = owner.partition(".")
            for name in (owner, *table.signals):
                self._values_by_name.setdefault(name, []).append((part, value))
        self._expected = {
            source: place for source, place in (expected or {}).items() if place != _NOWHERE
        }
        self._place_by_question = lru_cache(_QUESTIONS)(self._classify_question)

    @classmethod
    def load(
        cls, own: Path | None = None, expected: Mapping[str, JourneyPlace] | None = None
    ) -> JourneyClassifier:
        """Return the shipped tables with a workspace's own file laid over them.

        Raises ConfigError with every mistake in that file.
        """
        shipped = read_toml(SHIPPED)
        if own is None:
            return cls(shipped, expected, SHIPPED.name)
        tables = read_toml(own)
        cls(tables, expected, own.name)  # names mistakes by the file that holds them
        whole = {part: merge_tables(shipped[part], tables.get(part, {})) for part in _NAMES}
        return cls(whole, expected, own.name)

    def classify_feedback(
        self, feedback: Feedback, found: Mapping[str, tuple[str, ...]]
    ) -> JourneyResult:
        """Return the stage, touchpoint and drivers of a feedback, and why.

        `found` is the customer's words by the names of patterns and signals.
        """
        expected, because = self._expected_place(feedback)
        if self._values_by_name.keys().isdisjoint(found):
            return _result_without_words(expected, because)
        said = self._group_words(found)
        stage, stage_words = _choose_most_named(said[_STAGE], expected.stage)
        touchpoint, touchpoint_words = _choose_most_named(said[_TOUCHPOINT], expected.touchpoint)
        drivers: tuple[str, ...] = ()
        if said[_DRIVER]:
            drivers = tuple([name for name in _NAMES[_DRIVER] if name in said[_DRIVER]])
        facts = [f"{name}: {_quote_first_words(said[_DRIVER][name])}" for name in drivers]
        if touchpoint_words:
            facts.insert(0, f"touchpoint {touchpoint}: {_quote_first_words(touchpoint_words)}")
        if stage_words:
            because = _quote_first_words(stage_words)
            touchpoint = touchpoint or _TOUCHPOINT_OF_STAGE.get(stage or "")
        place = JourneyPlace(stage or expected.stage, touchpoint or expected.touchpoint)
        return _build_result(place, because, drivers, tuple(facts))

    def _group_words(self, found: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, list[str]]]:
        """Return the words of each stage, touchpoint and driver."""
        said: dict[str, dict[str, list[str]]] = {_STAGE: {}, _TOUCHPOINT: {}, _DRIVER: {}}
        for name, words in found.items():
            for part, value in self._values_by_name.get(name, ()):
                said[part].setdefault(value, []).extend(words)
        return said

    def _expected_place(self, feedback: Feedback) -> tuple[JourneyPlace, str]:
        """Return what is expected of a feedback before its words are read, and why."""
        if feedback.question:
            asked_about = self._place_by_question(feedback.question[:_LONG_QUESTION])
            if asked_about != _NOWHERE:
                return asked_about, "by the question"
        if configured := self._expected.get(feedback.source_id):
            return configured, "by its source"
        return _PLACE_BY_KIND[feedback.kind]

    def _classify_question(self, question: str) -> JourneyPlace:
        """Return where the answers to a question belong."""
        said = self._group_words(self.patterns.find_in_text(question, normalize_text(question)))
        stage, _ = _choose_most_named(said[_STAGE], None)
        touchpoint, _ = _choose_most_named(said[_TOUCHPOINT], None)
        return JourneyPlace(stage, touchpoint or _TOUCHPOINT_OF_STAGE.get(stage or ""))


@lru_cache(_QUESTIONS)
def _result_without_words(place: JourneyPlace, because: str) -> JourneyResult:
    """Return the result of a text that says nothing of its journey; most of a source do not."""
    return _build_result(place, because)


def _build_result(
    place: JourneyPlace, because: str, drivers: tuple[str, ...] = (), facts: tuple[str, ...] = ()
) -> JourneyResult:
    stage = place.stage or _UNSURE
    touchpoint = place.touchpoint or _TOUCHPOINT_OF_STAGE.get(stage, _UNSURE)
    why = (f"stage {stage}: {because}",) if place.stage else ()
    return JourneyResult(stage, touchpoint, drivers, (*why, *facts))


def _choose_most_named(
    words_by_name: Mapping[str, list[str]], expected: str | None
) -> tuple[str | None, list[str]]:
    """Return the name that most words stand for, and these words; None where there are none."""
    if not words_by_name:
        return None, []
    if len(words_by_name) == 1:
        return next(iter(words_by_name.items()))

    def telling_order(name: str) -> tuple[int, bool, int]:
        rank = _TIE_ORDER.index(name) if name in _TIE_ORDER else 0
        return len(words_by_name[name]), name == expected, rank

    name = max(words_by_name, key=telling_order)
    return name, words_by_name[name]


def _quote_first_words(words: list[str]) -> str:
    return quote_words(words[:_MOST_SHOWN])


def _flatten_tables(
    tables: Mapping[str, Any], file: str
) -> tuple[dict[str, Any], list[ConfigProblem]]:
    """Return the tables by their full names, like "stage.use", and the mistakes outside them."""
    flat: dict[str, Any] = {}
    problems: list[ConfigProblem] = []
    for part, named in tables.items():
        if part not in _NAMES:
            problems.append(
                ConfigProblem(
                    f"{file}: {part}", f"unknown table; {suggest_nearest(part, tuple(_NAMES))}"
                )
            )
        elif not isinstance(named, dict):
            problems.append(
                ConfigProblem(
                    f"{file}: {part}",
                    f"write tables headed [{part}.{_NAMES[part][0]}] and the like",
                )
            )
        else:
            flat |= {f"{part}.{name}": table for name, table in named.items()}
    return flat, problems


def _journey_name_error(name: str) -> str:
    part, _, value = name.partition(".")
    return (
        "" if value in _NAMES[part] else f"no such {part}; {suggest_nearest(value, _NAMES[part])}"
    )
