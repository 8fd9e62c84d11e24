"""The demo: four recorded weeks pass in seconds, alerts appear as cards, and a summary closes."""

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
from monitor.domain.feedback import Label
from monitor.logs import configure_logging
from monitor.pipeline.ingest import NOTHING_INGESTED
from monitor.pipeline.poller import PollReport
from monitor.store import Store

START = datetime(2026, 10, 26, tzinfo=UTC)
END = datetime(2026, 11, 23, tzinfo=UTC)
_STEP = timedelta(hours=12)
_WEEK = timedelta(days=7)
#: The recorded Reddit asks for credentials as the real one does; any will do.
_ENVIRON = {"REDDIT_CLIENT_ID": "demo", "REDDIT_CLIENT_SECRET": "demo"}
_BAR = 24
_ALL = 10_000


def replay_demo(out: Console, err: Console) -> None:
    """Collect the recorded weeks through the real sources, show every alert and a summary on
    `out`.
    """
    recorded = RecordedFeedback.from_package()
    with (
        TemporaryDirectory(prefix="repwatch-demo-") as name,
        serve_recorded(RecordedServices(recorded, START)) as world,
    ):
        folder = Path(name)
        packaged = resources.files("monitor.demo")
        template = packaged.joinpath("config.toml").read_text("utf-8")
        (folder / "config.toml").write_text(template.replace("WORLD", world.url), "utf-8")
        (folder / "rules.toml").write_text(
            packaged.joinpath("rules.toml").read_text("utf-8"), "utf-8"
        )
        (folder / "survey.csv").write_text(recorded.survey_until(START), "utf-8")
        checked = bootstrap.load_checked_config(folder / "config.toml", _ENVIRON)
        configure_logging(checked.settings.log, checked.settings.secrets.redact)
        program = bootstrap.build_app(checked, out)
        try:
            reports = _replay_weeks(program, world, folder, err)
            _print_summary(program.store, reports, out)
        finally:
            program.close()


def _replay_weeks(
    program: bootstrap.App, world: RecordedServices, folder: Path, err: Console
) -> list[PollReport]:
    """Let the time pass, half a day at a step."""
    reports: list[PollReport] = []
    columns = (TextColumn("{task.description}"), BarColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("26 October", total=(END - START) // _STEP)
        for now in _step_times():
            world.now = now
            (folder / "survey.csv").write_text(world.recorded.survey_until(now), "utf-8")
            bar.update(task, advance=1, description=f"{now:%-d %B}")
            reports += program.poller.poll_all(now)
            while program.sender.send_next(now):
                pass
    return reports


def _step_times() -> Iterator[datetime]:
    now = START + _STEP
    while now <= END:
        yield now
        now += _STEP


def _print_summary(store: Store, reports: list[PollReport], out: Console) -> None:
    with store.read() as tx:
        alerts = tx.alerts.find(limit=_ALL)
        weeks = [
            (feedback.seen_or_created, analysis.sentiment)
            for feedback, analysis in tx.feedback.iterate_stored()
        ]
    total = sum((report.ingested for report in reports), NOTHING_INGESTED)
    out.rule("Four weeks in one screen")
    _print_weeks([(at, tone.label if tone else None) for at, tone in weeks], alerts, out)
    _print_rules(alerts, out)
    out.print(
        f"{total.new} feedback read from {len({report.id for report in reports})} sources, "
        f"{total.updated} edited "
        f"later, {len(total.opened)} alerts opened; {total.grouped} more reports joined them, "
        f"{total.suppressed} matches stayed silent for a stated reason."
    )
    failed = {report.id: report.error for report in reports if report.error}
    for source, error in failed.items():
        out.print(f"{source}: {error}", markup=False, style="red")
    out.print("\nYour turn: [bold]repwatch init[/bold] writes a config.toml to start from.")


def _print_weeks(
    feedback: list[tuple[datetime, Label | None]], alerts: list[Alert], out: Console
) -> None:
    table = Table(
        "week from",
        "feedback",
        "negative or mixed",
        Column(no_wrap=True, width=_BAR),
        "alerts",
        box=None,
    )
    weeks = [START + _WEEK * number for number in range((END - START) // _WEEK)]
    counted = [[label for at, label in feedback if week <= at < week + _WEEK] for week in weeks]
    bad = [sum(label in (Label.NEGATIVE, Label.MIXED) for label in labels) for labels in counted]
    for week, labels, negative in zip(weeks, counted, bad, strict=True):
        opened = sum(week <= alert.opened_at < week + _WEEK for alert in alerts)
        bar = "█" * round(_BAR * negative / max(1, *bad))
        table.add_row(
            f"{week:%-d %b}", str(len(labels)), str(negative), f"[red]{bar}[/red]", str(opened)
        )
    out.print(table)
    out.print()


def _print_rules(alerts: list[Alert], out: Console) -> None:
    table = Table("alerts", "severity", "rule", box=None, pad_edge=False)
    counted = Counter((alert.severity, alert.rule_name) for alert in alerts)
    for (severity, name), count in sorted(
        counted.items(), key=lambda item: (item[0][0].rank, -item[1])
    ):
        table.add_row(str(count), severity, name)
    out.print(table)
    out.print()
