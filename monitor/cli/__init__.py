"""The commands: data on standard output, everything else on standard error.

Every start imports the modules of commands: `setup`, `operate`, `score`, `data`, `sources`,
`rules`, `backtest`, `rules_audit`, `rules_explain`, `rules_health`, `rules_history`,
`rules_saving`, `rules_suggest`, `rules_test`, `alerts`, `alerts_acting`, `alerts_handover`,
`customers`, `duty`, `digest`, `improvements`, `marked_events`, `goals`, `model`, `slack`. At their
top they import typer, the values of `monitor.domain` and what is as light; a command imports the
rest when it runs.
"""

from __future__ import annotations

from monitor.cli import alerts_acting as alerts_acting
from monitor.cli import alerts_handover as alerts_handover
from monitor.cli import backtest as backtest
from monitor.cli import digest as digest
from monitor.cli import duty as duty
from monitor.cli import operate as operate
from monitor.cli import rules_audit as rules_audit
from monitor.cli import rules_explain as rules_explain
from monitor.cli import rules_health as rules_health
from monitor.cli import rules_history as rules_history
from monitor.cli import rules_saving as rules_saving
from monitor.cli import rules_suggest as rules_suggest
from monitor.cli import rules_test as rules_test
from monitor.cli import score as score
from monitor.cli.alerts import alert_commands
from monitor.cli.application import app
from monitor.cli.customers import customer_commands
from monitor.cli.data import export_commands
from monitor.cli.goals import goal_commands
from monitor.cli.improvements import improvement_commands
from monitor.cli.marked_events import event_commands
from monitor.cli.model import model_commands
from monitor.cli.rules import rule_commands
from monitor.cli.setup import database_commands
from monitor.cli.slack import slack_commands
from monitor.cli.sources import source_commands

__all__ = ["app"]

app.add_typer(source_commands, name="sources", help="See how the sources fare.")
app.add_typer(rule_commands, name="rules", help="See and check the alert rules.")
app.add_typer(alert_commands, name="alerts", help="See alerts and deal with them, as in Slack.")
app.add_typer(
    improvement_commands,
    name="improvements",
    help="Write down what is done about pain points, by whom and by when.",
)
app.add_typer(
    event_commands, name="events", help="Mark releases, outages, campaigns for the digest."
)
app.add_typer(goal_commands, name="goals", help="See the goals, and how they have changed.")
app.add_typer(
    model_commands,
    name="model",
    help="See what the team's verdicts have taught, train, switch it off.",
)
app.add_typer(
    customer_commands,
    name="customers",
    help="See who is one person over all channels, link and unlink.",
)
app.add_typer(export_commands, name="export", help="Get data out as CSV or JSON lines.")
app.add_typer(slack_commands, name="slack", help="Set up the app in Slack.")
app.add_typer(database_commands, name="db", help="Look after the database.")

#: In the order in which a newcomer meets them.
_ORDER = (
    "demo",
    "init",
    "check",
    "once",
    "run",
    "duty",
    "digest",
    "score",
    "import",
    "search",
    "collect",
    "forget",
    "digest-due",
)
app.registered_commands.sort(key=lambda command: _ORDER.index(str(command.name)))
