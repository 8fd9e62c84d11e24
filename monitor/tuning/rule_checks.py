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
from rules.load import load_rules_file
from rules.rule import Rule


def load_checked_rules(file: Path, config: Path, environ: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules of a file; ConfigError with every mistake, beside the signals of the configuration
    if there is one.
    """
    rules = load_rules_file(file)
    settings = load_settings(config, environ)[0] if config.exists() else Settings()
    own = settings.folder / settings.analysis.signals if settings.analysis.signals else None
    known = tuple(SignalFinder.load(own).about) if settings.analysis.deep else ()
    where = f"{file.name}: "
    problems = [
        *find_unknown_signals(rules, known, where),
        *find_unknown_silencers(rules, where),
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
