"""score: what the analysis reads out of texts, without a configuration and without a store."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from monitor.cli.application import app


@app.command("score")
def score_texts(
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
    from monitor.cli.scoring import TextScorer

    scorer = TextScorer(sys.stdout)
    if text is not None:
        scorer.score_text(text)
    else:
        scorer.score_lines(sys.stdin)
