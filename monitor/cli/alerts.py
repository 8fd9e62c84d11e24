"""alerts list, show: what there is to do, and how one alert stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.actors import ByOption, actor_from_name
from monitor.cli.application import make_command_group
from monitor.cli.options import ALL_ROWS, CONFIG, ConfigOption, JsonOption, LimitOption
from monitor.cli.output import print_json
from monitor.domain.alert import AlertStatus
from monitor.errors import AlertError, ConfigError, ConfigProblem

if TYPE_CHECKING:
    from monitor.domain.alert import Alert
    from monitor.store import Transaction

alert_commands = make_command_group()

AlertArgument = Annotated[
    int, typer.Argument(help="The number of the alert.", metavar="ALERT", max=2**31 - 1)
]
_OPEN = tuple(status for status in AlertStatus if not status.is_closed)


@alert_commands.command("list")
def list_alerts(
    config: ConfigOption = CONFIG,
    status: Annotated[
        list[AlertStatus] | None, typer.Option("--status", help="Only these; may be repeated.")
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only open ones that you have.")] = False,
    unclaimed: Annotated[
        bool, typer.Option("--unclaimed", help="Only open ones that nobody has.")
    ] = False,
    late: Annotated[
        bool, typer.Option("--late", help="Only open ones that have missed a limit.")
    ] = False,
    rule: Annotated[str | None, typer.Option("--rule", help="Only of this rule (its id).")] = None,
    by: ByOption = "",
    limit: LimitOption = 50,
    json: JsonOption = False,
) -> None:
    """List alerts, newest first.

    Example: [bold]repwatch alerts list --unclaimed --late[/bold]
    """
    from monitor import bootstrap
    from monitor.cli.alert_views import alert_to_dict, build_alert_table, select_late
    from monitor.cli.program import open_program
    from monitor.cli.terminal import out

    if mine and unclaimed:
        message = "what you have is not unclaimed: leave out one of the two"
        raise ConfigError([ConfigProblem("--mine", message)])
    holder = actor_from_name(by) if mine else None
    only_open = mine or unclaimed or late
    states = status or (_OPEN if only_open else None)
    most = ALL_ROWS if late else limit
    now = bootstrap.utc_now()
    with open_program(config) as program, program.store.read() as tx:
        alerts = tx.alerts.find(
            status=states, rule_id=rule, assignee=holder, unassigned=unclaimed, limit=most
        )
        if late:
            alerts = select_late(tx, alerts, program.timers.calendar, now)[:limit]
        cards = {} if json else tx.alerts.cards([alert.id for alert in alerts])
    if json:
        print_json([alert_to_dict(alert) for alert in alerts])
        return
    if not alerts:
        out.print("no alerts")
        return
    hide = bootstrap.build_masker(program.config.settings)
    out.print(build_alert_table(list(cards.values()), hide, now))


@alert_commands.command("show")
def show_alert(
    alert: AlertArgument, config: ConfigOption = CONFIG, json: JsonOption = False
) -> None:
    """Show one alert: what was said, why it fired, how it stands against its limits, and all that
    happened since.

    Example: [bold]repwatch alerts show 41[/bold]
    """
    from monitor import bootstrap
    from monitor.cli.alert_views import AlertDetails, print_details
    from monitor.cli.program import open_program

    with open_program(config) as program, program.store.read() as tx:
        card = tx.alerts.card(alert)
        details = AlertDetails(
            alert=get_alert(tx, alert),
            history=card.history if card else None,
            members=[(feedback, analysis) for feedback, analysis, _, _ in tx.alerts.members(alert)],
            events=tx.alerts.events(alert),
            calendar=program.timers.calendar,
            hide=bootstrap.build_masker(program.config.settings),
            now=bootstrap.utc_now(),
        )
    if json:
        print_json(details.to_dict())
    else:
        print_details(details)


def get_alert(tx: Transaction, number: int) -> Alert:
    """Return the alert with this number; raises AlertError where there is none."""
    alert = tx.alerts.get(number)
    if alert is None:
        message = f"there is no alert {number}; `repwatch alerts list` shows which there are"
        raise AlertError(message)
    return alert
