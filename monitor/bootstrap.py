"""The one place that names concrete classes, reads the clock and the machine, and joins
everything.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from monitor import registry
from monitor.analysis.analyzer import Analyzer
from monitor.analysis.journey import JourneyPlace
from monitor.analysis.privacy import mask_personal_data
from monitor.config import load_settings, validate_model
from monitor.errors import ConfigError, ConfigProblem, RepwatchError, StoreError, suggest_nearest
from monitor.followup.audit import TimerAuditor
from monitor.followup.brand_checks import check_brand_settings
from monitor.followup.duty import DutyRoster, check_duty_settings
from monitor.followup.timers import AlertTimers
from monitor.health.unread import UnreadReporter
from monitor.health.watchdog import HealthCheck, Watchdog, build_sender_check
from monitor.http import HttpClient
from monitor.leadership import is_holder_dead, make_holder_id
from monitor.learning.training import is_training_due, load_team_models
from monitor.notifiers.base import Notifier
from monitor.notifiers.console import ConsoleNotifier
from monitor.notifiers.digest_mail import build_mailer, check_digest_settings
from monitor.notifiers.operator import OperatorAlarm
from monitor.notifiers.operator import check_alarm_settings as alarm_problems
from monitor.pipeline.digest_desk import DigestDesk
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.poller import ConfiguredSource, Poller
from monitor.pipeline.sender import OutboxSender
from monitor.pipeline.webhooks import WebhookReceiver
from monitor.replies.publisher import ReplyPublisher
from monitor.replies.workflow import ReplyWorkflow, collect_official_accounts, configure_replies
from monitor.settings import Settings
from monitor.slack import mode
from monitor.store import Store, check_url, open_store
from monitor.store import upgrade_schema as upgrade_database
from monitor.tuning.rule_book import RuleBook
from monitor.tuning.rule_checks import find_missing_workspace
from monitor.tuning.rule_layers import (
    ConfiguredRules,
    EffectiveRules,
    lay_rules,
    record_configured,
)
from monitor.tuning.shadow_report import ShadowReporter
from rules.checks import find_unknown_signals, find_unknown_silencers
from rules.load import load_rules as load_rules
from rules.rule import Rule
from sources.base import PushSource, Source, SourceContext

#: Seconds that training on the team's verdicts may take.
_TRAINING_TIMEOUT = 600
#: The kind of source that `import` reads files with.
_FILE_KIND = "csv_file"


def utc_now() -> datetime:
    """The time, aware UTC."""
    return datetime.now(UTC)


def count_seconds() -> float:
    """Seconds that pass, by a clock that nobody can set: only their differences mean something."""
    return time.monotonic()


@dataclass(frozen=True, slots=True)
class CheckedConfig:
    """A configuration in which every part was found and checked; nothing is opened yet."""

    settings: Settings
    rules: tuple[Rule, ...]
    sources: tuple[ConfiguredSource, ...]
    http: HttpClient
    analyzer: Analyzer
    replies: ReplyWorkflow
    file: Path  #: the configuration, as an absolute path


@dataclass(frozen=True, slots=True)
class App:
    """Everything joined and open."""

    config: CheckedConfig
    store: Store
    ingest: Ingest
    poller: Poller
    webhooks: WebhookReceiver
    notifier: Notifier
    sender: OutboxSender
    timers: AlertTimers
    duty: DutyRoster
    auditor: TimerAuditor
    watchdog: Watchdog
    replies: ReplyWorkflow
    publisher: ReplyPublisher
    unread: UnreadReporter
    digests: DigestDesk
    rules: RuleBook
    shadows: ShadowReporter

    def pull_forward(self, now: datetime) -> None:
        """Make due what a clock that was set back while nothing ran has put off.

        Called before anything else is done. Raises StoreError.
        """
        with self.store.write() as tx:
            tx.clock_steps.pull_forward(now)
        self.sender.pull_forward(now)
        self.publisher.pull_forward(now)

    def close(self) -> None:
        """Let go of the lease, the connections and the database."""
        self.sender.release_lease()
        self.publisher.release_lease()
        self.config.http.close()
        self.store.close()


def load_checked_config(
    path: Path, environ: Mapping[str, str], stopping: Callable[[], bool] = lambda: False
) -> CheckedConfig:
    """Read and check the whole configuration; ConfigError names every mistake in it and in the
    rules.
    """
    settings, problems = load_settings(path, environ)
    broken = {
        problem.where.removeprefix(f"{path.name}: ").partition(".")[0] for problem in problems
    }
    http = HttpClient(settings.http)
    context = SourceContext(
        http=http, secrets=settings.secrets, folder=settings.folder, stopping=stopping
    )
    sources, found = _build_sources(settings, context, path.name)
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
        analyzer = _build_analyzer(settings, sources)
    except ConfigError as error:
        problems += error.problems
    if analyzer is not None:
        problems += find_unknown_signals(rules, analyzer.signal_names)
    answers = None
    try:
        answers = _configure_reply_workflow(settings, sources, rules, analyzer)
    except ConfigError as error:
        problems += error.problems
    problems += find_missing_workspace(rules, settings, broken)
    problems += find_unknown_silencers(rules)
    problems += _check_sections(settings, path.name)
    if not broken & {"slack", "web", "desk"}:
        problems += mode.check_mode_settings(settings, path.name)
    problems += alarm_problems(settings.alarm, settings.secrets, path.name)
    try:
        check_url(store_url(settings))
    except StoreError as error:
        problems.append(ConfigProblem(f"{path.name}: store.url", str(error)))
    if problems or analyzer is None or answers is None:
        raise ConfigError(problems)
    return CheckedConfig(settings, rules, sources, http, analyzer, answers, path.resolve())


def build_app(config: CheckedConfig, console: Console, *, notifier: Notifier | None = None) -> App:
    """Open the database and join all parts; StoreError when it cannot be opened."""
    settings = config.settings
    store = open_store(store_url(settings), migrate=settings.store.migrate)
    notifier = notifier or _build_notifier(settings, console)
    book = RuleBook(store, configure_rules(config), settings.brand.emergency_line)
    _record_versions(store, book.configured, settings, utc_now())
    config.analyzer.team = load_team_models(store)
    answers, holder = config.replies, make_holder_id()
    official = collect_official_accounts(settings, answers.reply_sources)
    duty = DutyRoster.from_settings(store, settings.duty, notifier.default_channel)
    ingest = Ingest(
        store,
        config.analyzer,
        book.load_engine(),
        notifier.default_channel,
        official,
        duty.assign_opened,
        settings.customers.link_by,
        settings.workspace,
        book.load_engine,
    )
    policy, redact = AlertPolicy.from_settings(settings), settings.secrets.redact
    told = {one.id: one.source for one in config.sources if isinstance(one.source, PushSource)}
    deliverer = _build_sender(settings, store, notifier, holder)
    find_channel_id = getattr(notifier, "find_channel_id", None)
    desk = DigestDesk.from_settings(settings, store, find_channel_id)
    clock = AlertTimers(store, settings.hours.business_calendar, settings.respond)
    auditor = TimerAuditor(store, clock)
    watchdog = _build_watchdog(config, store, deliverer, auditor.audit_timers, desk.find_problems)
    answerer = ReplyPublisher(store, answers.reply_sources, holder, is_holder_dead, redact)
    return App(
        config,
        store,
        ingest,
        Poller(config.sources, store, ingest, policy, redact),
        WebhookReceiver(told, store, ingest, policy, redact),
        notifier,
        deliverer,
        clock,
        duty,
        auditor,
        watchdog,
        answers,
        answerer,
        UnreadReporter.from_settings(settings, store, notifier.default_channel),
        desk,
        book,
        ShadowReporter.from_settings(settings, store, book, notifier.default_channel),
    )


def _build_sender(
    settings: Settings, store: Store, notifier: Notifier, holder: str
) -> OutboxSender:
    return OutboxSender(
        store,
        notifier,
        holder=holder,
        is_holder_dead=is_holder_dead,
        mask=build_masker(settings),
        calendar=settings.hours.business_calendar,
        digests=getattr(notifier, "digests", None),
        mailer=build_mailer(settings),
    )


def _record_versions(
    store: Store, configured: ConfiguredRules, settings: Settings, at: datetime
) -> None:
    """Keep what rules and goals say from now on."""
    with store.write() as tx:
        record_configured(tx, configured, at)
        tx.goals.record([table.goal for table in settings.goals], at)


def _build_watchdog(
    checked: CheckedConfig, store: Store, deliverer: OutboxSender, *others: HealthCheck
) -> Watchdog:
    settings = checked.settings
    alarm = OperatorAlarm(checked.http, settings.alarm, settings.secrets)
    checks = [
        build_sender_check(store, deliverer, settings.alarm.outbox_older_than),
        *others,
    ]
    return Watchdog(alarm, checks, settings.alarm.after)


def retrain_if_due(app: App) -> None:
    """Train on the team's verdicts where that is due, and use what came of it.

    Training is another process's work: what it needs stays out of this one's memory.
    """
    if is_training_due(app.store, utc_now()):
        asked = ("model", "train", "--if-due", "--config", str(app.config.file))
        command = [sys.executable, "-m", "monitor", *asked]
        try:
            subprocess.run(  # noqa: S603
                command,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
                timeout=_TRAINING_TIMEOUT,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise RepwatchError(
                "training on the team's verdicts failed; `repwatch model train` says why"
            ) from error
    app.config.analyzer.team = load_team_models(app.store)


def build_masker(settings: Settings) -> Callable[[str], str]:
    """What hides the customer's addresses and numbers where text is shown; nothing where that is
    switched off.
    """
    return mask_personal_data if settings.privacy.mask else str


def configure_rules(config: CheckedConfig) -> ConfiguredRules:
    """Return the rules of presets and file, with all that saved ones are checked against."""
    settings, known = config.settings, tuple(config.analyzer.signal_names)
    return ConfiguredRules.load(config.rules, _rules_file(settings), known, settings.workspace)


def load_effective_rules(config: CheckedConfig, *, migrate: bool = True) -> EffectiveRules:
    """Return the rules that hold, with what people saved where there is a database already.

    Without `migrate` its schema stays as it is, whatever is configured. Raises StoreError.
    """
    configured, url = configure_rules(config), store_url(config.settings)
    path = url.removeprefix("sqlite:///")
    if url == "sqlite://" or (path != url and not Path(path).exists()):
        return lay_rules(configured, {})
    store = open_store(url, migrate=migrate and config.settings.store.migrate)
    try:
        with store.read() as tx:
            return lay_rules(configured, tx.rule_changes.histories())
    finally:
        store.close()


def store_url(settings: Settings) -> str:
    """The address of the database; a relative SQLite file lies beside the configuration."""
    prefix = "sqlite:///"
    url = settings.store.url
    if not url.startswith(prefix) or url == prefix:
        return url
    return prefix + str(settings.folder / url.removeprefix(prefix))


def upgrade_store(settings: Settings) -> str:
    """Bring the database to this version, and say which that is."""
    return upgrade_database(store_url(settings))


def build_importer(config: CheckedConfig, source_id: str, file: Path) -> Source:
    """A reader of `file` with the options of the csv_file source that the configuration names
    `source_id`.
    """
    wanted = next((source for source in config.settings.sources if source.id == source_id), None)
    if wanted is None or wanted.kind != _FILE_KIND:
        ids = [source.id for source in config.settings.sources if source.kind == _FILE_KIND]
        message = (
            f"{source_id!r} is no {_FILE_KIND} source of the configuration; "
            f"{suggest_nearest(source_id, ids)}"
        )
        raise ConfigError([ConfigProblem("--source", message)])
    kind = registry.load_plugin("sources", _FILE_KIND, Source)
    options, problems = validate_model(
        kind.Options, {**wanted.options, "path": str(file.resolve())}, ""
    )
    if options is None:
        raise ConfigError(problems)
    context = SourceContext(
        http=config.http, secrets=config.settings.secrets, folder=config.settings.folder
    )
    return kind(source_id, options, context)


def _build_sources(
    settings: Settings, context: SourceContext, file: str
) -> tuple[tuple[ConfiguredSource, ...], list[ConfigProblem]]:
    polled: list[ConfiguredSource] = []
    problems: list[ConfigProblem] = []
    for index, wanted in enumerate(settings.sources):
        where = f"{file}: sources[{index}]."
        try:
            kind: type[Source] = registry.load_plugin("sources", wanted.kind, Source)
        except registry.UnknownKind as error:
            problems.append(ConfigProblem(f"{where}kind", str(error)))
            continue
        options, found = validate_model(kind.Options, wanted.options, where)
        problems += found
        if options is not None:
            every = wanted.every or settings.collect.every
            if issubclass(kind, PushSource) and not settings.web.listen:
                message = f"a {wanted.kind} source is called by its service; set listen under [web]"
                problems.append(ConfigProblem(f"{where}kind", message))
            polled.append(ConfiguredSource(wanted.id, kind(wanted.id, options, context), every))
    return tuple(polled), problems


def _build_analyzer(settings: Settings, sources: Sequence[ConfiguredSource]) -> Analyzer:
    own = settings.analysis
    lexicon, signals, journey = (
        settings.folder / name if name else None for name in (own.lexicon, own.signals, own.journey)
    )
    expected = _places_by_source(settings, sources)
    return Analyzer(
        deep=own.deep, lexicon=lexicon, signals=signals, journey=journey, expected=expected
    )


def _configure_reply_workflow(
    settings: Settings,
    sources: Sequence[ConfiguredSource],
    rules: Sequence[Rule],
    analyzer: Analyzer | None,
) -> ReplyWorkflow:
    places = {polled.id: polled.source for polled in sources}
    known = analyzer.signal_names if analyzer else ()
    named = [rule.id for rule in rules]
    return configure_replies(
        settings, places, build_masker(settings), rules=named or None, signals=known or None
    )


def _places_by_source(
    settings: Settings, sources: Sequence[ConfiguredSource]
) -> dict[str, JourneyPlace]:
    """Where the feedback of each source belongs: as configured, else as its kind says."""
    own = {wanted.id: (wanted.stage, wanted.touchpoint) for wanted in settings.sources}
    usual = {polled.id: (polled.source.stage, polled.source.touchpoint) for polled in sources}
    return {
        name: JourneyPlace(own[name][0] or stage, own[name][1] or point)
        for name, (stage, point) in usual.items()
    }


def _rules_file(settings: Settings) -> Path | None:
    return settings.folder / settings.rules.file if settings.rules.file else None


def _check_sections(settings: Settings, file: str) -> list[ConfigProblem]:
    """Find what is missing or doubled between two sections."""
    return [
        *_find_missing_slack_token(settings, file),
        *check_duty_settings(settings, file),
        *check_digest_settings(settings, file),
        *check_brand_settings(settings, file),
    ]


def _find_missing_slack_token(settings: Settings, file: str) -> Sequence[ConfigProblem]:
    if settings.slack.default_channel and not settings.secrets.slack_bot_token.get_secret_value():
        message = (
            "Slack is to be used, but SLACK_BOT_TOKEN is neither in the environment nor in .env"
        )
        return [ConfigProblem(f"{file}: slack.default_channel", message)]
    return []


def _build_notifier(settings: Settings, console: Console) -> Notifier:
    if not settings.slack.default_channel:
        return ConsoleNotifier(console)
    from monitor.slack.notifier import SlackNotifier

    desk = mode.choose_mode(settings).mode is not mode.InboundMode.OFF
    return SlackNotifier(
        settings.secrets.slack_bot_token,
        settings.slack,
        monotonic=count_seconds,
        interactive=desk,
    )
