"""rules health: what each rule brought, how much of it was useful, and which need a look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.options import CONFIG, ConfigOption, JsonOption
from monitor.cli.output import print_json
from monitor.cli.rules import rule_commands

if TYPE_CHECKING:
    from monitor.domain.rule_record import RuleRecord, RuleRecords

_LONGEST_DAYS = 366


@rule_commands.command("health")
def show_rule_health(
    days: Annotated[
        int, typer.Option("--days", min=1, max=_LONGEST_DAYS, help="How many days, with today.")
    ] = 28,
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Show how the rules fare: cards, how many were useful, how many nobody took; noisy ones first.

    Example: [bold]repwatch rules health --days 28[/bold]
    """
    from monitor import bootstrap
    from monitor.cli.program import open_program
    from monitor.tuning.backtest import find_first_day
    from monitor.tuning.health import load_rule_records

    with open_program(config) as program:
        settings, now = program.config.settings, bootstrap.utc_now()
        since = find_first_day(now, days, settings.digest.timezone or "UTC")
        rules = program.rules.load_rules().rules
        with program.store.read() as tx:
            calendar = settings.hours.business_calendar
            found = load_rule_records(tx, rules, since, now, calendar)
    if json:
        print_json(_to_records_json(found))
    else:
        _print_records(found, days)


def _print_records(found: RuleRecords, days: int) -> None:
    from monitor.cli.terminal import print_text
    from monitor.notifiers.wording import format_plural

    print_text(f"{format_plural(len(found.records), 'rule')}, {format_plural(days, 'day')}")
    for record in found.records:
        print_text(describe_record(record))
    if found.promised:
        print_text(
            f"All rules together promise about {found.promised:g} false alarms in 28 days; "
            f"{found.false_alarms} of their alerts were judged not useful."
        )


def describe_record(record: RuleRecord) -> str:
    """Return how a rule fared, in one line."""
    from monitor.notifiers.wording import format_plural

    held = f"held for {record.matches:,} feedback"
    parts = [f"{format_plural(record.cards, 'card')}, {held}", _describe_useful(record)]
    if record.decided:
        parts.append(f"nobody took {record.unclaimed} of {record.decided} in time")
    if record.held_back:
        parts.append(f"{record.held_back} over the budget")
    if record.promised:
        promise = f"promises about {record.promised:g} false alarms in 28 days"
        parts.append(f"{promise}, {record.false_alarms} were judged not useful")
    parts.append(
        f"last {record.last_fired:%Y-%m-%d}" if record.last_fired else "never led an alert"
    )
    marks = f" [{', '.join(record.marks)}]" if record.marks else ""
    mode = "" if record.mode == "live" else f" ({record.mode})"
    return f"{record.rule_id}{mode}{marks}: {'; '.join(parts)}"


def _describe_useful(record: RuleRecord) -> str:
    useful = record.useful
    if not useful.n or useful.value is None:
        return "none judged"
    said = f"{round(useful.value * useful.n / 100)} of {useful.n} judged useful"
    if not record.has_enough:
        return f"{said}, too few to call"
    return f"{said} ({useful.value:.0f} %, {useful.low:.0f}-{useful.high:.0f})"


def _to_records_json(found: RuleRecords) -> dict[str, Any]:
    return {
        "from": found.since.isoformat(),
        "to": found.until.isoformat(),
        "promised": found.promised,
        "false_alarms": found.false_alarms,
        "rules": [_to_record_json(one) for one in found.records],
    }


def _to_record_json(record: RuleRecord) -> dict[str, Any]:
    useful = record.useful
    return {
        "rule": record.rule_id,
        "name": record.name,
        "mode": record.mode,
        "cards": record.cards,
        "matches": record.matches,
        "useful": {
            "value": useful.value,
            "n": useful.n,
            "low": useful.low,
            "high": useful.high,
            "too_few": not record.has_enough,
        },
        "unclaimed": record.unclaimed,
        "decided": record.decided,
        "held_back": record.held_back,
        "last_fired": record.last_fired.isoformat() if record.last_fired else None,
        "promised": record.promised,
        "false_alarms": record.false_alarms,
        "marks": list(record.marks),
    }
