"""A document as plain text: for terminals, the text part of e-mails, and whoever reads aloud."""

from __future__ import annotations

import io

from rich.console import Console
from rich.table import Table as TextTable
from rich.text import Text

from monitor.digest.charts_text import render_chart_text
from monitor.digest.number_format import ENGLISH, NumberFormat
from monitor.domain.document import (
    BulletList,
    Caution,
    Document,
    DocumentBlock,
    FactList,
    Figure,
    Paragraph,
    QuoteList,
    Table,
    TextLine,
)

#: Columns of a terminal that has no width of its own, and of an e-mail.
DEFAULT_WIDTH = 80


def render_text(
    document: Document, width: int = DEFAULT_WIDTH, numbers: NumberFormat = ENGLISH
) -> str:
    """Return the document as lines of at most `width` columns, without colours.

    The same document gives the same text.
    """
    page = io.StringIO()
    console = Console(file=page, width=width, color_system=None, highlight=False, emoji=False)
    _print_heading(console, document.title, "═")
    _print_blocks(console, document.lead, numbers)
    for section in document.sections:
        console.print()
        _print_heading(console, section.title, "─")
        _print_blocks(console, section.blocks, numbers)
    # What must not be parted was not: from here on it is a space like any other.
    plain = page.getvalue().replace("\u00a0", " ")
    return "\n".join(line.rstrip() for line in plain.splitlines()) + "\n"


def _print_heading(console: Console, title: str, rule: str) -> None:
    heading = Text(title)
    console.print(heading)
    console.print(Text(rule * min(console.width, heading.cell_len)))


def _print_blocks(
    console: Console, blocks: tuple[DocumentBlock, ...], numbers: NumberFormat
) -> None:
    for number, block in enumerate(blocks):
        if number and not _follows_closely(block, blocks[number - 1]):
            console.print()
        _print_block(console, block, numbers)


def _follows_closely(block: DocumentBlock, before: DocumentBlock) -> bool:
    """Return whether no empty line is needed between two blocks."""
    return isinstance(block, BulletList | QuoteList) and isinstance(before, Paragraph)


def _print_block(console: Console, block: DocumentBlock, numbers: NumberFormat) -> None:
    match block:
        case Paragraph(line):
            console.print(_join_line(line))
        case Caution(line):
            console.print(Text("! ") + _join_line(line))
        case BulletList(items):
            for item in items:
                _print_item(console, _join_line(item))
        case FactList():
            _print_facts(console, block)
        case QuoteList(quotes):
            for quote in quotes:
                words = Text(
                    f"“{quote.text}” ({quote.source}, {numbers.write_date(quote.at.date())})"
                )
                _print_item(console, words)
                if quote.url:
                    _print_item(console, Text(quote.url), mark="  ")
        case Table():
            _print_table(console, block)
        case Figure(chart, sentence):
            console.print(Text(render_chart_text(chart, console.width, numbers)))
            console.print(Text(sentence))


def _join_line(line: TextLine) -> Text:
    """Return a line without its emphasis; an address stands behind the words that lead there."""
    parts = []
    for span in line:
        parts.append(span.text)
        if span.url:
            parts.append(f" ({span.url})")
    return Text("".join(parts))


def _print_item(console: Console, words: Text, mark: str = "- ") -> None:
    """Print a line behind a mark, with the lines that it is wrapped into under its words."""
    grid = TextTable.grid(padding=0)
    grid.add_column(width=len(mark))
    grid.add_column()
    grid.add_row(Text(mark), words)
    console.print(grid)


def _print_facts(console: Console, facts: FactList) -> None:
    grid = TextTable.grid(padding=(0, 2))
    for fact in facts.facts:
        rest = "; ".join(part for part in (fact.change, fact.detail) if part)
        grid.add_row(Text(fact.label), Text(fact.value), Text(rest))
    console.print(grid)


def _print_table(console: Console, table: Table) -> None:
    shown = TextTable(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, column in enumerate(table.columns):
        justify = "right" if number in table.numeric else "left"
        shown.add_column(Text(column), justify=justify)  # type: ignore[arg-type]  # it is one
    for row in table.rows:
        shown.add_row(*map(Text, row))
    if table.caption:
        console.print(Text(table.caption))
    console.print(shown)
