"""score, import, search, export, forget: what goes in and what comes out."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor import bootstrap
from monitor.analysis.analyzer import Analyzer
from monitor.analysis.clean import to_plain_text
from monitor.analysis.vader import VaderScorer
from monitor.cli.frame import (
    CONFIG,
    ConfigOption,
    ExportFormat,
    JsonOption,
    SinceOption,
    SourceOption,
    app,
    err,
    open_program,
    out,
    parse_day_option,
    print_json,
    print_line,
    show_progress,
    write_rows,
)
from monitor.cli.frame import (
    to_terminal_text as plain_text,
)
from monitor.domain.alert import AlertStatus
from monitor.domain.feedback import Analysis, Feedback, Rating, Scale
from monitor.errors import ConfigError, ConfigProblem
from monitor.pipeline.ingest import CHUNK_SIZE, NOTHING_INGESTED
from monitor.pipeline.search import search_feedback as search_stored
from rules.query import parse_query

export_app = typer.Typer(no_args_is_help=True)
FormatOption = Annotated[ExportFormat, typer.Option("--format", help="How to write it.")]

#: More alerts than a person ever follows.
_ALL = 1_000_000
_FEEDBACK_COLUMNS = [
    "source",
    "id",
    "kind",
    "created_at",
    "first_seen_at",
    "author",
    "title",
    "text",
    "rating",
    "rating_scale",
    "stars",
    "sentiment",
    "score",
    "language",
    "unscored",
    "problem",
    "signals",
    "stage",
    "touchpoint",
    "drivers",
    "url",
    "question",
    "app_version",
    "attributes",
]
_ALERT_COLUMNS = [
    "id",
    "rule",
    "name",
    "severity",
    "status",
    "opened_at",
    "updated_at",
    "members",
    "channel",
    "assignee",
    "reason",
    "words",
]


@app.command()
def score(
    text: Annotated[
        str | None, typer.Option("--text", help="Score this text instead of standard input.")
    ] = None,
    _json: Annotated[
        bool, typer.Option("--json", help="Changes nothing: it is always JSON.")
    ] = False,
) -> None:
    """Score texts: one text or JSON object a line on standard input, one JSON line each on standard
    output.

    Example: [bold]echo "The app crashes and nobody answers" | repwatch score[/bold]
    """
    analyzer, vader = Analyzer(), VaderScorer()
    lines = [text] if text is not None else (line.rstrip("\r\n") for line in sys.stdin)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        feedback = _parse_score_input(line, number, plain_text=text is not None)
        given = feedback.body
        feedback_read = Feedback(
            source_id=feedback.source_id,
            external_id=feedback.external_id,
            body=to_plain_text(given),
            rating=feedback.rating,
            language=feedback.language,
            question=feedback.question,
        )
        scores = vader.score(given)
        analysis = analyzer.analyze(feedback_read)
        print_json(
            {
                "language": analysis.language or None,
                "scored": analysis.scored,
                "vader": scores,
                "sentiment": _sentiment_to_dict(analysis),
                "problem": analysis.problem,
                "signals": _signals_to_dicts(analysis),
                "stage": analysis.stage,
                "touchpoint": analysis.touchpoint,
                "drivers": analysis.drivers,
                "emotion": analysis.emotion,
                "why": list(analysis.why),
            }
        )


def _parse_score_input(line: str, number: int, *, plain_text: bool) -> Feedback:
    """A line as feedback: a JSON object, which has no words where it has no text, or the text
    itself.
    """
    fields: dict[str, Any] = {"text": line}
    if not plain_text and line.lstrip().startswith("{"):
        try:
            parsed = jsonlib.loads(line)
        except (ValueError, RecursionError):
            parsed = None
        if isinstance(parsed, dict):
            fields = parsed
    try:
        scale = Scale(fields.get("rating_scale") or Scale.STARS5)
        rating = (
            None
            if fields.get("rating") is None
            else Rating.from_value(float(fields["rating"]), scale)
        )
    except (TypeError, ValueError, OverflowError):
        allowed = ", ".join(Scale)
        message = f"rating must be a number and rating_scale one of {allowed}"
        raise ConfigError([ConfigProblem(f"standard input, line {number}", message)]) from None
    words, language, question = (fields.get(name) for name in ("text", "language", "question"))
    return Feedback(
        source_id="score",
        external_id=str(number),
        body=words if isinstance(words, str) else "",
        rating=rating,
        language=language if isinstance(language, str) else "",
        question=question if isinstance(question, str) else "",
    )


def _signals_to_dicts(analysis: Analysis) -> list[dict[str, object]] | None:
    if analysis.signals is None:
        return None
    return [{"name": signal.name, "words": list(signal.words)} for signal in analysis.signals]


def _sentiment_to_dict(analysis: Analysis) -> dict[str, object] | None:
    tone = analysis.sentiment
    return {"label": tone.label, "score": tone.score} if tone else None


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV or JSON lines.", metavar="FILE")],
    source: Annotated[
        str, typer.Option("--source", help="The csv_file source whose mapping is used (its id).")
    ],
    config: ConfigOption = CONFIG,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be read.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Read a file into a csv_file source; reading it again adds nothing.

    Example: [bold]repwatch import survey.csv --source nps --dry-run[/bold]
    """
    with open_program(config) as program:
        reader = bootstrap.build_importer(program.config, source, file)
        usual_policy = bootstrap.build_alert_policy(program.config.settings)
        policy = replace(usual_policy, first_contact=True)
        total, rows = NOTHING_INGESTED, 0
        warnings: list[str] = []
        with show_progress("importing", None) as advance:
            for page in reader.collect("", bootstrap.utc_now()):
                rows += len(page.items)
                warnings += page.warnings
                if not dry_run:
                    total += program.ingest(page.items, bootstrap.utc_now(), policy)
                advance()
    for warning in warnings:
        err.print(warning, markup=False, soft_wrap=True)
    if json:
        new, updated = (None, None) if dry_run else (total.new, total.updated)
        print_json(
            {"rows": rows, "new": new, "updated": updated, "warnings": warnings, "dry_run": dry_run}
        )
    elif dry_run:
        out.print(f"{rows} rows can be read, {len(warnings)} warnings; nothing was stored")
    else:
        out.print(
            f"{rows} rows: {total.new} new, {total.updated} updated, {len(total.opened)} alerts "
            "opened"
        )


