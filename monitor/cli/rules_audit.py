"""rules audit: a few negatives that no rule alerted of, and what people raised by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.actors import ByOption, actor_from_name
from monitor.cli.options import CONFIG, ConfigOption, JsonOption
from monitor.cli.output import print_json
from monitor.cli.rules import rule_commands
from monitor.errors import RepwatchError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.bootstrap import App
    from monitor.domain.missed import AuditItem, MissedAudit

_LONGEST_TEXT = 200
_JudgedOption = list[int] | None


@rule_commands.command("audit")
def audit_rules(
    days: Annotated[
        int, typer.Option("--days", min=1, max=28, help="So many whole days before today.")
    ] = 1,
    missed: Annotated[
        _JudgedOption, typer.Option("--missed", help="A feedback that should have alerted.")
    ] = None,
    fine: Annotated[
        _JudgedOption, typer.Option("--fine", help="A feedback that rightly alerted nobody.")
    ] = None,
    by: ByOption = "",
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Look at what may have been missed: five negatives that alerted nobody, drawn by the day.

    And what people escalated or opened by hand. Say of each whether it should have alerted.

    Example: [bold]repwatch rules audit --days 7[/bold]
    Example: [bold]repwatch rules audit --missed 412 --fine 415[/bold]
    """
    from monitor import bootstrap
    from monitor.cli.program import open_program
    from monitor.tuning.missed_audit import list_audit_items

    with open_program(config) as program:
        zone = program.config.settings.digest.timezone or "UTC"
        for is_missed, ids in ((True, missed or ()), (False, fine or ())):
            _judge(program, ids, by, missed=is_missed)
        with program.store.read() as tx:
            found = list_audit_items(tx, bootstrap.utc_now(), days=days, zone=zone)
    if json:
        print_json(_to_audit_json(found))
    else:
        _print_audit(found)


def _judge(program: App, feedback_ids: Sequence[int], by: str, *, missed: bool) -> None:
    """Keep what somebody says of these; raises RepwatchError for one that is not stored."""
    from monitor import bootstrap
    from monitor.tuning.missed_audit import judge

    actor, now = actor_from_name(by), bootstrap.utc_now()
    for which in feedback_ids:
        with program.store.write() as tx:
            kept = judge(tx, which, missed=missed, actor=actor, at=now)
        if not kept:
            raise RepwatchError(
                f"there is no feedback {which}; `repwatch search` shows the ids of what is stored"
            )


def _print_audit(found: MissedAudit) -> None:
    from monitor.cli.terminal import print_text

    span = f"{found.since:%Y-%m-%d %H:%M} to {found.until:%Y-%m-%d %H:%M} UTC"
    print_text(f"{span}: {found.unalerted:,} negative feedback alerted nobody")
    for item in found.items:
        print_text(_describe(item))
    if not found.items:
        print_text("Nothing to look at.")
    elif any(item.missed is None for item in found.items):
        print_text("Say of each: `repwatch rules audit --missed ID` or `--fine ID`.")


def _describe(item: AuditItem) -> str:
    said = {None: "", True: ", missed", False: ", fine"}[item.missed]
    alert = f", alert {item.alert_id}" if item.alert_id else ""
    text = " ".join(item.text.split())
    shown = text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
    return f"#{item.feedback_id} ({item.reason}{alert}{said}) {item.source_id}: {shown}"


def _to_audit_json(found: MissedAudit) -> dict[str, Any]:
    return {
        "from": found.since.isoformat(),
        "to": found.until.isoformat(),
        "unalerted": found.unalerted,
        "items": [
            {
                "reason": item.reason,
                "feedback": item.feedback_id,
                "at": item.at.isoformat(),
                "source": item.source_id,
                "text": item.text,
                "url": item.url,
                "alert": item.alert_id or None,
                "missed": item.missed,
            }
            for item in found.items
        ],
    }
