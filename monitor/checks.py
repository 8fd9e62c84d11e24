"""Checks of every part of the program: nothing is stored and nothing is sent."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.bootstrap import (
    CheckedConfig,
    count_seconds,
    load_effective_rules,
    store_url,
    utc_now,
)
from monitor.errors import RepwatchError, StoreError, StoreUnavailable
from monitor.followup.brand_checks import find_overdue_goals
from monitor.followup.improvements import local_day
from monitor.notifiers.operator import OperatorAlarm
from monitor.notifiers.wording import format_plural
from monitor.pipeline.poller import MAX_PARALLEL_POLLS, ConfiguredSource
from monitor.settings import Settings
from monitor.store import schema_version
from monitor.tuning.rule_layers import EffectiveRules
from rules.rule import Rule
from sources.base import PushSource


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What the check of one part found."""

    part: str
    ok: bool
    says: str  #: one line for people


def run_checks(config: CheckedConfig) -> list[CheckFinding]:
    """Check whether every part would work; return the findings, with secrets redacted."""
    redact = config.settings.secrets.redact
    sources = f"{format_plural(len(config.sources), 'source')}, no mistakes"
    effective = _load_rules(config)
    findings = [
        CheckFinding("configuration", ok=True, says=sources),
        _check_rules(effective),
        _check_part("database", lambda: _check_database(config.settings)),
    ]
    with ThreadPoolExecutor(max_workers=MAX_PARALLEL_POLLS) as pool:
        findings += pool.map(
            lambda polled: _check_part(f"source {polled.id}", lambda: _check_source(polled)),
            config.sources,
        )
    if config.settings.slack.default_channel:
        findings += _check_slack(config, effective.rules)
    findings += _check_goals(config.settings)
    findings.append(CheckFinding("alarm", ok=True, says=_describe_alarm(config)))
    return [replace(finding, says=redact(finding.says)) for finding in findings]


def _load_rules(config: CheckedConfig) -> EffectiveRules:
    """Return the rules that hold; those of the configuration where no database can be read."""
    try:
        return load_effective_rules(config, migrate=False)
    except StoreError:
        return EffectiveRules(rules=config.rules)


def _check_rules(effective: EffectiveRules) -> CheckFinding:
    counted = format_plural(len(effective.rules), "rule")
    says = "; ".join((counted, *effective.notes)) if effective.notes else f"{counted}, no mistakes"
    return CheckFinding("rules", ok=not effective.fallbacks, says=says)


def _check_part(part: str, check: Callable[[], str]) -> CheckFinding:
    try:
        return CheckFinding(part, ok=True, says=check())
    except RepwatchError as error:
        return CheckFinding(part, ok=False, says=str(error))
    except Exception as error:  # noqa: BLE001 - a plug-in may raise anything; the rest is checked
        return CheckFinding(part, ok=False, says=f"is itself broken: {type(error).__name__}")


def _check_database(settings: Settings) -> str:
    url = store_url(settings)
    path = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not path.exists():
        if not os.access(path.parent, os.W_OK):
            raise StoreUnavailable(f"{path.parent} cannot be written to")
        return "will be made at the first start"
    version = schema_version(url)
    return f"answers, at version {version}" if version else "answers, empty"


def _check_source(polled: ConfiguredSource) -> str:
    """Read the first page of a source and say what it brought; the cursor is thrown away."""
    if isinstance(polled.source, PushSource):
        return f"waits for its service to call /hooks/{polled.id}"
    page = next(iter(polled.source.collect("", utc_now())), None)
    if page is None:
        return "answers with 0 feedback"
    return "; ".join([f"answers with {len(page.items)} feedback", *page.warnings])


def _list_channels(rules: Sequence[Rule], duty: str) -> tuple[str, ...]:
    """Return the channels of rules, of their escalations and of the `duty`, each once."""
    of_cards = {rule.channel for rule in rules} | {duty}
    of_calls = {step.channel for rule in rules for step in rule.escalate}
    return tuple(sorted((of_cards | of_calls) - {""}))


def _check_slack(config: CheckedConfig, rules: Sequence[Rule]) -> list[CheckFinding]:
    # Only where Slack is used: its client takes a while to load.
    from monitor.slack.checks import check_slack_app
    from monitor.slack.notifier import SlackNotifier

    settings = config.settings
    notifier = SlackNotifier(
        settings.secrets.slack_bot_token, settings.slack, monotonic=count_seconds
    )
    checks = (
        notifier.check_setup(_list_channels(rules, config.settings.duty.channel)),
        check_slack_app(settings, utc_now()),
    )
    lines = [line for check in checks for line in check.lines]
    problems = [str(problem) for check in checks for problem in check.problems]
    return [
        *(CheckFinding("Slack", ok=True, says=line) for line in lines),
        *(CheckFinding("Slack", ok=False, says=problem) for problem in problems),
    ]


def _check_goals(settings: Settings) -> list[CheckFinding]:
    """Say of the goals how many there are, and whose day is over: a warning, no mistake."""
    if not settings.goals:
        return []
    overdue = find_overdue_goals(settings, local_day(utc_now(), settings.hours.timezone))
    says = "; ".join([format_plural(len(settings.goals), "goal"), *overdue])
    return [CheckFinding("goals", ok=True, says=says)]


def _describe_alarm(config: CheckedConfig) -> str:
    alarm = OperatorAlarm(config.http, config.settings.alarm, config.settings.secrets)
    if not alarm.configured_routes:
        return "nobody is told should repwatch itself be in trouble; see [alarm]"
    return f"by {', '.join(alarm.configured_routes)}"
