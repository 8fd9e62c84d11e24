"""A document of blocks: what a digest says, in one wording for Slack, pages, mail and terminal.

Every text in it is plain text; it may be a stranger's, and each renderer escapes it in its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.chart import Chart


class Emphasis(StrEnum):
    """How a piece of text stands out."""

    NONE = "none"
    STRONG = "strong"
    MUTED = "muted"
    COMMAND = "command"  #: something to copy and run


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in a line."""

    text: str
    emphasis: Emphasis = Emphasis.NONE
    url: str = ""  #: where it leads; http(s) or empty


TextLine = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of prose."""

    line: TextLine


@dataclass(frozen=True, slots=True)
class BulletList:
    """Lines of equal weight."""

    items: tuple[TextLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A figure that is read at a glance."""

    label: str  #: "NPS"
    value: str  #: "42"
    detail: str = ""  #: "31 to 52, 120 answers"
    change: str = ""  #: "up 9 (1 to 17)"


@dataclass(frozen=True, slots=True)
class FactList:
    """Figures side by side."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A customer's words."""

    text: str
    source: str
    at: datetime
    url: str = ""


@dataclass(frozen=True, slots=True)
class QuoteList:
    """Customers' words."""

    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of short texts; the first column names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()  #: indexes of the columns that are aligned to the right
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of figures, and the sentence that it shows."""

    chart: Chart
    sentence: str  #: alternative text, for those who do not see it


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that must not be overlooked: a part that failed, what was not seen."""

    line: TextLine


DocumentBlock = Paragraph | BulletList | FactList | QuoteList | Table | Figure | Caution


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSection:
    """A part of a document under a heading."""

    key: str  #: "themes": names it in addresses and machine-readable output
    title: str
    blocks: tuple[DocumentBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole message: a title, a first screen, then sections."""

    title: str
    lead: tuple[DocumentBlock, ...]  #: the first screen
    sections: tuple[DocumentSection, ...] = ()
