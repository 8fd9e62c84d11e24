"""The one place that names concrete classes, reads the clock and the machine, and joins
everything.
"""

from __future__ import annotations

import gc
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from monitor import registry
from monitor.analysis.analyzer import Analyzer
from monitor.analysis.journey import Place
from monitor.analysis.privacy import mask
from monitor.analysis.signals import Signals
from monitor.config import load, validate
from monitor.errors import ConfigError, Problem, RepwatchError, StoreError, near
from monitor.followup.audit import Auditor
from monitor.followup.timers import Clock
from monitor.health.watchdog import Watchdog, sending
from monitor.http import Http
from monitor.learning.training import due, in_use
from monitor.notifiers.base import Notifier
from monitor.notifiers.console import ConsoleNotifier
from monitor.notifiers.operator import Alarm
from monitor.notifiers.operator import problems as alarm_problems
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.poller import Cycle, Polled
from monitor.pipeline.sender import Deliverer
from monitor.pipeline.webhooks import Reception
from monitor.replies.publisher import Answerer
from monitor.replies.workflow import Answers, answers_for, official_accounts
from monitor.settings import Settings
from monitor.slack import mode
from monitor.store import Store, check_url, open_store
from monitor.store import upgrade as upgrade_database
from rules.engine import Engine
from rules.load import load as load_rules
from rules.load import load_file
from rules.rule import Mode, Rule
from sources.base import Receiving, Source, SourceContext

#: Seconds that training on the team's verdicts may take.
_TRAINING = 600
#: The kind of source that `import` reads files with.
_FILE_KIND = "csv_file"


