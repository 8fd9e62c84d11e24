"""digest: build one, show it, send it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from monitor.cli.application import app
from monitor.cli.options import CONFIG, ConfigOption
from monitor.cli.output import print_json, print_line
from monitor.domain.digest import Audience
from monitor.errors import ConfigError, ConfigProblem, RepwatchError

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.bootstrap import App
    from monitor.digest.make import DigestWorkshop, WordedDigest
    from monitor.domain.digest import Digest
    from monitor.domain.period import Period


#: How long the command waits for Slack and the mail server; the rest is sent by `repwatch run`.
_SEND_WITHIN = 60


class DigestView(StrEnum):
    """The forms in which the command shows a digest."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    SLACK = "slack"
    SCHEMA = "schema"


AnewOption = Annotated[
    bool, typer.Option("--anew", help="Count again, also where it was sent already.")
]
SendOption = Annotated[
    bool, typer.Option("--send", help="Send it to whoever gets it by the configuration.")
]


@app.command("digest")
def show_digest(
    config: ConfigOption = CONFIG,
    period: Annotated[
        str, typer.Option("--period", help="2026-W47, 2026-11; by default the last whole week.")
    ] = "",
    segment: Annotated[
        str, typer.Option("--segment", help="Only customers of a segment, like country=DE.")
    ] = "",
    persona: Annotated[
        str, typer.Option("--persona", help="Only customers of a persona of [[brand.personas]].")
    ] = "",
    audience: Annotated[
        Audience | None,
        typer.Option("--audience", help="For whom it is worded; by default for leadership."),
    ] = None,
    form: Annotated[
        DigestView, typer.Option("--format", help="How to show it; schema: of the JSON.")
    ] = DigestView.TEXT,
    anew: AnewOption = False,
    send: SendOption = False,
) -> None:
    """Show the digest of a week or a month: what changed, why, who does what next.

    What was sent is shown as it was sent; `--anew` counts again.

    Example: [bold]repwatch digest --period 2026-W47 --format html > digest.html[/bold]
    """
    from monitor import bootstrap
    from monitor.cli.program import open_program
    from monitor.digest.build import DigestRequest
    from monitor.digest.make import DigestWorkshop
    from monitor.digest.scope import DigestScope
    from monitor.digest.snapshot import build_json_schema

    if form is DigestView.SCHEMA:
        print_json(build_json_schema())
        return
    scope_name = _choose_scope(segment, persona)
    if send and (scope_name or anew or audience is not None or form is not DigestView.TEXT):
        _refuse_to_choose()
    with open_program(config) as program:
        now = bootstrap.utc_now()
        settings = program.config.settings
        scope = DigestScope.from_name(scope_name, settings.brand.personas)
        wanted = _parse_period(period, program, now)
        if send:
            _send(program, wanted, now)
            return
        workshop = DigestWorkshop(program.store, settings, bootstrap.build_masker(settings))
        digest = workshop.build(DigestRequest(wanted, scope), now, anew=anew)
        _print(workshop, digest, audience or Audience.LEADERSHIP, form)


def _choose_scope(segment: str, persona: str) -> str:
    if segment and persona:
        message = "a digest is about a segment or a persona; leave out one of them"
        raise ConfigError([ConfigProblem("--persona", message)])
    return segment or persona


def _refuse_to_choose() -> NoReturn:
    message = (
        "each gets the audience and scope of [digest], with the numbers that were sent; "
        "leave out --segment, --persona, --audience, --anew and --format"
    )
    raise ConfigError([ConfigProblem("--send", message)])


def _send(program: App, period: Period, now: datetime) -> None:
    """Send the digest of a period to everybody who gets one; RepwatchError where one failed."""
    import time
    from datetime import timedelta

    from monitor import bootstrap
    from monitor.cli.actors import actor_from_name
    from monitor.cli.terminal import err
    from monitor.digest_runs import carry_out_due_digests
    from monitor.pipeline.sender import drain_outbox

    if not period.is_over(now):
        message = f"{period.name} is not over; without --send it is shown as it stands"
        raise ConfigError([ConfigProblem("--send", message)])
    ordered = program.digests.order_for_all(period, actor_from_name(""), now)
    if not ordered:
        message = "nobody gets the digest: set channel or email_to under [digest]"
        raise ConfigError([ConfigProblem("--send", message)])
    queued = carry_out_due_digests(program, now)
    until = now + timedelta(seconds=_SEND_WITHIN)
    drain_outbox(program.sender, bootstrap.utc_now, time.sleep, until=until)
    failures = program.digests.find_failures(ordered)
    if failures:
        raise RepwatchError("; ".join(failures))
    err.print(f"the digest of {period.name} was made for {queued} and handed on")


def _render_for_slack(worded: WordedDigest) -> list[dict[str, object]]:
    """Return the messages that Slack would be sent, first the one at the top."""
    from monitor.digest.make import build_post
    from monitor.slack.views.digest import render_digest, render_digest_part

    post = build_post(worded)
    parts = range(1, len(worded.document.sections) + 1)
    messages = [render_digest(post, {}), *(render_digest_part(post, part, {}) for part in parts)]
    return [message.payload for message in messages]


def _parse_period(name: str, program: App, now: datetime) -> Period:
    """Return the period that `--period` names; raises ConfigError where it names none."""
    from monitor.domain.period import Period, PeriodKind

    settings = program.config.settings
    zone = settings.digest.timezone or settings.hours.timezone or "UTC"
    if not name:
        return Period.last_complete(PeriodKind.WEEK, now, zone)
    try:
        wanted = Period.from_name(name, zone)
    except ValueError as error:
        raise ConfigError([ConfigProblem("--period", str(error))]) from None
    if wanted.since >= now:
        message = f"{name} has not begun; the last whole week is the default"
        raise ConfigError([ConfigProblem("--period", message)])
    return wanted


def _print(workshop: DigestWorkshop, digest: Digest, audience: Audience, form: DigestView) -> None:
    from monitor.digest.snapshot import to_json_values

    if form is DigestView.JSON:
        print_json(to_json_values(digest))
        return
    worded = workshop.word(digest, audience)
    if form is DigestView.HTML:
        print_line(worded.html)
    elif form is DigestView.SLACK:
        print_json(_render_for_slack(worded))
    else:
        print_line(worded.text.rstrip())
