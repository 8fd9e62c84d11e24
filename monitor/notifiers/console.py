"""The notifier that prints cards in a terminal, for trying things out and for the demo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from monitor.domain.alert import Alert, Severity
from monitor.domain.delivery import Card, Delivery, OverflowSummary, ThreadEntry
from monitor.domain.digest_post import DigestFile, DigestPost
from monitor.domain.notice import Notice
from monitor.domain.unread import UnreadSummary
from monitor.errors import DeliveryUncertain
from monitor.notifiers import unread_text, wording
from monitor.notifiers.base import PostedMessage, RateLimits
from monitor.notifiers.event_text import describe_event
from monitor.notifiers.notice_text import format_notice
from monitor.notifiers.plain_text import find_spans, one_line, safe_url, sanitize_drawing

_COLOURS: Mapping[Severity, str] = {
    Severity.URGENT: "bold red",
    Severity.HIGH: "red",
    Severity.NORMAL: "yellow",
    Severity.INFO: "blue",
    Severity.PRAISE: "green",
}
_CHANNEL = "console"
_EXCERPT_LENGTH, _MAX_WIDTH = 1_000, 100
_FIRST_WORDS = 200


class ConsoleNotifier:
    """Prints cards on a console; no text in them acts as markup or as a terminal command."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()

    @property
    def rate_limits(self) -> RateLimits:
        """No limits: a console takes everything at once."""
        return RateLimits()

    @property
    def default_channel(self) -> str:
        """The only channel there is."""
        return _CHANNEL

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        """Print a card."""
        self._print(_card_panel(card))
        return _make_posted(delivery)

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        """Print in one line where the alert of a card stands now."""
        alert = card.alert
        reports = f"{alert.members} report{'' if alert.members == 1 else 's'} now"
        self._print(Text(f"alert {alert.id}: {reports}, {_status_line(alert)}"))

    def post_summary(self, summary: OverflowSummary, delivery: Delivery) -> PostedMessage:
        """Print how many alerts there are beyond those shown, by severity and by rule."""
        self._print(_summary_table(summary))
        return _make_posted(delivery)

    def post_unread(self, summary: UnreadSummary, delivery: Delivery) -> PostedMessage:
        """Print what nobody read of a source in a day."""
        self._print(_unread_panel(summary))
        return _make_posted(delivery)

    def post_thread_entry(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        """Print in one line what happened."""
        event = describe_event(entry.event, entry.alert)
        self._print(Text(f"alert {entry.alert.id}: {event}"))
        return _make_posted(delivery)

    def post_escalation(
        self, entry: ThreadEntry, card: PostedMessage | None, delivery: Delivery
    ) -> PostedMessage:
        """Print in one line who is called, and in which channel."""
        event = describe_event(entry.event, entry.alert)
        self._print(Text(f"alert {entry.alert.id} in {one_line(delivery.channel)}: {event}"))
        return _make_posted(delivery)

    def post_notice(
        self, notice: Notice, alerts: Sequence[Alert], delivery: Delivery
    ) -> PostedMessage:
        """Print a notice, with a line for each alert that it lists."""
        lines = format_notice(notice, alerts, wording.PLAIN_FORMAT)
        self._print(Text("\n".join(lines)))
        return _make_posted(delivery)

    @property
    def digests(self) -> Self:
        """What shows digests."""
        return self

    def post_digest(
        self, post: DigestPost, pictures: Mapping[int, str], delivery: Delivery
    ) -> PostedMessage:
        """Print a digest as text, the whole of it."""
        self._print(Text(sanitize_drawing(post.text)))
        return _make_posted(delivery)

    def post_digest_part(
        self,
        post: DigestPost,
        pictures: Mapping[int, str],
        root: PostedMessage,
        delivery: Delivery,
    ) -> PostedMessage:
        """Print nothing: the text has every section."""
        return _make_posted(delivery)

    def upload_digest_file(
        self,
        file: DigestFile,
        root: PostedMessage | None,
        delivery: Delivery,
        remember: Callable[[str], None],
    ) -> PostedMessage:
        """Print nothing: the text has every figure."""
        return _make_posted(delivery)

    def find_digest_file(
        self, file: DigestFile, root: PostedMessage | None
    ) -> PostedMessage | None:
        """Return None: what was printed cannot be read back."""
        return None

    def find_posted(
        self, delivery: Delivery, tried_ago: timedelta, card: PostedMessage | None = None
    ) -> PostedMessage | None:
        """Return None: what was printed cannot be read back."""
        return None

    def _print(self, renderable: RenderableType) -> None:
        """Print something; raises DeliveryUncertain where the console does not take it."""
        width = min(self._console.width, _MAX_WIDTH)
        try:
            self._console.print(renderable, width=width, markup=False, emoji=False, highlight=False)
        except (OSError, UnicodeError) as error:
            raise DeliveryUncertain(
                f"the console does not take the card: {type(error).__name__}"
            ) from error


def _make_posted(delivery: Delivery) -> PostedMessage:
    return PostedMessage(f"{_CHANNEL}-{delivery.id}", _CHANNEL)


def _card_panel(card: Card) -> Panel:
    alert, colour = card.alert, _COLOURS[card.alert.severity]
    reason = f"Why this fired: {one_line(alert.reason)}" if alert.reason else ""
    limits = wording.format_limits(card, wording.PLAIN_FORMAT)
    lines: list[RenderableType] = [
        Text(wording.distinct_title(card.feedback), style="bold"),
        Text(wording.format_facts(card), style="dim"),
        Padding(_quoted_text(card), (0, 0, 0, 2)),
        Text(reason),
        Text(wording.format_other_rules(card, starts_line=True)),
        Text(wording.format_advice(alert), style="bold"),
        Text(wording.format_insight(card.analysis), style="dim"),
        Text(wording.format_history(card), style="dim"),
        Text(wording.join_facts(_status_line(alert), *limits)),
        Text(wording.join_facts(wording.format_reports(card), f"Alert {alert.id}"), style="dim"),
        Text(wording.format_place_note(card), style="bold"),
        Text(f"! {wording.REPEAT_WARNING}" if card.repeat else "", style="bold"),
        Text(safe_url(card.feedback.url), style="underline", overflow="fold"),
    ]
    filled = [line for line in lines if not isinstance(line, Text) or line.plain]
    title = Text(wording.format_headline(alert), style=colour)
    return Panel(Group(*filled), title=title, title_align="left", border_style=colour)


def _quoted_text(card: Card) -> Text:
    """Return the customer's words, with those highlighted that made the rule fire."""
    text = wording.quoted_words(card.feedback, card.alert.words)
    if not text:
        return Text(wording.missing_words_note(card.feedback), style="italic")
    quoted = Text(f"“{_excerpt_around(text, card.alert.words)}”")
    for start, end in find_spans(quoted.plain, card.alert.words):
        quoted.stylize("bold reverse", start, end)
    return quoted


def _excerpt_around(text: str, words: Sequence[str]) -> str:
    """Return the beginning of a text, or what surrounds the first of the words if it is late."""
    first = min((begin for begin, _ in find_spans(text, words)), default=0)
    start = 0
    if first > _EXCERPT_LENGTH // 2:
        start = text.rfind(" ", 0, first - _EXCERPT_LENGTH // 4) + 1
    end = start + _EXCERPT_LENGTH
    excerpt = text[start:end]
    if end < len(text):
        excerpt = f"{excerpt.rsplit(maxsplit=1)[0]} …"
    return f"… {excerpt}" if start else excerpt


def _summary_table(summary: OverflowSummary) -> Table:
    table = Table(
        title=Text(wording.summary_headline(summary)), title_justify="left", show_header=False
    )
    for severity, count in summary.by_severity:
        mark = wording.severity_label(severity)
        table.add_row(Text(mark, style=_COLOURS[severity]), f"{count:,}")
    table.add_section()
    for rule, count in summary.by_rule:
        table.add_row(Text(one_line(rule)), f"{count:,}")
    if summary.repeat:
        table.caption = Text(wording.REPEAT_WARNING)
    return table


def _unread_panel(summary: UnreadSummary) -> Panel:
    lines = [
        Text(unread_text.format_unread_languages(summary.by_reason)),
        Text(unread_text.UNREAD_NOTE, style="dim"),
        Text(f"! {wording.REPEAT_WARNING}" if summary.repeat else "", style="bold"),
    ]
    for text in summary.worst:
        said = one_line(wording.quoted_words(text.feedback, ()))[:_FIRST_WORDS]
        lines.append(Text(f"“{said}”", style="bold"))
        lines.append(Text(safe_url(text.feedback.url), style="underline", overflow="fold"))
    title = Text(unread_text.unread_headline(summary))
    return Panel(Group(*(line for line in lines if line.plain)), title=title, title_align="left")


def _status_line(alert: Alert) -> str:
    """Return where the alert stands, who has it and until when it is snoozed."""
    status = wording.format_status(alert, wording.person_name(alert.assignee))
    until = wording.format_snooze(alert.snooze, wording.PLAIN_FORMAT) if alert.snooze else ""
    return " ".join(part for part in (status, until) if part)
