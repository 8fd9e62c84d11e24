"""Reading a file of feedback into a csv_file source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from monitor import bootstrap
from monitor.cli.output import print_json
from monitor.cli.terminal import out, show_progress, warn
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import NOTHING_INGESTED, IngestResult


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file."""

    rows: int
    ingested: IngestResult
    warnings: tuple[str, ...]
    dry_run: bool  #: nothing was stored


def import_feedback(
    program: bootstrap.App, source_id: str, file: Path, *, dry_run: bool
) -> ImportResult:
    """Read `file` into a csv_file source, or only look at it in a `dry_run`.

    Raises ConfigError where there is no such source, SourceError where the file cannot be read.
    """
    reader = bootstrap.build_importer(program.config, source_id, file)
    policy = _import_policy(program)
    rows, ingested = 0, NOTHING_INGESTED
    warnings: tuple[str, ...] = ()
    with show_progress("importing", None) as advance:
        for page in reader.collect("", bootstrap.utc_now()):
            rows += len(page.items)
            warnings += tuple(page.warnings)
            if not dry_run:
                ingested += program.ingest(page.items, bootstrap.utc_now(), policy)
            advance()
    return ImportResult(rows, ingested, warnings, dry_run)


def print_import(result: ImportResult, *, json: bool) -> None:
    """Print what became of a file; its warnings go to standard error."""
    for warning in result.warnings:
        warn(warning)
    if json:
        print_json(_import_to_dict(result))
    elif result.dry_run:
        counts = f"{result.rows} rows can be read, {len(result.warnings)} warnings"
        out.print(f"{counts}; nothing was stored")
    else:
        new, updated = result.ingested.new, result.ingested.updated
        alerts = len(result.ingested.opened)
        out.print(f"{result.rows} rows: {new} new, {updated} updated, {alerts} alerts opened")


def _import_policy(program: bootstrap.App) -> AlertPolicy:
    policy = AlertPolicy.from_settings(program.config.settings)
    return replace(policy, first_contact=True)


def _import_to_dict(result: ImportResult) -> dict[str, object]:
    return {
        "rows": result.rows,
        "new": None if result.dry_run else result.ingested.new,
        "updated": None if result.dry_run else result.ingested.updated,
        "warnings": list(result.warnings),
        "dry_run": result.dry_run,
    }
