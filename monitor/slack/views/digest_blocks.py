"""The blocks of a document in Slack: prose, figures, tables, quotations and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from monitor.domain.document import (
    BulletList,
    Caution,
    DocumentBlock,
    Emphasis,
    Fact,
    FactList,
    Figure,
    Paragraph,
    Quote,
    QuoteList,
    Span,
    Table,
    TextLine,
)
from monitor.notifiers.plain_text import (
    one_line,
    sanitize_drawing,
    sanitize_text,
    split_graphemes,
    utf16_length,
)
from monitor.slack.blocks import (
    Block,
    context_blocks,
    plain_text,
    preformatted_block,
    section_blocks,
)
from monitor.slack.mrkdwn import (
    Mrkdwn,
    break_autolinks,
    code_span,
    cut,
    escape,
    escape_line,
    join_lines,
    join_parts,
    link,
    quote,
)

#: Characters of a section's text, below Slack's 3,000.
_SECTION = 2_900
_FIELDS = 10
_ALT_TEXT = 1_000  # files.getUploadURLExternal: alt_txt_too_large
_CELL = 32  # columns of a terminal
_CAPTION = 200
_BOUNDARY = "\u200b"  # lets our own marks start and end beside a letter
_WORD = re.compile(r"\w")
_MARKS = {Emphasis.STRONG: "*", Emphasis.MUTED: "_"}
_COMMAND = 500


@dataclass(frozen=True, slots=True)
class DigestRoom:
    """How much of everything there is room for."""

    text: int  #: characters of a line of prose or a quotation
    rows: int  #: of a table or a list
    chart_lines: int


@dataclass(slots=True)
class FigureSource:
    """What stands for each figure, taken in the order of reading."""

    file_ids: Mapping[int, str]  #: Slack's files, by figure
    texts: Sequence[str]  #: each figure in plain text
    number: int = 0  #: of the next figure
    _used: list[int] = field(default_factory=list)

    def take_next(self) -> tuple[str, str]:
        """Return the file and the text of the next figure; either may be empty."""
        number, self.number = self.number, self.number + 1
        text = self.texts[number] if number < len(self.texts) else ""
        return self.file_ids.get(number, ""), text


def draw_blocks(
    blocks: Iterable[DocumentBlock], figures: FigureSource, room: DigestRoom
) -> list[Block]:
    """Return the blocks of a document as Slack's."""
    return [drawn for block in blocks for drawn in _draw_block(block, figures, room)]


def _draw_block(block: DocumentBlock, figures: FigureSource, room: DigestRoom) -> list[Block]:
    match block:
        case Paragraph(line):
            return section_blocks(format_line(line, room.text))
        case Caution(line):
            return section_blocks(Mrkdwn(f"⚠️ {format_line(line, room.text)}"))
        case BulletList(items):
            return list(_chunk_lines(_bullet_lines(items, room)))
        case FactList(facts):
            return _fact_blocks(facts)
        case QuoteList(quotes):
            return [drawn for one in quotes[: room.rows] for drawn in _quote_blocks(one, room)]
        case Table():
            return _table_blocks(block, room)
        case Figure():
            return _figure_blocks(block, *figures.take_next(), room)


def plain_lines(
    blocks: Iterable[DocumentBlock], figures: FigureSource, room: DigestRoom
) -> Iterator[Mrkdwn]:
    """Yield a document's blocks as lines of simple text, without links and pictures."""
    for block in blocks:
        yield from _plain_block(block, figures, room)


def _plain_block(block: DocumentBlock, figures: FigureSource, room: DigestRoom) -> Iterator[Mrkdwn]:
    match block:
        case Paragraph(line):
            yield format_line(_unlinked(line), room.text)
        case Caution(line):
            yield Mrkdwn(f"⚠️ {format_line(_unlinked(line), room.text)}")
        case BulletList(items):
            yield from _bullet_lines([_unlinked(item) for item in items], room)
        case FactList(facts):
            yield from (join_lines(*_fact_lines(fact)) for fact in facts)
        case QuoteList(quotes):
            for one in quotes[: room.rows]:
                yield quote(cut(sanitize_text(one.text), room.text))
        case Table():
            yield from (escape_line(line) for line in format_table(block, room.rows))
        case Figure(sentence=sentence):
            figures.take_next()
            yield escape_line(sentence, room.text)


def format_line(line: TextLine, limit: int) -> Mrkdwn:
    """Return a line of prose; what does not fit is cut after a word, and "…" stands for it."""
    shown: list[str] = []
    left = limit
    for span in line:
        if left <= 0:
            break
        text = cut(one_line(span.text), left)
        left -= utf16_length(text)
        before = " " if span.text[:1].isspace() and shown else ""
        after = " " if span.text[-1:].isspace() else ""
        shown.append(f"{before}{_format_span(span, text)}{after}" if text else before or after)
    return Mrkdwn(_join_marked(shown).strip())


def _format_span(span: Span, text: str) -> str:
    if span.emphasis is Emphasis.COMMAND:
        return code_span(text, _COMMAND)
    escaped = escape_line(text)
    if span.url:
        escaped = link(span.url, escaped)
    mark = _MARKS.get(span.emphasis, "")
    return f"{mark}{escaped}{mark}" if escaped else ""


