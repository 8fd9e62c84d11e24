"""model status, train, off: what the team's verdicts have taught, and whether it is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer

from monitor import bootstrap
from monitor.analysis import corrections
from monitor.analysis.learning import ENOUGH, ENOUGH_OF_EACH
from monitor.cli.frame import CONFIG, ConfigOption, JsonOption, open_program, print_json, print_text
from monitor.domain.verdict import ModelState, ModelTraining, VerdictKind
from monitor.errors import LearningError
from monitor.learning.training import (
    PROBLEM,
    STAGE,
    VERDICTS_FOR,
    is_training_due,
    switch_off_learning,
    train_models,
)
from monitor.store import Transaction

app = typer.Typer(no_args_is_help=True)

_SAYS = {
    ModelState.ACTIVE: "the team's model is used: it was better",
    ModelState.WORSE: "the shipped model is used: the team's was not better",
    ModelState.FEW: "the shipped model is used: too few verdicts to learn from",
    ModelState.OFF: "the shipped model is used: learning is switched off; `repwatch model train` switches it on",
}
_SAYS_OF_STAGES = {
    ModelState.ACTIVE: "stages as the team corrected them are used: they were better",
    ModelState.WORSE: "the shipped stages are used: the team's were not better",
    ModelState.FEW: "the shipped stages are used: too few corrections to learn from",
    ModelState.OFF: "the shipped stages are used: learning is switched off",
}


@app.command()
def status(config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """Show what was learned of which feedback needs a human and of stages, and how good it was when
    it was measured.

    Example: [bold]repwatch model status[/bold]
    """
    with open_program(config) as program, program.store.read() as tx:
        verdicts, new = _count_verdicts(tx, list(VerdictKind), PROBLEM)
        corrected, new_corrected = _count_verdicts(tx, VERDICTS_FOR[STAGE], STAGE)
        problem, stage = tx.models.find_newest(PROBLEM), tx.models.find_newest(STAGE)
    if json:
        stages = {
            "corrections": corrected,
            "new": _new_or_total(new_corrected, corrected),
            **_model_to_dict(stage),
        }
        print_json(
            {
                "verdicts": verdicts,
                "new": _new_or_total(new, verdicts),
                **_model_to_dict(problem),
                "stage": stages,
            }
        )
        return
    print_text(f"{verdicts} feedback with a verdict of the team, {_format_new_verdicts(new)}")
    if problem is None:
        print_text(
            f"the shipped model is used: nothing was trained yet, which takes {ENOUGH} verdicts"
        )
    else:
        _print_model(problem)
    print_text(
        f"{corrected} feedback with a stage that the team corrected, {_format_new_verdicts(new_corrected)}"
    )
    if stage is None:
        print_text(
            "the shipped stages are used: nothing was trained yet, which takes "
            f"{corrections.ENOUGH} corrections"
        )
    else:
        _print_model(stage)


@app.command()
def train(
    config: ConfigOption = CONFIG,
    if_due: Annotated[
        bool,
        typer.Option(
            "--if-due",
            help="Only with new verdicts, a day after the last training, and unless switched off.",
        ),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Learn from the team's verdicts, measure, and use the results where they are better than what
    is shipped.

    Example: [bold]repwatch model train[/bold]
    """
    with open_program(config) as program:
        now = bootstrap.utc_now()
        if if_due and not is_training_due(program.store, now):
            if json:
                print_json(_model_to_dict(None) | {"stage": _model_to_dict(None)})
            return
        if not program.config.settings.analysis.deep:
            raise LearningError(
                "learning needs the shipped model; set deep = true under [analysis]"
            )
        kept = train_models(program.store, program.config.analyzer.analyze_without_team, now)
    if not kept and not if_due:
        raise LearningError(
            f"too few verdicts to learn from: {ENOUGH} are needed, with {ENOUGH_OF_EACH} different "
            "texts that needed "
            f"a human and {ENOUGH_OF_EACH} that did not, or {corrections.ENOUGH} corrected stages; "
            "`repwatch model status` counts them"
        )
    if json:
        print_json(_model_to_dict(kept.get(PROBLEM)) | {"stage": _model_to_dict(kept.get(STAGE))})
        return
    for one in kept.values():
        _print_model(one)


@app.command()
def off(config: ConfigOption = CONFIG) -> None:
    """Use the shipped model, and train none of the team's until `model train` is called by hand.

    Example: [bold]repwatch model off[/bold]
    """
    with open_program(config) as program:
        switch_off_learning(program.store, bootstrap.utc_now())
    print_text(_SAYS[ModelState.OFF])


def _count_verdicts(
    tx: Transaction, about: Sequence[VerdictKind], kind: str
) -> tuple[int, int | None]:
    """How many feedbacks have a verdict, and how many a new one since the last training; None for
    never trained.
    """
    last = tx.models.find_newest(kind, trained=True)
    return tx.verdicts.count_feedback(about), tx.verdicts.count_feedback(
        about, since=last.at
    ) if last else None


def _new_or_total(new: int | None, there: int) -> int:
    return there if new is None else new


def _format_new_verdicts(new: int | None) -> str:
    return "never trained" if new is None else f"{new} since the last training"


def _print_model(kept: ModelTraining) -> None:
    says = _SAYS if kept.kind == PROBLEM else _SAYS_OF_STAGES
    print_text(f"{says[kept.state]} ({kept.at:%Y-%m-%d %H:%M})")
    if kept.state in (ModelState.ACTIVE, ModelState.WORSE):
        lines = _problem_figure_lines if kept.kind == PROBLEM else _stage_figure_lines
        for line in lines(kept.figures):
            print_text(line)


def _problem_figure_lines(figures: Mapping[str, Any]) -> Iterator[str]:
    yield f"measured on {figures['labels']} verdicts, {figures['needed']} of which needed a human:"
    for name, label in (("team", "the team's"), ("shipped", "shipped")):
        found = figures[name]
        yield f"  {label:11} precision {found['precision']:.2f} at recall {found['recall']:.2f}, AUC {found['auc']:.2f}"


def _stage_figure_lines(figures: Mapping[str, Any]) -> Iterator[str]:
    of = figures["corrections"] + figures["left"]
    yield f"measured on {figures['corrections']} corrected stages and {figures['left']} that the team let stand:"
    changes = f"{figures['changed_right']} of the {figures['changed']} it changes"
    yield f"  the team's  right {figures['right']} of {of}, {changes}"
    yield f"  shipped     right {figures['shipped']} of {of}"


def _model_to_dict(kept: ModelTraining | None) -> dict[str, Any]:
    if kept is None:
        return {"state": None, "at": None, "figures": None}
    return {"state": kept.state, "at": kept.at.isoformat(), "figures": dict(kept.figures) or None}
