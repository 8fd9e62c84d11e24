"""Whether rules fit the configuration beside which they are to hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from monitor.analysis.signals import SignalFinder
from monitor.config import load_settings
from monitor.errors import ConfigError, ConfigProblem
from monitor.settings import Settings
from rules.checks import (
    find_gaps,
    find_missing_hours,
    find_unknown_signals,
    find_unknown_silencers,
)
from rules.load import load_own_rules, load_rules, preset_names
from rules.rule import Rule


def load_checked_rules(file: Path, config: Path, environ: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules of a file; ConfigError with every mistake, beside the signals of the configuration
    if there is one.
    """
    settings = load_settings(config, environ)[0] if config.exists() else Settings()
    presets = settings.rules.presets if config.exists() else preset_names()
    others = load_rules(presets=presets, signals=settings.analysis.deep)
    rules = load_own_rules(file, {rule.id: rule for rule in others})
    own = settings.folder / settings.analysis.signals if settings.analysis.signals else None
    known = tuple(SignalFinder.load(own).about) if settings.analysis.deep else ()
    where = f"{file.name}: "
    problems = [
        *find_unknown_signals(rules, known, where),
        *find_unknown_silencers(rules, where, [rule.id for rule in others]),
        *(find_gaps(rules, settings.workspace, where) if config.exists() else ()),
    ]
    if problems:
        raise ConfigError(problems)
    return rules


def find_missing_workspace(
    rules: Sequence[Rule], settings: Settings, broken: Collection[str]
) -> Iterator[ConfigProblem]:
    """Yield what rules ask for and the configuration does not say.

    A section with a mistake has its defaults: nothing can be said of it.
    """
    if "hours" not in broken:
        file = f"{Path(settings.rules.file).name}: "
        yield from find_missing_hours(rules, settings.workspace, file)
    if not {"hours", "brand"}.intersection(broken):
        yield from find_gaps(rules, settings.workspace)