def now() -> datetime:
    """The time, aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """A configuration in which every part was found and checked; nothing is opened yet."""

    settings: Settings
    rules: tuple[Rule, ...]
    sources: tuple[Polled, ...]
    http: Http
    analyzer: Analyzer
    answers: Answers
    file: Path  #: the configuration, as an absolute path


@dataclass(frozen=True, slots=True)
class App:
    """Everything joined and open."""

    plan: Plan
    store: Store
    ingest: Ingest
    cycle: Cycle
    reception: Reception
    notifier: Notifier
    deliverer: Deliverer
    clock: Clock
    auditor: Auditor
    watchdog: Watchdog
    answers: Answers
    answerer: Answerer

    def close(self) -> None:
        """Let go of the lease, the connections and the database."""
        self.deliverer.release()
        self.answerer.release()
        self.plan.http.close()
        self.store.close()


def plan(
    path: Path, environ: Mapping[str, str], stopping: Callable[[], bool] = lambda: False
) -> Plan:
    """Read and check the whole configuration; ConfigError names every mistake in it and in the
    rules.
    """
    settings, problems = load(path, environ)
    broken = {
        problem.where.removeprefix(f"{path.name}: ").partition(".")[0] for problem in problems
    }
    http = Http(settings.http)
    context = SourceContext(
        http=http, secrets=settings.secrets, folder=settings.folder, stopping=stopping
    )
    sources, found = _sources(settings, context, path.name)
    problems += found
    rules: tuple[Rule, ...] = ()
    try:
        rules = load_rules(
            _rules_file(settings), settings.rules.presets, signals=settings.analysis.deep
        )
    except ConfigError as error:
        problems += error.problems
    analyzer = None
    try:
        analyzer = _analyzer(settings, sources)
    except ConfigError as error:
        problems += error.problems
    if analyzer is not None:
        problems += _signal_problems(rules, analyzer.signals)
    answers = None
    try:
        answers = _answers(settings, sources, rules, analyzer)
    except ConfigError as error:
        problems += error.problems
    if (
        "hours" not in broken
    ):  # a section with a mistake has its defaults: nothing can be said of it
        problems += _hours_problems(rules, settings)
    problems += _slack_problems(settings, path.name)
    if not broken & {"slack", "web", "desk"}:
        problems += mode.problems(settings, path.name)
    problems += alarm_problems(settings.alarm, settings.secrets, path.name)
    try:
        check_url(store_url(settings))
    except StoreError as error:
        problems.append(Problem(f"{path.name}: store.url", str(error)))
    if problems or analyzer is None or answers is None:
        raise ConfigError(problems)
    return Plan(settings, rules, sources, http, analyzer, answers, path.resolve())


def build(checked: Plan, console: Console, *, notifier: Notifier | None = None) -> App:
    """Open the database and join all parts; StoreError when it cannot be opened."""
    settings = checked.settings
    store = open_store(store_url(settings), migrate=settings.store.migrate)
    notifier = notifier or _notifier(settings, console)
    at = now()
    with store.write() as tx:
        for rule in checked.rules:
            tx.rules.remember(rule.id, rule.version, rule.definition, at)
    checked.analyzer.team = in_use(store)
    answers, holder = checked.answers, _holder()
    official = official_accounts(settings, answers.places)
    ingest = Ingest(
        store, checked.analyzer, Engine(checked.rules), notifier.default_channel, official
    )
    newer, redact = settings.collect.alert_if_newer_than, settings.secrets.redact
    reopen, calendar = settings.respond.reopen_within, settings.hours.calendar
    told = {
        polled.id: polled.source
        for polled in checked.sources
        if isinstance(polled.source, Receiving)
    }
    cycle = Cycle(checked.sources, store, ingest, newer, redact, reopen)
    reception = Reception(told, store, ingest, newer, redact, reopen)
    deliverer = Deliverer(
        store, notifier, holder=holder, gone=_gone, mask=masking(settings), calendar=calendar
    )
    clock = Clock(store, calendar, settings.respond)
    auditor = Auditor(store, clock)
    watchdog = _watchdog(checked, store, deliverer, auditor)
    answerer = Answerer(store, answers.places, holder, _gone, redact)
    return App(
        checked,
        store,
        ingest,
        cycle,
        reception,
        notifier,
        deliverer,
        clock,
        auditor,
        watchdog,
        answers,
        answerer,
    )


def settle() -> None:
    """Take what was made so far out of garbage collection: going through it all would stop every
    thread for 0.1 s.
    """
    gc.collect()
    gc.freeze()


def _watchdog(checked: Plan, store: Store, deliverer: Deliverer, auditor: Auditor) -> Watchdog:
    settings = checked.settings
    alarm = Alarm(checked.http, settings.alarm, settings.secrets)
    checks = [sending(store, deliverer, settings.alarm.outbox_older_than), auditor.look]
    return Watchdog(alarm, checks, settings.alarm.after)


def teach(app: App) -> None:
    """Train on the team's verdicts where that is due, and use what came of it.

    Training is another process's work: what it needs stays out of this one's memory.
    """
    if due(app.store, now()):
        command = [
            sys.executable,
            "-m",
            "monitor",
            "model",
            "train",
            "--if-due",
            "--config",
            str(app.plan.file),
        ]
        try:
            subprocess.run(  # noqa: S603
                command,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
                timeout=_TRAINING,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise RepwatchError(
                "training on the team's verdicts failed; `repwatch model train` says why"
            ) from error
    app.plan.analyzer.team = in_use(app.store)


def masking(settings: Settings) -> Callable[[str], str]:
    """What hides the customer's addresses and numbers where text is shown; nothing where that is
    switched off.
    """
    return mask if settings.privacy.mask else str


def store_url(settings: Settings) -> str:
    """The address of the database; a relative SQLite file lies beside the configuration."""
    prefix = "sqlite:///"
    url = settings.store.url
    if not url.startswith(prefix) or url == prefix:
        return url
    return prefix + str(settings.folder / url.removeprefix(prefix))


def upgrade(settings: Settings) -> str:
    """Bring the database to this version, and say which that is."""
    return upgrade_database(store_url(settings))


def importer(checked: Plan, source_id: str, file: Path) -> Source:
    """A reader of `file` with the options of the csv_file source that the configuration names
    `source_id`.
    """
    wanted = next((source for source in checked.settings.sources if source.id == source_id), None)
    if wanted is None or wanted.kind != _FILE_KIND:
        ids = [source.id for source in checked.settings.sources if source.kind == _FILE_KIND]
        message = (
            f"{source_id!r} is no {_FILE_KIND} source of the configuration; {near(source_id, ids)}"
        )
        raise ConfigError([Problem("--source", message)])
    kind = registry.plugin("sources", _FILE_KIND, Source)
    options, problems = validate(kind.Options, {**wanted.options, "path": str(file.resolve())}, "")
    if options is None:
        raise ConfigError(problems)
    context = SourceContext(
        http=checked.http, secrets=checked.settings.secrets, folder=checked.settings.folder
    )
    return kind(source_id, options, context)


def _sources(
    settings: Settings, context: SourceContext, file: str
) -> tuple[tuple[Polled, ...], list[Problem]]:
    polled: list[Polled] = []
    problems: list[Problem] = []
    for index, wanted in enumerate(settings.sources):
        where = f"{file}: sources[{index}]."
        try:
            kind: type[Source] = registry.plugin("sources", wanted.kind, Source)
        except registry.UnknownKind as error:
            problems.append(Problem(f"{where}kind", str(error)))
            continue
        options, found = validate(kind.Options, wanted.options, where)
        problems += found
        if options is not None:
            every = wanted.every or settings.collect.every
            if issubclass(kind, Receiving) and not settings.web.listen:
                message = f"a {wanted.kind} source is called by its service; set listen under [web]"
                problems.append(Problem(f"{where}kind", message))
            polled.append(Polled(wanted.id, kind(wanted.id, options, context), every))
    return tuple(polled), problems


def _analyzer(settings: Settings, sources: Sequence[Polled]) -> Analyzer:
    own = settings.analysis
    lexicon, signals, journey = (
        settings.folder / name if name else None for name in (own.lexicon, own.signals, own.journey)
    )
    expected = _expected(settings, sources)
    return Analyzer(
        deep=own.deep, lexicon=lexicon, signals=signals, journey=journey, expected=expected
    )


def _answers(
    settings: Settings, sources: Sequence[Polled], rules: Sequence[Rule], analyzer: Analyzer | None
) -> Answers:
    places = {polled.id: polled.source for polled in sources}
    known = analyzer.signals if analyzer else ()
    named = [rule.id for rule in rules]
    return answers_for(
        settings, places, masking(settings), rules=named or None, signals=known or None
    )


def _expected(settings: Settings, sources: Sequence[Polled]) -> dict[str, Place]:
    """Where the feedback of each source belongs: as configured, else as its kind says."""
    own = {wanted.id: (wanted.stage, wanted.touchpoint) for wanted in settings.sources}
    usual = {polled.id: (polled.source.stage, polled.source.touchpoint) for polled in sources}
    return {
        name: Place(own[name][0] or stage, own[name][1] or point)
        for name, (stage, point) in usual.items()
    }


def _rules_file(settings: Settings) -> Path | None:
    return settings.folder / settings.rules.file if settings.rules.file else None


def rules_of(file: Path, config: Path, environ: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules of a file; ConfigError with every mistake, beside the signals of the configuration
    if there is one.
    """
    rules = load_file(file)
    settings = load(config, environ)[0] if config.exists() else Settings()
    own = settings.folder / settings.analysis.signals if settings.analysis.signals else None
    known = tuple(Signals.load(own).about) if settings.analysis.deep else ()
    if problems := _signal_problems(rules, known, f"{file.name}: "):
        raise ConfigError(problems)
    return rules


