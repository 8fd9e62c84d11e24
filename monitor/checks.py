"""Whether every part would work, asked one by one; nothing is stored and nothing is sent."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.bootstrap import Plan, now, store_url
from monitor.errors import RepwatchError, StoreUnavailable
from monitor.notifiers.operator import Alarm
from monitor.notifiers.wording import plural
from monitor.pipeline.poller import WORKERS, Polled
from monitor.settings import Settings
from monitor.store import schema_version
from sources.base import Receiving


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of one part found."""

    part: str
    ok: bool
    says: str


def examine(checked: Plan) -> list[Finding]:
    """Ask every part whether it would work; nothing is stored and nothing is sent."""
    redact = checked.settings.secrets.redact
    findings = [
        Finding(
            "configuration", ok=True, says=f"{plural(len(checked.sources), 'source')}, no mistakes"
        )
    ]
    findings.append(
        Finding("rules", ok=True, says=f"{plural(len(checked.rules), 'rule')}, no mistakes")
    )
    findings.append(_examined("database", lambda: _database_says(checked.settings)))
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        findings += pool.map(
            lambda polled: _examined(f"source {polled.id}", lambda: _source_says(polled)),
            checked.sources,
        )
    if checked.settings.slack.default_channel:
        findings += _slack_says(checked)
    findings.append(Finding("alarm", ok=True, says=_alarm_says(checked)))
    return [replace(finding, says=redact(finding.says)) for finding in findings]


def _examined(part: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(part, ok=True, says=look())
    except RepwatchError as error:
        return Finding(part, ok=False, says=str(error))
    except Exception as error:  # noqa: BLE001 - a plug-in may be anybody's: its mistake must not hide the other findings
        return Finding(part, ok=False, says=f"is itself broken: {type(error).__name__}")


def _database_says(settings: Settings) -> str:
    url = store_url(settings)
    path = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not path.exists():
        if not os.access(path.parent, os.W_OK):
            raise StoreUnavailable(f"{path.parent} cannot be written to")
        return "will be made at the first start"
    version = schema_version(url)
    return f"answers, at version {version}" if version else "answers, empty"


def _source_says(polled: Polled) -> str:
    """Ask for the first page only; the cursor is thrown away."""
    if isinstance(polled.source, Receiving):
        return f"waits for its service to call /hooks/{polled.id}"
    page = next(iter(polled.source.collect("", now())), None)
    warnings = f"; {'; '.join(page.warnings)}" if page and page.warnings else ""
    return f"answers with {len(page.items) if page else 0} feedback{warnings}"


def _slack_says(checked: Plan) -> list[Finding]:
    from monitor.slack.checks import check_desk
    from monitor.slack.notifier import SlackNotifier

    notifier = SlackNotifier(checked.settings.secrets.slack_bot_token, checked.settings.slack)
    channels = tuple(sorted({rule.channel for rule in checked.rules if rule.channel}))
    found = (notifier.check(channels), check_desk(checked.settings, now()))
    return [Finding("Slack", ok=True, says=line) for check in found for line in check.lines] + [
        Finding("Slack", ok=False, says=str(problem))
        for check in found
        for problem in check.problems
    ]


def _alarm_says(checked: Plan) -> str:
    ways = Alarm(checked.http, checked.settings.alarm, checked.settings.secrets).ways
    return (
        f"by {', '.join(ways)}"
        if ways
        else "nobody is told should repwatch itself be in trouble; see [alarm]"
    )