@app.command()
def search(
    query: Annotated[
        str, typer.Argument(help='Words, "phrases", prefix*, AND/OR/NOT, (...), NEAR/5.')
    ],
    config: ConfigOption = CONFIG,
    source: SourceOption = None,
    since: SinceOption = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=_ALL, help="At most so many, newest first.")
    ] = 20,
    json: JsonOption = False,
) -> None:
    """Search stored feedback in the rules' query language.

    Example: [bold]repwatch search '"log in" OR login NEAR/3 fail*'[/bold]
    """
    parsed, earliest = parse_query(query), parse_day_option(since, "--since")
    with open_program(config) as program, program.store.read() as tx:
        hide = bootstrap.build_masker(program.config.settings)
        found = list(islice(search_stored(tx, parsed, source_id=source, since=earliest), limit))
    for feedback, analysis in found:
        if json:
            print_json(
                {
                    **_feedback_export_row(feedback, analysis, hide),
                    "found": list(map(hide, parsed.find_matching_words(analysis.text))),
                }
            )
        else:
            stars = f" {feedback.rating.stars:.2g} stars" if feedback.rating else ""
            print_line(
                f"{feedback.seen_or_created:%Y-%m-%d %H:%M} {feedback.source_id}{stars} "
                f"{feedback.url}"
            )
            print_line("    " + " ".join(plain_text(hide(analysis.text)).split())[:300])
    if not found:
        err.print("nothing found")


