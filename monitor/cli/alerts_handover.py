"""alerts handover, giveback: all alerts of one person at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.actors import ByOption, actor_from_name
from monitor.cli.alerts import alert_commands
from monitor.cli.options import CONFIG, ConfigOption, JsonOption

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from monitor.domain.action import Refusal
    from monitor.domain.handover import Handover
    from monitor.store import Transaction


@alert_commands.command("handover")
def hand_over_alerts(
    giver: Annotated[
        str, typer.Argument(help="Who has them: a name, or a Slack user's id.", metavar="FROM")
    ],
    receiver: Annotated[str, typer.Argument(help="Who is to have them: likewise.", metavar="TO")],
    config: ConfigOption = CONFIG,
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Give all open alerts of one person to another; their state stays as it is.

    A Slack user who gets them is told once, in private; the threads stay quiet.

    Example: [bold]repwatch alerts handover U0123ABC U0456DEF[/bold]
    """
    from uuid import uuid4

    from monitor.followup.handover import HandoverRequest, hand_over

    request = HandoverRequest(
        id=uuid4().hex,
        giver=actor_from_name(giver),
        receiver=actor_from_name(receiver),
        actor=actor_from_name(by),
        via="cli",
    )
    _run_handover(config, lambda tx, now: hand_over(tx, request, now), json=json)


@alert_commands.command("giveback")
def give_alerts_back(
    person: Annotated[
        str,
        typer.Argument(help="Who gave or got them: a name, or a Slack id.", metavar="PERSON"),
    ],
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Undo the last hand-over of a person, as far as its alerts are still open with who got them.

    Example: [bold]repwatch alerts giveback U0123ABC[/bold]
    """
    from uuid import uuid4

    from monitor.followup.handover import give_back

    actor = actor_from_name(person)
    _run_handover(
        config,
        lambda tx, now: give_back(tx, actor, now, request_id=uuid4().hex, via="cli"),
        json=json,
    )


def _run_handover(
    config: Path, apply: Callable[[Transaction, datetime], Handover | Refusal], *, json: bool
) -> None:
    """Do it in one transaction and print what was done; raises AlertError where it is refused."""
    from monitor import bootstrap
    from monitor.cli.output import print_json
    from monitor.cli.program import open_program
    from monitor.cli.terminal import print_text
    from monitor.domain.action import Refusal
    from monitor.errors import AlertError
    from monitor.followup.handover import describe_handover

    with open_program(config) as program, program.store.write() as tx:
        done = apply(tx, bootstrap.utc_now())
        if isinstance(done, Refusal):
            raise AlertError(done.message)
    if json:
        print_json(
            {
                "from": str(done.giver),
                "to": str(done.receiver),
                "moved": list(done.moved),
                "skipped": list(done.skipped),
            }
        )
    else:
        print_text(describe_handover(done))
