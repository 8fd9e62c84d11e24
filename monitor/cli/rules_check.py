"""What `rules check` finds: mistakes and warnings with their places, shown like a compiler's."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.text import Text

from monitor import bootstrap
from monitor.cli.terminal import out
from monitor.config import load_settings, read_toml
from monitor.errors import ConfigError, RepwatchError
from monitor.notifiers.plain_text import one_line, sanitize_drawing
from monitor.notifiers.wording import format_plural
from monitor.settings import Settings
from monitor.store import open_store
from monitor.tuning.overlap import find_shadowed_rules, measure_overlaps
from monitor.tuning.rule_checks import load_checked_rules
from rules import warnings
from rules.findings import FindingKind, RuleFile, RuleFinding, RuleWarning
from rules.load import load_preset
from rules.rule import Rule, RuleMode

#: How far back stored feedback is looked at.
_MEASURED = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class RuleCheckReport:
    """What a check of rules found."""

    rules: int
    findings: tuple[RuleFinding, ...]
    channels: int = 0  #: to which live rules post
    cards_per_hour: int = 0  #: that may be posted in all of them together; 0 is no limit

    @property
    def mistakes(self) -> tuple[RuleFinding, ...]:
        """The findings because of which the rules cannot be used."""
        return tuple(one for one in self.findings if one.kind is FindingKind.MISTAKE)

    @property
    def warnings(self) -> tuple[RuleFinding, ...]:
        """The others."""
        return tuple(one for one in self.findings if one.kind is FindingKind.WARNING)


def check_rules(file: Path | None, config: Path) -> RuleCheckReport:
    """Return what is wrong or odd with the rules of a file, or with those that are configured.

    Without a file the mistakes of the whole configuration are among them.
    """
    settings = load_settings(config, os.environ)[0] if config.exists() else None
    path = file or _find_rules_file(settings)
    written = _read_rules_file(path)
    try:
        if file:
            rules = load_checked_rules(file, config, os.environ)
        else:
            checked = bootstrap.load_checked_config(config, os.environ)
            checked.http.close()
            rules = checked.rules
    except ConfigError as error:
        return RuleCheckReport(
            0, tuple(written.place_problem(problem) for problem in error.problems)
        )
    found = list(dict.fromkeys(_find_warnings(rules, path, settings)))
    if settings:
        found += _measure_shadowed(rules, settings)
    channels = {rule.channel for rule in rules if rule.mode is RuleMode.LIVE}
    budget = settings.slack.cards_per_hour if settings else 0
    return RuleCheckReport(
        len(rules),
        tuple(written.place_warning(warning) for warning in found),
        len(channels),
        len(channels) * budget,
    )


def print_check_report(report: RuleCheckReport) -> None:
    """Print mistakes on standard error as every command does, the rest on standard output."""
    for finding in report.mistakes:
        said = sanitize_drawing(f"{finding.where}: {finding.message}")
        sys.stderr.write(f"repwatch: {said}\n")
        for line in finding.marked_excerpt:
            sys.stderr.write(f"  {sanitize_drawing(line)}\n")
    if report.mistakes:
        return
    for finding in report.warnings:
        said = one_line(f"{finding.where}: {finding.message}")
        out.print(Text.assemble(("warning: ", "yellow"), said), soft_wrap=True)
        for line in finding.marked_excerpt:
            out.print(Text(f"  {sanitize_drawing(line)}"), soft_wrap=True)
    counted = f"{format_plural(report.rules, 'rule')}, no mistakes"
    if report.warnings:
        counted += f", {format_plural(len(report.warnings), 'warning')}"
    out.print(counted)
    if report.channels > 1 and report.cards_per_hour:
        out.print(
            f"{report.channels} channels, at most {report.cards_per_hour} cards an hour in all"
        )


def to_check_json(report: RuleCheckReport) -> dict[str, Any]:
    """Return the report for machines."""
    keys = ("kind", "file", "line", "column", "where", "message")
    return {
        "rules": report.rules,
        "problems": [
            {key: value for key, value in asdict(finding).items() if key in keys}
            for finding in report.findings
        ],
        "channels": report.channels,
        "cards_per_hour": report.cards_per_hour,
    }


def _find_rules_file(settings: Settings | None) -> Path | None:
    if settings is None or not settings.rules.file:
        return None
    return settings.folder / settings.rules.file


def _read_rules_file(path: Path | None) -> RuleFile:
    """Return a file as it is written; of what cannot be read nothing but the name."""
    if path is None:
        return RuleFile("")
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return RuleFile(path.name)
    try:
        ids = tuple(str(table.get("id", "")) for table in _list_tables(path))
    except ConfigError:  # no TOML: its mistake says where
        ids = ()
    return RuleFile(path.name, text, ids)


def _list_tables(path: Path) -> Sequence[dict[str, Any]]:
    tables = read_toml(path).get("rules", [])
    if not isinstance(tables, list):
        return []
    return [table if isinstance(table, dict) else {} for table in tables]


def _find_warnings(
    rules: Sequence[Rule], path: Path | None, settings: Settings | None
) -> Iterator[RuleWarning]:
    yield from warnings.find_lower_operators(rules)
    yield from warnings.find_swapped_limits(rules)
    yield from warnings.find_odd_channels(rules)
    yield from warnings.find_contradictions(rules)
    yield from warnings.find_covered_rules(rules)
    if settings is None:
        return
    if path is not None:
        names = settings.rules.presets
        ids = [rule.id for name in names for rule in load_preset(name)]
        yield from warnings.find_parts_of_nothing(_list_tables(path), list(dict.fromkeys(ids)))
    sources = settings.sources
    yield from warnings.find_unknown_sources(rules, [source.id for source in sources])
    intervals = {source.id: source.every or settings.collect.every for source in sources}
    yield from warnings.find_short_windows(rules, intervals)


def _measure_shadowed(rules: Sequence[Rule], settings: Settings) -> list[RuleWarning]:
    """Return the rules that others shadow, by stored feedback; none where there is no database."""
    url = bootstrap.store_url(settings)
    file = url.removeprefix("sqlite:///")
    if file != url and not Path(file).exists():
        return []
    try:
        store = open_store(url, migrate=False)
    except RepwatchError:  # a check of rules does not depend on the database
        return []
    try:
        with store.read() as tx:
            since = bootstrap.utc_now() - _MEASURED
            found = measure_overlaps(tx, rules, since, settings.workspace)
    except RepwatchError:
        return []
    finally:
        store.close()
    return list(find_shadowed_rules(rules, found))
