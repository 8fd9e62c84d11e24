"""model status, train, off: what the team's verdicts have taught, and whether it is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer

from monitor import bootstrap
from monitor.analysis import corrections
from monitor.analysis.learning import ENOUGH, ENOUGH_OF_EACH
from monitor.cli.frame import CONFIG, ConfigOption, JsonOption, opened, print_json, print_text
from monitor.domain.verdict import ModelState, StoredModel, VerdictKind
from monitor.errors import LearningError
from monitor.learning.training import ABOUT, PROBLEM, STAGE, due, learn, switch_off
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
    with opened(config) as program, program.store.read() as tx:
        verdicts, new = _counts(tx, list(VerdictKind), PROBLEM)
        corrected, new_corrected = _counts(tx, ABOUT[STAGE], STAGE)
        problem, stage = tx.models.newest(PROBLEM), tx.models.newest(STAGE)
    if json:
        stages = {
            "corrections": corrected,
            "new": _or_all(new_corrected, corrected),
            **_as_dict(stage),
        }
        print_json(
            {
                "verdicts": verdicts,
                "new": _or_all(new, verdicts),
                **_as_dict(problem),
                "stage": stages,
            }
        )
        return
    print_text(f"{verdicts} feedback with a verdict of the team, {_since(new)}")
    if problem is None:
        print_text(
            f"the shipped model is used: nothing was trained yet, which takes {ENOUGH} verdicts"
        )
    else:
        _show(problem)
    print_text(
        f"{corrected} feedback with a stage that the team corrected, {_since(new_corrected)}"
    )
    if stage is None:
        print_text(
            "the shipped stages are used: nothing was trained yet, which takes "
            f"{corrections.ENOUGH} corrections"
        )
    else:
        _show(stage)


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
    with opened(config) as program:
        now = bootstrap.now()
        if if_due and not due(program.store, now):
            if json:
                print_json(_as_dict(None) | {"stage": _as_dict(None)})
            return
        if not program.plan.settings.analysis.deep:
            raise LearningError(
                "learning needs the shipped model; set deep = true under [analysis]"
            )
        kept = learn(program.store, program.plan.analyzer.read, now)
    if not kept and not if_due:
        raise LearningError(
            f"too few verdicts to learn from: {ENOUGH} are needed, with {ENOUGH_OF_EACH} different "
            "texts that needed "
            f"a human and {ENOUGH_OF_EACH} that did not, or {corrections.ENOUGH} corrected stages; "
            "`repwatch model status` counts them"
        )
    if json:
        print_json(_as_dict(kept.get(PROBLEM)) | {"stage": _as_dict(kept.get(STAGE))})
        return
    for one in kept.values():
        _show(one)


@app.command()
def off(config: ConfigOption = CONFIG) -> None:
    """Use the shipped model, and train none of the team's until `model train` is called by hand.

    Example: [bold]repwatch model off[/bold]
    """
    with opened(config) as program:
        switch_off(program.store, bootstrap.now())
    print_text(_SAYS[ModelState.OFF])


def _counts(tx: Transaction, about: Sequence[VerdictKind], kind: str) -> tuple[int, int | None]:
    """How many feedbacks have a verdict, and how many a new one since the last training; None for
    never trained.
    """
    last = tx.models.newest(kind, trained=True)
    return tx.verdicts.count(about), tx.verdicts.count(about, since=last.at) if last else None


def _or_all(new: int | None, there: int) -> int:
    return there if new is None else new


def _since(new: int | None) -> str:
    return "never trained" if new is None else f"{new} since the last training"


def _show(kept: StoredModel) -> None:
    says = _SAYS if kept.kind == PROBLEM else _SAYS_OF_STAGES
    print_text(f"{says[kept.state]} ({kept.at:%Y-%m-%d %H:%M})")
    if kept.state in (ModelState.ACTIVE, ModelState.WORSE):
        lines = _measured if kept.kind == PROBLEM else _measured_stages
        for line in lines(kept.figures):
            print_text(line)


def _measured(figures: Mapping[str, Any]) -> Iterator[str]:
    yield f"measured on {figures['labels']} verdicts, {figures['needed']} of which needed a human:"
    for name, label in (("team", "the team's"), ("shipped", "shipped")):
        found = figures[name]
        yield f"  {label:11} precision {found['precision']:.2f} at recall {found['recall']:.2f}, AUC {found['auc']:.2f}"


def _measured_stages(figures: Mapping[str, Any]) -> Iterator[str]:
    of = figures["corrections"] + figures["left"]
    yield f"measured on {figures['corrections']} corrected stages and {figures['left']} that the team let stand:"
    changes = f"{figures['changed_right']} of the {figures['changed']} it changes"
    yield f"  the team's  right {figures['right']} of {of}, {changes}"
    yield f"  shipped     right {figures['shipped']} of {of}"


def _as_dict(kept: StoredModel | None) -> dict[str, Any]:
    if kept is None:
        return {"state": None, "at": None, "figures": None}
    return {"state": kept.state, "at": kept.at.isoformat(), "figures": dict(kept.figures) or None}
