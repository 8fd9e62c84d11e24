"""Reading tests of rules from TOML; every mistake names the file, the test and the key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from monitor.config import read_toml, validate_model
from monitor.domain.alert import AlertStatus, Severity
from monitor.domain.feedback import Author, Feedback, Kind, Rating, Scale
from monitor.domain.rule_test import (
    Expectation,
    ExpectedAlert,
    RuleTest,
    ScriptedAction,
    ScriptedActionKind,
    ScriptedFeedback,
    ScriptedOutage,
)
from monitor.errors import ConfigError, ConfigProblem, suggest_nearest
from monitor.health.source_alerts import HEALTH_RULE_ID
from monitor.section import Name, Section, parse_duration
from rules.base import Texts, enum_validator

#: A Monday morning, at which a test begins that says no other time.
_START = datetime(2026, 3, 2, 9, tzinfo=UTC)
_DAY = timedelta(days=1)
#: Longer stories would take longer than anybody waits for a test.
_LONGEST = timedelta(days=60)
_MOST_REPEATED = 1_000


def _parse_moment(value: object) -> datetime | timedelta:
    """Return a date-time, or the time after the start that "45m" or "-3d" stands for."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, str) and value.startswith("-"):
        return -parse_duration(value[1:])
    try:
        return parse_duration(value)
    except ValueError:
        raise ValueError(
            'a time after the start is needed, like "45m" or "2h", "-3d" for one before it, or a '
            "date-time"
        ) from None


def _require_known_instant(value: datetime) -> datetime:
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


Moment = Annotated[datetime | timedelta, BeforeValidator(_parse_moment)]
Span = Annotated[timedelta, BeforeValidator(parse_duration)]
Count = Annotated[int, Field(strict=True, ge=0)]
Text = Annotated[str, Field(strict=True)]


class RatingTable(Section):
    """A rating as written, on its scale."""

    value: float
    scale: Annotated[Scale, enum_validator(Scale)] = Scale.STARS5


class FeedbackTable(Section):
    """One `[[test.feedback]]` as written."""

    at: Moment  #: when it was written
    arrives: Moment | None = None  #: when its source hands it over
    undated: bool = False  #: its source gives no time
    source: Name = "reviews"
    id: Text = ""  #: the source's own; the same id again is an edit
    author: Text = ""
    reach: int | None = None
    kind: Annotated[Kind, enum_validator(Kind)] = Kind.POST
    title: Text = ""
    text: Text = ""
    stars: float | None = Field(default=None, ge=1, le=5)
    rating: RatingTable | None = None
    language: Text = ""
    thread: Text = ""
    question: Text = ""
    version: Text = ""
    attributes: dict[str, str] = Field(default_factory=dict)
    deleted: bool = False
    repeat: int = Field(default=1, strict=True, ge=1, le=_MOST_REPEATED)  #: so many in all
    every: Span = timedelta(minutes=1)

    @model_validator(mode="after")
    def _check_rating(self) -> FeedbackTable:
        if self.stars is not None and self.rating is not None:
            raise ValueError("stars and rating say the same; write one of them")
        if self.rating and Rating.from_value(self.rating.value, self.rating.scale) is None:
            low, high = self.rating.scale.bounds
            raise ValueError(f"rating: {self.rating.scale} goes from {low} to {high}")
        return self


class OutageTable(Section):
    """One `[[test.outage]]` as written."""

    source: Name = "reviews"
    from_: Moment = Field(alias="from")
    for_: Span = Field(alias="for")


class ActionTable(Section):
    """One `[[test.action]]` as written."""

    at: Moment
    do: Annotated[ScriptedActionKind, enum_validator(ScriptedActionKind)]
    rule: Text
    for_: Span = Field(default=_DAY, alias="for")  #: of a mute


class ExpectedAlertTable(Section):
    """One entry of `alerts` as written."""

    rule: Text
    severity: Annotated[Severity, enum_validator(Severity)] | None = None
    status: Annotated[AlertStatus, enum_validator(AlertStatus)] | None = None
    feedback: Count | None = None
    channel: Text | None = None
    contains: Texts = ()
    lacks: Texts = ()
    also: Texts = ()
    late: bool | None = None
    escalated: bool | None = None


class ExpectationTable(Section):
    """One `[[test.expect]]` as written."""

    at: Moment
    alerts: tuple[ExpectedAlertTable, ...] | None = None
    quiet: Texts = ()
    silent: dict[str, Count] = Field(default_factory=dict)
    cards: Count | None = None
    summaries: Count | None = None

    @model_validator(mode="after")
    def _check_says_something(self) -> ExpectationTable:
        if self.model_fields_set <= {"at"}:
            raise ValueError("nothing is expected; write alerts, quiet, silent, cards or summaries")
        return self