@export_app.command("feedback")
def export_feedback(
    config: ConfigOption = CONFIG,
    form: FormatOption = ExportFormat.CSV,
    source: SourceOption = None,
    since: SinceOption = None,
) -> None:
    """Write stored feedback with its analysis, oldest first.

    Example: [bold]repwatch export feedback --format jsonl --since 2026-11-01[/bold]
    """
    earliest = parse_day_option(since, "--since")
    with (
        open_program(config) as program,
        program.store.read() as tx,
        show_progress("exporting", None) as advance,
    ):
        hide = bootstrap.build_masker(program.config.settings)

        def feedback_rows() -> Iterator[dict[str, object]]:
            for number, (feedback, analysis) in enumerate(
                tx.feedback.iterate_stored(source_id=source, since=earliest)
            ):
                if number % CHUNK_SIZE == 0:
                    advance()
                yield _feedback_export_row(feedback, analysis, hide)

        write_rows(feedback_rows(), _FEEDBACK_COLUMNS, form)


@export_app.command("alerts")
def export_alerts(
    config: ConfigOption = CONFIG,
    form: FormatOption = ExportFormat.CSV,
    status: Annotated[
        list[AlertStatus] | None, typer.Option("--status", help="Only these; may be repeated.")
    ] = None,
) -> None:
    """Write alerts, newest first.

    Example: [bold]repwatch export alerts --status resolved > alerts.csv[/bold]
    """
    with open_program(config) as program, program.store.read() as tx:
        alerts = tx.alerts.find(status=status, limit=_ALL)
    rows = (
        {
            "id": alert.id,
            "rule": alert.rule_id,
            "name": alert.rule_name,
            "severity": alert.severity,
            "status": alert.status,
            "opened_at": alert.opened_at.isoformat(),
            "updated_at": alert.updated_at.isoformat(),
            "members": alert.members,
            "channel": alert.channel,
            "assignee": str(alert.assignee or ""),
            "reason": alert.reason,
            "words": "; ".join(alert.words),
        }
        for alert in alerts
    )
    write_rows(rows, _ALERT_COLUMNS, form)


@app.command()
def forget(
    author: Annotated[str, typer.Argument(help="The author's name or id, as a source gives it.")],
    config: ConfigOption = CONFIG,
) -> None:
    """Remove a person's feedback and name everywhere; alerts stay, without the person's words.

    Example: [bold]repwatch forget some_redditor[/bold]
    """
    with open_program(config) as program, program.store.write() as tx:
        removed = tx.feedback.forget_author(author, bootstrap.utc_now())
    out.print(f"removed {removed} feedback of {author!r}", markup=False)


def _feedback_export_row(
    feedback: Feedback, analysis: Analysis, hide: Callable[[str], str]
) -> dict[str, object]:
    tone = analysis.sentiment
    return {
        "source": feedback.source_id,
        "id": feedback.external_id,
        "kind": feedback.kind,
        "created_at": feedback.created_at.isoformat() if feedback.created_at else None,
        "first_seen_at": feedback.first_seen_at.isoformat() if feedback.first_seen_at else None,
        "author": feedback.author.name,
        "title": hide(feedback.title),
        "text": hide(analysis.text),
        "rating": feedback.rating.value if feedback.rating else None,
        "rating_scale": feedback.rating.scale if feedback.rating else None,
        "stars": round(feedback.rating.stars, 2) if feedback.rating else None,
        "sentiment": tone.label if tone else None,
        "score": tone.score if tone else None,
        "language": analysis.language,
        "unscored": analysis.unscored,
        "problem": analysis.problem,
        "signals": ", ".join(signal.name for signal in analysis.signals or ()),
        "stage": analysis.stage,
        "touchpoint": analysis.touchpoint,
        "drivers": ", ".join(analysis.drivers or ()),
        "url": feedback.url,
        "question": feedback.question,
        "app_version": feedback.app_version,
        "attributes": jsonlib.dumps(dict(feedback.attributes), ensure_ascii=False)
        if feedback.attributes
        else "",
    }
