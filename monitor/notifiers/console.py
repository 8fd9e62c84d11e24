"""Cards in a terminal: for trying things out and for the demo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from monitor.domain.alert import Alert, Severity
from monitor.domain.delivery import Card, Delivery, Entry, Summary
from monitor.errors import DeliveryUncertain
from monitor.notifiers import wording
from monitor.notifiers.base import Pace, Posted
from monitor.notifiers.event_text import happened
from monitor.notifiers.plain_text import one_line, safe_url, spans

_COLOURS: Mapping[Severity, str] = {
    Severity.URGENT: "bold red",
    Severity.HIGH: "red",
    Severity.NORMAL: "yellow",
    Severity.INFO: "blue",
    Severity.PRAISE: "green",
}
_CHANNEL = "console"
_QUOTED, _WIDEST = 1_000, 100


class ConsoleNotifier:
    """Shows cards on a console; nothing in them is taken for markup or for commands to the
    terminal.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()

    @property
    def pace(self) -> Pace:
        """A console has no limits."""
        return Pace()

    @property
    def default_channel(self) -> str:
        """The only channel there is."""
        return _CHANNEL

    def post(self, card: Card, delivery: Delivery) -> Posted:
        """Show a card."""
        self._print(_panel(card))
        return _posted(delivery)

    def update(self, card: Card, posted: Posted) -> None:
        """Say in one line what became of a shown card."""
        alert = card.alert
        now = f"{alert.members} report{'' if alert.members == 1 else 's'} now"
        self._print(Text(f"alert {alert.id}: {now}, {_status(alert)}"))

    def summarize(self, summary: Summary, delivery: Delivery) -> Posted:
        """Show how many alerts there are beyond those shown, by severity and by rule."""
        self._print(_table(summary))
        return _posted(delivery)

    def enter(self, entry: Entry, card: Posted, delivery: Delivery) -> Posted:
        """Say in one line what happened."""
        self._print(Text(f"alert {entry.alert.id}: {happened(entry.event, entry.alert)}"))
        return _posted(delivery)

    def call(self, entry: Entry, card: Posted, delivery: Delivery) -> Posted:
        """Say in one line who is called, and where."""
        self._print(
            Text(
                f"alert {entry.alert.id} in {one_line(delivery.channel)}: "
                f"{happened(entry.event, entry.alert)}"
            )
        )
        return _posted(delivery)

    def find(
        self, delivery: Delivery, since: datetime, card: Posted | None = None
    ) -> Posted | None:
        """None: a console cannot be read back."""
        return None

    def _print(self, shown: RenderableType) -> None:
        width = min(self._console.width, _WIDEST)
        try:
            self._console.print(shown, width=width, markup=False, emoji=False, highlight=False)
        except (OSError, UnicodeError) as error:
            raise DeliveryUncertain(
                f"the console does not take the card: {type(error).__name__}"
            ) from error


def _posted(delivery: Delivery) -> Posted:
    return Posted(f"{_CHANNEL}-{delivery.id}", _CHANNEL)


def _panel(card: Card) -> Panel:
    colour = _COLOURS[card.alert.severity]
    lines: list[RenderableType] = [
        Text(wording.title_of(card.feedback), style="bold"),
        Text(wording.facts(card), style="dim"),
        Padding(_quoted(card), (0, 0, 0, 2)),
        Text(f"Why this fired: {one_line(card.alert.reason)}" if card.alert.reason else ""),
        Text(wording.insight(card.analysis), style="dim"),
        Text(_joined(_status(card.alert), *wording.waits(card, wording.PLAIN))),
        Text(_joined(wording.reports(card), f"Alert {card.alert.id}"), style="dim"),
        Text(f"! {wording.REPEAT}" if card.repeat else "", style="bold"),
        Text(safe_url(card.feedback.url), style="underline", overflow="fold"),
    ]
    title = Text(wording.headline(card.alert), style=colour)
    filled = [line for line in lines if not isinstance(line, Text) or line.plain]
    return Panel(Group(*filled), title=title, title_align="left", border_style=colour)


def _quoted(card: Card) -> Text:
    """The customer's words, those that made the rule fire highlighted."""
    text = wording.words_of(card.feedback, card.alert.words)
    if not text:
        return Text(wording.missing(card.feedback), style="italic")
    quoted = Text(f"“{_excerpt(text, card.alert.words)}”")
    for start, end in spans(quoted.plain, card.alert.words):
        quoted.stylize("bold reverse", start, end)
    return quoted


def _excerpt(text: str, words: Sequence[str]) -> str:
    """The beginning, or what is around the first of the words should that stand further on."""
    first = min((at for at, _ in spans(text, words)), default=0)
    start = text.rfind(" ", 0, first - _QUOTED // 4) + 1 if first > _QUOTED // 2 else 0
    shown = text[start : start + _QUOTED]
    end = f"{shown.rsplit(maxsplit=1)[0]} …" if start + _QUOTED < len(text) else shown
    return f"… {end}" if start else end


def _table(summary: Summary) -> Table:
    table = Table(title=Text(wording.more_alerts(summary)), title_justify="left", show_header=False)
    for severity, count in summary.by_severity:
        mark = f"{wording.SEVERITY_MARKS[severity]} {wording.SEVERITY_NAMES[severity]}"
        table.add_row(Text(mark, style=_COLOURS[severity]), f"{count:,}")
    table.add_section()
    for rule, count in summary.by_rule:
        table.add_row(Text(one_line(rule)), f"{count:,}")
    if summary.repeat:
        table.caption = Text(wording.REPEAT)
    return table


def _status(alert: Alert) -> str:
    until = wording.snoozed(alert.snooze, wording.PLAIN) if alert.snooze else ""
    return " ".join(
        part for part in (wording.status(alert, wording.person(alert.assignee)), until) if part
    )


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