def _join_marked(pieces: Sequence[str]) -> str:
    """Join pieces so that the marks around one also work beside a letter of another."""
    joined = ""
    for piece in pieces:
        beside = joined[-1:] and not joined[-1].isspace() and piece and not piece[0].isspace()
        marked = piece[:1] in "*_`" or joined[-1:] in "*_`"
        joined += f"{_BOUNDARY}{piece}" if beside and marked else piece
    return joined


def _unlinked(line: TextLine) -> TextLine:
    return tuple(Span(span.text, span.emphasis) for span in line)


def _bullet_lines(items: Sequence[TextLine], room: DigestRoom) -> list[Mrkdwn]:
    shown = [format_line(item, room.text) for item in items[: room.rows]]
    bullets = [Mrkdwn(f"• {line}") for line in shown if line]
    return [*bullets, *_rest_line(len(items) - room.rows)]


def _rest_line(count: int) -> list[Mrkdwn]:
    return [Mrkdwn(f"… and {count:,} more")] if count > 0 else []


def _chunk_lines(lines: Iterable[Mrkdwn]) -> Iterator[Block]:
    """Yield sections of so many lines as each has room for."""
    chunk: list[Mrkdwn] = []
    for line in lines:
        if chunk and sum(map(utf16_length, chunk)) + utf16_length(line) + len(chunk) > _SECTION:
            yield from section_blocks(*chunk)
            chunk = []
        chunk.append(line)
    yield from section_blocks(*chunk)


def _fact_lines(fact: Fact) -> tuple[Mrkdwn, ...]:
    value = escape_line(fact.value, 80)
    change = escape_line(fact.change, 120)
    detail = escape_line(fact.detail, 160)
    figure = join_parts(f"*{value}*" if value else "", change, separator="  ")
    return (escape_line(fact.label, 80), figure, Mrkdwn(f"_{detail}_" if detail else ""))


def _fact_blocks(facts: Sequence[Fact]) -> list[Block]:
    """Figures side by side, ten in a block."""
    blocks = []
    for start in range(0, len(facts), _FIELDS):
        texts = [join_lines(*_fact_lines(fact)) for fact in facts[start : start + _FIELDS]]
        fields = [{"type": "mrkdwn", "text": text, "verbatim": True} for text in texts if text]
        if fields:
            blocks.append({"type": "section", "fields": fields})
    return blocks


def _quote_blocks(one: Quote, room: DigestRoom) -> list[Block]:
    said = quote(cut(sanitize_text(one.text), room.text))
    source = escape_line(one.source, 80)
    place = join_parts(link(one.url, source) if one.url else source, f"{one.at:%Y-%m-%d}")
    return [*section_blocks(said), *context_blocks(place)]


def _table_blocks(table: Table, room: DigestRoom) -> list[Block]:
    caption = escape_line(table.caption, _CAPTION)
    return [
        *section_blocks(Mrkdwn(f"*{caption}*" if caption else "")),
        preformatted_block("\n".join(format_table(table, room.rows)) or "–"),
    ]


def format_table(table: Table, most_rows: int) -> list[str]:
    """Return the lines of a table, its columns aligned as a terminal would."""
    shown = [table.columns, *table.rows[:most_rows]]
    cells = [[_fit_cell(cell) for cell in row] for row in shown]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    lines = [_align_row(row, widths, table.numeric) for row in cells]
    lines.insert(1, "-" * min(sum(widths) + 2 * (len(widths) - 1), 72))
    hidden = len(table.rows) - most_rows
    return [*lines, f"… and {hidden:,} more"] if hidden > 0 else lines


def _fit_cell(text: str) -> str:
    """Return a cell on one line, cut by what readers see as characters."""
    line = one_line(text)
    if cell_len(line) <= _CELL:
        return line
    kept, width = [], 1
    for grapheme in split_graphemes(line):
        width += cell_len(grapheme)
        if width > _CELL:
            break
        kept.append(grapheme)
    return f"{''.join(kept).rstrip()}…"


def _align_row(row: Sequence[str], widths: Sequence[int], numeric: Sequence[int]) -> str:
    cells = []
    for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
        padding = " " * (width - cell_len(cell))
        cells.append(f"{padding}{cell}" if index in numeric else f"{cell}{padding}")
    return "  ".join(cells).rstrip()


def _figure_blocks(figure: Figure, file_id: str, text: str, room: DigestRoom) -> list[Block]:
    """A picture, or the text that stands for it, with the sentence that it shows."""
    sentence = cut(one_line(figure.sentence), _ALT_TEXT)
    title = one_line(figure.chart.title)
    if file_id:
        picture: Block = {
            "type": "image",
            "slack_file": {"id": file_id},
            "alt_text": sentence or title or "a chart",
        }
        return [{**picture, "title": plain_text(title, _CAPTION)} if title else picture]
    lines = [line.rstrip() for line in sanitize_drawing(text).split("\n")][: room.chart_lines]
    drawn = [preformatted_block("\n".join(lines))] if any(lines) else []
    said = break_autolinks(escape(cut(one_line(figure.sentence), room.text)))
    return [*drawn, *context_blocks(said)] if drawn else section_blocks(said)