class RuleTestTable(Section):
    """One `[[test]]` as written."""

    name: Annotated[str, Field(strict=True, min_length=1, max_length=200)]
    feedback: tuple[FeedbackTable, ...] = ()
    outage: tuple[OutageTable, ...] = ()
    action: tuple[ActionTable, ...] = ()
    expect: tuple[ExpectationTable, ...] = ()

    @field_validator("name")
    @classmethod
    def _check_name(cls, name: str) -> str:
        if not name.isprintable():
            raise ValueError("one line of plain text is needed")
        return name


class SuiteTable(Section):
    """What stands above the tests of a file."""

    start: Annotated[datetime, AfterValidator(_require_known_instant)] = _START
    rules: Text = ""
    presets: Texts = ()
    channel: Text = "#feedback"
    cards_per_hour: Count = 0
    official: Texts = ()
    alert_if_newer_than: Span = _DAY
    reopen_within: Span = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSuite:
    """The tests of one file, and what holds for all of them."""

    file: str  #: its name, for people
    folder: Path  #: where `rules` begins
    settings: SuiteTable
    tests: tuple[RuleTest, ...]

    @property
    def rules_file(self) -> Path | None:
        """The rules that the file names; None where it names none."""
        return self.folder / self.settings.rules if self.settings.rules else None

    @property
    def uses_configured(self) -> bool:
        """Whether the file names neither rules nor presets: the configured rules are tested."""
        return not (self.settings.rules or self.settings.presets)


def read_suite(path: Path) -> RuleSuite:
    """Return the tests of a TOML file; raises ConfigError with every mistake in it."""
    return parse_suite(read_toml(path), path.name, path.parent)


def parse_suite(data: Mapping[str, Any], file: str, folder: Path = Path()) -> RuleSuite:
    """Return the tests of a parsed file; raises ConfigError with every mistake in it."""
    tables = data.get("test", [])
    head = {key: value for key, value in data.items() if key != "test"}
    settings, problems = validate_model(SuiteTable, head, f"{file}: ")
    problems = [_with_known_heads(problem, file) for problem in problems]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        message = "write each test as a table headed [[test]]"
        raise ConfigError([*problems, ConfigProblem(f"{file}: test", message)])
    if not tables:
        problems.append(ConfigProblem(file, "there is no test in it; write one as [[test]]"))
    read: list[RuleTest] = []
    start = settings.start if settings else _START
    for at, table in enumerate(tables):
        where = _locate_test(file, at, table)
        test, found = _read_test(table, where, start)
        problems += found
        read += [test] if test else []
    if settings is None or problems:
        raise ConfigError(problems)
    return RuleSuite(file=file, folder=folder, settings=settings, tests=tuple(read))


def find_unknown_rules(suite: RuleSuite, ids: Sequence[str]) -> Iterator[ConfigProblem]:
    """Yield the rules that a suite names and that nobody has: their tests would prove nothing."""
    known = {*ids, HEALTH_RULE_ID}
    for at, test in enumerate(suite.tests):
        where = _locate_test(suite.file, at, {"name": test.name})
        for name in dict.fromkeys(_iterate_named_rules(test)):
            if name not in known:
                hint = suggest_nearest(name, sorted(ids)) if ids else "there are no rules"
                yield ConfigProblem(where, f"no rule is called {name!r}; {hint}")


def _iterate_named_rules(test: RuleTest) -> Iterator[str]:
    yield from (action.rule_id for action in test.actions)
    for expected in test.expectations:
        yield from expected.quiet
        for alert in expected.alerts or ():
            yield alert.rule_id
            yield from alert.also


def _with_known_heads(problem: ConfigProblem, file: str) -> ConfigProblem:
    """Return a mistake of the head of a file; what may stand there includes the tests."""
    key = problem.where.removeprefix(f"{file}: ")
    if not problem.message.startswith("unknown key") or "." in key:
        return problem
    hint = suggest_nearest(key, [*SuiteTable.model_fields, "test"])
    return ConfigProblem(problem.where, f"unknown key; {hint}")


def _locate_test(file: str, at: int, table: Mapping[str, Any]) -> str:
    name = table.get("name")
    if isinstance(name, str) and name and name.isprintable():
        return f'{file}: test "{name[:80]}" (test[{at}])'
    return f"{file}: test[{at}]"