def _signal_problems(rules: Sequence[Rule], known: Sequence[str], file: str = "") -> list[Problem]:
    """The signals that live rules ask for and nobody looks for: such a rule would stay silent for
    ever.
    """
    problems = []
    for rule in rules:
        asked = [name for one in (*rule.all, *rule.any, *rule.none) for name in one.signals]
        for name in asked if rule.mode is not Mode.OFF else ():
            if name not in known:
                hint = near(name, known) if known else "[analysis] deep = false reads none"
                problems.append(
                    Problem(f'{file}rule "{rule.id}"', f"no signal is called {name!r}; {hint}")
                )
    return problems


def _hours_problems(rules: Sequence[Rule], settings: Settings) -> list[Problem]:
    """The rules whose times are to count only while the team works, where nobody says when that
    is.
    """
    if settings.hours.timezone:
        return []
    return [
        Problem(
            f'{Path(settings.rules.file).name}: rule "{rule.id}"',
            "working_hours needs to know when the team works; set timezone under [hours]",
        )
        for rule in rules
        if rule.working_hours and rule.mode is not Mode.OFF
    ]


def _slack_problems(settings: Settings, file: str) -> Sequence[Problem]:
    if settings.slack.default_channel and not settings.secrets.slack_bot_token.get_secret_value():
        message = (
            "Slack is to be used, but SLACK_BOT_TOKEN is neither in the environment nor in .env"
        )
        return [Problem(f"{file}: slack.default_channel", message)]
    return []


def _notifier(settings: Settings, console: Console) -> Notifier:
    if not settings.slack.default_channel:
        return ConsoleNotifier(console)
    from monitor.slack.notifier import SlackNotifier

    desk = mode.way_of(settings).mode is not mode.Mode.OFF
    return SlackNotifier(settings.secrets.slack_bot_token, settings.slack, desk=desk)


def _holder() -> str:
    """This process, told apart from every other and from an earlier one with the same number."""
    return f"{_machine()}/{os.getpid()}/{secrets.token_hex(4)}"


def _machine() -> str:
    """The host and, where there is such a thing, the space that process numbers are counted in."""
    with suppress(OSError):
        return f"{socket.gethostname()} {Path('/proc/self/ns/pid').readlink()}"
    return socket.gethostname()


def _gone(holder: str) -> bool:
    """Whether the process that a holder names has certainly ended: it ran here, and its number is
    free or ours.
    """
    machine, _, rest = holder.partition("/")
    number = rest.partition("/")[0]
    if machine != _machine() or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
