"""The commands: data on standard output, everything else on standard error."""

from __future__ import annotations

from monitor.cli import alerts, alerts_acting, data, model, operate, rules, setup, slack, sources
from monitor.cli.frame import app

app.add_typer(sources.sources_app, name="sources", help="See how the sources fare.")
app.add_typer(rules.app, name="rules", help="See and check the alert rules.")
app.add_typer(alerts.app, name="alerts", help="See alerts and deal with them, as in Slack.")
app.add_typer(
    model.app, name="model", help="See what the team's verdicts have taught, train, switch it off."
)
app.add_typer(data.export_app, name="export", help="Get data out as CSV or JSON lines.")
app.add_typer(slack.app, name="slack", help="Set up the app in Slack.")
app.add_typer(setup.db_app, name="db", help="Look after the database.")

#: As a newcomer meets them.
_ORDER = ("demo", "init", "check", "once", "run", "score", "import", "search", "collect", "forget")
app.registered_commands.sort(
    key=lambda command: _ORDER.index(command.name or getattr(command.callback, "__name__", ""))
)

__all__ = [
    "alerts",
    "alerts_acting",
    "app",
    "data",
    "model",
    "operate",
    "rules",
    "setup",
    "slack",
    "sources",
]