def _read_test(
    table: Mapping[str, Any], where: str, start: datetime
) -> tuple[RuleTest | None, list[ConfigProblem]]:
    written, found = validate_model(RuleTestTable, table, f"{where}.")
    problems = [
        ConfigProblem(problem.where.removesuffix("."), problem.message) for problem in found
    ]
    if written is None:
        return None, problems
    test = _to_test(written, start)
    problems += _find_senseless(test, where)
    return (None if problems else test), problems


def _find_senseless(test: RuleTest, where: str) -> list[ConfigProblem]:
    """Return what keeps a story from proving what it seems to."""
    if not test.expectations:
        message = "nothing is expected of it; write [[test.expect]]"
        return [ConfigProblem(where, message)]
    message = f"at most {_LONGEST.days} days after the start, and not before it"
    wrong_times = [
        ConfigProblem(f"{where}.expect[{at}].at", message)
        for at, expected in enumerate(test.expectations)
        if not test.start <= expected.at <= test.start + _LONGEST
    ]
    return wrong_times or list(_find_never_happening(test, where))


def _find_never_happening(test: RuleTest, where: str) -> Iterator[ConfigProblem]:
    for action in test.actions:
        if not test.start <= action.at <= test.ends:
            message = f"the action of {action.rule_id!r} comes before the start, or after the last"
            yield ConfigProblem(f"{where}.action", f"{message} [[test.expect]]: it never happens")
    if any(item.arrives > test.ends for item in test.feedback):
        message = "some of it arrives after the last [[test.expect]]: nothing comes of it"
        yield ConfigProblem(f"{where}.feedback", message)
    if not test.feedback and not test.outages:
        yield ConfigProblem(where, "nothing happens in it; write [[test.feedback]]")


def _to_test(table: RuleTestTable, start: datetime) -> RuleTest:
    def moment(at: datetime | timedelta) -> datetime:
        return start + at if isinstance(at, timedelta) else at

    feedback = [
        item
        for number, written in enumerate(table.feedback, 1)
        for item in _repeat_feedback(written, number, moment)
    ]
    outages = [
        ScriptedOutage(one.source, moment(one.from_), moment(one.from_) + one.for_)
        for one in table.outage
    ]
    actions = [
        ScriptedAction(moment(one.at), one.do, one.rule, moment(one.at) + one.for_)
        for one in table.action
    ]
    expectations = [_to_expectation(one, moment(one.at)) for one in table.expect]
    return RuleTest(
        name=table.name,
        start=start,
        feedback=tuple(feedback),
        outages=tuple(outages),
        actions=tuple(sorted(actions, key=lambda action: action.at)),
        expectations=tuple(sorted(expectations, key=lambda expected: expected.at)),
    )


def _repeat_feedback(
    table: FeedbackTable, number: int, moment: Callable[[datetime | timedelta], datetime]
) -> Iterator[ScriptedFeedback]:
    """Yield a feedback as often as it is written; several have authors and ids of their own."""
    for count in range(table.repeat):
        later = count * table.every
        suffix = f"-{count + 1}" if table.repeat > 1 else ""
        written_at = moment(table.at) + later
        arrives = written_at if table.arrives is None else moment(table.arrives) + later
        feedback = Feedback(
            source_id=table.source,
            external_id=f"{table.id or f'made-{number}'}{suffix}",
            kind=table.kind,
            title=table.title.replace("{n}", str(count + 1)),
            body=table.text.replace("{n}", str(count + 1)),
            author=Author(
                name=f"{table.author}{suffix}" if table.author else "", reach=table.reach
            ),
            created_at=None if table.undated else written_at,
            thread_id=table.thread,
            language=table.language,
            rating=_to_rating(table),
            app_version=table.version,
            question=table.question,
            attributes=table.attributes,
            deleted=table.deleted,
        )
        yield ScriptedFeedback(arrives, feedback)


def _to_rating(table: FeedbackTable) -> Rating | None:
    if table.stars is not None:
        return Rating.from_value(table.stars)
    return Rating.from_value(table.rating.value, table.rating.scale) if table.rating else None


def _to_expectation(table: ExpectationTable, at: datetime) -> Expectation:
    alerts = None
    if table.alerts is not None:
        alerts = tuple(_to_expected_alert(one) for one in table.alerts)
    return Expectation(
        at=at,
        alerts=alerts,
        quiet=table.quiet,
        silent=table.silent,
        cards=table.cards,
        summaries=table.summaries,
    )


def _to_expected_alert(table: ExpectedAlertTable) -> ExpectedAlert:
    return ExpectedAlert(
        rule_id=table.rule,
        severity=table.severity,
        status=table.status,
        feedback=table.feedback,
        channel=table.channel,
        contains=table.contains,
        lacks=table.lacks,
        also=table.also,
        late=table.late,
        escalated=table.escalated,
    )
