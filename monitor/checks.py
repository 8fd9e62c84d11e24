"""Whether every part would work, asked one by one; nothing is stored and nothing is sent."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.bootstrap import CheckedConfig, store_url, utc_now
from monitor.errors import RepwatchError, StoreUnavailable
from monitor.notifiers.operator import OperatorAlarm
from monitor.notifiers.wording import format_plural
from monitor.pipeline.poller import MAX_PARALLEL_POLLS, ConfiguredSource
from monitor.settings import Settings
from monitor.store import schema_version
from sources.base import PushSource


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What a check of one part found."""

    part: str
    ok: bool
    says: str


def run_checks(config: CheckedConfig) -> list[CheckFinding]:
    """Ask every part whether it would work; nothing is stored and nothing is sent."""
    redact = config.settings.secrets.redact
    findings = [
        CheckFinding(
            "configuration",
            ok=True,
            says=f"{format_plural(len(config.sources), 'source')}, no mistakes",
        )
    ]
    findings.append(
        CheckFinding(
            "rules", ok=True, says=f"{format_plural(len(config.rules), 'rule')}, no mistakes"
        )
    )
    findings.append(_check_part("database", lambda: _check_database(config.settings)))
    with ThreadPoolExecutor(max_workers=MAX_PARALLEL_POLLS) as pool:
        findings += pool.map(
            lambda polled: _check_part(f"source {polled.id}", lambda: _check_source(polled)),
            config.sources,
        )
    if config.settings.slack.default_channel:
        findings += _check_slack(config)
    findings.append(CheckFinding("alarm", ok=True, says=_check_alarm(config)))
    return [replace(finding, says=redact(finding.says)) for finding in findings]


def _check_part(part: str, look: Callable[[], str]) -> CheckFinding:
    try:
        return CheckFinding(part, ok=True, says=look())
    except RepwatchError as error:
        return CheckFinding(part, ok=False, says=str(error))
    except Exception as error:  # noqa: BLE001 - a plug-in may be anybody's: its mistake must not hide the other findings
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
    """Ask for the first page only; the cursor is thrown away."""
    if isinstance(polled.source, PushSource):
        return f"waits for its service to call /hooks/{polled.id}"
    page = next(iter(polled.source.collect("", utc_now())), None)
    warnings = f"; {'; '.join(page.warnings)}" if page and page.warnings else ""
    return f"answers with {len(page.items) if page else 0} feedback{warnings}"


def _check_slack(checked: CheckedConfig) -> list[CheckFinding]:
    from monitor.slack.checks import check_slack_app
    from monitor.slack.notifier import SlackNotifier

    notifier = SlackNotifier(checked.settings.secrets.slack_bot_token, checked.settings.slack)
    channels = tuple(sorted({rule.channel for rule in checked.rules if rule.channel}))
    found = (notifier.check_setup(channels), check_slack_app(checked.settings, utc_now()))
    return [
        CheckFinding("Slack", ok=True, says=line) for check in found for line in check.lines
    ] + [
        CheckFinding("Slack", ok=False, says=str(problem))
        for check in found
        for problem in check.problems
    ]


def _check_alarm(checked: CheckedConfig) -> str:
    ways = OperatorAlarm(
        checked.http, checked.settings.alarm, checked.settings.secrets
    ).configured_routes
    return (
        f"by {', '.join(ways)}"
        if ways
        else "nobody is told should repwatch itself be in trouble; see [alarm]"
    )
