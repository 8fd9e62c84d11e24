"""Replays four recorded weeks in seconds: alerts appear as cards, and a summary ends it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Column, Table

from monitor import bootstrap
from monitor.demo.server import RecordedFeedback, RecordedServices, serve_recorded
from monitor.domain.alert import Alert
from monitor.domain.digest import Audience
from monitor.domain.feedback import Label
from monitor.domain.period import Period, PeriodKind
from monitor.logs import configure_logging
from monitor.pipeline.ingest import NOTHING_INGESTED
from monitor.pipeline.poller import PollReport
from monitor.store import Store

START = datetime(2026, 10, 26, tzinfo=UTC)
END = datetime(2026, 11, 23, tzinfo=UTC)
_STEP = timedelta(hours=12)
_WEEK = timedelta(days=7)
_BAD_LABELS = (Label.NEGATIVE, Label.MIXED)
#: The recorded Reddit asks for credentials as the real one does; any will do.
_ENVIRON = {"REDDIT_CLIENT_ID": "demo", "REDDIT_CLIENT_SECRET": "demo"}
_BAR_WIDTH = 24
#: More than the recorded weeks can open.
_MAX_ALERTS = 10_000


def replay_demo(out: Console, err: Console) -> None:
    """Poll the recorded weeks with the real sources; print alerts and a summary on `out`.

    The progress bar goes to `err`, where that is a terminal.
    """
    recorded = RecordedFeedback.from_package()
    with (
        TemporaryDirectory(prefix="repwatch-demo-") as folder_name,
        serve_recorded(RecordedServices(recorded, START)) as services,
    ):
        folder = Path(folder_name)
        _write_config(folder, services)
        checked = bootstrap.load_checked_config(folder / "config.toml", _ENVIRON)
        configure_logging(checked.settings.log, checked.settings.secrets.redact)
        app = bootstrap.build_app(checked, out)
        try:
            reports = _replay_weeks(app, services, folder, err)
            _print_summary(app.store, reports, out)
            _print_digest(app, out)
        finally:
            app.close()


def _write_config(folder: Path, services: RecordedServices) -> None:
    """Write the demo's configuration, rules and survey file, with the address of the services."""
    packaged = resources.files("monitor.demo")
    config = packaged.joinpath("config.toml").read_text("utf-8")
    rules = packaged.joinpath("rules.toml").read_text("utf-8")
    (folder / "config.toml").write_text(config.replace("WORLD", services.url), "utf-8")
    (folder / "rules.toml").write_text(rules, "utf-8")
    _write_survey(folder, services.recorded, START)


def _write_survey(folder: Path, recorded: RecordedFeedback, now: datetime) -> None:
    (folder / "survey.csv").write_text(recorded.survey_until(now), "utf-8")


def _replay_weeks(
    app: bootstrap.App, services: RecordedServices, folder: Path, err: Console
) -> list[PollReport]:
    """Poll every source at each step of the recorded time, and return the reports of all polls."""
    reports: list[PollReport] = []
    columns = (TextColumn("{task.description}"), BarColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("26 October", total=(END - START) // _STEP)
        for now in _step_times():
            services.now = now
            _write_survey(folder, services.recorded, now)
            bar.update(task, advance=1, description=f"{now:%-d %B}")
            reports += app.poller.poll_all(now)
            while app.sender.send_next(now):
                pass
    return reports


def _step_times() -> Iterator[datetime]:
    now = START + _STEP
    while now <= END:
        yield now
        now += _STEP


def _print_summary(store: Store, reports: list[PollReport], out: Console) -> None:
    with store.read() as tx:
        alerts = tx.alerts.find(limit=_MAX_ALERTS)
        sentiments = [
            (feedback.seen_or_created, analysis.sentiment)
            for feedback, analysis in tx.feedback.iterate_stored()
        ]
    out.rule("Four weeks in one screen")
    labels = [(at, sentiment.label if sentiment else None) for at, sentiment in sentiments]
    _print_weeks(labels, alerts, out)
    _print_rules(alerts, out)
    total = sum((report.ingested for report in reports), NOTHING_INGESTED)
    source_ids = {report.id for report in reports}
    out.print(
        f"{total.new} feedback read from {len(source_ids)} sources, {total.updated} edited "
        f"later, {len(total.opened)} alerts opened; {total.grouped} more reports joined them, "
        f"{total.suppressed} matches stayed silent for a stated reason."
    )
    failed = {report.id: report.error for report in reports if report.error}
    for source, error in failed.items():
        out.print(f"{source}: {error}", markup=False, style="red")


def _print_digest(app: bootstrap.App, out: Console) -> None:
    """Print the first screen of the last week's digest, as leadership gets it."""
    from monitor.digest.build import DigestRequest
    from monitor.digest.make import DigestWorkshop

    workshop = DigestWorkshop(
        app.store, app.config.settings, bootstrap.build_masker(app.config.settings)
    )
    digest = workshop.build(DigestRequest(Period.last_complete(PeriodKind.WEEK, END)), END)
    out.rule("What leadership reads on Monday")
    worded = workshop.word(digest, Audience.LEADERSHIP)
    out.print(worded.first_screen, markup=False, highlight=False)
    count = len(worded.document.sections)
    out.print(
        f"{count} sections follow in the thread: `repwatch digest` shows them all.", markup=False
    )
    out.print("\nYour turn: [bold]repwatch init[/bold] writes a config.toml to start from.")


def _print_weeks(
    labels: list[tuple[datetime, Label | None]], alerts: list[Alert], out: Console
) -> None:
    """Print for each week how much feedback came, how much of it was bad, and the alerts opened."""
    table = Table(
        "week from",
        "feedback",
        "negative or mixed",
        Column(no_wrap=True, width=_BAR_WIDTH),
        "alerts",
        box=None,
    )
    weeks = [START + _WEEK * number for number in range((END - START) // _WEEK)]
    by_week = [[label for at, label in labels if week <= at < week + _WEEK] for week in weeks]
    bad_counts = [sum(label in _BAD_LABELS for label in in_week) for in_week in by_week]
    most = max(1, *bad_counts)
    for week, in_week, bad in zip(weeks, by_week, bad_counts, strict=True):
        opened = sum(week <= alert.opened_at < week + _WEEK for alert in alerts)
        bar = "█" * round(_BAR_WIDTH * bad / most)
        table.add_row(
            f"{week:%-d %b}", str(len(in_week)), str(bad), f"[red]{bar}[/red]", str(opened)
        )
    out.print(table)
    out.print()


def _print_rules(alerts: list[Alert], out: Console) -> None:
    """Print how many alerts each rule opened, the most severe first, then the most frequent."""
    table = Table("alerts", "severity", "rule", box=None, pad_edge=False)
    counts = Counter((alert.severity, alert.rule_name) for alert in alerts)
    rows = [(severity, name, count) for (severity, name), count in counts.items()]
    for severity, name, count in sorted(rows, key=lambda row: (row[0].rank, -row[2])):
        table.add_row(str(count), severity, name)
    out.print(table)
    out.print()
