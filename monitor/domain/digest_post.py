"""A digest that is ready to be shown: what it says, its pictures and its files, frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.domain.document import Document, DocumentBlock, Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure of a digest, drawn."""

    figure: int  #: which figure of the document it shows, counted from 0 in the order of reading
    name: str  #: "volume.png"
    alt_text: str  #: the sentence that it shows
    content: bytes = field(repr=False)  #: PNG


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a digest."""

    name: str  #: "digest-2026-W47.html"
    media_type: str  #: "text/html"
    title: str  #: what people read in the place of its name
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPost:
    """A digest for one audience, as it is shown, whenever and however often that is tried."""

    digest_id: str  #: of its snapshot: "2026-W47", or "2026-W47/berlin" for a segment
    audience: str  #: "leadership"
    document: Document
    text: str  #: the whole in plain text, for terminals and mail
    html: str = field(default="", repr=False)  #: the whole as one page, for mail
    #: each figure of the document in plain text, in the order of reading
    chart_texts: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    order_id: str = ""  #: of a preview: what "Send now" sends
    quoted: tuple[int, ...] = ()  #: ids of the feedback whose words are in it


class DigestFileRole(StrEnum):
    """What a file of a digest is for."""

    PICTURE = "picture"  #: shown inside a message
    ATTACHMENT = "attachment"  #: shared in the thread


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFile:
    """A file of a queued digest, and the name that the service has given it."""

    role: DigestFileRole
    name: str
    media_type: str
    title: str
    alt_text: str
    content: bytes = field(repr=False)
    remote_id: str = ""  #: empty until it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSnapshot:
    """The numbers of a digest as they were sent; they never change afterwards."""

    period: str  #: its name, "2026-W47"
    scope: str  #: empty for all feedback, else a segment
    slot: str  #: which of several snapshots of the same period: when it was due
    made_at: datetime
    body: str = field(repr=False)  #: JSON

    @property
    def id(self) -> str:
        """What people call it by: the period, and the scope where it has one."""
        return "/".join(part for part in (self.period, self.scope) if part)


@dataclass(frozen=True, slots=True)
class MadeDigest:
    """A digest that was made: what is shown of it, and its numbers."""

    post: DigestPost
    snapshot: DigestSnapshot | None = None  #: None where an earlier one has its numbers


def list_blocks(document: Document) -> Iterator[DocumentBlock]:
    """Yield every block of a document in the order of reading."""
    yield from document.lead
    for section in document.sections:
        yield from section.blocks


def list_figures(document: Document) -> tuple[Figure, ...]:
    """Return the figures of a document in the order of reading."""
    return tuple(block for block in list_blocks(document) if isinstance(block, Figure))
