"""model status, train, off: what the team's verdicts have taught, and whether it is used."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from monitor import bootstrap
from monitor.analysis.learning import ENOUGH, ENOUGH_OF_EACH
from monitor.cli.frame import CONFIG, ConfigOption, JsonOption, opened, print_json, print_text
from monitor.errors import LearningError
from monitor.pipeline.learn import PROBLEM, current, due, learn, switch_off
from monitor.store.verdicts import ModelState, StoredModel

app = typer.Typer(no_args_is_help=True)

_SAYS = {
    ModelState.ACTIVE: "the team's model is used: it was better",
    ModelState.WORSE: "the shipped model is used: the team's was not better",
    ModelState.OFF: "the shipped model is used: learning is switched off; `repwatch model train` switches it on",
}


@app.command()
def status(config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """Show which model says whether feedback needs a human, and how good each was when it was measured.

    Example: [bold]repwatch model status[/bold]
    """
    with opened(config) as program:
        kept = current(program.store)
        with program.store.read() as tx:
            verdicts = tx.verdicts.count()
            last = tx.models.newest(PROBLEM, trained=True)
            new = tx.verdicts.count(since=last.at) if last else verdicts
    if json:
        print_json({"verdicts": verdicts, "new": new, **_as_dict(kept)})
        return
    since = f"{new} since the last training" if last else "never trained"
    print_text(f"{verdicts} feedback with a verdict of the team, {since}")
    if kept is None:
        print_text(f"the shipped model is used: nothing was trained yet, which takes {ENOUGH} verdicts")
        return
    _show(kept)


@app.command()
def train(
    config: ConfigOption = CONFIG,
    if_due: Annotated[
        bool,
        typer.Option(
            "--if-due", help="Only with new verdicts, a day after the last training, and unless switched off."
        ),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Learn from the team's verdicts, measure, and use the result where it is better than the shipped model.

    Example: [bold]repwatch model train[/bold]
    """
    with opened(config) as program:
        now = bootstrap.now()
        if if_due and not due(program.store, now):
            if json:
                print_json(_as_dict(None))
            return
        if not program.plan.settings.analysis.deep:
            raise LearningError("learning needs the shipped model; set deep = true under [analysis]")
        kept = learn(program.store, program.plan.analyzer.read, now)
    if kept is None:
        raise LearningError(
            f"too few verdicts to learn from: {ENOUGH} are needed, with {ENOUGH_OF_EACH} different texts that needed "
            f"a human and {ENOUGH_OF_EACH} that did not; `repwatch model status` counts them"
        )
    if json:
        print_json(_as_dict(kept))
    else:
        _show(kept)


@app.command()
def off(config: ConfigOption = CONFIG) -> None:
    """Use the shipped model, and train none of the team's until `model train` is called by hand.

    Example: [bold]repwatch model off[/bold]
    """
    with opened(config) as program:
        switch_off(program.store, bootstrap.now())
    print_text(_SAYS[ModelState.OFF])


def _show(kept: StoredModel) -> None:
    print_text(f"{_SAYS[kept.state]} ({kept.at:%Y-%m-%d %H:%M})")
    if not kept.figures:
        return
    print_text(f"measured on {kept.figures['labels']} verdicts, {kept.figures['needed']} of which needed a human:")
    for name, label in (("team", "the team's"), ("shipped", "shipped")):
        found = kept.figures[name]
        print_text(
            f"  {label:11} precision {found['precision']:.2f} at recall {found['recall']:.2f}, AUC {found['auc']:.2f}"
        )


def _as_dict(kept: StoredModel | None) -> dict[str, Any]:
    if kept is None:
        return {"state": None, "at": None, "figures": None}
    return {"state": kept.state, "at": kept.at.isoformat(), "figures": dict(kept.figures) or None}
