"""import, search, export, forget: what goes in and what comes out."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.application import app, make_command_group
from monitor.cli.options import (
    ALL_ROWS,
    CONFIG,
    ConfigOption,
    ExportFormat,
    JsonOption,
    LimitOption,
    SinceOption,
    SourceOption,
    parse_day_option,
)
from monitor.cli.output import print_json, print_line, write_rows
from monitor.domain.alert import AlertStatus
from monitor.domain.feedback import Label, Stage, Touchpoint
from monitor.errors import ConfigError, ConfigProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.feedback import Feedback
    from monitor.domain.item_query import ItemQuery

export_commands = make_command_group()
UntilOption = Annotated[
    str | None, typer.Option("--until", help="Only from before this day, like 2026-11-08.")
]
StageOption = Annotated[Stage | None, typer.Option("--stage", help="Only of this journey stage.")]
TouchpointOption = Annotated[
    Touchpoint | None, typer.Option("--touchpoint", help="Only of this touchpoint.")
]
ToneOption = Annotated[Label | None, typer.Option("--tone", help="Only of this tone.")]
FormatOption = Annotated[ExportFormat, typer.Option("--format", help="How to write it.")]

AuthorArgument = Annotated[
    str,
    typer.Argument(help="The author's name or id, as a source gives it, or an identifier of them."),
]
LinkedOption = Annotated[bool, typer.Option("--linked", help="Also what is linked to this person.")]

#: Characters of a feedback that a search shows.
_WORDS_SHOWN = 300
#: Rows after which an export shows that it goes on.
_PROGRESS_EVERY = 200


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
    from monitor.cli.importing import import_feedback, print_import
    from monitor.cli.program import open_program

    with open_program(config) as program:
        result = import_feedback(program, source, file, dry_run=dry_run)
    print_import(result, json=json)


@app.command("search")
def search_feedback(
    query: Annotated[
        str,
        typer.Argument(help='Words, "phrases", prefix*, AND/OR/NOT, (...), NEAR/5; empty for all.'),
    ] = "",
    config: ConfigOption = CONFIG,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only of this source (its id); repeatable.")
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    stage: StageOption = None,
    touchpoint: TouchpointOption = None,
    tone: ToneOption = None,
    signal: Annotated[
        str, typer.Option("--signal", help="Only with this signal, like outage.")
    ] = "",
    ids: Annotated[
        str, typer.Option("--ids", help="Only these, by their number, with commas between.")
    ] = "",
    limit: LimitOption = 20,
    json: JsonOption = False,
) -> None:
    """Search stored feedback in the rules' query language.

    Example: [bold]repwatch search '"log in" OR login NEAR/3 fail*'[/bold]

    Example: [bold]repwatch search --stage support --tone negative --since 2026-11-16[/bold]
    """
    from monitor.domain.item_query import ItemQuery

    wanted = ItemQuery(
        query=query,
        sources=tuple(source or ()),
        since=parse_day_option(since, "--since"),
        until=parse_day_option(until, "--until"),
        stage=stage or "",
        touchpoint=touchpoint or "",
        tone=tone or "",
        signal=signal,
        ids=_parse_ids(ids),
    )
    _print_found(config, wanted, limit, json=json)


def _print_found(config: Path, wanted: ItemQuery, limit: int, *, json: bool) -> None:
    from monitor import bootstrap
    from monitor.cli.export_rows import feedback_to_row
    from monitor.cli.program import open_program
    from monitor.cli.terminal import err
    from monitor.pipeline import search
    from rules.query import parse_query

    parsed = parse_query(wanted.query) if wanted.query else None
    with open_program(config) as program, program.store.read() as tx:
        hide = bootstrap.build_masker(program.config.settings)
        newest = list(islice(search.search_feedback(tx, wanted), limit))
    for feedback, analysis in newest:
        if json:
            found = parsed.find_matching_words(analysis.text) if parsed else ()
            words = [hide(word) for word in found]
            print_json({**feedback_to_row(feedback, analysis, hide), "found": words})
        else:
            _print_search_hit(feedback, hide(analysis.text))
    if not newest:
        err.print("nothing found")


def _parse_ids(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(",") if part.strip())
    except ValueError:
        message = f"{text!r} is no list of numbers; write it like 12,15,31"
        raise ConfigError([ConfigProblem("--ids", message)]) from None


@export_commands.command("feedback")
def export_feedback(
    config: ConfigOption = CONFIG,
    form: FormatOption = ExportFormat.CSV,
    source: SourceOption = None,
    since: SinceOption = None,
) -> None:
    """Write stored feedback with its analysis, oldest first.

    Example: [bold]repwatch export feedback --format jsonl --since 2026-11-01[/bold]
    """
    from monitor import bootstrap
    from monitor.cli.export_rows import FEEDBACK_COLUMNS, feedback_to_row
    from monitor.cli.program import open_program
    from monitor.cli.terminal import show_progress

    earliest = parse_day_option(since, "--since")
    with (
        open_program(config) as program,
        program.store.read() as tx,
        show_progress("exporting", None) as advance,
    ):
        hide = bootstrap.build_masker(program.config.settings)
        stored = tx.feedback.iterate_stored(source_id=source, since=earliest)

        def feedback_rows() -> Iterator[dict[str, object]]:
            for number, (feedback, analysis) in enumerate(stored):
                if number % _PROGRESS_EVERY == 0:
                    advance()
                yield feedback_to_row(feedback, analysis, hide)

        write_rows(feedback_rows(), FEEDBACK_COLUMNS, form)


@export_commands.command("alerts")
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
    from monitor.cli.export_rows import ALERT_COLUMNS, alert_to_row
    from monitor.cli.program import open_program

    with open_program(config) as program, program.store.read() as tx:
        alerts = tx.alerts.find(status=status, limit=ALL_ROWS)
    write_rows(map(alert_to_row, alerts), ALERT_COLUMNS, form)


@export_commands.command("person")
def export_person(
    author: AuthorArgument, config: ConfigOption = CONFIG, linked: LinkedOption = False
) -> None:
    """Write all that is stored of one person as JSON lines, nothing masked: their feedback, our
    answers to it, and the alerts it is in.

    Example: [bold]repwatch export person some_redditor > person.jsonl[/bold]
    """
    from monitor.cli.person import list_person_rows
    from monitor.cli.program import open_program

    with open_program(config) as program, program.store.read() as tx:
        for row in list_person_rows(tx, author, linked=linked):
            print_json(row)


@app.command("forget")
def forget_author(
    author: AuthorArgument,
    config: ConfigOption = CONFIG,
    linked: LinkedOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
) -> None:
    """Remove a person's feedback and name everywhere; alerts stay, without the person's words.

    With --dry-run it tells what would go, and what other handles of the same person are linked.

    Example: [bold]repwatch forget some_redditor --linked --dry-run[/bold]
    """
    from monitor import bootstrap
    from monitor.cli.person import describe_person
    from monitor.cli.program import open_program
    from monitor.cli.terminal import out

    with open_program(config) as program:
        if dry_run:
            with program.store.read() as tx:
                for line in describe_person(tx, author, linked=linked):
                    out.print(line, markup=False)
            return
        with program.store.write() as tx:
            removed = tx.feedback.forget_author(author, bootstrap.utc_now(), linked=linked)
    out.print(f"removed {removed} feedback of {author!r}", markup=False)


def _print_search_hit(feedback: Feedback, text: str) -> None:
    from monitor.cli.terminal import to_terminal_text

    stars = f" {feedback.rating.stars:.2g} stars" if feedback.rating else ""
    at = f"{feedback.seen_or_created:%Y-%m-%d %H:%M}"
    print_line(f"{at} {feedback.source_id}{stars} {feedback.url}")
    words = " ".join(to_terminal_text(text).split())
    print_line(f"    {words[:_WORDS_SHOWN]}")
