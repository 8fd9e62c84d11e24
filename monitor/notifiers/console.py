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
from monitor.domain.delivery import Card, Delivery, OverflowSummary, ThreadEntry
from monitor.errors import DeliveryUncertain
from monitor.notifiers import wording
from monitor.notifiers.base import PostedMessage, RateLimits
from monitor.notifiers.event_text import describe_event
from monitor.notifiers.plain_text import find_spans, one_line, safe_url

_COLOURS: Mapping[Severity, str] = {
    Severity.URGENT: "bold red",
    Severity.HIGH: "red",
    Severity.NORMAL: "yellow",
    Severity.INFO: "blue",
    Severity.PRAISE: "green",
}
_CHANNEL = "console"
_EXCERPT_LENGTH, _MAX_WIDTH = 1_000, 100


class ConsoleNotifier:
    """Shows cards on a console; nothing in them is taken for markup or for commands to the
    terminal.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()

    @property
    def rate_limits(self) -> RateLimits:
        """A console has no limits."""
        return RateLimits()

    @property
    def default_channel(self) -> str:
        """The only channel there is."""
        return _CHANNEL

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        """Show a card."""
        self._print_renderable(_card_panel(card))
        return _make_posted(delivery)

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        """Say in one line what became of a shown card."""
        alert = card.alert
        now = f"{alert.members} report{'' if alert.members == 1 else 's'} now"
        self._print_renderable(Text(f"alert {alert.id}: {now}, {_status_line(alert)}"))

    def post_summary(self, summary: OverflowSummary, delivery: Delivery) -> PostedMessage:
        """Show how many alerts there are beyond those shown, by severity and by rule."""
        self._print_renderable(_summary_table(summary))
        return _make_posted(delivery)

    def post_thread_entry(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        """Say in one line what happened."""
        self._print_renderable(
            Text(f"alert {entry.alert.id}: {describe_event(entry.event, entry.alert)}")
        )
        return _make_posted(delivery)

    def post_escalation(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        """Say in one line who is called, and where."""
        self._print_renderable(
            Text(
                f"alert {entry.alert.id} in {one_line(delivery.channel)}: "
                f"{describe_event(entry.event, entry.alert)}"
            )
        )
        return _make_posted(delivery)

    def find_posted(
        self, delivery: Delivery, since: datetime, card: PostedMessage | None = None
    ) -> PostedMessage | None:
        """None: a console cannot be read back."""
        return None

    def _print_renderable(self, shown: RenderableType) -> None:
        width = min(self._console.width, _MAX_WIDTH)
        try:
            self._console.print(shown, width=width, markup=False, emoji=False, highlight=False)
        except (OSError, UnicodeError) as error:
            raise DeliveryUncertain(
                f"the console does not take the card: {type(error).__name__}"
            ) from error


def _make_posted(delivery: Delivery) -> PostedMessage:
    return PostedMessage(f"{_CHANNEL}-{delivery.id}", _CHANNEL)


def _card_panel(card: Card) -> Panel:
    colour = _COLOURS[card.alert.severity]
    lines: list[RenderableType] = [
        Text(wording.distinct_title(card.feedback), style="bold"),
        Text(wording.format_facts(card), style="dim"),
        Padding(_quoted_text(card), (0, 0, 0, 2)),
        Text(f"Why this fired: {one_line(card.alert.reason)}" if card.alert.reason else ""),
        Text(wording.format_insight(card.analysis), style="dim"),
        Text(
            _join_parts(
                _status_line(card.alert), *wording.format_limits(card, wording.PLAIN_FORMAT)
            )
        ),
        Text(_join_parts(wording.format_reports(card), f"Alert {card.alert.id}"), style="dim"),
        Text(f"! {wording.REPEAT_WARNING}" if card.repeat else "", style="bold"),
        Text(safe_url(card.feedback.url), style="underline", overflow="fold"),
    ]
    title = Text(wording.format_headline(card.alert), style=colour)
    filled = [line for line in lines if not isinstance(line, Text) or line.plain]
    return Panel(Group(*filled), title=title, title_align="left", border_style=colour)


def _quoted_text(card: Card) -> Text:
    """The customer's words, those that made the rule fire highlighted."""
    text = wording.quoted_words(card.feedback, card.alert.words)
    if not text:
        return Text(wording.missing_words_note(card.feedback), style="italic")
    quoted = Text(f"“{_excerpt_around(text, card.alert.words)}”")
    for start, end in find_spans(quoted.plain, card.alert.words):
        quoted.stylize("bold reverse", start, end)
    return quoted


def _excerpt_around(text: str, words: Sequence[str]) -> str:
    """The beginning, or what is around the first of the words should that stand further on."""
    first = min((at for at, _ in find_spans(text, words)), default=0)
    start = (
        text.rfind(" ", 0, first - _EXCERPT_LENGTH // 4) + 1 if first > _EXCERPT_LENGTH // 2 else 0
    )
    shown = text[start : start + _EXCERPT_LENGTH]
    end = f"{shown.rsplit(maxsplit=1)[0]} …" if start + _EXCERPT_LENGTH < len(text) else shown
    return f"… {end}" if start else end


def _summary_table(summary: OverflowSummary) -> Table:
    table = Table(
        title=Text(wording.summary_headline(summary)), title_justify="left", show_header=False
    )
    for severity, count in summary.by_severity:
        mark = f"{wording.SEVERITY_MARKS[severity]} {wording.SEVERITY_NAMES[severity]}"
        table.add_row(Text(mark, style=_COLOURS[severity]), f"{count:,}")
    table.add_section()
    for rule, count in summary.by_rule:
        table.add_row(Text(one_line(rule)), f"{count:,}")
    if summary.repeat:
        table.caption = Text(wording.REPEAT_WARNING)
    return table


def _status_line(alert: Alert) -> str:
    until = wording.format_snooze(alert.snooze, wording.PLAIN_FORMAT) if alert.snooze else ""
    return " ".join(
        part
        for part in (wording.format_status(alert, wording.person_name(alert.assignee)), until)
        if part
    )


def _join_parts(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
